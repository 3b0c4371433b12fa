/* One line a failure to stderr: "<N>2026-03-31T08:00:00+08:00 word text" (N: syslog level, dropped on a terminal).
 * Only web, cli and background jobs in app log. Thread-safe. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base.h"
#include "base/err.h"

enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_INFO = 6,
};
PRINTF_LIKE(2, 3) void log_line(enum log_level level, const char *fmt, ...);
void log_err(const char *doing, const struct err *err); /* level error, in English */

#endif
