/* How far a long job of looking after the data is. */
#ifndef APP_RECHECK_H
#define APP_RECHECK_H

#include "app/admin.h"
#include "app/inside.h"
#include "store/care.h"

/* The store's progress as the app's: struct progress steps = {relay_step, &relay}. */
struct relay {
	app_progress *progress;
	void *self;
};
void relay_step(void *self, const char *doing, int64_t done, int64_t total);

#endif
