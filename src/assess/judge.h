/* Inside assess: lights bound to a board, shared by judging, explaining and units. */
#ifndef ASSESS_JUDGE_H
#define ASSESS_JUDGE_H

#include "assess/indicator.h"
#include "assess/light.h"
#include "assess/standing.h"
#include "base/arena.h"

struct bound_light {
	const struct ruleset *set;
	const struct light_rule *rule;
	struct indicator_bound bound;
	const struct query *where; /* NULL: all; over projects or units */
	/* of the project table; -1: not attached. run: severity >= escalations[0].from, as 0 or outside */
	struct standing_columns light, run;
	/* `where`, made ready for the board as it stands; NULL outside lights_refresh(). */
	const struct filter *ready;
};

struct lights {
	struct arena *a;
	struct bound_light *lights;
	int n;
	struct standing_columns overall;
	struct light_change *changes;
	int nchanges, changes_room;
};

/* From a band's severity before exemption and escalation. */
int32_t judge_value(const struct light_rule *rule, int64_t value);
/* Exact value of one project. */
int64_t value_of(const struct board *b, const struct bound_light *l, int32_t row);
/* The exemption that is in force for this light on the board's day: its row in exemption_table(), or -1. `row` is that of
 * a project or, for a rule about units, of a unit. */
int32_t exemption_for(const struct board *b, const struct bound_light *l, int32_t row);
int exemption_table(const struct board *b, const struct light_rule *rule); /* -1: none */
/* What a person is told of it. */
struct light_exemption exemption_read(
	const struct board *b, const struct light_rule *rule, int32_t exemption, int would_be);
/* The escalation that `months` months running at `severity` have reached; NULL: none. */
const struct escalation *escalation_for(
	const struct light_rule *rule, int32_t severity, int months);
/* Everything for one project; `run` is filled only for rules with escalations. */
struct judged {
	int64_t value;
	int32_t base, severity;
	int32_t exemption;
	const struct escalation *escalation;
};
struct judged judge_project(const struct board *b, const struct bound_light *l, int32_t row);
/* "豁免", "无数据": what a severity that has no band is called; zh NULL: it has one. */
struct label severity_label(int32_t severity);
int rank_severity(int32_t severity); /* best 0 .. worst RANKS - 1 */
#define RANKS 8

#endif
