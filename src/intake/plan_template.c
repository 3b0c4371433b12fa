/* See plan_template.h. */
#include "intake/plan_template.h"

#include "base/embed.h"
#include "base/json.h"
#include "intake/office_days.h"
#include "intake/plan_json.h"

#define FOLDER "templates/"

const char **plan_template_names(struct arena *a, int *n)
{
	const struct embedded *files = embed_under(FOLDER, n);
	const char **names = ARENA_ARRAY(a, const char *, (size_t)*n + 1);

	for (int i = 0; i < *n; i++) {
		struct slice name = slice_of(files[i].path + sizeof(FOLDER) - 1);
		name.n -= sizeof(".json") - 1;
		names[i] = arena_text(a, name);
	}
	return names;
}

static const char *in_english(const struct json *notes, const char *id, const char *otherwise)
{
	const struct json *own = json_get(notes, id);
	return json_text(own && own->type == JSON_IS_OBJECT ? json_get(own, "en") : own, otherwise);
}

/* Whoever reads English gets the names in English. */
static void translate(struct plan_template *t, const struct json *root)
{
	const struct json *notes = json_get(root, "notes"), *tasks = json_get(root, "tasks");
	struct plan *p = &t->plan;

	p->projects[0].name = t->label.en;
	for (int32_t i = 0; i < p->ntasks; i++)
		p->tasks[i].name = in_english(json_at(tasks, i), "notes", p->tasks[i].name);
	for (int32_t i = 0; i < p->ncalendars; i++)
		p->calendars[i].name =
			in_english(json_get(notes, "calendars"), p->calendars[i].id, p->calendars[i].name);
	for (int32_t i = 0; i < p->nresources; i++)
		p->resources[i].name =
			in_english(json_get(notes, "resources"), p->resources[i].id, p->resources[i].name);
	for (int32_t i = 0; i < p->nrelaxations; i++)
		p->relaxations[i].name = in_english(
			json_get(notes, "relaxations"), p->relaxations[i].id, p->relaxations[i].name);
}

static struct label label_of(const struct json *j)
{
	return (struct label){json_text(json_get(j, "zh"), NULL), json_text(json_get(j, "en"), NULL)};
}

static void take_notes(struct arena *a, struct plan_template *t, const struct json *root)
{
	const struct json *notes = json_get(root, "notes"), *label = json_get(notes, "label"),
					  *types = json_get(notes, "types");
	struct template_task *tasks = ARENA_ARRAY(a, struct template_task, (size_t)t->plan.ntasks);

	t->label = (struct label){
		json_text(json_get(label, "zh"), t->name), json_text(json_get(label, "en"), t->name)};
	t->stages_source = json_text(json_get(notes, "stages_source"), NULL);
	t->ntypes = json_count(types);
	t->types = ARENA_ARRAY(a, const char *, (size_t)t->ntypes + 1);
	for (int i = 0; i < t->ntypes; i++)
		t->types[i] = json_text(json_at(types, i), "");
	for (int32_t i = 0; i < t->plan.ntasks; i++) {
		const struct json *own = json_get(json_at(json_get(root, "tasks"), i), "notes");
		tasks[i] = (struct template_task){.node = json_text(json_get(own, "node"), NULL),
			.node_weight = (int)json_int(json_get(own, "node_weight"), 0),
			.permit = json_bool(json_get(own, "permit"), false),
			.is_default = json_bool(json_get(own, "default"), false),
			.legal_days = label_of(json_get(own, "legal_days")),
			.promised_days = label_of(json_get(own, "promised_days")),
			.source = json_text(json_get(own, "source"), NULL)};
	}
	t->tasks = tasks;
}

bool plan_template_load(
	struct arena *a, const char *name, enum lang lang, struct plan_template *out, struct err *err)
{
	const char *path = arena_printf(a, FOLDER "%s.json", name);
	const struct embedded *file = embed_find(path);
	struct plan_template t = {.name = arena_strdup(a, name)};
	const struct json *root;

	if (!file)
		return err_set(err, ERR_MISSING, "template", "there is no template \"%s\"", name);
	if (!json_parse(a, embed_text(file), path, &root, err))
		return false;
	if (!plan_json_from(a, root, &t.plan, err))
		return err_in(err, "%s", path);
	take_notes(a, &t, root);
	if (lang == LANG_EN)
		translate(&t, root);
	*out = t;
	return true;
}

/* ---- Fitting ------------------------------------------------------------------------------------------------- */

static void *copied(struct arena *a, const void *items, int32_t n, size_t size)
{
	void *copy = arena_array(a, (size_t)n + 1, size);
	return n ? memcpy(copy, items, (size_t)n * size) : copy;
}

static int32_t day_of(const struct plan *p, int32_t task)
{
	int32_t calendar = plan_task_calendar(p, &p->tasks[task]);
	int32_t minutes = calendar >= 0 ? p->calendars[calendar].day_minutes : 0;

	return (minutes ? minutes : 480) * TICKS_PER_MINUTE;
}

int32_t plan_template_days(const struct plan_template *t, int32_t task)
{
	return t->plan.tasks[task].duration_work / day_of(&t->plan, task);
}

static int32_t scaled(const struct plan *p, int32_t task, int32_t work, int percent)
{
	int32_t day = day_of(p, task);
	int64_t days = ((int64_t)work * percent / 100 + day / 2) / day;

	return (int32_t)(days > 0 ? days : 1) * day;
}

static void stretch(struct plan *p, int percent)
{
	for (int32_t i = 0; i < p->ntasks; i++)
		if (p->tasks[i].stage && percent != 100) {
			struct plan_task *t = &p->tasks[i];
			t->duration_work = t->remaining_work = scaled(p, i, t->duration_work, percent);
		}
	for (int32_t i = 0; i < p->nrelaxations; i++) {
		struct plan_relaxation *x = &p->relaxations[i];
		if (percent == 100)
			break;
		if (x->kind == RELAX_DURATION && p->tasks[x->subject].stage)
			x->work = scaled(p, x->subject, x->work, percent);
		else if (x->kind == RELAX_LINK && x->lag < 0)
			x->lag = -scaled(p, p->links[x->subject].from, -x->lag, percent);
	}
}

static bool rests_in_winter(const struct calendar *office, struct date from)
{
	struct season season;

	for (int year = 0; year < OFFICE_DAYS_YEARS; year++)
		if (calendar_season(office, date_add_months(from, year * 12), &season))
			return true;
	return false;
}

/* What can be offered here: a date later than the required one (by 60 days) where one is required, work through the winter
 * where winter stops it. */
static void settle_offers(struct plan *p, bool rests, struct date required)
{
	int32_t n = 0;

	if (!date_is_none(required))
		p->projects[0].must_finish = moment_of((struct date){required.day + 1}, 0);
	for (int32_t i = 0; i < p->nrelaxations; i++) {
		struct plan_relaxation x = p->relaxations[i];
		if (x.kind == RELAX_FINISH && date_is_none(required))
			continue;
		if (x.kind == RELAX_CALENDAR && !rests && p->calendars[x.subject].follows == FOLLOWS_SITE &&
			p->calendars[x.calendar].follows != FOLLOWS_SITE)
			continue;
		if (x.kind == RELAX_FINISH)
			x.date = moment_of((struct date){required.day + 61}, 0);
		p->relaxations[n++] = x;
	}
	p->nrelaxations = n;
}

bool plan_template_fit(struct arena *a, const struct plan_template *t,
	const struct template_wish *wish, struct plan *out, struct err *err)
{
	enum lang lang = strcmp(t->plan.projects[0].name, t->label.en) == 0 ? LANG_EN : LANG_ZH;
	struct plan p = t->plan;

	if (wish->works_percent < TEMPLATE_LEAST_PERCENT || wish->works_percent > TEMPLATE_MOST_PERCENT)
		return err_set(err, ERR_INPUT, "works_percent", "%d is not between %d and %d",
			wish->works_percent, TEMPLATE_LEAST_PERCENT, TEMPLATE_MOST_PERCENT);
	if (!date_is_none(wish->required_finish) && wish->required_finish.day < wish->start.day)
		return err_set(
			err, ERR_INPUT, "required_finish", "the required finish lies before the start");
	p.projects = copied(a, p.projects, p.nprojects, sizeof(*p.projects));
	p.tasks = copied(a, p.tasks, p.ntasks, sizeof(*p.tasks));
	p.relaxations = copied(a, p.relaxations, p.nrelaxations, sizeof(*p.relaxations));
	p.projects[0].start = moment_of(wish->start, 0);
	plan_follow_office(a, &p, wish->calendar, lang);
	stretch(&p, wish->works_percent);
	settle_offers(&p, rests_in_winter(wish->calendar, wish->start), wish->required_finish);
	*out = p;
	return true;
}
