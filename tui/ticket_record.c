/* The records of redemptions as rows of a list, and voiding one of them (product.md section 4). */
#include "tui/ticket_redeem.h"

#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"

#define VOID_LIMIT_MS (INT64_C(15) * 60 * 1000)

/* ---- rows ---- */

enum {
	CELL_AT,
	CELL_CODE,
	CELL_QTY,
	CELL_STATE,
	CELL_MARK,
	CELL_PRODUCT,
	CELL_STAFF,
	CELL_STORE,
	CELL_ORDER
};

const struct source_column ticket_record_cells[TICKET_RECORD_CELLS] = {
	[CELL_AT] = {.column = "at", .kind = SOURCE_WHEN},
	[CELL_CODE] = {.column = "code"},
	[CELL_QTY] = {.column = "qty", .kind = SOURCE_INT},
	[CELL_STATE] = {.column = "mode", .kind = SOURCE_WORD, .group = "mode"},
	[CELL_MARK] = {.kind = SOURCE_MARK},
	[CELL_PRODUCT] = {.column = "product_name"},
	[CELL_STAFF] = {.column = "actor", .kind = SOURCE_STAFF},
	[CELL_STORE] = {.column = "store", .kind = SOURCE_STORE},
	[CELL_ORDER] = {.column = "order_number"},
};

const struct list_column ticket_record_columns[TICKET_RECORD_CELLS] = {
	[CELL_AT] = {.title = N_("When"), .width_cols = 11},
	[CELL_CODE] = {.title = N_("Code"), .width_cols = 12, .is_key = true},
	[CELL_QTY] = {.title = N_("Units"), .width_cols = 5, .align = LIST_RIGHT},
	[CELL_STATE] = {.title = N_("How"), .width_cols = 7},
	[CELL_MARK] = {.title = "", .width_cols = 1},
	[CELL_PRODUCT] = {.title = N_("Product"), .width_cols = 12, .flex = 2, .drop = 2},
	[CELL_STAFF] = {.title = N_("Staff"), .width_cols = 8, .flex = 1, .drop = 3},
	[CELL_STORE] = {.title = N_("Store"), .width_cols = 10, .flex = 1, .drop = 1},
	[CELL_ORDER] = {.title = N_("Order"), .width_cols = 16, .drop = 4},
};

static void record_cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct source *source = ctx;
	bool is_void = strcmp(source_text(source, row, "kind"), "void") == 0;
	bool is_voided = source_int(source, row, "voided") != 0;

	if (is_void || is_voided)
		out->role = ROLE_DIM;
	if (column == CELL_QTY && is_void)
		snprintf(out->text, sizeof(out->text), "\u2212%lld",
			-(long long)source_int(source, row, "qty"));
	if (column == CELL_STATE && (is_void || is_voided))
		snprintf(out->text, sizeof(out->text), "%s", is_void ? _("Voiding") : _("Voided"));
	else if (column == CELL_STATE && strcmp(source_text(source, row, "mode"), "offline") == 0)
		out->role = ROLE_OFFLINE_OK;
}

void ticket_records_init(struct source *source)
{
	source->pending_table = "redemption";
	source->pending_key = "id";
	source->cell = record_cell;
	source->ctx = source;
}

/* ---- voiding ---- */

const char *ticket_record_why_not_void(
	const struct shop *shop, const struct source *source, const struct source_row *row)
{
	const char *why_not = shop_may(shop, "ticket.void");

	if (why_not)
		return why_not;
	if (!row)
		return _("The list is empty.");
	if (strcmp(source_text(source, row, "kind"), "void") == 0)
		return _("This is the void itself; it stays on record.");
	if (source_int(source, row, "voided"))
		return _("This redemption was voided already.");
	if (strcmp(source_text(source, row, "store"), shop->store) != 0)
		return _("It was redeemed at another store; only that store can void it.");
	/* An offline one counts from when HQ recorded it, which only HQ knows. */
	if (strcmp(source_text(source, row, "mode"), "offline") != 0 &&
		shop_now(shop) - source_int(source, row, "at") > VOID_LIMIT_MS)
		return _("Its 15 minutes have passed. Ask HQ to refund instead.");
	return NULL;
}

/* What the two boxes ask about; it lives until the second is answered. */
struct voiding {
	char redemption[COMMAND_ID_MAX + 1];
	char about[256];
	char reason[256];
};

/* Only one can be asked about at a time: the boxes cover everything. */
static struct voiding voiding;

static cJSON *void_data(const char *reason)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "redemption", voiding.redemption);
	cJSON_AddStringToObject(data, "reason", reason);
	return data;
}

static void do_void(void *ctx)
{
	struct shop *shop = ctx;

	if (shop_do_quietly(shop, "ticket.void", void_data(voiding.reason), NULL))
		app_say(shop->app, ROLE_OK, _("Saved: the redemption is void: %s."), voiding.about);
}

static const char *take_reason(void *ctx, const char *value)
{
	struct shop *shop = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	if (!value[0])
		return _("A void needs a reason.");
	if (strlen(value) > 200)
		return _("At most 200 bytes.");
	snprintf(voiding.reason, sizeof(voiding.reason), "%s", value);
	text_addf(
		&text, _("%s. The units can be redeemed again. Reason: %s"), voiding.about, value);
	dialog_confirm(shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Void this redemption?"),
			.text = text_get(&text),
			.yes_label = _("Void redemption"),
			.is_dangerous = true,
			.yes = do_void,
			.ctx = shop,
		});
	text_free(&text);
	return NULL;
}

void ticket_record_void(
	struct shop *shop, const struct source *source, const struct source_row *row)
{
	struct console_verdict verdict;
	char when[SHOP_WHEN_BYTES];

	snprintf(voiding.redemption, sizeof(voiding.redemption), "%s",
		source_text(source, row, "id"));
	shop_when(shop, source_int(source, row, "at"), when);
	/* TRANSLATORS: a ticket's code, units, when they were redeemed. */
	snprintf(voiding.about, sizeof(voiding.about), _("%s, %lld units, redeemed %s"),
		source_text(source, row, "code"), (long long)source_int(source, row, "qty"), when);
	/* What would be refused anyway is said before anyone types a reason. */
	if (!shop_rehearse(shop, "ticket.void", void_data("-"), &verdict))
		shop_say_refused(shop, &verdict);
	else
		dialog_entry(shop->app,
			&(struct dialog_entry_spec){
				.title = _("Void a redemption"),
				.text = voiding.about,
				.submit = take_reason,
				.ctx = shop,
			});
	console_verdict_free(&verdict);
}
