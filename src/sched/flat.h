/*
 * A plan as a row of 32-bit numbers, and a schedule as another: what crosses from the page into the WebAssembly build of this
 * room, where there are no structs. Written and read by the same walk over the fields (flat.c), so both sides agree.
 *
 * What the engine has no use for (names, costs, kept columns) does not travel: ids are the positions as text. Reading checks
 * counts, references and shifts; a row that is not a plan is refused.
 */
#ifndef SCHED_FLAT_H
#define SCHED_FLAT_H

#include "sched/sched.h"

struct flat {
	int32_t *words; /* in the arena */
	int32_t n, room;
};

enum { FLAT_VERSION = 1, FLAT_TASK_WORDS = 16 };

void flat_write(struct arena *a, const struct plan *plan, struct flat *out);
MUST_USE bool flat_read(struct arena *a, const int32_t *words, int32_t n, struct plan *out);
/* The words of one task of such a row alone, and back; what does not travel stays as it is in *task. */
void flat_write_task(struct arena *a, const struct plan_task *task, struct flat *out);
MUST_USE bool flat_read_task(
	const int32_t *words, int32_t n, const struct plan *plan, struct plan_task *task);
/* Number of tasks, then for each 16 words: early and late start and finish, shown start and finish, total, free, start and
 * finish float, reasons (early + 256 late), link of the early and of the late date, 0, flags (1 critical, 2 longest path, 4 near critical,
 * 8 driving, 16 provisional), float path. Then the number of findings. */
void flat_schedule(struct arena *a, const struct schedule *s, struct flat *out);
/* Of two such answers: for each task that differs its number and its 16 words. */
void flat_changes(
	struct arena *a, const struct flat *before, const struct flat *after, struct flat *out);

#endif
