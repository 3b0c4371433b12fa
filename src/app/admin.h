/* Looking after the data: proof, backup, numbers for monitoring. */
#ifndef APP_ADMIN_H
#define APP_ADMIN_H

#include "app/app.h"
#include "app/person.h"

/* Called now and then on long work; false stops it. total 0: not known. */
typedef bool app_progress(void *self, int64_t done, int64_t total);

/* Walks the journal's chain. Answers {"ok","entries","head":{"no","hash","digest"},"broken":{"no","text"}|null}; returns
 * true also when the chain is broken (the answer says so). */
MUST_USE bool app_verify_json(struct app *app, const struct person *person, app_progress *progress,
	void *self, struct str *out, bool *whole, struct err *err);
/* Recomputes every derived thing and compares. {"ok","checked":{...},"findings":[...]} */
MUST_USE bool app_fsck_json(struct app *app, const struct person *person, app_progress *progress,
	void *self, struct str *out, bool *whole, struct err *err);
/* A consistent copy of the data while running, as one new file (store/care.h). */
MUST_USE bool app_backup(
	struct app *app, const struct person *person, const char *to, struct err *err);

/* {"folder","backups":[{"name","bytes","at"}]}, newest first, of the files in that folder. */
MUST_USE bool app_backups_json(struct app *app, const struct person *person, const char *folder,
	struct str *out, struct err *err);
/* A name as the list gives it: no path. */
bool app_backup_named(const char *name);
/* Opens one of them to send it; ERR_MISSING. *file is the caller's to close. */
MUST_USE bool app_backup_open(struct app *app, const struct person *person, const char *folder,
	const char *name, int *file, int64_t *bytes, struct err *err);

/* Numbers for /metrics. */
struct app_numbers {
	int64_t journal, records, projects, streams, sessions;
	int64_t board_bytes, memory_bytes;
	int64_t commits, writes; /* since start */
	int64_t started_ms, load_ms;
};
void app_numbers(struct app *app, struct app_numbers *out);
/* Ready to answer: the data file can be read. */
bool app_healthy(struct app *app);

#endif
