/*
 * Where the projects of a query are, for a map: their points as columns of text, which is a sixth of what GeoJSON takes and is
 * read from the board alone. Whoever wants features with properties exports them (reading.h). Shape: docs/http.md.
 */
#ifndef APP_PLACES_H
#define APP_PLACES_H

#include "app/reading.h"

/* query: filter and as_of count. Lines and areas are those of the records as they are now. */
MUST_USE bool app_places_json(struct app *app, const struct person *person,
	const struct query_text *query, struct str *out, struct err *err);

#endif
