/* Each change becomes a draft; the plans are scheduled once, when all of them are known. */
#include "app/calendar_change.h"

#include <stdlib.h>

#include "app/access.h"
#include "app/planning_inside.h"
#include "app/titles.h"
#include "intake/notice.h"

/* Asked before anything is read of what was sent. */
static bool may_enter(
	struct app *app, const struct person *person, const struct register_def **def, struct err *err)
{
	if (!app_register_find(app, "calendar_day", def, err))
		return false;
	app_read_lock(app);
	bool allowed = may(app, person, VERB_CREATE, *def, NULL, NULL, NULL, err);
	app_unlock(app);
	return allowed;
}

static bool draft_change(struct work *w, const struct register_def *def, const struct json *change,
	const char *reason, struct err *err)
{
	const char *id = json_text(json_get(change, "id"), NULL);
	bool gone = json_bool(json_get(change, "delete"), false);
	struct record *record = NULL;
	struct uuid at;

	if (id &&
		(!uuid_parse(slice_of(id), &at) || !store_get(w->app->store, w->a, def, at, &record, err)))
		return err_set(err, ERR_MISSING, "id", "there is no %s with the id \"%s\"", def->name, id);
	if (gone && !record)
		return err_set(err, ERR_INPUT, "id", "which one is to go is not said");
	if (record && json_int(json_get(change, "version"), 0) != record->version)
		return err_stale(record, "version", err);
	struct draft *d = draft_new(w,
		gone         ? WRITE_DELETE
			: record ? WRITE_UPDATE
					 : WRITE_CREATE,
		def, record);
	d->reason = reason;
	return gone || draft_set_json(w, d, json_get(change, "fields"), err);
}

static bool check_all(struct work *w, struct err *err)
{
	int made = w->n;
	bool fine = true;

	app_read_lock(w->app);
	for (int i = 0; fine && i < made; i++)
		fine = draft_check(w, i, NULL, err);
	app_unlock(w->app);
	return fine && work_settle(w, err);
}

/* ---- The answer ---------------------------------------------------------------------------------------------- */

struct move {
	struct uuid project;
	struct date before, after;
	int days;
	bool seen;
};

static int by_days(const void *left, const void *right)
{
	const struct move *l = left, *r = right;
	if (abs(l->days) != abs(r->days))
		return abs(r->days) - abs(l->days);
	return uuid_compare(l->project, r->project);
}

static struct move *moves_of(const struct work *w, int *n)
{
	struct move *list = ARENA_ARRAY(w->a, struct move, (size_t)w->n + 1);
	*n = 0;
	for (int i = 0; i < w->n; i++) {
		const struct draft *d = &w->drafts[i];
		struct move m = {.project = d->id};
		struct err hidden;
		if (strcmp(d->reg->name, "project") != 0 || !d->before)
			continue;
		m.before = named_date(d->before, "computed_finish");
		m.after = named_date(d->after, "computed_finish");
		if (m.before.day == m.after.day)
			continue;
		if (!date_is_none(m.before) && !date_is_none(m.after))
			m.days = m.after.day - m.before.day;
		m.seen = may(w->app, w->person, VERB_READ, d->reg, d->before, NULL, NULL, &hidden);
		list[(*n)++] = m;
	}
	qsort(list, (size_t)*n, sizeof(*list), by_days);
	return list;
}

static void moves_json(const struct work *w, struct json_writer *j)
{
	int n, shown = 0;
	struct move *list = moves_of(w, &n);

	jw_ki(j, "using", w->replanned);
	jw_ki(j, "moves", n);
	jw_ki(j, "worst_days", n ? list[0].days : 0);
	jw_key(j, "moved");
	jw_array(j);
	for (int i = 0; i < n && shown < CALENDAR_MOVED_SHOWN; i++) {
		if (!list[i].seen)
			continue;
		shown++;
		jw_object(j);
		jw_key(j, "project");
		ref_json(j, w->app->board, "project", list[i].project);
		jw_kd(j, "before", list[i].before);
		jw_kd(j, "after", list[i].after);
		jw_ki(j, "days", list[i].days);
		jw_object_end(j);
	}
	jw_array_end(j);
}

/* stored: NULL for a preview. What was stored before is not reckoned again. */
static void answer(
	const struct work *w, int changes, const struct batch_result *stored, struct str *out)
{
	struct json_writer j = jw_start(out);

	jw_object(&j);
	if (stored && stored->repeated)
		jw_kb(&j, "repeated", true);
	jw_key(&j, "stored");
	jw_array(&j);
	for (int i = 0; stored && i < changes && i < stored->n; i++) {
		jw_object(&j);
		jw_kid(&j, "id", stored->results[i].id);
		jw_ki(&j, "version", stored->results[i].version);
		jw_object_end(&j);
	}
	jw_array_end(&j);
	app_read_lock(w->app);
	moves_json(w, &j);
	app_unlock(w->app);
	jw_object_end(&j);
	jw_end(&j);
}

bool app_calendar_change(struct app *app, struct arena *a, const struct person *person,
	const struct json *body, const struct once *once, struct str *out, struct err *err)
{
	struct work w = work_begin(app, a, person);
	struct batch_result result = {.failed = -1};
	const struct json *changes = json_get(body, "changes");
	const char *reason = json_text(json_get(body, "reason"), NULL);
	const struct register_def *def;
	bool preview = json_bool(json_get(body, "preview"), false);
	int n = json_count(changes);

	if (!may_enter(app, person, &def, err))
		return false;
	if (n < 1 || n > CALENDAR_CHANGES)
		return err_set(
			err, ERR_LIMIT, "changes", "%d changes: from 1 to %d go at once", n, CALENDAR_CHANGES);
	if (!preview && !work_repeated(&w, once, &result, err))
		return false;
	for (int i = 0; i < n && !result.repeated; i++)
		if (!draft_change(&w, def, json_at(changes, i), reason && *reason ? reason : NULL, err))
			return false;
	if (!result.repeated &&
		(!check_all(&w, err) || (!preview && !work_submit(&w, once, &result, err))))
		return false;
	answer(&w, n, preview ? NULL : &result, out);
	return true;
}

/* ---- A notice ------------------------------------------------------------------------------------------------ */

bool app_calendar_notice(struct app *app, struct arena *a, const struct person *person,
	const struct json *body, struct str *out, struct err *err)
{
	const struct register_def *def;
	struct notice notice;

	if (!may_enter(app, person, &def, err) ||
		!notice_read(a, json_slice(json_get(body, "text")),
			(int)json_int(json_get(body, "year"), 0), &notice, err))
		return false;
	struct json_writer j = jw_start(out);
	jw_object(&j);
	jw_ki(&j, "year", notice.year);
	jw_key(&j, "days");
	jw_array(&j);
	for (int i = 0; i < notice.n; i++) {
		jw_object(&j);
		jw_kd(&j, "day", notice.days[i].from);
		jw_kd(&j, "until", notice.days[i].until);
		jw_kt(&j, "kind", notice.days[i].work ? "make_up" : "holiday");
		jw_ks(&j, "reason", notice.days[i].name);
		jw_object_end(&j);
	}
	jw_array_end(&j);
	jw_key(&j, "unread");
	jw_array(&j);
	for (int i = 0; i < notice.nunread; i++)
		jw_slice(&j, notice.unread[i]);
	jw_array_end(&j);
	jw_object_end(&j);
	jw_end(&j);
	return true;
}
