"""Joins lang/*.zh into one C table sorted by the English key; refuses a key with two different texts.

usage: say_table.py LANG_FOLDER OUT.c OUT.d
"""
import glob
import os
import sys

folder, out, depfile = sys.argv[1:]
table = {}
files = sorted(glob.glob(os.path.join(folder, "*.zh")))
for path in files:
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        if line.count("\t") != 1:
            sys.exit(f"{path}:{number}: want english<TAB>中文")
        english, chinese = line.split("\t")
        english, chinese = (t.replace("\\n", "\n") for t in (english, chinese))
        if table.get(english, chinese) != chinese:
            sys.exit(f"{path}:{number}: another text for \"{english}\" stands elsewhere")
        table[english] = chinese


def c_text(text):
    return '"' + "".join(
        c if 32 <= b < 127 and c not in '"\\?' else f"\\{b:03o}"
        for b, c in ((b, chr(b)) for b in text.encode())) + '"'


with open(out, "w") as c:
    c.write("/* made by tools/say_table.py */\n#include <stddef.h>\n")
    c.write("extern const char *const say_table[][2];\nextern const size_t say_count;\n")
    c.write("const char *const say_table[][2] = {\n")
    for english in sorted(table, key=lambda t: t.encode()):
        c.write(f"\t{{{c_text(english)}, {c_text(table[english])}}},\n")
    c.write("\t{NULL, NULL}\n};\n")
    c.write(f"const size_t say_count = {len(table)};\n")
with open(depfile, "w") as d:
    d.write(out + ": " + " ".join([folder] + files) + "\n")
