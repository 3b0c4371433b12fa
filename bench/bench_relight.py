"""A full relight of 1,000,000 projects here and as SQL in SQLite, PostgreSQL and DuckDB, all giving the same lights.

usage: bench_relight.py [PROJECTS]

The rule is Yinchuan's three lights that look at investment, start and statistics entry, and their worst. The peers get the
derived figures as a ready table of integers; each writes a table of (id, severity). Medians of five, wall clock, one thread.
PostgreSQL runs as a throw-away cluster, DuckDB comes from npm into the build folder; what is missing is left out and said.
"""
import glob
import os
import shutil
import signal
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
build = os.path.join(root, os.environ.get("GUATU_BUILD", "build"))
folder = os.path.join(build, "relight")
projects = sys.argv[1] if len(sys.argv) > 1 else "1000000"
ROUNDS = 5

# end of June 2026: 6 of 12 months; day numbers since 1970: 2026-06-30 is 20634
COLUMNS = "id, plan, done, planned_start, actual_start, stat_entered, class, due_month"
RANK = """CASE {s} WHEN 3 THEN 7 WHEN 2 THEN 6 WHEN 1 THEN 5 WHEN -1 THEN 4 WHEN -2 THEN 3 WHEN 0 THEN 1 ELSE 0 END"""
PROGRESS = """CASE WHEN class NOT IN ('carryover', 'new_start', 'completion') OR class IS NULL THEN 0
  WHEN plan IS NULL OR plan = 0 THEN 4
  WHEN plan * 6 - done * 12 <= 0 THEN 1
  WHEN (plan * 6 - done * 12) * 100 < 10 * plan * 12 THEN 3
  WHEN (plan * 6 - done * 12) * 100 <= 30 * plan * 12 THEN 6 ELSE 7 END"""
START = """CASE WHEN planned_start IS NULL THEN 0
  WHEN actual_start IS NOT NULL AND actual_start <= 20634 THEN 1
  WHEN due_month > 24317 THEN 1 WHEN 24317 - due_month + 1 < 3 THEN 6 ELSE 7 END"""
ENTRY = """CASE WHEN actual_start IS NULL THEN 0
  WHEN (stat_entered IS NOT NULL AND stat_entered <= 20634) OR actual_start > 20634 THEN 1
  WHEN 20634 - actual_start <= 30 THEN 1 WHEN 20634 - actual_start <= 60 THEN 6 ELSE 7 END"""
SEVERITY = ("CASE {greatest} WHEN 7 THEN 3 WHEN 6 THEN 2 WHEN 5 THEN 1 WHEN 4 THEN -1 WHEN 3 THEN -2 WHEN 1 THEN 0 "
            "ELSE -4 END")


def rule(greatest):
    worst = f"{greatest}({PROGRESS}, {START}, {ENTRY})"
    return "SELECT id, " + SEVERITY.format(greatest=worst) + " AS severity FROM facts"


def median_ms(work):
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def own():
    subprocess.run(["ninja", "-C", build, "bench/bench_relight"], check=True, stdout=subprocess.DEVNULL)
    os.makedirs(folder, exist_ok=True)
    out = subprocess.run([f"{build}/bench/bench_relight", projects, folder], check=True, capture_output=True, text=True)
    figures = dict(line.split() for line in out.stdout.splitlines())
    for name, value in figures.items():
        print(f"  {name:28} {value}")
    with open(f"{folder}/facts.csv") as facts, open(f"{folder}/peers.csv", "w") as peers:
        next(facts)
        for line in facts:
            cells = line.rstrip("\n").split(",")
            day = cells[3]
            month = ""
            if day:
                t = time.gmtime(int(day) * 86400)
                month = str(t.tm_year * 12 + t.tm_mon - 1)
            peers.write(",".join(cells + [month]) + "\n")
    with open(f"{folder}/lights.csv") as f:
        lights = [int(line.split(",")[1]) for line in f]
    return float(figures["relight_ms"]), lights


def compare(name, ms, lights, ours, expected):
    wrong = sum(1 for a, b in zip(lights, expected) if a != b) + abs(len(lights) - len(expected))
    same = "the same lights" if wrong == 0 else f"{wrong} LIGHTS DIFFER"
    print(f"  {name:28} {ms:9.1f} ms   {ms / ours:6.1f} times ours   {same}", flush=True)
    return wrong == 0


def sqlite(expected, ours):
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE facts (id INTEGER PRIMARY KEY, plan INTEGER, done INTEGER, planned_start INTEGER, "
               "actual_start INTEGER, stat_entered INTEGER, class TEXT, due_month INTEGER)")
    with open(f"{folder}/peers.csv") as f:
        rows = ([int(c) if c and i != 6 else (c or None) for i, c in enumerate(line.rstrip("\n").split(","))] for line in f)
        db.executemany("INSERT INTO facts VALUES (?,?,?,?,?,?,?,?)", rows)

    def work():
        db.execute("DROP TABLE IF EXISTS lights")
        db.execute("CREATE TABLE lights AS " + rule("max"))
    ms = median_ms(work)
    lights = [r[0] for r in db.execute("SELECT severity FROM lights ORDER BY id")]
    return compare(f"SQLite {sqlite3.sqlite_version}", ms, lights, ours, expected)


def postgres(expected, ours):
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not programs:
        print("  PostgreSQL is not installed: left out")
        return True
    data = tempfile.mkdtemp(prefix="relight_pg")
    user = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(data, "postgres", "postgres")
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]

    def pg(program, *args, **kw):
        return subprocess.run(user + [f"{programs[-1]}/{program}", *args], check=True, capture_output=True, text=True, cwd="/", **kw)

    def psql(text):
        return pg("psql", "-h", data, "-d", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1", input=text).stdout
    try:
        pg("initdb", "-D", f"{data}/db", "-A", "trust", "-E", "UTF8", "--locale=C")
        pg("pg_ctl", "-D", f"{data}/db", "-w", "-l", f"{data}/log", "-o",
           f"-k {data} -c listen_addresses= -c max_parallel_workers_per_gather=0 -c jit=off -c shared_buffers=512MB", "start")
        with open(f"{folder}/peers.csv") as f:
            psql("CREATE UNLOGGED TABLE facts (id int PRIMARY KEY, plan bigint, done bigint, planned_start int, actual_start int, "
                 "stat_entered int, class text, due_month int);\nCOPY facts FROM STDIN WITH (FORMAT csv);\n" + f.read() +
                 "\\.\nVACUUM ANALYZE facts;\n")
        times = []
        for _ in range(ROUNDS):
            out = psql("DROP TABLE IF EXISTS lights;\n\\timing on\nCREATE UNLOGGED TABLE lights AS " + rule("greatest") + ";\n")
            times.append(float(out.split("Time:")[1].split()[0]))
        lights = [int(x) for x in psql("SELECT severity FROM lights ORDER BY id;").split()]
        version = psql("SHOW server_version;").split()[0]
        return compare(f"PostgreSQL {version}", statistics.median(times), lights, ours, expected)
    finally:
        subprocess.run(user + [f"{programs[-1]}/pg_ctl", "-D", f"{data}/db", "-m", "immediate", "stop"], capture_output=True, cwd="/")
        shutil.rmtree(data, ignore_errors=True)


DUCKDB = """
const { DuckDBInstance } = require('@duckdb/node-api');
(async () => {
  const [csv, rule, rounds, out] = process.argv.slice(2);
  const db = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const run = sql => db.run(sql);
  await run(`CREATE TABLE facts (id INTEGER, plan BIGINT, done BIGINT, planned_start INTEGER, actual_start INTEGER,
    stat_entered INTEGER, class VARCHAR, due_month INTEGER)`);
  await run(`COPY facts FROM '${csv}' (FORMAT csv, HEADER false)`);
  const times = [];
  for (let i = 0; i < Number(rounds); i++) {
    await run('DROP TABLE IF EXISTS lights');
    const start = process.hrtime.bigint();
    await run('CREATE TABLE lights AS ' + rule);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  times.sort((a, b) => a - b);
  await run(`COPY (SELECT severity FROM lights ORDER BY id) TO '${out}' (FORMAT csv, HEADER false)`);
  const version = (await db.runAndReadAll('SELECT version()')).getRows()[0][0];
  console.log(times[times.length >> 1] + ' ' + version);
})().catch(e => { console.error(String(e)); process.exit(1); });
"""


def duck(expected, ours):
    place = os.path.join(build, "npm_duckdb")
    if not os.path.isdir(f"{place}/node_modules/@duckdb/node-api"):
        os.makedirs(place, exist_ok=True)
        # the package with ready binaries; the older one named duckdb compiles the whole engine
        done = subprocess.run(["npm", "install", "--prefix", place, "--no-audit", "--no-fund", "@duckdb/node-api"],
                              capture_output=True, text=True, timeout=300)
        if done.returncode:
            print("  DuckDB could not be installed from npm: left out (" + done.stderr.strip().split("\n")[-1][:120] + ")")
            return True
    with open(f"{place}/relight.js", "w") as f:
        f.write(DUCKDB)
    done = subprocess.run(["node", f"{place}/relight.js", f"{folder}/peers.csv", rule("greatest"), str(ROUNDS),
                           f"{folder}/duck.csv"], capture_output=True, text=True)
    if done.returncode:
        print("  DuckDB: " + done.stderr[:300])
        return False
    ms, version = done.stdout.split()
    with open(f"{folder}/duck.csv") as f:
        lights = [int(x) for x in f.read().split()]
    return compare(f"DuckDB {version}", float(ms), lights, ours, expected)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers are stopped whatever ends this
print(f"full relight of {projects} projects, one thread")
ours_ms, ours_lights = own()
good = [peer(ours_lights, ours_ms) for peer in (sqlite, postgres, duck)]
sys.exit(0 if all(good) else 1)
