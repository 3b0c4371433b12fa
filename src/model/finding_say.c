/* Findings in words. Apart from finding.c so that the engine itself needs no text tables in WebAssembly. */
#include "base/err.h"
#include "base/say.h"
#include "model/finding.h"

void finding_say(const struct finding *finding, enum lang lang, struct str *out)
{
	struct str words[countof(finding->args)];
	const char *args[countof(finding->args)];

	for (int32_t i = 0; i < finding->nargs; i++) {
		words[i] = STR_INIT;
		str_slice(&words[i], both_in(finding->args[i], lang));
		args[i] = str_text(&words[i]);
	}
	say_args(out, say(lang, finding->kind->message), finding->nargs, args);
	for (int32_t i = 0; i < finding->nargs; i++)
		str_free(&words[i]);
}
