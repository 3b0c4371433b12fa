"""guatu plan as tools and people meet it: every verb's JSON, the fixed CSV, several projects in a table, and what is said in both
languages of files that are missing or damaged."""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

PROGRAM = sys.argv[1]
PLAN = {
    "guatu_plan": 1,
    "calendars": [{"id": "c", "week": {"mon-fri": "08:00-12:00 13:00-17:00"}}],
    "projects": [{"id": "1", "code": "BRIDGE", "name": "桥", "start": "2026-03-02", "calendar": "c", "must_finish": "2026-03-07"},
                 {"id": "2", "code": "ROAD", "name": "路", "start": "2026-03-02", "calendar": "c"}],
    "tasks": [{"id": "A", "project": "1", "name": "基础", "duration": "5d"}, {"id": "B", "project": "1", "name": "基础", "duration": "4d"},
              {"id": "C", "project": "2", "name": "路基", "duration": "3d", "priority": 900, "deadline": "2026-03-03"}],
    "links": [{"from": "A", "to": "B", "lag": "1d"}, {"from": "C", "to": "C"}, {"from": "A", "to": "X"}],
    "relaxations": [{"id": "crew", "name": "第二班组", "kind": "duration", "task": "A", "duration": "1d"}],
}
COLUMNS = "project,task,early_start,early_finish,late_start,late_finish,total_float_h,free_float_h,critical,driving".split(",")
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d$")


def say(words, code=0, lang="en"):
    done = subprocess.run([PROGRAM, "plan", *words, "--lang", lang], capture_output=True, text=True)
    assert done.returncode == code, done
    return done


def columns(text):
    """Of a terminal: Han takes two; an ellipsis, one."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def chinese(text):
    return any("\u4e00" <= c <= "\u9fff" for c in text)


with tempfile.TemporaryDirectory() as folder:
    path, gone, xml = (os.path.join(folder, name) for name in ("plan.json", "gone.xer", "cut.xml"))
    open(path, "w").write(json.dumps(PLAN))
    open(xml, "w").write("<Project xmlns='http://schemas.microsoft.com/project'>\n<Tasks><Ta")

    # what each verb says to tools
    for words, code, key in ((["schedule", path], 0, "tasks"), (["back", path], 1, "sets"), (["why", path, "B"], 0, "sentence"),
                             (["compare", path, path], 0, "same"), (["check", path], 1, "findings"), (["earned", path], 0, None),
                             (["level", path, "--schedules", "200"], 0, "start"), (["risk", path, "--samples", "512"], 0, None)):
        answer = json.loads(say([*words, "--json"], code).stdout)
        assert key is None or key in answer, (words, answer)
    assert "no task has a baseline" in say(["compare", path], 2).stderr
    promised = dict(PLAN["tasks"][2], baselines=[{"start": "2026-03-02T08:00", "finish": "2026-03-03T17:00"}])
    open(gone, "w").write(json.dumps(dict(PLAN, tasks=[promised], links=[], relaxations=[])))
    moved = json.loads(say(["compare", gone, "--json"]).stdout)["changes"]
    assert [(c["task"], c["start_shift_h"], c["finish_shift_h"]) for c in moved] == [("C", 0, 8)], moved
    os.remove(gone)
    rows = list(csv.reader(io.StringIO(say(["schedule", path, "--csv"]).stdout)))
    assert rows[0] == COLUMNS and [r[:2] for r in rows[1:]] == [["BRIDGE", "A"], ["BRIDGE", "B"], ["ROAD", "C"]], rows
    assert all(ISO.match(x) for r in rows[1:] for x in r[2:6]), rows

    found = {f["id"]: f for f in json.loads(say(["check", path, "--json"], 1).stdout)["findings"]}
    assert found["P004"]["task"] == "C" and (found["P002"]["from"], found["P002"]["to"]) == ("A", "X"), found

    tens = json.loads(json.dumps(PLAN).replace("08:00-12:00 13:00-17:00", "08:00-18:00").replace('"id": "c"', '"id": "c", "day_minutes": 600'))
    open(xml + ".json", "w").write(json.dumps(tens))  # five and one and four days of ten hours until Friday of five
    assert "project BRIDGE:" in say(["back", path], 1).stdout  # one of two: which
    assert "5 d short" in say(["back", xml + ".json"], 1).stdout, say(["back", xml + ".json"], 1).stdout
    long, other = os.path.join(folder, "long.json"), json.loads(json.dumps(PLAN).replace('"A"', '"A-LONG-CODE-OF-A-TASK"'))
    other["tasks"][2]["deadline"] = "2026-03-04"
    other["tasks"][0]["duration"] = "4d"
    open(long, "w").write(json.dumps(other))

    # what it says to people
    for words, code in ((["schedule", long], 0), (["back", long], 1), (["level", long, "--schedules", "200"], 0)):
        assert any(line.startswith("  A-LONG-CODE-OF-A-TASK ") for line in say(words, code).stdout.splitlines()), words
    changed = say(["compare", path, long]).stdout.splitlines()
    assert any(line.split()[:6] == ["B", "基础", "changed", "-1", "-1", "+1"] for line in changed), changed
    said = say(["check", path], 1).stdout
    assert "P004 error [C] " in said and "P002 error [A > X] " in said, said
    assert "基础 (A) finishes 2026-03-06T17:00 with 8 h in between" in say(["why", path, "B"]).stdout
    assert "“基础 (A)”于 2026-03-06T17:00 完成，其间须隔 8 小时" in say(["why", path, "B"], lang="zh").stdout
    for lang in ("zh", "en"):
        lines = say(["schedule", path], lang=lang).stdout.splitlines()
        assert len(lines) == 6 and lines[1].split()[:2] == ["BRIDGE", "桥"] and lines[4].split()[:2] == ["ROAD", "路"], lines
        assert chinese(lines[0]) == (lang == "zh"), lines
        for verb in ("schedule", "back", "check", "level", "risk", "earned", "why", "compare", "convert"):
            more = [os.path.join(folder, "out.json")] if verb in ("why", "compare", "convert") else []
            said = say([verb, gone, *more], 4, lang).stderr
            assert said.count(gone) == 1 and chinese(said) == (lang == "zh"), said
            assert (lang == "en") == ("No such file" in said), said
            said = say([verb, xml, *more], 2, lang).stderr
            assert said.count(xml) == 1 and {"en": ", line 2: ", "zh": "，第 2 行："}[lang] in said and chinese(said) == (lang == "zh"), said
            assert "cut off" in said or "没有写完" in said, said
        lost = say(["convert", path, os.path.join(folder, "out.xer")], lang=lang).stderr
        assert "X004 note [C] " in lost and ("期限" in lost) == (lang == "zh") != ("deadline" in lost), lost
    # long names are cut where the column ends, and what a file brings does not drive the terminal
    wide = dict(PLAN, links=[], relaxations=[], tasks=[dict(PLAN["tasks"][0], name="\x1b[31m县" + "很长的名称" * 20), dict(PLAN["tasks"][1], name="road\nside")])
    open(gone, "w").write(json.dumps(wide))
    for words in (["schedule", gone], ["back", gone], ["level", gone, "--schedules", "200"], ["risk", gone, "--samples", "512"], ["why", gone, "A"], ["check", gone]):
        done = subprocess.run([PROGRAM, "plan", *words, "--lang", "zh"], capture_output=True, text=True)
        assert "\x1b" not in done.stdout + done.stderr, words
        rows = [line for line in done.stdout.splitlines() if line.startswith("  A ") or line.startswith("  B ")]
        assert words[0] in ("why", "check") or len(rows) >= 2, rows
        places = {columns(line[:line.index("2026-")]) for line in rows if "2026-" in line}
        assert len(places) < 2, (words, rows)
        assert words[0] != "schedule" or "…" in rows[0] and "road side" in rows[1], rows
    # a plan with a loop: what has no date is said and not called in time; an end of day is that day's; an empty plan is one
    ring = dict(PLAN, links=[{"from": "A", "to": "B"}, {"from": "B", "to": "A"}], relaxations=[], projects=[dict(PLAN["projects"][1], id="1")],
                tasks=[dict(t, project="1") for t in PLAN["tasks"]])
    open(gone, "w").write(json.dumps(ring))
    told = say(["back", gone, "--finish", "2026-06-01"])
    assert "tasks without a date, not counted: 2" in told.stdout and "required 2026-06-01;" in told.stdout and "P001 error" in told.stderr, told
    answer = json.loads(say(["back", gone, "--finish", "2026-06-01", "--json"]).stdout)
    assert answer["undated"] == 2 and answer["findings"][0]["id"] == "P001", answer
    assert all("P001 error" in say(words).stderr for words in (["compare", gone, path], ["earned", gone])), ring
    open(gone, "w").write(json.dumps(dict(PLAN, tasks=[], links=[], relaxations=[])))
    assert "no tasks" in say(["schedule", gone]).stdout and "no task of the plan" in say(["level", gone, "--schedules", "9"]).stdout
    risk = json.loads(say(["risk", gone, "--samples", "512", "--json"]).stdout)["dates"]
    assert all(d["planned"] is None and d["planned_chance_pct"] is None for d in risk), risk
    # a piece of a Primavera file, without its project
    open(gone, "w").write("ERMHDR\t7.0\t2026-01-01\n%T\tTASK\n%F\ttask_id\tproj_id\ttask_code\ttask_name\ttarget_drtn_hr_cnt\n%R\t1\t1\tA\tAAA\t8\n%E\n")
    assert "project 1 has no start date" in say(["schedule", gone]).stderr
    # as large as an upload may be: what is written is read again
    many, again = os.path.join(folder, "many.json"), os.path.join(folder, "again.json")
    tasks = [{"id": f"T{i}", "name": "一道工序有一个不短的名称", "duration": "3d"} for i in range(100_000)]
    open(many, "w").write(json.dumps({"guatu_plan": 1, "projects": [{"id": "P", "start": "2026-03-02"}], "tasks": tasks}))
    assert os.path.getsize(many) > 8 << 20
    say(["convert", many, again])
    assert say(["schedule", again, "--csv"]).stdout.count("\n") == 100_001
print("every verb of guatu plan answers people and tools")
