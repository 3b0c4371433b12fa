/* The board beside itself: every derived column and every group computed afresh on a copy, then
 * compared. For fsck and tests. */
#include "base/arena.h"
#include "board/table.h"

struct findings {
	struct arena *a;
	const char **list;
	int n, most;
	int64_t differences;
};

static void found(struct findings *f, const char *text)
{
	f->differences++;
	if (f->n < f->most)
		f->list[f->n++] = text;
}

static void compare_facts(const struct board *b, const struct board *fresh, struct findings *f)
{
	const struct board_table *p = board_projects(b), *q = board_projects(fresh);
	for (int i = 0; i < FACT_LIGHT; i++) {
		const struct column *kept = fact_column(b, (enum fact)i),
							*made = fact_column(fresh, (enum fact)i);
		for (int32_t row = 0; row < p->rows; row++) {
			int64_t x = column_number(kept, row), y = column_number(made, row);
			if (x == y || !row_alive(q, row))
				continue;
			char id[UUID_TEXT];
			uuid_format(p->ids[row], id);
			found(f,
				arena_printf(f->a, "project %s: %s is %lld, should be %lld", id, kept->field->name,
					(long long)x, (long long)y));
		}
	}
}

static const char *const dimension_names[DIMENSION_COUNT] = {
	"all", "unit", "area", "headquarters", "category", "programme"};

static void compare_group(const struct board *b, const struct board *fresh, enum dimension d,
	int32_t key, struct findings *f)
{
	static const struct rollup empty;
	const struct rollup *kept = rollup_get(b, d, key), *made = rollup_get(fresh, d, key);
	const int64_t *x = (const int64_t *)(kept ? kept : &empty),
				  *y = (const int64_t *)(made ? made : &empty);
	for (size_t i = 0; i < sizeof(empty) / sizeof(int64_t); i++)
		if (x[i] != y[i])
			found(f,
				arena_printf(f->a, "group %s %d: figure %d is %lld, should be %lld",
					dimension_names[d], (int)key, (int)i, (long long)x[i], (long long)y[i]));
	struct age_of_data age = rollup_age(b, d, key), should = rollup_age(fresh, d, key);
	if (age.oldest.day != should.oldest.day || age.newest.day != should.newest.day ||
		age.silent != should.silent || age.never != should.never)
		found(f,
			arena_printf(f->a, "group %s %d: age of data differs", dimension_names[d], (int)key));
}

int64_t board_check(
	const struct board *b, struct arena *a, int most, const char ***findings, int *n)
{
	struct findings f = {.a = a, .most = most};
	f.list = ARENA_ARRAY(a, const char *, (size_t)most + 1);
	struct board *fresh = board_copy(b);
	fresh->all_dirty = true;
	board_settle(fresh, b->today);
	if (b->at.project >= 0)
		compare_facts(b, fresh, &f);
	for (int d = 0; d < DIMENSION_COUNT; d++) {
		int32_t keys = rollup_keys(b, (enum dimension)d),
				more = rollup_keys(fresh, (enum dimension)d);
		for (int32_t key = -1; key < (keys > more ? keys : more) - 1; key++)
			compare_group(b, fresh, (enum dimension)d, key, &f);
	}
	board_close(fresh);
	*findings = f.list;
	*n = f.n;
	return f.differences;
}
