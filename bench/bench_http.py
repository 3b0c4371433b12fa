"""Start, memory, wall and list queries per second, rewinding to past days, durable changes over HTTP, and how fast a change
reaches 1,000 open pages.

usage: bench_http.py [PROJECTS ...]      (default: 10000 1000000)

Counties are made by `guatu demo` once and kept in the build folder (bench/county-N); the largest takes its minutes and about
6 GB, and is left out with the reason where there is no room for it. wrk and the server share this machine's cores: the
rates are what is left for the server, and a p99 on a busy machine is the scheduler's.
"""
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
build = os.path.join(root, os.environ.get("GUATU_BUILD", "build"))
guatu = os.path.join(build, "guatu")
PASSWORD = "Lantern-harbour-42"

POST = """
wrk.method = "POST"
wrk.body = '{"fields":{"title":"压力试验","category":"other"}}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-CSRF-Token"] = "%s"
"""


def run(*words, **more):
    done = subprocess.run(words, capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def status(pid, key):
    return int(re.search(rf"^{key}:\s+(\d+)", open(f"/proc/{pid}/status").read(), re.M).group(1)) / 1024


class Server:
    def __init__(self, data):
        began = time.monotonic()
        self.process = subprocess.Popen([guatu, "serve", "--data", data, "--listen", "127.0.0.1:0", "--print-port"],
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.start_s = time.monotonic() - began
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/session", method="POST",
                                         data=json.dumps({"login": "bench", "password": PASSWORD}).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
            self.csrf = json.load(answer)["csrf"]

    def get(self, path):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": self.cookie})
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def wrk(server, path, connections, seconds=2, script=None):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-H", f"Cookie: {server.cookie}"]
    if script:
        command += ["-s", script]
    out = run(*command, f"http://127.0.0.1:{server.port}{path}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    percent = dict(re.findall(r"(\d+)%\s+([\d.]+(?:us|ms|s))", out))
    if "Non-2xx" in out:
        sys.exit(f"{path}: {out}")
    return rate, percent["50"], percent["99"]


def free_gib(path):
    disk = shutil.disk_usage(path).free / 2**30
    memory = int(re.search(r"MemAvailable:\s+(\d+)", open("/proc/meminfo").read()).group(1)) / 2**20
    return disk, memory


def county(projects):
    """The data folder of a county, made when it is not there yet; None with the reason printed."""
    folder = os.path.join(build, "bench", f"county-{projects}")
    if os.path.exists(os.path.join(folder, "made")):
        return folder
    os.makedirs(os.path.join(build, "bench"), exist_ok=True)
    disk, memory = free_gib(build)
    if disk < 2 + projects / 60000 or memory < 1 + projects / 150000:
        print(f"{projects} projects: left out, {disk:.0f} GiB of disk and {memory:.0f} GiB of memory are too little")
        return None
    shutil.rmtree(folder, ignore_errors=True)
    began = time.monotonic()
    made = json.loads(run(guatu, "demo", "--data", folder, "--projects", str(projects), "--json"))
    run(guatu, "user", "add", "bench", "--roles", "office", "--password-stdin", "--data", folder, input=PASSWORD + "\n")
    with open(os.path.join(folder, "made"), "w") as f:
        f.write(f"{time.monotonic() - began:.0f} s for {made['journal']} journal entries")
    return folder


def empty_server():
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as data:
        run(guatu, "user", "add", "bench", "--roles", "office", "--password-stdin", "--data", data, input=PASSWORD + "\n")
        server = Server(data)
        print(f"nothing in it: started in {server.start_s:.2f} s, {status(server.process.pid, 'VmRSS'):.0f} MiB resident (aim: under 64)")
        server.stop()


def queries(server):
    units = json.loads(server.get("/api/wall"))["by_unit"]
    rows = [
        ("the wall", "/api/wall"),
        ("the wall of one unit", f"/api/wall?unit={units[0]['id']}"),
        ("50 rows, worst light first",
         "/api/r/project?columns=number,title,light,plan_completion&sort=-light,-annual_plan_investment&limit=50"),
        ("50 rows by title", "/api/r/project?columns=number,title,light&sort=title&limit=50"),
        ("50 of those amber or worse, by title",
         "/api/r/project?filter=light:ge:2&columns=number,title,light&sort=title&limit=50"),
        ("counts and sums by area", "/api/r/project?group=area&sums=annual_plan_investment,completed_investment"),
        ("who am I", "/api/session"),
    ]
    print(f"  {'queries':38}{'bytes':>9}{'1 client/s':>12}{'p50':>10}{'p99':>10}{'16 clients/s':>14}{'p99':>10}")
    for name, path in rows:
        size = len(server.get(path))
        one, one_p50, one_p99 = wrk(server, path, 1)
        many, _, many_p99 = wrk(server, path, 16)
        print(f"  {name:38}{size:>9}{one:>12.0f}{one_p50:>10}{one_p99:>10}{many:>14.0f}{many_p99:>10}", flush=True)


def rewinding(server):
    """A day nobody has asked for is made from the journal; asked for again it is there."""
    today = json.loads(server.get("/api/wall"))["today"]
    end = time.mktime(time.strptime(today, "%Y-%m-%d"))
    first, again = [], []
    for back in (1, 8, 15, 22, 29):
        day = time.strftime("%Y-%m-%d", time.localtime(end - back * 86400))
        for took in (first, again):
            began = time.perf_counter()
            server.get(f"/api/wall?as_of={day}")
            took.append((time.perf_counter() - began) * 1000)
    print(f"  the wall as of a past day, of 5 within a month: first asked {statistics.median(first):.0f} ms (worst {max(first):.0f}), "
          f"asked again {statistics.median(again):.1f} ms", flush=True)


def durable(server):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(POST % server.csrf)
        script.flush()
        for clients in (1, 8, 64):
            rate, median, p99 = wrk(server, "/api/r/project", clients, script=script.name)
            print(f"  durable new projects, {clients:>2} clients: {rate:>7.0f}/s, median {median}, p99 {p99}", flush=True)


def pushing(server, pid):
    run("ninja", "-C", build, "bench/bench_http")
    before = status(pid, "VmRSS")
    for streams in (100, 1000):
        print("  a change to " + run(os.path.join(build, "bench", "bench_http"), str(server.port), server.cookie, server.csrf,
                                     str(streams), "30").strip(), flush=True)
    print(f"  {max(0, status(pid, 'VmRSS') - before) * 1024 / 1000:.1f} KiB a stream")


def bench(projects):
    data = county(projects)
    if not data:
        return
    server = Server(data)
    try:
        pid = server.process.pid
        aim = " (aim: under 1)" if projects == 10000 else ""
        print(f"{projects} projects: made in {open(os.path.join(data, 'made')).read()}; started in {server.start_s:.2f} s{aim}, "
              f"{status(pid, 'VmRSS'):.0f} MiB resident; load average {os.getloadavg()[0]:.1f}", flush=True)
        queries(server)
        rewinding(server)
        durable(server)
        pushing(server, pid)
        print(f"  {status(pid, 'VmRSS'):.0f} MiB resident at the end, {status(pid, 'VmHWM'):.0f} at most")
    finally:
        server.stop()


def main():
    if not shutil.which("wrk"):
        print("wrk is not here: apt install wrk")
        return
    empty_server()
    for projects in [int(n) for n in sys.argv[1:]] or [10000, 1000000]:
        bench(projects)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers are stopped whatever ends this
main()
