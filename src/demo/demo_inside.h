/* What the files of the demo share. Not for others. */
#ifndef DEMO_DEMO_INSIDE_H
#define DEMO_DEMO_INSIDE_H

#include "app/account.h"
#include "demo/demo.h"
#include "demo/demo_words.h"
#include "app/draft.h"
#include "app/inside.h"

enum {
	DEMO_PLACES = DEMO_TOWNS + DEMO_PARKS,
	DEMO_MILESTONES = 10,
	DEMO_MOST_ISSUES = 3,
	DEMO_OFFICERS = 4
};

/* The county on the map, in 1e-4 degrees: rows of DEMO_ACROSS places in open sea. */
enum {
	DEMO_WEST = 1235000,
	DEMO_SOUTH = 362000,
	DEMO_ACROSS = 5,
	DEMO_WIDE = 800,
	DEMO_HIGH = 700
};

struct demo_dice {
	uint64_t state;
};
int dice_between(struct demo_dice *d, int least, int most); /* both ends in */
bool dice_permille(struct demo_dice *d, int chance);

enum style { STYLE_GOOD, STYLE_SLOW, STYLE_LATE_START, STYLE_STALLED, STYLE_FAST, STYLE_SILENT };

struct node { /* a milestone of a story */
	const char *name, *kind;
	int weight;
	struct date planned, actual; /* actual none: not within the county's days */
	struct uuid id;
};

struct trouble { /* an issue */
	int what;    /* index in demo_issues */
	struct date raised;
	int pace;     /* days between steps; slow ones become overdue */
	int stops_at; /* steps taken before it rests; 99: all */
	struct uuid id;
};

/* One project's life, from the seed and its number alone. */
struct story {
	int number, kind, place, officer;
	enum style style;
	bool early_bird;          /* was there when the county began */
	const char *title, *firm; /* firm NULL: a public project */
	int64_t total;            /* 分 */
	int months;               /* of building as planned */
	struct date planned_start, planned_finish, planned_production;
	struct date enters, approved, ready, started, finished,
		produced; /* none: not within the county's days */
	struct node nodes[DEMO_MILESTONES];
	int nnodes;
	struct trouble troubles[DEMO_MOST_ISSUES];
	int ntroubles;
	/* what is done by the end of month i of the county (from its first month on), and before it; 分 */
	int64_t *done;
	int64_t done_before;
	struct uuid id, owner, schedule; /* schedule: its plan of tasks, if it has one */
	bool exempt, postponed;          /* gets an exemption; asks for another finish date */
};

enum event_kind { /* in the order of a day */
	EVENT_ENTER,
	EVENT_PLAN,
	EVENT_PLAN_ISSUE,
	EVENT_NODES,
	EVENT_SCHEDULE,
	EVENT_SCHEDULE_SUBMIT,
	EVENT_SCHEDULE_APPROVE,
	EVENT_APPROVE,
	EVENT_READY,
	EVENT_START,
	EVENT_BUILD,
	EVENT_REPORT,
	EVENT_SUBMIT,
	EVENT_VERIFY,
	EVENT_NODE_DONE,
	EVENT_NODE_VERIFY,
	EVENT_ISSUE,
	EVENT_ISSUE_STEP,
	EVENT_EXEMPT,
	EVENT_EXEMPT_RULE,
	EVENT_CHANGE,
	EVENT_CHANGE_RULE,
	EVENT_COMPLETE,
	EVENT_PRODUCE,
};

struct event {
	int32_t day;
	int16_t kind, place;
	int32_t story, arg;
};

struct demo {
	struct app *app;
	struct demo_options options;
	struct instant now, latest; /* the county's clock, and where it ends */
	struct date begin, until;
	int months;
	struct arena *a;
	struct story *stories;
	int nstories;
	struct event *events;
	int64_t nevents, events_room;
	struct uuid city, county, areas[DEMO_PLACES], places[DEMO_PLACES],
		headquarters[DEMO_HEADQUARTERS];
	struct uuid departments[DEMO_DEPARTMENTS], task_forces[DEMO_TASK_FORCES];
	struct uuid government;
	struct person *office, *office_two, *leader, *commanders[DEMO_HEADQUARTERS],
		*by_department[DEMO_DEPARTMENTS];
	struct person *by_place[DEMO_PLACES], *officers[DEMO_OFFICERS];
	struct demo_result *result;
	struct uuid *reports;                      /* id of the newest report of each story */
	struct uuid *exemptions, *changes, *plans; /* of each story, newest */
	struct map *firms;                         /* name -> index into firm_ids */
	struct uuid *firm_ids;
	int nfirms, firms_room;
};

/* ---- the pen: a batch of changes by one person at one instant ---- */

struct pen {
	struct demo *demo;
	struct work w;
	struct arena *a;
	const char **states; /* state of each created record, NULL: the first one */
};
enum {
	PEN_MOST = 400,
	PEN_MOST_LARGE = 10000,
	PEN_ROOM = PEN_MOST_LARGE + 16
}; /* records of one batch */
/* Large counties are for measuring: written by the office alone in larger batches; the largest with less to each project. */
static inline bool demo_is_large(const struct demo *demo)
{
	return demo->nstories > 5000;
}
static inline bool demo_is_vast(const struct demo *demo)
{
	return demo->nstories > 100000;
}

/* Lets the county's clock go on until then: not backwards, and not past its end. */
void demo_wait(struct demo *demo, struct instant until);
void pen_take(
	struct pen *pen, struct demo *demo, const struct person *person, struct date day, int minute);
struct draft *pen_create(struct pen *pen, const char *reg, const char *state);
/* Reads the record and takes a step with it. NULL with *err: it cannot be read. */
struct draft *pen_step(
	struct pen *pen, const char *reg, struct uuid id, const char *step, struct err *err);
struct draft *pen_update(
	struct pen *pen, const char *reg, struct uuid id, struct err *err); /* the same for a change */
void pen_text(struct pen *pen, struct draft *d, const char *field, const char *text);
void pen_int(struct pen *pen, struct draft *d, const char *field, int64_t i);
void pen_date(struct pen *pen, struct draft *d, const char *field,
	struct date date); /* none: leaves it out */
void pen_id(struct pen *pen, struct draft *d, const char *field, struct uuid id);
void pen_list(
	struct pen *pen, struct draft *d, const char *field, const struct value *items, int n);
MUST_USE bool pen_send(
	struct pen *pen, struct err *err); /* checks and stores all of it; puts the pen down */

/* ---- parts ---- */

MUST_USE bool demo_found_county(struct demo *demo, struct err *err); /* areas, units, accounts */
MUST_USE bool demo_draw_map(struct demo *demo, const struct person *by, struct err *err);
void demo_write_stories(struct demo *demo); /* stories and their events */
MUST_USE bool demo_play(struct demo *demo, app_progress *progress, void *self, struct err *err);
/* The project's plan of tasks, begun from a template and fitted to its start and finish (demo_schedule.c). */
MUST_USE bool demo_schedule(struct demo *demo, struct pen *pen, struct story *s, struct err *err);
void demo_firm(struct demo *demo, struct pen *pen, const char *name, struct uuid *id);
const char *demo_person(struct demo *demo, uint32_t number); /* an invented name */

#endif
