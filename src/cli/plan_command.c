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
		finding_say(x, cli_lang(), &s);
		fprintf(to, "%s %s ", x->kind->id, finding_weight_name(x->kind->weight));
		if (x->on == ON_TASK && x->subject >= 0) {
			fprintf(to, "[%s] ", plan_task_code(plan, x->subject));
		} else if (x->on == ON_LINK && x->subject >= 0) {
			const struct plan_link *l = &plan->links[x->subject];
			fprintf(to, "[%s > %s] ", end_code(plan, l->from, l->from_id),
				end_code(plan, l->to, l->to_id));
		}
		fprintf(to, "%s\n", str_text(&s));
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

static void plan_add_hours(struct str *s, int32_t work)
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
	plan_add_hours(out, d->total_float);
	str_putc(out, ',');
	plan_add_hours(out, d->free_float);
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

/* Text cut or padded to that many columns of a terminal. */
void plan_print_column(const char *text, int columns)
{
	struct slice s = slice_of(text);
	size_t at = 0;
	int used = 0;

	while (at < s.n) {
		size_t next = at;
		int width = utf8_width(utf8_next(s, &next));
		if (used + width > columns)
			break;
		used += width;
		at = next;
	}
	printf("%.*s%*s ", (int)at, text, columns - used, "");
}

int plan_code_columns(const struct plan *plan)
{
	int widest = 10;

	for (int32_t i = 0; i < plan->ntasks; i++) {
		struct slice s = slice_of(plan_task_code(plan, i));
		int used = 0;
		for (size_t at = 0; at < s.n;)
			used += utf8_width(utf8_next(s, &at));
		widest = used > widest ? used : widest;
	}
	return widest < 40 ? widest : 40;
}

/* Of a file with several projects: a line before the tasks of each. */
static void print_project(const struct schedule *s, int32_t task, bool zh)
{
	const struct plan *plan = s->plan;
	int32_t project = plan->tasks[task].project;
	const struct plan_project *p = &plan->projects[project];
	char a[20], b[20];

	if (plan->nprojects < 2 || (task > 0 && plan->tasks[task - 1].project == project))
		return;
	printf(zh ? "项目 %s %s：%s 至 %s\n" : "project %s %s: %s to %s\n", plan_project_code(p),
		p->name, moment_text(s->projects[project].start, a),
		moment_text(s->projects[project].finish, b));
}

static void print_table(const struct schedule *s)
{
	char a[20], b[20], c[20];
	bool zh = cli_lang() == LANG_ZH;
	const int columns = plan_code_columns(s->plan);

	plan_print_column(zh ? "任务" : "task", columns);
	plan_print_column(zh ? "名称" : "name", 30);
	plan_print_column(zh ? "开始" : "start", 16);
	plan_print_column(zh ? "完成" : "finish", 16);
	plan_print_column(zh ? "最迟完成" : "late finish", 16);
	printf("%s\n", zh ? "总时差(小时)" : "float (h)");
	for (int32_t i = 0; i < s->plan->ntasks; i++) {
		const struct plan_task *t = &s->plan->tasks[i];
		const struct task_dates *d = &s->tasks[i];
		struct str hours = STR_INIT;
		print_project(s, i, zh);
		plan_print_column(plan_task_code(s->plan, i), columns);
		plan_print_column(t->name, 30);
		plan_print_column(moment_text(d->start, a), 16);
		plan_print_column(moment_text(d->finish, b), 16);
		plan_print_column(moment_text(d->late_finish, c), 16);
		plan_add_hours(&hours, d->total_float);
		printf("%10s %s\n", str_text(&hours), d->critical ? zh ? "关键" : "critical" : "");
		str_free(&hours);
	}
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
		print_table(&s);
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
