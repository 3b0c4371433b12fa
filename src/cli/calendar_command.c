/* calendar: a year of the working calendar of an area; a notice of the State Council entered. */
#include <stdio.h>

#include "app/calendar_change.h"
#include "app/calendar_year.h"
#include "base/num.h"
#include "base/os.h"
#include "cli/command.h"

#define NOTICE_MOST (1 << 16)

static bool zh(void)
{
	return cli_lang() == LANG_ZH;
}

/* ---- A year -------------------------------------------------------------------------------------------------- */

static const char *kind_word(const char *kind)
{
	static const struct {
		const char *name;
		struct label label;
	} words[] = {{"holiday", {"放假", "holiday"}}, {"make_up", {"调休上班", "make-up day"}},
		{"closure", {"本地放假", "closure"}}, {"workday", {"本地补班", "extra working day"}},
		{"winter_stop", {"冬歇", "winter stop"}},
		{"building_season", {"施工黄金期", "building season"}}};
	for (size_t i = 0; i < countof(words); i++)
		if (strcmp(words[i].name, kind) == 0)
			return label_in(words[i].label, cli_lang());
	return kind;
}

static const char *text_of(const struct json *j, const char *key)
{
	return json_text(json_get(j, key), "");
}

static void print_line(const char *from, const char *until, const struct json *entry)
{
	const char *area = text_of(json_get(entry, "area"), "title");
	printf("%s%s%s  %s  %s%s%s%s\n", from, *until ? " - " : "", until,
		kind_word(text_of(entry, "kind")), text_of(entry, "name"), *area ? " (" : "", area,
		*area ? ")" : "");
}

/* Days of one word that follow one another are one line; those of seasons stand above. */
static void print_days(const struct json *days)
{
	for (int i = 0, next; i < json_count(days); i = next) {
		const struct json *first = json_at(days, i), *last = first;
		for (next = i + 1; next < json_count(days); next++) {
			const struct json *d = json_at(days, next);
			if (strcmp(text_of(d, "kind"), text_of(first, "kind")) != 0 ||
				strcmp(text_of(d, "name"), text_of(first, "name")) != 0)
				break;
			last = d;
		}
		if (strcmp(text_of(first, "kind"), "winter_stop") != 0)
			print_line(text_of(first, "day"), last == first ? "" : text_of(last, "day"), first);
	}
}

static void print_year(const struct json *y)
{
	const struct json *season = json_get(y, "season"), *building = json_get(y, "building_season"),
					  *counted = json_get(y, "counted"), *list = json_get(y, "seasons");
	printf(zh() ? "%lld 年：%lld 个工作日\n" : "%lld: %lld working days\n",
		(long long)json_int(json_get(y, "year"), 0),
		(long long)json_int(json_get(y, "working_days"), 0));
	if (!json_bool(json_get(y, "covered"), false))
		puts(zh() ? "放假安排尚未公布，暂按周一至周五推算"
				  : "not announced yet: Monday to Friday for the time being");
	for (int i = 0; i < json_count(list); i++)
		print_line(text_of(json_at(list, i), "from"), text_of(json_at(list, i), "until"),
			json_at(list, i));
	print_days(json_get(y, "days"));
	if (!json_absent(building) && json_bool(json_get(building, "now"), false))
		printf(zh() ? "施工黄金期还剩 %lld 天，至 %s\n"
					: "%lld days of building season left, until %s\n",
			(long long)json_int(json_get(building, "days"), 0), text_of(building, "until"));
	if (!json_absent(season) && !json_bool(json_get(season, "resting"), false))
		printf(zh() ? "距冬歇还有 %lld 天，至 %s\n" : "%lld days until the winter stop, up to %s\n",
			(long long)json_int(json_get(season, "days"), 0), text_of(season, "until"));
	if (!json_absent(counted))
		printf(zh() ? "%s 起 %lld 个工作日：机关到 %s，工地到 %s\n"
					: "from %s on %lld working days: offices until %s, sites until %s\n",
			text_of(counted, "from"), (long long)json_int(json_get(counted, "days"), 0),
			text_of(counted, "office"), text_of(counted, "site"));
}

static bool read_wish(struct app *app, const struct person *person, struct arena *a,
	struct calendar_wish *out, struct err *err)
{
	const char *year = argument(0), *from = given("--from"), *area = given("--area");
	int64_t number = date_year(app_today(app));

	if (year && (!num_int(slice_of(year), &number) || number < 1950 || number > 2200))
		return err_set(err, ERR_INPUT, "YEAR", "\"%s\" is not a year from 1950 to 2200", year);
	*out = (struct calendar_wish){.year = (int)number, .from = DATE_NONE, .days = 10};
	if (from && !date_parse_iso(slice_of(from), &out->from))
		return err_set(err, ERR_INPUT, "--from", "\"%s\" is not a date such as 2026-03-31", from);
	return !area || area_named(app, person, a, area, &out->area, err);
}

static bool show_year(
	struct app *app, const struct person *person, struct arena *a, int64_t days, struct err *err)
{
	struct calendar_wish wish;
	struct str out = STR_INIT;
	const struct json *year;

	if (!read_wish(app, person, a, &wish, err))
		return false;
	wish.days = (int)days;
	bool done = app_calendar_json(app, person, &wish, &out, err) &&
		json_parse(a, arena_slice(a, str_view(&out)), NULL, &year, err);
	if (done && as_json())
		puts(str_text(&out));
	else if (done)
		print_year(year);
	str_free(&out);
	return done;
}

/* ---- A notice ------------------------------------------------------------------------------------------------ */

/* The answer of an app call as JSON. */
static bool answered(
	bool done, struct arena *a, struct str *out, const struct json **j, struct err *err)
{
	done = done && json_parse(a, arena_slice(a, str_view(out)), NULL, j, err);
	str_free(out);
	*out = (struct str)STR_INIT;
	return done;
}

static bool notice_json(
	struct arena *a, struct slice text, const struct json **out, struct err *err)
{
	struct str body = STR_INIT;
	struct json_writer w = jw_start(&body);
	jw_object(&w);
	jw_ks(&w, "text", text);
	jw_object_end(&w);
	jw_end(&w);
	return answered(true, a, &body, out, err);
}

static bool changes_json(
	struct arena *a, const struct json *notice, const struct json **out, struct err *err)
{
	const struct json *days = json_get(notice, "days");
	struct str body = STR_INIT;
	struct json_writer w = jw_start(&body);
	jw_object(&w);
	jw_kb(&w, "preview", given("--preview") != NULL);
	jw_key(&w, "changes");
	jw_array(&w);
	for (int i = 0; i < json_count(days); i++) {
		jw_object(&w);
		jw_key(&w, "fields");
		jw_json(&w, json_at(days, i));
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_object_end(&w);
	jw_end(&w);
	return answered(true, a, &body, out, err);
}

static void print_moves(const struct json *notice, const struct json *said)
{
	const struct json *days = json_get(notice, "days"), *unread = json_get(notice, "unread"),
					  *moved = json_get(said, "moved");
	for (int i = 0; i < json_count(days); i++) {
		const struct json *d = json_at(days, i);
		printf("%s - %s  %s  %s\n", text_of(d, "day"), text_of(d, "until"),
			kind_word(text_of(d, "kind")), text_of(d, "reason"));
	}
	for (int i = 0; i < json_count(unread); i++)
		printf(zh() ? "没看懂：%s\n" : "not understood: %s\n", json_text(json_at(unread, i), ""));
	printf(zh()
			? "随日历的计划 %lld 份，%lld 个项目的预计完成日期会变，最多 %lld 天\n"
			: "%lld plans follow the calendar, %lld forecast finishes move, by %lld days at most\n",
		(long long)json_int(json_get(said, "using"), 0),
		(long long)json_int(json_get(said, "moves"), 0),
		(long long)json_int(json_get(said, "worst_days"), 0));
	for (int i = 0; i < json_count(moved); i++)
		printf("  %s  %s -> %s\n", text_of(json_get(json_at(moved, i), "project"), "title"),
			text_of(json_at(moved, i), "before"), text_of(json_at(moved, i), "after"));
}

static bool enter_notice(struct app *app, const struct person *person, struct arena *a,
	const char *path, bool *understood, struct err *err)
{
	const struct json *body, *notice, *said;
	struct str out = STR_INIT;
	struct slice text;

	if (!os_read_file(a, path, NOTICE_MOST, &text, err) || !notice_json(a, text, &body, err) ||
		!answered(app_calendar_notice(app, a, person, body, &out, err), a, &out, &notice, err) ||
		!changes_json(a, notice, &body, err))
		return false;
	*understood = json_count(json_get(notice, "unread")) == 0;
	bool done = app_calendar_change(app, a, person, body, NULL, &out, err);
	if (done && as_json())
		puts(str_text(&out));
	done = answered(done, a, &out, &said, err);
	if (done && !as_json())
		print_moves(notice, said);
	return done;
}

int run_calendar(const struct command *self)
{
	const char *first = argument(0);
	bool notice = first && strcmp(first, "notice") == 0, understood = true;
	struct person person = person_system("cli");
	struct arena *a = arena_open();
	struct app *app = NULL;
	struct err err;
	int64_t days = 10;

	(void)self;
	person.lang = cli_lang();
	if (!given_number("--days", 1, 10000, &days)) {
		arena_close(a);
		return EXIT_USAGE;
	}
	bool fine = notice == (narguments() == 2) ||
		err_set(&err, ERR_INPUT, "calendar", "a year, or notice and a file, is what goes here");
	fine = fine &&
		open_app((struct app_options){.no_tick = true,
					 .read_only = !notice || given("--preview") != NULL},
			&app, &err) &&
		(notice ? enter_notice(app, &person, a, argument(1), &understood, &err)
				: show_year(app, &person, a, days, &err));
	int code = !fine ? fail(&err) : understood ? EXIT_DONE : EXIT_FOUND;
	app_close(app);
	arena_close(a);
	return code;
}
