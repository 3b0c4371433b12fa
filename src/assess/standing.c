#include "assess/standing.h"

#include <stdio.h>

#include "assess/ruleset.h"

static const struct {
	const char *end;
	enum field_type type;
} parts[] = {{"", FIELD_INTEGER}, {"_since", FIELD_DATE}, {"_before", FIELD_INTEGER},
	{"_before_since", FIELD_DATE}, {"_before_until", FIELD_DATE}};

struct standing_columns standing_columns_named(const struct board *b, const char *name)
{
	int columns[countof(parts)];
	for (size_t i = 0; i < countof(parts); i++) {
		char text[200];
		snprintf(text, sizeof(text), "%s%s", name, parts[i].end);
		columns[i] = board_column_named(board_projects(b), text);
	}
	return (struct standing_columns){columns[0], columns[1], columns[2], columns[3], columns[4]};
}

struct standing_cells standing_cells_of(struct board *b, const struct standing_columns *c)
{
	int table = board_table_named(b, "project");
	return (struct standing_cells){board_cells32(b, table, c->severity),
		board_cells32(b, table, c->since), board_cells32(b, table, c->before),
		board_cells32(b, table, c->before_since), board_cells32(b, table, c->before_until)};
}

struct standing standing_get(const struct standing_cells *c, int32_t row)
{
	return (struct standing){c->severity[row], c->since[row], c->before[row], c->before_since[row],
		c->before_until[row]};
}

void standing_put(const struct standing_cells *c, int32_t row, struct standing s)
{
	c->severity[row] = s.severity;
	c->since[row] = s.since;
	c->before[row] = s.before;
	c->before_since[row] = s.before_since;
	c->before_until[row] = s.before_until;
}

struct standing standing_read(const struct board *b, const struct standing_columns *c, int32_t row)
{
	const struct board_table *t = board_projects(b);
	const int columns[] = {c->severity, c->since, c->before, c->before_since, c->before_until};
	int32_t v[countof(columns)];
	for (size_t i = 0; i < countof(columns); i++)
		v[i] = ((const int32_t *)board_column(t, columns[i])->cells)[row];
	return (struct standing){v[0], v[1], v[2], v[3], v[4]};
}

void standing_write(
	struct board *b, const struct standing_columns *c, int32_t row, struct standing s)
{
	struct standing_cells cells = standing_cells_of(b, c);
	standing_put(&cells, row, s);
}

struct standing standing_turned(struct standing s, int32_t severity, int32_t today, int32_t back)
{
	bool known = s.before_until != NOTHING32,
		 returns = known && s.before_until >= back && s.before == severity;
	struct standing out = s;
	out.severity = severity;
	out.since = returns ? s.before_since : severity == SEVERITY_OUTSIDE ? NOTHING32 : today;
	if (s.before_until != today) {
		out.before = s.severity;
		out.before_since = s.since;
		out.before_until = today;
	} else if (returns)
		out.before_until = NOTHING32;
	return out;
}

struct standing_columns standing_attach(
	struct arena *a, struct board *b, const char *name, struct label label)
{
	for (size_t i = 0; i < countof(parts); i++) {
		struct field field = {.name = arena_printf(a, "%s%s", name, parts[i].end),
			.type = parts[i].type,
			.label = label};
		board_add_column(b, board_table_named(b, "project"), &field, COLUMN_INT32);
	}
	return standing_columns_named(b, name);
}

bool standing_has(const struct standing_columns *c, int column)
{
	return column == c->severity || column == c->since || column == c->before ||
		column == c->before_since || column == c->before_until;
}
