/*
 * Reading: lists, counts and groups from the board; single records, children and history from the store. Whatever a
 * person may not see is not there: not counted, not summed, ERR_MISSING when asked for by id.
 * Shapes: docs/http.md.
 */
#ifndef APP_READING_H
#define APP_READING_H

#include "app/app.h"
#include "app/person.h"
#include "base/arena.h"
#include "base/uuid.h"

/* The parameters of a query as they stand in a link, URL-decoded. NULL: not given. */
struct query_text {
	const char *filter, *sort, *columns, *group, *sums, *after, *as_of, *limit, *count, *skip;
};

MUST_USE bool app_query_json(struct app *app, const struct person *person, const char *reg,
	const struct query_text *query, struct str *out, struct err *err);
enum export_format { EXPORT_XLSX, EXPORT_CSV, EXPORT_GEOJSON };
/* What the query shows, without paging, as a file. GeoJSON: a feature for each point, line and area of a record as it is now,
 * with the named columns as its properties; "nowhere" counts the records without any. */
MUST_USE bool app_export(struct app *app, const struct person *person, const char *reg,
	const struct query_text *query, enum export_format format, struct str *out, struct err *err);

/* The record with allow, titles and clocks; *version for the ETag. */
MUST_USE bool app_record_json(struct app *app, const struct person *person, const char *reg,
	struct uuid id, struct str *out, int64_t *version, struct err *err);
/* Newest first. after: nil for the first page; limit 0: 50. */
MUST_USE bool app_children_json(struct app *app, const struct person *person, const char *reg,
	struct uuid id, const char *child, struct uuid after, int limit, struct str *out,
	struct err *err);
/* Newest first, entries older than journal number `before` (0: from the newest). */
MUST_USE bool app_history_json(struct app *app, const struct person *person, const char *reg,
	struct uuid id, int64_t before, int limit, struct str *out, struct err *err);
/* What is due for this person, most overdue first. after: `next` of the page before, or NULL; limit 0: 500. */
MUST_USE bool app_work_json(struct app *app, const struct person *person, const char *after,
	int limit, struct str *out, struct err *err);
/* Full-text search over what the person may read. */
MUST_USE bool app_search_json(struct app *app, const struct person *person, const char *reg,
	const char *words, int limit, struct str *out, struct err *err);

#endif
