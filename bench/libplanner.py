"""Times GNOME libplanner's schedule of a network that bench_sched --dump wrote. Prints milliseconds, the best of a few.

usage: libplanner.py FILE

The library has no program that schedules a file without a screen, so its functions are called straight from here. All
links become finish-to-start with their lags: it knows no other kind in its backward pass.
"""
import ctypes
import glob
import sys
import time

found = glob.glob("/usr/lib/*/planner/libplanner-1.so.1")
if not found:
    sys.exit("libplanner is not installed")
planner = ctypes.CDLL(found[0])
gobject = ctypes.CDLL("libgobject-2.0.so.0")
P, I, L, S = ctypes.c_void_p, ctypes.c_int, ctypes.c_long, ctypes.c_char_p


def function(library, name, result, *arguments):
    f = getattr(library, name)
    f.restype, f.argtypes = result, list(arguments)
    return f


new_application = function(planner, "mrp_application_new", P)
new_project = function(planner, "mrp_project_new", P, P)
task_type = function(planner, "mrp_task_get_type", ctypes.c_size_t)
insert_task = function(planner, "mrp_project_insert_task", None, P, P, I, P)
block = function(planner, "mrp_project_set_block_scheduling", None, P, I)
reschedule = function(planner, "mrp_project_reschedule", None, P)
add_predecessor = function(planner, "mrp_task_add_predecessor", P, P, P, I, L, P)
finish = function(planner, "mrp_task_get_latest_finish", L, P)
set_int = gobject.g_object_set
new_object = gobject.g_object_new
new_object.restype = P
FINISH_START = 1

with open(sys.argv[1]) as f:
    rows = f.read().split("\n")
n, nlinks = map(int, rows[0].split())
project = new_project(new_application())
block(project, 1)
tasks = []
for i in range(n):
    seconds = int(rows[1 + i]) * 3600
    task = new_object(ctypes.c_size_t(task_type()), S(b"name"), S(b"t"), S(b"work"), I(seconds), S(b"duration"), I(seconds), P(None))
    insert_task(project, None, -1, task)
    tasks.append(task)
linked = set()
for row in rows[1 + n:1 + n + nlinks]:
    a, b, _, lag = row.split()
    if (a, b) in linked:
        continue  # it takes one link between two tasks
    linked.add((a, b))
    if not add_predecessor(tasks[int(b)], tasks[int(a)], FINISH_START, int(lag) * 3600, None):
        sys.exit(f"libplanner refused the link {row}")
block(project, 0)
best = float("inf")
for _ in range(5 if n <= 1000 else 2):
    began = time.perf_counter()
    reschedule(project)
    best = min(best, time.perf_counter() - began)
if max(finish(t) for t in tasks) <= 0:
    sys.exit("libplanner gave no dates")
print(best * 1000)
