/* Where an error says it is, in each language. */
#ifndef TEST_UNIT_ERR_CHECK_H
#define TEST_UNIT_ERR_CHECK_H

#include "base/err.h"
#include "cmocka_all.h"

/* zh NULL: the same, a name of the machine's. */
static inline void assert_place(const struct err *err, const char *en, const char *zh)
{
	struct str s = STR_INIT;
	err_where(err, LANG_EN, &s);
	assert_string_equal(str_text(&s), en);
	str_clear(&s);
	err_where(err, LANG_ZH, &s);
	assert_string_equal(str_text(&s), zh ? zh : en);
	str_free(&s);
}

#endif
