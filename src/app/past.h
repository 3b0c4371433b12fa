/*
 * Boards of past days: a copy of the live board with the journal taken back to the end of that day, lit by the rule sets of
 * now. A few are kept; a further one starts from the nearest that is newer. Past days never change, so a kept board
 * stays true until rule sets or definitions change.
 */
#ifndef APP_PAST_H
#define APP_PAST_H

#include "app/inside.h"

struct past_board {
	struct date day;
	int64_t journal; /* last entry in it */
	struct board *board;
	struct lights *lights;
	int users;
	int64_t used; /* when last, by a counter */
	bool stale;   /* thrown away when its last user is done */
};

struct past *past_open(void);    /* owned: past_close */
void past_close(struct past *p); /* accepts NULL */
/* The board at the end of that day; give it back with past_release. day is before today. */
MUST_USE bool past_get(struct app *app, struct date day, struct past_board **out, struct err *err);
void past_release(struct app *app, struct past_board *board);
/* Rule sets or definitions changed. */
void past_forget(struct app *app);
/* Rises with each past_forget(): what was found on past boards before holds no longer. */
int64_t past_edition(struct app *app);

/*
 * One copy of the live board walked back through these days, newest first, all before today: many days for the price of one
 * board. Ends early where nothing had been entered yet. The visitor must not keep the board; false from it ends the walk.
 */
typedef bool past_visit(void *self, const struct past_board *past, struct err *err);
MUST_USE bool past_walk(struct app *app, const struct date *days, int n, past_visit *visit,
	void *self, struct err *err);

/* One answer's board: the live one under the read lock, or a past one. text NULL or today: live. */
struct view {
	const struct board *board;
	const struct lights *lights;
	struct date day;
	struct past_board *past; /* NULL: live */
};
/* ERR_INPUT: not a date, or after today. */
MUST_USE bool view_open(struct app *app, const char *as_of, struct view *out, struct err *err);
void view_close(struct app *app, struct view *view);

#endif
