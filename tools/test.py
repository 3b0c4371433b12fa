"""Runs every kind of test and counts cases. The last line is `N passed, N failed[, N skipped]`.

usage: test.py [--quick | --faults]
  (none)    lint, plain build, sanitizer build, API, faults, web pages, browser
  --quick   lint and the plain build's unit, golden and API tests
  --faults  the long fault and differential runs
"""
import json
import os
import re
import shutil
import subprocess
import sys
import time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.chdir(root)
os.environ.setdefault("GUATU_SOURCE", root)
if "GUATU_SHARED" not in os.environ and os.path.isdir(os.path.join(root, "..", "shared")):
    os.environ["GUATU_SHARED"] = os.path.abspath(os.path.join(root, "..", "shared"))

passed = failed = skipped = 0
failures = []


def say(text):
    print(text, flush=True)


def run(command, **more):
    return subprocess.run(command, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)


def step(name, good, detail=""):
    """A step that is one test."""
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        failures.append(name)
        say(detail[-6000:])
    say(f"{'ok    ' if good else 'FAILED'} {name}")
    return good


def count_cases(name, output, exit_code):
    """Cases of one test program: cmocka, node's runner, or our own `N passed, N failed` line."""
    global passed, failed, skipped
    good = bad = skip = 0
    for m in re.finditer(r"\[  PASSED  \] (\d+) test", output):
        good += int(m.group(1))
    bad += len(re.findall(r"^\[  FAILED  \] \S+$", output, re.M)) // 2 if "FAILED TEST" in output else 0
    skip += len(re.findall(r"^\[  SKIPPED \] \S+$", output, re.M)) // 2 if "SKIPPED" in output else 0
    m = re.search(r"^# pass (\d+)$", output, re.M) or re.search(r"^ℹ pass (\d+)$", output, re.M)
    if m:
        good += int(m.group(1))
        bad += int(re.search(r"^[#ℹ] fail (\d+)$", output, re.M).group(1))
        skip += int((re.search(r"^[#ℹ] skipped (\d+)$", output, re.M) or [0, 0])[1])
    for m in re.finditer(r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", output, re.M):
        good += int(m.group(1))
        bad += int(m.group(2))
        skip += int(m.group(3) or 0)
    if exit_code == 77:
        skip += 1
    elif good + bad + skip == 0:
        good, bad = (1, 0) if exit_code == 0 else (0, 1)
    elif exit_code != 0 and bad == 0:
        bad = 1
    passed, failed, skipped = passed + good, failed + bad, skipped + skip
    for line in output.split("\n"):
        if re.search(r"\bskip(ped)?:", line, re.I):
            say(f"       {name}: {line.strip()}")
    if bad:
        failures.append(name)
        for case in re.finditer(r"^not ok .*(?:\n  .*)*", output, re.M):
            say(case.group(0)[:2000])
        say(output[-6000:])
    say(f"{'FAILED' if bad else 'ok    '} {name}: {good} passed{f', {bad} failed' if bad else ''}{f', {skip} skipped' if skip else ''}")


def build(folder, options):
    if not os.path.exists(f"{folder}/build.ninja"):
        done = run(["meson", "setup", folder] + options)
        if done.returncode:
            return step(f"configure {folder}", False, done.stdout)
    done = run(["ninja", "-C", folder])
    return step(f"build {folder}", done.returncode == 0, done.stdout)


def meson_tests(folder, label, suites=(), env=None):
    command = ["meson", "test", "-C", folder, "--no-rebuild", "--num-processes", "2",
               "--timeout-multiplier", "4"]  # they end what hangs, on slow machines too
    for suite in suites:
        command += ["--suite", suite]
    run(command, env={**os.environ, **(env or {})})
    log = f"{folder}/meson-logs/testlog.json"
    if not os.path.exists(log):
        return step(f"tests of {folder}", False, "meson wrote no log")
    for line in open(log, encoding="utf-8", errors="replace"):
        t = json.loads(line)
        text = t.get("stdout", "") + t.get("stderr", "")
        code = t["returncode"] if t["result"] in ("OK", "SKIP", "FAIL") else 1
        if t["result"] == "SKIP":
            code = 77
        if t["result"] == "TIMEOUT":
            text += "\ntimed out"
        count_cases(f"{label} {t['name'].split(' / ')[-1].split(':')[-1]}", text, code)


def command_test(name, command, **more):
    done = run(command, **more)
    count_cases(name, done.stdout, done.returncode)


def main():
    began = time.time()
    quick, faults = "--quick" in sys.argv, "--faults" in sys.argv
    ui = os.path.exists("ui/package.json")

    done = run([sys.executable, "tools/lint.py"])
    step("lint: rooms, doors, banned calls, messages, paths", done.returncode == 0, done.stdout)
    if build("build", []):
        if faults:
            meson_tests("build", "long", ["faults-long"])
        else:
            meson_tests("build", "plain")
    if not quick and not faults:
        sanitize = ["-Db_sanitize=address,undefined", "-Db_lundef=false", "-Dui=none", "--buildtype=debugoptimized",
                    "-Dwerror=false"]  # sanitizers make gcc see overflows that are not there
        if build("build-asan", sanitize):
            meson_tests("build-asan", "asan", ["unit", "golden", "api"],
                        {"ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0", "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
                         "LSAN_OPTIONS": f"suppressions={root}/test/leaks.txt:print_suppressions=0"})
        if ui and shutil.which("node"):
            command_test("web pages: types", ["npm", "run", "--silent", "check"], cwd="ui")
            command_test("web pages: modules", ["npm", "run", "--silent", "test"], cwd="ui")
            command_test("browser", ["npm", "run", "--silent", "test:browser"], cwd="ui")
    say(f"took {time.time() - began:.0f} s")
    for name in failures:
        say(f"failed: {name}")
    say(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed or passed == 0 else 0)


main()
