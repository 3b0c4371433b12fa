/* The journal as a whole, for whoever sees the whole office and may read accounts. */
#ifndef APP_JOURNAL_H
#define APP_JOURNAL_H

#include "app/app.h"
#include "app/person.h"
#include "base/uuid.h"

/* NULL, nil and 0: not asked. Days are local, both included. */
struct journal_text {
	const char *reg, *from, *until;
	struct uuid record, who;
	int64_t before; /* entries older than this number */
	int limit;      /* 0: 50 */
};

/* Entries as app_history_json writes them, each with its register, id and title ("there": it is still in sight), newest
 * first. Registers that the person may not read are left out. */
MUST_USE bool app_journal_json(struct app *app, const struct person *person,
	const struct journal_text *text, struct str *out, struct err *err);

#endif
