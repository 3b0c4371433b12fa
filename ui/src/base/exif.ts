// When and where a photo was taken: read from the EXIF block of a JPEG (CIPA DC-008), and written into a new small one, so
// that a photo made smaller on the phone keeps its evidence. Orientation is not written: the pixels are turned already.

export interface Taken { at: string | null; zone: string | null; longitude: number | null; latitude: number | null }
export const NOTHING: Taken = { at: null, zone: null, longitude: null, latitude: null }

const TAG = { exif: 0x8769, gps: 0x8825, changed: 0x0132, taken: 0x9003, zone: 0x9011, south: 1, latitude: 2, west: 3, longitude: 4 }
const SIZE = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]

/** The TIFF inside the APP1 segment. */
function tiffOf(bytes: Uint8Array): DataView | null {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	if (bytes.length < 4 || view.getUint16(0) !== 0xffd8)
		return null
	for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda;) {
		const length = view.getUint16(at + 2)
		if (length < 2 || at + 2 + length > bytes.length)
			return null
		if (bytes[at + 1] === 0xe1 && length > 16 && view.getUint32(at + 4) === 0x45786966)
			return new DataView(bytes.buffer, bytes.byteOffset + at + 10, length - 8)
		at += 2 + length
	}
	return null
}

class Tiff {
	constructor(private view: DataView, private little: boolean) {}
	has = (at: number, n: number) => at >= 0 && at + n <= this.view.byteLength
	u16 = (at: number) => (this.has(at, 2) ? this.view.getUint16(at, this.little) : 0)
	u32 = (at: number) => (this.has(at, 4) ? this.view.getUint32(at, this.little) : 0)

	find(directory: number, tag: number): { type: number; count: number; at: number } | null {
		const n = directory ? this.u16(directory) : 0
		for (let i = 0; i < n && this.has(directory + 2 + i * 12, 12); i++) {
			const at = directory + 2 + i * 12
			if (this.u16(at) !== tag)
				continue
			const type = this.u16(at + 2), count = this.u32(at + 4)
			const bytes = (SIZE[type] ?? 0) * count
			const value = bytes <= 4 ? at + 8 : this.u32(at + 8)
			return bytes && this.has(value, bytes) ? { type, count, at: value } : null
		}
		return null
	}
	text(directory: number, tag: number): string | null {
		const e = this.find(directory, tag)
		if (!e || e.type !== 2)
			return null
		let text = ''
		for (let i = 0; i < e.count && this.view.getUint8(e.at + i); i++)
			text += String.fromCharCode(this.view.getUint8(e.at + i))
		return text
	}
	under(directory: number, tag: number): number {
		const e = this.find(directory, tag)
		return e && e.type === 4 ? this.u32(e.at) : 0
	}
	degrees(directory: number, tag: number, most: number): number | null {
		const e = this.find(directory, tag)
		if (!e || e.type !== 5 || e.count < 3)
			return null
		let sum = 0
		for (let i = 0; i < 3; i++) {
			const under = this.u32(e.at + i * 8 + 4)
			sum += under ? this.u32(e.at + i * 8) / under / 60 ** i : 0
		}
		return sum <= most ? sum : null
	}
}

/** The 'YYYY-MM-DDThh:mm:ss' of the camera and its zone '+08:00' if it says one; the place in WGS-84. Never fails. */
export function readExif(jpeg: Uint8Array): Taken {
	const view = tiffOf(jpeg)
	const order = view && view.byteLength > 8 ? view.getUint16(0) : 0
	if (!view || (order !== 0x4949 && order !== 0x4d4d))
		return NOTHING
	const tiff = new Tiff(view, order === 0x4949)
	const main = tiff.u32(4)
	const exif = tiff.under(main, TAG.exif), gps = tiff.under(main, TAG.gps)
	const stamp = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(tiff.text(exif, TAG.taken) ?? tiff.text(main, TAG.changed) ?? '')
	const zone = /^[+-]\d\d:\d\d$/.exec(tiff.text(exif, TAG.zone) ?? '')
	const latitude = tiff.degrees(gps, TAG.latitude, 90), longitude = tiff.degrees(gps, TAG.longitude, 180)
	const placed = latitude != null && longitude != null && (latitude !== 0 || longitude !== 0) // a receiver without a fix writes zeros
	return {
		at: stamp && stamp[1] !== '0000' ? `${stamp[1]}-${stamp[2]}-${stamp[3]}T${stamp[4]}` : null,
		zone: zone ? zone[0] : null,
		latitude: placed ? latitude * (tiff.text(gps, TAG.south) === 'S' ? -1 : 1) : null,
		longitude: placed ? longitude * (tiff.text(gps, TAG.west) === 'W' ? -1 : 1) : null,
	}
}

const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0)).concat(0)
const big = (value: number, bytes: number) => Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * (bytes - 1 - i))) & 255)

/** Entries, then what does not fit into four bytes, behind the directory. */
function directory(start: number, entries: [tag: number, type: number, count: number, value: number[]][]): number[] {
	let behind = start + 2 + entries.length * 12 + 4
	const head = big(entries.length, 2), tail: number[] = []
	for (const [tag, type, count, value] of entries) {
		head.push(...big(tag, 2), ...big(type, 2), ...big(count, 4))
		if (value.length <= 4) {
			head.push(...value, ...Array(4 - value.length).fill(0))
		} else {
			head.push(...big(behind, 4))
			tail.push(...value)
			behind += value.length
			if (behind & 1) {
				tail.push(0)
				behind++
			}
		}
	}
	return [...head, 0, 0, 0, 0, ...tail]
}

const angle = (x: number) => {
	const steps = Math.round(Math.abs(x) * 3600 * 1000)
	return [...big(Math.floor(steps / 3600000), 4), ...big(1, 4), ...big(Math.floor(steps / 60000) % 60, 4), ...big(1, 4), ...big(steps % 60000, 4), ...big(1000, 4)]
}

/** The JPEG with an EXIF block of this time and place right after its start; one without both stays as it is. */
export function writeExif(jpeg: Uint8Array, taken: Taken): Uint8Array {
	const placed = taken.latitude != null && taken.longitude != null
	if (!taken.at && !placed)
		return jpeg
	const mainSize = 2 + 12 * (Number(!!taken.at) + Number(placed)) + 4
	const exif = taken.at ? directory(8 + mainSize, [
		[TAG.taken, 2, 20, ascii(taken.at.replace(/-/g, ':').replace('T', ' '))],
		...(taken.zone ? [[TAG.zone, 2, 7, ascii(taken.zone)] as [number, number, number, number[]]] : [])]) : []
	const gps = placed ? directory(8 + mainSize + exif.length, [
		[TAG.south, 2, 2, ascii(taken.latitude! < 0 ? 'S' : 'N')], [TAG.latitude, 5, 3, angle(taken.latitude!)],
		[TAG.west, 2, 2, ascii(taken.longitude! < 0 ? 'W' : 'E')], [TAG.longitude, 5, 3, angle(taken.longitude!)]]) : []
	const main = directory(8, [
		...(taken.at ? [[TAG.exif, 4, 1, big(8 + mainSize, 4)] as [number, number, number, number[]]] : []),
		...(placed ? [[TAG.gps, 4, 1, big(8 + mainSize + exif.length, 4)] as [number, number, number, number[]]] : [])])
	const tiff = [0x4d, 0x4d, 0, 42, ...big(8, 4), ...main, ...exif, ...gps]
	const block = [0xff, 0xe1, ...big(tiff.length + 8, 2), ...ascii('Exif'), 0, ...tiff]
	const out = new Uint8Array(jpeg.length + block.length)
	out.set(jpeg.subarray(0, 2))
	out.set(block, 2)
	out.set(jpeg.subarray(2), 2 + block.length)
	return out
}
