// A cell's value as plain text and back, the way people write it in a spreadsheet. Pure, but for the language of labels.
import { kindOf, type Field } from '../base/definitions'
import { fenToWan, wanToFen } from '../base/format'

/** lookup: a name that must be found among the records of another register first. */
export type Read = { value: any } | { bad: 'number' | 'money' | 'date' | 'month' | 'choice' | 'yesno' | 'readonly' } | { lookup: string[]; many: boolean }

export const editable = (field: Field) => !field.retired &&
	['text', 'longtext', 'integer', 'quantity', 'money', 'percent', 'date', 'month', 'yesno', 'choice', 'choices', 'ref', 'refs', 'code'].includes(field.type)

const two = (n: string) => n.padStart(2, '0')
const wide = (text: string) => text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ')
const exists = (day: string) => {
	const ms = Date.parse(day + 'T00:00:00Z')
	return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === day
}

/** 2026-03-05, 2026/3/5, 2026.3.5, 20260305, 2026年3月5日; undefined when it is none. */
export function readDate(text: string): string | undefined {
	const m = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?$/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(text)
	const day = m ? `${m[1]}-${two(m[2])}-${two(m[3])}` : ''
	return m && exists(day) ? day : undefined
}
export function readMonth(text: string): string | undefined {
	const m = /^(\d{4})[-/.年](\d{1,2})月?$/.exec(text) ?? /^(\d{4})(\d\d)$/.exec(text)
	return m && +m[2] >= 1 && +m[2] <= 12 ? `${m[1]}-${two(m[2])}` : undefined
}

const YES = ['true', 'yes', 'y', '是', '√', '有', '1']
const NO = ['false', 'no', 'n', '否', '×', '无', '0']
const names = (text: string) => text.split(/[,，、;；]/).map((x) => x.trim()).filter(Boolean)

function choice(field: Field, text: string): string | undefined {
	return field.choices?.find((c) => !c.retired && (c.name === text || c.label?.zh === text || c.label?.en?.toLowerCase() === text.toLowerCase()))?.name
}

export function readCell(field: Field, raw: string): Read {
	if (!editable(field))
		return { bad: 'readonly' }
	const kind = kindOf(field)
	const text = kind === 'text' || kind === 'longtext' ? raw.trim() : wide(raw).trim()
	if (text === '' || text === '—')
		return { value: null }
	const plain = text.replace(/[,\s]/g, '').replace(/^−/, '-')
	switch (kind) {
		case 'money': {
			const m = /^(.*?)(亿元?|万元?|元)?$/.exec(plain)!
			const by = m[2]?.startsWith('亿') ? 1e4 : m[2] === '元' ? 1e-4 : 1
			const fen = by === 1 ? wanToFen(m[1]) : /^-?\d+(\.\d+)?$/.test(m[1]) ? Math.round(Number(m[1]) * by * 1e6) : undefined
			return fen == null ? { bad: 'money' } : { value: fen }
		}
		case 'integer': return /^-?\d{1,15}$/.test(plain) ? { value: Number(plain) } : { bad: 'number' }
		case 'quantity': case 'percent': return /^-?\d{1,12}(\.\d{1,6})?%?$/.test(plain) ? { value: Number(plain.replace('%', '')) } : { bad: 'number' }
		case 'date': {
			const day = readDate(text)
			return day ? { value: day } : { bad: 'date' }
		}
		case 'month': {
			const month = readMonth(text)
			return month ? { value: month } : { bad: 'month' }
		}
		case 'yesno': {
			const low = text.toLowerCase()
			return YES.includes(low) ? { value: true } : NO.includes(low) ? { value: false } : { bad: 'yesno' }
		}
		case 'choice': {
			const name = choice(field, text)
			return name ? { value: name } : { bad: 'choice' }
		}
		case 'choices': {
			const all = names(text).map((x) => choice(field, x))
			return all.every(Boolean) ? { value: all } : { bad: 'choice' }
		}
		case 'ref': return { lookup: [text], many: false }
		case 'refs': return { lookup: names(text), many: true }
		default: return { value: text }
	}
}

/** What readCell() would take back: money in 万元 to the last 分, labels in the language given, titles for refs. */
export function writeCell(field: Field, value: any, titles: Record<string, string>, lang: 'zh' | 'en'): string {
	if (value == null)
		return ''
	const label = (name: string) => field.choices?.find((c) => c.name === name)?.label?.[lang] ?? name
	switch (kindOf(field)) {
		case 'money': return fenToWan(value)
		case 'yesno': return lang === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no'
		case 'choice': return label(value)
		case 'choices': return (value as string[]).map(label).join(lang === 'zh' ? '、' : ', ')
		case 'ref': return titles[value] ?? value
		case 'refs': return (value as string[]).map((id) => titles[id] ?? id).join(lang === 'zh' ? '、' : ', ')
		default: return typeof value === 'object' ? JSON.stringify(value) : String(value)
	}
}
