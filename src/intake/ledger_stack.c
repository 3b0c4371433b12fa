/*
 * What a ledger says outside its columns becomes columns: the sheets' names when one table is kept on several sheets
 * (工业, 交通 ...), and the headings between its rows (一、工业项目, （一）新建). Sheets with the headings of the best one are put
 * under each other, unless they tell of the same records again, as a sheet per year does.
 */
#include <stdio.h>
#include <stdlib.h>

#include "intake/builder.h"
#include "intake/ledger_parts.h"

enum { SECTION_LEVELS = 2, LONGEST_SECTION = 120, LEAST_SECTIONS = 2 };

static bool may_stack(const struct ledger *l)
{
	return l->options->sheet < 0 && l->options->header_row < 0 && !l->turned;
}

/* ---- headings between rows ---- */

static size_t skip_numeral(struct slice text)
{
	static const char *const numerals[] = {
		"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
	size_t at = 0;
	for (size_t i = 0; i < countof(numerals); i++)
		if (text.n - at >= 3 && memcmp(text.s + at, numerals[i], 3) == 0) {
			at += 3;
			i = (size_t)-1;
		}
	return at;
}

/* "一、工业项目（12个）" is 0, "（一）新建" is 1, anything else -1. *name is what stands behind the numeral. */
static int section_level(struct slice text, struct slice *name)
{
	size_t at = skip_numeral(text), open = 0;
	if (at > 0 && text.n > at + 3 && memcmp(text.s + at, "、", 3) == 0) {
		*name = utf8_trim((struct slice){text.s + at + 3, text.n - at - 3});
		return 0;
	}
	if (text.n > 3 && memcmp(text.s, "（", 3) == 0)
		open = 3;
	else if (text.n > 1 && text.s[0] == '(')
		open = 1;
	at = open ? skip_numeral((struct slice){text.s + open, text.n - open}) : 0;
	size_t close = open + at,
		   n = close + 3 <= text.n && memcmp(text.s + close, "）", 3) == 0 ? 3
		: close < text.n && text.s[close] == ')'                           ? 1
																		   : 0;
	if (at == 0 || n == 0)
		return -1;
	*name = utf8_trim((struct slice){text.s + close + n, text.n - close - n});
	return 1;
}

/* Without the count behind it: （12个）, 12个, ：. */
static struct slice without_count(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		bool mark = name.s[i] == '(' || name.s[i] == ':' || (name.s[i] >= '0' && name.s[i] <= '9');
		for (size_t k = 0; k < 3; k++) {
			static const char *const marks[] = {"（", "：", "共"};
			mark |= i > 0 && name.n - i >= 3 && memcmp(name.s + i, marks[k], 3) == 0;
		}
		if (mark && i > 0)
			return utf8_trim((struct slice){name.s, i});
	}
	return name;
}

/* "12个", "1,800.5": figures beside a section's name, though written as text. */
static bool figures(struct slice text)
{
	return text.n > 0 && text.s[0] >= '0' && text.s[0] <= '9' && utf8_length(text) <= 16;
}

/* 一 | 工业项目 | 12个 | 180000, or 一、工业项目 alone: one name, perhaps with its numeral before it, and figures. */
static int section_of(const struct sheet_row *row, struct slice *name)
{
	struct slice texts[2];
	int n = 0;
	for (uint32_t i = 0; i < row->n; i++) {
		const struct cell *cell = &row->cells[i];
		struct slice one = cell->kind == CELL_TEXT ? utf8_trim((struct slice){cell->text, cell->n})
												   : (struct slice){0};
		if (one.n == 0 || figures(one))
			continue;
		if (n == 2 || one.n > LONGEST_SECTION)
			return -1;
		texts[n++] = one;
	}
	if (n == 0)
		return -1;
	int level = section_level(texts[0], name);
	if (n == 2 && level < 0 && skip_numeral(texts[0]) == texts[0].n)
		level = 0;
	else if (n == 2 && (level < 0 || name->n > 0))
		return -1;
	*name = n == 2 ? texts[1] : *name;
	*name = level < 0 ? *name : without_count(*name);
	return level;
}

bool ledger_is_section(const struct ledger *l, const struct sheet_row *row)
{
	struct slice name = {0};
	return l->sectioned && section_of(row, &name) >= 0;
}

/* ---- a word that a choice understands ---- */

static bool understood(struct ledger *l, struct slice text)
{
	struct reading how = {.today = l->options->today, .money_unit = 100};
	const struct register_def *reg = l->options->reg;
	struct value value;
	struct err ignored;
	for (int i = 0; i < reg->nfields; i++)
		if (reg->fields[i].type == FIELD_CHOICE && !reg->fields[i].retired &&
			value_from_text(l->a, &reg->fields[i], text, &how, &value, &ignored))
			return true;
	return false;
}

/* "交通项目" and "交通类" mean 交通 where that is a choice and they are not. */
static struct slice in_short(struct ledger *l, struct slice text)
{
	static const char *const tails[] = {"", "类项目", "项目", "类", "工程", "领域"};
	for (size_t i = 0; i < countof(tails); i++) {
		size_t n = strlen(tails[i]);
		struct slice cut = {text.s, text.n - n};
		if (text.n > n && memcmp(text.s + cut.n, tails[i], n) == 0 && understood(l, cut))
			return cut;
	}
	return text;
}

/* ---- sheets under each other ---- */

struct layer {
	int sheet;
	const struct sheet *cells;
	size_t header, nheader;
};

static char *headings_of(struct ledger *l)
{
	struct str all = STR_INIT;
	ledger_headings(l);
	for (int c = 0; c < l->ncolumns; c++) {
		heading_key(&all, slice_of(l->columns[c].heading), true);
		str_putc(&all, '|');
	}
	while (all.n > 0 && all.s[all.n - 1] == '|')
		all.n--;
	char *out = arena_text(l->a, str_view(&all));
	str_free(&all);
	return out;
}

static int name_column(const struct ledger *l)
{
	const char *title = l->options->reg->title;
	for (int c = 0; title && c < l->ncolumns; c++) {
		const char *last = strrchr(l->columns[c].heading, '\n');
		struct match m = words_match(l->words, slice_of(l->columns[c].heading), false);
		if (!m.target && last)
			m = words_match(l->words, slice_of(last + 1), false);
		if (m.target && strcmp(m.target, title) == 0)
			return c;
	}
	return -1;
}

/* Do most of the layer's names stand on the sheets before it? Adds them to `seen`. */
static bool tells_again(struct ledger *l, const struct layer *layer, int column, struct map *seen)
{
	size_t n = 0, again = 0;
	for (size_t r = layer->header + layer->nheader; r < layer->cells->nrows; r++) {
		const struct cell *cell = row_cell(&layer->cells->rows[r], column);
		struct slice text = cell ? utf8_trim(cell_text(l->a, cell)) : (struct slice){0};
		if (text.n == 0)
			continue;
		n++;
		again += map_get(seen, text) >= 0;
	}
	if (again * 2 > n)
		return true;
	for (size_t r = layer->header + layer->nheader; r < layer->cells->nrows; r++) {
		const struct cell *cell = row_cell(&layer->cells->rows[r], column);
		if (cell)
			map_put(seen, utf8_trim(cell_text(l->a, cell)), 1);
	}
	return false;
}

/* The sheets that go together with the best one, in the file's order; the others that hold tables are named. */
static int choose_layers(struct ledger *l, struct layer *layers, struct str *left)
{
	int best = l->sheet_index, n = 0;
	const char *same = headings_of(l);
	int64_t unit = ledger_unit_above(l);
	struct map *seen = map_open();
	int names = name_column(l);
	for (int i = 0; i < l->book->nsheets; i++) {
		if (l->book->sheets[i].hidden || ledger_explains(l->book->sheets[i].name))
			continue;
		int score = ledger_find_header(l, i);
		struct layer layer = {i, l->sheet, l->header, l->nheader};
		bool goes = i == best ||
			(!l->turned && score > 1 && names >= 0 && strcmp(headings_of(l), same) == 0 &&
				ledger_unit_above(l) == unit);
		if (goes && names >= 0 && tells_again(l, &layer, names, seen) && i != best)
			goes = false;
		if (goes)
			layers[n++] = layer;
		else if (i != best && score > 20 && l->header + l->nheader < l->sheet->nrows)
			str_printf(left, "%s%s", left->n ? "、" : "", l->book->sheets[i].name);
	}
	map_close(seen);
	ledger_find_header(l, best);
	return n;
}

/* ---- one sheet made of all ---- */

struct stack {
	struct ledger *l;
	struct builder b;
	int width;                              /* columns of the file */
	int at_sheet, at_level[SECTION_LEVELS]; /* columns added; -1: none */
	struct slice level[SECTION_LEVELS];
};

static bool put(struct stack *s, int column, struct slice text, struct err *err)
{
	struct cell cell = {.text = text.s, .n = (uint32_t)text.n, .kind = CELL_TEXT};
	return column < 0 || text.n == 0 || builder_cell(&s->b, column, cell, err);
}

static bool copy_row(struct stack *s, const struct sheet_row *row, uint32_t shift,
	struct slice sheet, struct err *err)
{
	struct slice name = {0};
	int level = s->l->sectioned ? section_of(row, &name) : -1;
	for (uint32_t i = 0; i < row->n; i++)
		if (!builder_cell(&s->b, row->cells[i].column, row->cells[i], err))
			return false;
	if (level >= 0) {
		s->level[level] = in_short(s->l, name);
		for (int k = level + 1; k < SECTION_LEVELS; k++)
			s->level[k] = (struct slice){0};
	} else if (sheet.n) {
		if (!put(s, s->at_sheet, sheet, err))
			return false;
		for (int k = 0; k < SECTION_LEVELS; k++)
			if (!put(s, s->at_level[k], s->level[k], err))
				return false;
	}
	return builder_row(&s->b, row->at + shift, row->hidden, err);
}

static bool copy_header(struct stack *s, const struct sheet_row *row, bool last, struct err *err)
{
	static const char *const said[SECTION_LEVELS] = {"大标题", "小标题"};
	for (uint32_t i = 0; i < row->n; i++)
		if (!builder_cell(&s->b, row->cells[i].column, row->cells[i], err))
			return false;
	if (last && !put(s, s->at_sheet, SLICE("工作表"), err))
		return false;
	for (int k = 0; last && k < SECTION_LEVELS; k++)
		if (!put(s, s->at_level[k], slice_of(said[k]), err))
			return false;
	return builder_row(&s->b, row->at, row->hidden, err);
}

static bool copy_merges(
	struct stack *s, const struct layer *layer, uint32_t shift, bool first, struct err *err)
{
	uint32_t body = layer->cells->rows[layer->header + layer->nheader - 1].at;
	for (size_t i = 0; i < layer->cells->nmerges; i++) {
		struct merged m = layer->cells->merges[i];
		if (!first && m.top <= body)
			continue;
		m.top += shift;
		m.bottom += shift;
		if (!builder_merge(&s->b, m, err))
			return false;
	}
	return true;
}

static bool stack_layers(struct stack *s, const struct layer *layers, int n, struct err *err)
{
	struct ledger *l = s->l;
	uint32_t next = 0;
	l->parts = ARENA_ARRAY(l->a, struct ledger_part, (size_t)n);
	for (int i = 0; i < n; i++) {
		const struct sheet *cells = layers[i].cells;
		size_t body = layers[i].header + layers[i].nheader;
		uint32_t shift = i ? next : 0;
		struct slice name = s->at_sheet >= 0 ? in_short(l, slice_of(cells->name)) : SLICE("-");
		memset(s->level, 0, sizeof(s->level));
		l->parts[i] = (struct ledger_part){.sheet = layers[i].sheet,
			.from = shift,
			.shift = shift,
			.header_row = cells->rows[layers[i].header].at,
			.header_rows = cells->rows[body - 1].at - cells->rows[layers[i].header].at + 1};
		for (size_t r = i ? body : 0; r < cells->nrows; r++)
			if (!(r < body ? copy_header(s, &cells->rows[r], r + 1 == body, err)
						   : copy_row(s, &cells->rows[r], shift, name, err)))
				return false;
		if (!copy_merges(s, &layers[i], shift, i == 0, err))
			return false;
		if (cells->nrows)
			next = shift + cells->rows[cells->nrows - 1].at + 1;
	}
	l->nparts = n;
	return true;
}

/* How many rows. */
static size_t count_sections(const struct layer *layer, size_t counts[SECTION_LEVELS])
{
	size_t body = layer->header + layer->nheader;
	for (size_t r = body; r < layer->cells->nrows; r++) {
		struct slice name = {0};
		int level = section_of(&layer->cells->rows[r], &name);
		if (level >= 0 && name.n)
			counts[level]++;
	}
	return layer->cells->nrows - body;
}

bool ledger_stack(struct ledger *l, struct err *err)
{
	struct layer *layers = ARENA_ARRAY(l->a, struct layer, (size_t)l->book->nsheets + 1);
	struct str left = STR_INIT;
	size_t counts[SECTION_LEVELS] = {0};
	int n = 1;
	layers[0] = (struct layer){l->sheet_index, l->sheet, l->header, l->nheader};
	if (l->turned || l->sheet->nrows <= l->header + l->nheader)
		return true;
	if (l->book->nsheets > 1 && may_stack(l))
		n = choose_layers(l, layers, &left);
	size_t rows = 0;
	for (int i = 0; i < n; i++)
		rows += count_sections(&layers[i], counts);
	/* where every other row begins with a numeral, these are the records */
	l->sectioned = (counts[0] + counts[1]) * 2 <= rows;
	l->sheets_left = left.n ? arena_text(l->a, str_view(&left)) : NULL;
	str_free(&left);
	struct stack s = {.l = l, .at_sheet = -1, .at_level = {-1, -1}};
	for (int i = 0; i < n; i++)
		s.width = layers[i].cells->ncolumns > s.width ? layers[i].cells->ncolumns : s.width;
	int width = s.width;
	s.at_sheet = n > 1 ? width++ : -1;
	for (int k = 0; k < SECTION_LEVELS; k++)
		s.at_level[k] = l->sectioned && counts[k] >= LEAST_SECTIONS ? width++ : -1;
	if (width == s.width)
		return true;
	builder_start(&s.b, l->a);
	if (!stack_layers(&s, layers, n, err)) {
		builder_drop(&s.b);
		return false;
	}
	struct sheet *all = ARENA_NEW(l->a, struct sheet);
	builder_end(&s.b, layers[0].cells->name, false, all);
	l->sheet = all;
	l->sheet_index = layers[0].sheet;
	l->header = layers[0].header;
	l->nheader = layers[0].nheader;
	l->own_columns = s.width;
	return true;
}

/* ---- what the added columns mean ---- */

static bool all_readable(struct ledger *l, int column, const struct field *field)
{
	struct reading how = {.today = l->options->today, .money_unit = 100};
	struct value value;
	struct err ignored;
	bool any = false;
	for (size_t r = l->header + l->nheader; r < l->sheet->nrows; r++) {
		const struct cell *cell = row_cell(&l->sheet->rows[r], column);
		if (!cell)
			continue;
		any = true;
		if (!value_from_text(
				l->a, field, (struct slice){cell->text, cell->n}, &how, &value, &ignored))
			return false;
	}
	return any;
}

/* A choice that no column gives and that understands every word of the column. */
void ledger_adopt(struct ledger *l)
{
	const struct register_def *reg = l->options->reg;
	for (int c = l->own_columns; c < l->ncolumns; c++) {
		struct ledger_column *column = &l->columns[c];
		for (int i = 0; i < reg->nfields && !column->target && column->how == LEDGER_NONE; i++) {
			const struct field *f = &reg->fields[i];
			bool is_free = f->type == FIELD_CHOICE && !f->retired;
			for (int k = 0; k < l->ncolumns; k++)
				is_free &= l->columns[k].field != f;
			if (!is_free || !all_readable(l, c, f))
				continue;
			column->target = f->name;
			column->field = f;
			column->how = LEDGER_GUESSED;
			column->similar = 100;
		}
	}
}

const struct ledger_part *ledger_part_at(const struct ledger *l, uint32_t at)
{
	const struct ledger_part *found = &l->parts[0];
	for (int i = 1; i < l->nparts; i++)
		if (at >= l->parts[i].from)
			found = &l->parts[i];
	return found;
}
