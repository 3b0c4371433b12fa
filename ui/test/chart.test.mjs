import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './load.mjs'

let tool, c, engine
before(async () => {
	tool = await open()
	;[c, engine] = [await tool.load('views/chart_table.ts'), await tool.load('views/chart_engine.ts')]
})
after(() => tool.close())

const spec = {
	title: '完成曲线', kind: 'axis', labelTitle: '月份', labels: ['2026-01', '2026-02', '2026-03'],
	series: [{ name: '计划, 累计', values: [10, 20, 30] }, { name: '=1+1', values: [9, null, null] }], text: (v) => (v == null ? '—' : v + '%'),
}

test('the table has every label and every value, and says what is not known', () => {
	assert.deepEqual(c.chartRows(spec), [['月份', '计划, 累计', '=1+1'], ['2026-01', '10%', '9%'], ['2026-02', '20%', '—'], ['2026-03', '30%', '—']])
})

test('the export holds plain numbers, quotes commas, and no text a sheet would run', () => {
	assert.equal(c.chartCsv(spec), "\ufeff月份,\"计划, 累计\",'=1+1\r\n2026-01,10,9\r\n2026-02,20,\r\n2026-03,30,\r\n")
})

test('the summary names the first and the last known value', () => {
	assert.equal(c.chartSummary(spec, '至'), '完成曲线; 计划, 累计: 2026-01 10% 至 2026-03 30%; =1+1: 2026-01 9%')
})

test('long names beside bars are cut at their end, and the last day under the axis has room', () => {
	const sight = { size: 14, width: 600, still: true, pickable: false }
	const lying = engine.option({ ...spec, kind: 'lying', labels: ['很长的任务名称'.repeat(9)], series: [{ name: '影响', values: [1] }] }, () => '', sight)
	assert.deepEqual([lying.yAxis.axisLabel.overflow, lying.yAxis.axisLabel.width], ['truncate', 240])
	assert.ok(engine.option({ ...spec, labels: ['2026-11-02', '2026-11-03'] }, () => '', sight).grid.right >= 40)
})
