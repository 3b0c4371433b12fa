"""Who may call what: every route, as every role, on an own, a same-scope and a foreign object, against access.txt.

usage: matrix.py GUATU [--write]        --write prints the table as the server answers, to be read and judged by a person

access.txt has a line a route and a column a role. A cell says what the answer was:
  y  done, or refused only because of what was sent (the gate let it through)
  n  403, not permitted          .  404, as if it were not there          l  401, nobody is signed in
The last two columns are people with the roles administrator and office: by a token that may only read, and by a one-time
link before they have set a password.
{own} is a project of the role's own unit (or one that names the person), {scope} one of a unit below it, in its area, or
listed on the account, {foreign} one of another unit in another area. {other} is a record that is nobody's.
Changes are sent with a version that cannot be: the gate is asked first, so 409 means that it was open.
"""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run  # noqa: E402

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "access.txt")
ROLES = ["nobody", "administrator", "office", "leader", "commander", "pledge_leader", "department", "town", "service_officer",
         "enterprise", "auditor"]
# Two who have every right, but come with less: by a token that may only read, by a one-time link and without a password yet.
LESS = ["token", "link"]
COLUMNS = ROLES + LESS
JSON = {"Content-Type": "application/json"}
NAMED = {"commander": "commander_account", "pledge_leader": "pledge_leader_account",
         "service_officer": "service_officer_account"}
# What to put into the variables of a route, and what to send.
BODIES = {
    "POST /api/r/{register}": {"fields": {"title": "", "project": ""}},
    "POST /api/bulk/{register}": {"changes": []},
    "POST /api/registers": {"register": 7},
    "POST /api/rulesets": {"name": "no_such_rule_set", "active": False},
    "POST /api/rulesets/preview": {"name": "no_such_rule_set"},
    "POST /api/rulesets/check": {"ruleset": {}},
    "POST /api/calendar": {"changes": [], "preview": True},
    "POST /api/calendar/notice": {"text": "?"},
    "PUT /api/admin/office": {"zh": "", "en": ""},
    "POST /api/admin/proofs": {"kind": "no_such_kind"},
    "POST /api/tokens": {"name": "matrix", "scope": "read"},
    "POST /api/session/password": {"old": "not it", "new": "short"},
    "POST /api/session": {"login": "x", "link": "y"},
    "PATCH /api/import/{import}": {},
    "PUT /api/plans/{project}": {"body": {}},
    "POST /api/plans/{project}/template": {"template": "road", "start": "soon"},
    "POST /api/plans/{project}/try": {"body": {}},
    "POST /api/plans/{project}/back": {"finish": "2026-01-01"},
}
QUERIES = {"POST /api/import": "?register=project", "GET /api/search/{register}": "?words=x", "GET /api/r/{register}": "?limit=1",
           "GET /api/files": "?sha256=" + "0" * 64,
           "GET /api/calendar": "?year=2026"}
# Routes that would end the sessions the walk needs.
LEFT_OUT = {"DELETE /api/session": "session.http"}


class Place:
    """The server with a unit, an account and three projects for each role."""

    def __init__(self, binary):
        run.ACCOUNTS = {**{role: role for role in ROLES[1:]}, **{login: "administrator,office" for login in LESS}}
        self.server = run.Server(binary)
        self.client = run.Client(self.server)
        self.county = self.create("area", code="330000", name="某省", level="province")
        self.abroad = self.create("unit", name="外单位", kind="department")
        here = self.create("area", code="330100", name="某市", level="city", parent=self.county)
        there = self.create("area", code="330200", name="邻市", level="city", parent=self.county)
        rows = json.loads(self.ask("office", "GET", "/api/r/account?columns=login&limit=100")[1])["rows"]
        accounts = {login: account for account, login in rows}
        self.projects = {}
        for role in ROLES[1:]:
            unit = self.create("unit", name=f"单位 {role}", kind="department")
            below = self.create("unit", name=f"下属 {role}", kind="department", parent=unit)
            own = self.project(lead_unit=unit, area=there)
            scope = self.project(lead_unit=below, area=there)
            fields = {"unit": unit}
            if role == "town":
                fields["area"] = here
                scope = self.project(lead_unit=self.abroad, area=here)
            if role in ("pledge_leader", "service_officer"):
                own = self.project(lead_unit=self.abroad, area=there, **{NAMED[role]: accounts[role]})
                scope = self.project(lead_unit=self.abroad, area=there)
                fields["projects"] = [scope]
            self.change_account(accounts[role], fields)
            self.projects[role] = {"own": own, "scope": scope, "foreign": self.project(lead_unit=self.abroad, area=there)}
        self.client.sessions = {}
        self.come_with_less(accounts)

    def come_with_less(self, accounts):
        answer = self.done("token", "POST", "/api/tokens", {"name": "matrix", "scope": "read"})
        self.client.sessions["token"] = {"Authorization": "Bearer " + answer["token"]}
        account = f"/api/accounts/{accounts['link']}"
        self.done("administrator", "POST", account + "/reset")
        code = self.done("administrator", "POST", account + "/link")["link"].rsplit("/", 1)[-1]
        status, headers, body = self.client.send("POST", "/api/session", JSON, json.dumps({"link": code}).encode())
        self.client.sessions["link"] = {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": json.loads(body)["csrf"]}

    def ask(self, who, method, path, body=None, headers=None):
        headers = {**self.client.headers_of(who), **(headers or {})}
        content = json.dumps(body).encode() if body is not None else (None if method == "GET" else b"")
        if body is not None:
            headers = {**JSON, **headers}
        status, _, answer = self.client.send(method, path, headers, content)
        return status, answer

    def done(self, who, method, path, body=None):
        status, answer = self.ask(who, method, path, body)
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status} {answer.decode()}")
        return json.loads(answer) if answer else None

    def create(self, register, **fields):
        status, answer = self.ask("office", "POST", f"/api/r/{register}", {"fields": fields})
        if status != 201:
            raise SystemExit(f"{register}: {status} {answer.decode()}")
        return json.loads(answer)["id"]

    def project(self, **fields):
        return self.create("project", title="矩阵", category="other", **fields)

    def change_account(self, account, fields):
        status, answer = self.ask("administrator", "PATCH", f"/api/r/account/{account}", {"fields": fields}, {"If-Match": '"1"'})
        if status != 200:
            raise SystemExit(f"account: {status} {answer.decode()}")


def walk(place):
    """Every (line, role, cell) of the table."""
    _, document = place.ask("nobody", "GET", "/api/openapi.json")
    for path, methods in json.loads(document)["paths"].items():
        for method in methods:
            route = f"{method.upper()} {path}"
            if route in LEFT_OUT:
                continue
            kinds = ["own", "scope", "foreign"] if re.search(r"\{register\}/\{id\}|\{project\}", path) else [""]
            for kind in kinds:
                for role in COLUMNS:
                    yield f"{route} {kind}".strip(), role, cell(place, route, method.upper(), path, kind, role)


def cell(place, route, method, path, kind, role):
    some = role if role in place.projects else "office"
    project = place.projects[some][kind or "own"]
    if "{id}" in path and "{register}" not in path:
        path = path.replace("{id}", "0197d2f0-1111-7000-8000-00000000dead")
    path = path.replace("{register}", "project").replace("{id}", project).replace("{project}", project) \
        .replace("{name}", "no_such_name").replace("{step}", "prepare").replace("{child}", "issue").replace("{import}", "no-such-draft").replace("{format}", "json")
    headers, body = {"If-Match": '"999"'}, BODIES.get(route)
    if route.startswith("PATCH /api/r/"):
        body = {"fields": {"address": "x"}}
    if route in ("POST /api/import", "POST /api/files", "POST /api/plans/{project}/file"):
        headers["Content-Type"] = "multipart/form-data; boundary=x"
        status, _, _ = place.client.send(method, path + QUERIES.get(route, ""), {**place.client.headers_of(role), **headers},
                                         b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
                                         b"a\r\n--x--\r\n")
    elif route == "GET /api/stream":
        try:
            run.Stream(place.server.port, path, place.client.headers_of(role)).connection.close()
            status = 200
        except run.Mismatch as e:
            status = int(re.search(r"answered (\d+)", str(e)).group(1))
    else:
        status, _ = place.ask(role, method, path + QUERIES.get(route, ""), body, headers)
    if status >= 500:
        return f"!{status}"
    return {401: "l", 403: "n", 404: "."}.get(status, "y")


def write(lines):
    short = [r[:6] for r in COLUMNS]
    width = max(len(name) for name in lines) + 2
    print(f"{'# route':{width}}" + " ".join(f"{s:6}" for s in short).rstrip())
    for name, cells in lines.items():
        print(f"{name:{width}}" + " ".join(f"{cells[r]:6}" for r in COLUMNS).rstrip())


def read():
    table = {}
    for line in open(TABLE, encoding="utf-8"):
        line = line.rstrip()
        if line and not line.startswith("#"):
            words = line.split()
            table[" ".join(words[:-len(COLUMNS)])] = dict(zip(COLUMNS, words[-len(COLUMNS):]))
    return table


def main():
    place = Place(os.path.abspath(sys.argv[1]))
    got = {}
    try:
        for name, role, answer in walk(place):
            got.setdefault(name, {})[role] = answer
    finally:
        place.server.stop()
    if "--write" in sys.argv:
        write(got)
        return
    passed = failed = 0
    want = read()
    for name in {**want, **got}:
        for role in COLUMNS:
            expected, answer = want.get(name, {}).get(role, "no line"), got.get(name, {}).get(role, "no route")
            passed, failed = passed + (expected == answer), failed + (expected != answer)
            if expected != answer:
                print(f"FAILED {name} as {role}: access.txt says {expected}, the server {answer}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
