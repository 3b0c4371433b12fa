"""The place of an error in a file, said in the reader's language: broken files of every format, on the command line and over
HTTP, in English and in Chinese, word for word.

usage: places.py GUATU
"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run  # noqa: E402

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
MSPDI = '<Project xmlns="http://schemas.microsoft.com/project">\n<Tasks>\n%s\n</Tasks></Project>'
TASK = "<Task><UID>1</UID>%s</Task>"
P6 = '<APIBusinessObjects xmlns="http://xmlns.oracle.com/Primavera/P6/V22.12/API/BusinessObjects">\n<Project><ObjectId>1</ObjectId>' \
    "<PlannedStartDate>2026-03-02T08:00:00</PlannedStartDate>\n%s</Project></APIBusinessObjects>"
CALENDAR = "<Calendar><ObjectId>1</ObjectId><Name>c</Name><StandardWorkWeek><StandardWorkHours><DayOfWeek>Monday</DayOfWeek>\n" \
    "<WorkTime><Start>8 Uhr</Start><Finish>12:00:00</Finish></WorkTime></StandardWorkHours></StandardWorkWeek></Calendar>"
GAN = '<project name="x" version="3.2">\n<tasks>\n%s</tasks></project>'
XER = "ERMHDR\t22.12\n%%T\tPROJECT\n%%F\tproj_id\n%%R\t1\n%%T\tTASK\n%%F\ttask_id\tproj_id\ttarget_drtn_hr_cnt\tact_start_date\n%s\n%%E\n"

# what, file, its bytes, the place and the message in English and in Chinese
PLANS = [
    ("XER: no table", "a.xer", "ERMHDR\t22.12\n%R\t1\n", "line 2", "a row before any table", "第 2 行", "数据行出现在任何表之前"),
    ("XER: a number", "a.xer", XER % "%R\t1\t1\teight\t", "table TASK, line 7, column target_drtn_hr_cnt",
     '"eight" is not a number, or is out of range', "TASK 表第 7 行 target_drtn_hr_cnt 列", "“eight”不是数字，或超出范围"),
    ("XER: a date", "a.xer", XER % "%R\t1\t1\t8\t2026-02-31 08:00", "table TASK, line 7, column act_start_date",
     '"2026-02-31 08:00" is not a date between 1900 and 2199', "TASK 表第 7 行 act_start_date 列",
     "“2026-02-31 08:00”不是 1900 至 2199 年间的日期"),
    ("XER: an id twice", "a.xer", XER % "%R\t1\t1\t8\t\n%R\t1\t1\t8\t", "table TASK, line 8", 'task_id "1" stands twice', "TASK 表第 8 行",
     "task_id“1”重复"),
    ("XER: a text with a line break", "a.xer", XER % "%R\t1\t1\t8\t\nand more", "line 8",
     '"and more" is not the start of a line of an XER file', "第 8 行", "“and more”不是 XER 文件的行首"),
    ("MSPDI: a number", "a.xml", XML + MSPDI % (TASK % "\n<Priority>high</Priority>"), "line 5, element Priority",
     '"high" is not a number, or is out of range', "第 5 行，元素 Priority", "“high”不是数字，或超出范围"),
    ("MSPDI: a date", "a.xml", XML + MSPDI % (TASK % "<ActualStart>yesterday</ActualStart>"), "line 4, element ActualStart",
     '"yesterday" is not a date between 1900 and 2199', "第 4 行，元素 ActualStart", "“yesterday”不是 1900 至 2199 年间的日期"),
    ("MSPDI: an id twice", "a.xml", XML + MSPDI % (TASK % "" + "\n" + TASK % ""), "line 5, element Task", 'task UID "1" stands twice',
     "第 5 行，元素 Task", "任务 UID “1” 出现两次"),
    ("MSPDI: a level", "a.xml", XML + MSPDI % (TASK % "<OutlineLevel>200</OutlineLevel>"), "line 4, element Task",
     "outline level 200 is not from 0 to 127", "第 4 行，元素 Task", "大纲级别 200 不在 0 到 127 之间"),
    ("MSPDI: it breaks off", "a.xml", XML + (MSPDI % "")[:-12], "line 5", "damaged XML: a tag is cut off", "第 5 行", "XML 已损坏：标签没有写完"),
    ("PMXML: a number", "a.xml", XML + P6 % "<Activity><ObjectId>1</ObjectId>\n<PlannedDuration>x</PlannedDuration></Activity>",
     "line 5, element PlannedDuration", '"x" is not a number, or is out of range', "第 5 行，元素 PlannedDuration",
     "“x”不是数字，或超出范围"),
    ("PMXML: an id twice", "a.xml", XML + P6 % ("<Activity><ObjectId>1</ObjectId></Activity>\n" * 2), "line 5, element Activity",
     'activity ObjectId "1" stands twice', "第 5 行，元素 Activity", "作业 ObjectId “1” 出现两次"),
    ("PMXML: working time", "a.xml", XML + P6.replace("<Project>", CALENDAR + "<Project>") % "", "line 4, element WorkTime",
     '"8 Uhr" to "12:00:00" is not working time', "第 4 行，元素 WorkTime", "“8 Uhr”至“12:00:00”不是有效的工作时间"),
    ("GanttProject: a number", "a.gan", XML + GAN % '<task id="1" name="a"\n duration="eight"/>\n', "line 4, element task, attribute duration",
     '"eight" is not a number, or is out of range', "第 4 行，元素 task，属性 duration", "“eight”不是数字，或超出范围"),
    ("GanttProject: an id twice", "a.gan", XML + GAN % '<task id="1" name="a"/>\n<task id="1" name="b"/>\n', "line 5, element task",
     'task id "1" stands twice', "第 5 行，元素 task", "任务 id“1”重复"),
    ("GanttProject: too deep", "a.gan", XML + GAN % ("<task>" * 500), "line 4", "elements nested more than 64 deep", "第 4 行",
     "XML 嵌套超过 64 层"),
    ("JSON: no JSON", "a.json", '{"guatu_plan":1,\n "tasks":[}', "line 2, column 11", "this is not JSON", "第 2 行第 11 列", "这不是 JSON：此处不合 JSON 的写法"),
    ("JSON: a key", "a.json", '{"guatu_plan":1,"projects":[{"id":"1"}],"tasks":[{"id":"A","durration":"5d"}]}', "tasks[0].durration",
     'there is no key "durration" here', "tasks[0].durration", "此处没有“durration”这个键"),
]

# the ledger's readers: a file that cannot be read
LEDGERS = [
    ("CSV: a quote", "a.csv", '项目名称,总投资\n"东桥,1\n西桥,2\n', "line 2", "a quote opens here and never closes", "第 2 行", "此处的引号没有结束"),
    ("CSV: a NUL", "a.csv", "项目名称\n东桥\n西\0桥\n", "line 3", "NUL byte in a text file", "第 3 行", "文本文件中有空字节（NUL）"),
    ("JSON: a cell", "a.json", json.dumps([{"title": "a"}, {"title": "x" * 300000}]), "item 2", "cell of 300000 bytes; at most ", "第 2 项",
     "单元格有 300000 字节，最多读取 "),
    ("JSON: no JSON", "a.json", '[{"title": 1},\n {"title" 2}]', "line 2, column 11", "this is not JSON", "第 2 行第 11 列", "这不是 JSON：此处不合 JSON 的写法"),
]

# files only the command line reads: options before the file
PROBLEMS = [
    ("PSPLIB: a number", ("plan", "level"), "a.rcp", "3 1\n4\n1 x 0\n", "line 3", "expected a demand for a crew", "第 3 行", "此处应为班组的用量"),
]

passed = failed = 0


def check(name, good, detail=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"FAILED {name}: {detail}")


def written(folder, file, text):
    path = os.path.join(folder, file)
    with open(path, "wb") as f:
        f.write(text.encode())
    return path


def on_the_command_line(binary, name, words, path, en, zh, more=()):
    """Standard error says: guatu: FILE, place: message."""
    for lang, comma, colon, (place, message) in (("en", ", ", ": ", en), ("zh", "，", "：", zh)):
        done = subprocess.run([binary, *words, path, *more, "--lang", lang], capture_output=True, text=True)
        check(f"{name} ({lang}, command line)", done.returncode in (2, 6) and not done.stdout and
              done.stderr.startswith(f"guatu: {path}{comma}{place}{colon}{message}"), (done.returncode, done.stderr[:300]))


def over_http(client, name, path, file, content, en, zh):
    edge = "guatu-places"
    body = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{file}"\r\n\r\n'.encode() + content + \
        f"\r\n--{edge}--\r\n".encode()
    for lang, (place, message) in (("en", en), ("zh", zh)):
        headers = {**client.headers_of("office"), "Accept-Language": lang, "Content-Type": f"multipart/form-data; boundary={edge}"}
        status, _, answer = client.send("POST", path, headers, body)
        said = json.loads(answer)
        check(f"{name} ({lang}, HTTP)", status in (413, 422) and said.get("where") == place and said["detail"].startswith(message), said)


def main():
    binary = os.path.abspath(sys.argv[1])
    server = run.Server(binary)
    try:
        client = run.Client(server)
        headers = {**client.headers_of("office"), "Content-Type": "application/json"}
        status, _, answer = client.send("POST", "/api/r/project", headers,
                                        json.dumps({"fields": {"title": "东桥", "category": "transport"}}).encode())
        check("a project is entered", status == 201, answer)
        project = json.loads(answer)["id"]
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as data:
            for name, file, text, *said in PLANS:
                path = written(folder, file, text)
                on_the_command_line(binary, name, ("plan", "check"), path, said[:2], said[2:])
                over_http(client, name, f"/api/plans/{project}/file", file, text.encode(), said[:2], said[2:])
            for name, file, text, *said in LEDGERS:
                path = written(folder, file, text)
                on_the_command_line(binary, name, ("import",), path, said[:2], said[2:], ("--data", data))
                over_http(client, name, "/api/import?register=project", file, text.encode(), said[:2], said[2:])
            for name, words, file, text, *said in PROBLEMS:
                path = written(folder, file, text)
                on_the_command_line(binary, name, words, path, said[:2], said[2:])
        status, _, answer = client.send("GET", f"/api/plans/{project}", client.headers_of("office"), None)
        check("nothing of them is kept", status == 200 and json.loads(answer)["plan"] is None, answer[:200])
    finally:
        code = server.stop()
    check("the server ended well", code == 0, code)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
