/* Plans of tasks for some of the county's projects: a template stretched so that its start and finish are the story's. */
#include "demo/demo_inside.h"
#include "app/planning.h"
#include "intake/plan_template.h"
#include "sched/sched.h"

static const char *template_of(const struct story *s)
{
	static const struct {
		const char *word, *name;
	} words[] = {{"大桥", "bridge"}, {"标准厂房", "standard_workshop"}, {"农田", "water_works"}};

	for (size_t i = 0; i < countof(words); i++)
		if (strstr(s->title, words[i].word))
			return words[i].name;
	return demo_kinds[s->kind].plan;
}

/* Calendar days that the template takes, as it stands, before its start of works and from there to its finish. */
static bool usual_days(struct arena *a, const char *name, int *before, int *works, struct err *err)
{
	struct plan_template t;
	struct schedule s;
	int32_t start = 0, finish = 0;

	if (!plan_template_load(a, name, LANG_ZH, &t, err) || !sched_run(a, &t.plan, NULL, &s, err))
		return false;
	for (int32_t i = 0; i < t.plan.ntasks; i++) {
		const char *node = t.tasks[i].node;
		if (node && strcmp(node, "start") == 0)
			start = moment_date(s.tasks[i].finish).day;
		else if (node && strcmp(node, "finish") == 0)
			finish = moment_date(s.tasks[i].finish).day;
	}
	*before = start - moment_date(t.plan.projects[0].start).day;
	*works = finish - start;
	return true;
}

static void day_key(struct json_writer *w, const char *key, struct date d)
{
	struct str text = STR_INIT;
	date_format(&text, d);
	jw_kt(w, key, str_text(&text));
	str_free(&text);
}

bool demo_schedule(struct demo *demo, struct pen *pen, struct story *s, struct err *err)
{
	const char *name = template_of(s);
	struct submitted done = {0};
	struct str text = STR_INIT;
	const struct json *body;
	int before, works;

	if (!usual_days(pen->a, name, &before, &works, err))
		return false;
	int percent = (s->planned_finish.day - s->planned_start.day) * 95 / works;
	percent = percent < TEMPLATE_LEAST_PERCENT ? TEMPLATE_LEAST_PERCENT : percent;
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	jw_kt(&w, "template", name);
	jw_kt(&w, "title", "总体进度计划");
	day_key(&w, "start", (struct date){s->planned_start.day - before});
	day_key(&w, "required_finish",
		demo_kinds[s->kind].produces ? s->planned_production : s->planned_finish);
	jw_ki(&w, "works_percent", percent);
	jw_object_end(&w);
	jw_end(&w);
	bool fine = json_parse(pen->a, arena_slice(pen->a, str_view(&text)), NULL, &body, err) &&
		planning_from_template(demo->app, pen->a, pen->w.person, s->id, 0, body, NULL, &done, err);
	str_free(&text);
	s->schedule = done.id;
	return fine;
}
