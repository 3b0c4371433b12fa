"""Takes in ledgers with the real program, each by one command, and compares what is stored.

usage: ledgers.py GUATU [FILE]

The shared portfolios (GUATU_SHARED) against test/golden/import/expected.json: record counts as their SOURCE.md states,
money totals as added up from the raw text. Each comes in twice (nothing doubled), goes out as .csv and .xlsx, and comes into
an empty folder from both: the same records, to the byte. A demo county goes out register by register, is the same to the cell
where LibreOffice opens it, and comes in again: into the same folder nothing changes, in an empty one only files and what is
worked out from plans are missing. Then the reports of New York's large projects: slippage from one
forecast to the next against the published schedule changes. Then the invented ledgers of test/golden/import/ledgers, as
their .json says. Data that is not there is skipped with its reason.
"""
import csv
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

here = os.path.dirname(os.path.abspath(__file__))
golden = os.path.join(here, "..", "golden", "import")
NYC = "portfolio-nyc-large-capital/NYC_capital_projects_20190901.csv"
failures = []


class Guatu:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, command, data, *rest, good=(0,)):
        done = subprocess.run([self.program, command, "--data", os.path.join(self.folder, data), *rest],
                              capture_output=True, env={**os.environ, "GUATU_LANG": "zh"})
        if done.returncode not in good:
            raise AssertionError(f"{command} {' '.join(rest)}: exit {done.returncode}: {done.stderr.decode()[-300:]}")
        return done.stdout.decode()

    def take(self, data, path, *rest, good=(0,)):
        return json.loads(self.run("import", data, "--json", *rest, path, good=good))

    def rows(self, data, register="project", name="out.csv"):
        path = os.path.join(self.folder, name)
        self.run("export", data, "--register", register, path)
        with open(path, encoding="utf-8-sig", newline="") as f:
            return list(csv.DictReader(f))


def check(name, want, got):
    if want != got:
        failures.append(name)
        print(f"FAILED {name}: want {want}, got {got}")


def fen(rows):
    """The sum of 总投资（万元）, in 分."""
    return int(sum(Decimal(r["总投资（万元）"]) for r in rows if r["总投资（万元）"]) * 1000000)


def both_ways(g, name, data):
    """Out as .csv and .xlsx, into empty folders, and out again: the same bytes."""
    first = os.path.join(g.folder, "first.csv")
    g.run("export", data, first)
    for kind in ("csv", "xlsx"):
        path, again = os.path.join(g.folder, "first." + kind), os.path.join(g.folder, "again.csv")
        g.run("export", data, path)
        shutil.rmtree(os.path.join(g.folder, "fresh"), ignore_errors=True)
        g.take("fresh", path)
        g.run("export", "fresh", again)
        check(f"{name}: {kind} out, in and out again", open(first, "rb").read() == open(again, "rb").read(), True)


def portfolio(g, shared, want):
    path = os.path.join(shared, "data", want["file"])
    child = ["--child", want["child"], "--key", "external_id", "--set", "report.period_kind=month"] if "child" in want else []
    name = want["file"] + (" with reports" if child else "")
    shutil.rmtree(os.path.join(g.folder, "p"), ignore_errors=True)
    first, second = g.take("p", path, *child), g.take("p", path, *child)
    check(f"{name}: created", want["rows"], first["created"])
    check(f"{name}: refused", 0, first["refused"])
    check(f"{name}: created once more", 0, second["created"])
    check(f"{name}: changed by coming in once more", 0, second["updated"])
    rows = g.rows("p")
    check(f"{name}: stored", want["rows"], len(rows))
    if child:
        check(f"{name}: reports", want["children"], len(g.rows("p", want["child"])))
        check(f"{name}: reports made", [want["children"], 0], [first["child"]["created"], second["child"]["created"]])
    elif "total" in want:
        check(f"{name}: total investment", want["total"], fen(rows))
    both_ways(g, name, "p")


def table(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.reader(f))


def in_libreoffice(folder, registers):
    """The .xlsx files as LibreOffice shows them: register -> the rows of each sheet."""
    office = shutil.which("soffice")
    if not office:
        print("skipped: no LibreOffice to open the exports")
        return {}
    subprocess.run([office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
                    "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", "--outdir", f"{folder}/shown",
                    *(os.path.join(folder, r + ".xlsx") for r in registers)], check=True, capture_output=True)
    shown = sorted(os.listdir(f"{folder}/shown"))
    return {r: [table(f"{folder}/shown/{s}") for s in shown if s.startswith(r + "-")] for r in registers}


# What needs a file to be a record; and, in order, what others hang under.
only_with_files = {"plan", "baseline"}
parents = ["area", "unit", "account", "project"]
worked_out = {"推算完成时间", "推算日期", "图层文件"}


def county(g):
    """Every register of a demo county: out, opened by another program, and in again."""
    g.run("demo", "county", "--projects", "25")
    names = {n[:-5] for n in os.listdir(os.path.join(here, "..", "..", "registers"))} - {"schema"}
    registers = []
    for r in parents + sorted(names - set(parents)):
        for kind in ("csv", "xlsx"):
            g.run("export", "county", "--register", r, os.path.join(g.folder, f"{r}.{kind}"))
        if len(table(os.path.join(g.folder, r + ".csv"))) > 1:
            registers.append(r)
    shown = in_libreoffice(g.folder, registers)
    for r in registers:
        out = table(os.path.join(g.folder, r + ".csv"))
        if shown:
            check(f"county: {r} in LibreOffice", True, out in shown[r])
        same = g.take("county", os.path.join(g.folder, r + ".xlsx"), "--register", r)
        check(f"county: {r} unchanged", len(out) - 1, same["unchanged"])
        if r in only_with_files:
            continue
        fresh = g.take("empty", os.path.join(g.folder, r + ".csv"), "--register", r)
        check(f"county: {r} refused in an empty folder", 0, fresh["refused"])
        g.run("export", "empty", "--register", r, os.path.join(g.folder, "again.csv"))
        kept = [i for i, heading in enumerate(out[0]) if heading not in worked_out]
        again = {tuple(row[i] for i in kept) for row in table(os.path.join(g.folder, "again.csv"))}
        check(f"county: {r} lost", [], [row for row in out if tuple(row[i] for i in kept) not in again][:2])


def slippage(g, shared):
    """Forecasts stored report by report, their differences against the published ones."""
    path = os.path.join(shared, "data", NYC)
    shutil.rmtree(os.path.join(g.folder, "n"), ignore_errors=True)
    g.take("n", path, "--key", "external_id", "--child", "report", "--set", "report.period_kind=month")
    with open(path, encoding="utf-8-sig", newline="") as f:
        raw = list(csv.DictReader(f))
    names = {r["外部编号"]: r["项目名称"] for r in g.rows("n")}
    stored = {}
    for r in g.rows("n", "report"):
        stored.setdefault((r["项目"], r["截止日期"]), []).append(r["预计竣工"])
    day = {id(r): datetime.datetime.strptime(r["Date Reported As Of"][:10], "%m/%d/%Y").date() for r in raw}
    forecast = {}
    for r in raw:
        found = stored.get((names[r["PID"]], day[id(r)].isoformat()))
        if not found:
            check(f"nyc: report of {r['PID']} at {day[id(r)]}", "stored", "missing")
            return
        # two projects of one name report on the same day: each has the forecast that the file gives it, if it is there
        given = r["Forecast Completion"][:10]
        given = given and datetime.datetime.strptime(given, "%m/%d/%Y").date().isoformat()
        forecast[id(r)] = found.pop(found.index(given) if len(found) > 1 and given in found else 0)
    before, pairs, equal = {}, 0, 0
    for r in sorted(raw, key=lambda r: (int(r["PID"]), day[id(r)])):
        now, earlier = forecast[id(r)], before.get(r["PID"])
        if now and earlier and r["Latest Schedule Changes"]:
            pairs += 1
            gap = datetime.date.fromisoformat(now) - datetime.date.fromisoformat(earlier)
            equal += gap.days == int(r["Latest Schedule Changes"])
        before[r["PID"]] = now
    check("nyc: comparable pairs, and those equal to the published change", (1766, 1762), (pairs, equal))


def invented(g, path):
    """One ledger with what must come of it, as a planner wrote it down."""
    with open(path, encoding="utf-8") as f:
        want = json.load(f)
    name = os.path.basename(want["file"])
    ledger = os.path.join(os.path.dirname(path), want["file"])
    shutil.rmtree(os.path.join(g.folder, "i"), ignore_errors=True)
    for before in want.get("before", []):
        g.take("i", os.path.join(os.path.dirname(path), before["file"]), "--register", before["register"])
    draft = json.loads(g.run("import", "i", "--json", "--preview", *want.get("options", []), ledger, good=(0, 1)))
    stored_by_preview = len(g.rows("i"))
    check(f"{name}: stored by a preview", 0, stored_by_preview)
    result = g.take("i", ledger, *want.get("options", []), good=(0, 1))
    for word in ("created", "refused", "left_out"):
        check(f"{name}: {word}", want.get(word, 0), result[word])
    rows = {r["项目名称"]: r for r in g.rows("i")}
    for title, fields in want["projects"].items():
        if title not in rows:
            check(f"{name}: {title}", "stored", "missing")
            continue
        for field, value in fields.items():
            check(f"{name}: {title}: {field}", value, rows[title].get(field))
    if "total" in want:
        check(f"{name}: total", Decimal(want["total"]), Decimal(fen(g.rows("i"))) / 1000000)
    said = [f"{x['sheet']}!{x['column'] or ''}{x['row'] or ''} {x['text']}" for x in draft["problems"]]
    for problem in want.get("problems", []):
        check(f"{name}: says {problem}", True, any(problem in x for x in said) or said)
    check(f"{name}: errors", want.get("errors", 0), sum(x["level"] == "error" for x in draft["problems"]))
    check(f"{name}: units to be made", want.get("missing", []), sorted(x["name"] for x in draft["missing"]))
    again = g.take("i", ledger, *want.get("options", []), good=(0, 1))
    check(f"{name}: coming in once more", [0, 0], [again["created"], again["updated"]])


def main():
    only = sys.argv[2] if len(sys.argv) > 2 else None
    shared = os.environ.get("GUATU_SHARED") or os.path.join(here, "..", "..", "..", "shared")
    folder = tempfile.mkdtemp(prefix="guatu-ledgers-")
    g = Guatu(os.path.abspath(sys.argv[1]), folder)
    try:
        made = os.path.join(golden, "ledgers")
        for name in sorted(os.listdir(made)):
            if name.endswith(".json") and (not only or only in name):
                invented(g, os.path.join(made, name))
        if not only or only == "county":
            county(g)
        if not os.path.exists(os.path.join(shared, "data", NYC)):
            print("skipped the shared portfolios: no shared data (GUATU_SHARED)")
        else:
            with open(os.path.join(golden, "expected.json"), encoding="utf-8") as f:
                wanted = [w for w in json.load(f)["files"] if w["file"].startswith("portfolio-")]
            for want in wanted:
                if not only or only in want["file"]:
                    portfolio(g, shared, want)
            if not only:
                slippage(g, shared)
    finally:
        shutil.rmtree(folder)
    print(f"{len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
