/* Parses the command line by the tables of commands.c and runs one command. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/os.h"
#include "cli/command.h"
#include "cli/text_table.h"

#define MOST_GIVEN 64

/* One command line per process. */
static struct {
	const struct option_def *options[MOST_GIVEN];
	const char *values[MOST_GIVEN];
	int ngiven;
	const char *arguments[MOST_GIVEN];
	int narguments;
	enum lang lang;
} line;

static volatile sig_atomic_t interrupted;

const char *given(const char *option)
{
	for (int i = 0; i < line.ngiven; i++)
		if (strcmp(line.options[i]->name, option) == 0)
			return line.values[i];
	return NULL;
}

const char *argument(int i)
{
	return i < line.narguments ? line.arguments[i] : NULL;
}
int narguments(void)
{
	return line.narguments;
}
enum lang cli_lang(void)
{
	return line.lang;
}
bool as_json(void)
{
	return given("--json") != NULL;
}
bool stopped(void)
{
	return interrupted != 0;
}

bool given_number(const char *option, int64_t least, int64_t most, int64_t *out)
{
	const char *text = given(option);
	if (!text)
		return true;
	int64_t value;
	if (num_int(slice_of(text), &value) && value >= least && value <= most) {
		*out = value;
		return true;
	}
	fprintf(stderr,
		line.lang == LANG_ZH ? "guatu: %s “%s” 应为 %lld 到 %lld 的整数\n"
							 : "guatu: %s \"%s\" should be a whole number from %lld to %lld\n",
		option, text, (long long)least, (long long)most);
	return false;
}

static bool bar_stands; /* on the line of stderr */

void progress_end(void)
{
	if (bar_stands)
		fputc('\n', stderr);
	bar_stands = false;
}

int fail(const struct err *err)
{
	struct str text = STR_INIT;
	progress_end();
	str_puts(&text, "guatu: ");
	err_say(err, line.lang, &text);
	say_line(stderr, str_text(&text));
	str_free(&text);
	return err_exit(err->code);
}

const char *data_folder(void)
{
	const char *folder = given("--data");
	if (!folder)
		folder = getenv("GUATU_DATA");
	return folder && folder[0] ? folder : "data";
}

bool open_app(struct app_options options, struct app **app, struct err *err)
{
	options.folder = data_folder();
	options.digest = given("--digest");
	return app_open(&options, app, err);
}

bool progress_bar(void *self, int64_t done, int64_t total)
{
	const struct label *what = self;
	static int64_t last_us;
	int64_t now = os_monotonic_us();
	bool end = total > 0 && done >= total;
	if (!os_is_terminal(STDERR_FILENO) || (!end && now - last_us < 100000))
		return !stopped();
	last_us = now;
	if (total > 0) {
		enum { WIDTH = 30 };
		int full = (int)(done * WIDTH / total);
		fprintf(stderr, "\r%s [", label_in(*what, line.lang));
		for (int i = 0; i < WIDTH; i++)
			fputs(i < full ? "#" : "-", stderr);
		fprintf(stderr, "] %3d%% %lld/%lld ", (int)(done * 100 / total), (long long)done,
			(long long)total);
	} else {
		fprintf(stderr, "\r%s %lld ", label_in(*what, line.lang), (long long)done);
	}
	bar_stands = true;
	if (end)
		progress_end();
	return !stopped();
}

static void on_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static enum lang guess_lang(void)
{
	static const char *const names[] = {"GUATU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
	for (size_t i = 0; i < countof(names); i++) {
		const char *value = getenv(names[i]);
		if (value && value[0])
			return strncmp(value, "zh", 2) == 0 ? LANG_ZH
				: strncmp(value, "en", 2) == 0  ? LANG_EN
												: LANG_ZH;
	}
	return LANG_ZH;
}

static const struct option_def *option_of(const struct command *command, const char *text, size_t n)
{
	for (int i = 0; i < command->noptions; i++)
		if (strlen(command->options[i].name) == n &&
			strncmp(command->options[i].name, text, n) == 0)
			return &command->options[i];
	return NULL;
}

static int usage(const struct command *command, const char *zh, const char *en, const char *about,
	const char *more)
{
	fprintf(stderr, line.lang == LANG_ZH ? zh : en, about, more);
	fprintf(stderr,
		line.lang == LANG_ZH ? "\n用法：guatu %s%s%s；选项见 guatu help %s\n"
							 : "\nusage: guatu %s%s%s; for the options: guatu help %s\n",
		command->name, command->arguments[0] ? " " : "", command->arguments, command->name);
	return EXIT_USAGE;
}

/* "--name value", "--name=value" or a switch at argv[*at]. */
static int read_option(const struct command *command, int argc, char **argv, int *at)
{
	const char *text = argv[*at], *equals = strchr(text, '=');
	size_t n = equals ? (size_t)(equals - text) : strlen(text);
	if (n == 6 && strncmp(text, "--lang", 6) == 0 && (equals || *at + 1 < argc)) {
		const char *lang = equals ? equals + 1 : argv[++*at];
		bool en = strcmp(lang, "en") == 0;
		if (!en && strcmp(lang, "zh") != 0)
			return usage(command, "guatu: “%s”不是语言，应为 zh 或 en",
				"guatu: \"%s\" is no language: zh or en", lang, NULL);
		line.lang = en ? LANG_EN : LANG_ZH;
		return EXIT_DONE;
	}
	const struct option_def *option = option_of(command, text, n);
	if (!option || line.ngiven == MOST_GIVEN)
		return usage(command, "guatu: 没有选项 %s", "guatu: there is no option %s", text, NULL);
	const char *value = "";
	if (option->value && equals)
		value = equals + 1;
	else if (option->value && *at + 1 < argc)
		value = argv[++*at];
	else if (option->value || equals)
		return usage(command, option->value ? "guatu: 选项 %s 缺少值" : "guatu: 选项 %s 不带值",
			option->value ? "guatu: option %s wants a value" : "guatu: option %s takes no value",
			option->name, NULL);
	line.options[line.ngiven] = option;
	line.values[line.ngiven++] = value;
	return EXIT_DONE;
}

/* An answer that could not be written is none; a reader that went away, as head does, has what he wanted. */
static int told(int code)
{
	struct pollfd out = {.fd = STDOUT_FILENO};
	struct err err;

	if ((fflush(stdout) == 0 && !ferror(stdout)) || (poll(&out, 1, 0) > 0 && out.revents & POLLERR))
		return code;
	err_set(&err, ERR_SYSTEM, NULL, "not all of the answer could be written");
	return fail(&err);
}

int main(int argc, char **argv)
{
	line.lang = guess_lang();
	const char *name = argc > 1 ? argv[1] : "help";
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0)
		name = "version";
	const struct command *command = NULL;
	for (int i = 0; i < ncommands && !command; i++)
		if (strcmp(commands[i].name, name) == 0)
			command = &commands[i];
	if (!command) {
		fprintf(stderr,
			line.lang == LANG_ZH
				? "guatu: 没有命令“%s”；全部命令见 guatu help\n"
				: "guatu: there is no command \"%s\"; for all of them: guatu help\n",
			name);
		return EXIT_USAGE;
	}
	bool plain = false, help = false; /* plain: after "--" */
	for (int i = 2; i < argc; i++) {
		if (!plain && strcmp(argv[i], "--") == 0) {
			plain = true;
		} else if (!plain && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
			help = true;
		} else if (!plain && argv[i][0] == '-' && argv[i][1]) {
			int bad = read_option(command, argc, argv, &i);
			if (bad)
				return bad;
		} else if (line.narguments == MOST_GIVEN) {
			return usage(command, "guatu: 多余的参数“%s”", "guatu: \"%s\" is one argument too many",
				argv[i], NULL);
		} else {
			line.arguments[line.narguments++] = argv[i];
		}
	}
	if (help)
		return help_on(command, argument(0));
	if (line.narguments < command->least)
		return usage(
			command, "guatu: %s 缺少参数", "guatu: %s wants an argument", command->name, NULL);
	if (command->most >= 0 && line.narguments > command->most)
		return usage(command, "guatu: 多余的参数“%s”", "guatu: \"%s\" is one argument too many",
			line.arguments[command->most], NULL);
	for (int i = 0; i < line.ngiven; i++)
		if (!option_fits(line.options[i], argument(0)))
			return usage(command, "guatu: 选项 %s 只用于 %s", "guatu: option %s is for %s only",
				line.options[i]->name, line.options[i]->of);
	/* the first Ctrl-C asks for what there is so far, the second ends what does not ask */
	struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is an error like a full disk */
	return told(command->run(command));
}
