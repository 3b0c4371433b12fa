/* Every template: known words, weights that make 100, sound logic, and offers that help when the finish is too early. */
#include "cmocka_all.h"
#include "err_check.h"

#include "base/embed.h"
#include "base/json.h"
#include "intake/office_days.h"
#include "intake/plan_json.h"
#include "intake/plan_template.h"
#include "sched/backward.h"
#include "sched/quality.h"

static struct arena *a;

static struct plan_template loaded(const char *name, enum lang lang)
{
	struct plan_template t;
	struct err err = {0};
	if (!plan_template_load(a, name, lang, &t, &err)) {
		struct str s = STR_INIT;
		err_say(&err, LANG_EN, &s);
		fail_msg("%s: %s", name, str_text(&s));
	}
	return t;
}

static struct plan fitted(const struct plan_template *t, const struct day_rule *rules, int nrules,
	struct date start, struct date finish, int percent)
{
	struct template_wish wish = {start, finish, percent, NULL};
	struct plan p;
	struct err err = {0};
	assert_true(calendar_builtin(a, rules, nrules, &wish.calendar, &err));
	assert_true(plan_template_fit(a, t, &wish, &p, &err));
	return p;
}

static struct schedule dated(const struct plan *p)
{
	struct schedule s;
	struct err err = {0};
	assert_true(sched_run(a, p, NULL, &s, &err));
	return s;
}

/* Is the word one of the choices of that field? */
static bool known_word(const char *path, const char *field, const char *word)
{
	const struct json *root, *fields;
	struct err err = {0};
	assert_true(json_parse(a, embed_text(embed_find(path)), path, &root, &err));
	fields = json_get(root, "fields");
	for (int i = 0; i < json_count(fields); i++) {
		const struct json *choices = json_get(json_at(fields, i), "choices");
		if (strcmp(json_text(json_get(json_at(fields, i), "name"), ""), field) != 0)
			continue;
		for (int k = 0; k < json_count(choices); k++)
			if (strcmp(json_text(json_get(json_at(choices, k), "name"), ""), word) == 0)
				return true;
	}
	return false;
}

static bool is_english(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

static void check_words(const struct plan_template *t, const struct plan_template *english)
{
	int64_t progress = 0;
	int nodes = 0;

	assert_true(t->ntypes > 0 && is_english(t->label.en) && !is_english(t->label.zh));
	for (int i = 0; i < t->ntypes; i++)
		assert_true(known_word("registers/project.json", "category", t->types[i]));
	for (int32_t i = 0; i < t->plan.ntasks; i++) {
		const struct template_task *x = &t->tasks[i];
		const struct plan_task *task = &t->plan.tasks[i];
		progress += task->quantity_planned;
		nodes += x->node != NULL;
		assert_true(is_english(english->plan.tasks[i].name));
		assert_true(!task->stage || known_word("registers/report.json", "stage", task->stage));
		assert_true(!x->node || known_word("registers/milestone.json", "kind", x->node));
		assert_true(!x->node || task->type == TASK_FINISH_MILESTONE);
		if (task->type ==
			TASK_WORK) { /* every duration says where it is from, and how it may turn out */
			assert_true(x->is_default != (x->source != NULL));
			assert_true(task->range_low < 1000 && task->range_high > 1000);
		}
	}
	for (int32_t i = 0; i < t->plan.nresources; i++)
		assert_true(
			is_english(english->plan.resources[i].name) && !is_english(t->plan.resources[i].name));
	assert_true(t->plan.nresources > 0 && t->plan.nassignments >= t->plan.nresources);
	assert_int_equal(progress, 100 * 1000);
	assert_true(nodes >= 6);
	for (int32_t i = 0; i < t->plan.nrelaxations; i++)
		assert_true(is_english(english->plan.relaxations[i].name));
}

static void check_logic(const char *name, const struct plan *p)
{
	static const int sound[] = {0, 1, 2, 3, 4, 6, 8}; /* D01-D05, D07, D09 */
	struct schedule s = dated(p);
	struct quality q;
	struct err err = {0};

	for (int32_t i = 0; i < s.findings.n; i++)
		if (s.findings.items[i].kind->weight != FINDING_NOTE)
			fail_msg("%s: finding %s", name, s.findings.items[i].kind->id);
	assert_true(plan_quality(a, &s, &q, &err));
	for (size_t i = 0; i < countof(sound); i++)
		if (q.dcma[sound[i]].answer != QUALITY_PASSED)
			fail_msg("%s fails %s", name, q.dcma[sound[i]].id);
	for (int32_t i = 0; i < p->ntasks; i++)
		assert_false(moment_is_none(s.tasks[i].finish));
}

static void every_template_is_sound(void **state)
{
	int n;
	const char **names = plan_template_names(a, &n);

	assert_true(n >= 10);
	for (int i = 0; i < n; i++) {
		struct plan_template t = loaded(names[i], LANG_ZH), english = loaded(names[i], LANG_EN);
		struct plan p = fitted(&t, NULL, 0, date_from_ymd(2026, 3, 2), DATE_NONE, 100);
		check_words(&t, &english);
		check_logic(names[i], &p);
	}
	(void)state;
}

static void backwards_there_are_offers(void **state)
{
	int n;
	const char **names = plan_template_names(a, &n);

	for (int i = 0; i < n; i++) {
		struct plan_template t = loaded(names[i], LANG_ZH);
		struct date start = date_from_ymd(2026, 3, 2);
		struct plan p = fitted(&t, NULL, 0, start, DATE_NONE, 100);
		struct schedule s = dated(&p);
		struct date finish = {moment_date(s.projects[0].finish).day - 45};
		struct backward_plan b;
		struct err err = {0};
		int helping = 0;
		p = fitted(&t, NULL, 0, start, finish, 100);
		assert_true(plan_backward(a, &p, 0, MOMENT_NONE, &b, &err));
		assert_true(b.shortage_work > 0);
		if (b.nsets == 0 || !b.complete)
			fail_msg("%s: no set of offers makes up 45 days", names[i]);
		for (int32_t k = 0; k < b.nalone; k++)
			helping += b.alone_work[k] > 0;
		if (helping < 4)
			fail_msg("%s: only %d offers help", names[i], helping);
	}
	(void)state;
}

static const struct plan_calendar *calendar_named(const struct plan *p, const char *id)
{
	for (int32_t i = 0; i < p->ncalendars; i++)
		if (strcmp(p->calendars[i].id, id) == 0)
			return &p->calendars[i];
	fail_msg("no calendar %s", id);
	return NULL;
}

static bool at_work(const struct plan_calendar *c, int year, int month, int day)
{
	struct date d = date_from_ymd(year, month, day);
	bool work = c->week[date_weekday(d) - 1].n > 0;
	for (int32_t i = 0; i < c->nexceptions; i++)
		if (d.day >= c->exceptions[i].from.day && d.day <= c->exceptions[i].to.day)
			work = c->exceptions[i].day.n > 0;
	return work;
}

static void the_offices_days_become_the_plans(void **state)
{
	struct day_rule rules[] = {
		{DAY_WINTER_STOP, date_from_ymd(2026, 11, 15), date_from_ymd(2027, 3, 15)},
		{DAY_CLOSURE, date_from_ymd(2026, 6, 3), date_from_ymd(2026, 6, 3)}};
	struct plan_template t = loaded("road", LANG_ZH);
	struct date start = date_from_ymd(2026, 3, 2);
	struct plan p = fitted(&t, rules, 2, start, DATE_NONE, 100),
				plain = fitted(&t, NULL, 0, start, DATE_NONE, 100);
	const struct plan_calendar *office = calendar_named(&p, "office"),
							   *site = calendar_named(&p, "site"),
							   *six = calendar_named(&p, "site_six"),
							   *winter = calendar_named(&p, "winter_six");

	assert_false(at_work(office, 2026, 10, 1)); /* National Day */
	assert_false(at_work(six, 2026, 10, 3));    /* the Saturday within it */
	assert_true(at_work(office, 2026, 10, 10)); /* its make-up Saturday */
	assert_false(at_work(office, 2026, 10, 17));
	assert_true(at_work(six, 2026, 10, 17));
	assert_false(at_work(office, 2026, 6, 3)); /* a closure of the office's own */
	assert_true(at_work(office, 2026, 12, 1));
	assert_false(at_work(site, 2026, 12, 1));
	assert_false(at_work(six, 2026, 12, 5));
	assert_true(at_work(winter, 2026, 12, 5));
	assert_true(at_work(site, 2027, 3, 16));
	assert_int_equal(office->provisional_from.day, date_from_ymd(2027, 1, 1).day);
	struct schedule with = dated(&p), without = dated(&plain);
	assert_true(with.projects[0].finish.tick > without.projects[0].finish.tick);
	assert_int_equal(p.nrelaxations, plain.nrelaxations + 1); /* work through the winter */
	(void)state;
}

/* What follows the office is worked out anew; what the planner entered stays and wins. */
static void a_plan_follows_days_entered_later(void **state)
{
	static const char text[] =
		"{\"guatu_plan\":1,\"calendars\":[{\"id\":\"site\",\"follows\":\"site\",\"week\":{\"mon-"
		"sun\":"
		"\"08:00-12:00 13:00-17:00\"},\"exceptions\":[{\"from\":\"2026-12-01\",\"hours\":\"20:00-"
		"06:00\",\"name\":\"pour\"},{\"from\":\"2026-06-01\",\"office\":\"holiday\"}]},{\"id\":"
		"\"own\",\"week\":{\"mon-fri\":\"08:00-16:00\"}}],\"projects\":[{\"id\":\"P\",\"start\":"
		"\"2026-03-02\",\"calendar\":\"site\"}],\"tasks\":[{\"id\":\"t\",\"duration\":\"10d\"}]}";
	const struct day_rule stop[] = {
		{DAY_WINTER_STOP, date_from_ymd(2025, 11, 15), date_from_ymd(2026, 3, 15), true}};
	const struct calendar *plain, *cold;
	struct plan drawn, p, again;
	struct str out = STR_INIT;
	struct err err = {0};

	assert_true(plan_json_read(a, slice_of(text), &drawn, &err));
	assert_true(calendar_builtin(a, NULL, 0, &plain, &err));
	assert_true(calendar_builtin(a, stop, 1, &cold, &err));
	p = drawn;
	plan_follow_office(a, &p, cold, LANG_EN);
	const struct plan_calendar *site = calendar_named(&p, "site");
	assert_true(at_work(site, 2026, 6, 1)); /* an office day of before is not one any more */
	assert_false(at_work(site, 2026, 3, 14));
	assert_true(at_work(site, 2026, 3, 16));
	assert_true(at_work(site, 2026, 12, 1)); /* its own, in the winter stop */
	assert_false(at_work(site, 2026, 12, 2));
	assert_false(at_work(site, 2030, 1, 9));  /* every year */
	assert_true(at_work(site, 2026, 9, 6));   /* a Sunday of its week */
	assert_false(at_work(site, 2026, 10, 4)); /* the Sunday within National Day */
	assert_int_equal(calendar_named(&p, "own")->nexceptions, 0);
	assert_int_equal(drawn.calendars[0].nexceptions, 2); /* what it was read from is as it was */
	plan_json_write(&p, &out);
	assert_true(plan_json_read(a, str_view(&out), &again, &err));
	assert_int_equal(again.calendars[0].follows, FOLLOWS_SITE);
	plan_follow_office(a, &again, plain, LANG_EN);
	site = calendar_named(&again, "site");
	assert_true(at_work(site, 2026, 12, 2) && at_work(site, 2026, 12, 1));
	assert_string_equal(site->exceptions[site->nexceptions - 1].name, "pour");
	str_free(&out);
	(void)state;
}

static void works_are_stretched_permits_are_not(void **state)
{
	struct plan_template t = loaded("industrial_plant", LANG_EN);
	struct date start = date_from_ymd(2026, 3, 2), finish = date_from_ymd(2027, 6, 30);
	struct plan usual = fitted(&t, NULL, 0, start, DATE_NONE, 100),
				twice = fitted(&t, NULL, 0, start, finish, 200);
	struct template_wish wish = {start, DATE_NONE, 5, NULL};
	struct plan p;
	struct err err = {0};

	for (int32_t i = 0; i < usual.ntasks; i++)
		assert_int_equal(twice.tasks[i].duration_work,
			usual.tasks[i].duration_work * (t.plan.tasks[i].stage ? 2 : 1));
	assert_int_equal(usual.nrelaxations + 1, twice.nrelaxations); /* a later date than none */
	assert_int_equal(moment_date(twice.projects[0].must_finish).day, finish.day + 1);
	assert_true(calendar_builtin(a, NULL, 0, &wish.calendar, &err));
	assert_false(plan_template_fit(a, &t, &wish, &p, &err));
	assert_place(&err, "works_percent", NULL);
	wish.works_percent = 100;
	wish.required_finish = date_from_ymd(2026, 3, 1);
	assert_false(plan_template_fit(a, &t, &wish, &p, &err));
	assert_false(plan_template_load(a, "castle", LANG_ZH, &t, &err));
	assert_int_equal(err.code, ERR_MISSING);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_template_is_sound),
		cmocka_unit_test(backwards_there_are_offers),
		cmocka_unit_test(the_offices_days_become_the_plans),
		cmocka_unit_test(a_plan_follows_days_entered_later),
		cmocka_unit_test(works_are_stretched_permits_are_not),
	};
	a = arena_open();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_close(a);
	return failed;
}
