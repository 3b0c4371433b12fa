"""Replays the transcripts of this folder against a real server, and checks that every route was asked well and badly.

usage: run.py GUATU [FILE.http ...]

A transcript is read from top to bottom. Cases begin with `## title`; within them:

  as office                     who asks from here on: a login of ACCOUNTS, `nobody`, or `token {name}`
  > POST /api/r/project         a request: method and path, then headers, then a JSON body (sent exactly as written)
  > X-CSRF-Token: -             a header given as - is left out
  > {"fields":{"title":"x"}}
  > file ledger.csv             instead of a body: one part `file` of a form ...
  > | 项目名称,总投资            ... with these lines (| text), or `> zeros 1000000` for so many bytes
  < 201                         the answer: status, then headers (a value may hold *), then JSON or text
  < ETag: "1"
  < {"id":"<id:project>","version":1}
  stream s /api/stream          opens a stream named s; a third word is Last-Event-ID
  event s change {"id":"{project}"}     waits for the next event of that kind on s

In expected JSON an object may have more members than written; an array has exactly those written unless its last is "...";
{day0} is the server's today, {day1} tomorrow, {day30} thirty days on; {year} and {last_year} go with today.
"<any>" "<int>" "<number>" "<text>" "<id>" "<list>" "<object>" match by kind, "<id:project>" also keeps the value as
{project}, and text with * matches as a pattern. {name} is replaced everywhere.
"""
import datetime
import fnmatch
import glob
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import queue

here = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 120  # seconds for what must come at all: no measure of speed, machines may be busy
PASSWORD = "Lantern-harbour-42"
ACCOUNTS = {"admin": "administrator", "office": "office", "leader": "leader", "town": "town", "auditor": "auditor",
            "locked": "department"}


class Mismatch(Exception):
    pass


def match(want, got, names, where="answer"):
    if isinstance(want, str) and re.fullmatch(r"<[\w:]+>", want):
        kind, _, name = want[1:-1].partition(":")
        kinds = {"any": object, "int": int, "number": (int, float), "text": str, "list": list, "object": dict, "flag": bool}
        if kind == "id":
            good = isinstance(got, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", got)
        elif kind in kinds:
            good = isinstance(got, kinds[kind]) and (kind == "flag" or kind == "any" or not isinstance(got, bool))
        else:
            raise Mismatch(f"{where}: the transcript's {want} is no kind")
        if not good:
            raise Mismatch(f"{where}: want {want}, got {json.dumps(got, ensure_ascii=False)[:200]}")
        if name:
            names[name] = got
    elif isinstance(want, dict):
        if not isinstance(got, dict):
            raise Mismatch(f"{where}: want an object, got {json.dumps(got, ensure_ascii=False)[:200]}")
        for key, value in want.items():
            if key not in got:
                raise Mismatch(f"{where}.{key} is missing in {json.dumps(got, ensure_ascii=False)[:300]}")
            match(value, got[key], names, f"{where}.{key}")
    elif isinstance(want, list):
        more = want[-1:] == ["..."]
        want = want[:-1] if more else want
        if not isinstance(got, list) or len(got) < len(want) or (len(got) > len(want) and not more):
            raise Mismatch(f"{where}: want {len(want)} items{' or more' if more else ''}, got "
                           f"{json.dumps(got, ensure_ascii=False)[:300]}")
        for i, value in enumerate(want):
            match(value, got[i], names, f"{where}[{i}]")
    elif isinstance(want, str) and "*" in want and isinstance(got, str):
        if not fnmatch.fnmatchcase(got, want.replace("[", "[[]")):
            raise Mismatch(f"{where}: {got!r} is not like {want!r}")
    elif want != got or isinstance(want, bool) != isinstance(got, bool):
        raise Mismatch(f"{where}: want {json.dumps(want, ensure_ascii=False)}, got {json.dumps(got, ensure_ascii=False)[:300]}")


class Stream:
    """An open event stream; a thread reads it, so that nothing is lost between two looks."""

    def __init__(self, port, path, headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()
        if self.answer.status != 200 or self.answer.getheader("Content-Type") != "text/event-stream":
            raise Mismatch(f"the stream answered {self.answer.status}: {self.answer.read(300)}")
        self.events = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        event = {}
        try:
            for line in self.answer:
                line = line.decode().rstrip("\n")
                if line:
                    key, _, value = line.partition(": ")
                    event[key] = value
                else:
                    if "event" in event:
                        self.events.put(event)
                    event = {}
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            pass
        self.events.put(None)

    def wait(self, kind, want, names):
        while True:
            try:
                event = self.events.get(timeout=PATIENCE)
            except queue.Empty:
                raise Mismatch(f"no event {kind} came within {PATIENCE} s") from None
            if event is None:
                raise Mismatch("the stream ended")
            if event["event"] != kind:
                continue
            data = json.loads(event["data"])
            try:
                match(want, data, dict(names), "event")
            except Mismatch:
                continue  # another change; the one we wait for may follow
            match(want, data, names, "event")
            if kind == "change" and event.get("id") != str(data["no"]):
                raise Mismatch(f"the event's id {event.get('id')} is not its journal number {data['no']}")
            names["last_event"] = event.get("id", "")
            return


class Server:
    """A data folder with the ACCOUNTS, and `guatu serve` on it. start() after stop(keep=True) is a restart."""

    def __init__(self, binary, options=(), data=None, env=None, before=None):
        self.data = data or tempfile.mkdtemp(prefix="guatu-api-")
        self.binary, self.options, self.env, self.before = binary, options, env, before
        for login, role in ACCOUNTS.items():
            self.command("user", "add", login, "--roles", role, "--name", login, "--password-stdin", input=PASSWORD + "\n")
        self.link = re.search(r"#/link/(\S+)", self.command("user", "link", "leader")).group(1)
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.binary, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--print-port",
                                         *self.options], stdout=subprocess.PIPE, text=True, env=self.env,
                                        preexec_fn=self.before)
        line = self.process.stdout.readline()
        if not line.strip().isdigit():
            raise SystemExit(f"the server did not start: {line!r}")
        self.port = int(line)

    def command(self, *words, **more):
        done = subprocess.run([self.binary, *words, "--data", self.data], text=True, capture_output=True, env=self.env, **more)
        if done.returncode:
            raise SystemExit(f"guatu {' '.join(words)}: {done.stderr}{done.stdout}")
        return done.stdout

    def stop(self, keep=False):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=PATIENCE)
        self.process.stdout.close()
        if not keep:
            shutil.rmtree(self.data)
        return code


class Client:
    def __init__(self, server):
        self.server = server
        self.sessions = {}
        self.asked = []  # (method, path, status)

    def send(self, method, path, headers, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value.encode() if isinstance(value, str) else value)
        if body is not None and "Content-Length" not in headers and "Transfer-Encoding" not in headers:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        try:
            if body:
                connection.send(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent; the answer is there to read
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.asked.append((method, path.split("?")[0], answer.status))
        return answer.status, answer.headers, content

    def sign_in(self, login):
        status, headers, body = self.send("POST", "/api/session", {"Content-Type": "application/json"},
                                          json.dumps({"login": login, "password": PASSWORD}).encode())
        if status != 200:
            raise Mismatch(f"{login} cannot sign in: {status} {body.decode()}")
        cookie = headers["Set-Cookie"].split(";")[0]
        self.sessions[login] = {"Cookie": cookie, "X-CSRF-Token": json.loads(body)["csrf"]}

    def headers_of(self, who):
        if who.startswith("token "):
            return {"Authorization": "Bearer " + who[6:]}
        if who == "nobody":
            return {}
        if who not in self.sessions:
            self.sign_in(who)
        return dict(self.sessions[who])


class Case:
    """One `## title` with its lines."""

    def __init__(self, client, names):
        self.client, self.names, self.who, self.streams = client, names, "nobody", {}

    def fill(self, text):
        return re.sub(r"\{(\w+)\}", lambda m: str(self.names[m.group(1)]) if m.group(1) in self.names else m.group(0), text)

    def run(self, lines):
        request, answer = [], []
        for number, line in lines + [(0, "end")]:
            if line.startswith("<"):
                answer.append((number, line[1:].strip()))
                continue
            if answer:
                self.exchange(request, answer)
                request, answer = [], []
            if line.startswith(">"):
                request.append(line[1:].strip() if not line.startswith("> |") else line[2:])
            elif line.startswith("as "):
                self.who = self.fill(line[3:].strip())
            elif line.startswith("stream "):
                words = self.fill(line).split()
                headers = self.client.headers_of(self.who)
                if len(words) > 3:
                    headers["Last-Event-ID"] = words[3]
                self.client.asked.append(("GET", words[2].split("?")[0], 200))
                self.streams[words[1]] = Stream(self.client.server.port, words[2], headers)
            elif line.startswith("event "):
                _, name, kind, *rest = self.fill(line).split(" ", 3)
                self.streams[name].wait(kind, json.loads(rest[0]) if rest else {}, self.names)
            elif line != "end":
                raise Mismatch(f"line {number}: {line!r} is not understood")
        if request:
            raise Mismatch("a request has no expected answer")

    def build(self, request):
        method, path = self.fill(request[0]).split(" ", 1)
        headers = self.client.headers_of(self.who)
        body, filename, content = None, None, b""
        for line in request[1:]:
            if body is not None:
                body += b"\n" + self.fill(line).encode()
            elif line.startswith("file "):
                filename = line[5:]
            elif line.startswith("|"):
                content += self.fill(line[1:].removeprefix(" ")).encode() + b"\n"
            elif line.startswith("zeros "):
                content += bytes(int(line[6:]))
            elif line.startswith("hex "):
                content += bytes.fromhex(line[4:])
            elif re.match(r"[\w-]+: ", line):
                name, value = self.fill(line).split(": ", 1)
                headers[name] = value
            else:
                body = self.fill(line).encode()
        if filename is not None:
            headers.setdefault("Content-Type", "multipart/form-data; boundary=guatu-test")
            body = (f'--guatu-test\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n').encode() \
                + content + b"\r\n--guatu-test--\r\n"
        elif content:
            body = content
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        elif method != "GET":
            body = b""
        return method, path, {k: v for k, v in headers.items() if v != "-"}, body

    def exchange(self, request, answer):
        method, path, headers, body = self.build(request)
        status, got_headers, content = self.client.send(method, path, headers, body)
        first = answer[0]
        text = content.decode("utf-8", "replace")
        where = f"line {first[0]}: {method} {path}"
        if str(status) != first[1].split()[0]:
            raise Mismatch(f"{where}: want {first[1]}, got {status} {text[:600]}")
        rest = []
        for number, line in answer[1:]:
            m = re.match(r"([A-Z][\w-]+): (.*)", line)
            if m and not rest:
                value = got_headers.get(m.group(1))
                want = self.fill(m.group(2))
                if (want == "-") != (value is None) or (value is not None and not fnmatch.fnmatchcase(value, want)):
                    raise Mismatch(f"line {number}: {m.group(1)}: want {want}, got {value}")
            else:
                rest.append(line)
        if not rest:
            return
        want = self.fill("\n".join(rest))
        if want[0] in "{[":
            try:
                got = json.loads(text)
            except ValueError:
                raise Mismatch(f"{where}: not JSON: {text[:300]}") from None
            try:
                match(json.loads(want), got, self.names)
            except ValueError as e:
                raise Mismatch(f"{where}: the transcript's JSON is broken: {e}: {want}") from None
            except Mismatch as e:
                raise Mismatch(f"{where}: {e}") from None
        elif not fnmatch.fnmatchcase(text, want):
            raise Mismatch(f"{where}: want {want!r}, got {text[:300]!r}")


def read_cases(path):
    title, lines, cases = None, [], []
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if line.startswith("## "):
            if title:
                cases.append((title, lines))
            title, lines = line[3:], []
        elif line.strip() and not line.startswith("#"):
            if not title:
                raise SystemExit(f"{path}:{number}: a case begins with ## title")
            lines.append((number, line))
    if title:
        cases.append((title, lines))
    return cases


def uncovered(client):
    """Routes that no transcript asked with success, or none with failure."""
    _, _, body = client.send("GET", "/api/openapi.json", {}, None)
    paths = json.loads(body)["paths"]
    missing = []
    for path, methods in paths.items():
        pattern = re.compile("^" + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + "$")
        for method in methods:
            seen = [s for m, p, s in client.asked if m == method.upper() and pattern.match(p)]
            open_to_all = methods[method].get("x-access") == "open" and method == "get"
            if not any(s < 400 for s in seen):
                missing.append(f"{method.upper()} {path}: never answered well")
            if not any(s >= 400 for s in seen) and not open_to_all:
                missing.append(f"{method.upper()} {path}: never refused")
    return missing


def main():
    binary = os.path.abspath(sys.argv[1])
    files = sys.argv[2:] or sorted(glob.glob(os.path.join(here, "*.http")))
    server = Server(binary)
    client = Client(server)
    passed = failed = 0
    try:
        for path in files:
            names = {"password": PASSWORD, "port": server.port, "data": server.data}
            names["link"] = server.link
            today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
            names |= {f"day{n}": str(today + datetime.timedelta(days=n)) for n in (0, 1, 29, 30)}
            names |= {"year": today.year, "last_year": today.year - 1}
            client.sessions = {}  # one file's signing out is not the next one's trouble
            for title, lines in read_cases(path):
                try:
                    Case(client, names).run(lines)
                    passed += 1
                except (Mismatch, OSError, http.client.HTTPException, KeyError) as e:
                    failed += 1
                    print(f"FAILED {os.path.basename(path)}: {title}\n       {type(e).__name__}: {e}")
        if not sys.argv[2:]:
            for text in uncovered(client):
                failed += 1
                print(f"FAILED coverage: {text}")
            passed += 1
    finally:
        code = server.stop()
    if code != 0:
        failed += 1
        print(f"FAILED the server ended with {code}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
