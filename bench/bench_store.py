"""Durable reports per second: starts a throw-away PostgreSQL if one is installed, then bench_store beside it."""
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.chdir(root)
build = os.environ.get("GUATU_BUILD", "build")
if subprocess.run(["ninja", "-C", build, "bench/bench_store"], stdout=subprocess.DEVNULL).returncode:
    sys.exit("bench_store cannot be built (it needs libpq-dev)")

tools = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
environment = dict(os.environ)
folder = tempfile.mkdtemp(prefix="guatu-bench-pg-")
as_user = []


def start():
    """initdb refuses root: then the server runs as the user postgres."""
    bin = os.path.dirname(tools[-1])
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user.extend(["runuser", "-u", "postgres", "--"])
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    subprocess.run(as_user + [f"{bin}/initdb", "-D", f"{folder}/data", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U",
                              "postgres", "--no-sync"], check=True, **quiet)
    with open(f"{folder}/data/postgresql.conf", "a") as conf:
        conf.write(f"port={port}\nlisten_addresses=''\nunix_socket_directories='{folder}'\nmax_connections=80\n")
    subprocess.run(as_user + [f"{bin}/pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "start"], check=True, **quiet)
    environment["GUATU_BENCH_PG"] = f"host={folder} port={port} user=postgres dbname=postgres"
    return bin


bin = None
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is stopped whatever ends this
try:
    if tools:
        bin = start()
    else:
        print("postgresql is not installed: its part is skipped")
    subprocess.run([f"{build}/bench/bench_store"] + sys.argv[1:], env=environment, check=False)
finally:
    if bin:
        subprocess.run(as_user + [f"{bin}/pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop"],
                       stdout=subprocess.DEVNULL, check=False)
    shutil.rmtree(folder, ignore_errors=True)
