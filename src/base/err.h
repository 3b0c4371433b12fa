/*
 * Why something failed, as a value that travels up unchanged.
 *
 * A function that can fail returns bool (true = done), takes `struct err *err` last and fills it only on failure:
 *
 *	return err_set(err, ERR_INPUT, "sheet 1, row 7, column C", "date \"%s\" is not a date", text);
 *
 * Messages are English format strings: one line, lower case, no full stop. The same string is the key of the
 * Chinese text in lang/ (see say.h), so a message is written once and said in the reader's language. Use only
 * plain conversions (%s %d %lld %zu ... %c %%); at most four.
 *
 * So is the place. What `where` names is the machine's own and stays as it is: a file, a field, a JSON path, an option.
 * A place in words is put around it on the way up:
 *
 *	return err_in(err, "table %s, line %d, column %s", table, line, column);
 *
 * A template with a space in it is words and has its Chinese in lang/; one without, like "%s[%d].%s", has none.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"
#include "base/limits.h"
#include "base/str.h"

enum err_code {   /* HTTP  exit */
	ERR_NONE,     /*  200   0   */
	ERR_INPUT,    /*  422   2   what was given cannot be used */
	ERR_LOGIN,    /*  401   3   nobody is signed in, or the token is wrong */
	ERR_DENIED,   /*  403   3   this person may not do that */
	ERR_MISSING,  /*  404   4   there is no such thing */
	ERR_CONFLICT, /*  409   5   somebody changed it meanwhile, or it exists already */
	ERR_LIMIT,    /*  413   6   larger than a named limit */
	ERR_BUSY,     /*  503   7   may work later: lock, full queue, full disk */
	ERR_SYSTEM,   /*  500   8   the machine or the data file failed */
};

#define ERR_PLACES 4 /* one more is left out: the innermost say most */

struct err {
	enum err_code code;
	const char *fmt; /* the English message, a literal: key for the translation */
	int nargs;
	char args
		[LIMIT_ERR_TEXT]; /* the rendered conversions, one after the other, each NUL-terminated */
	int nplaces;
	struct err_place {
		const char *fmt; /* these likewise */
		int nargs;
		char args[LIMIT_ERR_PLACE];
	} places[ERR_PLACES]; /* the innermost first */
};

/* Fills *err and returns false, so that failing is one statement. where may be NULL. */
PRINTF_LIKE(4, 5)
bool err_set(struct err *err, enum err_code code, const char *where, const char *fmt, ...);
/* Puts a place around those already named: "a.csv" around "line 7" -> "a.csv, line 7". Returns false. */
PRINTF_LIKE(2, 3) bool err_in(struct err *err, const char *place, ...);
/* An argument that has a word in each language, as one string for %s: the reader gets his. */
#define ERR_BOTH_ROOM 160
const char *err_both(char out[ERR_BOTH_ROOM], struct label label);
/* The half of such a string in that language; all of a string without halves. */
struct slice both_in(const char *text, enum lang lang);
/* "place: message" in the reader's language. */
void err_say(const struct err *err, enum lang lang, struct str *out);
/* The message alone, and the place alone: the outermost first; nothing when there is none. */
void err_message(const struct err *err, enum lang lang, struct str *out);
void err_where(const struct err *err, enum lang lang, struct str *out);
int err_http(enum err_code code);
int err_exit(enum err_code code);
const char *err_name(
	enum err_code code); /* "input", "denied", ...: the `type` of a problem document */

#endif
