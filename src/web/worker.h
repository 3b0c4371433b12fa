/* Threads that do what may wait, so that event threads never do. A job is a function and its argument; jobs start in the
 * order they came. */
#ifndef WEB_WORKER_H
#define WEB_WORKER_H

#include "base/err.h"

struct workers;
typedef void work_off(void *job);

MUST_USE bool workers_open(
	int threads, work_off *work, struct workers **out, struct err *err); /* owned: workers_close */
/* False: more than LIMIT_WORK_QUEUE jobs wait already. */
MUST_USE bool workers_add(struct workers *w, void *job);
/* Waits until all that was added is done. Accepts NULL. */
void workers_close(struct workers *w);

#define LIMIT_WORK_QUEUE 8192

#endif
