// Points, lines and areas between what is stored (GeoJSON, WGS-84), a list of positions, and text as people type it. Pure.
import { convert, type Datum, type Position } from '../views/datum'

export type Shape = 'point' | 'line' | 'area'
export const LEAST: Record<Shape, number> = { point: 1, line: 2, area: 3 }

/** null: it has holes or several parts, which are neither typed nor drawn here. */
export function positionsOf(value: any): Position[] | null {
	switch (value?.type) {
		case undefined: return []
		case 'Point': return [value.coordinates]
		case 'LineString': return value.coordinates
		case 'Polygon': return value.coordinates.length === 1 ? value.coordinates[0].slice(0, -1) : null
		default: return null
	}
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
