// What a chart shows, as data: the chart, its table for screen readers and its export all come from one spec. Pure.

export interface ChartSeries {
	name: string
	values: (number | null)[]
	/** A colour token without its dashes ('primary', 'serious-fill'); else one of the palette. */
	colour?: string
	line?: boolean
	dashed?: boolean
	area?: boolean
	/** Series of one stack stand on each other. */
	stack?: string
}
export interface ChartSpec {
	title: string
	/** axis: series over labels; lying: the same as bars from left to right; funnel: the first series, stage by stage. */
	kind: 'axis' | 'lying' | 'funnel'
	labelTitle: string
	labels: string[]
	series: ChartSeries[]
	/** How a value is written in the table, the tip and the export. */
	text: (value: number | null, series: ChartSeries) => string
	/** How the axis writes it; else as text(). */
	axis?: (value: number) => string
	most?: number
	/** A line across at this label, as "today". */
	mark?: { label: string; text: string }
}

export const barsAlone = (spec: ChartSpec) => spec.kind !== 'funnel' && !spec.mark && !spec.series.some((s) => s.line)

export function chartRows(spec: ChartSpec): string[][] {
	return [[spec.labelTitle, ...spec.series.map((s) => s.name)],
		...spec.labels.map((label, i) => [label, ...spec.series.map((s) => spec.text(s.values[i] ?? null, s))])]
}

/** For export: plain numbers, so that a sheet can go on reckoning; texts that a sheet would run as a formula are quoted. */
export function chartCsv(spec: ChartSpec): string {
	const cell = (v: string | number | null) => {
		if (v == null)
			return ''
		if (typeof v === 'number')
			return String(v)
		const safe = /^[=+\-@\t\r]/.test(v) ? "'" + v : v
		return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
	}
	const rows: (string | number | null)[][] = [[spec.labelTitle, ...spec.series.map((s) => s.name)],
		...spec.labels.map((label, i) => [label, ...spec.series.map((s) => s.values[i] ?? null)])]
	return '\ufeff' + rows.map((r) => r.map(cell).join(',')).join('\r\n') + '\r\n'
}

/** One sentence per series for those who do not see the picture: first, last, least and most. */
export function chartSummary(spec: ChartSpec, to: string): string {
	return spec.title + spec.series.map((s) => {
		const known = s.values.flatMap((v, i) => (v == null ? [] : [i]))
		return known.length ? `; ${s.name}: ${spec.labels[known[0]]} ${spec.text(s.values[known[0]], s)}` +
			(known.length > 1 ? ` ${to} ${spec.labels[known[known.length - 1]]} ${spec.text(s.values[known[known.length - 1]], s)}` : '') : ''
	}).join('')
}
