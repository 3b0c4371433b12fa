/* Definitions as answers, and the one way to add to them: checked as a whole together with all there is, tables first,
 * then the journaled record, then everybody uses the new catalogue. */
#include "app/registers.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/access.h"
#include "app/submit.h"
#include "base/embed.h"
#include "base/os.h"
#include "report/sheet.h"

/* ---- reading ---- */

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

static void allow_json(struct app *app, struct json_writer *w, const struct person *person,
	const struct register_def *reg)
{
	jw_key(w, "allow");
	jw_object(w);
	for (int verb = 0; verb < VERB_COUNT; verb++) {
		struct err ignored;
		if (verb != VERB_STEP)
			jw_kb(w, verb_names[verb],
				may(app, person, (enum verb)verb, reg, NULL, NULL, NULL, &ignored));
	}
	jw_object_end(w);
}

bool app_registers_json(
	struct app *app, const struct person *person, struct str *out, struct err *err)
{
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	app_read_lock(app);
	const struct catalogue *catalogue = app_catalogue(app);
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_ki(&w, "edition", catalogue->edition);
	jw_key(&w, "registers");
	jw_array(&w);
	for (int i = 0; i < catalogue->n; i++) {
		const struct register_def *reg = &catalogue->registers[i];
		if (!person->system && !access_roles(person, reg, VERB_READ, NULL))
			continue;
		register_to_json(&w, reg);
		/* a member more in the object just written */
		assert(out->s[out->n - 1] == '}');
		out->s[--out->n] = 0;
		struct json_writer inside = {.out = out, .depth = w.depth + 1, .comma = true};
		allow_json(app, &inside, person, reg);
		jw_object_end(&inside);
	}
	jw_array_end(&w);
	jw_object_end(&w);
	jw_end(&w);
	app_unlock(app);
	return true;
}

void app_reference(struct app *app, enum lang lang, struct str *out)
{
	register_reference(out, app_catalogue(app), lang);
}

void app_register_schema(struct str *out)
{
	const struct embedded *schema = embed_find("registers/schema.json");
	str_slice(out, schema ? embed_text(schema) : SLICE("{}"));
}

/* ---- for OpenAPI ---- */

struct spelling {
	const char *type, *format, *items;
};

static struct spelling spelling_of(enum field_type type)
{
	switch (type) {
	case FIELD_INTEGER:
	case FIELD_MONEY: return (struct spelling){"integer", "int64", NULL};
	case FIELD_QUANTITY:
	case FIELD_PERCENT: return (struct spelling){"number", NULL, NULL};
	case FIELD_DATE: return (struct spelling){"string", "date", NULL};
	case FIELD_INSTANT: return (struct spelling){"string", "date-time", NULL};
	case FIELD_YESNO: return (struct spelling){"boolean", NULL, NULL};
	case FIELD_REF: return (struct spelling){"string", "uuid", NULL};
	case FIELD_FILE: return (struct spelling){"string", NULL, NULL};
	case FIELD_CHOICES:
	case FIELD_REFS:
	case FIELD_FILES: return (struct spelling){"array", NULL, "string"};
	case FIELD_POINT:
	case FIELD_LINE:
	case FIELD_AREA: return (struct spelling){"object", NULL, NULL};
	case FIELD_JSON: return (struct spelling){NULL, NULL, NULL};
	default: return (struct spelling){"string", NULL, NULL};
	}
}

static void enum_json(struct json_writer *w, const struct field *f)
{
	jw_key(w, "enum");
	jw_array(w);
	for (int i = 0; i < f->nchoices; i++)
		jw_text(w, f->choices[i].name);
	if (f->type == FIELD_CHOICE && !f->required)
		jw_null(w);
	jw_array_end(w);
}

static void field_schema(struct json_writer *w, const struct field *f)
{
	struct spelling s = spelling_of(f->type);
	jw_key(w, f->name);
	jw_object(w);
	jw_kt(w, "title", f->label.en);
	if (f->help.en)
		jw_kt(w, "description", f->help.en);
	if (s.type) {
		jw_key(w, "type");
		jw_array(w);
		jw_text(w, s.type);
		jw_text(w, "null");
		jw_array_end(w);
	}
	if (s.format)
		jw_kt(w, "format", s.format);
	if (f->type == FIELD_CHOICE)
		enum_json(w, f);
	if (s.items) {
		jw_key(w, "items");
		jw_object(w);
		jw_kt(w, "type", s.items);
		if (f->type == FIELD_CHOICES)
			enum_json(w, f);
		jw_object_end(w);
	}
	if (f->max && strcmp(s.type ? s.type : "", "string") == 0)
		jw_ki(w, "maxLength", f->max);
	jw_object_end(w);
}

static void register_schema(struct json_writer *w, struct arena *a, const struct register_def *reg)
{
	jw_key(w, arena_printf(a, "%s_fields", reg->name));
	jw_object(w);
	jw_kt(w, "title", reg->label.en);
	jw_kt(w, "type", "object");
	jw_kb(w, "additionalProperties", false);
	jw_key(w, "properties");
	jw_object(w);
	for (int i = 0; i < reg->nfields; i++)
		if (field_is_stored(&reg->fields[i]))
			field_schema(w, &reg->fields[i]);
	jw_object_end(w);
	jw_object_end(w);
	jw_key(w, reg->name);
	jw_object(w);
	jw_key(w, "allOf");
	jw_array(w);
	jw_object(w);
	jw_kt(w, "$ref", "#/components/schemas/record");
	jw_object_end(w);
	jw_object(w);
	jw_kt(w, "type", "object");
	jw_key(w, "properties");
	jw_object(w);
	jw_key(w, "fields");
	jw_object(w);
	jw_kt(w, "$ref", arena_printf(a, "#/components/schemas/%s_fields", reg->name));
	jw_object_end(w);
	jw_object_end(w);
	jw_object_end(w);
	jw_array_end(w);
	jw_object_end(w);
}

void app_schemas_json(struct app *app, struct str *out)
{
	const struct catalogue *catalogue = app_catalogue(app);
	struct arena *a = arena_open();
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	for (int i = 0; i < catalogue->n; i++)
		register_schema(&w, a, &catalogue->registers[i]);
	jw_object_end(&w);
	str_slice(out, (struct slice){text.s + 1, text.n - 2}); /* members only */
	str_free(&text);
	arena_close(a);
}

/* ---- the Excel form ---- */

struct names {
	struct app *app;
	struct arena *a;
};

#define NAMES_MOST 2000 /* of one drop-down */

static int by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char *const *names_of(void *self, const struct field *field, int *n)
{
	struct names *names = self;
	const struct board *b = names->app->board;
	int table = board_table_named(b, field->to);
	*n = 0;
	if (table < 0 || board_count(board_table(b, table)) > NAMES_MOST)
		return NULL;
	const struct board_table *t = board_table(b, table);
	const char **out = ARENA_ARRAY(names->a, const char *, (size_t)board_count(t) + 1);
	for (int32_t row = 0; row < board_rows(t); row++) {
		struct slice title = board_alive(t, row) ? board_title(t, row) : (struct slice){0};
		if (title.s)
			out[(*n)++] = arena_text(names->a, title);
	}
	qsort(out, (size_t)*n, sizeof(*out), by_text);
	return out;
}

bool app_template_xlsx(
	struct app *app, const struct person *person, const char *reg, struct str *out, struct err *err)
{
	const struct register_def *def;
	uint64_t random;
	struct slice bytes;
	if (!app_register_find(app, reg, &def, err))
		return false;
	struct arena *a = arena_open();
	struct names names = {app, a};
	os_random(&random, sizeof(random));
	const char *scratch = arena_printf(a, "%s/scratch", app->folder);
	const char *path = arena_printf(a, "%s/%016llx.xlsx", scratch, (unsigned long long)random);
	app_read_lock(app);
	bool done = may(app, person, VERB_READ, def, NULL, NULL, NULL, err) &&
		os_make_folder(scratch, err) &&
		sheet_template(path, scratch, def, person->lang, names_of, &names, err);
	app_unlock(app);
	if (done) {
		done = os_read_file(a, path, LIMIT_UPLOAD_BYTES, &bytes, err);
		unlink(path);
	}
	if (done)
		str_slice(out, bytes);
	arena_close(a);
	return done;
}

/* ---- adding ---- */

static bool known_role(const char *name)
{
	return strcmp(name, "anyone") == 0 || role_named(name) >= 0;
}

static bool check_roles(const struct register_def *reg, struct err *err)
{
	for (int verb = 0; verb < VERB_COUNT; verb++)
		for (int i = 0; i < reg->allow[verb].n; i++)
			if (!known_role(reg->allow[verb].roles[i]))
				return err_set(err, ERR_INPUT, reg->name, "there is no role \"%s\"",
					reg->allow[verb].roles[i]);
	for (int s = 0; s < reg->nsteps; s++)
		for (int i = 0; i < reg->steps[s].nby; i++)
			if (!known_role(reg->steps[s].by[i]))
				return err_set(
					err, ERR_INPUT, reg->name, "there is no role \"%s\"", reg->steps[s].by[i]);
	return true;
}

static bool record_definition(struct app *app, struct arena *a, const struct person *person,
	const char *name, struct slice text, struct err *err)
{
	struct str body = STR_INIT;
	const struct json *parsed;
	struct submitted made;
	struct json_writer w = jw_start(&body);
	jw_object(&w);
	jw_key(&w, "fields");
	jw_object(&w);
	jw_kt(&w, "name", name);
	jw_ks(&w, "text", text);
	jw_kb(&w, "active", true);
	jw_object_end(&w);
	jw_object_end(&w);
	bool done = json_parse(a, str_view(&body), NULL, &parsed, err) &&
		app_create(app, a, person, "definition", parsed, NULL, &made, err);
	str_free(&body);
	return done;
}

static bool add(struct app *app, struct arena *a, const struct person *person,
	const struct json *body, const struct catalogue **out, struct err *err)
{
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_json(&w, body);
	struct slice definition = arena_slice(a, str_view(&text));
	str_free(&text);
	const char *name = json_text(json_get(body, "register"), "");
	struct definition_source *sources;
	int n;
	if (!app_own_definitions(app, a, &sources, &n, err))
		return false;
	sources[n++] = (struct definition_source){
		.name = arena_printf(a, "definition %s", name), .text = definition};
	const struct catalogue *now = app_catalogue(app), *grown;
	if (!catalogue_builtin(sources, n, now->edition + 1, &grown, err))
		return false;
	const struct register_def *reg = catalogue_find(grown, name);
	if (!reg || !check_roles(reg, err) || !ladder_check(&app->ladders, grown, err) ||
		!store_use_catalogue(app->store, grown, err)) {
		catalogue_close(grown);
		return reg != NULL
			? false
			: err_set(err, ERR_INPUT, "register", "a definition needs the name of its register");
	}
	/* the tables stand; now it is said in the journal, then everybody uses it */
	if (!record_definition(app, a, person, name, definition, err)) {
		struct err ignored;
		(void)!store_use_catalogue(app->store, now, &ignored);
		catalogue_close(grown);
		return false;
	}
	*out = grown;
	return true;
}

bool app_register_add(struct app *app, struct arena *a, const struct person *person,
	const struct json *body, struct str *out, struct err *err)
{
	const struct register_def *def;
	const struct catalogue *grown;
	if (!app_register_find(app, "definition", &def, err))
		return false;
	app_read_lock(app);
	bool allowed = may(app, person, VERB_CREATE, def, NULL, NULL, NULL, err);
	app_unlock(app);
	if (!allowed)
		return false;
	pthread_mutex_lock(&app->definitions);
	bool done = add(app, a, person, body, &grown, err) && app_use_catalogue(app, grown, err);
	pthread_mutex_unlock(&app->definitions);
	if (!done)
		return false;
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_ki(&w, "edition", grown->edition);
	jw_kt(&w, "register", json_text(json_get(body, "register"), ""));
	jw_object_end(&w);
	jw_end(&w);
	return true;
}
