#include "tui/ticket_record.h"

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
	CELL_DEVICE,
	CELL_ORDER
};

const struct source_column ticket_record_cells[TICKET_RECORD_CELLS] = {
	[CELL_AT] = {.column = "at", .kind = SOURCE_WHEN},
	[CELL_CODE] = {.column = "code", .kind = SOURCE_CODE},
	[CELL_QTY] = {.column = "qty", .kind = SOURCE_INT},
	[CELL_STATE] = {.column = "mode", .kind = SOURCE_WORD, .group = "mode"},
	[CELL_MARK] = {.kind = SOURCE_MARK},
	[CELL_PRODUCT] = {.column = "product_name"},
	[CELL_STAFF] = {.column = "actor", .kind = SOURCE_STAFF},
	[CELL_STORE] = {.column = "store", .kind = SOURCE_STORE},
	[CELL_DEVICE] = {.column = "device"},
	[CELL_ORDER] = {.column = "order_number"},
};

const struct list_column ticket_record_columns[TICKET_RECORD_CELLS] = {
	[CELL_AT] = {.title = N_("When"), .width_cols = 11},
	[CELL_CODE] = {.title = N_("Code"), .width_cols = 12, .is_key = true},
	[CELL_QTY] = {.title = N_("Units"), .width_cols = 5, .align = LIST_RIGHT},
	[CELL_STATE] = {.title = N_("How"), .width_cols = 13},
	[CELL_MARK] = {.title = "", .width_cols = 2},
	[CELL_PRODUCT] = {.title = N_("Product"), .width_cols = 12, .flex = 2, .drop = 2},
	[CELL_STAFF] = {.title = N_("Staff"), .width_cols = 8, .flex = 1, .drop = 3},
	[CELL_STORE] = {.title = N_("Store"), .width_cols = 10, .flex = 1, .drop = 1},
	[CELL_DEVICE] = {.title = N_("Terminal"), .width_cols = 13, .flex = 1, .drop = 5},
	[CELL_ORDER] = {.title = N_("Order"), .width_cols = 16, .drop = 4},
};

/* What became of a redemption, in the order in which one thing covers another. */
enum state { STATE_VOID, STATE_VOIDED, STATE_UNCONFIRMED, STATE_CONFIRMED, STATE_ONLINE };

static const struct {
	const char *word;     /* N_; NULL: as the mode is called */
	const char *sentence; /* N_ */
	enum role role;
} states[] = {
	[STATE_VOID] = {N_("Voiding"), N_("This voids a redemption."), ROLE_DIM},
	[STATE_VOIDED] = {N_("Voided"), N_("Voided: its units can be redeemed again."), ROLE_DIM},
	[STATE_UNCONFIRMED] = {N_("not confirmed"),
		N_("Accepted, not confirmed: HQ does not have it yet."), ROLE_OFFLINE_OK},
	[STATE_CONFIRMED] = {N_("confirmed"),
		N_("It was accepted offline, and HQ has confirmed it."), ROLE_NORMAL},
	[STATE_ONLINE] = {NULL, N_("HQ was asked first."), ROLE_NORMAL},
};

static enum state state_of(const struct source *source, const struct source_row *row)
{
	if (strcmp(source_text(source, row, "kind"), "void") == 0)
		return STATE_VOID;
	if (source_int(source, row, "voided"))
		return STATE_VOIDED;
	if (strcmp(source_text(source, row, "mode"), "offline") != 0)
		return STATE_ONLINE;
	return row->is_pending ? STATE_UNCONFIRMED : STATE_CONFIRMED;
}

static bool is_disputed(const struct source *source, const struct source_row *row)
{
	return source_int(source, row, "disputed") != 0;
}

static void record_cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	const struct source *source = ctx;
	enum state state = state_of(source, row);

	if (states[state].role == ROLE_DIM || (column == CELL_STATE && states[state].word))
		out->role = states[state].role;
	if (column == CELL_QTY && state == STATE_VOID)
		snprintf(out->text, sizeof(out->text), "\u2212%lld",
			-(long long)source_int(source, row, "qty"));
	else if (column == CELL_STATE && states[state].word)
		snprintf(out->text, sizeof(out->text), "%s", gettext(states[state].word));
	else if (column == CELL_DEVICE)
		shop_device_name(source->shop, source_text(source, row, "device"), out->text,
			sizeof(out->text));
	else if (column == CELL_MARK && is_disputed(source, row)) {
		snprintf(out->text, sizeof(out->text), "!%s",
			row->is_pending ? SHOP_PENDING_MARK : "");
		out->role = ROLE_WARN;
	}
}

void ticket_records_init(struct source *source)
{
	source->pending_table = "redemption";
	source->pending_key = "id";
	source->cell = record_cell;
	source->ctx = source;
}

/* ---- a row in words ---- */

void ticket_about_who(
	const struct source *source, const struct source_row *row, char *out, size_t size)
{
	const struct shop *shop = source->shop;
	char when[SHOP_WHEN_BYTES], staff[SHOP_NAME_BYTES], store[SHOP_NAME_BYTES];
	char device[SHOP_NAME_BYTES];

	shop_when_full(shop, source_int(source, row, "at"), when);
	shop_staff_name(shop, source_text(source, row, "actor"), staff, sizeof(staff));
	shop_store_name(shop, source_text(source, row, "store"), store, sizeof(store));
	shop_device_name(shop, source_text(source, row, "device"), device, sizeof(device));
	snprintf(out, size, "%s  %s, %s%s%s", when, staff, store, device[0] ? ", " : "", device);
}

void ticket_record_about(
	const struct source *source, const struct source_row *row, struct ticket_about *out)
{
	enum state state = state_of(source, row);
	const char *reason = source_text(source, row, "reason");

	ticket_about_who(source, row, out->lines[0], sizeof(out->lines[0]));
	out->role = is_disputed(source, row) ? ROLE_WARN : states[state].role;
	if (is_disputed(source, row))
		snprintf(out->lines[1], sizeof(out->lines[1]), "%s",
			_("More units were redeemed than the ticket has: a dossier is open."));
	else
		snprintf(out->lines[1], sizeof(out->lines[1]), "%s%s%s",
			gettext(states[state].sentence), reason[0] ? " " : "", reason);
}

/* ---- voiding ---- */

/* An offline one counts from when HQ recorded it; until it has, there is no limit. */
static int64_t counts_from(const struct source *source, const struct source_row *row)
{
	if (strcmp(source_text(source, row, "mode"), "offline") != 0)
		return source_int(source, row, "at");
	return row->is_pending ? shop_now(source->shop) : source_int(source, row, "recorded_at");
}

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
	if (shop_now(shop) - counts_from(source, row) > VOID_LIMIT_MS)
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
	char when[SHOP_WHEN_BYTES];
	char code[SHOP_NAME_BYTES];

	shop_code(shop, source_text(source, row, "code"), code, sizeof(code));
	snprintf(voiding.redemption, sizeof(voiding.redemption), "%s",
		source_text(source, row, "id"));
	shop_when(shop, source_int(source, row, "at"), when);
	/* TRANSLATORS: a ticket's code, units, when they were redeemed. */
	snprintf(voiding.about, sizeof(voiding.about), _("%s, %lld units, redeemed %s"), code,
		(long long)source_int(source, row, "qty"), when);
	/* What would be refused anyway is said before anyone types a reason. */
	if (shop_would(shop, "ticket.void", void_data("-")))
		dialog_entry(shop->app,
			&(struct dialog_entry_spec){
				.title = _("Void a redemption"),
				.text = voiding.about,
				.submit = take_reason,
				.ctx = shop,
			});
}
