/* The four calls: read what is there, draft, check under the read lock, submit without it. */
#include "app/submit.h"

#include "app/access.h"
#include "app/draft.h"

const char *submit_reason(struct arena *a, const struct json *body)
{
	const char *reason = json_text(json_get(body, "reason"), NULL);
	return reason && *reason ? arena_strdup(a, reason) : NULL;
}

static void answer(const struct batch_result *result, struct submitted *out)
{
	out->repeated = result->repeated;
	out->id = result->results[0].id;
	out->version = result->results[0].version;
	out->journal = result->results[0].no;
	out->number = result->results[0].number;
}

static struct slice fields_json(struct work *w, const struct draft *d)
{
	struct str text = STR_INIT;
	struct json_writer writer = jw_start(&text);
	jw_object(&writer);
	for (int i = 0; i < d->n; i++) {
		jw_key(&writer, d->fields[i]->name);
		value_to_json(&writer, d->fields[i], &d->values[i]);
	}
	jw_object_end(&writer);
	struct slice out = arena_slice(w->a, str_view(&text));
	str_free(&text);
	return out;
}

static struct slice record_json(struct arena *a, const struct record *record)
{
	struct str text = STR_INIT;
	struct json_writer writer = jw_start(&text);
	record_to_json(&writer, record);
	struct slice out = arena_slice(a, str_view(&text));
	str_free(&text);
	return out;
}

bool err_stale(const struct record *current, const char *where, struct err *err)
{
	return err_set(err, ERR_CONFLICT, where,
		"somebody changed this meanwhile: it is at version %lld now",
		(long long)(current ? current->version : 0));
}

bool submit_stale(struct work *w, const struct draft *d, const struct record *current,
	struct submitted *out, struct err *err)
{
	out->yours = fields_json(w, d);
	out->current = record_json(w->a, current);
	return err_stale(current, NULL, err);
}

/* Checks draft 0 and sends the whole batch. */
bool submit_send(struct work *w, const struct once *once, struct submitted *out, struct err *err)
{
	app_read_lock(w->app);
	bool fits = draft_check(w, 0, NULL, err);
	app_unlock(w->app);
	if (!fits) {
		out->errors = w->errors;
		out->nerrors = w->nerrors;
		return false;
	}
	struct batch_result result = {.failed = -1};
	if (!work_submit(w, once, &result, err)) {
		if (err->code == ERR_CONFLICT && result.current && result.failed == 0)
			return submit_stale(w, &w->drafts[0], result.current, out, err);
		return false;
	}
	answer(&result, out);
	return true;
}

bool work_repeated(
	struct work *w, const struct once *once, struct batch_result *result, struct err *err)
{
	if (!once || !once->key.n)
		return true;
	if (!w->person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	return store_repeated(
		w->app->store, w->a, w->person->account, once->key, once->body, result, err);
}

bool seen_before(
	struct work *w, const struct once *once, bool *seen, struct submitted *out, struct err *err)
{
	struct batch_result result = {.failed = -1};
	if (!work_repeated(w, once, &result, err))
		return false;
	*seen = result.repeated;
	if (*seen)
		answer(&result, out);
	return true;
}

bool app_create(struct app *app, struct arena *a, const struct person *person, const char *reg,
	const struct json *body, const struct once *once, struct submitted *out, struct err *err)
{
	const struct register_def *def;
	struct work w = work_begin(app, a, person);
	bool seen;
	*out = (struct submitted){0};
	if (!app_register_find(app, reg, &def, err) || !seen_before(&w, once, &seen, out, err))
		return false;
	if (seen)
		return true;
	app_read_lock(app);
	bool allowed = may(app, person, VERB_CREATE, def, NULL, NULL, NULL, err);
	app_unlock(app);
	if (!allowed)
		return false;
	struct draft *d = draft_new(&w, WRITE_CREATE, def, NULL);
	d->reason = submit_reason(a, body);
	if (!draft_set_json(&w, d, json_get(body, "fields"), err)) {
		out->errors = w.errors;
		out->nerrors = w.nerrors;
		return false;
	}
	return submit_send(&w, once, out, err);
}

/* The record as the caller saw it: first whether he may see it at all, then whether it is still that version. */
static bool fetch(struct work *w, const char *reg, struct uuid id, enum verb verb,
	const char *step_name, const struct register_def **def, struct record **record,
	const struct step **step, struct err *err)
{
	*step = NULL;
	if (!app_register_find(w->app, reg, def, err))
		return false;
	if (!w->person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (step_name && !(*step = register_step(*def, step_name)))
		return err_set(err, ERR_MISSING, NULL, "register %s has no step \"%s\"", reg, step_name);
	if (!store_get(w->app->store, w->a, *def, id, record, err))
		return false;
	app_read_lock(w->app);
	bool allowed = may(w->app, w->person, verb, *def, *record, NULL, *step, err);
	app_unlock(w->app);
	return allowed;
}

static bool change(struct app *app, struct arena *a, const struct person *person,
	enum write_verb write, enum verb verb, const char *reg, struct uuid id, const char *step_name,
	int64_t version, const struct json *body, const struct once *once, struct submitted *out,
	struct err *err)
{
	struct work w = work_begin(app, a, person);
	const struct register_def *def;
	const struct step *step;
	struct record *record;
	bool seen;
	*out = (struct submitted){0};
	if (!seen_before(&w, once, &seen, out, err))
		return false;
	if (seen)
		return true;
	if (!fetch(&w, reg, id, verb, step_name, &def, &record, &step, err))
		return false;
	struct draft *d = draft_new(&w, write, def, record);
	d->step = step;
	d->reason = submit_reason(a, body);
	if (write != WRITE_DELETE && !draft_set_json(&w, d, json_get(body, "fields"), err)) {
		out->errors = w.errors;
		out->nerrors = w.nerrors;
		return false;
	}
	if (version && record->version != version)
		return submit_stale(&w, d, record, out, err);
	return submit_send(&w, once, out, err);
}

bool app_update(struct app *app, struct arena *a, const struct person *person, const char *reg,
	struct uuid id, int64_t version, const struct json *body, const struct once *once,
	struct submitted *out, struct err *err)
{
	return change(
		app, a, person, WRITE_UPDATE, VERB_UPDATE, reg, id, NULL, version, body, once, out, err);
}

bool app_step(struct app *app, struct arena *a, const struct person *person, const char *reg,
	struct uuid id, const char *step, int64_t version, const struct json *body,
	const struct once *once, struct submitted *out, struct err *err)
{
	return change(
		app, a, person, WRITE_STEP, VERB_STEP, reg, id, step, version, body, once, out, err);
}

bool app_delete(struct app *app, struct arena *a, const struct person *person, const char *reg,
	struct uuid id, int64_t version, const struct json *body, struct submitted *out,
	struct err *err)
{
	return change(
		app, a, person, WRITE_DELETE, VERB_DELETE, reg, id, NULL, version, body, NULL, out, err);
}
