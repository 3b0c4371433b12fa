// Photos are made smaller on the device before they wait or travel: at most EDGE pixels on the long side, upright, with the
// time they were taken, and the place only where the person agreed.
import { NOTHING, readExif, writeExif, type Taken } from './exif'
import { hashOf } from './sha256'

const EDGE = 1920
const QUALITY = 0.82

export interface Photo { hash: string; name: string; bytes: Blob; size: number; taken: Taken; placeFrom: 'photo' | 'device' | null }

const pad = (n: number) => String(n).padStart(2, '0')
function localStamp(ms: number): { at: string; zone: string } {
	const d = new Date(ms), off = -d.getTimezoneOffset()
	return {
		at: `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}T${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}`,
		zone: `${off < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(off) / 60))}:${pad(Math.abs(off) % 60)}`,
	}
}

/** The browser turns the pixels as the camera says (image-orientation: from-image); rejects what it cannot read. */
function decode(file: Blob): Promise<HTMLImageElement> {
	return new Promise((resolve, reject) => {
		const image = new Image()
		const url = URL.createObjectURL(file)
		image.onload = () => {
			URL.revokeObjectURL(url)
			resolve(image)
		}
		image.onerror = () => {
			URL.revokeObjectURL(url)
			reject(new Error('not a picture'))
		}
		image.src = url
	})
}

export interface Place { longitude: number; latitude: number }

/** Where the device is now; null where it does not know, may not say, or the address is not HTTPS. */
export function devicePlace(): Promise<Place | null> {
	if (!navigator.geolocation || !isSecureContext)
		return Promise.resolve(null)
	return new Promise((resolve) => navigator.geolocation.getCurrentPosition(
		(p) => resolve({ longitude: p.coords.longitude, latitude: p.coords.latitude }), () => resolve(null),
		{ enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 }))
}

/** fresh: taken just now with the camera, so that the device's time and place are the photo's. */
export async function shrink(file: File, options: { place: boolean; fresh: boolean; device?: Place | null }): Promise<Photo> {
	const original = new Uint8Array(await file.arrayBuffer())
	const exif = readExif(original)
	const image = await decode(file)
	const scale = Math.min(1, EDGE / Math.max(image.naturalWidth, image.naturalHeight))
	const canvas = document.createElement('canvas')
	canvas.width = Math.max(1, Math.round(image.naturalWidth * scale))
	canvas.height = Math.max(1, Math.round(image.naturalHeight * scale))
	const draw = canvas.getContext('2d')!
	draw.fillStyle = '#fff' // a transparent screenshot on paper, not on black
	draw.fillRect(0, 0, canvas.width, canvas.height)
	draw.drawImage(image, 0, 0, canvas.width, canvas.height)
	const small = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
	canvas.width = canvas.height = 0 // frees the pixels at once: twenty photos of 12 megapixels follow each other
	if (!small)
		throw new Error('not a picture')
	let taken: Taken = exif.at ? exif : options.fresh ? { ...NOTHING, ...localStamp(file.lastModified || Date.now()), longitude: exif.longitude, latitude: exif.latitude } : exif
	let placeFrom: Photo['placeFrom'] = taken.longitude != null ? 'photo' : null
	if (options.place && options.fresh && options.device && !placeFrom) {
		taken = { ...taken, ...options.device }
		placeFrom = 'device'
	}
	if (!options.place) {
		taken = { ...taken, longitude: null, latitude: null }
		placeFrom = null
	}
	const bytes = writeExif(new Uint8Array(await small.arrayBuffer()), taken)
	const name = (file.name || 'photo').replace(/\.[^.]*$/, '') + '.jpg'
	return { hash: await hashOf(bytes), name, bytes: new Blob([bytes as BlobPart], { type: 'image/jpeg' }), size: bytes.length, taken, placeFrom }
}
