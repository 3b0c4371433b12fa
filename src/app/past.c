/* See past.h. The copy is made under the read lock; taking back happens outside of it, so that it holds nobody up. */
#include "app/past.h"

#include <malloc.h>
#include <stdlib.h>

#include "app/relive.h"
#include "base/map.h"

#define KEPT 6
#define KEPT_BYTES (INT64_C(256) * 1024 * 1024)

struct past {
	pthread_mutex_t lock;
	struct past_board *kept[KEPT];
	int64_t counter, edition;
};

struct past *past_open(void)
{
	struct past *p = must_alloc(sizeof(*p));
	pthread_mutex_init(&p->lock, NULL);
	return p;
}

static void board_drop(struct past_board *b)
{
	if (!b)
		return;
	lights_close(b->lights);
	board_close(b->board);
	free(b);
	malloc_trim(0); /* it was large, in many pieces */
}

void past_close(struct past *p)
{
	if (!p)
		return;
	for (int i = 0; i < KEPT; i++)
		board_drop(p->kept[i]);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

void past_forget(struct app *app)
{
	struct past *p = app->past;
	pthread_mutex_lock(&p->lock);
	for (int i = 0; i < KEPT; i++) {
		struct past_board *b = p->kept[i];
		if (b && b->users)
			b->stale = true;
		else
			board_drop(b);
		p->kept[i] = NULL;
	}
	p->edition++;
	pthread_mutex_unlock(&p->lock);
}

int64_t past_edition(struct app *app)
{
	pthread_mutex_lock(&app->past->lock);
	int64_t edition = app->past->edition;
	pthread_mutex_unlock(&app->past->lock);
	return edition;
}

void past_release(struct app *app, struct past_board *board)
{
	struct past *p = app->past;
	pthread_mutex_lock(&p->lock);
	bool drop = --board->users == 0 && board->stale;
	pthread_mutex_unlock(&p->lock);
	if (drop)
		board_drop(board);
}

/* Under the lock: the kept board of that day, counted as used. */
static struct past_board *kept_board(struct past *p, struct date day)
{
	for (int i = 0; i < KEPT; i++)
		if (p->kept[i] && p->kept[i]->day.day == day.day) {
			p->kept[i]->users++;
			p->kept[i]->used = ++p->counter;
			return p->kept[i];
		}
	return NULL;
}

/* The newest kept board that is not older than entry `no`; used. NULL: none. */
static struct past_board *nearest(struct past *p, int64_t no)
{
	struct past_board *best = NULL;
	for (int i = 0; i < KEPT; i++) {
		struct past_board *b = p->kept[i];
		if (b && b->journal >= no && (!best || b->journal < best->journal))
			best = b;
	}
	if (best)
		best->users++;
	return best;
}

static void keep(struct past *p, struct past_board *fresh)
{
	int64_t bytes = board_bytes(fresh->board);
	int slot = -1;
	for (int i = 0; i < KEPT; i++) {
		struct past_board *b = p->kept[i];
		if (!b) {
			slot = i;
			continue;
		}
		bytes += board_bytes(b->board);
	}
	/* the ones not used for longest give way, to the number and to the bytes */
	while (slot < 0 || bytes > KEPT_BYTES) {
		int oldest = -1;
		for (int i = 0; i < KEPT; i++)
			if (p->kept[i] && (oldest < 0 || p->kept[i]->used < p->kept[oldest]->used))
				oldest = i;
		if (oldest < 0)
			break;
		struct past_board *b = p->kept[oldest];
		bytes -= board_bytes(b->board);
		p->kept[oldest] = NULL;
		slot = oldest;
		if (b->users)
			b->stale = true;
		else
			board_drop(b);
	}
	p->kept[slot] = fresh;
	fresh->used = ++p->counter;
}

struct taking_back {
	struct board *board;
	struct idmap *seen;
	struct arena *a;
	struct taken {
		const struct register_def *reg;
		struct uuid id;
	} * taken; /* each record once */
	int n, room;
};

static bool take_back(void *self, const struct change *change)
{
	struct taking_back *t = self;
	board_rewind(t->board, change);
	if (idmap_get(t->seen, change->id) >= 0)
		return true;
	if (t->n == t->room) {
		int more = t->room * 2 + 256;
		t->taken = arena_grow(t->a, t->taken, (size_t)t->room, (size_t)more, sizeof(*t->taken));
		t->room = more;
	}
	idmap_put(t->seen, change->id, t->n);
	t->taken[t->n].reg = change->reg;
	t->taken[t->n++].id = change->id;
	return true;
}

/* What the journal knows of the rows that were taken back: last change, state, deadlines. */
static bool complete(struct app *app, const struct taking_back *t, int64_t no, struct err *err)
{
	for (int i = 0; i < t->n; i++) {
		struct record_past past;
		int table = board_table_named(t->board, t->taken[i].reg->name);
		int32_t row = table < 0 ? -1 : board_row(board_table(t->board, table), t->taken[i].id);
		if (row < 0 || !board_alive(board_table(t->board, table), row))
			continue; /* it was not there yet */
		if (!relive_record(
				app, board_register(board_table(t->board, table)), t->taken[i].id, no, &past, err))
			return false;
		board_complete(t->board, table, row, &past.origin, past.state_since);
		board_set_due(t->board, table, row, past.due);
	}
	return true;
}

static bool take_back_to(struct app *app, struct past_board *b, struct err *err)
{
	int64_t from = board_journal(b->board);
	if (from <= b->journal)
		return true;
	struct taking_back t = {.board = b->board, .seen = idmap_open(), .a = arena_open()};
	bool done = journal_read(app->store, from, b->journal + 1, take_back, &t, err) &&
		complete(app, &t, b->journal, err);
	idmap_close(t.seen);
	arena_close(t.a);
	return done;
}

static bool rewind_to(struct app *app, struct past_board *b, struct err *err)
{
	if (!take_back_to(app, b, err))
		return false;
	board_set_journal(b->board, b->journal);
	struct touched touched = board_settle(b->board, b->day);
	app_read_lock(app);
	bool bound = lights_open(b->board, app->rules.bound, app->rules.nbound, &b->lights, err);
	app_unlock(app);
	if (!bound)
		return false;
	lights_attach(b->lights, b->board);
	const struct light_change *changes;
	int n;
	touched.all = true;
	lights_refresh(b->lights, b->board, touched, &changes, &n);
	return true;
}

static struct instant end_of(const struct app *app, struct date day)
{
	return (struct instant){
		date_instant((struct date){day.day + 1}, 0, app->offset_minutes).ms - 1};
}

bool past_walk(
	struct app *app, const struct date *days, int n, past_visit *visit, void *self, struct err *err)
{
	struct past_board walk = {0};
	bool done = true;
	app_read_lock(app);
	walk.board = board_copy(app->board);
	app_unlock(app);
	for (int i = 0; i < n && done; i++) {
		walk.day = days[i];
		done = journal_at(app->store, end_of(app, walk.day), &walk.journal, err);
		if (!done || walk.journal == 0)
			break;
		lights_close(walk.lights);
		walk.lights = NULL;
		done = rewind_to(app, &walk, err) && visit(self, &walk, err);
	}
	lights_close(walk.lights);
	board_close(walk.board);
	malloc_trim(0);
	return done;
}

bool past_get(struct app *app, struct date day, struct past_board **out, struct err *err)
{
	struct past *p = app->past;
	struct instant end = end_of(app, day);
	pthread_mutex_lock(&p->lock);
	struct past_board *known = kept_board(p, day);
	pthread_mutex_unlock(&p->lock);
	if (known) {
		*out = known;
		return true;
	}
	int64_t no;
	if (!journal_at(app->store, end, &no, err))
		return false;
	struct past_board *fresh = must_alloc(sizeof(*fresh));
	*fresh = (struct past_board){.day = day, .journal = no, .users = 1};
	pthread_mutex_lock(&p->lock);
	struct past_board *from = nearest(p, no);
	pthread_mutex_unlock(&p->lock);
	if (from) {
		fresh->board = board_copy(from->board);
		past_release(app, from);
	} else {
		app_read_lock(app);
		fresh->board = board_copy(app->board);
		app_unlock(app);
	}
	if (!rewind_to(app, fresh, err)) {
		board_drop(fresh);
		return false;
	}
	pthread_mutex_lock(&p->lock);
	keep(p, fresh);
	pthread_mutex_unlock(&p->lock);
	*out = fresh;
	return true;
}

bool view_open(struct app *app, const char *as_of, struct view *out, struct err *err)
{
	struct date day = app_today(app), today = day;
	if (as_of && *as_of && !date_parse_iso(slice_of(as_of), &day))
		return err_set(err, ERR_INPUT, "as_of", "\"%s\" is not a date like 2026-03-31", as_of);
	if (day.day > today.day)
		return err_set(err, ERR_INPUT, "as_of", "\"%s\" lies in the future", as_of);
	if (day.day < today.day) {
		struct past_board *past;
		if (!past_get(app, day, &past, err))
			return false;
		*out = (struct view){past->board, past->lights, day, past};
		return true;
	}
	app_read_lock(app);
	*out = (struct view){app->board, app->lights, day, NULL};
	return true;
}

void view_close(struct app *app, struct view *view)
{
	if (view->past)
		past_release(app, view->past);
	else
		app_unlock(app);
}
