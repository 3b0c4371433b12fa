"""Kills the server (SIGKILL) while 64 clients write over HTTP, several times in one folder.

usage: killed.py GUATU [ROUNDS]

What must hold after each start: every 201 and 200 that a client got is there, with the fields it wrote or later ones; a key
sent again gives the first answer; the journal is whole; what is derived follows from it.
"""
import http.client
import json
import os
import random
import subprocess
import sys
import threading
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "api"))
import run  # noqa: E402

WRITERS = 64
binary = os.path.abspath(sys.argv[1])
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 10


class Writer:
    """Creates projects and changes those it has, and remembers what was answered."""

    def __init__(self, n):
        self.n = n
        self.known = {}    # id -> (version, address) as last answered
        self.unsure = {}   # id -> address that was sent and not answered
        self.pending = None  # (key, body) of the last unanswered creation
        self.answered = 0

    def ask(self, connection, method, path, headers, fields):
        connection.request(method, path, json.dumps({"fields": fields}).encode(), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def one(self, connection, headers, i):
        if self.known and i % 3 == 0:
            record = random.choice(list(self.known))
            if record in self.unsure:
                return
            version, _ = self.known[record]
            address = f"{self.n}-{i}"
            self.unsure[record] = address
            status, answer = self.ask(connection, "PATCH", f"/api/r/project/{record}",
                                      {**headers, "If-Match": f'"{version}"'}, {"address": address})
            del self.unsure[record]
            if status != 200:
                raise SystemExit(f"a change was refused: {status} {answer}")
            self.known[record] = (answer["version"], address)
        else:
            self.pending = (str(uuid.uuid4()), {"title": f"断电 {self.n}-{i}", "category": "other"})
            self.create(connection, headers)
        self.answered += 1

    def create(self, connection, headers):
        key, fields = self.pending
        status, answer = self.ask(connection, "POST", "/api/r/project", {**headers, "Idempotency-Key": key}, fields)
        if status != 201:
            raise SystemExit(f"a creation was refused: {status} {answer}")
        self.pending = None
        self.known[answer["id"]] = (answer["version"], None)

    def write(self, port, headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        try:
            if self.pending:  # not known whether it was stored: the same key stores it once in any case
                self.create(connection, headers)
            for i in range(1_000_000):
                self.one(connection, headers, self.answered)
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            pass  # killed


def start(data):
    process = subprocess.Popen([binary, "serve", "--data", data, "--listen", "127.0.0.1:0", "--print-port"],
                               stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    if not line.strip().isdigit():
        raise SystemExit(f"the server did not start: {line!r}")
    return process, int(line)


def look(server, client, writers):
    headers = client.headers_of("office")
    missing = 0
    stored, after = {}, ""
    while after is not None:
        status, _, body = client.send("GET", f"/api/r/project?columns=version,address&limit=1000{after}", headers, None)
        answer = json.loads(body)
        if status != 200:
            raise SystemExit(f"the list: {status} {answer}")
        stored.update({row[0]: row[1:] for row in answer["rows"]})
        after = "&after=" + answer["next"] if answer["next"] else None
    for w in writers:
        for record, (version, address) in w.known.items():
            have = stored.get(record)
            unsure = w.unsure.pop(record, None)
            if have and unsure and have == [version + 1, unsure]:
                w.known[record] = (version + 1, unsure)  # stored, but the answer was lost
            elif have != [version, address]:
                missing += 1
                print(f"FAILED {record}: answered {version} {address}, stored {have}")
    titles = sum(len(w.known) + bool(w.pending) for w in writers)
    if len(stored) > titles:
        print(f"FAILED {len(stored)} records, {titles} were asked for: something is stored twice")
        missing += 1
    for path in ("/api/admin/verify", "/api/admin/check"):
        status, _, body = client.send("GET", path, headers, None)
        answer = json.loads(body)
        if status != 200 or not answer["ok"]:
            missing += 1
            print(f"FAILED {path}: {status} {body.decode()[:2000]}")
    return missing


def main():
    server = run.Server(binary)
    client = run.Client(server)
    writers = [Writer(n) for n in range(WRITERS)]
    failed = 0
    try:
        for r in range(rounds):
            headers = {**client.headers_of("office"), "Content-Type": "application/json"}
            before = sum(w.answered for w in writers)
            threads = [threading.Thread(target=w.write, args=(server.port, headers)) for w in writers]
            for t in threads:
                t.start()
            wanted = before + random.randint(100, 1500)
            while sum(w.answered for w in writers) < wanted and any(t.is_alive() for t in threads):
                threading.Event().wait(0.002)
            server.process.kill()
            server.process.wait()
            for t in threads:
                t.join()
            if sum(w.answered for w in writers) < wanted:
                raise SystemExit("the writers stopped before the server did")
            server.process, server.port = start(server.data)
            failed += look(server, client, writers)
            for w in writers:  # what may be stored unknown to us is asked for once more with its key
                if w.pending:
                    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
                    w.create(connection, headers)
            failed += look(server, client, writers)
    finally:
        server.stop()
    total = sum(w.answered for w in writers)
    print(f"{rounds} kills, {total} answered writes of {WRITERS} clients, {failed} failures")
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
