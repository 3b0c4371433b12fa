// Words around the help drawer; its text comes from docs/user.*.md.
import { wordsOf } from '../base/i18n'

export const words = {
	title: ['帮助', 'Help'],
	open: ['本页帮助（?）', 'Help on this page (?)'],
	whole: ['全部手册', 'The whole manual'],
	here: ['只看本页', 'Only this page'],
	own: ['在新窗口打开', 'Open in a window'],
	failed: ['手册没有取到。请检查网络后重试。', 'The manual did not come. Check the network and try again.'],
} as const
export const t = wordsOf(words)
