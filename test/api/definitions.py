"""An office adds a field, a choice and a register while the server runs: everything knows them at once, and they survive
restart, backup, export and import. Also: the digest of a new folder.

usage: definitions.py GUATU
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run  # noqa: E402

binary = os.path.abspath(sys.argv[1])
failed = 0

FIELDS = {"register": "project", "extends": True, "fields": [
    {"name": "x_contractor", "type": "text", "max": 60, "listed": True, "label": {"zh": "施工单位甲", "en": "Contractor"}},
    {"name": "x_grade", "type": "choice", "listed": True, "label": {"zh": "评级", "en": "Grade"},
     "choices": [{"name": "a", "label": {"zh": "甲等", "en": "A"}}, {"name": "b", "label": {"zh": "乙等", "en": "B"}}]},
    {"name": "x_count", "type": "integer", "listed": True, "label": {"zh": "涉及户数", "en": "Households"}}]}
CHOICE = {"register": "project", "extends": True, "fields": [
    {"name": "category", "choices": [{"name": "x_drone", "label": {"zh": "低空", "en": "Low altitude"}}]}]}
REGISTER = {"register": "visit", "label": {"zh": "走访", "en": "Visit"}, "of": "project", "number": "ZF{yyyy}-{seq:3}", "fields": [
    {"name": "project", "type": "ref", "to": "project", "required": True, "label": {"zh": "项目", "en": "Project"}},
    {"name": "title", "type": "text", "max": 100, "required": True, "label": {"zh": "事由", "en": "Purpose"}},
    {"name": "visited", "type": "date", "label": {"zh": "走访日期", "en": "Day"}}],
    "states": [{"name": "planned", "label": {"zh": "计划", "en": "Planned"}, "open": True},
               {"name": "done", "label": {"zh": "完成", "en": "Done"}}],
    "steps": [{"name": "finish", "label": {"zh": "完成", "en": "Finish"}, "from": ["planned"], "to": "done",
               "by": ["office", "town"], "asks": ["visited"]}],
    "clocks": [{"name": "visit", "label": {"zh": "走访时限", "en": "Visit due"}, "start": ["planned"], "stop": ["done"],
                "limit": "5wd", "warn": "1wd"}]}


def check(name, good, detail=""):
    global failed
    failed += not good
    if not good:
        print(f"FAILED {name} {str(detail)[:400]}")


class Office:
    def __init__(self, server):
        self.server, self.client = server, run.Client(server)

    def ask(self, who, method, path, body=None, **headers):
        headers = {**self.client.headers_of(who), **{k.replace("_", "-"): v for k, v in headers.items()}}
        if body is not None:
            headers["Content-Type"] = "application/json"
        status, _, answer = self.client.send(method, path, headers, None if body is None else json.dumps(body).encode())
        try:
            return status, json.loads(answer)
        except ValueError:
            return status, answer

    def rows(self, query, register="project"):
        status, answer = self.ask("office", "GET", f"/api/r/{register}?{query}")
        return [row[1:] for row in answer["rows"]] if status == 200 else answer

    def restart(self, data):
        self.server.process.terminate()
        self.server.process.wait()
        self.server.process = subprocess.Popen([binary, "serve", "--data", data, "--listen", "127.0.0.1:0", "--print-port"],
                                               stdout=subprocess.PIPE, text=True)
        self.server.port = int(self.server.process.stdout.readline())


def look(o, when):
    """Everything that follows from a definition knows what was added."""
    def same(name, got, want):
        check(f"{when}: {name}", got == want, got)
    same("filter and columns", o.rows("filter=x_count:gt:10&columns=title,x_count,x_grade"), [["甲项目", 42, "b"]])
    same("sort", o.rows("sort=-x_count&columns=title"), [["甲项目"], ["乙项目"]])
    same("the new choice", o.rows("filter=category:eq:x_drone&columns=title"), [["乙项目"]])
    same("text search", o.rows("filter=x_contractor:text:%E5%BB%BA%E7%AD%91&columns=title"), [["甲项目"]])
    groups = o.ask("office", "GET", "/api/r/project?group=x_grade&sums=x_count")[1]["groups"]
    same("groups and sums", [(g["key"], g["sums"]["x_count"]) for g in groups], [("a", 7), ("b", 42)])
    found = o.ask("office", "GET", "/api/search/project?words=%E5%BB%BA%E7%AD%91%E5%85%AC%E5%8F%B8")[1]["found"]
    same("full text", [f["title"] for f in found], ["甲项目"])
    same("the register", o.rows("columns=number,title,state", "visit"), [[o.number, "看现场", "planned"]])
    work = o.ask("office", "GET", "/api/work")[1]["clocks"]
    same("its clock", [(c["register"], c["clock"], c["left"]) for c in work if c["register"] == "visit"], [("visit", "visit", 5)])
    openapi = json.dumps(o.ask("office", "GET", "/api/openapi.json")[1])
    check(f"{when}: OpenAPI", "x_count" in openapi and "x_drone" in openapi and "visited" in openapi)
    status, form = o.ask("office", "GET", "/api/registers/project/template.xlsx")
    path = os.path.join(o.server.data, "form.xlsx")
    with open(path, "wb") as out:
        out.write(form)
    with zipfile.ZipFile(path) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    os.remove(path)
    check(f"{when}: Excel form", status == 200 and "涉及户数" in text and "乙等" in text and "低空" in text)
    for what in ("verify", "check"):
        status, answer = o.ask("admin", "GET", f"/api/admin/{what}")
        check(f"{when}: {what}", status == 200 and answer["ok"], answer)


def command(*words):
    done = subprocess.run([binary, *words], capture_output=True, text=True, env={**os.environ, "GUATU_LANG": "en"})
    return done.returncode, done.stdout + done.stderr


def digests(folder):
    data = os.path.join(folder, "sha")
    check("a folder may be chained with SHA-256", command("migrate", "--data", data, "--digest", "sha256")[0] == 0)
    code, said = command("verify", "--data", data, "--json")
    check("and is", code == 0 and json.loads(said)["digest"] == "sha256", said)
    code, said = command("migrate", "--data", data, "--digest", "sm3")
    check("and stays so", code == 5 and "sha256" in said, said)
    code, said = command("migrate", "--data", os.path.join(folder, "other"), "--digest", "md5")
    check("no other digest", code == 2 and "md5" in said, said)


def main():
    folder = tempfile.mkdtemp(prefix="guatu-definitions-")
    o = Office(run.Server(binary))
    try:
        for what in (FIELDS, CHOICE, REGISTER):
            status, answer = o.ask("admin", "POST", "/api/registers", what)
            check("a definition is taken", status == 201, answer)
        check("only from an administrator", o.ask("office", "POST", "/api/registers", FIELDS)[0] == 403)
        first = o.ask("office", "POST", "/api/r/project", {"fields": {
            "title": "甲项目", "category": "other", "x_contractor": "某建筑公司", "x_grade": "b", "x_count": 42}})[1]
        o.ask("office", "POST", "/api/r/project", {"fields": {
            "title": "乙项目", "category": "x_drone", "x_grade": "a", "x_count": 7}})
        status, refused = o.ask("office", "POST", "/api/r/project", {"fields": {"title": "丙", "category": "other", "x_grade": "z"}})
        check("a choice that is none is refused", status == 422 and "x_grade" in json.dumps(refused), refused)
        status, visit = o.ask("office", "POST", "/api/r/visit", {"fields": {"project": first["id"], "title": "看现场"}})
        check("a record of the new register", status == 201, visit)
        o.number = visit["number"]
        status, refused = o.ask("office", "POST", f"/api/r/visit/{visit['id']}/steps/finish", {"fields": {}}, If_Match='"1"')
        check("its step asks", status == 422 and refused["where"] == "visited", refused)
        look(o, "at once")
        check("yesterday there was nothing", o.rows("as_of=2020-01-01&filter=x_count:gt:10&columns=title") == [])
        o.restart(o.server.data)
        look(o, "after a restart")
        status, backup = o.ask("admin", "POST", "/api/admin/backup")
        check("backup", status in (200, 201), backup)
        book = os.path.join(folder, "all.xlsx")
        with open(book, "wb") as out:
            out.write(o.ask("office", "GET", "/api/export/project.xlsx")[1])
        restored = os.path.join(folder, "restored")
        code, said = command("restore", os.path.join(o.server.data, "backups", backup["name"]), "--data", restored)
        check("restore", code == 0, said)
        code, said = command("fsck", "--data", restored)
        check("fsck of it", code == 0, said)
        o.restart(restored)
        look(o, "after a restore")
        code, said = command("import", book, "--data", os.path.join(folder, "fresh"))
        check("an export comes into another office", code == 0, said)
        csv = os.path.join(folder, "fresh.csv")
        command("export", csv, "--data", os.path.join(folder, "fresh"))
        with open(csv, encoding="utf-8-sig") as lines:
            text = lines.read()
        check("with the fields it did not know", "某建筑公司" in text and "涉及户数" in text and ",42" in text, text)
        digests(folder)
    finally:
        o.server.stop()
        shutil.rmtree(folder)
    print(f"{failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
