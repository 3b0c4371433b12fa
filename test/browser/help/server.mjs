export async function startServer() { throw new Error('not yet') }
