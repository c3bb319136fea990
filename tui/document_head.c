#include "tui/document_head.h"

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/document_act.h"

#include <stdio.h>

#define HEAD_ROWS 6

/* Facts stand two in a line; on wide screens the second is not sent to the far half. */
#define FACT_COLS_MAX 56

static bool has_note(const struct document_head *head)
{
	const struct document *document = head->document;

	return head->draft_milli > 0 || document->transfer_number[0] || document->reason[0] ||
		document->note[0];
}

int document_head_rows(const struct document_head *head)
{
	return head->is_narrow && !has_note(head) ? HEAD_ROWS - 1 : HEAD_ROWS;
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

/* The other end as a list there has it: "ximen sees it under: To receive." */
static void paint_partner(const struct document_head *head, const struct rect *row, int x)
{
	const struct document_face *face = &head->document->face;
	bool from_side = !face->is_sender;
	char store[SHOP_NAME_BYTES], text[2 * DOCUMENT_TEXT_BYTES];

	if (from_side)
		document_from_name(head->document->shop, face, store, sizeof(store));
	else
		document_to_name(head->document->shop, face, store, sizeof(store));
	/* TRANSLATORS: a store, and the tab on which its list has the document. */
	snprintf(text, sizeof(text), _("%s has it under: %s."), store,
		shop_status_label("movement", face->status_word, from_side));
	draw_text(row->y, x, row->x + row->cols - x, ROLE_NORMAL, text);
}

static void paint_status(const struct document_head *head, const struct rect *row)
{
	const struct document *document = head->document;
	const struct document_face *face = &document->face;
	int x = row->x;
	int end = row->x + row->cols;

	if (document->is_pending)
		x += 1 + draw_text(row->y, x, 1, ROLE_PENDING, SHOP_PENDING_MARK);
	x += 2 +
		draw_text(row->y, x, end - x, shop_status_role("movement", face->status_word),
			shop_word("movement", face->status_word));
	if (head->is_partner)
		paint_partner(head, row, x);
	else
		draw_text(
			row->y, x, end - x, ROLE_NORMAL, document_next_step(document->shop, face));
}

/* Both numbers; where there is no room for two, the one that is not in the title. */
static void paint_numbers(const struct document_head *head, const struct rect *row)
{
	const struct document_face *face = &head->document->face;
	const char *out = *face->out_number ? face->out_number : "–";
	const char *in = *face->in_number ? face->in_number : "–";
	int half = half_of(row);
	bool has_out = face->is_sender != head->is_partner; /* in the title */
	bool has_room = cols_width(_("Outbound")) + cols_width(out) + 2 <= half &&
		cols_width(_("Inbound")) + cols_width(in) + 1 <= row->cols - half;

	if (has_room || !has_out)
		put(row->y, row->x, has_room ? half : row->cols, _("Outbound"), out);
	if (has_room || has_out)
		put(row->y, has_room ? row->x + half : row->x,
			has_room ? row->cols - half : row->cols, _("Inbound"), in);
}

static void paint_way(const struct document_head *head, const struct rect *row)
{
	const struct shop *shop = head->document->shop;
	char from[DOCUMENT_TEXT_BYTES], to[DOCUMENT_TEXT_BYTES];
	int half = half_of(row);

	document_from_name(shop, &head->document->face, from, sizeof(from));
	document_to_name(shop, &head->document->face, to, sizeof(to));
	put(row->y, row->x, half - 1, _("Source"), from);
	put(row->y, row->x + half, row->cols - half, _("Destination"), to);
}

static void paint_dates(const struct document_head *head, const struct rect *row)
{
	const struct document *document = head->document;
	char when[SHOP_WHEN_BYTES], who[SHOP_NAME_BYTES];
	char created[SHOP_WHEN_BYTES + SHOP_NAME_BYTES + 2];
	int half = half_of(row);

	shop_when_full(document->shop, document->created_ms, when);
	shop_staff_name(document->shop, document->created_by, who, sizeof(who));
	snprintf(created, sizeof(created), "%s %s", when, who);
	put(row->y, row->x, half, _("Expected"),
		*document->expected_on ? document->expected_on : "–");
	put(row->y, row->x + half, row->cols - half, _("Created"), created);
}

/* How many lines need a look, where there is room left: their tab says it too. */
static void paint_exceptions(const struct document_head *head, const struct rect *row)
{
	char text[64];
	size_t count = head->document->sums.exceptions;

	snprintf(text, sizeof(text),
		ngettext("%zu exception", "%zu exceptions", (unsigned long)count), count);
	if (count > 0 && cols_width(text) <= row->cols)
		draw_text_right(row->y, row->x, row->cols, ROLE_WARN, text);
}

static void paint_sums(const struct document_head *head, const struct rect *row)
{
	const struct document_sums *sums = &head->document->sums;
	const struct {
		const char *label;
		int64_t qty_milli;
		bool always;
	} parts[] = {
		{_("Ordered"), sums->ordered, true},
		/* What a third party brings is never shipped. */
		{_("Shipped"), sums->shipped, *head->document->face.from != '\0'},
		{_("Rec'd"), sums->received, true},
		{_("Damaged"), sums->damaged, false},
		{_("In transit"), sums->road, false},
		/* Mostly that is what is in transit. */
		{*head->document->face.to ? _("To come") : _("To ship"),
			sums->outstanding == sums->road ? 0 : sums->outstanding, false},
		{_("Written off"), sums->written_off, false},
		{_("Sent back"), sums->sent_back, false},
		{_("Short"), sums->given_up, false},
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
	paint_exceptions(head, &(struct rect){row->y, x, 1, end - x});
}

/* What a person should know beyond the figures; the most pressing first. */
static void paint_note(const struct document_head *head, const struct rect *row)
{
	const struct document *document = head->document;
	char qty[SHOP_QTY_BYTES], text[DOCUMENT_TEXT_BYTES];
	int x = row->x;

	if (head->draft_milli > 0) {
		shop_qty(head->draft_milli, qty);
		snprintf(text, sizeof(text), _("A count of %s is kept here and not submitted yet."),
			qty);
		draw_text(row->y, row->x, row->cols, ROLE_WARN, text);
		return;
	}
	if (document->transfer_number[0])
		x += put(row->y, x, row->cols, _("Transfer order"), document->transfer_number);
	if (document->reason[0])
		put(row->y, x, row->x + row->cols - x, _("Reason"), document->reason);
	else if (document->note[0])
		put(row->y, x, row->x + row->cols - x, _("Note"), document->note);
}

void document_head_repaint(const struct document_head *head, struct rect area)
{
	static void (*const rows[])(const struct document_head *, const struct rect *) = {
		paint_status, paint_numbers, paint_way, paint_dates, paint_sums, paint_note};

	area.x += 1;
	area.cols -= 2;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && area.rows > 0; i++) {
		struct rect row = layout_take_top(&area, 1);

		rows[i](head, &row);
	}
}
