/* One pass: find a boundary line, read the part's headers, run to the next boundary. A preamble before the first
 * boundary is skipped, whatever follows the last one is ignored, as RFC 2046 section 5.1.1 says. */
#include "web/multipart.h"

#include <strings.h>

#include "base/utf8.h"
#include "web/http.h"

/* The file's own name without the folders that old browsers send along. */
static struct slice last_part(struct slice name)
{
	for (size_t i = name.n; i > 0; i--)
		if (name.s[i - 1] == '/' || name.s[i - 1] == '\\')
			return (struct slice){name.s + i, name.n - i};
	return name;
}

static const char *find(struct slice text, struct slice what)
{
	return text.n ? memmem(text.s, text.n, what.s, what.n) : NULL;
}

static struct slice from(struct slice text, size_t i)
{
	return (struct slice){text.s + i, text.n - i};
}

static bool read_name(struct arena *a, struct slice disposition, const char *parameter,
	struct slice *out, struct err *err)
{
	struct slice text = http_parameter(a, disposition, parameter);

	if (!text.s)
		return true;
	if (!utf8_valid(text) || (text.n && memchr(text.s, 0, text.n)))
		return err_set(err, ERR_INPUT, "multipart", "the %s of a part is not UTF-8", parameter);
	*out = text;
	return true;
}

static bool read_header(struct arena *a, struct slice line, struct part *part, struct err *err)
{
	const char *colon = line.n ? memchr(line.s, ':', line.n) : NULL;

	if (!colon)
		return err_set(err, ERR_INPUT, "multipart", "a header of a part has no colon");
	struct slice name = {line.s, (size_t)(colon - line.s)};
	struct slice value = utf8_trim(from(line, name.n + 1));
	if (name.n == 12 && strncasecmp(name.s, "content-type", 12) == 0)
		part->type = value;
	if (name.n != 19 || strncasecmp(name.s, "content-disposition", 19) != 0)
		return true;
	if (!http_is_type(value, "form-data"))
		return err_set(err, ERR_INPUT, "multipart", "a part is not form-data");
	if (!read_name(a, value, "name", &part->name, err) ||
		!read_name(a, value, "filename", &part->filename, err))
		return false;
	if (part->filename.s)
		part->filename = last_part(part->filename);
	return true;
}

/* Reads header lines up to the empty one; *rest then begins with the content. */
static bool read_headers(struct arena *a, struct slice *rest, struct part *part, struct err *err)
{
	size_t used = 0;

	for (;;) {
		const char *end = find(*rest, SLICE("\r\n"));
		if (!end)
			return err_set(err, ERR_INPUT, "multipart", "the body ends inside a part");
		struct slice line = {rest->s, (size_t)(end - rest->s)};
		*rest = from(*rest, line.n + 2);
		if (line.n == 0)
			return true;
		used += line.n;
		if (used > LIMIT_MULTIPART_HEADER_BYTES)
			return err_set(err, ERR_LIMIT, "multipart",
				"the headers of a part are longer than %d bytes", LIMIT_MULTIPART_HEADER_BYTES);
		if (!read_header(a, line, part, err))
			return false;
	}
}

static bool read_parts(struct arena *a, struct slice rest, struct slice mark, struct part *parts,
	int *n, struct err *err)
{
	struct slice first =
		from(mark, 2); /* the first boundary may stand at the very beginning, without a line end */

	if (rest.n >= first.n && memcmp(rest.s, first.s, first.n) == 0) {
		rest = from(rest, first.n);
	} else {
		const char *start = find(rest, mark);
		if (!start)
			return err_set(err, ERR_INPUT, "multipart", "the boundary does not occur in the body");
		rest = from(rest, (size_t)(start - rest.s) + mark.n);
	}
	for (*n = 0;;) {
		if (rest.n >= 2 && memcmp(rest.s, "--", 2) == 0)
			return true;
		if (rest.n < 2 || memcmp(rest.s, "\r\n", 2) != 0)
			return err_set(err, ERR_INPUT, "multipart", "a boundary is not followed by a line end");
		if (*n == LIMIT_MULTIPART_PARTS)
			return err_set(
				err, ERR_LIMIT, "multipart", "more than %d parts", LIMIT_MULTIPART_PARTS);
		struct part *part = &parts[*n];
		rest = from(rest, 2);
		if (!read_headers(a, &rest, part, err))
			return false;
		/* an empty content has its boundary right here: look one line end back */
		struct slice scan = {rest.s - 2, rest.n + 2};
		const char *end = find(scan, mark);
		if (!end)
			return err_set(err, ERR_INPUT, "multipart", "the body ends inside a part");
		part->bytes = (struct slice){rest.s, end < rest.s ? 0 : (size_t)(end - rest.s)};
		rest = from(scan, (size_t)(end - scan.s) + mark.n);
		if (!part->name.s)
			return err_set(err, ERR_INPUT, "multipart", "a part has no name");
		(*n)++;
	}
}

bool multipart_parse(struct arena *a, struct slice content_type, struct slice body,
	struct part **out, int *n, struct err *err)
{
	if (!http_is_type(content_type, "multipart/form-data"))
		return err_set(err, ERR_INPUT, "Content-Type", "this must be multipart/form-data");
	struct slice boundary = http_parameter(a, content_type, "boundary");
	if (boundary.n == 0 || boundary.n > 70)
		return err_set(err, ERR_INPUT, "Content-Type", "the boundary must have 1 to 70 characters");
	char *mark = arena_printf(a, "\r\n--%.*s", (int)boundary.n, boundary.s);
	struct part *parts = ARENA_ARRAY(a, struct part, LIMIT_MULTIPART_PARTS);
	int found = 0;
	if (!read_parts(a, body, slice_of(mark), parts, &found, err))
		return false;
	*out = parts;
	*n = found;
	return true;
}
