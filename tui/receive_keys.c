/* What keys do to the lines of a count: quantities, damaged units, by name, all that is missing, undo. */
#include "tui/receive_parts.h"

#include "model/field.h"
#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/document_pick.h"
#include "tui/form.h"

#include <stdio.h>
#include <string.h>

void receive_refresh(struct receive *self, const char *sku)
{
	const struct count_row *row = sku ? document_count_row_of(&self->counted.count, sku) : NULL;

	count_list_choose(&self->counted);
	self->list.column_count = self->counted.column_count;
	list_changed(&self->list);
	if (row)
		list_go_to(&self->list, row->key);
}

/* ---- keys on a line ---- */

static const struct count_row *row_now(const struct receive *self)
{
	return list_row(&self->list);
}

const char *receive_why_no_line(void *ctx, int arg)
{
	(void)arg;
	return row_now(ctx) ? NULL : _("There is no line here. Scan something.");
}

void receive_run_more(void *ctx, int by)
{
	struct receive *self = ctx;
	struct count_row row = *row_now(self);

	if (by < 0 && row.now <= 0)
		app_say(self->shop->app, ROLE_WARN, _("%s: nothing was counted yet."), row.sku);
	else if (document_count_add(&self->counted.count, row.sku, (int64_t)by * 1000))
		receive_refresh(self, row.sku);
}

static const char *take_quantity(void *ctx, const char *value)
{
	struct receive *self = ctx;
	const struct count_row *row = document_count_row_of(&self->counted.count, self->sku);
	int64_t qty, had = row ? row->now : 0;

	field_parse_quantity(value, false, &qty);
	if (!document_count_has_room(&self->counted.count, self->sku, qty - had))
		return _("That is more than is left to ship.");
	if (document_count_set(&self->counted.count, self->sku, qty, row ? row->damaged : 0))
		receive_refresh(self, self->sku);
	return NULL;
}

static const char *take_damaged(void *ctx, const char *value)
{
	struct receive *self = ctx;
	const struct count_row *row = document_count_row_of(&self->counted.count, self->sku);
	int64_t damaged, now = row ? row->now : 0;

	field_parse_quantity(value, false, &damaged);
	if (damaged > now)
		return _("That is more than was counted. Count them first.");
	if (document_count_set(&self->counted.count, self->sku, now, damaged))
		receive_refresh(self, self->sku);
	return NULL;
}

/* Goods without a readable label: by name. */
static size_t pick_product(void *ctx, const char *text, struct form_pick *out, size_t max)
{
	struct receive *self = ctx;

	return document_pick_product(self->shop, &(struct pick_stock){self->shop->store, false},
		text, &(struct picks){out, max});
}

static const char *submit_add(void *ctx, struct form *form)
{
	struct receive *self = ctx;
	int64_t qty = *form_value(form, "qty") ? form_quantity_milli(form, "qty") : 1000;

	if (qty <= 0)
		return _("The quantity must be above 0.");
	snprintf(self->sku, sizeof(self->sku), "%s", form_value(form, "sku"));
	if (!document_count_has_room(&self->counted.count, self->sku, qty))
		return _("That is more than is left to ship.");
	if (document_count_add(&self->counted.count, self->sku, qty))
		receive_refresh(self, self->sku);
	return NULL;
}

void receive_run_add(void *ctx, int arg)
{
	static const struct form_field fields[] = {
		{.name = "sku",
			.kind = FORM_PICK,
			.label = N_("Product"),
			.hint = N_("SKU, barcode or part of the name"),
			.is_required = true,
			.pick = pick_product},
		{.name = "qty",
			.kind = FORM_QUANTITY,
			.label = N_("Quantity"),
			.hint = N_("Empty is 1")},
	};
	struct receive *self = ctx;

	(void)arg;
	form_open(self->shop->app,
		&(struct form_spec){
			.title = _("Count by name"),
			.intro = _("In brackets: what this store has on hand."),
			.fields = fields,
			.field_count = sizeof(fields) / sizeof(fields[0]),
			.submit = submit_add,
			.ctx = self,
		});
}

struct number_question {
	const char *title;
	const char *text;
	int64_t initial_milli;
	const char *(*submit)(void *ctx, const char *value);
};

static void ask_number(struct receive *self, const struct number_question *question)
{
	char qty[SHOP_QTY_BYTES];

	shop_qty(question->initial_milli, qty);
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){
			.title = question->title,
			.text = question->text,
			.initial = qty,
			.kind = DIALOG_QUANTITY,
			.submit = question->submit,
			.ctx = self,
		});
}

void receive_run_quantity(void *ctx, int arg)
{
	struct receive *self = ctx;
	const struct count_row *row = row_now(self);
	char text[2 * DOCUMENT_TEXT_BYTES];

	(void)arg;
	snprintf(self->sku, sizeof(self->sku), "%s", row->sku);
	snprintf(text, sizeof(text), "%s %s", row->sku, row->name);
	ask_number(
		self, &(struct number_question){_("Counted now"), text, row->now, take_quantity});
}

const char *receive_why_no_damage(void *ctx, int arg)
{
	const struct receive *self = ctx;
	const struct count_row *row = row_now(self);

	if (self->counted.count.kind->is_shipping)
		return _("Damaged units are counted where they arrive.");
	if (row && row->now <= 0)
		return _("Nothing was counted of this line yet.");
	return receive_why_no_line(ctx, arg);
}

void receive_run_damaged(void *ctx, int arg)
{
	struct receive *self = ctx;
	const struct count_row *row = row_now(self);
	char text[3 * DOCUMENT_TEXT_BYTES], now[SHOP_QTY_BYTES];
	int64_t initial = row->damaged + 1000 <= row->now ? row->damaged + 1000 : row->damaged;

	(void)arg;
	snprintf(self->sku, sizeof(self->sku), "%s", row->sku);
	shop_qty(row->now, now);
	snprintf(text, sizeof(text), _("%s %s: how many of the %s counted are damaged?"), row->sku,
		row->name, now);
	ask_number(self, &(struct number_question){_("Damaged"), text, initial, take_damaged});
}

/* All that is still missing of the line. */
void receive_run_fill(void *ctx, int arg)
{
	struct receive *self = ctx;
	struct count_row row = *row_now(self);

	(void)arg;
	if (row.expected - row.before <= row.now)
		app_say(self->shop->app, ROLE_DIM, _("%s is complete."), row.sku);
	else if (document_count_set(
			 &self->counted.count, row.sku, row.expected - row.before, row.damaged))
		receive_refresh(self, row.sku);
}

const char *receive_why_no_fill(void *ctx, int arg)
{
	const struct document_count *count = &((struct receive *)ctx)->counted.count;

	(void)arg;
	for (size_t i = 0; i < count->rows.count; i++)
		if (document_count_lacks(count, document_count_row_at(count, i)) > 0)
			return NULL;
	return count->kind->is_shipping ? _("Nothing is left to ship.")
					: _("Nothing more is expected.");
}

static void fill_yes(void *ctx)
{
	struct receive *self = ctx;

	document_count_fill(&self->counted.count);
	receive_refresh(self, NULL);
}

/* All that is still missing of all lines, after a question that names it. */
void receive_run_fill_all(void *ctx, int arg)
{
	struct receive *self = ctx;
	const struct document_count *count = &self->counted.count;
	struct text text = TEXT_INIT(TEXT_SMALL), items = TEXT_INIT(TEXT_SMALL);
	int64_t total = 0;
	size_t lines = 0;

	(void)arg;
	for (size_t i = 0; i < count->rows.count; i++) {
		const struct count_row *row = document_count_row_at(count, i);
		int64_t lacks = document_count_lacks(count, row);

		if (lacks <= 0)
			continue;
		document_add_item(&items, lines++, row->sku, lacks);
		total += lacks;
	}
	text_addf(&text, "%s\n", document_number(&count->document.face));
	document_add_figures(&text, lines, total);
	text_addf(&text, _(": %s"), text_get(&items));
	text_addf(&text, "\n%s",
		count->kind->is_shipping
			? _("All that is left to ship is counted without scanning it. Undo takes it back.")
			: _("All that is still expected is counted without scanning it. Undo takes it back."));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("All that is missing"),
			.text = text_get(&text),
			.yes_label = _("Count all"),
			.yes = fill_yes,
			.ctx = self,
		});
	text_free(&text);
	text_free(&items);
}

const char *receive_why_no_undo(void *ctx, int arg)
{
	const struct receive *self = ctx;

	(void)arg;
	return self->counted.count.tape_count > 0
		? NULL
		: _("Nothing was counted that could be taken back.");
}

static void undo_yes(void *ctx)
{
	struct receive *self = ctx;

	if (document_count_undo(&self->counted.count, &self->last))
		receive_refresh(self, self->last.sku);
}

/* What somebody else counted is not taken back by the way. */
static void ask_to_undo(struct receive *self)
{
	const struct draft_entry *last = &self->last;
	struct text text = TEXT_INIT(TEXT_SMALL);
	char who[SHOP_NAME_BYTES];

	shop_staff_name(self->shop, last->actor, who, sizeof(who));
	text_addf(&text, "%s\n", document_number(&self->counted.count.document.face));
	document_count_add_entry(last, &text);
	text_add(&text, "\n");
	text_addf(&text, _("%s counted this. Take it back?"), who);
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Undo"),
			.text = text_get(&text),
			.yes_label = _("Undo"),
			.is_dangerous = true,
			.yes = undo_yes,
			.ctx = self,
		});
	text_free(&text);
}

void receive_run_undo(void *ctx, int arg)
{
	struct receive *self = ctx;

	(void)arg;
	if (!document_count_last(&self->counted.count, &self->last))
		return;
	if (strcmp(self->last.actor, self->shop->staff) == 0)
		undo_yes(self);
	else
		ask_to_undo(self);
}
