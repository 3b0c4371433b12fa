"""guatu light: a project found by a title that holds what separates filter terms, and a project that no rule covers."""
import os
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]


def run(folder, *arguments):
    return subprocess.run([PROGRAM, *arguments, "--data", folder, "--lang", "zh"], capture_output=True, text=True)


with tempfile.TemporaryDirectory() as folder:
    ledger = os.path.join(folder, "ledger.csv")
    with open(ledger, "w", encoding="utf-8") as f:
        f.write('项目名称,总投资（万元）\n"甲;乙%,丙:丁厂",1200\n')
    data = os.path.join(folder, "data")
    done = run(data, "import", ledger)
    assert done.returncode == 0, done.stderr
    done = run(data, "light", "甲;乙%,丙:丁厂")
    assert done.returncode == 0, done.stderr
    assert "没有适用于这个项目的规则" in done.stdout or "规则：" in done.stdout, done.stdout
    done = run(data, "light", "没有;这个")
    assert done.returncode != 0 and "没有项目" in done.stderr, done.stderr
print("1 passed, 0 failed")
