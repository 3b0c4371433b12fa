"""Import of an Excel ledger of 100,000 rows and 20 columns: ours beside SheetJS and LibreOffice, in one run.

Ours reads the workbook and maps and checks every cell for the project register; SheetJS (npm xlsx) reads it and turns the
sheet into an array of rows; LibreOffice converts it to CSV headless. Medians of 3 runs each, the peers in turn. The whole
product is `guatu import` into an empty data folder: all of that, and 100,000 projects stored durably in one transaction with
their journal entries, indexes and lights; the peers store nothing.

usage: bench_import.py [ROWS]     GUATU_BUILD names the build folder
"""
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
build = os.path.abspath(os.environ.get("GUATU_BUILD", os.path.join(root, "build")))
rows = sys.argv[1] if len(sys.argv) > 1 else "100000"
times = int(os.environ.get("BENCH_TIMES", "3"))
sheetjs_version = "0.18.5"
sheetjs = """
const XLSX = require("xlsx"), fs = require("fs");
const start = process.hrtime.bigint();
const book = XLSX.read(fs.readFileSync(process.argv[2]), {cellDates: true});
const table = XLSX.utils.sheet_to_json(book.Sheets[book.SheetNames[0]], {header: 1});
console.log(table.length - 1, Number(process.hrtime.bigint() - start) / 1e6, process.memoryUsage().rss >> 20);
"""


def numbers(text):
    return {k: int(v) for k, v in (line.split("\t") for line in text.splitlines())}


def ours(program, path):
    got = numbers(subprocess.run([program, "read", path, "1"], capture_output=True, text=True, check=True).stdout)
    assert got["rows"] == int(rows), got
    return got


def whole(path):
    """guatu import, from the shell's point of view: milliseconds that passed, and of processor."""
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as data:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run([os.path.join(build, "guatu"), "import", "--data", data, path, "--json"], capture_output=True,
                              text=True, check=True)
        took, after = (time.monotonic() - start) * 1000, resource.getrusage(resource.RUSAGE_CHILDREN)
        assert json.loads(done.stdout)["created"] == int(rows), done.stdout[:200]
        return took, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def npm_folder():
    folder = os.path.join(build, "bench", "npm")
    if not shutil.which("npm"):
        return None
    if not os.path.isdir(os.path.join(folder, "node_modules", "xlsx")):
        os.makedirs(folder, exist_ok=True)
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-save", f"xlsx@{sheetjs_version}"],
                              cwd=folder, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr[-300:])
            return None
    return folder


def main():
    subprocess.run(["ninja", "-C", build, "bench/bench_import"], check=True, capture_output=True)
    program = os.path.join(build, "bench", "bench_import")
    measured = {"ours": [], "product": [], "SheetJS": [], "LibreOffice": []}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "ledger.xlsx")
        written = numbers(subprocess.run([program, "write", path, rows], capture_output=True, text=True, check=True).stdout)
        print(f"{rows} rows x 20 columns, {os.path.getsize(path) / 1e6:.1f} MB, written by us in {written['write']} ms")
        npm = npm_folder()
        office = shutil.which("soffice")
        read, memory = [], {}
        for _ in range(times):
            got = ours(program, path)
            measured["ours"].append(got["both"])
            measured["product"].append(whole(path))
            read.append(got["read"])
            memory["ours"] = got["memory_mb"]
            if npm:
                done = subprocess.run(["node", "--max-old-space-size=4096", "-e", sheetjs, "-", path], cwd=npm, capture_output=True,
                                      text=True)
                if done.returncode:
                    print("SheetJS: " + done.stderr[-200:])
                    npm = None
                else:
                    count, ms, rss = done.stdout.split()
                    assert count == rows, done.stdout
                    measured["SheetJS"].append(float(ms))
                    memory["SheetJS"] = int(rss)
            if office:
                start = time.monotonic()
                subprocess.run([office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
                                "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", folder, path], check=True, capture_output=True)
                measured["LibreOffice"].append((time.monotonic() - start) * 1000)
                with open(os.path.join(folder, "ledger.csv"), encoding="utf-8") as made:
                    assert sum(1 for _ in made) == int(rows) + 1
    mine = statistics.median(measured["ours"])
    print(f"ours         {mine:8.0f} ms  read {statistics.median(read):.0f}, mapped and checked the rest; {memory['ours']} MB held")
    product, processor = (statistics.median(ms) for ms in zip(*measured["product"]))
    print(f"guatu import {product:8.0f} ms  the whole product, stored durably; {processor:.0f} ms of processor (aim: under 3000 with 100,000 rows)")
    for name in ("SheetJS", "LibreOffice"):
        if measured[name]:
            ms = statistics.median(measured[name])
            held = f"; {memory[name]} MB resident" if name in memory else ""
            print(f"{name:12} {ms:8.0f} ms  {ms / mine:.1f} times ours, reading only{held}")
        else:
            print(f"{name:12} is not here")


main()
