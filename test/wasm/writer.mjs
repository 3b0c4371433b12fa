// The page writes the very words of the native writer for every golden plan. usage: writer.mjs CASES GOLDEN_FOLDER UI_FOLDER
import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"
import { readCases } from "./cases.mjs"

const [file, golden, ui] = process.argv.slice(2).map((x) => resolve(x))
let esbuild
try {
	esbuild = createRequire(createRequire(join(ui, "package.json")).resolve("vite/package.json"))("esbuild")
} catch {
	console.log("skipped: the packages of ui/ are not installed")
	process.exit(77)
}
const { outputFiles } = await esbuild.build({ entryPoints: [join(ui, "src/plan/flat.ts")], bundle: true, write: false, format: "esm", logLevel: "error" })
const { flatPlan } = await import("data:text/javascript;base64," + Buffer.from(outputFiles[0].contents).toString("base64"))
const names = readdirSync(golden).filter((n) => n.endsWith(".json")).sort()
if (names.length < 30) throw new Error(`only ${names.length} golden plans`)

const cases = readCases(file)
for (const name of names) {
	const want = cases.next().value.plan
	const got = flatPlan(JSON.parse(readFileSync(join(golden, name), "utf8")))
	for (let i = 0; i < Math.max(want.length, got.length); i++)
		if (got[i] !== want[i]) throw new Error(`${name}: word ${i} of ${want.length} is ${got[i]}, not ${want[i]}`)
}
console.log(`${names.length} golden plans: the page writes the same words`)
