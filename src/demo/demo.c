/* The county's clock, its pen and the run of its days. Stories are in demo_story.c, what happens in demo_play.c. */
#include "demo/demo.h"

#include "demo/demo_inside.h"
#include "base/os.h"

#define PROJECTS 320
#define MONTHS 18
#define PASSWORD "guatu-demo-2026"

static uint32_t dice_roll(struct demo_dice *d)
{
	d->state += UINT64_C(0x9E3779B97F4A7C15); /* splitmix64 */
	uint64_t z = d->state;
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)((z ^ z >> 31) >> 32);
}

int dice_between(struct demo_dice *d, int least, int most)
{
	return least + (int)((uint64_t)dice_roll(d) * (uint64_t)(most - least + 1) >> 32);
}

bool dice_permille(struct demo_dice *d, int chance)
{
	return dice_between(d, 0, 999) < chance;
}

static struct instant demo_clock(void *self)
{
	const struct demo *demo = self;
	return demo->now;
}

void demo_wait(struct demo *demo, struct instant until)
{
	if (until.ms > demo->latest.ms) /* nothing has happened that is still to come */
		until = demo->latest;
	if (until.ms > demo->now.ms) /* the journal's time never goes back */
		demo->now = until;
}

/* ---- the pen ---- */

void pen_take(
	struct pen *pen, struct demo *demo, const struct person *person, struct date day, int minute)
{
	demo_wait(demo, date_instant(day, minute, demo->app->offset_minutes));
	pen->demo = demo;
	pen->a = arena_open();
	pen->states = ARENA_ARRAY(pen->a, const char *, PEN_ROOM);
	pen->w = work_begin(demo->app, pen->a, person);
}

struct draft *pen_create(struct pen *pen, const char *reg, const char *state)
{
	assert(pen->w.n < PEN_ROOM);
	pen->states[pen->w.n] = state;
	return draft_new(
		&pen->w, WRITE_CREATE, catalogue_find(app_catalogue(pen->demo->app), reg), NULL);
}

struct draft *pen_update(struct pen *pen, const char *reg, struct uuid id, struct err *err)
{
	const struct register_def *def = catalogue_find(app_catalogue(pen->demo->app), reg);
	struct record *record;
	assert(pen->w.n < PEN_ROOM);
	if (!store_get(pen->demo->app->store, pen->a, def, id, &record, err))
		return NULL;
	pen->states[pen->w.n] = NULL;
	return draft_new(&pen->w, WRITE_UPDATE, def, record);
}

struct draft *pen_step(
	struct pen *pen, const char *reg, struct uuid id, const char *step, struct err *err)
{
	struct draft *d = pen_update(pen, reg, id, err);
	if (!d)
		return NULL;
	d->verb = WRITE_STEP;
	d->step = register_step(d->reg, step);
	assert(d->step);
	return d;
}

static void set(struct pen *pen, struct draft *d, const char *name, struct value value)
{
	const struct field *field = register_field(d->reg, name);
	assert(field);
	draft_set(&pen->w, d, field, value);
}

void pen_text(struct pen *pen, struct draft *d, const char *field, const char *text)
{
	if (text && text[0])
		set(pen, d, field,
			(struct value){.kind = VALUE_TEXT, .text = arena_slice(pen->a, slice_of(text))});
}

void pen_int(struct pen *pen, struct draft *d, const char *field, int64_t i)
{
	set(pen, d, field, (struct value){.kind = VALUE_INT, .i = i});
}

void pen_date(struct pen *pen, struct draft *d, const char *field, struct date date)
{
	if (!date_is_none(date))
		pen_int(pen, d, field, date.day);
}

void pen_id(struct pen *pen, struct draft *d, const char *field, struct uuid id)
{
	if (!uuid_is_nil(id))
		set(pen, d, field, (struct value){.kind = VALUE_ID, .id = id});
}

void pen_list(struct pen *pen, struct draft *d, const char *field, const struct value *items, int n)
{
	struct value list = {.kind = VALUE_LIST, .items = items, .n = n};
	set(pen, d, field, value_copy(pen->a, &list));
}

bool pen_send(struct pen *pen, struct err *err)
{
	bool done = true;
	struct batch_result result = {.failed = -1};
	int written = pen->w.n; /* the checks may add more */
	app_read_lock(pen->demo->app);
	for (int i = 0; i < written && done; i++)
		done = draft_check(&pen->w, i, pen->states[i], err);
	app_unlock(pen->demo->app);
	if (done && written)
		done = work_submit(&pen->w, NULL, &result, err);
	arena_close(pen->a);
	return done;
}

/* ---- the run ---- */

static bool any_project(struct app *app)
{
	app_read_lock(app);
	bool any = board_count(board_projects(app->board)) > 0;
	app_unlock(app);
	return any;
}

static void settle_options(struct demo *demo)
{
	if (demo->options.projects <= 0)
		demo->options.projects = PROJECTS;
	demo->nstories = demo->options.projects;
	if (demo->options.months <= 0) /* large counties are for measuring: less history each */
		demo->options.months = demo->options.projects <= 2000 ? MONTHS
			: demo->options.projects <= 20000                 ? 6
															  : 2 - demo_is_vast(demo);
	int offset = demo->app->offset_minutes;
	demo->latest = date_is_none(demo->options.until)
		? os_now()
		: date_instant(demo->options.until, 24 * 60 - 1, offset);
	demo->until = instant_date(demo->latest, offset);
	demo->months = demo->options.months;
	demo->begin = month_first(month_of(date_add_months(demo->until, -demo->months)));
}

bool demo_make(struct app *app, const struct demo_options *options, app_progress *progress,
	void *self, struct demo_result *out, struct err *err)
{
	if (any_project(app))
		return err_set(err, ERR_CONFLICT, NULL,
			"there are projects already: the demo wants an empty data folder");
	struct demo demo = {
		.app = app, .options = *options, .a = arena_open(), .result = out, .firms = map_open()};
	*out = (struct demo_result){.password = PASSWORD};
	settle_options(&demo);
	demo.now = date_instant(demo.begin, 8 * 60, app->offset_minutes);
	app_clock *clock = app->options.clock;
	void *clock_self = app->options.clock_self;
	app->options.clock = demo_clock;
	app->options.clock_self = &demo;
	app->id_seed = options->seed * 2 + 1;
	bool bulk = store_bulk(app->store, true, err), done = bulk && demo_found_county(&demo, err);
	if (done) {
		demo_write_stories(&demo);
		done = demo_play(&demo, progress, self, err);
	}
	app->options.clock = clock;
	app->options.clock_self = clock_self;
	app->id_seed = 0;
	struct journal_head head;
	struct err other;
	if (bulk && !store_bulk(app->store, false, done ? err : &other))
		done = false;
	done = done && journal_head(app->store, &head, err);
	if (done)
		out->journal = head.no;
	map_close(demo.firms);
	arena_close(demo.a);
	return done;
}
