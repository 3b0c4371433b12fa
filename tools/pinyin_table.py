"""Turns facts/pinyin.txt into the C tables of base/pinyin.c: for each character the set of its readings.

usage: pinyin_table.py facts/pinyin.txt OUT.c
"""
import sys

source, out = sys.argv[1:]
FIRST, LAST = 0x4E00, 0x9FFF
names, of = [], {}
for line in open(source, encoding="utf-8"):
    reading, characters = line.rstrip("\n").split("\t")
    for c in characters:
        of.setdefault(ord(c), []).append(len(names))
    names.append(reading)
sets = sorted({tuple(v) for v in of.values()})
begins, items = {}, [0]  # the empty set is at 0
for s in sets:
    begins[s] = len(items)
    items += [len(s), *s]
with open(out, "w") as c:
    c.write("/* made by tools/pinyin_table.py */\n#include <stdint.h>\n")
    c.write("extern const char pinyin_readings[][8];\nextern const uint16_t pinyin_sets[], pinyin_set_of[];\n")
    c.write("const char pinyin_readings[][8] = {" + ",".join(f'"{n}"' for n in names) + "};\n")
    c.write("const uint16_t pinyin_sets[] = {" + ",".join(map(str, items)) + "};\n")
    c.write("const uint16_t pinyin_set_of[] = {" + ",".join(str(begins[tuple(of[x])] if x in of else 0) for x in range(FIRST, LAST + 1)) + "};\n")
