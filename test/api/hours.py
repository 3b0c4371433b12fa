"""What the passing of time does to a real server: waits end, tokens and sessions expire, clocks that fell due while nobody
served fire once, and every past day can be asked for. The server's clock is moved by clock_shift.so.

usage: hours.py GUATU CLOCK_SHIFT
"""
import datetime
import json
import os
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run  # noqa: E402

binary, shift = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
passed = failed = 0
DAY = 86400


def check(name, good, detail=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"FAILED {name}: {str(detail)[:500]}")


class Office:
    def __init__(self, folder):
        self.clock = os.path.join(folder, "clock")
        self.ahead = 0
        self.move(0)
        # a sanitizer's runtime wants to be loaded first; it need not be
        asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        self.server = run.Server(binary, env={**os.environ, "LD_PRELOAD": shift, "GUATU_TEST_CLOCK": self.clock,
                                              "ASAN_OPTIONS": asan, "GUATU_LANG": "en"})
        self.client = run.Client(self.server)

    def move(self, seconds):
        """Later by so much; the file is replaced in place, a server reads it at every look."""
        self.ahead += seconds
        with open(self.clock, "r+" if os.path.exists(self.clock) else "w", encoding="ascii") as f:
            f.write(f"{self.ahead:<20}")

    def ask(self, who, method, path, body=None, **headers):
        headers = {**self.client.headers_of(who), **{k.replace("_", "-"): v for k, v in headers.items()}}
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        status, answered, text = self.client.send(method, path, headers, content)
        return status, (json.loads(text) if text[:1] in b"{[" and text else text), answered

    def good(self, status, *words, **more):
        got, answer, _ = self.ask(*words, **more)
        check(" ".join(str(w)[:80] for w in words[:3]), got == status, f"want {status}, got {got} {answer}")
        return answer

    def today(self):
        return self.good(200, "nobody", "GET", "/api/session")["today"]

    def restart(self):
        check("it stops", self.server.stop(keep=True) == 0)
        self.server.start()


def sign_in(o, login, password):
    return o.ask("nobody", "POST", "/api/session", {"login": login, "password": password})


def lockout_ends(o):
    waits, status = [], 401
    for _ in range(9):
        status, answer, headers = sign_in(o, "locked", "not the password")
        waits.append(answer.get("wait_seconds", 0))
        check("a wait stands in Retry-After", headers.get("Retry-After") == (str(waits[-1]) if waits[-1] else None), headers)
    check("wrong passwords cost a wait after some tries", waits[0] == 0 and waits[-1] > 0, waits)
    status, answer, _ = sign_in(o, "locked", run.PASSWORD)
    check("the right password waits too", status == 401 and answer.get("wait_seconds", 0) > 0, answer)
    first = answer["wait_seconds"]
    for lang, word in (("zh", "请等待"), ("en", "wait")):
        status, answer, _ = o.ask("nobody", "POST", "/api/session", {"login": "locked", "password": run.PASSWORD},
                                  Accept_Language=lang)
        check(f"and hears how long ({lang})", word in answer["detail"] and str(answer["wait_seconds"]) in answer["detail"], answer)
    status, _, _ = sign_in(o, "leader", run.PASSWORD)
    check("others are not held up by it", status == 200, status)
    o.move(first + 1)
    status, answer, _ = sign_in(o, "locked", "not the password")
    check("after the wait a try counts again", status == 401 and answer.get("wait_seconds", 0) > first, answer)
    o.move(answer.get("wait_seconds", 0) - 5)
    check("five seconds early is too early", sign_in(o, "locked", run.PASSWORD)[0] == 401)
    o.move(6)
    check("after it the right password opens", sign_in(o, "locked", run.PASSWORD)[0] == 200)
    status, answer, _ = sign_in(o, "locked", "not the password")
    check("and all is forgiven", status == 401 and "wait_seconds" not in answer, answer)


def tokens_end(o):
    today = datetime.date.fromisoformat(o.today())
    status, answer, _ = o.ask("auditor", "POST", "/api/tokens", {"name": "late", "expires": str(today - datetime.timedelta(1))})
    check("no token that is over already", status == 422 and answer["where"] == "expires", answer)
    status, answer, _ = o.ask("auditor", "POST", "/api/tokens", {"name": "today", "expires": str(today)})
    check("today is a last day", status == 201, answer)
    for wrong in ({"name": "x", "scope": 7}, {"name": 7}, {"name": "x", "expires": 7}, {},
                  {"name": "x", "scope": "write"}, {"name": ""}, {"name": "x", "expires": "soon"}, {"name": "x", "roles": []}):
        check(f"no token of {wrong}", o.ask("auditor", "POST", "/api/tokens", wrong)[0] == 422)
    tomorrow = str(today + datetime.timedelta(1))
    short = o.good(201, "office", "POST", "/api/tokens", {"name": "short", "scope": "all", "expires": tomorrow})["token"]
    long = o.good(201, "office", "POST", "/api/tokens", {"name": "long", "scope": "read"})["token"]
    made = o.good(201, "token " + short, "POST", "/api/r/unit", {"fields": {"name": "令牌建的", "kind": "town"}})
    form = {"Content_Type": "multipart/form-data; boundary=x"}
    for method, path, body in (("POST", "/api/r/unit", {"fields": {"name": "x", "kind": "town"}}),
                               ("PATCH", f"/api/r/unit/{made['id']}", {"fields": {"name": "y"}}),
                               ("DELETE", f"/api/r/unit/{made['id']}", {"reason": "x"}),
                               ("POST", "/api/tokens", {"name": "more"}), ("POST", "/api/files", b""),
                               ("POST", "/api/import?register=unit", b""), ("POST", "/api/rulesets/preview", {"name": "standard"})):
        if body == b"":
            body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na\r\n--x--\r\n'
        status, answer, _ = o.ask("token " + long, method, path, body, If_Match='"1"', Accept_Language="zh",
                                  **(form if isinstance(body, bytes) else {}))
        reading = "preview" in path
        check(f"a reading token {method} {path}", status == (200 if reading else 403) and
              (reading or answer["detail"] == "这个接口令牌只能读取"), f"{status} {answer}")
    o.good(200, "token " + long, "GET", f"/api/r/unit/{made['id']}")
    o.move(2 * DAY)
    status, answer, _ = o.ask("token " + short, "GET", "/api/wall", Accept_Language="zh")
    check("an expired token", status == 401 and answer["detail"] == "接口令牌无效或已过期", answer)
    o.good(200, "token " + long, "GET", "/api/wall")
    o.restart()
    o.good(401, "token " + short, "GET", "/api/wall")
    o.good(200, "token " + long, "GET", "/api/wall")
    kept = [t for t in o.good(200, "office", "GET", "/api/tokens")["tokens"] if t["name"] == "long"]
    check("a secret is told once", len(kept) == 1 and long not in json.dumps(kept), kept)
    o.good(404, "auditor", "DELETE", "/api/tokens/" + kept[0]["id"])
    o.good(204, "office", "DELETE", "/api/tokens/" + kept[0]["id"])
    o.good(401, "token " + long, "GET", "/api/wall")


def sessions_and_links_end(o):
    o.client.sessions = {}
    o.good(200, "leader", "GET", "/api/wall")
    for _ in range(3):
        o.move(10 * DAY)
        o.good(200, "leader", "GET", "/api/wall")  # used, so it lives on
    o.move(15 * DAY)
    status, answer, _ = o.ask("leader", "GET", "/api/wall")
    check("a session not used for 14 days is over", status == 401, answer)
    status, _, _ = o.ask("nobody", "POST", "/api/session", {"link": o.server.link})
    check("an old link opens nothing", status == 401, status)
    o.client.sessions = {}


def keys_end(o):
    body = {"fields": {"title": "一次", "category": "other"}}
    key = {"Idempotency_Key": "0197d2f0-2222-7000-8000-000000000001"}
    first = o.good(201, "office", "POST", "/api/r/project", body, **key)
    o.restart()
    o.move(6 * DAY)
    status, again, headers = o.ask("office", "POST", "/api/r/project", body, **key)
    check("a key is known for a week, over a restart", status == 201 and again["id"] == first["id"] and
          headers.get("Idempotency-Replayed") == "true", again)
    status, answer, _ = o.ask("admin", "POST", "/api/r/unit", {"fields": {"name": "别人的", "kind": "town"}}, **key)
    check("a key is one account's own", status == 201, answer)


def history(o, register, record):
    return o.good(200, "office", "GET", f"/api/r/{register}/{record}/history")["entries"]


def clocks_while_down(o):
    """An issue lies unaccepted; the server is off for ten days. What fell due fires once, however often it starts."""
    project = o.good(201, "office", "POST", "/api/r/project", {"fields": {"title": "停机时限", "category": "other"}})["id"]
    issue = o.good(201, "office", "POST", "/api/r/issue", {"fields": {"project": project, "title": "没人受理", "kind": "land"}})["id"]
    before = history(o, "issue", issue)
    check("nothing is due at first", [e["step"] for e in before] == ["create"], before)
    o.server.stop(keep=True)
    o.move(10 * DAY)
    told = []
    for start in range(3):
        o.server.start()
        # the first look happens on a thread of its own; it is over when nothing due is left
        until(lambda: len(history(o, "issue", issue)) > 1)
        told.append([(e["no"], e["step"], e["who"]["name"] if e["who"] else None) for e in history(o, "issue", issue)])
        clock = [c for c in o.good(200, "office", "GET", f"/api/r/issue/{issue}")["clocks"] if c["clock"] == "accept"]
        check("the clock is overdue", clock and clock[0]["overdue"], clock)
        o.server.stop(keep=True)
    o.server.start()
    check("it fired", any(step == "escalate" for _, step, _ in told[0]), told[0])
    check("once, to the highest level by now", len(told[0]) == 2 and told[0] == told[1] == told[2], told)
    o.good(200, "admin", "GET", "/api/admin/verify")
    check("what is derived agrees", o.good(200, "admin", "GET", "/api/admin/check")["ok"])


def until(condition, seconds=run.PATIENCE):
    """Polls what has no event of its own."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        threading.Event().wait(0.02)


def any_past_day(o):
    """Each day something else is changed; each day can be asked for afterwards, before and after a restart."""
    start = datetime.date.fromisoformat(o.today())
    project = o.good(201, "office", "POST", "/api/r/project", {"fields": {
        "title": "逐日", "category": "other", "total_investment": 100}})["id"]
    want = {}
    version = 1
    for day in range(1, 5):
        o.move(DAY)
        version = o.good(200, "office", "PATCH", f"/api/r/project/{project}", {"fields": {"total_investment": 100 + day}},
                         If_Match=f'"{version}"')["version"]
        want[start + datetime.timedelta(day)] = 100 + day
    want[start] = 100
    query = "/api/r/project?filter=title:eq:%E9%80%90%E6%97%A5&columns=total_investment,version&sums=total_investment"

    def look(when):
        for day, money in sorted(want.items()):
            answer = o.good(200, "office", "GET", f"{query}&as_of={day}")
            check(f"{when}: the list as of {day}", [r[1] for r in answer["rows"]] == [money] and
                  answer["sums"]["total_investment"] == money and answer["as_of"] == str(day), answer)
            wall = o.good(200, "leader", "GET", f"/api/wall?as_of={day}")
            check(f"{when}: the wall as of {day}", wall["as_of"] == str(day) and wall["today"] == o.today(), wall["as_of"])
            o.good(200, "office", "GET", f"/api/lights/{project}?as_of={day}")
        gone = o.good(200, "office", "GET", f"{query}&as_of={start - datetime.timedelta(1)}")
        check(f"{when}: it was not there the day before", gone["rows"] == [], gone)
        check(f"{when}: long before anything", o.good(200, "office", "GET", "/api/r/project?as_of=1999-12-31")["total"] == 0)
        status, answer, _ = o.ask("office", "GET", f"{query}&as_of={max(want) + datetime.timedelta(1)}", Accept_Language="zh")
        check(f"{when}: the future is refused", status == 422 and "在将来" in answer["detail"], answer)
        o.good(404, "office", "GET", f"/api/lights/{project}?as_of={start - datetime.timedelta(1)}")
    look("at once")
    o.restart()
    look("after a restart")


def main():
    folder = tempfile.mkdtemp(prefix="guatu-hours-")
    o = Office(folder)
    try:
        for part in (lockout_ends, tokens_end, sessions_and_links_end, keys_end, clocks_while_down, any_past_day):
            part(o)
    finally:
        code = o.server.stop()
        shutil.rmtree(folder)
    check("the server ended well", code == 0, code)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
