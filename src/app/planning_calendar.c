/*
 * Milestones as an iCalendar feed (RFC 5545), which phones and mail programs read: whole days, one event a milestone, its
 * id stable so that a moved date moves the event. The date is the actual one, else what the plan gives, else the planned.
 */
#include "app/access.h"
#include "app/detail.h"
#include "app/planning_inside.h"
#include "base/utf8.h"
#include "board/board.h"

enum {
	LINE_BYTES = 73
}; /* of a line, before it is folded (RFC 5545 3.1: 75, the space before a part too) */

/* Folded between characters. */
static void put_folded(struct str *out, struct slice line)
{
	while (line.n > LINE_BYTES) {
		struct slice part = utf8_cut(line, LINE_BYTES);
		str_slice(out, part);
		str_puts(out, "\r\n ");
		line = (struct slice){line.s + part.n, line.n - part.n};
	}
	str_slice(out, line);
	str_puts(out, "\r\n");
}

/* "NAME:text" with the text escaped. */
static void put_line(struct str *out, const char *name, struct slice text)
{
	struct str line = STR_INIT;

	str_printf(&line, "%s:", name);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.s[i];
		if (c == '\\' || c == ';' || c == ',')
			str_putc(&line, '\\');
		if (c == '\n')
			str_puts(&line, "\\n");
		else if ((unsigned char)c >= 32)
			str_putc(&line, c);
	}
	put_folded(out, str_view(&line));
	str_free(&line);
}

static void put_day(struct str *out, const char *name, struct date d)
{
	struct ymd day = date_ymd(d);
	str_printf(out, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, day.year, day.month, day.day);
}

/* When the record was last changed: the same answer until it changes again. */
static void put_stamp(struct str *out, const struct board_table *t, int32_t row)
{
	int c = board_column_named(t, "changed_at");
	int64_t second = c < 0 ? 0 : column_number(board_column(t, c), row) / 1000;
	struct ymd day = date_ymd((struct date){(int32_t)(second / 86400)});
	int of_day = (int)(second % 86400);
	str_printf(out, "DTSTAMP:%04d%02d%02dT%02d%02d%02dZ\r\n", day.year, day.month, day.day,
		of_day / 3600, of_day / 60 % 60, of_day % 60);
}

static struct date cell(const struct board_table *t, const char *name, int32_t row)
{
	int c = board_column_named(t, name);
	int64_t day = c < 0 ? NOTHING64 : column_number(board_column(t, c), row);
	return day == NOTHING64 ? DATE_NONE : (struct date){(int32_t)day};
}

static struct date best_date(const struct board_table *t, int32_t row)
{
	static const char *const names[] = {"actual", "computed", "forecast", "planned"};
	struct date d = DATE_NONE;
	for (size_t i = 0; date_is_none(d) && i < countof(names); i++)
		d = cell(t, names[i], row);
	return d;
}

static void put_event(const struct board *b, struct str *out, const struct board_table *milestones,
	int32_t row, int32_t project, const char *address)
{
	const struct board_table *projects = board_projects(b);
	struct slice title = board_title(projects, project), name = board_title(milestones, row);
	struct date day = best_date(milestones, row);
	struct str text = STR_INIT;
	char id[UUID_TEXT];

	if (date_is_none(day))
		return;
	uuid_format(board_id(milestones, row), id);
	str_slice(&text, name);
	str_puts(&text, " · ");
	str_slice(&text, title);
	str_puts(out, "BEGIN:VEVENT\r\n");
	str_printf(out, "UID:%s@guatu\r\n", id);
	str_printf(out, "SEQUENCE:%lld\r\n", (long long)board_version(milestones, row));
	put_stamp(out, milestones, row);
	put_day(out, "DTSTART", day);
	put_day(out, "DTEND", (struct date){day.day + 1});
	put_line(out, "SUMMARY", str_view(&text));
	uuid_format(board_id(projects, project), id);
	str_clear(&text);
	str_printf(&text, "URL:%s/#/project/%s", address, id);
	put_folded(out, str_view(&text));
	str_puts(out, "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
	str_free(&text);
}

/* Milestones of the projects that count, in what the person may see. */
static bool put_events(struct app *app, struct arena *a, const struct person *person,
	int32_t project, int32_t unit, const char *address, struct str *out, struct err *err)
{
	const struct board *b = app->board;
	int table = board_table_named(b, "milestone");
	const struct board_table *milestones = board_table(b, table), *projects = board_projects(b);
	int lead = board_column_named(projects, "lead_unit"),
		answers = board_column_named(milestones, "responsible_unit");
	const struct register_def *reg = catalogue_find(app_catalogue(app), "milestone");
	struct query_scope scope;
	struct uuid unit_id = unit < 0 ? (struct uuid){{0}}
								   : board_id(board_table(b, board_table_named(b, "unit")), unit);

	if (!may_list(b, a, person, VERB_READ, reg, &scope, err))
		return false;
	for (int32_t row = 0; row < board_rows(milestones); row++) {
		int32_t p = board_project_of(b, table, row);
		if (!board_alive(milestones, row) || p < 0 || !scope_sees(b, table, row, &scope))
			continue;
		if (project >= 0 ? p != project
						 : !uuid_equal(board_ref(b, board_column(projects, lead), p), unit_id) &&
					!uuid_equal(board_ref(b, board_column(milestones, answers), row), unit_id))
			continue;
		put_event(b, out, milestones, row, p, address);
	}
	return true;
}

bool planning_calendar(struct app *app, struct arena *a, const struct person *person,
	const char *reg, struct uuid id, const char *address, struct str *out, struct err *err)
{
	const struct register_def *def;
	struct record *record;
	bool of_project = strcmp(reg, "project") == 0;

	if (!of_project && strcmp(reg, "unit") != 0)
		return err_set(
			err, ERR_MISSING, "register", "\"%s\" has no calendar: a project or a unit has", reg);
	if (!record_to_read(app, a, person, reg, id, &def, &record, err))
		return false;
	app_read_lock(app);
	int table = board_table_named(app->board, reg);
	int32_t row = board_row(board_table(app->board, table), id);
	if (row < 0) {
		app_unlock(app);
		return err_set(err, ERR_MISSING, NULL, "there is no such record");
	}
	str_puts(out,
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//guatu//plans//ZH\r\nCALSCALE:GREGORIAN\r\n"
		"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n");
	put_line(out, "X-WR-CALNAME", board_title(board_table(app->board, table), row));
	bool fine =
		put_events(app, a, person, of_project ? row : -1, of_project ? -1 : row, address, out, err);
	str_puts(out, "END:VCALENDAR\r\n");
	app_unlock(app);
	return fine;
}
