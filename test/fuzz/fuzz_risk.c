/* Risk files beside a fixed plan: refused with a place, or sampled; a probability or a range out of bounds never gets through. */
#include <stdlib.h>

#include "intake/plan_json.h"
#include "intake/risk_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char plan_text[] =
	"{\"guatu_plan\": 1, \"calendars\": [{\"id\": \"mild\", \"week\": {\"mon-sun\": "
	"\"08:00-18:00\"}},"
	" {\"id\": \"hard\", \"week\": {\"mon-fri\": \"09:00-15:00\"}}],"
	" \"projects\": [{\"id\": \"P\", \"start\": \"2026-03-02\", \"calendar\": \"mild\"}],"
	" \"tasks\": [{\"id\": \"A\", \"duration\": \"5d\"}, {\"id\": \"B\", \"duration\": \"3d\"},"
	" {\"id\": \"C\", \"type\": \"finish_milestone\"}],"
	" \"links\": [{\"from\": \"A\", \"to\": \"B\"}, {\"from\": \"B\", \"to\": \"C\"}]}";

static void sample(struct arena *a, const struct plan *plan, const struct risk_model *model)
{
	struct findings found = {.arena = a};
	struct risk_engine *engine;
	struct risk_samples samples;
	struct risk_result result;
	struct err err = {0};

	if (!risk_compile(a, plan, model, &found, &engine, &err))
		return;
	if (!risk_samples_new(a, engine, 4 * RISK_LANES, &samples, &err))
		abort();
	struct risk_tally *tally = risk_tally_new(a, engine);
	risk_run(engine, 1, 0, 4, true, risk_best_machine(), &samples, tally);
	risk_summarise(a, engine, &samples, 4 * RISK_LANES, tally, &result);
	for (int i = 0; i < result.ndates; i++)
		if (result.dates[i].p10.tick > result.dates[i].p50.tick ||
			result.dates[i].p50.tick > result.dates[i].p90.tick)
			abort();
	for (int i = 0; i < result.ncauses; i++)
		if (result.causes[i].critical_permille < 0 || result.causes[i].critical_permille > 1000)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	struct risk_model model;
	struct plan plan;
	struct err err = {0};

	if (!plan_json_read(a, slice_of(plan_text), &plan, &err))
		abort();
	if (risk_file_read(a, (struct slice){(const char *)bytes, n}, &plan, &model, &err) &&
		model.ndrivers <= 200)
		sample(a, &plan, &model);
	arena_close(a);
	return 0;
}
