/* Projects go by their number, in its order: one number is mostly the next of the one before, so that it costs nothing, where
 * an id cannot be foretold. Coordinates cannot either; they are written with as few letters as their extent needs. */
#include "app/places.h"

#include <stdlib.h>

#include "app/access.h"
#include "app/past.h"
#include "board/query.h"

enum { ROUGHER = 10 }; /* a hundred-thousandth of a degree, a metre: finer than anybody points */

struct places {
	struct app *app;
	struct view view;
	struct arena *a;
	const struct board_table *t;
	int number, light, positions;       /* columns */
	struct str numbers, lights, shapes; /* JSON but for the lights */
	struct slice last;                  /* number */
	struct position *at;                /* of those that have a point */
	int n, room;
	struct json_writer shapes_writer;
	int64_t nowhere;
};

/* ---- numbers ---- */

static size_t digits_at_end(struct slice text)
{
	size_t n = 0;
	while (n < text.n && n < 9 && text.s[text.n - n - 1] >= '0' && text.s[text.n - n - 1] <= '9')
		n++;
	return n;
}

/* As the step from the one before, where they differ only in their last digits; else in full. */
static void write_number(struct json_writer *w, struct slice number, struct slice before)
{
	size_t n = digits_at_end(number), stem = number.n - n;
	if (n == 0 || before.n != number.n || digits_at_end(before) != n ||
		memcmp(before.s, number.s, stem) != 0) {
		jw_slice(w, number);
		return;
	}
	int64_t step = 0, unit = 1;
	for (size_t i = number.n; i-- > stem; unit *= 10)
		step += (number.s[i] - before.s[i]) * unit;
	jw_int(w, step);
}

/* ---- points ---- */

static int32_t rough(int32_t millionths)
{
	return (millionths + (millionths < 0 ? -ROUGHER : ROUGHER) / 2) / ROUGHER;
}

/* One coordinate of all points: its least, and how far each is from it in so many letters. */
static void write_axis(struct json_writer *w, const struct places *p, const char *name, bool north)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	int32_t least = INT32_MAX, most = INT32_MIN;
	for (int i = 0; i < p->n; i++) {
		int32_t v = rough(north ? p->at[i].north : p->at[i].east);
		least = v < least ? v : least;
		most = v > most ? v : most;
	}
	int width = 1;
	while (p->n && (most - least) >> (6 * width))
		width++;
	struct str text = STR_INIT;
	for (int i = 0; i < p->n; i++) {
		int32_t v = rough(north ? p->at[i].north : p->at[i].east) - least;
		for (int k = width - 1; k >= 0; k--)
			str_putc(&text, letters[v >> (6 * k) & 63]);
	}
	jw_key(w, name);
	jw_object(w);
	jw_ki(w, "least", p->n ? least : 0);
	jw_ki(w, "letters", width);
	jw_ks(w, "text", str_view(&text));
	jw_object_end(w);
	str_free(&text);
}

static void add_point(struct places *p, struct json_writer *numbers, struct slice number,
	int64_t severity, struct position at)
{
	if (p->n == p->room) {
		p->room = p->room * 2 + 256;
		p->at = must_realloc(p->at, (size_t)p->room * sizeof(*p->at));
	}
	p->at[p->n++] = at;
	write_number(numbers, number, p->last);
	p->last = number;
	str_putc(&p->lights, severity == NOTHING64 ? ' ' : (char)('3' + severity));
}

/* ---- lines and areas ---- */

static bool has_shape(const struct places *p, int32_t row)
{
	const struct register_def *def = board_register(p->t);
	for (int i = 0; i < def->nfields; i++) {
		const struct field *f = &def->fields[i];
		const struct column *c = f->type == FIELD_LINE || f->type == FIELD_AREA
			? board_column(p->t, board_column_named(p->t, f->name))
			: NULL;
		if (c && column_number(c, row) == 1)
			return true;
	}
	return false;
}

static void write_shape(
	struct places *p, struct slice number, int64_t severity, struct slice geometry)
{
	struct json_writer *w = &p->shapes_writer;
	jw_object(w);
	jw_kt(w, "type", "Feature");
	jw_key(w, "geometry");
	jw_raw(w, geometry);
	jw_key(w, "properties");
	jw_object(w);
	jw_ks(w, "number", number);
	jw_key(w, "light");
	if (severity == NOTHING64)
		jw_null(w);
	else
		jw_int(w, severity);
	jw_object_end(w);
	jw_object_end(w);
}

static bool add_shapes(
	struct places *p, int32_t row, struct slice number, int64_t severity, struct err *err)
{
	const struct register_def *def = board_register(p->t);
	struct arena_mark mark = arena_mark(p->a);
	struct record *record;
	if (!store_get(p->app->store, p->a, def, board_id(p->t, row), &record, err))
		return false;
	for (int i = 0; i < def->nfields; i++) {
		const struct field *f = &def->fields[i];
		const struct value *v = record_value(record, f->name);
		if ((f->type == FIELD_LINE || f->type == FIELD_AREA) && v->kind == VALUE_TEXT)
			write_shape(p, number, severity, v->text);
	}
	arena_rewind(p->a, mark);
	return true;
}

/* ---- all ---- */

static bool add_row(struct places *p, struct json_writer *numbers, int32_t row, struct err *err)
{
	struct slice number = column_word(board_column(p->t, p->number), row);
	int64_t severity = p->light < 0 ? NOTHING64 : column_number(board_column(p->t, p->light), row);
	struct position at = board_column(p->t, p->positions)->positions[row];
	bool there = at.east != NOTHING32, shape = has_shape(p, row);
	if (there)
		add_point(p, numbers, number, severity, at);
	p->nowhere += !there && !shape;
	return !shape || add_shapes(p, row, number, severity, err);
}

static void write_all(struct places *p, struct str *out)
{
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_ki(&w, "journal", board_journal(p->view.board));
	jw_ki(&w, "nowhere", p->nowhere);
	jw_key(&w, "numbers");
	jw_raw(&w, str_view(&p->numbers));
	jw_ks(&w, "lights", str_view(&p->lights));
	write_axis(&w, p, "east", false);
	write_axis(&w, p, "north", true);
	jw_key(&w, "shapes");
	jw_raw(&w, str_view(&p->shapes));
	jw_object_end(&w);
	jw_end(&w);
}

/* Page after page, so that nothing is cut off. */
static bool gather(struct places *p, const struct person *person, const struct query_text *query,
	struct json_writer *numbers, struct err *err)
{
	struct query_params params = {
		.filter = query->filter, .sort = "number", .limit = LIMIT_QUERY_ROWS};
	int table = board_table_named(p->view.board, "project");
	struct query_scope scope;
	struct query *q;
	struct query_answer answer;
	p->t = board_table(p->view.board, table);
	p->number = board_column_named(p->t, "number");
	p->light = board_column_named(p->t, "light");
	p->positions = board_column_named(p->t, "place");
	if (!may_list(p->view.board, p->a, person, VERB_READ, board_register(p->t), &scope, err))
		return false;
	do {
		if (!query_parse(p->a, p->view.board, table, &params, &q, err))
			return false;
		answer = query_run(p->a, p->view.board, q, &scope, false);
		for (int i = 0; i < answer.nrows; i++)
			if (!add_row(p, numbers, answer.rows[i], err))
				return false;
		params.after = answer.next;
	} while (answer.next);
	return true;
}

bool app_places_json(struct app *app, const struct person *person, const struct query_text *query,
	struct str *out, struct err *err)
{
	struct places p = {.app = app};
	if (!view_open(app, query->as_of, &p.view, err))
		return false;
	p.a = arena_open();
	p.shapes_writer = jw_start(&p.shapes);
	struct json_writer numbers = jw_start(&p.numbers);
	jw_array(&numbers);
	jw_array(&p.shapes_writer);
	bool done = gather(&p, person, query, &numbers, err);
	jw_array_end(&numbers);
	jw_array_end(&p.shapes_writer);
	jw_end(&numbers);
	jw_end(&p.shapes_writer);
	if (done)
		write_all(&p, out);
	free(p.at);
	str_free(&p.numbers);
	str_free(&p.lights);
	str_free(&p.shapes);
	arena_close(p.a);
	view_close(app, &p.view);
	return done;
}
