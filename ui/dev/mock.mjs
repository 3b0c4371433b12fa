// A stand-in for the server while working on pages: an invented county, the shapes of docs/http.md, changes over SSE.
// It keeps nothing. `node dev/mock.mjs [port]`, sign in as office / office-2026, or by #/link/demo.
import { createServer } from 'node:http'
import { readFileSync, readdirSync, existsSync, statSync } from 'node:fs'
import { join, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomUUID } from 'node:crypto'

const here = fileURLToPath(new URL('.', import.meta.url))
const dist = join(here, '../dist')
const folder = join(here, '../../registers')
const port = Number(process.argv[2] ?? 8470)
const TODAY = '2026-11-22'
const TIME = 0.893

const defs = readdirSync(folder).filter((f) => f.endsWith('.json') && f !== 'schema.json')
	.map((f) => JSON.parse(readFileSync(join(folder, f), 'utf8'))).filter((d) => d.register)
	.map((d) => ({ ...d, allow: Object.fromEntries(Object.keys(d.allow ?? {}).map((k) => [k, true])), steps: (d.steps ?? []).map((s) => ({ from: [], asks: [], by: [], ...s })) }))
	.sort((a, b) => (a.order ?? 999) - (b.order ?? 999))
const def = (name) => defs.find((d) => d.register === name)

let seed = 7
const random = () => ((seed = (seed * 48271) % 2147483647) / 2147483647)
const pick = (list) => list[Math.floor(random() * list.length)]
const between = (a, b) => a + Math.floor(random() * (b - a + 1))
const day = (offset) => new Date(Date.parse(TODAY) + offset * 864e5).toISOString().slice(0, 10)

const tables = Object.fromEntries(defs.map((d) => [d.register, new Map()]))
const journal = []
const streams = new Set()
let counter = 0
function add(register, fields, state) {
	const id = `01${(++counter).toString(16).padStart(6, '0')}-0000-7000-8000-${counter.toString(16).padStart(12, '0')}`
	const d = def(register)
	const rec = { id, register, number: d.number ? `${register.slice(0, 2).toUpperCase()}2026-${String(tables[register].size + 1).padStart(4, '0')}` : '', version: 1,
		state: state ?? d.states?.[0]?.name ?? null, state_since: TODAY + 'T08:00:00+08:00', created_by: 'office', created_at: day(-300) + 'T09:00:00+08:00',
		changed_by: 'office', changed_at: TODAY + 'T09:00:00+08:00', fields }
	tables[register].set(id, rec)
	return rec
}
const county = add('area', { name: '澄岚县', code: '999901' })
const towns = ['柳溪镇', '石门镇', '北湖街道', '云岭乡', '东河镇', '白沙镇', '青塘镇', '南桥街道', '松岗镇', '临港镇'].map((name) => add('area', { name, parent: county.id }))
const units = [
	...['发展改革局', '工业和信息化局', '住房城乡建设局', '交通运输局', '水利局', '农业农村局'].map((n) => ['department', n]),
	...towns.map((a) => ['town', a.fields.name]), ['park', '澄岚经济开发区'], ['park', '临港物流园'],
	...['工业项目指挥部', '交通项目指挥部', '城建项目指挥部'].map((n) => ['headquarters', n]), ['task_force', '征迁专班'],
].map(([kind, name]) => add('unit', { name, kind }))
const leads = units.filter((u) => ['department', 'town', 'park'].includes(u.fields.kind))
const hq = units.filter((u) => u.fields.kind === 'headquarters')
const categories = def('project').fields.find((f) => f.name === 'category').choices.map((c) => c.name)
const nouns = ['精密轴承生产线', '污水处理厂二期', '环湖公路', '智能装备产业园', '冷链物流中心', '中学迁建', '水库除险加固', '光伏电站', '人民医院扩建', '老旧小区改造', '食品加工基地', '新材料项目']
for (let i = 0; i < 64; i++) {
	const total = between(300, 90000) * 1e7
	const lead = pick(leads)
	const plan = Math.round(total * (0.2 + random() * 0.3))
	const share = random() < 0.08 ? 0 : 0.3 + random() * 0.75
	const p = add('project', { title: lead.fields.name.replace(/[镇乡局]|街道/g, '') + pick(nouns) + (i > 30 ? `（${between(1, 3)}期）` : ''), category: pick(categories),
		programmes: random() < 0.5 ? ['county'] : ['municipal', 'county'], area: pick(towns).id, lead_unit: lead.id, headquarters: pick(hq).id, total_investment: total,
		planned_start: day(-between(200, 700)), planned_finish: day(between(-60, 500)), description: '新建厂房及配套设施，购置主要设备。\n分两期建设。', pledge_leader: '县领导甲', project_code: null }, pick(['building', 'building', 'started', 'ready', 'preparatory']))
	p.plan = plan
	const months = random() < 0.06 ? 0 : between(6, 16)
	let sum = 0
	for (let m = months; m >= 1; m--) {
		const end = new Date(Date.UTC(2026, 10 - m + 1, 0)).toISOString().slice(0, 10)
		const investment = Math.round((plan * share) / 10 * (0.5 + random()) / 1e6) * 1e6
		const year = Number(end.slice(0, 4)) === 2026
		sum = (end.slice(5, 7) === '01' ? 0 : sum) + investment
		add('report', { project: p.id, period_kind: 'month', period: end, investment, investment_year: year ? sum : sum, work_volume: Math.round(investment * 0.7), paid: Math.round(investment * 0.6), work_completed: Math.min(99, 5 + (16 - m) * 6),
			people_on_site: between(20, 180), machines_on_site: between(2, 30), visual_progress: pick(['桩基施工完成', '主体结构施工至三层', '路基填筑', '设备安装调试']), forecast_finish: p.fields.planned_finish, stage: 'structure' }, 'verified')
	}
	for (const [k, name, off] of [['start', '开工', -300], ['works', '主体封顶', -between(-40, 120)], ['finish', '竣工验收', between(40, 300)], ['production', '投产', between(320, 500)]]) {
		const first = day(off)
		add('milestone', { project: p.id, name, kind: k, weight: 10, first_approved: first, planned: random() < 0.3 ? day(off + 45) : first, forecast: off > -30 ? day(off + between(-20, 70)) : null, actual: off < -60 ? day(off + between(-15, 25)) : null }, off < -60 ? 'verified' : 'planned')
	}
	if (random() < 0.5)
		add('issue', { project: p.id, title: pick(['用电接入容量不足', '红线内三户未签约', '施工便道未通', '环评批复未取得']), kind: 'utilities', lead_unit: pick(leads).id, level: pick(['level_1', 'level_2', 'level_3']), raised_on: day(-between(3, 40)), severity: 'serious' }, pick(['assigned', 'handling', 'handling', 'answered', 'closed']))
}
const of = (register, project) => [...tables[register].values()].filter((r) => r.fields.project === project)
function derive(p) {
	const reports = of('report', p.id).filter((r) => r.state !== 'draft').sort((a, b) => (a.fields.period < b.fields.period ? 1 : -1))
	const last = reports[0]
	const done = reports.filter((r) => r.fields.period.startsWith('2026')).reduce((s, r) => s + (r.fields.investment ?? 0), 0)
	const completion = p.plan ? Math.round((done / p.plan) * 1000) / 10 : null
	const variance = completion == null ? null : Math.round((completion - TIME * 100) * 10) / 10
	const next = of('milestone', p.id).filter((m) => !m.fields.actual).sort((a, b) => (a.fields.planned < b.fields.planned ? -1 : 1))[0]
	const light = !last ? -1 : variance >= -5 ? 0 : variance >= -20 ? 1 : variance >= -40 ? 2 : 3
	const issues = of('issue', p.id).filter((x) => x.state !== 'closed')
	return { light, light_since: day(-20), class: 'carryover', annual_plan_investment: p.plan ?? null, completed_investment: last ? done : null, plan_completion: last ? completion : null, time_progress: TIME * 100, time_variance: last ? variance : null,
		cumulative_investment: last ? done : null, last_report: last?.fields.period ?? null, days_without_report: last ? Math.round((Date.parse(TODAY) - Date.parse(last.fields.period)) / 864e5) : null,
		next_milestone: next?.fields.name ?? null, next_milestone_due: next?.fields.planned ?? null, days_late: next && next.fields.planned < TODAY ? Math.round((Date.parse(TODAY) - Date.parse(next.fields.planned)) / 864e5) : 0,
		milestones: 4, milestones_done: 1, issues_open: issues.length, issues_overdue: issues.length ? 1 : 0, forecast_finish: last?.fields.forecast_finish ?? null }
}
const titleOf = (r) => { const d = def(r.register); const f = d.title ?? 'name'; return String(r.fields[f] ?? r.number) }
const find = (id) => { for (const t of Object.values(tables)) if (t.has(id)) return t.get(id); return null }
function value(r, column) {
	if (column in r && column !== 'fields') return r[column]
	if (column === 'title') return titleOf(r)
	if (r.register === 'project') { const d = (r.derived ??= derive(r)); if (column in d) return d[column] }
	return r.fields[column] ?? null
}
function passes(r, term) {
	const [field, op, ...rest] = term.split(':')
	const raw = rest.join(':')
	const v = value(r, field)
	const list = raw.split(',').map(decodeURIComponent)
	switch (op) {
		case 'eq': case 'in': case 'under': return list.includes(String(v))
		case 'ne': return !list.includes(String(v))
		case 'has': return (v ?? []).includes(raw)
		case 'empty': return v == null; case 'filled': return v != null
		case 'text': return (titleOf(r) + r.number).includes(decodeURIComponent(raw))
		case 'lt': return v != null && (isNaN(v) ? v < raw : v < Number(raw)); case 'le': return v != null && (isNaN(v) ? v <= raw : v <= Number(raw))
		case 'gt': return v != null && (isNaN(v) ? v > raw : v > Number(raw)); case 'ge': return v != null && (isNaN(v) ? v >= raw : v >= Number(raw))
	}
	throw { status: 422, detail: `不认识的筛选 “${term}”`, where: 'filter' }
}
function query(register, q) {
	let rows = [...tables[register].values()]
	for (const term of (q.get('filter') ?? '').split(';').filter(Boolean)) rows = rows.filter((r) => passes(r, term))
	const keys = (q.get('sort') ?? '').split(',').filter(Boolean)
	const cmp = (a, b) => (a == null ? (b == null ? 0 : -1) : b == null ? 1 : a < b ? -1 : a > b ? 1 : 0)
	rows.sort((a, b) => { for (const k of keys) { const f = k.replace('-', ''); const x = value(a, f), y = value(b, f); const c = x == null || y == null ? cmp(x, y) : (k[0] === '-' ? -1 : 1) * cmp(x, y); if (c) return c } return a.id < b.id ? -1 : 1 })
	const columns = ['id', ...(q.get('columns') ?? 'number,title').split(',').filter((c) => c && c !== 'id')]
	const start = q.get('after') ? rows.findIndex((r) => r.id === q.get('after')) + 1 : 0
	const limit = Number(q.get('limit') ?? 100)
	const page = q.get('count') === 'only' ? [] : rows.slice(start, start + limit)
	const titles = {}
	const out = page.map((r) => columns.map((c) => { const v = value(r, c); for (const x of [].concat(v)) if (typeof x === 'string' && x.length === 36) { const t = find(x); if (t) titles[x] = titleOf(t) } return v }))
	const sums = Object.fromEntries((q.get('sums') ?? '').split(',').filter(Boolean).map((c) => [c, rows.reduce((s, r) => s + (value(r, c) ?? 0), 0)]))
	return { total: rows.length, as_of: q.get('as_of') ?? TODAY, journal: journal.length, columns, rows: out, titles, next: start + limit < rows.length ? page.at(-1)?.id ?? null : null, sums }
}
const SLOT = { '-1': 'none', 0: 'green', 1: 'watch', 2: 'warn', 3: 'serious' }
function group(rows, more) {
	const lights = { none: 0, green: 0, watch: 0, warn: 0, serious: 0, exempt: 0, undefined: 0 }
	let plan = 0, done = 0, newest = null, oldest = null, silent = 0
	for (const p of rows) {
		const d = (p.derived ??= derive(p))
		lights[SLOT[d.light]]++
		plan += d.annual_plan_investment ?? 0; done += d.completed_investment ?? 0
		if (d.last_report) { newest = !newest || d.last_report > newest ? d.last_report : newest; oldest = !oldest || d.last_report < oldest ? d.last_report : oldest }
		if (d.days_without_report > 40) silent++
	}
	const completion = plan ? Math.round((done / plan) * 1000) / 10 : null
	return { ...more, count: rows.length, lights, sums: { annual_plan_investment: plan, completed_investment: done }, plan_completion: completion, variance: completion == null ? null : Math.round((completion - TIME * 100) * 10) / 10, oldest_report: oldest, newest_report: newest, silent }
}
function wall() {
	const all = [...tables.project.values()]
	const whole = group(all, {})
	const money = (name, zh, en, v, more = {}) => ({ name, label: { zh, en }, value: v, unit: 'money', query: 'sort=-' + name, ...more })
	const issues = [...tables.issue.values()].filter((x) => x.state !== 'closed')
	const choices = def('project').fields
	return { as_of: TODAY, journal: journal.length, today: TODAY, time_progress: TIME,
		figures: [{ name: 'projects', label: { zh: '在册项目', en: 'Projects' }, value: all.length, unit: 'count', query: '' }, money('annual_plan_investment', '年度计划投资', 'Plan of the year', whole.sums.annual_plan_investment),
			money('completed_investment', '本年完成投资', 'Done this year', whole.sums.completed_investment, { percent: whole.plan_completion, beside: 'time_progress', variance: whole.variance }),
			money('total_investment', '总投资', 'Total investment', all.reduce((s, p) => s + p.fields.total_investment, 0)),
			{ name: 'started', label: { zh: '已开工', en: 'Started' }, value: all.filter((p) => ['started', 'building'].includes(p.state)).length, unit: 'count', percent: 78.1, beside: 'time_progress', variance: -11.2, query: 'filter=state:in:started,building' },
			{ name: 'issues_open', label: { zh: '未销号问题', en: 'Open issues' }, value: issues.length, unit: 'count', query: 'filter=issues_open:gt:0' },
			{ name: 'silent', label: { zh: '逾期未报', en: 'Silent' }, value: whole.silent, unit: 'count', query: 'filter=days_without_report:gt:40' }],
		lights: whole.lights,
		by_unit: units.map((u) => group(all.filter((p) => p.fields.lead_unit === u.id || p.fields.headquarters === u.id), { id: u.id, title: u.fields.name, kind: u.fields.kind, parent: null })).filter((g) => g.count),
		by_area: towns.map((a) => group(all.filter((p) => p.fields.area === a.id), { id: a.id, title: a.fields.name, kind: 'town', parent: county.id })),
		by_category: choices.find((f) => f.name === 'category').choices.map((c) => group(all.filter((p) => p.fields.category === c.name), { key: c.name, label: c.label })).filter((g) => g.count),
		by_programme: choices.find((f) => f.name === 'programmes').choices.map((c) => group(all.filter((p) => p.fields.programmes.includes(c.name)), { key: c.name, label: c.label })).filter((g) => g.count),
		changed: journal.slice(-30).reverse().map((e) => ({ no: e.no, at: e.at, who: { id: 'office', name: '项目办' }, register: e.register, id: e.id, title: e.title, project: e.project, step: e.step, text: e.text, light: e.light })) }
}
function note(rec, step, before, changes, light) {
	const project = rec.register === 'project' ? rec : find(rec.fields.project)
	const e = { no: journal.length + 1, at: new Date().toISOString(), register: rec.register, id: rec.id, project: project?.id ?? null, step, version: rec.version, light, title: project ? titleOf(project) : titleOf(rec),
		text: { zh: `${step ? def(rec.register).steps.find((s) => s.name === step)?.label.zh ?? '' : rec.version === 1 ? '新增' : '修改'}${def(rec.register).label.zh}`, en: `${def(rec.register).label.en} ${step ?? (rec.version === 1 ? 'added' : 'changed')}` }, state: [before, rec.state], changes }
	journal.push(e)
	for (const s of streams) s.write(`id: ${e.no}\nevent: change\ndata: ${JSON.stringify({ no: e.no, at: e.at, register: e.register, id: e.id, project: e.project, step, version: rec.version, light, title: e.title })}\n\n`)
}
function change(rec, fields, step) {
	const project = rec.register === 'project' ? rec : find(rec.fields.project)
	const was = project ? derive(project).light : null
	const before = rec.state
	const changes = Object.entries(fields ?? {}).map(([field, after]) => ({ field, before: rec.fields[field] ?? null, after }))
	Object.assign(rec.fields, fields)
	if (step) { const s = def(rec.register).steps.find((x) => x.name === step); if (s?.to) rec.state = s.to }
	if (project) project.derived = undefined
	const now = project ? derive(project).light : null
	rec.changed_at = new Date().toISOString()
	note(rec, step ?? null, before, changes, was !== now ? [was, now] : null)
}
function full(rec) {
	const titles = {}
	for (const v of Object.values(rec.fields)) for (const x of [].concat(v)) { const t = typeof x === 'string' && x.length === 36 ? find(x) : null; if (t) titles[x] = titleOf(t) }
	const d = def(rec.register)
	const open = d.states?.find((s) => s.name === rec.state)?.open
	return { ...rec, derived: undefined, plan: undefined, fields: rec.register === 'project' ? { ...rec.fields, ...derive(rec) } : rec.fields, titles, allow: { update: true, delete: true, steps: d.steps.filter((s) => !s.from.length || s.from.includes(rec.state)).map((s) => s.name) },
		clocks: open && d.clocks?.length ? [{ clock: d.clocks.at(-1).name, label: d.clocks.at(-1).label, holder: rec.fields.lead_unit ? { id: rec.fields.lead_unit, title: titleOf(find(rec.fields.lead_unit)) } : null, due: day(3) + 'T18:00:00+08:00', left: 3, level: 1, overdue: false, started: day(-4) + 'T09:00:00+08:00', next_level_at: day(4) + 'T09:00:00+08:00' }] : [] }
}
function lights(p) {
	const d = derive(p)
	const last = of('report', p.id).sort((a, b) => (a.fields.period < b.fields.period ? 1 : -1))[0]
	const input = (name, zh, text, who) => ({ name, label: { zh, en: name }, value: 1, text: { zh: text, en: text }, who, at: TODAY + 'T08:30:00+08:00', record: last?.id ?? null, journal: 12 })
	return { overall: d.light, lights: [{ ruleset: 'L1', light: 'investment', label: { zh: ['绿灯', '黄灯', '橙灯', '红灯'][d.light] ?? '无数据', en: 'card' }, severity: d.light, colour: 'red', word: { zh: '', en: '' },
		rule: { zh: '年度投资完成率低于时序进度 20 个百分点以上亮黄灯，40 个百分点以上亮红灯', en: 'Plan completion more than 20 points behind time: watch; more than 40: serious' }, source: '示例规则（演示）', inputs: [input('completed_investment', '本年完成投资', (d.completed_investment / 1e6).toFixed(0) + ' 万元', '石门镇填报员'), input('annual_plan_investment', '年度计划投资', (d.annual_plan_investment / 1e6).toFixed(0) + ' 万元', '项目办')],
		to_green: d.light > 0 ? { zh: `本年再完成 ${Math.round((p.plan * 0.85 - d.completed_investment) / 1e6)} 万元`, en: 'do more this year' } : { zh: null, en: null }, since: d.light_since, exemption: null, findings: [] }] }
}
let imports = {}
const send = (res, status, body, headers = {}) => { const text = body === undefined ? '' : JSON.stringify(body); res.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers }); res.end(text) }
const office = { name: { zh: '澄岚县重大项目办公室（演示）', en: 'Chenglan County Major Projects Office (demo)' } }
let signedIn = new Set()
function session(sid) {
	const on = signedIn.has(sid)
	return { account: on ? { id: 'acc1', login: 'office', name: '项目办', roles: ['office'], unit: { id: units[0].id, title: units[0].fields.name }, scope_text: '全县', lang: null } : null, csrf: 'x', first_run: false, now: new Date().toISOString(), today: TODAY, office, time_progress: TIME }
}
async function api(req, res, path, q) {
	const chunks = []
	for await (const c of req) chunks.push(c)
	const raw = Buffer.concat(chunks)
	const body = (req.headers['content-type'] ?? '').includes('json') && raw.length ? JSON.parse(raw) : null
	const sid = /guatu=(\w+)/.exec(req.headers.cookie ?? '')?.[1]
	const [a, b, c, d, e] = path
	if (a === 'session') {
		if (b === 'password') return send(res, 200, session(sid))
		if (req.method === 'POST') {
			if (body.link !== 'demo' && (body.password !== 'office-2026')) return send(res, 401, { type: '/problems/login', title: '登录失败', status: 401, detail: '账号或密码不对', wait_seconds: body.login === 'locked' ? 30 : 0 })
			const n = randomUUID().replace(/-/g, ''); signedIn.add(n)
			return send(res, 200, session(n), { 'Set-Cookie': `guatu=${n}; Path=/; HttpOnly; SameSite=Strict` })
		}
		if (req.method === 'DELETE') { signedIn.delete(sid); return send(res, 200, session(sid)) }
		return send(res, 200, session(sid))
	}
	if (!signedIn.has(sid)) throw { status: 401, type: 'login', detail: '请先登录' }
	if (a === 'registers' && !b) return send(res, 200, { edition: 1, registers: defs })
	if (a === 'wall') return send(res, 200, wall())
	if (a === 'lights') return send(res, 200, lights(find(b)))
	if (a === 'work') return send(res, 200, { clocks: [...tables.issue.values()].filter((x) => x.state !== 'closed').slice(0, 12).map((x, i) => ({ record: x.id, register: 'issue', title: x.fields.title, clock: 'answer', label: { zh: '办理时限', en: 'Answer due' }, holder: { id: x.fields.lead_unit, title: titleOf(find(x.fields.lead_unit)) }, due: day(i - 3) + 'T18:00:00+08:00', left: i - 3, level: i < 3 ? 2 : 1, overdue: i < 3 })) })
	if (a === 'stream') { res.writeHead(200, { 'Content-Type': 'text/event-stream' }); res.write(': hello\n\n'); streams.add(res); req.on('close', () => streams.delete(res)); return }
	if (a === 'files') { if (req.method === 'POST') return send(res, 201, { id: randomUUID(), name: 'photo.jpg', type: 'image/jpeg', bytes: raw.length }); return send(res, 404, { type: '/problems/missing', status: 404, detail: '没有这个文件' }) }
	if (a === 'import' && !b) {
		const id = randomUUID()
		const text = raw.toString('utf8'); const csv = text.slice(text.indexOf('\r\n\r\n') + 4).split(/\r?\n--/)[0].split(/\r?\n/).filter(Boolean).map((l) => l.split(','))
		imports[id] = { import: id, register: q.get('register'), sheets: [{ name: 'Sheet1', rows: csv.length - 1, header_row: 1, columns: csv[0].map((h, i) => ({ index: i, heading: h, field: i === 0 ? 'title' : null, how: i === 0 ? 'label' : 'none', sample: csv.slice(1, 4).map((r) => r[i]) })) }], rows: csv.length - 1, good: csv.length - 2, problems: [{ sheet: 'Sheet1', row: 3, column: 2, heading: csv[0][1], value: csv[2]?.[1], level: 'error', text: '不是数', advice: '改为数字，如 1200' }], preview: csv.slice(1), totals: { total_investment: 120000000 } }
		return send(res, 200, imports[id])
	}
	if (a === 'import' && c === 'confirm') return send(res, 200, { created: imports[b].good, updated: 0, unchanged: 0, refused: 1, rows: [{ row: 2, result: 'created', record: [...tables.project.keys()][0], text: '' }, { row: 3, result: 'refused', record: null, text: '不是数' }] })
	if (a === 'import') return send(res, 200, imports[b])
	if (a !== 'r' || !def(b)) throw { status: 404, type: 'missing', detail: '没有 ' + path.join('/') }
	if (!c && req.method === 'GET') return send(res, 200, query(b, q))
	if (!c) { const rec = add(b, body.fields); const project = find(rec.fields.project); const was = project ? lights(project).overall : null; if (project) project.derived = undefined; note(rec, null, null, [], project && derive(project).light !== was ? [was, derive(project).light] : null); return send(res, 201, full(rec), { ETag: `"${rec.version}"` }) }
	const rec = find(c)
	if (!rec) throw { status: 404, type: 'missing', detail: '没有这条记录' }
	if (d === 'children') return send(res, 200, { records: of(e, c).sort((x, y) => (x.id < y.id ? 1 : -1)).map(full), next: null })
	if (d === 'history') return send(res, 200, { entries: journal.filter((x) => x.id === c).reverse().map((x) => ({ no: x.no, at: x.at, who: { id: 'acc1', name: '项目办' }, via: 'web', step: x.step, state: x.state, changes: x.changes, reason: null, hash: '5f2a…' })), next: null })
	if (req.method === 'GET') return send(res, 200, full(rec), { ETag: `"${rec.version}"` })
	const seen = Number((req.headers['if-match'] ?? '').replace(/"/g, ''))
	if (seen !== rec.version) throw { status: 409, type: 'conflict', detail: '别人已先一步修改', yours: body.fields, current: full(rec) }
	rec.version++
	change(rec, body?.fields, d === 'steps' ? e : null)
	send(res, 200, full(rec), { ETag: `"${rec.version}"` })
}
const MIME = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
createServer((req, res) => {
	const url = new URL(req.url, 'http://x')
	const path = url.pathname.split('/').filter(Boolean)
	if (path[0] === 'api')
		return api(req, res, path.slice(1), url.searchParams).catch((e) => e.status ? send(res, e.status, { type: '/problems/' + (e.type ?? 'input'), title: '', ...e }) : (console.error(e), send(res, 500, { type: '/problems/system', status: 500, detail: String(e) })))
	const file = join(dist, url.pathname === '/' ? 'index.html' : url.pathname)
	if (!file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) { res.writeHead(404); return res.end() }
	res.writeHead(200, { 'Content-Type': MIME[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'" })
	res.end(readFileSync(file))
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/#/link/demo`))
