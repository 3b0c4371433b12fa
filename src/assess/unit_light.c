/* Lights of units: one view of all units' figures, the indicator at this month and at the months before for escalation. */
#include "assess/judge.h"

static const struct board_table *units_of(const struct board *b, int *table)
{
	*table = board_table_named(b, "unit");
	return board_table(b, *table);
}

static const int32_t *groups_of(const struct board_table *units, const struct light_rule *rule)
{
	for (int i = 0; i < LIGHT_PARAMS && rule->indicator->params[i].name; i++) {
		if (strcmp(rule->indicator->params[i].name, "group") != 0 || !rule->param_text[i] ||
			!*rule->param_text[i])
			continue;
		int column = board_column_named(units, rule->param_text[i]);
		const struct column *c = column < 0 ? NULL : board_column(units, column);
		return c && c->kind != COLUMN_INT64 ? c->cells : NULL;
	}
	return NULL;
}

static int param_column(const struct board *b, const struct light_rule *rule, int param)
{
	return rule->param_text[param] ? board_column_named(board_projects(b), rule->param_text[param])
								   : -1;
}

#define TREE_DEPTH 32

/* Bond money of every unit with what is below it: a sixth of each issue is due in each of the six
 * months after its month. */
static void sum_bonds(
	struct arena *a, const struct board *b, const struct light_rule *rule, struct unit_view *view)
{
	const struct board_table *t = board_projects(b);
	int table, issued = param_column(b, rule, 0), issued_on = param_column(b, rule, 1),
			   paid = param_column(b, rule, 2);
	int lead = board_column_named(t, "lead_unit");
	const struct board_table *units = units_of(b, &table);
	if (issued < 0 || issued_on < 0 || paid < 0 || lead < 0)
		return;
	int64_t *expected = ARENA_ARRAY(a, int64_t, (size_t)view->units + 1),
			*spent = ARENA_ARRAY(a, int64_t, (size_t)view->units + 1);
	for (int32_t u = 0; u < view->units; u++)
		expected[u] = NOTHING64;
	int now =
		date_year(board_today(b)) * 12 + view->ended; /* months since year 0 that have ended */
	for (int32_t row = 0; row < board_rows(t); row++) {
		int64_t money = column_number(board_column(t, issued), row),
				day = column_number(board_column(t, issued_on), row);
		if (!board_alive(t, row) || money == NOTHING64 || day == NOTHING64)
			continue;
		int months = now - (month_of((struct date){(int32_t)day}).index + 1);
		months = months < 0 ? 0 : months > 6 ? 6 : months;
		int64_t used = column_number(board_column(t, paid), row);
		int32_t u = ((const int32_t *)board_column(t, lead)->cells)[row];
		for (int depth = 0; u >= 0 && depth < TREE_DEPTH;
			 depth++, u = board_tree_parent(units, u)) {
			expected[u] = (expected[u] == NOTHING64 ? 0 : expected[u]) + money * months / 6;
			spent[u] += used == NOTHING64 ? 0 : used;
		}
	}
	view->bond_expected = expected;
	view->bond_paid = spent;
}

static struct unit_view make_view(
	struct arena *a, const struct board *b, const struct bound_light *l)
{
	int table;
	const struct board_table *units = units_of(b, &table);
	struct unit_view view = {.b = b,
		.units = board_rows(units),
		.ended = months_ended(board_today(b), board_options(b)),
		.groups = groups_of(units, l->rule)};
	uint64_t *eligible;
	int64_t count;
	if (l->where)
		eligible = query_bits(a, b, l->where, NULL, &count);
	else {
		eligible = ARENA_ARRAY(a, uint64_t, (size_t)view.units / 64 + 1);
		for (int32_t u = 0; u < view.units; u++)
			eligible[u >> 6] |= (uint64_t)board_alive(units, u) << (u & 63);
	}
	view.eligible = eligible;
	if (strcmp(l->rule->indicator->name, "unit_bond_ratio") == 0)
		sum_bonds(a, b, l->rule, &view);
	return view;
}

#define MONTHS_BACK 24

/* How many months running, this one counted, the unit was at `from` or worse. */
static int running(
	const struct unit_view *view, const struct bound_light *l, int32_t unit, int from)
{
	int n = 0;
	while (n < MONTHS_BACK &&
		judge_value(l->rule, l->rule->indicator->of_unit(view, &l->bound, unit, n)) >= from)
		n++;
	return n;
}

static void judge_unit(struct arena *a, const struct unit_view *view, const struct bound_light *l,
	int32_t unit, struct unit_light *out)
{
	struct light_reason *reason = &out->reason;
	int64_t value = l->rule->indicator->of_unit(view, &l->bound, unit, 0);
	int32_t severity = judge_value(l->rule, value);
	*out = (struct unit_light){.unit = unit, .periods = 1};
	*reason = (struct light_reason){.set = l->set,
		.rule = l->rule,
		.severity = severity,
		.value = value,
		.value_text = indicator_said(a, l->rule->indicator, value),
		.colour = "grey",
		.words = light_rule_words(a, l->rule),
		.since = DATE_NONE};
	int32_t exemption = severity > 0 ? exemption_for(view->b, l, unit) : -1;
	if (exemption >= 0) {
		reason->exemption = exemption_read(view->b, l->rule, exemption, severity);
		reason->severity = severity = SEVERITY_EXEMPT;
	}
	if (severity < 0) {
		reason->label = severity_label(severity);
		return;
	}
	const struct band *band = &l->rule->bands[light_rule_band(l->rule, value)];
	reason->label = band->label;
	reason->action = band->action;
	reason->colour = band->colour;
	if (!l->rule->nescalations || severity < l->rule->escalations[0].from)
		return;
	out->periods = running(view, l, unit, l->rule->escalations[0].from);
	const struct escalation *e = escalation_for(l->rule, severity, out->periods);
	if (!e)
		return;
	reason->severity = e->severity > severity ? e->severity : severity;
	reason->label = e->label;
	reason->action = e->action;
	reason->colour = e->colour;
}

void lights_of_units(struct arena *a, const struct lights *l, const struct board *b,
	const struct unit_light **out, int *n)
{
	int table, room = 0;
	int32_t units = board_rows(units_of(b, &table));
	for (int i = 0; i < l->n; i++)
		room += l->lights[i].rule->subject == SUBJECT_UNIT ? units : 0;
	struct unit_light *list = ARENA_ARRAY(a, struct unit_light, (size_t)room + 1);
	*n = 0;
	for (int i = 0; i < l->n; i++) {
		const struct bound_light *light = &l->lights[i];
		if (light->rule->subject != SUBJECT_UNIT)
			continue;
		struct unit_view view = make_view(a, b, light);
		for (int32_t u = 0; u < units; u++)
			if ((view.eligible[u >> 6] >> (u & 63) & 1) && rollup_get(b, DIMENSION_UNIT, u))
				judge_unit(a, &view, light, u, &list[(*n)++]);
	}
	*out = list;
}
