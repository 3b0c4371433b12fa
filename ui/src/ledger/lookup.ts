// Names pasted into a column of references, found among the records they may mean: one question per name, each once.
import { searchRefs } from '../base/refs'

export class Lookup {
	private known = new Map<string, Promise<string | null>>()

	/** The id of the one record of that very name; null when there is none or several. */
	find(register: string, name: string): Promise<string | null> {
		const key = register + ' ' + name
		let found = this.known.get(key)
		if (!found) {
			found = searchRefs(register, name).then(({ found: all }) => {
				const same = all.filter((f) => f.title.trim() === name)
				return same.length === 1 ? same[0].id : null
			})
			this.known.set(key, found)
		}
		return found
	}
}
