/*
 * Plans a planner can read, with what must come out (test/golden/plans, one JSON file a case). Under "expect": per task
 * "early" and "late" as "start .. finish", "float" and "free" in hours, "held_by" in one word; the critical tasks; the
 * findings. In bad/ are plans that must fail: with the error of "expect.error", or with findings and undated tasks.
 * Adding a case needs no C. GOLDEN_SHOW=1 prints what came out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/os.h"
#include "intake/plan_json.h"
#include "sched/sched.h"

static int failures, checks;

static void check(const char *file, const char *what, const char *want, const char *got)
{
	checks++;
	if (strcmp(want, got) == 0)
		return;
	failures++;
	printf("%s: %s should be \"%s\" but is \"%s\"\n", file, what, want, got);
}

static const char *span_text(struct arena *a, struct moment from, struct moment to)
{
	char x[20], y[20];
	return moment_is_none(from)
		? "none"
		: arena_printf(a, "%s .. %s", moment_text(from, x), moment_text(to, y));
}

static const char *hours_text(struct arena *a, int32_t work)
{
	struct str s = STR_INIT;
	if (work == FLOAT_NONE)
		return "none";
	str_decimal(&s, (int64_t)work * 100 / TICKS_PER_HOUR, 2);
	const char *text = arena_printf(a, "%sh", str_text(&s));
	str_free(&s);
	return text;
}

static const char *held_text(struct arena *a, const struct schedule *s, const struct task_dates *d)
{
	if (d->early_reason != REASON_LINK)
		return reason_name((enum reason)d->early_reason);
	const struct plan_link *l = &s->plan->links[d->early_reason_link];
	return arena_printf(a, "%s from %s", link_type_name(l->type), s->plan->tasks[l->from].code);
}

static const char *task_value(
	struct arena *a, const struct schedule *s, int32_t task, struct slice key)
{
	const struct task_dates *d = &s->tasks[task];

	if (slice_is(key, "early"))
		return span_text(a, d->early_start, d->early_finish);
	if (slice_is(key, "late"))
		return span_text(a, d->late_start, d->late_finish);
	if (slice_is(key, "shown"))
		return span_text(a, d->start, d->finish);
	if (slice_is(key, "float"))
		return hours_text(a, d->total_float);
	if (slice_is(key, "free"))
		return hours_text(a, d->free_float);
	if (slice_is(key, "held_by"))
		return held_text(a, s, d);
	if (slice_is(key, "provisional"))
		return d->provisional ? "yes" : "no";
	if (slice_is(key, "near_critical"))
		return d->near_critical ? "yes" : "no";
	if (slice_is(key, "path"))
		return arena_printf(a, "%d.%d", (int)d->float_path, (int)d->float_path_order);
	return arena_printf(a, "no such key: %s", key.s);
}

static int32_t find_task(const struct plan *plan, const char *id)
{
	for (int32_t i = 0; i < plan->ntasks; i++)
		if (strcmp(plan->tasks[i].id, id) == 0)
			return i;
	return -1;
}

static const char *list_tasks(struct arena *a, const struct schedule *s, bool undated)
{
	const char *text = "";
	for (int32_t i = 0; i < s->plan->ntasks; i++)
		if (undated ? moment_is_none(s->tasks[i].early_start) : s->tasks[i].critical)
			text = arena_printf(a, "%s%s%s", text, text[0] ? " " : "", s->plan->tasks[i].code);
	return text;
}

static const char *list_findings(struct arena *a, const struct findings *f)
{
	const char *text = "";
	for (int32_t i = 0; i < f->n; i++) {
		struct str s = STR_INIT;
		finding_say(&f->items[i], LANG_EN, &s);
		text =
			arena_printf(a, "%s%s%s %s", text, i ? "; " : "", f->items[i].kind->id, str_text(&s));
		str_free(&s);
	}
	return text;
}

static void show(struct arena *a, const struct schedule *s)
{
	static const char *const keys[] = {"early", "late", "float", "free", "held_by"};

	for (int32_t i = 0; i < s->plan->ntasks; i++) {
		printf("\t\t\"%s\": {", s->plan->tasks[i].id);
		for (size_t k = 0; k < countof(keys); k++)
			printf(
				"%s\"%s\": \"%s\"", k ? ", " : "", keys[k], task_value(a, s, i, slice_of(keys[k])));
		printf("}%s\n", i + 1 < s->plan->ntasks ? "," : "");
	}
	printf("\t\"critical\": \"%s\", \"findings\": \"%s\"\n", list_tasks(a, s, false),
		list_findings(a, &s->findings));
}

static void check_case(
	struct arena *a, const char *file, const struct json *expect, const struct schedule *s)
{
	const struct json *tasks = json_get(expect, "tasks");

	for (int i = 0; i < json_count(tasks); i++) {
		const struct json_member *m = &tasks->members[i];
		int32_t task = find_task(s->plan, m->key.s);
		assert_true(task >= 0);
		for (int k = 0; k < m->value.nmembers; k++)
			check(file, arena_printf(a, "%s of %s", m->value.members[k].key.s, m->key.s),
				json_text(&m->value.members[k].value, ""),
				task_value(a, s, task, m->value.members[k].key));
	}
	if (json_get(expect, "critical"))
		check(file, "the critical tasks", json_text(json_get(expect, "critical"), ""),
			list_tasks(a, s, false));
	if (json_get(expect, "undated"))
		check(file, "the undated tasks", json_text(json_get(expect, "undated"), ""),
			list_tasks(a, s, true));
	check(file, "the findings", json_text(json_get(expect, "findings"), ""),
		list_findings(a, &s->findings));
}

static void run_case(const char *folder, const char *file)
{
	struct arena *a = arena_open();
	struct err err = {0};
	struct slice bytes;
	const struct json *root;
	struct plan plan;
	struct schedule s;

	assert_true(os_read_file(a, arena_printf(a, "%s/%s", folder, file), 1 << 20, &bytes, &err));
	if (!json_parse(a, bytes, file, &root, &err)) {
		fail_msg("%s is not JSON", file);
		return;
	}
	const struct json *expect = json_get(root, "expect");
	assert_non_null(expect);
	if (!plan_json_from(a, root, &plan, &err)) {
		struct str text = STR_INIT;
		err_say(&err, LANG_EN, &text);
		check(file, "the error", json_text(json_get(expect, "error"), "none"), str_text(&text));
		str_free(&text);
	} else {
		check(file, "the error", json_text(json_get(expect, "error"), "none"), "none");
		assert_true(sched_run(a, &plan, NULL, &s, &err));
		if (getenv("GOLDEN_SHOW") && strstr(file, getenv("GOLDEN_SHOW"))) {
			printf("%s\n", file);
			show(a, &s);
		}
		check_case(a, file, expect, &s);
	}
	arena_close(a);
}

static void run_folder(const char *name)
{
	struct arena *a = arena_open();
	const char *source = getenv("GUATU_SOURCE");
	const char *folder = arena_printf(a, "%s/test/golden/plans%s", source ? source : ".", name);
	const char *const *files;
	struct err err = {0};
	int n;

	assert_true(os_list_folder(a, folder, ".json", &files, &n, &err));
	assert_true(n > 0);
	failures = 0;
	for (int i = 0; i < n; i++)
		run_case(folder, files[i]);
	print_message("%d plans, %d checks so far\n", n, checks);
	assert_int_equal(failures, 0);
	arena_close(a);
}

static void plans_give_their_dates(void **state)
{
	run_folder("");
}
static void bad_plans_say_what_is_wrong(void **state)
{
	run_folder("/bad");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans_give_their_dates), cmocka_unit_test(bad_plans_say_what_is_wrong)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
