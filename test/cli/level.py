"""guatu plan level: the public forms, the fixed JSON, the same answer for any number of threads, goals, modes, absences, and a
real Ctrl-C."""
import json
import os
import signal
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
# three activities of lengths 3, 2, 2 on a crew of 1 + an empty start and end (Patterson's form)
PATTERSON = "5 1\n1\n0 0 3 2 3 4\n3 1 1 5\n2 1 1 5\n2 0 1 5\n0 0 0\n"


def level(path, *options):
    done = subprocess.run([PROGRAM, "plan", "level", path, "--json", *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def plan(resource, **more):
    """A on the crew for 4 days beside B and C for 2 days each, all on one calendar."""
    return json.dumps({
        "guatu_plan": 1, "calendars": [{"id": "five", "week": {"mon-fri": "08:00-12:00 13:00-17:00"}}],
        "projects": [{"id": "P", "start": "2026-03-02", "calendar": "five"}],
        "tasks": [{"id": "A", "duration": "4d"}, {"id": "B", "duration": "2d", "deadline": "2026-03-03T17:00"},
                  {"id": "C", "duration": "2d"}],
        "resources": [{"id": "crew", "kind": "labour", **resource}],
        "assignments": [{"task": t, "resource": "crew"} for t in "ABC"], **more})


def goals(folder):
    path = os.path.join(folder, "plan.json")
    open(path, "w").write(plan({"capacity": 5}))
    answer = level(path, "--goal", "peak", "--schedules", "5000")
    assert answer["crews"] == [{"id": "crew", "capacity": 5, "planned_with": 2}], answer
    assert answer["finish"] == "2026-03-05T17:00" and answer["proved"], answer
    open(path, "w").write(plan({}))
    answer = level(path, "--goal", "lateness", "--schedules", "2000")
    assert answer["weighted_lateness"] == 0 and answer["tasks"][1]["start"] == "2026-03-02T08:00", answer
    assert answer["finish"] == "2026-03-11T17:00", answer
    # four days after what A takes, B is due and late: 32 h times its priority, for tools and for people
    tasks = [{"id": "A", "duration": "4d", "priority": 500, "deadline": "2026-03-05T17:00"}, {"id": "B", "duration": "2d", "priority": 100, "deadline": "2026-03-03T17:00"}]
    late = plan({}, tasks=tasks, assignments=[{"task": t, "resource": "crew"} for t in "AB"])
    open(path, "w").write(late)
    assert level(path, "--goal", "lateness", "--schedules", "2000")["weighted_lateness"] == 3200
    said = subprocess.run([PROGRAM, "plan", "level", path, "--goal", "lateness", "--schedules", "2000", "--lang", "en"], capture_output=True, text=True).stdout
    assert "weighted lateness 3200.0 " in said, said
    open(path, "w").write(plan({"unavailable": [{"from": "2026-03-04", "to": "2026-03-05"}]}))
    answer = level(path, "--schedules", "2000")
    assert answer["finish"] == "2026-03-12T17:00" and answer["proved"], answer
    mode = {"id": "night", "task": "A", "duration": "1d", "assignments": [{"resource": "crew"}]}
    open(path, "w").write(plan({}, modes=[mode]))
    answer = level(path, "--schedules", "2000")
    assert answer["finish"] == "2026-03-06T17:00" and answer["tasks"][0]["mode"] == "night", answer
    refused = subprocess.run([PROGRAM, "plan", "level", path, "--goal", "x"], capture_output=True, text=True)
    assert refused.returncode == 2


def refusals(folder):
    """What is wrong is said with its line, in the user's language; what cannot be has no bound."""
    path = os.path.join(folder, "bad.sm")
    for text, chinese, english in (("5 1\n1\n0 0 three 2 3 4\n", "bad.sm，第 3 行：此处应为后继任务的个数", "bad.sm, line 3: expected a count of successors"),
                                   ("\x7fELF", "bad.sm，第 1 行：此处应为任务的个数", "bad.sm, line 1: expected a count of jobs"),
                                   ("PRECEDENCE RELATIONS:\n", 'bad.sm，第 2 行：此处以下没有以“jobs”开头的行', 'bad.sm, line 2: no line begins with "jobs"')):
        open(path, "w").write(text)
        for lang, words in (("zh_CN.UTF-8", chinese), ("en_US.UTF-8", english)):
            refused = subprocess.run([PROGRAM, "plan", "level", path], capture_output=True, text=True, env={**os.environ, "LANG": lang, "LC_ALL": lang})
            assert refused.returncode == 2 and words in refused.stderr, refused.stderr
    circle = os.path.join(folder, "circle.SCH")
    open(circle, "w").write("1 1 0 0\n0 1 1 1 [0]\n1 1 2 2 0 [3] [4]\n2 1 0\n0 1 0 0\n1 1 3 1\n2 1 0 0\n1\n")
    answer = level(circle)
    assert answer["status"] == "impossible" and answer["finish"] is None and answer["bound"] is None, answer


def interrupted(path):
    """Ctrl-C ends the search, not the answer."""
    process = subprocess.Popen([PROGRAM, "plan", "level", path, "--json", "--seconds", "600"], stdout=subprocess.PIPE)
    while True:  # until it searches: the answer must come from the handler, not from death by the signal
        caught = [line for line in open(f"/proc/{process.pid}/status") if line.startswith("SigCgt")]
        if int(caught[0].split()[1], 16) >> (signal.SIGINT - 1) & 1:
            break
    process.send_signal(signal.SIGINT)
    answer = json.loads(process.communicate()[0])
    assert process.returncode == 130 and answer["status"] == "found", (process.returncode, answer["status"])
    assert len(answer["start"]) == 122 and answer["finish"] >= answer["bound"], answer


def main():
    with tempfile.TemporaryDirectory() as folder:
        small = os.path.join(folder, "small.rcp")
        open(small, "w").write(PATTERSON)
        answer = level(small, "--seconds", "1")
        assert answer["finish"] == 5 and answer["proved"] is True and answer["bound"] == 5, answer
        assert len(answer["start"]) == 5 and answer["start"][4] == 5, answer
        answers = [level(small, "--schedules", "400", "--seed", "3", "--threads", str(n)) for n in (1, 2, 3, 8)]
        assert all(a == answers[0] for a in answers), answers
        refused = subprocess.run([PROGRAM, "plan", "level", small, "--seconds", "x"], capture_output=True, text=True)
        assert refused.returncode == 2 and refused.stderr.count("guatu:") == 1, refused.stderr
        goals(folder)
        refusals(folder)
    shared = os.path.join(os.environ.get("GUATU_SHARED", ""), "data/rcpsp-psplib/j120/j12011_1.sm")
    if not os.path.exists(shared):
        print("the public problems are not here: that part is skipped")
        return
    answers = [level(shared, "--schedules", "2000", "--seed", "3", "--threads", str(n)) for n in (1, 2, 3, 8)]
    assert all(a == answers[0] for a in answers)
    assert level(shared, "--schedules", "2000", "--seed", "4") != answers[0], "another seed searches elsewhere"
    interrupted(shared)


main()
