/* Every change becomes a draft (draft.h) and is checked by itself; a refused one leaves the batch as if it had never been. */
#include "app/bulk.h"

#include "app/access.h"
#include "app/draft.h"
#include "app/titles.h"

enum outcome { BULK_CHANGED, BULK_UNCHANGED, BULK_REFUSED, BULK_OUTCOMES };
static const char *const outcome_names[BULK_OUTCOMES] = {"changed", "unchanged", "refused"};

struct bulk_row {
	struct uuid id;
	enum outcome outcome;
	int draft;                   /* in the work, when changed */
	const struct record *record; /* NULL: not even seen */
	struct err err;              /* when refused */
	const struct err *errors;    /* its fields */
	int nerrors;
	int64_t version; /* afterwards */
};

struct bulk {
	struct app *app;
	struct arena *a;
	const struct register_def *def;
	struct work work;
	struct bulk_row *rows;
	int n;
	int64_t counts[BULK_OUTCOMES];
	const char *reason;
};

static const struct err *keep_errors(struct bulk *k, int from, int *n)
{
	*n = k->work.nerrors - from;
	struct err *kept = ARENA_ARRAY(k->a, struct err, (size_t)*n + 1);
	for (int i = 0; i < *n; i++)
		kept[i] = k->work.errors[from + i];
	return kept;
}

/* What is as it was already need not be written. */
static void drop_same(struct draft *d)
{
	int kept = 0;
	for (int i = 0; i < d->n; i++)
		if (!value_equal(&d->before->values[d->fields[i]->index], &d->values[i])) {
			d->fields[kept] = d->fields[i];
			d->values[kept++] = d->values[i];
		}
	d->n = kept;
}

/* The record, if the person may change it at all and saw this version. */
static bool find_record(struct bulk *k, const struct json *change, struct bulk_row *row,
	struct record **record, struct err *err)
{
	const struct json *version = json_get(change, "version");
	if (!store_get(k->app->store, k->a, k->def, row->id, record, err))
		return false;
	app_read_lock(k->app);
	struct err hidden;
	bool seen = may(k->app, k->work.person, VERB_READ, k->def, *record, NULL, NULL, &hidden);
	bool allowed = may(k->app, k->work.person, VERB_UPDATE, k->def, *record, NULL, NULL, err);
	app_unlock(k->app);
	row->record = seen ? *record : NULL;
	if (!allowed)
		return false;
	if (!json_absent(version) && json_int(version, -1) != (*record)->version)
		return err_stale(*record, "version", err);
	return true;
}

static bool take_change(
	struct bulk *k, const struct json *change, struct bulk_row *row, struct err *err)
{
	struct work *w = &k->work;
	struct record *record;
	if (!find_record(k, change, row, &record, err))
		return false;
	struct draft *d = draft_new(w, WRITE_UPDATE, k->def, record);
	d->reason = k->reason;
	if (!draft_set_json(w, d, json_get(change, "fields"), err))
		return false;
	drop_same(d);
	if (d->n == 0) {
		w->n--;
		row->outcome = BULK_UNCHANGED;
		row->version = record->version;
		return true;
	}
	row->draft = w->n - 1;
	app_read_lock(k->app);
	bool fits = draft_check(w, row->draft, NULL, err);
	app_unlock(k->app);
	return fits;
}

static bool named_before(const struct bulk *k, int row)
{
	for (int i = 0; i < row; i++)
		if (uuid_compare(k->rows[i].id, k->rows[row].id) == 0)
			return true;
	return false;
}

static void check_row(struct bulk *k, const struct json *change, int i)
{
	struct work *w = &k->work;
	struct bulk_row *row = &k->rows[i];
	int drafts = w->n, clocks = w->nclocks, dues = w->ndues, errors = w->nerrors;
	bool fits = named_before(k, i)
		? err_set(&row->err, ERR_INPUT, "id", "this record is named twice")
		: take_change(k, change, row, &row->err);
	if (!fits) {
		row->outcome = BULK_REFUSED;
		row->errors = keep_errors(k, errors, &row->nerrors);
		w->n = drafts;
		w->nclocks = clocks;
		w->ndues = dues;
	}
	w->nerrors = errors;
	k->counts[row->outcome]++;
}

static bool read_ids(struct bulk *k, const struct json *changes, struct err *err)
{
	if (json_absent(changes) || changes->type != JSON_IS_ARRAY)
		return err_set(err, ERR_INPUT, "changes", "changes must be a list");
	k->n = json_count(changes);
	if (k->n < 1 || k->n > BULK_CHANGES)
		return err_set(
			err, ERR_LIMIT, "changes", "%d changes: from 1 to %d go at once", k->n, BULK_CHANGES);
	k->rows = ARENA_ARRAY(k->a, struct bulk_row, (size_t)k->n);
	for (int i = 0; i < k->n; i++) {
		const char *id = json_text(json_get(json_at(changes, i), "id"), "");
		if (!uuid_parse(slice_of(id), &k->rows[i].id))
			return err_set(err, ERR_INPUT, "changes", "change %d: \"%s\" is not an id", i + 1, id);
	}
	return true;
}

static bool known_members(const struct json *body, struct err *err)
{
	static const char *const known[] = {"changes", "reason", "preview"};
	for (int i = 0; i < body->nmembers; i++) {
		bool found = false;
		for (size_t k = 0; k < countof(known); k++)
			found |= strcmp(body->members[i].key.s, known[k]) == 0;
		if (!found)
			return err_set(err, ERR_INPUT, body->members[i].key.s, "there is no such member");
	}
	return true;
}

/* ---- the answer ---- */

static void err_json(struct json_writer *w, const struct err *err, enum lang lang)
{
	struct str where = STR_INIT, text = STR_INIT;
	err_where(err, lang, &where);
	err_message(err, lang, &text);
	jw_kt(w, "where", str_text(&where));
	jw_kt(w, "detail", str_text(&text));
	str_free(&where);
	str_free(&text);
}

static void refusal_json(struct json_writer *w, const struct bulk_row *row, enum lang lang)
{
	jw_ki(w, "status", err_http(row->err.code));
	err_json(w, &row->err, lang);
	jw_key(w, "errors");
	jw_array(w);
	for (int i = 0; i < row->nerrors; i++) {
		jw_object(w);
		err_json(w, &row->errors[i], lang);
		jw_object_end(w);
	}
	jw_array_end(w);
}

static void changes_json(struct json_writer *w, struct titles *titles, const struct draft *d)
{
	jw_key(w, "changes");
	jw_array(w);
	for (int i = 0; i < d->n; i++) {
		const struct field *f = d->fields[i];
		const struct value *before = &d->before->values[f->index];
		jw_object(w);
		jw_kt(w, "field", f->name);
		jw_key(w, "before");
		value_to_json(w, f, before);
		jw_key(w, "after");
		value_to_json(w, f, &d->values[i]);
		jw_object_end(w);
		titles_value(titles, f, before);
		titles_value(titles, f, &d->values[i]);
	}
	jw_array_end(w);
}

static void row_json(struct bulk *k, struct json_writer *w, struct titles *titles, int i)
{
	const struct bulk_row *row = &k->rows[i];
	jw_object(w);
	jw_key(w, "id");
	jw_uuid(w, row->id);
	jw_kt(w, "result", outcome_names[row->outcome]);
	if (row->version)
		jw_ki(w, "version", row->version);
	if (row->record) {
		int table = board_table_named(k->app->board, k->def->name);
		int32_t at = board_row(board_table(k->app->board, table), row->id);
		if (at >= 0)
			titles_row(titles, table, at);
	}
	if (row->outcome == BULK_REFUSED)
		refusal_json(w, row, k->work.person->lang);
	if (row->outcome == BULK_CHANGED)
		changes_json(w, titles, &k->work.drafts[row->draft]);
	jw_object_end(w);
}

static void answer(struct bulk *k, struct str *out)
{
	struct json_writer w = jw_start(out);
	jw_object(&w);
	for (int i = 0; i < BULK_OUTCOMES; i++)
		jw_ki(&w, outcome_names[i], k->counts[i]);
	app_read_lock(k->app);
	struct titles titles = titles_begin(k->app->board, k->a);
	jw_key(&w, "rows");
	jw_array(&w);
	for (int i = 0; i < k->n; i++)
		row_json(k, &w, &titles, i);
	jw_array_end(&w);
	titles_end(&titles, &w);
	app_unlock(k->app);
	jw_object_end(&w);
	jw_end(&w);
}

/* The first answer again, as far as the store remembers it: what was written, and at which version it is. */
static bool answered_before(
	struct bulk *k, const struct once *once, bool *seen, struct str *out, struct err *err)
{
	struct batch_result result = {.failed = -1};
	if (!work_repeated(&k->work, once, &result, err))
		return false;
	*seen = result.repeated;
	for (int i = 0; *seen && i < k->n; i++)
		for (int r = 0; r < result.n && k->rows[i].version == 0; r++)
			if (uuid_compare(result.results[r].id, k->rows[i].id) == 0)
				k->rows[i].version = result.results[r].version;
	if (*seen) {
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_kb(&w, "repeated", true);
		jw_key(&w, "rows");
		jw_array(&w);
		for (int i = 0; i < k->n; i++) {
			if (!k->rows[i].version)
				continue;
			jw_object(&w);
			jw_key(&w, "id");
			jw_uuid(&w, k->rows[i].id);
			jw_kt(&w, "result", outcome_names[BULK_CHANGED]);
			jw_ki(&w, "version", k->rows[i].version);
			jw_object_end(&w);
		}
		jw_array_end(&w);
		jw_object_end(&w);
		jw_end(&w);
	}
	return true;
}

bool app_bulk(struct app *app, struct arena *a, const struct person *person, const char *reg,
	const struct json *body, const struct once *once, struct str *out, struct err *err)
{
	struct bulk k = {.app = app, .a = a, .work = work_begin(app, a, person)};
	bool preview = json_bool(json_get(body, "preview"), false), seen = false;
	const struct json *changes = json_get(body, "changes");
	if (!app_register_find(app, reg, &k.def, err) || !known_members(body, err))
		return false;
	app_read_lock(app);
	bool allowed = may(app, person, VERB_UPDATE, k.def, NULL, NULL, NULL, err);
	app_unlock(app);
	if (!allowed || !read_ids(&k, changes, err) ||
		(!preview && !answered_before(&k, once, &seen, out, err)))
		return false;
	if (seen)
		return true;
	const char *reason = json_text(json_get(body, "reason"), NULL);
	k.reason = reason && *reason ? arena_strdup(a, reason) : NULL;
	for (int i = 0; i < k.n; i++)
		check_row(&k, json_at(changes, i), i);
	struct batch_result result = {.failed = -1};
	if (!preview && k.work.n > 0) {
		if (!work_submit(&k.work, once, &result, err))
			return false;
		for (int i = 0; i < k.n; i++)
			if (k.rows[i].outcome == BULK_CHANGED)
				k.rows[i].version = result.results[k.rows[i].draft].version;
	}
	answer(&k, out);
	return true;
}
