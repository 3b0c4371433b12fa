// Which sections of the user manual (the comments in docs/user.*.md) tell of the page at an address. Pure.
const PAGES: Record<string, string[]> = {
	wall: ['wall'], project: ['lights', 'milestones', 'history', 'feed', 'print'], report: ['report'], import: ['import'], work: ['work'], screen: ['screen'],
	plan: ['plan', 'plans', 'plan-wall', 'feed'], plans: ['plan', 'plan-wall'], outbox: ['outbox'], admin: ['admin'], link: ['signin'], signin: ['signin'],
}
const SHAPES: Record<string, string[]> = { board: ['list'], chart: ['charts'], map: ['map'] }
const REGISTERS: Record<string, string[]> = { issue: ['relay'], milestone: ['milestones'], change_request: ['milestones'], report: ['report'], unit: ['feed'] }

/** In the order of the answer; 'messages' where nothing is told of the page itself. */
export function helpSections(path: string[], params: URLSearchParams): string[] {
	const [first = 'wall', register = ''] = path
	if (first === 'list')
		return SHAPES[params.get('shape') ?? ''] ?? ['list', 'edit']
	if (['r', 'edit', 'new'].includes(first))
		return [...(REGISTERS[register] ?? []), 'form']
	return PAGES[first] ?? ['messages']
}
