/* A draft is the file's bytes and what was chosen about it; the ledger is read from them afresh whenever anything has changed
 * since, so a draft cannot go stale. Here: keeping the drafts, and what was chosen. */
#include "app/importing.h"

#include <stdlib.h>

#include "app/access.h"
#include "app/importing_drafts.h"
#include "app/registers.h"
#include "base/num.h"
#include "base/os.h"

#define DRAFTS_MOST 8 /* of one account */
#define DRAFT_HOURS 24

struct drafts {
	pthread_mutex_t lock;
	struct import *all;
};

/* ---- keeping drafts ---- */

struct drafts *drafts_open(void)
{
	struct drafts *d = must_alloc(sizeof(*d));
	pthread_mutex_init(&d->lock, NULL);
	return d;
}

static void import_free(struct import *i)
{
	import_forget(i);
	arena_close(i->a);
	arena_close(i->chosen);
	free(i);
}

void drafts_close(struct drafts *d)
{
	if (!d)
		return;
	for (struct import *i = d->all, *next; i; i = next) {
		next = i->next;
		import_free(i);
	}
	pthread_mutex_destroy(&d->lock);
	free(d);
}

/* Under the lock: takes it out; somebody who is busy with it frees it when done. */
static void drop(struct drafts *d, struct import *gone)
{
	struct import **at = &d->all;
	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	gone->gone = true;
	if (!gone->busy)
		import_free(gone);
}

void drafts_tidy(struct app *app, struct instant now)
{
	struct drafts *d = app->drafts;
	app_read_lock(app);
	pthread_mutex_lock(&d->lock);
	for (struct import *i = d->all, *next; i; i = next) {
		next = i->next;
		if (now.ms - i->made.ms > DRAFT_HOURS * INT64_C(3600000))
			drop(d, i);
		else if (!i->busy && !import_read_stands(app, i))
			import_forget(i);
	}
	pthread_mutex_unlock(&d->lock);
	app_unlock(app);
}

static void keep(struct app *app, struct import *fresh)
{
	struct drafts *d = app->drafts;
	pthread_mutex_lock(&d->lock);
	int n = 0;
	struct import *oldest = NULL;
	for (struct import *i = d->all; i; i = i->next)
		if (uuid_equal(i->account, fresh->account)) {
			n++;
			oldest = i; /* the list is newest first */
		}
	if (n >= DRAFTS_MOST)
		drop(d, oldest);
	fresh->next = d->all;
	d->all = fresh;
	pthread_mutex_unlock(&d->lock);
}

bool import_take(struct app *app, const struct person *person, const char *id, struct import **out,
	struct err *err)
{
	struct drafts *d = app->drafts;
	struct uuid wanted;
	bool busy = false;
	*out = NULL;
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	pthread_mutex_lock(&d->lock);
	for (struct import *i = uuid_parse(slice_of(id), &wanted) ? d->all : NULL; i; i = i->next)
		if (uuid_equal(i->id, wanted) && uuid_equal(i->account, person->account)) {
			busy = i->busy;
			i->busy = true;
			*out = i;
		}
	pthread_mutex_unlock(&d->lock);
	if (!*out)
		return err_set(err, ERR_MISSING, NULL,
			"this import was confirmed, cancelled or is more than a day old");
	if (busy)
		return err_set(err, ERR_BUSY, NULL, "this import is being worked on: try again");
	return true;
}

void import_give_back(struct app *app, struct import *i, bool done_with)
{
	struct drafts *d = app->drafts;
	pthread_mutex_lock(&d->lock);
	i->busy = false;
	if (i->gone)
		import_free(i);
	else if (done_with)
		drop(d, i);
	pthread_mutex_unlock(&d->lock);
}
/* ---- the calls before confirming ---- */

bool import_may(struct app *app, const struct person *person, const char *reg, struct err *err)
{
	const struct register_def *def;
	if (!app_register_find(app, reg, &def, err))
		return false;
	app_read_lock(app);
	bool yes = may(app, person, VERB_IMPORT, def, NULL, NULL, NULL, err);
	app_unlock(app);
	return yes;
}

static bool money_unit_of(const char *text, int64_t *out, struct err *err)
{
	static const struct {
		const char *name;
		int64_t unit;
	} units[] = {
		{"", 0},
		{"auto", 0},
		{"yuan", 100},
		{"qian", 100000},
		{"wan", 1000000},
		{"baiwan", 100000000},
		{"yi", INT64_C(10000000000)},
	};
	for (size_t i = 0; i < countof(units); i++)
		if (strcmp(units[i].name, text) == 0) {
			*out = units[i].unit;
			return true;
		}
	return err_set(err, ERR_INPUT, "money_unit", "\"%s\" is not yuan, wan or yi", text);
}

static bool choose_columns(struct import *i, const struct json *columns, struct err *err)
{
	i->chose.given = ARENA_ARRAY(i->chosen, struct ledger_choice, (size_t)json_count(columns) + 1);
	i->chose.ngiven = 0;
	for (int k = 0;
		 !json_absent(columns) && columns->type == JSON_IS_OBJECT && k < columns->nmembers; k++) {
		const struct json_member *m = &columns->members[k];
		int64_t column;
		if (!num_int(m->key, &column) || column < 0 || column >= LIMIT_IMPORT_COLUMNS)
			return err_set(err, ERR_INPUT, "columns", "\"%s\" is not a column number", m->key.s);
		i->chose.given[i->chose.ngiven++] = (struct ledger_choice){
			(int)column, NULL, arena_strdup(i->chosen, json_text(&m->value, ""))};
	}
	return true;
}

static void choose_constants(struct import *i, const struct json *constants)
{
	i->chose.constants =
		ARENA_ARRAY(i->chosen, struct ledger_constant, (size_t)json_count(constants) + 1);
	i->chose.nconstants = 0;
	for (int k = 0; constants->type == JSON_IS_OBJECT && k < constants->nmembers; k++) {
		const char *text = json_text(&constants->members[k].value, "");
		if (text[0])
			i->chose.constants[i->chose.nconstants++] =
				(struct ledger_constant){arena_strdup(i->chosen, constants->members[k].key.s),
					arena_strdup(i->chosen, text)};
	}
}

static bool choose(struct import *i, const struct json *body, struct err *err)
{
	const struct json *sheet = json_get(body, "sheet"), *header = json_get(body, "header_row");
	const char *key = json_text(json_get(body, "key"), NULL),
			   *child = json_text(json_get(body, "child"), NULL);
	if (json_absent(body))
		return true;
	import_forget(i);
	if (sheet)
		i->chose.sheet = arena_strdup(i->chosen, json_text(sheet, NULL));
	if (i->chose.sheet && !i->chose.sheet[0])
		i->chose.sheet = NULL;
	if (i->chose.sheet && import_sheet(i) < 0)
		return err_set(err, ERR_INPUT, "sheet", "there is no sheet \"%s\"", i->chose.sheet);
	if (header)
		i->chose.header_row = (int)json_int(header, 0) - 1;
	i->chose.key = key ? arena_strdup(i->chosen, key) : i->chose.key;
	i->chose.child = child ? arena_strdup(i->chosen, child) : i->chose.child;
	i->chose.key = i->chose.key && i->chose.key[0] ? i->chose.key : NULL; /* "" lets go of them */
	i->chose.child = i->chose.child && i->chose.child[0] ? i->chose.child : NULL;
	if (json_get(body, "constants"))
		choose_constants(i, json_get(body, "constants"));
	i->chose.keep_unknown = json_bool(json_get(body, "keep_unknown"), i->chose.keep_unknown);
	i->chose.create_missing = json_bool(json_get(body, "create_missing"), i->chose.create_missing);
	if (json_get(body, "money_unit") &&
		!money_unit_of(json_text(json_get(body, "money_unit"), ""), &i->chose.money_unit, err))
		return false;
	return !json_get(body, "columns") || choose_columns(i, json_get(body, "columns"), err);
}

bool import_start(struct app *app, const struct person *person, const char *reg, const char *name,
	struct slice bytes, const struct json *body, struct str *out, struct err *err)
{
	if (!import_may(app, person, reg, err))
		return false;
	struct import *i = must_alloc(sizeof(*i));
	uint8_t random[10];
	os_random(random, sizeof(random));
	i->id = uuid_v7(app_now(app), random);
	i->account = person->account;
	i->made = app_now(app);
	i->a = arena_open();
	i->chosen = arena_open();
	i->reg = arena_strdup(i->a, reg);
	i->name = arena_strdup(i->a, name ? name : "");
	i->chose.header_row = -1;
	i->chose.create_missing = person->system;
	if (!workbook_read(i->a, arena_slice(i->a, bytes), NULL, &i->book, err) ||
		!choose(i, body, err) || !import_answer(app, person, i, out, err)) {
		import_free(i);
		return false;
	}
	keep(app, i);
	return true;
}

bool import_map(struct app *app, const struct person *person, const char *import,
	const struct json *body, struct str *out, struct err *err)
{
	struct import *i;
	if (!import_take(app, person, import, &i, err))
		return false;
	struct import_choices before = i->chose;
	bool done = choose(i, body, err) && import_answer(app, person, i, out, err);
	if (!done) {
		import_forget(i);
		i->chose = before;
	}
	import_give_back(app, i, false);
	return done;
}

bool import_cancel(
	struct app *app, const struct person *person, const char *import, struct err *err)
{
	struct import *i;
	if (!import_take(app, person, import, &i, err))
		return false;
	import_give_back(app, i, true);
	return true;
}
