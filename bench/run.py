"""Runs every benchmark that can run here and prints what it measured beside named peers.

usage: run.py [NAME ...]      NAME: size store relight http import crew sched (default: all)

Each part is stopped after BENCH_MINUTES (default 20): on two idle cores store, relight, http and import take about 8 minutes
together, crew and sched as many again, and the first run 10 minutes more for the county of 1,000,000 projects, which is kept.
The load average before each part says how far to trust it. Figures are for comparing within one run on one machine; quote medians and ratios, never a single absolute time. A part
that needs something this machine lacks says so and is left out.
"""
import os
import platform
import subprocess
import sys

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.chdir(root)
build = os.environ.get("GUATU_BUILD", "build")
minutes = int(os.environ.get("BENCH_MINUTES", "20"))


def title(text):
    print(f"\n== {text}", flush=True)


def made(name):
    done = subprocess.run(["ninja", "-C", build, f"bench/bench_{name}"], capture_output=True, text=True)
    if done.returncode:
        print(done.stdout[-2000:])
        return None
    return f"{build}/bench/bench_{name}"


def run(command):
    """Stopped politely when it takes too long, so that it can stop its servers."""
    process = subprocess.Popen(command)
    try:
        process.wait(minutes * 60)
    except subprocess.TimeoutExpired:
        process.terminate()
        print(f"stopped after {minutes} minutes")
        process.wait()


def size():
    """The one file that is installed, with the UI in it when it was built with one."""
    program = f"{build}/guatu"
    if not os.path.exists(program):
        print("guatu is not built")
        return
    copy = program + ".stripped"
    done = subprocess.run(["strip", "-o", copy, program], capture_output=True)
    stripped = f", {os.path.getsize(copy) / 1e6:.1f} MB stripped" if done.returncode == 0 else ""
    if done.returncode == 0:
        os.remove(copy)
    print(f"the program is {os.path.getsize(program) / 1e6:.1f} MB{stripped} (aim: under 15 with the UI)")


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


names = sys.argv[1:] or ["size", "store", "relight", "http", "import", "crew", "sched"]
print(f"machine: {platform.machine()}, {os.cpu_count()} cores, {platform.release()}")
for name in names:
    title(f"{name}, load average {os.getloadavg()[0]:.1f}")
    if name == "size":
        size()
    else:
        script(name)
