// Which columns stand left of a chart and how wide, as the reader set them; kept on this device.
import { computed, ref, type ComputedRef } from 'vue'
import { remember, remembered } from '../base/memory'
import { COLUMN_LEAST, COLUMN_MOST, type GanttColumn } from '../views/gantt/types'

interface Look { hidden: string[]; widths: Record<string, number>; left: number | null }

export interface Columns {
	shown: ComputedRef<GanttColumn[]>
	left: ComputedRef<number | null> // of the whole table
	isShown: (id: string) => boolean
	show: (id: string, on: boolean) => void
	widen: (id: string, width: number) => void
	spread: (left: number) => void
	reset: () => void
}

/** `fixed` always stands; `hidden`: those left out until they are asked for. */
export function useColumns(name: string, all: ComputedRef<GanttColumn[]>, fixed: string, hidden: string[]): Columns {
	const key = 'columns:' + name
	const usual = (): Look => ({ hidden, widths: {}, left: null })
	const look = ref<Look>({ ...usual(), ...JSON.parse(remembered(key) ?? '{}') })
	const keep = (to: Partial<Look>): void => {
		look.value = { ...look.value, ...to }
		remember(key, JSON.stringify(look.value))
	}
	const isShown = (id: string) => id === fixed || !look.value.hidden.includes(id)
	return {
		isShown,
		shown: computed(() => all.value.filter((c) => isShown(c.id)).map((c) => ({ ...c, width: look.value.widths[c.id] ?? c.width }))),
		left: computed(() => look.value.left),
		show: (id, on) => keep({ hidden: [...look.value.hidden.filter((x) => x !== id), ...(on ? [] : [id])] }),
		widen: (id, width) => keep({ widths: { ...look.value.widths, [id]: Math.max(COLUMN_LEAST, Math.min(COLUMN_MOST, Math.round(width))) } }),
		spread: (left) => keep({ left: Math.round(left) }),
		reset: () => keep(usual()),
	}
}
