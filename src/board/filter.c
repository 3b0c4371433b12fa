/*
 * Which rows pass. Every term becomes one of two loops without branches over a block of rows: "is the number within these
 * bounds" or "what does the table say for this word, row or set". The tables are made once per run: a search in texts
 * touches each distinct word once.
 */
#include "base/arena.h"
#include "base/pinyin.h"
#include "board/query_terms.h"

enum step_kind { STEP_RANGE64, STEP_RANGE32, STEP_ANY_OF, STEP_TABLE, STEP_IDS };

struct filter_step {
	enum step_kind kind;
	const void *cells;
	int64_t low, high; /* both included */
	bool negate;
	const int64_t *numbers; /* STEP_ANY_OF */
	int n;
	bool wide;
	const uint8_t *table; /* by cell + 1 */
	const uint64_t *bits; /* STEP_IDS: rows */
	const void
		*cells2; /* a second column that passes as well (search in title or number); NULL: none */
	const uint8_t *table2;
};

struct filter {
	const struct board_table *t;
	const struct filter_step *steps;
	int n;
	bool scoped;
	const int32_t *owner, *place;        /* NULL: the table has none */
	const uint64_t *units, *areas, *own; /* own: rows of this very table */
	int32_t nown;
	const uint8_t *projects; /* by project row: its project passes */
	const int32_t *
		parents; /* row of the project's own table directly above; NULL: this is the project table */
	const struct board *b;
	bool no_door; /* nothing of it belongs to anybody: everybody sees it */
};

static bool bit(const uint64_t *bits, int32_t row)
{
	return bits && row >= 0 && (bits[row >> 6] >> (row & 63) & 1);
}

/* ---- tables ---- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool contains(struct slice text, struct slice part)
{
	if (part.n == 0)
		return true;
	for (size_t i = 0; i + part.n <= text.n; i++) {
		size_t k = 0;
		while (k < part.n && lower(text.s[i + k]) == lower(part.s[k]))
			k++;
		if (k == part.n)
			return true;
	}
	return false;
}

static int compare_words(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.s, b.s, n) : 0;
	return c ? c : a.n < b.n ? -1 : a.n > b.n;
}

static uint8_t *new_table(struct arena *a, int32_t n)
{
	return arena_alloc(a, (size_t)n + 1);
}

static uint8_t *search_table(
	struct arena *a, const struct dictionary *d, struct slice part, bool sounds)
{
	sounds = sounds && pinyin_typed(part);
	uint8_t *table = new_table(a, dictionary_count(d));
	for (int32_t i = 0; i < dictionary_count(d); i++)
		table[i + 1] = contains(dictionary_word(d, i), part) ||
			(sounds && pinyin_matches(dictionary_word(d, i), part));
	return table;
}

static bool order_passes(enum query_op op, int c)
{
	return op == OP_LT ? c < 0 : op == OP_LE ? c <= 0 : op == OP_GT ? c > 0 : c >= 0;
}

static uint8_t *word_table(struct arena *a, const struct column *c, const struct term *term)
{
	int32_t n = dictionary_count(c->words);
	uint8_t *table = new_table(a, n);
	if (term->op == OP_LT || term->op == OP_LE || term->op == OP_GT || term->op == OP_GE) {
		int32_t own = c->kind == COLUMN_CHOICE ? dictionary_find(c->words, term->words[0]) : -1;
		for (int32_t i = 0; i < n; i++)
			table[i + 1] = own >= 0 ? order_passes(term->op, i - own)
									: c->kind == COLUMN_TEXT &&
					order_passes(
						term->op, compare_words(dictionary_word(c->words, i), term->words[0]));
		return table;
	}
	for (int i = 0; i < term->n; i++) {
		int32_t word = dictionary_find(c->words, term->words[i]);
		if (word >= 0)
			table[word + 1] = 1;
	}
	if (term->op == OP_NE)
		for (int32_t i = 0; i <= n; i++)
			table[i] ^= 1;
	return table;
}

static uint8_t *ref_table(
	struct arena *a, const struct board *b, const struct column *c, const struct term *term)
{
	const struct board_table *target = c->target < 0 ? NULL : &b->tables[c->target];
	uint8_t *table = new_table(a, target ? target->rows : 0);
	uint64_t *below = term->op == OP_UNDER && target
		? ARENA_ARRAY(a, uint64_t, (size_t)target->rows / 64 + 1)
		: NULL;
	for (int i = 0; target && i < term->n; i++) {
		int32_t row = board_row(target, term->ids[i]);
		if (row >= 0 && below)
			board_subtree(target, row, below);
		else if (row >= 0)
			table[row + 1] = 1;
	}
	for (int32_t i = 0; below && i < target->rows; i++)
		table[i + 1] = bit(below, i);
	if (term->op == OP_NE)
		for (int32_t i = 0; target && i <= target->rows; i++)
			table[i] ^= 1;
	return table;
}

static uint8_t *set_table(
	struct arena *a, const struct board *b, const struct column *c, const struct term *term)
{
	uint8_t *table = new_table(a, dictionary_count(c->sets));
	for (int v = 0; v < term->n; v++) {
		int32_t wanted = c->words ? dictionary_find(c->words, term->words[v])
			: c->target >= 0      ? board_row(&b->tables[c->target], term->ids[v])
								  : -1;
		for (int32_t s = 0; wanted >= 0 && s < dictionary_count(c->sets); s++) {
			struct slice set = dictionary_word(c->sets, s);
			const int32_t *items = (const int32_t *)(const void *)set.s;
			for (size_t i = 0; i < set.n / sizeof(*items); i++)
				table[s + 1] |= items[i] == wanted;
		}
	}
	return table;
}

static uint8_t *filled_table(struct arena *a, int32_t n, bool filled)
{
	uint8_t *table = new_table(a, n);
	memset(table, filled, (size_t)n + 1);
	table[0] = !filled;
	return table;
}

static int32_t cells_of(const struct board *b, const struct column *c)
{
	return c->kind == COLUMN_REF ? (c->target < 0 ? 0 : b->tables[c->target].rows)
								 : dictionary_count(c->kind == COLUMN_SET ? c->sets : c->words);
}

/* ---- steps ---- */

static void number_step(const struct column *c, const struct term *term, struct filter_step *s)
{
	s->wide = c->kind == COLUMN_INT64;
	s->kind = s->wide ? STEP_RANGE64 : STEP_RANGE32;
	int64_t missing = s->wide ? NOTHING64 : NOTHING32, least = missing + 1,
			most = s->wide ? INT64_MAX : INT32_MAX;
	int64_t v = term->n ? term->numbers[0] : 0;
	s->low = least;
	s->high = most;
	switch (term->op) {
	case OP_EQ:
	case OP_NE:
		s->low = s->high = v;
		s->negate = term->op == OP_NE;
		break;
	case OP_LT: s->high = v == INT64_MIN ? v : v - 1; break;
	case OP_LE: s->high = v; break;
	case OP_GT: s->low = v == INT64_MAX ? v : v + 1; break;
	case OP_GE: s->low = v; break;
	case OP_EMPTY:
		if (c->kind == COLUMN_FILLED)
			s->low = s->high = 0;
		else
			s->low = s->high = missing;
		break;
	case OP_FILLED:
		if (c->kind == COLUMN_FILLED)
			s->low = 1;
		break;
	default:
		s->kind = STEP_ANY_OF;
		s->numbers = term->numbers;
		s->n = term->n;
	}
	if (s->kind == STEP_ANY_OF || (s->low == missing && s->high == missing))
		return;
	if (s->low < least)
		s->low = least;
	if (!s->wide && s->high > INT32_MAX)
		s->high = INT32_MAX;
	if (s->low > s->high || s->high < least) {
		s->low = least + 1; /* no such number: an empty range */
		s->high = least;
	}
}

static void id_step(
	struct arena *a, const struct board_table *t, const struct term *term, struct filter_step *s)
{
	uint64_t *bits = ARENA_ARRAY(a, uint64_t, (size_t)t->rows / 64 + 1);
	for (int i = 0; i < term->n; i++) {
		int32_t row = board_row(t, term->ids[i]);
		if (row >= 0)
			bits[row >> 6] |= UINT64_C(1) << (row & 63);
	}
	s->kind = STEP_IDS;
	s->bits = bits;
	s->negate = term->op == OP_NE || term->op == OP_EMPTY;
	if (term->op == OP_FILLED || term->op == OP_EMPTY)
		s->negate = term->op == OP_FILLED; /* every row has an id */
}

static void search_step(
	struct arena *a, const struct board_table *t, const struct term *term, struct filter_step *s)
{
	const struct column *number = &t->columns[COMMON_NUMBER], *c = &t->columns[term->column];
	if (c->kind != COLUMN_TEXT)
		c = number; /* a title that is no text: only the number is searched */
	s->kind = STEP_TABLE;
	s->cells = c->cells;
	s->table = search_table(a, c->words, term->words[0], term->op == OP_SOUNDS);
	if (!term->anywhere || c == number)
		return;
	s->cells2 = number->cells;
	s->table2 = search_table(a, number->words, term->words[0], false);
}

static void prepare_step(struct arena *a, const struct board *b, const struct board_table *t,
	const struct term *term, struct filter_step *s)
{
	*s = (struct filter_step){0};
	if (term->column < 0) {
		id_step(a, t, term, s);
		return;
	}
	if (term->op == OP_TEXT || term->op == OP_SOUNDS) {
		search_step(a, t, term, s);
		return;
	}
	const struct column *c = &t->columns[term->column];
	s->cells = c->cells;
	if (column_is_number(c)) {
		number_step(c, term, s);
		return;
	}
	s->kind = STEP_TABLE;
	if (term->op == OP_EMPTY || term->op == OP_FILLED)
		s->table = filled_table(a, cells_of(b, c), term->op == OP_FILLED);
	else if (c->kind == COLUMN_REF)
		s->table = ref_table(a, b, c, term);
	else if (c->kind == COLUMN_SET)
		s->table = set_table(a, b, c, term);
	else
		s->table = word_table(a, c, term);
}

/* ---- scope ---- */

static bool project_in_scope(const struct board *b, const struct query_scope *scope, int32_t row)
{
	const struct board_table *p = &b->tables[b->at.project];
	return bit(scope->projects, row) ||
		(p->owner_column >= 0 && bit(scope->units, cells32(&p->columns[p->owner_column])[row])) ||
		(p->place_column >= 0 && bit(scope->areas, cells32(&p->columns[p->place_column])[row]));
}

static bool hangs_under_project(const struct board *b, const struct board_table *t)
{
	for (int depth = 0; t->of_table >= 0 && depth < 8; depth++) {
		if (t->of_table == b->at.project)
			return true;
		t = &b->tables[t->of_table];
	}
	return false;
}

static void prepare_scope(struct arena *a, const struct board *b, const struct board_table *t,
	const struct query_scope *scope, struct filter *f)
{
	f->scoped = scope && !scope->all;
	if (!f->scoped)
		return;
	f->own = scope->rows;
	f->nown = scope->nrows;
	if (f->own)
		return;
	f->units = scope->units;
	f->areas = scope->areas;
	f->owner = t->owner_column < 0 ? NULL : cells32(&t->columns[t->owner_column]);
	f->place = t->place_column < 0 ? NULL : cells32(&t->columns[t->place_column]);
	bool hangs = hangs_under_project(b, t);
	bool own = t->index == b->at.unit || t->index == b->at.area || t->index == b->at.project;
	f->no_door = !f->owner && !f->place && !hangs && !own;
	if (b->at.project < 0 || !(hangs || t->index == b->at.project))
		return;
	const struct board_table *p = &b->tables[b->at.project];
	uint8_t *projects = new_table(a, p->rows);
	for (int32_t row = 0; row < p->rows; row++)
		projects[row] = project_in_scope(b, scope, row);
	f->projects = projects;
}

static bool row_in_scope(const struct filter *f, int32_t row)
{
	if (f->own)
		return row < f->nown && bit(f->own, row);
	if (f->no_door)
		return true;
	int table = f->t->index;
	if ((table == f->b->at.unit && bit(f->units, row)) ||
		(table == f->b->at.area && bit(f->areas, row)))
		return true;
	if ((f->owner && bit(f->units, f->owner[row])) || (f->place && bit(f->areas, f->place[row])))
		return true;
	if (!f->projects)
		return false;
	int32_t project = board_project_of(f->b, table, row);
	return project >= 0 && f->projects[project];
}

bool scope_sees(const struct board *b, int table, int32_t row, const struct query_scope *scope)
{
	if (scope->all)
		return true;
	if (scope->rows)
		return row < scope->nrows && bit(scope->rows, row);
	const struct board_table *t = &b->tables[table];
	bool hangs = hangs_under_project(b, t),
		 own = table == b->at.unit || table == b->at.area || table == b->at.project;
	if (t->owner_column < 0 && t->place_column < 0 && !hangs && !own)
		return true;
	if ((table == b->at.unit && bit(scope->units, row)) ||
		(table == b->at.area && bit(scope->areas, row)))
		return true;
	if ((t->owner_column >= 0 && bit(scope->units, cells32(&t->columns[t->owner_column])[row])) ||
		(t->place_column >= 0 && bit(scope->areas, cells32(&t->columns[t->place_column])[row])))
		return true;
	int32_t project = board_project_of(b, table, row);
	return project >= 0 && project_in_scope(b, scope, project);
}

struct filter *filter_prepare(
	struct arena *a, const struct board *b, const struct query *q, const struct query_scope *scope)
{
	struct filter *f = ARENA_NEW(a, struct filter);
	f->t = &b->tables[q->table];
	f->b = b;
	struct filter_step *steps = ARENA_ARRAY(a, struct filter_step, (size_t)q->nterms + 1);
	for (int i = 0; i < q->nterms; i++)
		prepare_step(a, b, f->t, &q->terms[i], &steps[i]);
	f->steps = steps;
	f->n = q->nterms;
	prepare_scope(a, b, f->t, scope, f);
	return f;
}

/* ---- loops ---- */

TIGHT_LOOP static void range64(const int64_t *restrict cells, int32_t n, int64_t low, int64_t high,
	uint8_t flip, uint8_t *restrict pass)
{
	for (int32_t i = 0; i < n; i++)
		pass[i] &= (uint8_t)((cells[i] >= low) & (cells[i] <= high)) ^ flip;
}

TIGHT_LOOP static void range32(const int32_t *restrict cells, int32_t n, int32_t low, int32_t high,
	uint8_t flip, uint8_t *restrict pass)
{
	for (int32_t i = 0; i < n; i++)
		pass[i] &= (uint8_t)((cells[i] >= low) & (cells[i] <= high)) ^ flip;
}

TIGHT_LOOP static void look_up(
	const int32_t *restrict cells, int32_t n, const uint8_t *restrict table, uint8_t *restrict pass)
{
	for (int32_t i = 0; i < n; i++)
		pass[i] &= table[cells[i] + 1];
}

static void any_of(const struct filter_step *s, int32_t from, int32_t n, uint8_t *pass)
{
	for (int32_t i = 0; i < n; i++) {
		int64_t v =
			s->wide ? ((const int64_t *)s->cells)[from + i] : ((const int32_t *)s->cells)[from + i];
		bool found = false;
		for (int k = 0; pass[i] && k < s->n && !found; k++)
			found = s->numbers[k] == v;
		pass[i] &= found;
	}
}

static void run_step(const struct filter_step *s, int32_t from, int32_t n, uint8_t *pass)
{
	switch (s->kind) {
	case STEP_RANGE64:
		range64((const int64_t *)s->cells + from, n, s->low, s->high, s->negate, pass);
		break;
	case STEP_RANGE32:
		range32((const int32_t *)s->cells + from, n, (int32_t)s->low, (int32_t)s->high, s->negate,
			pass);
		break;
	case STEP_ANY_OF: any_of(s, from, n, pass); break;
	case STEP_IDS:
		for (int32_t i = 0; i < n; i++)
			pass[i] &= bit(s->bits, from + i) != s->negate;
		break;
	case STEP_TABLE:
		if (!s->cells2) {
			look_up((const int32_t *)s->cells + from, n, s->table, pass);
			break;
		}
		for (int32_t i = 0; i < n; i++)
			pass[i] &= s->table[((const int32_t *)s->cells)[from + i] + 1] |
				s->table2[((const int32_t *)s->cells2)[from + i] + 1];
	}
}

TIGHT_LOOP static int32_t count_bytes(const uint8_t *pass, int32_t n)
{
	int32_t count = 0;
	for (int32_t i = 0; i < n; i++)
		count += pass[i];
	return count;
}

/* from is a multiple of 64 */
static void spread_alive(const struct board_table *t, int32_t from, int32_t n, uint8_t *pass)
{
	for (int32_t i = 0; i < n; i += 64) {
		uint64_t word = t->alive[(from + i) >> 6];
		int32_t most = n - i < 64 ? n - i : 64;
		if (word == UINT64_MAX) {
			memset(pass + i, 1, (size_t)most);
			continue;
		}
		for (int32_t k = 0; k < most; k++)
			pass[i + k] = word >> k & 1;
	}
}

int32_t filter_block(const struct filter *f, int32_t from, int32_t n, uint8_t *pass)
{
	spread_alive(f->t, from, n, pass);
	for (int i = 0; i < f->n; i++)
		run_step(&f->steps[i], from, n, pass);
	for (int32_t i = 0; f->scoped && i < n; i++)
		if (pass[i])
			pass[i] = row_in_scope(f, from + i);
	return count_bytes(pass, n);
}
