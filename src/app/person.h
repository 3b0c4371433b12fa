/*
 * Who is asking. A person is made by session.h from a cookie or a token (or by the command line for itself) and handed
 * to every call; nothing below reads a request. Lives in the arena it was made in.
 */
#ifndef APP_PERSON_H
#define APP_PERSON_H

#include "base/base.h"
#include "base/uuid.h"

/* Roles are the choices of `account.roles`; these are the ones the program itself knows something about. */
enum role {
	ROLE_ADMINISTRATOR, /* 系统管理员: accounts, units, definitions, rule sets, the first ledger; else no say in projects */
	ROLE_OFFICE,        /* 项目办: runs the place */
	ROLE_LEADER,        /* 领导: reads everything, orders */
	ROLE_COMMANDER,     /* 指挥长: the projects of his headquarters */
	ROLE_PLEDGE_LEADER, /* 包保领导: the projects he answers for */
	ROLE_DEPARTMENT,    /* 部门, 专班: the projects its unit leads or supports */
	ROLE_TOWN,          /* 镇街, 园区: the projects in its area or of its unit */
	ROLE_SERVICE_OFFICER, /* 店小二: the projects he serves */
	ROLE_ENTERPRISE,      /* 企业: its own projects */
	ROLE_AUDITOR,         /* 审计: reads everything, changes nothing */
	ROLE_COUNT,
};

/* One role of the table in access.c: its word in definitions and its label. */
struct role_word {
	const char *name; /* "office" */
	struct label label;
};
extern const struct role_word role_words[ROLE_COUNT];
/* -1: no such role */
int role_named(const char *name);

struct person {
	struct uuid account; /* nil for the system itself */
	const char *login, *name;
	uint32_t roles;              /* bit 1 << enum role */
	struct uuid unit, area;      /* nil: none */
	const struct uuid *projects; /* listed on the account besides what its name stands on */
	int nprojects;
	const char *via; /* "web", "cli", "token <name>", "import", "demo", "tick" */
	enum lang lang;
	bool system;            /* the program itself (command line, clocks): everything is allowed */
	bool read_only;         /* a token with scope "read" */
	bool must_set_password; /* came by a one-time link and has no password yet: may do only that */
};

static inline bool person_is(const struct person *person, enum role role)
{
	return (person->roles >> role & 1) != 0;
}

/* The program itself, for the command line and jobs. */
struct person person_system(const char *via);

#endif
