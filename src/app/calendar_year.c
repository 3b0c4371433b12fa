/* What a day is comes from the calendar that clocks count on; why it is so, from the notices and the office's days. */
#include "app/calendar_year.h"

#include <stdlib.h>

#include "app/access.h"
#include "app/calendars.h"
#include "app/titles.h"
#include "base/embed.h"

#define YEAR_DAYS 366

/* Why one day is what it is: the narrowest word, of equals the last. */
struct word {
	const char *kind;
	struct slice name;
	struct uuid area, record;
	int rank; /* 0: nobody said anything; 1 the notice; 2 everywhere; more: the nearer area */
};

struct year {
	struct app *app;
	struct arena *a;
	struct date first;
	int n;
	struct word words[YEAR_DAYS];
	struct uuid chain[32]; /* the area and those above it */
	int nchain;
};

static void notice_days(struct year *y, const struct json *by_name, const char *kind)
{
	for (int i = 0; i < json_count(by_name); i++) {
		const struct json *days = &by_name->members[i].value;
		for (int k = 0; k < json_count(days); k++) {
			struct date d;
			if (!date_parse_iso(json_slice(json_at(days, k)), &d) || d.day < y->first.day ||
				d.day >= y->first.day + y->n)
				continue;
			y->words[d.day - y->first.day] =
				(struct word){kind, by_name->members[i].key, {{0}}, {{0}}, 1};
		}
	}
}

/* The entry of the year among the notices; NULL: none covers it. A notice may speak of days of the year before. */
static bool read_notices(struct year *y, int number, const struct json **out, struct err *err)
{
	const struct embedded *file = embed_find("facts/holidays.json");
	const struct json *top;
	*out = NULL;
	if (!file)
		return true;
	if (!json_parse(y->a, embed_text(file), "facts/holidays.json", &top, err))
		return false;
	const struct json *years = json_get(top, "years");
	for (int i = 0; i < json_count(years); i++) {
		const struct json *one = json_at(years, i);
		if (json_int(json_get(one, "year"), 0) == number)
			*out = one;
		notice_days(y, json_get(one, "off"), "holiday");
		notice_days(y, json_get(one, "work"), "make_up");
	}
	return true;
}

static int rank_of(const struct year *y, const struct value *area)
{
	if (!area || area->kind != VALUE_ID)
		return 2;
	for (int i = 0; i < y->nchain; i++)
		if (uuid_equal(area->id, y->chain[i]))
			return 3 + y->nchain - i;
	return 0;
}

static bool office_day(void *self, const struct record *r)
{
	struct year *y = self;
	const struct value *from = record_value(r, "day"), *until = record_value(r, "until"),
					   *kind = record_value(r, "kind"), *area = record_value(r, "area"),
					   *reason = record_value(r, "reason");
	int rank = rank_of(y, area);
	if (!rank || from->kind != VALUE_INT || kind->kind != VALUE_TEXT)
		return true;
	int64_t last = until && until->kind == VALUE_INT ? until->i : from->i;
	struct word word = {
		.kind = arena_text(y->a, kind->text),
		.name = reason && reason->kind == VALUE_TEXT ? arena_slice(y->a, reason->text) : SLICE(""),
		.record = r->id,
		.rank = rank,
	};
	if (rank > 2)
		word.area = area->id;
	for (int64_t day = from->i; day <= last; day++) {
		int64_t at = day - y->first.day;
		if (at >= 0 && at < y->n && rank >= y->words[at].rank)
			y->words[at] = word;
	}
	return true;
}

static int32_t find_area(struct year *y, struct uuid area)
{
	int table = board_table_named(y->app->board, "area");
	if (uuid_is_nil(area) || table < 0)
		return -1;
	const struct board_table *t = board_table(y->app->board, table);
	int32_t row = board_row(t, area);
	for (int32_t up = row; up >= 0 && y->nchain < 32; up = board_tree_parent(t, up))
		y->chain[y->nchain++] = board_id(t, up);
	return row;
}

/* Under the read lock. */
static void day_json(struct year *y, struct json_writer *w, const struct calendar *c, int at)
{
	const struct word *word = &y->words[at];
	struct date d = {y->first.day + at};
	struct str text = STR_INIT;
	date_format(&text, d);
	jw_object(w);
	jw_kt(w, "day", str_text(&text));
	jw_kb(w, "work", calendar_is_workday(c, COUNT_OFFICE, d));
	jw_kb(w, "site", calendar_is_workday(c, COUNT_SITE, d));
	jw_kt(w, "kind", word->kind);
	jw_ks(w, "name", word->name);
	jw_key(w, "area");
	ref_json(w, y->app->board, "area", word->area);
	jw_key(w, "record");
	if (uuid_is_nil(word->record))
		jw_null(w);
	else
		jw_uuid(w, word->record);
	jw_object_end(w);
	str_free(&text);
}

static void year_json(struct year *y, int number, const struct json *notice, int32_t area,
	struct uuid id, struct str *out)
{
	const struct calendar *c = calendars_of_area(y->app->calendars, y->app->board, area);
	int working = 0;
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_ki(&w, "year", number);
	jw_key(&w, "area");
	ref_json(&w, y->app->board, "area", id);
	jw_kb(&w, "covered", notice != NULL);
	jw_ki(&w, "first_year", calendar_first_year(c));
	jw_ki(&w, "last_year", calendar_last_year(c));
	jw_key(&w, "notices");
	jw_array(&w);
	const struct json *notices = notice ? json_get(notice, "notices") : NULL;
	for (int i = 0; notices && i < json_count(notices); i++)
		jw_slice(&w, json_slice(json_at(notices, i)));
	jw_array_end(&w);
	jw_key(&w, "days");
	jw_array(&w);
	for (int i = 0; i < y->n; i++) {
		working += calendar_is_workday(c, COUNT_OFFICE, (struct date){y->first.day + i});
		if (y->words[i].rank)
			day_json(y, &w, c, i);
	}
	jw_array_end(&w);
	jw_ki(&w, "working_days", working);
	jw_object_end(&w);
	jw_end(&w);
}

bool app_calendar_json(struct app *app, const struct person *person, int year, struct uuid area,
	struct str *out, struct err *err)
{
	const struct register_def *def;
	const struct json *notice;
	if (!app_register_find(app, "calendar_day", &def, err))
		return false;
	struct arena *a = arena_open();
	struct year *y = ARENA_NEW(a, struct year);
	*y = (struct year){.app = app, .a = a};
	y->first = date_from_ymd(year, 1, 1);
	y->n = date_from_ymd(year + 1, 1, 1).day - y->first.day;
	app_read_lock(app);
	bool done = may(app, person, VERB_READ, def, NULL, NULL, NULL, err);
	int32_t row = find_area(y, area);
	if (done && !uuid_is_nil(area) && row < 0)
		done = err_set(err, ERR_MISSING, "area", "there is no such record");
	app_unlock(app);
	done = done && read_notices(y, year, &notice, err) &&
		store_scan(app->store, def, office_day, y, err);
	if (done) {
		app_read_lock(app);
		year_json(y, year, notice, find_area(y, area), area, out);
		app_unlock(app);
	}
	arena_close(a);
	return done;
}
