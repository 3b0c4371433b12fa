// What bars need of ECharts, a chunk of its own: loaded when the first chart comes into sight. Lines and funnels: chart_lines.ts.
import { init, use, type EChartsType } from 'echarts/core'
import { BarChart } from 'echarts/charts'
import { GridComponent, LegendPlainComponent, TooltipComponent } from 'echarts/components'
import { CanvasRenderer } from 'echarts/renderers'
import type { ChartSpec } from './chart_table'

use([BarChart, GridComponent, LegendPlainComponent, TooltipComponent, CanvasRenderer])

export type { EChartsType }
/** On canvas: SVG text would carry style attributes, which the page policy refuses. */
export const open = (el: HTMLElement) => init(el)

const PALETTE = ['primary', 'green-fill', 'watch-fill', 'undefined-fill', 'exempt-fill', 'warn-fill', 'serious-fill', 'none-fill']

interface Sight { size: number; width: number; still: boolean; pickable: boolean }
/** About how wide a text will be: a Chinese letter is as wide as it is high, a Latin one about half. */
const widthOf = (text: string, size: number) => [...text].reduce((sum, c) => sum + (c > '\u2e80' ? size : size * .58), 0)
/** Lines that the legend will take. */
function legendLines(spec: ChartSpec, size: number, width: number): number {
	let [lines, at] = [1, 0]
	for (const s of spec.series) {
		const w = size * 2.5 + widthOf(s.name, size)
		if (at && at + w > width) {
			lines++
			at = 0
		}
		at += w
	}
	return lines
}

export function option(spec: ChartSpec, token: (name: string) => string, { size, width, still, pickable }: Sight): any {
	const font = { fontFamily: token('font'), fontSize: size, color: token('text') }
	const soft = { ...font, color: token('muted') }
	const colour = (i: number) => token(spec.series[i].colour ?? PALETTE[i % PALETTE.length])
	const common = {
		animation: !still, animationDuration: 300, animationDurationUpdate: 300, textStyle: font,
		// drawn as text, not as markup: nothing that an office typed is ever read as HTML
		tooltip: { renderMode: 'richText', confine: true, backgroundColor: token('surface'), borderColor: token('line-strong'), textStyle: font, trigger: spec.kind === 'funnel' ? 'item' : 'axis',
			axisPointer: { type: 'line', lineStyle: { color: token('line-strong') } },
			formatter: (at: any) => {
				const all = Array.isArray(at) ? at : [at]
				const i = all[0].dataIndex
				return [spec.labels[i], ...all.map((p: any) => `${spec.series[p.seriesIndex].name}  ${spec.text(spec.series[p.seriesIndex].values[i] ?? null, spec.series[p.seriesIndex])}`)].join('\n')
			} },
	}
	if (spec.kind === 'funnel') {
		const beside = (i: number) => `${spec.labels[i]}  ${spec.text(spec.series[0].values[i], spec.series[0])}`
		const room = Math.max(...spec.labels.map((_, i) => widthOf(beside(i), size))) + size * 3
		return { ...common, series: [{ type: 'funnel', sort: 'none', left: 2, right: Math.min(width * .7, room), top: 4, bottom: 4, gap: 2, minSize: '6%', cursor: pickable ? 'pointer' : 'default',
			label: { ...font, opacity: 1, position: 'right', formatter: (p: any) => beside(p.dataIndex) }, labelLine: { length: size * 1.6, lineStyle: { color: token('line-strong') } },
			itemStyle: { borderWidth: 0, color: colour(0) }, emphasis: { label: { color: token('text') } },
			data: spec.labels.map((name, i) => ({ name, value: spec.series[0].values[i] ?? 0, itemStyle: { opacity: 1 - 0.6 * (i / Math.max(1, spec.labels.length)) } })) }] }
	}
	const names = { type: 'category', data: spec.labels, axisLine: { lineStyle: { color: token('line-strong') } }, axisTick: { show: false }, axisLabel: { ...soft, hideOverlap: true, ...(spec.kind === 'lying' ? { width: width * .4, overflow: 'truncate' } : {}) }, inverse: spec.kind === 'lying' }
	const values = { type: 'value', max: spec.most, splitNumber: 4, axisLabel: { ...soft, formatter: (v: number) => (spec.axis ? spec.axis(v) : spec.text(v, spec.series[0])) }, splitLine: { lineStyle: { color: token('line') } } }
	const legend = spec.series.length > 1
	// a bar that lies has room for its figure at its end
	const figure = (i: number) => spec.text(spec.series[0].values[i] ?? null, spec.series[0])
	const ends = spec.kind === 'lying' && !legend
	// the last word under the axis stands half beyond its bar
	const right = ends ? size + Math.max(...spec.labels.map((_, i) => widthOf(figure(i), size))) : spec.kind === 'axis' ? Math.max(size, widthOf(spec.labels[spec.labels.length - 1] ?? '', size) / 2) : size
	const lines = legend ? legendLines(spec, size, width) : 0
	return {
		...common,
		grid: { left: 4, right, top: size * (1 + lines * 1.75 + (spec.mark ? .8 : 0)), bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
		legend: { show: legend, top: 0, left: 0, type: 'plain', itemWidth: size * 1.4, itemHeight: size * .8, textStyle: soft, data: spec.series.map((s) => s.name) },
		xAxis: spec.kind === 'lying' ? values : names,
		yAxis: spec.kind === 'lying' ? names : values,
		series: spec.series.map((s, i) => ({
			name: s.name, type: s.line ? 'line' : 'bar', stack: s.stack, data: s.values, barMaxWidth: size * 3, cursor: pickable ? 'pointer' : 'default',
			label: { ...font, show: ends, position: 'right', formatter: (p: any) => figure(p.dataIndex) },
			itemStyle: { color: colour(i) }, lineStyle: { color: colour(i), width: size / 6, type: s.dashed ? 'dashed' : 'solid' },
			symbol: 'circle', symbolSize: size / 2, showSymbol: s.values.filter((v) => v != null).length < 15, areaStyle: s.area ? { color: colour(i), opacity: s.stack ? .85 : .15 } : undefined,
			markLine: i === 0 && spec.mark ? { silent: true, symbol: 'none', animation: false, lineStyle: { color: token('muted'), type: 'dotted' }, label: { ...soft, formatter: spec.mark.text }, data: [{ xAxis: spec.mark.label }] } : undefined,
		})),
	}
}
