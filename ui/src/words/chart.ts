// Words around a chart (views/chart.ts).
import { wordsOf } from '../base/i18n'

export const words = {
	table: ['数据表', 'Table'],
	picture: ['看图', 'Chart'],
	csv: ['导出 CSV', 'Export CSV'],
	none: ['没有可画的数据', 'Nothing to draw'],
	to: ['至', 'to'],
} as const
export const t = wordsOf(words)
