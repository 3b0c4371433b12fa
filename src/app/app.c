/* What every file of this room asks of the app: its clock, its definitions, and the settling of what was touched. */
#include "app/app.h"

#include "app/inside.h"
#include "base/os.h"

struct instant app_now(struct app *app)
{
	return app->options.clock ? app->options.clock(app->options.clock_self) : os_now();
}

struct date app_today(struct app *app)
{
	return instant_date(app_now(app), app->offset_minutes);
}

int app_offset_minutes(const struct app *app)
{
	return app->offset_minutes;
}

const struct catalogue *app_catalogue(struct app *app)
{
	return __atomic_load_n(&app->catalogue, __ATOMIC_ACQUIRE);
}

bool app_register_find(
	struct app *app, const char *name, const struct register_def **out, struct err *err)
{
	const struct register_def *reg = catalogue_find(app_catalogue(app), name);
	if (!reg)
		return err_set(err, ERR_MISSING, NULL, "register \"%s\" does not exist", name);
	*out = reg;
	return true;
}

void app_settle(struct app *app, const struct light_change **changes, int *n)
{
	/* nobody looked at the midnights between (the machine slept): lights that changed then did so then */
	struct date today = app_today(app);
	while (app->settled_day.day < today.day - 1) {
		app->settled_day.day++;
		lights_refresh(
			app->lights, app->board, board_settle(app->board, app->settled_day), changes, n);
	}
	app->settled_day = today;
	lights_refresh(app->lights, app->board, board_settle(app->board, today), changes, n);
	app->board_edition++;
}
