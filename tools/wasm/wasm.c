/*
 * The door of the WebAssembly build and the little of libc that src/sched and what it stands on need. From a page:
 *	p = room(words); copy the flat plan to p; r = run(); r points to the number of words, then the flat schedule; 0: refused.
 *	p = task_room(words); copy a task's words to p; r = change(task); r points to the number of words, then of each task whose
 *	answer is another now its number and its words; 0: write the plan anew and run().
 * All memory of a run is given back when the next one asks for room, that of a change by the next change.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sched/flat.h"
#include "sched/incremental.h"

#define DOOR(name) __attribute__((export_name(#name)))
#define PAGE 65536

extern unsigned char __heap_base;
static size_t used, kept; /* kept: what a run leaves behind for changes */
static int32_t nwords, *row;

NORETURN void abort(void) { __builtin_trap(); }
NORETURN void __assert_fail(const char *what, const char *file, unsigned line, const char *function) { abort(); }

void *malloc(size_t n)
{
	size_t begin = ((size_t)&__heap_base + used + 31) & ~(size_t)15;
	size_t end = begin + n, have = __builtin_wasm_memory_size(0) * PAGE;

	if (end > have && __builtin_wasm_memory_grow(0, (end - have + PAGE - 1) / PAGE) == (size_t)-1)
		abort();
	((size_t *)begin)[-1] = n;
	used = end - (size_t)&__heap_base;
	return (void *)begin;
}

void *calloc(size_t n, size_t size)
{
	void *p = malloc(n * size);
	return memset(p, 0, n * size);
}

void *realloc(void *old, size_t n)
{
	void *p = malloc(n);
	if (old)
		memcpy(p, old, ((size_t *)old)[-1] < n ? ((size_t *)old)[-1] : n);
	return p;
}

void free(void *p) { (void)p; }

/* Each becomes one instruction, memory.copy or memory.fill. */
void *memcpy(void *to, const void *from, size_t n) { return __builtin_memcpy(to, from, n); }
void *memmove(void *to, const void *from, size_t n) { return __builtin_memmove(to, from, n); }
void *memset(void *to, int byte, size_t n) { return __builtin_memset(to, byte, n); }

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	for (size_t i = 0; i < n; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;
	while (s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}

/* The text of %s and of whole numbers. Findings are counted here and told by the server, so widths do not matter. */
int vsnprintf(char *out, size_t room, const char *format, va_list args)
{
	size_t n = 0;
	char digits[24];

	for (; *format; format++) {
		const char *s = digits;
		if (*format != '%') {
			digits[0] = *format;
			digits[1] = '\0';
		} else {
			int length = 0;
			while (*++format == 'l' || *format == 'z' || (*format >= '0' && *format <= '9'))
				length += *format == 'l';
			if (*format == 's') {
				s = va_arg(args, const char *);
			} else if (*format == 'd' || *format == 'u') {
				int64_t x = length == 2 ? va_arg(args, int64_t) : va_arg(args, int);
				uint64_t rest = x < 0 ? (uint64_t)-x : (uint64_t)x;
				char *d = &digits[sizeof(digits) - 1];
				*d = '\0';
				do
					*--d = (char)('0' + rest % 10);
				while ((rest /= 10) > 0);
				if (x < 0)
					*--d = '-';
				s = d;
			} else {
				s = "%";
			}
		}
		for (; *s; s++, n++)
			if (n + 1 < room)
				out[n] = *s;
	}
	if (room > 0)
		out[n < room ? n : room - 1] = '\0';
	return (int)n;
}

FILE *stderr;
int fprintf(FILE *to, const char *format, ...) { return 0; }

bool err_set(struct err *err, enum err_code code, const char *where, const char *message, ...)
{
	err->code = code;
	return false;
}

DOOR(room) int32_t *room(int32_t words)
{
	used = kept = 0;
	nwords = words > 0 ? words : 0;
	return row = malloc((size_t)nwords * sizeof(*row));
}

static int32_t *counted(const struct flat *f)
{
	int32_t *result = malloc((size_t)(f->n + 1) * sizeof(*result));

	result[0] = f->n;
	if (f->n > 0)
		memcpy(&result[1], f->words, (size_t)f->n * sizeof(*result));
	return result;
}

static struct plan plan;
static struct incremental inc;
static struct flat answer;

static void schedule(struct arena *a, struct flat *out)
{
	struct schedule s;

	inc_schedule(&inc, a, &s);
	*out = (struct flat){0};
	flat_schedule(a, &s, out);
}

DOOR(run) int32_t *run(void)
{
	struct arena *a = arena_open();
	struct err err;

	if (!flat_read(a, row, nwords, &plan) || !inc_open(a, &plan, &inc, &err))
		return NULL;
	schedule(a, &answer);
	int32_t *result = counted(&answer);
	kept = used;
	return result;
}

DOOR(task_room) int32_t *task_room(int32_t words)
{
	used = kept;
	nwords = words > 0 ? words : 0;
	return row = malloc((size_t)nwords * sizeof(*row));
}

DOOR(change) int32_t *change(int32_t task)
{
	struct plan_task now;
	struct flat after, changes = {0};

	if (kept == 0 || task < 0 || task >= plan.ntasks)
		return NULL;
	now = plan.tasks[task];
	if (!flat_read_task(row, nwords, &plan, &now) || !inc_change(&inc, task, &now))
		return NULL;
	struct arena *a = arena_open();
	schedule(a, &after);
	flat_changes(a, &answer, &after, &changes);
	memcpy(answer.words, after.words, (size_t)after.n * sizeof(*after.words));
	return counted(&changes);
}
