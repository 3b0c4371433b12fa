/* Findings in words. Apart from finding.c so that the engine itself needs no text tables in WebAssembly. */
#include "base/say.h"
#include "model/finding.h"

void finding_say(const struct finding *finding, enum lang lang, struct str *out)
{
	say_args(out, say(lang, finding->kind->message), finding->nargs, finding->args);
}
