"""What is not understood on the command line is refused by name, in the language asked for, and nothing is left out silently; --help helps."""
import json
import os
import re
import subprocess
import sys
import tempfile

folder = tempfile.TemporaryDirectory()
ledger = os.path.join(folder.name, "ledger.csv")
with open(ledger, "w") as f:
    f.write("title\nA road\n")
REFUSED = [
    (["nothing"], "nothing"),
    (["verify", "--no-such"], "--no-such"),
    (["verify", "--data"], "--data"),
    (["verify", "--json=yes"], "--json"),
    (["verify", "--lang", "fr"], "fr"),
    (["chart", "a"], "a"),
    (["import", *["x.csv"] * 64, "last.csv"], "last.csv"),
    (["restore"], "restore"),
    (["plan", "level", ledger, "--csv"], "--csv"),
    (["calendar", "2026", "--preview"], "--preview"),
    (["import", ledger, "--data", folder.name, "--header-row", "first"], "first"),
    (["user", "add", "somebody", "--link"], "--link"),
    (["import", ledger, "--data", folder.name, "--map", "title"], "title"),
    (["import", ledger, "--data", folder.name, "--set", "=x"], "=x"),
]

for words, named in REFUSED:
    for lang in ("zh", "en"):
        done = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, env={"GUATU_LANG": lang})
        said = done.stderr.splitlines()[0]
        assert done.returncode == 2 and named in said and not done.stdout, (words, done)
        assert any("\u4e00" <= c <= "\u9fff" for c in said) == (lang == "zh"), said
    assert "header-row" not in " ".join(words) or done.stderr.count("\n") == 1, done.stderr


def say(*words):
    done = subprocess.run([sys.argv[1], *words], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done
    return done.stdout


for lang in ("zh", "en"):
    said = say("help", "plan", "--lang", lang)
    assert "--within-float" in said and ("退出码" if lang == "zh" else "Exit codes") in said, said
    assert say("plan", "--help", "--lang", lang) == said
    level = say("plan", "level", "-h", "--lang", lang)  # of one way to call it, only what belongs to it
    assert "--within-float" in level and "--csv" not in level and "guatu plan back" not in level, level
    assert say("help", "plan", "level", "--lang", lang) == level
    codes = [[line.split()[0] for line in text.splitlines() if re.match(r" +\d+  ", line)] for text in (say("help", "--lang", lang), said, level)]
    assert codes == [["0", "1", "2", "3", "4", "5", "6", "7", "8", "130"], ["0", "1", "1", "130"], ["0", "130"]], codes
# an answer that could not be written is a failure; a reader that went away is not
plan = os.path.join(folder.name, "plan.json")
with open(plan, "w") as f:
    json.dump({"guatu_plan": 1, "projects": [{"id": "P", "start": "2026-03-02"}], "tasks": [{"id": str(i), "duration": "1d"} for i in range(3000)]}, f)
for form in ([], ["--csv"], ["--json"]):
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.argv[1], "plan", "schedule", plan, *form], stdout=full, stderr=subprocess.PIPE, text=True, env={"GUATU_LANG": "en"})
    assert done.returncode == 8 and "could be written" in done.stderr, done
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.argv[1], "plan", "schedule", plan, *form], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert done.returncode == 0 and not done.stderr, done
print(f"{len(REFUSED)} refusals in two languages")
