/* The embedded code tables, searched where they lie: CSV sorted by code, so a lookup is a binary search over the
 * starts of lines. */
#include "base/embed.h"
#include "base/num.h"
#include "model/code.h"

static struct slice table(const char *path)
{
	const struct embedded *file = embed_find(path);
	return file ? embed_text(file) : (struct slice){NULL, 0};
}

static size_t line_start(struct slice text, size_t at)
{
	while (at > 0 && text.s[at - 1] != '\n')
		at--;
	return at;
}

static size_t next_line(struct slice text, size_t at)
{
	const char *end = memchr(text.s + at, '\n', text.n - at);
	return end ? (size_t)(end - text.s) + 1 : text.n;
}

/* Field i of the line that starts at `at`. No field holds a comma. */
static struct slice cell(struct slice text, size_t at, int i)
{
	size_t end = next_line(text, at);
	if (end > at && text.s[end - 1] == '\n')
		end--;
	size_t from = at;
	for (size_t p = at; p <= end; p++)
		if (p == end || text.s[p] == ',') {
			if (i-- == 0)
				return (struct slice){text.s + from, p - from};
			from = p + 1;
		}
	return (struct slice){text.s + end, 0};
}

static int compare(struct slice a, struct slice b)
{
	int order = memcmp(a.s, b.s, a.n < b.n ? a.n : b.n);
	return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* The first line whose code is not less. The first line of the file is its heading. */
static size_t find(struct slice text, struct slice code)
{
	size_t low = next_line(text, 0), high = text.n;
	while (low < high) {
		size_t line = line_start(text, low + (high - low) / 2);
		if (compare(cell(text, line, 0), code) < 0)
			low = next_line(text, line);
		else
			high = line;
	}
	return low;
}

static int integer(struct slice text)
{
	int64_t value = 0;
	return num_int(text, &value) ? (int)value : 0;
}

static struct area_fact area_at(struct slice text, size_t line)
{
	return (struct area_fact){cell(text, line, 0), cell(text, line, 1),
		integer(cell(text, line, 2)), integer(cell(text, line, 3))};
}

int fact_area(struct slice code, struct area_fact *out, int most)
{
	struct slice text = table("facts/gb2260.csv");
	int n = 0;
	for (size_t line = find(text, code); line < text.n && slice_equal(cell(text, line, 0), code);
		 line = next_line(text, line), n++)
		if (n < most)
			out[n] = area_at(text, line);
	return n;
}

bool fact_area_next(size_t *at, struct area_fact *out)
{
	struct slice text = table("facts/gb2260.csv");
	if (*at == 0)
		*at = next_line(text, 0);
	if (*at >= text.n)
		return false;
	*out = area_at(text, *at);
	*at = next_line(text, *at);
	return true;
}

bool fact_industry(struct slice code, struct industry_fact *out)
{
	struct slice text = table("facts/gbt4754.csv");
	size_t line = find(text, code);
	if (line >= text.n || !slice_equal(cell(text, line, 0), code))
		return false;
	*out = (struct industry_fact){cell(text, line, 0), cell(text, line, 2), cell(text, line, 3),
		integer(cell(text, line, 1))};
	return true;
}
