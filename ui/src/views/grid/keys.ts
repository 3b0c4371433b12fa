// What a key means in the grid. Pure: the grid does it.

export type Command =
	| { do: 'move'; lines: number; columns: number; extend: boolean }
	| { do: 'edge'; to: 'start' | 'end' | 'top' | 'bottom'; extend: boolean }
	| { do: 'page'; by: 1 | -1; extend: boolean }
	| { do: 'edit'; typed: string | null }
	| { do: 'open'; newTab: boolean } | { do: 'peek' } | { do: 'tick'; extend: boolean } | { do: 'tickAll' } | { do: 'escape' } | { do: 'clear' }
	| { do: 'undo' } | { do: 'redo' } | { do: 'search' } | { do: 'help' }
	| { do: 'sort'; join: boolean } | { do: 'menu' } | { do: 'carry'; by: 1 | -1 } | { do: 'widen'; by: 1 | -1 } | { do: 'fold'; open: boolean }

export interface Pressed { key: string; shiftKey: boolean; ctrlKey: boolean; altKey: boolean; metaKey: boolean; isComposing?: boolean }
export type On = 'heading' | 'group' | 'row'

export function commandOf(e: Pressed, on: On): Command | null {
	const ctrl = e.ctrlKey || e.metaKey
	const extend = e.shiftKey
	if (e.isComposing)
		return null
	if (on === 'heading' && e.altKey)
		switch (e.key) {
			case 'ArrowLeft': return e.shiftKey ? { do: 'widen', by: -1 } : { do: 'carry', by: -1 }
			case 'ArrowRight': return e.shiftKey ? { do: 'widen', by: 1 } : { do: 'carry', by: 1 }
			case 'ArrowDown': return { do: 'menu' }
			default: return null
		}
	if (e.altKey)
		return e.key === 'Enter' ? { do: 'peek' } : null
	if (ctrl)
		switch (e.key.toLowerCase()) {
			case 'home': return { do: 'edge', to: 'top', extend }
			case 'end': return { do: 'edge', to: 'bottom', extend }
			case 'arrowup': return { do: 'edge', to: 'top', extend }
			case 'arrowdown': return { do: 'edge', to: 'bottom', extend }
			case 'arrowleft': return { do: 'edge', to: 'start', extend }
			case 'arrowright': return { do: 'edge', to: 'end', extend }
			case 'a': return { do: 'tickAll' }
			case 'z': return { do: e.shiftKey ? 'redo' : 'undo' }
			case 'y': return { do: 'redo' }
			case 'enter': return { do: 'open', newTab: e.shiftKey }
			default: return null
		}
	switch (e.key) {
		case 'ArrowDown': return { do: 'move', lines: 1, columns: 0, extend }
		case 'ArrowUp': return { do: 'move', lines: -1, columns: 0, extend }
		case 'ArrowRight': return on === 'group' ? { do: 'fold', open: true } : { do: 'move', lines: 0, columns: 1, extend }
		case 'ArrowLeft': return on === 'group' ? { do: 'fold', open: false } : { do: 'move', lines: 0, columns: -1, extend }
		case 'PageDown': return { do: 'page', by: 1, extend }
		case 'PageUp': return { do: 'page', by: -1, extend }
		case 'Home': return { do: 'edge', to: 'start', extend }
		case 'End': return { do: 'edge', to: 'end', extend }
		case 'Escape': return { do: 'escape' }
		case '/': return { do: 'search' }
		case '?': return { do: 'help' }
		case 'ContextMenu': return { do: 'menu' }
		case 'F10': return e.shiftKey ? { do: 'menu' } : null
	}
	if (on === 'heading')
		return e.key === 'Enter' || e.key === ' ' ? { do: 'sort', join: e.shiftKey } : null
	switch (e.key) {
		case 'Enter': return on === 'group' ? { do: 'fold', open: true } : { do: 'edit', typed: null }
		case 'F2': return { do: 'edit', typed: null }
		case ' ': return { do: 'tick', extend }
		case 'Delete': return { do: 'clear' }
	}
	// a figure or a letter begins a new value, as in any spreadsheet
	return on === 'row' && /^[\w.-]$/.test(e.key) ? { do: 'edit', typed: e.key } : null
}
