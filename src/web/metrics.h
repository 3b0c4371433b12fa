/* What monitoring asks: requests by route and status, how long they took, what waits. Prometheus text format 0.0.4. */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H

#include "app/app.h"
#include "base/str.h"

struct metrics;

struct metrics *metrics_open(void); /* owned: metrics_close */
void metrics_close(struct metrics *m);
/* route: its index, -1 for assets and addresses that are nothing. */
void metrics_count(struct metrics *m, int route, int status, int64_t us);
void metrics_waiting(
	struct metrics *m, int more); /* +1: a request waits for a worker; -1: it has one */
void metrics_text(const struct metrics *m, struct app *app, struct str *out);

#endif
