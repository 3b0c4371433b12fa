/*
 * What a heading means. All names a field goes by are put in one table under a normalised key; a heading is looked up as it
 * stands, then without brackets, without its year and without filler words, then by likeness.
 */
#include <stdio.h>
#include <stdlib.h>

#include "intake/ledger_parts.h"

struct word {
	const char *key;
	const struct field *field, *child_field;
	const char *target;
	enum ledger_how how;
};

struct words {
	struct arena *a;
	struct map *index; /* key -> word */
	struct word *list;
	int n, room;
};

static bool is_cjk(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

static uint32_t narrow(uint32_t c)
{
	return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

/* Letters, digits and Han count; the rest is dress. */
static bool counts(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '@' || c == '%' || is_cjk(c) ||
		(c >= 0xC0 && c < 0x2000) || (c >= 0x3041 && c <= 0x30FF) || (c >= 0xAC00 && c <= 0xD7A3);
}

void heading_key(struct str *out, struct slice heading, bool keep_brackets)
{
	int depth = 0;
	for (size_t at = 0; at < heading.n;) {
		uint32_t c = narrow(utf8_next(heading, &at));
		char bytes[4];
		if (c == '(' || c == '[' || c == 0x3010 || c == 0x3014)
			depth++;
		else if ((c == ')' || c == ']' || c == 0x3011 || c == 0x3015) && depth > 0)
			depth--;
		else if (depth == 0 || keep_brackets) {
			if (c >= 'A' && c <= 'Z')
				c += 'a' - 'A';
			if (counts(c))
				str_add(out, bytes, (size_t)utf8_encode(c, bytes));
		}
	}
}

/* Words that change nothing about what a heading means. */
static void drop_filler(struct str *key)
{
	static const char *const fillers[][2] = {
		{"日期", "时间"},
		{"金额", ""},
		{"情况", ""},
		{"数额", ""},
		{"总额", "总"},
		{"项目的", ""},
		{"所在的", "所在"},
		{"其中", ""},
		{"填报", ""},
		{"拟", "计划"},
		{"latest", ""},
		{"approved", ""},
		{"departmental", ""},
		{"mpa", ""},
		{"ipa", ""},
	};
	struct str next = STR_INIT;
	for (size_t f = 0; f < countof(fillers); f++) {
		const char *from = fillers[f][0], *found;
		while ((found = key->n ? strstr(str_text(key), from) : NULL) &&
			strcmp(str_text(key), from) != 0) {
			str_clear(&next);
			str_add(&next, key->s, (size_t)(found - key->s));
			str_puts(&next, fillers[f][1]);
			str_puts(&next, found + strlen(from));
			str_clear(key);
			str_slice(key, str_view(&next));
		}
	}
	str_free(&next);
	if (key->n > 7 && memcmp(key->s, "project", 7) == 0) {
		memmove(key->s, key->s + 7, key->n - 7 + 1);
		key->n -= 7;
	}
}

static void add_word(struct words *w, struct slice text, bool keep_brackets,
	const struct field *field, bool of_child, const char *target, enum ledger_how how)
{
	struct str key = STR_INIT;
	heading_key(&key, text, keep_brackets);
	int32_t at = key.n ? map_get(w->index, str_view(&key)) : -2;
	if (at >= 0 && of_child && !w->list[at].child_field) {
		w->list[at].child_field = field;
	} else if (at == -1) {
		if (w->n == w->room) {
			int room = w->room ? w->room * 2 : 256;
			w->list = must_realloc(w->list, (size_t)room * sizeof *w->list);
			w->room = room;
		}
		w->list[w->n] = (struct word){.key = arena_text(w->a, str_view(&key)),
			.field = of_child ? NULL : field,
			.child_field = of_child ? field : NULL,
			.target = target,
			.how = how};
		map_put(w->index, str_view(&key), w->n++);
	}
	str_free(&key);
}

static bool takes_cells(const struct field *f)
{
	return field_is_stored(f) && !f->retired && f->type != FIELD_FILE && f->type != FIELD_FILES;
}

/* Stronger names of all fields first, so that a synonym never takes another field's label. */
static void add_fields(struct words *w, const struct register_def *reg, bool of_child)
{
	for (int pass = 0; pass < 3; pass++)
		for (int i = 0; i < reg->nfields; i++) {
			const struct field *f = &reg->fields[i];
			if (!takes_cells(f) || (of_child && reg->of && strcmp(f->name, reg->of) == 0))
				continue;
			const char *target =
				of_child ? arena_printf(w->a, "%s.%s", reg->name, f->name) : f->name;
			if (pass == 0) {
				add_word(w, slice_of(f->label.zh), true, f, of_child, target, LEDGER_LABEL);
				add_word(w, slice_of(f->label.en), true, f, of_child, target, LEDGER_LABEL);
			} else if (pass == 1) {
				add_word(w, slice_of(f->name), true, f, of_child, target, LEDGER_NAME);
			} else {
				for (int s = 0; s < f->nsynonyms; s++)
					add_word(
						w, slice_of(f->synonyms[s]), true, f, of_child, target, LEDGER_SYNONYM);
			}
		}
}

struct words *words_open(
	struct arena *a, const struct register_def *reg, const struct register_def *child)
{
	struct words *w = must_alloc(sizeof *w);
	w->a = a;
	w->index = map_open();
	/* How our own exports name what is no field (report/sheet.h). */
	add_word(w, SLICE("@id"), true, NULL, false, LEDGER_ID, LEDGER_NAME);
	add_word(w, SLICE("@number"), true, NULL, false, LEDGER_NUMBER, LEDGER_NAME);
	add_word(w, SLICE("@state"), true, NULL, false, LEDGER_STATE, LEDGER_NAME);
	add_word(w, SLICE("记录标识"), true, NULL, false, LEDGER_ID, LEDGER_LABEL);
	add_word(w, SLICE("Record id"), true, NULL, false, LEDGER_ID, LEDGER_LABEL);
	if (reg->number) {
		add_word(w, SLICE("系统编号"), true, NULL, false, LEDGER_NUMBER, LEDGER_LABEL);
		add_word(w, SLICE("Record number"), true, NULL, false, LEDGER_NUMBER, LEDGER_LABEL);
	}
	if (reg->nstates) {
		add_word(w, SLICE("当前状态"), true, NULL, false, LEDGER_STATE, LEDGER_LABEL);
		add_word(w, SLICE("Current state"), true, NULL, false, LEDGER_STATE, LEDGER_LABEL);
	}
	add_fields(w, reg, false);
	if (child)
		add_fields(w, child, true);
	return w;
}

void words_close(struct words *w)
{
	if (!w)
		return;
	map_close(w->index);
	free(w->list);
	free(w);
}

static int chars_of(const char *key, uint32_t out[64])
{
	struct slice text = slice_of(key);
	int n = 0;
	for (size_t at = 0; at < text.n && n < 64;)
		out[n++] = utf8_next(text, &at);
	return n;
}

/* Dice's coefficient over neighbouring characters, in percent. */
static int likeness(const uint32_t *a, int na, const uint32_t *b, int nb)
{
	bool used[64] = {false};
	int same = 0;
	if (na < 2 || nb < 2)
		return 0;
	for (int i = 0; i + 1 < na; i++)
		for (int k = 0; k + 1 < nb; k++)
			if (!used[k] && a[i] == b[k] && a[i + 1] == b[k + 1]) {
				used[k] = true;
				same++;
				break;
			}
	return 200 * same / (na + nb - 2);
}

static struct match as_match(const struct word *word, enum ledger_how how, int similar)
{
	return (struct match){word->field, word->child_field, word->target, how, similar};
}

static struct match most_alike(const struct words *w, const char *key)
{
	uint32_t mine[64], other[64];
	int n = chars_of(key, mine), best = 0;
	const struct word *found = NULL;
	/* Two or three characters are alike by chance; Latin letters sooner than Han. */
	if (n < 3 || (n < 6 && !is_cjk(mine[0])))
		return (struct match){0};
	for (int i = 0; i < w->n; i++) {
		int like = likeness(mine, n, other, chars_of(w->list[i].key, other));
		if (like > best && w->list[i].target[0] != '@') {
			best = like;
			found = &w->list[i];
		}
	}
	return found && best >= LEDGER_SIMILAR ? as_match(found, LEDGER_GUESSED, best)
										   : (struct match){0};
}

static bool look_up(const struct words *w, const struct str *key, struct match *out)
{
	int32_t at = key->n ? map_get(w->index, (struct slice){key->s, key->n}) : -1;
	if (at >= 0)
		*out = as_match(&w->list[at], w->list[at].how, 100);
	return at >= 0;
}

/* Our own exports put the field's name in square brackets where a label alone would not tell. */
static bool named_in_brackets(const struct words *w, struct slice heading, struct match *out)
{
	const char *open = heading.n ? memchr(heading.s, '[', heading.n) : NULL;
	const char *close = open ? memchr(open, ']', (size_t)(heading.s + heading.n - open)) : NULL;
	if (!close)
		return false;
	struct str key = STR_INIT;
	heading_key(&key, (struct slice){open + 1, (size_t)(close - open - 1)}, true);
	bool found = look_up(w, &key, out) && out->how == LEDGER_NAME;
	str_free(&key);
	return found;
}

struct match words_match(const struct words *w, struct slice heading, bool guess)
{
	struct match found = {0};
	if (named_in_brackets(w, heading, &found))
		return found;
	struct str key = STR_INIT;
	found = (struct match){0};
	heading_key(&key, heading, true);
	bool done = look_up(w, &key, &found);
	if (!done) {
		str_clear(&key);
		heading_key(&key, heading, false);
		done = look_up(w, &key, &found);
	}
	if (!done && key.n) {
		drop_filler(&key);
		done = look_up(w, &key, &found);
		if (done)
			found.how = found.how == LEDGER_NAME ? LEDGER_SYNONYM : found.how;
	}
	if (!done && guess && key.n)
		found = most_alike(w, str_text(&key));
	str_free(&key);
	return found;
}

/* ---- units ---- */

static bool has_word(const char *key, const char *word)
{
	return strstr(key, word) != NULL;
}

static bool ends_in(struct slice heading, const char *tail)
{
	size_t n = strlen(tail);
	return heading.n > n && strncasecmp(heading.s + heading.n - n, tail, n) == 0;
}

int64_t heading_money_unit(struct slice heading, struct arena *a, const char **currency)
{
	static const struct {
		const char *sign, *shown;
	} signs[] = {
		{"us$", "US$"},
		{"usd", "US$"},
		{"$", "$"},
		{"£", "£"},
		{"gbp", "£"},
		{"€", "€"},
		{"eur", "€"},
		{"aud", "A$"},
		{"美元", "美元"},
	};
	struct str lower = STR_INIT;
	for (size_t at = 0; at < heading.n;) {
		char bytes[4];
		uint32_t c = narrow(utf8_next(heading, &at));
		c = c >= 'A' && c <= 'Z' ? c + 32 : c;
		str_add(&lower, bytes, (size_t)utf8_encode(c, bytes));
	}
	const char *key = str_text(&lower);
	if (currency) {
		*currency = NULL;
		for (size_t i = 0; i < countof(signs) && !*currency; i++)
			if (has_word(key, signs[i].sign))
				*currency = signs[i].shown;
	}
	int64_t unit = 0;
	struct slice view = utf8_trim(str_view(&lower));
	if (has_word(key, "亿") || has_word(key, "100 million yuan"))
		unit = INT64_C(10000000000);
	else if (has_word(key, "10,000 yuan") || has_word(key, "10000 yuan") ||
		has_word(key, "ten thousand yuan"))
		unit = 1000000;
	else if (has_word(key, "百万") || has_word(key, "million") || has_word(key, "£m") ||
		has_word(key, "$m") || ends_in(view, "_m") || ends_in(view, " m") || ends_in(view, "(m)"))
		unit = 100000000;
	else if (has_word(key, "千万"))
		unit = INT64_C(1000000000);
	else if (has_word(key, "万") || ends_in(view, "_wan"))
		unit = 1000000;
	else if (has_word(key, "billion") || ends_in(view, "_bn"))
		unit = INT64_C(100000000000);
	else if (has_word(key, "千元") || has_word(key, "thousand") || ends_in(view, "_k") ||
		has_word(key, "000s"))
		unit = 100000;
	else if (has_word(key, "(元)") || has_word(key, "（元）") || has_word(key, "单位:元") ||
		ends_in(view, "_yuan") || has_word(key, "(yuan)"))
		unit = 100;
	str_free(&lower);
	return unit;
}

/* ---- mapping ---- */

static void set_target(struct ledger_column *c, const struct match *m)
{
	c->field = m->field;
	c->child_field = m->child_field;
	c->target = m->target;
	c->how = m->how;
	c->similar = m->similar;
}

/* The heading as a whole, then its lowest part, then its parts run together: "投资 总投资" and "计划竣工 时间". */
static struct match match_heading(const struct words *w, const char *heading, bool guess)
{
	struct match m = words_match(w, slice_of(heading), false);
	const char *last = strrchr(heading, '\n');
	if (!m.target && last)
		m = words_match(w, slice_of(last + 1), false);
	if (!m.target && guess)
		m = words_match(w, slice_of(heading), true);
	if (!m.target && guess && last)
		m = words_match(w, slice_of(last + 1), true);
	return m;
}

/* Gives a field to the column with the strongest claim; the others lose it. */
static bool weaker(const struct ledger_column *a, const struct ledger_column *b)
{
	if (a->how != b->how)
		return a->how > b->how;
	if (a->similar != b->similar)
		return a->similar < b->similar;
	return a->index > b->index;
}

static void settle(struct ledger *l)
{
	for (int i = 0; i < l->ncolumns; i++)
		for (int k = 0; k < l->ncolumns; k++) {
			struct ledger_column *c = &l->columns[i], *other = &l->columns[k];
			if (i == k || !c->target || !other->target || !weaker(c, other))
				continue;
			if (c->field && c->field == other->field)
				c->field = NULL;
			else if (!c->field && !c->child_field && !other->field &&
				strcmp(c->target, other->target) == 0)
				c->target = NULL;
			if (c->child_field && c->child_field == other->child_field)
				c->child_field = NULL;
			if (c->target && c->target[0] != '@' && !c->field) {
				c->target = c->child_field
					? arena_printf(l->a, "%s.%s", l->options->child->name, c->child_field->name)
					: NULL;
				c->how = c->target ? c->how : LEDGER_NONE;
			}
			if (!c->target)
				c->how = LEDGER_NONE;
		}
}

static bool same_heading(const char *a, const char *b)
{
	struct str x = STR_INIT, y = STR_INIT;
	heading_key(&x, slice_of(a), true);
	heading_key(&y, slice_of(b), true);
	bool same = slice_equal(str_view(&x), str_view(&y));
	str_free(&x);
	str_free(&y);
	return same;
}

/* The field of ours that a heading names and no cell gives: an export has its column all the same. */
static const struct field *left_field(const struct ledger *l, const char *heading)
{
	const struct register_def *reg = l->options->reg;
	for (int i = 0; i < reg->nfields; i++) {
		const struct field *f = &reg->fields[i];
		bool left = f->type == FIELD_FILE || f->type == FIELD_FILES;
		for (int k = 0; k < l->options->nkept; k++)
			left |= strcmp(l->options->kept[k], f->name) == 0;
		if (left &&
			(same_heading(heading, f->label.zh) || same_heading(heading, f->label.en) ||
				same_heading(heading, f->name)))
			return f;
	}
	return NULL;
}

void ledger_map_columns(struct ledger *l)
{
	for (int i = 0; i < l->ncolumns; i++) {
		struct ledger_column *c = &l->columns[i];
		if (c->how == LEDGER_GIVEN || c->how == LEDGER_REMEMBERED || !c->heading[0])
			continue;
		c->left = left_field(l, c->heading);
		struct match m = c->left ? (struct match){0} : match_heading(l->words, c->heading, true);
		if (m.target)
			set_target(c, &m);
	}
	settle(l);
}

bool ledger_target(const struct ledger *l, const char *target, struct match *out)
{
	*out = (struct match){.target = target};
	if (target[0] == '@')
		return strcmp(target, LEDGER_ID) == 0 || strcmp(target, LEDGER_NUMBER) == 0 ||
			strcmp(target, LEDGER_STATE) == 0;
	const struct register_def *child = l->options->child;
	const char *dot = strchr(target, '.');
	if (dot && child && strncmp(target, child->name, (size_t)(dot - target)) == 0) {
		out->child_field = register_field(child, dot + 1);
		return out->child_field && takes_cells(out->child_field);
	}
	out->field = register_field(l->options->reg, target);
	return out->field && takes_cells(out->field);
}

static bool apply(
	struct ledger *l, const struct ledger_choice *choice, enum ledger_how how, struct err *err)
{
	struct match m = {0};
	if (choice->target[0] && !ledger_target(l, choice->target, &m)) {
		if (how == LEDGER_REMEMBERED)
			return true; /* a field that has gone since: the heading is matched anew */
		return err_set(
			err, ERR_INPUT, NULL, "there is no field \"%s\" to import into", choice->target);
	}
	for (int i = 0; i < l->ncolumns; i++) {
		struct ledger_column *c = &l->columns[i];
		if (choice->column >= 0 ? c->index != choice->column
								: !choice->heading || !same_heading(choice->heading, c->heading))
			continue;
		m.how = how;
		set_target(c, &m);
		return true;
	}
	if (how == LEDGER_GIVEN)
		return err_set(err, ERR_INPUT, NULL, "the table has no column \"%s\"",
			choice->heading ? choice->heading : arena_printf(l->a, "%d", choice->column + 1));
	return true;
}

bool ledger_apply_choices(struct ledger *l, struct err *err)
{
	const struct ledger_options *o = l->options;
	for (int i = 0; i < o->nremembered; i++)
		if (!apply(l, &o->remembered[i], LEDGER_REMEMBERED, err))
			return false;
	for (int i = 0; i < o->ngiven; i++)
		if (!apply(l, &o->given[i], LEDGER_GIVEN, err))
			return false;
	return true;
}
