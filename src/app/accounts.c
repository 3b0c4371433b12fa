/* What an account's record does not say comes from the secrets beside it and from the lock-out, which is in memory. */
#include "app/accounts.h"

#include <stdlib.h>

#include "app/access.h"
#include "app/account.h"
#include "app/detail.h"
#include "app/lockout.h"
#include "app/session.h"
#include "app/submit.h"
#include "app/titles.h"
#include "store/secrets.h"

static bool may_accounts(struct app *app, const struct person *person, enum verb verb,
	const struct record *account, struct err *err)
{
	const struct register_def *def;
	if (!app_register_find(app, "account", &def, err))
		return false;
	app_read_lock(app);
	bool yes = may(app, person, verb, def, account, NULL, NULL, err);
	app_unlock(app);
	return yes;
}

/* ---- the list ---- */

struct listed {
	struct uuid id;
	int64_t version;
	bool active, password;
	struct person *person;
	int sessions, tokens, nprojects;
	struct instant seen, link_until;
};

struct list {
	struct app *app;
	struct arena *a;
	enum lang lang;
	struct listed *of;
	int n, room;
	struct err *err;
	bool failed;
};

static bool read_secrets(struct list *l, struct listed *one)
{
	struct session_row *rows;
	struct slice hash = {0};
	struct instant now = app_now(l->app);
	int n;
	if (!credential_get(l->app->store, l->a, one->id, &hash, l->err) ||
		!session_list(l->app->store, l->a, one->id, SESSION_WEB, &rows, &n, l->err))
		return false;
	one->password = hash.n > 0;
	one->seen = one->link_until = INSTANT_NONE;
	for (int i = 0; i < n; i++) {
		one->sessions += rows[i].expires_at.ms > now.ms;
		if (one->seen.ms == INSTANT_NONE.ms || rows[i].used_at.ms > one->seen.ms)
			one->seen = rows[i].used_at;
	}
	if (!session_list(l->app->store, l->a, one->id, SESSION_TOKEN, &rows, &one->tokens, l->err) ||
		!session_list(l->app->store, l->a, one->id, SESSION_LINK, &rows, &n, l->err))
		return false;
	for (int i = 0; i < n; i++)
		if (rows[i].expires_at.ms > now.ms &&
			(one->link_until.ms == INSTANT_NONE.ms || rows[i].expires_at.ms > one->link_until.ms))
			one->link_until = rows[i].expires_at;
	return true;
}

static bool note_account(void *self, const struct record *r)
{
	struct list *l = self;
	if (l->n == l->room) {
		int more = l->room * 2 + 64;
		l->of = arena_grow(l->a, l->of, (size_t)l->room, (size_t)more, sizeof(*l->of));
		l->room = more;
	}
	struct listed *one = &l->of[l->n++];
	*one = (struct listed){.id = r->id, .version = r->version, .active = account_active(r)};
	one->person = person_from(l->a, r, "web", l->lang);
	l->failed = !read_secrets(l, one);
	return !l->failed;
}

static int by_login(const void *left, const void *right)
{
	const struct listed *l = left, *r = right;
	return strcmp(l->person->login, r->person->login);
}

/* Under the read lock. */
static void listed_json(struct app *app, struct json_writer *w, const struct listed *one)
{
	const struct person *p = one->person;
	struct str scope = STR_INIT;
	person_scope_text(app->board, p, &scope);
	jw_object(w);
	jw_kid(w, "id", one->id);
	jw_ki(w, "version", one->version);
	jw_kt(w, "login", p->login);
	jw_kt(w, "name", p->name);
	jw_key(w, "roles");
	jw_array(w);
	for (int i = 0; i < ROLE_COUNT; i++)
		if (person_is(p, (enum role)i))
			jw_text(w, role_words[i].name);
	jw_array_end(w);
	jw_key(w, "unit");
	ref_json(w, app->board, "unit", p->unit);
	jw_key(w, "area");
	ref_json(w, app->board, "area", p->area);
	jw_ki(w, "projects", p->nprojects);
	jw_kt(w, "scope_text", str_text(&scope));
	jw_kb(w, "active", one->active);
	jw_kb(w, "password", one->password);
	jw_ki(w, "locked_seconds", lockout_wait(app->lockout, p->login, app_now(app)));
	jw_ki(w, "sessions", one->sessions);
	jw_ki(w, "tokens", one->tokens);
	instant_key(app, w, "last_seen", one->seen);
	instant_key(app, w, "link_until", one->link_until);
	jw_object_end(w);
	str_free(&scope);
}

bool app_accounts_json(
	struct app *app, const struct person *person, struct str *out, struct err *err)
{
	const struct register_def *def;
	if (!may_accounts(app, person, VERB_READ, NULL, err) ||
		!app_register_find(app, "account", &def, err))
		return false;
	struct arena *a = arena_open();
	struct list l = {.app = app, .a = a, .lang = person->lang, .err = err};
	bool done = store_scan(app->store, def, note_account, &l, err) && !l.failed;
	if (done) {
		if (l.n)
			qsort(l.of, (size_t)l.n, sizeof(*l.of), by_login);
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_key(&w, "accounts");
		jw_array(&w);
		app_read_lock(app);
		for (int i = 0; i < l.n; i++)
			listed_json(app, &w, &l.of[i]);
		app_unlock(app);
		jw_array_end(&w);
		jw_object_end(&w);
		jw_end(&w);
	}
	arena_close(a);
	return done;
}

/* ---- one of them ---- */

static bool may_change(struct app *app, struct arena *a, const struct person *person,
	struct uuid id, struct person **out, struct err *err)
{
	struct record *account;
	if (!may_accounts(app, person, VERB_UPDATE, NULL, err) ||
		!account_get(app, a, id, &account, err) ||
		!may_accounts(app, person, VERB_UPDATE, account, err))
		return false;
	*out = person_from(a, account, "web", person->lang);
	return true;
}

bool app_account_unlock(
	struct app *app, const struct person *person, struct uuid id, struct err *err)
{
	struct arena *a = arena_open();
	struct person *account;
	bool done = may_change(app, a, person, id, &account, err);
	if (done)
		lockout_passed(app->lockout, account->login);
	arena_close(a);
	return done;
}

bool app_account_reset(
	struct app *app, const struct person *person, struct uuid id, struct err *err)
{
	struct arena *a = arena_open();
	struct person *account;
	bool done = may_change(app, a, person, id, &account, err);
	if (done && uuid_equal(id, person->account))
		done = err_set(err, ERR_INPUT, NULL, "nobody resets the account he is signed in with");
	/* the password first: a session that ends a moment later cannot set a new one without it */
	done = done && credential_put(app->store, id, SLICE(""), err) &&
		session_remove_all(app->store, id, SESSION_WEB, err) &&
		session_remove_all(app->store, id, SESSION_LINK, err) &&
		session_remove_all(app->store, id, SESSION_TOKEN, err);
	if (done)
		lockout_passed(app->lockout, account->login);
	arena_close(a);
	return done;
}

/* In the journal: whoever can let somebody in is somebody to ask. */
static bool note_link(
	struct app *app, struct arena *a, const struct person *person, struct uuid id, struct err *err)
{
	struct str text = STR_INIT;
	struct submitted made;
	const struct json *body;
	str_puts(&text, "{\"fields\":{\"invited_at\":\"");
	instant_format(&text, app_now(app), app->offset_minutes);
	str_puts(&text, "\"}}");
	bool done = json_parse(a, str_view(&text), NULL, &body, err) &&
		app_update(app, a, person, "account", id, 0, body, NULL, &made, err);
	str_free(&text);
	return done;
}

bool app_account_link(
	struct app *app, const struct person *person, struct uuid id, struct str *out, struct err *err)
{
	struct arena *a = arena_open();
	struct person *account;
	struct record *record;
	const char *code = NULL;
	bool done =
		may_change(app, a, person, id, &account, err) && account_get(app, a, id, &record, err);
	const struct value *active = done ? record_value(record, "active") : NULL;
	if (active && active->kind == VALUE_INT && active->i == 0)
		done = err_set(
			err, ERR_CONFLICT, "active", "the account \"%s\" is switched off", account->login);
	done = done && note_link(app, a, person, id, err) &&
		session_remove_all(app->store, id, SESSION_LINK, err) &&
		session_make_link(app, a, account->login, &code, err);
	if (done) {
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_kt(&w, "code", code);
		jw_kt(&w, "link", arena_printf(a, "/#/link/%s", code));
		instant_key(app, &w, "expires_at",
			(struct instant){app_now(app).ms + SESSION_LINK_HOURS * INT64_C(3600000)});
		jw_object_end(&w);
		jw_end(&w);
	}
	arena_close(a);
	return done;
}
