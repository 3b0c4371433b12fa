/* The operating system: files, folders, the clock, random bytes. Only app, web and cli read the clock. */
#ifndef BASE_OS_H
#define BASE_OS_H

#include "base/arena.h"
#include "base/base.h"
#include "base/date.h"
#include "base/err.h"

struct instant os_now(void);           /* wall clock */
int64_t os_monotonic_us(void);         /* for durations */
void os_random(void *bytes, size_t n); /* from the kernel; aborts if there is none */

MUST_USE bool os_read_file(
	struct arena *a, const char *path, size_t limit, struct slice *out, struct err *err);
/* Writes beside the file, syncs and renames: a reader sees the old or the new file, never half. */
MUST_USE bool os_write_file(const char *path, struct slice bytes, struct err *err);
MUST_USE bool os_make_folder(
	const char *path, struct err *err); /* and its parents; there already is fine */
bool os_exists(const char *path);
/* Names in a folder that end with `suffix` (NULL: all), sorted, in `a`; without . and .. */
MUST_USE bool os_list_folder(struct arena *a, const char *path, const char *suffix,
	const char *const **names, int *n, struct err *err);
int64_t os_memory_bytes(void); /* resident memory of this process; -1 when not known */
bool os_is_terminal(int fd);

#endif
