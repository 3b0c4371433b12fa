// What the ledger's grid is told and what it asks for. No framework and no register is known here.

export interface Column {
	key: string
	label: string
	width: number
	right?: boolean
	pinned?: boolean
	sortable?: boolean
	editable?: boolean
	/** Fills the cell, which is empty or holds what this column drew into it for another row. */
	draw: (cell: HTMLElement, value: any, row: Row, titles: Titles) => void
}
/** In the order of the query: the id, the columns, and behind them what the page asked for besides. */
export type Row = any[]
export type Titles = Record<string, string>
export interface Page { rows: Row[]; total: number; next: string | null; titles: Titles }
export interface PageAsk { after: string | null; skip: number; limit: number; signal: AbortSignal }
export type PageSource = (ask: PageAsk) => Promise<Page>

/** One group of a grouped ledger; its rows are a query of their own. */
export interface Group { key: string | null; title: string; count: number; sums: (string | null)[]; lights: number[]; rows: PageSource }

export interface SortMark { field: string; descending: boolean }
export interface Place { line: number; column: number }

export interface GridWords {
	loading: string
	tick: string
	tickAll: string
	expand: (title: string, count: number) => string
	menu: (label: string) => string
	resize: (label: string) => string
}

export interface GridOptions {
	label: string
	rowHeight: number
	cardHeight: number
	cardBelow: number
	words: GridWords
	drawCard: (card: HTMLElement, row: Row, titles: Titles) => void
	drawGroup: (cell: HTMLElement, group: Group) => void
	/** The record's own page. */
	open: (row: Row, newTab: boolean) => void
	/** The side pane, or its end. */
	peek: (row: Row) => void
	/** The reader stands on another row. */
	moved: (row: Row | null) => void
	sort: (key: string, join: boolean) => void
	menu: (key: string, at: DOMRect) => void
	resized: (key: string, width: number) => void
	reordered: (keys: string[]) => void
	edit: (ask: EditAsk) => void
	clear: (cells: Cell[]) => void
	copy: (table: CellTable) => string
	paste: (text: string, from: Place, cells: Cell[]) => void
	undo: (redo: boolean) => void
	ticked: (count: number) => void
	shortcut: (what: 'search' | 'help') => void
	failed: (e: unknown) => void
}
export interface Cell { row: Row; key: string }
export interface CellTable { keys: string[]; rows: Row[]; titles: Titles; heading: boolean }
export interface EditAsk { row: Row; key: string; rect: DOMRect; typed: string | null }
