// Changes made in the ledger: one cell by PATCH, many by the bulk call, and the way back for both. What was done is kept
// as old and new values; undoing is another change with its own journal entry, refused like any other when somebody has
// been there since.
import { ref } from 'vue'
import { call, uuid, type Fields, type RecordBody } from '../base/api'

export interface Change { id: string; version?: number; fields: Fields }
export interface BulkRow {
	id: string
	result: 'changed' | 'unchanged' | 'refused'
	version?: number
	status?: number
	where?: string
	detail?: string
	errors?: { where: string; detail: string }[]
	changes?: { field: string; before: any; after: any }[]
}
export interface BulkAnswer { changed: number; unchanged: number; refused: number; rows: BulkRow[]; titles: Record<string, string> }

const AT_ONCE = 1000
export const MOST = 20_000

/** In portions that the server takes; `told` hears how many are through. */
export async function bulk(register: string, changes: Change[], preview: boolean, reason?: string, told?: (done: number) => void): Promise<BulkAnswer> {
	const sum: BulkAnswer = { changed: 0, unchanged: 0, refused: 0, rows: [], titles: {} }
	for (let i = 0; i < changes.length; i += AT_ONCE) {
		const answer = await call<BulkAnswer>('bulk/' + register, { method: 'POST', body: { changes: changes.slice(i, i + AT_ONCE), preview, ...(reason ? { reason } : {}) }, key: preview ? undefined : uuid() })
		sum.changed += answer.changed
		sum.unchanged += answer.unchanged
		sum.refused += answer.refused
		sum.rows.push(...answer.rows)
		Object.assign(sum.titles, answer.titles)
		told?.(Math.min(i + AT_ONCE, changes.length))
	}
	return sum
}

interface Done { id: string; from: number; to: number; before: Fields; after: Fields }

export class Edits {
	readonly past = ref<Done[][]>([])
	readonly future = ref<Done[][]>([])
	private last = new Map<string, number>()
	private same = new Map<string, number>() // 'id version' that holds again what an older version held
	private under: Promise<unknown> = Promise.resolve() // settles when nothing is on its way: who undoes takes the last step, not one before
	constructor(private register: string) {}

	async save(id: string, version: number, field: string, before: any, value: any): Promise<RecordBody> {
		const answer = call<RecordBody>(`r/${this.register}/${id}`, { method: 'PATCH', body: { fields: { [field]: value } }, version })
		const stored = answer.then((r) => {
			this.did([{ id, from: version, to: r.version, before: { [field]: before }, after: { [field]: value } }])
			return r
		})
		this.under = Promise.allSettled([this.under, stored])
		return stored
	}

	didBulk(answer: BulkAnswer): void {
		this.did(answer.rows.filter((r) => r.result === 'changed' && r.changes && r.version).map((r) => ({
			id: r.id, from: r.version! - 1, to: r.version!,
			before: Object.fromEntries(r.changes!.map((c) => [c.field, c.before])), after: Object.fromEntries(r.changes!.map((c) => [c.field, c.after])),
		})))
	}

	private did(step: Done[]): void {
		if (!step.length)
			return
		for (const d of step)
			this.last.set(d.id, d.to)
		this.past.value = [...this.past.value.slice(-49), step]
		this.future.value = []
	}

	private alike(id: string, version: number): number {
		return this.same.get(`${id} ${version}`) ?? version
	}
	/** The version to send: the newest that is our own doing, if it holds what `expected` held. */
	private versionFor(id: string, expected: number): number {
		const last = this.last.get(id) ?? expected
		return this.alike(id, last) === this.alike(id, expected) ? last : expected
	}

	/** Takes back the last step, or does it again; what somebody changed since stays, and is told as refused. */
	turn(redo: boolean, reason: string): Promise<BulkAnswer | null> {
		const turned = this.under.then(() => this.turnOne(redo, reason))
		this.under = Promise.allSettled([turned])
		return turned
	}
	private async turnOne(redo: boolean, reason: string): Promise<BulkAnswer | null> {
		const [from, to] = redo ? [this.future, this.past] : [this.past, this.future]
		const step = from.value[from.value.length - 1]
		if (!step)
			return null
		const answer = await bulk(this.register, step.map((d) => ({ id: d.id, version: this.versionFor(d.id, redo ? d.from : d.to), fields: redo ? d.after : d.before })), false, reason)
		const versions = new Map(answer.rows.filter((r) => r.result !== 'refused').map((r) => [r.id, r.version]))
		const through = step.filter((d) => versions.get(d.id))
		for (const d of through) {
			this.last.set(d.id, versions.get(d.id)!)
			this.same.set(`${d.id} ${versions.get(d.id)}`, this.alike(d.id, redo ? d.to : d.from))
		}
		from.value = from.value.slice(0, -1)
		if (through.length)
			to.value = [...to.value, through]
		return answer
	}
}
