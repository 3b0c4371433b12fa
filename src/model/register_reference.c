/* The reference page of an office's registers, in Markdown, from nothing but the definitions. */
#include "model/code.h"
#include "model/register.h"
#include "model/value.h"

/* The page's own words. */
static const struct {
	struct label label;
} words[] = {
	{{"台账参考", "Registers"}},
	{{"字段", "Field"}},
	{{"显示名", "Label"}},
	{{"类型", "Type"}},
	{{"说明", "Notes"}},
	{{"状态", "States"}},
	{{"环节", "Step"}},
	{{"从", "From"}},
	{{"到", "To"}},
	{{"谁办", "By"}},
	{{"须填", "Asks"}},
	{{"时限", "Clock"}},
	{{"开始", "Starts"}},
	{{"停止", "Stops"}},
	{{"期限", "Limit"}},
	{{"提级", "Ladder"}},
	{{"必填", "required"}},
	{{"唯一", "unique"}},
	{{"佐证", "evidence"}},
	{{"受管控", "governed"}},
	{{"个人信息", "personal data"}},
	{{"停用", "retired"}},
	{{"本单位所加", "added by the office"}},
	{{"由另一人核验", "checked by somebody else"}},
	{{"挂在", "Hangs under"}},
	{{"编号", "Number"}},
	{{"唯一组合", "Unique together"}},
	{{"任意", "any"}},
	{{"由台账定义生成：`guatu help registers`；加 `--data DIR` "
	  "则含本单位所加的字段和台账。定义怎么写见 [registers.md](registers.md)。",
		"Made from the definitions by `guatu help registers --lang en`; with `--data DIR` it holds "
		"an office's own "
		"fields and registers too. How definitions are written: "
		"[registers.md](registers.md#in-english)."}},
};
enum word {
	WORD_TITLE,
	WORD_FIELD,
	WORD_LABEL,
	WORD_TYPE,
	WORD_NOTES,
	WORD_STATES,
	WORD_STEP,
	WORD_FROM,
	WORD_TO,
	WORD_BY,
	WORD_ASKS,
	WORD_CLOCK,
	WORD_START,
	WORD_STOP,
	WORD_LIMIT,
	WORD_LADDER,
	WORD_REQUIRED,
	WORD_UNIQUE,
	WORD_EVIDENCE,
	WORD_GOVERNED,
	WORD_SENSITIVE,
	WORD_RETIRED,
	WORD_OWN,
	WORD_CHECKER,
	WORD_OF,
	WORD_NUMBER,
	WORD_KEY,
	WORD_ANY,
	WORD_ABOUT
};

struct page {
	struct str *out;
	enum lang lang;
};

static void word(const struct page *p, enum word w)
{
	str_puts(p->out, label_in(words[w].label, p->lang));
}

/* A cell's text: a bar would end the cell. */
static void cell(const struct page *p, const char *text)
{
	for (; text && *text; text++) {
		if (*text == '|')
			str_putc(p->out, '\\');
		str_putc(p->out, *text == '\n' ? ' ' : *text);
	}
}

static void row_head(const struct page *p, const enum word *heads, int n)
{
	for (int i = 0; i < n; i++) {
		str_puts(p->out, "| ");
		word(p, heads[i]);
		str_putc(p->out, ' ');
	}
	str_puts(p->out, "|\n");
	for (int i = 0; i < n; i++)
		str_puts(p->out, "|---");
	str_puts(p->out, "|\n");
}

static void names(const struct page *p, const char *const *list, int n)
{
	for (int i = 0; i < n; i++) {
		str_puts(p->out, i ? ", `" : "`");
		str_puts(p->out, list[i]);
		str_putc(p->out, '`');
	}
}

static void note(const struct page *p, bool *some, enum word w)
{
	str_puts(p->out, *some ? ", " : "");
	word(p, w);
	*some = true;
}

static void field_type(const struct page *p, const struct field *f)
{
	str_puts(p->out, field_type_name(f->type));
	if (f->type == FIELD_DERIVED)
		str_printf(p->out, " %s", field_type_name(f->derived_type));
	if (f->to)
		str_printf(p->out, " → `%s`", f->to);
	if (f->code)
		str_printf(p->out, " %s", code_kind_name(f->code));
	if (f->unit.zh)
		str_printf(p->out, " (%s)", label_in(f->unit, p->lang));
}

static void field_row(const struct page *p, const struct field *f)
{
	const struct {
		bool set;
		enum word w;
	} notes[] = {{f->required, WORD_REQUIRED}, {f->unique, WORD_UNIQUE},
		{f->evidence, WORD_EVIDENCE}, {f->governed, WORD_GOVERNED}, {f->sensitive, WORD_SENSITIVE},
		{f->retired, WORD_RETIRED}, {!f->builtin, WORD_OWN}};
	bool some = false;
	str_printf(p->out, "| `%s` | ", f->name);
	cell(p, label_in(f->label, p->lang));
	str_puts(p->out, " | ");
	field_type(p, f);
	str_puts(p->out, " | ");
	for (size_t i = 0; i < countof(notes); i++)
		if (notes[i].set)
			note(p, &some, notes[i].w);
	if (f->help.zh) {
		str_puts(p->out, some ? ". " : "");
		cell(p, label_in(f->help, p->lang));
		some = true;
	}
	for (int i = 0; i < f->nchoices; i++) {
		str_puts(p->out, i ? ", " : some ? ". " : "");
		str_printf(p->out, "`%s` ", f->choices[i].name);
		cell(p, label_in(f->choices[i].label, p->lang));
	}
	str_puts(p->out, " |\n");
}

static void steps(const struct page *p, const struct register_def *reg)
{
	static const enum word heads[] = {
		WORD_STEP, WORD_LABEL, WORD_FROM, WORD_TO, WORD_BY, WORD_ASKS};
	str_putc(p->out, '\n');
	row_head(p, heads, countof(heads));
	for (int i = 0; i < reg->nsteps; i++) {
		const struct step *s = &reg->steps[i];
		str_printf(p->out, "| `%s` | ", s->name);
		cell(p, label_in(s->label, p->lang));
		str_puts(p->out, " | ");
		if (s->nfrom)
			names(p, s->from, s->nfrom);
		else
			word(p, WORD_ANY);
		str_printf(p->out, " | %s%s%s | ", s->to ? "`" : "", s->to ? s->to : "—", s->to ? "`" : "");
		names(p, s->by, s->nby);
		if (s->checker) {
			str_puts(p->out, ", ");
			word(p, WORD_CHECKER);
		}
		str_puts(p->out, " | ");
		for (int k = 0; k < s->nasks; k++)
			str_printf(p->out, "%s`%s`", k ? ", " : "", s->asks[k]->name);
		str_puts(p->out, " |\n");
	}
}

static void clocks(const struct page *p, const struct register_def *reg)
{
	static const enum word heads[] = {
		WORD_CLOCK, WORD_LABEL, WORD_START, WORD_STOP, WORD_LIMIT, WORD_LADDER};
	str_putc(p->out, '\n');
	row_head(p, heads, countof(heads));
	for (int i = 0; i < reg->nclocks; i++) {
		const struct clock_def *c = &reg->clocks[i];
		str_printf(p->out, "| `%s` | ", c->name);
		cell(p, label_in(c->label, p->lang));
		str_puts(p->out, " | ");
		names(p, c->start, c->nstart);
		str_puts(p->out, " | ");
		names(p, c->stop, c->nstop);
		str_puts(p->out, " | ");
		if (c->due)
			str_printf(p->out, "`%s`", c->due);
		else
			span_format(p->out, c->limit);
		str_printf(p->out, " | %s |\n", c->ladder ? c->ladder : "—");
	}
}

static void one_register(const struct page *p, const struct register_def *reg)
{
	static const enum word heads[] = {WORD_FIELD, WORD_LABEL, WORD_TYPE, WORD_NOTES};
	str_printf(p->out, "\n## %s `%s`\n\n", label_in(reg->label, p->lang), reg->name);
	if (reg->help.zh)
		str_printf(p->out, "%s\n\n", label_in(reg->help, p->lang));
	const struct {
		enum word w;
		const char *text;
	} facts[] = {{WORD_OF, reg->of}, {WORD_NUMBER, reg->number}};
	for (size_t i = 0; i < countof(facts); i++)
		if (facts[i].text) {
			str_puts(p->out, "- ");
			word(p, facts[i].w);
			str_printf(p->out, ": `%s`\n", facts[i].text);
		}
	if (reg->nkey) {
		str_puts(p->out, "- ");
		word(p, WORD_KEY);
		str_puts(p->out, ": ");
		names(p, reg->key, reg->nkey);
		str_putc(p->out, '\n');
	}
	str_putc(p->out, '\n');
	row_head(p, heads, countof(heads));
	for (int i = 0; i < reg->nfields; i++)
		field_row(p, &reg->fields[i]);
	if (reg->nstates) {
		str_putc(p->out, '\n');
		word(p, WORD_STATES);
		for (int i = 0; i < reg->nstates; i++)
			str_printf(p->out, "%s `%s` %s", i ? " ·" : ":", reg->states[i].name,
				label_in(reg->states[i].label, p->lang));
		str_putc(p->out, '\n');
	}
	if (reg->nsteps)
		steps(p, reg);
	if (reg->nclocks)
		clocks(p, reg);
}

void register_reference(struct str *out, const struct catalogue *catalogue, enum lang lang)
{
	struct page p = {out, lang};
	str_puts(out, "# ");
	word(&p, WORD_TITLE);
	str_puts(out, "\n\n");
	word(&p, WORD_ABOUT);
	str_putc(out, '\n');
	for (int i = 0; i < catalogue->n; i++)
		one_register(&p, &catalogue->registers[i]);
}
