/* What a day is comes from the calendar that clocks count on; why it is so, from the notices and the office's days. */
#include "app/calendar_year.h"

#include <stdlib.h>

#include "app/access.h"
#include "app/calendars.h"
#include "app/titles.h"
#include "base/embed.h"

#define YEAR_DAYS 366
#define YEAR_SEASONS 64 /* entries of one area and those above it */

/* Why one day is what it is: the narrowest word, of equals the last. */
struct word {
	const char *kind;
	struct slice name;
	struct uuid area, record;
	int rank; /* 0: nobody said anything; 1 the notice; 2 everywhere; more: the nearer area */
};

/* A winter stop or building season that may touch the year. */
struct stretch {
	struct word word;
	enum day_kind kind;
	struct date from, until; /* as entered */
	bool yearly;
};

struct year {
	struct app *app;
	struct arena *a;
	struct stretch seasons[YEAR_SEASONS];
	int nseasons;
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

static void take_word(struct year *y, const struct word *word, struct date from, struct date until)
{
	for (int32_t day = from.day; day <= until.day; day++) {
		int32_t at = day - y->first.day;
		if (at >= 0 && at < y->n && word->rank >= y->words[at].rank)
			y->words[at] = *word;
	}
}

static bool office_day(void *self, const struct record *r)
{
	struct year *y = self;
	const struct value *from = record_value(r, "day"), *until = record_value(r, "until"),
					   *kind = record_value(r, "kind"), *area = record_value(r, "area"),
					   *reason = record_value(r, "reason"), *yearly = record_value(r, "yearly");
	int rank = rank_of(y, area);
	if (!rank || from->kind != VALUE_INT || kind->kind != VALUE_TEXT)
		return true;
	struct stretch s = {.from = {(int32_t)from->i},
		.until = {(int32_t)(until && until->kind == VALUE_INT ? until->i : from->i)},
		.yearly = yearly && yearly->kind == VALUE_INT && yearly->i};
	s.word = (struct word){
		.kind = arena_text(y->a, kind->text),
		.name = reason && reason->kind == VALUE_TEXT ? arena_slice(y->a, reason->text) : SLICE(""),
		.record = r->id,
		.rank = rank,
	};
	if (rank > 2)
		s.word.area = area->id;
	bool season = day_kind_parse(s.word.kind, &s.kind) && day_kind_yearly(s.kind);
	if (season && y->nseasons < YEAR_SEASONS)
		y->seasons[y->nseasons++] = s;
	if (!s.yearly && (!season || s.kind == DAY_WINTER_STOP))
		take_word(y, &s.word, s.from, s.until);
	return true;
}

/* The entry that a season of that year follows, as calendars.h has it: the narrowest area's, of these the last begun. */
static const struct stretch *season_of(const struct year *y, enum day_kind kind, int year)
{
	const struct stretch *best = NULL;
	for (int i = 0; i < y->nseasons; i++) {
		const struct stretch *s = &y->seasons[i];
		if (s->kind == kind && s->yearly && date_year(s->from) <= year &&
			(!best || s->word.rank > best->word.rank ||
				(s->word.rank == best->word.rank && s->from.day >= best->from.day)))
			best = s;
	}
	return best;
}

static void put_stretch(struct year *y, struct json_writer *w, const struct stretch *s, int years)
{
	struct date from = date_add_months(s->from, years * 12),
				until = date_add_months(s->until, years * 12);
	if (until.day < y->first.day || from.day >= y->first.day + y->n)
		return;
	if (s->kind == DAY_WINTER_STOP && s->yearly)
		for (int32_t day = from.day; day <= until.day; day++) {
			int32_t at = day - y->first.day;
			if (at >= 0 && at < y->n && y->words[at].rank < 2) /* a dated word stays */
				y->words[at] = s->word;
		}
	jw_object(w);
	jw_kt(w, "kind", s->word.kind);
	jw_kd(w, "from", from);
	jw_kd(w, "until", until);
	jw_kb(w, "yearly", s->yearly);
	jw_ks(w, "name", s->word.name);
	jw_key(w, "area");
	ref_json(w, y->app->board, "area", s->word.area);
	jw_kid(w, "record", s->word.record);
	jw_object_end(w);
}

/* The seasons that touch the year, and their days among the words. */
static void put_seasons(struct year *y, struct json_writer *w, int year)
{
	static const enum day_kind kinds[] = {DAY_WINTER_STOP, DAY_BUILDING_SEASON};
	jw_key(w, "seasons");
	jw_array(w);
	for (size_t k = 0; k < countof(kinds); k++)
		for (int begins = year - 1; begins <= year; begins++) {
			const struct stretch *s = season_of(y, kinds[k], begins);
			if (s)
				put_stretch(y, w, s, begins - date_year(s->from));
		}
	for (int i = 0; i < y->nseasons; i++)
		if (!y->seasons[i].yearly)
			put_stretch(y, w, &y->seasons[i], 0);
	jw_array_end(w);
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

void season_json(struct json_writer *w, const struct calendar *c, struct date day)
{
	struct building_season building;
	struct season season;

	jw_key(w, "season");
	if (calendar_season(c, day, &season)) {
		jw_object(w);
		jw_kb(w, "resting", season.resting);
		jw_kd(w, "until", season.until);
		jw_ki(w, "days", season.days);
		jw_ki(w, "workdays", season.workdays);
		jw_object_end(w);
	} else
		jw_null(w);
	jw_key(w, "building_season");
	if (calendar_building_season(c, day, &building)) {
		jw_object(w);
		jw_kb(w, "now", building.now);
		jw_kd(w, "from", building.from);
		jw_kd(w, "until", building.until);
		jw_ki(w, "days", building.days);
		jw_ki(w, "workdays", building.workdays);
		jw_object_end(w);
	} else
		jw_null(w);
}

static void runs_json(struct json_writer *w, const struct calendar *c, const char *kind,
	bool (*in)(const struct calendar *c, struct date d), struct date from, struct date until)
{
	for (struct date d = from; d.day <= until.day; d.day++) {
		struct date first = d;
		if (!in(c, d))
			continue;
		while (d.day < until.day && in(c, (struct date){d.day + 1}))
			d.day++;
		jw_object(w);
		jw_kt(w, "kind", kind);
		jw_kd(w, "from", first);
		jw_kd(w, "until", d);
		jw_object_end(w);
	}
}

void seasons_json(
	struct json_writer *w, const struct calendar *c, struct date from, struct date until)
{
	jw_key(w, "seasons");
	jw_array(w);
	if (!date_is_none(from) && !date_is_none(until)) {
		struct date last = date_add_months(from, 20 * 12);
		until = last.day < until.day ? last : until;
		runs_json(w, c, "winter_stop", calendar_in_winter_stop, from, until);
		runs_json(w, c, "building_season", calendar_in_building_season, from, until);
	}
	jw_array_end(w);
}

/* The first working day from then on is the first of them. */
static void counted_json(
	struct json_writer *w, const struct calendar *c, const struct calendar_wish *wish)
{
	struct date before = {wish->from.day - 1};
	if (date_is_none(wish->from))
		return;
	jw_key(w, "counted");
	jw_object(w);
	jw_kd(w, "from", wish->from);
	jw_ki(w, "days", wish->days);
	jw_kd(w, "office", calendar_add(c, COUNT_OFFICE, before, wish->days));
	jw_kd(w, "site", calendar_add(c, COUNT_SITE, before, wish->days));
	jw_object_end(w);
}

static void year_json(struct year *y, const struct calendar_wish *wish, const struct json *notice,
	int32_t area, struct str *out)
{
	const struct calendar *c = calendars_of_area(y->app->calendars, y->app->board, area);
	int working = 0;
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_ki(&w, "year", wish->year);
	jw_key(&w, "area");
	ref_json(&w, y->app->board, "area", wish->area);
	jw_kb(&w, "covered", !calendar_provisional(c, y->first));
	jw_ki(&w, "first_year", calendar_first_year(c));
	jw_ki(&w, "last_year", calendar_last_year(c));
	jw_key(&w, "notices");
	jw_array(&w);
	const struct json *notices = notice ? json_get(notice, "notices") : NULL;
	for (int i = 0; notices && i < json_count(notices); i++)
		jw_slice(&w, json_slice(json_at(notices, i)));
	jw_array_end(&w);
	put_seasons(y, &w, wish->year);
	jw_key(&w, "days");
	jw_array(&w);
	for (int i = 0; i < y->n; i++) {
		working += calendar_is_workday(c, COUNT_OFFICE, (struct date){y->first.day + i});
		if (y->words[i].rank)
			day_json(y, &w, c, i);
	}
	jw_array_end(&w);
	jw_ki(&w, "working_days", working);
	season_json(&w, c, instant_date(app_now(y->app), y->app->offset_minutes));
	counted_json(&w, c, wish);
	jw_object_end(&w);
	jw_end(&w);
}

bool app_calendar_json(struct app *app, const struct person *person,
	const struct calendar_wish *wish, struct str *out, struct err *err)
{
	const struct register_def *def;
	const struct json *notice;
	if (!app_register_find(app, "calendar_day", &def, err))
		return false;
	struct arena *a = arena_open();
	struct year *y = ARENA_NEW(a, struct year);
	*y = (struct year){.app = app, .a = a};
	y->first = date_from_ymd(wish->year, 1, 1);
	y->n = date_from_ymd(wish->year + 1, 1, 1).day - y->first.day;
	app_read_lock(app);
	bool done = may(app, person, VERB_READ, def, NULL, NULL, NULL, err);
	int32_t row = find_area(y, wish->area);
	if (done && !uuid_is_nil(wish->area) && row < 0)
		done = err_set(err, ERR_MISSING, "area", "there is no such record");
	app_unlock(app);
	done = done && read_notices(y, wish->year, &notice, err) &&
		store_scan(app->store, def, office_day, y, err);
	if (done) {
		app_read_lock(app);
		year_json(y, wish, notice, row, out);
		app_unlock(app);
	}
	arena_close(a);
	return done;
}
