/* The answers to requests that carried a key, kept as JSON beside the digest of the request, and
 * the tidying of what is old. */
#include "base/json.h"
#include "store/settings.h"
#include "store/spelling.h"
#include "store/store_inside.h"

#define KEPT_DAYS 7

static const char sql_find[] = "SELECT body, answer FROM idempotency WHERE who = $1 AND key = $2";
static const char sql_keep[] =
	"INSERT INTO idempotency (who, key, body, at, answer) VALUES ($1, $2, $3, $4, $5)";
static const char sql_drop_old[] = "DELETE FROM idempotency WHERE at < $1";
static const char sql_drop_expired[] = "DELETE FROM session WHERE expires_at < $1";

static struct slice bytes_or_empty(struct slice s)
{
	return s.s ? s : SLICE("");
}

/* [[id,version,no,number],...] */
static struct slice spell_answer(struct arena *a, const struct prepared *p)
{
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_array(&w);
	for (int i = 0; i < p->batch->n; i++) {
		const struct written *r = &p->results[i];
		jw_array(&w);
		jw_uuid(&w, r->id);
		jw_int(&w, r->version);
		jw_int(&w, r->no);
		jw_text(&w, r->number);
		jw_array_end(&w);
	}
	jw_array_end(&w);
	struct slice kept = arena_slice(a, str_view(&text));
	str_free(&text);
	return kept;
}

static bool read_answer(
	struct arena *a, struct slice text, struct batch_result *out, struct err *err)
{
	const struct json *json;
	if (!json_parse(a, arena_slice(a, text), "idempotency", &json, err))
		return false;
	int n = json_count(json);
	struct written *results = ARENA_ARRAY(a, struct written, (size_t)n);
	for (int i = 0; i < n; i++) {
		const struct json *one = json_at(json, i);
		if (!uuid_parse(json_slice(json_at(one, 0)), &results[i].id))
			return err_set(err, ERR_SYSTEM, "idempotency", "the kept answer cannot be read");
		results[i].version = json_int(json_at(one, 1), 0);
		results[i].no = json_int(json_at(one, 2), 0);
		results[i].number = json_text(json_at(one, 3), NULL);
	}
	*out = (struct batch_result){.repeated = true, .results = results, .n = n, .failed = -1};
	return true;
}

bool idempotency_find(struct db *db, struct arena *a, struct uuid who, struct slice key,
	struct slice body, struct batch_result *out, struct err *err)
{
	struct db_statement *st;
	bool seen;
	*out = (struct batch_result){.failed = -1};
	if (!db_prepare(db, sql_find, &st, err))
		return false;
	db_blob(st, 1, who.b, sizeof who.b);
	db_blob(st, 2, key.s, key.n);
	if (!db_step(st, &seen, err))
		return false;
	if (!seen)
		return true;
	struct slice kept = db_get_blob(st, 0);
	bool same = slice_equal(kept, bytes_or_empty(body));
	bool ok = same
		? read_answer(a, db_get_text(st, 1), out, err)
		: err_set(err, ERR_CONFLICT, "Idempotency-Key", "this key was used for another request");
	db_done(st);
	return ok;
}

bool idempotency_keep(
	struct db *db, struct arena *scratch, const struct prepared *p, struct err *err)
{
	const struct batch *b = p->batch;
	struct slice body = bytes_or_empty(b->idempotency_body);
	struct db_statement *st;
	if (!db_prepare(db, sql_keep, &st, err))
		return false;
	db_blob(st, 1, b->who.b, sizeof b->who.b);
	db_blob(st, 2, b->idempotency_key.s, b->idempotency_key.n);
	db_blob(st, 3, body.s, body.n);
	db_text(st, 4, p->at);
	db_slice(st, 5, spell_answer(scratch, p));
	return db_run(st, err);
}

/* ---- tidying ---- */

static bool drop(struct db *db, const char *sql, struct instant before, struct err *err)
{
	struct db_statement *st;
	char text[INSTANT_TEXT];
	if (!db_prepare(db, sql, &st, err))
		return false;
	spell_instant(before, text);
	db_text(st, 1, text);
	return db_run(st, err);
}

static bool tidy(struct db *db, void *self, struct err *err)
{
	const struct instant *now = self;
	return drop(db, sql_drop_old, (struct instant){now->ms - KEPT_DAYS * MS_PER_DAY}, err) &&
		drop(db, sql_drop_expired, *now, err);
}

bool store_tidy(struct store *s, struct instant now, struct err *err)
{
	return store_write(s, tidy, &now, err);
}
