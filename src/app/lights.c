/* Why a light is what it is, and what another rule would say. Inputs name the journal entry they come from: where the
 * board has not seen the change itself, the journal is asked. */
#include "app/lights.h"
#include "app/detail.h"

#include "app/access.h"
#include "app/past.h"
#include "app/submit.h"
#include "app/titles.h"
#include "assess/indicator.h"
#include "base/embed.h"

#define PREVIEW_MONTHS 24
#define PREVIEW_PROJECTS 200

/* ---- one project ---- */

struct lookup {
	struct origin origin;
};

static bool last_entry(void *self, const struct change *c)
{
	struct lookup *l = self;
	l->origin = (struct origin){c->who, c->at, c->no};
	return false;
}

static bool complete_origins(struct app *app, struct arena *a, const struct view *view,
	struct light_report *report, struct err *err)
{
	struct light_reason *reasons = ARENA_ARRAY(a, struct light_reason, (size_t)report->n + 1);
	int64_t before = view->past ? view->past->journal + 1 : 0;
	for (int i = 0; i < report->n; i++) {
		reasons[i] = report->reasons[i];
		struct light_input *inputs =
			ARENA_ARRAY(a, struct light_input, (size_t)reasons[i].ninputs + 1);
		for (int k = 0; k < reasons[i].ninputs; k++) {
			inputs[k] = reasons[i].inputs[k];
			struct lookup found = {inputs[k].origin};
			if (!inputs[k].reg || inputs[k].origin.journal)
				continue;
			if (!journal_of(app->store, inputs[k].record, before, 1, last_entry, &found, err))
				return false;
			inputs[k].origin = found.origin;
		}
		reasons[i].inputs = inputs;
	}
	report->reasons = reasons;
	return true;
}

static void account_title(struct titles *t, struct uuid id)
{
	int table = board_table_named(t->b, "account");
	if (table >= 0 && !uuid_is_nil(id))
		titles_row(t, table, board_row(board_table(t->b, table), id));
}

static void report_json(struct app *app, struct arena *a, const struct view *view,
	const struct light_report *report, struct str *out)
{
	struct json_writer first = jw_start(out);
	light_report_json(&first, report, app_offset_minutes(app));
	assert(out->n && out->s[out->n - 1] == '}');
	out->s[--out->n] = 0;
	struct json_writer w = {.out = out, .depth = 1, .comma = true};
	struct titles titles = titles_begin(view->board, a);
	for (int i = 0; i < report->n; i++)
		for (int k = 0; k < report->reasons[i].ninputs; k++)
			account_title(&titles, report->reasons[i].inputs[k].origin.who);
	titles_end(&titles, &w);
	struct str day = STR_INIT;
	date_format(&day, view->day);
	jw_kt(&w, "as_of", str_text(&day));
	jw_ki(&w, "journal", board_journal(view->board));
	str_free(&day);
	jw_object_end(&w);
}

bool app_lights_json(struct app *app, const struct person *person, struct uuid project,
	const char *as_of, struct str *out, struct err *err)
{
	const struct register_def *def;
	struct view view;
	struct light_report report;
	if (!app_register_find(app, "project", &def, err) || !view_open(app, as_of, &view, err))
		return false;
	struct arena *a = arena_open();
	bool done = may_on(view.board, person, VERB_READ, def, NULL, NULL, NULL, err);
	const struct board_table *t = board_projects(view.board);
	int32_t row = board_row(t, project);
	if (done) {
		struct sight sight =
			sight_of(a, view.board, person, access_roles(person, def, VERB_READ, NULL));
		if (row < 0 || !board_alive(t, row) ||
			!sight_sees(view.board, &sight, board_table_named(view.board, "project"), row))
			done = err_set(err, ERR_MISSING, NULL, "there is no such record");
	}
	if (done) {
		lights_explain(a, view.lights, view.board, row, &report);
		done = complete_origins(app, a, &view, &report, err);
	}
	if (done)
		report_json(app, a, &view, &report, out);
	arena_close(a);
	view_close(app, &view);
	return done;
}

/* ---- units ---- */

static bool unit_in_sight(const struct board_table *units, const struct sight *sight, int32_t unit)
{
	int place = board_column_named(units, "area");
	int32_t area = place < 0 ? -1 : ((const int32_t *)board_column(units, place)->cells)[unit];
	return sight->all || marks_have(&sight->units, unit) || marks_have(&sight->areas, area);
}

static void unit_lights_json(
	const struct view *view, struct arena *a, const struct sight *sight, struct str *out)
{
	const struct board_table *units =
		board_table(view->board, board_table_named(view->board, "unit"));
	const struct unit_light *lights;
	int n;
	lights_of_units(a, view->lights, view->board, &lights, &n);
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_key(&w, "lights");
	jw_array(&w);
	for (int i = 0; i < n; i++) {
		if (!board_alive(units, lights[i].unit) || !unit_in_sight(units, sight, lights[i].unit))
			continue;
		jw_object(&w);
		jw_key(&w, "unit");
		ref_json(&w, view->board, "unit", board_id(units, lights[i].unit));
		unit_light_json(&w, &lights[i]);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	struct str day = STR_INIT;
	date_format(&day, view->day);
	jw_kt(&w, "as_of", str_text(&day));
	jw_ki(&w, "journal", board_journal(view->board));
	str_free(&day);
	jw_object_end(&w);
	jw_end(&w);
}

bool app_unit_lights_json(struct app *app, const struct person *person, const char *as_of,
	struct str *out, struct err *err)
{
	const struct register_def *def;
	struct view view;
	if (!app_register_find(app, "unit", &def, err) || !view_open(app, as_of, &view, err))
		return false;
	struct arena *a = arena_open();
	bool done = may_on(view.board, person, VERB_READ, def, NULL, NULL, NULL, err);
	if (done) {
		struct sight sight =
			sight_of(a, view.board, person, access_roles(person, def, VERB_READ, NULL));
		unit_lights_json(&view, a, &sight, out);
	}
	arena_close(a);
	view_close(app, &view);
	return done;
}

/* ---- rule sets ---- */

static bool may_rules(struct app *app, const struct person *person, enum verb verb, struct err *err)
{
	const struct register_def *def;
	if (!app_register_find(app, "ruleset", &def, err))
		return false;
	app_read_lock(app);
	bool yes = may(app, person, verb, def, NULL, NULL, NULL, err);
	app_unlock(app);
	return yes;
}

bool app_rulesets_json(
	struct app *app, const struct person *person, struct str *out, struct err *err)
{
	/* what lights are made of is nobody's secret: everybody who is signed in may read the rules */
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	struct arena *a = arena_open();
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_key(&w, "rulesets");
	jw_array(&w);
	app_read_lock(app);
	for (int i = 0; i < app->rules.n; i++) {
		struct ruleset set = *app->rules.sets[i];
		set.active = app->rules.active[i];
		ruleset_to_json(&w, a, &set);
	}
	app_unlock(app);
	jw_array_end(&w);
	jw_object_end(&w);
	jw_end(&w);
	arena_close(a);
	return true;
}

bool app_ruleset_check_json(struct slice text, const char *name, struct str *out, struct err *err)
{
	struct arena *a = arena_open();
	struct ruleset set;
	bool done = ruleset_load(a, text, name, &set, err);
	if (done) {
		struct json_writer w = jw_start(out);
		ruleset_to_json(&w, a, &set);
		jw_end(&w);
	}
	arena_close(a);
	return done;
}

static struct slice json_of(struct arena *a, const struct json *j)
{
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_json(&w, j);
	struct slice out = arena_slice(a, str_view(&text));
	str_free(&text);
	return out;
}

/* The rule set that a body gives or names. */
static bool asked_ruleset(struct app *app, struct arena *a, const struct json *body,
	const struct ruleset **out, struct err *err)
{
	const struct json *given = json_get(body, "ruleset");
	if (!json_absent(given)) {
		struct ruleset *set = ARENA_NEW(a, struct ruleset);
		*out = set;
		return ruleset_load(a, json_of(a, given), "ruleset", set, err);
	}
	const char *name = json_text(json_get(body, "name"), "");
	app_read_lock(app);
	*out = NULL;
	for (int i = 0; i < app->rules.n; i++)
		if (strcmp(app->rules.sets[i]->name, name) == 0)
			*out = app->rules.sets[i];
	app_unlock(app);
	return *out || err_set(err, ERR_MISSING, "name", "there is no rule set \"%s\"", name);
}

struct preview {
	struct app *app;
	struct arena *a;
	struct lights *before, *after;
	struct json_writer *w;
	const struct light_change *changed; /* of the newest month */
	int nchanged;
	struct board *board; /* it is about */
};

static void severity_key(struct json_writer *w, const char *key, int32_t severity)
{
	jw_key(w, key);
	if (severity == SEVERITY_OUTSIDE)
		jw_null(w);
	else
		jw_int(w, severity);
}

static void month_json(struct preview *p, const struct board *b, struct date day, bool list)
{
	struct preview_month month;
	const struct light_change *changed;
	int n;
	struct str text = STR_INIT;
	lights_preview(p->a, p->before, p->after, b, &month, &changed, &n);
	month_format(&text, month_of(day));
	jw_object(p->w);
	jw_kt(p->w, "month", str_text(&text));
	light_counts_json(p->w, "before", month.before);
	light_counts_json(p->w, "after", month.after);
	jw_ki(p->w, "differ", n);
	jw_object_end(p->w);
	str_free(&text);
	if (list) {
		p->changed = changed;
		p->nchanged = n;
	}
}

static void changed_json(struct preview *p, const struct board *b)
{
	jw_key(p->w, "changed");
	jw_array(p->w);
	for (int i = 0; i < p->nchanged && i < PREVIEW_PROJECTS; i++) {
		jw_object(p->w);
		jw_key(p->w, "project");
		ref_json(p->w, b, "project", board_id(board_projects(b), p->changed[i].project));
		severity_key(p->w, "before", p->changed[i].before);
		severity_key(p->w, "after", p->changed[i].after);
		jw_object_end(p->w);
	}
	jw_array_end(p->w);
}

/* Now first, then the month ends before it, newest first. */
static bool preview_months(struct preview *p, struct err *err)
{
	struct app *app = p->app;
	struct date today = app_today(app);
	struct str list = STR_INIT;
	struct json_writer changed = jw_start(&list), *main = p->w;
	app_read_lock(app);
	month_json(p, app->board, today, true);
	p->w = &changed;
	jw_object(&changed);
	changed_json(p, app->board);
	jw_object_end(&changed);
	p->w = main;
	app_unlock(app);
	for (int back = 1; back < PREVIEW_MONTHS; back++) {
		struct past_board *past;
		struct date day = month_last((struct month){month_of(today).index - back});
		if (!past_get(app, day, &past, err)) {
			str_free(&list);
			return false;
		}
		bool empty = past->journal == 0;
		if (!empty)
			month_json(p, past->board, day, false);
		past_release(app, past);
		if (empty)
			break;
	}
	jw_array_end(p->w);
	/* {"changed":[...]} without its braces */
	str_putc(p->w->out, ',');
	str_slice(p->w->out, (struct slice){list.s + 1, list.n - 2});
	str_free(&list);
	return true;
}

bool app_ruleset_preview_json(struct app *app, const struct person *person, const struct json *body,
	struct str *out, struct err *err)
{
	struct arena *a = arena_open();
	struct preview p = {.app = app, .a = a};
	const struct ruleset *asked;
	const struct ruleset **sets;
	int n = 0;
	bool done = false, found = false;
	if (!may_rules(app, person, VERB_READ, err) || !asked_ruleset(app, a, body, &asked, err))
		goto out;
	app_read_lock(app);
	sets = ARENA_ARRAY(a, const struct ruleset *, (size_t)app->rules.nbound + 1);
	bool off = !json_bool(json_get(body, "active"), true);
	for (int i = 0; i < app->rules.nbound; i++) {
		bool same = strcmp(app->rules.bound[i]->name, asked->name) == 0;
		found |= same;
		if (!same)
			sets[n++] = app->rules.bound[i];
		else if (!off)
			sets[n++] = asked;
	}
	if (!found && !off)
		sets[n++] = asked;
	bool bound = lights_open(app->board, app->rules.bound, app->rules.nbound, &p.before, err) &&
		lights_open(app->board, sets, n, &p.after, err);
	app_unlock(app);
	if (!bound)
		goto out;
	struct json_writer w = jw_start(out);
	p.w = &w;
	jw_object(&w);
	jw_key(&w, "months");
	jw_array(&w);
	done = preview_months(&p, err);
	jw_object_end(&w);
out:
	lights_close(p.before);
	lights_close(p.after);
	arena_close(a);
	return done;
}

/* ---- one of them, as it is written ---- */

static const char *const unit_words[] = {
	[UNIT_PERCENT] = "percent",
	[UNIT_POINTS] = "points",
	[UNIT_DAYS] = "days",
	[UNIT_MONTHS] = "months",
	[UNIT_COUNT] = "count",
	[UNIT_PLACE] = "place",
	[UNIT_LEVEL] = "level",
};

static void indicators_json(struct json_writer *w)
{
	jw_key(w, "indicators");
	jw_array(w);
	for (int i = 0; i < indicators_count; i++) {
		const struct indicator *one = &indicators[i];
		jw_object(w);
		jw_kt(w, "name", one->name);
		jw_label(w, "label", one->label);
		jw_kt(w, "unit", unit_words[one->unit]);
		jw_ki(w, "scale", indicator_scale(one));
		jw_kt(w, "subject", one->subject == SUBJECT_UNIT ? "unit" : "project");
		jw_label(w, "formula", one->formula);
		jw_key(w, "params");
		jw_array(w);
		for (int k = 0; k < LIGHT_PARAMS && one->params[k].name; k++) {
			jw_object(w);
			jw_kt(w, "name", one->params[k].name);
			jw_label(w, "label", one->params[k].label);
			jw_key(w, "otherwise");
			if (one->params[k].is_name)
				jw_text(w, one->params[k].otherwise_name);
			else
				jw_int(w, one->params[k].otherwise);
			jw_object_end(w);
		}
		jw_array_end(w);
		jw_object_end(w);
	}
	jw_array_end(w);
}

static bool own_record(struct app *app, struct arena *a, const struct register_def *def,
	const char *name, struct record **out, struct err *err);

/* The text the office wrote, or the shipped one. */
static bool ruleset_document(struct app *app, struct arena *a, const char *name, bool own,
	struct slice *out, struct err *err)
{
	const struct register_def *def;
	struct record *record = NULL;
	if (own &&
		(!app_register_find(app, "ruleset", &def, err) ||
			!own_record(app, a, def, name, &record, err)))
		return false;
	const struct value *body = record ? record_value(record, "body") : NULL;
	const struct embedded *shipped = embed_find(arena_printf(a, "rules/lights/%s.json", name));
	if (body && body->kind == VALUE_TEXT)
		*out = body->text;
	else if (shipped)
		*out = embed_text(shipped);
	else
		return err_set(err, ERR_MISSING, "name", "there is no rule set \"%s\"", name);
	return true;
}

bool app_ruleset_json(struct app *app, const struct person *person, const char *name,
	struct str *out, struct err *err)
{
	struct slice document;
	struct ruleset set = {0};
	bool found = false, own = false;
	/* as with the list: the rules are nobody's secret */
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	struct arena *a = arena_open();
	app_read_lock(app);
	for (int i = 0; i < app->rules.n && !found; i++)
		if (strcmp(app->rules.sets[i]->name, name) == 0) {
			found = true;
			own = app->rules.own[i];
			set = *app->rules.sets[i];
			set.active = app->rules.active[i];
		}
	app_unlock(app);
	bool done = found || err_set(err, ERR_MISSING, "name", "there is no rule set \"%s\"", name);
	done = done && ruleset_document(app, a, name, own, &document, err);
	if (done) {
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_kb(&w, "own", own);
		jw_kb(&w, "shipped", embed_find(arena_printf(a, "rules/lights/%s.json", name)) != NULL);
		jw_key(&w, "ruleset");
		jw_raw(&w, document);
		jw_key(&w, "shown");
		ruleset_to_json(&w, a, &set);
		indicators_json(&w);
		jw_object_end(&w);
		jw_end(&w);
	}
	arena_close(a);
	return done;
}

bool app_ruleset_check(struct app *app, const struct person *person, const struct json *body,
	struct str *out, struct err *err)
{
	if (!may_rules(app, person, VERB_READ, err))
		return false;
	if (json_absent(json_get(body, "ruleset")))
		return err_set(err, ERR_INPUT, "ruleset", "give the rule set to look at");
	struct arena *a = arena_open();
	bool done = app_ruleset_check_json(json_of(a, json_get(body, "ruleset")), "ruleset", out, err);
	arena_close(a);
	return done;
}

/* ---- changing them ---- */

static bool own_record(struct app *app, struct arena *a, const struct register_def *def,
	const char *name, struct record **out, struct err *err)
{
	struct value wanted = {.kind = VALUE_TEXT, .text = slice_of(name)};
	struct record **found;
	int n;
	if (!store_find(app->store, a, def, register_field(def, "name"), &wanted, &found, &n, err))
		return false;
	*out = n ? found[0] : NULL;
	return true;
}

bool app_ruleset_set(struct app *app, struct arena *a, const struct person *person,
	const struct json *body, struct str *out, struct err *err)
{
	const struct register_def *def;
	const struct ruleset *asked;
	struct record *record;
	struct submitted made;
	const struct json *parsed;
	struct str text = STR_INIT;
	if (!may_rules(app, person, VERB_UPDATE, err) || !asked_ruleset(app, a, body, &asked, err) ||
		!app_register_find(app, "ruleset", &def, err) ||
		!own_record(app, a, def, asked->name, &record, err))
		return false;
	const struct json *given = json_get(body, "ruleset");
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	jw_key(&w, "fields");
	jw_object(&w);
	jw_kt(&w, "name", asked->name);
	if (!json_absent(given)) {
		jw_key(&w, "body");
		jw_json(&w, given);
	}
	jw_kb(&w, "active", json_bool(json_get(body, "active"), true));
	jw_object_end(&w);
	jw_kt(&w, "reason", json_text(json_get(body, "reason"), NULL));
	jw_object_end(&w);
	bool done = json_parse(a, str_view(&text), NULL, &parsed, err) &&
		(record ? app_update(app, a, person, "ruleset", record->id, record->version, parsed, NULL,
					  &made, err)
				: app_create(app, a, person, "ruleset", parsed, NULL, &made, err));
	str_free(&text);
	if (!done || !app_reload_rules(app, err))
		return false;
	struct json_writer answer = jw_start(out);
	ruleset_to_json(&answer, a, asked);
	jw_end(&answer);
	return true;
}
