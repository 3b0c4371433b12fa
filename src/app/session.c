/* Sessions, links and tokens are rows of store/secrets.h, found by the SHA-256 of a random secret. A session's opaque data
 * is its CSRF value and one letter: how it began (p password, l link). A token's is its scope. */
#include "app/session.h"

#include "app/access.h"
#include "app/account.h"
#include "app/detail.h"
#include "app/lockout.h"
#include "app/office.h"
#include "app/password.h"
#include "app/submit.h"
#include "base/hash.h"
#include "base/os.h"
#include "base/say.h"
#include "store/secrets.h"
#include "store/settings.h"

static_assert(SESSION_SECRET_TEXT == SECRET_TEXT, "one length of secrets");

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define TOKEN_PREFIX "gt_"
#define SETTING_FIRST_RUN "first_password_set"

static void key_of(const char *secret, uint8_t key[DIGEST_BYTES])
{
	digest_of(DIGEST_SHA256, secret, strlen(secret), key);
}

static struct uuid fresh_id(struct app *app)
{
	uint8_t random[10];
	os_random(random, sizeof(random));
	return uuid_v7(app_now(app), random);
}

/* What belongs to oneself is changed by oneself, not by a token that may only read. */
static bool may_change_own(const struct person *person, struct err *err)
{
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	return !person->read_only || err_set(err, ERR_DENIED, NULL, "this token may only read");
}

static bool active_account(
	struct app *app, struct arena *a, struct uuid id, struct record **out, struct err *err)
{
	bool found = account_get(app, a, id, out, err);
	if (!found && err->code != ERR_MISSING)
		return false;
	return (found && account_active(*out)) ||
		err_set(err, ERR_LOGIN, NULL, "this account may not sign in");
}

/* ---- beginning and ending ---- */

static bool begin(struct app *app, struct arena *a, const struct record *account, char how,
	struct session *out, struct person **person, struct err *err)
{
	struct instant now = app_now(app);
	struct session session;
	secret_make(session.cookie);
	secret_make(session.csrf);
	struct session_row row = {
		.kind = SESSION_WEB,
		.id = fresh_id(app),
		.account = account->id,
		.created_at = now,
		.used_at = now,
		.expires_at = {now.ms + SESSION_DAYS * DAY_MS},
		.data = slice_of(arena_printf(a, "%c%s", how, session.csrf)),
	};
	key_of(session.cookie, row.key);
	if (!session_put(app->store, &row, err))
		return false;
	*out = session;
	*person = person_from(a, account, "web", LANG_ZH);
	return true;
}

/* Longest wait of both keys. */
static int must_wait(struct app *app, const char *login, const char *from)
{
	struct instant now = app_now(app);
	int by_login = lockout_wait(app->lockout, login, now),
		by_from = lockout_wait(app->lockout_from, from, now);
	return by_login > by_from ? by_login : by_from;
}

static bool refuse(
	struct app *app, const char *login, const char *from, int *wait_seconds, struct err *err)
{
	struct instant now = app_now(app);
	lockout_failed(app->lockout, login, now);
	lockout_failed(app->lockout_from, from, now);
	*wait_seconds = must_wait(app, login, from);
	return err_set(err, ERR_LOGIN, NULL, "login or password is wrong");
}

bool session_login(struct app *app, struct arena *a, const char *login, const char *password,
	const char *from, struct session *out, struct person **person, int *wait_seconds,
	struct err *err)
{
	*wait_seconds = must_wait(app, login, from);
	if (*wait_seconds)
		return err_set(
			err, ERR_LOGIN, NULL, "too many wrong tries: wait %d seconds", *wait_seconds);
	if (strlen(password) > PASSWORD_MOST)
		return refuse(app, login, from, wait_seconds, err);
	struct record *account = NULL;
	struct slice hash = {0};
	if (!account_named(app, a, login, &account, err)) {
		if (err->code != ERR_MISSING)
			return false;
		account = NULL;
	} else if (!credential_get(app->store, a, account->id, &hash, err)) {
		return false;
	}
	const char *text = hash.n ? arena_text(a, hash) : NULL;
	bool right = password_matches(password, text); /* costs the same time whoever is asked for */
	if (!right || !account || !account_active(account))
		return refuse(app, login, from, wait_seconds, err);
	lockout_passed(app->lockout, login);
	return begin(app, a, account, 'p', out, person, err);
}

bool session_use_link(struct app *app, struct arena *a, const char *code, const char *from,
	struct session *out, struct person **person, int *wait_seconds, struct err *err)
{
	struct instant now = app_now(app);
	*wait_seconds = lockout_wait(app->lockout_from, from, now);
	if (*wait_seconds)
		return err_set(
			err, ERR_LOGIN, NULL, "too many wrong tries: wait %d seconds", *wait_seconds);
	uint8_t key[DIGEST_BYTES];
	struct session_row row;
	struct record *account;
	key_of(code, key);
	bool found = session_get(app->store, a, key, now, &row, err);
	if (found && row.kind == SESSION_LINK) /* of two who use it at once, one removes it */
		found = session_remove(app->store, key, err);
	if (!found && err->code != ERR_MISSING)
		return false;
	if (!found || row.kind != SESSION_LINK) {
		lockout_failed(app->lockout_from, from, now);
		return err_set(err, ERR_LOGIN, NULL, "this sign-in link was used already or is too old");
	}
	if (!active_account(app, a, row.account, &account, err))
		return false;
	if (!begin(app, a, account, 'l', out, person, err))
		return false;
	struct slice hash;
	if (!credential_get(app->store, a, account->id, &hash, err))
		return false;
	(*person)->must_set_password = hash.n == 0;
	return true;
}

bool session_person(struct app *app, struct arena *a, const char *cookie, enum lang lang,
	struct person **out, char csrf[SESSION_SECRET_TEXT], struct err *err)
{
	struct instant now = app_now(app);
	uint8_t key[DIGEST_BYTES];
	struct session_row row;
	struct record *account;
	key_of(cookie, key);
	bool found = session_get(app->store, a, key, now, &row, err);
	if (!found && err->code != ERR_MISSING)
		return false;
	if (!found || row.kind != SESSION_WEB || row.data.n != SECRET_TEXT)
		return err_set(err, ERR_LOGIN, NULL, "the session has ended: sign in again");
	if (!active_account(app, a, row.account, &account, err))
		return false;
	if (now.ms - row.used_at.ms > HOUR_MS &&
		!session_touch(app->store, key, now, (struct instant){now.ms + SESSION_DAYS * DAY_MS}, err))
		return false;
	struct person *person = person_from(a, account, "web", lang);
	if (row.data.s[0] == 'l') {
		struct slice hash;
		if (!credential_get(app->store, a, account->id, &hash, err))
			return false;
		person->must_set_password = hash.n == 0;
	}
	memcpy(csrf, row.data.s + 1, SECRET_TEXT - 1);
	csrf[SECRET_TEXT - 1] = 0;
	*out = person;
	return true;
}

bool session_end(struct app *app, const char *cookie, struct err *err)
{
	uint8_t key[DIGEST_BYTES];
	key_of(cookie, key);
	return session_remove(app->store, key, err) || err->code == ERR_MISSING;
}

bool session_token_person(struct app *app, struct arena *a, const char *token, enum lang lang,
	struct person **out, struct err *err)
{
	struct instant now = app_now(app);
	uint8_t key[DIGEST_BYTES];
	struct session_row row;
	struct record *account;
	key_of(token, key);
	bool found = session_get(app->store, a, key, now, &row, err);
	if (!found && err->code != ERR_MISSING)
		return false;
	if (!found || row.kind != SESSION_TOKEN)
		return err_set(err, ERR_LOGIN, NULL, "the API token is unknown or expired");
	if (!active_account(app, a, row.account, &account, err))
		return false;
	if (now.ms - row.used_at.ms > HOUR_MS &&
		!session_touch(app->store, key, now, row.expires_at, err))
		return false;
	struct person *person =
		person_from(a, account, arena_printf(a, "token %s", row.name ? row.name : ""), lang);
	person->read_only = slice_is(row.data, "read");
	*out = person;
	return true;
}

/* ---- what GET /api/session says ---- */

static void title_at(
	const struct board *b, struct json_writer *w, const char *key, const char *reg, struct uuid id)
{
	int table = board_table_named(b, reg);
	int32_t row = table >= 0 && !uuid_is_nil(id) ? board_row(board_table(b, table), id) : -1;
	jw_key(w, key);
	if (row < 0) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_kid(w, "id", id);
	jw_ks(w, "title", board_title(board_table(b, table), row));
	jw_object_end(w);
}

void person_scope_text(const struct board *b, const struct person *person, struct str *out)
{
	struct arena *a = arena_open();
	struct sight sight = sight_of(a, b, person, person->roles);
	const char *const regs[] = {"unit", "area"};
	const struct uuid ids[] = {person->unit, person->area};
	const bool counts[] = {sight.units.n > 0, sight.areas.n > 0};
	if (sight.all) {
		str_puts(out, say(person->lang, "everything"));
		arena_close(a);
		return;
	}
	for (int i = 0; i < 2; i++) {
		int table = board_table_named(b, regs[i]);
		int32_t row = table >= 0 && counts[i] ? board_row(board_table(b, table), ids[i]) : -1;
		if (row < 0)
			continue;
		if (out->n)
			str_puts(out, person->lang == LANG_ZH ? "、" : ", ");
		str_slice(out, board_title(board_table(b, table), row));
	}
	if (sight.named || sight.nlisted) {
		if (out->n)
			str_puts(out, person->lang == LANG_ZH ? "、" : ", ");
		str_puts(out, say(person->lang, "assigned projects"));
	}
	arena_close(a);
}

static void account_json(struct app *app, struct json_writer *w, const struct person *person)
{
	struct str scope = STR_INIT;
	jw_object(w);
	jw_kid(w, "id", person->account);
	jw_kt(w, "login", person->login);
	jw_kt(w, "name", person->name);
	jw_key(w, "roles");
	jw_array(w);
	for (int i = 0; i < ROLE_COUNT; i++)
		if (person_is(person, (enum role)i))
			jw_text(w, role_words[i].name);
	jw_array_end(w);
	app_read_lock(app);
	title_at(app->board, w, "unit", "unit", person->unit);
	title_at(app->board, w, "area", "area", person->area);
	person_scope_text(app->board, person, &scope);
	app_unlock(app);
	jw_kt(w, "scope_text", str_text(&scope));
	jw_kt(w, "lang", person->lang == LANG_EN ? "en" : "zh");
	jw_object_end(w);
	str_free(&scope);
}

static void office_json(struct app *app, struct json_writer *w)
{
	struct arena *a = arena_open();
	jw_key(w, "office");
	jw_object(w);
	jw_label(w, "name", office_name(app, a));
	jw_object_end(w);
	arena_close(a);
}

void session_json(struct app *app, const struct person *person, const char *csrf, struct str *out)
{
	struct json_writer w = jw_start(out);
	struct str text = STR_INIT;
	jw_object(&w);
	jw_key(&w, "account");
	if (person)
		account_json(app, &w, person);
	else
		jw_null(&w);
	if (csrf)
		jw_kt(&w, "csrf", csrf);
	if (person && person->must_set_password)
		jw_kb(&w, "must_set_password", true);
	jw_kb(&w, "first_run", session_first_run(app));
	instant_format(&text, app_now(app), app->offset_minutes);
	jw_kt(&w, "now", str_text(&text));
	str_clear(&text);
	struct date today = app_today(app);
	date_format(&text, today);
	jw_kt(&w, "today", str_text(&text));
	office_json(app, &w);
	app_read_lock(app);
	jw_key(&w, "time_progress");
	jw_decimal(&w, time_progress(today, board_options(app->board)), 4);
	app_unlock(app);
	jw_object_end(&w);
	jw_end(&w);
	str_free(&text);
}

/* ---- passwords ---- */

static bool store_password(
	struct app *app, struct uuid account, const char *login, const char *password, struct err *err)
{
	char hash[PASSWORD_HASH_TEXT];
	return password_check(password, login, err) && password_hash(password, hash, err) &&
		credential_put(app->store, account, slice_of(hash), err) &&
		setting_put(app->store, SETTING_FIRST_RUN, SLICE("1"), err);
}

/* Guessed no faster than at the door: the tries count together. */
static bool old_password_is(struct app *app, struct arena *a, const struct person *person,
	const char *old, struct slice hash, struct err *err)
{
	int wait = lockout_wait(app->lockout, person->login, app_now(app));
	if (wait)
		return err_set(err, ERR_DENIED, "old", "too many wrong tries: wait %d seconds", wait);
	if (old && hash.n && strlen(old) <= PASSWORD_MOST && password_matches(old, arena_text(a, hash)))
		return true;
	lockout_failed(app->lockout, person->login, app_now(app));
	return err_set(err, ERR_INPUT, "old", "the old password is wrong");
}

bool session_set_password(struct app *app, const struct person *person, const char *old,
	const char *new_password, const char *keep_cookie, struct err *err)
{
	if (!may_change_own(person, err))
		return false;
	struct arena *a = arena_open();
	struct session_row row = {0};
	struct slice hash;
	uint8_t key[DIGEST_BYTES];
	bool done = false, by_link = false, kept = false;
	if (keep_cookie) {
		key_of(keep_cookie, key);
		kept = session_get(app->store, a, key, app_now(app), &row, err) &&
			uuid_equal(row.account, person->account);
		by_link = kept && row.data.n && row.data.s[0] == 'l';
	}
	if (!credential_get(app->store, a, person->account, &hash, err))
		goto out;
	if (!by_link && !old_password_is(app, a, person, old, hash, err))
		goto out;
	if (!store_password(app, person->account, person->login, new_password, err) ||
		!session_remove_all(app->store, person->account, SESSION_WEB, err) ||
		!session_remove_all(app->store, person->account, SESSION_LINK, err))
		goto out;
	if (kept) {
		char *data = arena_text(a, row.data);
		data[0] = 'p';
		row.data = slice_of(data);
		if (!session_put(app->store, &row, err))
			goto out;
	}
	done = true;
out:
	arena_close(a);
	return done;
}

bool session_reset_password(
	struct app *app, const char *login, const char *password, struct err *err)
{
	struct arena *a = arena_open();
	struct record *account;
	bool done = account_named(app, a, login, &account, err) &&
		store_password(app, account->id, login, password, err) &&
		session_remove_all(app->store, account->id, SESSION_WEB, err) &&
		session_remove_all(app->store, account->id, SESSION_LINK, err);
	arena_close(a);
	return done;
}

/* ---- tokens ---- */

static void token_json(
	struct app *app, struct json_writer *w, const struct session_row *row, const char *secret)
{
	jw_object(w);
	jw_kid(w, "id", row->id);
	jw_kt(w, "name", row->name);
	jw_ks(w, "scope", row->data);
	instant_key(app, w, "created_at", row->created_at);
	instant_key(app, w, "used_at", row->used_at);
	instant_key(app, w, "expires_at", row->expires_at);
	if (secret)
		jw_kt(w, "token", secret);
	jw_object_end(w);
}

static bool own_tokens(struct app *app, struct arena *a, const struct person *person,
	struct session_row **rows, int *n, struct err *err)
{
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	return session_list(app->store, a, person->account, SESSION_TOKEN, rows, n, err);
}

bool session_tokens_json(
	struct app *app, const struct person *person, struct str *out, struct err *err)
{
	struct arena *a = arena_open();
	struct session_row *rows;
	int n;
	bool done = own_tokens(app, a, person, &rows, &n, err);
	if (done) {
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_key(&w, "tokens");
		jw_array(&w);
		for (int i = 0; i < n; i++)
			token_json(app, &w, &rows[i], NULL);
		jw_array_end(&w);
		jw_object_end(&w);
		jw_end(&w);
	}
	arena_close(a);
	return done;
}

bool session_token_create(struct app *app, const struct person *person, const struct json *body,
	struct str *out, struct err *err)
{
	struct arena *a = arena_open();
	struct session_row *rows;
	int n;
	bool done = false;
	const char *name = json_text(json_get(body, "name"), ""),
			   *scope = json_text(json_get(body, "scope"), "read");
	const struct json *expires = json_get(body, "expires");
	struct date last = DATE_NONE;
	char secret[sizeof(TOKEN_PREFIX) + SECRET_TEXT] = TOKEN_PREFIX;
	if (!may_change_own(person, err) || !own_tokens(app, a, person, &rows, &n, err))
		goto out;
	if (!*name || strlen(name) > 60) {
		err_set(err, ERR_INPUT, "name", "a token needs a name of at most %d bytes", 60);
		goto out;
	}
	if (strcmp(scope, "read") != 0 && strcmp(scope, "all") != 0) {
		err_set(err, ERR_INPUT, "scope", "\"%s\" is not read or all", scope);
		goto out;
	}
	if (!json_absent(expires) && !date_parse_iso(json_slice(expires), &last)) {
		err_set(err, ERR_INPUT, "expires", "\"%s\" is not a date like 2026-03-31",
			json_text(expires, ""));
		goto out;
	}
	if (!date_is_none(last) && day_end(last, app->offset_minutes).ms <= app_now(app).ms) {
		err_set(err, ERR_INPUT, "expires", "\"%s\" is over already", json_text(expires, ""));
		goto out;
	}
	if (n >= 50) {
		err_set(err, ERR_LIMIT, NULL, "an account has at most %d tokens", 50);
		goto out;
	}
	secret_make(secret + strlen(TOKEN_PREFIX));
	struct instant now = app_now(app);
	struct session_row row = {
		.kind = SESSION_TOKEN,
		.id = fresh_id(app),
		.account = person->account,
		.created_at = now,
		.used_at = now,
		.expires_at = date_is_none(last) ? INSTANT_NONE : day_end(last, app->offset_minutes),
		.name = name,
		.data = slice_of(scope),
	};
	key_of(secret, row.key);
	if (!session_put(app->store, &row, err))
		goto out;
	struct json_writer w = jw_start(out);
	token_json(app, &w, &row, secret);
	jw_end(&w);
	done = true;
out:
	arena_close(a);
	return done;
}

bool session_token_delete(
	struct app *app, const struct person *person, const char *id, struct err *err)
{
	struct arena *a = arena_open();
	struct session_row *rows;
	struct uuid wanted;
	int n;
	bool done = may_change_own(person, err) && own_tokens(app, a, person, &rows, &n, err);
	if (done) {
		done = false;
		bool parsed = uuid_parse(slice_of(id), &wanted);
		for (int i = 0; parsed && i < n && !done; i++)
			if (uuid_equal(rows[i].id, wanted)) {
				done = session_remove(app->store, rows[i].key, err);
				goto out;
			}
		err_set(err, ERR_MISSING, NULL, "there is no such token");
	}
out:
	arena_close(a);
	return done;
}

/* ---- first run and the command line ---- */

bool session_first_run(struct app *app)
{
	struct arena *a = arena_open();
	struct slice set = {0};
	struct err err;
	bool first = setting_get(app->store, a, SETTING_FIRST_RUN, &set, &err) && set.s == NULL;
	arena_close(a);
	return first;
}

static bool first_administrator(
	struct app *app, struct arena *a, struct record **out, struct err *err)
{
	if (account_named(app, a, "admin", out, err))
		return true;
	if (err->code != ERR_MISSING)
		return false;
	static const char fields[] = "{\"fields\":{\"login\":\"admin\",\"name\":\"管理员\","
								 "\"roles\":[\"administrator\",\"office\"],\"active\":true}}";
	const struct json *body;
	struct person system = person_system("cli");
	struct submitted made;
	return json_parse(a, SLICE(fields), NULL, &body, err) &&
		app_create(app, a, &system, "account", body, NULL, &made, err) &&
		account_get(app, a, made.id, out, err);
}

bool session_make_link(
	struct app *app, struct arena *a, const char *login, const char **code, struct err *err)
{
	struct record *account;
	char secret[SECRET_TEXT];
	if (!(login ? account_named(app, a, login, &account, err)
				: first_administrator(app, a, &account, err)))
		return false;
	struct instant now = app_now(app);
	secret_make(secret);
	struct session_row row = {
		.kind = SESSION_LINK,
		.id = fresh_id(app),
		.account = account->id,
		.created_at = now,
		.used_at = now,
		.expires_at = {now.ms + SESSION_LINK_HOURS * HOUR_MS},
		.data = SLICE(""),
	};
	key_of(secret, row.key);
	if (!session_put(app->store, &row, err))
		return false;
	*code = arena_strdup(a, secret);
	return true;
}

bool session_add_account(struct app *app, struct arena *a, const struct person *by,
	const struct json *fields, const char *password, struct uuid *id, struct err *err)
{
	const char *login = json_text(json_get(fields, "login"), "");
	if (password && !password_check(password, login, err))
		return false;
	struct json_member member = {SLICE("fields"), *fields};
	struct json body = {.type = JSON_IS_OBJECT, .members = &member, .nmembers = 1};
	struct submitted made;
	if (!app_create(app, a, by, "account", &body, NULL, &made, err))
		return false;
	if (password && !store_password(app, made.id, login, password, err))
		return false;
	*id = made.id;
	return true;
}
