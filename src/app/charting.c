/*
 * What stands on the chart of a query's projects. Everything is copied off the board under its lock; the drawing, which
 * takes longer, comes after.
 */
#include "app/charting_inside.h"
#include "app/office.h"

#include "app/past.h"
#include "assess/ruleset.h"
#include "base/hash.h"
#include "report/docx.h"

/* One character for each kind of milestone: what is left of a name where there is no room for it. */
static const struct {
	const char *kind, *zh, *en;
} signs[] = {{"approval", "批", "A"}, {"permit", "证", "P"}, {"land", "地", "L"},
	{"tender", "招", "T"}, {"start", "开", "S"}, {"works", "建", "W"}, {"equipment", "设", "E"},
	{"stat_entry", "统", "N"}, {"finish", "竣", "F"}, {"production", "投", "R"},
	{"full_production", "达", "U"}, {"other", "他", "O"}};

static const char *sign_of(struct slice kind, enum lang lang)
{
	for (size_t i = 0; i < countof(signs); i++)
		if (slice_is(kind, signs[i].kind))
			return lang == LANG_EN ? signs[i].en : signs[i].zh;
	return lang == LANG_EN ? "O" : "他";
}

static void chart_signs(struct app *app, struct arena *a, enum lang lang, struct chart *out)
{
	const struct register_def *def = catalogue_find(app_catalogue(app), "milestone");
	const struct field *field = def ? register_field(def, "kind") : NULL;
	struct chart_sign *list = ARENA_ARRAY(a, struct chart_sign, countof(signs));
	out->signs = list;
	for (size_t i = 0; field && i < countof(signs); i++) {
		const struct choice *choice = field_choice(field, signs[i].kind);
		if (choice)
			list[out->nsigns++] = (struct chart_sign){
				lang == LANG_EN ? signs[i].en : signs[i].zh, label_in(choice->label, lang)};
	}
}

/* ---- cells ---- */

static int64_t number_in(const struct board_table *t, const char *column, int32_t row)
{
	int c = board_column_named(t, column);
	return c < 0 ? NOTHING64 : column_number(board_column(t, c), row);
}

static struct date chart_date(const struct board_table *t, const char *column, int32_t row)
{
	int64_t day = number_in(t, column, row);
	return day == NOTHING64 ? DATE_NONE : (struct date){(int32_t)day};
}

static struct date first_date(
	const struct board_table *t, int32_t row, const char *const *columns, int n)
{
	for (int i = 0; i < n; i++) {
		struct date d = chart_date(t, columns[i], row);
		if (!date_is_none(d))
			return d;
	}
	return DATE_NONE;
}

static struct slice word_in(const struct board_table *t, const char *column, int32_t row)
{
	int c = board_column_named(t, column);
	return c < 0 ? (struct slice){0} : column_word(board_column(t, c), row);
}

/* A cell as people read it, in `a`; NULL: nothing. */
static const char *cell_text(const struct board *b, struct arena *a, const struct board_table *t,
	const char *column, int32_t row, enum lang lang)
{
	int c = board_column_named(t, column);
	if (c < 0)
		return NULL;
	const struct column *col = board_column(t, c);
	if (strcmp(column, "state") == 0) {
		struct slice word = column_word(col, row);
		const struct state *state =
			word.s ? register_state(board_register(t), arena_text(a, word)) : NULL;
		return state ? label_in(state->label, lang) : NULL;
	}
	if (col->kind == COLUMN_REF) {
		int32_t to = ((const int32_t *)col->cells)[row];
		struct slice title =
			to < 0 ? (struct slice){0} : board_title(board_table(b, col->target), to);
		return title.s ? arena_text(a, title) : NULL;
	}
	struct slice word = col->kind == COLUMN_TEXT || col->kind == COLUMN_CHOICE
		? column_word(col, row)
		: (struct slice){0};
	if (!word.s)
		return NULL;
	const char *name = arena_text(a, word);
	const struct choice *choice =
		col->kind == COLUMN_CHOICE ? field_choice(col->field, name) : NULL;
	return choice ? label_in(choice->label, lang) : name;
}

/* ---- milestones ---- */

static bool put_point(struct arena *a, const struct board_table *t, int32_t row, enum lang lang,
	struct chart_point *out)
{
	struct date actual = chart_date(t, "actual", row), planned = chart_date(t, "planned", row);
	static const char *const expected[] = {"computed", "forecast"};
	out->done = !date_is_none(actual);
	out->day = out->done ? actual : planned;
	out->baseline = chart_date(t, "first_approved", row);
	out->computed = out->done ? DATE_NONE : first_date(t, row, expected, 2);
	out->name = arena_text(a, board_title(t, row));
	out->sign = sign_of(word_in(t, "kind", row), lang);
	if (date_is_none(out->day))
		out->day = date_is_none(out->computed) ? out->baseline : out->computed;
	return !date_is_none(out->day) && !slice_is(word_in(t, "state", row), "cancelled");
}

/* The project's milestones by day, in `a`. */
static int chart_points(const struct board *b, struct arena *a, int32_t project, enum lang lang,
	struct chart_point **out)
{
	int projects = board_table_named(b, "project"), table = board_table_named(b, "milestone");
	const struct board_table *t = table < 0 ? NULL : board_table(b, table);
	int n = 0, room = 0;
	*out = NULL;
	for (int32_t row = t ? board_first_child(b, projects, project, table) : -1; row >= 0;
		 row = board_next_child(b, table, row)) {
		struct chart_point point;
		if (!board_alive(t, row) || !put_point(a, t, row, lang, &point))
			continue;
		if (n == room) {
			*out = arena_grow(a, *out, (size_t)room, (size_t)room * 2 + 8, sizeof point);
			room = room * 2 + 8;
		}
		int at = n++;
		for (; at > 0 &&
			 ((*out)[at - 1].day.day > point.day.day ||
				 ((*out)[at - 1].day.day == point.day.day &&
					 strcmp((*out)[at - 1].name, point.name) > 0));
			 at--)
			(*out)[at] = (*out)[at - 1];
		(*out)[at] = point;
	}
	return n;
}

/* ---- projects ---- */

static const char *chart_project_url(struct arena *a, const char *address, struct uuid id)
{
	char text[UUID_TEXT];
	if (!address)
		return NULL;
	uuid_format(id, text);
	return arena_printf(a, "%s/#/project/%s", address, text);
}

static int done_share(const struct board_table *t, int32_t row)
{
	int64_t done = number_in(t, "cumulative_investment", row),
			all = number_in(t, "total_investment", row);
	if (done == NOTHING64 || all == NOTHING64 || all <= 0 || done < 0)
		return -1;
	return done >= all ? 10000 : (int)(done / (all / 10000 > 0 ? all / 10000 : 1));
}

void chart_project_row(const struct board *b, struct arena *a, const struct board_table *t,
	int32_t row, enum lang lang, const char *address, struct chart_row *out)
{
	static const char *const starts[] = {"actual_start", "stated_start", "planned_start"};
	static const char *const ends[] = {
		"actual_finish", "computed_finish", "forecast_finish", "stated_finish", "planned_finish"};
	const char *unit = cell_text(b, a, t, "lead_unit", row, lang),
			   *state = cell_text(b, a, t, "state", row, lang);
	int64_t light = number_in(t, "light", row);
	struct slice number = word_in(t, "number", row);

	*out = (struct chart_row){.title = arena_text(a, board_title(t, row)),
		.number = number.s ? arena_text(a, number) : NULL,
		.url = chart_project_url(a, address, board_id(t, row)),
		.light = light == NOTHING64 ? CHART_NO_LIGHT : (int)light,
		.planned_start = chart_date(t, "planned_start", row),
		.planned_finish = chart_date(t, "planned_finish", row),
		.baseline_start = chart_date(t, "first_start", row),
		.baseline_finish = chart_date(t, "first_finish", row),
		.start = first_date(t, row, starts, 3),
		.finish = first_date(t, row, ends, 5),
		.float_until = DATE_NONE,
		.started = !date_is_none(chart_date(t, "actual_start", row)),
		.finished = !date_is_none(chart_date(t, "actual_finish", row)),
		.done = done_share(t, row)};
	const char *const said[] = {out->number, unit, state};
	for (size_t i = 0; i < countof(said); i++)
		if (said[i])
			out->note = out->note ? arena_printf(a, "%s · %s", out->note, said[i]) : said[i];
	out->npoints = chart_points(b, a, row, lang, &out->points);
}

/* ---- head and paper ---- */

bool chart_head(struct app *app, struct arena *a, const struct person *person, struct date day,
	bool is_past, struct chart *out, struct err *err)
{
	struct journal_head head;
	struct label office = office_name(app, a);
	char *hex = arena_alloc(a, DIGEST_BYTES * 2 + 1);

	if (!journal_head(app->store, &head, err))
		return false;
	out->lang = person->lang;
	out->office = person->lang == LANG_EN ? office.en : office.zh;
	out->today = day;
	if (!is_past) { /* number and hash of one entry; of a past day the number alone is known */
		out->journal = head.no;
		hex_encode(head.hash, DIGEST_BYTES, hex);
		out->hash = hex;
	}
	return true;
}

static bool chart_paper(const char *name, const char *input, struct paper *out, struct err *err)
{
	return paper_named(name, out) ||
		err_set(err, ERR_INPUT, input,
			"\"%s\" is not a paper: A0 to A4, or A0-portrait to A4-portrait", name);
}

static void paint(const struct chart *chart, struct paper paper, bool grey, struct draw *d)
{
	chart_draw(chart, paper, d);
	if (grey)
		draw_grey(d);
}

/* A document with the chart as pictures, one a page, at the size it was drawn for: its letters stay as large. */
static bool write_document(const struct chart *chart, struct paper paper, bool grey, struct draw *d,
	struct str *out, struct err *err)
{
	enum { MARGIN = 15, WORDS = 28, DOTS_PER_INCH = 220 };
	const bool en = chart->lang == LANG_EN;
	struct paper inside = {paper.width - 2 * MARGIN, paper.height - 2 * MARGIN - WORDS};
	struct ymd day = date_ymd(chart->today);
	struct chart untitled = *chart;
	const char *lines[3];
	int nlines = 0;
	if (strcmp(chart->office, chart->title) != 0)
		lines[nlines++] = chart->office;
	if (*chart->subtitle)
		lines[nlines++] = chart->subtitle;
	lines[nlines++] = arena_printf(d->a,
		en ? "As of %04d-%02d-%02d, journal no. %lld %s"
		   : "数据截至 %04d-%02d-%02d，日志第 %lld 号 %s",
		day.year, day.month, day.day, (long long)chart->journal, chart->hash ? chart->hash : "");
	bool fine = true;

	untitled.untitled = true; /* the document says it in words */
	paint(&untitled, inside, grey, d);
	struct docx_picture *pictures = ARENA_ARRAY(d->a, struct docx_picture, (size_t)d->npages + 1);
	for (int p = 0; p < d->npages && fine; p++) {
		struct str png = STR_INIT;
		fine = draw_png(d, p, DOTS_PER_INCH, &png, err);
		pictures[p] = (struct docx_picture){
			arena_slice(d->a, str_view(&png)), inside.width, inside.height, chart->title};
		str_free(&png);
	}
	struct docx document = {.title = chart->title,
		.author = chart->office,
		.day = chart->today,
		.lines = lines,
		.nlines = nlines,
		.pictures = pictures,
		.npictures = d->npages,
		.width = paper.width,
		.height = paper.height,
		.margin = MARGIN};
	return fine && docx_write(&document, out, err);
}

static bool fits_document(const struct chart_ask *ask, struct paper paper, struct err *err)
{
	if (ask->tile)
		return err_set(err, ERR_INPUT, "tile", "a document is not cut into sheets");
	return (paper.width <= 420 && paper.height <= 420) ||
		err_set(err, ERR_INPUT, "paper", "a document has paper A3 or A4, not \"%s\"", ask->paper);
}

bool chart_write(struct arena *a, const struct chart *chart, const struct chart_ask *ask,
	struct str *out, struct err *err)
{
	struct paper paper, tile;
	struct draw d;

	if (!chart_paper(ask->paper ? ask->paper : "A3", "paper", &paper, err) ||
		(ask->tile && !chart_paper(ask->tile, "tile", &tile, err)) ||
		(ask->format == CHART_DOCX && !fits_document(ask, paper, err)) || !draw_open(a, &d, err))
		return false;
	enum { MARGIN = 10, OVERLAP = 5 };
	bool fine = true;
	if (ask->tile)
		paper = (struct paper){tiled_length(paper.width, tile.width, MARGIN, OVERLAP),
			tiled_length(paper.height, tile.height, MARGIN, OVERLAP)};
	if (ask->format == CHART_DOCX) {
		fine = write_document(chart, paper, ask->grey, &d, out, err);
	} else {
		paint(chart, paper, ask->grey, &d);
		if (ask->tile)
			d = draw_tiled(&d, tile.width, tile.height, MARGIN, OVERLAP);
		if (ask->format == CHART_SVG)
			draw_svg(&d, out);
		else
			fine = draw_pdf(&d, out, err);
	}
	draw_close(&d);
	return fine;
}

/* ---- the query ---- */

struct gather {
	struct arena *a;
	const struct board *b;
	const struct board_table *t;
	struct chart_group *groups;
	int ngroups, room;
	int *rooms;     /* of rows, by group */
	const char *by; /* column */
	enum lang lang;
	const char *address;
	const char *filter; /* in words */
	int total;
};

static void gather_row(struct gather *g, int32_t row)
{
	const char *title = cell_text(g->b, g->a, g->t, g->by, row, g->lang);
	struct chart_group *group = g->ngroups ? &g->groups[g->ngroups - 1] : NULL;
	title = title ? title : g->lang == LANG_EN ? "(none)" : "（未填）";
	if (!group || strcmp(group->title, title) != 0) {
		if (g->ngroups == g->room) {
			size_t old = (size_t)g->room, room = old * 2 + 8;
			g->groups = arena_grow(g->a, g->groups, old, room, sizeof *g->groups);
			g->rooms = arena_grow(g->a, g->rooms, old, room, sizeof *g->rooms);
			g->room = (int)room;
		}
		group = &g->groups[g->ngroups++];
		group->title = title;
	}
	int *room = &g->rooms[group - g->groups];
	if (group->n == *room) {
		group->rows = arena_grow(
			g->a, group->rows, (size_t)*room, (size_t)*room * 2 + 16, sizeof *group->rows);
		*room = *room * 2 + 16;
	}
	chart_project_row(g->b, g->a, g->t, row, g->lang, g->address, &group->rows[group->n++]);
	g->total++;
}

static bool gather_rows(struct gather *g, const struct view *view, const struct person *person,
	const struct query_text *query, struct err *err)
{
	int table = board_table_named(view->board, "project");
	const char *sort = query->sort && *query->sort ? query->sort : "planned_start,number";
	struct query_params params = {.filter = query->filter,
		.sort = arena_printf(g->a, "%s,%s", g->by, sort),
		.limit = CHART_MOST_ROWS};
	struct query_scope scope;
	struct query *q;

	g->b = view->board;
	g->t = board_table(view->board, table);
	int column = board_column_named(g->t, g->by);
	if (column < 0)
		return err_set(
			err, ERR_INPUT, "group", "there is no column \"%s\" in \"%s\"", g->by, "project");
	enum column_kind kind = board_column(g->t, column)->kind;
	if (kind != COLUMN_REF && kind != COLUMN_CHOICE && kind != COLUMN_TEXT)
		return err_set(
			err, ERR_INPUT, "group", "\"%s\" is no column that a chart can be grouped by", g->by);
	if (!may_list(view->board, g->a, person, VERB_EXPORT, board_register(g->t), &scope, err) ||
		!query_parse(g->a, view->board, table, &params, &q, err))
		return false;
	struct query_answer answer = query_run(g->a, view->board, q, &scope, false);
	if (answer.next)
		return err_set(
			err, ERR_LIMIT, NULL, "a chart has at most %d rows: filter", CHART_MOST_ROWS);
	for (int i = 0; i < answer.nrows; i++)
		gather_row(g, answer.rows[i]);
	struct str words = STR_INIT;
	query_say(g->a, view->board, q, g->lang, chart_light_word, &words);
	g->filter = arena_text(g->a, str_view(&words));
	str_free(&words);
	return true;
}

bool app_chart(struct app *app, struct arena *a, const struct person *person,
	const struct query_text *query, const struct chart_ask *ask, struct str *out, struct err *err)
{
	bool en = person->lang == LANG_EN, is_past = query->as_of && *query->as_of;
	struct chart chart = {.lights = true};
	struct calendars *calendars = NULL;
	struct view view;

	if (!view_open(app, query->as_of, &view, err))
		return false;
	struct gather g = {.a = a,
		.by = query->group && *query->group ? query->group : "headquarters",
		.lang = person->lang,
		.address = ask->address};
	bool fine = gather_rows(&g, &view, person, query, err) &&
		calendars_build(view.board, NULL, &calendars, err);
	if (fine)
		chart.calendar =
			calendars_of_row(calendars, view.board, board_table_named(view.board, "project"), -1);
	chart.journal = board_journal(view.board);
	struct date day = view.day;
	view_close(app, &view);
	fine = fine && chart_head(app, a, person, day, is_past, &chart, err);
	if (fine) {
		chart.groups = g.groups;
		chart.ngroups = g.ngroups;
		chart.title = strstr(chart.office, "挂图")
			? chart.office
			: arena_printf(a, en ? "%s: wall chart" : "%s挂图", chart.office);
		chart.subtitle = arena_printf(a, en ? "%d projects%s%s" : "共 %d 个项目%s%s", g.total,
			!*g.filter ? ""
				: en   ? ": "
					   : "：",
			g.filter);
		chart.url = ask->address;
		chart_signs(app, a, person->lang, &chart);
		fine = chart_write(a, &chart, ask, out, err);
	}
	calendars_close(calendars);
	return fine;
}
