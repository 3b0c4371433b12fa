// The lights in shape, word and colour; colour is never the only sign.
import type { Key } from './i18n'

export type Slot = 'none' | 'serious' | 'warn' | 'watch' | 'undefined' | 'exempt' | 'green' | 'outside'
/** In the order a reader should see them: what nobody knows first, then the worst. */
export const SLOTS: Slot[] = ['none', 'serious', 'warn', 'watch', 'undefined', 'exempt', 'green']

export function slotOf(severity: number | null | undefined): Slot {
	switch (severity) {
		case 0: return 'green'
		case 1: return 'watch'
		case 2: return 'warn'
		case 3: return 'serious'
		case -1: return 'none'
		case -2: return 'undefined'
		case -3: return 'exempt'
		default: return 'outside'
	}
}
export const severityOf: Record<Slot, number | null> = { green: 0, watch: 1, warn: 2, serious: 3, none: -1, undefined: -2, exempt: -3, outside: null }
export const wordOf = (slot: Slot) => ('light.' + slot) as Key

/** Drawn in a 16 x 16 box. */
export const SHAPES: Record<Slot, string> = {
	green: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13Z',
	watch: 'M8 1.6 15 14H1Z',
	warn: 'M8 .8 15.2 8 8 15.2.8 8Z',
	serious: 'M5 1.2h6L14.8 5v6L11 14.8H5L1.2 11V5Z',
	none: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13Zm0 2.2a4.3 4.3 0 1 0 0 8.6a4.3 4.3 0 0 0 0-8.6Z',
	undefined: 'M2 2h12v12H2Zm2 2v8h8V4Z',
	exempt: 'M1.5 5.5h13v5h-13Z',
	outside: 'M4 7.2h8v1.6H4Z',
}

export type Counts = Partial<Record<Slot, number>>
export const knownTotal = (counts: Counts) => SLOTS.reduce((sum, s) => sum + (counts[s] ?? 0), 0)

/** Negative when a stands worse than b: more without data, then more serious, warn, watch. */
export function worseFirst(a: Counts, b: Counts): number {
	for (const slot of ['none', 'serious', 'warn', 'watch', 'undefined'] as Slot[]) {
		const d = (b[slot] ?? 0) - (a[slot] ?? 0)
		if (d)
			return d
	}
	return 0
}
