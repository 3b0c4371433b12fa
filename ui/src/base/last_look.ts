// When this account last looked at what changed, on this device. Pure but for the storage that is handed in.

const key = (account: string) => 'look.' + account
export function lastLook(storage: Pick<Storage, 'getItem'>, account: string): string | null {
	try {
		const at = storage.getItem(key(account))
		return at && !Number.isNaN(Date.parse(at)) ? at : null
	} catch {
		return null // storage switched off by policy: every look is the first
	}
}
export function looked(storage: Pick<Storage, 'setItem'>, account: string, at: string): void {
	try {
		storage.setItem(key(account), at)
	} catch {
		// see lastLook()
	}
}
