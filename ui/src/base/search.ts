// What somebody typed into the search, as a query: "红灯 未开工 镇街", "overdue industry 2026". Pure.
// Words come from the definitions (choices, states), from the names of units and areas, and from the few here that no
// definition holds. The longest phrase wins; Chinese needs no blanks between words. A piece that is not understood to
// its last letter is looked for as text, so that a project's name is never torn apart.
import type { Definition, Field } from './definitions'
import type { Label } from './i18n'
import { soundsLike, type Readings } from './pinyin'
import { textOp, type Op, type Term } from './query'

export interface Meaning { term: Term; field: Label; value: Label; typed: string }
export interface Understood { meanings: Meaning[]; text: string }
export interface Named { id: string; names: string[]; kind?: string | null; area?: string | null }
export interface Phrase { word: string; make: () => Omit<Meaning, 'typed'> }
export interface Vocabulary { byFirst: Map<string, Phrase[]>; today: string }

const pair = (zh: string, en: string): Label => ({ zh, en })
const LIGHT = pair('亮灯', 'Light')
const LIGHTS: [string, Label, string[]][] = [
	['3', pair('严重', 'Serious'), ['红灯', '红牌', '亮红灯', '严重', 'red', 'serious', 'red light', 'red lights']],
	['2', pair('预警', 'Warning'), ['橙灯', '预警', '亮橙灯', 'orange', 'warning', 'orange light']],
	['1', pair('关注', 'Watch'), ['黄灯', '黄牌', '关注', '亮黄灯', 'yellow', 'amber', 'watch', 'yellow light']],
	['0', pair('正常', 'On track'), ['绿灯', '正常', '亮绿灯', 'green', 'on track', 'green light']],
	['-1', pair('无数据', 'No data'), ['无数据', '灰灯', '没有数据', 'no data', 'grey', 'gray']],
	['-3', pair('豁免', 'Exempt'), ['豁免', 'exempt']],
]
type Fixed = [words: string[], field: Label, value: Label, term: [string, Op, ...string[]]]
const FIXED: Fixed[] = [
	[['未开工', '没开工', '尚未开工', 'not started', 'unstarted'], pair('开工', 'Start'), pair('未开工', 'Not started'), ['actual_start', 'empty']],
	[['已开工', 'has started'], pair('开工', 'Start'), pair('已开工', 'Started'), ['actual_start', 'filled']],
	[['未竣工', '未完工', 'unfinished', 'not finished'], pair('竣工', 'Finish'), pair('未竣工', 'Not finished'), ['actual_finish', 'empty']],
	[['已竣工', '已完工', 'finished'], pair('竣工', 'Finish'), pair('已竣工', 'Finished'), ['actual_finish', 'filled']],
	[['停工', 'stopped', 'on hold'], pair('状态', 'State'), pair('停建、冬歇', 'Suspended, winter stop'), ['state', 'in', 'suspended', 'winter_stop']],
	[['逾期', '超期', '滞后', '节点逾期', '延期', 'overdue', 'late', 'delayed', 'slipping'], pair('节点', 'Milestones'), pair('逾期', 'Overdue'), ['days_late', 'gt', '0']],
	[['问题逾期', '逾期问题', '问题超期', '超期问题', 'overdue issue', 'overdue issues'], pair('问题', 'Issues'), pair('逾期', 'Overdue'), ['issues_overdue', 'gt', '0']],
	[['有问题', '存在问题', '未销号', '未办结问题', 'open issue', 'open issues', 'with issues'], pair('问题', 'Issues'), pair('未销号', 'Open'), ['issues_open', 'gt', '0']],
	[['欠序时', '落后序时', '落后', '进度慢', 'behind', 'behind time', 'behind schedule'], pair('序时', 'Against time'), pair('落后', 'Behind'), ['time_variance', 'lt', '0']],
	[['超序时', '超前', 'ahead', 'ahead of time', 'ahead of schedule'], pair('序时', 'Against time'), pair('超前', 'Ahead'), ['time_variance', 'gt', '0']],
	[['未填报', '久未填报', '未报', '没报', 'silent', 'not reported'], pair('填报', 'Reports'), pair('超过 31 天未报', 'Silent for over 31 days'), ['days_without_report', 'gt', '31']],
	[['从未填报', '从未报', 'never reported'], pair('填报', 'Reports'), pair('从未填报', 'Never'), ['last_report', 'empty']],
]
/** Said without meaning anything by themselves. */
const EMPTY = ['的', '和', '与', '且', '并', '在', '里', '中', '项目', '工程', '所有', '全部', '哪些', 'the', 'of', 'in', 'and', 'with', 'all', 'project', 'projects', 'that', 'are', 'is', 'which', 'by', '，', '、', ',', '。', '？', '?', '!', '！', ';', '；']

export function plain(text: string): string {
	return text.toLowerCase().replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[\u3000\s]+/g, ' ').trim()
}

export function vocabularyOf(project: Definition | undefined, unit: Definition | undefined, units: Named[], areas: Named[], today: string): Vocabulary {
	const byFirst = new Map<string, Phrase[]>()
	const known = new Set<string>()
	// who comes first keeps a word: lights before states, states before choices, areas before units
	const put = (words: (string | null | undefined)[], make: Phrase['make']) => {
		for (const raw of words) {
			const word = plain(raw ?? '')
			if (word.length < 2 || known.has(word))
				continue
			known.add(word)
			const list = byFirst.get(word[0]) ?? []
			list.push({ word, make })
			byFirst.set(word[0], list)
		}
	}
	for (const [value, label, words] of LIGHTS)
		put(words, () => ({ term: { field: 'light', op: 'eq', values: [value] }, field: LIGHT, value: label }))
	for (const [words, field, value, [name, op, ...values]] of FIXED)
		put(words, () => ({ term: { field: name, op, values }, field, value }))
	for (const s of project?.states ?? [])
		put([s.label.zh, s.label.en], () => ({ term: { field: 'state', op: 'eq', values: [s.name] }, field: pair('状态', 'State'), value: s.label }))
	const choices = (field: Pick<Field, 'name' | 'type' | 'label' | 'choices'>) => {
		for (const c of field.choices ?? [])
			if (!c.retired)
				put([c.label.zh, c.label.en], () => ({ term: { field: field.name, op: field.type === 'choices' ? 'has' : 'eq', values: [c.name] }, field: field.label, value: c.label }))
	}
	const named = (list: Named[], field: string, label: Label) => {
		for (const n of list) {
			const value = pair(n.names[0], n.names[0])
			put([...n.names, ...n.names.flatMap((x) => [x.replace(/[（(].*$/, ''), x.replace(/^[县市区州](?=.{3})/, '')])], () => ({ term: { field, op: 'under', values: [n.id] }, field: label, value }))
		}
	}
	named(areas, 'area', project?.fields.find((f) => f.name === 'area')?.label ?? pair('区划', 'Area'))
	for (const kind of unit?.fields.find((f) => f.name === 'kind')?.choices ?? []) {
		// a town or a park is where a project stands, whoever leads it; a headquarters has a field of its own
		const own = units.filter((u) => u.kind === kind.name)
		const places = kind.name === 'town' || kind.name === 'park' ? [...new Set(own.flatMap((u) => (u.area ? [u.area] : [])))] : []
		const ids = places.length ? places : own.map((u) => u.id)
		const by = places.length ? 'area' : kind.name === 'headquarters' ? 'headquarters' : 'lead_unit'
		const label = places.length ? pair('所在地', 'Stands in a') : by === 'headquarters' ? pair('归', 'Under a') : pair('牵头单位', 'Led by a')
		if (ids.length && ids.length <= 60)
			put([kind.label.zh, kind.label.en, kind.label.en + 's'], () => ({ term: { field: by, op: 'in', values: ids }, field: label, value: kind.label }))
	}
	const first = ['category', 'programmes']
	const fields = (project?.fields ?? []).filter((f) => f.type === 'choice' || f.type === 'choices')
	for (const f of [...fields.filter((f) => first.includes(f.name)), ...CLASSES, ...fields.filter((f) => !first.includes(f.name))])
		choices(f)
	named(units, 'lead_unit', project?.fields.find((f) => f.name === 'lead_unit')?.label ?? pair('牵头单位', 'Lead unit'))
	for (const list of byFirst.values())
		list.sort((a, b) => b.word.length - a.word.length)
	return { byFirst, today }
}
const CLASSES: Pick<Field, 'name' | 'type' | 'label' | 'choices'>[] = [{ name: 'class', type: 'choice', label: pair('年度类别', 'Class of the year'), choices: [
	{ name: 'carryover', label: pair('续建', 'carry-over') }, { name: 'new_start', label: pair('新开工', 'new start') },
	{ name: 'completion', label: pair('竣工投产', 'completion') }, { name: 'preparatory', label: pair('预备', 'in preparation') }] }]

const latin = (c: string | undefined) => c !== undefined && /[a-z0-9]/.test(c)
/** A Latin word ends where the word ends, with or without the s of the plural. */
function fits(text: string, at: number, word: string): number {
	if (!text.startsWith(word, at))
		return 0
	if (latin(word[0]) && latin(text[at - 1]))
		return 0
	let end = at + word.length
	if (latin(word[word.length - 1])) {
		if (text[end] === 's' && !latin(text[end + 1]))
			end++
		if (latin(text[end]))
			return 0
	}
	return end - at
}

type Found = { length: number; meanings: Omit<Meaning, 'typed'>[] }
const range = (field: string, from: string, to: string, label: Label, value: Label): Omit<Meaning, 'typed'>[] =>
	[{ term: { field, op: 'ge', values: [from] }, field: label, value }, { term: { field, op: 'le', values: [to] }, field: label, value }]

function yearAt(text: string, at: number, today: string): Found | null {
	const m = /^(?:(今年|本年|this year)|(去年|上年|last year)|(明年|next year)|((?:19|20)\d\d)(?:\s*年)?(?!\d))(?:\s*(?:计划|内|年?度)*\s*(开工|竣工|完工|投产|start(?:s|ed|ing)?|finish(?:es|ed|ing)?))?/.exec(text.slice(at))
	if (!m || (m[4] && /[a-z0-9-]/.test(text[at - 1] ?? '')) || (m[4] && /^-\d/.test(text.slice(at + m[0].length))))
		return null
	const year = m[4] ? Number(m[4]) : Number(today.slice(0, 4)) + (m[1] ? 0 : m[2] ? -1 : 1)
	const [from, to] = [`${year}-01-01`, `${year}-12-31`]
	const value = pair(`${year}年`, String(year))
	const what = m[5] ?? ''
	if (/^(开工|start)/.test(what))
		return { length: m[0].length, meanings: range('planned_start', from, to, pair('计划开工', 'Planned start'), value) }
	if (what)
		return { length: m[0].length, meanings: range('planned_finish', from, to, pair('计划竣工', 'Planned finish'), value) }
	return { length: m[0].length, meanings: [ // in hand in that year
		{ term: { field: 'planned_start', op: 'le', values: [to] }, field: pair('建设期含', 'Building in'), value },
		{ term: { field: 'planned_finish', op: 'ge', values: [from] }, field: pair('建设期含', 'Building in'), value }] }
}
function moneyAt(text: string, at: number): Found | null {
	const zh = /^(?:总投资\s*)?(超过|不足|大于|小于)?\s*(\d+(?:\.\d+)?)?\s*(亿|万)元?\s*(以上|及以上|以下|以内)?/.exec(text.slice(at))
	const en = /^(?:investment )?(over|above|under|below) (\d+(?:\.\d+)?) ?(m|million|bn|billion)\b(?: yuan)?/.exec(text.slice(at))
	const below = zh ? /不足|小于/.test(zh[1] ?? '') || /以下|以内/.test(zh[4] ?? '') : /under|below/.test(en?.[1] ?? '')
	if ((!zh || !(zh[1] || zh[4])) && !en)
		return null
	const yuan = zh ? Number(zh[2] ?? 1) * (zh[3] === '亿' ? 1e8 : 1e4) : Number(en![2]) * (/^b/.test(en![3]) ? 1e9 : 1e6)
	const many = zh ? `${zh[2] ?? 1}${zh[3]}元` : `${en![2]} ${/^b/.test(en![3]) ? 'bn' : 'm'} yuan`
	return { length: (zh && (zh[1] || zh[4]) ? zh : en!)[0].length, meanings: [{ term: { field: 'total_investment', op: below ? 'le' : 'ge', values: [String(Math.round(yuan * 100))] },
		field: pair('总投资', 'Total investment'), value: pair(`${below ? '不超过' : '不少于'} ${many}`, `${below ? 'at most' : 'at least'} ${many}`) }] }
}
function phraseAt(text: string, at: number, vocabulary: Vocabulary): Found | null {
	for (const p of vocabulary.byFirst.get(text[at]) ?? []) {
		const length = fits(text, at, p.word)
		if (length)
			return { length, meanings: [p.make()] }
	}
	return null
}

/** All meanings of a piece, or null when a letter of it is left over. */
function wholly(text: string, from: number, to: number, vocabulary: Vocabulary): Meaning[] | null {
	const out: Meaning[] = []
	let at = from
	while (at < to) {
		if (text[at] === ' ') {
			at++
			continue
		}
		const options = [phraseAt(text, at, vocabulary), yearAt(text, at, vocabulary.today), moneyAt(text, at)].filter((f): f is Found => !!f && at + f.length <= to)
		const found = options.sort((a, b) => b.length - a.length)[0]
		if (found) {
			out.push(...found.meanings.map((m) => ({ ...m, typed: text.slice(at, at + found.length) })))
			at += found.length
			continue
		}
		const skip = Math.max(0, ...EMPTY.map((w) => fits(text, at, w)))
		if (!skip)
			return null
		at += skip
	}
	return out
}

export function understand(typed: string, vocabulary: Vocabulary): Understood {
	const text = plain(typed)
	const meanings: Meaning[] = []
	const rest: string[] = []
	const blanks = [...text].flatMap((c, i) => (c === ' ' ? [i] : []))
	let at = 0
	while (at < text.length) {
		// the longest run of pieces that is understood whole: an English phrase has blanks in it
		const ends = [...blanks.filter((i) => i > at), text.length].slice(0, 6).reverse()
		let done = false
		for (const end of ends) {
			const found = wholly(text, at, end, vocabulary)
			if (found) {
				meanings.push(...found)
				at = end + 1
				done = true
				break
			}
		}
		if (!done) {
			const end = blanks.find((i) => i > at) ?? text.length
			rest.push(text.slice(at, end))
			at = end + 1
		}
	}
	return { meanings: merged(meanings), text: rest.join(' ') }
}

/** Two lights are one or the other; the same said twice is said once. */
function merged(meanings: Meaning[]): Meaning[] {
	const out: Meaning[] = []
	for (const m of meanings) {
		const either = out.find((o) => o.term.field === m.term.field && ['eq', 'in'].includes(o.term.op) && ['eq', 'in'].includes(m.term.op))
		if (either) {
			const values = [...new Set([...either.term.values, ...m.term.values])]
			if (values.length > either.term.values.length) {
				either.value = pair(`${either.value.zh}、${m.value.zh}`, `${either.value.en}, ${m.value.en}`)
				either.typed += ' ' + m.typed
			}
			either.term = { field: m.term.field, op: values.length > 1 ? 'in' : 'eq', values }
		} else if (!out.some((o) => JSON.stringify(o.term) === JSON.stringify(m.term))) {
			const i = out.findIndex((o) => o.term.field === m.term.field && o.term.op === 'under' && m.term.op === 'under')
			if (i >= 0)
				out.splice(i, 1) // the later place holds
			out.push({ ...m })
		}
	}
	return out
}

export const termsOf = (u: Understood): Term[] =>
	[...u.meanings.map((m) => m.term), ...(u.text ? [{ field: 'title', op: textOp(u.text), values: [u.text] }] : [])]

/** What could come next: phrases that begin like the last word typed. */
export function suggest(typed: string, vocabulary: Vocabulary, most = 6): string[] {
	const last = plain(typed).split(' ').pop() ?? ''
	if (!last)
		return []
	const found = (vocabulary.byFirst.get(last[0]) ?? []).map((p) => p.word).filter((w) => w.startsWith(last) && w !== last)
	return found.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, most)
}

/** 3 it begins so, 2 it holds it, 1 it is read so in pinyin; 0 not at all. Without the readings nothing is read. */
export function closeness(title: string, typed: string, readings: Readings | null): number {
	const [a, b] = [plain(title), plain(typed)]
	return !b ? 0 : a.startsWith(b) ? 3 : a.includes(b) ? 2 : readings && soundsLike(a, b, readings) ? 1 : 0
}
