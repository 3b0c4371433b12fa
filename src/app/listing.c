/* Lists, counts and groups: the parameters of a link go to the board's query as they stand, with the reader's scope; what
 * comes back is written in the order of its columns. Export writes the same rows as a file, with all that is stored. */
#include "app/reading.h"

#include <stdio.h>
#include <unistd.h>

#include "app/access.h"
#include "app/past.h"
#include "app/titles.h"
#include "base/num.h"
#include "base/os.h"
#include "board/query.h"
#include "report/chart.h"
#include "report/sheet.h"

#define PAGE_ROWS 1000 /* of one JSON answer */
#define SKIP_ROWS 2000000

static bool params_of(const struct query_text *text, struct query_params *out, struct err *err)
{
	int64_t limit = 0, skip = 0;
	*out = (struct query_params){
		text->filter, text->sort, text->columns, text->group, text->sums, text->after, 0, 0};
	if (text->limit && *text->limit &&
		(!num_int(slice_of(text->limit), &limit) || limit < 1 || limit > PAGE_ROWS))
		return err_set(
			err, ERR_INPUT, "limit", "\"%s\" is not a number from 1 to %d", text->limit, PAGE_ROWS);
	out->limit = (int)limit;
	if (text->skip && *text->skip &&
		(!num_int(slice_of(text->skip), &skip) || skip < 0 || skip > SKIP_ROWS))
		return err_set(
			err, ERR_INPUT, "skip", "\"%s\" is not a number from 0 to %d", text->skip, SKIP_ROWS);
	out->skip = (int)skip;
	return true;
}

static void as_of_json(struct json_writer *w, const struct view *view)
{
	struct str day = STR_INIT;
	date_format(&day, view->day);
	jw_kt(w, "as_of", str_text(&day));
	jw_ki(w, "journal", board_journal(view->board));
	str_free(&day);
}

static void number_json(struct json_writer *w, const struct field *field, int64_t number)
{
	struct field plain = *field;
	if (field->type == FIELD_DERIVED)
		plain.type = field->derived_type;
	struct value v =
		number == NOTHING64 ? VALUE_NONE : (struct value){.kind = VALUE_INT, .i = number};
	value_to_json(w, &plain, &v);
}

static void sums_json(
	struct json_writer *w, const struct board_table *t, const struct query *q, const int64_t *sums)
{
	int n;
	const int *columns = query_sums(q, &n);
	jw_key(w, "sums");
	jw_object(w);
	for (int i = 0; i < n; i++) {
		jw_key(w, query_column_name(t, columns[i]));
		number_json(w, board_column(t, columns[i])->field, sums[i]);
	}
	jw_object_end(w);
}

static void lights_json(struct json_writer *w, const int64_t lights[8])
{
	jw_key(w, "lights");
	jw_array(w);
	for (int i = SLOT_NONE; i <= SLOT_SERIOUS; i++)
		jw_int(w, lights[i]);
	jw_array_end(w);
}

static void groups_json(struct json_writer *w, const struct board_table *t, const struct query *q,
	const struct query_answer *answer)
{
	jw_key(w, "groups");
	jw_array(w);
	for (int i = 0; i < answer->ngroups; i++) {
		const struct query_group *g = &answer->groups[i];
		jw_object(w);
		jw_kt(w, "key", g->text);
		if (g->title.s)
			jw_ks(w, "title", g->title);
		jw_ki(w, "count", g->count);
		sums_json(w, t, q, g->sums);
		lights_json(w, g->lights);
		jw_object_end(w);
	}
	jw_array_end(w);
}

static void rows_json(struct json_writer *w, const struct view *view, struct arena *a,
	const struct board_table *t, const struct query *q, const struct query_answer *answer)
{
	int n;
	const int *columns = query_columns(q, &n);
	struct titles titles = titles_begin(view->board, a);
	jw_key(w, "columns");
	jw_array(w);
	for (int c = 0; c < n; c++)
		jw_text(w, query_column_name(t, columns[c]));
	jw_array_end(w);
	jw_key(w, "rows");
	jw_array(w);
	for (int i = 0; i < answer->nrows; i++) {
		int32_t row = answer->rows[i];
		jw_array(w);
		for (int c = 0; c < n; c++) {
			if (columns[c] < 0) {
				jw_uuid(w, board_id(t, row));
				continue;
			}
			board_value_json(view->board, w, t, columns[c], row);
			titles_cell(&titles, board_column(t, columns[c]), row);
		}
		jw_array_end(w);
	}
	jw_array_end(w);
	titles_end(&titles, w);
	jw_kt(w, "next", answer->next);
}

bool app_query_json(struct app *app, const struct person *person, const char *reg,
	const struct query_text *query, struct str *out, struct err *err)
{
	const struct register_def *def;
	struct query_params params;
	struct view view;
	if (!app_register_find(app, reg, &def, err) || !params_of(query, &params, err) ||
		!view_open(app, query->as_of, &view, err))
		return false;
	struct arena *a = arena_open();
	bool count_only = query->count && strcmp(query->count, "only") == 0, done = false;
	struct query_scope scope;
	struct query *q;
	int table = board_table_named(view.board, reg);
	if (!may_list(view.board, a, person, VERB_READ, def, &scope, err) ||
		!query_parse(a, view.board, table, &params, &q, err))
		goto out;
	struct query_answer answer = query_run(a, view.board, q, &scope, count_only);
	const struct board_table *t = board_table(view.board, table);
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_ki(&w, "total", answer.total);
	as_of_json(&w, &view);
	if (query_group_column(q) >= 0)
		groups_json(&w, t, q, &answer);
	else if (!count_only)
		rows_json(&w, &view, a, t, q, &answer);
	sums_json(&w, t, q, answer.sums);
	lights_json(&w, answer.lights);
	jw_object_end(&w);
	jw_end(&w);
	done = true;
out:
	arena_close(a);
	view_close(app, &view);
	return done;
}

/* ---- export ---- */

struct export
{
	struct app *app;
	struct view view;
	struct arena *a;
	const struct register_def *def;
	const struct board_table *t;
	struct sheet_column *columns;
	int *board_columns; /* by column; -1: from the record; -2 id, -3 number, -4 state, -5 a light */
	int n;
	bool from_store; /* some column is not on the board */
	struct str title;
};

enum { FROM_RECORD = -1, FROM_ID = -2, FROM_NUMBER = -3, FROM_STATE = -4, FROM_LIGHT = -5 };

static const char *title_of(void *self, const struct field *field, struct uuid id)
{
	struct export *x = self;
	const struct board *b = x->view.board;
	int table = board_table_named(b, field->to);
	int32_t row = table >= 0 ? board_row(board_table(b, table), id) : -1;
	struct slice title = row >= 0 ? board_title(board_table(b, table), row) : (struct slice){0};
	if (!title.s)
		return NULL;
	str_clear(&x->title);
	str_slice(&x->title, title);
	return str_text(&x->title);
}

static void add_column(struct export *x, struct sheet_column column, int from)
{
	x->columns[x->n] = column;
	x->board_columns[x->n++] = from;
	x->from_store |= from == FROM_RECORD;
}

/* Text of states for the drop-down and the import to read back. */
static struct label *state_labels(struct export *x)
{
	struct label *labels = ARENA_ARRAY(x->a, struct label, (size_t)x->def->nstates + 1);
	for (int i = 0; i < x->def->nstates; i++)
		labels[i] = x->def->states[i].label;
	return labels;
}

static void export_field(struct export *x, const struct field *f, bool sensitive)
{
	if (f->sensitive && !sensitive)
		return;
	int column = board_column_named(x->t, f->name);
	if (column < 0)
		return;
	bool held = board_column(x->t, column)->kind != COLUMN_FILLED;
	if (held || !x->view.past)
		add_column(x, (struct sheet_column){.field = f}, held ? column : FROM_RECORD);
}

/* With columns named: those. Without: the record's id and number, then all that is stored, so that it comes in again. */
static void export_columns(struct export *x, const struct query *q, bool chosen, bool sensitive)
{
	int n;
	const int *wanted = query_columns(q, &n);
	size_t room = (size_t)n + (size_t)x->def->nfields + 4;
	x->columns = ARENA_ARRAY(x->a, struct sheet_column, room);
	x->board_columns = ARENA_ARRAY(x->a, int, room);
	add_column(x,
		(struct sheet_column){
			.label = {"编号（系统）", "Record id"}, .name = "@id", .hidden = true},
		FROM_ID);
	if (!chosen) {
		if (x->def->number)
			add_column(x, (struct sheet_column){.label = {"编号", "Number"}, .name = "@number"},
				FROM_NUMBER);
		if (x->def->nstates)
			add_column(x,
				(struct sheet_column){.label = {"状态", "State"},
					.name = "@state",
					.choices = state_labels(x),
					.nchoices = x->def->nstates},
				FROM_STATE);
		for (int i = 0; i < x->def->nfields; i++)
			if (field_is_stored(&x->def->fields[i]))
				export_field(x, &x->def->fields[i], sensitive);
		return;
	}
	for (int i = 0; i < n; i++) {
		if (wanted[i] < 0)
			continue;
		const struct field *f = board_column(x->t, wanted[i])->field;
		if (strcmp(f->name, "number") == 0)
			add_column(x, (struct sheet_column){.label = {"编号", "Number"}, .name = "@number"},
				FROM_NUMBER);
		else if (strcmp(f->name, "state") == 0)
			add_column(x,
				(struct sheet_column){.label = {"状态", "State"},
					.name = "@state",
					.choices = state_labels(x),
					.nchoices = x->def->nstates},
				FROM_STATE);
		else if (strncmp(f->name, "light", 5) == 0 && f->type == FIELD_INTEGER)
			add_column(x, (struct sheet_column){.label = f->label, .name = f->name}, FROM_LIGHT);
		else
			export_field(x, f, sensitive);
	}
}

static struct value word_value(struct arena *a, const char *text)
{
	return (struct value){.kind = VALUE_TEXT, .text = slice_of(arena_strdup(a, text))};
}

static struct value cell(struct export *x, struct arena *a, int i, int32_t row,
	const struct record *record, enum lang lang)
{
	char id[UUID_TEXT];
	int column;
	const struct state *state;
	struct slice word;
	struct value light;
	const char *said;
	switch (x->board_columns[i]) {
	case FROM_ID: uuid_format(board_id(x->t, row), id); return word_value(a, id);
	case FROM_NUMBER:
		column = board_column_named(x->t, "number");
		word = column >= 0 ? column_word(board_column(x->t, column), row) : (struct slice){0};
		return word.s ? (struct value){.kind = VALUE_TEXT, .text = word} : VALUE_NONE;
	case FROM_STATE:
		column = board_column_named(x->t, "state");
		word = column >= 0 ? column_word(board_column(x->t, column), row) : (struct slice){0};
		state = word.s ? register_state(x->def, arena_text(a, word)) : NULL;
		return state
			? (struct value){.kind = VALUE_TEXT, .text = slice_of(label_in(state->label, lang))}
			: VALUE_NONE;
	case FROM_LIGHT:
		column = board_column_named(x->t, x->columns[i].name);
		light = board_value(x->view.board, a, x->t, column, row);
		said = light.kind == VALUE_INT ? chart_light_word((int)light.i, lang) : NULL;
		return said ? word_value(a, said) : VALUE_NONE;
	case FROM_RECORD: return record ? *record_value(record, x->columns[i].field->name) : VALUE_NONE;
	default: return board_value(x->view.board, a, x->t, x->board_columns[i], row);
	}
}

/* A feature for each geometry of the record. */
static bool write_features(struct export *x, const struct query *q, struct json_writer *w,
	int32_t row, const struct record *record)
{
	int n;
	bool any = false;
	const int *columns = query_columns(q, &n);
	for (int i = 0; i < x->def->nfields; i++) {
		const struct field *f = &x->def->fields[i];
		const struct value *v = record_value(record, f->name);
		if ((f->type != FIELD_POINT && f->type != FIELD_LINE && f->type != FIELD_AREA) ||
			v->kind != VALUE_TEXT)
			continue;
		any = true;
		jw_object(w);
		jw_kt(w, "type", "Feature");
		jw_kid(w, "id", record->id);
		jw_key(w, "geometry");
		jw_raw(w, v->text);
		jw_key(w, "properties");
		jw_object(w);
		jw_kt(w, "field", f->name);
		for (int c = 0; c < n; c++) {
			if (columns[c] < 0)
				continue;
			jw_key(w, query_column_name(x->t, columns[c]));
			board_value_json(x->view.board, w, x->t, columns[c], row);
		}
		jw_object_end(w);
		jw_object_end(w);
	}
	return any;
}

static bool export_features(struct export *x, const struct query *q,
	const struct query_answer *answer, struct json_writer *w, int64_t *nowhere, struct err *err)
{
	for (int i = 0; i < answer->nrows; i++) {
		struct arena_mark mark = arena_mark(x->a);
		struct record *record;
		if (!store_get(x->app->store, x->a, x->def, board_id(x->t, answer->rows[i]), &record, err))
			return false;
		*nowhere += !write_features(x, q, w, answer->rows[i], record);
		arena_rewind(x->a, mark);
	}
	return true;
}

static bool export_rows(struct export *x, const struct query_answer *answer,
	struct sheet_file *file, struct str *csv, const struct sheet_table *table, struct err *err)
{
	for (int i = 0; i < answer->nrows; i++) {
		struct arena_mark mark = arena_mark(x->a);
		struct value *values = ARENA_ARRAY(x->a, struct value, (size_t)x->n);
		struct record *record = NULL;
		if (x->from_store &&
			!store_get(x->app->store, x->a, x->def, board_id(x->t, answer->rows[i]), &record, err))
			return false;
		for (int c = 0; c < x->n; c++)
			values[c] = cell(x, x->a, c, answer->rows[i], record, table->lang);
		if (file && !sheet_add(file, values, err))
			return false;
		if (csv)
			sheet_csv_row(csv, table, values, title_of, x);
		arena_rewind(x->a, mark);
	}
	return true;
}

/* The library writes only to files: ours lies in the data folder for a moment. */
static bool export_xlsx(struct export *x, const struct query_answer *answer,
	const struct sheet_table *table, struct str *out, struct err *err)
{
	uint64_t random;
	os_random(&random, sizeof(random));
	const char *scratch = arena_printf(x->a, "%s/scratch", x->app->folder);
	const char *path = arena_printf(x->a, "%s/%016llx.xlsx", scratch, (unsigned long long)random);
	struct sheet_file *file;
	struct slice bytes;
	if (!os_make_folder(scratch, err) || !sheet_open(path, scratch, table, title_of, x, &file, err))
		return false;
	if (!export_rows(x, answer, file, NULL, table, err)) {
		sheet_drop(file);
		unlink(path);
		return false;
	}
	bool done =
		sheet_close(file, err) && os_read_file(x->a, path, (size_t)LIMIT_ZIP_BYTES, &bytes, err);
	unlink(path);
	if (done)
		str_slice(out, bytes);
	return done;
}

bool app_export(struct app *app, const struct person *person, const char *reg,
	const struct query_text *query, enum export_format format, struct str *out, struct err *err)
{
	struct export x = {.app = app};
	struct query_params params;
	struct query_scope scope;
	struct query *q;
	struct query_answer answer;
	struct err ignored;
	bool done = false;
	if (!app_register_find(app, reg, &x.def, err) || !params_of(query, &params, err) ||
		!view_open(app, query->as_of, &x.view, err))
		return false;
	params.limit = LIMIT_QUERY_ROWS;
	params.skip = 0;
	params.group = NULL;
	x.a = arena_open();
	int table = board_table_named(x.view.board, reg);
	if (!may_list(x.view.board, x.a, person, VERB_EXPORT, x.def, &scope, err) ||
		!query_parse(x.a, x.view.board, table, &params, &q, err))
		goto out;
	x.t = board_table(x.view.board, table);
	bool sensitive = may_on(x.view.board, person, VERB_UPDATE, x.def, NULL, NULL, NULL, &ignored);
	export_columns(&x, q, query->columns && *query->columns, sensitive);
	struct sheet_table sheet = {x.def->label, x.columns, x.n, person->lang};
	struct json_writer w = jw_start(out);
	int64_t nowhere = 0;
	if (format == EXPORT_CSV)
		sheet_csv_header(out, &sheet, true);
	if (format == EXPORT_GEOJSON) {
		jw_object(&w);
		jw_kt(&w, "type", "FeatureCollection");
		jw_key(&w, "features");
		jw_array(&w);
	}
	/* page after page, so that nothing is cut off */
	do {
		answer = query_run(x.a, x.view.board, q, &scope, false);
		if (format == EXPORT_GEOJSON   ? !export_features(&x, q, &answer, &w, &nowhere, err)
				: format == EXPORT_CSV ? !export_rows(&x, &answer, NULL, out, &sheet, err)
									   : !export_xlsx(&x, &answer, &sheet, out, err))
			goto out;
		if (answer.next && format == EXPORT_XLSX) {
			err_set(err, ERR_LIMIT, NULL,
				"more than %d rows do not fit into one workbook: filter, or take CSV",
				LIMIT_QUERY_ROWS);
			goto out;
		}
		params.after = answer.next;
		if (answer.next && !query_parse(x.a, x.view.board, table, &params, &q, err))
			goto out;
	} while (answer.next);
	if (format == EXPORT_GEOJSON) {
		jw_array_end(&w);
		jw_ki(&w, "nowhere", nowhere);
		jw_object_end(&w);
		jw_end(&w);
	}
	done = true;
out:
	str_free(&x.title);
	arena_close(x.a);
	view_close(app, &x.view);
	return done;
}
