"""Writes an assembler file that embeds files with .incbin, and a path-sorted table of them.

usage: embed.py ROOT OUT.S OUT.d FOLDER...
"""
import os
import sys

root, out, depfile, *folders = sys.argv[1:]
paths, seen_folders = [], [root]  # the root: a folder may appear later
for folder in folders:
    for where, subfolders, names in os.walk(os.path.join(root, folder)):
        subfolders.sort()
        seen_folders.append(where)
        for name in names:
            if not name.startswith(".") and not name.endswith(".md"):
                paths.append(os.path.relpath(os.path.join(where, name), root))
paths.sort(key=lambda p: p.encode())

with open(out, "w") as s:
    s.write('\t.section .rodata\n\t.balign 16\n')
    for i, path in enumerate(paths):
        s.write(f'path_{i}:\n\t.asciz "{path}"\n\t.balign 16\n')
        s.write(f'file_{i}:\n\t.incbin "{os.path.join(root, path)}"\nend_{i}:\n\t.byte 0\n\t.balign 16\n')
    s.write('\t.section .data.rel.ro,"aw"\n\t.balign 16\n\t.globl embedded_files\nembedded_files:\n')
    for i in range(len(paths)):
        s.write(f'\t.quad path_{i}\n\t.quad file_{i}\n\t.quad end_{i} - file_{i}\n')
    s.write(f'\t.globl embedded_count\n\t.balign 8\nembedded_count:\n\t.quad {len(paths)}\n')
    s.write('\t.section .note.GNU-stack,"",@progbits\n')

with open(depfile, "w") as d:
    deps = [os.path.join(root, p) for p in paths] + seen_folders
    d.write(out + ": " + " ".join(p.replace(" ", "\\ ") for p in deps) + "\n")
