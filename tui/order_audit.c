#include "tui/order_audit.h"

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"

#include <stdio.h>
#include <string.h>

#define OP "order.compensate"

static const char *why_not(void *ctx, int arg)
{
	const struct order_audit *self = ctx;

	(void)arg;
	if (!report_view_opens(self->view))
		return _("There is no row under the cursor.");
	return shop_may(self->shop, OP);
}

static cJSON *data_of(const struct order_audit *self)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "order", self->number);
	return data;
}

static void yes(void *ctx)
{
	struct order_audit *self = ctx;

	shop_do(self->shop, OP, data_of(self), NULL);
}

static const char *cell(const struct report_view *view, int row, const char *column)
{
	for (int i = 0; i < view->report->column_count; i++)
		if (strcmp(view->report->columns[i].name, column) == 0)
			return report_rows_cell(&view->read, row, i);
	return "";
}

/* Every sum of the order that is wrong, not only the row under the cursor: they are mended together. */
static void add_sums(const struct order_audit *self, struct text *text)
{
	const struct report_view *view = self->view;

	for (int row = 0; row < view->read.count; row++) {
		const char *opens = view->read.opens[row];

		if (opens && strcmp(opens, self->number) == 0)
			/* TRANSLATORS: a SKU, a channel's name, and three quantities. */
			text_addf(text, _("%s, %s: %s is reserved, %s should be; needed: %s\n"),
				cell(view, row, "sku"), cell(view, row, "channel"),
				cell(view, row, "reserved"), cell(view, row, "expected"),
				cell(view, row, "needed"));
	}
}

static void ask(void *ctx, int arg)
{
	struct order_audit *self = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	(void)arg;
	snprintf(self->number, sizeof(self->number), "%s", report_view_opens(self->view));
	if (!shop_would(self->shop, OP, data_of(self)))
		return;
	text_addf(&text, "%s\n", self->number);
	add_sums(self, &text);
	text_add(&text,
		_("What is needed is added to the ledger, and what may be promised changes with it. No goods move."));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Mend the reservations"),
			.text = text_get(&text),
			.yes_label = _("Mend the reservations"),
			.yes = yes,
			.ctx = self,
		});
	text_free(&text);
}

static const struct action rows[] = {
	{"compensate", N_("Mend"), N_("Add to the ledger what the order's reservations lack"),
		ACTION_HINT, 0, why_not, ask, NULL},
};
const struct action_table order_audit_actions = {
	.context = "order-audit",
	.title = N_("Audit of reservations"),
	ACTION_TABLE_ROWS(rows),
};
