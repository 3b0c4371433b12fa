/* See trend.h. One walk at a time: a second one would take as much memory again and find the same. */
#include "app/trend.h"

#include <stdlib.h>

#include "app/access.h"
#include "app/past.h"
#include "app/wall_sight.h"
#include "board/rollup.h"

#define MONTHS_BACK 11
#define ANSWERS_KEPT 32

struct answer {
	struct str key, text;
	int64_t used;
};

struct trend {
	pthread_mutex_t lock;
	int32_t month;   /* the answers are of this month */
	int64_t edition; /* and of this past_edition() */
	int64_t counter;
	struct answer answers[ANSWERS_KEPT];
};

struct trend *trend_open(void)
{
	struct trend *t = must_alloc(sizeof(*t));
	*t = (struct trend){.edition = -1};
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

static void forget(struct trend *t)
{
	for (int i = 0; i < ANSWERS_KEPT; i++) {
		str_free(&t->answers[i].key);
		str_free(&t->answers[i].text);
		t->answers[i] = (struct answer){STR_INIT, STR_INIT, 0};
	}
}

void trend_close(struct trend *t)
{
	if (!t)
		return;
	forget(t);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

/* ---- walking ---- */

struct point {
	int64_t count, lights[8], annual, completed;
};

struct day_points {
	struct date day;
	int32_t n[DIMENSION_COUNT]; /* keys -1 .. n - 2 */
	struct point *by_key[DIMENSION_COUNT];
};

struct walk {
	struct arena *a;
	const struct person *person;
	const struct wall_query *query;
	const struct register_def *def;
	struct day_points days[MONTHS_BACK]; /* newest first */
	int ndays;
};

static void take_points(
	struct walk *w, struct day_points *out, const struct board *b, const struct rollup_set *set)
{
	for (int d = 0; d < DIMENSION_COUNT; d++) {
		int32_t n =
			set ? rollup_keys_in(set, (enum dimension)d) : rollup_keys(b, (enum dimension)d);
		out->n[d] = n;
		out->by_key[d] = ARENA_ARRAY(w->a, struct point, (size_t)n + 1);
		for (int32_t key = -1; key < n - 1; key++) {
			const struct rollup *r = set ? rollup_in(set, (enum dimension)d, key)
										 : rollup_get(b, (enum dimension)d, key);
			if (!r)
				continue;
			struct point *p = &out->by_key[d][key + 1];
			*p = (struct point){.count = r->count,
				.annual = r->annual_plan_investment,
				.completed = r->completed_investment};
			memcpy(p->lights, r->lights, sizeof(p->lights));
		}
	}
}

static const struct rollup no_months; /* the points of a day have none */

static bool visit(void *self, const struct past_board *past, struct err *err)
{
	struct walk *w = self;
	struct arena *a = arena_open();
	struct query_scope scope;
	const uint64_t *bits;
	bool done = may_list(past->board, a, w->person, VERB_READ, w->def, &scope, err) &&
		wall_rows_in_sight(past->board, a, &scope, w->query, &bits, err);
	if (done) {
		const struct rollup_set *set = bits ? rollup_over(past->board, bits, &no_months) : NULL;
		struct day_points *day = &w->days[w->ndays++];
		day->day = past->day;
		take_points(w, day, past->board, set);
		rollup_set_close(set);
	}
	arena_close(a);
	return done;
}

/* ---- writing ---- */

static const struct point *point_at(const struct walk *w, int day, int d, int32_t key)
{
	static const struct point nothing;
	return key + 1 < w->days[day].n[d] ? &w->days[day].by_key[d][key + 1] : &nothing;
}

static void points_json(struct json_writer *w, const struct walk *walk, int d, int32_t key)
{
	static const enum light_slot order[] = {SLOT_NONE, SLOT_GREEN, SLOT_WATCH, SLOT_WARN,
		SLOT_SERIOUS, SLOT_EXEMPT, SLOT_UNDEFINED, SLOT_OUTSIDE};
	jw_key(w, "points");
	jw_array(w);
	for (int day = walk->ndays - 1; day >= 0; day--) {
		const struct point *p = point_at(walk, day, d, key);
		int64_t share = share_percent(p->completed, p->annual);
		jw_array(w);
		jw_int(w, p->count);
		for (size_t i = 0; i < countof(order); i++)
			jw_int(w, p->lights[order[i]]);
		if (share == NOTHING64)
			jw_null(w);
		else
			jw_decimal(w, share, 2);
		jw_array_end(w);
	}
	jw_array_end(w);
}

static void group_json(
	struct json_writer *w, const struct board *b, const struct walk *walk, int d, int32_t key)
{
	const struct field *field = rollup_field(b, (enum dimension)d);
	bool tree = d != DIMENSION_CATEGORY && d != DIMENSION_PROGRAMME;
	bool any = false;
	for (int day = 0; day < walk->ndays; day++)
		any |= point_at(walk, day, d, key)->count > 0;
	if (!any)
		return;
	jw_object(w);
	struct arena *a = arena_open();
	int table = tree && field && field->to ? board_table_named(b, field->to) : -1;
	if (!tree)
		jw_kt(w, "key", rollup_key_text(b, a, (enum dimension)d, key));
	else if (key >= 0 && table >= 0)
		jw_kid(w, "id", board_id(board_table(b, table), key));
	else
		jw_kt(w, "id", NULL);
	arena_close(a);
	points_json(w, walk, d, key);
	jw_object_end(w);
}

static void write_trend(const struct board *b, const struct walk *walk, struct str *out)
{
	static const char *const series[] = {"count", "none", "green", "watch", "warn", "serious",
		"exempt", "undefined", "outside", "plan_completion"};
	static const char *const names[DIMENSION_COUNT] = {[DIMENSION_UNIT] = "by_unit",
		[DIMENSION_AREA] = "by_area",
		[DIMENSION_HEADQUARTERS] = "by_headquarters",
		[DIMENSION_CATEGORY] = "by_category",
		[DIMENSION_PROGRAMME] = "by_programme"};
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_key(&w, "days");
	jw_array(&w);
	for (int day = walk->ndays - 1; day >= 0; day--) {
		struct str text = STR_INIT;
		date_format(&text, walk->days[day].day);
		jw_text(&w, str_text(&text));
		str_free(&text);
	}
	jw_array_end(&w);
	jw_key(&w, "series");
	jw_array(&w);
	for (size_t i = 0; i < countof(series); i++)
		jw_text(&w, series[i]);
	jw_array_end(&w);
	jw_key(&w, "whole");
	jw_object(&w);
	points_json(&w, walk, DIMENSION_ALL, rollup_keys(b, DIMENSION_ALL) > 1 ? 0 : -1);
	jw_object_end(&w);
	for (int d = 0; d < DIMENSION_COUNT; d++) {
		int32_t most = 0;
		if (!names[d])
			continue;
		for (int day = 0; day < walk->ndays; day++)
			most = walk->days[day].n[d] > most ? walk->days[day].n[d] : most;
		jw_key(&w, names[d]);
		jw_array(&w);
		for (int32_t key = -1; key < most - 1; key++)
			group_json(&w, b, walk, d, key);
		jw_array_end(&w);
	}
	jw_object_end(&w);
	jw_end(&w);
}

static bool walk_back(struct app *app, struct walk *w, struct str *out, struct err *err)
{
	struct date days[MONTHS_BACK];
	struct month now = month_of(app_today(app));
	for (int i = 0; i < MONTHS_BACK; i++)
		days[i] = month_last((struct month){now.index - 1 - i});
	if (!past_walk(app, days, MONTHS_BACK, visit, w, err))
		return false;
	app_read_lock(app);
	write_trend(app->board, w, out);
	app_unlock(app);
	return true;
}

/* ---- keeping ---- */

/* Whose answer it is: everybody's who sees everything, or one account's with its scope as it stands. */
static bool key_of(struct app *app, const struct person *person, const struct wall_query *query,
	const struct register_def *def, struct str *key, struct err *err)
{
	struct arena *a = arena_open();
	struct query_scope scope;
	app_read_lock(app);
	bool done = may_list(app->board, a, person, VERB_READ, def, &scope, err);
	if (done && !scope.all) {
		char id[UUID_TEXT];
		uuid_format(person->account, id);
		str_printf(key, "%s %u %lld", id, person->roles, (long long)app->scope_edition);
	}
	app_unlock(app);
	str_printf(key, "|%s|%s", query->area ? query->area : "", query->unit ? query->unit : "");
	arena_close(a);
	return done;
}

/* Under the lock: the answer of that key, or the place for it (the one not used for longest), emptied. */
static struct answer *place_of(struct trend *t, struct slice key)
{
	struct answer *oldest = &t->answers[0];
	for (int i = 0; i < ANSWERS_KEPT; i++) {
		struct answer *at = &t->answers[i];
		if (at->text.n && slice_equal(str_view(&at->key), key))
			return at;
		if (at->used < oldest->used)
			oldest = at;
	}
	str_clear(&oldest->key);
	str_slice(&oldest->key, key);
	str_clear(&oldest->text);
	return oldest;
}

bool app_trend_json(struct app *app, const struct person *person, const struct wall_query *query,
	struct str *out, struct err *err)
{
	struct trend *t = app->trend;
	struct str key = STR_INIT;
	const struct register_def *def;
	if (!app_register_find(app, "project", &def, err) ||
		!key_of(app, person, query, def, &key, err)) {
		str_free(&key);
		return false;
	}
	pthread_mutex_lock(&t->lock);
	int32_t month = month_of(app_today(app)).index;
	int64_t edition = past_edition(app);
	if (t->month != month || t->edition != edition) {
		forget(t);
		t->month = month;
		t->edition = edition;
	}
	struct answer *answer = place_of(t, str_view(&key));
	bool done = true;
	if (!answer->text.n) {
		struct walk walk = {.a = arena_open(), .person = person, .query = query, .def = def};
		done = walk_back(app, &walk, &answer->text, err);
		if (!done)
			str_clear(&answer->text);
		arena_close(walk.a);
	}
	answer->used = ++t->counter;
	if (done)
		str_slice(out, str_view(&answer->text));
	pthread_mutex_unlock(&t->lock);
	str_free(&key);
	return done;
}
