// Words of the calendar feed of nodes (parts/SubscribeButton.vue) and of what is copied into another program (parts/CopySecret.vue).
import { wordsOf } from '../base/i18n'

export const words = {
	'open': ['订阅日历…', 'Subscribe in a calendar…'],
	'title': ['订阅日历：{name}', 'Subscribe in a calendar: {name}'],
	'lead.project': ['本项目的节点。Outlook、手机日历等程序按这个地址定时取最新日期。', 'The milestones of this project. Outlook, a phone or another calendar program fetches the newest dates from this address.'],
	'lead.unit': ['本单位牵头项目的节点，和由本单位负责的节点。Outlook、手机日历等程序按这个地址定时取最新日期。', 'The milestones of the projects this unit leads, and those it answers for. Outlook, a phone or another calendar program fetches the newest dates from this address.'],
	'address': ['订阅地址', 'Address'],
	'step.token': ['先建一个只读令牌：', 'Make a read-only token:'],
	'step.token.link': ['系统管理 › 接口令牌', 'Administration › API tokens'],
	'step.add': ['在日历程序里选“按网址订阅”，粘贴上面的地址。', 'In the calendar program choose to subscribe by address, and paste the one above.'],
	'step.login': ['程序问用户名和密码时：用户名随意填，如您的登录名；密码填令牌，不是您的登录密码。', 'When it asks for a user name and password: any name, such as your login; as the password the token, not your own password.'],
	'step.header': ['能自己写请求头的程序也可以发 {header}。', 'A program that writes its own headers may send {header} instead.'],
	'step.end': ['不再用时，在同一页停用令牌，订阅随即失效。', 'To stop it, end the token on the same page.'],
	'once': ['只要现在的日期，不要更新：下载文件再导入日历。', 'For the dates of now, without updates: download the file and import it.'],
	'download': ['下载 .ics 文件', 'Download the .ics file'],
	'copy': ['复制', 'Copy'],
	'copied': ['已复制', 'Copied'],
	'copy.self': ['已选中，请按 Ctrl+C 复制', 'Selected: press Ctrl+C'],
} as const
export const t = wordsOf(words)
