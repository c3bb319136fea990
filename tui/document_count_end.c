/* The end of a count: the question that names all of it, and the one command. */
#include "tui/document_count.h"

#include "model/i18n.h"
#include "tui/dialog.h"

static cJSON *count_data(const struct document_count *count)
{
	cJSON *data = cJSON_CreateObject();
	cJSON *lines;

	cJSON_AddStringToObject(data, count->kind->key, count->id);
	if (count->kind->says_store)
		cJSON_AddStringToObject(data, "store", count->shop->store);
	lines = cJSON_AddArrayToObject(data, "lines");
	for (size_t i = 0; i < count->rows.count; i++) {
		const struct count_row *row = document_count_row_at(count, i);
		cJSON *line;

		if (row->now <= 0)
			continue;
		line = cJSON_CreateObject();
		cJSON_AddStringToObject(line, "sku", row->sku);
		cJSON_AddNumberToObject(line, "qty", (double)row->now / 1000);
		if (row->damaged > 0)
			cJSON_AddNumberToObject(line, "damaged", (double)row->damaged / 1000);
		cJSON_AddItemToArray(lines, line);
	}
	return data;
}

/* ---- the question ---- */

/* "Not on the order: A1 × 2" on a line of its own, if there are any. */
static void add_marked(
	const struct document_count *count, struct text *text, const char *label, bool is_unknown)
{
	size_t found = 0;

	for (size_t i = 0; i < count->rows.count; i++) {
		const struct count_row *row = document_count_row_at(count, i);

		if (row->now <= 0 || !row->is_extra || row->is_unknown != is_unknown)
			continue;
		if (found == 0)
			text_addf(text, "\n%s ", label);
		document_add_item(text, found++, row->sku, row->now);
	}
}

/* "More than expected: A1 ×2", the figures being what is above. */
static void add_over(const struct document_count *count, struct text *text)
{
	size_t found = 0;

	for (size_t i = 0; i < count->rows.count; i++) {
		const struct count_row *row = document_count_row_at(count, i);
		int64_t over = row->before + row->now - row->expected;

		if (row->now <= 0 || row->is_extra || over <= 0)
			continue;
		if (found == 0)
			text_addf(text, "\n%s ", _("More than expected:"));
		document_add_item(text, found++, row->sku, over);
	}
}

static int64_t missing_after(const struct document_count *count)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count->rows.count; i++) {
		const struct count_row *row = document_count_row_at(count, i);
		int64_t missing = row->expected - row->before - row->now;

		sum += missing > 0 ? missing : 0;
	}
	return sum;
}

/* What else a count brings about, by the status the document has now (product.md section 2). */
static const char *side_effect(const struct document_count *count)
{
	const struct document *document = &count->document;

	if (count->kind->is_shipping)
		return NULL;
	switch (document->face.status) {
	case MOVEMENT_PENDING:
	case MOVEMENT_ACCEPTED:
		return *document->face.from && document->sums.shipped == 0
			? _("It is not marked as shipped yet: this also marks it as shipped in full and arrived.")
			: _("It is not marked as arrived yet: this also marks it as arrived.");
	case MOVEMENT_SHIPPED:
		return _("It is not marked as arrived yet: this also marks it as arrived.");
	case MOVEMENT_RECEIVED:
		return _("It is received already: this is recorded as extra goods.");
	case MOVEMENT_REJECTED:
	case MOVEMENT_CANCELLED:
		return _("It was rejected or cancelled: the goods are recorded, and HQ is told.");
	default:
		return NULL;
	}
}

static void add_question(const struct document_count *count, struct text *text)
{
	const char *effect = side_effect(count);
	char qty[SHOP_QTY_BYTES];

	text_addf(text, _("%s: "), document_number(&count->document.face));
	document_add_figures(text, count->sums.lines, count->sums.now);
	if (count->sums.damaged > 0) {
		shop_qty(count->sums.damaged, qty);
		text_add(text, "\n");
		text_addf(text, _("Damaged: %s"), qty);
	}
	add_over(count, text);
	add_marked(count, text, _("Not on the order:"), false);
	add_marked(count, text, _("In no catalogue:"), true);
	shop_qty(missing_after(count), qty);
	text_add(text, "\n");
	text_addf(text,
		count->kind->is_shipping ? _("Still to ship afterwards: %s")
					 : _("Still missing afterwards: %s"),
		qty);
	if (effect)
		text_addf(text, "\n%s", effect);
}

/* The model names the first line that lacks something; a person needs all of them. */
static void say_lacks(const struct document_count *count)
{
	struct text text = TEXT_INIT(TEXT_SMALL);

	text_add(&text, _("There is not enough of it to ship:"));
	for (size_t i = 0; i < count->rows.count; i++) {
		const struct count_row *row = document_count_row_at(count, i);

		document_add_lack(&text, row->sku, row->now, row->can_leave);
	}
	dialog_page(count->shop->app, document_number(&count->document.face), text_get(&text));
	text_free(&text);
}

bool document_count_ask(struct document_count *count, struct text *question)
{
	struct console_verdict verdict;
	bool is_refused;

	document_count_read(count);
	if (count->sums.lines == 0) {
		app_say(count->shop->app, ROLE_WARN, "%s",
			_("Nothing was counted yet. Scan, or type a quantity."));
		return false;
	}
	cJSON_Delete(count->asked);
	count->asked = count_data(count);
	count->asked_last = count->last_entry;
	count->asked_milli = count->sums.now;
	is_refused = !shop_rehearse(
		count->shop, count->kind->op, cJSON_Duplicate(count->asked, true), &verdict);
	/* A receive count is a fact: only what no shop could have done is refused here. */
	if (is_refused && !count->kind->is_shipping)
		is_refused = verdict.refusal == REFUSED_bad_data;
	if (is_refused && verdict.refusal == REFUSED_not_enough)
		say_lacks(count);
	else if (is_refused)
		shop_say_refused(count->shop, &verdict);
	else
		add_question(count, question);
	console_verdict_free(&verdict);
	return !is_refused;
}

/* ---- the command ---- */

static void say_sent(struct document_count *count)
{
	char qty[SHOP_QTY_BYTES];

	shop_qty(count->asked_milli, qty);
	count->kind->load(&count->document, count->id);
	/* TRANSLATORS: the number, the quantity, the new status. */
	app_say(count->shop->app, ROLE_OK, _("Saved: %s, %s. Status: %s."),
		document_number(&count->document.face), qty,
		shop_word(count->kind->words, count->document.face.status_word));
}

bool document_count_send(struct document_count *count)
{
	struct console_verdict verdict;
	bool is_saved;

	if (!document_draft_send(&count->draft, count->shop->console, count->kind->op, count->asked,
		    count->asked_last)) {
		app_say(count->shop->app, ROLE_ERROR, _("Not stored: %s"), count->draft.error);
		document_count_read(count);
		return false;
	}
	count->is_sending = true;
	is_saved = shop_do_quietly(count->shop, count->kind->op, count->asked, &verdict);
	count->is_sending = false;
	count->asked = NULL;
	document_draft_sent(&count->draft, is_saved);
	if (is_saved && verdict.refusal == REFUSAL_NONE)
		say_sent(count);
	console_verdict_free(&verdict);
	document_count_read(count);
	document_count_tell(count);
	return is_saved;
}
