/*
 * CP-SAT beside our crew search: reads problems as lines of JSON {"name", "durations", "demands", "capacities", "links"} on
 * stdin and prints one line each. usage: node cpsat.mjs MODULE BUDGET WORKERS   MODULE: the folder of or-tools-wasm;
 * BUDGET: 10s of the clock, or 10c of the solver's own deterministic time, which is about a second of one core each
 */
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

const [folder, budget, workers] = process.argv.slice(2);
const {CpModel, CpSolver} = await import(pathToFileURL(`${folder}/build/javascript/node/cp-sat.js`));

async function solve(p, limit) {
	const model = new CpModel();
	const longest = p.durations.map((d, i) => Math.max(d, ...p.links.filter((l) => l[0] === i).map((l) => l[2]), 0));
	const horizon = longest.reduce((a, b) => a + b, 0);
	const starts = p.durations.map((d) => model.newIntVar(0, horizon - d));
	const finish = model.newIntVar(0, horizon);
	const intervals = p.durations.map((d, i) => model.newFixedSizeIntervalVar(starts[i], d));
	for (const [from, to, lag] of p.links) model.addLinearConstraint(starts[to].minus(starts[from]), lag, horizon);
	p.durations.forEach((d, i) => model.addLinearConstraint(finish.minus(starts[i]), d, horizon));
	p.capacities.forEach((capacity, r) => {
		const users = intervals.map((x, i) => [x, p.demands[i][r], p.durations[i]]).filter((u) => u[1] > 0 && u[2] > 0);
		model.addCumulative(users.map((u) => u[0]), users.map((u) => u[1]), capacity);
	});
	model.minimize(finish);
	const solver = new CpSolver();
	const began = performance.now();
	const status = solver.statusName(await solver.solve(model, {[budget.endsWith('s') ? 'maxTimeInSeconds' : 'maxDeterministicTime']: limit, numSearchWorkers: Number(workers)}));
	const found = status === 'OPTIMAL' || status === 'FEASIBLE';
	return {name: p.name, status: {OPTIMAL: 'proved', FEASIBLE: 'found', INFEASIBLE: 'impossible'}[status] ?? 'unknown',
		start: found ? starts.map((s) => Number(solver.value(s))) : [], seconds: (performance.now() - began) / 1000};
}

/* Loading and compiling take seconds, which are not the solver's. */
await solve({durations: [1, 1], demands: [[1], [1]], capacities: [1], links: []}, 60);
for await (const line of createInterface({input: process.stdin})) console.log(JSON.stringify(await solve(JSON.parse(line), parseFloat(budget))));
process.exit(0);
