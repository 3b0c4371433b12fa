/* Signing in: links once, waits that grow, sessions that end, tokens that only read. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/lockout.h"
#include "app/session.h"
#include "app_help.h"

static struct person *signed_in(
	struct world *w, const char *login, const char *password, struct session *session)
{
	struct person *person;
	struct err err;
	int wait;
	assert_true(
		session_login(w->app, w->a, login, password, "10.0.0.1", session, &person, &wait, &err));
	return person;
}

static void the_first_administrator_comes_by_a_link(void **state)
{
	struct world *w = world_open();
	struct session session;
	struct person *person;
	struct err err;
	const char *code;
	char csrf[SESSION_SECRET_TEXT];
	int wait;
	assert_true(session_first_run(w->app));
	assert_true(session_make_link(w->app, w->a, NULL, &code, &err));
	assert_true(session_use_link(w->app, w->a, code, "10.0.0.1", &session, &person, &wait, &err));
	assert_true(person->must_set_password);
	assert_true(person_is(person, ROLE_ADMINISTRATOR));
	assert_false(session_use_link(
		w->app, w->a, code, "10.0.0.1", &session, &person, &wait, &err)); /* once */
	assert_int_equal(err.code, ERR_LOGIN);
	assert_true(session_make_link(w->app, w->a, NULL, &code, &err));
	assert_true(session_use_link(w->app, w->a, code, "10.0.0.1", &session, &person, &wait, &err));
	/* until there is a password nothing else is allowed */
	world_create_refused(w, person, ERR_DENIED, "unit", "\"name\":\"x\",\"kind\":\"department\"");
	assert_false(session_set_password(w->app, person, NULL, "short", session.cookie, &err));
	assert_true(session_set_password(w->app, person, NULL, "correct horse", session.cookie, &err));
	assert_false(session_first_run(w->app));
	assert_true(session_person(
		w->app, w->a, session.cookie, LANG_EN, &person, csrf, &err)); /* this session stays */
	assert_string_equal(csrf, session.csrf);
	assert_false(person->must_set_password);
	world_create(w, person, "unit", "\"name\":\"x\",\"kind\":\"department\"");
	assert_true(session_end(w->app, session.cookie, &err));
	assert_true(session_end(w->app, session.cookie, &err)); /* over is over */
	assert_false(session_person(w->app, w->a, session.cookie, LANG_EN, &person, csrf, &err));
	signed_in(w, "admin", "correct horse", &session);
	world_close(w);
	(void)state;
}

static void a_link_grows_old(void **state)
{
	struct world *w = world_open();
	struct session session;
	struct person *person;
	struct err err;
	const char *code;
	int wait;
	assert_true(session_make_link(w->app, w->a, NULL, &code, &err));
	w->now_ms += (SESSION_LINK_HOURS + 1) * INT64_C(3600000);
	assert_false(session_use_link(w->app, w->a, code, "10.0.0.1", &session, &person, &wait, &err));
	world_close(w);
	(void)state;
}

static void wrong_passwords_cost_growing_waits(void **state)
{
	struct world *w = world_open();
	struct session session;
	struct person *person;
	struct err err;
	int wait = 0, before = 0;
	world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	assert_true(session_reset_password(w->app, "office", "correct horse", &err));
	for (int i = 0; i < 5; i++) {
		assert_false(session_login(
			w->app, w->a, "office", "wrong horse", "10.0.0.1", &session, &person, &wait, &err));
		assert_int_equal(err.code, ERR_LOGIN);
	}
	for (int i = 0; i < 3; i++) {
		assert_true(wait > before);
		before = wait;
		/* right or wrong: who has to wait is not even asked */
		assert_false(session_login(
			w->app, w->a, "office", "correct horse", "10.0.0.9", &session, &person, &wait, &err));
		w->now_ms += wait * 1000;
		assert_false(session_login(
			w->app, w->a, "office", "wrong horse", "10.0.0.9", &session, &person, &wait, &err));
	}
	w->now_ms += wait * 1000;
	signed_in(w, "office", "correct horse", &session);
	assert_false(session_login(
		w->app, w->a, "nobody", "correct horse", "10.0.0.2", &session, &person, &wait, &err));
	assert_int_equal(err.code, ERR_LOGIN);
	world_close(w);
	(void)state;
}

static void the_old_password_is_guessed_no_faster_than_at_the_door(void **state)
{
	struct world *w = world_open();
	struct session session;
	struct err err;
	world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	assert_true(session_reset_password(w->app, "office", "correct horse", &err));
	struct person *person = signed_in(w, "office", "correct horse", &session);
	for (int i = 0; i < 5; i++) {
		assert_false(session_set_password(
			w->app, person, "wrong horse", "a new horse", session.cookie, &err));
		assert_int_equal(err.code, ERR_INPUT);
	}
	assert_false(
		session_set_password(w->app, person, "correct horse", "a new horse", session.cookie, &err));
	assert_int_equal(err.code, ERR_DENIED);
	w->now_ms += MS_PER_DAY;
	assert_true(
		session_set_password(w->app, person, "correct horse", "a new horse", session.cookie, &err));
	world_close(w);
	(void)state;
}

static void a_password_from_the_command_line_ends_links(void **state)
{
	struct world *w = world_open();
	struct session session;
	struct person *person;
	struct err err;
	const char *code;
	int wait;
	world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	assert_true(session_make_link(w->app, w->a, "office", &code, &err));
	assert_true(session_reset_password(w->app, "office", "correct horse", &err));
	assert_false(session_use_link(w->app, w->a, code, "10.0.0.1", &session, &person, &wait, &err));
	assert_int_equal(err.code, ERR_LOGIN);
	world_close(w);
	(void)state;
}

static void a_session_ends_unused_and_with_its_account(void **state)
{
	struct world *w = world_open();
	struct session session;
	struct person *person, system = person_system("cli");
	struct err err;
	char csrf[SESSION_SECRET_TEXT];
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	assert_true(session_reset_password(w->app, "office", "correct horse", &err));
	signed_in(w, "office", "correct horse", &session);
	for (int i = 0; i < 3; i++) { /* used every ten days it lives on */
		w->now_ms += 10 * MS_PER_DAY;
		assert_true(session_person(w->app, w->a, session.cookie, LANG_ZH, &person, csrf, &err));
	}
	world_reopen(w); /* and over a restart */
	assert_true(session_person(w->app, w->a, session.cookie, LANG_ZH, &person, csrf, &err));
	w->now_ms += 15 * MS_PER_DAY;
	assert_false(session_person(w->app, w->a, session.cookie, LANG_ZH, &person, csrf, &err));
	signed_in(w, "office", "correct horse", &session);
	world_update(w, &system, "account", office.account, "\"active\":false");
	assert_false(session_person(w->app, w->a, session.cookie, LANG_ZH, &person, csrf, &err));
	assert_int_equal(err.code, ERR_LOGIN);
	world_close(w);
	(void)state;
}

static void tokens_have_scope_and_end(void **state)
{
	struct world *w = world_open();
	struct person office =
					  world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}}),
				  *person;
	struct err err;
	struct str out = STR_INIT;
	const struct json *body;
	assert_true(json_parse(w->a,
		SLICE("{\"name\":\"board\",\"scope\":\"read\",\"expires\":\"2026-03-31\"}"), NULL, &body,
		&err));
	assert_true(session_token_create(w->app, &office, body, &out, &err));
	const struct json *made = world_parse(w, &out);
	const char *secret = json_text(json_get(made, "token"), "");
	assert_true(session_token_person(w->app, w->a, secret, LANG_EN, &person, &err));
	assert_true(person->read_only);
	world_create_refused(w, person, ERR_DENIED, "project", "\"title\":\"x\"");
	assert_false(session_token_delete(
		w->app, person, json_text(json_get(made, "id"), ""), &err)); /* not even itself */
	assert_int_equal(err.code, ERR_DENIED);
	assert_false(session_set_password(w->app, person, "correct horse", "a new horse", NULL, &err));
	assert_int_equal(err.code, ERR_DENIED);
	assert_true(session_tokens_json(w->app, &office, &out, &err));
	const struct json *list = world_parse(w, &out);
	assert_int_equal(json_count(json_get(list, "tokens")), 1);
	assert_null(json_get(json_at(json_get(list, "tokens"), 0), "token")); /* told once */
	world_day(w, 2026, 4, 1);
	assert_false(session_token_person(w->app, w->a, secret, LANG_EN, &person, &err));
	assert_false(session_token_person(w->app, w->a, "gt_made-up", LANG_EN, &person, &err));
	world_close(w);
	(void)state;
}

static void waits_are_per_key(void **state)
{
	struct lockout *l = lockout_open(2);
	struct instant now = {1000000};
	for (int i = 0; i < 4; i++)
		lockout_failed(l, "a", now);
	assert_true(lockout_wait(l, "a", now) > 0);
	assert_int_equal(lockout_wait(l, "b", now), 0);
	lockout_passed(l, "a");
	assert_int_equal(lockout_wait(l, "a", now), 0);
	for (int i = 0; i < 40; i++)
		lockout_failed(l, "c", now);
	assert_int_equal(lockout_wait(l, "c", now), LOCKOUT_MOST_SECONDS);
	lockout_close(l);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_administrator_comes_by_a_link),
		cmocka_unit_test(a_link_grows_old),
		cmocka_unit_test(wrong_passwords_cost_growing_waits),
		cmocka_unit_test(the_old_password_is_guessed_no_faster_than_at_the_door),
		cmocka_unit_test(a_password_from_the_command_line_ends_links),
		cmocka_unit_test(a_session_ends_unused_and_with_its_account),
		cmocka_unit_test(tokens_have_scope_and_end),
		cmocka_unit_test(waits_are_per_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
