// What a map is drawn from: the office's own layers, and where the projects of a query are.
import { call, get, record, type Page, type RecordBody } from './api'
import { definition } from './definitions'
import { paramsText } from './query'

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

export interface Spots { type: 'FeatureCollection'; nowhere: number; features: { id: string; properties: { title: string; light?: number | null } }[] }
export const spotsOf = (query: { filter?: string; as_of?: string }, signal?: AbortSignal) =>
	get<Spots>('export/project.geojson?' + paramsText({ columns: 'title,light', ...query }), signal)
