// Words of "my work".
import { wordsOf } from '../base/i18n'

export const words = {
	'count': ['{n} 件，逾期 {over} 件', '{n} in all, {over} overdue'],
	'more': ['再取 {n} 件', '{n} more'],
	'whole': ['再看 {n} 件', 'Show {n} more'],
	'waiting': ['等别人办', 'Waiting for others'],
	'waiting.help': ['我看得到的、由其他单位承办、尚未销号的问题，到期早的在前', 'Open issues in my sight that other units hold, the earliest due first'],
	'waiting.none': ['没有等别人办的事', 'Nothing waits for others'],
	'changed': ['上次看过以后的变化', 'Changed since your last look'],
	'changed.since': ['自 {when}', 'Since {when}'],
	'changed.none': ['没有变化', 'Nothing changed'],
	'changed.first': ['从现在开始记；下次来，这里列出其间的变化', 'Counting begins now; next time the changes in between stand here'],
	'changed.seen': ['都看过了', 'I have seen these'],
	'changed.all': ['全部 {n} 条', 'All {n}'],
	'col.state': ['状态', 'State'],
} as const
export const t = wordsOf(words)
