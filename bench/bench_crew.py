"""Crews limited: mean gap to the best known finish on the public sets, every schedule checked without our code.

usage: bench_crew.py [BUDGET,...] [SET,...] [EVERY]     default 1000n,5000n,1s on every set, each 40th problem
       bench_crew.py whole     1000n,5000n,50000n,1c,10c on every problem of every set: hours
BUDGET: 1s of the clock, 1c of one core's work (steadier where others use the cores), 5000n schedules; 1c@7 with seed 7. SET: j30 j60 j90 j120
rg300 patterson max10 max20 max30. EVERY 1: all of them.

Beside it in the same run: CP-SAT from npm (or-tools-wasm, fetched once into the build folder) with the same seconds on one worker
(for c: its own deterministic time), where CPSAT=1 is set or the folder is there; and what others published, on whole sets.
"""
import csv
import glob
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench_crew_check as check

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
shared = os.environ.get("GUATU_SHARED", os.path.join(root, "..", "shared"))
build = os.environ.get("GUATU_BUILD", "build")

SETS = {"j30": ("rcpsp-psplib/j30", "*.sm"), "j60": ("rcpsp-psplib/j60", "*.sm"), "j90": ("rcpsp-psplib/j90", "*.sm"),
        "j120": ("rcpsp-psplib/j120", "*.sm"), "rg300": ("rcpsp-rg300", "*.rcp"), "patterson": ("rcpsp-patterson", "*.rcp"),
        "max10": ("rcpsp-max/j10", "*.SCH"), "max20": ("rcpsp-max/j20", "*.SCH"), "max30": ("rcpsp-max/j30", "*.SCH")}


# Mean gap to the best known %, proved, of all problems of the set; from the result files of github PyJobShop/Experiments
# (arXiv 2502.13483) and ScheduleOpt/optalcp-benchmarks.
PUBLISHED = {"j30": (("CP-SAT 900 s x 8", 0.000, "480 of 480"), ("CP Optimizer 900 s x 8", 0.000, "480 of 480")),
             "j60": (("CP-SAT 900 s x 8", 0.132, "435 of 480"), ("CP Optimizer 900 s x 8", 0.088, "430 of 480")),
             "j90": (("CP-SAT 900 s x 8", 0.397, "401 of 480"), ("CP Optimizer 900 s x 8", 0.259, "400 of 480")),
             "j120": (("CP-SAT 900 s x 8", 1.469, "291 of 600"), ("CP Optimizer 900 s x 8", 0.955, "288 of 600")),
             "rg300": (("CP-SAT 900 s x 8", 2.53, "35 of 480"), ("CP Optimizer 900 s x 8", 0.87, "31 of 480"))}
CPSAT_VERSION = "0.9.1"


def best_known(folder):
    """name -> (least, best known, critical path or 0); (None, None, 0): no schedule exists."""
    known = {}
    for row in list(csv.reader(open(f"{folder}/best_known.csv")))[1:]:
        name, value = row[0], row[1]
        if value == "unsat":
            known[name] = (None, None, 0)
        elif ".." in value:
            low, high = value.split("..")
            known[name] = (int(low), int(high), 0)
        elif len(row) == 2:
            known[name] = (int(value), int(value), 0)
        else:
            known[name] = (int(value), int(row[2]), int(row[4] if len(row) > 5 else row[3]))
    return known


def problems(name, every):
    folder, pattern = SETS[name]
    natural = lambda path: [int(x) for x in re.findall(r"\d+", os.path.basename(path))]
    return sorted(glob.glob(f"{shared}/data/{folder}/{pattern}"), key=natural)[::every], best_known(f"{shared}/data/{folder}")


class Tally:
    """What one solver reached on one set."""

    def __init__(self):
        self.n = self.found = self.proved = self.at_best = self.impossible = self.none_exists = 0
        self.gap = self.above = self.work = 0.0
        self.faults = []

    def add(self, path, known, status, start, stated=None, bound=None):
        low, high, cpm = known
        self.n += 1
        self.proved += status in ("proved", "impossible")
        self.impossible += status == "impossible"
        self.none_exists += high is None
        name = os.path.basename(path)
        if status == "impossible" and high is not None:
            self.faults.append(f"{name}: called impossible, known {high}")
        if not start:
            return
        problem = check.read(path)
        broken, finish = check.fault(problem, start), check.finish(problem, start)
        if broken or (stated is not None and finish != stated):
            self.faults.append(f"{name}: {broken or f'finish {finish}, stated {stated}'}")
        if high is None or finish < low or (status == "proved" and finish > high) or (bound or 0) > high:
            self.faults.append(f"{name}: {status} {finish}, bound {bound}, known {low}..{high}")
            return
        self.found += 1
        self.at_best += finish <= high
        self.gap += 100 * (finish - high) / high
        self.above += 100 * (finish - cpm) / cpm if cpm else 0

    def row(self, who):
        found = max(self.found, 1)
        print(f"{who:>22}: gap {self.gap / found:6.3f} %  above critical path {self.above / found:7.2f} %  "
              f"at best known {self.at_best}  proved {self.proved}  of {self.n}  faults {len(self.faults)}", flush=True)
        if self.none_exists or self.found < self.n:
            print(f"{'':>24}a schedule for {self.found}, proved that there is none for {self.impossible} of {self.none_exists} "
                  f"known to have none, neither for {self.n - self.found - self.impossible}", flush=True)
        for fault in self.faults:
            print(f"{'':>22}  {fault}", flush=True)


def ours(program, budget, files, known, each=None):
    tally, work = Tally(), [0, 0, 0.0]
    process = subprocess.Popen([program, budget] + files, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        s = json.loads(line)
        name = os.path.basename(s["file"])
        row = known.get(name) or known.get(os.path.splitext(name)[0])
        tally.add(s["file"], row, s["status"], s["start"], s["finish"], s["bound"])
        work = [work[0] + s["schedules"], work[1] + s["failures"], work[2] + s["seconds"]]
        if each:
            print(name, s["finish"], row, s["bound"], s["status"], s["schedules"], s["failures"], file=each)
    if process.wait():
        tally.faults.append("the program failed")
    tally.row(f"guatu {budget}")
    return tally, work


def cpsat_folder():
    """None: not asked for, or it cannot be had here (and why is printed)."""
    home = f"{build}/bench/cpsat"
    folder = f"{home}/node_modules/or-tools-wasm"
    if not os.path.isdir(folder) and os.environ.get("CPSAT") == "1":
        os.makedirs(home, exist_ok=True)
        open(f"{home}/package.json", "w").write('{"private": true}')
        got = subprocess.run(["npm", "install", "--prefix", home, f"or-tools-wasm@{CPSAT_VERSION}", "--no-audit", "--no-fund",
                              "--ignore-scripts"], capture_output=True, text=True)
        if got.returncode:
            print("CP-SAT cannot be fetched here: " + (got.stderr.strip().splitlines() or ["npm failed"])[-1])
    return os.path.abspath(folder) if os.path.isdir(folder) else None


def cpsat(folder, budget, files, known):
    tally, lines = Tally(), []
    for path in files:
        p = check.read(path)
        lines.append(json.dumps({"name": path, "durations": p.durations, "demands": p.demands, "capacities": p.capacities,
                                 "links": p.links}))
    at = 0
    while at < len(lines):
        # one process for all, so that its code is compiled once; should it die, its problem counts as failed
        done = subprocess.run(["node", f"{root}/bench/cpsat.mjs", folder, budget, "1"], input="\n".join(lines[at:]),
                              capture_output=True, text=True)
        answers = [json.loads(x) for x in done.stdout.splitlines() if x.startswith("{")]
        for s in answers:
            name = os.path.basename(s["name"])
            tally.add(s["name"], known.get(name) or known.get(os.path.splitext(name)[0]), s["status"], s["start"])
        at += len(answers)
        if at < len(lines):
            tally.n += 1
            tally.faults.append(f"{os.path.basename(files[at])}: " + (done.stderr.strip().splitlines() or ["no answer"])[-1])
            at += 1
    tally.row(f"CP-SAT (npm) {budget}")


def main(arguments):
    if arguments == ["whole"]:
        arguments = ["1000n,5000n,50000n,1c,10c", ",".join(SETS), "1"]
    budgets = (arguments[0] if arguments else "1000n,5000n,1s").split(",")
    sets = arguments[1].split(",") if len(arguments) > 1 else list(SETS)
    every = int(arguments[2]) if len(arguments) > 2 else 40
    program, bad = os.environ.get("BENCH_CREW", f"{build}/bench/bench_crew"), 0
    if "BENCH_CREW" not in os.environ and subprocess.run(["ninja", "-C", build, "bench/bench_crew"], stdout=subprocess.DEVNULL).returncode:
        return 1
    if not os.path.isdir(f"{shared}/data/rcpsp-psplib"):
        print("the public crew problems are not here")
        return 0
    peer = cpsat_folder()
    for name in sets:
        files, known = problems(name, every)
        print(f"{name}, {len(files)} problems", flush=True)
        for budget in budgets:
            if name.startswith("max") and "n" in budget:
                continue  # links that go back are for the solver that learns: it builds no schedules to count
            each = open(os.environ["EACH"], "a") if "EACH" in os.environ else None
            tally, work = ours(program, budget, files, known, each)
            print(f"{'':>24}{work[0] / max(work[2], 1e-9) / 1000:.0f} k schedules/s, {work[1]} failures, {work[2] / max(tally.n, 1):.2f} s each",
                  flush=True)
            bad += len(tally.faults)
        for budget in budgets:
            if peer and re.fullmatch(r"\d+[sc]", budget):
                cpsat(peer, budget, files, known)
        for who, gap, proved in PUBLISHED.get(name, ()):
            print(f"{who:>22}: gap {gap:6.3f} %  proved {proved}  (published)")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
