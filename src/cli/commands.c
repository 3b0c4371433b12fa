/* Every command with its options and sentences. */
#include "cli/command.h"

#define DATA_OPTION                                                                                \
	{                                                                                              \
		"--data", "DIR",                                                                           \
		{                                                                                          \
			"数据文件夹（默认 $GUATU_DATA 或 ./data）",                                            \
				"the data folder (default: $GUATU_DATA or ./data)"                                 \
		}                                                                                          \
	}
#define DIGEST_OPTION                                                                              \
	{                                                                                              \
		"--digest", "NAME",                                                                        \
		{                                                                                          \
			"新数据文件日志链的摘要：sm3（默认）或 sha256",                                        \
				"digest of a new data file's journal: sm3 (default) or sha256"                     \
		}                                                                                          \
	}
#define JSON_OPTION                                                                                \
	{                                                                                              \
		"--json", NULL,                                                                            \
		{                                                                                          \
			"机器可读的 JSON", "JSON for machines"                                                 \
		}                                                                                          \
	}

static const struct option_def serve_options[] = {
	DATA_OPTION,
	DIGEST_OPTION,
	{"--listen", "ADDRESS:PORT",
		{"监听地址（默认 127.0.0.1:8420）", "where to listen (default: 127.0.0.1:8420)"}},
	{"--certificate", "FILE", {"HTTPS 证书（PEM）", "certificate for HTTPS (PEM)"}},
	{"--key", "FILE", {"HTTPS 私钥（PEM）", "private key for HTTPS (PEM)"}},
	{"--behind-https", NULL, {"前面有 HTTPS 网关", "an HTTPS gateway stands in front"}},
	{"--metrics-token", "TOKEN",
		{"/metrics 除本机外还接受此令牌", "token that may read /metrics from elsewhere"}},
	{"--workers", "N", {"工作线程数", "worker threads"}},
	{"--log-requests", NULL, {"每个请求记一行", "log every request"}},
	{"--print-link", NULL,
		{"总是打印管理员一次性登录链接", "always print a one-time link for the administrator"}},
	{"--print-port", NULL,
		{"只向标准输出打印端口号（测试用）", "print only the port on standard output (for tests)"}},
};
static const struct option_def demo_options[] = {
	DATA_OPTION,
	DIGEST_OPTION,
	{"--projects", "N",
		{"项目数（默认 320，至 1000000）", "number of projects (default 320, up to 1000000)"}},
	{"--months", "N", {"历史月数（默认 18）", "months of history (default 18)"}},
	{"--seed", "N", {"随机种子（默认 1）", "seed (default 1)"}},
	{"--until", "DATE", {"县里的最后一天（默认今天）", "the county's last day (default: today)"}},
	JSON_OPTION,
};
static const struct option_def import_options[] = {
	DATA_OPTION,
	DIGEST_OPTION,
	{"--register", "NAME", {"台账（默认 project）", "register (default: project)"}},
	{"--sheet", "NAME", {"工作表", "sheet"}},
	{"--map", "COLUMN=FIELD,...",
		{"列对应（列号从 1 起）", "columns to fields (columns count from 1)"}},
	{"--header-row", "N", {"表头在第几行", "row of the header"}},
	{"--set", "FIELD=TEXT,...",
		{"整张台账的统一值，如 category=交通",
			"one value for the whole ledger, such as category=transport"}},
	{"--key", "FIELD", {"同值的行是同一条记录", "rows of equal values are one record"}},
	{"--child", "REGISTER",
		{"每行另成一条该台账的记录，如 report",
			"each row also gives a record of it, such as report"}},
	{"--known-only", NULL,
		{"不新建台账中没有的单位和区划", "do not create units and areas that are not there"}},
	{"--money-unit", "UNIT",
		{"无单位数字的单位：yuan、wan 或 yi", "unit of bare amounts: yuan, wan or yi"}},
	{"--drop-unknown", NULL, {"不保留不认识的列", "do not keep columns that match no field"}},
	{"--preview", NULL, {"只看，不存", "look only, store nothing"}},
	JSON_OPTION,
};
static const struct option_def export_options[] = {
	DATA_OPTION,
	{"--register", "NAME", {"台账（默认 project）", "register (default: project)"}},
	{"--filter", "QUERY", {"筛选，如 light:ge:2", "filter, such as light:ge:2"}},
	{"--sort", "FIELDS", {"排序，如 -light,number", "sort, such as -light,number"}},
	{"--columns", "FIELDS", {"列", "columns"}},
	{"--as-of", "DATE", {"某日终时的样子", "as it stood at the end of that day"}},
};
static const struct option_def chart_options[] = {
	DATA_OPTION,
	{"-o", "FILE",
		{"写到哪个文件（.pdf、.svg 或 .docx）", "the file to write (.pdf, .svg or .docx)"}},
	{"--project", "PROJECT",
		{"一个项目的计划（编号、代码或名称）；不写则为全部项目",
			"the plan of one project (number, code or name); all projects if not given"}},
	{"--filter", "QUERY", {"筛选，如 light:ge:2", "filter, such as light:ge:2"}},
	{"--group", "FIELD",
		{"按哪个字段分组（默认 headquarters 指挥部）",
			"field that groups the rows (headquarters if not given)"}},
	{"--sort", "FIELDS",
		{"组内排序（默认 planned_start,number）",
			"order within a group (planned_start,number if not given)"}},
	{"--as-of", "DATE", {"某日终时的样子", "as it stood at the end of that day"}},
	{"--paper", "PAPER",
		{"纸张：A0 至 A4，竖放写 A0-portrait（默认 A3）",
			"paper: A0 to A4, upright A0-portrait (A3 if not given)"}},
	{"--tile", "PAPER",
		{"切成这种小纸，带裁切标记", "cut into sheets of this paper, with crop marks"}},
	{"--grey", NULL, {"不用颜色", "without colours"}},
	{"--format", "FORMAT",
		{"pdf、svg 或 docx（默认看文件名）", "pdf, svg or docx (by the name if not given)"}},
	{"--address", "URL",
		{"本系统的网址，印成每个项目的二维码",
			"address of this system, printed as a code to each project"}},
};
static const struct option_def calendar_options[] = {
	DATA_OPTION,
	{"--area", "AREA",
		{"哪个区划的日历（代码或名称），不写为全域",
			"of which area (code or name); everywhere's if not given"}},
	{"--from", "DATE", {"从这天起数 --days 个工作日", "count --days working days from then on"}},
	{"--days", "N", {"几个工作日，默认 10", "how many, 10 if not given"}},
	{"--preview", NULL, {"只看影响，不登记", "say only what would move, enter nothing"}, "notice"},
	JSON_OPTION,
};
static const struct option_def data_options[] = {DATA_OPTION, JSON_OPTION};
static const struct option_def migrate_options[] = {DATA_OPTION, DIGEST_OPTION};
static const struct option_def light_options[] = {
	DATA_OPTION,
	{"--as-of", "DATE", {"某日终时的样子", "as it stood at the end of that day"}},
	JSON_OPTION,
};
static const struct option_def plan_options[] = {
	{"--csv", NULL, {"固定格式的 CSV", "CSV in the fixed form"}, "schedule"},
	{"--finish", "DATE", {"要求的完成日期", "the required finish"}, "back template"},
	{"--start", "DATE", {"开始日期，默认今天", "the start, today if not given"}, "template"},
	{"--works", "PERCENT",
		{"施工工期为通常的百分之几，默认 100",
			"durations of the works in percent of the usual, 100 if not given"},
		"template"},
	{"--project", "CODE",
		{"多项目文件中的哪个项目，默认最晚完成的（不写 --finish 时为第一个有必须完成日的）",
			"which project of the file; if not given, the one that finishes last (without --finish "
			"the first that must finish)"},
		"back"},
	{"--late", NULL, {"解释最迟日期", "explain the late date"}, "why"},
	{"--seconds", "S", {"最多算这么久，默认 5", "search at most so long, 5 if not given"}, "level"},
	{"--schedules", "N",
		{"改按方案个数，与线程数无关", "so many schedules instead, the same for any threads"},
		"level"},
	{"--goal", "GOAL",
		{"先求什么：finish 最早完工（默认）、lateness 按优先级加权的逾期最少、peak "
		 "不推迟完工时队伍最少",
			"what comes first: finish (if not given), lateness weighted by priority, peak: the "
			"fewest hands that "
			"finish no later"},
		"level"},
	{"--within-float", NULL, {"不越过最迟日期", "move nothing past its late dates"}, "level"},
	{"--risks", "FILE", {"风险文件：区间、风险、窗口", "ranges, drivers and windows"}, "risk"},
	{"--samples", "N", {"样本数，默认 10000", "samples, 10000 if not given"}, "risk"},
	{"--precision", "HOURS",
		{"P80 的标准误差不大于此即停", "stop when the standard error of P80 is so small"}, "risk"},
	{"--threads", "N", {"线程数，默认全部", "threads, all if not given"}, "level risk"},
	{"--seed", "K", {"随机数种子，默认 1", "seed of the random numbers, 1 if not given"},
		"level risk"},
	JSON_OPTION,
};
static const struct option_def user_options[] = {
	DATA_OPTION,
	DIGEST_OPTION,
	{"--name", "NAME", {"姓名", "name"}, "add"},
	{"--roles", "ROLE,...", {"角色", "roles"}, "add"},
	{"--password-stdin", NULL, {"从标准输入读新密码", "read the new password from standard input"}},
	JSON_OPTION,
};
static const struct option_def help_options[] = {
	{"--data", "DIR",
		{"registers 时：该数据文件夹的台账，含本单位所加",
			"with registers: those of this folder, the office's own too"}},
};

#define OPTIONS(table) (table), (int)countof(table)

const struct command commands[] = {
	{"serve", "", {"启动服务", "run the server"}, OPTIONS(serve_options), 0, 0, run_serve},
	{"import", "FILE", {"导入台账（.xlsx .csv .json）", "take in a ledger (.xlsx .csv .json)"},
		OPTIONS(import_options), 1, 1, run_import},
	{"export", "FILE", {"导出 .xlsx 或 .csv", "write .xlsx or .csv"}, OPTIONS(export_options), 1, 1,
		run_export},
	{"demo", "", {"生成虚构的演示县", "make an invented county"}, OPTIONS(demo_options), 0, 0,
		run_demo},
	{"chart", "",
		{"把挂图写成 PDF、SVG（A4 至 A0）或文档",
			"write the wall chart as PDF, SVG (A4 to A0) or a document"},
		OPTIONS(chart_options), 0, 0, run_chart},
	{"calendar", "[YEAR] | notice FILE",
		{"一年的工作日历和施工季；登记国务院放假通知",
			"a year of the working calendar and its seasons; enter a notice on holidays"},
		OPTIONS(calendar_options), 0, 2, run_calendar},
	{"backup", "TO", {"在线备份成一个文件", "copy the data into one file while running"},
		OPTIONS(data_options), 1, 1, run_backup},
	{"restore", "FROM", {"从备份恢复到空的数据文件夹", "bring a backup into an empty data folder"},
		OPTIONS(data_options), 1, 1, run_restore},
	{"verify", "", {"验证日志链，指出第一处改动", "walk the journal's chain and locate a change"},
		OPTIONS(data_options), 0, 0, run_verify},
	{"fsck", "", {"重算一切派生数据并比较", "recompute everything derived and compare"},
		OPTIONS(data_options), 0, 0, run_fsck},
	{"light", "PROJECT",
		{"解释一个项目的灯（编号、代码或名称）",
			"explain a project's lights (number, code or name)"},
		OPTIONS(light_options), 1, 1, run_light},
	{"rules", "check FILE...", {"检查亮灯规则文件", "check files of light rules"},
		OPTIONS(data_options), 1, -1, run_rules},
	{"plan",
		"schedule FILE | back FILE | why FILE TASK | compare [BEFORE] PLAN | check FILE | convert "
		"FILE TO | level FILE | risk FILE | earned FILE | template [NAME]",
		{"排计划：算日期、倒排、解释、比较、体检、转换、排队伍、风险、挣值、模板",
			"plans: dates, backwards, reasons, comparison, quality, conversion, limited crews, "
			"risk, earned value, templates"},
		OPTIONS(plan_options), 1, 3, run_plan},
	{"migrate", "", {"把数据文件升到本版本", "bring the data file to this version"},
		OPTIONS(migrate_options), 0, 0, run_migrate},
	{"user", "list | add LOGIN | link LOGIN | password LOGIN", {"管理账号", "manage accounts"},
		OPTIONS(user_options), 1, 2, run_user},
	{"help", "[COMMAND [WAY]] | registers | man | completion",
		{"显示帮助；registers：台账参考页",
			"show help; registers: the reference page of the registers"},
		OPTIONS(help_options), 0, 2, run_help},
	{"version", "", {"显示版本", "show the version"}, NULL, 0, 0, 0, run_version},
};
const int ncommands = (int)countof(commands);

/* clang-format off */
const struct exit_def exit_codes[] = {
	{EXIT_DONE, NULL, NULL, {"完成", "done"}},
	{EXIT_FOUND, NULL, NULL, {"检查有发现", "a check found something"}},
	{2, NULL, NULL, {"输入不可用", "unusable input"}},
	{3, NULL, NULL, {"无权", "refused"}},
	{4, NULL, NULL, {"没有", "missing"}},
	{5, NULL, NULL, {"冲突", "conflict"}},
	{6, NULL, NULL, {"超过限制", "past a limit"}},
	{7, NULL, NULL, {"稍后再试（如磁盘满）", "may work later (disk full)"}},
	{8, NULL, NULL, {"系统故障", "system failure"}},
	{EXIT_STOPPED, NULL, NULL, {"按了 Ctrl-C", "stopped by Ctrl-C"}},

	{EXIT_FOUND, "import", NULL, {"有的行未导入；加 --preview 时为有的行不可用", "rows were refused; with --preview, rows are no good"}},
	{EXIT_FOUND, "calendar", "notice", {"通知中有读不懂的行", "lines of the notice were not understood"}},
	{EXIT_FOUND, "verify", NULL, {"日志链有改动", "the journal was altered"}},
	{EXIT_FOUND, "fsck", NULL, {"有派生数据与重算的不同", "something derived is not what it should be"}},
	{EXIT_FOUND, "rules", NULL, {"规则有空档或重叠", "the rules have gaps or overlaps"}},
	{EXIT_DONE, "plan", NULL, {"已算出；计划本身的问题（循环、断开的逻辑关系）写在标准错误，受影响的任务没有日期", "there are dates; what is wrong with the plan itself (loops, dangling links) is said on stderr, and the tasks it touches have none"}},
	{EXIT_FOUND, "plan", "check", {"有发现", "something was found"}},
	{EXIT_FOUND, "plan", "back", {"来不及", "the finish cannot be kept"}},
	{EXIT_STOPPED, "plan", "level risk", {"按了 Ctrl-C，打印的是已有的结果", "stopped by Ctrl-C: what there was is printed"}},
};
/* clang-format on */
const int nexit_codes = (int)countof(exit_codes);
