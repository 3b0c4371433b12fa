/* One line is made per change and shared by all queues that take it; who takes it is decided by the gate under the same
 * lock as the board. A subscriber that comes back gets what it missed from the journal, put before what came meanwhile. */
#include "app/feed.h"

#include <stdlib.h>

#include "app/access.h"
#include "app/feed_hub.h"
#include "base/json.h"

#define LINES_MOST 1000 /* of one commit; past that everybody loads afresh */

struct line {
	int refs; /* atomic */
	enum feed_kind kind;
	int64_t no;
	char data[];
};

struct feed {
	struct app *app;
	struct arena *a;
	struct person person;
	struct sight sight;
	struct arena *sight_arena;
	int64_t sight_edition;
	int64_t begun;
	pthread_mutex_t lock; /* the queue */
	struct line *queue[LIMIT_STREAM_QUEUE];
	int head, n;
	bool reset;         /* everything queued is void: one FEED_RESET goes out */
	bool ended, wanted; /* wanted: wake is due */
	struct line *taken;
	feed_wake *wake;
	void *self;
	struct feed *next;
};

struct feed_hub {
	pthread_mutex_t lock; /* the list; comes after the app's lock and before a feed's */
	struct feed *feeds;
	int n;
	bool ended;
};

struct feed_hub *feed_hub_open(void)
{
	struct feed_hub *hub = must_alloc(sizeof(*hub));
	pthread_mutex_init(&hub->lock, NULL);
	return hub;
}

void feed_hub_close(struct feed_hub *hub)
{
	if (!hub)
		return;
	assert(!hub->feeds);
	pthread_mutex_destroy(&hub->lock);
	free(hub);
}

/* ---- lines and queues ---- */

static struct line *line_new(enum feed_kind kind, int64_t no, const char *data)
{
	size_t n = strlen(data) + 1;
	struct line *l = must_alloc(sizeof(*l) + n);
	*l = (struct line){.refs = 1, .kind = kind, .no = no};
	memcpy(l->data, data, n);
	return l;
}

static void line_drop(struct line *l)
{
	if (l && __atomic_sub_fetch(&l->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free(l);
}

static void queue_clear(struct feed *f)
{
	for (; f->n; f->n--, f->head = (f->head + 1) % LIMIT_STREAM_QUEUE)
		line_drop(f->queue[f->head]);
}

static void queue_push(struct feed *f, struct line *l)
{
	pthread_mutex_lock(&f->lock);
	f->wanted |= f->n == 0 && !f->reset;
	if (!f->reset && f->n == LIMIT_STREAM_QUEUE) {
		queue_clear(f);
		f->reset = true;
	} else if (!f->reset) {
		__atomic_add_fetch(&l->refs, 1, __ATOMIC_ACQ_REL);
		f->queue[(f->head + f->n++) % LIMIT_STREAM_QUEUE] = l;
	}
	pthread_mutex_unlock(&f->lock);
}

static void queue_reset(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->wanted |= f->n == 0 && !f->reset;
	queue_clear(f);
	f->reset = true;
	pthread_mutex_unlock(&f->lock);
}

/* ---- who takes a change ---- */

static bool takes(struct feed *f, int table, int32_t row)
{
	const struct board *b = f->app->board;
	const struct register_def *reg = board_register(board_table(b, table));
	uint32_t roles = access_roles(&f->person, reg, VERB_READ, NULL);
	if (f->person.system)
		return true;
	if (!roles)
		return false;
	if (roles != f->person.roles) {
		struct arena *a = arena_open();
		struct sight sight = sight_of(a, b, &f->person, roles);
		bool yes = sight_sees(b, &sight, table, row);
		arena_close(a);
		return yes;
	}
	if (!f->sight_arena || f->sight_edition != f->app->scope_edition) {
		arena_close(f->sight_arena);
		f->sight_arena = arena_open();
		f->sight = sight_of(f->sight_arena, b, &f->person, roles);
		f->sight_edition = f->app->scope_edition;
	}
	return sight_sees(b, &f->sight, table, row);
}

/* Registers that are nobody's business on the live feed. */
static bool quiet(const char *reg)
{
	return strcmp(reg, "mapping") == 0 || strcmp(reg, "definition") == 0;
}

static const struct light_change *light_of(
	const struct light_change *lights, int n, int32_t project)
{
	for (int i = 0; i < n; i++)
		if (lights[i].project == project)
			return &lights[i];
	return NULL;
}

static void light_pair(struct json_writer *w, const struct light_change *light)
{
	jw_key(w, "light");
	if (!light) {
		jw_null(w);
		return;
	}
	jw_array(w);
	const int32_t both[2] = {light->before, light->after};
	for (int i = 0; i < 2; i++) {
		if (both[i] == SEVERITY_OUTSIDE)
			jw_null(w);
		else
			jw_int(w, both[i]);
	}
	jw_array_end(w);
}

struct row_at {
	int table;
	int32_t row, project;
};

static bool place_of(const struct board *b, const struct change *c, struct row_at *out)
{
	out->table = board_table_named(b, c->reg->name);
	if (out->table < 0)
		return false;
	out->row = board_row(board_table(b, out->table), c->id);
	if (out->row < 0)
		return false;
	out->project = board_project_of(b, out->table, out->row);
	return true;
}

static struct line *change_line(struct app *app, const struct change *c, const struct row_at *at,
	const struct light_change *light)
{
	const struct board *b = app->board;
	struct str text = STR_INIT;
	struct str time = STR_INIT;
	struct json_writer w = jw_start(&text);
	instant_format(&time, c->at, app->offset_minutes);
	jw_object(&w);
	jw_ki(&w, "no", c->no);
	jw_kt(&w, "at", str_text(&time));
	jw_kt(&w, "register", c->reg->name);
	jw_kid(&w, "id", c->id);
	jw_key(&w, "project");
	if (at->project >= 0)
		jw_uuid(&w, board_id(board_projects(b), at->project));
	else
		jw_null(&w);
	jw_kt(&w, "step", c->step);
	jw_ki(&w, "version", c->version);
	light_pair(&w, light);
	struct slice title = board_title(board_table(b, at->table), at->row);
	jw_key(&w, "title");
	if (title.s)
		jw_slice(&w, title);
	else
		jw_null(&w);
	jw_object_end(&w);
	struct line *line = line_new(FEED_CHANGE, c->no, str_text(&text));
	str_free(&text);
	str_free(&time);
	return line;
}

static void offer(struct feed_hub *hub, struct line *line, const struct row_at *at)
{
	for (struct feed *f = hub->feeds; f; f = f->next)
		if (takes(f, at->table, at->row))
			queue_push(f, line);
	line_drop(line);
}

/* ---- what leaves somebody's sight ---- */

static bool moves(const struct change *c)
{
	for (int i = 0; i < c->n; i++)
		if ((c->fields[i]->type == FIELD_REF || c->fields[i]->type == FIELD_REFS) &&
			c->before[i].kind != VALUE_NULL)
			return true;
	return false;
}

/* He does not see it now: did he before this change? */
static bool lost(const struct feed *f, const struct change *c)
{
	uint32_t roles = access_roles(&f->person, c->reg, VERB_READ, NULL);
	if (f->person.system || !roles)
		return false;
	struct arena *a = arena_open();
	struct sight sight = sight_of(a, f->app->board, &f->person, roles);
	bool yes = sight_saw(f->app->board, &sight, c);
	arena_close(a);
	return yes;
}

static struct line *gone_line(const struct change *c)
{
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	jw_ki(&w, "no", c->no);
	jw_kt(&w, "register", c->reg->name);
	jw_kid(&w, "id", c->id);
	jw_object_end(&w);
	struct line *line = line_new(FEED_GONE, c->no, str_text(&text));
	str_free(&text);
	return line;
}

static void offer_gone(struct feed_hub *hub, const struct change *c, const struct row_at *at)
{
	struct line *line = NULL;
	if (!moves(c))
		return;
	for (struct feed *f = hub->feeds; f; f = f->next)
		if (!takes(f, at->table, at->row) && lost(f, c)) {
			line = line ? line : gone_line(c);
			queue_push(f, line);
		}
	line_drop(line);
}

/* A unit or an area that hangs elsewhere now takes whole subtrees along: whoever does not see everything loads afresh. */
static void reset_limited(struct feed_hub *hub, const struct change *c)
{
	bool moved = false;
	for (int i = 0; c->reg->tree && i < c->n; i++)
		moved |= strcmp(c->fields[i]->name, c->reg->tree) == 0;
	if (!moved || c->version == 1)
		return;
	for (struct feed *f = hub->feeds; f; f = f->next) {
		struct arena *a = arena_open();
		if (!sight_of(a, f->app->board, &f->person, f->person.roles).all)
			queue_reset(f);
		arena_close(a);
	}
}

/* A light that changed without a change of its project: ranks and means move with others. */
static void offer_lights(struct app *app, const struct change *last,
	const struct light_change *lights, int nlights, const uint8_t *told)
{
	const struct board *b = app->board;
	int table = board_table_named(b, "project");
	for (int i = 0; i < nlights; i++) {
		if (told[i])
			continue;
		struct change c = *last;
		struct row_at at = {table, lights[i].project, lights[i].project};
		c.reg = board_register(board_table(b, table));
		c.id = board_id(board_table(b, table), lights[i].project);
		c.version = board_version(board_table(b, table), lights[i].project);
		c.step = "light";
		offer(app->feed, change_line(app, &c, &at, &lights[i]), &at);
	}
}

/* An account that changed gets its rights afresh by coming again. */
static void end_account(struct feed_hub *hub, struct uuid account)
{
	for (struct feed *f = hub->feeds; f; f = f->next)
		if (uuid_equal(f->person.account, account)) {
			pthread_mutex_lock(&f->lock);
			f->ended = f->wanted = true;
			pthread_mutex_unlock(&f->lock);
		}
}

void feed_publish(struct app *app, struct arena *a, const struct change *changes, int n,
	const struct light_change *lights, int nlights)
{
	struct feed_hub *hub = app->feed;
	if (!__atomic_load_n(&hub->n, __ATOMIC_ACQUIRE) || n == 0)
		return;
	if (n > LINES_MOST || nlights > LINES_MOST) {
		feed_publish_reset(app);
		return;
	}
	uint8_t *told = ARENA_ARRAY(a, uint8_t, (size_t)nlights + 1);
	pthread_mutex_lock(&hub->lock);
	for (int i = 0; i < n; i++) {
		struct row_at at;
		if (quiet(changes[i].reg->name) || !place_of(app->board, &changes[i], &at))
			continue;
		const struct light_change *light =
			at.project >= 0 ? light_of(lights, nlights, at.project) : NULL;
		if (light)
			told[light - lights] = 1;
		offer(hub, change_line(app, &changes[i], &at, light), &at);
		offer_gone(hub, &changes[i], &at);
		reset_limited(hub, &changes[i]);
		if (strcmp(changes[i].reg->name, "account") == 0)
			end_account(hub, changes[i].id);
	}
	offer_lights(app, &changes[n - 1], lights, nlights, told);
	pthread_mutex_unlock(&hub->lock);
}

void feed_publish_reset(struct app *app)
{
	struct feed_hub *hub = app->feed;
	pthread_mutex_lock(&hub->lock);
	for (struct feed *f = hub->feeds; f; f = f->next)
		queue_reset(f);
	pthread_mutex_unlock(&hub->lock);
}

void feed_publish_tick(struct app *app)
{
	struct feed_hub *hub = app->feed;
	struct str text = STR_INIT, now = STR_INIT, today = STR_INIT;
	instant_format(&now, app_now(app), app->offset_minutes);
	date_format(&today, app_today(app));
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	jw_kt(&w, "now", str_text(&now));
	jw_kt(&w, "today", str_text(&today));
	jw_object_end(&w);
	struct line *line = line_new(FEED_TICK, 0, str_text(&text));
	pthread_mutex_lock(&hub->lock);
	for (struct feed *f = hub->feeds; f; f = f->next)
		queue_push(f, line);
	pthread_mutex_unlock(&hub->lock);
	line_drop(line);
	str_free(&text);
	str_free(&now);
	str_free(&today);
	feed_wake_all(app);
}

void feed_wake_all(struct app *app)
{
	struct feed_hub *hub = app->feed;
	pthread_mutex_lock(&hub->lock);
	for (struct feed *f = hub->feeds; f; f = f->next) {
		pthread_mutex_lock(&f->lock);
		bool wanted = f->wanted;
		f->wanted = false;
		pthread_mutex_unlock(&f->lock);
		if (wanted && f->wake)
			f->wake(f->self);
	}
	pthread_mutex_unlock(&hub->lock);
}

void feed_hub_end(struct feed_hub *hub)
{
	pthread_mutex_lock(&hub->lock);
	hub->ended = true;
	for (struct feed *f = hub->feeds; f; f = f->next) {
		pthread_mutex_lock(&f->lock);
		f->ended = true;
		pthread_mutex_unlock(&f->lock);
		if (f->wake)
			f->wake(f->self);
	}
	pthread_mutex_unlock(&hub->lock);
}

/* ---- the subscriber's side ---- */

static struct person person_copy(struct arena *a, const struct person *p)
{
	struct person copy = *p;
	copy.login = arena_strdup(a, p->login);
	copy.name = arena_strdup(a, p->name);
	copy.via = arena_strdup(a, p->via);
	struct uuid *projects = ARENA_ARRAY(a, struct uuid, (size_t)p->nprojects + 1);
	for (int i = 0; i < p->nprojects; i++)
		projects[i] = p->projects[i];
	copy.projects = projects;
	return copy;
}

struct missed {
	struct feed *feed;
	struct line *lines[LIMIT_STREAM_QUEUE];
	int n;
};

static bool missed_change(void *self, const struct change *c)
{
	struct missed *m = self;
	struct app *app = m->feed->app;
	struct row_at at;
	app_read_lock(app);
	if (!quiet(c->reg->name) && place_of(app->board, c, &at)) {
		if (takes(m->feed, at.table, at.row))
			m->lines[m->n++] = change_line(app, c, &at, NULL);
		else if (moves(c) && lost(m->feed, c))
			m->lines[m->n++] = gone_line(c);
	}
	app_unlock(app);
	return true;
}

static bool catch_up(struct feed *f, int64_t from, int64_t until, struct err *err)
{
	if (from > until || until - from > LIMIT_STREAM_QUEUE) {
		queue_reset(f);
		return true;
	}
	struct missed m = {.feed = f};
	bool done =
		from == until || journal_read(f->app->store, from + 1, until, missed_change, &m, err);
	pthread_mutex_lock(&f->lock);
	bool fits = done && !f->reset && f->n + m.n <= LIMIT_STREAM_QUEUE;
	for (int i = m.n - 1; i >= 0; i--) {
		if (fits) {
			f->head = (f->head + LIMIT_STREAM_QUEUE - 1) % LIMIT_STREAM_QUEUE;
			f->queue[f->head] = m.lines[i];
			f->n++;
		} else {
			line_drop(m.lines[i]);
		}
	}
	if (!fits) {
		queue_clear(f);
		f->reset = true;
	}
	pthread_mutex_unlock(&f->lock);
	return done;
}

bool feed_open(struct app *app, const struct person *person, int64_t from, feed_wake *wake,
	void *self, struct feed **out, struct err *err)
{
	struct feed_hub *hub = app->feed;
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	struct feed *f = must_alloc(sizeof(*f));
	f->app = app;
	f->a = arena_open();
	f->person = person_copy(f->a, person);
	f->wake = wake;
	f->self = self;
	pthread_mutex_init(&f->lock, NULL);
	app_read_lock(app);
	pthread_mutex_lock(&hub->lock);
	bool fits = hub->n < LIMIT_STREAMS && !hub->ended;
	int64_t until = f->begun = board_journal(app->board);
	if (fits) {
		f->next = hub->feeds;
		hub->feeds = f;
		hub->n++;
	}
	pthread_mutex_unlock(&hub->lock);
	app_unlock(app);
	if (!fits) {
		pthread_mutex_destroy(&f->lock);
		arena_close(f->a);
		free(f);
		return err_set(err, ERR_LIMIT, NULL, "there are already %d open streams", LIMIT_STREAMS);
	}
	if (from >= 0 && !catch_up(f, from, until, err)) {
		feed_close(f);
		return false;
	}
	*out = f;
	return true;
}

void feed_close(struct feed *f)
{
	if (!f)
		return;
	struct feed_hub *hub = f->app->feed;
	pthread_mutex_lock(&hub->lock);
	struct feed **at = &hub->feeds;
	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	hub->n--;
	pthread_mutex_unlock(&hub->lock);
	queue_clear(f);
	line_drop(f->taken);
	pthread_mutex_destroy(&f->lock);
	arena_close(f->sight_arena);
	arena_close(f->a);
	free(f);
}

int64_t feed_begun(const struct feed *f)
{
	return f->begun;
}

bool feed_take(struct feed *f, struct feed_event *out)
{
	pthread_mutex_lock(&f->lock);
	line_drop(f->taken);
	f->taken = NULL;
	bool got = true;
	if (f->reset) {
		f->reset = false;
		*out = (struct feed_event){FEED_RESET, 0, "{}"};
	} else if (f->n) {
		f->taken = f->queue[f->head];
		f->head = (f->head + 1) % LIMIT_STREAM_QUEUE;
		f->n--;
		*out = (struct feed_event){f->taken->kind, f->taken->no, f->taken->data};
	} else {
		got = false;
	}
	pthread_mutex_unlock(&f->lock);
	return got;
}

bool feed_ended(const struct feed *feed)
{
	return __atomic_load_n(&feed->ended, __ATOMIC_ACQUIRE);
}

int feed_count(struct app *app)
{
	return __atomic_load_n(&app->feed->n, __ATOMIC_ACQUIRE);
}
