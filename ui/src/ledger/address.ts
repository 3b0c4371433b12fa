// The whole of a ledger's view as it stands in the address: the board query, and how it is looked at. Pure.
import { paramsText, parseQuery, queryText, type Query } from '../base/query'

export type Shape = 'table' | 'board' | 'chart' | 'map'
const SHAPES: readonly string[] = ['table', 'board', 'chart', 'map']

export interface View extends Query {
	shape: Shape
	/** What the board's columns or the chart's bars are made of. */
	by: string
	/** What the chart adds up; empty: how many. */
	measure: string
	/** Columns that stay when the others scroll; empty: the title. */
	pinned: string[]
	widths: Record<string, number>
	/** The record in the side pane. */
	peek: string
}

export function parseView(params: URLSearchParams): View {
	const shape = params.get('shape') ?? ''
	const widths = (params.get('widths') ?? '').split(',').map((w) => /^(\w+):(\d{2,4})$/.exec(w)).filter((m): m is RegExpExecArray => m !== null)
	return {
		...parseQuery(params),
		shape: SHAPES.includes(shape) ? (shape as Shape) : 'table',
		by: params.get('by') ?? '',
		measure: params.get('measure') ?? '',
		pinned: (params.get('pinned') ?? '').split(',').filter(Boolean),
		widths: Object.fromEntries(widths.map((m) => [m[1], Number(m[2])])),
		peek: params.get('peek') ?? '',
	}
}

export function viewText(view: View): string {
	const own = paramsText({
		shape: view.shape === 'table' ? '' : view.shape, by: view.by, measure: view.measure, pinned: view.pinned.join(','),
		widths: Object.entries(view.widths).map(([k, w]) => `${k}:${w}`).join(','), peek: view.peek,
	})
	return [queryText(view), own].filter(Boolean).join('&')
}

/** What is kept when a view is saved: everything but the record that happens to be open. */
export const keptText = (view: View) => viewText({ ...view, peek: '' })

/** Pinned columns come first, each kind in the order of the columns. */
export function inOrder(columns: string[], pinned: string[]): string[] {
	return [...columns.filter((c) => pinned.includes(c)), ...columns.filter((c) => !pinned.includes(c))]
}
