"""The server as a living thing: many streams coming and going, uploads cut off, HTTPS, and stopping in the middle of work.

usage: living.py GUATU
"""
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run  # noqa: E402

binary = os.path.abspath(sys.argv[1])
passed = failed = skipped = 0


def check(name, good, detail=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"FAILED {name} {detail}")


def metric(client, name):
    _, _, body = client.send("GET", "/metrics", {}, None)
    return int(re.search(rf"^{name} (\d+)$", body.decode(), re.M).group(1))


def until(condition, seconds=run.PATIENCE):
    """Polls a condition of the server that has no event of its own."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        threading.Event().wait(0.02)
    return False


def raw_stream(server, headers):
    s = socket.create_connection(("127.0.0.1", server.port))
    s.settimeout(run.PATIENCE)
    s.sendall(f"GET /api/stream HTTP/1.1\r\nHost: a\r\nCookie: {headers['Cookie']}\r\n\r\n".encode())
    got = b""
    while b"retry:" not in got:
        piece = s.recv(4096)
        if not piece:
            raise run.Mismatch(f"the stream ended: {got}")
        got += piece
    return s


def wait_for(s, *texts):
    """What came until one of the texts was among it; None when the stream ended before."""
    got = b""
    while not any(text in got for text in texts):
        piece = s.recv(65536)
        if not piece:
            return None
        got += piece
    return got


def streams_come_and_go(server, client):
    headers = client.headers_of("office")
    streams = [raw_stream(server, headers) for _ in range(300)]
    check("300 streams are counted", metric(client, "guatu_streams") == 300)
    body = json.dumps({"fields": {"title": "众人看见", "category": "other"}}).encode()
    status, _, answer = client.send("POST", "/api/r/project", {**headers, "Content-Type": "application/json"}, body)
    check("a change is stored while 300 watch", status == 201, answer)
    wanted = json.loads(answer)["id"].encode()
    check("all 300 see it", all(wait_for(s, wanted) for s in streams))
    for s in streams[:200]:  # vanish without a word, between two writes and during one
        s.close()
    for i in range(20):
        client.send("POST", "/api/r/project", {**headers, "Content-Type": "application/json"}, body)
    for s in streams[200:]:
        s.shutdown(socket.SHUT_RDWR)
        s.close()
    check("streams whose clients are gone are given up", until(lambda: metric(client, "guatu_streams") == 0),
          f"{metric(client, 'guatu_streams')} left")


def slow_reader_is_reset(server, client):
    """A page that sleeps does not hold up the others, and learns that it missed something."""
    headers = client.headers_of("office")
    slow, quick = raw_stream(server, headers), raw_stream(server, headers)
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    long = "很长的说明" * 3000
    last = None
    for i in range(400):
        body = json.dumps({"fields": {"title": f"{i} 慢", "category": "other", "description": long}}).encode()
        _, _, answer = client.send("POST", "/api/r/project", {**headers, "Content-Type": "application/json"}, body)
        last = json.loads(answer)["id"].encode()
    check("the quick one has seen the last change", wait_for(quick, last) is not None)
    got = wait_for(slow, last, b"event: reset")
    numbers = [int(n) for n in re.findall(rb"^id: (\d+)$", got or b"", re.M)]
    check("the slow one got every change in order, or was told to load afresh", got is not None and (
        b"event: reset" in got or numbers == list(range(numbers[0], numbers[0] + len(numbers)))), numbers)
    slow.close()
    quick.close()


def uploads_cut_off(server, client):
    headers = client.headers_of("office")
    for cut in (100, 300_000, 2_000_000):
        s = socket.create_connection(("127.0.0.1", server.port))
        s.sendall((f"POST /api/files HTTP/1.1\r\nHost: a\r\nCookie: {headers['Cookie']}\r\nX-CSRF-Token: "
                   f"{headers['X-CSRF-Token']}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                   "Content-Length: 3000000\r\n\r\n--x\r\n").encode() + b"a" * cut)
        s.close()
    check("nothing of a cut upload stays", until(lambda: not os.listdir(os.path.join(server.data, "spool"))))
    body = (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"a,b\r\n" * 400_000
            + b"\r\n--x--\r\n")
    status, _, answer = client.send("POST", "/api/files", {**headers, "Content-Type": "multipart/form-data; boundary=x"}, body)
    check("a whole one of 2 MB does", status == 201 and json.loads(answer)["bytes"] == 2_000_000, answer[:300])


def stop_in_the_middle():
    """SIGTERM while eight clients write: whoever got an answer finds his record after the restart."""
    server = run.Server(binary)
    client = run.Client(server)
    headers = {**client.headers_of("office"), "Content-Type": "application/json"}
    streams = [raw_stream(server, headers) for _ in range(20)]
    acknowledged, lock, stopping = [], threading.Lock(), threading.Event()

    def write(n):
        i = 0
        while not stopping.is_set() or i < 5:
            i += 1
            body = json.dumps({"fields": {"title": f"停机 {n}-{i}", "category": "other"}}).encode()
            try:
                status, _, answer = run.Client(server).send("POST", "/api/r/project", headers, body)
            except (OSError, http.client.HTTPException):
                return
            if status == 201:
                with lock:
                    acknowledged.append(json.loads(answer)["id"])

    writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for w in writers:
        w.start()
    until(lambda: len(acknowledged) > 200)
    server.process.terminate()
    stopping.set()
    code = server.process.wait(timeout=run.PATIENCE)
    for w in writers:
        w.join()
    check("it stops cleanly in the middle of work", code == 0, f"code {code}")
    check("every stream was ended properly", all(wait_for(s, b"\r\n0\r\n\r\n") for s in streams))
    listed = server.command("export", os.path.join(server.data, "all.csv"), "--columns", "title")
    text = open(os.path.join(server.data, "all.csv"), encoding="utf-8-sig").read()
    rows = len(re.findall("停机 ", text))
    check("what was acknowledged is there", rows >= len(acknowledged) > 200, f"{rows} of {len(acknowledged)} {listed}")
    shutil.rmtree(server.data)


def stop_under_kept_connections():
    """Clients that ask again and again on the same connection do not hold up the stop, and none is answered 5xx. (Between two
    requests a connection may be closed: HTTP clients ask again.)"""
    server = run.Server(binary)
    headers = run.Client(server).headers_of("office")
    statuses = []

    def ask():
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=run.PATIENCE)
        try:
            while True:
                connection.request("GET", "/api/r/unit?limit=1", headers=headers)
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)
                if answer.headers.get("Connection") == "close":
                    return
        except (OSError, http.client.HTTPException):
            return

    clients = [threading.Thread(target=ask) for _ in range(8)]
    for c in clients:
        c.start()
    until(lambda: len(statuses) > 300)
    check("it stops under kept connections", server.stop() == 0)  # they ask on and on: without an end there is none
    for c in clients:
        c.join()
    check("nobody was refused", set(statuses) == {200}, set(statuses))


def over_https():
    global skipped
    folder = tempfile.mkdtemp(prefix="guatu-tls-")
    key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
    if not shutil.which("openssl"):
        print("skipped: HTTPS: openssl is not here to make a certificate")
        skipped += 1
        return
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server = run.Server(binary, ["--certificate", certificate, "--key", key])
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=run.PATIENCE)
    for _ in range(20):
        connection.request("GET", "/healthz")
        check("HTTPS answers", connection.getresponse().read() == b"ok\n")
    connection.request("POST", "/api/session", json.dumps({"login": "office", "password": run.PASSWORD}),
                       {"Content-Type": "application/json", "Origin": f"https://127.0.0.1:{server.port}"})
    answer = connection.getresponse()
    check("its cookie is for HTTPS only", answer.status == 200 and "; Secure" in answer.headers["Set-Cookie"])
    connection.close()
    check("it stops", server.stop() == 0)
    done = subprocess.run([binary, "serve", "--data", folder + "/d", "--listen", "127.0.0.1:0", "--certificate", certificate],
                          capture_output=True, text=True)
    check("a certificate without key is refused", done.returncode != 0 and done.stderr)
    shutil.rmtree(folder)


def users_stand_in_columns():
    """Names in Han are two columns a character wide on a terminal."""
    data = tempfile.mkdtemp(prefix="guatu-users-")
    for login, name in (("office", "项目办公室"), ("town-of-the-lower-river-bend", "下河湾镇"), ("a", "A")):
        subprocess.run([binary, "user", "add", login, "--name", name, "--roles", "office", "--data", data], check=True,
                       capture_output=True)
    lines = subprocess.run([binary, "user", "list", "--data", data], check=True, capture_output=True, text=True).stdout.splitlines()
    wide = [re.sub(r"[\u4e00-\u9fff]", "xx", line) for line in lines]
    check("every account is listed", len(lines) == 3, lines)
    check("the roles begin in one column", len({line.rindex(" office") for line in wide}) == 1, lines)
    shutil.rmtree(data)


def main():
    users_stand_in_columns()
    server = run.Server(binary, ["--metrics-token", "watcher"])
    client = run.Client(server)
    streams_come_and_go(server, client)
    slow_reader_is_reset(server, client)
    uploads_cut_off(server, client)
    status, _, _ = client.send("GET", "/metrics", {"Authorization": "Bearer watcher", "X-Forwarded-For": "10.0.0.1"}, None)
    check("the watcher's token opens /metrics", status == 200)
    status, _, _ = client.send("GET", "/metrics", {"Authorization": "Bearer other"}, None)
    check("another does not", status == 403)
    check("the server stops", server.stop() == 0)
    stop_in_the_middle()
    stop_under_kept_connections()
    over_https()
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed else 0)


main()
