/* docs/rules.md and GET /api/rulesets, from the tables that the program itself runs on. */
#include "assess/indicator.h"
#include "assess/ruleset.h"

/* ---- JSON ---- */

static void write_label(struct json_writer *w, const char *key, struct label label)
{
	if (label.zh)
		jw_label(w, key, label);
}

static void write_band(
	struct json_writer *w, struct arena *a, const struct light_rule *rule, const struct band *band)
{
	jw_object(w);
	jw_label(w, "range", range_words(a, rule->indicator, band->low, band->high));
	jw_ki(w, "severity", band->severity);
	jw_label(w, "label", band->label);
	jw_kt(w, "colour", band->colour);
	write_label(w, "action", band->action);
	jw_object_end(w);
}

static void write_rule(struct json_writer *w, struct arena *a, const struct light_rule *rule)
{
	jw_object(w);
	jw_kt(w, "light", rule->name);
	jw_label(w, "label", rule->label);
	jw_kt(w, "subject", rule->subject == SUBJECT_UNIT ? "unit" : "project");
	jw_kt(w, "where", rule->where);
	jw_kt(w, "indicator", rule->indicator->name);
	jw_label(w, "formula", rule->indicator->formula);
	jw_label(w, "words", light_rule_words(a, rule));
	jw_kb(w, "exemptible", rule->exemptible);
	jw_key(w, "bands");
	jw_array(w);
	for (int i = 0; i < rule->nbands; i++)
		write_band(w, a, rule, &rule->bands[i]);
	jw_array_end(w);
	jw_object_end(w);
}

void ruleset_to_json(struct json_writer *w, struct arena *a, const struct ruleset *rs)
{
	static const char *const kinds[] = {"gap", "overlap", "never_green"};
	jw_object(w);
	jw_kt(w, "ruleset", rs->name);
	jw_label(w, "label", rs->label);
	jw_kt(w, "combine", rs->combine == COMBINE_LIST ? "list" : "worst");
	jw_kb(w, "active", rs->active);
	jw_key(w, "source");
	jw_object(w);
	jw_kt(w, "row", rs->source.row);
	jw_label(w, "text", rs->source.text);
	jw_kt(w, "url", rs->source.url);
	jw_kt(w, "grade", rs->source.grade);
	jw_object_end(w);
	jw_key(w, "lights");
	jw_array(w);
	for (int i = 0; i < rs->nlights; i++)
		write_rule(w, a, &rs->lights[i]);
	jw_array_end(w);
	const struct rule_finding *findings;
	int n;
	ruleset_findings(a, rs, &findings, &n);
	jw_key(w, "findings");
	jw_array(w);
	for (int i = 0; i < n; i++) {
		jw_object(w);
		jw_kt(w, "kind", kinds[findings[i].kind]);
		jw_kt(w, "light", findings[i].light);
		jw_label(w, "text", findings[i].text);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_object_end(w);
}

/* ---- the page ---- */

static const char *const unit_names[] = {
	[UNIT_PERCENT] = "% 百分比",
	[UNIT_POINTS] = "points 百分点",
	[UNIT_DAYS] = "days 天",
	[UNIT_MONTHS] = "months 月",
	[UNIT_COUNT] = "count 件",
	[UNIT_PLACE] = "place 名次",
	[UNIT_LEVEL] = "level 级",
};

static void document_indicator(struct str *out, const struct indicator *i)
{
	str_printf(out, "### `%s` %s\n\n%s · %s · %s · %s\n\n", i->name, i->label.zh, i->label.en,
		i->subject == SUBJECT_UNIT ? "unit 单位" : "project 项目", unit_names[i->unit], i->source);
	str_printf(out, "%s\n\n%s\n\n", i->formula.zh, i->formula.en);
	for (int p = 0; p < LIGHT_PARAMS && i->params[p].name; p++) {
		str_printf(out, "- `%s` %s / %s; ", i->params[p].name, i->params[p].label.zh,
			i->params[p].label.en);
		if (i->params[p].is_name)
			str_printf(out, "默认 default `\"%s\"`\n", i->params[p].otherwise_name);
		else
			str_printf(out, "默认 default %lld\n", (long long)i->params[p].otherwise);
	}
	if (i->params[0].name)
		str_putc(out, '\n');
}

static void document_light(struct arena *a, struct str *out, const struct light_rule *rule)
{
	str_printf(out, "**%s / %s** `%s`", rule->label.zh, rule->label.en, rule->indicator->name);
	if (rule->where)
		str_printf(out, " where `%s`", rule->where);
	if (rule->exemptible)
		str_puts(out, ", 可豁免 exemptible");
	str_puts(out,
		"\n\n| 范围 range | 程度 severity | 名称 label | 颜色 colour | 后果 follows "
		"|\n|---|---|---|---|---|\n");
	for (int i = 0; i < rule->nbands; i++) {
		const struct band *band = &rule->bands[i];
		struct label range = range_words(a, rule->indicator, band->low, band->high);
		str_printf(out, "| %s | %d | %s / %s | %s | %s |\n", range.en, band->severity,
			band->label.zh, band->label.en, band->colour, band->action.zh ? band->action.zh : "");
	}
	for (int i = 0; i < rule->nescalations; i++) {
		const struct escalation *e = &rule->escalations[i];
		str_printf(out, "| severity ≥ %d, %d months running | %d | %s / %s | %s | %s |\n", e->from,
			e->periods, e->severity, e->label.zh, e->label.en, e->colour,
			e->action.zh ? e->action.zh : "");
	}
	str_putc(out, '\n');
}

static void document_set(struct arena *a, struct str *out, const struct ruleset *rs)
{
	str_printf(out, "### `%s` %s\n\n%s\n\n", rs->name, rs->label.zh, rs->label.en);
	str_printf(out, "%s\n\n%s\n\n", rs->source.text.zh, rs->source.text.en);
	if (rs->source.row)
		str_printf(out, "来源 source: %s, <%s>, grade %s\n\n", rs->source.row, rs->source.url,
			rs->source.grade);
	for (int i = 0; i < rs->nlights; i++)
		document_light(a, out, &rs->lights[i]);
	const struct rule_finding *findings;
	int n;
	ruleset_findings(a, rs, &findings, &n);
	for (int i = 0; i < n; i++)
		str_printf(out, "- 存疑 doubt (`%s`): %s / %s\n", findings[i].light, findings[i].text.zh,
			findings[i].text.en);
	if (n)
		str_putc(out, '\n');
}

void rules_document(struct arena *a, const struct ruleset *rulesets, int n, struct str *out)
{
	str_puts(out,
		"# 亮灯规则 Rules of the lights\n\n"
		"Made by the program from its own tables (test_ruleset checks that this page is current). "
		"L1 to L19 and section numbers "
		"are rows of the survey of published rules that the rules come from. Grade A: government "
		"site, B: press, C: mirror or "
		"document site, D: the house's own. Severity 0 green, 1 watch, 2 warn, 3 serious; the "
		"colour is what the place "
		"paints it. A project without data is grey, which sorts before red; a value that a rule "
		"says nothing about is shown as such.\n\n"
		"## 规则集 Rule sets\n\n");
	for (int i = 0; i < n; i++)
		document_set(a, out, &rulesets[i]);
	str_puts(out,
		"## 指标 Indicators\n\n"
		"时序进度 time progress: months that have ended ÷ 12, or days ÷ 365 by the office's "
		"setting. Comparisons are exact: "
		"59.999 % is below 60 %, whatever is shown.\n\n");
	for (int i = 0; i < indicators_count; i++)
		document_indicator(out, &indicators[i]);
	while (out->n > 1 && out->s[out->n - 1] == '\n' && out->s[out->n - 2] == '\n')
		out->s[--out->n] = '\0';
}
