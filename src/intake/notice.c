/* Character by character: numbers wait for 年, 月 or 日, days for the word that says what they are. */
#include "intake/notice.h"

#include <stdlib.h>

#include "base/utf8.h"

#define WAITING 8

struct reader {
	struct arena *a;
	struct notice *out;
	/* of one line */
	struct slice name;
	int number, year, month;
	bool to, bad; /* the next day ends a span; something in the line is not understood */
	int nwaiting, taken;
	struct span_of_days {
		struct date from, until;
	} waiting[WAITING]; /* days whose word is still to come */
};

/* ---- Words --------------------------------------------------------------------------------------------------- */

static bool starts(struct slice text, const char *word)
{
	size_t n = strlen(word);
	return text.n >= n && memcmp(text.s, word, n) == 0;
}

static size_t one_of(struct slice text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (starts(text, words[i]))
			return strlen(words[i]);
	return 0;
}

/* The year of which a text speaks first: four digits before 年. */
static int first_year(struct slice text)
{
	int number = 0, digits = 0;
	for (size_t i = 0; i < text.n; i++) {
		struct slice rest = {text.s + i, text.n - i};
		if (text.s[i] >= '0' && text.s[i] <= '9') {
			number = digits < 4 ? number * 10 + text.s[i] - '0' : 0;
			digits++;
		} else if (digits == 4 && starts(rest, "年")) {
			return number;
		} else if (text.s[i] != ' ') {
			number = digits = 0;
		}
	}
	return 0;
}

/* ---- Days ---------------------------------------------------------------------------------------------------- */

static void take_day(struct reader *r, int day)
{
	if (r->month < 1 || !date_valid_ymd(r->year, r->month, day) ||
		abs(r->year - r->out->year) > 1) { /* of another notice */
		r->bad = true;
		return;
	}
	struct date d = date_from_ymd(r->year, r->month, day);
	struct span_of_days *last = r->nwaiting ? &r->waiting[r->nwaiting - 1] : NULL;
	if (r->to && last) {
		if (d.day < last->from.day) /* 12月31日至1月2日 */
			d = date_add_months(d, 12);
		last->until = d;
		r->bad |= d.day < last->from.day || d.day - last->from.day > 31;
	} else if (r->nwaiting == WAITING) {
		r->bad = true;
	} else {
		r->waiting[r->nwaiting++] = (struct span_of_days){d, d};
	}
	r->to = false;
}

static void take_word(struct reader *r, bool work)
{
	struct notice *out = r->out;
	for (int i = 0; i < r->nwaiting; i++) {
		if (out->n == NOTICE_DAYS) {
			r->bad = true;
			return;
		}
		out->days[out->n++] =
			(struct notice_days){r->name, r->waiting[i].from, r->waiting[i].until, work};
		r->taken++;
	}
	r->nwaiting = 0;
}

/* ---- Lines --------------------------------------------------------------------------------------------------- */

/* One thing at the start of `text`; returns its bytes. */
static size_t take_next(struct reader *r, struct slice text)
{
	static const char *const off[] = {"放假", "补休", "调休", "休息"},
							 *const work[] = {"上班", "工作"},
							 *const to[] = {"至", "到", "—", "–", "-", "－", "~", "～"};
	static const char *const opens[] = {"（", "("};
	size_t n;
	if (*text.s >= '0' && *text.s <= '9') {
		r->number = r->number < 0 ? *text.s - '0' : r->number * 10 + *text.s - '0';
		r->number = r->number > 9999 ? 9999 : r->number;
		return 1;
	}
	if (*text.s == ' ')
		return 1;
	int number = r->number;
	r->number = -1;
	if (number >= 0 && starts(text, "年"))
		r->year = number;
	else if (number >= 0 && starts(text, "月"))
		r->month = number;
	else if (number >= 0 && starts(text, "日"))
		take_day(r, number);
	else if ((n = one_of(text, opens, countof(opens)))) { /* a weekday, the day by the moon */
		for (; n < text.n; n++) {
			struct slice rest = {text.s + n, text.n - n};
			if (starts(rest, "）") || starts(rest, ")"))
				return n + (*rest.s == ')' ? 1 : strlen("）"));
		}
		return n;
	} else if (starts(text, "调至")) /* days exchanged: an older form */
		r->bad = true;
	else if ((n = one_of(text, off, countof(off))) || (n = one_of(text, work, countof(work)))) {
		take_word(r, one_of(text, work, countof(work)) != 0);
		return n;
	} else if ((n = one_of(text, to, countof(to)))) {
		r->to = true;
		return n;
	}
	n = 0;
	utf8_next(text, &n);
	return n;
}

/* "一、元旦：…": the name, and what is said of it. False: no such line. */
static bool split(struct slice line, struct slice *name, struct slice *said)
{
	static const char *const colons[] = {"：", ":"};
	size_t n = 0, from = 0;
	for (size_t i = 0; i < line.n; i++) {
		struct slice rest = {line.s + i, line.n - i};
		if (starts(rest, "、") && from == 0 && i < 12) /* 一、 十一、 */
			from = i + strlen("、");
		if ((n = one_of(rest, colons, countof(colons)))) {
			*name = utf8_trim((struct slice){line.s + from, i - from});
			*said = (struct slice){rest.s + n, rest.n - n};
			return name->n > 0;
		}
	}
	return false;
}

static void read_line(struct reader *r, struct slice line)
{
	struct slice said;
	int before = r->out->n;
	if (!split(line, &r->name, &said))
		return;
	r->name = utf8_cut(r->name, 60);
	r->number = -1;
	r->year = r->out->year;
	r->month = r->nwaiting = r->taken = 0;
	r->to = r->bad = false;
	for (size_t i = 0; i < said.n;)
		i += take_next(r, (struct slice){said.s + i, said.n - i});
	if (!r->bad && r->nwaiting == 0)
		return;
	r->out->n = before; /* half a line is none */
	r->out->unread[r->out->nunread++] = line;
}

bool notice_read(struct arena *a, struct slice text, int year, struct notice *out, struct err *err)
{
	struct reader r = {.a = a, .out = out};
	size_t lines = 1;

	if (text.n > NOTICE_BYTES)
		return err_set(err, ERR_LIMIT, "text", "a notice has at most %d bytes", NOTICE_BYTES);
	if (!year)
		year = first_year(text);
	if (year < 1950 || year > 2200)
		return err_set(err, ERR_INPUT, "year", "the text does not say of which year it speaks");
	text = arena_slice(a, text);
	for (size_t i = 0; i < text.n; i++)
		lines += text.s[i] == '\n';
	*out = (struct notice){.year = year,
		.days = ARENA_ARRAY(a, struct notice_days, NOTICE_DAYS),
		.unread = ARENA_ARRAY(a, struct slice, lines)};
	for (size_t at = 0; at < text.n;) {
		const char *end = memchr(text.s + at, '\n', text.n - at);
		size_t n = end ? (size_t)(end - text.s) - at : text.n - at;
		read_line(&r, utf8_trim((struct slice){text.s + at, n}));
		at += n + 1;
	}
	return out->n || out->nunread ||
		err_set(err, ERR_INPUT, "text",
			"no line of this names a holiday and its days, such as 元旦：1月1日放假");
}
