// SHA-256 (FIPS 180-4). The browser has its own only on HTTPS; on plain http of an intranet this one serves.

const PRIMES = 64

/** The first 32 bits of the fractional part of a root. */
const fraction = (x: number) => ((x - Math.floor(x)) * 4294967296) | 0

const { K, START } = (() => {
	const k: number[] = []
	const start: number[] = []
	for (let n = 2; k.length < PRIMES; n++) {
		let prime = true
		for (let d = 2; d * d <= n; d++)
			if (n % d === 0)
				prime = false
		if (!prime)
			continue
		if (start.length < 8)
			start.push(fraction(Math.sqrt(n)))
		k.push(fraction(Math.cbrt(n)))
	}
	return { K: Int32Array.from(k), START: start }
})()

const turn = (x: number, n: number) => (x >>> n) | (x << (32 - n))

export function sha256(bytes: Uint8Array): string {
	const padded = new Uint8Array(((bytes.length + 8) >> 6 << 6) + 64)
	padded.set(bytes)
	padded[bytes.length] = 0x80
	const view = new DataView(padded.buffer)
	view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000))
	view.setUint32(padded.length - 4, bytes.length << 3)
	const h = Int32Array.from(START)
	const w = new Int32Array(64)
	for (let at = 0; at < padded.length; at += 64) {
		for (let i = 0; i < 16; i++)
			w[i] = view.getInt32(at + i * 4)
		for (let i = 16; i < 64; i++) {
			const a = w[i - 15], b = w[i - 2]
			w[i] = (w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0
		}
		let [a, b, c, d, e, f, g, last] = h
		for (let i = 0; i < 64; i++) {
			const one = (last + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0
			const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
			;[last, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
		}
		;[a, b, c, d, e, f, g, last].forEach((x, i) => (h[i] = (h[i] + x) | 0))
	}
	return [...h].map((x) => (x >>> 0).toString(16).padStart(8, '0')).join('')
}

export async function hashOf(bytes: Uint8Array): Promise<string> {
	if (!globalThis.crypto?.subtle)
		return sha256(bytes)
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource))
	return [...digest].map((x) => x.toString(16).padStart(2, '0')).join('')
}
