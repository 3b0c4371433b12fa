/*
 * What the files of this room share and nobody else sees: the app's parts and the order of locks.
 *
 * LOCKS. `lock` guards board, lights, rule sets, calendar and catalogue together: readers answer under it, only the
 * writer thread (committed changes), the tick (midnight) and a new catalogue take it for writing. Never call
 * store_submit() while holding it: the writer thread needs it to answer. The feed's and drafts' own locks come after it.
 * Catalogues that were replaced stay until the app closes, so a definition once read stays valid; calendars do not.
 */
#ifndef APP_INSIDE_H
#define APP_INSIDE_H

#include <pthread.h>

#include "app/app.h"
#include "app/person.h"
#include "assess/light.h"
#include "base/str.h"
#include "board/board.h"
#include "model/calendar.h"
#include "model/clock.h"
#include "store/store.h"

#define APP_SHELF 1024 /* catalogues of one run */

struct calendars;
struct feed_hub;
struct drafts;
struct lockout;
struct past;
struct proofs;
struct recent;
struct trend;

struct rules {
	struct arena *a;             /* owns the own sets; replaced as a whole */
	const struct ruleset **sets; /* all, built-in and own, by name */
	bool *active, *own;
	int n;
	const struct ruleset **bound; /* the active ones, as lights are bound to */
	int nbound;
};

struct app {
	struct app_options options;
	char *folder;
	int offset_minutes;
	struct arena *a; /* lives as long as the app */
	struct store *store;

	pthread_rwlock_t lock;
	const struct catalogue *catalogue;
	struct board *board; /* NULL with options.no_board */
	struct lights *lights;
	struct rules rules;
	struct calendars *calendars; /* calendars.h; follow the board at once */
	struct ladder_set ladders;
	bool rules_stale; /* a commit touched them: rebuilt by the tick thread or the submitter */

	const struct catalogue **shelf; /* every catalogue of this run, at most APP_SHELF */
	int nshelf;
	pthread_mutex_t definitions; /* one change of the catalogue at a time */

	struct feed_hub *feed;
	struct drafts *drafts;
	struct lockout *lockout, *lockout_from; /* by login, by address */
	struct past *past;                      /* boards of past days */
	struct trend *trend;                    /* lights of past months */
	struct proofs *proofs;                  /* long checks that run behind the answer */

	bool since_dirty, since_unknown; /* since.c: to be written; to be found anew */
	struct date since_saved;         /* the last day whose lights were written; day 0: not known */
	bool since_behind; /* days went by since, with no server: what changed in them is looked up */
	uint32_t *saved;   /* what was written of each project's lights, as marks */
	size_t nsaved;
	int saved_lights;

	pthread_t tick;
	pthread_mutex_t tick_lock;
	pthread_cond_t tick_wake;
	bool ticking, closing, tick_called;
	struct date settled_day;
	struct instant tidied;
	int64_t ticked_minute;

	int64_t opened_ms, load_ms;
	int64_t last_ms;           /* instant of the journal's last entry; atomic */
	int64_t board_edition;     /* rises with every settling; under `lock` */
	struct recent *recent;     /* under `lock` */
	pthread_mutex_t wall_lock; /* the wall's text as of wall_edition */
	int64_t wall_edition;
	uint32_t wall_audience; /* for whom it was written */
	struct str wall;
	uint64_t id_seed;      /* not 0: the ids of new records follow from it (the demo) */
	int64_t scope_edition; /* rises when a change may have moved somebody's scope; under `lock` */
};

/* The newest catalogue; valid until the app closes. */
const struct catalogue *app_catalogue(struct app *app);
/* ERR_MISSING: `register "x" does not exist` */
MUST_USE bool app_register_find(
	struct app *app, const char *name, const struct register_def **out, struct err *err);

static inline void app_read_lock(struct app *app)
{
	pthread_rwlock_rdlock(&app->lock);
}
static inline void app_write_lock(struct app *app)
{
	pthread_rwlock_wrlock(&app->lock);
}
static inline void app_unlock(struct app *app)
{
	pthread_rwlock_unlock(&app->lock);
}

/* Settles the board, relights what was touched, remembers since when. Under the write lock. */
void app_settle(struct app *app, const struct light_change **changes, int *n);
/* On the writer thread: every committed change comes by here once, in order. */
void app_committed(void *self, const struct change *changes, int n);
/* The first catalogue: the built-in definitions and the office's own. Migrates the store to it. */
MUST_USE bool app_open_catalogue(struct app *app, struct err *err);
/* The catalogue grew and the store has its tables: board and lights use it from now on. Takes the locks itself; the
 * catalogue is the app's from here on. */
MUST_USE bool app_use_catalogue(
	struct app *app, const struct catalogue *catalogue, struct err *err);
/* The office's own definitions that are in use, oldest first, with room for one more; in `a`. */
MUST_USE bool app_own_definitions(
	struct app *app, struct arena *a, struct definition_source **out, int *n, struct err *err);
/* Reads rule sets anew after records of them changed. Takes the locks itself. */
MUST_USE bool app_reload_rules(struct app *app, struct err *err);

#endif
