// The last change of a record taken back as a new change: the journal keeps both. What stood before comes from the
// record's history; if somebody changed it meanwhile, nothing is done.
import { call, get, Problem, type RecordBody } from './api'
import { toast } from './toast'
import { t } from '../words/shell'

interface Entry { version: number; changes: { field: string; before: unknown }[]; step: string }

/** Says that it is saved, and offers to take it back. `saved`: as the change was answered. */
export function savedToast(text: string, saved: Pick<RecordBody, 'register' | 'id' | 'version'>): void {
	toast(text, 'good', { text: t('undo'), run: () => undo(saved) })
}

export async function undo({ register, id, version }: Pick<RecordBody, 'register' | 'id' | 'version'>): Promise<void> {
	try {
		const { entries } = await get<{ entries: Entry[] }>(`r/${register}/${id}/history?limit=1`)
		const last = entries[0]
		if (!last || last.version !== version)
			return toast(t('undo.late'), 'bad')
		const fields = Object.fromEntries(last.changes.map((c) => [c.field, c.before ?? null]))
		if (last.step !== 'update' || !Object.keys(fields).length)
			return toast(t('undo.none'), 'plain')
		await call(`r/${register}/${id}`, { method: 'PATCH', body: { fields, reason: t('undo.reason') }, version })
		toast(t('undo.done'))
	} catch (e) {
		if (!(e instanceof Problem))
			throw e
		toast(e.status === 409 ? t('undo.late') : e.message, 'bad')
	}
}
