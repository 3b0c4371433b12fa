/* backup, restore, verify, migrate work on the store alone and beside a running server; fsck opens everything. */
#include <stdio.h>

#include "app/admin.h"
#include "app/person.h"
#include "base/json.h"
#include "base/say.h"
#include "cli/command.h"
#include "store/care.h"
#include "store/store.h"

static void show_step(void *self, const char *doing, int64_t done, int64_t total)
{
	struct label *what = self;
	(void)doing;
	(void)progress_bar(what, done, total);
}

static bool open_store(bool read_only, struct store **store, struct err *err)
{
	struct store_options options = {.folder = data_folder(), .read_only = read_only};
	return store_open(&options, store, err);
}

static void print_chain(const struct chain_report *report)
{
	bool zh = cli_lang() == LANG_ZH;
	char head[2 * DIGEST_BYTES + 1];
	hex_encode(report->head.hash, DIGEST_BYTES, head);
	if (as_json()) {
		struct str out = STR_INIT;
		struct json_writer w = jw_start(&out);
		jw_object(&w);
		jw_kb(&w, "ok", report->fault == CHAIN_WHOLE);
		jw_ki(&w, "entries", report->entries);
		jw_kt(&w, "digest", digest_name(report->head.digest));
		jw_kt(&w, "head", head);
		if (report->fault != CHAIN_WHOLE) {
			jw_ki(&w, "bad", report->bad);
			jw_kt(&w, "fault", chain_fault_name(report->fault));
			jw_kt(&w, "text", say(cli_lang(), report->why));
		}
		jw_object_end(&w);
		puts(str_text(&out));
		str_free(&out);
	} else if (report->fault == CHAIN_WHOLE) {
		printf(zh ? "日志完好：%lld 条，链头 %s %s\n"
				  : "the journal is whole: %lld entries, head %s %s\n",
			(long long)report->entries, digest_name(report->head.digest), head);
	} else {
		printf(zh ? "日志在第 %lld 条被改动：%s\n" : "the journal was altered at entry %lld: %s\n",
			(long long)report->bad, say(cli_lang(), report->why));
	}
}

int run_verify(const struct command *self)
{
	struct label what = {"验证", "verifying"};
	struct progress progress = {show_step, &what};
	struct chain_report report;
	struct store *store;
	struct err err;
	(void)self;
	if (!open_store(true, &store, &err))
		return fail(&err);
	bool done = store_verify(store, &progress, &report, &err);
	store_close(store);
	if (!done)
		return fail(&err);
	print_chain(&report);
	return report.fault == CHAIN_WHOLE ? EXIT_DONE : EXIT_FOUND;
}

int run_backup(const struct command *self)
{
	struct label what = {"备份", "backing up"};
	struct progress progress = {show_step, &what};
	struct store *store;
	struct err err;
	(void)self;
	if (!open_store(true, &store, &err))
		return fail(&err);
	bool done = store_backup(store, argument(0), &progress, &err);
	store_close(store);
	if (!done)
		return fail(&err);
	printf(cli_lang() == LANG_ZH ? "已备份到 %s\n" : "backed up to %s\n", argument(0));
	return EXIT_DONE;
}

int run_restore(const struct command *self)
{
	struct label what = {"恢复", "restoring"};
	struct progress progress = {show_step, &what};
	struct chain_report report;
	struct err err;
	(void)self;
	if (!store_restore(argument(0), data_folder(), &progress, &report, &err))
		return fail(&err);
	print_chain(&report);
	return report.fault == CHAIN_WHOLE ? EXIT_DONE : EXIT_FOUND;
}

int run_migrate(const struct command *self)
{
	struct app *app;
	struct err err;
	(void)self;
	/* opening for writing migrates; nothing else is to be done */
	if (!open_app((struct app_options){.no_tick = true, .no_board = true}, &app, &err))
		return fail(&err);
	app_close(app);
	printf(cli_lang() == LANG_ZH ? "数据文件已是 guatu %s 的格式\n"
								 : "the data file has the form of guatu %s\n",
		GUATU_VERSION);
	return EXIT_DONE;
}

/* {"checked":{"records":n,...},"findings":[{"text":...}]} as lines. */
static int print_findings(struct str *answer, bool whole)
{
	struct arena *a = arena_open();
	const struct json *j;
	struct err err;
	int code = whole ? EXIT_DONE : EXIT_FOUND;
	if (!json_parse(a, str_view(answer), NULL, &j, &err)) {
		code = fail(&err);
	} else {
		const struct json *checked = json_get(j, "checked"), *findings = json_get(j, "findings");
		for (int i = 0; checked && i < checked->nmembers; i++)
			printf("  %-28s %lld\n", checked->members[i].key.s,
				(long long)json_int(&checked->members[i].value, 0));
		for (int i = 0; i < json_count(findings); i++)
			printf("%s\n", json_text(json_get(json_at(findings, i), "text"), "?"));
		puts(whole ? (cli_lang() == LANG_ZH ? "派生数据与日志一致"
											: "everything derived agrees with the journal")
				   : (cli_lang() == LANG_ZH ? "发现不一致" : "there are differences"));
	}
	arena_close(a);
	return code;
}

int run_fsck(const struct command *self)
{
	struct label what = {"核对", "checking"};
	struct app *app;
	struct err err;
	struct str out = STR_INIT;
	bool whole = false;
	(void)self;
	if (!open_app((struct app_options){.no_tick = true}, &app, &err))
		return fail(&err);
	struct person person = person_system("cli");
	person.lang = cli_lang();
	bool done = app_fsck_json(app, &person, progress_bar, &what, &out, &whole, &err);
	app_close(app);
	int code = whole ? EXIT_DONE : EXIT_FOUND;
	if (!done)
		code = fail(&err);
	else if (as_json())
		puts(str_text(&out));
	else
		code = print_findings(&out, whole);
	str_free(&out);
	return code;
}
