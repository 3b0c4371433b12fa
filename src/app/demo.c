/*
 * The invented county. Time runs month by month; each project says what happens to it in that month (its own stream of
 * random numbers, so one project's story does not depend on how many others there are), all of that is sorted by instant and
 * person, and each run of one person's doings becomes one batch of drafts, checked like anybody's. Ids come from the seed
 * too, so the same seed and end date give the same journal to the last hash.
 *
 * The stories: most go as planned; some are fast, slow, held up by land clearing, short of money, stopped for the winter, or
 * fall silent. Lateness is not painted on: it follows from what is reported against what was planned.
 */
#include "app/demo.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/demo_names.h"
#include "app/draft.h"
#include "app/password.h"
#include "app/past.h"
#include "app/since.h"
#include "base/num.h"
#include "store/secrets.h"
#include "store/settings.h"

#define DEMO_PASSWORD "guatu-demo-1958"
#define BATCH 400
#define MILESTONES 6
#define WAN INT64_C(1000000)  /* 分 */
#define YI INT64_C(10000000000)
#define MANY 5000             /* past that many projects the clocks' ladders are left to the first start */

enum story { AS_PLANNED, FAST, SLOW, LAND_LATE, WINTER, SHORT_OF_MONEY, SILENT, STORIES };
static const int story_weights[STORIES] = {48, 10, 14, 10, 8, 6, 4};

enum who { BY_ADMIN, BY_OFFICE, BY_CHECKER, BY_LEADER, BY_DEPARTMENT, BY_TOWN = BY_DEPARTMENT + DEMO_DEPARTMENTS,
	WHO_COUNT = BY_TOWN + DEMO_TOWNS };

enum doing {
	DO_CREATE, DO_PLAN, DO_MILESTONES, DO_PREPARE, DO_READY, DO_START, DO_BUILD, DO_COMPLETE, DO_PRODUCE, DO_WINTER, DO_RESUME,
	DO_REPORT, DO_SUBMIT, DO_VERIFY, DO_REACH, DO_CHECK_REACHED, DO_RAISE, DO_ACCEPT, DO_ASSIGN, DO_ANSWER,
	DO_VERIFY_ISSUE, DO_CLOSE, DO_EXEMPT, DO_ALLOW, DO_ASK_DATE, DO_RULE_DATE,
};

struct event {
	int64_t ms;
	int32_t project;
	int16_t doing, who, sub;
	int64_t value;        /* money, a date's day: whatever the doing needs */
};

enum life { NOT_YET, IDEA, PREPARING, READY, STARTED, BUILDING, WINTER_STOPPED, COMPLETED, PRODUCING };

struct demo_project {
	uint64_t random;
	uint8_t kind, town, story, life, reached, troubles;
	bool own, yearly;     /* own: its year plans are there */
	int32_t planned_start, planned_finish, actual_start, last_plan_year, entered, next_trouble, exempted, asked;
	int64_t total, before, done, done_year, plan_year;
	struct uuid id, report, issue, milestone[MILESTONES], request, exemption;
	int8_t trouble;
};

struct county {
	struct app *app;
	struct arena *a;      /* for the whole county */
	const struct demo_options *options;
	struct instant now;
	uint64_t random;
	struct date from, until;
	int months, nprojects;
	struct person people[WHO_COUNT];
	struct uuid area, towns[DEMO_TOWNS], town_units[DEMO_TOWNS], headquarters[DEMO_HEADQUARTERS], departments[DEMO_DEPARTMENTS],
		forces[DEMO_FORCES], *enterprises, commanders[DEMO_HEADQUARTERS], officers[10], leaders[12];
	int nenterprises;
	struct demo_project *projects;
	struct event *events;
	int nevents, events_room;
	struct demo_result *result;
	struct work work;     /* the batch being made */
	struct arena *batch;
};

/* ---- chance ---- */

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64, public domain by Vigna */
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static int below(uint64_t *state, int n)
{
	return (int)(next_random(state) % (uint64_t)n);
}

static int between(uint64_t *state, int least, int most)
{
	return least + below(state, most - least + 1);
}

static bool chance(uint64_t *state, int percent)
{
	return below(state, 100) < percent;
}

static struct instant county_clock(void *self)
{
	return ((const struct county *)self)->now;
}

static int64_t at(struct county *c, int32_t day, int hour, int minute)
{
	return date_instant((struct date){day}, hour * 60 + minute, c->app->offset_minutes).ms;
}

/* ---- batches ---- */

static void batch_begin(struct county *c, const struct person *person)
{
	c->batch = arena_open();
	c->work = work_begin(c->app, c->batch, person);
	c->work.fresh = idmap_open();
}

static bool batch_end(struct county *c, struct err *err)
{
	struct batch_result result = {.failed = -1};
	bool done = c->work.n == 0 || work_submit(&c->work, NULL, &result, err);
	if (done && c->work.n)
		c->result->journal = result.results[c->work.n - 1].no;
	idmap_close(c->work.fresh);
	arena_close(c->batch);
	c->batch = NULL;
	return done;
}

static void batch_drop(struct county *c)
{
	idmap_close(c->work.fresh);
	arena_close(c->batch);
	c->batch = NULL;
}

static struct draft *make(struct county *c, const char *reg, struct uuid *id)
{
	const struct register_def *def = catalogue_find(app_catalogue(c->app), reg);
	struct draft *d = draft_new(&c->work, WRITE_CREATE, def, NULL);
	uint8_t random[10];
	uint64_t words[2] = {next_random(&c->random), next_random(&c->random)};
	memcpy(random, words, sizeof(random));
	d->id = d->after->id = uuid_v7(c->now, random);
	if (id)
		*id = d->id;
	return d;
}

static bool take(struct county *c, const char *reg, struct uuid id, const char *step, struct draft **out, struct err *err)
{
	const struct register_def *def = catalogue_find(app_catalogue(c->app), reg);
	struct record *before;
	if (!store_get(c->app->store, c->batch, def, id, &before, err))
		return false;
	*out = draft_new(&c->work, WRITE_STEP, def, before);
	(*out)->step = register_step(def, step);
	return true;
}

static void set(struct county *c, struct draft *d, const char *field, struct value value)
{
	const struct field *f = register_field(d->reg, field);
	assert(f);
	draft_set(&c->work, d, f, value);
}

static void set_text(struct county *c, struct draft *d, const char *field, const char *text)
{
	set(c, d, field, (struct value){.kind = VALUE_TEXT, .text = slice_of(arena_strdup(c->batch, text))});
}

static void set_int(struct county *c, struct draft *d, const char *field, int64_t i)
{
	set(c, d, field, (struct value){.kind = VALUE_INT, .i = i});
}

static void set_id(struct county *c, struct draft *d, const char *field, struct uuid id)
{
	if (!uuid_is_nil(id))
		set(c, d, field, (struct value){.kind = VALUE_ID, .id = id});
}

static void set_choices(struct county *c, struct draft *d, const char *field, const char *const *names, int n)
{
	struct value *items = ARENA_ARRAY(c->batch, struct value, (size_t)n + 1);
	for (int i = 0; i < n; i++)
		items[i] = (struct value){.kind = VALUE_TEXT, .text = slice_of(names[i])};
	set(c, d, field, (struct value){.kind = VALUE_LIST, .items = items, .n = n});
}

/* Checks the last draft of the batch. */
static bool check(struct county *c, const char *state, struct err *err)
{
	int i = c->work.n - 1;
	struct uuid id = c->work.drafts[i].id;
	app_read_lock(c->app);
	bool done = draft_check(&c->work, i, state, err);
	app_unlock(c->app);
	if (done)
		idmap_put(c->work.fresh, id, 1);
	return done;
}

/* ---- places, units, people ---- */

static bool make_unit(struct county *c, const char *name, const char *kind, struct uuid area, struct uuid *id,
	struct err *err)
{
	struct draft *d = make(c, "unit", id);
	set_text(c, d, "name", name);
	set_text(c, d, "kind", kind);
	set_id(c, d, "area", area);
	set_int(c, d, "active", 1);
	return check(c, NULL, err);
}

static bool make_places(struct county *c, struct err *err)
{
	struct draft *d = make(c, "area", &c->area);
	set_text(c, d, "code", "222021");
	set_text(c, d, "name", demo_county);
	set_text(c, d, "level", "county");
	if (!check(c, NULL, err))
		return false;
	for (int i = 0; i < DEMO_TOWNS; i++) {
		d = make(c, "area", &c->towns[i]);
		set_text(c, d, "code", arena_printf(c->batch, "222021%03d", i < 14 ? 100 + i : 400 + i));
		set_text(c, d, "name", demo_towns[i]);
		set_text(c, d, "level", i < 14 ? "town" : "zone");
		set_id(c, d, "parent", c->area);
		if (!check(c, NULL, err))
			return false;
	}
	return true;
}

static bool make_units(struct county *c, struct err *err)
{
	bool done = true;
	for (int i = 0; done && i < DEMO_TOWNS; i++)
		done = make_unit(c, demo_towns[i], i < 14 ? "town" : "park", c->towns[i], &c->town_units[i], err);
	for (int i = 0; done && i < DEMO_HEADQUARTERS; i++)
		done = make_unit(c, demo_headquarters[i], "headquarters", c->area, &c->headquarters[i], err);
	for (int i = 0; done && i < DEMO_FORCES; i++)
		done = make_unit(c, demo_forces[i], "task_force", c->area, &c->forces[i], err);
	for (int i = 0; done && i < DEMO_DEPARTMENTS; i++)
		done = make_unit(c, arena_printf(c->batch, "栖云县%s", demo_departments[i]), "department", c->area,
			&c->departments[i], err);
	c->nenterprises = c->nprojects / 4 < 8 ? 8 : c->nprojects / 4 > 2000 ? 2000 : c->nprojects / 4;
	c->enterprises = ARENA_ARRAY(c->a, struct uuid, (size_t)c->nenterprises);
	for (int i = 0; done && i < c->nenterprises; i++) {
		static const char *const trades[] = {"制造", "建设", "农业", "能源", "科技", "物流", "置业", "水务"};
		done = make_unit(c, arena_printf(c->batch, "%s%s有限公司（虚构%d）", demo_brands[i % demo_nbrands],
			trades[i / demo_nbrands % 8], i + 1), "enterprise", c->towns[below(&c->random, DEMO_TOWNS)],
			&c->enterprises[i], err);
	}
	return done;
}

static bool make_account(struct county *c, const char *login, const char *name, const char *role, struct uuid unit,
	struct uuid area, struct uuid *id, struct err *err)
{
	struct draft *d = make(c, "account", id);
	set_text(c, d, "login", login);
	set_text(c, d, "name", name);
	set_choices(c, d, "roles", &role, 1);
	set_id(c, d, "unit", unit);
	set_id(c, d, "area", area);
	set_int(c, d, "active", 1);
	c->result->accounts++;
	return check(c, NULL, err);
}

static struct person as_person(struct county *c, struct uuid id, const char *login, enum role role, struct uuid unit,
	struct uuid area)
{
	return (struct person){.account = id, .login = arena_strdup(c->a, login), .name = arena_strdup(c->a, login),
		.roles = UINT32_C(1) << role, .unit = unit, .area = area, .via = "demo", .lang = LANG_ZH};
}

static bool make_staff(struct county *c, struct err *err)
{
	static const struct uuid nobody;
	static const struct { const char *login, *name; enum role role; enum who who; } staff[] = {
		{"admin", "系统管理员", ROLE_ADMINISTRATOR, BY_ADMIN}, {"office", "项目办主办", ROLE_OFFICE, BY_OFFICE},
		{"checker", "项目办复核", ROLE_OFFICE, BY_CHECKER}, {"leader", "分管领导", ROLE_LEADER, BY_LEADER},
	};
	struct uuid id;
	for (size_t i = 0; i < countof(staff); i++) {
		if (!make_account(c, staff[i].login, staff[i].name, role_words[staff[i].role].name, nobody, nobody, &id, err))
			return false;
		c->people[staff[i].who] = as_person(c, id, staff[i].login, staff[i].role, nobody, nobody);
	}
	for (int i = 0; i < DEMO_DEPARTMENTS; i++) {
		char *login = arena_printf(c->batch, "dept%d", i + 1), *name = arena_printf(c->batch, "%s联络员", demo_departments[i]);
		if (!make_account(c, login, name, "department", c->departments[i], nobody, &id, err))
			return false;
		c->people[BY_DEPARTMENT + i] = as_person(c, id, login, ROLE_DEPARTMENT, c->departments[i], nobody);
	}
	for (int i = 0; i < DEMO_TOWNS; i++) {
		char *login = arena_printf(c->batch, "town%d", i + 1), *name = arena_printf(c->batch, "%s填报员", demo_towns[i]);
		if (!make_account(c, login, name, "town", c->town_units[i], c->towns[i], &id, err))
			return false;
		c->people[BY_TOWN + i] = as_person(c, id, login, ROLE_TOWN, c->town_units[i], c->towns[i]);
	}
	return true;
}

static bool make_leaders(struct county *c, struct err *err)
{
	static const struct uuid nobody;
	struct uuid id;
	bool done = true;
	for (int i = 0; done && i < DEMO_HEADQUARTERS; i++)
		done = make_account(c, arena_printf(c->batch, "commander%d", i + 1),
			arena_printf(c->batch, "%s指挥长", demo_headquarters[i]), "commander", c->headquarters[i], nobody,
			&c->commanders[i], err);
	for (int i = 0; done && i < (int)countof(c->leaders); i++)
		done = make_account(c, arena_printf(c->batch, "pledge%d", i + 1), arena_printf(c->batch, "包保领导%d", i + 1),
			"pledge_leader", nobody, nobody, &c->leaders[i], err);
	for (int i = 0; done && i < (int)countof(c->officers); i++)
		done = make_account(c, arena_printf(c->batch, "officer%d", i + 1), arena_printf(c->batch, "服务专员%d", i + 1),
			"service_officer", nobody, nobody, &c->officers[i], err);
	for (int i = 0; done && i < DEMO_FORCES; i++)
		done = make_account(c, arena_printf(c->batch, "force%d", i + 1), arena_printf(c->batch, "%s联络员", demo_forces[i]),
			"department", c->forces[i], nobody, &id, err);
	for (int i = 0; done && i < 4; i++)
		done = make_account(c, arena_printf(c->batch, "company%d", i + 1), arena_printf(c->batch, "企业填报员%d", i + 1),
			"enterprise", c->enterprises[i], nobody, &id, err);
	return done && make_account(c, "auditor", "审计员", "auditor", nobody, nobody, &id, err);
}

static bool one_batch(struct county *c, bool (*fill)(struct county *c, struct err *err), struct err *err)
{
	struct person system = person_system("demo");
	batch_begin(c, &system);
	if (!fill(c, err)) {
		batch_drop(c);
		return false;
	}
	return batch_end(c, err);
}

/* One password for all of them, so one hash does. */
struct credentials { struct county *c; char hash[PASSWORD_HASH_TEXT]; bool done; struct err *err; };

static bool give_password(void *self, const struct record *account)
{
	struct credentials *k = self;
	k->done = credential_put(k->c->app->store, account->id, slice_of(k->hash), k->err);
	return k->done;
}

static bool make_passwords(struct county *c, struct err *err)
{
	struct credentials k = {.c = c, .done = true, .err = err};
	const struct register_def *reg = catalogue_find(app_catalogue(c->app), "account");
	return password_hash(DEMO_PASSWORD, k.hash, err) && store_scan(c->app->store, reg, give_password, &k, err) && k.done &&
		setting_put(c->app->store, "first_password_set", SLICE("1"), err) &&
		setting_put(c->app->store, "office_name_zh", SLICE("栖云县（虚构）重大项目挂图作战"), err) &&
		setting_put(c->app->store, "office_name_en", SLICE("Qiyun County (invented): major projects"), err);
}

/* ---- a project's plan ---- */

static int pick_weighted(uint64_t *random, const int *weights, int n)
{
	int sum = 0, i = 0;
	for (int k = 0; k < n; k++)
		sum += weights[k];
	for (int left = below(random, sum); left >= weights[i]; i++)
		left -= weights[i];
	return i;
}

static void plan_project(struct county *c, int n)
{
	struct demo_project *p = &c->projects[n];
	int weights[32];
	p->random = c->options->seed * UINT64_C(0x2545f4914f6cdd1d) + (uint64_t)n * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (int k = 0; k < demo_nkinds; k++)
		weights[k] = demo_kinds[k].weight;
	p->kind = (uint8_t)pick_weighted(&p->random, weights, demo_nkinds);
	p->story = (uint8_t)pick_weighted(&p->random, story_weights, STORIES);
	p->town = (uint8_t)below(&p->random, DEMO_TOWNS);
	/* many small, few large: 3,000 万 to some 20 亿 */
	int64_t size = between(&p->random, 30, 100);
	for (int k = below(&p->random, 6); k > 0; k--)
		size = size * between(&p->random, 130, 200) / 100;
	p->total = size * 100 * WAN;
	int span = c->months * 30;
	p->planned_start = c->from.day + between(&p->random, -330, span + 150);
	p->planned_finish = p->planned_start + between(&p->random, 240, 900);
	p->trouble = -1;
	p->next_trouble = c->from.day + between(&p->random, 20, span);
}

/* The share of the whole that should be done by that day, in ten-thousandths: slow, fast, slow (3t² - 2t³). */
static int64_t curve(const struct demo_project *p, int32_t day)
{
	int64_t length = p->planned_finish - p->planned_start, t = (int64_t)(day - p->planned_start) * 10000 / length;
	if (t <= 0)
		return 0;
	if (t >= 10000)
		return 10000;
	return (3 * t * t - 2 * t * t * t / 10000) / 10000;
}

static int64_t planned_between(const struct demo_project *p, int32_t from, int32_t until)
{
	return num_muldiv(p->total, curve(p, until) - curve(p, from), 10000) / WAN * WAN;
}

static int32_t real_start(const struct demo_project *p)
{
	uint64_t r = p->random ^ 0x5eed;
	switch ((enum story)p->story) {
	case FAST: return p->planned_start - between(&r, 0, 20);
	case SLOW: return p->planned_start + between(&r, 10, 60);
	case LAND_LATE: return p->planned_start + between(&r, 60, 170);
	default: return p->planned_start + between(&r, -5, 12);
	}
}

/* How much of the month's plan gets done, in percent. */
static int pace(struct county *c, struct demo_project *p, struct month m)
{
	int number = month_number(m);
	int32_t left = c->until.day - month_first(m).day;
	switch ((enum story)p->story) {
	case FAST: return between(&p->random, 105, 130);
	case SLOW: return between(&p->random, 45, 85);
	case LAND_LATE: return between(&p->random, 70, 105);
	case WINTER: return number == 12 || number <= 2 ? 0 : between(&p->random, 85, 115);
	case SHORT_OF_MONEY: return left < 200 ? between(&p->random, 0, 35) : between(&p->random, 80, 105);
	default: return between(&p->random, 88, 112);
	}
}

/* ---- what happens in a month ---- */

static void happen(struct county *c, int32_t project, int64_t ms, enum doing doing, int who, int sub, int64_t value)
{
	if (ms > at(c, c->until.day, 18, 0))
		return;
	if (c->nevents == c->events_room) {
		c->events_room = c->events_room * 2 + 4096;
		c->events = must_realloc(c->events, (size_t)c->events_room * sizeof(*c->events));
	}
	c->events[c->nevents++] = (struct event){ms, project, (int16_t)doing, (int16_t)who, (int16_t)sub, value};
}

static bool in_month(struct month m, int32_t day)
{
	return day >= month_first(m).day && day <= month_last(m).day;
}

/* The day of the month that is the 8th, 9th ... of working hours: spread over 20 days so that nobody's batch is a year's. */
static int64_t moment(struct county *c, struct demo_project *p, struct month m, int day)
{
	return at(c, month_first(m).day + day - 1, between(&p->random, 8, 17), between(&p->random, 0, 59));
}

static const int milestone_percent[MILESTONES] = {-25, -8, 0, 45, 85, 100}; /* of the building time after the planned start */

static int32_t milestone_planned(const struct demo_project *p, int i)
{
	return p->planned_start + (p->planned_finish - p->planned_start) * milestone_percent[i] / 100;
}

static int32_t milestone_real(const struct demo_project *p, int i)
{
	int32_t shift = p->actual_start ? p->actual_start - p->planned_start : real_start(p) - p->planned_start;
	int64_t length = p->planned_finish - p->planned_start;
	if (p->story == SLOW || p->story == SHORT_OF_MONEY)
		length = length * 125 / 100;
	return p->planned_start + shift + (int32_t)(length * milestone_percent[i] / 100);
}

static void enter(struct county *c, int n, struct month m, bool first)
{
	struct demo_project *p = &c->projects[n];
	int32_t enters = p->planned_start - 200;
	if (p->life != NOT_YET || (!first && !in_month(m, enters)) || (first && enters > month_last(m).day))
		return;
	int64_t ms = first ? at(c, c->from.day, 9, 0) : moment(c, p, m, 2);
	p->entered = first ? 0 : m.index; /* nothing else happens to it in the month it came in */
	p->life = first && real_start(p) < c->from.day ? BUILDING : IDEA;
	happen(c, n, ms, DO_CREATE, BY_OFFICE, p->life, 0);
	happen(c, n, ms + 600000, DO_MILESTONES, BY_OFFICE, 0, 0);
	if (p->life == BUILDING) {
		p->actual_start = real_start(p);
		p->before = planned_between(p, p->planned_start, c->from.day) * pace(c, p, m) / 100;
		p->done = p->before;
	}
}

static void plan_year(struct county *c, int n, struct month m)
{
	struct demo_project *p = &c->projects[n];
	int year = month_year(m);
	if (p->life == NOT_YET || p->life >= COMPLETED || p->last_plan_year == year)
		return;
	int32_t from = date_from_ymd(year, 1, 1).day, until = date_from_ymd(year, 12, 31).day;
	int64_t plan = planned_between(p, from, until);
	int64_t rest = p->total - p->done;
	if (p->planned_finish < from) /* late from the year before: what is left */
		plan = rest;
	plan = plan > rest ? rest : plan;
	if (plan < 100 * WAN)
		return;
	p->last_plan_year = year;
	p->plan_year = plan;
	p->done_year = 0;
	happen(c, n, moment(c, p, m, 3), DO_PLAN, BY_OFFICE, year, plan);
}

static void move_on(struct county *c, int n, struct month m)
{
	struct demo_project *p = &c->projects[n];
	int town = BY_TOWN + p->town;
	if (p->life == IDEA && month_first(m).day > p->planned_start - 170) {
		happen(c, n, moment(c, p, m, 4), DO_PREPARE, BY_OFFICE, 0, 0);
		p->life = PREPARING;
	} else if (p->life == PREPARING && month_first(m).day > p->planned_start - 75) {
		happen(c, n, moment(c, p, m, 6), DO_READY, town, 0, 0);
		p->life = READY;
	} else if (p->life == READY && in_month(m, real_start(p))) {
		p->actual_start = real_start(p);
		happen(c, n, at(c, p->actual_start, 10, 0), DO_START, town, 0, p->actual_start);
		p->life = STARTED;
	} else if (p->life == READY && month_first(m).day > real_start(p)) {
		p->actual_start = month_first(m).day + 3;
		happen(c, n, at(c, p->actual_start, 10, 0), DO_START, town, 0, p->actual_start);
		p->life = STARTED;
	} else if (p->life == STARTED) {
		happen(c, n, moment(c, p, m, 5), DO_BUILD, town, 0, 0);
		p->life = BUILDING;
	} else if (p->life == BUILDING && p->story == WINTER && month_number(m) == 12) {
		happen(c, n, moment(c, p, m, 2), DO_WINTER, town, 0, month_first(m).day + 1);
		p->life = WINTER_STOPPED;
	} else if (p->life == WINTER_STOPPED && month_number(m) == 3) {
		happen(c, n, moment(c, p, m, 6), DO_RESUME, town, 0, month_first(m).day + 5);
		p->life = BUILDING;
	} else if (p->life == COMPLETED && chance(&p->random, 60)) {
		happen(c, n, moment(c, p, m, 12), DO_PRODUCE, town, 0, month_first(m).day + 9);
		p->life = PRODUCING;
	}
}

static void reach(struct county *c, int n, struct month m)
{
	struct demo_project *p = &c->projects[n];
	for (; p->reached < MILESTONES; p->reached++) {
		int32_t day = milestone_real(p, p->reached);
		bool building = p->reached >= 2;
		if (day > month_last(m).day || (building && p->life < STARTED))
			return;
		if (p->reached == MILESTONES - 1 && p->life != BUILDING)
			return;
		int32_t when = day < month_first(m).day ? month_first(m).day + 7 : day;
		when = when < c->from.day ? c->from.day : when;
		happen(c, n, at(c, when, 15, 0), DO_REACH, BY_TOWN + p->town, p->reached, day < c->from.day ? day : when);
		happen(c, n, at(c, when + 3, 10, 30), DO_CHECK_REACHED, BY_CHECKER, p->reached, 0);
		if (p->reached == MILESTONES - 1) {
			happen(c, n, at(c, when + 1, 11, 0), DO_COMPLETE, BY_TOWN + p->town, 0, when);
			p->life = COMPLETED;
			p->reached++;
			return;
		}
	}
}

/* A figure for the month is reported on one of the first days of the next one. */
static void report(struct county *c, int n, struct month m)
{
	struct demo_project *p = &c->projects[n];
	int32_t last = month_last(m).day;
	if (p->life < PREPARING || p->life > COMPLETED || (p->story == SILENT && c->until.day - last < 100))
		return;
	int64_t plan = 0, done = 0;
	if (p->life >= STARTED && p->life <= BUILDING && p->plan_year) {
		plan = planned_between(p, month_first(m).day, last);
		int32_t late = p->actual_start - p->planned_start;
		if (late > 30) /* the same curve, shifted */
			plan = planned_between(p, month_first(m).day - late, last - late);
		if (plan == 0)
			plan = (p->total - p->done) / 6 / WAN * WAN;
		done = plan * pace(c, p, m) / 100 / WAN * WAN;
		if (done > p->total - p->done)
			done = p->total - p->done;
	}
	if (p->life < STARTED && !chance(&p->random, 40))
		return;
	p->done += done;
	p->done_year += done;
	int who = BY_TOWN + p->town, delay = chance(&p->random, 88) ? between(&p->random, 0, 3) : between(&p->random, 4, 11);
	int64_t ms = at(c, last + 1 + delay, between(&p->random, 8, 17), between(&p->random, 0, 59));
	happen(c, n, ms, DO_REPORT, who, m.index, done);
	happen(c, n, ms + 300000, DO_SUBMIT, who, 0, 0);
	if (chance(&p->random, 93))
		happen(c, n, ms + 86400000 + between(&p->random, 0, 3600) * 1000, DO_VERIFY, BY_CHECKER, 0, 0);
	if (month_number(m) == 12)
		p->done_year = 0;
}

static void trouble(struct county *c, int n, struct month m)
{
	struct demo_project *p = &c->projects[n];
	bool prone = p->story == SLOW || p->story == LAND_LATE || p->story == SHORT_OF_MONEY;
	if (p->life < PREPARING || p->life >= COMPLETED || !in_month(m, p->next_trouble) || p->troubles > 3)
		return;
	p->troubles++;
	int which = p->story == LAND_LATE ? below(&p->random, 2) : p->story == SHORT_OF_MONEY ? 5 :
		below(&p->random, demo_ntroubles);
	p->trouble = (int8_t)which;
	int64_t ms = at(c, p->next_trouble, 9, between(&p->random, 0, 59)), day = MS_PER_DAY;
	int answered = chance(&p->random, prone ? 60 : 85) ? between(&p->random, 3, 9) : between(&p->random, 15, 60);
	int department = BY_DEPARTMENT + demo_troubles[which].department;
	happen(c, n, ms, DO_RAISE, BY_TOWN + p->town, which, 0);
	happen(c, n, ms + day / 8, DO_ACCEPT, BY_OFFICE, which, 0);
	happen(c, n, ms + day + day / 12, DO_ASSIGN, BY_OFFICE, which, 0);
	if (!(prone && chance(&p->random, 15))) { /* some stay open */
		happen(c, n, ms + answered * day, DO_ANSWER, department, which, 0);
		happen(c, n, ms + (answered + 2) * day, DO_VERIFY_ISSUE, BY_CHECKER, which, 0);
		happen(c, n, ms + (answered + 3) * day, DO_CLOSE, BY_OFFICE, which, 0);
		p->next_trouble += answered + 4 + between(&p->random, prone ? 20 : 60, prone ? 120 : 400);
	} else {
		p->next_trouble = INT32_MAX;
	}
}

static void papers(struct county *c, int n, struct month m)
{
	struct demo_project *p = &c->projects[n];
	int town = BY_TOWN + p->town;
	if (p->story == WINTER && p->life == WINTER_STOPPED && month_number(m) == 12 && p->exempted != month_year(m)) {
		p->exempted = month_year(m);
		int64_t ms = moment(c, p, m, 9);
		happen(c, n, ms, DO_EXEMPT, town, 0, month_first(m).day + 8);
		happen(c, n, ms + MS_PER_DAY, DO_ALLOW, BY_LEADER, 0, 0);
	}
	bool late = p->reached >= 3 && p->reached < 5 && milestone_real(p, 4) - milestone_planned(p, 4) > 45;
	if (late && !p->asked && p->life == BUILDING && chance(&p->random, 25)) {
		p->asked = 1;
		int64_t ms = moment(c, p, m, 16);
		happen(c, n, ms, DO_ASK_DATE, town, 4, milestone_real(p, 4));
		if (chance(&p->random, 75))
			happen(c, n, ms + 2 * MS_PER_DAY, DO_RULE_DATE, BY_LEADER, 4, 0);
	}
}

/* ---- doing it ---- */

static bool do_create(struct county *c, struct demo_project *p, int n, bool building, struct err *err)
{
	const struct demo_kind *kind = &demo_kinds[p->kind];
	struct draft *d = make(c, "project", &p->id);
	int things = 0;
	while (things < 8 && kind->things[things])
		things++;
	set_text(c, d, "title", arena_printf(c->batch, "%s%s%s项目%s", kind->government ? demo_towns[p->town] :
		demo_brands[below(&p->random, demo_nbrands)], kind->government ? "" : "年产", kind->things[below(&p->random, things)],
		c->nprojects > 400 ? arena_printf(c->batch, "（%d号）", n + 1) : chance(&p->random, 15) ? "（二期）" : ""));
	set_text(c, d, "category", kind->category);
	set_text(c, d, "nature", p->kind == 1 ? "rebuild" : chance(&p->random, 80) ? "new" : "expansion");
	set_text(c, d, "investor_kind", kind->government ? "government" : chance(&p->random, 85) ? "enterprise" : "state_owned");
	const char *tags[3] = {"county"};
	int ntags = 1;
	if (p->total >= 5 * YI)
		tags[ntags++] = "provincial";
	else if (p->total >= YI)
		tags[ntags++] = "municipal";
	if (kind->government && chance(&p->random, 40))
		tags[ntags++] = "special_bond";
	set_choices(c, d, "programmes", tags, ntags);
	set_id(c, d, "area", c->towns[p->town]);
	if (p->town >= 14)
		set_id(c, d, "park", c->town_units[p->town]);
	set_int(c, d, "total_investment", p->total);
	set_int(c, d, "planned_start", p->planned_start);
	set_int(c, d, "planned_finish", p->planned_finish);
	set_id(c, d, "owner_unit", c->enterprises[below(&p->random, c->nenterprises)]);
	set_id(c, d, "lead_unit", c->town_units[p->town]);
	set_id(c, d, "competent_dept", c->departments[kind->department]);
	set_id(c, d, "headquarters", c->headquarters[kind->headquarters]);
	if (chance(&p->random, 35))
		set_id(c, d, "task_force", c->forces[below(&p->random, DEMO_FORCES)]);
	set_id(c, d, "commander_account", c->commanders[kind->headquarters]);
	set_id(c, d, "pledge_leader_account", c->leaders[below(&p->random, (int)countof(c->leaders))]);
	set_id(c, d, "service_officer_account", c->officers[below(&p->random, (int)countof(c->officers))]);
	/* around a point in no particular place */
	set_text(c, d, "place", arena_printf(c->batch, "{\"type\":\"Point\",\"coordinates\":[%d.%05d,%d.%05d]}", 126,
		20000 + p->town % 5 * 9000 + below(&p->random, 7000), 44, 10000 + p->town / 5 * 9000 + below(&p->random, 7000)));
	if (building) {
		set_int(c, d, "actual_start", p->actual_start);
		set_int(c, d, "prior_investment", p->before);
	}
	c->result->projects++;
	return check(c, building ? "building" : "idea", err);
}

static bool do_plan(struct county *c, const struct demo_project *p, int year, int64_t plan, struct err *err)
{
	struct draft *d = make(c, "year_plan", NULL);
	int64_t left = plan;
	set_id(c, d, "project", p->id);
	set_int(c, d, "year", year);
	set_int(c, d, "annual_plan_investment", plan);
	int64_t whole = planned_between(p, date_from_ymd(year, 1, 1).day - 1, date_from_ymd(year, 12, 31).day);
	for (int month = 1; month <= 12; month++) {
		int32_t from = date_from_ymd(year, month, 1).day - 1, until = date_from_ymd(year, month, month_days(year, month)).day;
		int64_t share = whole ? num_muldiv(plan, planned_between(p, from, until), whole) / WAN * WAN : plan / 12 / WAN * WAN;
		if (month == 12 || share > left)
			share = left;
		left -= share;
		set_int(c, d, arena_printf(c->batch, "month_%02d", month), share);
	}
	return check(c, "in_force", err);
}

static bool do_milestones(struct county *c, struct demo_project *p, struct err *err)
{
	static const struct { const char *name, *kind; int weight; } rows[MILESTONES] = {
		{"立项批复", "approval", 10}, {"用地手续办结", "land", 15}, {"开工", "start", 15}, {"主体封顶", "works", 25},
		{"设备安装完成", "equipment", 20}, {"竣工验收", "finish", 15},
	};
	for (int i = 0; i < MILESTONES; i++) {
		struct draft *d = make(c, "milestone", &p->milestone[i]);
		set_id(c, d, "project", p->id);
		set_text(c, d, "name", rows[i].name);
		set_text(c, d, "kind", rows[i].kind);
		set_int(c, d, "weight", rows[i].weight);
		set_int(c, d, "sequence", i + 1);
		set_int(c, d, "planned", milestone_planned(p, i));
		set_id(c, d, "responsible_unit", c->town_units[p->town]);
		c->result->milestones++;
		if (!check(c, NULL, err))
			return false;
	}
	return true;
}

static const char *stage_of(int64_t done, int64_t total)
{
	static const char *const stages[] = {"clearing", "piling", "foundation", "structure", "structure", "secondary_structure",
		"fit_out", "equipment_installation", "commissioning", "acceptance"};
	int64_t i = total ? done * 10 / total : 0;
	return stages[i > 9 ? 9 : i];
}

static const char *words_of(struct county *c, const struct demo_project *p, int64_t done)
{
	if (p->life < STARTED)
		return "正在办理前期手续，施工图设计同步推进。";
	if (done == 0)
		return p->story == WINTER ? "冬季停工，做好越冬维护和材料储备。" :
			p->story == LAND_LATE ? "地块内尚有未腾空户，工作面受限。" : "本月未形成投资。";
	return arena_printf(c->batch, "累计完成总投资的%lld%%，%s有序推进。", (long long)(p->done * 100 / p->total),
		demo_kinds[p->kind].item);
}

static bool do_report(struct county *c, struct demo_project *p, int month_index, int64_t done, struct err *err)
{
	struct draft *d = make(c, "report", &p->report);
	struct month m = {month_index};
	set_id(c, d, "project", p->id);
	set_text(c, d, "period_kind", "month");
	set_int(c, d, "period", month_last(m).day);
	set_int(c, d, "investment", done);
	set_int(c, d, "investment_total", p->done);
	if (done) {
		set_int(c, d, "paid", done * between(&p->random, 60, 95) / 100);
		set_int(c, d, "work_volume", done * between(&p->random, 55, 80) / 100);
		set_int(c, d, "people_on_site", between(&p->random, 15, 260));
		set_int(c, d, "machines_on_site", between(&p->random, 2, 40));
		set_text(c, d, "physical_item", demo_kinds[p->kind].item);
		set_text(c, d, "physical_unit", demo_kinds[p->kind].unit);
		set_int(c, d, "physical_volume", between(&p->random, 200, 90000));
	}
	if (p->life >= STARTED)
		set_text(c, d, "stage", stage_of(p->done, p->total));
	set_text(c, d, "visual_progress", words_of(c, p, done));
	set_int(c, d, "forecast_finish", milestone_real(p, MILESTONES - 1));
	if (p->trouble >= 0)
		set_text(c, d, "problems", demo_troubles[p->trouble].title);
	set_text(c, d, "filler", "填报员");
	c->result->reports++;
	return check(c, NULL, err);
}

static bool do_raise(struct county *c, struct demo_project *p, int which, struct err *err)
{
	struct draft *d = make(c, "issue", &p->issue);
	set_id(c, d, "project", p->id);
	set_text(c, d, "title", demo_troubles[which].title);
	set_text(c, d, "kind", demo_troubles[which].kind);
	set_text(c, d, "source", "report");
	set_int(c, d, "raised_on", instant_date(c->now, c->app->offset_minutes).day);
	set_text(c, d, "severity", p->story == LAND_LATE ? "blocking" : chance(&p->random, 30) ? "serious" : "normal");
	c->result->issues++;
	return check(c, NULL, err);
}

static bool do_exempt(struct county *c, struct demo_project *p, int32_t from, struct err *err)
{
	struct draft *d = make(c, "exemption", &p->exemption);
	set_id(c, d, "project", p->id);
	set_text(c, d, "reason_kind", "season");
	set_text(c, d, "reason", "冬季停工期，混凝土作业不具备条件");
	set_int(c, d, "valid_from", from);
	set_int(c, d, "valid_until", from + 85);
	return check(c, NULL, err);
}

static bool do_ask_date(struct county *c, struct demo_project *p, int i, int32_t wanted, struct err *err)
{
	char id[UUID_TEXT];
	struct draft *d = make(c, "change_request", &p->request);
	uuid_format(p->milestone[i], id);
	set_id(c, d, "project", p->id);
	set_text(c, d, "target_register", "milestone");
	set_text(c, d, "target_record", id);
	set_text(c, d, "target_field", "planned");
	set_int(c, d, "new_date", wanted);
	set_text(c, d, "reason_kind", p->story == LAND_LATE ? "land" : p->story == SHORT_OF_MONEY ? "funding" : "weather");
	set_text(c, d, "reason", p->story == LAND_LATE ? "征拆滞后，进场晚于计划" : "施工组织调整，后续节点顺延");
	return check(c, NULL, err);
}

/* A step that sets at most one date. */
static bool do_step(struct county *c, const char *reg, struct uuid id, const char *step, const char *field, int64_t value,
	struct err *err)
{
	struct draft *d;
	if (!take(c, reg, id, step, &d, err))
		return false;
	if (field)
		set_int(c, d, field, value);
	return check(c, NULL, err);
}

static bool do_text_step(struct county *c, const char *reg, struct uuid id, const char *step, const char *field,
	const char *text, struct err *err)
{
	struct draft *d;
	if (!take(c, reg, id, step, &d, err))
		return false;
	set_text(c, d, field, text);
	return check(c, NULL, err);
}

static bool do_winter(struct county *c, const struct demo_project *p, int32_t day, struct err *err)
{
	struct draft *d;
	if (!take(c, "project", p->id, "stop_for_winter", &d, err))
		return false;
	set_int(c, d, "stopped_on", day);
	set_int(c, d, "planned_resume", day + 100);
	return check(c, NULL, err);
}

static bool do_assign(struct county *c, const struct demo_project *p, int which, struct err *err)
{
	struct draft *d;
	if (!take(c, "issue", p->issue, "assign", &d, err))
		return false;
	set_id(c, d, "lead_unit", c->departments[demo_troubles[which].department]);
	set_text(c, d, "level", p->story == LAND_LATE ? "level_2" : "level_1");
	return check(c, NULL, err);
}

static bool do_event(struct county *c, const struct event *e, struct err *err)
{
	struct demo_project *p = &c->projects[e->project];
	switch ((enum doing)e->doing) {
	case DO_CREATE: return do_create(c, p, e->project, e->sub == BUILDING, err);
	case DO_PLAN: return do_plan(c, p, e->sub, e->value, err);
	case DO_MILESTONES: return do_milestones(c, p, err);
	case DO_PREPARE: return do_step(c, "project", p->id, "prepare", NULL, 0, err);
	case DO_READY: return do_step(c, "project", p->id, "make_ready", NULL, 0, err);
	case DO_START: return do_step(c, "project", p->id, "start", "actual_start", e->value, err);
	case DO_BUILD: return do_step(c, "project", p->id, "build", NULL, 0, err);
	case DO_COMPLETE: return do_step(c, "project", p->id, "complete", "actual_finish", e->value, err);
	case DO_PRODUCE: return do_step(c, "project", p->id, "produce", "actual_production", e->value, err);
	case DO_WINTER: return do_winter(c, p, (int32_t)e->value, err);
	case DO_RESUME: return do_step(c, "project", p->id, "resume", "resumed_on", e->value, err);
	case DO_REPORT: return do_report(c, p, e->sub, e->value, err);
	case DO_SUBMIT: return do_step(c, "report", p->report, "submit", NULL, 0, err);
	case DO_VERIFY: return do_step(c, "report", p->report, "verify", NULL, 0, err);
	case DO_REACH: return do_step(c, "milestone", p->milestone[e->sub], "finish", "actual", e->value, err);
	case DO_CHECK_REACHED: return do_step(c, "milestone", p->milestone[e->sub], "verify", NULL, 0, err);
	case DO_RAISE: return do_raise(c, p, e->sub, err);
	case DO_ACCEPT: return do_step(c, "issue", p->issue, "accept", NULL, 0, err);
	case DO_ASSIGN: return do_assign(c, p, e->sub, err);
	case DO_ANSWER: return do_text_step(c, "issue", p->issue, "answer", "answer", demo_troubles[e->sub].answer, err);
	case DO_VERIFY_ISSUE: return do_text_step(c, "issue", p->issue, "verify", "verification", "现场核实，情况属实", err);
	case DO_CLOSE:
		p->trouble = -1;
		return do_text_step(c, "issue", p->issue, "close", "satisfaction", chance(&p->random, 85) ? "satisfied" : "fair", err);
	case DO_EXEMPT: return do_exempt(c, p, (int32_t)e->value, err);
	case DO_ALLOW: return do_text_step(c, "exemption", p->exemption, "approve", "approver", "分管领导", err);
	case DO_ASK_DATE: return do_ask_date(c, p, e->sub, (int32_t)e->value, err);
	case DO_RULE_DATE: return do_text_step(c, "change_request", p->request, "approve", "ruling", "情况属实，同意调整", err);
	}
	return true;
}

/* ---- running ---- */

static int by_time(const void *left, const void *right)
{
	const struct event *l = left, *r = right;
	if (l->ms != r->ms)
		return l->ms < r->ms ? -1 : 1;
	if (l->project != r->project)
		return l->project < r->project ? -1 : 1;
	return l->doing - r->doing;
}

/* A batch covers whatever one person does of one kind within the hour, whichever project it is. */
static int by_batch(const void *left, const void *right)
{
	const struct event *l = left, *r = right;
	int64_t hour = l->ms / 3600000 - r->ms / 3600000;
	if (hour)
		return hour < 0 ? -1 : 1;
	if (l->doing != r->doing)
		return l->doing - r->doing;
	return l->who != r->who ? l->who - r->who : by_time(left, right);
}

/* A month's events up to (not with) `end`, the rest stays for later. */
static bool run_events(struct county *c, int64_t end, struct err *err)
{
	int done = 0;
	qsort(c->events, (size_t)c->nevents, sizeof(*c->events), by_batch);
	while (done < c->nevents && c->events[done].ms < end) {
		const struct event *first = &c->events[done];
		int n = 1;
		while (done + n < c->nevents && n < BATCH && c->events[done + n].who == first->who &&
			c->events[done + n].doing == first->doing && c->events[done + n].ms < end &&
			c->events[done + n].ms / 3600000 == first->ms / 3600000)
			n++;
		c->now.ms = first->ms > c->now.ms ? first->ms : c->now.ms;
		batch_begin(c, &c->people[first->who]);
		for (int i = 0; i < n; i++)
			if (!do_event(c, &c->events[done + i], err)) {
				batch_drop(c);
				return false;
			}
		if (!batch_end(c, err))
			return false;
		done += n;
	}
	memmove(c->events, c->events + done, (size_t)(c->nevents - done) * sizeof(*c->events));
	c->nevents -= done;
	return true;
}

static bool run_month(struct county *c, int back, struct err *err)
{
	struct month m = {month_of(c->until).index - back};
	bool first = back == c->months - 1;
	for (int n = 0; n < c->nprojects; n++) {
		enter(c, n, m, first);
		plan_year(c, n, m);
		move_on(c, n, m);
		if (c->projects[n].life == NOT_YET || c->projects[n].entered == m.index)
			continue;
		reach(c, n, m);
		trouble(c, n, m);
		papers(c, n, m);
		report(c, n, m);
	}
	int64_t end = at(c, month_last(m).day + 1, 0, 0), last = at(c, c->until.day, 18, 0) + 1;
	if (!run_events(c, end < last ? end : last, err))
		return false;
	if (c->nprojects > MANY)
		return true;
	c->now.ms = end < last ? end - 1 : last;
	return app_tick(c->app, err);
}

static bool make_county(struct county *c, app_progress *progress, void *self, struct err *err)
{
	c->now.ms = at(c, c->from.day, 8, 0);
	if (!one_batch(c, make_places, err) || !one_batch(c, make_units, err) || !one_batch(c, make_staff, err) ||
		!one_batch(c, make_leaders, err) || !make_passwords(c, err))
		return false;
	c->projects = must_alloc((size_t)c->nprojects * sizeof(*c->projects) + 1);
	for (int n = 0; n < c->nprojects; n++)
		plan_project(c, n);
	for (int back = c->months - 1; back >= 0; back--) {
		if (!run_month(c, back, err))
			return false;
		if (progress && !progress(self, c->months - back, c->months))
			return err_set(err, ERR_BUSY, NULL, "stopped");
	}
	c->now.ms = at(c, c->until.day, 18, 0) + 1;
	past_forget(c->app);
	return since_recompute(c->app, err);
}

bool demo_make(struct app *app, const struct demo_options *options, app_progress *progress, void *self,
	struct demo_result *out, struct err *err)
{
	app_read_lock(app);
	int32_t there = board_count(board_projects(app->board));
	app_unlock(app);
	if (there)
		return err_set(err, ERR_CONFLICT, NULL, "there are already %d projects: the demo wants an empty folder", (int)there);
	struct county c = {.app = app, .a = arena_open(), .options = options, .result = out, .random = options->seed + 1};
	app_clock *clock = app->options.clock;
	void *clock_self = app->options.clock_self;
	*out = (struct demo_result){.password = DEMO_PASSWORD};
	c.until = date_is_none(options->until) ? app_today(app) : options->until;
	c.months = options->months > 0 ? options->months : 18;
	c.nprojects = options->projects > 0 ? options->projects : 320;
	c.from = month_first((struct month){month_of(c.until).index - c.months + 1});
	app->options.clock = county_clock;
	app->options.clock_self = &c;
	bool done = make_county(&c, progress, self, err);
	app->options.clock = clock;
	app->options.clock_self = clock_self;
	free(c.events);
	free(c.projects);
	arena_close(c.a);
	return done;
}
