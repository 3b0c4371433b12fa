/*
 * The plain parts of a definition: texts, names, flags, numbers, labels, lists, spans. Each reader leaves *out alone when
 * the key is missing, and names file and path when it cannot be what it must be.
 */
#include "model/register_reader.h"

struct part_place part_at(const struct reader *r, const char *path)
{
	return (struct part_place){r->source->name, path};
}

const char *part_under(const struct reader *r, const char *path, const char *key)
{
	return arena_printf(r->all->scratch, "%s.%s", path, key);
}

const char *part_item(const struct reader *r, const char *path, int i)
{
	return arena_printf(r->all->scratch, "%s[%d]", path, i);
}

bool part_keys(
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

bool part_text(const struct reader *r, const struct json *object, const char *path, const char *key,
	const char **out)
{
	const struct json *j = json_get(object, key);
	if (!j)
		return true;
	if (j->type != JSON_IS_TEXT || j->text.n == 0)
		return REFUSE(r, part_under(r, path, key), "must be a text that is not empty");
	*out = arena_text(r->all->a, j->text);
	return true;
}

/* A name that can be a column, a table and a JSON key. */
bool part_check_name(const struct reader *r, const char *path, const char *name)
{
	size_t n = strlen(name);
	bool good = n > 0 && n <= 48 && name[0] >= 'a' && name[0] <= 'z';
	for (size_t i = 0; good && i < n; i++)
		good = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') ||
			name[i] == '_';
	if (!good)
		return REFUSE(r, path,
			"\"%s\" is not a name: small letters, digits and _, at most 48, a letter first", name);
	return true;
}

bool part_name(const struct reader *r, const struct json *object, const char *path, const char *key,
	bool required, const char **out)
{
	if (!part_text(r, object, path, key, out))
		return false;
	if (!*out)
		return required ? REFUSE(r, path, "has no \"%s\"", key) : true;
	return part_check_name(r, part_under(r, path, key), *out);
}

bool part_flag(
	const struct reader *r, const struct json *object, const char *path, const char *key, bool *out)
{
	const struct json *j = json_get(object, key);
	if (!j)
		return true;
	if (j->type != JSON_IS_TRUE && j->type != JSON_IS_FALSE)
		return REFUSE(r, part_under(r, path, key), "must be true or false");
	*out = j->type == JSON_IS_TRUE;
	return true;
}

bool part_int(const struct reader *r, const struct json *object, const char *path, const char *key,
	int least, int most, int *out)
{
	const struct json *j = json_get(object, key);
	if (!j)
		return true;
	if (j->type != JSON_IS_INT || j->i < least || j->i > most)
		return REFUSE(
			r, part_under(r, path, key), "must be a whole number from %d to %d", least, most);
	*out = (int)j->i;
	return true;
}

/* {"zh","en"}, or one text for both. */
bool part_label(const struct reader *r, const struct json *object, const char *path,
	const char *key, struct label *out)
{
	static const char *const keys[] = {"zh", "en", NULL};
	const struct json *j = json_get(object, key);
	if (!j)
		return true;
	path = part_under(r, path, key);
	if (j->type == JSON_IS_TEXT && j->text.n) {
		out->zh = out->en = arena_text(r->all->a, j->text);
		return true;
	}
	const char *zh = NULL, *en = NULL;
	if (!part_keys(r, j, path, keys) || !part_text(r, j, path, "zh", &zh) ||
		!part_text(r, j, path, "en", &en))
		return false;
	if (!zh && !en)
		return REFUSE(r, path, "has neither \"zh\" nor \"en\"");
	*out = (struct label){zh ? zh : en, en ? en : zh};
	return true;
}

void part_default_label(struct label *label, const char *name)
{
	if (!label->zh)
		*label = (struct label){name, name};
}

/* Texts of an array, added to what is there already. `names`: each must be a name. */
bool part_texts(const struct reader *r, const struct json *object, const char *path,
	const char *key, bool names, const char *const **list, int *n)
{
	const struct json *j = json_get(object, key);
	if (!j)
		return true;
	path = part_under(r, path, key);
	if (j->type != JSON_IS_ARRAY)
		return REFUSE(r, path, "must be a list");
	const char **all = ARENA_ARRAY(r->all->a, const char *, (size_t)(*n + j->n));
	for (int i = 0; i < *n; i++)
		all[i] = (*list)[i];
	int count = *n;
	for (int i = 0; i < j->n; i++) {
		const struct json *text = json_at(j, i);
		if (text->type != JSON_IS_TEXT || text->text.n == 0)
			return REFUSE(r, part_item(r, path, i), "must be a text that is not empty");
		const char *word = arena_text(r->all->a, text->text);
		if (names && !part_check_name(r, part_item(r, path, i), word))
			return false;
		bool there = false;
		for (int k = 0; k < count && !there; k++)
			there = strcmp(all[k], word) == 0;
		if (there && names && !r->extends)
			return REFUSE(r, part_item(r, path, i), "\"%s\" stands twice", word);
		if (!there)
			all[count++] = word;
	}
	*list = all;
	*n = count;
	return true;
}

bool part_span(const struct reader *r, const struct json *object, const char *path, const char *key,
	struct span *out)
{
	const char *text = NULL;
	if (!part_text(r, object, path, key, &text))
		return false;
	if (text && !span_parse(slice_of(text), out))
		return REFUSE(
			r, part_under(r, path, key), "\"%s\" is not a span like 7wd, 3d, 24h or 2mo", text);
	return true;
}
