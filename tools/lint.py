"""House rules a machine can see: room borders, doors, banned calls, untranslated messages, migrations out
of order, functions in headers that no other file calls, stray paths, and that HACKING.md names what is there.

usage: lint.py [--json]   prints each finding as file:line: text; exit 1 when there is one
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.chdir(root)
findings = []


def find(path, line, text):
    findings.append(f"{path}:{line}: {text}")


def read_rules():
    order, only, doors, pure = [], {}, {}, set()
    for line in open("tools/rooms.txt"):
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "only":
            only[words[1]] = set(words[2:]) | {words[1]}
        elif words[0] == "door":
            doors[words[1]] = set(words[2:])
        elif words[0] == "pure":
            pure = set(words[1:])
        else:
            order.append(words[0])
    return order, only, doors, pure


BANNED = {
    r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca|atoi|atol|atof|system|tmpnam|mktemp)\s*\(": "banned call",
    r"\btypedef\s+struct\s*(\w+\s*)?(\{|\w+\s*;)": "no typedef'd structs",
    r"\bsleep\s*\(": "no sleep instead of a condition",
}
IMPURE = r"\b(time|clock_gettime|gettimeofday|localtime|gmtime|getenv|fopen|open|socket|os_now|os_read_file|os_write_file)\s*\("
# files that are pure in spirit but write a file because their library can only do that
IMPURE_ALLOWED = {"src/report/sheet.c"}


def strip_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


def lint_c(path, order, only, doors, pure):
    text = open(path, encoding="utf-8").read()
    code = strip_comments(text)
    room = path.split("/")[1] if path.startswith("src/") else None
    for number, line in enumerate(code.split("\n"), 1):
        m = re.match(r'\s*#\s*include\s+([<"])([^">]+)', line)
        if m and room:
            header = m.group(2)
            if m.group(1) == '"':
                other = header.split("/")[0]
                if other not in order:
                    find(path, number, f'include "{header}" by its room: "room/file.h"')
                elif order.index(other) > order.index(room):
                    find(path, number, f"{room} includes {header}, which stands above it")
                elif room in only and other not in only[room]:
                    find(path, number, f"{room} may not see {other}")
            for door, files in doors.items():
                if (header == door or (door.endswith("/") and header.startswith(door))) and path not in files:
                    find(path, number, f"{header} is included only by {', '.join(sorted(files))}")
        stripped = re.sub(r'"(\\.|[^"\\])*"', '""', line)
        for pattern, why in BANNED.items():
            if room and re.search(pattern, stripped):
                find(path, number, f"{why}: {stripped.strip()[:60]}")
        if room in pure and path not in IMPURE_ALLOWED and re.search(IMPURE, stripped):
            find(path, number, f"{room} is pure: {stripped.strip()[:60]}")
    if path.endswith(".h") and room:
        guard = re.sub(r"[^A-Za-z0-9]", "_", path[4:]).upper()
        if f"#ifndef {guard}" not in text:
            find(path, 1, f"guard should be {guard}")


STRINGS = r'(?:"(?:\\.|[^"\\\n])*"\s*)+'


def literal(text):
    """A C string literal (possibly in pieces) as Python text."""
    pieces = re.findall(r'"((?:\\.|[^"\\])*)"', text)
    raw = "".join(pieces)
    return raw.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace") if "\\" in raw else raw


def end_of_argument(code, at):
    """Where the argument of a call that begins at `at` ends: at its comma or the closing bracket."""
    depth, quoted = 0, False
    while at < len(code):
        c = code[at]
        if quoted:
            at += c == "\\"
            quoted = c != '"'
        elif c == '"':
            quoted = True
        elif c in "([{":
            depth += 1
        elif depth == 0 and c in ",)":
            break
        elif c in ")]}":
            depth -= 1
        at += 1
    return at


def next_argument(code, at):
    """The argument of a call that begins at `at`, and where the one after it does."""
    end = end_of_argument(code, at)
    return code[at:end].strip(), end + 1


def macros_that_fail(sources):
    """Macros that hand a message to err_set, with how many arguments stand before it: REFUSE(r, path, "..."): 2."""
    found = {}
    for code in sources.values():
        for m in re.finditer(r"#\s*define\s+(\w+)\(([^)]*),\s*\.\.\.\)((?:[^\n]*\\\n)*[^\n]*)", code):
            if re.search(r"__VA_ARGS__", m.group(3)) and re.search(r"\berr_set\(|\bREFUSE_AT\(", m.group(3)):
                found[m.group(1)] = m.group(2).count(",") + 1
    return found


def errors_set(code):
    """Each call of err_set in a file: (position, place, message)."""
    for m in re.finditer(r"\berr_set\s*\(\s*\w[\w>.\-]*\s*,\s*ERR_\w+\s*,", code):
        place, at = next_argument(code, m.end())
        yield m.start(), place, next_argument(code, at)[0]


def messages_of(code, macros):
    """Each (position, message) of a file: of err_set itself, of such macros, and of say()."""
    for start, _, message in errors_set(code):
        yield start, message
    for m in re.finditer(r"\bsay\(\s*[\w>.\-]+\s*,", code):
        yield m.start(), next_argument(code, m.end())[0]
    for m in re.finditer(r"(?<!define )\b(%s)\(" % "|".join(macros), code):
        at = m.end()
        for _ in range(macros[m.group(1)]):
            _, at = next_argument(code, at)
        yield m.start(), next_argument(code, at)[0]


def lint_places(path, code, known):
    """A place in words is a literal of err_in and has its Chinese; what err_set is given is a name of the machine's."""
    def words(expression):
        return [text for text in map(literal, re.findall(STRINGS, expression)) if re.search(r"\w,? | \w", text)]

    for m in re.finditer(r"\berr_in\s*\(", code):
        if code[:m.start()].rstrip().endswith("bool"):
            continue  # its own declaration
        _, at = next_argument(code, m.end())
        template, _ = next_argument(code, at)
        line = code.count("\n", 0, m.start()) + 1
        if not re.match(STRINGS + "$", template):
            find(path, line, f"the place is not a literal: {template}")
        for text in words(template):
            if text not in known:
                find(path, line, f'no Chinese for the place "{text}" in lang/')
    for start, place, _ in errors_set(code):
        line = code.count("\n", 0, start) + 1
        made = []  # what a variable or a function of this file puts there
        for name in re.findall(r"(?<![\w.>])[a-z_]+\b", re.sub(STRINGS, "", place)):
            made += re.findall(r"\b%s\s*=\s*([^;]*);" % name, code)
            made += re.findall(r"\bsnprintf\(\s*%s\s*,([^;]*);" % name, code)
            made += re.findall(r"^[\w \*]*\b%s\([^;{]*\)\s*\{(.*?)^\}" % name, code, re.M | re.S)
        for text in words(" ".join([place] + made)):
            find(path, line, f'a place in words is said by err_in: "{text}"')


def lint_messages():
    known = {}
    for path in sorted(glob.glob("lang/*.zh")):
        for number, line in enumerate(open(path, encoding="utf-8"), 1):
            if "\t" in line and not line.startswith("#"):
                known[line.split("\t")[0].replace("\\n", "\n")] = (path, number)
    said = set()
    sources = {path: strip_comments(open(path, encoding="utf-8").read()) for path in sorted(glob.glob("src/*/*.[ch]"))}
    macros = macros_that_fail(sources)
    for path, code in sources.items():
        said.update(literal(m.group()) for m in re.finditer(STRINGS, code))
        lint_places(path, code, known)
        for start, message in messages_of(code, macros):
            line = code.count("\n", 0, start) + 1
            for text in map(literal, re.findall(STRINGS, message)):  # a choice has two
                if re.search(r"%[-+ #0-9.*]*\*", text):
                    find(path, line, f'a message takes no width from its arguments: "{text}"')
                if text not in known:
                    find(path, line, f'no Chinese for "{text}" in lang/')
    for text in known.keys() - said:
        find(*known[text], f'nobody says "{text}"')


def lint_migrations():
    """Numbered without a gap, one of a number: two changes landed side by side would stop every start."""
    for i, path in enumerate(sorted(glob.glob("sql/*.sql")), 1):
        if not os.path.basename(path).startswith(f"{i:03d}_"):
            find(path, 1, f"should be number {i:03d}")


def lint_exports():
    """A function that is not static is called by another file, or by an inline or a macro in a header."""
    code = {path: strip_comments(open(path, encoding="utf-8").read())
            for top in ("src", "test", "bench", "tools") for path in glob.glob(top + "/**/*.*", recursive=True)
            if path.endswith((".c", ".h", ".inc"))}
    words = {path: re.findall(r"\w+", text) for path, text in code.items()}
    users, declared = {}, {}  # name -> files that name it, and how often headers do: once is the declaration
    for path, names in words.items():
        for name in names:
            if path.endswith(".h"):
                declared[name] = declared.get(name, 0) + 1
            else:
                users.setdefault(name, set()).add(path)
    for path in sorted(glob.glob("src/*/*.c")):
        for m in re.finditer(r"^(?!\w* ?static\b|INSIDE )[A-Za-z_][\w *]*?\b(\w+)\([^;{]*\)\s*\{", code[path], re.M):
            if m.group(1) != "main" and users[m.group(1)] == {path} and declared.get(m.group(1), 0) < 2:
                find(path, code[path].count("\n", 0, m.start()) + 1, f"no other file calls {m.group(1)}: make it static, or delete it")


def lint_tree():
    names = {}
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n")
    for path in tracked:
        if not path or not os.path.isfile(path):
            continue
        if re.match(r"src/.*\.c$", path):
            base = os.path.basename(path)
            if base in names:
                find(path, 1, f"{base} exists already: {names[base]}")
            names[base] = path
        if path.endswith((".png", ".xlsx", ".db", ".zip")) or path.startswith("test/fuzz/regression"):
            continue
        try:
            text = open(path, encoding="utf-8").read()
        except UnicodeDecodeError:
            continue
        if path == "tools/lint.py":
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if re.search(r"(^|[\s\"'=(])/(work|root|farm)/|\.library\b|registry\.npm(?!js\.org)|artifactory|nexus", line):
                find(path, number, "a path or host of one machine: " + line.strip()[:80])


def lint_layout(files):
    """Layout is what clang-format makes of it (make fmt)."""
    if not shutil.which("clang-format"):
        print("lint: layout not checked, clang-format is not here")
        return
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", "--ferror-limit=1"] + files, capture_output=True, text=True)
    for m in re.finditer(r"^([^\s:]+):(\d+):\d+: error: code should be clang-formatted", done.stderr, re.M):
        find(m.group(1), int(m.group(2)), "not laid out by make fmt")


# How a function begins in C at column 0, and in TypeScript or Vue.
IN_C = r"^(?!\s)[\w \*]*\b{}\("
IN_SCRIPT = r"^\s*(?:export |async |private |static |default )*(?:function {0}\b|(?:const|let) {0} =|{0}\([^)]*\)(?:: [^{{]+)? \{{)"


def lint_guide(path="HACKING.md"):
    """Every `file:function` that the guide names is there; so is every file."""
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        for name in re.findall(r"`([\w./-]+\.(?:c|h|ts|vue|py|md|txt|tsv|http)(?::\w+)?)`", line):
            file, _, function = name.partition(":")
            places = [place for place in (file, "src/" + file) if os.path.isfile(place)]
            if not places:
                if "/" in file:
                    find(path, number, f"{file} is not there")
            elif function:
                pattern = (IN_C if file.endswith((".c", ".h")) else IN_SCRIPT).format(function)
                if not re.search(pattern, open(places[0], encoding="utf-8").read(), re.M):
                    find(path, number, f"{file} has no function {function}")


def main():
    order, only, doors, pure = read_rules()
    files = sorted(glob.glob("src/**/*.[ch]", recursive=True) + glob.glob("test/**/*.[ch]", recursive=True)
                   + glob.glob("bench/*.[ch]"))
    for path in files:
        lint_c(path, order, only, doors, pure)
    lint_layout(files)
    lint_messages()
    lint_exports()
    lint_migrations()
    lint_tree()
    lint_guide()
    if "--json" in sys.argv:
        print(json.dumps(findings, ensure_ascii=False))
    else:
        print("\n".join(findings) if findings else "lint: clean")
    sys.exit(1 if findings else 0)


main()
