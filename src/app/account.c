/* See account.h. An account is a record like others; only its password lives elsewhere (session.c). */
#include "app/account.h"

static const char *text_of(struct arena *a, const struct record *r, const char *field)
{
	const struct value *v = record_value(r, field);
	return v && v->kind == VALUE_TEXT ? arena_text(a, v->text) : "";
}

static struct uuid id_of(const struct record *r, const char *field)
{
	const struct value *v = record_value(r, field);
	return v && v->kind == VALUE_ID ? v->id : (struct uuid){{0}};
}

static uint32_t roles_of(struct arena *a, const struct record *r)
{
	const struct value *v = record_value(r, "roles");
	uint32_t roles = 0;
	for (int i = 0; v && v->kind == VALUE_LIST && i < v->n; i++) {
		int role =
			v->items[i].kind == VALUE_TEXT ? role_named(arena_text(a, v->items[i].text)) : -1;
		if (role >= 0)
			roles |= UINT32_C(1) << role;
	}
	return roles;
}

struct person *person_from(
	struct arena *a, const struct record *account, const char *via, enum lang lang)
{
	struct person *p = ARENA_NEW(a, struct person);
	p->account = account->id;
	p->login = text_of(a, account, "login");
	p->name = text_of(a, account, "name");
	p->roles = roles_of(a, account);
	p->unit = id_of(account, "unit");
	p->area = id_of(account, "area");
	const struct value *projects = record_value(account, "projects");
	if (projects && projects->kind == VALUE_LIST) {
		struct uuid *ids = ARENA_ARRAY(a, struct uuid, (size_t)projects->n + 1);
		for (int i = 0; i < projects->n; i++)
			if (projects->items[i].kind == VALUE_ID)
				ids[p->nprojects++] = projects->items[i].id;
		p->projects = ids;
	}
	p->via = via;
	p->lang = lang;
	return p;
}

bool account_get(
	struct app *app, struct arena *a, struct uuid id, struct record **out, struct err *err)
{
	const struct register_def *reg;
	return app_register_find(app, "account", &reg, err) &&
		store_get(app->store, a, reg, id, out, err);
}

bool account_named(
	struct app *app, struct arena *a, const char *login, struct record **out, struct err *err)
{
	const struct register_def *reg;
	if (!app_register_find(app, "account", &reg, err))
		return false;
	struct value value = {.kind = VALUE_TEXT, .text = slice_of(login)};
	struct record **found;
	int n;
	if (!store_find(app->store, a, reg, register_field(reg, "login"), &value, &found, &n, err))
		return false;
	if (n == 0)
		return err_set(err, ERR_MISSING, "login", "there is no account \"%s\"", login);
	*out = found[0];
	return true;
}

bool account_active(const struct record *account)
{
	const struct value *active = record_value(account, "active");
	return !account->deleted && !(active && active->kind == VALUE_INT && active->i == 0);
}

const char *account_name(const struct board *b, struct arena *a, struct uuid id)
{
	int table = board_table_named(b, "account");
	if (table < 0 || uuid_is_nil(id))
		return NULL;
	int32_t row = board_row(board_table(b, table), id);
	struct slice title = row >= 0 ? board_title(board_table(b, table), row) : (struct slice){0};
	return title.s ? arena_text(a, title) : NULL;
}
