// The schedule engine of the server, compiled to WebAssembly: what moves under the pointer is what the server will say.
// A build without clang has none, and a browser or its policy may refuse it: the page then asks the server by saving.
import { engineUrl } from 'virtual:engine'
import { datesOf, flatAgain, type Dates, type Flat } from './flat'
import type { PlanBody } from './model'

export type Engine = (body: PlanBody) => Dates[] | null // null: refused

interface Exports { memory: WebAssembly.Memory; room(words: number): number; run(): number }
let opening: Promise<Engine | null> | null = null

async function open(): Promise<Engine | null> {
	if (!engineUrl || typeof WebAssembly === 'undefined')
		return null
	const answer = await fetch(engineUrl)
	if (!answer.ok)
		return null
	let made: WebAssembly.WebAssemblyInstantiatedSource
	try {
		made = await WebAssembly.instantiate(await answer.arrayBuffer(), {})
	} catch (e) {
		if (e instanceof WebAssembly.CompileError || e instanceof EvalError)
			return null // refused by an old browser's reading of the policy
		throw e
	}
	const { memory, room, run } = made.instance.exports as unknown as Exports
	let flat: Flat | null = null
	return (body) => {
		flat = flatAgain(flat, body)
		const row = flat.row
		const to = room(row.length)
		new Int32Array(memory.buffer, to, row.length).set(row)
		const from = run()
		if (!from)
			return null
		const n = new Int32Array(memory.buffer, from, 1)[0]
		return datesOf(body, new Int32Array(memory.buffer, from + 4, n))
	}
}

export function openEngine(): Promise<Engine | null> {
	opening ??= open()
	return opening
}
