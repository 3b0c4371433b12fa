// Photos for tests: a JPEG from the browser's canvas, and an EXIF block as a phone writes it.
const u16 = (v) => [v & 255, v >> 8 & 255]
const u32 = (v) => [...u16(v & 0xffff), ...u16(v >>> 16)]

/** As a phone held upright writes it: orientation 6, taken 2026-03-31 08:15:30 +08:00, at 44°30'36" N, 126°12'0" E. */
export function withExif(jpeg) {
	const entry = (tag, type, count, value) => [...u16(tag), ...u16(type), ...u32(count), ...value]
	const text = (s) => [...Buffer.from(s + '\0', 'latin1')]
	const main = 8, exif = main + 2 + 3 * 12 + 4, taken = exif + 2 + 2 * 12 + 4, zone = taken + 20
	const gps = zone + 8, north = gps + 2 + 4 * 12 + 4, east = north + 24
	const degrees = (d, m, s) => [d, m, s].flatMap((v) => [...u32(v), ...u32(1)])
	const tiff = [
		...text('II').slice(0, 2), ...u16(42), ...u32(main),
		...u16(3), ...entry(0x0112, 3, 1, [6, 0, 0, 0]), ...entry(0x8769, 4, 1, u32(exif)), ...entry(0x8825, 4, 1, u32(gps)), ...u32(0),
		...u16(2), ...entry(0x9003, 2, 20, u32(taken)), ...entry(0x9011, 2, 7, u32(zone)), ...u32(0),
		...text('2026:03:31 08:15:30'), ...text('+08:00'), 0,
		...u16(4), ...entry(1, 2, 2, [78, 0, 0, 0]), ...entry(2, 5, 3, u32(north)), ...entry(3, 2, 2, [69, 0, 0, 0]), ...entry(4, 5, 3, u32(east)), ...u32(0),
		...degrees(44, 30, 36), ...degrees(126, 12, 0)]
	const length = tiff.length + 8
	return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, length >> 8, length & 255, ...text('Exif'), 0, ...tiff]), jpeg.subarray(2)])
}

/** n different pictures, as noisy as a building site. */
export async function photos(page, n, width = 1600, height = 1200) {
	const list = await page.evaluate(async ([n, width, height]) => {
		const out = []
		const canvas = document.createElement('canvas')
		canvas.width = width
		canvas.height = height
		const draw = canvas.getContext('2d')
		let seed = 7
		const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647
		for (let i = 0; i < n; i++) {
			for (let k = 0; k < 4000; k++) {
				draw.fillStyle = `hsl(${random() * 360} ${random() * 60}% ${random() * 90}%)`
				draw.fillRect(random() * width, random() * height, random() * 60, random() * 60)
			}
			const url = canvas.toDataURL('image/jpeg', 0.9)
			out.push(url.slice(url.indexOf(',') + 1))
		}
		return out
	}, [n, width, height])
	return list.map((text) => Buffer.from(text, 'base64'))
}
