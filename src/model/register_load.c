/*
 * A catalogue out of definitions: every source is read into drafts (register_read.c), then every name a draft uses is
 * looked up, then the drafts become what everybody reads. A name may stand for something defined in a later file.
 */
#include "model/register_draft.h"

#include <stdlib.h>

#include "base/embed.h"

#define REFUSE(all, at, ...) REFUSE_AT((all)->err, (at), __VA_ARGS__)

struct draft *draft_find(const struct drafts *all, const char *name)
{
	for (int i = 0; i < all->n; i++)
		if (strcmp(all->list[i]->def.name, name) == 0)
			return all->list[i];
	return NULL;
}

struct field_draft *draft_field(const struct draft *d, const char *name)
{
	for (int i = 0; name && i < d->nfields; i++)
		if (strcmp(d->fields[i].f.name, name) == 0)
			return &d->fields[i];
	return NULL;
}

struct state_draft *draft_state(const struct draft *d, const char *name)
{
	for (int i = 0; i < d->nstates; i++)
		if (strcmp(d->states[i].s.name, name) == 0)
			return &d->states[i];
	return NULL;
}

struct step_draft *draft_step(const struct draft *d, const char *name)
{
	for (int i = 0; i < d->nsteps; i++)
		if (strcmp(d->steps[i].s.name, name) == 0)
			return &d->steps[i];
	return NULL;
}

struct clock_draft *draft_clock(const struct draft *d, const char *name)
{
	for (int i = 0; i < d->nclocks; i++)
		if (strcmp(d->clocks[i].c.name, name) == 0)
			return &d->clocks[i];
	return NULL;
}

struct group *draft_group(const struct draft *d, const char *name)
{
	for (int i = 0; i < d->ngroups; i++)
		if (strcmp(d->groups[i].name, name) == 0)
			return &d->groups[i];
	return NULL;
}

/* ---- linking ---- */

/* Roles are the choices of account.roles, and "anyone". A catalogue without accounts (a test's) knows no roles. */
static bool link_roles(struct drafts *all, struct part_place at, const char *const *roles, int n)
{
	const struct draft *account = draft_find(all, "account");
	const struct field_draft *known = account ? draft_field(account, "roles") : NULL;
	for (int i = 0; known && i < n; i++)
		if (strcmp(roles[i], "anyone") != 0 && !field_choice(&known->f, roles[i]))
			return REFUSE(all, at, "unknown role \"%s\"", roles[i]);
	return true;
}

static bool link_states(struct drafts *all, const struct draft *d, struct part_place at,
	const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (!draft_state(d, names[i]))
			return REFUSE(all, at, "unknown state \"%s\"", names[i]);
	return true;
}

/* The field `name` of d must be a ref to `to`. */
static bool link_ref(
	struct drafts *all, const struct draft *d, const char *key, const char *name, const char *to)
{
	const struct field_draft *f = draft_field(d, name);
	if (name && (!f || f->f.type != FIELD_REF || strcmp(f->f.to, to) != 0))
		return REFUSE(all, d->at,
			"\"%s\" must name a field that refers to register \"%s\", not \"%s\"", key, to, name);
	return true;
}

static bool link_feeds(struct drafts *all, const struct draft *d, const struct field_draft *f)
{
	const char *dot = f->f.feeds ? strchr(f->f.feeds, '.') : NULL;
	if (!f->f.feeds)
		return true;
	const char *reg =
		dot ? arena_text(all->scratch, (struct slice){f->f.feeds, (size_t)(dot - f->f.feeds)}) : "";
	const struct draft *child = draft_find(all, reg);
	if (f->f.type != FIELD_DERIVED || !child || !child->def.of ||
		strcmp(child->def.of, d->def.name) != 0 || !draft_field(child, dot + 1))
		return REFUSE(all, f->at,
			"\"feeds\" of a derived field names a field of a register below this one, not \"%s\"",
			f->f.feeds);
	return true;
}

static bool link_fields(struct drafts *all, const struct draft *d)
{
	for (int i = 0; i < d->nfields; i++) {
		const struct field_draft *f = &d->fields[i];
		if (f->f.to && !draft_find(all, f->f.to))
			return REFUSE(all, f->at, "refers to unknown register \"%s\"", f->f.to);
		if (f->f.group && !draft_group(d, f->f.group))
			return REFUSE(all, f->at, "unknown group \"%s\"", f->f.group);
		if (!link_feeds(all, d, f))
			return false;
	}
	return true;
}

static bool link_steps(struct drafts *all, const struct draft *d)
{
	for (int i = 0; i < d->nsteps; i++) {
		const struct step_draft *s = &d->steps[i];
		if (!link_states(all, d, s->at, s->s.from, s->s.nfrom) ||
			!link_roles(all, s->at, s->s.by, s->s.nby))
			return false;
		if (s->s.to && !draft_state(d, s->s.to))
			return REFUSE(all, s->at, "unknown state \"%s\"", s->s.to);
		for (int k = 0; k < s->s.nasks; k++) {
			const struct field_draft *f = draft_field(d, s->asks[k]);
			if (!f || f->f.type == FIELD_DERIVED)
				return REFUSE(all, s->at, "asks for unknown field \"%s\"", s->asks[k]);
		}
		const struct field_draft *stamp = draft_field(d, s->s.stamps);
		if (s->s.stamps &&
			(!stamp || (stamp->f.type != FIELD_DATE && stamp->f.type != FIELD_INSTANT)))
			return REFUSE(
				all, s->at, "\"stamps\" must name a date or an instant, not \"%s\"", s->s.stamps);
		if (s->s.within && !draft_clock(d, s->s.within))
			return REFUSE(all, s->at, "unknown clock \"%s\"", s->s.within);
	}
	return true;
}

static bool link_clocks(struct drafts *all, const struct draft *d)
{
	for (int i = 0; i < d->nclocks; i++) {
		const struct clock_def *c = &d->clocks[i].c;
		struct part_place at = d->clocks[i].at;
		if (!link_states(all, d, at, c->start, c->nstart) ||
			!link_states(all, d, at, c->stop, c->nstop) ||
			!link_states(all, d, at, c->pause, c->npause))
			return false;
		for (int k = 0; k < c->nstart; k++)
			for (int m = 0; m < c->nstop; m++)
				if (strcmp(c->start[k], c->stop[m]) == 0)
					return REFUSE(all, at, "state \"%s\" both starts and stops it", c->start[k]);
		const struct field_draft *due = draft_field(d, c->due), *holder = draft_field(d, c->holder),
								 *until = draft_field(d, c->extend_to);
		if (c->due && (!due || due->f.type != FIELD_DATE))
			return REFUSE(all, at, "\"due\" must name a date field, not \"%s\"", c->due);
		if (c->holder && (!holder || holder->f.type != FIELD_REF))
			return REFUSE(all, at, "\"holder\" must name a field that refers to a unit, not \"%s\"",
				c->holder);
		if (c->extend_ask && (!draft_step(d, c->extend_ask) || !draft_step(d, c->extend_grant)))
			return REFUSE(all, at, "\"extend\" must name two steps");
		if (c->extend_to && (!until || until->f.type != FIELD_DATE))
			return REFUSE(all, at, "\"until\" must name a date field, not \"%s\"", c->extend_to);
	}
	return true;
}

/* {yyyy} {mm} {seq} {seq:4}, one sequence, and plain letters between. */
static bool check_pattern(struct drafts *all, const struct draft *d)
{
	const char *p = d->def.number;
	int sequences = 0;
	for (; p && *p; p++) {
		if (strncmp(p, "{yyyy}", 6) == 0)
			p += 5;
		else if (strncmp(p, "{mm}", 4) == 0)
			p += 3;
		else if (strncmp(p, "{seq}", 5) == 0)
			sequences++, p += 4;
		else if (strncmp(p, "{seq:", 5) == 0 && p[5] >= '1' && p[5] <= '9' && p[6] == '}')
			sequences++, p += 6;
		else if (*p == '{' || *p == '}' || *p == ' ' || (unsigned char)*p < 32)
			return REFUSE(
				all, d->at, "number \"%s\" is not a pattern like WT{yyyy}-{seq:4}", d->def.number);
	}
	if (d->def.number && (sequences != 1 || strlen(d->def.number) > 60))
		return REFUSE(
			all, d->at, "number \"%s\" is not a pattern like WT{yyyy}-{seq:4}", d->def.number);
	return true;
}

static bool titles(const struct field *f)
{
	return f->type == FIELD_TEXT || f->type == FIELD_CODE || f->type == FIELD_DATE ||
		f->type == FIELD_INTEGER || f->type == FIELD_CHOICE || f->type == FIELD_MONTH;
}

static bool link_head(struct drafts *all, struct draft *d)
{
	struct register_def *def = &d->def;
	if (d->nfields == 0)
		return REFUSE(all, d->at, "register \"%s\" has no fields", def->name);
	for (int i = 0; !def->title && i < d->nfields; i++)
		if (titles(&d->fields[i].f))
			def->title = d->fields[i].f.name;
	const struct field_draft *title = draft_field(d, def->title);
	if (!title || !titles(&title->f))
		return REFUSE(all, d->at, "\"title\" must name a text, code, number, date or choice field");
	if (def->of && !draft_find(all, def->of))
		return REFUSE(all, d->at, "hangs under unknown register \"%s\"", def->of);
	/* where it hangs must come to an end */
	int steps = 0;
	for (const struct draft *up = d; up && up->def.of; up = draft_find(all, up->def.of))
		if (++steps > all->n)
			return REFUSE(all, d->at, "register \"%s\" hangs under itself", def->name);
	for (int i = 0; i < def->nkey; i++)
		if (!draft_field(d, def->key[i]))
			return REFUSE(all, d->at, "\"key\" names unknown field \"%s\"", def->key[i]);
	return link_ref(all, d, "of", def->of, def->of) &&
		link_ref(all, d, "tree", def->tree, def->name) &&
		link_ref(all, d, "owner", def->owner, "unit") &&
		link_ref(all, d, "place", def->place, "area") &&
		link_ref(all, d, "keeper", def->keeper, "account") && check_pattern(all, d);
}

/* Every name that a draft uses must stand for something. */
static bool draft_link(struct drafts *all, struct draft *d)
{
	for (int v = 0; v < VERB_COUNT; v++)
		if (!link_roles(all, d->at, d->def.allow[v].roles, d->def.allow[v].n))
			return false;
	if (d->nsteps + d->nclocks > 0 && d->nstates == 0)
		return REFUSE(all, d->at, "steps and clocks need states");
	return link_head(all, d) && link_fields(all, d) && link_steps(all, d) && link_clocks(all, d);
}

/* ---- what stays ---- */

static const char *const nobody_else[] = {"office", "administrator"};
static const char *const anyone[] = {"anyone"};

/* A definition that says nothing of a verb leaves it to the office; all may read and take away. */
static void default_allow(struct register_def *def)
{
	for (int v = 0; v < VERB_COUNT; v++)
		if (def->allow[v].n == 0 && !def->builtin)
			def->allow[v] = v == VERB_READ || v == VERB_EXPORT
				? (struct permission){anyone, 1}
				: (struct permission){nobody_else, 2};
}

static void freeze(struct drafts *all, struct draft *d, int index, struct register_def *out)
{
	struct arena *a = all->a;
	struct field *fields = ARENA_ARRAY(a, struct field, (size_t)d->nfields);
	struct state *states = ARENA_ARRAY(a, struct state, (size_t)d->nstates);
	struct step *steps = ARENA_ARRAY(a, struct step, (size_t)d->nsteps);
	struct clock_def *clocks = ARENA_ARRAY(a, struct clock_def, (size_t)d->nclocks);
	struct group *groups = ARENA_ARRAY(a, struct group, (size_t)d->ngroups);
	for (int i = 0; i < d->nfields; i++) {
		fields[i] = d->fields[i].f;
		fields[i].index = i;
		fields[i].required &= !fields[i].retired; /* no form asks for it any more */
	}
	for (int i = 0; i < d->nstates; i++)
		states[i] = d->states[i].s;
	for (int i = 0; i < d->nclocks; i++)
		clocks[i] = d->clocks[i].c;
	for (int i = 0; i < d->ngroups; i++)
		groups[i] = d->groups[i];
	for (int i = 0; i < d->nsteps; i++) {
		steps[i] = d->steps[i].s;
		const struct field **asks = ARENA_ARRAY(a, const struct field *, (size_t)steps[i].nasks);
		for (int k = 0; k < steps[i].nasks; k++)
			asks[k] = &fields[draft_field(d, d->steps[i].asks[k]) - d->fields];
		steps[i].asks = asks;
	}
	*out = d->def;
	out->fields = fields, out->nfields = d->nfields;
	out->states = states, out->nstates = d->nstates;
	out->steps = steps, out->nsteps = d->nsteps;
	out->clocks = clocks, out->nclocks = d->nclocks;
	out->groups = groups, out->ngroups = d->ngroups;
	out->index = index;
	default_allow(out);
}

/* Built-in ones in the order they ask for; own ones stay behind them in the order they came, so that adding a register
 * never moves another. */
static int by_order(const void *left, const void *right)
{
	const struct register_def *a = &(*(struct draft *const *)left)->def,
							  *b = &(*(struct draft *const *)right)->def;
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return strcmp(a->name, b->name);
}

static bool read_all(struct drafts *all, const struct definition_source *sources, int n)
{
	int builtin = 0;
	for (int i = 0; i < n; i++) {
		if (!draft_read(all, &sources[i]))
			return false;
		if (sources[i].builtin)
			builtin = all->n;
	}
	qsort(all->list, (size_t)builtin, sizeof(*all->list), by_order);
	for (int i = 0; i < all->n; i++)
		if (!draft_link(all, all->list[i]))
			return false;
	return true;
}

bool catalogue_load(const struct definition_source *sources, int n, int64_t edition,
	const struct catalogue **out, struct err *err)
{
	struct arena *a = arena_open(), *scratch = arena_open();
	struct drafts all = {.a = a, .scratch = scratch, .err = err};
	all.list = ARENA_ARRAY(scratch, struct draft *, LIMIT_REGISTERS);
	bool good = read_all(&all, sources, n);
	if (good) {
		struct register_def *registers = ARENA_ARRAY(a, struct register_def, (size_t)all.n);
		for (int i = 0; i < all.n; i++)
			freeze(&all, all.list[i], i, &registers[i]);
		struct catalogue *catalogue = ARENA_NEW(a, struct catalogue);
		*catalogue = (struct catalogue){registers, all.n, a, edition};
		*out = catalogue;
	} else {
		arena_close(a);
	}
	arena_close(scratch);
	return good;
}

void catalogue_close(const struct catalogue *catalogue)
{
	if (catalogue)
		arena_close(catalogue->a);
}

bool catalogue_builtin(const struct definition_source *own, int nown, int64_t edition,
	const struct catalogue **out, struct err *err)
{
	struct arena *scratch = arena_open();
	int n, used = 0;
	const struct embedded *files = embed_under("registers/", &n);
	struct definition_source *sources =
		ARENA_ARRAY(scratch, struct definition_source, (size_t)(n + nown));
	for (int i = 0; i < n; i++)
		if (strcmp(files[i].path, "registers/schema.json") != 0)
			sources[used++] =
				(struct definition_source){files[i].path, embed_text(&files[i]), true};
	for (int i = 0; i < nown; i++)
		sources[used++] = own[i];
	bool good = catalogue_load(sources, used, edition, out, err);
	arena_close(scratch);
	return good;
}
