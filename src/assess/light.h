/*
 * Lights: rule sets over the board. A full relight runs the kernels over all projects; afterwards only the touched
 * projects and their units are judged again. Every light can say why, since when, and what would turn it green.
 *
 * Severities live in columns of the project table: `light` (worst of all active sets that combine), `light_since`, and per
 * light `light_<rule set>_<light>` with `..._since`; `..._run` while it is at least what its first escalation asks for
 * (assess/standing.h says since when). Order when combining, best to worst: outside, green, exempt, undefined range, no data,
 * watch, warn, serious: a project is green only when nothing is unknown.
 */
#ifndef ASSESS_LIGHT_H
#define ASSESS_LIGHT_H

#include "assess/ruleset.h"
#include "board/board.h"
#include "board/query.h"

struct lights;

/* Binds rule sets to a board: finds their columns, understands their filters. The sets are borrowed for the life of the
 * result, which is valid for this board and its copies. Bind again after a change of catalogue or rule sets. */
MUST_USE bool lights_open(const struct board *b, const struct ruleset *const *sets, int n,
	struct lights **out, struct err *err); /* owned: lights_close */
/* Adds the columns of these lights to the board; before lights_refresh(). Lights that are no
 * longer active become missing. */
void lights_attach(struct lights *l, struct board *b);
void lights_close(struct lights *l); /* accepts NULL */

struct light_change {
	int32_t project;
	int32_t before, after;
}; /* overall severity; SEVERITY_OUTSIDE: was not judged */

/* Judges what board_settle() touched and writes the columns and rollups. The changes of overall
 * lights are borrowed until the
 * next refresh. */
void lights_refresh(struct lights *l, struct board *b, struct touched touched,
	const struct light_change **changes, int *n);
/* Judges without writing: one overall severity per project row. For previews and benchmarks. */
void lights_judge(const struct lights *l, const struct board *b, int32_t *overall);

/* ---- one project, with reasons ---- */

struct light_input {
	const char *name; /* column */
	struct label label;
	int64_t value;     /* NOTHING64: nothing */
	struct label text; /* as a person reads it */
	const char *reg;   /* register and record it was entered in; NULL: computed from the day */
	struct uuid record;
	struct origin origin; /* who, when, journal number of that record's last change */
};

/* The exemption that suppresses a light; record nil: none. */
struct light_exemption {
	struct uuid record;
	struct slice approver;
	struct date from, until;
	struct slice reason;
	int would_be; /* severity without it */
};

struct light_reason {
	const struct ruleset *set;
	const struct light_rule *rule;
	int severity;  /* enum severity */
	int64_t value; /* of the indicator */
	struct label value_text;
	struct label label; /* what the place calls it: 黄牌 */
	const char *colour;
	struct label words;  /* the rule in words */
	struct label action; /* what the rule says is to follow; zh NULL: nothing */
	struct label
		to_green; /* what would turn it green; zh NULL: it is green, or nothing the project can do */
	struct date since; /* none: not known */
	const struct light_input *inputs;
	int ninputs;
	struct light_exemption exemption;
	struct label finding; /* undefined range, no data: which; zh NULL: none */
};

struct light_report {
	int overall;
	struct date since;
	const struct light_reason *reasons; /* worst first */
	int n;
};

/* Results in `a`. */
void lights_explain(struct arena *a, const struct lights *l, const struct board *b, int32_t project,
	struct light_report *out);
/* {"overall","lights":[...]} as GET /api/lights shows it, without names of accounts (titles are the caller's). */
void light_report_json(
	struct json_writer *w, const struct light_report *report, int offset_minutes);

/* ---- units ---- */

struct unit_light {
	int32_t unit; /* row of register unit */
	int periods;  /* months running, the present one counted, for escalation */
	/* without inputs, since and to_green; exempt is the unit: its places are counted as before */
	struct light_reason reason;
};

/* Every light with subject "unit" of every unit that has projects. In `a`. */
void lights_of_units(struct arena *a, const struct lights *l, const struct board *b,
	const struct unit_light **out, int *n);
/* The members of one of them, as GET /api/unit-lights shows it; inside an object. */
void unit_light_json(struct json_writer *w, const struct unit_light *light);

/* ---- preview ---- */

struct preview_month {
	struct date day;
	int64_t before[8], after[8]; /* by enum light_slot */
	int64_t changed;             /* projects whose overall light differs */
};

/* One past month end under two bindings; call it per month. *changed gets the rows that differ, in `a`. */
void lights_preview(struct arena *a, const struct lights *before, const struct lights *after,
	const struct board *b, struct preview_month *out, const struct light_change **changed, int *n);

#endif
