"""Builds the web UI if asked, compresses it, and writes an assembler file that embeds it as a path-sorted table.

usage: ui_assets.py SOURCE UI_FOLDER WORK_FOLDER OUT.S OUT.d
SOURCE  build: run npm ci and vite build in UI_FOLDER; none: no UI; or a .tar (also .tar.gz, .tar.xz) or a folder
        with a built UI: index.html, assets/...
A file that compresses by more than a tenth is kept as gzip and brotli and not as it is. The scripts inside index.html are named by
their hashes, for the policy that lets them and no others run.
"""
import base64
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile

import help_pages

TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".json": "application/json", ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon",
    ".wasm": "application/wasm", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".map": "application/json",
}


def build(ui, work):
    npm = shutil.which("npm")
    if not npm:
        sys.exit("the web UI needs npm to be built; or configure with -Dui=none or -Dui=<ui.tar>")
    lock, stamp = os.path.join(ui, "package-lock.json"), os.path.join(ui, "node_modules", ".package-lock.json")
    if not os.path.exists(stamp) or os.path.getmtime(stamp) < os.path.getmtime(lock):
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=ui, check=True)
    dist = os.path.join(work, "ui-dist")
    subprocess.run([npm, "exec", "--", "vite", "build", "--outDir", dist, "--emptyOutDir", "--logLevel", "warn"],
                   cwd=ui, check=True)
    return dist


def unpack(archive, work):
    dist = os.path.join(work, "ui-dist")
    shutil.rmtree(dist, ignore_errors=True)
    with tarfile.open(archive) as tar:
        tar.extractall(dist, filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(dist)
    inner = os.path.join(dist, "dist")
    return inner if os.path.isdir(inner) else dist


def walk(folder):
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            yield os.path.join(where, name)


def brotli(data):
    if not shutil.which("brotli"):
        return None
    return subprocess.run(["brotli", "--stdout", "--quality=11", "-"], input=data, stdout=subprocess.PIPE, check=True).stdout


def pack(data):
    """(gzip, brotli), each None when it saves less than a tenth."""
    if len(data) < 200:
        return None, None
    gz = gzip.compress(data, 9, mtime=0)
    if len(gz) > len(data) * 0.9:
        return None, None
    br = brotli(data)
    return gz, br if br and len(br) < len(gz) else None


def inline_scripts(page):
    """The scripts written into a page as sources of a content security policy, each after a space."""
    scripts = re.findall(rb"<script>(.*?)</script>", page, re.S)
    return "".join(f" 'sha256-{base64.b64encode(hashlib.sha256(s).digest()).decode()}'" for s in scripts)


def main():
    source, ui, work, out, depfile = sys.argv[1:]
    os.makedirs(work, exist_ok=True)
    watched = []
    if source == "build":
        watched = sorted(os.path.join(ui, f) for f in os.listdir(ui) if os.path.isfile(os.path.join(ui, f)))
        for part in ("src", "public"):  # folders too: their times tell of new files
            for where, folders, names in os.walk(os.path.join(ui, part)):
                folders.sort()
                watched += [where] + sorted(os.path.join(where, name) for name in names)
        root = os.path.dirname(os.path.abspath(ui))  # the engine in the page (tools/wasm.sh) is built from these
        for part in ("src/base", "src/model", "src/sched", "tools/wasm"):
            watched += sorted(os.path.join(root, part, f) for f in os.listdir(os.path.join(root, part)) if f.endswith((".c", ".h")))
        watched += [os.path.join(root, "tools", "wasm.sh"), os.path.join(root, "facts", "pinyin.txt")]
        dist = build(ui, work)
    elif source == "none":
        dist = None
    elif os.path.isdir(source):
        dist, watched = source, list(walk(source))
    elif os.path.exists(source):
        dist, watched = unpack(source, work), [source]
    else:
        sys.exit(f"-Dui={source}: there is no such file or folder (nor is it \"build\" or \"none\")")
    if dist and source == "build":  # a ready UI has its help in it
        docs = os.path.join(os.path.dirname(os.path.abspath(ui)), "docs")
        help_pages.make(docs, os.path.join(dist, "help"))
        watched += [os.path.join(docs, f"user.{lang}.md") for lang in ("zh", "en")] + [help_pages.__file__]
    files = sorted((os.path.relpath(f, dist).encode(), f) for f in walk(dist)) if dist else []

    text, table = [".section .rodata", ".balign 16"], []
    packed = os.path.join(work, "ui-packed")
    shutil.rmtree(packed, ignore_errors=True)
    os.makedirs(packed)
    total = 0
    inline = ""
    for i, (path, file) in enumerate(files):
        path = path.decode()
        if '"' in path or "\\" in path:
            sys.exit(f"{path}: this name cannot be embedded")
        data = open(file, "rb").read()
        if path == "index.html":
            inline = inline_scripts(data)
        gz, br = pack(data)
        tag = hashlib.sha256(data).hexdigest()[:20]
        kind = TYPES.get(os.path.splitext(path)[1].lower(), "application/octet-stream")
        text += [f'path_{i}: .asciz "{path}"', f'type_{i}: .asciz "{kind}"', f'tag_{i}: .asciz "W/\\"{tag}\\""']

        def embed(what, content):
            nonlocal total
            if content is None:
                return "0"
            name = os.path.join(packed, f"{i}.{what}")
            with open(name, "wb") as f:
                f.write(content)
            total += len(content)
            text.extend([".balign 16", f'{what}_{i}: .incbin "{name}"', ".byte 0"])
            return f"{what}_{i}"

        raw = embed("raw", None if gz else data)
        table += [f".quad path_{i}, type_{i}, tag_{i}, {int(path.startswith('assets/'))}, {len(data)}, {raw}",
                  f".quad {embed('gzip', gz)}, {len(gz or b'')}, {embed('brotli', br)}, {len(br or b'')}"]
    text.append(f'.globl ui_inline_scripts\nui_inline_scripts: .asciz "{inline}"')
    with open(out, "w") as s:
        s.write("\n".join(text))
        s.write('\n.section .data.rel.ro,"aw"\n.balign 16\n.globl ui_assets\nui_assets:\n')
        s.write("\n".join(table))
        s.write(f'\n.quad 0\n.globl ui_asset_count\n.balign 8\nui_asset_count: .quad {len(files)}\n')
        s.write('.section .note.GNU-stack,"",@progbits\n')
    with open(depfile, "w") as d:
        d.write(out + ": " + " ".join(f.replace(" ", "\\ ") for f in watched) + "\n")
    print(f"web UI: {len(files)} files, {total} bytes embedded")


main()
