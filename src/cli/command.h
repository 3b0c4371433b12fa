/*
 * The command line: a table of commands, each with its options as a table. The tables print the help, the man page and the shell
 * completion, so none of them can be out of date.
 *
 * Exit codes are a table too: those of base/err.h, 1 when a check found something, 130 stopped.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "app/app.h"
#include "app/person.h"
#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"

enum { EXIT_DONE = 0, EXIT_FOUND = 1, EXIT_USAGE = 2, EXIT_STOPPED = 130 };

struct option_def {
	const char *name;  /* "--data" */
	const char *value; /* what follows it, for the help; NULL: a switch */
	struct label help;
	const char *of; /* the first arguments it belongs to, "level risk"; NULL: to all */
};

struct command {
	const char *name;
	const char *arguments; /* for the help: "FILE", or the ways to call it: "list | add LOGIN" */
	struct label help;
	const struct option_def *options;
	int noptions;
	int least, most; /* plain arguments; most < 0: any number */
	int (*run)(const struct command *self);
};

/* What an exit code means, and what it means of one command. */
struct exit_def {
	int code;
	const char *command; /* NULL: of all */
	const char *of;      /* as of an option: the first arguments */
	struct label means;
};
extern const struct exit_def exit_codes[];
extern const int nexit_codes;

/* What was typed, parsed once by main(); options not given are NULL. */
const char *given(const char *option);
const char *argument(int i); /* NULL past the last */
int narguments(void);
enum lang cli_lang(void);
bool as_json(void); /* --json */
/* A number option; false (and a message) when it is none or outside. *out keeps its value when not given. */
bool given_number(const char *option, int64_t least, int64_t most, int64_t *out);

/* Says the failure on stderr in the user's language and returns its exit code. */
int fail(const struct err *err);
/* Opens the data folder of --data (or $GUATU_DATA, or ./data). */
bool open_app(struct app_options options, struct app **app, struct err *err);
const char *data_folder(void);
/* The id of the project with that id, number, code or exact name; the first of these that finds one. */
MUST_USE bool project_named(struct app *app, const struct person *person, struct arena *a,
	const char *text, struct uuid *id, struct err *err);
/* The id of the area with that id, code or exact name. */
MUST_USE bool area_named(struct app *app, const struct person *person, struct arena *a,
	const char *text, struct uuid *id, struct err *err);
bool stopped(void); /* Ctrl-C was pressed */
/* What a command takes and its options, on stdout; returns EXIT_DONE. way: only that way to call it; NULL: all. */
int help_on(const struct command *command, const char *way);
/* Whether the option belongs to that way to call the command; NULL: was none named. */
bool option_fits(const struct option_def *option, const char *way);

/* A bar on a terminal, nothing otherwise. Fits app_progress; self: const struct label *. Returns false once stopped(). */
bool progress_bar(void *self, int64_t done, int64_t total);
/* Before something is printed after a bar that may not have come to its end. */
void progress_end(void);

extern const struct command commands[];
extern const int ncommands;

/* The commands' bodies, one file per thing. */
int run_serve(const struct command *self);
int run_demo(const struct command *self);
int run_import(const struct command *self);
int run_export(const struct command *self);
int run_chart(const struct command *self);
int run_calendar(const struct command *self);
int run_backup(const struct command *self);
int run_restore(const struct command *self);
int run_verify(const struct command *self);
int run_fsck(const struct command *self);
int run_migrate(const struct command *self);
int run_light(const struct command *self);
int run_rules(const struct command *self);
int run_plan(const struct command *self);
int run_user(const struct command *self);
int run_help(const struct command *self);
int run_version(const struct command *self);

#endif
