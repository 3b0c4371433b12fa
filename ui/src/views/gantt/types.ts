// What the chart needs to know: rows that are already in order, links between them, and the page's answers to what people do.

export interface GanttRow {
	key: string
	number: number // of the task, as predecessors name it; 0: none
	level: number // 0 at the root
	parent: number // position of the row above, -1
	group: boolean // has rows under it
	kind: 'task' | 'milestone' | 'summary'
	name: string
	start: number | null // days since 1970, with a fraction
	finish: number | null
	late: number | null // the latest finish: its float is drawn up to here
	percent: number
	critical: boolean
	driving: boolean
	held: number // position of the row whose link gives its start, -1
	done: boolean
	provisional: boolean
	movable: boolean
	ghosts: { start: number; finish: number }[]
	marks: { at: number; name: string; shape: 'planned' | 'done' | 'late' }[] // diamonds on the row besides its own bar
	slot?: string // a light: one of base/lights.ts
	slotWord?: string
	whisker?: { p50: number; p80: number } // days by which it finishes with even odds, with four in five
	note?: string // said beside the bar instead of the name
	cells: Record<string, string> // the text of each column, by its id
}
export interface GanttLink { from: number; to: number; type: 'FS' | 'SS' | 'FF' | 'SF' }
export const COLUMN_LEAST = 36 // narrowest and widest column
export const COLUMN_MOST = 640
export interface GanttColumn { id: string; label: string; width: number; right?: boolean; edit?: boolean }
export interface GanttData {
	rows: GanttRow[]
	links: GanttLink[]
	columns: GanttColumn[]
	tree: number // the column that holds the tree
	today: number | null
	dataDate: number | null
	required: number | null
	span?: [number, number] | null // days to hold besides those of the rows
	free: (day: number) => { free: boolean; name: string }
	seasons?: GanttSeason[]
}
/** Days from..to, `to` not included. A stop is a tint over all rows, a building season a line on top. */
export interface GanttSeason { from: number; to: number; stop: boolean; name: string }
export interface GanttOptions {
	label: string
	chartLabel: string
	splitLabel: string
	lang: () => 'zh' | 'en'
	describe: (row: GanttRow) => string
	lineWord: (line: 'today' | 'data' | 'required') => string
	select?: (row: GanttRow | null) => void
	activate?: (row: GanttRow) => void // Enter on a cell that is not edited
	/** What is typed into a cell; answers what is wrong with it, or ''. */
	edit?: (row: GanttRow, column: GanttColumn, text: string) => string
	/** The bar is moved or its end is; `final` false while the pointer is down. True: the data given anew shows it already. */
	shift?: (row: GanttRow, what: 'move' | 'resize', days: number, final: boolean) => boolean
	link?: (from: GanttRow, to: GanttRow) => void
	command?: (name: 'undo' | 'redo' | 'add' | 'remove' | 'save') => void
	zoomed?: (zoom: Zoom) => void
	/** A column, or the whole table, was made that wide by hand. */
	widened?: (column: string, width: number) => void
	spread?: (left: number) => void
	/** Rows that came into sight. */
	seen?: (first: number, last: number) => void
}
export const ZOOMS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Zoom = (typeof ZOOMS)[number]
