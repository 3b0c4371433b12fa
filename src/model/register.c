/* Looking things up in a loaded catalogue, and the small words of the definition language. */
#include "model/register.h"

#include "base/num.h"

const struct register_def *catalogue_find(const struct catalogue *catalogue, const char *name)
{
	for (int i = 0; i < catalogue->n; i++)
		if (strcmp(catalogue->registers[i].name, name) == 0)
			return &catalogue->registers[i];
	return NULL;
}

const struct field *register_field(const struct register_def *reg, const char *name)
{
	for (int i = 0; i < reg->nfields; i++)
		if (strcmp(reg->fields[i].name, name) == 0)
			return &reg->fields[i];
	return NULL;
}

int register_state_index(const struct register_def *reg, const char *name)
{
	for (int i = 0; name && i < reg->nstates; i++)
		if (strcmp(reg->states[i].name, name) == 0)
			return i;
	return -1;
}

const struct state *register_state(const struct register_def *reg, const char *name)
{
	int i = register_state_index(reg, name);
	return i < 0 ? NULL : &reg->states[i];
}

const struct step *register_step(const struct register_def *reg, const char *name)
{
	for (int i = 0; i < reg->nsteps; i++)
		if (strcmp(reg->steps[i].name, name) == 0)
			return &reg->steps[i];
	return NULL;
}

const struct choice *field_choice(const struct field *field, const char *name)
{
	for (int i = 0; i < field->nchoices; i++)
		if (strcmp(field->choices[i].name, name) == 0)
			return &field->choices[i];
	return NULL;
}

const char *field_type_name(enum field_type type)
{
	static const char *const names[] = {"text", "longtext", "integer", "quantity", "money",
		"percent", "date", "month", "instant", "yesno", "choice", "choices", "ref", "refs", "point",
		"line", "area", "file", "files", "code", "json", "derived"};
	return names[type];
}

bool field_is_stored(const struct field *field)
{
	return field->type != FIELD_DERIVED;
}

static const char *const span_words[] = {
	[SPAN_WORKDAYS] = "wd", [SPAN_DAYS] = "d", [SPAN_HOURS] = "h", [SPAN_MONTHS] = "mo"};

bool span_parse(struct slice text, struct span *out)
{
	size_t digits = 0;
	while (digits < text.n && text.s[digits] >= '0' && text.s[digits] <= '9')
		digits++;
	int64_t n;
	if (digits == 0 || digits > 5 || !num_int((struct slice){text.s, digits}, &n))
		return false;
	for (int unit = 0; unit < (int)countof(span_words); unit++)
		if (slice_is((struct slice){text.s + digits, text.n - digits}, span_words[unit])) {
			*out = (struct span){(int32_t)n, (enum span_unit)unit};
			return true;
		}
	return false;
}

void span_format(struct str *out, struct span span)
{
	str_int(out, span.n);
	str_puts(out, span_words[span.unit]);
}
