#include "base/log.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/os.h"
#include "base/str.h"

void log_line(enum log_level level, const char *fmt, ...)
{
	struct str line = {.limit = 8192};
	if (!os_is_terminal(STDERR_FILENO))
		str_printf(&line, "<%d>", level);
	instant_format(&line, os_now(), OFFSET_CHINA);
	str_putc(&line, ' ');
	va_list args;
	va_start(args, fmt);
	size_t start = line.n;
	str_vprintf(&line, fmt, args);
	va_end(args);
	for (size_t i = start; i < line.n; i++) /* one failure, one line */
		if (line.s[i] == '\n' || line.s[i] == '\r')
			line.s[i] = ' ';
	line.limit = 0;
	str_putc(&line, '\n');
	ssize_t ignored =
		write(STDERR_FILENO, line.s, line.n); /* one write: lines of threads do not mix */
	(void)ignored;
	str_free(&line);
}

void log_err(const char *doing, const struct err *err)
{
	struct str text = STR_INIT;
	err_say(err, LANG_EN, &text);
	log_line(LOG_LEVEL_ERROR, "%s: %s", doing, str_text(&text));
	str_free(&text);
}
