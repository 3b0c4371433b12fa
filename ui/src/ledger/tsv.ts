// Tables as spreadsheets put them on the clipboard: cells by tabs, rows by line ends, quotes around what holds either.

export function parseTsv(text: string): string[][] {
	const rows: string[][] = []
	let row: string[] = []
	let cell = ''
	let quoted = false
	const endRow = () => {
		row.push(cell)
		rows.push(row)
		row = []
		cell = ''
	}
	for (let i = 0; i < text.length; i++) {
		const c = text[i]
		if (quoted) {
			if (c !== '"')
				cell += c
			else if (text[i + 1] === '"')
				cell += text[++i]
			else
				quoted = false
		} else if (c === '"' && cell === '') {
			quoted = true
		} else if (c === '\t') {
			row.push(cell)
			cell = ''
		} else if (c === '\n' || c === '\r') {
			if (c === '\r' && text[i + 1] === '\n')
				i++
			endRow()
		} else {
			cell += c
		}
	}
	if (cell !== '' || row.length > 0)
		endRow()
	return rows
}

const quote = (cell: string) => (/["\t\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell)

export const writeTsv = (rows: string[][]) => rows.map((r) => r.map(quote).join('\t')).join('\r\n')
