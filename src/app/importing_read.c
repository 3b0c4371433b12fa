/* Reads a draft's ledger with the board at hand: who a cell names, which record a row is about, what was mapped before. */
#include "app/importing_drafts.h"

#include "app/planning_inside.h"
#include "app/registers.h"
#include "base/json.h"
#include "base/os.h"
#include "base/utf8.h"

#define MISSING_MOST 5000

static bool can_be_made(const char *reg)
{
	return strcmp(reg, "unit") == 0 || strcmp(reg, "area") == 0;
}

/* "unit:name" without any white space, as lookup compares names: "经济 局" and "经济局" are one. */
static char *missing_key(struct finder *f, const char *reg, struct slice text)
{
	char *key = arena_printf(f->a, "%s:%.*s", reg, (int)text.n, text.s), *to = key;
	for (const char *p = key; *p; p++) {
		size_t wide = strncmp(p, "\xe3\x80\x80", 3) == 0 ? 3
			: strncmp(p, "\xc2\xa0", 2) == 0             ? 2
														 : 0;
		if (wide)
			p += wide - 1;
		else if ((unsigned char)*p > 32)
			*to++ = *p;
	}
	*to = '\0';
	return key;
}

/* Notes a unit or area that is not there; the same name again is the same one. */
static struct missing *note_missing(struct finder *f, const char *reg, struct slice text)
{
	struct arena_mark mark = arena_mark(f->a);
	char *key = missing_key(f, reg, text);
	int32_t at = map_get(f->index, slice_of(key));
	if (at >= 0) {
		arena_rewind(f->a, mark);
		return &f->missing[at];
	}
	if (f->nmissing == MISSING_MOST)
		return NULL;
	map_put(f->index, slice_of(key), f->nmissing);
	if (f->nmissing == f->room) {
		int more = f->room * 2 + 32;
		f->missing =
			arena_grow(f->a, f->missing, (size_t)f->room, (size_t)more, sizeof(*f->missing));
		f->room = more;
	}
	uint8_t random[10];
	os_random(random, sizeof(random));
	f->missing[f->nmissing] = (struct missing){reg, arena_text(f->a, text),
		lookup_nearest(f->lookup, f->a, reg, text), uuid_v7(app_now(f->app), random), 0};
	return &f->missing[f->nmissing++];
}

/* A cell that lists a dozen ministries is too long for a name: the beginning of it, and that it goes on. */
static struct slice fitting(struct finder *f, const char *reg, struct slice text)
{
	const struct register_def *def = catalogue_find(app_catalogue(f->app), reg);
	const struct field *name = def ? register_field(def, "name") : NULL;
	size_t most = name && name->max ? (size_t)name->max : 100;
	if (utf8_length(text) <= most)
		return text;
	size_t at = 0;
	for (size_t n = 0; n + 1 < most; n++)
		(void)utf8_next(text, &at);
	return slice_of(arena_printf(f->a, "%.*s…", (int)at, text.s));
}

static bool find_ref(void *self, struct arena *a, const struct field *field, struct slice text,
	struct uuid *out, const char **nearest)
{
	struct finder *f = self;
	text = utf8_trim(text);
	if (lookup_named(f->lookup, field->to, text, out))
		return true;
	if (!nearest)
		return false;
	const char *like = NULL;
	if (can_be_made(field->to)) {
		text = fitting(f, field->to, text);
		if (lookup_named(f->lookup, field->to, text, out))
			return true; /* made by an import before, shortened as now */
		const struct missing *m = note_missing(f, field->to, text);
		if (m && f->import->chose.create_missing) {
			*out = m->id;
			return true;
		}
		like = m ? m->nearest : NULL;
	} else {
		like = lookup_nearest(f->lookup, a, field->to, text);
	}
	if (like)
		*nearest = like;
	return false;
}

static void count_ref(void *self, const struct field *field, struct slice text)
{
	struct finder *f = self;
	if (f->nmissing == 0 || !can_be_made(field->to))
		return;
	struct arena_mark mark = arena_mark(f->a);
	text = fitting(f, field->to, utf8_trim(text));
	int32_t at = map_get(f->index, slice_of(missing_key(f, field->to, text)));
	if (at >= 0)
		f->missing[at].rows++;
	arena_rewind(f->a, mark);
}

static bool find_record(
	void *self, const struct field *field, const struct value *key, struct uuid *out)
{
	struct finder *f = self;
	int table = key->kind == VALUE_ID ? board_table_named(f->app->board, f->import->reg) : -1;
	if (key->kind == VALUE_ID) {
		*out = key->id;
		return table >= 0 && board_row(board_table(f->app->board, table), key->id) >= 0;
	}
	return lookup_value(f->lookup, f->import->reg, field ? field->name : NULL, key, out);
}

static bool remembered_row(void *self, const struct record *r)
{
	struct remembered *m = self;
	const struct value *reg = record_value(r, "target_register"),
					   *print = record_value(r, "fingerprint");
	const struct value *mapping = record_value(r, "mapping");
	const struct json *parsed;
	struct err ignored; /* a mapping that cannot be read is as good as none */
	if (reg->kind != VALUE_TEXT || print->kind != VALUE_TEXT || !slice_is(reg->text, m->reg) ||
		!slice_is(print->text, m->fingerprint))
		return true;
	m->record = record_new(m->a, r->reg);
	m->record->id = r->id;
	m->record->version = r->version;
	if (mapping->kind != VALUE_TEXT ||
		!json_parse(m->a, arena_slice(m->a, mapping->text), NULL, &parsed, &ignored))
		return false;
	m->choices = ARENA_ARRAY(m->a, struct ledger_choice, (size_t)json_count(parsed) + 1);
	for (int i = 0; parsed->type == JSON_IS_OBJECT && i < parsed->nmembers; i++)
		m->choices[m->n++] = (struct ledger_choice){
			-1, parsed->members[i].key.s, json_text(&parsed->members[i].value, "")};
	return false;
}

int import_sheet(const struct import *i)
{
	for (int s = 0; i->chose.sheet && s < i->book.nsheets; s++)
		if (strcmp(i->book.sheets[s].name, i->chose.sheet) == 0)
			return s;
	return -1;
}

bool import_read_stands(struct app *app, const struct import *i)
{
	const struct reading_run *run = i->read;
	return run && run->journal == board_journal(app->board) &&
		run->catalogue == app_catalogue(app) && run->today.day == app_today(app).day;
}

void import_forget(struct import *i)
{
	if (i->read)
		arena_close(i->read->a);
	i->read = NULL;
}

static bool read_ledger(
	struct app *app, struct import *i, struct arena *a, struct reading_run *run, struct err *err)
{
	const struct register_def *reg, *child = NULL, *mapping;
	if (!app_register_find(app, i->reg, &reg, err) ||
		(i->chose.child && !app_register_find(app, i->chose.child, &child, err)))
		return false;
	const char *kept[PLANNING_KEPT_MOST];
	struct ledger_options options = {
		.reg = reg,
		.child = child,
		.today = run->today,
		.sheet = import_sheet(i),
		.header_row = i->chose.header_row,
		.money_unit = i->chose.money_unit,
		.keep_unknown = i->chose.keep_unknown,
		.key = i->chose.key,
		.given = i->chose.given,
		.ngiven = i->chose.ngiven,
		.find_ref = find_ref,
		.count_ref = count_ref,
		.find_record = find_record,
		.constants = i->chose.constants,
		.nconstants = i->chose.nconstants,
		.kept = kept,
		.nkept = planning_kept(i->reg, kept),
		.self = &run->finder,
	};
	run->remembered = (struct remembered){.a = a, .reg = i->reg};
	if (!ledger_fingerprint(a, &i->book, &options, &run->remembered.fingerprint, err))
		return false;
	mapping = catalogue_find(app_catalogue(app), "mapping");
	if (mapping && !store_scan(app->store, mapping, remembered_row, &run->remembered, err))
		return false;
	options.remembered = run->remembered.choices;
	options.nremembered = run->remembered.n;
	run->finder.index = map_open();
	app_read_lock(app);
	run->finder.lookup = lookup_open(app->board);
	bool done = ledger_read(a, &i->book, &options, &run->result, err);
	app_unlock(app);
	lookup_close(run->finder.lookup);
	map_close(run->finder.index);
	run->finder.lookup = NULL;
	run->finder.index = NULL;
	return done;
}

bool import_read(struct app *app, struct import *i, const struct reading_run **out, struct err *err)
{
	app_read_lock(app);
	bool stands = import_read_stands(app, i);
	int64_t journal =
		board_journal(app->board); /* what comes in while it is read makes it untrue */
	app_unlock(app);
	if (!stands) {
		import_forget(i);
		struct arena *a = arena_open();
		struct reading_run *run = ARENA_NEW(a, struct reading_run);
		*run = (struct reading_run){.a = a,
			.finder = {.app = app, .import = i, .a = a},
			.catalogue = app_catalogue(app),
			.journal = journal,
			.today = app_today(app)};
		if (!read_ledger(app, i, a, run, err)) {
			arena_close(a);
			return false;
		}
		i->read = run;
	}
	*out = i->read;
	return true;
}
