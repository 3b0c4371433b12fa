/*
 * P6 keeps a calendar as nested parentheses: (0||NAME(key|value|...)(children)). Days of the week are named 1 (Sunday) to
 * 7; exceptions carry d|N, days since 1899-12-30; periods carry s|HH:MM|f|HH:MM in either order. A period that ends at or
 * before its start runs past midnight.
 */
#include "intake/xer.h"

#define DEPTH_MAX 16
#define EXCEL_DAY_OF_1970 25569

struct reader {
	struct arena *a;
	const char *at, *end;
	struct plan_calendar *out;
	int32_t exceptions_room;
};

struct shifts {
	struct shift list[32];
	int32_t n;
};

static void skip_blank(struct reader *r)
{
	while (r->at < r->end && ((unsigned char)*r->at <= ' ' || *r->at == 0x7f))
		r->at++;
}

static bool take(struct reader *r, char c)
{
	skip_blank(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool clock_minutes(struct slice s, int32_t *out)
{
	int32_t hour = 0, minute = 0;
	size_t i = 0, digits = 0;

	for (; i < s.n && s.s[i] >= '0' && s.s[i] <= '9' && digits < 3; i++, digits++)
		hour = hour * 10 + s.s[i] - '0';
	if (digits == 0 || i == s.n || s.s[i++] != ':')
		return false;
	for (digits = 0; i < s.n && s.s[i] >= '0' && s.s[i] <= '9' && digits < 3; i++, digits++)
		minute = minute * 10 + s.s[i] - '0';
	*out = hour * 60 + minute;
	return digits == 2 && minute < 60 && hour <= 24 && *out <= MINUTES_PER_DAY;
}

/* The head "(0||name(attributes)(" of a node; the reader then stands at its children. */
static bool node_head(struct reader *r, struct slice *name, struct slice *attributes)
{
	const char *start;

	if (!take(r, '('))
		return false;
	while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
		r->at++;
	if (!take(r, '|') || !take(r, '|'))
		return false;
	start = r->at;
	while (r->at < r->end && *r->at != '(')
		r->at++;
	*name = (struct slice){start, (size_t)(r->at - start)};
	if (!take(r, '('))
		return false;
	start = r->at;
	while (r->at < r->end && *r->at != ')' && *r->at != '(')
		r->at++;
	*attributes = (struct slice){start, (size_t)(r->at - start)};
	/* Attributes may hold parentheses in names of views: "VIEW(ShowTotal|N)" has none inside, so refuse others. */
	return take(r, ')') && take(r, '(');
}

static bool node_end(struct reader *r)
{
	return take(r, ')') && take(r, ')');
}

static bool attribute(struct slice attributes, char key, struct slice *value)
{
	size_t at = 0;

	while (at < attributes.n) {
		size_t bar = at, stop;
		while (bar < attributes.n && attributes.s[bar] != '|')
			bar++;
		stop = bar + 1;
		while (stop < attributes.n && attributes.s[stop] != '|')
			stop++;
		if (bar >= attributes.n)
			return false;
		if (bar - at == 1 && attributes.s[at] == key) {
			*value = (struct slice){attributes.s + bar + 1, stop - bar - 1};
			return true;
		}
		at = stop + 1;
	}
	return false;
}

static bool skip_children(struct reader *r, int depth)
{
	struct slice name, attributes;

	for (skip_blank(r); r->at < r->end && *r->at == '('; skip_blank(r))
		if (depth == DEPTH_MAX || !node_head(r, &name, &attributes) ||
			!skip_children(r, depth + 1) || !node_end(r))
			return false;
	return true;
}

static bool add_shift(struct shifts *s, int32_t from, int32_t to)
{
	int32_t i = s->n;

	if (to <= from)
		to += MINUTES_PER_DAY;
	if (s->n == (int32_t)countof(s->list))
		return false;
	for (; i > 0 && s->list[i - 1].from > from; i--)
		s->list[i] = s->list[i - 1];
	s->list[i] = (struct shift){(int16_t)from, (int16_t)to};
	s->n++;
	return true;
}

static bool read_shifts(struct reader *r, struct day_shifts *day)
{
	struct shifts found = {.n = 0};
	struct slice name, attributes, start, finish;
	struct shift *list;

	for (skip_blank(r); r->at < r->end && *r->at == '('; skip_blank(r)) {
		int32_t from, to;
		if (!node_head(r, &name, &attributes))
			return false;
		if (attribute(attributes, 's', &start) && attribute(attributes, 'f', &finish)) {
			if (!clock_minutes(start, &from) || !clock_minutes(finish, &to) ||
				!add_shift(&found, from, to))
				return false;
		}
		if (!skip_children(r, 0) || !node_end(r))
			return false;
	}
	list = ARENA_ARRAY(r->a, struct shift, (size_t)(found.n ? found.n : 1));
	memcpy(list, found.list, (size_t)found.n * sizeof(*list));
	*day = (struct day_shifts){found.n, list};
	return true;
}

static bool read_week(struct reader *r)
{
	struct slice name, attributes;

	r->out->stated = 0x7f; /* a day that is not named is free */
	for (skip_blank(r); r->at < r->end && *r->at == '('; skip_blank(r)) {
		struct day_shifts day;
		if (!node_head(r, &name, &attributes) || !read_shifts(r, &day) || !node_end(r))
			return false;
		if (name.n != 1 || name.s[0] < '1' || name.s[0] > '7')
			return false;
		r->out->week[(name.s[0] - '1' + 6) % 7] = day; /* 1 is Sunday, our 0 is Monday */
	}
	return true;
}

static bool read_exceptions(struct reader *r)
{
	struct slice name, attributes, serial;

	for (skip_blank(r); r->at < r->end && *r->at == '('; skip_blank(r)) {
		struct day_shifts day;
		int32_t number = 0;
		if (!node_head(r, &name, &attributes) || !read_shifts(r, &day) || !node_end(r))
			return false;
		if (!attribute(attributes, 'd', &serial) || serial.n == 0 || serial.n > 6)
			return false;
		for (size_t i = 0; i < serial.n; i++) {
			if (serial.s[i] < '0' || serial.s[i] > '9')
				return false;
			number = number * 10 + serial.s[i] - '0';
		}
		number -= EXCEL_DAY_OF_1970;
		if (number < PLAN_FIRST_DAY || number > PLAN_LAST_DAY)
			continue; /* outside every plan's years: it can change nothing */
		struct plan_calendar *c = r->out;
		if (c->nexceptions == r->exceptions_room) {
			int32_t room = r->exceptions_room ? r->exceptions_room * 2 : 16;
			c->exceptions = arena_grow(r->a, c->exceptions, (size_t)r->exceptions_room,
				(size_t)room, sizeof(*c->exceptions));
			r->exceptions_room = room;
		}
		c->exceptions[c->nexceptions++] =
			(struct calendar_exception){{number}, {number}, day, NULL};
	}
	return true;
}

bool xer_calendar_parse(struct arena *a, struct slice text, struct plan_calendar *out)
{
	struct reader r = {.a = a, .at = text.s, .end = text.n ? text.s + text.n : text.s, .out = out};
	struct slice name, attributes;

	if (text.n == 0 || !node_head(&r, &name, &attributes))
		return false;
	for (skip_blank(&r); r.at < r.end && *r.at == '('; skip_blank(&r)) {
		if (!node_head(&r, &name, &attributes))
			return false;
		bool fine = slice_is(name, "DaysOfWeek") ? read_week(&r)
			: slice_is(name, "Exceptions")       ? read_exceptions(&r)
												 : skip_children(&r, 0);
		if (!fine || !node_end(&r))
			return false;
	}
	return node_end(&r);
}
