/* Recomputes all that is derived and compares. What the store can check of itself it checks (store/care.h); here the board is
 * made again from the tables and taken back over the whole journal, which must leave nothing, and clocks and lights are
 * lived through again (relive.h). */
#include "app/recheck.h"

#include "app/access.h"
#include "app/calendars.h"
#include "app/detail.h"
#include "app/relive.h"
#include "app/since.h"
#include "base/json.h"
#include "store/clock_rows.h"

#define FINDINGS_SHOWN 200

void relay_step(void *self, const char *doing, int64_t done, int64_t total)
{
	const struct relay *r = self;
	(void)doing;
	if (r->progress)
		(void)r->progress(r->self, done, total);
}

struct fsck {
	struct app *app;
	struct arena *a;
	struct json_writer *w;
	int64_t findings;
};

static void finding(
	struct fsck *f, const char *kind, const char *reg, const char *id, const char *text)
{
	if (f->findings++ >= FINDINGS_SHOWN)
		return;
	jw_object(f->w);
	jw_kt(f->w, "kind", kind);
	jw_kt(f->w, "register", reg);
	jw_kt(f->w, "record", id);
	jw_kt(f->w, "text", text);
	jw_object_end(f->w);
}

static bool store_finding(void *self, const struct finding_row *row)
{
	struct fsck *f = self;
	char id[UUID_TEXT];
	uuid_format(row->id, id);
	finding(f, row->kind, row->reg, uuid_is_nil(row->id) ? NULL : id,
		arena_printf(f->a, "%s: %s, should be %s", row->field ? row->field : "",
			row->stored ? row->stored : "—", row->expected ? row->expected : "—"));
	return true;
}

static bool put(void *self, const struct record *r)
{
	board_put(self, r);
	return true;
}

/* The live board's rows are those of the tables. */
static bool check_rows(struct fsck *f, struct err *err)
{
	struct board *fresh = board_open(app_catalogue(f->app), board_options(f->app->board));
	const struct catalogue *catalogue = app_catalogue(f->app);
	bool done = true;
	for (int i = 0; done && i < catalogue->n; i++)
		done = store_scan(f->app->store, &catalogue->registers[i], put, fresh, err);
	app_read_lock(f->app);
	for (int i = 0; done && i < catalogue->n; i++) {
		const struct board_table *kept = board_table(f->app->board, i),
								 *stored = board_table(fresh, i);
		if (board_count(kept) != board_count(stored))
			finding(f, "board", catalogue->registers[i].name, NULL,
				arena_printf(f->a, "%d rows, should be %d", (int)board_count(kept),
					(int)board_count(stored)));
		for (int32_t row = 0; row < board_rows(stored); row++) {
			struct uuid id = board_id(stored, row);
			int32_t at = board_alive(stored, row) ? board_row(kept, id) : -1;
			char text[UUID_TEXT];
			uuid_format(id, text);
			if (board_alive(stored, row) &&
				(at < 0 || board_version(kept, at) != board_version(stored, row)))
				finding(f, "board", catalogue->registers[i].name, text,
					"another version than in the tables");
		}
	}
	app_unlock(f->app);
	board_close(fresh);
	return done;
}

static bool take_back(void *self, const struct change *c)
{
	board_rewind(self, c);
	return true;
}

/* Taken back to the beginning, nothing is left. */
static bool check_rewind(struct fsck *f, struct err *err)
{
	app_read_lock(f->app);
	struct board *copy = board_copy(f->app->board);
	app_unlock(f->app);
	int64_t head = board_journal(copy);
	bool done = head == 0 || journal_read(f->app->store, head, 1, take_back, copy, err);
	const struct catalogue *catalogue = app_catalogue(f->app);
	for (int i = 0; done && i < catalogue->n; i++)
		if (board_count(board_table(copy, i)) != 0)
			finding(f, "journal", catalogue->registers[i].name, NULL,
				arena_printf(f->a, "%d rows are left after taking back the whole journal",
					(int)board_count(board_table(copy, i))));
	board_close(copy);
	return done;
}

static void check_derived(struct fsck *f)
{
	const char **texts;
	int n;
	app_read_lock(f->app);
	int64_t differ = board_check(f->app->board, f->a, FINDINGS_SHOWN, &texts, &n);
	for (int i = 0; i < n; i++)
		finding(f, "derived", NULL, NULL, texts[i]);
	f->findings += differ - n;
	app_unlock(f->app);
}

/* ---- clocks and lights, by living through the journal again ---- */

#define TRIES 20

/* Definitions of now say how clocks of then ran: where the office changed them, that is not known. */
static bool as_shipped(const struct fsck *f, const struct register_def *reg)
{
	const struct register_def *shipped = catalogue_find(f->app->shelf[0], reg->name);
	bool same = shipped && shipped->nclocks == reg->nclocks;
	for (int i = 0; same && i < reg->nclocks; i++) {
		const struct clock_def *a = &shipped->clocks[i], *b = &reg->clocks[i];
		same = a->limit.n == b->limit.n && a->limit.unit == b->limit.unit;
	}
	return same;
}

static const char *instant_said(struct fsck *f, struct instant t)
{
	struct str text = STR_INIT;
	if (t.ms == INSTANT_NONE.ms)
		return "—";
	instant_format(&text, t, f->app->offset_minutes);
	const char *said = arena_strdup(f->a, str_text(&text));
	str_free(&text);
	return said;
}

/* A deadline in another year than its start may have been reckoned before the notice of that year was known. */
static bool due_is_firm(const struct fsck *f, const struct clock_row *row)
{
	int offset = f->app->offset_minutes;
	return row->due.ms == INSTANT_NONE.ms || row->started.ms == INSTANT_NONE.ms ||
		date_year(instant_date(row->due, offset)) <= date_year(instant_date(row->started, offset));
}

static void compare_clock(
	struct fsck *f, const struct clock_row *kept, const struct clock_row *want)
{
	bool firm = due_is_firm(f, want);
	const struct {
		const char *name;
		struct instant kept, want;
		bool firm;
	} instants[] = {
		{"started", kept->started, want->started, true},
		{"due", kept->due, want->due, firm},
		{"stopped", kept->stopped, want->stopped, true},
		{"paused_at", kept->paused_at, want->paused_at, true},
		{"held_since", kept->held_since, want->held_since, true},
	};
	const struct {
		const char *name;
		int64_t kept, want;
		bool firm;
	} numbers[] = {
		{"run", kept->run, want->run, true},
		{"paused_ms", kept->paused_ms, want->paused_ms, true},
		{"extensions", kept->extensions, want->extensions, true},
		{"handed_on", kept->handed_on, want->handed_on, true},
		{"level", kept->level, want->level, firm},
		{"overdue", kept->overdue, want->overdue, firm},
		{"warned", kept->warned, want->warned, firm},
	};
	char id[UUID_TEXT];
	uuid_format(kept->record, id);
	for (size_t i = 0; i < countof(instants); i++)
		if (instants[i].firm && instants[i].kept.ms != instants[i].want.ms)
			finding(f, "clock", kept->reg, id,
				arena_printf(f->a, "%s.%s: %s, should be %s", kept->clock, instants[i].name,
					instant_said(f, instants[i].kept), instant_said(f, instants[i].want)));
	for (size_t i = 0; i < countof(numbers); i++)
		if (numbers[i].firm && numbers[i].kept != numbers[i].want)
			finding(f, "clock", kept->reg, id,
				arena_printf(f->a, "%s.%s: %lld, should be %lld", kept->clock, numbers[i].name,
					(long long)numbers[i].kept, (long long)numbers[i].want));
	if (!uuid_equal(kept->holder, want->holder))
		finding(f, "clock", kept->reg, id,
			arena_printf(f->a, "%s.holder: lies on another desk", kept->clock));
}

struct kept_clocks {
	struct arena *a;
	struct clock_row *rows;
	int n, room;
};

static bool take_clock(void *self, const struct clock_row *row)
{
	struct kept_clocks *k = self;
	if (k->n == k->room) {
		int more = k->room * 2 + 256;
		k->rows = arena_grow(k->a, k->rows, (size_t)k->room, (size_t)more, sizeof(*k->rows));
		k->room = more;
	}
	k->rows[k->n] = *row;
	k->rows[k->n].reg = arena_strdup(k->a, row->reg);
	k->rows[k->n++].clock = arena_strdup(k->a, row->clock);
	return true;
}

/* Both as time has moved them up to now: when the tick ran last makes no difference. */
static void ticked(struct fsck *f, const struct register_def *reg, struct clock_row *row)
{
	struct clock_context ctx = app_clocks_of(f->app, reg->name, row->record);
	for (int i = 0; i < reg->nclocks; i++)
		if (strcmp(reg->clocks[i].name, row->clock) == 0)
			clock_tick(&ctx, &reg->clocks[i], app_now(f->app), row, NULL);
}

static void check_clock(
	struct fsck *f, struct relive *r, const struct clock_row *kept, uint8_t *found)
{
	const struct register_def *reg = catalogue_find(app_catalogue(f->app), kept->reg);
	if (!reg || !as_shipped(f, reg))
		return;
	int n;
	const struct clock_row *all = relive_clocks(r, &n);
	int32_t first = relive_clocks_of(r, kept->record);
	for (int i = 0; first >= 0 && i < reg->nclocks; i++) {
		if (strcmp(all[first + i].clock, kept->clock) != 0)
			continue;
		struct clock_row have = *kept, want = all[first + i];
		found[first + i] = 1;
		ticked(f, reg, &have);
		ticked(f, reg, &want);
		compare_clock(f, &have, &want);
		return;
	}
	char id[UUID_TEXT];
	uuid_format(kept->record, id);
	finding(f, "clock", kept->reg, id,
		arena_printf(f->a, "%s: no change of the record started it", kept->clock));
}

static void check_clocks(struct fsck *f, struct relive *r, const struct kept_clocks *kept)
{
	int n;
	const struct clock_row *all = relive_clocks(r, &n);
	uint8_t *found = ARENA_ARRAY(f->a, uint8_t, (size_t)n + 1);
	for (int i = 0; i < kept->n; i++)
		check_clock(f, r, &kept->rows[i], found);
	for (int i = 0; i < n; i++) {
		const struct register_def *reg = catalogue_find(app_catalogue(f->app), all[i].reg);
		char id[UUID_TEXT];
		if (found[i] || all[i].run == 0 || !reg || !as_shipped(f, reg))
			continue;
		uuid_format(all[i].record, id);
		finding(f, "clock", all[i].reg, id, arena_printf(f->a, "%s: is missing", all[i].clock));
	}
}

static void check_light(
	struct fsck *f, struct relive *r, const struct lit *here, const struct lit *there, int32_t row)
{
	const struct board_table *kept = board_projects(f->app->board),
							 *want = board_projects(relive_board(r));
	int32_t at = board_row(want, board_id(kept, row));
	if (at < 0)
		return; /* said already: rows differ */
	struct standing is = standing_read(f->app->board, &here->columns, row),
					should = standing_read(relive_board(r), &there->columns, at);
	int32_t was[2] = {is.severity, should.severity}, since[2] = {is.since, should.since};
	if ((was[0] == was[1] && since[0] == since[1]) || since[0] <= relive_rules_day(r).day ||
		since[1] <= relive_rules_day(r).day)
		return; /* what stands since before the rules changed stood by other rules */
	char id[UUID_TEXT];
	struct str text = STR_INIT;
	uuid_format(board_id(kept, row), id);
	for (int i = 0; i < 2; i++) {
		str_puts(&text, i ? ", should be " : "");
		if (since[i] == NOTHING32)
			str_puts(&text, "—");
		else
			date_format(&text, (struct date){since[i]});
	}
	finding(f, "light", "project", id,
		arena_printf(f->a, "%s: severity %lld, should be %lld; since %s", here->name,
			was[0] == NOTHING32 ? -99 : (long long)was[0],
			was[1] == NOTHING32 ? -99 : (long long)was[1], str_text(&text)));
	str_free(&text);
}

static void check_lights(struct fsck *f, struct relive *r)
{
	const struct rules *rules = &f->app->rules;
	struct lit_set here = lit_columns(f->a, f->app->board, rules->bound, rules->nbound);
	struct lit_set there = lit_columns(f->a, relive_board(r), rules->bound, rules->nbound);
	const struct board_table *t = board_projects(f->app->board);
	for (int i = 0; i < here.n && i < there.n; i++)
		for (int32_t row = 0; row < board_rows(t); row++)
			if (board_alive(t, row) && strcmp(here.lits[i].name, there.lits[i].name) == 0)
				check_light(f, r, &here.lits[i], &there.lits[i], row);
}

/* Once the journal stands still for a moment: rows of clocks are read beside the board. */
static bool check_days(struct fsck *f, const struct progress *steps, struct err *err)
{
	struct app *app = f->app;
	struct relive *r;
	struct journal_head head = {0};
	bool done, compared = false;
	/* days that went by without a server are lived through first, as the first tick would */
	if ((app->since_unknown && !since_recompute(app, err)) ||
		(app->since_behind && !since_catch_up(app, err)) || !relive_open(app, &r, err))
		return false;
	app_read_lock(app);
	struct date settled = app->settled_day;
	app_unlock(app);
	done = relive_until(r, settled, steps, err);
	for (int i = 0; done && !compared && i < TRIES; i++) {
		struct kept_clocks kept = {.a = arena_open()};
		app_read_lock(app);
		relive_further(r);
		done = relive_until(r, app->settled_day, NULL, err) &&
			clock_rows_all(app->store, take_clock, &kept, err) &&
			journal_head(app->store, &head, err);
		compared = done && head.no == relive_journal(r);
		if (compared) {
			check_clocks(f, r, &kept);
			check_lights(f, r);
		}
		app_unlock(app);
		arena_close(kept.a);
	}
	relive_close(r);
	return done &&
		(compared || err_set(err, ERR_BUSY, NULL, "too much is being written to compare clocks"));
}

bool app_fsck_json(struct app *app, const struct person *person, app_progress *progress, void *self,
	struct str *out, bool *whole, struct err *err)
{
	struct relay relay = {progress, self};
	struct progress steps = {relay_step, &relay};
	if (!app_may_look_after(app, person, VERB_READ, err))
		return false;
	struct arena *a = arena_open();
	struct str list = STR_INIT;
	struct json_writer inner = jw_start(&list);
	struct fsck f = {app, a, &inner, 0};
	int64_t stored = 0;
	jw_array(&inner);
	bool done = store_fsck(app->store, &steps, store_finding, &f, &stored, err) &&
		check_rows(&f, err) && check_rewind(&f, err) && check_days(&f, &steps, err);
	if (done)
		check_derived(&f);
	jw_array_end(&inner);
	if (done) {
		struct app_numbers numbers;
		app_numbers(app, &numbers);
		*whole = f.findings == 0;
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_kb(&w, "ok", *whole);
		jw_key(&w, "checked");
		jw_object(&w);
		jw_ki(&w, "journal", numbers.journal);
		jw_ki(&w, "records", numbers.records);
		jw_object_end(&w);
		jw_ki(&w, "count", f.findings);
		jw_key(&w, "findings");
		jw_raw(&w, str_view(&list));
		jw_object_end(&w);
		jw_end(&w);
	}
	str_free(&list);
	arena_close(a);
	return done;
}
