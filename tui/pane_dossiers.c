/* Every dossier of this terminal, settled ones too, the newest first. What is still to be decided is in the inbox. */
#include <stdlib.h>

#include "model/i18n.h"
#include "tui/export.h"
#include "tui/panes.h"

struct dossiers {
	struct shop *shop;
	struct source source;
	struct list list;
	struct export export;
};

static const struct source_column cells[] = {
	{.column = "opened_at", .kind = SOURCE_WHEN},
	{.column = "code", .kind = SOURCE_CODE},
	{.column = "product_name"},
	{.column = "spent", .kind = SOURCE_INT},
	{.column = "units", .kind = SOURCE_INT},
	{.kind = SOURCE_MARK},
	{.column = "status", .kind = SOURCE_WORD, .group = "dossier"},
	{.column = "charged", .kind = SOURCE_STORE},
	{.column = "settled_at", .kind = SOURCE_WHEN},
	{.column = "settled_by", .kind = SOURCE_STAFF},
};
#define CELLS (sizeof(cells) / sizeof(cells[0]))

static const struct list_column columns[CELLS] = {
	{.title = N_("When"), .width_cols = 11},
	{.title = N_("Code"), .width_cols = 12, .is_key = true},
	{.title = N_("Product"), .width_cols = 12, .flex = 2, .drop = 2},
	{.title = N_("Redeemed"), .width_cols = 8, .align = LIST_RIGHT},
	{.title = N_("Units"), .width_cols = 5, .align = LIST_RIGHT},
	{.title = "", .width_cols = 1},
	{.title = N_("Status"), .width_cols = 14},
	{.title = N_("Charged to"), .width_cols = 10, .flex = 1, .drop = 1},
	{.title = N_("Settled"), .width_cols = 11, .drop = 3},
	{.title = N_("By"), .width_cols = 8, .flex = 1, .drop = 4},
};

static const char *why_not_open(void *ctx, int arg)
{
	const struct dossiers *self = ctx;

	(void)arg;
	return list_row(&self->list) ? NULL : _("There is nothing under the cursor.");
}

static void run_open(void *ctx, int arg)
{
	struct dossiers *self = ctx;

	(void)arg;
	shop_open_document(
		self->shop, "dossier", source_text(&self->source, list_row(&self->list), "code"));
}

static const struct action rows[] = {
	{"open-dossier", N_("Open"), N_("Open the dossier"), ACTION_HINT, 0, why_not_open, run_open,
		NULL},
};
const struct action_table dossiers_actions = {
	.context = "dossiers",
	.title = N_("Dossiers"),
	ACTION_TABLE_ROWS(rows),
};

static void title(void *ctx, char *out, size_t size)
{
	(void)ctx;
	snprintf(out, size, "%s", _("Dossiers"));
}

static void note(void *ctx, char *out, size_t size)
{
	list_position(&((struct dossiers *)ctx)->list, out, size);
}

static const char *help(void *ctx)
{
	(void)ctx;
	return _(
		"Tickets of which more units were redeemed than they have, settled or not. Those that still want a decision are in the inbox too.");
}

static void close_pane(void *ctx)
{
	struct dossiers *self = ctx;

	list_free(&self->list);
	free(self);
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct dossiers *self = ctx;

	if (max < 3)
		return 0;
	out[0] = (struct action_scope){&dossiers_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	out[2] = (struct action_scope){&export_actions, &self->export};
	return 3;
}

static void recalc(void *ctx, const struct layout *layout)
{
	list_recalc(&((struct dossiers *)ctx)->list, layout->body.rows);
}

static void repaint(void *ctx, const struct rect *area)
{
	list_repaint(&((struct dossiers *)ctx)->list, area);
}

static void on_change(void *ctx)
{
	list_changed(&((struct dossiers *)ctx)->list);
}

static const struct pane_ops ops = {
	.context = "dossiers",
	.title = title,
	.note = note,
	.help = help,
	.close = close_pane,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	.on_change = on_change,
};

struct pane pane_dossiers_new(struct shop *shop)
{
	struct dossiers *self = calloc(1, sizeof(*self));

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	source_init(&self->source, shop, "dossiers", cells, CELLS);
	source_order(&self->source, "opened");
	self->source.pending_table = "dossier";
	self->source.pending_key = "code";
	if (!list_init(&self->list, &source_list, &self->source, columns, CELLS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->list.empty = _("No ticket was redeemed for more units than it has.");
	export_list(&self->export, shop, &self->source, &self->list);
	return (struct pane){&ops, self};
}
