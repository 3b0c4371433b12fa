/*
 * err_set renders each conversion of the format on its own, so that the Chinese text can put the arguments where its
 * grammar wants them. Only plain conversions are known; another one is a bug and asserted.
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/say.h"

#define MOST_ARGS 4

static const struct {
	const char *name;
	int http, exit;
} codes[] = {
	[ERR_NONE] = {"none", 200, 0},
	[ERR_INPUT] = {"input", 422, 2},
	[ERR_LOGIN] = {"login", 401, 3},
	[ERR_DENIED] = {"denied", 403, 3},
	[ERR_MISSING] = {"missing", 404, 4},
	[ERR_CONFLICT] = {"conflict", 409, 5},
	[ERR_LIMIT] = {"limit", 413, 6},
	[ERR_BUSY] = {"busy", 503, 7},
	[ERR_SYSTEM] = {"system", 500, 8},
};

int err_http(enum err_code code)
{
	return codes[code].http;
}
int err_exit(enum err_code code)
{
	return codes[code].exit;
}
const char *err_name(enum err_code code)
{
	return codes[code].name;
}

/* The conversion that starts at fmt ("%lld"): its length, copied into spec. */
static size_t conversion(const char *fmt, char spec[16])
{
	size_t n = 1 + strspn(fmt + 1, "-+ #0123456789.*");
	n += strspn(fmt + n, "hlzjt");
	assert(fmt[n] && strchr("sdiuxXcfgp", fmt[n]) && n + 1 < 16 && !memchr(fmt, '*', n));
	n++;
	memcpy(spec, fmt, n);
	spec[n] = '\0';
	return n;
}

static int render(char *out, size_t room, const char *spec, va_list *args)
{
	size_t n = strlen(spec);
	char last = spec[n - 1];
	bool size = strchr(spec, 'z') || strchr(spec, 'j') || strchr(spec, 't');
	bool longlong = strstr(spec, "ll") || size, one_long = strchr(spec, 'l');
	switch (last) {
	case 's': {
		const char *text = va_arg(*args, const char *);
		return snprintf(out, room, spec, text ? text : "");
	}
	case 'f':
	case 'g': return snprintf(out, room, spec, va_arg(*args, double));
	case 'p': return snprintf(out, room, spec, va_arg(*args, void *));
	default:
		if (longlong)
			return snprintf(out, room, spec, va_arg(*args, long long));
		if (one_long)
			return snprintf(out, room, spec, va_arg(*args, long));
		return snprintf(out, room, spec, va_arg(*args, int));
	}
}

/* A value cut in the middle of a character must not become bad UTF-8 in an answer. */
static void end_at_character(char *text)
{
	size_t n = strlen(text), i = n;
	while (i > 0 && ((unsigned char)text[i - 1] & 0xC0) == 0x80)
		i--;
	if (i == 0)
		return;
	unsigned char lead = (unsigned char)text[i - 1];
	size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
	if (n - (i - 1) < want)
		text[i - 1] = '\0';
}

/* The conversions of fmt, at most `most`, rendered one after the other into out[room]; how many there are. */
static int render_all(char *out, size_t room, int most, const char *fmt, va_list *args)
{
	size_t used = 0;
	int n = 0;
	for (const char *p = fmt; (p = strchr(p, '%'));) {
		if (p[1] == '%') {
			p += 2;
			continue;
		}
		char spec[16];
		p += conversion(p, spec);
		assert(n < most);
		/* each argument may use its share of what is left, so that a long first one does not drown the others */
		render(out + used, (room - used) / (size_t)(most - n), spec, args);
		end_at_character(out + used);
		used += strlen(out + used) + 1;
		n++;
	}
	return n;
}

bool err_set(struct err *err, enum err_code code, const char *where, const char *fmt, ...)
{
	assert(code != ERR_NONE);
	err->code = code;
	err->nplaces = 0;
	if (where && *where)
		err_in(err, "%s", where);
	err->fmt = fmt;
	va_list args;
	va_start(args, fmt);
	err->nargs = render_all(err->args, sizeof(err->args), MOST_ARGS, fmt, &args);
	va_end(args);
	return false;
}

bool err_in(struct err *err, const char *place, ...)
{
	if (err->nplaces == ERR_PLACES)
		return false;
	struct err_place *p = &err->places[err->nplaces++];
	bool name = strcmp(place, "%s") == 0; /* of a file, say: it has all the room */
	va_list args;
	va_start(args, place);
	p->fmt = place;
	p->nargs = render_all(p->args, sizeof(p->args), name ? 1 : MOST_ARGS, place, &args);
	va_end(args);
	return false;
}

#define BETWEEN '\x1f' /* the words of one argument */

const char *err_both(char out[ERR_BOTH_ROOM], struct label label)
{
	const char *zh = label.zh ? label.zh : "", *en = label.en ? label.en : zh;
	snprintf(out, ERR_BOTH_ROOM, "%.78s%c%.78s", zh, BETWEEN, en);
	return out;
}

struct slice both_in(const char *text, enum lang lang)
{
	const char *between = strchr(text, BETWEEN);
	if (!between)
		return slice_of(text);
	return lang == LANG_EN ? slice_of(between + 1) : (struct slice){text, (size_t)(between - text)};
}

/* `fmt` with the arguments that lie packed one after the other, in the reader's language. */
static void say_packed(
	const char *fmt, int nargs, const char *packed, enum lang lang, struct str *out)
{
	const char *args[MOST_ARGS] = {0};
	char words[MOST_ARGS][LIMIT_ERR_TEXT];
	for (int i = 0; i < nargs; i++) {
		struct slice word = both_in(packed, lang);
		memcpy(words[i], word.s, word.n);
		words[i][word.n] = '\0';
		end_at_character(words[i]);
		args[i] = words[i];
		packed += strlen(packed) + 1;
	}
	say_args(out, say(lang, fmt), nargs, args);
}

void err_message(const struct err *err, enum lang lang, struct str *out)
{
	say_packed(err->fmt ? err->fmt : "", err->nargs, err->args, lang, out);
}

void err_where(const struct err *err, enum lang lang, struct str *out)
{
	for (int i = err->nplaces - 1; i >= 0; i--) {
		say_packed(err->places[i].fmt, err->places[i].nargs, err->places[i].args, lang, out);
		if (i)
			str_puts(out, lang == LANG_ZH ? "，" : ", ");
	}
}

void err_say(const struct err *err, enum lang lang, struct str *out)
{
	err_where(err, lang, out);
	if (err->nplaces)
		str_puts(out, lang == LANG_ZH ? "：" : ": ");
	err_message(err, lang, out);
}
