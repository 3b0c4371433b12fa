/* The rule of access.h, written once: role first, then sight. Rows of the board stand for records, so one look at a few
 * columns decides; nothing is cached, because units and areas are few and projects are looked at one column at a time. */
#include "app/access.h"

#include "board/dictionary.h"

/* clang-format off */
const struct role_word role_words[ROLE_COUNT] = {
	[ROLE_ADMINISTRATOR] =   {"administrator", {"系统管理员", "Administrator"}},
	[ROLE_OFFICE] =          {"office", {"项目办", "Project office"}},
	[ROLE_LEADER] =          {"leader", {"领导", "Leader"}},
	[ROLE_COMMANDER] =       {"commander", {"指挥长", "Commander"}},
	[ROLE_PLEDGE_LEADER] =   {"pledge_leader", {"包保领导", "Pledge leader"}},
	[ROLE_DEPARTMENT] =      {"department", {"部门", "Department"}},
	[ROLE_TOWN] =            {"town", {"镇街园区", "Town or park"}},
	[ROLE_SERVICE_OFFICER] = {"service_officer", {"服务专员", "Service officer"}},
	[ROLE_ENTERPRISE] =      {"enterprise", {"企业", "Enterprise"}},
	[ROLE_AUDITOR] =         {"auditor", {"审计", "Auditor"}},
};

enum { REACH_ALL = 1, REACH_UNIT = 2, REACH_AREA = 4, REACH_NAMED = 8 };
static const unsigned role_reach[ROLE_COUNT] = {
	[ROLE_ADMINISTRATOR] =   REACH_ALL,
	[ROLE_OFFICE] =          REACH_ALL,
	[ROLE_LEADER] =          REACH_ALL,
	[ROLE_COMMANDER] =       REACH_UNIT | REACH_NAMED,
	[ROLE_PLEDGE_LEADER] =   REACH_NAMED,
	[ROLE_DEPARTMENT] =      REACH_UNIT,
	[ROLE_TOWN] =            REACH_UNIT | REACH_AREA,
	[ROLE_SERVICE_OFFICER] = REACH_NAMED,
	[ROLE_ENTERPRISE] =      REACH_UNIT,
	[ROLE_AUDITOR] =         REACH_ALL,
};
/* clang-format on */

static const struct label verb_labels[VERB_COUNT] = {
	[VERB_READ] = {"查看", "read"},
	[VERB_CREATE] = {"新增", "create"},
	[VERB_UPDATE] = {"修改", "change"},
	[VERB_STEP] = {"办理", "step"},
	[VERB_DELETE] = {"删除", "delete"},
	[VERB_IMPORT] = {"导入", "import"},
	[VERB_EXPORT] = {"导出", "export"},
	[VERB_ADMIN] = {"管理", "administer"},
};

int role_named(const char *name)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (strcmp(role_words[i].name, name) == 0)
			return i;
	return -1;
}

struct person person_system(const char *via)
{
	return (struct person){.login = "", .name = "", .via = via, .system = true};
}

/* ---- role ---- */

uint32_t access_roles(const struct person *person, const struct register_def *reg, enum verb verb,
	const struct step *step)
{
	const char *const *names = verb == VERB_STEP && step ? step->by : reg->allow[verb].roles;
	int n = verb == VERB_STEP && step ? step->nby : reg->allow[verb].n;
	uint32_t allowed = 0;
	for (int i = 0; i < n; i++) {
		if (strcmp(names[i], "anyone") == 0)
			return person->roles;
		int role = role_named(names[i]);
		if (role >= 0)
			allowed |= UINT32_C(1) << role;
	}
	return allowed & person->roles;
}

/* ---- sight ---- */

static struct marks subtree(struct arena *a, const struct board *b, const char *reg, struct uuid id)
{
	int table = board_table_named(b, reg);
	if (table < 0 || uuid_is_nil(id))
		return (struct marks){0};
	const struct board_table *t = board_table(b, table);
	int32_t row = board_row(t, id);
	if (row < 0)
		return (struct marks){0};
	uint64_t *bits = ARENA_ARRAY(a, uint64_t, ((size_t)board_rows(t) + 63) / 64);
	board_subtree(t, row, bits);
	return (struct marks){bits, board_rows(t)};
}

static bool top_of_tree(const struct board *b, const char *reg, struct uuid id)
{
	int table = board_table_named(b, reg);
	if (table < 0)
		return true;
	int32_t row = board_row(board_table(b, table), id);
	return row >= 0 && board_tree_parent(board_table(b, table), row) < 0;
}

struct sight sight_of(
	struct arena *a, const struct board *b, const struct person *person, uint32_t roles)
{
	struct sight sight = {.account = -1, .all = person->system, .system = person->system};
	int accounts = board_table_named(b, "account");
	if (accounts >= 0 && roles)
		sight.account = board_row(board_table(b, accounts), person->account);
	unsigned reach = 0;
	for (int role = 0; role < ROLE_COUNT; role++)
		if (roles >> role & 1)
			reach |= role_reach[role];
	bool limited = !uuid_is_nil(person->area) && !top_of_tree(b, "area", person->area);
	if (reach & REACH_ALL) {
		sight.all |= !limited || (roles >> ROLE_ADMINISTRATOR & 1);
		reach |= REACH_AREA;
	}
	if (sight.all)
		return sight;
	if (reach & REACH_UNIT)
		sight.units = subtree(a, b, "unit", person->unit);
	if (reach & REACH_AREA)
		sight.areas = subtree(a, b, "area", person->area);
	sight.named = reach & REACH_NAMED && sight.account >= 0;
	const struct board_table *projects = board_projects(b);
	int32_t *listed = ARENA_ARRAY(a, int32_t, (size_t)person->nprojects + 1);
	for (int i = 0; projects && roles && i < person->nprojects; i++) {
		int32_t row = board_row(projects, person->projects[i]);
		if (row >= 0)
			listed[sight.nlisted++] = row;
	}
	sight.listed = listed;
	return sight;
}

/* Does one cell name a unit, an area or the person? */
static bool cell_in_sight(
	const struct board *b, const struct sight *sight, const struct column *c, int32_t target)
{
	const char *to = board_register(board_table(b, c->target))->name;
	if (strcmp(to, "unit") == 0)
		return marks_have(&sight->units, target);
	if (strcmp(to, "area") == 0)
		return marks_have(&sight->areas, target);
	return sight->named && strcmp(to, "account") == 0 && target == sight->account;
}

/* The members of a set cell: rows of the column's target. */
static const int32_t *column_set(const struct column *c, int32_t row, int *n)
{
	int32_t set = ((const int32_t *)c->cells)[row];
	*n = 0;
	if (set < 0)
		return NULL;
	struct slice members = dictionary_word(c->sets, set);
	*n = (int)(members.n / sizeof(int32_t));
	return (const int32_t *)(const void *)members.s;
}

static bool set_in_sight(
	const struct board *b, const struct sight *sight, const struct column *c, int32_t row)
{
	int n = 0;
	const int32_t *members = column_set(c, row, &n);
	for (int i = 0; i < n; i++)
		if (cell_in_sight(b, sight, c, members[i]))
			return true;
	return false;
}

/* Does any stored ref of the row name something in sight? */
static bool row_names(
	const struct board *b, const struct sight *sight, const struct board_table *t, int32_t row)
{
	for (int i = 0; i < board_columns(t); i++) {
		const struct column *c = board_column(t, i);
		if (c->derived || c->target < 0)
			continue;
		if (c->kind == COLUMN_REF) {
			int32_t target = ((const int32_t *)c->cells)[row];
			if (target >= 0 && cell_in_sight(b, sight, c, target))
				return true;
		} else if (c->kind == COLUMN_SET && set_in_sight(b, sight, c, row)) {
			return true;
		}
	}
	return false;
}

static bool project_in_sight(const struct board *b, const struct sight *sight, int32_t project)
{
	for (int i = 0; i < sight->nlisted; i++)
		if (sight->listed[i] == project)
			return true;
	return row_names(b, sight, board_projects(b), project);
}

static bool field_in_sight(const struct board *b, const struct sight *sight,
	const struct board_table *t, int32_t row, const char *field)
{
	int column = field ? board_column_named(t, field) : -1;
	const struct column *c = column >= 0 ? board_column(t, column) : NULL;
	if (!c || c->kind != COLUMN_REF)
		return false;
	int32_t target = ((const int32_t *)c->cells)[row];
	return target >= 0 && cell_in_sight(b, sight, c, target);
}

/* Is the register about projects at all? The others are common knowledge. */
static bool about_projects(const struct catalogue *catalogue, const struct register_def *reg)
{
	for (int depth = 0; reg && depth < 16; depth++) {
		if (strcmp(reg->name, "project") == 0)
			return true;
		if (!reg->of)
			return false;
		reg = catalogue_find(catalogue, reg->of);
	}
	return false;
}

/* ---- what somebody keeps ---- */

static bool keeps(const struct sight *sight, const struct board_table *t, int32_t row)
{
	int keeper = board_column_named(t, board_register(t)->keeper);
	if (sight->system || keeper < 0)
		return sight->system;
	return sight->account >= 0 &&
		((const int32_t *)board_column(t, keeper)->cells)[row] == sight->account;
}

/* Given to others: it has left its first state. */
static bool given_out(const struct board_table *t, int32_t row)
{
	const struct register_def *reg = board_register(t);
	int column = board_column_named(t, "state");
	struct slice state = column < 0 ? (struct slice){0} : column_word(board_column(t, column), row);
	return state.s && reg->nstates && !slice_is(state, reg->states[0].name);
}

static struct query_scope kept_scope(
	struct arena *a, const struct board_table *t, const struct sight *sight)
{
	int32_t n = board_rows(t);
	uint64_t *bits = ARENA_ARRAY(a, uint64_t, (size_t)n / 64 + 1);
	for (int32_t row = 0; row < n; row++)
		if (keeps(sight, t, row) || given_out(t, row))
			bits[row / 64] |= UINT64_C(1) << (row % 64);
	return (struct query_scope){.rows = bits, .nrows = n};
}

bool sight_sees(const struct board *b, const struct sight *sight, int table, int32_t row)
{
	const struct board_table *t = board_table(b, table);
	const struct register_def *reg = board_register(t);
	if (reg->keeper)
		return keeps(sight, t, row) || given_out(t, row);
	if (sight->all || !about_projects(board_catalogue(b), reg))
		return true;
	int32_t project = board_project_of(b, table, row);
	if (project >= 0 && project_in_sight(b, sight, project))
		return true;
	return t != board_projects(b) &&
		(field_in_sight(b, sight, t, row, reg->owner) ||
			field_in_sight(b, sight, t, row, reg->place));
}

/* The same as rows, for queries; in `a`. */
static struct query_scope sight_scope(
	struct arena *a, const struct board *b, const struct sight *sight, int table)
{
	const struct register_def *reg = board_register(board_table(b, table));
	if (reg->keeper)
		return kept_scope(a, board_table(b, table), sight);
	if (sight->all || !about_projects(board_catalogue(b), reg))
		return (struct query_scope){.all = true};
	const struct board_table *projects = board_projects(b);
	int32_t n = board_rows(projects);
	uint64_t *bits = ARENA_ARRAY(a, uint64_t, ((size_t)n + 63) / 64 + 1);
	for (int32_t row = 0; row < n; row++)
		if (board_alive(projects, row) && project_in_sight(b, sight, row))
			bits[row / 64] |= UINT64_C(1) << (row % 64);
	bool project_itself = board_table(b, table) == projects;
	return (struct query_scope){
		.projects = bits,
		.units = project_itself ? NULL : sight->units.bits,
		.areas = project_itself ? NULL : sight->areas.bits,
	};
}

/* ---- a record that is not on the board yet ---- */

static bool value_names(
	const struct board *b, const struct sight *sight, const struct field *f, const struct value *v)
{
	const struct value *items = v->kind == VALUE_LIST ? v->items : v;
	int n = v->kind == VALUE_LIST ? v->n : v->kind == VALUE_ID;
	int table = f->to ? board_table_named(b, f->to) : -1;
	for (int i = 0; i < n && table >= 0; i++) {
		int32_t target = board_row(board_table(b, table), items[i].id);
		struct column as = {.target = table};
		if (target >= 0 && cell_in_sight(b, sight, &as, target))
			return true;
	}
	return false;
}

static bool given_in_sight(const struct board *b, const struct sight *sight,
	const struct register_def *reg, const struct value *given)
{
	if (reg->keeper) {
		const struct field *keeper = register_field(reg, reg->keeper);
		int accounts = board_table_named(b, "account");
		const struct value *who = &given[keeper->index];
		return sight->system || who->kind == VALUE_NULL || /* none given: his own */
			(who->kind == VALUE_ID && accounts >= 0 && sight->account >= 0 &&
				board_row(board_table(b, accounts), who->id) == sight->account);
	}
	if (sight->all || !about_projects(board_catalogue(b), reg))
		return true;
	if (reg->of) {
		const struct field *up = register_field(reg, reg->of);
		int table = board_table_named(b, reg->of);
		if (!up || table < 0 || given[up->index].kind != VALUE_ID)
			return true; /* no parent given: the check of required fields says so */
		int32_t parent = board_row(board_table(b, table), given[up->index].id);
		return parent >= 0 && sight_sees(b, sight, table, parent);
	}
	for (int i = 0; i < reg->nfields; i++)
		if ((reg->fields[i].type == FIELD_REF || reg->fields[i].type == FIELD_REFS) &&
			value_names(b, sight, &reg->fields[i], &given[i]))
			return true;
	return false;
}

/* What is not about projects everybody reads; but where it is a unit's own, only whoever sees that unit writes it. */
static bool owner_in_sight(const struct board *b, const struct sight *sight,
	const struct register_def *reg, const struct value *values)
{
	const struct field *owner = reg->owner ? register_field(reg, reg->owner) : NULL;
	return sight->all || !owner || !values || values[owner->index].kind != VALUE_ID ||
		about_projects(board_catalogue(b), reg) ||
		value_names(b, sight, owner, &values[owner->index]);
}

bool sight_saw(const struct board *b, const struct sight *sight, const struct change *change)
{
	const struct register_def *reg = change->reg;
	bool project = strcmp(reg->name, "project") == 0;
	if (sight->all || !about_projects(board_catalogue(b), reg))
		return false;
	for (int i = 0; i < change->n; i++) {
		const struct field *f = change->fields[i];
		if (f->type != FIELD_REF && f->type != FIELD_REFS)
			continue;
		bool bears = project || (reg->owner && strcmp(reg->owner, f->name) == 0) ||
			(reg->place && strcmp(reg->place, f->name) == 0);
		if (bears && value_names(b, sight, f, &change->before[i]))
			return true;
		if (!reg->of || strcmp(reg->of, f->name) != 0 || change->before[i].kind != VALUE_ID)
			continue;
		int table = board_table_named(b, reg->of);
		int32_t parent = table < 0 ? -1 : board_row(board_table(b, table), change->before[i].id);
		if (parent >= 0 && sight_sees(b, sight, table, parent))
			return true;
	}
	return false;
}

/* ---- the gate ---- */

static bool person_may_act(const struct person *person, enum verb verb, struct err *err)
{
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (person->must_set_password)
		return err_set(err, ERR_DENIED, NULL, "set a password first");
	if (person->read_only && verb != VERB_READ && verb != VERB_EXPORT)
		return err_set(err, ERR_DENIED, NULL, "this token may only read");
	return true;
}

static bool closed(const struct register_def *reg, const struct record *record)
{
	const struct state *state = record->state ? register_state(reg, record->state) : NULL;
	return state && !state->open;
}

static bool record_in_sight(
	const struct board *b, const struct sight *sight, const struct record *record)
{
	int table = board_table_named(b, record->reg->name);
	int32_t row = table >= 0 ? board_row(board_table(b, table), record->id) : -1;
	if (row >= 0)
		return sight_sees(b, sight, table, row);
	return given_in_sight(b, sight, record->reg, record->values);
}

/* Whose drawer is it? The office may tidy what was given out. */
static bool may_touch(
	const struct board *b, const struct sight *sight, uint32_t roles, const struct record *record)
{
	int table = board_table_named(b, record->reg->name);
	const struct board_table *t = table >= 0 ? board_table(b, table) : NULL;
	int32_t row = t ? board_row(t, record->id) : -1;
	if (row < 0)
		return given_in_sight(b, sight, record->reg, record->values);
	return keeps(sight, t, row) ||
		(roles & (UINT32_C(1) << ROLE_OFFICE | UINT32_C(1) << ROLE_ADMINISTRATOR));
}

bool may_on(const struct board *b, const struct person *person, enum verb verb,
	const struct register_def *reg, const struct record *record, const struct value *given,
	const struct step *step, struct err *err)
{
	if (!person_may_act(person, verb, err))
		return false;
	if (person->system)
		return true;
	struct arena *a = arena_open();
	bool yes = false;
	uint32_t readers = access_roles(person, reg, VERB_READ, NULL),
			 roles = access_roles(person, reg, verb, step);
	struct sight reading = sight_of(a, b, person, readers);
	if (record && (!readers || !record_in_sight(b, &reading, record))) {
		err_set(err, ERR_MISSING, NULL, "there is no such record");
		goto out;
	}
	if (!roles) {
		char does[ERR_BOTH_ROOM], what[ERR_BOTH_ROOM];
		err_set(err, ERR_DENIED, NULL, "your roles do not allow \"%s\" here: %s",
			err_both(does, verb_labels[verb]), err_both(what, step ? step->label : reg->label));
		goto out;
	}
	struct sight sight = sight_of(a, b, person, roles);
	bool writes = verb != VERB_READ && verb != VERB_EXPORT;
	if (record && reg->keeper && writes && !may_touch(b, &sight, roles, record)) {
		err_set(err, ERR_DENIED, NULL, "this belongs to somebody else");
		goto out;
	}
	if ((record && !record_in_sight(b, &sight, record)) ||
		(given && !given_in_sight(b, &sight, reg, given)) ||
		(writes && record && !owner_in_sight(b, &sight, reg, record->values)) ||
		(writes && given && !owner_in_sight(b, &sight, reg, given))) {
		err_set(err, ERR_DENIED, NULL, "this lies outside your unit, area and projects");
		goto out;
	}
	if ((verb == VERB_UPDATE || verb == VERB_DELETE) && record && closed(reg, record) &&
		!(roles & (UINT32_C(1) << ROLE_OFFICE | UINT32_C(1) << ROLE_ADMINISTRATOR))) {
		char state[ERR_BOTH_ROOM];
		err_set(err, ERR_DENIED, NULL, "the record is closed (%s): only the office may change it",
			err_both(state, register_state(reg, record->state)->label));
		goto out;
	}
	yes = true;
out:
	arena_close(a);
	return yes;
}

bool may(struct app *app, const struct person *person, enum verb verb,
	const struct register_def *reg, const struct record *record, const struct value *given,
	const struct step *step, struct err *err)
{
	return may_on(app->board, person, verb, reg, record, given, step, err);
}

bool may_list(const struct board *b, struct arena *a, const struct person *person, enum verb verb,
	const struct register_def *reg, struct query_scope *out, struct err *err)
{
	if (!may_on(b, person, verb, reg, NULL, NULL, NULL, err))
		return false;
	int table = board_table_named(b, reg->name);
	if (table < 0)
		return err_set(err, ERR_MISSING, NULL, "register \"%s\" does not exist", reg->name);
	/* what may be exported is at most what may be read */
	uint32_t roles = access_roles(person, reg, VERB_READ, NULL);
	if (verb != VERB_READ)
		roles &= access_roles(person, reg, verb, NULL);
	struct sight sight = sight_of(a, b, person, roles);
	*out = sight_scope(a, b, &sight, table);
	return true;
}
