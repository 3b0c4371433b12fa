/*
 * The whole application: one data folder opened, its catalogue, calendar, rules and board, and the jobs that keep them
 * true. Every thing people do is one call in the headers beside this one; web and cli call nothing else.
 *
 *	person.h   who is asking            session.h  sign in, links, tokens, passwords
 *	submit.h   create, change, step     reading.h  lists, groups, records, history, work, export
 *	wall.h     the wall                 lights.h   lights with reasons, rule sets, preview
 *	importing.h  a ledger comes in      upload.h   files
 *	feed.h     live changes             registers.h  definitions, templates, schemas
 *	admin.h    verify, fsck, backup, numbers
 *
 * All calls are thread-safe. Answers are written as JSON into a struct str (appended), or as bytes.
 * No call keeps what it was given. `now` comes from the app's clock, which tests replace.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include "base/date.h"
#include "base/err.h"
#include "base/str.h"

struct app;

/* The clock. Called from any thread. */
typedef struct instant app_clock(void *self);

struct app_options {
	const char *folder; /* the data folder; made when missing */
	const char *
		digest; /* "sm3" or "sha256" for a new data file; NULL: sm3. ERR_CONFLICT when an old one has another */
	app_clock *clock; /* NULL: the machine's */
	void *clock_self;
	bool no_tick;   /* no background thread: tests and short commands call app_tick() themselves */
	bool read_only; /* beside a running server: no writer, no clocks, every change is refused */
	bool no_board;  /* commands that need only the store (migrate, user): skips loading the board */
};

MUST_USE bool app_open(
	const struct app_options *options, struct app **out, struct err *err); /* owned: app_close */
/* Ends streams and the tick thread, finishes accepted writes. Accepts NULL. */
void app_close(struct app *app);

struct instant app_now(struct app *app);
struct date app_today(struct app *app);
int app_offset_minutes(const struct app *app); /* of local time from UTC */

/* Does everything that is due at app_now(): clocks warn and climb, midnight relights. The tick thread calls it. */
MUST_USE bool app_tick(struct app *app, struct err *err);

#endif
