/*
 * guatu plan VERB FILE: a plan in, dates or findings out; no data folder is needed. `schedule` has two fixed forms for
 * tools: --csv (one row per task of every project, ISO minutes, floats in hours) and --json.
 */
#include <stdlib.h>

#include "base/os.h"
#include "base/utf8.h"
#include "cli/plan_parts.h"
#include "intake/plan_file.h"

bool plan_load(const char *path, struct loaded *l, struct err *err)
{
	struct slice bytes;

	l->a = arena_open();
	l->found = (struct findings){.arena = l->a};
	return os_read_file(l->a, path, LIMIT_UPLOAD_BYTES, &bytes, err) &&
		(plan_file_read(l->a, bytes, &l->plan, &l->found, err) || err_in(err, "%s", path));
}

static const char *end_code(const struct plan *plan, int32_t task, const char *id)
{
	return task >= 0 ? plan_task_code(plan, task) : id ? id : "";
}

/* The codes of what a finding is on stand before what it says: there tasks have names, which may repeat. */
void plan_print_findings(const struct plan *plan, const struct findings *f, FILE *to)
{
	for (int32_t i = 0; i < f->n; i++) {
		const struct finding *x = &f->items[i];
		struct str s = STR_INIT;
		str_printf(&s, "%s %s ", x->kind->id, finding_weight_name(x->kind->weight));
		if (x->on == ON_TASK && x->subject >= 0) {
			str_printf(&s, "[%s] ", plan_task_code(plan, x->subject));
		} else if (x->on == ON_LINK && x->subject >= 0) {
			const struct plan_link *l = &plan->links[x->subject];
			str_printf(&s, "[%s > %s] ", end_code(plan, l->from, l->from_id),
				end_code(plan, l->to, l->to_id));
		}
		finding_say(x, cli_lang(), &s);
		say_line(to, str_text(&s));
		str_free(&s);
	}
}

void plan_print_json(struct str *out, struct json_writer *w)
{
	jw_end(w);
	str_putc(out, '\n');
	fwrite(out->s, 1, out->n, stdout);
	str_free(out);
}

static void csv_text(struct str *s, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		str_puts(s, text);
		return;
	}
	str_putc(s, '"');
	for (; *text; text++) {
		if (*text == '"')
			str_putc(s, '"');
		str_putc(s, *text);
	}
	str_putc(s, '"');
}

static void put_hours(struct str *s, int32_t work)
{
	if (work != FLOAT_NONE) /* ticks to hours, six places as P6 writes them */
		str_decimal(s, ((int64_t)work * 1000000 + (work < 0 ? -300 : 300)) / TICKS_PER_HOUR, 6);
}

static void csv_row(struct str *out, const struct schedule *s, int32_t task)
{
	const struct plan_task *t = &s->plan->tasks[task];
	const struct plan_project *p = &s->plan->projects[t->project];
	const struct task_dates *d = &s->tasks[task];
	const struct moment dates[] = {d->early_start, d->early_finish, d->late_start, d->late_finish};
	char text[20];

	csv_text(out, plan_project_code(p));
	str_putc(out, ',');
	csv_text(out, t->code[0] ? t->code : t->id);
	for (size_t i = 0; i < countof(dates); i++) {
		str_putc(out, ',');
		str_puts(out, moment_text(dates[i], text));
	}
	str_putc(out, ',');
	put_hours(out, d->total_float);
	str_putc(out, ',');
	put_hours(out, d->free_float);
	str_printf(out, ",%d,%d\n", d->critical, d->longest_path);
}

static void print_csv(const struct schedule *s)
{
	struct str out = STR_INIT;

	str_puts(&out,
		"project,task,early_start,early_finish,late_start,late_finish,total_float_h,free_float_h,"
		"critical,"
		"driving\n");
	for (int32_t i = 0; i < s->plan->ntasks; i++)
		csv_row(&out, s, i);
	fwrite(out.s, 1, out.n, stdout);
	str_free(&out);
}

static void json_task(struct json_writer *w, const struct schedule *s, int32_t task)
{
	const struct plan_task *t = &s->plan->tasks[task];
	const struct task_dates *d = &s->tasks[task];

	jw_object(w);
	jw_kt(w, "project",
		s->plan->projects[t->project].code[0] ? s->plan->projects[t->project].code
											  : s->plan->projects[t->project].id);
	jw_kt(w, "id", t->id);
	jw_kt(w, "task", t->code[0] ? t->code : t->id);
	jw_kt(w, "name", t->name);
	plan_json_moment(w, "start", d->start);
	plan_json_moment(w, "finish", d->finish);
	plan_json_moment(w, "early_start", d->early_start);
	plan_json_moment(w, "early_finish", d->early_finish);
	plan_json_moment(w, "late_start", d->late_start);
	plan_json_moment(w, "late_finish", d->late_finish);
	plan_json_hours(w, "total_float_h", d->total_float);
	plan_json_hours(w, "free_float_h", d->free_float);
	jw_kb(w, "critical", d->critical);
	jw_kb(w, "driving", d->longest_path);
	jw_kb(w, "near_critical", d->near_critical);
	if (d->float_path) {
		jw_ki(w, "float_path", d->float_path);
		jw_ki(w, "float_path_order", d->float_path_order);
	}
	jw_kt(w, "early_reason", reason_name((enum reason)d->early_reason));
	jw_kt(w, "late_reason", reason_name((enum reason)d->late_reason));
	jw_kb(w, "provisional", d->provisional);
	jw_object_end(w);
}

void plan_json_findings(struct json_writer *w, const struct plan *plan, const struct findings *f)
{
	for (int32_t i = 0; i < f->n; i++) {
		const struct finding *x = &f->items[i];
		struct str s = STR_INIT;
		finding_say(x, cli_lang(), &s);
		jw_object(w);
		jw_kt(w, "id", x->kind->id);
		jw_kt(w, "weight", finding_weight_name(x->kind->weight));
		jw_kt(w, "text", str_text(&s));
		jw_kt(w, "source", x->kind->source);
		if (x->on == ON_TASK && x->subject >= 0) {
			jw_kt(w, "task", plan_task_code(plan, x->subject));
		} else if (x->on == ON_LINK && x->subject >= 0) {
			const struct plan_link *l = &plan->links[x->subject];
			jw_kt(w, "from", end_code(plan, l->from, l->from_id));
			jw_kt(w, "to", end_code(plan, l->to, l->to_id));
		}
		jw_object_end(w);
		str_free(&s);
	}
}

static void print_json(const struct loaded *l, const struct schedule *s)
{
	struct str out = STR_INIT;
	struct json_writer w = jw_start(&out);

	w.pretty = true;
	jw_object(&w);
	jw_key(&w, "projects");
	jw_array(&w);
	for (int32_t i = 0; i < s->plan->nprojects; i++) {
		jw_object(&w);
		jw_kt(&w, "id", s->plan->projects[i].id);
		jw_kt(&w, "name", s->plan->projects[i].name);
		plan_json_moment(&w, "start", s->projects[i].start);
		plan_json_moment(&w, "finish", s->projects[i].finish);
		jw_ki(&w, "tasks", s->projects[i].ntasks);
		jw_ki(&w, "dated", s->projects[i].ndated);
		jw_ki(&w, "critical", s->projects[i].ncritical);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_key(&w, "tasks");
	jw_array(&w);
	for (int32_t i = 0; i < s->plan->ntasks; i++)
		json_task(&w, s, i);
	jw_array_end(&w);
	jw_key(&w, "findings");
	jw_array(&w);
	plan_json_findings(&w, &l->plan, &l->found);
	plan_json_findings(&w, s->plan, &s->findings);
	jw_array_end(&w);
	jw_object_end(&w);
	plan_print_json(&out, &w);
}

struct table plan_table(const struct label *heads, int n)
{
	struct table t = {.ncolumns = n + 2, .widest = {40, 30}};

	table_add(&t, cli_lang() == LANG_ZH ? "任务" : "task");
	table_add(&t, cli_lang() == LANG_ZH ? "名称" : "name");
	for (int i = 0; i < n; i++)
		table_add(&t, label_in(heads[i], cli_lang()));
	return t;
}

void plan_add_task(struct table *t, const struct plan *plan, int32_t task)
{
	table_add(t, plan_task_code(plan, task));
	table_add(t, plan->tasks[task].name);
}

void plan_add_moment(struct table *t, struct arena *a, struct moment m)
{
	char text[20];

	table_add(t, arena_strdup(a, moment_text(m, text)));
}

void plan_add_hours(struct table *t, struct arena *a, int32_t work)
{
	struct str s = STR_INIT;

	put_hours(&s, work);
	table_add(t, arena_strdup(a, str_text(&s)));
	str_free(&s);
}

/* Of a file with several projects: each is a row before its tasks. */
static void add_project(struct table *t, struct arena *a, const struct schedule *s, int32_t task)
{
	const struct plan *plan = s->plan;
	int32_t project = plan->tasks[task].project;

	if (plan->nprojects < 2 || (task > 0 && plan->tasks[task - 1].project == project))
		return;
	table_add(t, plan_project_code(&plan->projects[project]));
	table_add(t, plan->projects[project].name);
	plan_add_moment(t, a, s->projects[project].start);
	plan_add_moment(t, a, s->projects[project].finish);
	table_add(t, NULL);
	table_add(t, NULL);
	table_add(t, cli_lang() == LANG_ZH ? "项目" : "project");
}

static void print_table(struct arena *a, const struct schedule *s)
{
	static const struct label heads[] = {{"开始", "start"}, {"完成", "finish"},
		{"最迟完成", "late finish"}, {"总时差(小时)", "float (h)"}, {"", ""}};

	if (s->plan->ntasks == 0) {
		printf("%s\n", cli_lang() == LANG_ZH ? "计划中没有任务" : "the plan has no tasks");
		return;
	}
	struct table t = plan_table(heads, countof(heads));
	t.right[5] = true;
	for (int32_t i = 0; i < s->plan->ntasks; i++) {
		const struct task_dates *d = &s->tasks[i];
		add_project(&t, a, s, i);
		plan_add_task(&t, s->plan, i);
		plan_add_moment(&t, a, d->start);
		plan_add_moment(&t, a, d->finish);
		plan_add_moment(&t, a, d->late_finish);
		plan_add_hours(&t, a, d->total_float);
		table_add(&t, !d->critical ? "" : cli_lang() == LANG_ZH ? "关键" : "critical");
	}
	table_print(&t);
}

static int plan_schedule(void)
{
	const char *path = argument(1);
	struct loaded l;
	struct schedule s;
	struct err err = {0};
	int code = EXIT_DONE;

	if (!plan_load(path, &l, &err) || !sched_run(l.a, &l.plan, NULL, &s, &err)) {
		arena_close(l.a);
		return fail(&err);
	}
	if (as_json())
		print_json(&l, &s);
	else if (given("--csv"))
		print_csv(&s);
	else
		print_table(l.a, &s);
	if (!as_json()) {
		plan_print_findings(&l.plan, &l.found, stderr);
		plan_print_findings(&l.plan, &s.findings, stderr);
	}
	arena_close(l.a);
	return code;
}

/* What there is to begin with: no name, the list; a name and a start, the plan. */
static int plan_template(void)
{
	return narguments() == 1 ? plan_template_list() : plan_template_print();
}

int run_plan(const struct command *self)
{
	const struct {
		const char *verb;
		int files;
		int (*run)(void);
	} verbs[] = {
		{"schedule", 1, plan_schedule},
		{"back", 1, plan_back},
		{"why", 2, plan_why},
		{"compare", narguments() > 2 ? 2 : 1, plan_compare},
		{"check", 1, plan_check},
		{"convert", 2, plan_convert},
		{"level", 1, plan_level},
		{"earned", 1, plan_earned_value},
		{"risk", 1, plan_risk},
		{"template", narguments() > 1, plan_template},
	};
	(void)self;

	for (size_t i = 0; i < countof(verbs); i++) {
		if (strcmp(verbs[i].verb, argument(0)) != 0)
			continue;
		if (narguments() == verbs[i].files + 1)
			return verbs[i].run();
		fprintf(stderr,
			cli_lang() == LANG_ZH     ? "guatu: plan %s 需要 %d 个参数\n"
				: verbs[i].files == 1 ? "guatu: plan %s wants %d argument\n"
									  : "guatu: plan %s wants %d arguments\n",
			verbs[i].verb, verbs[i].files);
		return EXIT_USAGE;
	}
	fprintf(stderr,
		cli_lang() == LANG_ZH ? "guatu: plan 没有子命令“%s”\n" : "guatu: plan has no \"%s\"\n",
		argument(0));
	return EXIT_USAGE;
}
