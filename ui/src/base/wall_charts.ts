// The wall's pictures as chart specs, and the lists behind their points. Shared by the wall and the big screen.
import { choiceText, definition, stateText } from './definitions'
import { amount, count, money } from './format'
import { t as word, type Key } from './i18n'
import { SLOTS, wordOf } from './lights'
import { curveOf, funnelOf, listLink, slotTerm, stateTerm, trendOf, type TrendBody, type WallBody } from './wall'
import type { ChartSpec } from '../views/chart_table'
import { t } from '../words/wall'

const two = (n: number) => String(n).padStart(2, '0')

export function curveSpec(wall: WallBody): ChartSpec {
	const c = curveOf(wall.curve)
	const day = wall.as_of ?? wall.today
	return {
		title: t('curve.title', { year: wall.curve.year }), kind: 'axis', labelTitle: t('curve.month'),
		labels: c.planned.map((_, i) => `${wall.curve.year}-${two(i + 1)}`), text: (v) => money(v), axis: (v) => { const a = amount(v); return v ? a.number.replace(/\.0+$/, '') + ' ' + a.unit : '0' },
		series: [
			{ name: t('curve.plan'), values: c.planned, line: true, dashed: true, colour: 'muted' },
			{ name: t('curve.done'), values: c.done, line: true, area: true, colour: 'primary' },
			...(c.before.some(Boolean) ? [{ name: t('curve.before'), values: c.before, line: true, colour: 'none-fill' }] : []),
		],
		mark: day.slice(0, 4) === String(wall.curve.year) ? { label: day.slice(0, 7), text: t('curve.today') } : undefined,
	}
}
/** The reports of that month. */
export function curveLink(wall: WallBody, month: number, series: number): string | null {
	if (series !== 1)
		return null
	const from = `${wall.curve.year}-${two(month + 1)}`
	return `#/list/report?filter=period:ge:${from}-01;period:le:${from}-31`.replace('-31', '-' + new Date(Date.UTC(wall.curve.year, month + 1, 0)).getUTCDate())
}

export function lightsSpec(wall: WallBody, trend: TrendBody | null): ChartSpec {
	const points = trendOf(trend, null, '', wall.lights, wall.as_of ?? wall.today)
	const slots = SLOTS.filter((s) => points.some((p) => p.lights[s]))
	return {
		title: t('trend.title'), kind: 'axis', labelTitle: t('day'), labels: points.map((p, i) => (i === points.length - 1 ? t('now') : p.day.slice(0, 7))), text: (v) => count(v),
		// the worst at the bottom, where the eye compares best
		series: [...slots].reverse().sort((a, b) => order(a) - order(b)).map((s) => ({ name: word(wordOf(s)), values: points.map((p) => p.lights[s] ?? 0), stack: 'lights', colour: s + '-fill' })),
	}
}
const order = (slot: string) => ['serious', 'none', 'warn', 'watch', 'undefined', 'exempt', 'green'].indexOf(slot)
export function lightsLink(wall: WallBody, trend: TrendBody | null, label: number, series: number): string | null {
	const points = trendOf(trend, null, '', wall.lights, wall.as_of ?? wall.today)
	const slot = [...SLOTS].sort((a, b) => order(a) - order(b)).filter((s) => points.some((p) => p.lights[s]))[series]
	return slot ? listLink([slotTerm(slot)], label === points.length - 1 ? wall.as_of === wall.today ? '' : wall.as_of ?? '' : points[label].day) : null
}

export function funnelSpec(wall: WallBody): ChartSpec {
	const def = definition('project')
	const steps = funnelOf(wall.stages)
	return { title: t('stages.title'), kind: 'funnel', labelTitle: t('stages.stage'), labels: steps.map((s) => stateText(def, s.state)), text: (v) => count(v), series: [{ name: t('stages.count'), values: steps.map((s) => s.reached) }] }
}
export const funnelLink = (wall: WallBody, label: number, asOf: string) => listLink([stateTerm(funnelOf(wall.stages)[label].states)], asOf)

export const kindText = (kind: string) => choiceText(definition('unit')?.fields.find((f) => f.name === 'kind'), kind)
export const dimensionWord = (d: string) => word(('by.' + d) as Key)
