/* A small office in memory for the tests of board and assess: records as the store would hold them, and the changes that
 * made them, fed to a board. */
#ifndef TEST_UNIT_BOARD_HELP_H
#define TEST_UNIT_BOARD_HELP_H

#include "base/arena.h"
#include "board/board.h"
#include "model/record.h"
#include "model/register.h"

struct office {
	struct arena *a;
	const struct catalogue *catalogue;
	struct board *board;
	struct record **records; /* as they are now, deleted ones too */
	int n, room;
	struct change *changes; /* all of them, in order */
	int nchanges, changes_room;
	uint64_t seed;
};

struct office *office_open(const char *own_definition); /* NULL: the built-in catalogue alone */
void office_close(struct office *o);
struct record *office_find(const struct office *o, struct uuid id); /* NULL: none */
/* Makes or changes a record and applies the change to the board. fields: a JSON object. state NULL: stays (the first one
 * for a new record). */
struct uuid office_create(struct office *o, const char *reg, const char *state, const char *fields);
void office_update(struct office *o, struct uuid id, const char *state, const char *fields);
void office_delete(struct office *o, struct uuid id);
struct board_options office_options(void);
/* A new board with every living record put into it. */
struct board *office_load(const struct office *o);
char *office_id(struct office *o, struct uuid id); /* as text */
uint32_t office_random(struct office *o, uint32_t below);

#endif
