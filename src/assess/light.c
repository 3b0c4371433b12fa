/*
 * Judging. A full relight works in blocks of projects: kernel, bands, who is looked at, exemptions; the inner loops have no
 * branches that depend on a project. One project goes through the same kernel with a run of one.
 */
#include "assess/light.h"

#include <stdlib.h>

#include "assess/judge.h"

/* ---- binding ---- */

bool lights_open(const struct board *b, const struct ruleset *const *sets, int n,
	struct lights **out, struct err *err)
{
	int count = 0, projects = board_table_named(b, "project"), units = board_table_named(b, "unit");
	if (projects < 0 || units < 0)
		return err_set(err, ERR_INPUT, NULL, "lights need the registers project and unit");
	for (int i = 0; i < n; i++)
		count += sets[i]->nlights;
	struct arena *a = arena_open();
	struct lights *l = ARENA_NEW(a, struct lights);
	l->a = a;
	l->lights = ARENA_ARRAY(a, struct bound_light, (size_t)count + 1);
	l->overall = standing_columns_named(b, "light");
	for (int i = 0; i < n; i++)
		for (int k = 0; k < sets[i]->nlights; k++) {
			const struct light_rule *rule = &sets[i]->lights[k];
			struct bound_light *light = &l->lights[l->n];
			struct query *where = NULL;
			int table = rule->subject == SUBJECT_UNIT ? units : projects;
			if (rule->where && !query_parse_filter(a, b, table, rule->where, &where, err)) {
				err_in(err, "%s, %s", sets[i]->name, rule->name);
				arena_close(a);
				return false;
			}
			*light = (struct bound_light){.set = sets[i],
				.rule = rule,
				.bound = indicator_bind(b, rule),
				.where = where,
				.light.severity = -1,
				.light.since = -1,
				.run.severity = -1};
			l->n++;
		}
	*out = l;
	return true;
}

void lights_close(struct lights *l)
{
	if (!l)
		return;
	free(l->changes);
	arena_close(l->a);
}

static void clear_column(struct board *b, int column)
{
	const struct board_table *t = board_projects(b);
	int32_t *cells = board_cells32(b, board_table_named(b, "project"), column);
	for (int32_t i = 0; i < board_rows(t); i++)
		cells[i] = NOTHING32;
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

void lights_attach(struct lights *l, struct board *b)
{
	struct label overall = board_column(board_projects(b), l->overall.severity)->field->label;
	l->overall = standing_attach(l->a, b, "light", overall);
	for (int i = 0; i < l->n; i++) {
		struct bound_light *light = &l->lights[i];
		if (light->rule->subject != SUBJECT_PROJECT)
			continue;
		const char *name = arena_printf(l->a, "light_%s_%s", light->set->name, light->rule->name);
		struct label label = {
			arena_printf(l->a, "%s·%s", light->set->label.zh, light->rule->label.zh),
			arena_printf(l->a, "%s: %s", light->set->label.en, light->rule->label.en)};
		light->light = standing_attach(l->a, b, name, label);
		if (light->rule->nescalations)
			light->run = standing_attach(l->a, b, arena_printf(l->a, "%s_run", name), label);
	}
	for (int c = 0; c < board_columns(board_projects(b)); c++) {
		bool bound = standing_has(&l->overall, c);
		for (int i = 0; i < l->n && !bound; i++)
			bound = standing_has(&l->lights[i].light, c) ||
				(l->lights[i].run.severity >= 0 && standing_has(&l->lights[i].run, c));
		if (!bound && starts_with(board_column(board_projects(b), c)->field->name, "light_"))
			clear_column(b, c);
	}
}

/* ---- one value ---- */

static const int32_t by_rank[RANKS] = {SEVERITY_OUTSIDE, SEVERITY_GREEN, SEVERITY_EXEMPT,
	SEVERITY_UNDEFINED, SEVERITY_NO_DATA, SEVERITY_WATCH, SEVERITY_WARN, SEVERITY_SERIOUS};
enum { RANK_OUTSIDE, RANK_GREEN, RANK_EXEMPT, RANK_UNDEFINED, RANK_NO_DATA };

int rank_severity(int32_t severity)
{
	for (int rank = RANKS - 1; rank > 0; rank--)
		if (by_rank[rank] == severity)
			return rank;
	return RANK_OUTSIDE;
}

int32_t judge_value(const struct light_rule *rule, int64_t value)
{
	if (value == NOTHING64)
		return SEVERITY_NO_DATA;
	int band = light_rule_band(rule, value);
	return band < 0 ? (int32_t)SEVERITY_UNDEFINED : rule->bands[band].severity;
}

int64_t value_of(const struct board *b, const struct bound_light *l, int32_t row)
{
	struct indicator_bound bound = l->bound;
	int64_t value;
	indicator_set_day(b, &bound);
	l->rule->indicator->kernel(b, &bound, row, 1, &value);
	return value;
}

static int32_t day_cell(const struct board_table *t, const char *column, int32_t row)
{
	int at = board_column_named(t, column);
	return at < 0 ? NOTHING32 : (int32_t)column_number(board_column(t, at), row);
}

static bool names_it(const struct board_table *t, const char *column, int32_t row, const char *name)
{
	int at = board_column_named(t, column);
	struct slice word = at < 0 ? (struct slice){0} : column_word(board_column(t, at), row);
	return word.n == 0 || slice_is(word, name);
}

int exemption_table(const struct board *b, const struct light_rule *rule)
{
	return board_table_named(b, rule->subject == SUBJECT_UNIT ? "unit_exemption" : "exemption");
}

int32_t exemption_for(const struct board *b, const struct bound_light *l, int32_t row)
{
	int table = exemption_table(b, l->rule);
	int parents = board_table_named(b, l->rule->subject == SUBJECT_UNIT ? "unit" : "project");
	if (table < 0 || !l->rule->exemptible)
		return -1;
	const struct board_table *t = board_table(b, table);
	const struct column *state = board_column(t, board_column_named(t, "state"));
	int32_t today = board_today(b).day, found = -1;
	for (int32_t e = board_first_child(b, parents, row, table); e >= 0;
		 e = board_next_child(b, table, e)) {
		int32_t from = day_cell(t, "valid_from", e), until = day_cell(t, "valid_until", e);
		if (!board_alive(t, e) || !slice_is(column_word(state, e), "approved") ||
			(from != NOTHING32 && from > today) || (until != NOTHING32 && until < today) ||
			!names_it(t, "ruleset", e, l->set->name) ||
			!names_it(t, "rule_light", e, l->rule->name))
			continue;
		if (found < 0 || uuid_compare(board_id(t, e), board_id(t, found)) < 0)
			found = e;
	}
	return found;
}

/* Months from the month of `since` to the month of `today`, both counted. */
static int months_running(struct date since, struct date today)
{
	return date_is_none(since) ? 1 : month_of(today).index - month_of(since).index + 1;
}

const struct escalation *escalation_for(const struct light_rule *rule, int32_t severity, int months)
{
	const struct escalation *reached = NULL;
	for (int i = 0; i < rule->nescalations; i++)
		if (severity >= rule->escalations[i].from && months >= rule->escalations[i].periods &&
			(!reached || rule->escalations[i].periods > reached->periods))
			reached = &rule->escalations[i];
	return reached;
}

/* What follows from the base severity: exemption, escalation. */
static void finish_judging(const struct board *b, const struct bound_light *l, int32_t row,
	bool maybe_exempt, struct judged *j)
{
	j->severity = j->base;
	j->exemption = -1;
	j->escalation = NULL;
	if (j->base > 0 && maybe_exempt)
		j->exemption = exemption_for(b, l, row);
	if (j->exemption >= 0) {
		j->severity = SEVERITY_EXEMPT;
		return;
	}
	if (j->base <= 0 || l->run.severity < 0)
		return;
	const struct board_table *t = board_projects(b);
	int32_t run = ((const int32_t *)board_column(t, l->run.since)->cells)[row];
	/* what was restored after a restart is the light's own date; the run began no later */
	int32_t since = ((const int32_t *)board_column(t, l->light.since)->cells)[row];
	int32_t light = ((const int32_t *)board_column(t, l->light.severity)->cells)[row];
	if (light >= l->rule->escalations[0].from && since != NOTHING32 &&
		(run == NOTHING32 || since < run))
		run = since;
	j->escalation =
		escalation_for(l->rule, j->base, months_running((struct date){run}, board_today(b)));
	if (j->escalation && j->escalation->severity > j->severity)
		j->severity = j->escalation->severity;
}

static bool is_judged(const struct board *b, const struct bound_light *l, int32_t row)
{
	return l->ready ? filter_passes(l->ready, row) : !l->where || query_passes(b, l->where, row);
}

struct judged judge_project(const struct board *b, const struct bound_light *l, int32_t row)
{
	struct judged j = {.value = NOTHING64,
		.base = SEVERITY_OUTSIDE,
		.severity = SEVERITY_OUTSIDE,
		.exemption = -1};
	if (!board_alive(board_projects(b), row) || !is_judged(b, l, row))
		return j;
	j.value = value_of(b, l, row);
	j.base = judge_value(l->rule, j.value);
	finish_judging(b, l, row, true, &j);
	return j;
}

/* ---- everybody ---- */

/* Everybody's severity as a rank in one byte, so that the worst of several lights is a maximum. */
TIGHT_LOOP static void apply_bands(const struct light_rule *rule, const int64_t *restrict values,
	const uint8_t *restrict pass, int32_t n, uint8_t *restrict ranks)
{
	for (int32_t i = 0; i < n; i++)
		ranks[i] = RANK_UNDEFINED;
	for (int k = rule->nbands - 1; k >= 0;
		 k--) { /* the first band that holds a value wins, so it is written last */
		int64_t low = rule->bands[k].low, high = rule->bands[k].high;
		uint8_t rank = (uint8_t)rank_severity(rule->bands[k].severity);
		for (int32_t i = 0; i < n; i++) {
			uint8_t inside = (uint8_t) - ((values[i] >= low) & (values[i] <= high));
			ranks[i] = (uint8_t)((inside & rank) | (~inside & ranks[i]));
		}
	}
	for (int32_t i = 0; i < n; i++) {
		uint8_t missing = (uint8_t) - (values[i] == NOTHING64);
		ranks[i] = (uint8_t)((missing & RANK_NO_DATA) | (~missing & ranks[i])) & (uint8_t)-pass[i];
	}
}

/* Every project's rank under one light. `base` (before exemption and escalation) may be NULL. */
static void judge_all(
	const struct board *b, const struct bound_light *l, uint8_t *ranks, uint8_t *base)
{
	const struct board_table *t = board_projects(b);
	struct arena *a = arena_open();
	struct query *everybody = NULL;
	struct err err;
	if (!l->where &&
		!query_parse_filter(a, b, board_table_named(b, "project"), "", &everybody, &err))
		assert(!"an empty filter is good");
	struct filter *filter = filter_prepare(a, b, l->where ? l->where : everybody, NULL);
	struct indicator_bound bound = l->bound;
	indicator_set_day(b, &bound);
	int column = board_column_named(t, "exemptions");
	const int32_t *exemptions =
		l->rule->exemptible && column >= 0 ? board_column(t, column)->cells : NULL;
	int64_t values[QUERY_BLOCK];
	uint8_t pass[QUERY_BLOCK];
	for (int32_t from = 0; from < board_rows(t); from += QUERY_BLOCK) {
		int32_t n = board_rows(t) - from < QUERY_BLOCK ? board_rows(t) - from : QUERY_BLOCK;
		uint8_t *block = ranks + from;
		if (filter_block(filter, from, n, pass) == 0)
			memset(block, RANK_OUTSIDE, (size_t)n);
		else {
			l->rule->indicator->kernel(b, &bound, from, n, values);
			apply_bands(l->rule, values, pass, n, block);
		}
		if (base)
			memcpy(base + from, block, (size_t)n);
		for (int32_t i = 0; (exemptions || l->run.severity >= 0) && i < n; i++) {
			bool exempt = exemptions && exemptions[from + i] > 0;
			if (block[i] <= RANK_NO_DATA || !(exempt || l->run.severity >= 0))
				continue;
			struct judged j = {.base = by_rank[block[i]]};
			finish_judging(b, l, from + i, exempt, &j);
			block[i] = (uint8_t)rank_severity(j.severity);
		}
	}
	arena_close(a);
}

static void to_severities(const uint8_t *ranks, int32_t n, int32_t *out)
{
	for (int32_t i = 0; i < n; i++)
		out[i] = by_rank[ranks[i]];
}

static uint8_t *rank_bytes(const struct board *b)
{
	return must_alloc((size_t)board_rows(board_projects(b)) + 1); /* zeroed: everybody is outside */
}

static bool in_overall(const struct bound_light *l)
{
	return l->set->combine == COMBINE_WORST && l->rule->subject == SUBJECT_PROJECT;
}

TIGHT_LOOP static void combine_worst(
	uint8_t *restrict overall, const uint8_t *restrict light, int32_t n)
{
	for (int32_t i = 0; i < n; i++)
		overall[i] = overall[i] > light[i] ? overall[i] : light[i];
}

void lights_judge(const struct lights *l, const struct board *b, int32_t *out)
{
	int32_t n = board_rows(board_projects(b));
	uint8_t *overall = rank_bytes(b), *one = rank_bytes(b);
	for (int i = 0; i < l->n; i++) {
		if (!in_overall(&l->lights[i]))
			continue;
		judge_all(b, &l->lights[i], one, NULL);
		combine_worst(overall, one, n);
	}
	to_severities(overall, n, out);
	free(overall);
	free(one);
}

/* ---- keeping ---- */

static void changed(struct lights *l, int32_t project, int32_t before, int32_t after)
{
	if (l->nchanges == l->changes_room) {
		l->changes_room = l->changes_room * 2 + 64;
		l->changes = must_realloc(l->changes, (size_t)l->changes_room * sizeof(*l->changes));
	}
	l->changes[l->nchanges++] = (struct light_change){project, before, after};
}

/* Is severity at least what the first escalation asks for? */
static int32_t runs(const struct bound_light *l, int32_t base)
{
	return base < l->rule->escalations[0].from ? (int32_t)SEVERITY_OUTSIDE : 0;
}

static void refresh_all(struct lights *l, struct board *b, int32_t back)
{
	int32_t n = board_rows(board_projects(b)), today = board_today(b).day;
	uint8_t *overall = rank_bytes(b), *one = rank_bytes(b), *base = rank_bytes(b);
	for (int i = 0; i < l->n; i++) {
		struct bound_light *light = &l->lights[i];
		if (light->rule->subject != SUBJECT_PROJECT || light->light.severity < 0)
			continue;
		if (light->run.severity >= 0) { /* first the run, because escalation reads it */
			struct standing_cells run = standing_cells_of(b, &light->run);
			judge_all(b, light, one, base);
			for (int32_t row = 0; row < n; row++)
				standing_turn(&run, row, runs(light, by_rank[base[row]]), today, back);
		}
		struct standing_cells cells = standing_cells_of(b, &light->light);
		judge_all(b, light, one, NULL);
		for (int32_t row = 0; row < n; row++)
			standing_turn(&cells, row, by_rank[one[row]], today, back);
		if (in_overall(light))
			combine_worst(overall, one, n);
	}
	struct standing_cells cells = standing_cells_of(b, &l->overall);
	for (int32_t row = 0; row < n; row++) {
		int32_t severity = by_rank[overall[row]];
		if (cells.severity[row] == severity)
			continue;
		changed(l, row, cells.severity[row], severity);
		standing_turn(&cells, row, severity, today, back);
	}
	rollup_recount_lights(b);
	free(overall);
	free(one);
	free(base);
}

static void refresh_one(struct lights *l, struct board *b, int32_t row, int32_t back)
{
	int32_t overall = SEVERITY_OUTSIDE, today = board_today(b).day;
	for (int i = 0; i < l->n; i++) {
		struct bound_light *light = &l->lights[i];
		if (light->rule->subject != SUBJECT_PROJECT || light->light.severity < 0)
			continue;
		struct judged j = judge_project(b, light, row);
		if (light->run.severity >= 0) {
			struct standing_cells run = standing_cells_of(b, &light->run);
			standing_turn(&run, row, runs(light, j.base), today, back);
			j = judge_project(b, light, row);
		}
		struct standing_cells cells = standing_cells_of(b, &light->light);
		standing_turn(&cells, row, j.severity, today, back);
		if (in_overall(light) && rank_severity(j.severity) > rank_severity(overall))
			overall = j.severity;
	}
	struct standing_cells cells = standing_cells_of(b, &l->overall);
	struct standing s = standing_get(&cells, row);
	if (s.severity == overall)
		return;
	changed(l, row, s.severity, overall);
	s = standing_turned(s, overall, today, back);
	board_set_light(b, row, overall, (struct date){s.since}); /* it counts in the rollups */
	standing_put(&cells, row, s);
}

/* A filter costs more to make ready than to ask, so it is made once for all the rows. */
static void refresh_some(
	struct lights *l, struct board *b, const int32_t *rows, int n, int32_t back)
{
	struct arena *a = arena_open();
	for (int i = 0; i < l->n; i++)
		if (l->lights[i].where && l->lights[i].rule->subject == SUBJECT_PROJECT)
			l->lights[i].ready = filter_prepare(a, b, l->lights[i].where, NULL);
	for (int i = 0; i < n; i++)
		refresh_one(l, b, rows[i], back);
	for (int i = 0; i < l->n; i++)
		l->lights[i].ready = NULL;
	arena_close(a);
}

void lights_refresh(struct lights *l, struct board *b, struct touched touched,
	const struct light_change **changes, int *n)
{
	int32_t today = board_today(b).day,
			back = date_is_none(touched.back) ? today : touched.back.day;
	l->nchanges = 0;
	if (touched.all)
		refresh_all(l, b, back);
	else if (touched.n)
		refresh_some(l, b, touched.rows, touched.n, back);
	*changes = l->changes;
	*n = l->nchanges;
}

/* ---- preview ---- */

void lights_preview(struct arena *a, const struct lights *before, const struct lights *after,
	const struct board *b, struct preview_month *out, const struct light_change **list, int *n)
{
	int32_t rows = board_rows(board_projects(b));
	int32_t *x = ARENA_ARRAY(a, int32_t, (size_t)rows + 1),
			*y = ARENA_ARRAY(a, int32_t, (size_t)rows + 1);
	lights_judge(before, b, x);
	lights_judge(after, b, y);
	*out = (struct preview_month){.day = board_today(b)};
	for (int32_t row = 0; row < rows; row++) {
		if (!board_alive(board_projects(b), row))
			continue;
		out->before[light_slot(x[row])]++;
		out->after[light_slot(y[row])]++;
		out->changed += x[row] != y[row];
	}
	struct light_change *changes = ARENA_ARRAY(a, struct light_change, (size_t)out->changed + 1);
	*n = 0;
	for (int32_t row = 0; row < rows; row++)
		if (x[row] != y[row] && board_alive(board_projects(b), row))
			changes[(*n)++] = (struct light_change){row, x[row], y[row]};
	*list = changes;
}
