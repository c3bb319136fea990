#include "tui/order_head.h"

#include "model/i18n.h"
#include "tui/cols.h"

#include <stdio.h>

/* Facts stand two in a line; on wide screens the second is not sent to the far half. */
#define FACT_COLS_MAX 56

void order_head_read(
	struct order_head *head, const struct shop *shop, const struct order_face *face)
{
	char when[SHOP_WHEN_BYTES], who[SHOP_NAME_BYTES];

	head->face = face;
	shop_channel_name(shop, face->channel, head->channel, sizeof(head->channel));
	shop_when_full(shop, face->created_ms, when);
	shop_staff_name(shop, face->created_by, who, sizeof(who));
	snprintf(head->placed, sizeof(head->placed), "%s %s", when, who);
	/* Without a store a program placed it. */
	if (face->store[0])
		shop_store_name(shop, face->store, head->store, sizeof(head->store));
	else
		snprintf(head->store, sizeof(head->store), "\u2013");
}

static int half_of(const struct rect *row)
{
	return row->cols / 2 < FACT_COLS_MAX ? row->cols / 2 : FACT_COLS_MAX;
}

static int put(int y, int x, int cols, const char *label, const char *value)
{
	int used = draw_text(y, x, cols, ROLE_DIM, label);

	return used + 1 + draw_text(y, x + used + 1, cols - used - 1, ROLE_NORMAL, value) + 2;
}

static void paint_status(const struct order_head *head, const struct rect *row)
{
	const struct order_face *face = head->face;
	struct text flags = TEXT_INIT(TEXT_SMALL);
	int x = row->x;
	int end = row->x + row->cols;

	if (face->is_pending)
		x += 1 + draw_text(row->y, x, 1, ROLE_PENDING, SHOP_PENDING_MARK);
	x += 2 +
		draw_text(row->y, x, end - x, shop_status_role("sales_order", face->status_word),
			shop_word("sales_order", face->status_word));
	order_add_flags(face, &flags);
	draw_text(row->y, x, end - x, ROLE_NORMAL, text_get(&flags));
	text_free(&flags);
}

static void paint_whom(const struct order_head *head, const struct rect *row)
{
	int half = half_of(row);

	put(row->y, row->x, half - 1, _("Customer"), order_customer(head->face));
	put(row->y, row->x + half, row->cols - half, _("Channel"), head->channel);
}

static void paint_placed(const struct order_head *head, const struct rect *row)
{
	int half = half_of(row);

	put(row->y, row->x, half - 1, _("Placed"), head->placed);
	put(row->y, row->x + half, row->cols - half, _("Keyed in at"), head->store);
}

static void paint_sums(const struct order_head *head, const struct rect *row)
{
	const struct order_sums *sums = &head->face->sums;
	const struct {
		const char *label;
		int64_t qty_milli;
		bool always;
	} parts[] = {
		{_("Ordered"), sums->ordered, true},
		{_("Outstanding"), sums->outstanding, true},
		{_("Invoiced"), sums->invoiced, false},
		{_("Shipped"), sums->shipped, false},
		{_("Cancelled"), sums->cancelled, false},
		{_("Refunded"), sums->refunded, false},
	};
	int x = row->x;
	int end = row->x + row->cols;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char qty[SHOP_QTY_BYTES];

		if (!parts[i].always && parts[i].qty_milli == 0)
			continue;
		shop_qty(parts[i].qty_milli, qty);
		/* A figure that was cut would be another figure. */
		if (x + cols_width(parts[i].label) + 1 + cols_width(qty) > end)
			break;
		x += put(row->y, x, end - x, parts[i].label, qty);
	}
}

void order_head_repaint(const struct order_head *head, struct rect area)
{
	static void (*const rows[ORDER_HEAD_ROWS])(const struct order_head *,
		const struct rect *) = {paint_status, paint_whom, paint_placed, paint_sums};

	area.x += 1;
	area.cols -= 2;
	for (size_t i = 0; i < ORDER_HEAD_ROWS && area.rows > 0; i++) {
		struct rect row = layout_take_top(&area, 1);

		rows[i](head, &row);
	}
}
