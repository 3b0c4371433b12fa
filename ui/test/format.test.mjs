import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, f
before(async () => {
	tool = await open()
	f = await tool.load('base/format.ts')
})
after(() => tool.close())

test('money takes the unit that a reader expects', () => {
	assert.equal(f.money(123456789_00, 'zh'), '1.23 亿元')
	assert.equal(f.money(9999_0000_00, 'zh'), '9,999 万元')
	assert.equal(f.money(1_0000_00, 'zh'), '1.00 万元')
	assert.equal(f.money(999900, 'zh'), '9,999 元')
	assert.equal(f.money(-2_5000_0000_00, 'zh'), '−2.50 亿元')
	assert.equal(f.money(0, 'zh'), '0 元')
	assert.equal(f.money(null, 'zh'), '—')
	assert.equal(f.money(2_500_000_000_00, 'en'), '2.50 bn yuan')
	assert.equal(f.money(6_030_000_00, 'en'), '6.03 m yuan')
})

test('money of a column has one unit', () => {
	assert.equal(f.moneyCell(12_3456_7890_00, 'zh'), '123,457')
	assert.equal(f.moneyCell(1_2345_00, 'zh'), '1.23')
	assert.equal(f.moneyCell(0, 'zh'), '0')
	assert.deepEqual([0, 1_0000_00, 6_030_000_00, 123_000_000_00].map((x) => f.moneyCell(x, 'en')), ['0.00', '0.01', '6.03', '123.00'])
	assert.deepEqual([0, 50_000_000_00].map((x) => f.moneyMark(x, 'en')), ['0', '50'])
})

test('万元 goes in and out of an input without loss, to the last 分', () => {
	for (const fen of [0, 1, -1, 10, 999999, 1000000, 1234567, -120050000, 9007199254740990 % 1e15])
		assert.equal(f.wanToFen(f.fenToWan(fen)), fen)
	assert.equal(f.wanToFen('1,200.5'), 1200500000)
	assert.equal(f.wanToFen('１２'), undefined)
	assert.equal(f.wanToFen('-3'), -3000000)
	assert.equal(f.wanToFen('−3'), -3000000)
	assert.equal(f.wanToFen(''), null)
	assert.equal(f.wanToFen('1.2345678'), undefined)
	assert.equal(f.wanToFen('12万'), undefined)
	assert.equal(f.fenToWan(120000000), '120')
})

test('points carry their sign, and a dash stands for nothing', () => {
	assert.equal(f.points(3.14), '+3.1')
	assert.equal(f.points(-12), '−12.0')
	assert.equal(f.points(0.04), '0.0')
	assert.equal(f.points(-0.04), '0.0')
	assert.equal(f.points(null), '—')
	assert.equal(f.percent(61.25), '61.3%')
})

test('days and period ends', () => {
	assert.equal(f.daysBetween('2026-02-27', '2026-03-01'), 2)
	assert.equal(f.daysBetween('2026-03-01', '2026-02-27'), -2)
	assert.equal(f.monthEnd('2024-02-10'), '2024-02-29')
	assert.equal(f.monthEnd('2026-12-31'), '2026-12-31')
	assert.equal(f.reportMonth('2026-11-22'), '2026-10-31')
	assert.equal(f.reportMonth('2026-11-26'), '2026-11-30')
	assert.equal(f.reportMonth('2026-01-05'), '2025-12-31')
	assert.equal(f.reportWeek('2026-11-22'), '2026-11-22') // a Sunday
	assert.equal(f.nextPeriod('month', null, '2026-11-22'), '2026-10-31')
	assert.equal(f.nextPeriod('month', '2026-09-30', '2026-11-22'), '2026-10-31')
	assert.equal(f.nextPeriod('month', '2026-10-31', '2026-11-22'), '2026-11-30')
	assert.equal(f.nextPeriod('month', '2026-12-31', '2026-12-31'), '2027-01-31')
	assert.equal(f.nextPeriod('week', '2026-11-22', '2026-11-25'), '2026-11-29')
	assert.equal(f.reportWeek('2026-11-25'), '2026-11-22')
})

test('an instant is shown in the office\'s time, not the reader\'s', () => {
	const now = new Date('2026-11-22T20:00:00Z') // already the 23rd at +08:00
	assert.equal(f.instant('2026-11-23T03:40:00+08:00', now), '03:40')
	assert.equal(f.instant('2026-11-22T23:59:00+08:00', now), '11-22 23:59')
	assert.equal(f.instant('2025-12-31T23:59:00+08:00', now), '2025-12-31 23:59')
	assert.equal(f.instant('nonsense', now), 'nonsense')
})
