/* Why a light is what it is: rule, value, inputs with who and when, what would turn it green, exemption, doubt. */
#include <stdlib.h>

#include "assess/judge.h"

struct words {
	struct str zh, en;
};

static struct label take_words(struct arena *a, struct words *w)
{
	struct label label = {arena_strdup(a, str_text(&w->zh)), arena_strdup(a, str_text(&w->en))};
	str_free(&w->zh);
	str_free(&w->en);
	return label;
}

static void write_cell(struct str *out, const struct column *c, int32_t row, enum lang lang)
{
	int64_t v = column_number(c, row);
	if (v == NOTHING64) {
		str_puts(out, "—");
		return;
	}
	switch (c->field->type) {
	case FIELD_MONEY: money_format(out, v, lang); break;
	case FIELD_PERCENT:
		str_decimal(out, v, 2);
		str_puts(out, " %");
		break;
	case FIELD_DATE: date_format(out, (struct date){(int32_t)v}); break;
	default: str_int(out, v);
	}
}

/* The record that an input was entered in: the latest report, this year's plan, the late
 * milestone, or the project itself. */
static int32_t record_of(const struct board *b, enum input_of of, int32_t row, const char **reg)
{
	static const struct {
		const char *reg, *column;
	} where[] = {
		[INPUT_PLAN] = {"year_plan", "current_plan"},
		[INPUT_REPORT] = {"report", "latest_report"},
		[INPUT_MILESTONE] = {"milestone", "late_milestone"},
	};
	*reg = "project";
	if (of == INPUT_PROJECT)
		return row;
	if (of == INPUT_COMPUTED)
		return -1;
	const struct board_table *t = board_projects(b);
	int column = board_column_named(t, where[of].column);
	*reg = where[of].reg;
	return column < 0 ? -1 : ((const int32_t *)board_column(t, column)->cells)[row];
}

static void fill_input(struct arena *a, const struct board *b, const struct indicator_input *from,
	int column, int32_t row, struct light_input *out)
{
	const struct column *c = board_column(board_projects(b), column);
	*out = (struct light_input){.name = c->field->name,
		.label = c->field->label,
		.value = column_number(c, row),
		.origin = {.at = INSTANT_NONE}};
	struct words text = {0};
	write_cell(&text.zh, c, row, LANG_ZH);
	write_cell(&text.en, c, row, LANG_EN);
	out->text = take_words(a, &text);
	const char *reg;
	int32_t record = record_of(b, from->of, row, &reg);
	if (record < 0)
		return;
	const struct board_table *t = board_table(b, board_table_named(b, reg));
	out->reg = reg;
	out->record = board_id(t, record);
	out->origin = board_origin(b, t, record);
}

static void fill_inputs(struct arena *a, const struct board *b, const struct bound_light *l,
	int32_t row, struct light_reason *out)
{
	struct light_input *inputs = ARENA_ARRAY(a, struct light_input, INDICATOR_INPUTS);
	for (int i = 0; i < INDICATOR_INPUTS; i++) {
		const struct indicator_input *input = &l->rule->indicator->inputs[i];
		/* a helper of the computation, in units nobody reads */
		if (l->bound.columns[i] >= 0 && strcmp(input->column, "expected_parts") != 0)
			fill_input(a, b, input, l->bound.columns[i], row, &inputs[out->ninputs++]);
	}
	int time = board_column_named(board_projects(b), "time_progress");
	static const struct indicator_input by_day = {"time_progress", INPUT_COMPUTED, false};
	bool timed = l->rule->indicator->unit == UNIT_POINTS ||
		strcmp(l->rule->indicator->name, "progress_ratio") == 0;
	if (timed && time >= 0 && out->ninputs < INDICATOR_INPUTS)
		fill_input(a, b, &by_day, time, row, &inputs[out->ninputs++]);
	out->inputs = inputs;
}

/* The nearest exact value that a green band holds. */
static bool nearest_green(const struct light_rule *rule, int64_t value, int64_t *goal)
{
	bool found = false;
	*goal = 0;
	for (int i = 0; i < rule->nbands; i++) {
		const struct band *band = &rule->bands[i];
		if (band->severity != SEVERITY_GREEN)
			continue;
		int64_t at = value < band->low ? band->low : band->high;
		if (!found || llabs(at - value) < llabs(*goal - value))
			*goal = at;
		found = true;
	}
	return found;
}

static void fill_to_green(struct arena *a, const struct board *b, const struct bound_light *l,
	int32_t row, const struct judged *j, struct light_reason *out)
{
	int64_t goal;
	if (j->value == NOTHING64 || j->base == SEVERITY_GREEN || !l->rule->indicator->remedy ||
		!nearest_green(l->rule, j->value, &goal))
		return;
	struct words w = {0};
	bool helps = l->rule->indicator->remedy(b, &l->bound, row, goal, &w.zh, &w.en);
	struct label text = take_words(a, &w);
	if (helps)
		out->to_green = text;
}

static void fill_missing(struct arena *a, const struct board *b, const struct bound_light *l,
	int32_t row, struct light_reason *out)
{
	struct words w = {0};
	const char *zh = "没有", *en = "there is no ";
	for (int i = 0; i < INDICATOR_INPUTS; i++) {
		const struct indicator_input *input = &l->rule->indicator->inputs[i];
		if (!input->column || !input->needed)
			continue;
		const struct column *c =
			l->bound.columns[i] < 0 ? NULL : board_column(board_projects(b), l->bound.columns[i]);
		int64_t v = c ? column_number(c, row) : NOTHING64;
		if (c && v != NOTHING64 &&
			!(v == 0 && c->field->type == FIELD_MONEY && input->of == INPUT_PLAN))
			continue;
		str_printf(&w.zh, "%s%s", zh, c ? c->field->label.zh : input->column);
		str_printf(&w.en, "%s%s", en, c ? c->field->label.en : input->column);
		zh = "、";
		en = ", ";
	}
	out->finding = take_words(a, &w);
}

/* The stretch around a value that no band holds. */
static void fill_undefined(
	struct arena *a, const struct bound_light *l, int64_t value, struct light_reason *out)
{
	int64_t low = l->rule->indicator->least, high = EXACT_MOST;
	for (int i = 0; i < l->rule->nbands; i++) {
		const struct band *band = &l->rule->bands[i];
		if (band->high < value && band->high + 1 > low)
			low = band->high + 1;
		if (band->low > value && band->low - 1 < high)
			high = band->low - 1;
	}
	struct label range = range_words(a, l->rule->indicator, low, high);
	out->finding = (struct label){arena_printf(a, "规则对 %s 没有规定", range.zh),
		arena_printf(a, "the rule says nothing about %s", range.en)};
}

struct light_exemption exemption_read(
	const struct board *b, const struct light_rule *rule, int32_t exemption, int would_be)
{
	const struct board_table *t = board_table(b, exemption_table(b, rule));
	struct light_exemption out = {.record = board_id(t, exemption), .would_be = would_be};
	const struct {
		const char *column;
		struct slice *text;
		struct date *day;
	} cells[] = {
		{"approver", &out.approver, NULL},
		{"reason", &out.reason, NULL},
		{"valid_from", NULL, &out.from},
		{"valid_until", NULL, &out.until},
	};
	for (size_t i = 0; i < countof(cells); i++) {
		int column = board_column_named(t, cells[i].column);
		if (column < 0)
			continue;
		const struct column *c = board_column(t, column);
		if (cells[i].text)
			*cells[i].text = column_word(c, exemption);
		else
			cells[i].day->day = (int32_t)column_number(c, exemption);
	}
	return out;
}

struct label severity_label(int32_t severity)
{
	switch (severity) {
	case SEVERITY_NO_DATA: return (struct label){"无数据", "no data"};
	case SEVERITY_UNDEFINED: return (struct label){"规则未定", "undefined range"};
	case SEVERITY_EXEMPT: return (struct label){"豁免", "exempt"};
	default: return (struct label){NULL, NULL};
	}
}

static void fill_label(
	const struct light_rule *rule, const struct judged *j, struct light_reason *out)
{
	int band = j->value == NOTHING64 ? -1 : light_rule_band(rule, j->value);
	out->colour = "grey";
	out->label = severity_label(j->severity);
	if (out->label.zh)
		return;
	if (j->escalation) {
		out->label = j->escalation->label;
		out->colour = j->escalation->colour;
		out->action = j->escalation->action;
	} else {
		out->label = rule->bands[band].label;
		out->colour = rule->bands[band].colour;
		out->action = rule->bands[band].action;
	}
}

static struct date since_of(const struct board *b, int column, int32_t row)
{
	if (column < 0)
		return DATE_NONE;
	return (struct date){((const int32_t *)board_column(board_projects(b), column)->cells)[row]};
}

static void fill_reason(struct arena *a, const struct board *b, const struct bound_light *l,
	int32_t row, const struct judged *j, struct light_reason *out)
{
	*out = (struct light_reason){.set = l->set,
		.rule = l->rule,
		.severity = j->severity,
		.value = j->value,
		.value_text = indicator_said(a, l->rule->indicator, j->value),
		.words = light_rule_words(a, l->rule),
		.since = since_of(b, l->light.since, row)};
	fill_label(l->rule, j, out);
	fill_inputs(a, b, l, row, out);
	if (j->base == SEVERITY_NO_DATA)
		fill_missing(a, b, l, row, out);
	else if (j->base == SEVERITY_UNDEFINED)
		fill_undefined(a, l, j->value, out);
	fill_to_green(a, b, l, row, j, out);
	if (j->exemption >= 0)
		out->exemption = exemption_read(b, l->rule, j->exemption, j->base);
}

static int compare_reasons(const void *x, const void *y)
{
	const struct light_reason *a = x, *b = y;
	int d = rank_severity(b->severity) - rank_severity(a->severity);
	if (d)
		return d;
	d = strcmp(a->set->name, b->set->name);
	return d ? d : (a->rule > b->rule) - (a->rule < b->rule);
}

void lights_explain(struct arena *a, const struct lights *lights, const struct board *b,
	int32_t project, struct light_report *out)
{
	struct light_reason *reasons = ARENA_ARRAY(a, struct light_reason, (size_t)lights->n + 1);
	*out = (struct light_report){.overall = SEVERITY_OUTSIDE,
		.since = since_of(b, lights->overall.since, project),
		.reasons = reasons};
	for (int i = 0; i < lights->n; i++) {
		struct bound_light l = lights->lights[i];
		if (l.rule->subject != SUBJECT_PROJECT)
			continue;
		indicator_set_day(b, &l.bound);
		struct judged j = judge_project(b, &l, project);
		if (j.severity == SEVERITY_OUTSIDE)
			continue;
		if (l.set->combine == COMBINE_WORST &&
			rank_severity(j.severity) > rank_severity(out->overall))
			out->overall = j.severity;
		fill_reason(a, b, &l, project, &j, &reasons[out->n++]);
	}
	qsort(reasons, (size_t)out->n, sizeof(*reasons), compare_reasons);
}

/* ---- JSON ---- */

static void write_optional_label(struct json_writer *w, const char *key, struct label label)
{
	if (label.zh && *label.zh) {
		jw_label(w, key, label);
		return;
	}
	jw_key(w, key);
	jw_null(w);
}

static void write_input(struct json_writer *w, const struct light_input *input, int offset_minutes)
{
	jw_object(w);
	jw_kt(w, "name", input->name);
	jw_label(w, "label", input->label);
	jw_key(w, "value");
	if (input->value == NOTHING64)
		jw_null(w);
	else
		jw_int(w, input->value);
	jw_label(w, "text", input->text);
	jw_kt(w, "register", input->reg);
	jw_key(w, "record");
	if (input->reg)
		jw_uuid(w, input->record);
	else
		jw_null(w);
	jw_key(w, "who");
	if (uuid_is_nil(input->origin.who))
		jw_null(w);
	else
		jw_uuid(w, input->origin.who);
	jw_key(w, "at");
	if (input->origin.at.ms == INSTANT_NONE.ms)
		jw_null(w);
	else {
		struct str s = STR_INIT;
		instant_format(&s, input->origin.at, offset_minutes);
		jw_text(w, str_text(&s));
		str_free(&s);
	}
	jw_key(w, "journal");
	if (input->origin.journal)
		jw_int(w, input->origin.journal);
	else
		jw_null(w);
	jw_object_end(w);
}

static void write_exemption(struct json_writer *w, const struct light_exemption *e)
{
	jw_key(w, "exemption");
	if (uuid_is_nil(e->record)) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_kid(w, "record", e->record);
	jw_ks(w, "approver", e->approver);
	jw_kd(w, "from", e->from);
	jw_kd(w, "to", e->until);
	jw_ks(w, "reason", e->reason);
	jw_ki(w, "would_be", e->would_be);
	jw_object_end(w);
}

/* What a light of a project and one of a unit have in common. */
static void write_judgement(struct json_writer *w, const struct light_reason *r)
{
	jw_kt(w, "ruleset", r->set->name);
	jw_kt(w, "light", r->rule->name);
	jw_label(w, "label", r->rule->label);
	jw_ki(w, "severity", r->severity);
	jw_kt(w, "colour", r->colour);
	jw_label(w, "word", r->label);
	jw_label(w, "value", r->value_text);
	jw_label(w, "rule", r->words);
	jw_label(w, "source", r->set->source.text);
	jw_kt(w, "source_row", r->set->source.row);
	jw_kt(w, "source_url", r->set->source.url);
	write_optional_label(w, "action", r->action);
}

static void write_reason(struct json_writer *w, const struct light_reason *r, int offset_minutes)
{
	jw_object(w);
	write_judgement(w, r);
	jw_key(w, "inputs");
	jw_array(w);
	for (int i = 0; i < r->ninputs; i++)
		write_input(w, &r->inputs[i], offset_minutes);
	jw_array_end(w);
	write_optional_label(w, "to_green", r->to_green);
	jw_kd(w, "since", r->since);
	write_exemption(w, &r->exemption);
	jw_key(w, "findings");
	jw_array(w);
	if (r->finding.zh && *r->finding.zh) {
		jw_object(w);
		jw_label(w, "text", r->finding);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_object_end(w);
}

void unit_light_json(struct json_writer *w, const struct unit_light *l)
{
	write_judgement(w, &l->reason);
	jw_ki(w, "months", l->periods);
	write_exemption(w, &l->reason.exemption);
}

void light_report_json(struct json_writer *w, const struct light_report *report, int offset_minutes)
{
	jw_object(w);
	jw_key(w, "overall");
	if (report->overall == SEVERITY_OUTSIDE)
		jw_null(w);
	else
		jw_int(w, report->overall);
	jw_kd(w, "since", report->since);
	jw_key(w, "lights");
	jw_array(w);
	for (int i = 0; i < report->n; i++)
		write_reason(w, &report->reasons[i], offset_minutes);
	jw_array_end(w);
	jw_object_end(w);
}
