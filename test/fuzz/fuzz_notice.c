/*
 * Notices on the holidays of a year, as somebody pastes them: what is read of one are days in order around that
 * year, under names and from lines that stand in the text. The first byte says whether the year is asked for.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "intake/notice.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static bool stands_in(struct slice text, struct slice part)
{
	return part.n <= text.n && (part.n == 0 || memmem(text.s, text.n, part.s, part.n));
}

static void check(struct slice text, const struct notice *notice, bool whole)
{
	if (notice->n == 0 && notice->nunread == 0)
		abort();
	if (notice->n > NOTICE_DAYS)
		abort();
	for (int i = 0; i < notice->n; i++) {
		const struct notice_days *d = &notice->days[i];
		if (d->from.day > d->until.day || d->until.day - d->from.day > 31)
			abort();
		if (abs(date_year(d->from) - notice->year) > 1 || date_year(d->until) - notice->year > 2)
			abort();
		if ((whole && d->name.n == 0) || !stands_in(text, d->name))
			abort();
	}
	for (int i = 0; i < notice->nunread; i++)
		if (!stands_in(text, notice->unread[i]))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	struct notice notice;
	struct err err = {0};

	if (n > 0) {
		struct slice text = {(const char *)bytes + 1, n - 1};
		bool whole =
			utf8_valid(text); /* else it is read too, but what is cut out of it may be anything */
		if (notice_read(a, text, bytes[0] % 2 ? 2027 : 0, &notice, &err))
			check(text, &notice, whole);
		else if (!err.code)
			abort();
	}
	arena_close(a);
	return 0;
}
