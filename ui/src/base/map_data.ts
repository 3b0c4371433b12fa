// What a map is drawn from: the office's own layers, and where the projects of a query are.
import { call, get, record, type Page, type RecordBody } from './api'
import { definition } from './definitions'
import { filterText, paramsText } from './query'

export interface Layer { id: string; name: string; kind: string; approval: string; source: string; visible: boolean; features: object }
/** tiles: the address of the office's own tiles; null where it has none. */
export async function mapLayers(): Promise<{ layers: Layer[]; tiles: string | null }> {
	if (!definition('map_layer'))
		return { layers: [], tiles: null }
	const page = await get<Page>('r/map_layer?' + paramsText({ columns: 'name,hidden,sort_order', sort: 'sort_order,name', limit: '100' }))
	const records = await Promise.all(page.rows.map((r) => record('map_layer', r[0])))
	return {
		tiles: records.find((r) => r.fields.kind === 'tiles' && r.fields.tiles)?.fields.tiles ?? null,
		layers: await Promise.all(records.filter((r) => r.fields.file).map(async (r: RecordBody) => ({
			id: `${r.id}:${r.version}`, name: String(r.fields.name), kind: r.fields.kind, approval: r.fields.approval ?? '', source: r.fields.source ?? '',
			visible: !r.fields.hidden, features: await call<object>('files/' + r.fields.file),
		}))),
	}
}
/** What layers in sight must say of themselves: 审图号. */
export const approvalsOf = (layers: Layer[]) => [...new Set(layers.filter((l) => l.visible).map((l) => l.approval).filter(Boolean))]

/** A project on a map goes by its number; what it is called is asked for when somebody looks (titlesOf). */
export interface Place { number: string; light: number | null }
export interface Point extends Place { east: number; north: number }
export interface Places { nowhere: number; points: Point[]; shapes: { properties: Place }[] }

interface Axis { least: number; letters: number; text: string }
/** GET /api/map, as the server packs it (docs/http.md). */
export interface PackedPlaces { nowhere: number; numbers: (string | number)[]; lights: string; east: Axis; north: Axis; shapes: Places['shapes'] }

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES = new Map([...LETTERS].map((letter, i) => [letter, i]))

function degreesOf(axis: Axis, i: number): number {
	let value = 0
	for (let k = i * axis.letters; k < (i + 1) * axis.letters; k++)
		value = value * 64 + VALUES.get(axis.text[k])!
	return (axis.least + value) / 1e5
}
/** The number so many further: XM2026-00099 and 2 are XM2026-00101. */
function after(number: string, step: number): string {
	const digits = /\d{1,9}$/.exec(number)![0]
	return number.slice(0, -digits.length) + String(Number(digits) + step).padStart(digits.length, '0')
}
export function unpackPlaces(packed: PackedPlaces): Places {
	let number = ''
	return {
		nowhere: packed.nowhere, shapes: packed.shapes,
		points: packed.numbers.map((n, i) => {
			number = typeof n === 'string' ? n : after(number, n)
			return { number, light: packed.lights[i] === ' ' ? null : Number(packed.lights[i]) - 3, east: degreesOf(packed.east, i), north: degreesOf(packed.north, i) }
		}),
	}
}
export const placesOf = async (query: { filter?: string; as_of?: string }, signal?: AbortSignal): Promise<Places> =>
	unpackPlaces(await get<PackedPlaces>('map?' + paramsText(query), signal))

export interface Named { id: string; title: string }
/** Ids and titles by number; at most a thousand at once. */
export async function namesOf(numbers: string[], asOf = ''): Promise<Map<string, Named>> {
	const page = await get<Page>('r/project?' + paramsText({ columns: 'number,title', filter: filterText([{ field: 'number', op: 'in', values: numbers }]), limit: String(numbers.length), as_of: asOf }))
	return new Map(page.rows.map(([id, number, title]) => [number, { id, title }]))
}
