/* What tools/wasm/wasm.c brings along. */
#pragma once
__attribute__((noreturn)) void __assert_fail(const char *what, const char *file, unsigned line, const char *function);
#define assert(holds) ((holds) ? (void)0 : __assert_fail(#holds, __FILE__, __LINE__, __func__))
