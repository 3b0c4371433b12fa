/* What tools/wasm/wasm.c brings along. */
#pragma once
#include <stddef.h>
void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void *realloc(void *old, size_t n);
void free(void *p);
__attribute__((noreturn)) void abort(void);
