// What was done last to a record, taken back as a further entry: the journal keeps both. Fields go back to what the
// record's history says stood before; a step and a deletion the server takes back itself (POST …/undo), and says why where
// it does not. If somebody changed the record meanwhile, nothing is done.
import { refusal } from './action'
import { call, get, uuid, type RecordBody } from './api'
import { toast } from './toast'
import { t } from '../words/shell'

type Saved = Pick<RecordBody, 'register' | 'id' | 'version'>
interface Entry { version: number; changes: { field: string; before: unknown }[] }

/** Says that it is saved, and offers to take it back. `saved`: as the change was answered. */
export const savedToast = (text: string, saved: Saved): void => offer(text, () => undoFields(saved))
/** The same for a step that was taken. */
export const stepToast = (text: string, saved: Saved): void => offer(text, () => undoLast(saved))
/** The same for a record that was deleted at that version; `then` after it is back. */
export const removedToast = (text: string, gone: Saved, then?: () => void): void => offer(text, () => undoLast({ ...gone, version: gone.version + 1 }, then))

function offer(text: string, run: () => Promise<void>): void {
	toast(text, 'good', { text: t('undo'), run, undoes: true })
}
async function undoFields({ register, id, version }: Saved): Promise<void> {
	await told(async () => {
		const { entries } = await get<{ entries: Entry[] }>(`r/${register}/${id}/history?limit=1`)
		const last = entries[0]
		if (!last || last.version !== version)
			return toast(t('undo.late'), 'bad')
		const fields = Object.fromEntries(last.changes.map((c) => [c.field, c.before ?? null]))
		if (!Object.keys(fields).length)
			return toast(t('undo.none'), 'plain')
		await call(`r/${register}/${id}`, { method: 'PATCH', body: { fields, reason: t('undo.reason') }, version })
		toast(t('undo.done'))
	})
}
/** Takes the record's last step, or its deletion, back. */
export async function undoLast({ register, id, version }: Saved, then?: () => void): Promise<void> {
	await told(async () => {
		await call(`r/${register}/${id}/undo`, { method: 'POST', body: {}, version, key: uuid() })
		toast(t('undo.done'))
		then?.()
	})
}
async function told(what: () => Promise<void>): Promise<void> {
	const refused = await refusal(what)
	if (refused)
		toast(refused.status === 409 && refused.current ? t('undo.late') : refused.message, 'bad')
}
