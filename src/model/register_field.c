/* Fields of a definition: new ones, additions to old ones, and what each type must and cannot say. */
#include "base/date.h"
#include "base/num.h"
#include "model/code.h"
#include "model/register_reader.h"

/* Words that SQL or the house itself uses: a column of that name would break somebody's query. */
static const char *const reserved[] = {"id", "number", "version", "state", "state_since",
	"created_by", "created_at", "changed_by", "changed_at", "deleted", "register", "fields", "step",
	"rowid", "oid", "all", "and", "any", "as", "asc", "between", "by", "case", "check", "collate",
	"column", "constraint", "create", "cross", "current_date", "current_time", "default", "delete",
	"desc", "distinct", "do", "else", "end", "except", "exists", "false", "for", "foreign", "from",
	"full", "grant", "group", "having", "in", "index", "inner", "insert", "intersect", "into", "is",
	"join", "key", "left", "like", "limit", "natural", "not", "null", "offset", "on", "or", "order",
	"outer", "primary", "references", "right", "row", "select", "set", "table", "then", "to",
	"transaction", "true", "union", "unique", "update", "user", "using", "values", "when", "where",
	"window", "with", NULL};

bool field_check_name(const struct reader *r, const char *path, const char *name)
{
	for (int i = 0; reserved[i]; i++)
		if (strcmp(reserved[i], name) == 0)
			return REFUSE(r, path, "a field cannot be named \"%s\": the word is reserved", name);
	if (!r->source->builtin && strncmp(name, "light_", 6) == 0)
		return REFUSE(r, path,
			"a field cannot be named \"%s\": names that begin with light_ belong to the lights",
			name);
	return true;
}

static bool read_type(const struct reader *r, const struct json *j, const char *path,
	const char *key, enum field_type *out)
{
	const char *word = NULL;
	if (!part_text(r, j, path, key, &word))
		return false;
	if (!word)
		return REFUSE(r, path, "has no \"%s\"", key);
	for (int t = FIELD_TEXT; t <= FIELD_DERIVED; t++)
		if (strcmp(field_type_name((enum field_type)t), word) == 0) {
			*out = (enum field_type)t;
			return true;
		}
	return REFUSE(r, part_under(r, path, key), "unknown type \"%s\"", word);
}

static bool read_choices(
	const struct reader *r, const struct json *j, const char *path, struct field_draft *f)
{
	static const char *const keys[] = {"name", "label", "synonyms", "retired", NULL};
	const struct json *list = json_get(j, "choices");
	if (!list)
		return true;
	path = part_under(r, path, "choices");
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
		const char *here = part_item(r, path, i), *name = NULL;
		if (!part_keys(r, c, here, keys) || !part_name(r, c, here, "name", true, &name))
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
		if (!part_label(r, c, here, "label", &choice->label) ||
			!part_flag(r, c, here, "retired", &choice->retired) ||
			!part_texts(r, c, here, "synonyms", false, &choice->synonyms, &choice->nsynonyms))
			return false;
		part_default_label(&choice->label, choice->name);
	}
	f->choices = all;
	f->f.choices = all;
	f->f.nchoices = n;
	return true;
}

/* A bound is written as the API spells the value, and kept as the stored integer. */
static bool read_bound(const struct reader *r, const struct json *j, const char *path,
	const char *key, const struct field *f, bool *has, int64_t *out)
{
	const struct json *b = json_get(j, key);
	if (!b)
		return true;
	path = part_under(r, path, key);
	struct date day;
	int scale = f->type == FIELD_PERCENT ? 2 : f->type == FIELD_QUANTITY ? f->scale : 0;
	switch (f->type) {
	case FIELD_DATE:
		if (!date_parse_iso(json_slice(b), &day))
			return REFUSE(r, path, "must be a date like 2026-03-31");
		*out = day.day;
		break;
	case FIELD_INTEGER:
	case FIELD_QUANTITY:
	case FIELD_MONEY:
	case FIELD_PERCENT:
		if (b->type != JSON_IS_INT && b->type != JSON_IS_REAL)
			return REFUSE(r, path, "must be a number");
		if (b->type == JSON_IS_INT ? !num_mul(b->i, num_pow10[scale], out)
								   : json_double(b, 0) * 1e6 > 9e18)
			return REFUSE(r, path, "is too large");
		if (b->type == JSON_IS_REAL) {
			double scaled = json_double(b, 0) * (double)num_pow10[scale];
			*out = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
		}
		break;
	default: return REFUSE(r, path, "a field of type %s has no bounds", field_type_name(f->type));
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
		return f->code == CODE_NONE
			? REFUSE(r, path, "a field of type %s needs \"%s\"", word, "code")
			: REFUSE(r, path, "a field of type %s has no \"%s\"", word, "code");
	if ((f->type == FIELD_DERIVED) != (f->derive != NULL))
		return !f->derive ? REFUSE(r, path, "a field of type %s needs \"%s\"", word, "derive")
						  : REFUSE(r, path, "a field of type %s has no \"%s\"", word, "derive");
	if (f->accept && f->type != FIELD_FILE && f->type != FIELD_FILES)
		return REFUSE(r, path, "a field of type %s has no \"%s\"", word, "accept");
	if (f->accept && strcmp(f->accept, "image") != 0 && strcmp(f->accept, "document") != 0)
		return REFUSE(
			r, path, "\"accept\" must be \"image\" or \"document\", not \"%s\"", f->accept);
	if ((f->scale || f->unit.zh) && f->type != FIELD_QUANTITY)
		return REFUSE(r, path, "only a quantity has a scale and a unit");
	if (f->type == FIELD_DERIVED && (f->required || f->unique || f->governed || f->evidence))
		return REFUSE(r, path,
			"a derived field is computed: it cannot be required, unique, governed or evidence");
	if (f->unique && f->type != FIELD_TEXT && f->type != FIELD_CODE && f->type != FIELD_INTEGER)
		return REFUSE(r, path, "only a text, a code or an integer can be unique");
	if (f->has_least && f->has_most && f->least > f->most)
		return REFUSE(r, path, "\"least\" is greater than \"most\"");
	return true;
}

static bool read_new_field(const struct reader *r, const struct json *j, const char *path,
	const char *name, struct field_draft *out)
{
	struct field *f = &out->f;
	const char *code = NULL;
	f->name = name;
	f->builtin = r->source->builtin;
	if (!field_check_name(r, path, name) || !read_type(r, j, path, "type", &f->type))
		return false;
	if (f->type == FIELD_DERIVED && !read_type(r, j, path, "derived_type", &f->derived_type))
		return false;
	if (!part_flag(r, j, path, "required", &f->required) ||
		!part_flag(r, j, path, "unique", &f->unique) ||
		!part_flag(r, j, path, "evidence", &f->evidence) ||
		!part_flag(r, j, path, "governed", &f->governed) ||
		!part_flag(r, j, path, "sensitive", &f->sensitive) ||
		!part_int(r, j, path, "max", 1, 1000000, &f->max) ||
		!part_int(r, j, path, "scale", 0, 6, &f->scale) ||
		!part_label(r, j, path, "unit", &f->unit) || !part_name(r, j, path, "to", false, &f->to) ||
		!part_text(r, j, path, "accept", &f->accept) ||
		!part_name(r, j, path, "derive", false, &f->derive) ||
		!part_text(r, j, path, "feeds", &f->feeds) ||
		!part_name(r, j, path, "group", false, &f->group) ||
		!part_text(r, j, path, "code", &code) ||
		!read_bound(r, j, path, "least", f, &f->has_least, &f->least) ||
		!read_bound(r, j, path, "most", f, &f->has_most, &f->most))
		return false;
	if (code && !code_kind_parse(code, &f->code))
		return REFUSE(r, part_under(r, path, "code"), "unknown code \"%s\"", code);
	if (r->extends && f->required)
		return REFUSE(
			r, path, "a field that is added later cannot be required: older records have none");
	return true;
}

/* Of a field that stands already, only what does not change its records may be said. */
static bool check_addition(
	const struct reader *r, const struct json *j, const char *path, const struct field *f)
{
	static const char *const keys[] = {
		"name", "type", "label", "help", "synonyms", "choices", "listed", "group", "retired", NULL};
	for (int i = 0; i < j->nmembers; i++) {
		bool known = false;
		for (int k = 0; keys[k] && !known; k++)
			known = slice_is(j->members[i].key, keys[k]);
		if (!known)
			return REFUSE(r, path, "field \"%s\" exists: its \"%s\" cannot be changed", f->name,
				j->members[i].key.s);
	}
	enum field_type type = f->type;
	if (json_get(j, "type") && !read_type(r, j, path, "type", &type))
		return false;
	if (type != f->type)
		return REFUSE(r, part_under(r, path, "type"),
			"field \"%s\" is of type %s and cannot become %s", f->name, field_type_name(f->type),
			field_type_name(type));
	if (json_get(j, "retired") && f->builtin)
		return REFUSE(r, path, "field \"%s\" is built in and cannot be retired", f->name);
	return true;
}

bool field_read(const struct reader *r, const struct json *j, const char *path, int first_new)
{
	static const char *const keys[] = {"name", "type", "label", "help", "required", "unique",
		"retired", "evidence", "governed", "listed", "sensitive", "max", "least", "most", "scale",
		"unit", "code", "choices", "to", "accept", "derive", "derived_type", "feeds", "group",
		"synonyms", NULL};
	struct draft *d = r->d;
	const char *name = NULL;
	if (!part_keys(r, j, path, keys) || !part_name(r, j, path, "name", true, &name))
		return false;
	struct field_draft *f = draft_field(d, name);
	if (f && f >= d->fields + first_new)
		return REFUSE(r, path, "field \"%s\" stands twice", name);
	if (f) {
		if (!check_addition(r, j, path, &f->f) ||
			!part_flag(r, j, path, "retired", &f->f.retired) ||
			!part_name(r, j, path, "group", false, &f->f.group))
			return false;
	} else {
		f = &d->fields[d->nfields];
		f->at = part_at(r, path);
		if (!read_new_field(r, j, path, name, f))
			return false;
		d->nfields++;
	}
	if (!part_label(r, j, path, "label", &f->f.label) ||
		!part_label(r, j, path, "help", &f->f.help) ||
		!part_flag(r, j, path, "listed", &f->f.listed) || !read_choices(r, j, path, f) ||
		!part_texts(r, j, path, "synonyms", false, &f->f.synonyms, &f->f.nsynonyms))
		return false;
	part_default_label(&f->f.label, name);
	return check_field(r, path, &f->f);
}
