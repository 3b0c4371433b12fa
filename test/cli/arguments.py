"""What is not understood on the command line is refused by name, in the language asked for, and nothing is left out silently; --help helps."""
import os
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
    (["import", ledger, "--data", folder.name, "--map", "title"], "title"),
    (["import", ledger, "--data", folder.name, "--set", "=x"], "=x"),
]

for words, named in REFUSED:
    for lang in ("zh", "en"):
        done = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, env={"GUATU_LANG": lang})
        said = done.stderr.splitlines()[0]
        assert done.returncode == 2 and named in said and not done.stdout, (words, done)
        assert any("\u4e00" <= c <= "\u9fff" for c in said) == (lang == "zh"), said

def say(*words):
    done = subprocess.run([sys.argv[1], *words], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done
    return done.stdout


for lang in ("zh", "en"):
    said = say("help", "plan", "--lang", lang)
    assert "--within-float" in said, said
    assert say("plan", "--help", "--lang", lang) == say("plan", "level", "-h", "--lang", lang) == said
print(f"{len(REFUSED)} refusals in two languages")
