// Runs the WebAssembly build on every case and wants the very bits of the native engine. usage: compare.mjs WASM CASES
import { readFileSync } from "node:fs"

const [wasm, file] = process.argv.slice(2)
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), {})
const { room, run, memory } = instance.exports
const bytes = readFileSync(file)
const words = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
let cases = 0
let tasks = 0

for (let at = 0; at < words.length; cases++) {
	const plan = words.subarray(at + 1, at + 1 + words[at])
	at += 1 + plan.length
	const want = words.subarray(at + 1, at + 1 + words[at])
	at += 1 + want.length
	const to = room(plan.length)
	new Int32Array(memory.buffer, to, plan.length).set(plan)
	const from = run()
	if (from === 0) throw new Error(`case ${cases}: refused`)
	const got = new Int32Array(memory.buffer, from, new Int32Array(memory.buffer, from, 1)[0] + 1).subarray(1)
	if (got.length !== want.length) throw new Error(`case ${cases}: ${got.length} words, not ${want.length}`)
	for (let i = 0; i < want.length; i++)
		if (got[i] !== want[i])
			throw new Error(`case ${cases}, task ${Math.floor((i - 1) / 16)}, word ${(i - 1) % 16}: ${got[i]}, not ${want[i]}`)
	tasks += want[0]
}
// a row that is not a plan is refused
const to = room(3)
new Int32Array(memory.buffer, to, 3).set([1, 1000000, 7])
if (run() !== 0) throw new Error("nonsense was taken for a plan")
if (cases < 800) throw new Error(`only ${cases} cases`)
console.log(`${cases} plans with ${tasks} tasks: the same bits`)
