#include "tui/explain_here.h"

#include <stdio.h>

#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/panes.h"

/* ---- names ---- */

static const char *const labels[EXPLAIN_KINDS] = {
	[EXPLAIN_ON_HAND] = N_("On hand"),
	[EXPLAIN_DAMAGED] = N_("Damaged"),
	[EXPLAIN_TRANSIT_IN] = N_("In transit in"),
	[EXPLAIN_TRANSIT_OUT] = N_("In transit out"),
	[EXPLAIN_AVAILABLE] = N_("Available"),
	[EXPLAIN_SALABLE] = N_("Salable"),
	[EXPLAIN_RESERVED] = N_("Reserved"),
	[EXPLAIN_COUNTED] = N_("Counted"),
	[EXPLAIN_DIFFERENCE] = N_("Difference"),
	[EXPLAIN_MOVEMENT_ORDERED] = N_("Ordered"),
	[EXPLAIN_MOVEMENT_SHIPPED] = N_("Shipped"),
	[EXPLAIN_MOVEMENT_RECEIVED] = N_("Received"),
	[EXPLAIN_MOVEMENT_DAMAGED] = N_("Damaged"),
	[EXPLAIN_MOVEMENT_ROAD] = N_("In transit"),
	[EXPLAIN_MOVEMENT_SENT_BACK] = N_("Sent back"),
	[EXPLAIN_ORDER_ORDERED] = N_("Ordered by the customer"),
	[EXPLAIN_ORDER_INVOICED] = N_("Units invoiced"),
	[EXPLAIN_ORDER_SHIPPED] = N_("Shipped to the customer"),
	[EXPLAIN_ORDER_CANCELLED] = N_("Units cancelled"),
	[EXPLAIN_ORDER_REFUNDED] = N_("Units refunded"),
	[EXPLAIN_ORDER_OUTSTANDING] = N_("Units outstanding"),
	[EXPLAIN_ORDER_RESERVED] = N_("Reserved for the order"),
	[EXPLAIN_REDEEMED] = N_("Units redeemed"),
	[EXPLAIN_LEFT] = N_("Units left"),
};

void explain_label(const struct shop *shop, const struct explain *what, char *out, size_t size)
{
	char name[SHOP_NAME_BYTES];

	snprintf(out, size, "%s", gettext(labels[what->kind]));
	if (what->kind != EXPLAIN_SALABLE && what->kind != EXPLAIN_RESERVED)
		return;
	shop_channel_name(shop, what->of, name, sizeof(name));
	snprintf(out, size, "%s \u00b7 %s", gettext(labels[what->kind]), name);
}

/* ---- numbers of a product ---- */

size_t explain_here_stock(const struct shop *shop, const char *store, const char *sku,
	struct explain *out, size_t max)
{
	struct db *db = shop_db(shop);
	struct db_rows *rows;
	size_t count = 0;

	for (int kind = EXPLAIN_ON_HAND; kind <= EXPLAIN_AVAILABLE && count < max; kind++)
		out[count++] = explain_of((enum explain_kind)kind, store, sku);
	if (!db)
		return count;
	rows = db_query(db, "SELECT channel FROM channel_store WHERE store = $1 ORDER BY channel",
		"t", store);
	while (db_next(rows) && count + 2 <= max) {
		out[count++] = explain_of(EXPLAIN_SALABLE, db_text(rows, 0), sku);
		out[count++] = explain_of(EXPLAIN_RESERVED, db_text(rows, 0), sku);
	}
	db_done(rows);
	return count;
}

size_t explain_here_movement(const char *id, const char *sku, struct explain *out, size_t max)
{
	size_t count = 0;

	for (int kind = EXPLAIN_MOVEMENT_ORDERED; kind <= EXPLAIN_MOVEMENT_SENT_BACK && count < max;
		kind++)
		out[count++] = explain_of((enum explain_kind)kind, id, sku);
	return count;
}

/* ---- the key ---- */

void explain_here_init(struct explain_here *self, struct shop *shop,
	size_t (*numbers)(void *ctx, struct explain *out, size_t max), void *ctx)
{
	self->shop = shop;
	self->numbers = numbers;
	self->ctx = ctx;
	self->asked_count = 0;
}

static const char *why_no_number(void *ctx, int arg)
{
	struct explain_here *self = ctx;
	struct explain numbers[EXPLAIN_HERE_MAX];

	(void)arg;
	return self->numbers(self->ctx, numbers, EXPLAIN_HERE_MAX) > 0
		? NULL
		: _("No number stands here that can be explained.");
}

static void explain_one(void *ctx, size_t index)
{
	struct explain_here *self = ctx;

	if (index < self->asked_count)
		shop_push(self->shop, pane_explain_new(self->shop, &self->asked[index]));
}

static void run_explain(void *ctx, int arg)
{
	struct explain_here *self = ctx;
	struct dialog_menu_item items[EXPLAIN_HERE_MAX] = {{0}};
	char texts[EXPLAIN_HERE_MAX][EXPLAIN_LABEL_BYTES];

	(void)arg;
	self->asked_count = self->numbers(self->ctx, self->asked, EXPLAIN_HERE_MAX);
	if (self->asked_count == 1) {
		explain_one(self, 0);
		return;
	}
	for (size_t i = 0; i < self->asked_count; i++) {
		explain_label(self->shop, &self->asked[i], texts[i], sizeof(texts[i]));
		items[i].label = texts[i];
	}
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){.title = _("Explain which number?"),
			.items = items,
			.count = self->asked_count,
			.pick = explain_one,
			.ctx = self});
}

static const struct action rows[] = {
	{"explain-number", N_("Explain"), N_("Show where a number comes from, entry by entry"), 0,
		0, why_no_number, run_explain, NULL},
};
const struct action_table explain_here_actions = {
	.context = "explain",
	.title = N_("Numbers"),
	ACTION_TABLE_ROWS(rows),
};
