/* The description of this office's interface as OpenAPI 3.1: routes from the route tables, records from the registers. */
#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

#include "app/app.h"
#include "base/str.h"

void openapi_write(struct app *app, enum lang lang, struct str *out);

#endif
