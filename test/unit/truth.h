/* Truth tables beside schedule files (data/sched-*): NAME.truth.csv by task id, with flags where two engines agree. */
#ifndef TEST_TRUTH_H
#define TEST_TRUTH_H

#include "base/arena.h"
#include "model/plan.h"

struct truth {
	struct arena *a;
	const char **columns;
	int ncolumns;
	const char ***rows; /* [nrows][ncolumns], "" where empty */
	int nrows;
};

/* Opens folder/name; the test fails when it cannot be read. */
struct truth truth_open(struct arena *a, const char *folder, const char *name);
int truth_column(const struct truth *t, const char *name); /* the test fails when it is not there */
const char *truth_get(const struct truth *t, int row, const char *column);
struct moment truth_moment(
	const struct truth *t, int row, const char *column); /* NONE when empty */
/* The folder of shared data, or NULL: the caller says so and skips. */
const char *shared_folder(const char *name);

#endif
