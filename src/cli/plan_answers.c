/* guatu plan back, why, compare, check, convert: questions about a plan, answered in words, tables or JSON. */
#include <stdlib.h>

#include "base/os.h"
#include "cli/plan_parts.h"
#include "intake/plan_file.h"
#include "sched/backward.h"
#include "sched/compare.h"
#include "sched/quality.h"
#include "sched/why.h"

static int give_up(struct arena *a, const struct err *err)
{
	arena_close(a);
	return fail(err);
}

static bool zh(void)
{
	return cli_lang() == LANG_ZH;
}

static bool find_project(const struct plan *plan, const char *code, int32_t *project)
{
	*project = -1; /* nobody named one */
	for (int32_t i = plan->nprojects - 1; code && i >= 0; i--)
		if (strcmp(plan->projects[i].code, code) == 0 || strcmp(plan->projects[i].id, code) == 0)
			*project = i;
	return !code || *project >= 0;
}

/* Working ticks as days, one place. */
static const char *days(struct arena *a, int64_t work, int32_t day_work)
{
	struct str s = STR_INIT;
	str_decimal(&s, work * 10 / day_work, 1);
	char *text = arena_strdup(a, str_text(&s));
	str_free(&s);
	return text;
}

/* ---- back ---------------------------------------------------------------------------------------------------- */

/* Tasks that a finding left without dates: nothing is said of them, so nothing fits for certain. */
static int32_t undated(const struct plan *plan, const struct backward_plan *b)
{
	int32_t n = 0;

	for (int32_t i = 0; i < plan->ntasks; i++)
		n += plan->tasks[i].project == b->project && !plan->tasks[i].inactive &&
			moment_is_none(b->late.tasks[i].finish);
	return n;
}

/* The last day's end is that day's, not the next one's first moment. */
static const char *end_text(struct moment m, char out[20])
{
	if (moment_is_none(m) || moment_tick_of_day(m) != 0)
		return moment_text(m, out);
	m.tick--;
	moment_text(m, out);
	out[10] = 0;
	return out;
}

static void json_back(const struct loaded *loaded, const struct backward_plan *b)
{
	const struct plan *plan = &loaded->plan;
	struct str out = STR_INIT;
	struct json_writer w = jw_start(&out);

	w.pretty = true;
	jw_object(&w);
	jw_kt(&w, "project", plan_project_code(&plan->projects[b->project]));
	plan_json_moment(&w, "required", b->required);
	plan_json_moment(&w, "finish", b->finish);
	plan_json_hours(&w, "shortage_h", b->shortage_work > 0 ? b->shortage_work : 0);
	jw_kb(&w, "complete", b->complete);
	jw_ki(&w, "undated", undated(plan, b));
	jw_key(&w, "tasks");
	jw_array(&w);
	for (int32_t i = 0; i < plan->ntasks; i++) {
		if (plan->tasks[i].project != b->project)
			continue;
		jw_object(&w);
		jw_kt(&w, "task", plan_task_code(plan, i));
		plan_json_moment(&w, "latest_start", b->late.tasks[i].late_start);
		plan_json_moment(&w, "latest_finish", b->late.tasks[i].late_finish);
		plan_json_hours(&w, "total_float_h", b->late.tasks[i].total_float);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_key(&w, "alone");
	jw_array(&w);
	for (int32_t i = 0; i < b->nalone; i++) {
		if (b->alone_work[i] < 0)
			continue;
		jw_object(&w);
		jw_kt(&w, "relaxation", plan->relaxations[i].id);
		plan_json_hours(&w, "gain_h", b->alone_work[i]);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_key(&w, "sets");
	jw_array(&w);
	for (int32_t i = 0; i < b->nsets; i++) {
		jw_object(&w);
		plan_json_moment(&w, "finish", b->sets[i].finish);
		jw_key(&w, "items");
		jw_array(&w);
		for (int32_t k = 0; k < b->sets[i].n; k++) {
			jw_object(&w);
			jw_kt(&w, "relaxation", plan->relaxations[b->sets[i].items[k]].id);
			plan_json_hours(&w, "gain_h", b->sets[i].gain_work[k]);
			jw_object_end(&w);
		}
		jw_array_end(&w);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_key(&w, "findings");
	jw_array(&w);
	plan_json_findings(&w, plan, &loaded->found);
	plan_json_findings(&w, plan, &b->late.findings);
	jw_array_end(&w);
	jw_object_end(&w);
	plan_print_json(&out, &w);
}

static void print_latest(struct arena *a, const struct plan *plan, const struct backward_plan *b)
{
	static const struct label heads[] = {
		{"最迟开始", "latest start"}, {"最迟完成", "latest finish"}};
	struct table t = plan_table(heads, countof(heads));

	for (int32_t i = 0; i < plan->ntasks; i++) {
		if (plan->tasks[i].project != b->project)
			continue;
		plan_add_task(&t, plan, i);
		plan_add_moment(&t, a, b->late.tasks[i].late_start);
		plan_add_moment(&t, a, b->late.tasks[i].late_finish);
	}
	table_print(&t);
}

static void print_back(struct arena *a, const struct plan *plan, const struct backward_plan *b)
{
	char x[20], y[20];
	const int32_t day = plan_day_work(plan, plan->projects[b->project].calendar);

	print_latest(a, plan, b);
	if (undated(plan, b))
		printf(
			zh() ? "\n有 %d 项任务没有日期，没有算在内" : "\ntasks without a date, not counted: %d",
			undated(plan, b));
	if (plan->nprojects > 1)
		printf(
			zh() ? "\n项目 %s：" : "\nproject %s:", plan_project_code(&plan->projects[b->project]));
	printf(zh() ? "\n要求 %s 完成；按现计划 %s 完成；" : "\nrequired %s; the plan finishes %s; ",
		end_text(b->required, x), end_text(b->finish, y));
	if (b->shortage_work <= 0) {
		printf(zh() ? "富余 %s 天\n" : "%s d to spare\n", days(a, -(int64_t)b->shortage_work, day));
		return;
	}
	printf(zh() ? "缺口 %s 天\n" : "%s d short\n", days(a, b->shortage_work, day));
	for (int32_t i = 0; i < b->nalone; i++)
		if (b->alone_work[i] >= 0)
			printf(zh() ? "  单独采用“%s”可抢回 %s 天\n" : "  \"%s\" alone gains %s d\n",
				plan->relaxations[i].name, days(a, b->alone_work[i], day));
	for (int32_t i = 0; i < b->nsets; i++) {
		printf(zh() ? "方案 %d，%s 完成：" : "way %d, finishes %s:", i + 1,
			end_text(b->sets[i].finish, x));
		for (int32_t k = 0; k < b->sets[i].n; k++)
			printf(zh() ? "%s“%s”（%s 天）" : "%s \"%s\" (%s d)", k ? zh() ? "＋" : " +" : "",
				plan->relaxations[b->sets[i].items[k]].name, days(a, b->sets[i].gain_work[k], day));
		printf("\n");
	}
	if (b->nsets == 0)
		printf(
			"%s\n", zh() ? "所列放宽条件都不足以按期完成" : "nothing the plan offers makes it fit");
	else if (!b->complete)
		printf("%s\n",
			zh() ? "（搜索达到上限，可能还有其他方案）"
				 : "(the search was cut off; there may be other ways)");
}

int plan_back(void)
{
	struct loaded l;
	struct backward_plan b;
	struct err err = {0};
	struct moment required = MOMENT_NONE;
	int32_t project;

	if (!plan_load(argument(1), &l, &err))
		return give_up(l.a, &err);
	if (!find_project(&l.plan, given("--project"), &project)) {
		err_set(&err, ERR_MISSING, "--project", "there is no project \"%s\" in this plan",
			given("--project"));
		return give_up(l.a, &err);
	}
	if (given("--finish") && !moment_parse(slice_of(given("--finish")), &required)) {
		err_set(&err, ERR_INPUT, "--finish", "\"%s\" is not a date between 1900 and 2199",
			given("--finish"));
		return give_up(l.a, &err);
	}
	if (given("--finish") && strlen(given("--finish")) == 10)
		required.tick += TICKS_PER_DAY; /* by the end of that day */
	if (!plan_backward(l.a, &l.plan, project, required, &b, &err))
		return give_up(l.a, &err);
	if (as_json()) {
		json_back(&l, &b);
	} else {
		print_back(l.a, &l.plan, &b);
		plan_print_findings(&l.plan, &l.found, stderr);
		plan_print_findings(&l.plan, &b.late.findings, stderr);
	}
	arena_close(l.a);
	return b.shortage_work > 0 ? EXIT_FOUND : EXIT_DONE;
}

/* ---- why ----------------------------------------------------------------------------------------------------- */

static int32_t find_task(const struct plan *plan, const char *code)
{
	for (int32_t i = 0; i < plan->ntasks; i++)
		if (strcmp(plan->tasks[i].code, code) == 0 || strcmp(plan->tasks[i].id, code) == 0)
			return i;
	return -1;
}

static void json_why(
	struct arena *a, const struct schedule *s, int32_t task, bool late, const char *sentence)
{
	struct str out = STR_INIT;
	struct json_writer w = jw_start(&out);
	int32_t n;
	const struct why_step *steps = why_steps(a, s, task, late, &n);

	w.pretty = true;
	jw_object(&w);
	jw_kt(&w, "task", plan_task_code(s->plan, task));
	jw_kt(&w, "sentence", sentence);
	jw_key(&w, "steps");
	jw_array(&w);
	for (int32_t i = 0; i < n; i++) {
		jw_object(&w);
		jw_kt(&w, "task", plan_task_code(s->plan, steps[i].task));
		plan_json_moment(&w, "start", steps[i].start);
		plan_json_moment(&w, "finish", steps[i].finish);
		jw_kt(&w, "reason", reason_name(steps[i].reason));
		if (steps[i].link >= 0)
			jw_kt(&w, "link", link_type_name(s->plan->links[steps[i].link].type));
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_object_end(&w);
	plan_print_json(&out, &w);
}

int plan_why(void)
{
	struct loaded l;
	struct schedule s;
	struct err err = {0};
	struct str sentence = STR_INIT;
	bool late = given("--late") != NULL;
	int32_t task;

	if (!plan_load(argument(1), &l, &err) || !sched_run(l.a, &l.plan, NULL, &s, &err))
		return give_up(l.a, &err);
	task = find_task(&l.plan, argument(2));
	if (task < 0) {
		err_set(&err, ERR_MISSING, NULL, "there is no task \"%s\" in this plan", argument(2));
		return give_up(l.a, &err);
	}
	why_say(l.a, &s, task, late, cli_lang(), &sentence);
	if (as_json())
		json_why(l.a, &s, task, late, str_text(&sentence));
	else if (sentence.n)
		say_line(stdout, str_text(&sentence));
	else
		plan_print_findings(&l.plan, &s.findings, stdout);
	str_free(&sentence);
	arena_close(l.a);
	return EXIT_DONE;
}

/* ---- compare ------------------------------------------------------------------------------------------------- */

static const struct {
	uint32_t bit;
	const char *name;
	struct label label;
} differences[] = {
	{DIFFERS_DURATION, "duration", {"工期", "duration"}},
	{DIFFERS_LOGIC, "logic", {"逻辑", "logic"}},
	{DIFFERS_CONSTRAINT, "constraint", {"约束", "constraint"}},
	{DIFFERS_CALENDAR, "calendar", {"日历", "calendar"}},
	{DIFFERS_PROGRESS, "progress", {"进展", "progress"}},
	{DIFFERS_NAME, "name", {"名称", "name"}},
	{DIFFERS_CRITICAL, "critical", {"关键性", "criticality"}},
};
static const char *const change_names[] = {"added", "removed", "changed"};

static void json_compare(
	const struct plan *before, const struct plan *after, const struct plan_changes *c)
{
	struct str out = STR_INIT;
	struct json_writer w = jw_start(&out);

	w.pretty = true;
	jw_object(&w);
	jw_ki(&w, "same", c->nsame);
	jw_key(&w, "changes");
	jw_array(&w);
	for (int32_t i = 0; i < c->n; i++) {
		const struct plan_change *x = &c->items[i];
		jw_object(&w);
		jw_kt(&w, "task",
			x->after >= 0 ? plan_task_code(after, x->after) : plan_task_code(before, x->before));
		jw_kt(&w, "change", change_names[x->kind]);
		plan_json_hours(&w, "start_shift_h", x->start_shift_work);
		plan_json_hours(&w, "finish_shift_h", x->finish_shift_work);
		plan_json_hours(&w, "float_change_h", x->float_change_work);
		jw_key(&w, "differs");
		jw_array(&w);
		for (size_t k = 0; k < countof(differences); k++)
			if (x->differs & differences[k].bit)
				jw_text(&w, differences[k].name);
		jw_array_end(&w);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_object_end(&w);
	plan_print_json(&out, &w);
}

/* A shift in days of the task's own calendar, with its sign; nothing where nothing moved. */
static const char *shift_text(struct arena *a, int32_t work, double day)
{
	return work ? arena_printf(a, "%+g", work / day) : "";
}

static void print_changes(struct arena *a, const struct plan *before, const struct plan *after,
	const struct plan_changes *c)
{
	static const struct label kinds[] = {
		{"新增", "added"}, {"删除", "removed"}, {"变化", "changed"}};
	static const struct label heads[] = {{"", ""}, {"开始(天)", "start (d)"},
		{"完成(天)", "finish (d)"}, {"总时差(天)", "float (d)"}, {"不同", "differs"}};
	struct table t = plan_table(heads, countof(heads));

	t.right[3] = t.right[4] = t.right[5] = true;
	for (int32_t i = 0; i < c->n; i++) {
		const struct plan_change *x = &c->items[i];
		const struct plan *plan = x->after >= 0 ? after : before;
		int32_t task = x->after >= 0 ? x->after : x->before;
		const double day = plan_day_work(plan, plan_task_calendar(plan, &plan->tasks[task]));
		struct str differs = STR_INIT;
		for (size_t k = 0; k < countof(differences); k++)
			if (x->differs & differences[k].bit)
				str_printf(&differs, "%s%s", differs.n ? " " : "",
					label_in(differences[k].label, cli_lang()));
		plan_add_task(&t, plan, task);
		table_add(&t, label_in(kinds[x->kind], cli_lang()));
		table_add(&t, shift_text(a, x->start_shift_work, day));
		table_add(&t, shift_text(a, x->finish_shift_work, day));
		table_add(&t, shift_text(a, x->float_change_work, day));
		table_add(&t, arena_strdup(a, str_text(&differs)));
		str_free(&differs);
	}
	table_print(&t);
}

static void print_compare(struct arena *a, const struct plan *before, const struct plan *after,
	const struct plan_changes *c)
{
	if (c->n)
		print_changes(a, before, after, c);
	printf(zh() ? "未变 %d 项\n" : "unchanged: %d\n", c->nsame);
}

static void answer_compare(struct arena *a, const struct plan *before, const struct plan *after,
	const struct plan_changes *c)
{
	if (as_json())
		json_compare(before, after, c);
	else
		print_compare(a, before, after, c);
}

/* One plan with the baseline in it. */
static int compare_baseline(void)
{
	struct loaded l;
	struct schedule s;
	struct plan_changes c;
	struct err err = {0};

	if (!plan_load(argument(1), &l, &err) || !sched_run(l.a, &l.plan, NULL, &s, &err))
		return give_up(l.a, &err);
	if (!baseline_compare(l.a, &s, &c)) {
		err_set(
			&err, ERR_INPUT, argument(1), "no task has a baseline: name the plan to compare with");
		return give_up(l.a, &err);
	}
	answer_compare(l.a, &l.plan, &l.plan, &c);
	arena_close(l.a);
	return EXIT_DONE;
}

int plan_compare(void)
{
	struct loaded before, after;
	struct schedule was, is;
	struct plan_changes c;
	struct err err = {0};

	if (!argument(2))
		return compare_baseline();
	if (!plan_load(argument(1), &before, &err) ||
		!sched_run(before.a, &before.plan, NULL, &was, &err))
		return give_up(before.a, &err);
	if (!plan_load(argument(2), &after, &err) ||
		!sched_run(after.a, &after.plan, NULL, &is, &err)) {
		arena_close(before.a);
		return give_up(after.a, &err);
	}
	plans_compare(after.a, &was, &is, &c);
	answer_compare(after.a, &before.plan, &after.plan, &c);
	plan_print_findings(&before.plan, &was.findings, stderr);
	plan_print_findings(&after.plan, &is.findings, stderr);
	arena_close(before.a);
	arena_close(after.a);
	return EXIT_DONE;
}

/* ---- check and convert --------------------------------------------------------------------------------------- */

static void json_check(const struct loaded *l, const struct schedule *s, const struct quality *q)
{
	static const char *const answers[] = {"passed", "failed", "unanswered"};
	struct str out = STR_INIT;
	struct json_writer w = jw_start(&out);

	w.pretty = true;
	jw_object(&w);
	jw_key(&w, "dcma");
	jw_array(&w);
	for (int i = 0; i < 14; i++) {
		jw_object(&w);
		jw_kt(&w, "id", q->dcma[i].id);
		jw_kt(&w, "answer", answers[q->dcma[i].answer]);
		jw_ki(&w, "bad", q->dcma[i].bad);
		jw_ki(&w, "of", q->dcma[i].of);
		jw_ki(&w, "limit", q->dcma[i].limit);
		jw_key(&w, "tasks");
		jw_array(&w);
		for (int32_t k = 0; k < q->dcma[i].nsubjects && q->dcma[i].on == ON_TASK; k++)
			jw_text(&w, plan_task_code(&l->plan, q->dcma[i].subjects[k]));
		jw_array_end(&w);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_key(&w, "findings");
	jw_array(&w);
	plan_json_findings(&w, &l->plan, &l->found);
	plan_json_findings(&w, s->plan, &s->findings);
	plan_json_findings(&w, s->plan, &q->findings);
	jw_array_end(&w);
	jw_object_end(&w);
	plan_print_json(&out, &w);
}

/* clang-format off */
static const struct label points[14] = {
	{"缺少逻辑关系", "missing logic"}, {"提前量", "leads"}, {"延时", "lags"}, {"非完成-开始关系", "not finish to start"},
	{"强制约束", "hard constraints"}, {"时差过大", "high float"}, {"负时差", "negative float"}, {"工期过长", "high duration"},
	{"日期无效", "invalid dates"}, {"未配资源", "no resources"}, {"逾期任务", "missed tasks"},
	{"关键路径检验（天）", "critical path test (days)"}, {"关键路径长度指数", "critical path length index"},
	{"基线执行指数", "baseline execution index"}};
/* clang-format on */

/* A count of so many, the days of the test, or an index. */
static const char *point_figure(struct arena *a, const struct quality_check *k, int point)
{
	if (k->answer == QUALITY_UNANSWERED)
		return "—";
	if (k->of == 1000 && point >= 12)
		return arena_printf(a, "%g", (double)k->bad / 1000);
	return arena_printf(a, "%lld / %lld", (long long)k->bad, (long long)k->of);
}

static void print_points(struct arena *a, const struct quality *q)
{
	static const struct label answers[] = {
		{"通过", "passed"}, {"不通过", "failed"}, {"无法判定", "not answered"}};
	struct table t = {.ncolumns = 4};

	for (int i = 0; i < 14; i++) {
		table_add(&t, q->dcma[i].id);
		table_add(&t, label_in(points[i], cli_lang()));
		table_add(&t, label_in(answers[q->dcma[i].answer], cli_lang()));
		table_add(&t, point_figure(a, &q->dcma[i], i));
	}
	table_print(&t);
}

int plan_check(void)
{
	struct loaded l;
	struct schedule s;
	struct quality q;
	struct err err = {0};
	int failed = 0;

	if (!plan_load(argument(1), &l, &err) || !sched_run(l.a, &l.plan, NULL, &s, &err) ||
		!plan_quality(l.a, &s, &q, &err))
		return give_up(l.a, &err);
	for (int i = 0; i < 14; i++)
		failed += q.dcma[i].answer == QUALITY_FAILED;
	if (as_json()) {
		json_check(&l, &s, &q);
	} else {
		print_points(l.a, &q);
		plan_print_findings(&l.plan, &l.found, stdout);
		plan_print_findings(&l.plan, &s.findings, stdout);
		plan_print_findings(&l.plan, &q.findings, stdout);
	}
	int found = failed + l.found.n + s.findings.n;
	arena_close(l.a);
	return found ? EXIT_FOUND : EXIT_DONE;
}

int plan_convert(void)
{
	struct loaded l;
	struct err err = {0};
	struct str out = STR_INIT;
	const char *to = argument(2);
	enum plan_format format;

	if (!plan_load(argument(1), &l, &err))
		return give_up(l.a, &err);
	bool fine = plan_format_of(to, &format, &err) &&
		plan_file_write(l.a, &l.plan, format, &out, &l.found, &err) &&
		os_write_file(to, str_view(&out), &err);
	str_free(&out);
	if (!fine)
		return give_up(l.a, &err);
	plan_print_findings(&l.plan, &l.found, stderr);
	arena_close(l.a);
	return EXIT_DONE;
}
