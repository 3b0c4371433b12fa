"""What people must be able to rely on, in both languages: two people where two are needed, a stale version answered with both, a
key that stores once, references that exist, a token that can do no more than its owner, limits that say what they are.

usage: trust.py GUATU
"""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run  # noqa: E402

run.ACCOUNTS = {**run.ACCOUNTS, "office2": "office", "both": "office,leader"}
NOWHERE = "0197d2f0-1111-7000-8000-00000000dead"
passed = failed = 0


def check(name, good, detail=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"FAILED {name}: {str(detail)[:600]}")


def han(text):
    return any("\u4e00" <= c <= "\u9fff" for c in text)


class Office:
    def __init__(self, server):
        self.client = run.Client(server)

    def ask(self, who, method, path, body=None, lang="en", **headers):
        headers = {**self.client.headers_of(who), "Accept-Language": lang,
                   **{k.replace("_", "-"): v for k, v in headers.items()}}
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        if content is not None:
            headers.setdefault("Content-Type", "application/json")
        status, answered, text = self.client.send(method, path, headers, content)
        return status, json.loads(text) if text[:1] == b"{" else text, answered

    def make(self, register, who="office", **fields):
        status, answer, _ = self.ask(who, "POST", f"/api/r/{register}", {"fields": fields})
        if status != 201:
            raise SystemExit(f"{register} {fields}: {status} {answer}")
        return answer

    def step(self, who, register, record, name, lang="en", **fields):
        return self.ask(who, "POST", f"/api/r/{register}/{record['id']}/steps/{name}", {"fields": fields}, lang,
                        If_Match=f'"{record["version"]}"')


def two_people(o, project):
    """Whoever asked does not approve; the text says so; somebody else may."""
    until = {"valid_from": "2026-01-01", "valid_until": "2026-12-31", "reason": "洪水", "reason_kind": "force_majeure"}
    exemption = o.make("exemption", project=project["id"], **until)
    for lang, words in (("en", "must be somebody else"), ("zh", "另一人")):
        status, answer, _ = o.step("office", "exemption", exemption, "approve", lang, approver="某副县长")
        check(f"one's own request ({lang})", status == 403 and answer["where"] == "approve" and han(answer["detail"]) == (
            lang == "zh"), answer)
    status, answer, _ = o.ask("office", "GET", f"/api/r/exemption/{exemption['id']}")
    check("and no button for it", "approve" not in answer["allow"]["steps"], answer["allow"])
    status, answer, _ = o.ask("office2", "GET", f"/api/r/exemption/{exemption['id']}")
    check("somebody else has it", "approve" in answer["allow"]["steps"], answer["allow"])
    status, answer, _ = o.step("office2", "exemption", exemption, "approve")
    check("an approval needs the approver", status == 422 and answer["where"] == "approver", answer)
    status, answer, _ = o.step("office2", "exemption", exemption, "approve", approver="某副县长")
    check("somebody else approves", status == 200 and answer["state"] == "approved", answer)


def governed(o, unit):
    """A date once approved changes only by a request that somebody else rules on."""
    project = o.make("project", title="管控", category="other", lead_unit=unit["id"])
    milestone = o.make("milestone", project=project["id"], name="主体封顶", planned="2026-06-30", weight=10)
    check("the first date is kept", milestone["fields"]["first_approved"] == "2026-06-30", milestone["fields"])
    path = f"/api/r/milestone/{milestone['id']}"
    for field in ("planned", "first_approved"):
        for lang in ("en", "zh"):
            status, answer, _ = o.ask("office", "PATCH", path, {"fields": {field: "2026-09-30"}}, lang, If_Match='"1"')
            check(f"{field} stays ({lang})", status == 422 and answer["where"] == field and han(answer["detail"]) == (lang == "zh"),
                  f"{status} {answer}")
    request = o.make("change_request", project=project["id"], target_register="milestone", target_record=milestone["id"],
                     target_field="planned", new_date="2026-09-30", reason="征地", reason_kind="land")
    check("not by whoever asked", o.step("office", "change_request", request, "approve")[0] == 403)
    status, answer, _ = o.step("office2", "change_request", request, "approve")
    check("by somebody else", status == 200, answer)
    after = o.ask("office", "GET", path)[1]["fields"]
    check("it is written, the first date stays", (after["planned"], after["first_approved"]) == ("2026-09-30", "2026-06-30"), after)
    status, answer, _ = o.step("office2", "change_request", {**request, "version": 2}, "approve")
    check("a ruling is given once", status == 409, answer)


def stale(o, unit):
    """PATCH, step and DELETE: 409 with what one sent and what stands, and nothing changed."""
    project = o.make("project", title="并发", category="other", lead_unit=unit["id"])
    path = f"/api/r/project/{project['id']}"
    status, answer, headers = o.ask("office", "PATCH", path, {"fields": {"address": "甲"}}, If_Match='"1"')
    check("a change", status == 200 and headers["ETag"] == '"2"', answer)
    calls = [("PATCH", path, {"fields": {"address": "乙", "description": "丙"}}, {"address": "乙", "description": "丙"}),
             ("POST", path + "/steps/enter_reserve", {"fields": {"address": "丁"}}, {"address": "丁"}),
             ("DELETE", path, {"reason": "重复"}, {})]
    for method, at, body, yours in calls:
        for lang in ("en", "zh"):
            status, answer, _ = o.ask("office2", method, at, body, lang, If_Match='"1"')
            check(f"{method} stale ({lang})", status == 409 and answer["yours"] == yours and answer["current"]["version"] == 2 and
                  answer["current"]["fields"]["address"] == "甲" and "2" in answer["detail"] and
                  han(answer["detail"]) == (lang == "zh"), f"{status} {answer}")
        check(f"{method} of a version to come", o.ask("office", method, at, body, If_Match='"9"')[0] == 409)
        check(f"{method} without a version", o.ask("office", method, at, body)[0] == 428)
        for wrong in ('1', 'W/"2"', '"1", "2"', '"x"', '"-1"', '"99999999999999999999"', '""', "*"):
            check(f"{method} If-Match {wrong}", o.ask("office", method, at, body, If_Match=wrong)[0] == 422)
    _, answer, headers = o.ask("office", "GET", path)
    check("nothing changed", answer["version"] == 2 and answer["fields"]["address"] == "甲" and headers["ETag"] == '"2"', answer)


def keys(o, unit):
    """The same key stores once: records and steps, also when the answer was lost; another body is told."""
    body = {"fields": {"title": "一次", "category": "other", "lead_unit": unit["id"], "total_investment": 1}}
    key = {"Idempotency_Key": "0197d2f0-3333-7000-8000-000000000001"}
    _, first, _ = o.ask("office", "POST", "/api/r/project", body, **key)
    for _ in range(3):
        status, again, headers = o.ask("office", "POST", "/api/r/project", body, **key)
        check("the same answer", status == 201 and again["id"] == first["id"] and headers["Idempotency-Replayed"] == "true", again)
    for lang in ("en", "zh"):
        status, answer, _ = o.ask("office", "POST", "/api/r/project", {"fields": {**body["fields"], "title": "别的"}}, lang, **key)
        check(f"another body ({lang})", status == 409 and han(answer["detail"]) == (lang == "zh"), answer)
    step = f"/api/r/project/{first['id']}/steps/enter_reserve"
    key = {"Idempotency_Key": "0197d2f0-3333-7000-8000-000000000002", "If_Match": '"1"'}
    status, moved, _ = o.ask("office", "POST", step, {"fields": {}}, **key)
    status2, again, headers = o.ask("office", "POST", step, {"fields": {}}, **key)
    check("a step is taken once", (status, status2) == (200, 200) and moved["version"] == again["version"] == 2 and
          headers["Idempotency-Replayed"] == "true", again)
    refused = {"Idempotency_Key": "0197d2f0-3333-7000-8000-000000000003"}
    status, _, _ = o.ask("office", "POST", "/api/r/project", {"fields": {"title": ""}}, **refused)
    status2, _, _ = o.ask("office", "POST", "/api/r/project", body, **refused)
    check("a refusal keeps no key", (status, status2) == (422, 201), (status, status2))
    total = o.ask("office", "GET", "/api/r/project?filter=title:eq:%E4%B8%80%E6%AC%A1&count=only")[1]["total"]
    check("two are stored", total == 2, total)


def strangers(o, unit):
    """References to what is not there, not of that register, or not for these eyes."""
    project = o.make("project", title="引用", category="other", lead_unit=unit["id"])
    for lang in ("en", "zh"):
        for name, value in (("lead_unit", NOWHERE), ("lead_unit", project["id"]), ("lead_unit", "县水利局"), ("area", NOWHERE)):
            status, answer, _ = o.ask("office", "POST", "/api/r/project", {"fields": {
                "title": "x", "category": "other", name: value}}, lang)
            said = answer["errors"][0] if answer.get("errors") else answer
            check(f"{name} {value} ({lang})", status == 422 and said["where"] == name and value in said["detail"] and
                  han(re.sub("县水利局", "", said["detail"])) == (lang == "zh"), answer)
    status, answer, _ = o.ask("office", "POST", "/api/r/issue", {"fields": {"project": NOWHERE, "title": "x", "kind": "land"}})
    check("a child of nothing", status == 422, answer)
    hidden, there = project["id"], o.ask("town", "GET", f"/api/r/project/{NOWHERE}")
    for method, path, body in (("GET", f"/api/r/project/{hidden}", None), ("GET", f"/api/r/project/{hidden}/history", None),
                               ("PATCH", f"/api/r/project/{hidden}", {"fields": {"address": "x"}}),
                               ("DELETE", f"/api/r/project/{hidden}", {}), ("GET", f"/api/lights/{hidden}", None),
                               ("POST", f"/api/r/project/{hidden}/steps/enter_reserve", {})):
        for who, want in (("town", 404), ("nobody", 401)):
            status, answer, _ = o.ask(who, method, path, body, If_Match='"1"')
            check(f"{method} {path[:14]}… as {who}", status == want, f"{status} {answer}")
    status, answer, _ = o.ask("town", "GET", f"/api/r/project/{hidden}")
    check("hidden looks like not there", (status, answer["detail"].replace(hidden, NOWHERE)) == (there[0], there[1]["detail"]),
          (answer, there[1]))
    status, answer, _ = o.ask("town", "POST", "/api/r/issue", {"fields": {"project": hidden, "title": "x", "kind": "land"}})
    check("nothing hangs under what one cannot see", status in (403, 404, 422), f"{status} {answer}")


def tokens(o, unit):
    """A token sees and does what its owner may, never more."""
    hidden = o.make("project", title="令牌之外", category="other", lead_unit=unit["id"])
    _, made, _ = o.ask("town", "POST", "/api/tokens", {"name": "all", "scope": "all"})
    who = "token " + made["token"]
    check("it is its owner", o.ask(who, "GET", "/api/session")[1]["account"]["login"] == "town")
    check("and sees what he sees", o.ask(who, "GET", f"/api/r/project/{hidden['id']}")[0] == 404 and
          o.ask(who, "GET", "/api/r/project")[1]["total"] == 0)
    check("and may not administer", o.ask(who, "GET", "/api/admin/verify")[0] == 403)
    for wrong in (made["token"][:-1], made["token"] + "x", "gt_", "", "gt_" + "A" * 43):
        check("no other is", o.ask("nobody", "GET", "/api/wall", Authorization=f"Bearer {wrong}")[0] == 401, wrong)
    status, answer, _ = o.ask("office", "GET", "/api/wall", Authorization="Bearer gt_" + "A" * 43)
    check("a wrong token is not made good by a cookie", status == 401, answer)


def sites(o):
    """A page of another site cannot act; one's own can."""
    body = {"fields": {"name": "同源", "kind": "town"}}
    own = f"http://127.0.0.1:{o.client.server.port}"
    good = [{"Origin": own}, {"Sec_Fetch_Site": "same-origin"}, {"Sec_Fetch_Site": "none"}, {}]
    bad = [{"Origin": "http://127.0.0.1:1"}, {"Origin": own + ".elsewhere.example"}, {"Origin": "null"}, {"Origin": "127.0.0.1"},
           {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": own, "Sec_Fetch_Site": "cross-site"},
           {"X_CSRF_Token": "A" * 43}, {"X_CSRF_Token": ""}]
    for headers in good:
        check(f"own site {headers}", o.ask("office", "POST", "/api/r/unit", body, **headers)[0] == 201)
    before = o.ask("office", "GET", "/api/r/unit?count=only")[1]["total"]
    for headers in bad:
        for lang in ("en", "zh"):
            status, answer, _ = o.ask("office", "POST", "/api/r/unit", body, lang, **headers)
            check(f"another site {headers} ({lang})", status == 403 and han(answer["detail"]) == (lang == "zh"), f"{status} {answer}")
    other = o.client.sessions["office2"]["X-CSRF-Token"]
    check("another session's token", o.ask("office", "POST", "/api/r/unit", body, X_CSRF_Token=other)[0] == 403)
    check("nothing stored", o.ask("office", "GET", "/api/r/unit?count=only")[1]["total"] == before)


def limits(o):
    """A body past its limit is refused before it is read, with the limit in the text."""
    document = o.ask("nobody", "GET", "/api/openapi.json")[1]
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            limit = route.get("requestBody", {}).get("x-limit-bytes")
            if not limit:
                continue
            for lang in ("en", "zh"):
                at = path.replace("{register}", "unit").replace("{id}", NOWHERE).replace("{step}", "x").replace("{import}", "x")
                kind = next(iter(route["requestBody"]["content"]))
                status, answer, _ = o.ask("both", method.upper(), at + ("?register=unit" if at == "/api/import" else ""),
                                          bytes(limit + 1) if limit < 1 << 20 else b"", lang, Content_Length=str(limit + 1), If_Match='"1"',
                                          Content_Type=kind + ("; boundary=x" if "multipart" in kind else ""))
                check(f"{method} {path} ({lang})", status == 413 and str(limit) in answer["detail"].replace(",", "") and
                      han(answer["detail"]) == (lang == "zh"), f"{status} {answer} {limit}")


def languages(o):
    """Accept-Language as browsers send it; Chinese when nothing fits."""
    for wanted, zh in (("zh-CN,zh;q=0.9,en;q=0.8", True), ("en-US,en;q=0.9,zh-CN;q=0.8", False), ("en;q=0.1,zh;q=0.9", True),
                       ("zh;q=0,en", False), ("fr-FR,fr;q=0.9", True), ("de,en;q=0.5", False), ("*", True), ("", True),
                       ("EN-gb", False), ("zh-Hant-TW", True), (";;;,,q=", True)):
        _, answer, _ = o.ask("nobody", "GET", "/api/wall", lang=wanted)
        check(f"Accept-Language: {wanted}", han(answer["detail"]) == zh and han(answer["title"]) == zh, answer)


def members(o, unit):
    """What a route does not know is refused, wherever it stands; nothing of the rest is done."""
    path = f"/api/r/unit/{unit['id']}"
    for method, at, body in (("POST", "/api/r/unit", {"fields": {"name": "x", "kind": "town"}}), ("PATCH", path, {"fields": {}}),
                             ("DELETE", path, {}), ("POST", "/api/rulesets", {"name": "standard"}),
                             ("POST", "/api/rulesets/preview", {"name": "standard"}), ("POST", "/api/tokens", {"name": "x"}),
                             ("PATCH", "/api/import/x", {}), ("POST", "/api/session/password", {"old": "x", "new": "y"})):
        for lang in ("en", "zh"):
            status, answer, _ = o.ask("office", method, at, {**body, "colour": "red"}, lang, If_Match='"1"')
            check(f"{method} {at[:16]} ({lang})", status == 422 and answer["where"] == "colour" and han(answer["detail"]) == (
                lang == "zh"), f"{status} {answer}")
    for body in ({"fields": []}, {"fields": "x"}, {"fields": {"name": "y"}, "reason": 7}, {"fields": {"name": "y"}, "reason": "x" * 2001}):
        check(f"PATCH {str(body)[:40]}", o.ask("office", "PATCH", path, body, If_Match='"1"')[0] == 422)
    check("and nothing was done", o.ask("office", "GET", path)[1]["version"] == 1)


def main():
    server = run.Server(os.path.abspath(sys.argv[1]))
    o = Office(server)
    try:
        unit = o.make("unit", name="县发改局", kind="department")
        project = o.make("project", title="东桥", category="other", lead_unit=unit["id"])
        two_people(o, project)
        governed(o, unit)
        stale(o, unit)
        keys(o, unit)
        strangers(o, unit)
        tokens(o, unit)
        sites(o)
        limits(o)
        languages(o)
        members(o, unit)
    finally:
        code = server.stop()
    check("the server ended well", code == 0, code)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
