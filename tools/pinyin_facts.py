"""Makes facts/pinyin.txt out of the Unihan database as Debian packages it (unicode-data).

usage: pinyin_facts.py < /usr/share/unicode/Unihan_Readings.txt.bz2 > facts/pinyin.txt
One line per reading, without its tone and with v for ü as it is typed: the reading, a tab, the characters read so. Taken are
the readings of 通用规范汉字字典 (kTGHZ2013), several where a character has several.
"""
import bz2
import sys
import unicodedata

readings = {}
for line in bz2.open(sys.stdin.buffer, "rt", encoding="utf-8"):
    parts = line.rstrip("\n").split("\t")
    if len(parts) != 3 or parts[1] != "kTGHZ2013":
        continue
    code = int(parts[0][2:], 16)
    if not 0x4E00 <= code <= 0x9FFF:
        continue
    for item in parts[2].split(" "):
        for said in item.split(":")[1].split(","):
            plain = unicodedata.normalize("NFD", said).replace("u\u0308", "v")
            reading = "".join(c for c in plain if "a" <= c <= "z")
            if reading:
                readings.setdefault(reading, set()).add(code)
for reading in sorted(readings):
    print(reading, "".join(chr(c) for c in sorted(readings[reading])), sep="\t")
