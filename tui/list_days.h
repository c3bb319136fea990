/* Lists of documents narrowed by the days they were made on: the filters `since` and `until` of their views. */
#ifndef COUNTERTOP_TUI_LIST_DAYS_H
#define COUNTERTOP_TUI_LIST_DAYS_H

#include "model/field.h"
#include "model/text.h"
#include "tui/form.h"
#include "tui/source.h"

/* Days of the store, as 2026-01-31; "" is open. */
struct list_days {
	char since[FIELD_DATE_BYTES], until[FIELD_DATE_BYTES]; /* both included */
};

/* Sets or takes away both filters; then list_restart. */
void list_days_where(struct source *source, const struct list_days *days);
/* " | 2026-01-01 … 2026-01-31", appended to a heading; nothing if both are open. */
void list_days_title(const struct list_days *days, struct text *title);

/* The two fields of a form that asks for them; the texts are those of `days`. */
#define LIST_DAYS_FIELDS 2
void list_days_fields(const struct list_days *days, struct form_field fields[LIST_DAYS_FIELDS]);
/* What was typed there; NULL, or what is wrong with it, translated. */
const char *list_days_take(struct list_days *days, struct form *form);

#endif
