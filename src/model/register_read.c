/*
 * One definition file, from JSON to a draft. Strict: an unknown key is an error with its path, because a mistyped
 * "requierd" that is passed over in silence costs an office its data. Names are only looked up in register_load.c.
 */
#include "model/register_reader.h"

/* ---- groups, states, steps, clocks ---- */

static bool read_group(
	const struct reader *r, const struct json *j, const char *path, int first_new)
{
	static const char *const keys[] = {"name", "label", NULL};
	const char *name = NULL;
	if (!part_keys(r, j, path, keys) || !part_name(r, j, path, "name", true, &name))
		return false;
	struct group *g = draft_group(r->d, name);
	if (g && g >= r->d->groups + first_new)
		return REFUSE(r, path, "group \"%s\" stands twice", name);
	if (!g) {
		g = &r->d->groups[r->d->ngroups++];
		g->name = name;
	}
	if (!part_label(r, j, path, "label", &g->label))
		return false;
	part_default_label(&g->label, name);
	return true;
}

/* {"name","label","open","side"}, or a bare name: open, unless it is the last one (see read_body). */
static bool read_state(
	const struct reader *r, const struct json *j, const char *path, int first_new)
{
	static const char *const keys[] = {"name", "label", "open", "side", NULL};
	const char *name = NULL;
	bool bare = j->type == JSON_IS_TEXT;
	if (bare)
		name = arena_text(r->all->a, j->text);
	if (bare ? !part_check_name(r, path, name)
			 : !part_keys(r, j, path, keys) || !part_name(r, j, path, "name", true, &name))
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
		s->at = part_at(r, path);
	}
	if (!bare &&
		(!part_label(r, j, path, "label", &s->s.label) ||
			!part_flag(r, j, path, "open", &s->s.open) ||
			!part_flag(r, j, path, "side", &s->s.side)))
		return false;
	part_default_label(&s->s.label, name);
	return true;
}

static bool read_step(const struct reader *r, const struct json *j, const char *path, int first_new)
{
	static const char *const keys[] = {
		"name", "label", "from", "to", "by", "asks", "checker", "stamps", "within", NULL};
	static const char *const journal_words[] = {
		"create", "update", "delete", "undo", "undelete", NULL};
	const char *name = NULL;
	if (!part_keys(r, j, path, keys) || !part_name(r, j, path, "name", true, &name))
		return false;
	for (int i = 0; journal_words[i]; i++)
		if (strcmp(name, journal_words[i]) == 0)
			return REFUSE(
				r, path, "a step cannot be named \"%s\": the journal uses the word", name);
	struct step_draft *s = draft_step(r->d, name);
	if (s && s >= r->d->steps + first_new)
		return REFUSE(r, path, "step \"%s\" stands twice", name);
	bool old = s != NULL;
	if (old &&
		(json_get(j, "from") || json_get(j, "to") || json_get(j, "checker") ||
			json_get(j, "stamps") || json_get(j, "within")))
		return REFUSE(r, path,
			"step \"%s\" exists: only \"label\", \"by\" and \"asks\" can be added to", name);
	if (!old) {
		s = &r->d->steps[r->d->nsteps++];
		s->s.name = name;
		s->at = part_at(r, path);
	}
	if (!part_label(r, j, path, "label", &s->s.label) ||
		!part_texts(r, j, path, "from", true, &s->s.from, &s->s.nfrom) ||
		!part_name(r, j, path, "to", false, &s->s.to) ||
		!part_texts(r, j, path, "by", true, &s->s.by, &s->s.nby) ||
		!part_texts(r, j, path, "asks", true, &s->asks, &s->s.nasks) ||
		!part_flag(r, j, path, "checker", &s->s.checker) ||
		!part_name(r, j, path, "stamps", false, &s->s.stamps) ||
		!part_name(r, j, path, "within", false, &s->s.within))
		return false;
	part_default_label(&s->s.label, name);
	if (s->s.nby == 0)
		return REFUSE(r, path, "step \"%s\" says in \"by\" no role that may take it", name);
	return true;
}

static bool read_extend(
	const struct reader *r, const struct json *j, const char *path, struct clock_def *c)
{
	static const char *const keys[] = {"ask", "grant", "until", "before", NULL};
	return part_keys(r, j, path, keys) && part_name(r, j, path, "ask", true, &c->extend_ask) &&
		part_name(r, j, path, "grant", true, &c->extend_grant) &&
		part_name(r, j, path, "until", true, &c->extend_to) &&
		part_span(r, j, path, "before", &c->extend_before);
}

static bool read_clock(
	const struct reader *r, const struct json *j, const char *path, int first_new)
{
	static const char *const keys[] = {"name", "label", "start", "stop", "pause", "limit", "due",
		"warn", "ladder", "holder", "site", "extend", NULL};
	static const char *const fixed[] = {
		"start", "stop", "pause", "due", "holder", "site", "extend", NULL};
	const char *name = NULL;
	if (!part_keys(r, j, path, keys) || !part_name(r, j, path, "name", true, &name))
		return false;
	struct clock_draft *c = draft_clock(r->d, name);
	if (c && c >= r->d->clocks + first_new)
		return REFUSE(r, path, "clock \"%s\" stands twice", name);
	for (int i = 0; c && fixed[i]; i++)
		if (json_get(j, fixed[i]))
			return REFUSE(
				r, path, "clock \"%s\" exists: its \"%s\" cannot be changed", name, fixed[i]);
	if (!c) {
		c = &r->d->clocks[r->d->nclocks++];
		c->c.name = name;
		c->at = part_at(r, path);
	}
	struct clock_def *def = &c->c;
	const struct json *extend = json_get(j, "extend");
	if (!part_label(r, j, path, "label", &def->label) ||
		!part_span(r, j, path, "limit", &def->limit) ||
		!part_name(r, j, path, "due", false, &def->due) ||
		!part_span(r, j, path, "warn", &def->warn) ||
		!part_name(r, j, path, "ladder", false, &def->ladder) ||
		!part_name(r, j, path, "holder", false, &def->holder) ||
		!part_flag(r, j, path, "site", &def->site))
		return false;
	/* one state may be written without the brackets of a list */
	const struct {
		const char *key;
		const char *const **list;
		int *n;
	} lists[] = {{"start", &def->start, &def->nstart}, {"stop", &def->stop, &def->nstop},
		{"pause", &def->pause, &def->npause}};
	for (size_t i = 0; i < countof(lists); i++) {
		const struct json *l = json_get(j, lists[i].key);
		if (l && l->type == JSON_IS_TEXT) {
			const char **one = ARENA_ARRAY(r->all->a, const char *, 1);
			one[0] = arena_text(r->all->a, l->text);
			*lists[i].list = one;
			*lists[i].n = 1;
		} else if (!part_texts(r, j, path, lists[i].key, true, lists[i].list, lists[i].n))
			return false;
	}
	if (extend && !read_extend(r, extend, part_under(r, path, "extend"), def))
		return false;
	part_default_label(&def->label, name);
	if (!def->nstart || !def->nstop)
		return REFUSE(r, path, "clock \"%s\" needs \"start\" and \"stop\"", name);
	if ((def->limit.n > 0) == (def->due != NULL))
		return REFUSE(r, path, "clock \"%s\" needs either \"limit\" or \"due\"", name);
	return true;
}

static bool read_allow(const struct reader *r, const struct json *j)
{
	static const char *const keys[] = {
		"read", "create", "update", "delete", "import", "export", "admin", NULL};
	static const enum verb verbs[] = {
		VERB_READ, VERB_CREATE, VERB_UPDATE, VERB_DELETE, VERB_IMPORT, VERB_EXPORT, VERB_ADMIN};
	if (!part_keys(r, j, "$.allow", keys))
		return false;
	for (int i = 0; keys[i]; i++) {
		struct permission *p = &r->d->def.allow[verbs[i]];
		if (!part_texts(r, j, "$.allow", keys[i], true, &p->roles, &p->n))
			return false;
	}
	return true;
}

/* ---- the whole ---- */

typedef bool read_part(
	const struct reader *r, const struct json *j, const char *path, int first_new);

/* Each item of a list into the draft's array, which grows to hold all of them first. */
static bool read_parts(const struct reader *r, const struct json *top, const char *key, int limit,
	void **array, int *n, size_t size, read_part *read)
{
	const struct json *list = json_get(top, key);
	if (!list)
		return true;
	const char *path = part_under(r, "$", key);
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
		if (!read(r, json_at(list, i), part_item(r, path, i), first_new))
			return false;
	return true;
}

static bool read_body(struct reader *r, const struct json *top)
{
	struct draft *d = r->d;
	struct register_def *def = &d->def;
	const struct json *allow = json_get(top, "allow"), *states = json_get(top, "states");
	if (!part_label(r, top, "$", "label", &def->label) ||
		!part_label(r, top, "$", "help", &def->help) ||
		!read_parts(r, top, "groups", 100, (void **)&d->groups, &d->ngroups, sizeof(*d->groups),
			read_group) ||
		!read_parts(r, top, "fields", LIMIT_FIELDS, (void **)&d->fields, &d->nfields,
			sizeof(*d->fields), field_read) ||
		!read_parts(r, top, "states", 200, (void **)&d->states, &d->nstates, sizeof(*d->states),
			read_state) ||
		!read_parts(
			r, top, "steps", 200, (void **)&d->steps, &d->nsteps, sizeof(*d->steps), read_step) ||
		!read_parts(r, top, "clocks", 100, (void **)&d->clocks, &d->nclocks, sizeof(*d->clocks),
			read_clock))
		return false;
	/* of states written as bare names all but the last are still somebody's work */
	if (!r->extends && d->nstates && json_at(states, d->nstates - 1)->type == JSON_IS_TEXT)
		d->states[d->nstates - 1].s.open = false;
	return !allow || read_allow(r, allow);
}

static bool read_head(struct reader *r, const struct json *top)
{
	struct register_def *def = &r->d->def;
	return part_name(r, top, "$", "of", false, &def->of) &&
		part_text(r, top, "$", "number", &def->number) &&
		part_name(r, top, "$", "title", false, &def->title) &&
		part_name(r, top, "$", "tree", false, &def->tree) &&
		part_name(r, top, "$", "owner", false, &def->owner) &&
		part_name(r, top, "$", "place", false, &def->place) &&
		part_name(r, top, "$", "keeper", false, &def->keeper) &&
		part_flag(r, top, "$", "internal", &def->internal) &&
		part_int(r, top, "$", "order", 0, 9999, &def->order) &&
		part_texts(r, top, "$", "key", true, &def->key, &def->nkey);
}

static bool begin(struct reader *r, const struct json *top, const char *name)
{
	struct drafts *all = r->all;
	if (r->extends) {
		static const char *const fixed[] = {"of", "number", "title", "tree", "owner", "place",
			"keeper", "internal", "order", "key", NULL};
		r->d = draft_find(all, name);
		if (!r->d)
			return REFUSE(r, "$.register", "there is no register \"%s\" to add to", name);
		for (int i = 0; fixed[i]; i++)
			if (json_get(top, fixed[i]))
				return REFUSE(
					r, "$", "register \"%s\" exists: its \"%s\" cannot be changed", name, fixed[i]);
		return true;
	}
	if (draft_find(all, name))
		return REFUSE(
			r, "$.register", "register \"%s\" exists: say \"extends\": true to add to it", name);
	if (!field_check_name(r, "$.register", name))
		return false;
	if (all->n >= LIMIT_REGISTERS)
		return REFUSE(r, "$", "more than %d registers", LIMIT_REGISTERS);
	r->d = ARENA_NEW(all->scratch, struct draft);
	r->d->def = (struct register_def){.name = name, .builtin = r->source->builtin, .order = 500};
	r->d->at = part_at(r, "");
	if (!read_head(r, top))
		return false;
	all->list[all->n++] = r->d;
	return true;
}

bool draft_read(struct drafts *all, const struct definition_source *source)
{
	static const char *const keys[] = {"$schema", "register", "extends", "order", "label", "help",
		"of", "number", "title", "tree", "owner", "place", "keeper", "internal", "groups", "fields",
		"states", "steps", "clocks", "allow", "key", NULL};
	struct reader r = {.all = all, .source = source};
	const struct json *top;
	const char *name = NULL;
	if (!json_parse(all->scratch, source->text, source->name, &top, all->err))
		return false;
	if (!part_keys(&r, top, "$", keys) || !part_flag(&r, top, "$", "extends", &r.extends) ||
		!part_name(&r, top, "$", "register", true, &name) || !begin(&r, top, name))
		return false;
	if (!read_body(&r, top))
		return false;
	part_default_label(&r.d->def.label, name);
	return true;
}
