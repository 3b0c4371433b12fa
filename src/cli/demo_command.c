#include <inttypes.h>
#include <stdio.h>

#include "demo/demo.h"
#include "base/json.h"
#include "cli/command.h"

int run_demo(const struct command *self)
{
	struct label what = {"生成演示县", "making the county"};
	struct demo_options options = {.until = DATE_NONE};
	int64_t projects = 0, months = 0, seed = 1;
	bool zh = cli_lang() == LANG_ZH;
	(void)self;
	if (!given_number("--projects", 1, 1000000, &projects) ||
		!given_number("--months", 1, 120, &months) || !given_number("--seed", 0, INT64_MAX, &seed))
		return EXIT_USAGE;
	const char *until = given("--until");
	if (until && !date_parse_iso(slice_of(until), &options.until)) {
		fprintf(stderr,
			zh ? "guatu: --until “%s” 应为 2026-03-31 这样的日期\n"
			   : "guatu: --until \"%s\" should be a date such as 2026-03-31\n",
			until);
		return EXIT_USAGE;
	}
	options.projects = (int)projects;
	options.months = (int)months;
	options.seed = (uint64_t)seed;
	struct app *app;
	struct err err;
	struct demo_result made = {0};
	if (!open_app((struct app_options){.no_tick = true}, &app, &err))
		return fail(&err);
	bool done = demo_make(app, &options, progress_bar, &what, &made, &err);
	app_close(app);
	if (!done)
		return stopped() ? EXIT_STOPPED : fail(&err);
	if (as_json())
		printf("{\"projects\":%d,\"reports\":%d,\"milestones\":%d,\"issues\":%d,\"accounts\":%d,"
			   "\"journal\":%" PRId64 "}\n",
			made.projects, made.reports, made.milestones, made.issues, made.accounts, made.journal);
	else
		printf(zh ? "演示县已生成（地名人名均为虚构）：%d 个项目、%d 份报告、%d 个节点、%d "
					"个问题、%d 个账号。\n"
					"所有演示账号的密码：%s\n"
				  : "the county is made (all names are invented): %d projects, %d reports, %d "
					"milestones, %d issues, %d accounts.\n"
					"the password of every demo account: %s\n",
			made.projects, made.reports, made.milestones, made.issues, made.accounts,
			made.password);
	return EXIT_DONE;
}
