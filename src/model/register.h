/*
 * The definition language of registers (台账): what a kind of record is made of.
 *
 * A register is one JSON file in registers/ (schema: registers/schema.json, explained in docs/registers.md). A
 * catalogue is all registers of an office: the built-in files first, then the office's own additions (records of
 * the register `definition`), each checked with file, path and reason. A catalogue never changes once loaded; an
 * addition makes a new one, and the old one stays valid for whoever still reads it.
 *
 * Everything here lives in the catalogue's arena and is borrowed by everybody else.
 */
#ifndef MODEL_REGISTER_H
#define MODEL_REGISTER_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/json.h"

enum field_type {
	FIELD_TEXT,
	FIELD_LONGTEXT,
	FIELD_INTEGER,
	FIELD_QUANTITY, /* decimal with `unit`, kept as an integer times 10^scale */
	FIELD_MONEY,    /* integer 分 (1/100 yuan) */
	FIELD_PERCENT,  /* integer hundredths of a percent: 36.1 % = 3610 */
	FIELD_DATE,
	FIELD_MONTH,
	FIELD_INSTANT,
	FIELD_YESNO,
	FIELD_CHOICE,  /* one of `choices`, kept by name */
	FIELD_CHOICES, /* several of them (programme tags) */
	FIELD_REF,     /* id of a record of register `to` */
	FIELD_REFS,
	FIELD_POINT,
	FIELD_LINE,
	FIELD_AREA, /* WGS-84 GeoJSON geometry, with the datum it was entered in */
	FIELD_FILE,
	FIELD_FILES,
	FIELD_CODE, /* text that is checked by `code` */
	FIELD_JSON, /* a small document: a calendar's days, a mapping */
	FIELD_DERIVED, /* computed on the board, never entered and never stored; its kind: `derived_type` */
};

enum code_kind { CODE_NONE, CODE_USCC, CODE_ORGANISATION, CODE_PROJECT, CODE_AREA, CODE_INDUSTRY };

struct choice {
	const char *name;
	struct label label;
	const char *const *synonyms; /* other words that ledgers use for it */
	int nsynonyms;
	bool retired; /* kept for old records, not offered */
};

struct field {
	const char *name; /* snake_case; also the column's name in SQL and on the board */
	struct label label, help;
	enum field_type type;
	bool required, unique, builtin, retired;
	bool evidence;  /* proof of a figure or a step */
	bool governed;  /* changed only through a change request once it is first approved */
	bool listed;    /* among the default columns of lists */
	bool sensitive; /* personal data: not in exports of readers without the right */
	int max;        /* longest text in characters, most items of a list; 0: the type's default */
	bool has_least, has_most;
	int64_t least, most; /* bounds in the stored integer */
	int scale;           /* FIELD_QUANTITY: digits after the point, 0..6 */
	struct label unit;   /* FIELD_QUANTITY: 吨, km ... */
	enum code_kind code;
	const struct choice *choices;
	int nchoices;
	const char *to;     /* FIELD_REF, FIELD_REFS: register */
	const char *accept; /* FIELD_FILE(S): "image", "document" or NULL for both */
	enum field_type derived_type;
	const char *derive; /* FIELD_DERIVED: name of the board's derivation */
	const char *
		feeds; /* FIELD_DERIVED: a ledger's column of it is stored in this field of a register that hangs
	                           * under this one: "year_plan.annual_plan_investment"; NULL: it is not taken */
	const char *group;           /* heading in forms; names one of register.groups, or NULL */
	const char *const *synonyms; /* other headings that ledgers use for it */
	int nsynonyms;
	int index; /* place in register.fields and in record.values */
};

struct state {
	const char *name;
	struct label label;
	bool open; /* still somebody's work: counts as in hand */
	bool side; /* a side state (suspended), drawn apart */
};

struct step {
	const char *name;
	struct label label;
	const char *const *from; /* state names; n 0: from every state */
	int nfrom;
	const char *to;        /* state; NULL: stays where it is */
	const char *const *by; /* roles */
	int nby;
	const struct field *const
		*asks; /* must have a value when the step is taken; given with it or already there */
	int nasks;
	bool checker; /* must be somebody else than the one who made the last step or the record */
	const char *stamps; /* a date or instant field set to now, or NULL */
	const char *
		within; /* a clock that must be running and not overdue for this step (an objection), or NULL */
};

enum span_unit { SPAN_WORKDAYS, SPAN_DAYS, SPAN_HOURS, SPAN_MONTHS };
struct span {
	int32_t n;
	enum span_unit unit;
}; /* "7wd", "1d", "24h", "3mo" */

struct clock_def {
	const char *name;
	struct label label;
	const char *const *start; /* entering one of these states starts it ... */
	int nstart;
	const char *const *stop; /* ... entering one of these stops it ... */
	int nstop;
	const char *const *pause; /* ... and in these it does not run */
	int npause;
	struct span limit;        /* n 0: the limit is the date in field `due` */
	const char *due;          /* a date field that gives the deadline, or NULL */
	struct span warn;         /* before the deadline; n 0: none */
	const char *ladder;       /* a file in rules/clocks/, or NULL */
	const char *holder;       /* the ref field whose unit has it on its desk while the clock runs */
	bool site;                /* counted on the site's calendar: rests during the winter stop */
	const char *extend_ask;   /* the step that asks for an extension, or NULL: cannot be extended */
	const char *extend_grant; /* the step that grants it ... */
	const char *extend_to;    /* ... until the date in this field */
	struct span
		extend_before; /* to be asked for this long before expiry; n 0: any time before it */
};

struct group {
	const char *name;
	struct label label;
};

enum verb {
	VERB_READ,
	VERB_CREATE,
	VERB_UPDATE,
	VERB_STEP,
	VERB_DELETE,
	VERB_IMPORT,
	VERB_EXPORT,
	VERB_ADMIN,
	VERB_COUNT
};

/* Who may do what without a step: role names per verb. VERB_STEP is on the step. Scope is checked besides. */
struct permission {
	const char *const *roles;
	int n;
};

struct register_def {
	const char *name;
	struct label label, help;
	const char
		*of; /* the register its records hang under, by the ref field of the same name; or NULL */
	const char *number; /* "WT{yyyy}-{seq:4}": the human number, or NULL */
	const char *title;  /* the field that names a record */
	const char *tree;   /* the ref field to its own register that makes it a tree, or NULL */
	const char
		*owner; /* the ref field to `unit` that owns a record (scope), or NULL: through `of` */
	const char *place; /* the ref field to `area` (scope), or NULL: through `of` */
	const char *
		keeper; /* the ref field to `account` whose own the record is while in its first state, or NULL */
	bool builtin, internal; /* internal: not offered in the menu (account, definition ...) */
	struct group *groups;
	int ngroups;
	const struct field *fields;
	int nfields;
	const struct state *states; /* n 0: no states */
	int nstates;
	const struct step *steps;
	int nsteps;
	const struct clock_def *clocks;
	int nclocks;
	struct permission allow[VERB_COUNT];
	/* fields that together are unique among the records of one parent: {"period","period_kind"} */
	const char *const *key;
	int nkey;
	int order; /* in menus and in the catalogue: "order" of the definition; own registers 500 */
	int index; /* place in catalogue.registers */
};

struct catalogue {
	const struct register_def *registers;
	int n;
	struct arena *a; /* owns all of it */
	int64_t edition; /* rises with each addition */
};

struct definition_source {
	const char *name; /* file name, or "definition <number>": named in errors */
	struct slice text;
	bool builtin;
};

/* Loads built-in and own definitions, in this order. A later source may add a register, or fields, choices, synonyms
 * and labels to an earlier one ({"register":"project","extends":true,...}); it cannot remove or retype a built-in
 * field. Fields and own registers keep their place when more are added: what stood before has the same index. */
MUST_USE bool catalogue_load(const struct definition_source *sources, int n, int64_t edition,
	const struct catalogue **out, struct err *err); /* owned: free with catalogue_close */
/* The built-in registers (the embedded registers/ files, by their "order"), and own ones after them. */
MUST_USE bool catalogue_builtin(const struct definition_source *own, int nown, int64_t edition,
	const struct catalogue **out, struct err *err); /* owned: free with catalogue_close */
void catalogue_close(const struct catalogue *catalogue);

const struct register_def *catalogue_find(
	const struct catalogue *catalogue, const char *name); /* NULL: none */
const struct field *register_field(const struct register_def *reg, const char *name);
const struct state *register_state(const struct register_def *reg, const char *name);
const struct step *register_step(const struct register_def *reg, const char *name);
const struct choice *field_choice(const struct field *field, const char *name);
int register_state_index(const struct register_def *reg, const char *name); /* -1: none */
const char *field_type_name(enum field_type type);
bool field_is_stored(const struct field *field); /* all but FIELD_DERIVED */
MUST_USE bool span_parse(struct slice text, struct span *out);
void span_format(struct str *out, struct span span);
/* The definition as JSON for the UI and for GET /api/registers. */
void register_to_json(struct json_writer *w, const struct register_def *reg);

/* The reference page in Markdown: every register with its fields, states, steps and clocks. */
void register_reference(struct str *out, const struct catalogue *catalogue, enum lang lang);

#endif
