/* A register while it is being put together from one or several definitions; between register_read.c and
 * register_load.c. */
#ifndef MODEL_REGISTER_DRAFT_H
#define MODEL_REGISTER_DRAFT_H

#include "model/register.h"

/* Each part remembers where it was written, for errors found when linking. */
struct part_place {
	const char *file, *path; /* "registers/issue.json", "$.steps[3]" */
};
#define REFUSE_AT(err, at, ...)                                                                    \
	(err_set((err), ERR_INPUT, (at).path, __VA_ARGS__), err_in((err), "%s", (at).file))

struct field_draft {
	struct field f;
	struct part_place at;
	struct choice *choices;
};
struct state_draft {
	struct state s;
	struct part_place at;
};
struct step_draft {
	struct step s;
	struct part_place at;
	const char *const *asks;
};
struct clock_draft {
	struct clock_def c;
	struct part_place at;
};

struct draft {
	struct register_def def; /* its arrays are set at the end */
	struct part_place at;    /* of the definition that made it */
	struct field_draft *fields;
	struct state_draft *states;
	struct step_draft *steps;
	struct clock_draft *clocks;
	struct group *groups;
	int nfields, nstates, nsteps, nclocks, ngroups;
};

struct drafts {
	struct arena *a;       /* the catalogue's: what stays */
	struct arena *scratch; /* what goes when it is loaded */
	struct draft **list;
	int n;
	struct err *err;
};

struct draft *draft_find(const struct drafts *all, const char *name);
struct field_draft *draft_field(const struct draft *d, const char *name);
struct state_draft *draft_state(const struct draft *d, const char *name);
struct step_draft *draft_step(const struct draft *d, const char *name);
struct clock_draft *draft_clock(const struct draft *d, const char *name);
struct group *draft_group(const struct draft *d, const char *name);

/* One definition file: makes a draft or adds to an earlier one. */
MUST_USE bool draft_read(struct drafts *all, const struct definition_source *source);

#endif
