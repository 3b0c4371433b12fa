"""Wall and list queries per second, durable changes over HTTP, and how fast a change reaches 1,000 open pages.

usage: bench_http.py [PROJECTS ...]      (default: 10000; with BENCH_LARGE=1 also 1000000)

wrk and the server share this machine's cores, so the rates are what is left for the server.
"""
import json
import os
import re
import shutil
import signal
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


def wrk(server, path, connections, seconds=4, script=None):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-H", f"Cookie: {server.cookie}"]
    if script:
        command += ["-s", script]
    out = run(*command, f"http://127.0.0.1:{server.port}{path}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    percent = dict(re.findall(r"(\d+)%\s+([\d.]+(?:us|ms|s))", out))
    if "Non-2xx" in out:
        sys.exit(f"{path}: {out}")
    return rate, percent["50"], percent["99"]


def bench(projects):
    data = tempfile.mkdtemp(prefix="guatu-bench-")
    try:
        began = time.monotonic()
        run(guatu, "demo", "--data", data, "--projects", str(projects))
        made = time.monotonic() - began
        run(guatu, "user", "add", "bench", "--roles", "office", "--password-stdin", "--data", data, input=PASSWORD + "\n")
        server = Server(data)
        pid = server.process.pid
        print(f"{projects} projects: made in {made:.0f} s, started in {server.start_s:.2f} s, "
              f"{status(pid, 'VmRSS'):.0f} MiB resident")
        unit = json.loads(server.get("/api/wall"))["by_unit"][0]["id"]
        rows = [
            ("the wall", "/api/wall"),
            ("the wall of one unit", f"/api/wall?unit={unit}"),
            ("50 rows, worst light first",
             "/api/r/project?columns=number,title,light,plan_completion&sort=-light,-annual_plan_investment&limit=50"),
            ("50 rows of those amber or worse", "/api/r/project?filter=light:ge:2&columns=number,title,light&sort=title&limit=50"),
            ("counts and sums by area", "/api/r/project?group=area&sums=annual_plan_investment,completed_investment"),
            ("who am I", "/api/session"),
        ]
        print(f"  {'':36}{'bytes':>9}{'1 client/s':>12}{'p99':>10}{'16 clients/s':>14}{'p99':>10}")
        for name, path in rows:
            size = len(server.get(path))
            one, _, one_p99 = wrk(server, path, 1)
            many, _, many_p99 = wrk(server, path, 16)
            print(f"  {name:36}{size:>9}{one:>12.0f}{one_p99:>10}{many:>14.0f}{many_p99:>10}", flush=True)
        script = os.path.join(data, "post.lua")
        with open(script, "w") as f:
            f.write(POST % server.csrf)
        for clients in (1, 8, 64):
            rate, median, p99 = wrk(server, "/api/r/project", clients, script=script)
            print(f"  durable new projects, {clients:>2} clients: {rate:>7.0f}/s, median {median}, p99 {p99}", flush=True)
        run("ninja", "-C", build, "bench/bench_http")
        before = status(pid, "VmRSS")
        for streams in (100, 1000):
            print("  a change to " + run(os.path.join(build, "bench", "bench_http"), str(server.port), server.cookie, server.csrf,
                                         str(streams), "50").strip())
        print(f"  {(status(pid, 'VmHWM') - before) / 1000 * 1024:.1f} KiB a stream at most (peak over before)")
        server.stop()
    finally:
        shutil.rmtree(data, ignore_errors=True)


def main():
    if not shutil.which("wrk"):
        print("wrk is not here: apt install wrk")
        return
    sizes = [int(n) for n in sys.argv[1:]] or [10000] + ([1000000] if os.environ.get("BENCH_LARGE") else [])
    for projects in sizes:
        bench(projects)


main()
