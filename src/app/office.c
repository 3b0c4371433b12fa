/* Two settings, one a language. */
#include "app/office.h"

#include "app/detail.h"
#include "store/settings.h"

static const struct {
	const char *key, *own;
} names[] = {{"office_name_zh", "重大项目挂图作战"}, {"office_name_en", "Major projects"}};

/* A name is not worth a failure: where the store cannot be read, whoever asks next says so. */
static const char *one(struct app *app, struct arena *a, int i)
{
	struct slice kept;
	struct err ignored;
	if (!setting_get(app->store, a, names[i].key, &kept, &ignored) || !kept.n)
		return names[i].own;
	return arena_text(a, kept);
}

struct label office_name(struct app *app, struct arena *a)
{
	return (struct label){one(app, a, 0), one(app, a, 1)};
}

bool app_office_rename(
	struct app *app, const struct person *person, struct label name, struct err *err)
{
	return app_may_look_after(app, person, VERB_ADMIN, err) &&
		setting_put(app->store, names[0].key, slice_of(name.zh), err) &&
		setting_put(app->store, names[1].key, slice_of(name.en), err);
}
