/*
 * One definition file, from JSON to a draft. Strict: an unknown key is an error with its path, because a mistyped
 * "requierd" that is passed over in silence costs an office its data. Names are only looked up in register_load.c.
 */
#include "model/register_draft.h"

#include "base/date.h"
#include "base/num.h"
#include "model/code.h"

struct reader {
	struct drafts *all;
	const struct definition_source *source;
	struct draft *d;
	bool extends; /* adds to a register of an earlier source */
};

#define REFUSE(r, path, ...) err_set((r)->all->err, ERR_INPUT, at((r), (path)), __VA_ARGS__)

static const char *at(const struct reader *r, const char *path)
{
	return arena_printf(r->all->scratch, "%s, %s", r->source->name, path);
}

static const char *under(const struct reader *r, const char *path, const char *key)
{
	return arena_printf(r->all->scratch, "%s.%s", path, key);
}

static const char *item(const struct reader *r, const char *path, int i)
{
	return arena_printf(r->all->scratch, "%s[%d]", path, i);
}

/* ---- plain parts ---- */

static bool only_keys(const struct reader *r, const struct json *object, const char *path, const char *const *keys)
{
	if (!object || object->type != JSON_IS_OBJECT)
		return REFUSE(r, path, "must be an object");
	for (int i = 0; i < object->nmembers; i++) {
		bool known = false;
		for (int k = 0; keys[k] && !known; k++)
			known = slice_is(object->members[i].key, keys[k]);
		if (!known)
			return REFUSE(r, path, "unknown key \"%s\"", object->members[i].key.s);
	}
	return true;
}

static bool read_text(const struct reader *r, const struct json *object, const char *path, const char *key,
	const char **out)
{
	const struct json *j = json_get(object, key);
	if (!j)
		return true;
	if (j->type != JSON_IS_TEXT || j->text.n == 0)
		return REFUSE(r, under(r, path, key), "must be a text that is not empty");
	*out = arena_text(r->all->a, j->text);
	return true;
}

/* A name that can be a column, a table and a JSON key. */
static bool check_name(const struct reader *r, const char *path, const char *name)
{
	size_t n = strlen(name);
	bool good = n > 0 && n <= 48 && name[0] >= 'a' && name[0] <= 'z';
	for (size_t i = 0; good && i < n; i++)
		good = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') || name[i] == '_';
	if (!good)
		return REFUSE(r, path, "\"%s\" is not a name: small letters, digits and _, at most 48, a letter first", name);
	return true;
}

static bool read_name(const struct reader *r, const struct json *object, const char *path, const char *key,
	bool required, const char **out)
{
	if (!read_text(r, object, path, key, out))
		return false;
	if (!*out)
		return required ? REFUSE(r, path, "has no \"%s\"", key) : true;
	return check_name(r, under(r, path, key), *out);
}

static bool read_flag(const struct reader *r, const struct json *object, const char *path, const char *key, bool *out)
{
	const struct json *j = json_get(object, key);
	if (!j)
		return true;
	if (j->type != JSON_IS_TRUE && j->type != JSON_IS_FALSE)
		return REFUSE(r, under(r, path, key), "must be true or false");
	*out = j->type == JSON_IS_TRUE;
	return true;
}

static bool read_int(const struct reader *r, const struct json *object, const char *path, const char *key, int least,
	int most, int *out)
{
	const struct json *j = json_get(object, key);
	if (!j)
		return true;
	if (j->type != JSON_IS_INT || j->i < least || j->i > most)
		return REFUSE(r, under(r, path, key), "must be a whole number from %d to %d", least, most);
	*out = (int)j->i;
	return true;
}

/* {"zh","en"}, or one text for both. */
static bool read_label(const struct reader *r, const struct json *object, const char *path, const char *key,
	struct label *out)
{
	static const char *const keys[] = {"zh", "en", NULL};
	const struct json *j = json_get(object, key);
	if (!j)
		return true;
	path = under(r, path, key);
	if (j->type == JSON_IS_TEXT && j->text.n) {
		out->zh = out->en = arena_text(r->all->a, j->text);
		return true;
	}
	const char *zh = NULL, *en = NULL;
	if (!only_keys(r, j, path, keys) || !read_text(r, j, path, "zh", &zh) || !read_text(r, j, path, "en", &en))
		return false;
	if (!zh && !en)
		return REFUSE(r, path, "has neither \"zh\" nor \"en\"");
	*out = (struct label){zh ? zh : en, en ? en : zh};
	return true;
}

static void default_label(struct label *label, const char *name)
{
	if (!label->zh)
		*label = (struct label){name, name};
}

/* Texts of an array, added to what is there already. `names`: each must be a name. */
static bool read_texts(const struct reader *r, const struct json *object, const char *path, const char *key, bool names,
	const char *const **list, int *n)
{
	const struct json *j = json_get(object, key);
	if (!j)
		return true;
	path = under(r, path, key);
	if (j->type != JSON_IS_ARRAY)
		return REFUSE(r, path, "must be a list");
	const char **all = ARENA_ARRAY(r->all->a, const char *, (size_t)(*n + j->n));
	for (int i = 0; i < *n; i++)
		all[i] = (*list)[i];
	int count = *n;
	for (int i = 0; i < j->n; i++) {
		const struct json *text = json_at(j, i);
		if (text->type != JSON_IS_TEXT || text->text.n == 0)
			return REFUSE(r, item(r, path, i), "must be a text that is not empty");
		const char *word = arena_text(r->all->a, text->text);
		if (names && !check_name(r, item(r, path, i), word))
			return false;
		bool there = false;
		for (int k = 0; k < count && !there; k++)
			there = strcmp(all[k], word) == 0;
		if (there && names && !r->extends)
			return REFUSE(r, item(r, path, i), "\"%s\" stands twice", word);
		if (!there)
			all[count++] = word;
	}
	*list = all;
	*n = count;
	return true;
}

static bool read_span(const struct reader *r, const struct json *object, const char *path, const char *key,
	struct span *out)
{
	const char *text = NULL;
	if (!read_text(r, object, path, key, &text))
		return false;
	if (text && !span_parse(slice_of(text), out))
		return REFUSE(r, under(r, path, key), "\"%s\" is not a span like 7wd, 3d, 24h or 2mo", text);
	return true;
}

/* ---- fields ---- */

/* Words that SQL or the house itself uses: a column of that name would break somebody's query. */
static const char *const reserved[] = {"id", "number", "version", "state", "state_since", "created_by", "created_at",
	"changed_by", "changed_at", "deleted", "register", "fields", "step", "rowid", "oid", "all", "and", "any", "as",
	"asc", "between", "by", "case", "check", "collate", "column", "constraint", "create", "cross", "current_date",
	"current_time", "default", "delete", "desc", "distinct", "do", "else", "end", "except", "exists", "false", "for",
	"foreign", "from", "full", "grant", "group", "having", "in", "index", "inner", "insert", "intersect", "into", "is",
	"join", "key", "left", "like", "limit", "natural", "not", "null", "offset", "on", "or", "order", "outer", "primary",
	"references", "right", "row", "select", "set", "table", "then", "to", "transaction", "true", "union", "unique",
	"update", "user", "using", "values", "when", "where", "window", "with", NULL};

static bool check_column(const struct reader *r, const char *path, const char *name)
{
	for (int i = 0; reserved[i]; i++)
		if (strcmp(reserved[i], name) == 0)
			return REFUSE(r, path, "a field cannot be named \"%s\": the word is reserved", name);
	if (!r->source->builtin && strncmp(name, "light_", 6) == 0)
		return REFUSE(r, path, "a field cannot be named \"%s\": names that begin with light_ belong to the lights", name);
	return true;
}

static bool read_type(const struct reader *r, const struct json *j, const char *path, const char *key,
	enum field_type *out)
{
	const char *word = NULL;
	if (!read_text(r, j, path, key, &word))
		return false;
	if (!word)
		return REFUSE(r, path, "has no \"%s\"", key);
	for (int t = FIELD_TEXT; t <= FIELD_DERIVED; t++)
		if (strcmp(field_type_name((enum field_type)t), word) == 0) {
			*out = (enum field_type)t;
			return true;
		}
	return REFUSE(r, under(r, path, key), "unknown type \"%s\"", word);
}

static bool read_choices(const struct reader *r, const struct json *j, const char *path, struct field_draft *f)
{
	static const char *const keys[] = {"name", "label", "synonyms", "retired", NULL};
	const struct json *list = json_get(j, "choices");
	if (!list)
		return true;
	path = under(r, path, "choices");
	if (list->type != JSON_IS_ARRAY)
		return REFUSE(r, path, "must be a list");
	int n = f->f.nchoices;
	if (n + list->n > LIMIT_CHOICES)
		return REFUSE(r, path, "more than %d choices", LIMIT_CHOICES);
	struct choice *all = ARENA_ARRAY(r->all->a, struct choice, (size_t)(n + list->n));
	if (n)
		memcpy(all, f->choices, (size_t)n * sizeof(*all));
	for (int i = 0; i < list->n; i++) {
		const struct json *c = json_at(list, i);
		const char *here = item(r, path, i), *name = NULL;
		if (!only_keys(r, c, here, keys) || !read_name(r, c, here, "name", true, &name))
			return false;
		struct choice *choice = NULL;
		for (int k = 0; k < n && !choice; k++)
			if (strcmp(all[k].name, name) == 0)
				choice = &all[k];
		if (choice && choice >= all + f->f.nchoices)
			return REFUSE(r, here, "choice \"%s\" stands twice", name);
		if (!choice) {
			choice = &all[n++];
			choice->name = name;
		}
		if (!read_label(r, c, here, "label", &choice->label) || !read_flag(r, c, here, "retired", &choice->retired) ||
			!read_texts(r, c, here, "synonyms", false, &choice->synonyms, &choice->nsynonyms))
			return false;
		default_label(&choice->label, choice->name);
	}
	f->choices = all;
	f->f.choices = all;
	f->f.nchoices = n;
	return true;
}

/* A bound is written as the API spells the value, and kept as the stored integer. */
static bool read_bound(const struct reader *r, const struct json *j, const char *path, const char *key,
	const struct field *f, bool *has, int64_t *out)
{
	const struct json *b = json_get(j, key);
	if (!b)
		return true;
	path = under(r, path, key);
	struct date day;
	int scale = f->type == FIELD_PERCENT ? 2 : f->type == FIELD_QUANTITY ? f->scale : 0;
	switch (f->type) {
	case FIELD_DATE:
		if (!date_parse_iso(json_slice(b), &day))
			return REFUSE(r, path, "must be a date like 2026-03-31");
		*out = day.day;
		break;
	case FIELD_INTEGER: case FIELD_QUANTITY: case FIELD_MONEY: case FIELD_PERCENT:
		if (b->type != JSON_IS_INT && b->type != JSON_IS_REAL)
			return REFUSE(r, path, "must be a number");
		if (b->type == JSON_IS_INT ? !num_mul(b->i, num_pow10[scale], out) : json_double(b, 0) * 1e6 > 9e18)
			return REFUSE(r, path, "is too large");
		if (b->type == JSON_IS_REAL) {
			double scaled = json_double(b, 0) * (double)num_pow10[scale];
			*out = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
		}
		break;
	default:
		return REFUSE(r, path, "a field of type %s has no bounds", field_type_name(f->type));
	}
	*has = true;
	return true;
}

/* What each type must say and what it cannot say. */
static bool check_field(const struct reader *r, const char *path, const struct field *f)
{
	enum field_type type = f->type == FIELD_DERIVED ? f->derived_type : f->type;
	bool choice = type == FIELD_CHOICE || type == FIELD_CHOICES;
	bool ref = f->type == FIELD_REF || f->type == FIELD_REFS;
	const char *word = field_type_name(f->type);
	if (choice != (f->nchoices > 0))
		return choice ? REFUSE(r, path, "a field of type %s needs \"%s\"", word, "choices")
			      : REFUSE(r, path, "a field of type %s has no \"%s\"", word, "choices");
	if (ref != (f->to != NULL))
		return ref ? REFUSE(r, path, "a field of type %s needs \"%s\"", word, "to")
			   : REFUSE(r, path, "a field of type %s has no \"%s\"", word, "to");
	if ((f->type == FIELD_CODE) != (f->code != CODE_NONE))
		return f->code == CODE_NONE ? REFUSE(r, path, "a field of type %s needs \"%s\"", word, "code")
					    : REFUSE(r, path, "a field of type %s has no \"%s\"", word, "code");
	if ((f->type == FIELD_DERIVED) != (f->derive != NULL))
		return !f->derive ? REFUSE(r, path, "a field of type %s needs \"%s\"", word, "derive")
				  : REFUSE(r, path, "a field of type %s has no \"%s\"", word, "derive");
	if (f->accept && f->type != FIELD_FILE && f->type != FIELD_FILES)
		return REFUSE(r, path, "a field of type %s has no \"%s\"", word, "accept");
	if (f->accept && strcmp(f->accept, "image") != 0 && strcmp(f->accept, "document") != 0)
		return REFUSE(r, path, "\"accept\" must be \"image\" or \"document\", not \"%s\"", f->accept);
	if ((f->scale || f->unit.zh) && f->type != FIELD_QUANTITY)
		return REFUSE(r, path, "only a quantity has a scale and a unit");
	if (f->type == FIELD_DERIVED && (f->required || f->unique || f->governed || f->evidence))
		return REFUSE(r, path, "a derived field is computed: it cannot be required, unique, governed or evidence");
	if (f->unique && f->type != FIELD_TEXT && f->type != FIELD_CODE && f->type != FIELD_INTEGER)
		return REFUSE(r, path, "only a text, a code or an integer can be unique");
	if (f->has_least && f->has_most && f->least > f->most)
		return REFUSE(r, path, "\"least\" is greater than \"most\"");
	return true;
}

static bool read_new_field(const struct reader *r, const struct json *j, const char *path, const char *name,
	struct field_draft *out)
{
	struct field *f = &out->f;
	const char *code = NULL;
	f->name = name;
	f->builtin = r->source->builtin;
	if (!check_column(r, path, name) || !read_type(r, j, path, "type", &f->type))
		return false;
	if (f->type == FIELD_DERIVED && !read_type(r, j, path, "derived_type", &f->derived_type))
		return false;
	if (!read_flag(r, j, path, "required", &f->required) || !read_flag(r, j, path, "unique", &f->unique) ||
		!read_flag(r, j, path, "evidence", &f->evidence) || !read_flag(r, j, path, "governed", &f->governed) ||
		!read_flag(r, j, path, "sensitive", &f->sensitive) || !read_int(r, j, path, "max", 1, 1000000, &f->max) ||
		!read_int(r, j, path, "scale", 0, 6, &f->scale) || !read_label(r, j, path, "unit", &f->unit) ||
		!read_name(r, j, path, "to", false, &f->to) || !read_text(r, j, path, "accept", &f->accept) ||
		!read_name(r, j, path, "derive", false, &f->derive) || !read_text(r, j, path, "feeds", &f->feeds) ||
		!read_name(r, j, path, "group", false, &f->group) || !read_text(r, j, path, "code", &code) ||
		!read_bound(r, j, path, "least", f, &f->has_least, &f->least) ||
		!read_bound(r, j, path, "most", f, &f->has_most, &f->most))
		return false;
	if (code && !code_kind_parse(code, &f->code))
		return REFUSE(r, under(r, path, "code"), "unknown code \"%s\"", code);
	if (r->extends && f->required)
		return REFUSE(r, path, "a field that is added later cannot be required: older records have none");
	return true;
}

/* Of a field that stands already, only what does not change its records may be said. */
static bool check_addition(const struct reader *r, const struct json *j, const char *path, const struct field *f)
{
	static const char *const keys[] = {"name", "type", "label", "help", "synonyms", "choices", "listed", "group",
		"retired", NULL};
	for (int i = 0; i < j->nmembers; i++) {
		bool known = false;
		for (int k = 0; keys[k] && !known; k++)
			known = slice_is(j->members[i].key, keys[k]);
		if (!known)
			return REFUSE(r, path, "field \"%s\" exists: its \"%s\" cannot be changed", f->name, j->members[i].key.s);
	}
	enum field_type type = f->type;
	if (json_get(j, "type") && !read_type(r, j, path, "type", &type))
		return false;
	if (type != f->type)
		return REFUSE(r, under(r, path, "type"), "field \"%s\" is of type %s and cannot become %s", f->name,
			field_type_name(f->type), field_type_name(type));
	if (json_get(j, "retired") && f->builtin)
		return REFUSE(r, path, "field \"%s\" is built in and cannot be retired", f->name);
	return true;
}

static bool read_field(const struct reader *r, const struct json *j, const char *path, int first_new)
{
	static const char *const keys[] = {"name", "type", "label", "help", "required", "unique", "retired", "evidence",
		"governed", "listed", "sensitive", "max", "least", "most", "scale", "unit", "code", "choices", "to", "accept",
		"derive", "derived_type", "feeds", "group", "synonyms", NULL};
	struct draft *d = r->d;
	const char *name = NULL;
	if (!only_keys(r, j, path, keys) || !read_name(r, j, path, "name", true, &name))
		return false;
	struct field_draft *f = draft_field(d, name);
	if (f && f >= d->fields + first_new)
		return REFUSE(r, path, "field \"%s\" stands twice", name);
	if (f) {
		if (!check_addition(r, j, path, &f->f) || !read_flag(r, j, path, "retired", &f->f.retired) ||
			!read_name(r, j, path, "group", false, &f->f.group))
			return false;
	} else {
		f = &d->fields[d->nfields];
		f->at = at(r, path);
		if (!read_new_field(r, j, path, name, f))
			return false;
		d->nfields++;
	}
	if (!read_label(r, j, path, "label", &f->f.label) || !read_label(r, j, path, "help", &f->f.help) ||
		!read_flag(r, j, path, "listed", &f->f.listed) || !read_choices(r, j, path, f) ||
		!read_texts(r, j, path, "synonyms", false, &f->f.synonyms, &f->f.nsynonyms))
		return false;
	default_label(&f->f.label, name);
	return check_field(r, path, &f->f);
}

/* ---- groups, states, steps, clocks ---- */

static bool read_group(const struct reader *r, const struct json *j, const char *path, int first_new)
{
	static const char *const keys[] = {"name", "label", NULL};
	const char *name = NULL;
	if (!only_keys(r, j, path, keys) || !read_name(r, j, path, "name", true, &name))
		return false;
	struct group *g = draft_group(r->d, name);
	if (g && g >= r->d->groups + first_new)
		return REFUSE(r, path, "group \"%s\" stands twice", name);
	if (!g) {
		g = &r->d->groups[r->d->ngroups++];
		g->name = name;
	}
	if (!read_label(r, j, path, "label", &g->label))
		return false;
	default_label(&g->label, name);
	return true;
}

/* {"name","label","open","side"}, or a bare name: open, unless it is the last one (see read_body). */
static bool read_state(const struct reader *r, const struct json *j, const char *path, int first_new)
{
	static const char *const keys[] = {"name", "label", "open", "side", NULL};
	const char *name = NULL;
	bool bare = j->type == JSON_IS_TEXT;
	if (bare)
		name = arena_text(r->all->a, j->text);
	if (bare ? !check_name(r, path, name)
		 : !only_keys(r, j, path, keys) || !read_name(r, j, path, "name", true, &name))
		return false;
	struct state_draft *s = draft_state(r->d, name);
	if (s && s >= r->d->states + first_new)
		return REFUSE(r, path, "state \"%s\" stands twice", name);
	bool old = s != NULL;
	if (old && (bare || json_get(j, "open") || json_get(j, "side")))
		return REFUSE(r, path, "state \"%s\" exists: only its label can be changed", name);
	if (!old) {
		s = &r->d->states[r->d->nstates++];
		s->s.name = name;
		s->s.open = bare;
		s->at = at(r, path);
	}
	if (!bare && (!read_label(r, j, path, "label", &s->s.label) || !read_flag(r, j, path, "open", &s->s.open) ||
			     !read_flag(r, j, path, "side", &s->s.side)))
		return false;
	default_label(&s->s.label, name);
	return true;
}

static bool read_step(const struct reader *r, const struct json *j, const char *path, int first_new)
{
	static const char *const keys[] = {"name", "label", "from", "to", "by", "asks", "checker", "stamps", "within", NULL};
	static const char *const journal_words[] = {"create", "update", "delete", NULL};
	const char *name = NULL;
	if (!only_keys(r, j, path, keys) || !read_name(r, j, path, "name", true, &name))
		return false;
	for (int i = 0; journal_words[i]; i++)
		if (strcmp(name, journal_words[i]) == 0)
			return REFUSE(r, path, "a step cannot be named \"%s\": the journal uses the word", name);
	struct step_draft *s = draft_step(r->d, name);
	if (s && s >= r->d->steps + first_new)
		return REFUSE(r, path, "step \"%s\" stands twice", name);
	bool old = s != NULL;
	if (old && (json_get(j, "from") || json_get(j, "to") || json_get(j, "checker") || json_get(j, "stamps") ||
			   json_get(j, "within")))
		return REFUSE(r, path, "step \"%s\" exists: only \"label\", \"by\" and \"asks\" can be added to", name);
	if (!old) {
		s = &r->d->steps[r->d->nsteps++];
		s->s.name = name;
		s->at = at(r, path);
	}
	if (!read_label(r, j, path, "label", &s->s.label) ||
		!read_texts(r, j, path, "from", true, &s->s.from, &s->s.nfrom) ||
		!read_name(r, j, path, "to", false, &s->s.to) || !read_texts(r, j, path, "by", true, &s->s.by, &s->s.nby) ||
		!read_texts(r, j, path, "asks", true, &s->asks, &s->s.nasks) ||
		!read_flag(r, j, path, "checker", &s->s.checker) || !read_name(r, j, path, "stamps", false, &s->s.stamps) ||
		!read_name(r, j, path, "within", false, &s->s.within))
		return false;
	default_label(&s->s.label, name);
	if (s->s.nby == 0)
		return REFUSE(r, path, "step \"%s\" says in \"by\" no role that may take it", name);
	return true;
}

static bool read_extend(const struct reader *r, const struct json *j, const char *path, struct clock_def *c)
{
	static const char *const keys[] = {"ask", "grant", "until", "before", NULL};
	return only_keys(r, j, path, keys) && read_name(r, j, path, "ask", true, &c->extend_ask) &&
		read_name(r, j, path, "grant", true, &c->extend_grant) &&
		read_name(r, j, path, "until", true, &c->extend_to) && read_span(r, j, path, "before", &c->extend_before);
}

static bool read_clock(const struct reader *r, const struct json *j, const char *path, int first_new)
{
	static const char *const keys[] = {"name", "label", "start", "stop", "pause", "limit", "due", "warn", "ladder",
		"holder", "site", "extend", NULL};
	static const char *const fixed[] = {"start", "stop", "pause", "due", "holder", "site", "extend", NULL};
	const char *name = NULL;
	if (!only_keys(r, j, path, keys) || !read_name(r, j, path, "name", true, &name))
		return false;
	struct clock_draft *c = draft_clock(r->d, name);
	if (c && c >= r->d->clocks + first_new)
		return REFUSE(r, path, "clock \"%s\" stands twice", name);
	for (int i = 0; c && fixed[i]; i++)
		if (json_get(j, fixed[i]))
			return REFUSE(r, path, "clock \"%s\" exists: its \"%s\" cannot be changed", name, fixed[i]);
	if (!c) {
		c = &r->d->clocks[r->d->nclocks++];
		c->c.name = name;
		c->at = at(r, path);
	}
	struct clock_def *def = &c->c;
	const struct json *extend = json_get(j, "extend");
	if (!read_label(r, j, path, "label", &def->label) || !read_span(r, j, path, "limit", &def->limit) ||
		!read_name(r, j, path, "due", false, &def->due) || !read_span(r, j, path, "warn", &def->warn) ||
		!read_name(r, j, path, "ladder", false, &def->ladder) ||
		!read_name(r, j, path, "holder", false, &def->holder) || !read_flag(r, j, path, "site", &def->site))
		return false;
	/* one state may be written without the brackets of a list */
	const struct { const char *key; const char *const **list; int *n; } lists[] = {
		{"start", &def->start, &def->nstart}, {"stop", &def->stop, &def->nstop}, {"pause", &def->pause, &def->npause}};
	for (size_t i = 0; i < countof(lists); i++) {
		const struct json *l = json_get(j, lists[i].key);
		if (l && l->type == JSON_IS_TEXT) {
			const char **one = ARENA_ARRAY(r->all->a, const char *, 1);
			one[0] = arena_text(r->all->a, l->text);
			*lists[i].list = one;
			*lists[i].n = 1;
		} else if (!read_texts(r, j, path, lists[i].key, true, lists[i].list, lists[i].n))
			return false;
	}
	if (extend && !read_extend(r, extend, under(r, path, "extend"), def))
		return false;
	default_label(&def->label, name);
	if (!def->nstart || !def->nstop)
		return REFUSE(r, path, "clock \"%s\" needs \"start\" and \"stop\"", name);
	if ((def->limit.n > 0) == (def->due != NULL))
		return REFUSE(r, path, "clock \"%s\" needs either \"limit\" or \"due\"", name);
	return true;
}

static bool read_allow(const struct reader *r, const struct json *j)
{
	static const char *const keys[] = {"read", "create", "update", "delete", "import", "export", "admin", NULL};
	static const enum verb verbs[] = {VERB_READ, VERB_CREATE, VERB_UPDATE, VERB_DELETE, VERB_IMPORT, VERB_EXPORT,
		VERB_ADMIN};
	if (!only_keys(r, j, "$.allow", keys))
		return false;
	for (int i = 0; keys[i]; i++) {
		struct permission *p = &r->d->def.allow[verbs[i]];
		if (!read_texts(r, j, "$.allow", keys[i], true, &p->roles, &p->n))
			return false;
	}
	return true;
}

/* ---- the whole ---- */

typedef bool read_part(const struct reader *r, const struct json *j, const char *path, int first_new);

/* Each item of a list into the draft's array, which grows to hold all of them first. */
static bool read_parts(const struct reader *r, const struct json *top, const char *key, int limit, void **array, int *n,
	size_t size, read_part *read)
{
	const struct json *list = json_get(top, key);
	if (!list)
		return true;
	const char *path = under(r, "$", key);
	if (list->type != JSON_IS_ARRAY)
		return REFUSE(r, path, "must be a list");
	if (*n + list->n > limit)
		return REFUSE(r, path, "more than %d of them", limit);
	int first_new = *n;
	void *all = arena_array(r->all->scratch, (size_t)(*n + list->n), size);
	if (*n)
		memcpy(all, *array, (size_t)*n * size);
	*array = all;
	for (int i = 0; i < list->n; i++)
		if (!read(r, json_at(list, i), item(r, path, i), first_new))
			return false;
	return true;
}

static bool read_body(struct reader *r, const struct json *top)
{
	struct draft *d = r->d;
	struct register_def *def = &d->def;
	const struct json *allow = json_get(top, "allow"), *states = json_get(top, "states");
	if (!read_label(r, top, "$", "label", &def->label) || !read_label(r, top, "$", "help", &def->help) ||
		!read_parts(r, top, "groups", 100, (void **)&d->groups, &d->ngroups, sizeof(*d->groups), read_group) ||
		!read_parts(r, top, "fields", LIMIT_FIELDS, (void **)&d->fields, &d->nfields, sizeof(*d->fields), read_field) ||
		!read_parts(r, top, "states", 200, (void **)&d->states, &d->nstates, sizeof(*d->states), read_state) ||
		!read_parts(r, top, "steps", 200, (void **)&d->steps, &d->nsteps, sizeof(*d->steps), read_step) ||
		!read_parts(r, top, "clocks", 100, (void **)&d->clocks, &d->nclocks, sizeof(*d->clocks), read_clock))
		return false;
	/* of states written as bare names all but the last are still somebody's work */
	if (!r->extends && d->nstates && json_at(states, d->nstates - 1)->type == JSON_IS_TEXT)
		d->states[d->nstates - 1].s.open = false;
	return !allow || read_allow(r, allow);
}

static bool read_head(struct reader *r, const struct json *top)
{
	struct register_def *def = &r->d->def;
	return read_name(r, top, "$", "of", false, &def->of) && read_text(r, top, "$", "number", &def->number) &&
		read_name(r, top, "$", "title", false, &def->title) && read_name(r, top, "$", "tree", false, &def->tree) &&
		read_name(r, top, "$", "owner", false, &def->owner) && read_name(r, top, "$", "place", false, &def->place) &&
		read_flag(r, top, "$", "internal", &def->internal) && read_int(r, top, "$", "order", 0, 9999, &def->order) &&
		read_texts(r, top, "$", "key", true, &def->key, &def->nkey);
}

static bool begin(struct reader *r, const struct json *top, const char *name)
{
	struct drafts *all = r->all;
	if (r->extends) {
		static const char *const fixed[] = {"of", "number", "title", "tree", "owner", "place", "internal", "order", "key",
			NULL};
		r->d = draft_find(all, name);
		if (!r->d)
			return REFUSE(r, "$.register", "there is no register \"%s\" to add to", name);
		for (int i = 0; fixed[i]; i++)
			if (json_get(top, fixed[i]))
				return REFUSE(r, "$", "register \"%s\" exists: its \"%s\" cannot be changed", name, fixed[i]);
		return true;
	}
	if (draft_find(all, name))
		return REFUSE(r, "$.register", "register \"%s\" exists: say \"extends\": true to add to it", name);
	if (!check_column(r, "$.register", name))
		return false;
	if (all->n >= LIMIT_REGISTERS)
		return REFUSE(r, "$", "more than %d registers", LIMIT_REGISTERS);
	r->d = ARENA_NEW(all->scratch, struct draft);
	r->d->def = (struct register_def){.name = name, .builtin = r->source->builtin, .order = 500};
	r->d->at = r->source->name;
	if (!read_head(r, top))
		return false;
	all->list[all->n++] = r->d;
	return true;
}

bool draft_read(struct drafts *all, const struct definition_source *source)
{
	static const char *const keys[] = {"$schema", "register", "extends", "order", "label", "help", "of", "number", "title",
		"tree", "owner", "place", "internal", "groups", "fields", "states", "steps", "clocks", "allow", "key", NULL};
	struct reader r = {.all = all, .source = source};
	const struct json *top;
	const char *name = NULL;
	if (!json_parse(all->scratch, source->text, source->name, &top, all->err))
		return false;
	if (!only_keys(&r, top, "$", keys) || !read_flag(&r, top, "$", "extends", &r.extends) ||
		!read_name(&r, top, "$", "register", true, &name) || !begin(&r, top, name))
		return false;
	if (!read_body(&r, top))
		return false;
	default_label(&r.d->def.label, name);
	return true;
}
