/* Close short, line by line: each line that is missing something gets its own reason. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/document_data.h"
#include "tui/document_tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_REASON MOVEMENT_REASONS

struct short_row {
	char key[LIST_KEY_BYTES];
	char sku[COMMAND_ID_MAX + 1];
	char name[DOCUMENT_TEXT_BYTES];
	int64_t missing;
	size_t reason; /* of movement_reasons; NO_REASON: not given yet */
};

struct closing {
	struct document_rows rows; /* of struct short_row; must stay first: it is the list's ctx */
	struct shop *shop;
	struct document document;
	struct list list;
	char sku[COMMAND_ID_MAX + 1]; /* of the line the open menu is about */
	char id[COMMAND_ID_MAX + 1];
};

static struct short_row *row_of(const struct closing *self, const char *sku)
{
	for (size_t i = 0; i < self->rows.count; i++) {
		struct short_row *row = document_rows_at(&self->rows, i);

		if (strcmp(row->sku, sku) == 0)
			return row;
	}
	return NULL;
}

/* ---- reading ---- */

/* A line keeps the reason it was given while it is still missing something. */
static void read_rows(struct closing *self)
{
	struct document_rows had = self->rows;
	struct closing before = {.rows = had};

	document_rows_init(&self->rows, sizeof(struct short_row));
	document_load(&self->document, self->id);
	for (size_t i = 0; i < self->document.lines.count; i++) {
		const struct document_line *line = document_line_at(&self->document, i);
		const struct short_row *old = row_of(&before, line->sku);
		struct short_row *row;

		if (document_line_missing(&self->document, line) <= 0)
			continue;
		row = document_rows_add(&self->rows);
		if (!row)
			break;
		snprintf(row->key, sizeof(row->key), "%s", line->key);
		snprintf(row->sku, sizeof(row->sku), "%s", line->sku);
		snprintf(row->name, sizeof(row->name), "%s", line->name);
		row->missing = document_line_missing(&self->document, line);
		row->reason = old ? old->reason : NO_REASON;
	}
	document_rows_free(&had);
	list_changed(&self->list);
}

/* ---- keys ---- */

static const char *why_no_line(void *ctx, int arg)
{
	const struct closing *self = ctx;

	(void)arg;
	return list_row(&self->list) ? NULL : _("There is no line here.");
}

static void pick_reason(void *ctx, size_t index)
{
	struct closing *self = ctx;
	struct short_row *row = row_of(self, self->sku);

	if (row)
		row->reason = index;
	list_changed(&self->list);
	list_move(&self->list, LIST_DOWN);
}

static void run_reason(void *ctx, int arg)
{
	struct closing *self = ctx;
	const struct short_row *row = list_row(&self->list);
	struct dialog_menu_item items[MOVEMENT_REASONS];
	char text[2 * DOCUMENT_TEXT_BYTES], qty[SHOP_QTY_BYTES];

	(void)arg;
	for (size_t i = 0; i < MOVEMENT_REASONS; i++)
		items[i] = (struct dialog_menu_item){
			shop_word("close", movement_reasons[i].word), NULL};
	snprintf(self->sku, sizeof(self->sku), "%s", row->sku);
	shop_qty(row->missing, qty);
	snprintf(text, sizeof(text), _("%s %s: %s missing. What became of them?"), row->sku,
		row->name, qty);
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){
			.title = _("Reason"),
			.text = text,
			.items = items,
			.count = MOVEMENT_REASONS,
			.initial = row->reason < MOVEMENT_REASONS ? row->reason : 0,
			.pick = pick_reason,
			.ctx = self,
		});
}

static const char *why_no_close(void *ctx, int arg)
{
	const struct closing *self = ctx;

	(void)arg;
	if (self->rows.count == 0)
		return _("Nothing is missing.");
	for (size_t i = 0; i < self->rows.count; i++) {
		const struct short_row *row = document_rows_at(&self->rows, i);

		if (row->reason >= MOVEMENT_REASONS)
			return _("A line has no reason yet. Give each line one.");
	}
	return shop_may(self->shop, "inbound.close");
}

static cJSON *close_data(const struct closing *self)
{
	cJSON *data = cJSON_CreateObject();
	cJSON *lines;

	cJSON_AddStringToObject(data, "movement", self->id);
	lines = cJSON_AddArrayToObject(data, "lines");
	for (size_t i = 0; i < self->rows.count; i++) {
		const struct short_row *row = document_rows_at(&self->rows, i);
		cJSON *line = cJSON_CreateObject();

		cJSON_AddStringToObject(line, "sku", row->sku);
		cJSON_AddStringToObject(line, "reason", movement_reasons[row->reason].word);
		cJSON_AddItemToArray(lines, line);
	}
	return data;
}

static void close_yes(void *ctx)
{
	struct closing *self = ctx;

	if (shop_do(self->shop, "inbound.close", close_data(self), NULL))
		app_close(self->shop->app, self);
}

static void run_close(void *ctx, int arg)
{
	struct closing *self = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);
	int64_t total = 0;

	(void)arg;
	for (size_t i = 0; i < self->rows.count; i++)
		total += ((struct short_row *)document_rows_at(&self->rows, i))->missing;
	text_addf(&text, _("%s: "), document_number(&self->document.face));
	document_add_figures(&text, self->rows.count, total);
	for (size_t i = 0; i < self->rows.count && i < DOCUMENT_ITEMS_SHOWN; i++) {
		const struct short_row *row = document_rows_at(&self->rows, i);
		char qty[SHOP_QTY_BYTES];

		shop_qty(row->missing, qty);
		text_addf(&text, _("\n%s ×%s: %s"), row->sku, qty,
			shop_word("close", movement_reasons[row->reason].word));
	}
	if (self->rows.count > DOCUMENT_ITEMS_SHOWN)
		text_add(&text, "\n…");
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Close short"),
			.text = text_get(&text),
			.yes_label = _("Close short"),
			.is_dangerous = true,
			.yes = close_yes,
			.ctx = self,
		});
	text_free(&text);
}

static const struct action close_rows[] = {
	{"reason", N_("Reason"), N_("Give this line a reason"), ACTION_HINT, 0, why_no_line,
		run_reason, NULL},
	{"finish", N_("Close short"), N_("Close the document short with these reasons"),
		ACTION_HINT | ACTION_HINT_FIRST, 0, why_no_close, run_close, NULL},
};
const struct action_table document_close_actions = {
	.context = "close-short",
	.title = N_("Reasons of a short close"),
	ACTION_TABLE_ROWS(close_rows),
};

/* ---- the list ---- */

enum { SHORT_SKU, SHORT_NAME, SHORT_MISSING, SHORT_REASON, SHORT_COLUMNS };

static const struct list_column short_columns[SHORT_COLUMNS] = {
	[SHORT_SKU] = {N_("SKU"), 12, 0, LIST_LEFT, 0, true},
	[SHORT_NAME] = {N_("Product"), 12, 1, LIST_LEFT, 0, false},
	[SHORT_MISSING] = {N_("Missing"), 8, 0, LIST_RIGHT, 0, false},
	[SHORT_REASON] = {N_("Reason"), 20, 0, LIST_LEFT, 0, false},
};

static void short_cell(void *ctx, const void *of, int column, struct list_cell *out)
{
	const struct short_row *row = of;
	char qty[SHOP_QTY_BYTES];
	const char *text = row->sku;

	(void)ctx;
	if (column == SHORT_NAME) {
		text = row->name;
	} else if (column == SHORT_MISSING) {
		shop_qty_signed(-row->missing, qty);
		text = qty;
		out->role = ROLE_LOSS;
	} else if (column == SHORT_REASON) {
		text = row->reason < MOVEMENT_REASONS
			? shop_word("close", movement_reasons[row->reason].word)
			: "?";
		out->role = row->reason < MOVEMENT_REASONS ? ROLE_NORMAL : ROLE_WARN;
	}
	snprintf(out->text, sizeof(out->text), "%s", text);
}

static const struct list_source short_source = {
	.row_bytes = sizeof(struct short_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = short_cell,
};

/* ---- pane ---- */

static void closing_title(void *ctx, char *out, size_t size)
{
	const struct closing *self = ctx;

	/* TRANSLATORS: of a document, by its number. */
	snprintf(out, size, _("Short close of %s"), document_number(&self->document.face));
}

static void leave_yes(void *ctx)
{
	struct closing *self = ctx;

	app_close(self->shop->app, self);
}

static void ask_to_leave(struct closing *self)
{
	char text[2 * DOCUMENT_TEXT_BYTES];

	snprintf(text, sizeof(text), "%s\n%s", document_number(&self->document.face),
		_("The reasons given here are forgotten. Nothing was closed."));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Throw away"),
			.text = text,
			.yes_label = _("Throw away"),
			.is_dangerous = true,
			.yes = leave_yes,
			.ctx = self,
		});
}

/* Reasons stand nowhere but here. */
static bool closing_may_leave(void *ctx)
{
	struct closing *self = ctx;
	size_t given = 0;

	for (size_t i = 0; i < self->rows.count; i++)
		given += ((struct short_row *)document_rows_at(&self->rows, i))->reason <
			MOVEMENT_REASONS;
	if (given > 0)
		ask_to_leave(self);
	return given == 0;
}

static void closing_recalc(void *ctx, const struct layout *layout)
{
	list_recalc(&((struct closing *)ctx)->list, layout->body.rows);
}

static void closing_repaint(void *ctx, const struct rect *area)
{
	list_repaint(&((struct closing *)ctx)->list, area);
}

static size_t closing_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct closing *self = ctx;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&document_close_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	return 2;
}

static void closing_changed(void *ctx)
{
	read_rows(ctx);
}

static void closing_close(void *ctx)
{
	struct closing *self = ctx;

	document_free(&self->document);
	document_rows_free(&self->rows);
	list_free(&self->list);
	free(self);
}

static const struct pane_ops closing_ops = {
	.context = "close-short",
	.title = closing_title,
	.close = closing_close,
	.may_leave = closing_may_leave,
	.scopes = closing_scopes,
	.recalc = closing_recalc,
	.repaint = closing_repaint,
	.on_change = closing_changed,
};

struct pane pane_document_close_new(struct shop *shop, const char *movement)
{
	struct closing *self = calloc(1, sizeof(*self));

	if (!self || !list_init(&self->list, &short_source, self, short_columns, SHORT_COLUMNS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->shop = shop;
	snprintf(self->id, sizeof(self->id), "%s", movement);
	document_init(&self->document, shop);
	document_rows_init(&self->rows, sizeof(struct short_row));
	self->list.empty = _("Nothing is missing.");
	read_rows(self);
	return (struct pane){&closing_ops, self};
}
