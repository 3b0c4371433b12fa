/* Drafts of imports that wait to be confirmed (importing.h). */
#ifndef APP_IMPORTING_DRAFTS_H
#define APP_IMPORTING_DRAFTS_H

#include "app/inside.h"

struct drafts *drafts_open(void); /* owned: drafts_close */
void drafts_close(struct drafts *d); /* accepts NULL */
/* Throws away those older than a day. */
void drafts_tidy(struct app *app, struct instant now);

#endif
