/* The whole of one thing in the inbox, in words and with its raw figures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "model/when.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/inbox_rows.h"

#define LABEL_COLS 22
#define DEPTH_MAX 3
#define NOTHING "\u2013"

static void add_line(struct text *out, int depth, const char *label, const char *value)
{
	char padded[COLS_LINE_BYTES];

	cols_pad(padded, sizeof(padded), LABEL_COLS - 2 * depth, label);
	text_addf(out, "%*s%s %s\n", 2 * depth, "", padded, value);
}

/* `list`: the name of the list it stands in, which has no name of its own then. */
static void add_value(
	const struct shop *shop, struct text *out, int depth, const cJSON *item, const char *list);

static void add_members(const struct shop *shop, struct text *out, int depth, const cJSON *object)
{
	const char *list = cJSON_IsArray(object) && object->string ? object->string : "";
	const cJSON *item;

	cJSON_ArrayForEach(item, object) add_value(shop, out, depth, item, list);
}

/* The words that stand in some members, by the group they are of. */
static const struct {
	const char *name;
	const char *group;
} worded[] = {
	{"mode", "mode"},
	{"reason", "close"},
	{"scope", "scope"},
	{"kind", "adjust"},
	{"status", "movement"},
	{"line", "value"},
	{"shown", "mode"},
	{"uncounted", "value"},
};

static const char *word_of(const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(worded) / sizeof(worded[0]); i++)
		if (strcmp(worded[i].name, name) == 0)
			return shop_word(worded[i].group, value);
	return value;
}

static void print_counted(const char *figures, char *out, size_t size)
{
	struct text told = TEXT_INIT(size);

	shop_told_figures(figures, &told);
	snprintf(out, size, "%s", text_get(&told));
	text_free(&told);
}

/* Stores, people, documents and times are shown as such; the rest as it is. */
static void print_text(
	const struct shop *shop, const char *name, const char *value, char *out, size_t size)
{
	int64_t at_ms;

	if (strcmp(name, "store") == 0 || strcmp(name, "to") == 0 || strcmp(name, "from") == 0)
		shop_store_name(shop, value, out, size);
	else if (strcmp(name, "actor") == 0 || strcmp(name, "creator") == 0)
		shop_staff_name(shop, value, out, size);
	else if (strcmp(name, "movement") == 0 || strcmp(name, "stocktake") == 0 ||
		strcmp(name, "transfer") == 0)
		shop_document_name(shop, name, value, out, size);
	else if (strcmp(name, "device") == 0)
		shop_device_name(shop, value, out, size);
	else if (strcmp(name, "code") == 0 || strcmp(name, "into") == 0)
		shop_code(shop, value, out, size);
	else if (strcmp(name, "phone") == 0)
		shop_phone(shop, value, out, size);
	else if (strcmp(name, "counted") == 0)
		print_counted(value, out, size);
	else if (size >= SHOP_WHEN_BYTES && when_parse(value, &at_ms))
		shop_when_full(shop, at_ms, out);
	else
		snprintf(out, size, "%s", word_of(name, value));
}

static void add_value(
	const struct shop *shop, struct text *out, int depth, const cJSON *item, const char *list)
{
	const char *name = item->string ? item->string : "";
	const char *label = shop_word("detail", name);
	char value[512];

	if ((cJSON_IsObject(item) || cJSON_IsArray(item)) && depth < DEPTH_MAX) {
		add_line(out, depth, name[0] ? label : "-", "");
		add_members(shop, out, depth + 1, item);
		return;
	}
	if (cJSON_IsString(item)) {
		print_text(shop, name[0] ? name : list, item->valuestring, value, sizeof(value));
	} else if (cJSON_IsNull(item)) {
		snprintf(value, sizeof(value), "%s", NOTHING);
	} else if (cJSON_IsBool(item)) {
		snprintf(value, sizeof(value), "%s",
			shop_word("value", cJSON_IsTrue(item) ? "true" : "false"));
	} else {
		char *json = cJSON_PrintUnformatted(item);

		snprintf(value, sizeof(value), "%s", json ? json : "");
		cJSON_free(json);
	}
	add_line(out, depth, label, value);
}

static void add_json(
	const struct shop *shop, struct text *out, const char *title, const char *bytes)
{
	cJSON *json = bytes ? json_parse(bytes, strlen(bytes), NULL, 0) : NULL;

	if (json && cJSON_GetArraySize(json) > 0) {
		text_addf(out, "\n" DIALOG_PAGE_HEADING "%s\n", title);
		add_members(shop, out, 0, json);
	}
	cJSON_Delete(json);
}

void inbox_tell_figures(const struct shop *shop, const char *exception, struct text *out)
{
	struct db *cache = shop_db(shop);
	char *detail = cache
		? db_get_text(cache, "SELECT detail FROM exception WHERE id = $1", "t", exception)
		: NULL;

	add_json(shop, out, _("Figures"), detail);
	free(detail);
}

static void tell_command(const struct shop *shop, const struct inbox_row *row, struct text *out)
{
	char *line = db_get_text(
		shop->console->outbox, "SELECT line FROM command WHERE id = $1", "t", row->id);
	cJSON *json = line ? json_parse(line, strlen(line), NULL, 0) : NULL;
	const cJSON *data = json_object(json, "data");

	if (data && cJSON_GetArraySize(data) > 0) {
		text_addf(out, "\n" DIALOG_PAGE_HEADING "%s\n", _("What was asked"));
		add_members(shop, out, 0, data);
	}
	cJSON_Delete(json);
	free(line);
}

void inbox_tell(const struct shop *shop, const struct inbox_row *row, struct text *out)
{
	bool is_exception = row->kind == INBOX_IS_EXCEPTION;
	char value[256];

	/* The title of the page says the reason already. */
	if (!is_exception)
		text_addf(out, DIALOG_PAGE_HEADING "%s\n", shop_word("op", row->what));
	if (row->message[0])
		text_addf(out, "%s\n", row->message);
	text_addf(out, "%s\n\n", inbox_way_out(row));
	if (row->about[0]) {
		add_line(out, 0, shop_word("document", row->subject.kind), row->about);
	} else if (row->subject.kind[0]) {
		shop_document_name(shop, row->subject.kind, row->subject.id, value, sizeof(value));
		add_line(out, 0, shop_word("document", row->subject.kind), value);
	}
	if (row->sku[0]) {
		shop_product_name(shop, row->sku, value, sizeof(value));
		add_line(out, 0, _("Product"), value);
		add_line(out, 0, _("SKU"), row->sku);
	}
	shop_when_full(shop, row->at_ms, value);
	add_line(out, 0, _("When"), value);
	shop_staff_name(shop, row->actor, value, sizeof(value));
	add_line(out, 0, _("By"), value);
	add_line(out, 0, _("Id"), row->id);
	if (is_exception)
		inbox_tell_figures(shop, row->id, out);
	else
		tell_command(shop, row, out);
}
