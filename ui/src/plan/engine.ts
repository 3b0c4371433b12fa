// The schedule engine of the server, compiled to WebAssembly: what moves under the pointer is what the server will say.
// A build without clang has none, and a browser or its policy may refuse it: the page then asks the server by saving.
import { engineUrl } from 'virtual:engine'
import { changesOf, datesOf, flatAgain, type Dates, type Flat } from './flat'
import type { PlanBody } from './model'

export type Engine = (body: PlanBody) => Dates[] | null // null: refused

interface Exports { memory: WebAssembly.Memory; room(words: number): number; run(): number; task_room(words: number): number; change(task: number): number }
const CHANGES = 4 // so many tasks are scheduled one by one; more together
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
	const { memory, room, run, task_room, change } = made.instance.exports as unknown as Exports
	const write = (to: number, words: Int32Array) => new Int32Array(memory.buffer, to, words.length).set(words)
	const said = (from: number) => new Int32Array(memory.buffer, from + 4, new Int32Array(memory.buffer, from, 1)[0])
	let flat: Flat | null = null
	let dates: Dates[] | null = null // as the engine has it; null: it has no plan
	/** What one task says anew is scheduled on the network that is there, where that can be. */
	const changed = (task: number, words: Int32Array): boolean => {
		write(task_room(words.length), words)
		const from = change(task)
		if (from)
			dates = changesOf(flat!.body, dates!, said(from))
		return from !== 0
	}
	return (body) => {
		const next = flatAgain(flat, body)
		flat = next.flat
		if (dates && next.changed && next.changed.length <= CHANGES && next.changed.every((x) => changed(x.task, x.words)))
			return dates
		write(room(flat.row.length), flat.row)
		const from = run()
		return (dates = from ? datesOf(body, said(from)) : null)
	}
}

export function openEngine(): Promise<Engine | null> {
	opening ??= open()
	return opening
}
