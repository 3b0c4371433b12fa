/*
 * A notice of the State Council on the holidays of a year (国务院办公厅关于某年部分节假日安排的通知), as text pasted from the
 * announcement: which days are free, which weekend days are worked. Each line with a name and a colon is a holiday; in it
 * days (1月1日, 1月1日（周四）至3日, 2026年12月31日) are taken by the word that follows them: 放假, 补休, 调休, 休息 free, 上班 worked.
 * What stands in brackets is left out, a day without month or year has that before it. Lines that name days and are not
 * understood are handed back, so that somebody enters them by hand; nothing is guessed.
 */
#ifndef INTAKE_NOTICE_H
#define INTAKE_NOTICE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"

enum { NOTICE_BYTES = 65536, NOTICE_DAYS = 100 };

struct notice {
	int year;
	int n, nunread;
	struct notice_days {
		struct slice name;
		struct date from, until;
		bool work;        /* a make-up day; else free */
	} * days;             /* as they stand */
	struct slice *unread; /* lines */
};

/* year 0: the first one the text speaks of. ERR_INPUT when there is no day in it. */
MUST_USE bool notice_read(
	struct arena *a, struct slice text, int year, struct notice *out, struct err *err);

#endif
