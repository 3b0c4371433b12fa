/* What the readers of our own plan format share. Not for others. Every take says true when the key is not there. */
#ifndef INTAKE_PLAN_JSON_PARTS_H
#define INTAKE_PLAN_JSON_PARTS_H

#include "base/map.h"
#include "intake/plan_json.h"

struct pj_reader {
	struct arena *a;
	struct plan plan;
	struct map *projects, *calendars, *tasks, *resources, *wbs;
	struct err *err;
	const char *list; /* "tasks", and which of them: the place for errors */
	int32_t index;
};

/* Errors at the place being read; both return false. */
PRINTF_LIKE(4, 0)
bool pj_bad(struct pj_reader *r, const char *key, const char *value, const char *fmt);
PRINTF_LIKE(3, 0) bool pj_missing(struct pj_reader *r, const char *key, const char *what);

bool pj_known_keys(
	struct pj_reader *r, const struct json *object, const char *const *keys, size_t n);
/* take() for each object of the list, its number in r->index. */
bool pj_each(struct pj_reader *r, const struct json *root, const char *list,
	bool (*take)(struct pj_reader *, const struct json *));

const char *pj_text(const struct json *o, const char *key, const char *otherwise);
bool pj_id(struct pj_reader *r, const struct json *o, struct map *ids, int32_t i, const char **id);
bool pj_reference(struct pj_reader *r, const struct json *o, const char *key, const struct map *ids,
	int32_t *out);
bool pj_moment(struct pj_reader *r, const struct json *o, const char *key, struct moment *out);
bool pj_date(struct pj_reader *r, const struct json *o, const char *key, struct date *out);
/* Days and weeks are those of the calendar. `elapsed` may be NULL. */
bool pj_duration(struct pj_reader *r, const struct json *o, const char *key, int32_t calendar,
	int32_t *out, bool *elapsed);
/* Hours or minutes of several units at once: more than a duration can be. */
bool pj_work(struct pj_reader *r, const struct json *o, const char *key, int64_t *out);
/* A number times `scale`, kept where an int32 can hold it. */
bool pj_number(struct pj_reader *r, const struct json *o, const char *key, int scale, int32_t *out);
bool pj_choice(struct pj_reader *r, const struct json *o, const char *key, const char *const *words,
	int n, int *out);

/* The lengths of the calendar's day and week in minutes; usual ones where it states none. */
void pj_calendar_lengths(const struct pj_reader *r, int32_t calendar, int32_t *day, int32_t *week);
bool pj_calendar(struct pj_reader *r, const struct json *o); /* of "calendars" */
bool pj_base(struct pj_reader *r, const struct json *o);     /* its base, once all are read */

#endif
