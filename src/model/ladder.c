/* Ladders (rules/clocks/): who learns of an overdue clock, and when. */
#include "base/embed.h"
#include "model/clock.h"

struct reader {
	struct arena *a;
	const char *file;
	struct err *err;
};

#define REFUSE(r, path, ...)                                                                       \
	(err_set((r)->err, ERR_INPUT, (path), __VA_ARGS__), err_in((r)->err, "%s", (r)->file))

static bool only_keys(
	const struct reader *r, const struct json *object, const char *path, const char *const *keys)
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

static bool read_label(
	const struct reader *r, const struct json *object, const char *path, struct label *out)
{
	const char *zh = json_text(json_get(json_get(object, "label"), "zh"), NULL);
	const char *en = json_text(json_get(json_get(object, "label"), "en"), NULL);
	if (!zh || !en)
		return REFUSE(r, path, "needs a label in zh and en");
	*out = (struct label){arena_strdup(r->a, zh), arena_strdup(r->a, en)};
	return true;
}

/* `value` must be among the words; *out gets it. */
static bool read_word(const struct reader *r, const struct json *object, const char *path,
	const char *key, const char *const *words, const char **out)
{
	const char *word = json_text(json_get(object, key), "");
	for (int i = 0; words[i]; i++)
		if (strcmp(word, words[i]) == 0) {
			*out = words[i];
			return true;
		}
	return REFUSE(r, path, "\"%s\" is no word for \"%s\"", word, key);
}

/* On one scale, for the order of rungs only. */
static int64_t span_hours(struct span s)
{
	static const int hours[] = {
		[SPAN_WORKDAYS] = 24, [SPAN_DAYS] = 24, [SPAN_HOURS] = 1, [SPAN_MONTHS] = 720};
	return (int64_t)s.n * hours[s.unit];
}

static bool read_rung(
	const struct reader *r, const struct json *j, const char *path, struct rung *out)
{
	static const char *const keys[] = {"after", "to", "action", "label", NULL};
	static const char *const to[] = {"holder", "head", "leader", "top", "inspection", NULL};
	static const char *const actions[] = {
		"urge", "escalate", "slip", "interview", "criticise", NULL};
	if (!only_keys(r, j, path, keys) || !read_label(r, j, path, &out->label) ||
		!read_word(r, j, path, "to", to, &out->to) ||
		!read_word(r, j, path, "action", actions, &out->action))
		return false;
	if (!span_parse(json_slice(json_get(j, "after")), &out->after))
		return REFUSE(r, path, "\"%s\" is not a span like 7wd, 3d, 24h or 2mo",
			json_text(json_get(j, "after"), ""));
	return true;
}

static bool read_ladder(const struct reader *r, const struct json *top, struct ladder *out)
{
	static const char *const keys[] = {"ladder", "label", "source", "note", "rungs", NULL};
	const struct json *list = json_get(top, "rungs");
	if (!only_keys(r, top, "$", keys) || !read_label(r, top, "$", &out->label))
		return false;
	out->name = arena_strdup(r->a, json_text(json_get(top, "ladder"), ""));
	out->source = arena_strdup(r->a, json_text(json_get(top, "source"), ""));
	if (!*out->name || !*out->source)
		return REFUSE(r, "$", "has no \"%s\"", *out->name ? "source" : "ladder");
	if (!list || list->type != JSON_IS_ARRAY || list->n == 0)
		return REFUSE(r, "$.rungs", "must be a list");
	struct rung *rungs = ARENA_ARRAY(r->a, struct rung, (size_t)list->n);
	for (int i = 0; i < list->n; i++) {
		const char *path = arena_printf(r->a, "$.rungs[%d]", i);
		if (!read_rung(r, json_at(list, i), path, &rungs[i]))
			return false;
		if (i && span_hours(rungs[i].after) <= span_hours(rungs[i - 1].after))
			return REFUSE(r, path, "is not later than the rung before it");
	}
	out->rungs = rungs;
	out->n = list->n;
	return true;
}

bool ladder_load(
	struct arena *a, struct slice text, const char *file, struct ladder *out, struct err *err)
{
	struct reader r = {a, file, err};
	struct ladder ladder = {0};
	const struct json *top;
	if (!json_parse(a, text, file, &top, err) || !read_ladder(&r, top, &ladder))
		return false;
	*out = ladder;
	return true;
}

bool ladder_builtin(struct arena *a, struct ladder_set *out, struct err *err)
{
	int n;
	const struct embedded *files = embed_under("rules/clocks/", &n);
	struct ladder *ladders = ARENA_ARRAY(a, struct ladder, (size_t)n);
	for (int i = 0; i < n; i++)
		if (!ladder_load(a, embed_text(&files[i]), files[i].path, &ladders[i], err))
			return false;
	*out = (struct ladder_set){ladders, n};
	return true;
}

const struct ladder *ladder_find(const struct ladder_set *set, const char *name)
{
	for (int i = 0; set && name && i < set->n; i++)
		if (strcmp(set->ladders[i].name, name) == 0)
			return &set->ladders[i];
	return NULL;
}

bool ladder_check(const struct ladder_set *set, const struct catalogue *catalogue, struct err *err)
{
	for (int i = 0; i < catalogue->n; i++)
		for (int k = 0; k < catalogue->registers[i].nclocks; k++) {
			const struct clock_def *c = &catalogue->registers[i].clocks[k];
			if (c->ladder && !ladder_find(set, c->ladder)) {
				err_set(err, ERR_INPUT, c->name, "unknown ladder \"%s\"", c->ladder);
				return err_in(err, "%s", catalogue->registers[i].name);
			}
		}
	return true;
}
