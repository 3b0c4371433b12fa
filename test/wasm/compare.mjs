// Runs the WebAssembly build on every case and every edit of it, and wants the very bits of the native engine. usage: compare.mjs WASM CASES
import { readFileSync } from "node:fs"
import { readCases } from "./cases.mjs"

const TASK_WORDS = 16
const [wasm, file] = process.argv.slice(2)
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), {})
const { room, run, task_room, change, memory } = instance.exports
let cases = 0
let tasks = 0
let kept = 0
let anew = 0

const write = (to, words) => new Int32Array(memory.buffer, to, words.length).set(words)
const answer = (from) => new Int32Array(memory.buffer, from, new Int32Array(memory.buffer, from, 1)[0] + 1).subarray(1)

function whole(plan) {
	write(room(plan.length), plan)
	const from = run()
	if (from === 0) throw new Error(`case ${cases}: refused`)
	return Int32Array.from(answer(from))
}
function same(got, want, what) {
	if (got.length !== want.length) throw new Error(`case ${cases}${what}: ${got.length} words, not ${want.length}`)
	for (let i = 0; i < want.length; i++)
		if (got[i] !== want[i])
			throw new Error(`case ${cases}${what}, task ${Math.floor((i - 1) / TASK_WORDS)}, word ${(i - 1) % TASK_WORDS}: ${got[i]}, not ${want[i]}`)
}
/** Where a task stands in a plan's row: counted from its end, where all that follows has a fixed length. */
function place(plan, task, length) {
	const [, , , , ntasks, nlinks, nresources, nassignments] = plan
	return plan.length - nlinks * 5 - nresources * 3 - nassignments * 7 - (ntasks - task) * length
}

for (const { plan: first, want, edits } of readCases(file)) {
	const plan = Int32Array.from(first)
	let now = whole(plan)
	same(now, want, "")
	for (const [i, e] of edits.entries()) {
		plan.set(e.words, place(plan, e.task, e.words.length))
		write(task_room(e.words.length), e.words)
		const from = change(e.task)
		if ((from !== 0) !== e.taken) throw new Error(`case ${cases}, edit ${i}: ${from ? "" : "not "}taken`)
		if (from) {
			const changes = answer(from)
			for (let k = 0; k < changes.length; k += 1 + TASK_WORDS)
				now.set(changes.subarray(k + 1, k + 1 + TASK_WORDS), 1 + changes[k] * TASK_WORDS)
			kept++
		} else {
			now = whole(plan)
			anew++
		}
		same(now.subarray(0, -1), e.want.subarray(0, -1), `, edit ${i}`) // a change does not count findings
	}
	tasks += want[0]
	cases++
}
// what is not a plan, and a task that is not there, are refused
write(room(3), [1, 1000000, 7])
if (run() !== 0) throw new Error("nonsense was taken for a plan")
if (change(0) !== 0) throw new Error("a task of no plan was changed")
if (cases < 800) throw new Error(`only ${cases} cases`)
if (kept < anew) throw new Error(`only ${kept} edits on the kept network, ${anew} anew`)
console.log(`${cases} plans with ${tasks} tasks, ${kept} edits on the kept network, ${anew} that built it anew: the same bits`)
