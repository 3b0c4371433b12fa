// A plan template before it is taken.
import { wordsOf } from '../base/i18n'

export const words = {
	'look': ['看手续与工期', 'Permits and durations'],
	'help': ['◆ 节点，▤ 手续，▬ 施工。前置相同的可以并联。“默认”是本程序的估计，建好计划后请按实际修改。', '◆ milestone, ▤ permit, ▬ works. What follows the same goes side by side. "Default" is our guess: edit it once the plan is made.'],
	'name': ['事项', 'Item'],
	'after': ['前置', 'After'],
	'days': ['工期（工作日）', 'Working days'],
	'legal': ['法定时限', 'Legal limit'],
	'promised': ['承诺时限', 'Promised'],
	'ground': ['依据', 'Ground'],
	'share': ['形象进度', 'Visible progress'],
	'weight': ['权重 {n}', 'weight {n}'],
	'default': ['默认', 'default'],
	'stages': ['（四个审批阶段）', '(the four stages of permits)'],
	'take': ['用这个模板', 'Begin with it'],
} as const
export const t = wordsOf(words)
