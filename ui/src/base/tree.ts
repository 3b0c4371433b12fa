// A flat list of nodes as the rows of a tree. Pure.

export interface Node { id: string; parent: string | null; title: string; more?: string }
export interface Row<N extends Node> { node: N; level: number; children: number; open: boolean; place: number; of: number }

function childrenOf<N extends Node>(nodes: N[]): Map<string, N[]> {
	const known = new Set(nodes.map((n) => n.id))
	const by = new Map<string, N[]>()
	for (const n of nodes) {
		const up = n.parent && known.has(n.parent) && n.parent !== n.id ? n.parent : ''
		const list = by.get(up)
		if (list)
			list.push(n)
		else
			by.set(up, [n])
	}
	return by
}

/** The node and everything below it; a ring ends where it began. */
export function subtree<N extends Node>(nodes: N[], id: string): Set<string> {
	const by = childrenOf(nodes)
	const seen = new Set([id])
	const waiting = [id]
	while (waiting.length)
		for (const n of by.get(waiting.pop()!) ?? [])
			if (!seen.has(n.id)) {
				seen.add(n.id)
				waiting.push(n.id)
			}
	return seen
}

/** Ids from the root down to the node itself. */
export function pathTo<N extends Node>(nodes: N[], id: string): string[] {
	const by = new Map(nodes.map((n) => [n.id, n]))
	const path: string[] = []
	for (let n = by.get(id); n && !path.includes(n.id); n = n.parent ? by.get(n.parent) : undefined)
		path.unshift(n.id)
	return path
}

/** The rows that can be seen: under open nodes, or with words: what matches, and what leads there. */
export function rowsOf<N extends Node>(nodes: N[], open: ReadonlySet<string>, words: string): Row<N>[] {
	const by = childrenOf(nodes)
	const wanted = words.trim().toLowerCase()
	let shown: Set<string> | null = null
	if (wanted) {
		shown = new Set()
		for (const n of nodes)
			if ((n.title + ' ' + (n.more ?? '')).toLowerCase().includes(wanted))
				for (const id of pathTo(nodes, n.id))
					shown.add(id)
	}
	const rows: Row<N>[] = []
	const seen = new Set<string>()
	const walk = (up: string, level: number): void => {
		const list = (by.get(up) ?? []).filter((n) => !shown || shown.has(n.id))
		list.forEach((node, i) => {
			if (seen.has(node.id))
				return
			seen.add(node.id)
			const below = (by.get(node.id) ?? []).filter((n) => !shown || shown.has(n.id)).length
			const isOpen = below > 0 && (!!shown || open.has(node.id))
			rows.push({ node, level, children: below, open: isOpen, place: i + 1, of: list.length })
			if (isOpen)
				walk(node.id, level + 1)
		})
	}
	walk('', 1)
	return rows
}
