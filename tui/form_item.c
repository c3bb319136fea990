/*
 * One field of a form: what it holds, and whether that is good.
 */
#include <stdio.h>
#include <string.h>

#include "model/i18n.h"
#include "model/field.h"
#include "tui/form_parts.h"

bool form_item_is_edit(const struct form_item *item)
{
	return item->field.kind != FORM_CHOICE;
}

static void form_item_set_choice(struct form_item *item, const char *id)
{
	for (size_t i = 0; i < item->field.choice_count; i++)
		if (strcmp(item->field.choices[i].id, id) == 0)
			item->choice = i;
}

static void form_item_set(struct form_item *item, const char *value)
{
	if (item->field.kind == FORM_CHOICE) {
		form_item_set_choice(item, value);
		return;
	}
	edit_set(&item->edit, value);
	item->is_picked = item->field.kind == FORM_PICK && *value;
	snprintf(item->picked_id, sizeof(item->picked_id), "%s", value);
}

void form_item_init(struct form_item *item, const struct form_field *field)
{
	memset(item, 0, sizeof(*item));
	item->field = *field;
	edit_init(&item->edit, field->max_chars);
	if (field->initial)
		form_item_set(item, field->initial);
}

static void form_item_trim(struct form_item *item)
{
	const char *text = item->edit.text + strspn(item->edit.text, " ");
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == ' ')
		length--;
	snprintf(item->value, sizeof(item->value), "%.*s", (int)length, text);
}

static const char *form_item_parse_quantity(struct form_item *item)
{
	if (!field_parse_quantity(item->value, false, &item->qty_milli))
		return _("A quantity is a number with at most three decimals.");
	field_print_quantity(item->qty_milli, item->value, sizeof(item->value));
	return NULL;
}

static const char *form_item_parse_date(struct form_item *item)
{
	char date[FIELD_DATE_BYTES];

	if (!field_parse_date(item->value, date))
		return _("Write the date as 2026-01-31, 2026/1/31 or 115/1/31.");
	snprintf(item->value, sizeof(item->value), "%s", date);
	return NULL;
}

static const char *form_item_parse_pick(struct form_item *item)
{
	if (!item->is_picked)
		return _("Choose one of the suggestions.");
	snprintf(item->value, sizeof(item->value), "%s", item->picked_id);
	return NULL;
}

static const char *form_item_parse(struct form_item *item)
{
	switch (item->field.kind) {
	case FORM_QUANTITY:
		return form_item_parse_quantity(item);
	case FORM_DATE:
		return form_item_parse_date(item);
	case FORM_PICK:
		return form_item_parse_pick(item);
	case FORM_PASSWORD:
		/* Blanks may be part of it. */
		snprintf(item->value, sizeof(item->value), "%s", item->edit.text);
		return NULL;
	case FORM_TEXT:
	case FORM_CHOICE:
		break;
	}
	return NULL;
}

const char *form_item_check(struct form_item *item, void *ctx)
{
	const char *wrong = NULL;

	item->qty_milli = 0;
	if (item->field.kind == FORM_CHOICE) {
		snprintf(item->value, sizeof(item->value), "%s",
			item->field.choice_count > 0 ? item->field.choices[item->choice].id : "");
	} else {
		form_item_trim(item);
		if (!item->value[0] && item->field.is_required)
			return _("This must be filled in.");
		if (item->value[0])
			wrong = form_item_parse(item);
	}
	if (!wrong && item->field.validate)
		wrong = item->field.validate(ctx, item->value);
	return wrong;
}
