// A layer as somebody's files, to GeoJSON in WGS-84.
import './hasown'
import GeoJSON from 'ol/format/GeoJSON.js'
import TopoJSON from 'ol/format/TopoJSON.js'
import { convert, type Datum } from './datum'
import { datumOfPrj, readShapefile, ShapeError, type Feature } from './shapefile'

export interface LayerFile { name: string; features: Feature[]; datum: Datum | null }
export class LayerError extends Error {
	constructor(public word: 'layer.bad.json' | 'layer.bad.kind' | 'layer.bad.none' | 'layer.bad.projected', public values: Record<string, string | number> = {}) {
		super(word)
	}
}

function firstPosition(coordinates: any): [number, number] | null {
	return Array.isArray(coordinates) ? (typeof coordinates[0] === 'number' ? [coordinates[0], coordinates[1]] : coordinates.length ? firstPosition(coordinates[0]) : null) : null
}

function readJson(text: string, name: string): Feature[] {
	try {
		const json = JSON.parse(text)
		const features = json.type === 'Topology' ? new TopoJSON().readFeatures(json) : new GeoJSON().readFeatures(json)
		return JSON.parse(new GeoJSON().writeFeatures(features)).features
	} catch {
		throw new LayerError('layer.bad.json', { name })
	}
}

export async function readLayer(files: File[]): Promise<LayerFile> {
	const ending = (e: RegExp) => files.find((f) => e.test(f.name))
	const shp = ending(/\.shp$/i), json = ending(/\.(geo|topo)?json$/i)
	if (!shp && !json)
		throw new LayerError('layer.bad.kind')
	const main = (shp ?? json)!
	let datum: Datum | null = null
	let features: Feature[]
	if (shp) {
		const prj = await ending(/\.prj$/i)?.text()
		if (prj)
			datum = datumOfPrj(prj)
		features = readShapefile(await shp.arrayBuffer(), (await ending(/\.dbf$/i)?.arrayBuffer()) ?? null, (await ending(/\.cpg$/i)?.text()) ?? null)
	} else {
		features = readJson(await main.text(), main.name)
	}
	features = features.filter((f) => f.geometry && firstPosition(f.geometry.coordinates))
	if (!features.length)
		throw new LayerError('layer.bad.none')
	const [x, y] = firstPosition(features[0].geometry!.coordinates)!
	if (Math.abs(x) > 180 || Math.abs(y) > 90)
		throw new LayerError('layer.bad.projected', { name: `${x}, ${y}` })
	return { name: main.name.replace(/\.[^.]*$/, ''), features, datum }
}

export function inWgs(features: Feature[], datum: Datum): object {
	return { type: 'FeatureCollection', features: features.map((f) => ({ type: 'Feature', properties: f.properties, geometry: { type: f.geometry!.type, coordinates: convert(f.geometry!.coordinates, datum) } })) }
}
export { ShapeError }
