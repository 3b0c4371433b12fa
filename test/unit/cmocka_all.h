/* cmocka.h wants these before it, in every test. */
#ifndef TEST_UNIT_CMOCKA_ALL_H
#define TEST_UNIT_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#endif
