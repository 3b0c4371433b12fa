/*
 * A clock's life. Every change first lets time pass up to its instant (clock_tick), so a row does not depend on
 * when the tick thread happened to run, and the journal alone gives the same row again.
 */
#include "model/clock.h"

static bool is_none(struct instant t)
{
	return t.ms == INSTANT_NONE.ms;
}

static bool among(const char *state, const char *const *list, int n)
{
	for (int i = 0; state && i < n; i++)
		if (strcmp(list[i], state) == 0)
			return true;
	return false;
}

static void report(struct clock_events *events, struct clock_event event)
{
	if (events->n < CLOCK_EVENTS)
		events->event[events->n++] = event;
}

static void happened(struct clock_events *events, enum clock_event_kind kind)
{
	report(events, (struct clock_event){.kind = kind});
}

static enum day_count count_of(const struct clock_def *clock)
{
	return clock->site ? COUNT_SITE : COUNT_OFFICE;
}

struct clock_row clock_row_new(
	const struct register_def *reg, const struct clock_def *clock, struct uuid record)
{
	return (struct clock_row){.record = record,
		.reg = reg->name,
		.clock = clock->name,
		.started = INSTANT_NONE,
		.due = INSTANT_NONE,
		.warn_at = INSTANT_NONE,
		.stopped = INSTANT_NONE,
		.paused_at = INSTANT_NONE,
		.next_level_at = INSTANT_NONE,
		.next_at = INSTANT_NONE,
		.held_since = INSTANT_NONE};
}

bool clock_running(const struct clock_row *row)
{
	return !is_none(row->started) && is_none(row->stopped);
}

/* The first instant at which rung i of the ladder is reached. */
static struct instant rung_at(const struct clock_context *ctx, const struct clock_def *clock,
	const struct clock_row *row, const struct rung *rung)
{
	struct instant at = row->due;
	if (rung->after.n)
		at = calendar_deadline(
			ctx->calendar, count_of(clock), row->due, rung->after, ctx->offset_minutes);
	return (struct instant){at.ms + 1};
}

static void earlier(struct instant *next, struct instant t)
{
	if (!is_none(t) && (is_none(*next) || t.ms < next->ms))
		*next = t;
}

/* What is still to come of a row whose deadline, level or state changed. */
static void look_ahead(
	const struct clock_context *ctx, const struct clock_def *clock, struct clock_row *row)
{
	const struct ladder *ladder = ladder_find(ctx->ladders, clock->ladder);
	row->warn_at = row->next_level_at = row->next_at = INSTANT_NONE;
	if (!clock_running(row) || !is_none(row->paused_at) || is_none(row->due))
		return;
	if (clock->warn.n && !row->warned && !row->overdue)
		row->warn_at = (struct instant){calendar_before(ctx->calendar, count_of(clock), row->due,
											clock->warn, ctx->offset_minutes)
											.ms +
			1};
	if (ladder && row->level < ladder->n)
		row->next_level_at = rung_at(ctx, clock, row, &ladder->rungs[row->level]);
	earlier(&row->next_at, row->warn_at);
	earlier(&row->next_at, row->next_level_at);
	if (!row->overdue)
		earlier(&row->next_at, (struct instant){row->due.ms + 1});
}

bool clock_tick(const struct clock_context *ctx, const struct clock_def *clock, struct instant now,
	struct clock_row *row, struct clock_events *events)
{
	struct clock_events unheard = {0};
	const struct ladder *ladder = ladder_find(ctx->ladders, clock->ladder);
	int32_t before = row->level;
	bool changed = false;
	if (!events)
		events = &unheard;
	if (!clock_running(row) || !is_none(row->paused_at) || is_none(row->due))
		return false;
	if (!row->overdue && now.ms > row->due.ms) {
		row->overdue = row->warned = changed = true;
		happened(events, CLOCK_OVERDUE);
	} else if (!row->warned && !is_none(row->warn_at) && now.ms >= row->warn_at.ms) {
		row->warned = changed = true;
		happened(events, CLOCK_WARNED);
	}
	while (ladder && row->level < ladder->n &&
		now.ms >= rung_at(ctx, clock, row, &ladder->rungs[row->level]).ms)
		row->level++;
	if (row->level != before) {
		changed = true;
		report(events,
			(struct clock_event){CLOCK_RAISED, before, row->level, &ladder->rungs[row->level - 1]});
	}
	if (changed)
		look_ahead(ctx, clock, row);
	return changed;
}

/* ---- changes ---- */

static struct instant due_by_field(
	const struct clock_context *ctx, const struct record *record, const char *field)
{
	const struct value *v = field ? record_value(record, field) : NULL;
	if (!v || v->kind != VALUE_INT)
		return INSTANT_NONE;
	return day_end((struct date){(int32_t)v->i}, ctx->offset_minutes);
}

static struct uuid holder_of(const struct clock_def *clock, const struct record *record)
{
	const struct value *v = clock->holder ? record_value(record, clock->holder) : NULL;
	return v && v->kind == VALUE_ID ? v->id : (struct uuid){{0}};
}

/* Another deadline: what was said about the old one is said no more. */
static void move(struct clock_row *row, struct instant due, struct clock_events *events)
{
	row->due = due;
	row->warned = row->overdue = false;
	row->level = 0;
	happened(events, CLOCK_MOVED);
}

static void begin(const struct clock_context *ctx, const struct clock_def *clock,
	const struct record *record, struct instant at, struct clock_row *row,
	struct clock_events *events)
{
	int32_t run = row->run + 1;
	*row = clock_row_new(record->reg, clock, record->id);
	row->run = run;
	row->started = row->held_since = at;
	row->holder = holder_of(clock, record);
	row->due = clock->due
		? due_by_field(ctx, record, clock->due)
		: calendar_deadline(ctx->calendar, count_of(clock), at, clock->limit, ctx->offset_minutes);
	happened(events, CLOCK_STARTED);
}

/* The deadline moves by what the pause took. An overdue clock stays as late as it was. */
static void resume(const struct clock_context *ctx, const struct clock_def *clock,
	struct instant at, struct clock_row *row, struct clock_events *events)
{
	struct date from = instant_date(row->paused_at, ctx->offset_minutes),
				to = instant_date(at, ctx->offset_minutes);
	struct date due = instant_date(row->due, ctx->offset_minutes);
	bool shift = !clock->due && !row->overdue;
	if (shift && clock->limit.unit == SPAN_HOURS) {
		row->due.ms += at.ms - row->paused_at.ms;
	} else if (shift && clock->limit.unit == SPAN_WORKDAYS) {
		int days = calendar_count(ctx->calendar, count_of(clock), from, to);
		if (days > 0)
			row->due = day_end(
				calendar_add(ctx->calendar, count_of(clock), due, days), ctx->offset_minutes);
	} else if (shift && to.day > from.day) {
		row->due = day_end(calendar_next(ctx->calendar, count_of(clock),
							   (struct date){due.day + to.day - from.day}),
			ctx->offset_minutes);
	}
	row->paused_ms += at.ms - row->paused_at.ms;
	row->paused_at = INSTANT_NONE;
	happened(events, CLOCK_RESUMED);
}

static void stop(struct instant at, struct clock_row *row, struct clock_events *events)
{
	if (!is_none(row->paused_at))
		row->paused_ms += at.ms - row->paused_at.ms;
	row->paused_at = INSTANT_NONE;
	row->stopped = at;
	happened(events, CLOCK_STOPPED);
}

static void follow_record(const struct clock_context *ctx, const struct clock_def *clock,
	const struct record *record, const char *step, struct instant at, struct clock_row *row,
	struct clock_events *events)
{
	struct instant due = due_by_field(ctx, record, clock->due);
	struct uuid holder = holder_of(clock, record);
	if (clock->due && due.ms != row->due.ms)
		move(row, due, events);
	if (step && clock->extend_grant && strcmp(step, clock->extend_grant) == 0) {
		struct instant until = due_by_field(ctx, record, clock->extend_to);
		if (!is_none(until) && until.ms > row->due.ms) {
			move(row, until, events);
			row->extensions++;
		}
	}
	if (!uuid_equal(holder, row->holder)) {
		row->handed_on += !uuid_is_nil(row->holder);
		row->holder = holder;
		row->held_since = at;
		happened(events, CLOCK_HANDED);
	}
}

bool clock_change(const struct clock_context *ctx, const struct clock_def *clock,
	const struct record *record, const char *before, const char *step, struct instant at,
	struct clock_row *row, struct clock_events *events)
{
	struct clock_events unheard = {0};
	bool entered = !before || (record->state && strcmp(before, record->state) != 0);
	if (!events)
		events = &unheard;
	int already = events->n;
	clock_tick(ctx, clock, at, row, events);
	if (entered && clock_running(row) && among(record->state, clock->stop, clock->nstop))
		stop(at, row, events);
	else if (entered && !clock_running(row) && among(record->state, clock->start, clock->nstart))
		begin(ctx, clock, record, at, row, events);
	if (clock_running(row)) {
		bool paused = !is_none(row->paused_at),
			 pause = among(record->state, clock->pause, clock->npause);
		if (paused && !pause)
			resume(ctx, clock, at, row, events);
		follow_record(ctx, clock, record, step, at, row, events);
		if (!paused && pause) {
			row->paused_at = at;
			happened(events, CLOCK_PAUSED);
		}
	}
	if (events->n == already)
		return false;
	look_ahead(ctx, clock, row);
	/* a deadline set into the past has passed already */
	clock_tick(ctx, clock, at, row, events);
	return true;
}

bool clock_drop(struct clock_row *row, struct instant at)
{
	struct clock_events unheard = {0};
	if (!clock_running(row))
		return false;
	stop(at, row, &unheard);
	row->warn_at = row->next_level_at = row->next_at = INSTANT_NONE;
	return true;
}

bool clock_extension_open(const struct clock_context *ctx, const struct clock_def *clock,
	const struct clock_row *row, struct instant now)
{
	if (!clock->extend_ask || !clock_running(row) || is_none(row->due))
		return false;
	struct instant last = row->due;
	if (clock->extend_before.n)
		last = calendar_before(
			ctx->calendar, count_of(clock), row->due, clock->extend_before, ctx->offset_minutes);
	return now.ms <= last.ms;
}

int clock_days_left(const struct clock_context *ctx, const struct clock_def *clock,
	const struct clock_row *row, struct instant now)
{
	return calendar_count(ctx->calendar, count_of(clock), instant_date(now, ctx->offset_minutes),
		instant_date(row->due, ctx->offset_minutes));
}
