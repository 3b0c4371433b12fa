/*
 * The Chinese of every message. English format strings are the keys; the texts are the files lang/(any name).zh, one
 * "english<TAB>中文" a line, joined at build time. In the Chinese text %s stands for the next argument and
 * %1$s..%4$s for a given one. tools/lint.py finds messages without a translation.
 */
#ifndef BASE_SAY_H
#define BASE_SAY_H

#include "base/base.h"
#include "base/str.h"

/* The text for an English key in that language; the key itself when there is none. Borrowed, static. */
const char *say(enum lang lang, const char *english);
/* Renders `text` (from say()) with string arguments. */
void say_args(struct str *out, const char *text, int nargs, const char *const args[]);

#endif
