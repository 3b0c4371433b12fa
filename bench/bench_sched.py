"""The schedule engine beside what a user could pick instead, on the same generated networks in the same run:
a hand-written JavaScript loop (finish to start, no calendar), TaskJuggler (tj3) and GNOME libplanner where installed.

usage: bench_sched.py [most activities]
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.chdir(root)
build = os.environ.get("GUATU_BUILD", "build")
most = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
program = f"{build}/bench/bench_sched"

done = subprocess.run(["ninja", "-C", build, "bench/bench_sched"], capture_output=True, text=True)
if done.returncode:
    sys.exit(done.stdout[-2000:])
print("guatu", flush=True)
ours = subprocess.run([program, "--most", str(most)], capture_output=True, text=True).stdout
print(ours)
passes = {int(n): float(ms) for n, ms in re.findall(r"^\s+(\d+) activities, 1 calendar: dates and what drives them\s+([\d.e+-]+) ms", ours, re.M)}
whole = {int(n): float(ms) for n, ms in re.findall(r"^\s+(\d+) activities, 1 calendar: whole call\s+([\d.e+-]+) ms", ours, re.M)}

loop = r"""
const fs = require('fs');
const [head, ...rows] = fs.readFileSync(process.argv[2], 'latin1').trim().split('\n');
const [n, m] = head.split(' ').map(Number);
const duration = Int32Array.from(rows.slice(0, n), Number);
const from = new Int32Array(m), to = new Int32Array(m);
rows.slice(n).forEach((r, i) => { const f = r.split(' '); from[i] = +f[0]; to[i] = +f[1]; });
const es = new Int32Array(n), lf = new Int32Array(n);
let best = 1e9;
for (let round = 0; round < 7; round++) {
  const began = process.hrtime.bigint();
  es.fill(0);
  for (let i = 0; i < m; i++) { const e = es[from[i]] + duration[from[i]]; if (e > es[to[i]]) es[to[i]] = e; }
  let end = 0;
  for (let i = 0; i < n; i++) if (es[i] + duration[i] > end) end = es[i] + duration[i];
  lf.fill(end);
  for (let i = m - 1; i >= 0; i--) { const s = lf[to[i]] - duration[to[i]]; if (s < lf[from[i]]) lf[from[i]] = s; }
  best = Math.min(best, Number(process.hrtime.bigint() - began) / 1e6);
}
console.log(best);
"""


def javascript(path, n):
    script = path + ".js"
    open(script, "w").write(loop)
    out = subprocess.run(["node", script, path], capture_output=True, text=True)
    if out.returncode:
        return print(out.stderr[-500:])
    ms = float(out.stdout)
    print(f"  {n} activities: JavaScript loop without calendars or floats {ms:.4g} ms, ours with both {passes[n]:.4g} ms"
          f" (x {ms / passes[n]:.2f})", flush=True)


def taskjuggler(path, n):
    rows = open(path).read().split("\n")
    count, nlinks = map(int, rows[0].split())
    after = {}
    for r in rows[1 + count:1 + count + nlinks]:
        f = r.split()
        if f[2] == "FS" and not any(a.split()[0] == f"t{f[0]}" for a in after.get(int(f[1]), [])):  # one link a pair
            after.setdefault(int(f[1]), []).append(f"t{f[0]}" + (f" {{ gaplength {f[3]}h }}" if f[3] != "0" else ""))
    with open(path + ".tjp", "w") as out:
        out.write('project p "p" 2026-03-02 +40y {}\nresource r "r"\n')
        for i in range(count):
            deps = f" depends {', '.join(after[i])}" if i in after else ""
            out.write(f'task t{i} "t" {{ length {rows[1 + i]}h{deps} }}\n')
    began = time.time()
    out = subprocess.run(["tj3", "--no-color", "--silent", path + ".tjp"], capture_output=True, text=True, timeout=300)
    if out.returncode:
        return print("  tj3 refused the network:", out.stderr[-300:])
    took = (time.time() - began) * 1000
    print(f"  {n} activities: TaskJuggler, whole run {took:.0f} ms, our whole call {whole[n]:.4g} ms (x {took / whole[n]:.0f})",
          flush=True)


def libplanner(path, n):
    out = subprocess.run([sys.executable, "bench/libplanner.py", path], capture_output=True, text=True, timeout=300)
    if out.returncode:
        return print("  libplanner:", out.stderr.strip()[-300:])
    ms = float(out.stdout)
    print(f"  {n} activities: libplanner {ms:.4g} ms, our dates and drivers {passes[n]:.4g} ms (x {ms / passes[n]:.0f})", flush=True)


with tempfile.TemporaryDirectory() as folder:
    for n in (20, 1000, 10000, 100000, 1000000):
        if n > most:
            break
        path = f"{folder}/{n}"
        subprocess.run([program, "--dump", path, str(n)], check=True)
        if shutil.which("node"):
            javascript(path, n)
        if n <= 10000:  # building its project takes quadratic time
            libplanner(path, n)
        if shutil.which("tj3") and n <= 1000:
            taskjuggler(path, n)
    for tool, package in (("node", "nodejs"), ("tj3", "tj3"), ("planner", "planner")):
        if not shutil.which(tool):
            print(f"  {tool} is not installed (apt-get install {package}): left out")
