/*
 * Long proofs, run behind the answer: the journal's chain, everything that is derived, a backup. One at a time, on a
 * thread of its own; what is known of each kind stays until the next run, or until the program ends.
 */
#ifndef APP_PROOFS_H
#define APP_PROOFS_H

#include "app/app.h"
#include "app/person.h"

struct proofs;
struct proofs *proofs_open(void);    /* owned: proofs_close */
void proofs_close(struct proofs *p); /* waits for the one that runs; accepts NULL */

/* kind "chain", "derived" or "backup"; backup: the file, and the name people know it by. ERR_BUSY while one runs. Answers
 * like app_proofs_json. */
MUST_USE bool app_proof_start(struct app *app, const struct person *person, const char *kind,
	const char *backup, const char *name, struct str *out, struct err *err);
/* {"proofs":[{"kind","running","started_at","ended_at","done","total","name","ok","result":{...}|null,"problem"}]} */
MUST_USE bool app_proofs_json(
	struct app *app, const struct person *person, struct str *out, struct err *err);

#endif
