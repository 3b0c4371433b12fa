"""guatu plan risk: tables and JSON, a file of risks, a clear refusal, the same answer for any number of threads."""
import json
import os
import pty
import re
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
PLAN = {
    "guatu_plan": 1,
    "calendars": [{"id": "mild", "week": {"mon-fri": "08:00-12:00 13:00-17:00"}},
                  {"id": "hard", "week": {"mon-fri": "08:00-12:00 13:00-17:00"},
                   "exceptions": [{"from": "2026-11-15", "to": "2027-03-15", "name": "冬歇"}]}],
    "projects": [{"id": "P", "start": "2026-03-02", "calendar": "mild"}],
    "tasks": [{"id": "A", "duration": "100d"}, {"id": "B", "duration": "60d"}, {"id": "M", "type": "finish_milestone"}],
    "links": [{"from": "A", "to": "B"}, {"from": "B", "to": "M"}],
}
RISKS = {
    "guatu_risk": 1,
    "otherwise": {"low": 90, "likely": 100, "high": 140},
    "ranges": [{"task": "A", "shape": "pert", "low": 80, "likely": 100, "high": 200}],
    "drivers": [{"id": "flood", "probability": 30, "low": 110, "likely": 120, "high": 150, "tasks": ["A", "B"]}],
    "windows": [{"id": "winter", "probability": 40, "calendar": "mild", "instead": "hard"}],
}


def run(*arguments):
    return subprocess.run([PROGRAM, "plan", "risk", *arguments], capture_output=True, text=True)


def on_terminal(*arguments):
    """What a terminal shows of the command, bars and all."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([PROGRAM, "plan", "risk", *arguments], stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 4096):
            said += part
    except OSError:  # the other end was closed: the program is done
        pass
    assert process.wait() == 0, said
    return said.decode().replace("\r\n", "\n").replace("\r", "")


def main():
    with tempfile.TemporaryDirectory() as folder:
        plan, risks, bad = (os.path.join(folder, n) for n in ("plan.json", "risks.json", "bad.json"))
        json.dump(PLAN, open(plan, "w"))
        json.dump(RISKS, open(risks, "w"))
        json.dump({**RISKS, "ranges": [{"task": "Z"}]}, open(bad, "w"))
        answers = [run(plan, "--risks", risks, "--samples", "5000", "--seed", "2", "--threads", str(n), "--json")
                   for n in (1, 2, 5)]
        assert all(a.returncode == 0 for a in answers), answers[0].stderr
        assert all(a.stdout == answers[0].stdout for a in answers)
        got = json.loads(answers[0].stdout)
        whole, milestone = got["dates"]
        assert whole["p10"] < whole["p50"] < whole["p80"] <= whole["p90"], whole
        assert milestone["task"] == "M" and milestone["p80"] == whole["p80"]
        assert {c.get("driver") or c.get("window") or c["task"] for c in got["causes"]} == {"A", "B", "M", "flood", "winter"}
        assert [c["critical_pct"] for c in got["causes"] if c.get("task") == "A"] == [100.0]
        table = run(plan, "--risks", risks)
        assert table.returncode == 0 and "P80" in table.stdout
        few = json.loads(run(plan, "--samples", "1000000", "--precision", "40", "--json").stdout)
        assert few["samples"] < 1000000 and few["dates"][0]["p80_error_h"] <= 40, few["dates"][0]
        # what is never critical moves no finish, whatever chance its samples fell in, and is in no table of what does
        idle = os.path.join(folder, "idle.json")
        json.dump({**PLAN, "tasks": [*PLAN["tasks"], {"id": "F", "duration": "3d"}]}, open(idle, "w"))
        causes = {c["task"]: c["swing_h"] for c in json.loads(run(idle, "--samples", "2000", "--json").stdout)["causes"]}
        assert causes["F"] == 0 and causes["A"] > 0, causes
        assert not any(line.startswith("  F ") for line in run(idle, "--samples", "2000").stdout.splitlines())
        # on a terminal the answer begins on a line of its own, after a bar that did not come to its end
        shown = on_terminal(plan, "--samples", "1000000", "--precision", "40", "--lang", "en").splitlines()
        assert "drawing samples [" in shown[0] and re.fullmatch(r"\d+ samples", shown[1]), shown[:3]
        refused = run(plan, "--risks", bad)
        assert refused.returncode == 2 and "ranges[0]" in refused.stderr and "Z" in refused.stderr, refused.stderr


main()
