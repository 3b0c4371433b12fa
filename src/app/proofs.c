/* A run holds the lock only to say how far it is. Its result is the text that the command line gets as well (admin.h). */
#include "app/proofs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/admin.h"
#include "app/detail.h"
#include "base/log.h"
#include "base/os.h"
#include "base/say.h"
#include "store/care.h"

enum kind { CHAIN, DERIVED, BACKUP, KINDS };
static const char *const kinds[KINDS] = {"chain", "derived", "backup"};

struct proof {
	bool known, running, ok;
	struct instant started, ended;
	int64_t done, total;
	struct str result, problem, name;
};

struct proofs {
	pthread_mutex_t lock;
	pthread_t thread;
	bool to_join;
	enum kind now;
	struct proof of[KINDS];
};

struct run {
	struct app *app;
	enum kind kind;
	enum lang lang;
	char *backup;
};

struct proofs *proofs_open(void)
{
	struct proofs *p = must_alloc(sizeof(*p));
	pthread_mutex_init(&p->lock, NULL);
	return p;
}

void proofs_close(struct proofs *p)
{
	if (!p)
		return;
	if (p->to_join)
		pthread_join(p->thread, NULL);
	for (int k = 0; k < KINDS; k++) {
		str_free(&p->of[k].result);
		str_free(&p->of[k].problem);
		str_free(&p->of[k].name);
	}
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* ---- the run ---- */

static bool tell(void *self, int64_t done, int64_t total)
{
	const struct run *run = self;
	struct proofs *p = run->app->proofs;
	pthread_mutex_lock(&p->lock);
	p->of[run->kind].done = done;
	p->of[run->kind].total = total;
	pthread_mutex_unlock(&p->lock);
	return true;
}

static void tell_step(void *self, const char *doing, int64_t done, int64_t total)
{
	(void)doing;
	(void)tell(self, done, total);
}

static bool check_backup(struct run *run, struct str *out, struct err *err)
{
	struct progress progress = {tell_step, run};
	struct chain_report report;
	struct arena *a = arena_open();
	uint64_t random;
	os_random(&random, sizeof(random));
	const char *scratch =
		arena_printf(a, "%s/scratch/proof-%016llx", run->app->folder, (unsigned long long)random);
	bool ok = store_check_backup(run->backup, scratch, &progress, &report, err);
	arena_close(a);
	if (!ok)
		return false;
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_kb(&w, "ok", true);
	jw_ki(&w, "entries", report.entries);
	jw_object_end(&w);
	jw_end(&w);
	return true;
}

static void *prove(void *self)
{
	struct run *run = self;
	struct proofs *p = run->app->proofs;
	struct proof *proof = &p->of[run->kind];
	struct person system = person_system("web");
	struct str text = STR_INIT, problem = STR_INIT;
	struct err err = {0};
	bool whole = false, done;
	system.lang = run->lang;
	if (run->kind == CHAIN)
		done = app_verify_json(run->app, &system, tell, run, &text, &whole, &err);
	else if (run->kind == DERIVED)
		done = app_fsck_json(run->app, &system, tell, run, &text, &whole, &err);
	else
		whole = done = check_backup(run, &text, &err);
	if (!done)
		err_say(&err, run->lang, &problem);
	pthread_mutex_lock(&p->lock);
	str_free(&proof->result);
	str_free(&proof->problem);
	proof->result = done ? text : STR_INIT;
	proof->problem = problem;
	proof->ok = done && whole;
	proof->ended = app_now(run->app);
	proof->running = false;
	pthread_mutex_unlock(&p->lock);
	if (!done)
		str_free(&text);
	free(run->backup);
	free(run);
	return NULL;
}

/* ---- asking ---- */

static void proof_json(struct app *app, struct json_writer *w, const struct proof *proof, int kind)
{
	jw_object(w);
	jw_kt(w, "kind", kinds[kind]);
	jw_kb(w, "running", proof->running);
	instant_key(app, w, "started_at", proof->started);
	instant_key(app, w, "ended_at", proof->running ? INSTANT_NONE : proof->ended);
	jw_ki(w, "done", proof->done);
	jw_ki(w, "total", proof->total);
	jw_ks(w, "name", str_view(&proof->name));
	jw_kb(w, "ok", !proof->running && proof->ok);
	jw_key(w, "result");
	if (!proof->running && proof->result.n)
		jw_raw(w, str_view(&proof->result));
	else
		jw_null(w);
	jw_ks(w, "problem", proof->running ? (struct slice){0} : str_view(&proof->problem));
	jw_object_end(w);
}

static void proofs_json(struct app *app, struct str *out)
{
	struct proofs *p = app->proofs;
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_key(&w, "proofs");
	jw_array(&w);
	pthread_mutex_lock(&p->lock);
	for (int k = 0; k < KINDS; k++)
		if (p->of[k].known)
			proof_json(app, &w, &p->of[k], k);
	pthread_mutex_unlock(&p->lock);
	jw_array_end(&w);
	jw_object_end(&w);
	jw_end(&w);
}

bool app_proofs_json(struct app *app, const struct person *person, struct str *out, struct err *err)
{
	if (!app_may_look_after(app, person, VERB_READ, err))
		return false;
	proofs_json(app, out);
	return true;
}

static bool start(struct run *run, const char *name, struct err *err)
{
	struct proofs *p = run->app->proofs;
	struct proof *proof = &p->of[run->kind];
	pthread_t before = p->thread;
	pthread_mutex_lock(&p->lock);
	if (p->to_join && p->of[p->now].running) {
		pthread_mutex_unlock(&p->lock);
		return err_set(err, ERR_BUSY, NULL, "another check is running: wait for its result");
	}
	bool join = p->to_join;
	before = p->thread;
	p->now = run->kind;
	proof->known = proof->running = p->to_join = true;
	proof->started = app_now(run->app);
	proof->done = proof->total = 0;
	str_clear(&proof->name);
	str_puts(&proof->name, name ? name : "");
	if (join)
		pthread_join(before, NULL); /* it has said its result, so it is all but gone */
	bool begun = pthread_create(&p->thread, NULL, prove, run) == 0;
	if (!begun)
		proof->running = p->to_join = false;
	pthread_mutex_unlock(&p->lock);
	return begun || err_set(err, ERR_SYSTEM, NULL, "the system gives no more threads");
}

bool app_proof_start(struct app *app, const struct person *person, const char *kind,
	const char *backup, const char *name, struct str *out, struct err *err)
{
	int k = 0;
	while (k < KINDS && strcmp(kinds[k], kind) != 0)
		k++;
	if (!app_may_look_after(app, person, k == BACKUP ? VERB_ADMIN : VERB_READ, err))
		return false;
	if (k == KINDS)
		return err_set(err, ERR_INPUT, "kind", "\"%s\" is not chain, derived or backup", kind);
	if (k == BACKUP && !backup)
		return err_set(err, ERR_INPUT, "name", "say which backup");
	struct run *run = must_alloc(sizeof(*run));
	*run = (struct run){.app = app, .kind = (enum kind)k, .lang = person->lang};
	if (backup)
		run->backup = strdup(backup);
	if (!start(run, name, err)) {
		free(run->backup);
		free(run);
		return false;
	}
	proofs_json(app, out);
	return true;
}
