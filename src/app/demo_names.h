/* The words of the invented county. All of them are made up; whatever they resemble is chance. */
#ifndef APP_DEMO_NAMES_H
#define APP_DEMO_NAMES_H

#include "base/base.h"

#define DEMO_TOWNS 20
#define DEMO_HEADQUARTERS 7
#define DEMO_FORCES 4
#define DEMO_DEPARTMENTS 12

struct demo_kind {
	const char *category;      /* choice of project.category */
	int headquarters;          /* 0..6 */
	int department;            /* 0..11 */
	bool government;
	int weight;                /* how many of them there are */
	const char *things[8];     /* what is built */
	const char *item, *unit;   /* what is counted on site: name and choice of report.physical_unit */
};

extern const char demo_county[];
extern const char *const demo_towns[DEMO_TOWNS];            /* the last six are parks */
extern const char *const demo_headquarters[DEMO_HEADQUARTERS];
extern const char *const demo_forces[DEMO_FORCES];
extern const char *const demo_departments[DEMO_DEPARTMENTS];
extern const char *const demo_brands[];
extern const int demo_nbrands;
extern const struct demo_kind demo_kinds[];
extern const int demo_nkinds;

struct demo_trouble { const char *kind, *title, *answer; int department; };
extern const struct demo_trouble demo_troubles[];
extern const int demo_ntroubles;

#endif
