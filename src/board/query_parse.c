/* From the words of a link to terms, sort keys and columns of one table. Every complaint names the
 * parameter and the term. */
#include "base/num.h"
#include "board/query_terms.h"

static const char *const op_names[OP_COUNT] = {
	"eq", "ne", "lt", "le", "gt", "ge", "in", "has", "under", "empty", "filled", "text", "sounds"};
#define QUERY_TERMS 64
#define QUERY_VALUES 1000
#define QUERY_COLUMNS 200

struct parsing {
	struct arena *a;
	const struct board *b;
	const struct board_table *t;
	const char *parameter; /* "filter", "sort" ... for errors */
	struct err *err;
};

static bool cut(struct slice *rest, char at, struct slice *part)
{
	if (rest->n == 0 && rest->s == NULL)
		return false;
	const char *end = memchr(rest->s, at, rest->n);
	size_t n = end ? (size_t)(end - rest->s) : rest->n;
	*part = (struct slice){rest->s, n};
	*rest = end ? (struct slice){end + 1, rest->n - n - 1} : (struct slice){0};
	return true;
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0'
		: c >= 'a' && c <= 'f'  ? c - 'a' + 10
		: c >= 'A' && c <= 'F'  ? c - 'A' + 10
								: -1;
}

/* %3B inside a value stands for ';', so that a value may hold what separates terms. */
static struct slice unescape(struct arena *a, struct slice text)
{
	if (!memchr(text.s ? text.s : "", '%', text.n))
		return text;
	char *out = arena_alloc(a, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		bool escape = text.s[i] == '%' && i + 2 < text.n && hex(text.s[i + 1]) >= 0 &&
			hex(text.s[i + 2]) >= 0;
		out[n++] = escape ? (char)(hex(text.s[i + 1]) * 16 + hex(text.s[i + 2])) : text.s[i];
		i += escape ? 2 : 0;
	}
	return (struct slice){out, n};
}

static bool column_in(const struct parsing *p, struct slice name, bool id_too, int *out)
{
	if (id_too && slice_is(name, "id")) {
		*out = -1;
		return true;
	}
	const char *text = arena_text(p->a, name);
	*out = board_column_named(p->t, text);
	if (*out < 0)
		return err_set(p->err, ERR_INPUT, p->parameter, "there is no column \"%s\" in \"%s\"", text,
			p->t->reg->name);
	return true;
}

static bool bad_value(const struct parsing *p, struct slice term, struct slice value)
{
	return err_set(p->err, ERR_INPUT, p->parameter,
		"\"%s\": the value \"%s\" does not fit the column", arena_text(p->a, term),
		arena_text(p->a, value));
}

static bool parse_date(struct slice text, int64_t *out)
{
	struct date d;
	if (!date_parse_iso(text, &d))
		return false;
	*out = d.day;
	return true;
}

static bool parse_number(
	const struct parsing *p, const struct column *c, struct slice text, int64_t *out)
{
	struct instant t;
	struct month m;
	switch (c->kind == COLUMN_FILLED ? FIELD_YESNO : c->field->type) {
	case FIELD_PERCENT: return num_decimal(text, 2, out, NULL);
	case FIELD_QUANTITY: return num_decimal(text, c->field->scale, out, NULL);
	case FIELD_DATE: return parse_date(text, out);
	case FIELD_MONTH:
		if (!month_parse_iso(text, &m))
			return false;
		*out = m.index;
		return true;
	case FIELD_INSTANT:
		if (parse_date(text, out)) {
			*out = date_instant((struct date){(int32_t)*out}, 0, p->b->options.offset_minutes).ms;
			return true;
		}
		if (!instant_parse_iso(text, p->b->options.offset_minutes, &t))
			return false;
		*out = t.ms;
		return true;
	case FIELD_YESNO:
		*out = slice_is(text, "true") || slice_is(text, "1");
		return *out || slice_is(text, "false") || slice_is(text, "0");
	default: return num_int(text, out);
	}
}

static bool op_fits(const struct column *c, enum query_op op)
{
	if (op == OP_EMPTY || op == OP_FILLED)
		return true;
	if (op == OP_TEXT || op == OP_SOUNDS)
		return c && c->kind == COLUMN_TEXT;
	if (!c || c->kind == COLUMN_REF)
		return op == OP_EQ || op == OP_NE || op == OP_IN || (c && op == OP_UNDER);
	if (c->kind == COLUMN_SET)
		return op == OP_HAS || op == OP_IN;
	if (c->kind == COLUMN_FILLED)
		return op == OP_EQ || op == OP_NE;
	return op <= OP_IN;
}

static bool one_value(const struct parsing *p, const struct column *c, struct slice term,
	struct slice value, struct term *out, int64_t *numbers, struct slice *words, struct uuid *ids)
{
	if (out->n == QUERY_VALUES)
		return err_set(
			p->err, ERR_LIMIT, p->parameter, "more than %d values in one term", QUERY_VALUES);
	bool wants_id = !c || c->kind == COLUMN_REF || (c->kind == COLUMN_SET && !c->words);
	if (wants_id && !uuid_parse(value, &ids[out->n]))
		return bad_value(p, term, value);
	if (!wants_id && column_is_number(c) && !parse_number(p, c, value, &numbers[out->n]))
		return bad_value(p, term, value);
	words[out->n++] = value;
	return true;
}

static bool parse_values(const struct parsing *p, const struct column *c, struct slice term,
	struct slice values, struct term *out)
{
	int most = 1;
	for (size_t i = 0; i < values.n; i++)
		most += values.s[i] == ',';
	int64_t *numbers = ARENA_ARRAY(p->a, int64_t, (size_t)most);
	struct slice *words = ARENA_ARRAY(p->a, struct slice, (size_t)most);
	struct uuid *ids = ARENA_ARRAY(p->a, struct uuid, (size_t)most);
	out->numbers = numbers;
	out->words = words;
	out->ids = ids;
	if (out->op == OP_EMPTY || out->op == OP_FILLED)
		return true;
	if (out->op != OP_IN)
		return one_value(p, c, term, unescape(p->a, values), out, numbers, words, ids);
	struct slice part;
	while (cut(&values, ',', &part))
		if (!one_value(p, c, term, unescape(p->a, part), out, numbers, words, ids))
			return false;
	return true;
}

static bool parse_term(const struct parsing *p, struct slice term, struct term *out)
{
	struct slice rest = term, name, op;
	if (!cut(&rest, ':', &name) || !cut(&rest, ':', &op))
		return err_set(p->err, ERR_INPUT, p->parameter, "\"%s\" is not field:op:value",
			arena_text(p->a, term));
	*out = (struct term){.op = OP_COUNT};
	for (int i = 0; i < OP_COUNT; i++)
		if (slice_is(op, op_names[i]))
			out->op = (enum query_op)i;
	if (out->op == OP_COUNT)
		return err_set(p->err, ERR_INPUT, p->parameter, "\"%s\": there is no comparison \"%s\"",
			arena_text(p->a, term), arena_text(p->a, op));
	if ((out->op == OP_TEXT || out->op == OP_SOUNDS) &&
		(slice_is(name, "text") || slice_is(name, "title") || slice_is(name, "any"))) {
		out->anywhere = true;
		out->column = p->t->title_column >= 0 ? p->t->title_column : COMMON_NUMBER;
	} else if (!column_in(p, name, true, &out->column))
		return false;
	const struct column *c = out->column < 0 ? NULL : &p->t->columns[out->column];
	if (!out->anywhere && !op_fits(c, out->op))
		return err_set(p->err, ERR_INPUT, p->parameter,
			"\"%s\": the comparison \"%s\" does not fit the column", arena_text(p->a, term),
			op_names[out->op]);
	return parse_values(p, c, term, rest, out);
}

static bool parse_filter(struct parsing *p, const char *text, struct query *q)
{
	p->parameter = "filter";
	struct term *terms = ARENA_ARRAY(p->a, struct term, QUERY_TERMS);
	q->terms = terms;
	struct slice rest = slice_of(text), term;
	while (text && *text && cut(&rest, ';', &term)) {
		if (term.n == 0)
			continue;
		if (q->nterms == QUERY_TERMS)
			return err_set(p->err, ERR_LIMIT, p->parameter, "more than %d terms", QUERY_TERMS);
		p->parameter = arena_printf(p->a, "filter.%d", q->nterms + 1);
		if (!parse_term(p, term, &terms[q->nterms]))
			return false;
		q->nterms++;
	}
	return true;
}

static bool parse_sort(struct parsing *p, const char *text, struct query *q)
{
	p->parameter = "sort";
	struct slice rest = slice_of(text), name;
	while (text && *text && cut(&rest, ',', &name)) {
		struct sort_key key = {.descending = name.n && name.s[0] == '-'};
		if (key.descending)
			name = (struct slice){name.s + 1, name.n - 1};
		if (slice_is(name, "id") && !key.descending)
			break; /* ties go by id anyway: nothing after it can matter */
		if (q->nsort == SORT_KEYS)
			return err_set(p->err, ERR_LIMIT, p->parameter, "more than %d sort keys", SORT_KEYS);
		if (!column_in(p, name, false, &key.column))
			return false;
		if (p->t->columns[key.column].kind == COLUMN_SET)
			return err_set(
				p->err, ERR_INPUT, p->parameter, "cannot sort by \"%s\"", arena_text(p->a, name));
		q->sort[q->nsort++] = key;
	}
	return true;
}

static bool parse_columns(struct parsing *p, const char *text, struct query *q)
{
	p->parameter = "columns";
	int *columns = ARENA_ARRAY(p->a, int, QUERY_COLUMNS + COMMON_COUNT + 1);
	columns[q->ncolumns++] = -1;
	q->columns = columns;
	if (!text || !*text) { /* what the definition lists */
		columns[q->ncolumns++] = COMMON_NUMBER;
		for (int i = 0; i < p->t->reg->nfields && q->ncolumns < QUERY_COLUMNS; i++) {
			const struct field *f = &p->t->reg->fields[i];
			int at = f->listed ? board_column_named(p->t, f->name) : -1;
			if (at >= 0)
				columns[q->ncolumns++] = at;
		}
		columns[q->ncolumns++] = COMMON_STATE;
		return true;
	}
	struct slice rest = slice_of(text), name;
	while (cut(&rest, ',', &name)) {
		if (q->ncolumns == QUERY_COLUMNS)
			return err_set(p->err, ERR_LIMIT, p->parameter, "more than %d columns", QUERY_COLUMNS);
		if (slice_is(name, "id"))
			continue; /* it is the first one already */
		if (!column_in(p, name, false, &columns[q->ncolumns]))
			return false;
		q->ncolumns++;
	}
	return true;
}

static bool parse_sums(struct parsing *p, const char *text, struct query *q)
{
	p->parameter = "sums";
	int *sums = ARENA_ARRAY(p->a, int, QUERY_COLUMNS);
	q->sums = sums;
	struct slice rest = slice_of(text), name;
	while (text && *text && cut(&rest, ',', &name)) {
		if (q->nsums == QUERY_COLUMNS)
			return err_set(p->err, ERR_LIMIT, p->parameter, "more than %d columns", QUERY_COLUMNS);
		if (!column_in(p, name, false, &sums[q->nsums]))
			return false;
		const struct column *c = &p->t->columns[sums[q->nsums++]];
		enum field_type type = c->field->type;
		if (!column_is_number(c) || type == FIELD_DATE || type == FIELD_MONTH ||
			type == FIELD_INSTANT)
			return err_set(
				p->err, ERR_INPUT, p->parameter, "cannot add up \"%s\"", arena_text(p->a, name));
	}
	return true;
}

static bool parse_group(struct parsing *p, const char *text, struct query *q)
{
	p->parameter = "group";
	q->group = -1;
	return !text || !*text || column_in(p, slice_of(text), false, &q->group);
}

static bool parse_after(struct parsing *p, const char *text, struct query *q)
{
	p->parameter = "after";
	if (!text || !*text)
		return true;
	struct slice rest = slice_of(text), part;
	q->has_after = true;
	bool good = true;
	for (int i = 0; i < q->nsort && good; i++) {
		good = cut(&rest, '.', &part) && part.n > 0;
		if (!good)
			break;
		struct slice body = {part.s + 1, part.n - 1};
		q->after[i].missing = part.s[0] == '-';
		if (part.s[0] == 'n')
			good = num_int(body, &q->after[i].number);
		else if (part.s[0] == 't') {
			char *word = arena_alloc(p->a, body.n + 1);
			good = body.n % 2 == 0;
			for (size_t k = 0; good && k < body.n; k += 2) {
				good = hex(body.s[k]) >= 0 && hex(body.s[k + 1]) >= 0;
				word[k / 2] = (char)(hex(body.s[k]) * 16 + hex(body.s[k + 1]));
			}
			q->after[i].word = (struct slice){word, body.n / 2};
		} else
			good = q->after[i].missing && body.n == 0;
		bool is_number = column_is_number(&p->t->columns[q->sort[i].column]) ||
			p->t->columns[q->sort[i].column].kind == COLUMN_CHOICE;
		good = good && (q->after[i].missing || is_number == (part.s[0] == 'n'));
	}
	good = good && cut(&rest, '.', &part) && uuid_parse(part, &q->after_id) && rest.s == NULL;
	if (!good)
		return err_set(
			p->err, ERR_INPUT, p->parameter, "\"%s\" is not the \"next\" of this query", text);
	return true;
}

bool query_parse(struct arena *a, const struct board *b, int table,
	const struct query_params *params, struct query **out, struct err *err)
{
	struct query *q = ARENA_NEW(a, struct query);
	struct parsing p = {.a = a, .b = b, .t = &b->tables[table], .err = err};
	q->table = table;
	q->limit = params->limit ? params->limit : 100;
	q->skip = params->skip;
	if (q->limit < 0 || q->limit > LIMIT_QUERY_ROWS)
		return err_set(
			err, ERR_LIMIT, "limit", "%d is not between 1 and %d", params->limit, LIMIT_QUERY_ROWS);
	if (!parse_filter(&p, params->filter, q) || !parse_sort(&p, params->sort, q) ||
		!parse_columns(&p, params->columns, q) || !parse_sums(&p, params->sums, q) ||
		!parse_group(&p, params->group, q) || !parse_after(&p, params->after, q))
		return false;
	*out = q;
	return true;
}

bool query_parse_filter(struct arena *a, const struct board *b, int table, const char *filter,
	struct query **out, struct err *err)
{
	return query_parse(
		a, b, table, &(struct query_params){.filter = filter, .columns = "id"}, out, err);
}

const int *query_columns(const struct query *q, int *n)
{
	*n = q->ncolumns;
	return q->columns;
}

const int *query_sums(const struct query *q, int *n)
{
	*n = q->nsums;
	return q->sums;
}

int query_group_column(const struct query *q)
{
	return q->group;
}

const char *query_column_name(const struct board_table *t, int column)
{
	return column < 0 ? "id" : t->columns[column].field->name;
}
