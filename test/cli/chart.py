"""guatu chart: codes that a reader finds on the printed sheet, greys, a document, and a plan in the order of its tree."""
import io
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
import xml.etree.ElementTree as xml
import zipfile

PROGRAM = sys.argv[1]
ADDRESS = "http://guatu.test:8420"
skipped = []


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments, "--lang", "zh"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def chart(folder, name, *arguments):
    path = os.path.join(folder, name)
    run("chart", "--data", os.path.join(folder, "data"), "-o", path, *arguments)
    with open(path, "rb") as f:
        return path, f.read()


def texts(svg):
    """Lines of text with their size and place."""
    found = []
    for t in xml.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        found.append((float(t.get("font-size")), float(t.get("x")), float(t.get("y")), "".join(t.itertext())))
    return found


def codes(folder, projects):
    if not shutil.which("pdftoppm") or not shutil.which("zbarimg"):
        skipped.append("codes: no pdftoppm (poppler-utils) or zbarimg (zbar-tools)")
        return
    path, _ = chart(folder, "wall.pdf", "--paper", "A2", "--address", ADDRESS)
    seen = set()
    for dots in ("200", "300"):  # the reader passes over one of forty now and then, at either
        subprocess.run(["pdftoppm", "-r", dots, "-gray", path, path + dots], check=True)
        for page in sorted(f for f in os.listdir(folder) if f.startswith("wall.pdf" + dots)):
            done = subprocess.run(["zbarimg", "-q", "--raw", os.path.join(folder, page)], capture_output=True, text=True)
            seen |= set(done.stdout.split())
    assert seen == projects | {ADDRESS}, (len(seen), projects - seen, seen - projects)


def greys(folder):
    _, coloured = chart(folder, "coloured.svg")
    _, grey = chart(folder, "grey.svg", "--grey")
    colours = lambda svg: set(re.findall(rb"#([0-9a-f]{6})", svg))
    assert any(c[:2] != c[2:4] for c in colours(coloured))
    assert all(c[:2] == c[2:4] == c[4:] for c in colours(grey)), colours(grey)
    assert len(texts(grey)) == len(texts(coloured))


def document(folder):
    _, bytes = chart(folder, "wall.docx", "--paper", "A4", "--filter", "light:ge:2")
    with zipfile.ZipFile(io.BytesIO(bytes)) as z:
        assert z.testzip() is None
        parts = {n: z.read(n) for n in z.namelist()}
    for name, part in parts.items():
        if name.endswith(("xml", "rels")):
            xml.fromstring(part)
    targets = re.findall(rb'Target="(media/[^"]+)"', parts["word/_rels/document.xml.rels"])
    pictures = [n for n in parts if n.startswith("word/media/")]
    assert pictures and [b"word/" + t for t in targets] == [n.encode() for n in pictures]
    for n in pictures:  # 220 dots an inch over the width of A4 between margins
        assert parts[n][:8] == b"\x89PNG\r\n\x1a\n" and int.from_bytes(parts[n][16:20], "big") > 2300, n
    assert parts["word/document.xml"].count(b"<w:drawing>") == len(pictures)
    assert "挂图".encode() in parts["word/document.xml"]
    assert bytes == chart(folder, "again.docx", "--paper", "A4", "--filter", "light:ge:2")[1]


def plan_order(folder, number):
    """Under a summary its tasks; the summary lasts from the first of them to the last."""
    _, svg = chart(folder, "plan.svg", "--project", number, "--paper", "A1")
    lines = [t for t in texts(svg) if t[3]]
    dates = {}
    for _, x, y, text in lines:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            dates.setdefault(round(y), []).append((x, text))
    starts = sorted({round(x[0][0]) for x in (sorted(v) for v in dates.values() if len(v) == 2)})
    assert len(starts) >= 1
    rows = [(y, *[d for _, d in sorted(v)]) for y, v in sorted(dates.items()) if len(v) == 2]
    assert len(rows) > 10, rows
    names = {}
    for y, start, finish in rows:
        near = [(x, t) for _, x, ty, t in lines if abs(ty - y) < 2 and not re.match(r"\d{4}-", t) and x < starts[0]]
        names[y] = min(near)
    left = min(x for x, _ in names.values())
    under = None
    for y, start, finish in rows:
        if names[y][0] <= left + 0.01:
            if under and under[1]:
                assert under[0] == (min(s for s, _ in under[1]), max(f for _, f in under[1])), under
            under = ((start, finish), [])
        elif under:
            under[1].append((start, finish))


with tempfile.TemporaryDirectory() as folder:
    run("demo", "--data", os.path.join(folder, "data"), "--projects", "40", "--months", "6", "--seed", "3")
    with sqlite3.connect(os.path.join(folder, "data", "guatu.db")) as db:
        ids = db.execute("select id from r_project where deleted = 0").fetchall()
        number, = db.execute("select p.number from r_plan pl join r_project p on p.id = pl.project order by 1 limit 1").fetchone()
    codes(folder, {f"{ADDRESS}/#/project/{uuid.UUID(bytes=i)}" for i, in ids})
    greys(folder)
    document(folder)
    plan_order(folder, number)
for reason in skipped:
    print("skipped:", reason)
print(f"{4 - len(skipped)} passed, 0 failed")
