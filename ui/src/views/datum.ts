// Datums of coordinates, to WGS-84 degrees. CGCS2000 differs from WGS-84 by centimetres and is taken as it is. GCJ-02 is
// WGS-84 with a shift that is a public function of the place; it is undone by approaching it. BD-09 is GCJ-02 turned once
// more. Outside China neither applies.

export type Datum = 'wgs84' | 'cgcs2000' | 'gcj02' | 'bd09'
export type Position = [longitude: number, latitude: number]

const AXIS = 6378245 // Krasovsky 1940, which the shift is defined on
const E2 = 0.00669342162296594323
const BD = (Math.PI * 3000) / 180

const outside = (x: number, y: number) => x < 72.004 || x > 137.8347 || y < 0.8293 || y > 55.8271
const waves = (v: number, ...parts: [amount: number, per: number][]) => parts.reduce((sum, [amount, per]) => sum + amount * Math.sin(v * per * Math.PI), 0)

function shift(longitude: number, latitude: number): Position {
	const x = longitude - 105, y = latitude - 35
	const root = Math.sqrt(Math.abs(x))
	const common = (waves(x, [20, 6], [20, 2]) * 2) / 3
	const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common + (waves(y, [20, 1], [40, 1 / 3], [160, 1 / 12], [320, 1 / 30]) * 2) / 3
	const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common + (waves(x, [20, 1], [40, 1 / 3], [150, 1 / 12], [300, 1 / 30]) * 2) / 3
	const angle = (latitude * Math.PI) / 180
	const magic = 1 - E2 * Math.sin(angle) ** 2
	return [(east * 180) / ((AXIS / Math.sqrt(magic)) * Math.cos(angle) * Math.PI), (north * 180) / (((AXIS * (1 - E2)) / (magic * Math.sqrt(magic))) * Math.PI)]
}

export function wgsToGcj([longitude, latitude]: Position): Position {
	if (outside(longitude, latitude))
		return [longitude, latitude]
	const [dx, dy] = shift(longitude, latitude)
	return [longitude + dx, latitude + dy]
}
export function gcjToWgs(there: Position): Position {
	if (outside(...there))
		return there
	let [x, y] = there
	for (let i = 0; i < 10; i++) {
		const [gx, gy] = wgsToGcj([x, y])
		x += there[0] - gx
		y += there[1] - gy
	}
	return [x, y]
}
export function gcjToBd([x, y]: Position): Position {
	const z = Math.hypot(x, y) + 0.00002 * Math.sin(y * BD), turned = Math.atan2(y, x) + 0.000003 * Math.cos(x * BD)
	return [z * Math.cos(turned) + 0.0065, z * Math.sin(turned) + 0.006]
}
export function bdToGcj(there: Position): Position {
	let [x, y] = [there[0] - 0.0065, there[1] - 0.006]
	for (let i = 0; i < 10; i++) {
		const [bx, by] = gcjToBd([x, y])
		x += there[0] - bx
		y += there[1] - by
	}
	return [x, y]
}

export function toWgs(position: Position, datum: Datum): Position {
	return datum === 'gcj02' ? gcjToWgs(position) : datum === 'bd09' ? gcjToWgs(bdToGcj(position)) : position
}
/** Every position of nested coordinates, to seven decimals (a centimetre). */
export function convert(coordinates: any, datum: Datum): any {
	if (typeof coordinates[0] !== 'number')
		return coordinates.map((c: any) => convert(c, datum))
	return toWgs([coordinates[0], coordinates[1]], datum).map((v) => Math.round(v * 1e7) / 1e7)
}
