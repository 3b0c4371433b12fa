"""The page's writer and the WebAssembly build against the native engine. usage: run.py wasm.sh make_cases GOLDEN_FOLDER compare.mjs"""
import os
import shutil
import subprocess
import sys
import tempfile

REAL = ["sched-xer", "sched-p6-micro", "sched-mspdi", "sched-pmxml", "import-edge-xer"]
build, make_cases, golden, compare = sys.argv[1:5]
if not shutil.which("node"):
    print("skipped: node is not installed")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    wasm, cases = os.path.join(folder, "sched.wasm"), os.path.join(folder, "cases")
    here = os.path.dirname(os.path.abspath(compare))
    shared = os.path.join(os.environ.get("GUATU_SHARED") or os.path.join(here, "..", "..", "..", "shared"), "data")
    real = [f for f in (os.path.join(shared, d) for d in REAL) if os.path.isdir(f)]
    print(f"{len(real)} of {len(REAL)} folders of real plans are here")
    subprocess.run([make_cases, golden, cases, *real], check=True)
    written = subprocess.run(["node", os.path.join(here, "writer.mjs"), cases, golden, os.path.join(here, "..", "..", "ui")])
    if written.returncode not in (0, 77):
        sys.exit(written.returncode)
    built = subprocess.run(["sh", build, wasm], capture_output=True, text=True)
    print(built.stdout + built.stderr)
    if built.returncode:
        sys.exit(built.returncode)
    subprocess.run(["node", compare, wasm, cases], check=True)
