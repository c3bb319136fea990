/*
 * A form: a box of fields. Enter goes on and submits at the last field, Tab and the arrows move, Esc
 * cancels and asks first if something was typed. A scan goes to spec->on_scan, or into a text or
 * pick field that has the focus; it never submits.
 */
#ifndef COUNTERTOP_TUI_FORM_H
#define COUNTERTOP_TUI_FORM_H

#include <stdint.h>

#include "tui/app.h"

#define FORM_FIELDS_MAX 12
#define FORM_VALUE_BYTES 1024
#define FORM_PICKS_MAX 8

enum form_kind {
	FORM_TEXT,
	FORM_PASSWORD, /* shown as dots */
	FORM_QUANTITY, /* up to three decimals, not negative */
	FORM_DATE,
	FORM_CHOICE, /* one of a fixed list, left and right */
	FORM_PICK    /* typing searches; the value is the id of the row picked */
};

/* A suggestion of a pick field. */
struct form_pick {
	char id[96];
	char label[192];
};

/* A choice of a choice field. */
struct form_choice {
	const char *id;
	const char *label; /* translated or N_ */
};

struct form_field {
	const char *name;
	enum form_kind kind;
	const char *label;   /* N_ */
	const char *hint;    /* N_ or NULL: shown while the field has the focus */
	const char *initial; /* NULL: empty; for choice and pick an id */
	bool is_required;
	size_t max_chars;                  /* 0: no limit of its own */
	const struct form_choice *choices; /* must outlive the form */
	size_t choice_count;
	/* For picks: at most `max` rows that match `text`, best first; returns how many. */
	size_t (*pick)(void *ctx, const char *text, struct form_pick *out, size_t max);
	/* NULL if good, else what is wrong, translated. `value` is parsed (dates as 2026-01-31). */
	const char *(*validate)(void *ctx, const char *value);
};

struct form;

struct form_spec {
	const char *title;               /* translated */
	const char *intro;               /* translated paragraph, or NULL */
	const struct form_field *fields; /* copied; the texts in it must outlive the form */
	size_t field_count;
	const char *submit_label; /* translated, NULL: "OK" */
	/* All fields are good. NULL: the form closes; else what is wrong, and it stays open. */
	const char *(*submit)(void *ctx, struct form *form);
	void (*cancel)(void *ctx); /* may be NULL */
	/* May be NULL. SCAN_NOT_MINE: into the field in focus, if it is text or pick. */
	enum scan_use (*on_scan)(void *ctx, struct form *form, const char *code);
	void *ctx;
};

/* Opens the form as a box. False when out of memory or too deep. */
bool form_open(struct app *app, const struct form_spec *spec);

/* Values by the field's name, for submit. Text is trimmed; dates are 2026-01-31; never NULL. */
const char *form_value(struct form *form, const char *name);
int64_t form_quantity_milli(struct form *form, const char *name);

/* For key files, context "form"; ctx is the struct form. */
extern const struct action_table form_actions;
/* Left and right in a choice, up and down in the suggestions of a pick; contexts "choice", "pick". */
extern const struct action_table form_choice_actions;
extern const struct action_table form_pick_actions;

#endif
