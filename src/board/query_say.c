/* A filter in words, for whoever reads a print of what it lets through. */
#include "base/date.h"
#include "board/query_terms.h"

/* Before the values; for OP_EMPTY and OP_FILLED all there is to say. */
static const struct label ops[OP_COUNT] = {
	[OP_EQ] = {"为", " is "},
	[OP_NE] = {"不为", " is not "},
	[OP_LT] = {"小于", " is less than "},
	[OP_LE] = {"不大于", " is at most "},
	[OP_GT] = {"大于", " is more than "},
	[OP_GE] = {"不小于", " is at least "},
	[OP_IN] = {"为", " is "},
	[OP_HAS] = {"含", " has "},
	[OP_UNDER] = {"属于", " is within "},
	[OP_EMPTY] = {"未填写", " is not given"},
	[OP_FILLED] = {"已填写", " is given"},
	[OP_TEXT] = {"包含", " contains "},
	[OP_SOUNDS] = {"文字或拼音含", " contains or sounds like "},
};
static const struct label day_ops[OP_COUNT] = {
	[OP_LT] = {"早于", " is before "},
	[OP_LE] = {"不晚于", " is no later than "},
	[OP_GT] = {"晚于", " is after "},
	[OP_GE] = {"不早于", " is no earlier than "},
};

struct saying {
	struct arena *a;
	const struct board *b;
	enum lang lang;
	light_word *light;
	struct str *out;
};

static void say_scaled(struct str *out, int64_t n, int64_t unit)
{
	str_printf(out, "%.12g", (double)n / (double)unit);
}

static void say_number(const struct saying *s, const struct field *f, int64_t n)
{
	const bool en = s->lang == LANG_EN;
	const char *light = strcmp(f->name, "light") == 0 ? s->light((int)n, s->lang) : NULL;
	int64_t scale = 1;

	if (light) {
		str_puts(s->out, light);
		return;
	}
	for (int i = 0; f->type == FIELD_QUANTITY && i < f->scale; i++)
		scale *= 10;
	switch (f->type) {
	case FIELD_DATE: date_format(s->out, (struct date){(int32_t)n}); break;
	case FIELD_INSTANT:
		date_format(s->out, instant_date((struct instant){n}, s->b->options.offset_minutes));
		break;
	case FIELD_MONTH: month_format(s->out, (struct month){(int32_t)n}); break;
	case FIELD_YESNO: str_puts(s->out, en ? n ? "yes" : "no" : n ? "是" : "否"); break;
	case FIELD_MONEY:
		say_scaled(s->out, n, en ? 100 : 1000000);
		str_puts(s->out, en ? " yuan" : " 万元");
		break;
	case FIELD_PERCENT:
		say_scaled(s->out, n, 100);
		str_puts(s->out, "%");
		break;
	default: say_scaled(s->out, n, scale); break;
	}
}

/* A choice or a state by its label, else as it stands. */
static const char *word_of(
	const struct saying *s, const struct board_table *t, const struct field *f, const char *name)
{
	const struct choice *choice = field_choice(f, name);
	int state = strcmp(f->name, "state") == 0 ? register_state_index(t->reg, name) : -1;

	return choice    ? label_in(choice->label, s->lang)
		: state >= 0 ? label_in(t->reg->states[state].label, s->lang)
					 : name;
}

static void say_value(const struct saying *s, const struct board_table *t, const struct column *c,
	const struct term *term, int i)
{
	if (c->target >= 0) {
		const struct board_table *to = board_table(s->b, c->target);
		int32_t row = board_row(to, term->ids[i]);
		str_slice(s->out, row < 0 ? slice_of("?") : board_title(to, row));
	} else if (column_is_number(c)) {
		say_number(s, c->field, term->numbers[i]);
	} else {
		const char *word = arena_text(s->a, term->words[i]);
		str_puts(s->out, word_of(s, t, c->field, word));
	}
}

static void say_term(const struct saying *s, const struct board_table *t, const struct term *term)
{
	const struct column *c = term->column < 0 ? NULL : &t->columns[term->column];
	bool dated = c && (c->field->type == FIELD_DATE || c->field->type == FIELD_INSTANT) &&
		day_ops[term->op].zh;

	if (!c) { /* one record or some, by their ids: how many is all that helps a reader */
		str_printf(s->out, s->lang == LANG_EN ? "%d chosen" : "选定的 %d 项", term->n);
		return;
	}
	if (term->anywhere)
		str_puts(s->out, s->lang == LANG_EN ? "name or number" : "名称或编号");
	else
		str_puts(s->out, label_in(c->field->label, s->lang));
	str_puts(s->out, label_in(dated ? day_ops[term->op] : ops[term->op], s->lang));
	for (int i = 0; i < term->n; i++) {
		if (i)
			str_puts(s->out, s->lang == LANG_EN ? " or " : "、");
		say_value(s, t, c, term, i);
	}
}

void query_say(struct arena *a, const struct board *b, const struct query *q, enum lang lang,
	light_word *light, struct str *out)
{
	const struct saying s = {a, b, lang, light, out};

	for (int i = 0; i < q->nterms; i++) {
		if (i)
			str_puts(out, lang == LANG_EN ? "; " : "；");
		say_term(&s, board_table(b, q->table), &q->terms[i]);
	}
}
