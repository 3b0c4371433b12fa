/* Help, man page and shell completion, all from the table of commands; and the reference page of the registers. */
#include <stdio.h>

#include "app/registers.h"
#include "cli/command.h"
#include "model/register.h"

/* `word` is one of the words of `list`. */
static bool listed(const char *list, const char *word)
{
	size_t n = strlen(word);
	for (const char *at = strstr(list, word); at; at = strstr(at + 1, word))
		if ((at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

static bool fits(const char *of, const char *way)
{
	return !of || (way && listed(of, way));
}

bool option_fits(const struct option_def *option, const char *way)
{
	return fits(option->of, way);
}

/* Of a command; NULL: what they mean of all. */
static bool is_exit_of(const struct exit_def *e, const char *command)
{
	return command ? e->command && strcmp(e->command, command) == 0 : !e->command;
}

static void print_exits(const char *command, const char *way)
{
	bool zh = cli_lang() == LANG_ZH, headed = false;
	const char *others = command ? zh ? "（其余见 guatu help）" : " (the others: guatu help)" : "";
	for (int i = 0; i < nexit_codes; i++) {
		const struct exit_def *e = &exit_codes[i];
		if (!is_exit_of(e, command) || (way && !fits(e->of, way)))
			continue;
		if (!headed)
			printf("\n%s%s\n", zh ? "退出码" : "Exit codes", others);
		headed = true;
		printf("  %3d  %s", e->code, label_in(e->means, cli_lang()));
		if (e->of && !way)
			printf(zh ? "（%s）" : " (%s)", e->of);
		printf("\n");
	}
}

static void print_options(const struct command *command, const char *way)
{
	for (int i = 0; i < command->noptions; i++) {
		const struct option_def *o = &command->options[i];
		if (way && !option_fits(o, way))
			continue;
		printf("  %s%s%-*s %s", o->name, o->value ? " " : "",
			26 - (int)strlen(o->name) - (o->value ? 1 : 0), o->value ? o->value : "",
			label_in(o->help, cli_lang()));
		if (o->of && !way)
			printf(cli_lang() == LANG_ZH ? "（%s）" : " (%s)", o->of);
		printf("\n");
	}
	printf("  %-26s %s\n", "--lang zh|en",
		cli_lang() == LANG_ZH ? "输出语言" : "language of the output");
}

/* Each way to call it is a line; one of them if it is named. False: there is no such way. */
static bool print_ways(const struct command *command, const char *way)
{
	bool printed = false;
	for (const char *at = command->arguments, *next; at; at = next) {
		const char *end = strstr(at, " | ");
		size_t n = end ? (size_t)(end - at) : strlen(at), word = strcspn(at, " ");
		next = end ? end + 3 : NULL;
		if (way && (strlen(way) != word || strncmp(way, at, word) != 0))
			continue;
		printf("guatu %s%s%.*s\n", command->name, n ? " " : "", (int)n, at);
		printed = true;
	}
	return printed;
}

int help_on(const struct command *command, const char *way)
{
	if (!way || !print_ways(command, way)) {
		way = NULL;
		print_ways(command, NULL);
	}
	printf("    %s\n\n", label_in(command->help, cli_lang()));
	print_options(command, way);
	print_exits(command->name, way);
	return EXIT_DONE;
}

static int print_all(void)
{
	bool zh = cli_lang() == LANG_ZH;
	printf(zh ? "guatu 挂图 %s：全县重大项目一张图\n\n用法：guatu 命令 [选项]\n\n"
			  : "guatu %s: the wall chart of a whole county\n\nusage: guatu COMMAND [OPTIONS]\n\n",
		GUATU_VERSION);
	for (int i = 0; i < ncommands; i++)
		printf("  %-10s %s\n", commands[i].name, label_in(commands[i].help, cli_lang()));
	print_exits(NULL, NULL);
	printf(zh ? "\n某一命令的选项：guatu help 命令\n"
			  : "\nfor the options of a command: guatu help COMMAND\n");
	return EXIT_DONE;
}

/* roff wants its minus signs and leading dots escaped. */
static void print_roff(const char *text)
{
	for (; *text; text++)
		if (*text == '-')
			fputs("\\-", stdout);
		else
			fputc(*text, stdout);
}

static void man_exits(const char *command)
{
	for (int i = 0; i < nexit_codes; i++) {
		const struct exit_def *e = &exit_codes[i];
		if (!is_exit_of(e, command))
			continue;
		printf(".TP\n.B %s%d\n%s", command ? "exit code " : "", e->code, e->means.en);
		printf(e->of ? " (%s)\n" : "\n", e->of);
	}
}

static int print_man(void)
{
	printf(".TH GUATU 1 \"\" \"guatu %s\"\n.SH NAME\nguatu \\- the wall chart of a county's major "
		   "projects\n"
		   ".SH SYNOPSIS\n.B guatu\n.I command\n.RI [ options ]\n.SH DESCRIPTION\n"
		   "One program and one data file that track every project from first lead to full "
		   "production. With the environment"
		   " variable GUATU_LANG=en the output is English.\n.SH COMMANDS\n",
		GUATU_VERSION);
	for (int i = 0; i < ncommands; i++) {
		printf(".SS guatu %s ", commands[i].name);
		print_roff(commands[i].arguments);
		printf("\n%s.\n", commands[i].help.en);
		for (int o = 0; o < commands[i].noptions; o++) {
			printf(".TP\n.B ");
			print_roff(commands[i].options[o].name);
			if (commands[i].options[o].value)
				printf(" \\fI%s\\fR", commands[i].options[o].value);
			printf("\n%s\n", commands[i].options[o].help.en);
			if (commands[i].options[o].of)
				printf("(%s)\n", commands[i].options[o].of);
		}
		man_exits(commands[i].name);
	}
	printf(".SH EXIT STATUS\n");
	man_exits(NULL);
	printf(".SH ENVIRONMENT\n.TP\n.B GUATU_DATA\nthe data folder\n.TP\n.B GUATU_LANG\nzh or en\n");
	return EXIT_DONE;
}

static int print_completion(void)
{
	printf(
		"# bash completion for guatu\n_guatu() {\n\tlocal word=${COMP_WORDS[COMP_CWORD]} options=\n"
		"\tif [ \"$COMP_CWORD\" = 1 ]; then\n\t\tCOMPREPLY=($(compgen -W \"");
	for (int i = 0; i < ncommands; i++)
		printf("%s%s", i ? " " : "", commands[i].name);
	printf("\" -- \"$word\"))\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n");
	for (int i = 0; i < ncommands; i++) {
		printf("\t%s) options=\"", commands[i].name);
		for (int o = 0; o < commands[i].noptions; o++)
			printf("%s ", commands[i].options[o].name);
		printf("--lang\" ;;\n");
	}
	printf("\tesac\n\tcase $word in\n\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
		   "\t*) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n\tesac\n}\ncomplete -F _guatu guatu\n");
	return EXIT_DONE;
}

/* The shipped registers; with --data those of that office, with what it added. */
static int print_registers(void)
{
	struct str page = STR_INIT;
	struct err err;
	if (given("--data")) {
		struct app *app;
		if (!open_app((struct app_options){.read_only = true, .no_board = true}, &app, &err))
			return fail(&err);
		app_reference(app, cli_lang(), &page);
		app_close(app);
	} else {
		const struct catalogue *shipped;
		if (!catalogue_builtin(NULL, 0, 0, &shipped, &err))
			return fail(&err);
		register_reference(&page, shipped, cli_lang());
		catalogue_close(shipped);
	}
	fputs(str_text(&page), stdout);
	str_free(&page);
	return EXIT_DONE;
}

int run_help(const struct command *self)
{
	(void)self;
	const char *about = argument(0);
	if (!about)
		return print_all();
	if (strcmp(about, "man") == 0)
		return print_man();
	if (strcmp(about, "completion") == 0)
		return print_completion();
	if (strcmp(about, "registers") == 0)
		return print_registers();
	for (int i = 0; i < ncommands; i++)
		if (strcmp(commands[i].name, about) == 0)
			return help_on(&commands[i], argument(1));
	fprintf(stderr,
		cli_lang() == LANG_ZH ? "guatu: 没有命令“%s”\n" : "guatu: there is no command \"%s\"\n",
		about);
	return EXIT_USAGE;
}

int run_version(const struct command *self)
{
	(void)self;
	printf("guatu %s\n", GUATU_VERSION);
	return EXIT_DONE;
}
