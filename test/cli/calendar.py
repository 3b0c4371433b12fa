"""guatu calendar: a year of an area with its seasons, working days counted, a notice looked at and entered."""
import json
import os
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
NOTICE = """国务院办公厅关于2031年部分节假日安排的通知
一、元旦：1月1日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。10月11日（星期六）上班。
"""


def run(folder, *arguments):
    return subprocess.run([PROGRAM, *arguments, "--data", folder, "--lang", "zh"], capture_output=True, text=True)


with tempfile.TemporaryDirectory() as folder:
    data = os.path.join(folder, "data")
    done = run(data, "demo", "--projects", "12", "--months", "3", "--until", "2026-11-22")
    assert done.returncode == 0, done.stderr
    year = json.loads(run(data, "calendar", "2027", "--json").stdout)
    assert year["covered"] is False and year["season"] is None, year
    done = run(data, "calendar", "2027", "--area", "松涛岭镇", "--from", "2027-02-08", "--days", "3")
    assert done.returncode == 0, done.stderr
    for line in ("尚未公布", "2026-12-20 - 2027-02-10  冬歇  山区冬歇（演示） (松涛岭镇)", "2027-04-15 - 2027-10-31  施工黄金期",
                 "2027-02-08 起 3 个工作日：机关到 2027-02-10，工地到 2027-02-15"):
        assert line in done.stdout, (line, done.stdout)
    notice = os.path.join(folder, "notice.txt")
    with open(notice, "w", encoding="utf-8") as f:
        f.write(NOTICE)
    done = run(data, "calendar", "notice", notice, "--preview")
    assert done.returncode == 0 and "2031-10-01 - 2031-10-07  放假  国庆节" in done.stdout, done.stderr + done.stdout
    assert json.loads(run(data, "calendar", "2031", "--json").stdout)["days"] == []
    done = run(data, "calendar", "notice", notice)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(run(data, "calendar", "2031", "--json").stdout)["days"]) == 9
    with open(notice, "w", encoding="utf-8") as f:
        f.write("2032年\n元旦：1月1日放假。\n中秋节：13月1日放假。\n")
    done = run(data, "calendar", "notice", notice, "--preview")
    assert done.returncode == 1 and "没看懂：中秋节" in done.stdout, done.stdout
    done = run(data, "calendar", "2027", "--area", "没有镇")
    assert done.returncode == 4 and "没有区划“没有镇”" in done.stderr, done.stderr
    assert run(data, "calendar", "soon").returncode == 2
    assert run(data, "calendar", "2027", "notice").returncode == 2
print("1 passed, 0 failed")
