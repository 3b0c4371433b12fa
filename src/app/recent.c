/* See recent.h. Registers that only administrators care for are left out: the wall is about projects. */
#include "app/recent.h"

#include "app/access.h"
#include "app/account.h"
#include "app/titles.h"

static const char *lasting_step(const struct register_def *reg, const char *step)
{
	static const char *const plain[] = {"create", "update", "delete", "undo", "undelete"};
	for (size_t i = 0; i < countof(plain); i++)
		if (strcmp(plain[i], step) == 0)
			return plain[i];
	const struct step *known = register_step(reg, step);
	return known ? known->name : plain[1];
}

void recent_note(struct recent *r, const struct change *c, const struct light_change *light)
{
	if (c->reg->internal)
		return;
	struct recent_change *at = &r->kept[r->n++ % RECENT_KEPT];
	*at = (struct recent_change){
		.no = c->no,
		.version = c->version,
		.at = c->at,
		.who = c->who,
		.id = c->id,
		.reg = c->reg,
		.step = lasting_step(c->reg, c->step),
		.lit = light != NULL,
		.light_before = light ? light->before : 0,
		.light_after = light ? light->after : 0,
	};
}

static bool older(void *self, const struct change *c)
{
	struct recent *r = self;
	if (r->n == RECENT_KEPT)
		return false;
	recent_note(r, c, NULL);
	return true;
}

bool recent_load(struct recent *r, struct store *s, int64_t no, struct err *err)
{
	r->n = 0;
	int64_t last = no > 4 * RECENT_KEPT ? no - 4 * RECENT_KEPT : 1;
	if (no > 0 && !journal_read(s, no, last, older, r, err))
		return false;
	for (int64_t i = 0; i < r->n / 2; i++) { /* came newest first */
		struct recent_change swap = r->kept[i];
		r->kept[i] = r->kept[r->n - 1 - i];
		r->kept[r->n - 1 - i] = swap;
	}
	return true;
}

static struct label step_label(const struct recent_change *c)
{
	const struct step *step = register_step(c->reg, c->step);
	if (step)
		return step->label;
	if (strcmp(c->step, "create") == 0)
		return (struct label){"新增", "added"};
	if (strcmp(c->step, "delete") == 0)
		return (struct label){"删除", "deleted"};
	if (strcmp(c->step, "undo") == 0)
		return (struct label){"撤销办理", "step undone"};
	if (strcmp(c->step, "undelete") == 0)
		return (struct label){"恢复", "restored"};
	return (struct label){"更新", "updated"};
}

static void change_json(struct app *app, const struct board *b, struct arena *a,
	const struct recent_change *c, int table, int32_t row, struct json_writer *w)
{
	struct str text = STR_INIT;
	struct label step = step_label(c);
	int32_t project = board_project_of(b, table, row);
	jw_object(w);
	jw_ki(w, "no", c->no);
	instant_format(&text, c->at, app->offset_minutes);
	jw_kt(w, "at", str_text(&text));
	jw_kt(w, "who", account_name(b, a, c->who));
	jw_kt(w, "register", c->reg->name);
	jw_kid(w, "id", c->id);
	jw_ks(w, "title", board_title(board_table(b, table), row));
	jw_key(w, "project");
	if (project >= 0)
		ref_json(w, b, "project", board_id(board_projects(b), project));
	else
		jw_null(w);
	jw_kt(w, "step", c->step);
	jw_label(w, "text",
		(struct label){arena_printf(a, "%s：%s", c->reg->label.zh, step.zh),
			arena_printf(a, "%s: %s", c->reg->label.en, step.en)});
	jw_key(w, "light");
	if (c->lit) {
		jw_array(w);
		for (int i = 0; i < 2; i++) {
			int32_t severity = i ? c->light_after : c->light_before;
			if (severity == SEVERITY_OUTSIDE)
				jw_null(w);
			else
				jw_int(w, severity);
		}
		jw_array_end(w);
	} else {
		jw_null(w);
	}
	jw_object_end(w);
	str_free(&text);
}

void recent_json(struct app *app, const struct board *b, const struct recent *r,
	const struct person *person, struct json_writer *w, int most)
{
	struct arena *a = arena_open();
	struct sight sight = sight_of(a, b, person, person->roles);
	int written = 0;
	jw_key(w, "changed");
	jw_array(w);
	for (int64_t i = r->n - 1; i >= 0 && i >= r->n - RECENT_KEPT && written < most; i--) {
		const struct recent_change *c = &r->kept[i % RECENT_KEPT];
		int table = board_table_named(b, c->reg->name);
		int32_t row = table >= 0 ? board_row(board_table(b, table), c->id) : -1;
		if (row < 0 || (!person->system && !access_roles(person, c->reg, VERB_READ, NULL)) ||
			!sight_sees(b, &sight, table, row))
			continue;
		change_json(app, b, a, c, table, row, w);
		written++;
	}
	jw_array_end(w);
	arena_close(a);
}
