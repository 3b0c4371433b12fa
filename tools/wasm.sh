#!/bin/sh
# Builds the schedule engine for the browser. usage: wasm.sh OUT.wasm   (exit 77 and a reason: it cannot be built here)
set -eu
cd "$(dirname "$0")/.."
command -v clang >/dev/null || { echo "skipped: clang is not installed"; exit 77; }
command -v wasm-ld >/dev/null || { echo "skipped: wasm-ld (package lld) is not installed"; exit 77; }
clang -print-targets 2>/dev/null | grep -q wasm32 || { echo "skipped: this clang has no wasm32 target"; exit 77; }
exec clang --target=wasm32 -O3 -std=gnu17 -nostdlib -mbulk-memory -fno-builtin-memcpy -fno-builtin-memset \
	-fno-builtin-strlen -fno-builtin-memmove \
	-Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Werror -Isrc -isystem tools/wasm/include -Wl,--no-entry -Wl,-z,stack-size=1048576 -Wl,--strip-all -o "$1" \
	tools/wasm/wasm.c src/sched/worktime.c src/sched/graph.c src/sched/raw_links.c src/sched/loops.c src/sched/cpm.c src/sched/cpm_backward.c src/sched/cpm_plain.c src/sched/cpm_crossing.c src/sched/cpm_float.c src/sched/cpm_ms.c src/sched/span.c src/sched/by_resource.c src/sched/float_paths.c \
	src/sched/fill.c src/sched/sched.c src/sched/incremental.c src/sched/level_needs.c src/sched/crew_load.c src/sched/flat.c src/model/plan.c src/model/finding.c src/base/arena.c src/base/date.c src/base/str.c
