/* P6's words for what a plan says, as XER spells them. Read and written; the first of several wins when writing. */
#ifndef INTAKE_XER_WORDS_H
#define INTAKE_XER_WORDS_H

#include "model/plan.h"

struct xer_word {
	const char *text;
	int value;
};
struct xer_words {
	const struct xer_word *list;
	size_t n;
};

extern const struct xer_words xer_lag_calendars, xer_float_types, xer_outside, xer_task_types,
	xer_task_states, xer_percent_types, xer_constraints, xer_priorities, xer_link_types,
	xer_resource_kinds;

int xer_word_value(struct xer_words words, struct slice text, int otherwise);
const char *xer_word_text(struct xer_words words, int value); /* "" when there is none */

#endif
