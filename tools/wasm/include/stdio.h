/* What tools/wasm/wasm.c brings along. */
#pragma once
#include <stdarg.h>
#include <stddef.h>
typedef void FILE;
extern FILE *stderr;
int vsnprintf(char *out, size_t room, const char *format, va_list args);
int fprintf(FILE *to, const char *format, ...);
int snprintf(char *out, size_t room, const char *format, ...);
