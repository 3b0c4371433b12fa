// Words of the chart for the wall (parts/WallChartBox.vue).
import { wordsOf } from '../base/i18n'

export const words = {
	'title': ['上墙图', 'Chart for the wall'],
	'open': ['上墙图…', 'Wall chart…'],
	'format': ['格式', 'Format'],
	'format.pdf': ['PDF（打印用）', 'PDF, to print'],
	'format.svg': ['SVG（矢量图）', 'SVG drawing'],
	'format.docx': ['DOCX（文档内图片）', 'DOCX, as pictures'],
	'paper': ['纸张', 'Paper'],
	'upright': ['竖放', 'Upright'],
	'tile': ['切成小纸', 'Cut into'],
	'tile.none': ['不切', 'not cut'],
	'ink': ['颜色', 'Ink'],
	'ink.colour': ['彩色', 'colour'],
	'ink.grey': ['黑白', 'black and white'],
	'lang': ['语言', 'Language'],
	'preview': ['预览：所选纸张上的样子', 'Preview, as it stands on the paper'],
	'waiting': ['正在画…', 'Drawing…'],
	'print': ['打开打印', 'Open to print'],
	'print.now': ['打印', 'Print'],
	'print.alt': ['横道图', 'The chart'],
	'print.failed': ['图没有画成，请稍后再打印', 'The chart could not be drawn: print again later'],
	'download': ['下载', 'Download'],
} as const
export const t = wordsOf(words)
export type WallWord = keyof typeof words
