// Finding Chinese by what a Latin keyboard types: "sdcc" and "shengdian" are both 盛电仓储. The same rule as the server's
// (src/base/pinyin.h), for names that are only here: pages, commands, the names already loaded. Pure but for loadReadings.

/** Of each character, the ways it is read. */
export type Readings = Map<string, string[]>

export function parseReadings(text: string): Readings {
	const out: Readings = new Map()
	for (const line of text.split('\n')) {
		const [reading, characters = ''] = line.split('\t')
		for (const c of characters)
			out.set(c, [...(out.get(c) ?? []), reading])
	}
	return out
}

let loaded: Promise<Readings> | null = null
/** 27 kB that only a search needs. */
export const loadReadings = (): Promise<Readings> => (loaded ??= import('../../../facts/pinyin.txt?raw').then((m) => parseReadings(m.default)))

/** Each character gives its first letter or a whole reading, the last one the beginning of a reading. */
export function soundsLike(text: string, typed: string, readings: Readings): boolean {
	const letters = typed.toLowerCase().replace(/[ ']/g, '')
	if (!/^[a-z0-9]{2,63}$/.test(letters) || !/[a-z]/.test(letters))
		return false
	let places = new Set<number>()
	for (const c of text.toLowerCase()) {
		if (c <= ' ' || c === '\u3000')
			continue
		const next = new Set<number>()
		for (const at of [...places, 0])
			for (const reading of readings.get(c) ?? [c]) {
				if (reading[0] === letters[at])
					next.add(at + 1)
				const rest = letters.slice(at)
				if (rest.startsWith(reading))
					next.add(at + reading.length)
				else if (reading.startsWith(rest))
					return true
			}
		if (next.has(letters.length))
			return true
		places = next
	}
	return false
}
