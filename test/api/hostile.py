"""Ledgers that are damaged, hostile or simply wrong, over HTTP in both languages: each is refused or pointed out with its value
and place, nothing is stored, and the server goes on.

usage: hostile.py GUATU
"""
import io
import json
import os
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run  # noqa: E402

passed = failed = 0
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def check(name, good, detail=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"FAILED {name}: {detail}")


def book(sheet, **others):
    """A workbook around one sheet's XML; other parts replace or add."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KINDS}.worksheet+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns:r="{RELS}"><sheets><sheet name="台账" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        **others,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in parts.items():
            if text is not None:
                z.writestr(name, text)
    return out.getvalue()


def rows(text):
    return f'<worksheet><sheetData>{text}</sheetData></worksheet>'


def words(*cells):
    return "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in cells)


GOOD = rows(f'<row r="1">{words("项目名称", "总投资（万元）")}</row><row r="2">{words("东桥", "12")}</row>')
ENTITIES = ('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) + "]>")

# name, file's name, bytes, statuses, what the answer must name in English and in Chinese
REFUSED = [
    ("a zip bomb", "bomb.xlsx", lambda: book(rows("<row>" + " " * 300000000 + "</row>")), (413, 422),
     "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
    ("an entity bomb", "entities.xlsx", lambda: book(ENTITIES + rows(f'<row r="1">{words("&j;")}</row>')), (413, 422),
     "sheet1.xml", "sheet1.xml"),
    ("an entity that reads a file", "file.xlsx",
     lambda: book('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + rows(f'<row r="1">{words("&f;")}</row>')),
     (413, 422), "sheet1.xml", "sheet1.xml"),
    ("half a workbook", "half.xlsx", lambda: book(GOOD)[:300], (422,), "", ""),
    ("a workbook without its sheet", "none.xlsx", lambda: book(None), (422,), "sheet1.xml", "sheet1.xml"),
    ("a sheet that breaks off", "cut.xlsx", lambda: book(GOOD[:90]), (422,), "sheet1.xml", "sheet1.xml"),
    ("a sheet nested too deep", "deep.xlsx", lambda: book("<a>" * 5000 + "</a>" * 5000), (413, 422), "sheet1.xml", "sheet1.xml"),
    ("a cell outside of the sheet", "far.xlsx",
     lambda: book(rows('<row r="9999999"><c r="A9999999"><v>1</v></c></row>')), (413, 422), "9999999", "9999999"),
    ("an old .xls", "old.xls", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2048), (422,), ".xls", ".xls"),
    ("a picture", "photo.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, (422,), "", ""),
    ("an empty file", "empty.csv", lambda: b"", (422,), "", ""),
    ("a quote that never ends", "quote.csv", lambda: '项目名称,总投资\n"东桥,1\n西桥,2\n'.encode(), (422,), "", ""),
]


class Office:
    def __init__(self, client):
        self.client = client

    def ask(self, method, path, lang, body=None, kind="application/json"):
        headers = {**self.client.headers_of("office"), "Accept-Language": lang, "Content-Type": kind}
        status, _, content = self.client.send(method, path, headers, body)
        return status, content.decode()

    def give(self, name, content, lang):
        edge = "guatu-hostile"
        body = (f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n').encode() + content + \
            f"\r\n--{edge}--\r\n".encode()
        return self.ask("POST", "/api/import?register=project", lang, body, f"multipart/form-data; boundary={edge}")

    def projects(self):
        return json.loads(self.ask("GET", "/api/r/project?count=only", "en")[1])["total"]


def han(text):
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def refused(office):
    for name, file, make, statuses, english, chinese in REFUSED:
        content = make()
        for lang, part in (("en", english), ("zh", chinese)):
            status, text = office.give(file, content, lang)
            problem = json.loads(text) if text.startswith("{") else {}
            said = f"{problem.get('title', '')} {problem.get('detail', '')} {problem.get('where', '')}"
            check(f"{name} ({lang})", status in statuses, f"{status} {text[:300]}")
            check(f"{name} ({lang}) names its place", part in said and len(said.strip()) > 8, said)
            check(f"{name} ({lang}) is said in the reader's language", han(said.replace("台账", "")) == (lang == "zh"), said)
        check(f"{name}: the server goes on", office.ask("GET", "/healthz", "en")[0] == 200)


def pointed_out(office):
    """Taken as a draft, with the trouble at its place."""
    cases = [
        ("windows-1252 for GB18030", "项目名称,总投资（万元）\n东桥,1\n".encode("gb18030") + b"\xff\xff,2\n", None, None),
        ("UTF-16", "项目名称,总投资（万元）\n东桥,12\n".encode("utf-16"), None, None),
        ("a row twice", "项目代码,项目名称\n2305-310115-04-01-123456,东桥\n2305-310115-04-01-123456,东桥\n".encode(), "A", 3),
        ("words for an amount", "项目名称,总投资（万元）\n东桥,十二万块\n西桥,3\n".encode(), "B", 2),
    ]
    for name, content, column, row in cases:
        for lang in ("en", "zh"):
            status, text = office.give("x.csv", content, lang)
            check(f"{name} ({lang})", status == 200, f"{status} {text[:300]}")
            draft = json.loads(text) if status == 200 else {"problems": []}
            found = [p for p in draft["problems"] if p["column"] == column and p["row"] == row]
            check(f"{name} ({lang}) has its place", column is None or found, draft["problems"])
            for p in found:
                check(f"{name} ({lang}) has value, text and advice", p["value"] and p["text"] and p["advice"], p)
                check(f"{name} ({lang}) is said in the reader's language", lang == "en" or han(p["text"]), p)
            if name == "UTF-16" and status == 200:
                check("UTF-16 is read", draft["preview"][0][0] == "东桥", draft["preview"])


def unknown_units(office):
    """Named with how often and what is like it; entered along with the ledger when that is chosen."""
    headers = {**office.client.headers_of("office"), "Content-Type": "application/json"}
    status, _, _ = office.client.send("POST", "/api/r/unit", headers, json.dumps(
        {"fields": {"name": "白石县交通运输局", "short_name": "交通局", "kind": "department"}}).encode())
    check("a unit is entered", status == 201, status)
    ledger = "项目名称,牵头单位\n东桥,交通局\n西桥,白石县交通运输分局\n南桥,白石县交通运输分局\n".encode()
    for lang in ("en", "zh"):
        draft = json.loads(office.give("x.csv", ledger, lang)[1])
        check(f"missing ({lang})", [(m["name"], m["rows"], m["nearest"]) for m in draft["missing"]] ==
              [("白石县交通运输分局", 2, "白石县交通运输局")], draft["missing"])
        found = [p for p in draft["problems"] if p["row"] == 3 and p["column"] == "B"]
        check(f"an unknown unit ({lang}) has value, place and what is near", found and "白石县交通运输分局" in found[0]["text"] and
              "白石县交通运输局" in found[0]["text"] and found[0]["advice"], draft["problems"])
        group = [g for g in draft["groups"] if g["column"] == "B"]
        check(f"the same trouble once ({lang})", len(group) == 1 and group[0]["count"] == 2 and group[0]["rows"] == [3, 4], group)
    status, text = office.ask("PATCH", "/api/import/" + draft["import"], "zh", b'{"create_missing":true}')
    check("to be entered along", status == 200 and not any(p["column"] == "B" for p in json.loads(text)["problems"]), text[:400])


def several_names(office):
    """A field that takes one unit gets the first of those in the cell, and that is said; a name with such a mark stays whole."""
    headers = {**office.client.headers_of("office"), "Content-Type": "application/json"}
    for name in ("水利局", "住建局", "科技、工信局"):
        office.client.send("POST", "/api/r/unit", headers, json.dumps({"fields": {"name": name, "kind": "department"}}).encode())
    cells = ["水利局、住建局", "水利局/住建局", "水利局 住建局", "水利局,住建局", "科技、工信局", "水利局"]
    ledger = "项目名称,牵头单位\n" + "".join(f'几家 {i},"{cell}"\n' for i, cell in enumerate(cells))
    for lang in ("en", "zh"):
        draft = json.loads(office.give("x.csv", ledger.encode(), lang)[1])
        found = [p for p in draft["problems"] if p["column"] == "B"]
        check(f"several names ({lang})", [(p["row"], p["value"], p["level"]) for p in found] ==
              [(i + 2, cells[i], "warning") for i in range(4)] and not draft["missing"], found)
        check(f"several names have advice ({lang})", all(p["advice"] and han(p["text"]) == (lang == "zh") for p in found), found)
    status, text = office.ask("POST", f"/api/import/{draft['import']}/confirm", "en", b"{}")
    rows = json.loads(office.ask("GET", "/api/r/project?filter=title:text:%E5%87%A0%E5%AE%B6&columns=title,lead_unit&sort=title",
                                 "en")[1])
    taken = [rows["titles"][row[2]] for row in rows["rows"]]
    check("the first is taken", taken == ["水利局"] * 4 + ["科技、工信局", "水利局"], taken)


def a_years_plan(office):
    """A county's usual ledger with 年度计划投资: one choice puts the plan into its register, by code or by name."""
    ledger = "项目名称,项目类别,建设性质,年度计划投资（万元）\n甲路,交通,续建,1200\n乙路,交通,新建项目,300\n".encode()
    draft = json.loads(office.give("x.csv", ledger, "en")[1])
    path = "/api/import/" + draft["import"]
    status, text = office.ask("PATCH", path, "en", json.dumps({"child": "year_plan", "constants": {"year_plan.year": "2026"}}).encode())
    draft = json.loads(text)
    check("the plan's column is found", status == 200 and [c["field"] for c in draft["sheets"][0]["columns"]] ==
          ["title", "category", "nature", "year_plan.annual_plan_investment"] and draft["good"] == 2 and not draft["problems"], text)
    result = json.loads(office.ask("POST", path + "/confirm", "en", b"{}")[1])
    check("both are stored", (result["created"], result["child"]["created"]) == (2, 2), result)
    rows = json.loads(office.ask("GET", "/api/r/project?filter=title:in:%E7%94%B2%E8%B7%AF,%E4%B9%99%E8%B7%AF&sort=title"
                                 "&columns=title,annual_plan_investment,nature", "en")[1])["rows"]
    check("and count", sorted(row[1:] for row in rows) == [["乙路", 30000000 * 10, "new"], ["甲路", 120000000 * 10, "continued"]],
          rows)


def another_table(office):
    """A list of columns, a dictionary: taken as a draft, with a clear word."""
    for lang, word in (("en", "another kind of table"), ("zh", "另一种表")):
        draft = json.loads(office.give("m.csv", "old_name,new_name\nMPA RAG rating,colour_rating\nCost,cost\n".encode(), lang)[1])
        check(f"another table ({lang})", any(word in p["text"] for p in draft["problems"]), draft["problems"])


def foreign_ids(office):
    """Rows of another office's export are counted as what they will be."""
    ledger = "记录标识,项目名称,项目类别\n0196895b-8a80-7002-883c-c1af42636cb9,外来,水利\n".encode()
    for create, update in ((1, 0), (0, 1)):
        draft = json.loads(office.give("x.csv", ledger, "en")[1])
        check("the preview of a foreign id", (draft["create"], draft["update"]) == (create, update), draft)
        result = json.loads(office.ask("POST", f"/api/import/{draft['import']}/confirm", "en", b"{}")[1])
        check("is what comes", (result["created"], result["updated"] + result["unchanged"]) == (create, update), result)


def no_column(office):
    """A required field without a column is one problem, refuses every row, and one value for all answers it."""
    status, text = office.give("x.csv", "总投资（万元）,备注\n1,\n2,\n".encode(), "en")
    draft = json.loads(text)
    errors = [p for p in draft["problems"] if p["level"] == "error"]
    check("no name: one error", status == 200 and len(errors) == 1 and draft["good"] == 0, text[:500])
    path = "/api/import/" + draft["import"]
    status, text = office.ask("PATCH", path, "zh", json.dumps({"sheet": "不存在的表"}).encode())
    check("a wrong sheet", status == 422 and "不存在的表" in text, text)
    status, text = office.ask("PATCH", path, "en", json.dumps({"constants": {"category": "zoology"}}).encode())
    check("a constant that is no choice", status == 422 and "zoology" in text and "category" in text, text)
    status, text = office.ask("PATCH", path, "en", json.dumps({"constants": {"no_such": "x"}}).encode())
    check("a constant for no field", status == 422 and "no_such" in text, text)
    status, text = office.ask("POST", path + "/confirm", "en", b"{}")
    result = json.loads(text)
    check("all rows are refused with the reason", status == 200 and result["refused"] == 2 and "Project name" in
          result["rows"][0]["text"], text)


def main():
    server = run.Server(os.path.abspath(sys.argv[1]))
    try:
        office = Office(run.Client(server))
        before = office.projects()
        refused(office)
        pointed_out(office)
        unknown_units(office)
        no_column(office)
        check("nothing was stored", office.projects() == before)
        another_table(office)
        several_names(office)
        a_years_plan(office)
        foreign_ids(office)
        status, text = office.give("good.xlsx", book(GOOD), "zh")
        check("a good ledger still comes in", status == 200 and json.loads(text)["good"] == 1, text[:300])
    finally:
        code = server.stop()
    check("the server ended well", code == 0, code)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
