#include "tui/correction_view.h"

#include "model/i18n.h"
#include "model/text.h"
#include "tui/sheet.h"

#include <stdio.h>

/* ---- the list ---- */

enum {
	CELL_MARK,
	CELL_SKU,
	CELL_NAME,
	CELL_BEFORE,
	CELL_CHANGE,
	CELL_AFTER,
	CELL_VALUE,
	CELL_FLAGS
};

const struct list_column correction_columns[CORRECTION_COLUMNS] = {
	[CELL_MARK] = {.title = "", .width_cols = 1},
	[CELL_SKU] = {.title = N_("SKU"), .width_cols = 10, .is_key = true},
	[CELL_NAME] = {.title = N_("Product"), .width_cols = 10, .flex = 3},
	[CELL_BEFORE] = {.title = N_("Before"), .width_cols = 7, .align = LIST_RIGHT},
	[CELL_CHANGE] = {.title = N_("Change"), .width_cols = 7, .align = LIST_RIGHT},
	[CELL_AFTER] = {.title = N_("After"), .width_cols = 7, .align = LIST_RIGHT},
	[CELL_VALUE] = {.title = N_("Value"), .width_cols = 10, .align = LIST_RIGHT, .drop = 2},
	[CELL_FLAGS] = {.title = N_("Marks"), .width_cols = 10, .flex = 1, .drop = 1},
};

static void put_flags(const struct correction *correction, const struct correction_line *line,
	struct list_cell *out)
{
	bool below = correction_is_below_zero(correction, line);
	const char *const words[] = {
		below ? _("below zero") : "",
		line->is_unknown ? _("unknown") : "",
		line->is_later ? _("later") : "",
		line->is_out_of_scope ? _("extra") : "",
		line->is_suggested ? _("recount?") : "",
		line->is_disputed ? _("disputed") : "",
	};
	size_t used = 0;
	for (size_t i = 0; i < sizeof words / sizeof *words && used < sizeof out->text; i++) {
		if (*words[i])
			used += (size_t)snprintf(out->text + used, sizeof out->text - used, "%s%s",
				used ? ", " : "", words[i]);
	}
	out->role = below ? ROLE_ERROR : ROLE_WARN;
}

static void put_after(const struct correction *correction, const struct correction_line *line,
	struct list_cell *out)
{
	char qty[SHOP_QTY_BYTES];
	if (!correction_is_posted(correction, line)) {
		snprintf(out->text, sizeof out->text, "%s", "\u2013");
		out->role = ROLE_DIM;
		return;
	}
	shop_qty(line->before + line->change, qty);
	snprintf(out->text, sizeof out->text, "%s", qty);
	if (correction_is_below_zero(correction, line))
		out->role = ROLE_ERROR;
}

static void put_signed(int64_t qty_milli, struct list_cell *out)
{
	char qty[SHOP_QTY_BYTES];
	shop_qty_signed(qty_milli, qty);
	snprintf(out->text, sizeof out->text, "%s", qty);
	out->role = shop_qty_role(qty_milli);
}

static void put_value(const struct correction_line *line, struct list_cell *out)
{
	if (line->price > 0)
		put_signed(correction_value(line) * SHEET_MILLI_OF_MINOR, out);
	else
		snprintf(out->text, sizeof out->text, "%s", "\u2013");
}

static void cell(void *ctx, const void *row, int column, struct list_cell *out)
{
	const struct correction *correction = ctx;
	const struct correction_row *it = row;
	char qty[SHOP_QTY_BYTES];
	switch (column) {
	case CELL_MARK:
		snprintf(out->text, sizeof out->text, "%s",
			marks_has(&correction->picked, it->line->sku) ? MARKS_SIGN : "");
		out->role = ROLE_MARK;
		break;
	case CELL_SKU:
		snprintf(out->text, sizeof out->text, "%s", it->line->sku);
		break;
	case CELL_NAME:
		snprintf(out->text, sizeof out->text, "%s", it->name);
		break;
	case CELL_BEFORE:
		shop_qty(it->line->before, qty);
		snprintf(out->text, sizeof out->text, "%s", qty);
		break;
	case CELL_CHANGE:
		put_signed(it->line->change, out);
		break;
	case CELL_AFTER:
		put_after(correction, it->line, out);
		break;
	case CELL_VALUE:
		put_value(it->line, out);
		break;
	default:
		put_flags(correction, it->line, out);
		break;
	}
}

const struct list_source correction_list = {
	.row_bytes = sizeof(struct correction_row),
	.count = correction_count,
	.fetch = correction_fetch,
	.rank = correction_rank,
	.cell = cell,
};

/* ---- in words ---- */

void correction_facts(const struct correction_sums *sums, bool has_values, char *out, size_t size)
{
	char loss[SHOP_QTY_BYTES], gain[SHOP_QTY_BYTES], loss_value[SHOP_QTY_BYTES],
		gain_value[SHOP_QTY_BYTES];

	shop_qty_signed(sums->loss, loss);
	shop_qty_signed(sums->gain, gain);
	shop_qty_signed(sums->loss_value * SHEET_MILLI_OF_MINOR, loss_value);
	shop_qty_signed(sums->gain_value * SHEET_MILLI_OF_MINOR, gain_value);
	if (has_values)
		snprintf(out, size,
			ngettext("%ld line will be corrected: loss %s (%s), gain %s (%s).",
				"%ld lines will be corrected: loss %s (%s), gain %s (%s).",
				(unsigned long)sums->lines),
			sums->lines, loss, loss_value, gain, gain_value);
	else
		snprintf(out, size,
			ngettext("%ld line will be corrected: loss %s, gain %s.",
				"%ld lines will be corrected: loss %s, gain %s.",
				(unsigned long)sums->lines),
			sums->lines, loss, gain);
}

void correction_left_out(
	const struct correction *correction, long uncounted, char *out, size_t size)
{
	const struct correction_sums *sums = &correction->sums;
	const struct {
		long count;
		const char *words;
	} parts[] = {
		{sums->below_zero, _("below zero")},
		{sums->later, _("counted later by another sheet, left out")},
		{sums->out_of_scope, _("not in the scope of this sheet, left out")},
		{(long)correction->picked.count, _("picked")},
		{sums->suggested, _("recount suggested")},
		{sums->disputed, _("disputed")},
		{sums->unknown, _("in no catalogue, left out")},
		{uncounted, _("not counted, left as they are")},
	};
	struct text text = TEXT_INIT(TEXT_SMALL);
	const char *offline = sheet_offline_words(correction->shop);
	text_add(&text, offline ? offline : "");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (parts[i].count == 0)
			continue;
		text_add(&text, text.length ? " · " : "");
		text_addf(&text, _("%s: %ld"), parts[i].words, parts[i].count);
	}
	snprintf(out, size, "%s", text_get(&text));
	text_free(&text);
}

void correction_line_words(const struct correction *correction, const struct correction_line *line,
	char *out, size_t size)
{
	bool posted = correction_is_posted(correction, line);
	struct text words = TEXT_INIT(TEXT_SMALL);
	char value[SHOP_QTY_BYTES];
	const struct {
		bool is_so;
		const char *words;
	} flags[] = {
		{correction_is_below_zero(correction, line), _("below zero")},
		{line->is_later,
			posted ? _("later") : _("counted later by another sheet, left out")},
		{line->is_out_of_scope,
			posted ? _("extra") : _("not in the scope of this sheet, left out")},
		{posted && correction_is_pickable(line), _("picked")},
		{line->is_suggested, _("recount suggested")},
		{line->is_disputed, _("disputed")},
		{line->is_unknown, _("in no catalogue, left out")},
	};
	shop_qty_signed(correction_value(line) * SHEET_MILLI_OF_MINOR, value);
	if (line->price > 0)
		text_addf(&words, _("value %s"), value);
	else
		text_add(&words, _("no price is known"));
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (flags[i].is_so)
			text_addf(&words, " · %s", flags[i].words);
	}
	snprintf(out, size, "%s", text_get(&words));
	text_free(&words);
}
