// Reads an ESRI shapefile (ESRI Shapefile Technical Description, 1998): .shp geometry, .dbf attributes in the encoding that .cpg
// or the .dbf itself names, .prj with the datum. Points, lines and areas; Z and M are let go. Answers GeoJSON features.

export interface Feature { type: 'Feature'; properties: Record<string, string | number | null>; geometry: { type: string; coordinates: any } | null }
export class ShapeError extends Error {
	constructor(public word: 'layer.bad.shp' | 'layer.bad.cut' | 'layer.bad.type' | 'layer.bad.projected', public values: Record<string, string | number> = {}) {
		super(word)
	}
}

const KINDS: Record<number, 'point' | 'line' | 'area' | 'points'> = { 1: 'point', 3: 'line', 5: 'area', 8: 'points', 11: 'point', 13: 'line', 15: 'area', 18: 'points', 21: 'point', 23: 'line', 25: 'area', 28: 'points' }

/** Twice the signed area: negative for a ring that runs clockwise, which a shapefile's outer rings do. */
const turn = (ring: number[][]) => ring.reduce((sum, [x, y], i) => {
	const [nx, ny] = ring[(i + 1) % ring.length]
	return sum + x * ny - nx * y
}, 0)
function inside([x, y]: number[], ring: number[][]): boolean {
	let within = false
	for (let i = 0, j = ring.length - 1; i < ring.length; j = i++)
		if (ring[i][1] > y !== ring[j][1] > y && x < ((ring[j][0] - ring[i][0]) * (y - ring[i][1])) / (ring[j][1] - ring[i][1]) + ring[i][0])
			within = !within
	return within
}

function area(rings: number[][][]): Feature['geometry'] {
	const polygons = rings.filter((r) => turn(r) <= 0).map((r) => [r])
	for (const hole of rings.filter((r) => turn(r) > 0)) {
		const owner = polygons.find((p) => inside(hole[0], p[0]))
		if (owner)
			owner.push(hole)
		else
			polygons.push([hole]) // drawn the wrong way round: it is an area all the same
	}
	return polygons.length === 1 ? { type: 'Polygon', coordinates: polygons[0] } : { type: 'MultiPolygon', coordinates: polygons }
}

function readShp(bytes: ArrayBuffer): Feature['geometry'][] {
	const view = new DataView(bytes)
	if (bytes.byteLength < 100 || view.getInt32(0) !== 9994)
		throw new ShapeError('layer.bad.shp')
	const out: Feature['geometry'][] = []
	const need = (at: number, n: number, end: number) => {
		if (n < 0 || at + n > end)
			throw new ShapeError('layer.bad.cut', { n: out.length + 1 })
	}
	const position = (at: number) => [view.getFloat64(at, true), view.getFloat64(at + 8, true)]
	for (let at = 100; at + 12 <= bytes.byteLength;) {
		const length = view.getInt32(at + 4) * 2, start = at + 8, end = start + length
		need(start, length, bytes.byteLength)
		const type = view.getInt32(start, true)
		const kind = KINDS[type]
		at = end
		if (type === 0) {
			out.push(null)
			continue
		}
		if (!kind)
			throw new ShapeError('layer.bad.type', { n: out.length + 1, type })
		if (kind === 'point') {
			need(start, 20, end)
			out.push({ type: 'Point', coordinates: position(start + 4) })
			continue
		}
		need(start, 44, end)
		const parts = kind === 'points' ? 0 : view.getInt32(start + 36, true), points = view.getInt32(start + (kind === 'points' ? 36 : 40), true)
		const first = start + (kind === 'points' ? 40 : 44) + parts * 4
		need(start, first - start + points * 16, end)
		if (parts < 0 || points < 0)
			throw new ShapeError('layer.bad.cut', { n: out.length + 1 })
		const all = Array.from({ length: points }, (_, i) => position(first + i * 16))
		const starts = Array.from({ length: parts }, (_, i) => view.getInt32(start + 44 + i * 4, true))
		const pieces = starts.map((s, i) => all.slice(s, starts[i + 1] ?? points)).filter((p) => p.length)
		out.push(kind === 'points' ? { type: 'MultiPoint', coordinates: all } : kind === 'area' ? area(pieces)
			: pieces.length === 1 ? { type: 'LineString', coordinates: pieces[0] } : { type: 'MultiLineString', coordinates: pieces })
	}
	return out
}

const CODES: Record<number, string> = { 0x4d: 'gbk', 0x7a: 'gbk', 0x4f: 'big5', 0x78: 'big5', 0x57: 'gbk' }
/** The encoding named beside the table, else by the table, else GB18030 unless the text is good UTF-8. */
function decoderOf(bytes: ArrayBuffer, cpg: string | null): TextDecoder {
	const named = cpg?.trim().replace(/^(?:cp)?936$|^gb.*$/i, 'gb18030').replace(/^65001$/, 'utf-8')
	if (named)
		try {
			return new TextDecoder(named)
		} catch {
			// a name nobody knows: guess
		}
	const code = CODES[new Uint8Array(bytes)[29]]
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice(new DataView(bytes).getUint16(8, true)))
		return new TextDecoder('utf-8')
	} catch {
		return new TextDecoder(code ?? 'gb18030')
	}
}

function readDbf(bytes: ArrayBuffer, cpg: string | null): Feature['properties'][] {
	const view = new DataView(bytes)
	if (bytes.byteLength < 33)
		throw new ShapeError('layer.bad.shp')
	const rows = view.getUint32(4, true), head = view.getUint16(8, true), size = view.getUint16(10, true)
	const decoder = decoderOf(bytes, cpg)
	const text = (at: number, n: number) => decoder.decode(new Uint8Array(bytes, at, n)).replace(/\0.*$/s, '').trim()
	const fields: { name: string; type: string; at: number; size: number }[] = []
	for (let at = 32, offset = 1; at + 32 <= head && view.getUint8(at) !== 0x0d; at += 32) {
		fields.push({ name: text(at, 11), type: String.fromCharCode(view.getUint8(at + 11)), at: offset, size: view.getUint8(at + 16) })
		offset += view.getUint8(at + 16)
	}
	const out: Feature['properties'][] = []
	for (let i = 0; i < rows && head + (i + 1) * size <= bytes.byteLength; i++)
		out.push(Object.fromEntries(fields.map((f) => {
			const value = text(head + i * size + f.at, f.size)
			return [f.name, value === '' ? null : f.type === 'N' || f.type === 'F' ? Number(value) : value]
		})))
	return out
}

/** What the .prj says: a datum, or null when it names none that is known here. Projected coordinates are refused: they are metres. */
export function datumOfPrj(prj: string): 'wgs84' | 'cgcs2000' | null {
	if (/^\s*PROJCS/i.test(prj))
		throw new ShapeError('layer.bad.projected', { name: /PROJCS\["([^"]*)"/i.exec(prj)?.[1] ?? '' })
	return /CGCS_?2000|China_?Geodetic_?Coordinate_?System_?2000/i.test(prj) ? 'cgcs2000' : /WGS_?(19)?84/i.test(prj) ? 'wgs84' : null
}

export function readShapefile(shp: ArrayBuffer, dbf: ArrayBuffer | null, cpg: string | null): Feature[] {
	const rows = dbf ? readDbf(dbf, cpg) : []
	return readShp(shp).map((geometry, i) => ({ type: 'Feature', properties: rows[i] ?? {}, geometry }))
}
