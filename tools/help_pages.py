"""Makes the help of the web UI out of the user manuals: docs/user.zh.md becomes help/zh.html, and so on.

usage: help_pages.py DOCS_FOLDER OUT_FOLDER
Each `## ` heading begins a section. A comment on the line before it, `<!-- help: wall -->`, names the page of the UI that
opens it. What it reads is the small part of Markdown that the manuals use; anything else stops the build. Pictures are
left out: who asks for help has the page itself before him.
"""
import html
import os
import re
import sys

TITLES = {"zh": "挂图使用手册", "en": "guatu user guide"}
PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="stylesheet" href="help.css"></head>
<body><main><h1>{title}</h1>
{body}
</main></body></html>
"""
STYLE = """body{margin:0;background:#f3f5f8;color:#1a2530;font:16px/1.75 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif}
main{max-width:46em;margin:0 auto;padding:24px 28px 60px;background:#fff}
a{color:#1b5ba8}code{background:#eef1f4;padding:0 4px}table{border-collapse:collapse}td,th{border:1px solid #b9c3ce;padding:5px 9px;text-align:left;vertical-align:top}
@media print{body,main{background:#fff;padding:0;max-width:none}section{break-inside:avoid}}
"""


def inline(text, where):
    out = html.escape(re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text), quote=False)
    out = re.sub(r"`([^`]+)`", r"<code>\1</code>", out)
    out = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", out)
    # other documents are not here: their names stay, without the link
    out = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", out)
    if "**" in out:
        sys.exit(f"{where}: bold that does not end: {text}")
    return out


class Reader:
    def __init__(self, name):
        self.name, self.out, self.block, self.kind = name, [], [], ""
        self.section, self.open, self.ids = "", False, []

    def flush(self):
        lines, kind, self.block, self.kind = self.block, self.kind, [], ""
        if kind == "p":
            text = inline(" ".join(lines) if self.name.startswith("en") else "".join(lines), self.name).strip()
            if text:
                self.out.append(f"<p>{text}</p>")
        elif kind in ("ul", "ol"):
            self.out.append(f"<{kind}>" + "".join(f"<li>{inline(x, self.name)}</li>" for x in lines) + f"</{kind}>")
        elif kind == "table":
            rows = [[inline(c.strip(), self.name) for c in x.strip("|").split("|")] for x in lines]
            head, body = rows[0], rows[2:]
            self.out.append("<table><thead><tr>" + "".join(f"<th>{c}</th>" for c in head) + "</tr></thead><tbody>" +
                            "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in body) + "</tbody></table>")

    def put(self, kind, text):
        if self.kind != kind:
            self.flush()
            self.kind = kind
        self.block.append(text)

    def line(self, text):
        named = re.match(r"<!-- help: ([a-z-]+) -->$", text)
        item = re.match(r"\s*(?:([-*])|\d+\.) (.*)", text)
        if named:
            self.flush()
            self.section = named[1]
        elif text.startswith("# "):
            self.flush()
        elif text.startswith("## "):
            self.flush()
            if not self.section:
                sys.exit(f"{self.name}: no <!-- help: … --> stands before \"{text}\"")
            if self.section in self.ids:
                sys.exit(f"{self.name}: two sections are called {self.section}")
            self.out.append(("</section>" if self.open else "") + f'<section id="{self.section}"><h2>{inline(text[3:], self.name)}</h2>')
            self.ids.append(self.section)
            self.section, self.open = "", True
        elif text.startswith("#"):
            sys.exit(f"{self.name}: a heading of a third level: {text}")
        elif text.startswith("<img ") or not text.strip():
            self.flush()
        elif text.startswith("|"):
            self.put("table", text)
        elif item:
            self.put("ul" if item[1] else "ol", item[2])
        elif self.kind in ("ul", "ol"):
            self.block[-1] += (" " if self.name.startswith("en") else "") + text.strip()
        else:
            self.put("p", text)


def read(lang, text):
    r = Reader(lang)
    for line in text.splitlines():
        r.line(line.rstrip())
    r.flush()
    return "\n".join(r.out) + ("</section>" if r.open else ""), r.ids


def make(docs, out):
    os.makedirs(out, exist_ok=True)
    sections = {}
    for lang in ("zh", "en"):
        with open(os.path.join(docs, f"user.{lang}.md"), encoding="utf-8") as f:
            body, sections[lang] = read(lang, f.read())
        # the lines before the first section greet; they are no help on a page
        with open(os.path.join(out, f"{lang}.html"), "w", encoding="utf-8") as f:
            f.write(PAGE.format(lang="zh-CN" if lang == "zh" else "en", title=TITLES[lang], body=body))
    if sections["zh"] != sections["en"]:
        sys.exit(f"the manuals differ in their sections: {sections['zh']} and {sections['en']}")
    with open(os.path.join(out, "help.css"), "w", encoding="utf-8") as f:
        f.write(STYLE)
    return sections["zh"]


if __name__ == "__main__":
    make(*sys.argv[1:])
