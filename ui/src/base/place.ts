// Points, lines and areas between what is stored (GeoJSON, WGS-84), a list of positions, and text as people type it. Pure.
import { convert, type Datum, type Position } from '../views/datum'

export type Shape = 'point' | 'line' | 'area'
export const LEAST: Record<Shape, number> = { point: 1, line: 2, area: 3 }

const polygonsOf = (value: any): Position[][][] => (value?.type === 'Polygon' ? [value.coordinates] : value?.type === 'MultiPolygon' ? value.coordinates : [])
/** Of an area each border: the outer one of a part (hole 0) and those of its holes. One is edited at a time. */
export const ringsOf = (value: any): { part: number; hole: number }[] => polygonsOf(value).flatMap((rings, part) => rings.map((_, hole) => ({ part, hole })))

/** The corners of a shape; of an area those of one border. */
export function positionsOf(value: any, ring = 0): Position[] {
	if (value?.type === 'Point')
		return [value.coordinates]
	if (value?.type === 'LineString')
		return value.coordinates
	const at = ringsOf(value)[ring]
	return at ? polygonsOf(value)[at.part][at.hole].slice(0, -1) : []
}
/** An area of several borders with one of them changed, the others as they are; without corners it goes, and with an outer border its
    part. undefined: too few corners. */
export function withRing(value: any, ring: number, p: Position[]): object | null | undefined {
	if (p.length && p.length < LEAST.area)
		return undefined
	const { part, hole } = ringsOf(value)[ring]
	const kept = polygonsOf(value).map((rings) => [...rings])
	if (p.length)
		kept[part][hole] = [...p, p[0]]
	else if (hole)
		kept[part].splice(hole, 1)
	else
		kept.splice(part, 1)
	return !kept.length ? null : kept.length === 1 ? { type: 'Polygon', coordinates: kept[0] } : { type: 'MultiPolygon', coordinates: kept }
}
/** undefined: too few positions for the shape. */
export function shapeOf(shape: Shape, p: Position[]): object | null | undefined {
	if (!p.length)
		return null
	if (p.length < LEAST[shape] || (shape === 'point' && p.length > 1))
		return undefined
	return shape === 'point' ? { type: 'Point', coordinates: p[0] } : shape === 'line' ? { type: 'LineString', coordinates: p } : { type: 'Polygon', coordinates: [[...p, p[0]]] }
}
export const textOf = (p: Position[]): string => p.map((c) => c.join(', ')).join('\n')
/** A position a line (or between semicolons): longitude, latitude. null: something in it is none. */
export function typedPositions(text: string, datum: Datum): Position[] | null {
	const out: Position[] = []
	for (const line of text.split(/[\n;；]/).map((x) => x.trim()).filter(Boolean)) {
		const m = /^(-?\d+(?:\.\d+)?)[,，\s]+(-?\d+(?:\.\d+)?)$/.exec(line)
		if (!m || Math.abs(+m[1]) > 180 || Math.abs(+m[2]) > 90)
			return null
		out.push(datum === 'wgs84' || datum === 'cgcs2000' ? [+m[1], +m[2]] : convert([+m[1], +m[2]], datum))
	}
	return out
}
