/* Troubles collected and said; names of enums; fields proposed for columns that have none. */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/num.h"
#include "base/say.h"
#include "intake/ledger_parts.h"

const char *ledger_how_name(enum ledger_how how)
{
	static const char *const names[] = {
		"none", "given", "remembered", "name", "label", "synonym", "guessed"};
	return names[how];
}

const char *ledger_level_name(enum ledger_level level)
{
	static const char *const names[] = {"error", "warning", "repaired"};
	return names[level];
}

static struct ledger_problem *new_problem(
	struct ledger *l, enum ledger_level level, uint32_t row, int column)
{
	if (l->nproblems == l->problems_room) {
		size_t room = l->problems_room ? l->problems_room * 2 : 64;
		l->problems = must_realloc(l->problems, room * sizeof *l->problems);
		l->problems_room = room;
	}
	struct ledger_problem *p = &l->problems[l->nproblems++];
	*p = (struct ledger_problem){.level = level,
		.row = row,
		.column = column,
		.heading = column >= 0 ? l->columns[column].heading : NULL};
	return p;
}

void ledger_trouble(struct ledger *l, enum ledger_level level, uint32_t row, int column,
	struct slice value, const char *text, const char *advice, const char *const *args)
{
	if (l->quiet)
		return;
	struct ledger_problem *p = new_problem(l, level, row, column);
	struct str packed = STR_INIT;
	p->value = value;
	p->text = text;
	p->advice = advice;
	for (; args && args[p->nargs]; p->nargs++)
		str_add(&packed, args[p->nargs], strlen(args[p->nargs]) + 1);
	p->args = packed.n ? arena_text(l->a, str_view(&packed)) : "";
	str_free(&packed);
}

void ledger_trouble_err(struct ledger *l, enum ledger_level level, uint32_t row, int column,
	struct slice value, const struct err *err, const char *advice)
{
	if (l->quiet)
		return;
	struct ledger_problem *p = new_problem(l, level, row, column);
	size_t n = 0;
	for (int i = 0; i < err->nargs; i++)
		n += strlen(err->args + n) + 1;
	p->value = value;
	p->text = err->fmt;
	p->advice = advice;
	p->nargs = err->nargs;
	p->args = n ? arena_text(l->a, (struct slice){err->args, n}) : "";
}

static void say_problem(
	struct str *out, const struct ledger_problem *problem, const char *english, enum lang lang)
{
	const char *args[8], *p = problem->args;
	int n = 0;
	for (; n < problem->nargs && n < 8; n++) {
		args[n] = p;
		p += strlen(p) + 1;
	}
	say_args(out, say(lang, english), n, args);
}

void ledger_problem_text(struct str *out, const struct ledger_problem *problem, enum lang lang)
{
	say_problem(out, problem, problem->text, lang);
}

void ledger_problem_advice(struct str *out, const struct ledger_problem *problem, enum lang lang)
{
	if (problem->advice)
		say_problem(out, problem, problem->advice, lang);
}

/* ---- proposals ---- */

/* What the cells of a column have in common. */
struct kinds {
	size_t n, whole, decimal, percent, dates, times, yesno;
	size_t bare; /* dates in eight figures, which may be amounts among amounts */
	int scale;
	size_t longest;
	bool several_lines;
};

static void look_at(struct ledger *l, const struct cell *cell, struct kinds *k)
{
	struct slice text = utf8_trim(cell_text(l->a, cell));
	struct date date;
	enum date_order order;
	int seconds;
	int64_t number;
	if (says_nothing(text))
		return;
	k->n++;
	if (text.n > k->longest)
		k->longest = utf8_length(text) > k->longest ? utf8_length(text) : k->longest;
	k->several_lines |= memchr(text.s, '\n', text.n) != NULL;
	if (cell->kind == CELL_BOOL) {
		k->yesno++;
	} else if (cell->kind == CELL_DATE) {
		k->dates++;
		k->times += cell->number != (double)(int64_t)cell->number;
	} else if (text_date(text, false, l->options->today, &date, &seconds, &order)) {
		k->dates++;
		k->times += seconds != 0;
		k->bare += num_int(text, &number);
	} else if (cell->kind == CELL_PERCENT ||
		(text.n > 1 && text.s[text.n - 1] == '%' &&
			num_decimal((struct slice){text.s, text.n - 1}, 4, &number, NULL))) {
		k->percent++;
	} else if (num_int(text, &number) && !(text.n > 1 && text.s[0] == '0') &&
		llabs(number) < INT64_C(1000000000000)) {
		k->whole++;
	} else if (num_decimal(text, 6, &number, NULL) &&
		llabs(number) < INT64_C(1000000000000000000) &&
		!(text.n > 1 && text.s[0] == '0' && text.s[1] != '.')) {
		int scale = 6;
		for (; scale > 0 && number % 10 == 0; number /= 10)
			scale--;
		k->scale = scale > k->scale ? scale : k->scale;
		k->decimal++;
	}
}

static enum field_type type_for(const struct kinds *k)
{
	if (k->n && k->yesno == k->n)
		return FIELD_YESNO;
	if (k->n && k->dates == k->n)
		return k->times ? FIELD_INSTANT : FIELD_DATE;
	if (k->n && k->percent == k->n)
		return FIELD_PERCENT;
	if (k->n && k->whole + k->bare == k->n)
		return FIELD_INTEGER;
	if (k->n && k->whole + k->decimal + k->bare == k->n)
		return FIELD_QUANTITY;
	return k->longest > 200 || k->several_lines ? FIELD_LONGTEXT : FIELD_TEXT;
}

static const char *name_for(
	struct ledger *l, const char *heading, const struct field *taken, int ntaken)
{
	char slug[48] = "x_";
	size_t n = 2;
	for (const char *p = heading; *p && n < 36; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			slug[n++] = c;
		else if (n > 2 && slug[n - 1] != '_')
			slug[n++] = '_';
	}
	while (n > 2 && slug[n - 1] == '_')
		n--;
	slug[n] = '\0';
	/* Chinese has no letters to make a name of; the same heading gives the same name again. */
	if (n < 5)
		snprintf(slug, sizeof slug, "x_%08x",
			(unsigned)(hash_bytes(heading, strlen(heading), 7) & 0xffffffff));
	for (int i = 1;; i++) {
		const char *name = i == 1 ? arena_strdup(l->a, slug) : arena_printf(l->a, "%s_%d", slug, i);
		bool is_free = !register_field(l->options->reg, name);
		for (int k = 0; k < ntaken; k++)
			is_free = is_free && strcmp(taken[k].name, name) != 0;
		if (is_free)
			return name;
	}
}

/* The joined heading on one line, as a label. */
static const char *label_for(struct ledger *l, const char *heading)
{
	struct slice cut = utf8_trim(utf8_cut(slice_of(heading), 120));
	char *label = arena_text(l->a, cut);
	for (char *p = label; *p; p++)
		if (*p == '\n' || *p == '\r' || *p == '\t')
			*p = ' ';
	return label;
}

void ledger_take_own(struct ledger *l)
{
	const struct register_def *reg = l->options->reg;
	for (int c = 0; c < l->ncolumns; c++) {
		struct ledger_column *column = &l->columns[c];
		if (column->target || column->how != LEDGER_NONE || !column->heading[0])
			continue;
		const char *label = label_for(l, column->heading);
		for (int i = 0; i < reg->nfields && !column->target; i++) {
			const struct field *f = &reg->fields[i];
			bool is_free = strncmp(f->name, "x_", 2) == 0 && !f->retired && field_is_stored(f) &&
				(strcmp(f->label.zh, label) == 0 || strcmp(f->label.en, label) == 0);
			for (int k = 0; k < l->ncolumns && is_free; k++)
				is_free = l->columns[k].field != f;
			if (!is_free)
				continue;
			column->field = f;
			column->target = f->name;
			column->how = LEDGER_LABEL;
		}
	}
}

void ledger_propose(struct ledger *l)
{
	struct field *fields = ARENA_ARRAY(l->a, struct field, l->ncolumns);
	int n = 0;
	for (int c = 0; c < l->ncolumns; c++) {
		struct ledger_column *column = &l->columns[c];
		struct kinds kinds = {0};
		if (column->target || column->left || column->how == LEDGER_GIVEN || !column->heading[0] ||
			column->filled == 0)
			continue;
		for (size_t r = l->header + l->nheader; r < l->sheet->nrows; r++) {
			const struct cell *cell = row_cell(&l->sheet->rows[r], c);
			if (cell)
				look_at(l, cell, &kinds);
		}
		struct field *f = &fields[n];
		f->name = name_for(l, column->heading, fields, n);
		f->label.zh = f->label.en = label_for(l, column->heading);
		f->type = type_for(&kinds);
		f->scale = kinds.scale;
		f->max = f->type == FIELD_TEXT ? 500 : 0;
		column->proposal = f;
		n++;
	}
	l->result->new_fields = fields;
	l->result->nnew_fields = n;
}

void ledger_extension(struct json_writer *w, const struct ledger_result *result)
{
	jw_object(w);
	jw_kt(w, "register", result->reg->name);
	jw_kb(w, "extends", true);
	jw_key(w, "fields");
	jw_array(w);
	for (int i = 0; i < result->nnew_fields; i++) {
		const struct field *f = &result->new_fields[i];
		jw_object(w);
		jw_kt(w, "name", f->name);
		jw_kt(w, "type", field_type_name(f->type));
		if (f->type == FIELD_QUANTITY)
			jw_ki(w, "scale", f->scale);
		if (f->max)
			jw_ki(w, "max", f->max);
		jw_label(w, "label", f->label);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_object_end(w);
}
