#include "tui/document_history.h"

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"

#include <stdio.h>
#include <string.h>

enum { HISTORY_WHEN, HISTORY_WHO, HISTORY_WHAT, HISTORY_TERMINAL, HISTORY_TEXT, HISTORY_STORE };

static const struct source_column source_columns[] = {
	[HISTORY_WHEN] = {.column = "at", .kind = SOURCE_WHEN},
	[HISTORY_WHO] = {.column = "actor", .kind = SOURCE_STAFF},
	[HISTORY_WHAT] = {.column = "op", .kind = SOURCE_WORD, .group = "op"},
	[HISTORY_TERMINAL] = {.column = "device"},
	[HISTORY_TEXT] = {.column = "text"},
	[HISTORY_STORE] = {.column = "store", .kind = SOURCE_STORE},
};
/* At 60 columns the first four just fit. */
static const struct list_column list_columns[] = {
	[HISTORY_WHEN] = {N_("When"), 11, 0, LIST_LEFT, 0, true},
	[HISTORY_WHO] = {N_("Who"), 9, 1, LIST_LEFT, 0, false},
	[HISTORY_WHAT] = {N_("What"), 18, 1, LIST_LEFT, 0, false},
	[HISTORY_TERMINAL] = {N_("Terminal"), 11, 1, LIST_LEFT, 0, false},
	[HISTORY_TEXT] = {N_("Details"), 12, 2, LIST_LEFT, 1, false},
	[HISTORY_STORE] = {N_("Store"), 10, 0, LIST_LEFT, 2, false},
};
#define HISTORY_COLUMNS (sizeof(list_columns) / sizeof(list_columns[0]))

static void terminal_name(
	const struct document_history *history, const void *row, char *out, size_t size)
{
	shop_device_name(
		history->source.shop, source_text(&history->source, row, "device"), out, size);
}

static bool tell(const struct document_history *history, const void *row, struct text *out)
{
	const struct source *source = &history->source;

	return shop_told_history(
		source_text(source, row, "op"), source_text(source, row, "text"), out);
}

static void history_cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct document_history *history = ctx;
	struct text told = TEXT_INIT(sizeof(out->text));

	if (column == HISTORY_TERMINAL)
		terminal_name(history, row, out->text, sizeof(out->text));
	if (column == HISTORY_TEXT && tell(history, row, &told))
		snprintf(out->text, sizeof(out->text), "%s", text_get(&told));
	text_free(&told);
}

bool document_history_init(struct document_history *history, struct shop *shop, const char *doc)
{
	source_init(&history->source, shop, "history", source_columns, HISTORY_COLUMNS);
	source_where(&history->source, "doc", doc);
	history->source.cell = history_cell;
	history->source.ctx = history;
	if (!list_init(
		    &history->list, &source_list, &history->source, list_columns, HISTORY_COLUMNS))
		return false;
	history->list.empty = _("Nothing was done to it yet.");
	return true;
}

void document_history_free(struct document_history *history)
{
	list_free(&history->list);
}

void document_history_show(struct document_history *history)
{
	const struct source *source = &history->source;
	const void *row = list_row(&history->list);
	struct text page = TEXT_INIT(TEXT_SMALL);
	char when[SHOP_WHEN_BYTES], name[SHOP_NAME_BYTES];

	if (!row)
		return;
	shop_when_full(source->shop, source_int(source, row, "at"), when);
	text_addf(&page, "%s: %s\n", _("When"), when);
	shop_staff_name(source->shop, source_text(source, row, "actor"), name, sizeof(name));
	text_addf(&page, "%s: %s\n", _("Who"), name);
	shop_store_name(source->shop, source_text(source, row, "store"), name, sizeof(name));
	text_addf(&page, "%s: %s\n", _("Store"), name);
	terminal_name(history, row, name, sizeof(name));
	text_addf(&page, _("%s: %s"), _("Terminal"), name);
	if (*source_text(source, row, "device"))
		text_addf(&page, " (%s)", source_text(source, row, "device"));
	text_add(&page, "\n\n");
	if (!tell(history, row, &page))
		text_add(&page, source_text(source, row, "text"));
	dialog_page(source->shop->app, shop_word("op", source_text(source, row, "op")),
		text_get(&page));
	text_free(&page);
}
