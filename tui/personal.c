#include "tui/personal.h"

#include <stdio.h>
#include <string.h>

#include "model/json.h"
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
	{"exceptions", "detail", PERSONAL_JSON, "doc_kind"},
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

/* The member of a command's data, a verdict's result or an exception's figures that holds such a thing. */
static enum personal member_of(const char *name)
{
	static const struct {
		const char *name;
		enum personal what;
	} members[] = {
		{"code", PERSONAL_CODE},
		{"into", PERSONAL_CODE},
		{"parent", PERSONAL_CODE},
		{"phone", PERSONAL_PHONE},
	};

	for (size_t i = 0; name && i < sizeof(members) / sizeof(members[0]); i++)
		if (strcmp(members[i].name, name) == 0)
			return members[i].what;
	return PERSONAL_NOT;
}

/* list: of what the list holds it stands in, where it has no name of its own. */
static void mask_item(cJSON *item, enum personal list)
{
	enum personal what = item->string ? member_of(item->string) : list;
	char masked[PERSONAL_BYTES];

	if (cJSON_IsString(item) && what != PERSONAL_NOT) {
		personal_mask(what, item->valuestring, masked, sizeof(masked));
		cJSON_SetValuestring(item, masked);
	}
	for (cJSON *child = item->child; child; child = child->next)
		mask_item(child, cJSON_IsArray(item) ? what : PERSONAL_NOT);
}

void personal_mask_json(cJSON *json)
{
	if (json)
		mask_item(json, PERSONAL_NOT);
}

static void mask_json_text(struct text *text)
{
	cJSON *json = json_parse(text_get(text), text->length, NULL, 0);
	char *bytes;

	personal_mask_json(json);
	bytes = json ? cJSON_PrintUnformatted(json) : NULL;
	text_clear(text);
	text_add(text, bytes ? bytes : "");
	cJSON_free(bytes);
	cJSON_Delete(json);
}

void personal_mask_text(enum personal what, struct text *text)
{
	char masked[PERSONAL_BYTES];

	if (what == PERSONAL_NOT || text->length == 0)
		return;
	if (what == PERSONAL_JSON) {
		mask_json_text(text);
		return;
	}
	personal_mask(what, text_get(text), masked, sizeof(masked));
	text_clear(text);
	text_add(text, masked);
}
