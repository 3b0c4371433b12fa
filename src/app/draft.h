/*
 * A change on its way to the store: one record's write, made valid step by step, and several of them as one batch.
 *
 * How: draft_new(), draft_set() the given values, draft_check() all of it against definition, gate, board and clocks,
 * then work_submit(). Whatever follows by itself (first state, stamps, first approved dates, clocks, the date that an
 * approved change request moves) is added by the check, in the same batch. Errors of single fields are collected, so
 * that a form shows all of them at once.
 *
 * Memory: everything lives in work.a.
 */
#ifndef APP_DRAFT_H
#define APP_DRAFT_H

#include "app/inside.h"
#include "app/dues.h"
#include "app/person.h"
#include "app/submit.h"
#include "base/map.h"

/* What WRITE_UNDO and WRITE_UNDELETE take back: the newest entry of the record. */
struct undone {
	int64_t no;
	const struct step *step; /* NULL: the deletion */
	const char *state;       /* as it was ahead of it, and since when */
	struct instant since;
	struct uuid by;                 /* who had changed it ahead of it */
	const struct clock_row *clocks; /* of the record, as they were; those that it moved */
	int nclocks;
};

struct draft {
	enum write_verb verb;
	const struct register_def *reg;
	struct uuid id;
	struct record *before; /* NULL: creating */
	struct record *after;
	const struct step *step;
	const struct undone *undone; /* WRITE_UNDO, WRITE_UNDELETE; else NULL */
	const char *number, *reason; /* or NULL */
	int n, room;                 /* fields set: given ones first, then what followed */
	const struct field **fields; /* [room] */
	struct value *values;
	bool ruled; /* an approved change request: governed fields may move */
	bool kept;  /* what follows from another draft of the batch was set on it already */
};

struct work {
	struct app *app;
	struct arena *a;
	const struct person *person;
	struct instant now;
	struct uuid latest; /* id that was given; nil: none yet */
	struct draft *drafts;
	int n, room;
	struct clock_row *clocks;
	int nclocks, clocks_room;
	struct record_due *dues; /* of the drafts whose clocks moved */
	int ndues, dues_room;
	struct err *errors;
	int nerrors, errors_room;
	const struct clock_row
		*ticked; /* a row that time has moved: goes along with the step that follows; or NULL */
	const struct calendars
		*calendars; /* with the days of this batch, while plans follow them; or NULL */
	bool
		days_moved; /* days of the working calendar are among the drafts; no plan has followed yet */
	int replanned;  /* plans that were scheduled anew for the sake of days */
	bool importing; /* a ledger comes in: who may import may create and change by it */
	/* ids made in this batch and which draft each is, or NULL: for refs among them. The caller's */
	struct idmap *fresh;
};

struct work work_begin(struct app *app, struct arena *a, const struct person *person);
/* The pointer is valid until the next draft_new(); drafts are work->drafts[i] afterwards. */
struct draft *draft_new(
	struct work *w, enum write_verb verb, const struct register_def *reg, struct record *before);
void draft_set(struct work *w, struct draft *d, const struct field *field, struct value value);
/* So many fields are about to be set: room for them at once. */
void draft_expect(struct work *w, struct draft *d, int n);
/* Every member of a JSON object; errors are collected, false when there were any. */
MUST_USE bool draft_set_json(
	struct work *w, struct draft *d, const struct json *fields, struct err *err);
/* state: a project that comes from a ledger does not begin at the beginning; NULL: the first state. Under the read lock. */
MUST_USE bool draft_check(struct work *w, int i, const char *state, struct err *err);
/* A clock row that goes along with the batch by itself; its deadline stays what it was. */
void work_keep_clock(struct work *w, struct clock_row row);
/* All drafts, settled, in one transaction. result in work.a. */
MUST_USE bool work_submit(
	struct work *w, const struct once *once, struct batch_result *result, struct err *err);

/* Was this batch stored before? result->repeated says so, and then result what was stored. once may be NULL. */
MUST_USE bool work_repeated(
	struct work *w, const struct once *once, struct batch_result *result, struct err *err);
/* A request that was answered before gets that answer, of the batch's first write, whatever has changed since. */
MUST_USE bool seen_before(
	struct work *w, const struct once *once, bool *seen, struct submitted *out, struct err *err);

/* submit.c: what every call that changes one record does. Draft 0 is checked and the whole batch sent. */
MUST_USE bool submit_send(
	struct work *w, const struct once *once, struct submitted *out, struct err *err);
/* The refusal of a version that is not the record's any more. current may be NULL: there is none. Always false. */
bool err_stale(const struct record *current, const char *where, struct err *err);
/* The same of a whole form, with both sides. */
MUST_USE bool submit_stale(struct work *w, const struct draft *d, const struct record *current,
	struct submitted *out, struct err *err);
/* The member "reason" of a body, in `a`; NULL: none. */
const char *submit_reason(struct arena *a, const struct json *body);

/* effects.c: what a change brings along. Under the read lock; may add drafts (checked by themselves). */
MUST_USE bool effects_before(
	struct work *w, int i, struct err *err); /* completes the draft itself */
MUST_USE bool effects_after(struct work *w, int i, struct err *err); /* further writes */
/* All drafts are checked: what follows from them together, once for the whole batch, becomes further drafts. Takes the
 * read lock. work_submit() does it; a preview asks for it. */
MUST_USE bool work_settle(struct work *w, struct err *err);

/* A governed value that only a change request moves, or a first approved one that nothing does. */
bool governed_fixed(const struct record *record, const struct field *field);

#endif
