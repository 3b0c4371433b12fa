/*
 * One pass over the table in blocks: what passes is counted, added up, grouped, and offered to the page. The page is a
 * buffer of candidates; when it is full, a selection keeps the best half, so a row is compared a constant number of times
 * whatever the order of the table, and the table is never sorted.
 */
#include <stdlib.h>

#include "base/num.h"
#include "board/query_terms.h"

/* ---- order ---- */

struct candidate {
	uint64_t rank;   /* of the first key: never wrong, perhaps equal where the key is not */
	uint64_t second; /* the same of the second key where the first is exact, else 0 */
	int32_t row;
};

/* A key as something to compare quickly: a number, or the rank of a word. */
struct key_order {
	const struct column *column;
	bool number, descending;
	/* when it is words: */
	const struct column *words,
		*refs; /* where they stand; refs: the column that leads there, or NULL */
	const int32_t *ranks;
};

struct ordering {
	const struct board *b;
	const struct board_table *t;
	const struct query *q;
	struct key_order first, second;
	bool seconds;   /* `second` decides between equal firsts */
	uint64_t after; /* rank of the place where the page before ended */
};

static uint64_t rank_number(int64_t v, bool descending)
{
	uint64_t rank = (uint64_t)v ^ (UINT64_C(1) << 63); /* missing (the least) becomes 0 */
	return rank == 0 || !descending ? rank : UINT64_MAX - rank + 1;
}

static uint64_t rank_bytes(const void *bytes, size_t n)
{
	unsigned char head[8] = {0};
	memcpy(head, bytes, n < 8 ? n : 8);
	uint64_t rank = 0;
	for (int i = 0; i < 8; i++)
		rank = rank << 8 | head[i];
	return rank;
}

/* The word a text or ref column sorts by; s NULL: missing. */
static struct slice sort_word(const struct board *b, const struct column *c, int32_t row)
{
	if (c->kind == COLUMN_TEXT)
		return column_word(c, row);
	int32_t target = cells32(c)[row];
	return target < 0 || c->target < 0 ? (struct slice){0}
									   : board_title(&b->tables[c->target], target);
}

static bool sorts_by_number(const struct column *c)
{
	return column_is_number(c) || c->kind == COLUMN_CHOICE;
}

static int64_t sort_number(const struct column *c, int32_t row)
{
	if (c->kind != COLUMN_CHOICE)
		return column_number(c, row);
	int32_t cell = cells32(c)[row];
	return cell < 0 ? NOTHING64 : cell;
}

/* Missing is 0, below everything. */
static uint64_t rank_word(int32_t rank, bool descending)
{
	return rank < 0 ? 0 : (uint64_t)(descending ? INT32_MAX - rank : rank) + 1;
}

/* The rank of the word a row sorts by; -1: missing. */
static int32_t word_rank(const struct key_order *key, int32_t row)
{
	if (key->refs)
		row = cells32(key->refs)[row];
	int32_t word = row < 0 || !key->words ? -1 : cells32(key->words)[row];
	return word < 0 ? -1 : key->ranks[word];
}

static uint64_t rank_by(const struct key_order *key, int32_t row)
{
	return key->number ? rank_number(sort_number(key->column, row), key->descending)
					   : rank_word(word_rank(key, row), key->descending);
}

static struct candidate candidate_of(const struct ordering *o, int32_t row)
{
	if (o->q->nsort == 0)
		return (struct candidate){rank_bytes(o->t->ids[row].b, 16), 0, row};
	return (struct candidate){rank_by(&o->first, row), 0, row};
}

static uint64_t rank_after(const struct ordering *o)
{
	const struct query *q = o->q;
	if (!q->has_after)
		return 0;
	if (q->nsort == 0)
		return rank_bytes(q->after_id.b, 16);
	const struct sort_key *key = &q->sort[0];
	if (sorts_by_number(&o->t->columns[key->column]))
		return rank_number(q->after[0].missing ? NOTHING64 : q->after[0].number, key->descending);
	bool missing = q->after[0].missing || !o->first.words;
	return rank_word(missing ? -1 : dictionary_rank_of(o->first.words->words, q->after[0].word),
		key->descending);
}

static struct key_order key_order_of(
	const struct board *b, const struct board_table *t, const struct sort_key *sort)
{
	const struct column *c = &t->columns[sort->column];
	struct key_order key = {c, sorts_by_number(c), sort->descending, NULL, NULL, NULL};
	if (c->kind == COLUMN_TEXT) {
		key.words = c;
	} else if (!key.number) {
		const struct board_table *target = c->target < 0 ? NULL : &b->tables[c->target];
		key.refs = c;
		key.words =
			target && target->title_column >= 0 ? &target->columns[target->title_column] : NULL;
	}
	if (key.words)
		key.ranks = dictionary_ranks(key.words->words);
	return key;
}

static struct ordering ordering_of(
	const struct board *b, const struct board_table *t, const struct query *q)
{
	struct ordering o = {.b = b, .t = t, .q = q};
	if (q->nsort)
		o.first = key_order_of(b, t, &q->sort[0]);
	/* words that were put late share a rank: then the whole key decides, not the next one */
	o.seconds = q->nsort > 1 && o.first.number;
	if (o.seconds)
		o.second = key_order_of(b, t, &q->sort[1]);
	o.after = rank_after(&o);
	return o;
}

static int compare_slices(struct slice a, struct slice b)
{
	if (!a.s || !b.s)
		return (a.s != NULL) - (b.s != NULL);
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.s, b.s, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static int compare_key(
	struct slice x, struct slice y, int64_t nx, int64_t ny, bool number, bool descending)
{
	bool mx = number ? nx == NOTHING64 : !x.s, my = number ? ny == NOTHING64 : !y.s;
	if (mx || my)
		return my - mx; /* missing first, whatever the direction */
	int c = number ? (nx > ny) - (nx < ny) : compare_slices(x, y);
	return descending ? -c : c;
}

static int compare_rows(const struct ordering *o, int32_t x, int32_t y)
{
	for (int i = 0; i < o->q->nsort; i++) {
		const struct column *c = &o->t->columns[o->q->sort[i].column];
		bool number = sorts_by_number(c);
		int d = compare_key(number ? (struct slice){0} : sort_word(o->b, c, x),
			number ? (struct slice){0} : sort_word(o->b, c, y), number ? sort_number(c, x) : 0,
			number ? sort_number(c, y) : 0, number, o->q->sort[i].descending);
		if (d)
			return d;
	}
	return uuid_compare(o->t->ids[x], o->t->ids[y]);
}

/* Is the row behind the place where the page before ended? */
static bool is_after(const struct ordering *o, int32_t row)
{
	for (int i = 0; i < o->q->nsort; i++) {
		const struct column *c = &o->t->columns[o->q->sort[i].column];
		bool number = sorts_by_number(c);
		int64_t given = o->q->after[i].missing ? NOTHING64 : o->q->after[i].number;
		struct slice word = o->q->after[i].missing ? (struct slice){0} : o->q->after[i].word;
		int d = compare_key(number ? (struct slice){0} : sort_word(o->b, c, row), word,
			number ? sort_number(c, row) : 0, given, number, o->q->sort[i].descending);
		if (d)
			return d > 0;
	}
	return uuid_compare(o->t->ids[row], o->q->after_id) > 0;
}

static int compare_candidates(
	const struct ordering *o, const struct candidate *x, const struct candidate *y)
{
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->second != y->second)
		return x->second < y->second ? -1 : 1;
	return compare_rows(o, x->row, y->row);
}

static int compare_for_sort(const void *x, const void *y, void *o)
{
	return compare_candidates(o, x, y);
}

/* ---- the page ---- */

struct page {
	struct ordering order;
	struct candidate *candidates;
	int n, room, limit, skip; /* limit: with what is skipped */
	bool full;                /* `worst` is set: the limit-th best so far */
	struct candidate worst;
	int64_t passed; /* rows behind `after` */
};

/* Puts the `keep` best first, in no particular order. */
static void select_best(struct page *p, int keep)
{
	int low = 0, high = p->n - 1;
	while (low < high) {
		struct candidate pivot = p->candidates[low + (high - low) / 2];
		int i = low, j = high;
		while (i <= j) {
			while (compare_candidates(&p->order, &p->candidates[i], &pivot) < 0)
				i++;
			while (compare_candidates(&p->order, &p->candidates[j], &pivot) > 0)
				j--;
			if (i <= j) {
				struct candidate swap = p->candidates[i];
				p->candidates[i++] = p->candidates[j];
				p->candidates[j--] = swap;
			}
		}
		if (keep - 1 <= j)
			high = j;
		else if (keep - 1 >= i)
			low = i;
		else
			return;
	}
}

static void shrink(struct page *p)
{
	select_best(p, p->limit);
	p->n = p->limit;
	p->worst = p->candidates[0];
	for (int i = 1; i < p->n; i++)
		if (compare_candidates(&p->order, &p->candidates[i], &p->worst) > 0)
			p->worst = p->candidates[i];
	p->full = true;
}

static void offer(struct page *p, int32_t row)
{
	const struct ordering *o = &p->order;
	struct candidate c = candidate_of(o, row);
	if (o->q->has_after && (c.rank < o->after || (c.rank == o->after && !is_after(o, row))))
		return;
	p->passed++;
	if (p->full && c.rank > p->worst.rank)
		return;
	if (o->seconds)
		c.second = rank_by(&o->second, row);
	if (p->full && compare_candidates(o, &c, &p->worst) > 0)
		return;
	p->candidates[p->n++] = c;
	if (p->n == p->room)
		shrink(p);
}

static const char *next_page(struct arena *a, const struct ordering *o, int32_t row)
{
	struct str s = STR_INIT;
	for (int i = 0; i < o->q->nsort; i++) {
		const struct column *c = &o->t->columns[o->q->sort[i].column];
		struct slice word = sorts_by_number(c) ? (struct slice){0} : sort_word(o->b, c, row);
		if (sorts_by_number(c) && sort_number(c, row) != NOTHING64)
			str_printf(&s, "n%lld", (long long)sort_number(c, row));
		else if (word.s) {
			str_putc(&s, 't');
			for (size_t k = 0; k < word.n; k++)
				str_printf(&s, "%02x", (unsigned char)word.s[k]);
		} else
			str_putc(&s, '-');
		str_putc(&s, '.');
	}
	char id[UUID_TEXT];
	uuid_format(o->t->ids[row], id);
	str_puts(&s, id);
	const char *next = arena_strdup(a, str_text(&s));
	str_free(&s);
	return next;
}

/* ---- sums and groups ---- */

struct adding {
	const struct board *b;
	const struct board_table *t;
	const struct query *q;
	const struct column *light; /* or NULL */
	struct arena *a;
	struct query_group *groups;
	int ngroups, groups_room;
	int32_t *slots; /* open addressing over keys: group number, or -1 */
	int slots_room;
	int64_t *sums;
};

static int64_t *new_sums(struct arena *a, int n)
{
	int64_t *sums = ARENA_ARRAY(a, int64_t, (size_t)n + 1);
	for (int i = 0; i < n; i++)
		sums[i] = NOTHING64;
	return sums;
}

static void add_row(const struct adding *g, int64_t *sums, int32_t row)
{
	for (int i = 0; i < g->q->nsums; i++) {
		int64_t v = column_number(&g->t->columns[g->q->sums[i]], row);
		if (v != NOTHING64)
			sums[i] = sums[i] == NOTHING64 ? v : sums[i] + v;
	}
}

static uint32_t slot_for(const struct adding *g, int64_t key)
{
	uint64_t h = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);
	uint32_t mask = (uint32_t)g->slots_room - 1, at = (uint32_t)(h >> 32) & mask;
	while (g->slots[at] >= 0 && g->groups[g->slots[at]].key != key)
		at = (at + 1) & mask;
	return at;
}

static void more_slots(struct adding *g)
{
	g->slots_room = g->slots_room ? g->slots_room * 2 : 64;
	g->slots = ARENA_ARRAY(g->a, int32_t, (size_t)g->slots_room);
	memset(g->slots, 0xFF, (size_t)g->slots_room * sizeof(*g->slots));
	for (int i = 0; i < g->ngroups; i++)
		g->slots[slot_for(g, g->groups[i].key)] = i;
}

static struct query_group *group_for(struct adding *g, int64_t key)
{
	if ((g->ngroups + 1) * 10 > g->slots_room * 7)
		more_slots(g);
	uint32_t at = slot_for(g, key);
	if (g->slots[at] >= 0)
		return &g->groups[g->slots[at]];
	if (g->ngroups == g->groups_room) {
		int room = g->groups_room * 2 + 16;
		g->groups =
			arena_grow(g->a, g->groups, (size_t)g->groups_room, (size_t)room, sizeof(*g->groups));
		g->groups_room = room;
	}
	g->slots[at] = g->ngroups;
	struct query_group *group = &g->groups[g->ngroups++];
	*group = (struct query_group){.key = key, .sums = new_sums(g->a, g->q->nsums)};
	return group;
}

static void count_in(struct adding *g, int64_t key, int32_t row)
{
	struct query_group *group = group_for(g, key);
	group->count++;
	if (g->light)
		group->lights[light_slot(cells32(g->light)[row])]++;
	add_row(g, group->sums, row);
}

static void group_row(struct adding *g, int32_t row)
{
	const struct column *c = &g->t->columns[g->q->group];
	if (c->kind != COLUMN_SET || cells32(c)[row] < 0) {
		count_in(g, column_is_number(c) ? column_number(c, row) : cells32(c)[row], row);
		return;
	}
	struct slice set = dictionary_word(c->sets, cells32(c)[row]);
	const int32_t *items = (const int32_t *)(const void *)set.s;
	for (size_t i = 0; i < set.n / sizeof(*items); i++)
		count_in(g, items[i], row);
}

static int compare_groups(const void *x, const void *y)
{
	const struct query_group *a = x, *b = y;
	if ((a->text == NULL) != (b->text == NULL))
		return a->text == NULL ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return (a->key > b->key) - (a->key < b->key);
}

static void spell_number(struct str *s, const struct column *c, int64_t v)
{
	switch (c->kind == COLUMN_FILLED ? FIELD_YESNO : c->field->type) {
	case FIELD_DATE: date_format(s, (struct date){(int32_t)v}); break;
	case FIELD_MONTH: month_format(s, (struct month){(int32_t)v}); break;
	case FIELD_YESNO: str_puts(s, v ? "true" : "false"); break;
	case FIELD_PERCENT: str_decimal(s, v, 2); break;
	case FIELD_QUANTITY: str_decimal(s, v, c->field->scale); break;
	default: str_int(s, v);
	}
}

static void spell_group(struct adding *g, struct query_group *group)
{
	const struct column *c = &g->t->columns[g->q->group];
	bool number = column_is_number(c);
	if (number ? group->key == NOTHING64 : group->key < 0)
		return;
	struct str s = STR_INIT;
	if (number)
		spell_number(&s, c, group->key);
	else if (c->words)
		str_slice(&s, dictionary_word(c->words, (int32_t)group->key));
	else {
		const struct board_table *target = &g->b->tables[c->target];
		char id[UUID_TEXT];
		uuid_format(target->ids[group->key], id);
		str_puts(&s, id);
		group->title = board_title(target, (int32_t)group->key);
	}
	group->text = arena_strdup(g->a, str_text(&s));
	str_free(&s);
}

/* ---- running ---- */

struct run {
	struct adding add;
	struct page page;
	bool count_only;
	struct query_answer out;
};

static void take_row(struct run *r, int32_t row)
{
	if (r->add.light)
		r->out.lights[light_slot(cells32(r->add.light)[row])]++;
	if (r->add.q->nsums)
		add_row(&r->add, r->add.sums, row);
	if (r->add.q->group >= 0)
		group_row(&r->add, row);
	else if (!r->count_only)
		offer(&r->page, row);
}

static void finish_page(struct arena *a, struct run *r)
{
	struct page *p = &r->page;
	if (p->n > p->limit)
		shrink(p);
	qsort_r(p->candidates, (size_t)p->n, sizeof(*p->candidates), compare_for_sort, &p->order);
	int32_t *rows = ARENA_ARRAY(a, int32_t, (size_t)p->n + 1);
	for (int i = 0; i < p->n; i++)
		rows[i] = p->candidates[i].row;
	int skipped = p->skip < p->n ? p->skip : p->n;
	r->out.rows = rows + skipped;
	r->out.nrows = p->n - skipped;
	if (p->passed > p->n && p->n > skipped)
		r->out.next = next_page(a, &p->order, rows[p->n - 1]);
}

struct query_answer query_run(struct arena *a, const struct board *b, const struct query *q,
	const struct query_scope *scope, bool count_only)
{
	const struct board_table *t = &b->tables[q->table];
	struct run r = {.count_only = count_only || q->group >= 0};
	r.add = (struct adding){.b = b,
		.t = t,
		.q = q,
		.a = a,
		.sums = new_sums(a, q->nsums),
		.light = q->table == b->at.project ? fact_column(b, FACT_LIGHT) : NULL};
	if (!r.count_only) {
		/* no more than there are rows: a skip beyond the end costs nothing */
		int skip = q->skip < t->rows ? q->skip : t->rows;
		r.page = (struct page){.order = ordering_of(b, t, q),
			.limit = q->limit + skip,
			.skip = skip,
			.room = (q->limit + skip) * 2 + 1024};
		r.page.candidates = ARENA_ARRAY(a, struct candidate, (size_t)r.page.room);
	}
	struct filter *f = filter_prepare(a, b, q, scope);
	uint8_t pass[QUERY_BLOCK];
	for (int32_t from = 0; from < t->rows; from += QUERY_BLOCK) {
		int32_t n = t->rows - from < QUERY_BLOCK ? t->rows - from : QUERY_BLOCK;
		int32_t count = filter_block(f, from, n, pass);
		r.out.total += count;
		for (int32_t i = 0; count > 0 && i < n; i++)
			if (pass[i])
				take_row(&r, from + i);
	}
	r.out.sums = r.add.sums;
	if (!r.count_only)
		finish_page(a, &r);
	for (int i = 0; i < r.add.ngroups; i++)
		spell_group(&r.add, &r.add.groups[i]);
	if (r.add.ngroups)
		qsort(r.add.groups, (size_t)r.add.ngroups, sizeof(*r.add.groups), compare_groups);
	r.out.groups = r.add.groups;
	r.out.ngroups = r.add.ngroups;
	return r.out;
}

uint64_t *query_bits(struct arena *a, const struct board *b, const struct query *q,
	const struct query_scope *scope, int64_t *count)
{
	const struct board_table *t = &b->tables[q->table];
	uint64_t *bits = ARENA_ARRAY(a, uint64_t, (size_t)t->rows / 64 + 1);
	struct filter *f = filter_prepare(a, b, q, scope);
	uint8_t pass[QUERY_BLOCK];
	*count = 0;
	for (int32_t from = 0; from < t->rows; from += QUERY_BLOCK) {
		int32_t n = t->rows - from < QUERY_BLOCK ? t->rows - from : QUERY_BLOCK;
		*count += filter_block(f, from, n, pass);
		for (int32_t i = 0; i < n; i++)
			bits[(from + i) >> 6] |= (uint64_t)pass[i] << ((from + i) & 63);
	}
	return bits;
}

bool filter_passes(const struct filter *f, int32_t row)
{
	/* a block must begin at a multiple of 64, so the row's neighbours come along */
	uint8_t pass[64];
	int32_t from = row & ~63;
	filter_block(f, from, row - from + 1, pass);
	return pass[row - from];
}

bool query_passes(const struct board *b, const struct query *q, int32_t row)
{
	struct arena *a = arena_open();
	bool passes = filter_passes(filter_prepare(a, b, q, NULL), row);
	arena_close(a);
	return passes;
}
