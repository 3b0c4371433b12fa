// Words of the big screen.
import { wordsOf } from '../base/i18n'

export const words = {
	'panel.figures': ['关键指标', 'Key figures'],
	'panel.lights': ['亮灯', 'Lights'],
	'panel.units': ['各单位亮灯', 'Lights by unit'],
	'panel.areas': ['各区划亮灯', 'Lights by area'],
	'panel.map': ['项目地图', 'The map'],
	'panel.curve': ['年度完成曲线', 'Done this year'],
	'panel.months': ['亮灯走势', 'Lights over time'],
	'panel.stages': ['项目漏斗与本年目标', 'Stages and targets'],
	'panel.league': ['完成率位次', 'Ranks by share of plan'],
	'panel.changed': ['最近变化', 'What changed last'],
	pause: ['暂停', 'Pause'],
	go: ['继续', 'Go on'],
	next: ['下一屏', 'Next'],
	last: ['上一屏', 'Back'],
	leave: ['退出大屏', 'Leave'],
	full: ['全屏', 'Full screen'],
	controls: ['大屏控制', 'Controls of the big screen'],
	page: ['第 {n} / {of} 页', '{n} of {of}'],
	age: ['数据截至 {when}', 'Data of {when}'],
	lost: ['与服务器断开，显示的是 {when} 的数据', 'Cut off from the server; this is of {when}'],
} as const
export const t = wordsOf(words)
