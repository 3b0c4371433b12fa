/* The access matrix: test/golden/access.tsv says, for every register and every verb and step, what each role may do with
 * its own record, one in the same scope, and a foreign one. This test walks all of it through the gate. After a deliberate
 * change: GUATU_WRITE_GOLDEN=1 test_access, then read the difference. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/access.h"
#include "app/submit.h"
#include "app_help.h"
#include "base/os.h"

enum { OWN, SAME, FOREIGN, OBJECTS };

struct matrix {
	struct world *w;
	struct person people[ROLE_COUNT];
	struct uuid projects[OBJECTS];
	struct str text;
};

static const char *const verb_names[VERB_COUNT] = {
	[VERB_READ] = "read",
	[VERB_CREATE] = "create",
	[VERB_UPDATE] = "update",
	[VERB_STEP] = "step",
	[VERB_DELETE] = "delete",
	[VERB_IMPORT] = "import",
	[VERB_EXPORT] = "export",
	[VERB_ADMIN] = "admin",
};

/* Some value of the field's type: the gate looks at refs alone. */
static struct record *object_of(struct matrix *m, const struct register_def *reg, int object)
{
	struct record *r = record_new(m->w->a, reg);
	const struct uuid units[OBJECTS] = {m->w->bureau_a, m->w->office_a, m->w->bureau_b};
	const struct uuid areas[OBJECTS] = {m->w->north, m->w->north, m->w->south};
	r->reg = reg;
	r->id = (struct uuid){{0xee, (uint8_t)object, (uint8_t)reg->index}};
	r->version = 1;
	r->state = reg->nstates ? reg->states[0].name : NULL;
	for (int i = 0; i < reg->nfields; i++) {
		const struct field *f = &reg->fields[i];
		if (f->type != FIELD_REF)
			continue;
		bool up = reg->of && strcmp(f->name, reg->of) == 0;
		if (up && strcmp(f->to, "project") == 0)
			r->values[i] = (struct value){.kind = VALUE_ID, .id = m->projects[object]};
		else if ((up || !reg->of) && strcmp(f->to, "unit") == 0)
			r->values[i] = (struct value){.kind = VALUE_ID, .id = units[object]};
		else if (!reg->of && strcmp(f->to, "area") == 0)
			r->values[i] = (struct value){.kind = VALUE_ID, .id = areas[object]};
	}
	return r;
}

static char decide(struct matrix *m, int role, enum verb verb, const struct register_def *reg,
	const struct step *step, int object)
{
	struct err err;
	const struct record *record = NULL;
	const struct value *given = NULL;
	struct record *some = object_of(m, reg, object);
	if (strcmp(reg->name, "project") == 0)
		some->id = m->projects[object];
	if (verb == VERB_CREATE)
		given = some->values;
	else if (verb != VERB_IMPORT && verb != VERB_EXPORT && verb != VERB_ADMIN)
		record = some;
	if (may(m->w->app, &m->people[role], verb, reg, record, given, step, &err))
		return 'y';
	assert_true(err.code == ERR_DENIED || err.code == ERR_MISSING);
	return err.code == ERR_MISSING ? 'h' : 'n';
}

static void row(
	struct matrix *m, const struct register_def *reg, enum verb verb, const struct step *step)
{
	if (step)
		str_printf(&m->text, "%s\t:%s", reg->name, step->name);
	else
		str_printf(&m->text, "%s\t%s", reg->name, verb_names[verb]);
	for (int role = 0; role < ROLE_COUNT; role++) {
		str_putc(&m->text, '\t');
		for (int object = 0; object < OBJECTS; object++)
			str_putc(&m->text, decide(m, role, verb, reg, step, object));
	}
	str_putc(&m->text, '\n');
}

static void open_matrix(struct matrix *m)
{
	struct person system = person_system("cli");
	*m = (struct matrix){.w = world_open()};
	for (int role = 0; role < ROLE_COUNT; role++) {
		bool everywhere = role == ROLE_ADMINISTRATOR || role == ROLE_OFFICE ||
			role == ROLE_LEADER || role == ROLE_AUDITOR;
		m->people[role] = world_person(m->w, role_words[role].name, role_words[role].name,
			everywhere || role == ROLE_PLEDGE_LEADER || role == ROLE_SERVICE_OFFICER
				? (struct uuid){{0}}
				: m->w->bureau_a,
			role == ROLE_TOWN ? m->w->north : (struct uuid){{0}});
	}
	m->projects[OWN] = world_project(m->w, "自己的", m->w->bureau_a, m->w->north);
	m->projects[SAME] = world_project(m->w, "同范围的", m->w->office_a, m->w->north);
	m->projects[FOREIGN] = world_project(m->w, "别人的", m->w->bureau_b, m->w->south);
	world_update(m->w, &system, "project", m->projects[OWN],
		"\"commander_account\":\"%s\",\"pledge_leader_account\":\"%s\",\"service_officer_account\":"
		"\"%s\"",
		world_id(m->w, m->people[ROLE_COMMANDER].account),
		world_id(m->w, m->people[ROLE_PLEDGE_LEADER].account),
		world_id(m->w, m->people[ROLE_SERVICE_OFFICER].account));
}

static void close_matrix(struct matrix *m)
{
	str_free(&m->text);
	world_close(m->w);
}

static const char head[] =
	"# Who may do what. A cell has three letters: with the own record, with one in the same scope, "
	"with a foreign one.\n"
	"# y allowed, n refused, h hidden (as if it were not there). A verb with a colon is a step. "
	"own: the person's unit leads it\n"
	"# or it names him; same: a unit below his, or his area; foreign: neither.\n";

static void the_matrix_is_as_written(void **state)
{
	struct matrix m;
	open_matrix(&m);
	str_puts(&m.text, head);
	str_puts(&m.text, "register\tverb");
	for (int role = 0; role < ROLE_COUNT; role++)
		str_printf(&m.text, "\t%s", role_words[role].name);
	str_putc(&m.text, '\n');
	app_read_lock(m.w->app);
	const struct catalogue *catalogue = app_catalogue(m.w->app);
	for (int i = 0; i < catalogue->n; i++) {
		const struct register_def *reg = &catalogue->registers[i];
		for (int verb = 0; verb < VERB_COUNT; verb++)
			if (verb != VERB_STEP)
				row(&m, reg, (enum verb)verb, NULL);
		for (int s = 0; s < reg->nsteps; s++)
			row(&m, reg, VERB_STEP, &reg->steps[s]);
	}
	app_unlock(m.w->app);

	const char *source = getenv("GUATU_SOURCE");
	struct err err;
	struct slice golden;
	assert_non_null(source);
	const char *path = arena_printf(m.w->a, "%s/test/golden/access.tsv", source);
	if (getenv("GUATU_WRITE_GOLDEN"))
		assert_true(os_write_file(path, str_view(&m.text), &err));
	assert_true(os_read_file(m.w->a, path, 1 << 20, &golden, &err));
	assert_string_equal(str_text(&m.text), arena_text(m.w->a, golden));
	close_matrix(&m);
	(void)state;
}

static void lists_show_exactly_what_the_gate_lets_through(void **state)
{
	struct matrix m;
	open_matrix(&m);
	app_read_lock(m.w->app);
	const struct board *b = m.w->app->board;
	int table = board_table_named(b, "project");
	const struct board_table *t = board_table(b, table);
	const struct register_def *reg = board_register(t);
	int seen = 0;
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct err err;
		struct query_scope scope;
		assert_true(may_list(b, m.w->a, &m.people[role], VERB_READ, reg, &scope, &err));
		for (int object = 0; object < OBJECTS; object++) {
			int32_t at = board_row(t, m.projects[object]);
			bool listed = scope_sees(b, table, at, &scope);
			assert_int_equal(listed, decide(&m, role, VERB_READ, reg, NULL, object) == 'y');
			seen += listed;
		}
	}
	assert_true(seen > ROLE_COUNT && seen < ROLE_COUNT * OBJECTS);
	app_unlock(m.w->app);
	close_matrix(&m);
	(void)state;
}

static void nobody_and_tokens_are_held_back(void **state)
{
	struct matrix m;
	struct err err;
	open_matrix(&m);
	struct person reader = m.people[ROLE_OFFICE], guest = m.people[ROLE_OFFICE];
	reader.read_only = true;
	guest.must_set_password = true;
	const struct register_def *reg = catalogue_find(app_catalogue(m.w->app), "project");
	app_read_lock(m.w->app);
	assert_false(may(m.w->app, NULL, VERB_READ, reg, NULL, NULL, NULL, &err));
	assert_int_equal(err.code, ERR_LOGIN);
	assert_true(may(m.w->app, &reader, VERB_READ, reg, NULL, NULL, NULL, &err));
	assert_false(may(m.w->app, &reader, VERB_CREATE, reg, NULL, NULL, NULL, &err));
	assert_int_equal(err.code, ERR_DENIED);
	assert_false(may(m.w->app, &guest, VERB_READ, reg, NULL, NULL, NULL, &err));
	assert_int_equal(err.code, ERR_DENIED);
	app_unlock(m.w->app);
	/* a project may not be made for somebody else's unit, nor handed out of sight */
	world_create_refused(m.w, &m.people[ROLE_DEPARTMENT], ERR_DENIED, "project",
		"\"title\":\"x\",\"lead_unit\":\"%s\"", world_id(m.w, m.w->bureau_b));
	world_update_refused(m.w, &m.people[ROLE_DEPARTMENT], ERR_MISSING, "project",
		m.projects[FOREIGN], "\"address\":\"x\"");
	close_matrix(&m);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_matrix_is_as_written),
		cmocka_unit_test(lists_show_exactly_what_the_gate_lets_through),
		cmocka_unit_test(nobody_and_tokens_are_held_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
