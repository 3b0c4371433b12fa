declare module 'virtual:engine' {
	export const engineUrl: string
}
