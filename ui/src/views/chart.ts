// A chart over a DOM node: new ChartView(el, {spec, …}), set(spec) when the data or the language changed, close() at the end.
// The picture is for eyes; the same figures stand in a table that everybody can switch to and that screen readers get,
// and go out as CSV. ECharts weighs more than the rest of a page: it is loaded when a quarter of the first chart is in sight, and
// what is printed before that is the table. Colours come from the tokens and follow light, dark and high contrast; text follows the font
// size of the node.
import { barsAlone, chartCsv, chartRows, chartSummary, type ChartSpec } from './chart_table'
import { t } from '../words/chart'
import type { EChartsType } from './chart_engine'
import '../styles/chart.css'

export type { ChartSeries, ChartSpec } from './chart_table'
export interface ChartOptions {
	spec: ChartSpec
	/** A click on a bar or point; the table has it as a link when `href` says where it leads. */
	href?: (label: number, series: number) => string | null
	/** Without the bar of buttons: on the big screen. */
	bare?: boolean
}
type Engine = typeof import('./chart_engine')
/** Ends in a task of its own, after the one before: the first picture of a chart takes long, and several come into sight at once. */
let line = Promise.resolve()
const turn = () => (line = line.then(() => new Promise<void>((resolve) => setTimeout(resolve))))
const still = matchMedia('(prefers-reduced-motion: reduce)') // asked once: a big screen draws for weeks

export class ChartView {
	private spec: ChartSpec
	private picture: HTMLElement
	private table: HTMLElement
	private tools: HTMLElement | null = null
	private chart: EChartsType | null = null
	private loaded: Engine | null = null
	private bars = true // what is loaded draws bars alone
	private sizes: ResizeObserver
	private sight: IntersectionObserver
	private themes: MutationObserver
	private closed = false
	private width = 0
	private height = 0

	constructor(private root: HTMLElement, private options: ChartOptions) {
		this.spec = options.spec
		root.classList.add('chart')
		this.picture = make('div', 'chart-picture', root)
		this.picture.setAttribute('role', 'img')
		this.table = make('div', 'chart-table', root)
		this.table.setAttribute('role', 'group')
		if (!options.bare) {
			this.tools = make('div', 'chart-tools no-print', root)
			this.button(() => this.showTable(!this.root.classList.contains('as-table')))
			this.button(() => this.save())
		}
		this.sizes = new ResizeObserver(() => {
			const { clientWidth, clientHeight } = this.picture
			if (!clientWidth || (clientWidth === this.width && clientHeight === this.height))
				return // hidden, or shown again as it was
			this.chart?.resize()
			this.draw() // the legend may take another number of lines
		})
		this.sizes.observe(this.picture)
		this.themes = new MutationObserver(() => this.draw())
		this.themes.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] })
		this.sight = new IntersectionObserver((entries) => {
			if (!entries.some((e) => e.isIntersecting))
				return
			this.sight.disconnect()
			void this.load()
		}, { threshold: 0.25 })
		this.sight.observe(this.picture)
		this.set(this.spec)
	}

	set(spec: ChartSpec): void {
		this.spec = spec
		this.picture.setAttribute('aria-label', chartSummary(spec, t('to')))
		this.table.setAttribute('aria-label', spec.title)
		this.fillTable()
		this.nameTools()
		this.draw()
	}

	close(): void {
		this.closed = true
		this.sizes.disconnect()
		this.sight.disconnect()
		this.themes.disconnect()
		this.chart?.dispose()
		this.chart = null
		this.root.replaceChildren()
		this.root.classList.remove('chart', 'as-table', 'drawn')
	}

	private async load(): Promise<void> {
		const bars = barsAlone(this.spec)
		const loaded: Engine = await (bars ? import('./chart_engine') : import('./chart_lines'))
		await turn()
		if (this.closed || loaded === this.loaded)
			return
		this.chart?.dispose() // it knows only what was loaded when it was opened
		this.chart = null
		this.bars = bars
		this.loaded = loaded
		this.draw()
	}

	private draw(): void {
		if (!this.loaded || this.root.classList.contains('as-table'))
			return
		if (this.bars && !barsAlone(this.spec))
			return void this.load()
		if (!this.chart) {
			this.chart = this.loaded.open(this.picture)
			this.root.classList.add('drawn')
			this.chart.on('click', (at: any) => {
				const to = this.options.href?.(at.dataIndex, at.seriesIndex)
				if (to)
					location.hash = to
			})
		}
		const style = getComputedStyle(this.root)
		const token = (name: string) => style.getPropertyValue('--' + name).trim()
		this.width = this.picture.clientWidth
		this.height = this.picture.clientHeight
		this.chart.setOption(this.loaded.option(this.spec, token, { size: parseFloat(style.fontSize), width: this.width, still: still.matches, pickable: !!this.options.href }), { notMerge: true })
	}

	private fillTable(): void {
		const [head, ...rows] = chartRows(this.spec)
		const table = document.createElement('table')
		table.className = 'plain'
		const caption = make('caption', 'hidden-word', table)
		caption.textContent = this.spec.title
		const top = make('tr', '', make('thead', '', table))
		head.forEach((text, i) => cell('th', text, i, top).setAttribute('scope', 'col'))
		const body = make('tbody', '', table)
		rows.forEach((row, at) => {
			const line = make('tr', '', body)
			row.forEach((text, i) => {
				// links only when the table is in sight: nobody tabs through what he cannot see
				const to = i && this.root.classList.contains('as-table') ? this.options.href?.(at, i - 1) : null
				const node = cell(i ? 'td' : 'th', to ? '' : text, i, line)
				if (!i)
					node.setAttribute('scope', 'row')
				if (to) {
					const a = document.createElement('a')
					a.href = to
					a.textContent = text
					node.append(a)
				}
			})
		})
		this.table.replaceChildren(table)
	}

	private showTable(on: boolean): void {
		this.root.classList.toggle('as-table', on)
		this.table.tabIndex = on ? 0 : -1
		this.fillTable()
		this.nameTools()
		if (!on) {
			this.draw()
			this.chart?.resize()
		}
	}

	private button(press: () => void): void {
		const b = document.createElement('button')
		b.type = 'button'
		b.className = 'button quiet small'
		b.addEventListener('click', press)
		this.tools!.append(b)
	}

	private nameTools(): void {
		const on = this.root.classList.contains('as-table')
		const names = [on ? t('picture') : t('table'), t('csv')]
		;[...(this.tools?.children ?? [])].forEach((b, i) => (b.textContent = names[i]))
	}

	private save(): void {
		const a = document.createElement('a')
		a.href = URL.createObjectURL(new Blob([chartCsv(this.spec)], { type: 'text/csv;charset=utf-8' }))
		a.download = this.spec.title.replace(/[\\/:*?"<>|\s]+/g, '_') + '.csv'
		a.click()
		setTimeout(() => URL.revokeObjectURL(a.href), 1000)
	}
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, parent: HTMLElement): HTMLElementTagNameMap[K] {
	const node = document.createElement(tag)
	if (name)
		node.className = name
	parent.append(node)
	return node
}
function cell(tag: 'th' | 'td', text: string, i: number, parent: HTMLElement): HTMLElement {
	const node = make(tag, i ? 'num' : '', parent)
	node.textContent = text
	return node
}
