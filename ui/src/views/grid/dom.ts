export function make(tag: string, name: string, parent?: HTMLElement | null): HTMLElement {
	const node = document.createElement(tag)
	if (name)
		node.className = name
	parent?.append(node)
	return node
}

/** Follows a pointer from a press to its release. */
export function drag(e: PointerEvent, moved: (e: PointerEvent) => void, ended: (e: PointerEvent) => void): void {
	const move = (x: PointerEvent) => x.pointerId === e.pointerId && moved(x)
	const end = (x: PointerEvent) => {
		if (x.pointerId !== e.pointerId)
			return
		removeEventListener('pointermove', move)
		removeEventListener('pointerup', end)
		removeEventListener('pointercancel', end)
		ended(x)
	}
	addEventListener('pointermove', move)
	addEventListener('pointerup', end)
	addEventListener('pointercancel', end)
}
