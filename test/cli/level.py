"""guatu plan level: the public forms, the fixed JSON, and the same answer for any number of threads."""
import json
import os
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
        assert refused.returncode == 2
    shared = os.path.join(os.environ.get("GUATU_SHARED", ""), "data/rcpsp-psplib/j120/j12011_1.sm")
    if not os.path.exists(shared):
        print("the public problems are not here: that part is skipped")
        return
    answers = [level(shared, "--schedules", "2000", "--seed", "3", "--threads", str(n)) for n in (1, 2, 3, 8)]
    assert all(a == answers[0] for a in answers)
    assert level(shared, "--schedules", "2000", "--seed", "4") != answers[0], "another seed searches elsewhere"


main()
