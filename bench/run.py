"""Runs every benchmark that can run here and prints what it measured beside named peers.

usage: run.py [NAME ...]      NAME: store relight http import crew sched ui (default: all but ui)

Figures are for comparing within one run on one machine; quote medians and ratios, never a single absolute time. A part
that needs something this machine lacks says so and is left out.
"""
import glob
import os
import platform
import subprocess
import sys

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.chdir(root)
build = os.environ.get("GUATU_BUILD", "build")
shared = os.environ.get("GUATU_SHARED", os.path.join(root, "..", "shared"))


def title(text):
    print(f"\n== {text}", flush=True)


def made(name):
    done = subprocess.run(["ninja", "-C", build, f"bench/bench_{name}"], capture_output=True, text=True)
    if done.returncode:
        print(done.stdout[-2000:])
        return None
    return f"{build}/bench/bench_{name}"


def run(command):
    print("$ " + " ".join(command)[:160], flush=True)
    subprocess.run(command, check=False)


def script(name):
    """bench/bench_<name>.py or .sh knows its own peers; else the program alone."""
    for path, command in ((f"bench/bench_{name}.py", [sys.executable]), (f"bench/bench_{name}.sh", ["sh"])):
        if os.path.exists(path):
            run(command + [path])
            return
    program = made(name) if os.path.exists(f"bench/bench_{name}.c") else None
    if program:
        run([program])
    else:
        print(f"there is no bench {name}")


def crew():
    program = made("crew")
    sets = [("rcpsp-psplib/j30", "*.sm", 10), ("rcpsp-psplib/j60", "*.sm", 10), ("rcpsp-psplib/j90", "*.sm", 10),
            ("rcpsp-psplib/j120", "*.sm", 10), ("rcpsp-rg300", "*.rcp", 3), ("rcpsp-patterson", "*.rcp", 4),
            ("rcpsp-max/j10", "*.SCH", 6), ("rcpsp-max/j20", "*.SCH", 6), ("rcpsp-max/j30", "*.SCH", 6)]
    if not program or not os.path.isdir(f"{shared}/data/rcpsp-psplib"):
        print("the public crew problems are not here")
        return
    for folder, pattern, every in sets:
        files = sorted(glob.glob(f"{shared}/data/{folder}/{pattern}"))
        for budget in ("-1000", "-5000", "1"):
            what = f"{budget[1:]} schedules" if budget[0] == "-" else f"{budget} s"
            print(f"{folder}, {what}: ", end="", flush=True)
            subprocess.run([program, budget, str(every), f"{shared}/data/{folder}/best_known.csv"] + files, check=False)


names = sys.argv[1:] or ["store", "relight", "http", "import", "crew", "sched"]
print(f"machine: {platform.machine()}, {os.cpu_count()} cores, {platform.release()}")
for name in names:
    title(name)
    if name == "crew":
        crew()
    else:
        script(name)
