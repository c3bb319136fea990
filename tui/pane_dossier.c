/*
 * One dossier: the redemptions of a code that was redeemed for more units than it has, two at a time beside each
 * other, and the three outcomes (product.md section 4).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"
#include "tui/dossier_page.h"
#include "tui/dossier_settle.h"
#include "tui/panes.h"

#define HEAD_ROWS 2

struct dossier_pane {
	struct shop *shop;
	struct dossier dossier;
	struct dossier_page page;
	int pair[DOSSIER_SIDES]; /* indexes of the dossier's uses; -1: none */
	bool is_stale;
	char name[SHOP_NAME_BYTES]; /* the code as this person may see it */
	char product[SHOP_NAME_BYTES];
};

/* ---- the pair ---- */

/* At first the oldest and the one behind it. */
static void settle_pair(struct dossier_pane *self)
{
	int count = self->dossier.use_count;

	if (self->pair[0] >= count || self->pair[0] < 0)
		self->pair[0] = count > 0 ? 0 : -1;
	if (self->pair[1] >= count || self->pair[1] < 0 || self->pair[1] == self->pair[0])
		self->pair[1] = count > 1 ? (self->pair[0] + 1) % count : -1;
}

static const char *why_no_other(void *ctx, int arg)
{
	const struct dossier_pane *self = ctx;

	(void)arg;
	return self->dossier.use_count > DOSSIER_SIDES ? NULL
						       : _("There are no further redemptions.");
}

/* The next one that does not stand on the other side, round and round. */
static void turn(struct dossier_pane *self, int side, int by)
{
	int count = self->dossier.use_count;

	do
		self->pair[side] = (self->pair[side] + by + count) % count;
	while (self->pair[side] == self->pair[1 - side]);
	self->is_stale = true;
}

static void run_right(void *ctx, int by)
{
	turn(ctx, 1, by);
}

static void run_left(void *ctx, int by)
{
	turn(ctx, 0, by);
}

/* ---- actions ---- */

static const char *why_not_settle(void *ctx, int outcome)
{
	const struct dossier_pane *self = ctx;

	return dossier_why_not_settle(self->shop, &self->dossier, (enum dossier_outcome)outcome);
}

static void run_settle(void *ctx, int outcome)
{
	struct dossier_pane *self = ctx;

	dossier_settle(self->shop, &self->dossier, (enum dossier_outcome)outcome);
}

static void run_details(void *ctx, int arg)
{
	struct dossier_pane *self = ctx;
	struct text text = TEXT_INIT(TEXT_LARGE);

	(void)arg;
	dossier_tell(self->shop, &self->dossier, &text);
	dialog_page(self->shop->app, _("Behind the dossier"), text_get(&text));
	text_free(&text);
}

static const char *why_no_order(void *ctx, int arg)
{
	const struct dossier_pane *self = ctx;

	(void)arg;
	return self->dossier.order[0] ? NULL : _("The order of this code is not known here.");
}

static void run_order(void *ctx, int arg)
{
	struct dossier_pane *self = ctx;

	(void)arg;
	shop_open_document(self->shop, "order", self->dossier.order);
}

static const struct action rows[] = {
	{"honour-both", N_("Honour both"), N_("Let all redemptions stand; no store is charged"),
		ACTION_HINT, DOSSIER_HONOUR, why_not_settle, run_settle, NULL},
	{"charge-back", N_("Charge back"), N_("Let the store of one redemption bear it"),
		ACTION_HINT, DOSSIER_CHARGE_BACK, why_not_settle, run_settle, NULL},
	{"report-dossier", N_("Report to HQ"), N_("Let HQ decide"), ACTION_HINT, DOSSIER_REPORT,
		why_not_settle, run_settle, NULL},
	{"next-redemption", N_("Other redemption"), N_("The next redemption on the right"),
		ACTION_HINT, 1, why_no_other, run_right, NULL},
	{"dossier-details", N_("Details"), N_("What was done with the code, and HQ's exceptions"),
		ACTION_HINT, 0, NULL, run_details, NULL},
	{"dossier-order", N_("Order"), N_("Open the order of the ticket"), ACTION_HINT, 0,
		why_no_order, run_order, NULL},
	{"previous-redemption", N_("Previous redemption"),
		N_("The previous redemption on the right"), 0, -1, why_no_other, run_right, NULL},
	{"next-on-left", N_("Next on the left"), N_("The next redemption on the left"), 0, 1,
		why_no_other, run_left, NULL},
	{"previous-on-left", N_("Previous on the left"), N_("The previous redemption on the left"),
		0, -1, why_no_other, run_left, NULL},
};
const struct action_table dossier_actions = {
	.context = "dossier",
	.title = N_("Dossier"),
	ACTION_TABLE_ROWS(rows),
};

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct dossier_pane *self = ctx;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&dossier_actions, self};
	out[1] = (struct action_scope){&ticket_page_actions, &self->page.text};
	return 2;
}

/* ---- painting ---- */

static void read_again(struct dossier_pane *self)
{
	char code[TICKET_CODE_SIZE];

	snprintf(code, sizeof(code), "%s", self->dossier.code);
	dossier_read(self->shop, code, &self->dossier);
	shop_code(self->shop, code, self->name, sizeof(self->name));
	shop_product_name(self->shop, self->dossier.product, self->product, sizeof(self->product));
	settle_pair(self);
	dossier_page_fill(&self->page, self->shop, &self->dossier, self->pair);
	self->is_stale = false;
}

static struct rect page_area(const struct rect *body)
{
	struct rect area = *body;

	layout_take_top(&area, HEAD_ROWS);
	return area;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct dossier_pane *self = ctx;
	struct rect area = page_area(&layout->body);

	if (self->is_stale)
		read_again(self);
	dossier_page_fit(&self->page, self->shop, &self->dossier, &area);
}

static void repaint_head(const struct dossier_pane *self, const struct rect *area)
{
	const struct dossier *dossier = &self->dossier;
	int64_t over = dossier->spent - dossier->units;
	char text[SHOP_NAME_BYTES * 4];
	int used;

	/* TRANSLATORS: the code, the product, the order's number. */
	snprintf(text, sizeof(text), _("%s  %s  order %s"), self->name, self->product,
		dossier->order[0] ? dossier->order : "\u2013");
	draw_text(area->y, area->x + 1, area->cols - 2, ROLE_BOLD, text);
	snprintf(text, sizeof(text), _("Units %lld, redeemed %lld"), (long long)dossier->units,
		(long long)dossier->spent);
	used = 1 + draw_text(area->y + 1, area->x + 1, area->cols - 2, ROLE_NORMAL, text);
	if (over > 0) {
		snprintf(text, sizeof(text), _(": %lld too many"), (long long)over);
		used += draw_text(
			area->y + 1, area->x + used, area->cols - 1 - used, ROLE_LOSS, text);
	}
	snprintf(text, sizeof(text), "%s%s", dossier->is_pending ? SHOP_PENDING_MARK " " : "",
		shop_word("dossier", dossier->status));
	draw_text_right(area->y + 1, area->x + used + 1, area->cols - 2 - used,
		dossier->is_pending ? ROLE_PENDING : shop_status_role("dossier", dossier->status),
		text);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct dossier_pane *self = ctx;
	struct rect page = page_area(area);

	if (!self->dossier.is_there) {
		draw_text(area->y, area->x + 1, area->cols - 1, ROLE_WARN,
			_("There is no such dossier on this terminal."));
		return;
	}
	repaint_head(self, area);
	dossier_page_repaint(&self->page, &page);
}

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	const struct dossier_pane *self = ctx;

	snprintf(out, size, _("Dossier %s"), self->name);
}

static const char *help(void *ctx)
{
	(void)ctx;
	return _(
		"More units of this code were redeemed than it has: mostly because a store redeemed it with the line down. All redemptions stay on record. Compare who, where and when with what was handed out, and decide: honour them all, charge one back to its store, or report it to HQ. A redemption made online has HQ's own time; an offline one the terminal's, with what it may be off.");
}

static void on_change(void *ctx)
{
	((struct dossier_pane *)ctx)->is_stale = true;
}

static const struct pane_ops ops = {
	.context = "dossier",
	.title = title,
	.help = help,
	.close = free,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	.on_change = on_change,
};

struct pane pane_dossier_new(struct shop *shop, const char *code)
{
	struct dossier_pane *self = calloc(1, sizeof(*self));

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	snprintf(self->dossier.code, sizeof(self->dossier.code), "%s", code);
	self->pair[0] = self->pair[1] = -1;
	read_again(self);
	return (struct pane){&ops, self};
}
