#include "tui/personal.h"

#include <stdio.h>
#include <string.h>

#include "model/ticket.h"

static const struct {
	const char *view;
	const char *column;
	enum personal what;
	const char
		*kind; /* the column that must say "ticket" for it to be so; NULL: it always is */
} columns[] = {
	{"tickets", "code", PERSONAL_CODE, NULL},
	{"tickets", "parent", PERSONAL_CODE, NULL},
	{"tickets", "phone", PERSONAL_PHONE, NULL},
	{"ticket_orders", "phone", PERSONAL_PHONE, NULL},
	{"redemptions", "code", PERSONAL_CODE, NULL},
	{"refused_scans", "code", PERSONAL_CODE, NULL},
	{"dossiers", "code", PERSONAL_CODE, NULL},
	{"exceptions", "doc", PERSONAL_CODE, "doc_kind"},
	{"history", "doc", PERSONAL_CODE, "doc_kind"},
};

bool personal_is_seen_by(enum staff_role role)
{
	return role >= ROLE_MANAGER;
}

static bool is_about_ticket(const struct view *view, struct db_rows *rows, const char *column)
{
	const char *kind = db_text(rows, view_column_index(view, column));

	return kind && strcmp(kind, "ticket") == 0;
}

enum personal personal_cell(const struct view *view, struct db_rows *rows, int column)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (strcmp(columns[i].view, view->name) == 0 &&
			strcmp(columns[i].column, view->columns[column].name) == 0 &&
			(!columns[i].kind || is_about_ticket(view, rows, columns[i].kind)))
			return columns[i].what;
	return PERSONAL_NOT;
}

void personal_mask(enum personal what, const char *value, char *out, size_t size)
{
	if (what == PERSONAL_NOT || !value[0])
		snprintf(out, size, "%s", value);
	else if (what == PERSONAL_CODE)
		ticket_code_mask(value, out, size);
	else
		ticket_phone_mask(value, out, size);
}

void personal_mask_text(enum personal what, struct text *text)
{
	char masked[PERSONAL_BYTES];

	if (what == PERSONAL_NOT)
		return;
	personal_mask(what, text_get(text), masked, sizeof(masked));
	text_clear(text);
	text_add(text, masked);
}
