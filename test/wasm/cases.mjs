// The file that make_cases writes, read again.
import { readFileSync } from "node:fs"

export function* readCases(file) {
	const bytes = readFileSync(file)
	const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
	let at = 0
	const row = () => {
		const n = words[at++]
		return words.subarray(at, (at += n))
	}
	while (at < words.length) {
		const plan = row()
		const want = row()
		const edits = []
		for (let n = words[at++]; n > 0; n--)
			edits.push({ task: words[at++], words: row(), taken: words[at++] === 1, want: row() })
		yield { plan, want, edits }
	}
}
