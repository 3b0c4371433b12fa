/*
 * A project's contribution is computed from the board as it stands, so the same function takes it out before a change
 * and puts it in after. Oldest and newest cannot be taken out of a maximum: each group keeps how many projects
 * reported last on which day.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/num.h"
#include "board/table.h"

int64_t share_percent(int64_t done, int64_t plan)
{
	return plan == 0 || plan == NOTHING64 || done == NOTHING64 ? NOTHING64
															   : num_muldiv(done, 10000, plan);
}

static struct rollup_cell *cell_at(struct rollup_set *set, enum dimension d, int32_t key)
{
	struct rollup_dimension *dim = &set->dimensions[d];
	if (key + 1 >= dim->room) {
		int32_t room = (key + 2) + (key + 2) / 2 + 4;
		dim->cells = must_realloc(dim->cells, (size_t)room * sizeof(*dim->cells));
		memset(dim->cells + dim->room, 0, (size_t)(room - dim->room) * sizeof(*dim->cells));
		dim->room = room;
	}
	if (key + 2 > dim->n)
		dim->n = key + 2;
	return &dim->cells[key + 1];
}

static void count_day(struct rollup_cell *cell, int32_t day, int sign)
{
	int32_t low = 0, high = cell->ndays;
	while (low < high) {
		int32_t middle = (low + high) / 2;
		if (cell->days[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == cell->ndays || cell->days[low].day != day) {
		if (cell->ndays == cell->days_room) {
			cell->days_room = cell->days_room * 2 + 4;
			cell->days = must_realloc(cell->days, (size_t)cell->days_room * sizeof(*cell->days));
		}
		memmove(cell->days + low + 1, cell->days + low,
			(size_t)(cell->ndays - low) * sizeof(*cell->days));
		cell->days[low] = (struct day_count){day, 0};
		cell->ndays++;
	}
	cell->days[low].n += sign;
	if (cell->days[low].n == 0) {
		memmove(cell->days + low, cell->days + low + 1,
			(size_t)(cell->ndays - low - 1) * sizeof(*cell->days));
		cell->ndays--;
	}
}

struct contribution {
	struct rollup sums;
	bool reports; /* it is being built, so that silence means something */
	int32_t last_report;
};

static bool being_built(const struct board *b, int32_t row)
{
	struct slice state = column_word(&b->tables[b->at.project].columns[COMMON_STATE], row);
	return slice_is(state, "started") || slice_is(state, "building");
}

static int64_t or_zero(int64_t value)
{
	return value == NOTHING64 ? 0 : value;
}

static void contribution_of(const struct board *b, int32_t row, bool months, struct contribution *c)
{
	*c = (struct contribution){
		.sums = {.count = 1}, .last_report = cells32(fact_column(b, FACT_LAST_REPORT))[row]};
	c->reports = being_built(b, row);
	struct rollup *s = &c->sums;
	s->lights[light_slot(cells32(fact_column(b, FACT_LIGHT))[row])] = 1;
	if (b->at.p_total >= 0)
		s->total_investment =
			or_zero(column_number(&b->tables[b->at.project].columns[b->at.p_total], row));
	s->annual_plan_investment = or_zero(fact_number(b, FACT_PLAN, row));
	s->completed_investment = or_zero(fact_number(b, FACT_DONE, row));
	s->cumulative_investment = or_zero(fact_number(b, FACT_CUMULATIVE, row));
	s->completed_to_month = or_zero(fact_number(b, FACT_DONE_TO_MONTH, row));
	s->planned_to_month = or_zero(fact_number(b, FACT_PLANNED_TO_MONTH, row));
	s->issues_open = or_zero(fact_number(b, FACT_ISSUES_OPEN, row));
	s->issues_overdue = or_zero(fact_number(b, FACT_ISSUES_OVERDUE, row));
	s->milestones_late = or_zero(fact_number(b, FACT_MILESTONES_LATE, row));
	s->projects_late = or_zero(fact_number(b, FACT_DAYS_LATE, row)) > 0;
	if (months)
		derive_months(b, row, s->done, s->planned);
}

/* Whose months somebody asks for: those of the whole, and of the parts that have a wall of their own. */
static bool keeps_months(enum dimension d)
{
	return d == DIMENSION_ALL || d == DIMENSION_UNIT || d == DIMENSION_AREA;
}

/* Every member of a rollup is a sum; the months stand last. */
TIGHT_LOOP static void add_sums(
	int64_t *restrict to, const int64_t *restrict from, size_t n, int sign)
{
	for (size_t i = 0; i < n; i++)
		to[i] += sign * from[i];
}

static void add_to(struct rollup_set *set, enum dimension d, int32_t key,
	const struct contribution *c, bool months, int sign)
{
	struct rollup_cell *cell = cell_at(set, d, key);
	size_t bytes =
		months && keeps_months(d) ? sizeof(struct rollup) : offsetof(struct rollup, done);
	add_sums((int64_t *)&cell->sums, (const int64_t *)&c->sums, bytes / sizeof(int64_t), sign);
	if (c->reports)
		count_day(cell, c->last_report, sign);
}

#define TREE_DEPTH 32

static const int *dimension_column(const struct board *b, enum dimension d)
{
	switch (d) {
	case DIMENSION_UNIT: return &b->at.p_unit;
	case DIMENSION_AREA: return &b->at.p_area;
	case DIMENSION_HEADQUARTERS: return &b->at.p_headquarters;
	case DIMENSION_CATEGORY: return &b->at.p_category;
	case DIMENSION_PROGRAMME: return &b->at.p_programmes;
	default: return NULL;
	}
}

#define KEYS_MOST 256

/* The groups that a project with this cell counts in, with the ones above. */
static int keys_of_cell(const struct board *b, enum dimension d, const struct column *c,
	int32_t cell, int32_t keys[KEYS_MOST])
{
	int n = 1;
	keys[0] = cell;
	if (cell < 0)
		return n;
	if (d == DIMENSION_UNIT || d == DIMENSION_AREA) {
		const struct board_table *tree = &b->tables[c->target];
		for (int32_t at = board_tree_parent(tree, cell); at >= 0 && n < TREE_DEPTH;
			 at = board_tree_parent(tree, at))
			keys[n++] = at;
	} else if (c->kind == COLUMN_SET) {
		struct slice set = dictionary_word(c->sets, cell);
		n = (int)(set.n / sizeof(int32_t));
		memcpy(keys, set.s, set.n);
	}
	return n;
}

static int keys_of(const struct board *b, enum dimension d, int32_t row, int32_t keys[KEYS_MOST])
{
	const int *column = dimension_column(b, d);
	if (!column || *column < 0) {
		keys[0] = -1;
		return d == DIMENSION_ALL;
	}
	const struct column *c = &b->tables[b->at.project].columns[*column];
	return keys_of_cell(b, d, c, cells32(c)[row], keys);
}

static void add_project(
	const struct board *b, struct rollup_set *set, int32_t row, bool months, int sign)
{
	if (!project_counts(b, row))
		return;
	struct contribution c;
	contribution_of(b, row, months, &c);
	int32_t keys[KEYS_MOST];
	for (int d = 0; d < DIMENSION_COUNT; d++) {
		int n = keys_of(b, (enum dimension)d, row, keys);
		for (int i = 0; i < n; i++)
			add_to(set, (enum dimension)d, keys[i], &c, months, sign);
	}
}

void rollup_add(const struct board *b, struct rollup_set *set, int32_t row, int sign)
{
	add_project(b, set, row, true, sign);
}

void rollup_free(struct rollup_set *set)
{
	for (int d = 0; d < DIMENSION_COUNT; d++) {
		for (int32_t i = 0; i < set->dimensions[d].room; i++)
			free(set->dimensions[d].cells[i].days);
		free(set->dimensions[d].cells);
		set->dimensions[d] = (struct rollup_dimension){0};
	}
}

struct rollup_set rollup_copy(const struct rollup_set *set)
{
	struct rollup_set copy = *set;
	for (int d = 0; d < DIMENSION_COUNT; d++) {
		struct rollup_dimension *dim = &copy.dimensions[d];
		dim->room = dim->n;
		dim->cells = copy_bytes(dim->cells, (size_t)dim->n * sizeof(*dim->cells));
		for (int32_t i = 0; i < dim->n; i++) {
			struct rollup_cell *cell = &dim->cells[i];
			cell->days = copy_bytes(cell->days, (size_t)cell->ndays * sizeof(*cell->days));
			cell->days_room = cell->ndays;
		}
	}
	return copy;
}

size_t rollup_bytes(const struct rollup_set *set)
{
	size_t n = 0;
	for (int d = 0; d < DIMENSION_COUNT; d++) {
		n += (size_t)set->dimensions[d].room * sizeof(*set->dimensions[d].cells);
		for (int32_t i = 0; i < set->dimensions[d].n; i++)
			n += (size_t)set->dimensions[d].cells[i].days_room * sizeof(struct day_count);
	}
	return n;
}

static struct date silent_before(const struct board *b)
{
	return (struct date){b->today.day - b->options.silent_days};
}

void rollup_rebuild(struct board *b)
{
	rollup_free(&b->rollups);
	b->rollups.silent_before = silent_before(b);
	const struct board_table *p = board_projects(b);
	for (int32_t row = 0; p && row < p->rows; row++)
		rollup_add(b, &b->rollups, row, 1);
}

/* ---- reading ---- */

int32_t rollup_keys(const struct board *b, enum dimension d)
{
	return b->rollups.dimensions[d].n;
}

static const struct rollup_cell *cell_of(
	const struct rollup_set *set, enum dimension d, int32_t key)
{
	const struct rollup_dimension *dim = &set->dimensions[d];
	return key < -1 || key + 1 >= dim->n || dim->cells[key + 1].sums.count == 0
		? NULL
		: &dim->cells[key + 1];
}

const struct rollup *rollup_in(const struct rollup_set *set, enum dimension d, int32_t key)
{
	const struct rollup_cell *cell = cell_of(set, d, key);
	return cell ? &cell->sums : NULL;
}

struct age_of_data rollup_age_in(const struct rollup_set *set, enum dimension d, int32_t key)
{
	struct age_of_data age = {.oldest = DATE_NONE, .newest = DATE_NONE};
	const struct rollup_cell *cell = cell_of(set, d, key);
	for (int32_t i = 0; cell && i < cell->ndays; i++) {
		const struct day_count *day = &cell->days[i];
		if (day->day == NOTHING32) {
			age.never = day->n;
			continue;
		}
		if (date_is_none(age.oldest))
			age.oldest.day = day->day;
		age.newest.day = day->day;
		if (day->day < set->silent_before.day)
			age.silent += day->n;
	}
	return age;
}

const struct rollup *rollup_get(const struct board *b, enum dimension d, int32_t key)
{
	return rollup_in(&b->rollups, d, key);
}

struct age_of_data rollup_age(const struct board *b, enum dimension d, int32_t key)
{
	return rollup_age_in(&b->rollups, d, key);
}

const struct rollup_set *rollup_over(
	const struct board *b, const uint64_t *projects, const struct rollup *months)
{
	struct rollup_set *set = must_alloc(sizeof(*set));
	set->silent_before = silent_before(b);
	const struct board_table *p = board_projects(b);
	for (int32_t word = 0; p && word <= (p->rows - 1) >> 6; word++)
		for (uint64_t left = projects[word]; left; left &= left - 1)
			add_project(b, set, word << 6 | __builtin_ctzll(left), !months, 1);
	if (months) {
		struct rollup *whole = &cell_at(set, DIMENSION_ALL, -1)->sums;
		memcpy(whole->done, months->done, sizeof(whole->done));
		memcpy(whole->planned, months->planned, sizeof(whole->planned));
	}
	return set;
}

void rollup_set_close(const struct rollup_set *set)
{
	if (!set)
		return;
	rollup_free((struct rollup_set *)set);
	free((struct rollup_set *)set);
}

int32_t rollup_keys_in(const struct rollup_set *set, enum dimension d)
{
	return set->dimensions[d].n;
}

const struct field *rollup_field(const struct board *b, enum dimension d)
{
	const int *column = dimension_column(b, d);
	return !column || *column < 0 ? NULL : b->tables[b->at.project].columns[*column].field;
}

const char *rollup_key_text(const struct board *b, struct arena *a, enum dimension d, int32_t key)
{
	const int *column = dimension_column(b, d);
	if (!column || *column < 0 || key < 0)
		return NULL;
	const struct column *c = &b->tables[b->at.project].columns[*column];
	if (c->words)
		return arena_text(a, dictionary_word(c->words, key));
	char *text = arena_alloc(a, UUID_TEXT);
	uuid_format(b->tables[c->target].ids[key], text);
	return text;
}

/* ---- lights ---- */

static void move_light(struct board *b, int32_t row, int32_t before, int32_t after)
{
	int32_t keys[KEYS_MOST];
	for (int d = 0; d < DIMENSION_COUNT; d++) {
		int n = keys_of(b, (enum dimension)d, row, keys);
		for (int i = 0; i < n; i++) {
			struct rollup *r = &cell_at(&b->rollups, (enum dimension)d, keys[i])->sums;
			r->lights[light_slot(before)]--;
			r->lights[light_slot(after)]++;
		}
	}
}

void board_set_light(struct board *b, int32_t project, int32_t severity, struct date since)
{
	int32_t *light = &cells32(fact_column(b, FACT_LIGHT))[project];
	cells32(fact_column(b, FACT_LIGHT_SINCE))[project] = since.day;
	if (*light == severity)
		return;
	if (project_counts(b, project))
		move_light(b, project, *light, severity);
	*light = severity;
}

/* Adds `lights` to the group of one cell of the project's column and to what is above it. */
static void spread_lights(struct board *b, enum dimension d, const struct column *c, int32_t cell,
	const int64_t lights[8])
{
	int32_t keys[KEYS_MOST];
	int n = keys_of_cell(b, d, c, cell, keys);
	for (int i = 0; i < n; i++)
		for (int slot = 0; slot < 8; slot++)
			if (lights[slot])
				cell_at(&b->rollups, d, keys[i])->sums.lights[slot] += lights[slot];
}

/* First by cell of the column, which is one addition a project, then the few cells to their groups. */
static void recount_dimension(struct board *b, enum dimension d, const uint8_t *slots)
{
	static const int none = -1;
	const struct board_table *p = board_projects(b);
	const int *column = d == DIMENSION_ALL ? &none : dimension_column(b, d);
	const struct column *c = *column < 0 ? NULL : &p->columns[*column];
	if (!c && d != DIMENSION_ALL)
		return;
	int32_t cells = !c          ? 0
		: c->kind == COLUMN_REF ? (c->target < 0 ? 0 : b->tables[c->target].rows)
								: dictionary_count(c->kind == COLUMN_SET ? c->sets : c->words);
	int64_t(*counts)[8] = must_alloc(((size_t)cells + 1) * sizeof(*counts));
	for (int32_t row = 0; row < p->rows; row++)
		if (slots[row] < 8)
			counts[c ? cells32(c)[row] + 1 : 0][slots[row]]++;
	for (int32_t cell = -1; cell < cells; cell++)
		if (c)
			spread_lights(b, d, c, cell, counts[cell + 1]);
	for (int slot = 0; !c && slot < 8; slot++)
		if (counts[0][slot])
			cell_at(&b->rollups, d, -1)->sums.lights[slot] += counts[0][slot];
	free(counts);
}

void rollup_recount_lights(struct board *b)
{
	for (int d = 0; d < DIMENSION_COUNT; d++)
		for (int32_t i = 0; i < b->rollups.dimensions[d].n; i++)
			memset(b->rollups.dimensions[d].cells[i].sums.lights, 0,
				sizeof(b->rollups.dimensions[d].cells[i].sums.lights));
	const struct board_table *p = board_projects(b);
	if (!p)
		return;
	uint8_t *slots = must_alloc((size_t)p->rows + 1);
	const int32_t *light = cells32(fact_column(b, FACT_LIGHT));
	for (int32_t row = 0; row < p->rows; row++)
		slots[row] = project_counts(b, row) ? (uint8_t)light_slot(light[row]) : 8;
	for (int d = 0; d < DIMENSION_COUNT; d++)
		recount_dimension(b, (enum dimension)d, slots);
	free(slots);
}
