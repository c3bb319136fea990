/* Counting on a sheet: a scan adds one, or as many as were typed before it; a typed quantity replaces
 * or adds. Each is stored before anything is shown. */
#include "tui/sheet.h"

#include "model/barcode.h"
#include "model/catalogue.h"
#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "tui/cols.h"
#include "tui/dialog.h"

#include <stdlib.h>
#include <string.h>

#define LOST_COLS 20
#define NAME_COLS 24 /* what was counted must still be on the line behind it */

const char *sheet_count_why_not(void *ctx, int needs_row)
{
	struct sheet_pane *self = ctx;
	const char *missing = shop_may(self->shop, "stocktake.count");
	const char *elsewhere = sheet_elsewhere_why_not(self);
	if (elsewhere || missing)
		return elsewhere ? elsewhere : missing;
	if (sheet_is(self, "new"))
		return _("Start the sheet first.");
	if (sheet_is(self, "paused"))
		return _("Resume the sheet first.");
	if (!sheet_is_open(self))
		return _("The sheet is finished. A recount opens it again.");
	return needs_row && !*sheet_line_sku(self) ? _("The list is empty.") : NULL;
}

/* ---- what is said of a count ---- */

/* What the line's count is said to be. While a zone is counted again only what this counting of it has:
 * nobody is to see what the first one found. */
static int64_t counted_now(struct sheet_pane *self, const char *sku, const cJSON *result)
{
	int64_t counted = 0;
	if (sheet_is_double_blind(self))
		return sheet_zone_sum(self, sku);
	json_qty_of(result, "counted", &counted);
	return counted;
}

/* "陳小美's zone. ", in front of what is said of a count; false where nobody else holds the zone. */
static bool add_whose(struct sheet_pane *self, struct text *said)
{
	char who[SHOP_NAME_BYTES];
	bool is_other = sheet_zone_holder(self, who);
	if (is_other)
		/* TRANSLATORS: in front of what was counted; the person who holds the zone. Keep the blank behind it. */
		text_addf(said, _("%s's zone. "), who);
	return is_other;
}

/* Unknown and foreign products, strays of a recount and somebody else's zone have a word, a bell and a flash of
 * their own. Without a result somebody else has the cache for the moment: the sheet shows it as soon as it
 * is free. */
static void say_counted(struct sheet_pane *self, const char *sku, const cJSON *result)
{
	struct app *app = self->shop->app;
	char whole[SHOP_NAME_BYTES], name[SHOP_NAME_BYTES * 3], total[SHOP_QTY_BYTES];
	struct text said = TEXT_INIT(TEXT_SMALL);
	enum app_signal_kind signal = add_whose(self, &said) ? APP_SIGNAL_ODD : APP_SIGNAL_GOOD;
	shop_qty(result ? counted_now(self, sku, result) : 0, total);
	shop_product_name(self->shop, sku, whole, sizeof whole);
	cols_fit(name, sizeof name, NAME_COLS, whole);
	if (!result) {
		text_addf(&said, _("Saved: %s %s. The sheet follows."), sku, name);
	} else if (json_bool(result, "unknown", false)) {
		signal = APP_SIGNAL_BAD;
		text_addf(
			&said, _("Unknown product %s: counted %s, kept on the sheet."), sku, total);
	} else if (json_bool(result, "stray", false)) {
		signal = APP_SIGNAL_ODD;
		text_addf(&said, _("Not in this recount: %s %s: counted %s, kept and marked."), sku,
			name, total);
	} else if (json_bool(result, "extra", false)) {
		signal = APP_SIGNAL_ODD;
		text_addf(&said, _("Not on this sheet: %s %s: counted %s, kept and marked."), sku,
			name, total);
	} else {
		text_addf(&said, _("Saved: %s %s: counted %s."), sku, name, total);
	}
	app_say(app, signal == APP_SIGNAL_GOOD ? ROLE_OK : ROLE_WARN, "%s", text_get(&said));
	app_signal(app, signal);
	text_free(&said);
}

/* A code that was resolved on this sheet counts for its product: `sku` becomes that. */
static bool count(
	struct sheet_pane *self, char sku[COMMAND_ID_MAX + 1], int64_t qty_milli, const char *mode)
{
	struct console_verdict verdict;
	sheet_zone_keep(self);
	cJSON *data = sheet_data(self);
	cJSON_AddStringToObject(data, "sku", sku);
	cJSON_AddNumberToObject(data, "qty", (double)qty_milli / 1000.0);
	cJSON_AddStringToObject(data, "mode", mode);
	if (shop_db(self->shop))
		stocktake_zone_complete(shop_db(self->shop), data);
	/* The pass of a zone is that in which it was entered here. */
	if (*self->zone) {
		cJSON_AddStringToObject(data, "zone", self->zone);
		cJSON_AddNumberToObject(data, "pass", (double)self->pass);
	}
	bool saved = shop_do_quietly(self->shop, "stocktake.count", data, &verdict);
	const char *counts_for = json_text(verdict.result, "sku");
	if (counts_for)
		snprintf(sku, COMMAND_ID_MAX + 1, "%s", counts_for);
	if (saved && verdict.refusal == REFUSAL_NONE)
		say_counted(self, sku, verdict.result);
	else
		app_signal(self->shop->app, saved ? APP_SIGNAL_ODD : APP_SIGNAL_BAD);
	console_verdict_free(&verdict);
	return saved;
}

/* ---- scans ---- */

/* Whoever scans does not look: from one who was counting here a scan that is not stored is an alarm, from
 * anybody else it is a question where the product stands. */
static enum scan_use scan_not_counted(struct sheet_pane *self, const char *why_not)
{
	bool was_counting = self->sitting.received > 0 || sheet_is(self, "paused");
	app_say(self->shop->app, was_counting ? ROLE_ERROR : ROLE_NORMAL, "%s", why_not);
	if (was_counting) {
		self->sitting.received++;
		app_signal(self->shop->app, APP_SIGNAL_BAD);
	}
	return SCAN_USED;
}

static bool is_for_router(struct sheet_pane *self, const struct barcode *barcode)
{
	struct db *db = shop_db(self->shop);
	return barcode->kind == BARCODE_DOCUMENT ||
		(barcode->kind == BARCODE_OTHER && db &&
			db_has(db, "SELECT 1 FROM ticket WHERE code = $1", "t", barcode->text));
}

/* The SKU a code means; one that nobody knows is kept as it was read, to be resolved later. */
static bool sku_of(struct sheet_pane *self, const char *code, bool known, char *sku, size_t size)
{
	struct barcode barcode;
	if (known)
		return true;
	barcode_read(code, &barcode);
	if (barcode.text[0] && !strchr(barcode.text, BARCODE_GS) &&
		snprintf(sku, size, "%s", barcode.text) < (int)size)
		return true;
	app_say(self->shop->app, ROLE_ERROR,
		_("This code is too long for a product: not counted."));
	app_signal(self->shop->app, APP_SIGNAL_BAD);
	return false;
}

static enum scan_use count_scanned(struct sheet_pane *self, char sku[COMMAND_ID_MAX + 1])
{
	int64_t times = self->typed.times ? self->typed.times : 1;
	if (!count(self, sku, times * 1000, "add"))
		return SCAN_REFUSED;
	self->sitting.stored++;
	shop_counting(self->shop, self->id);
	self->typed.times = 0;
	sheet_show_line(self, sku);
	return SCAN_USED;
}

static void take_unknown(void *ctx)
{
	struct sheet_pane *self = ctx;
	char code[sizeof self->wish];
	memcpy(code, self->wish, sizeof code);
	sheet_scan(self, code);
}

/* A number typed where a quantity was meant comes here too. */
enum scan_use sheet_code(struct sheet_pane *self, const char *code)
{
	char sku[COMMAND_ID_MAX + 1], zone[SHEET_ZONE_BYTES], text[300];
	struct db *db = shop_db(self->shop);
	struct barcode barcode;
	barcode_read(code, &barcode);
	if (sheet_count_why_not(self, 0) || (db && catalogue_resolve(db, code, sku, sizeof sku)) ||
		sheet_zone_label(code, zone) || is_for_router(self, &barcode) ||
		!sku_of(self, code, false, self->wish, sizeof self->wish))
		return sheet_scan(self, code);
	/* TRANSLATORS: the sheet's number, a code. */
	snprintf(text, sizeof text,
		_("%s: no product known here has the code %s. Count it as an unknown code? A quantity is typed as 12* before a scan, or with the key of the line."),
		sheet_text(self, "number"), self->wish);
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){.title = _("Unknown code"),
			.text = text,
			.yes_label = _("Count it"),
			.is_dangerous = true,
			.yes = take_unknown,
			.ctx = self});
	return SCAN_USED;
}

static void note_lost(struct sheet_pane *self, const char *code)
{
	cols_fit(self->sitting.lost, sizeof self->sitting.lost, LOST_COLS, code);
}

void sheet_lost_scan(struct sheet_pane *self, const char *code)
{
	if (!sheet_is_open(self))
		return;
	self->sitting.received++;
	note_lost(self, code);
	app_signal(self->shop->app, APP_SIGNAL_BAD);
}

static enum scan_use take_scan(struct sheet_pane *self, const char *code)
{
	char sku[COMMAND_ID_MAX + 1], zone[SHEET_ZONE_BYTES];
	struct db *db = shop_db(self->shop);
	struct barcode barcode;
	bool known = db && catalogue_resolve(db, code, sku, sizeof sku);
	const char *why_not = sheet_count_why_not(self, 0);
	barcode_read(code, &barcode);
	if (!known && sheet_zone_label(code, zone)) {
		sheet_zone_scanned(self, zone);
		return SCAN_USED;
	}
	if (!known && is_for_router(self, &barcode))
		return SCAN_NOT_MINE;
	if (!sheet_is_open(self) && known) {
		sheet_show_line(self, sku);
		return scan_not_counted(self, why_not);
	}
	self->sitting.received++;
	if (why_not) {
		app_say(self->shop->app, ROLE_ERROR, "%s", why_not);
		app_signal(self->shop->app, APP_SIGNAL_BAD);
		return SCAN_REFUSED;
	}
	if (!sku_of(self, code, known, sku, sizeof sku))
		return SCAN_REFUSED;
	return count_scanned(self, sku);
}

enum scan_use sheet_scan(struct sheet_pane *self, const char *code)
{
	int64_t lost = self->sitting.received - self->sitting.stored;
	enum scan_use use = take_scan(self, code);
	if (self->sitting.received - self->sitting.stored > lost)
		note_lost(self, code);
	return use;
}

/* ---- typed quantities ---- */

static void count_typed(struct sheet_pane *self, int64_t qty_milli)
{
	char sku[sizeof self->wish];
	bool means_scanned = sheet_means_scanned(self);
	memcpy(sku, self->wish, sizeof sku);
	if (!count(self, sku, qty_milli, self->mode))
		return;
	sheet_show_line(self, sku);
	/* Whoever goes through the list by keys goes on with the next line of it. */
	if (!means_scanned)
		sheet_forget_scanned(self);
}

static void take_much(void *ctx)
{
	struct sheet_pane *self = ctx;
	count_typed(self, self->typed.asked);
}

static void ask_much(struct sheet_pane *self, int64_t qty_milli)
{
	char qty[SHOP_QTY_BYTES], name[SHOP_NAME_BYTES], text[400];
	self->typed.asked = qty_milli;
	shop_qty(qty_milli, qty);
	shop_product_name(self->shop, self->wish, name, sizeof name);
	/* TRANSLATORS: the sheet's number, the SKU and name of a product, a quantity. */
	snprintf(text, sizeof text, _("%s: of %s %s %s are counted at once."),
		sheet_text(self, "number"), self->wish, name, qty);
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){.title = _("So many?"),
			.text = text,
			.yes_label = _("Count them"),
			.is_dangerous = true,
			.yes = take_much,
			.ctx = self});
}

static const char *take_quantity(void *ctx, const char *value)
{
	struct sheet_pane *self = ctx;
	cJSON *number = cJSON_Parse(value);
	int64_t qty_milli;
	bool good = json_qty(number, &qty_milli) && qty_milli >= 0;
	cJSON_Delete(number);
	if (!good)
		return _("A quantity is 0 or more, with at most three decimals.");
	if (sheet_is_much(qty_milli))
		ask_much(self, qty_milli);
	else
		count_typed(self, qty_milli);
	return NULL;
}

/* `text` says what the quantity does to the zone counted in. */
static void ask_quantity(
	struct sheet_pane *self, const char *mode, const char *title, const char *text)
{
	char name[SHOP_NAME_BYTES];
	struct text zones = TEXT_INIT(256), intro = TEXT_INIT(2048);
	self->mode = mode;
	snprintf(self->wish, sizeof self->wish, "%s", sheet_line_sku(self));
	shop_product_name(self->shop, self->wish, name, sizeof name);
	sheet_zones_now(self, self->wish, &zones);
	text_addf(&intro, "%s %s\n%s %s\n", self->wish, name, text,
		*self->zone ? self->zone : _("no zone"));
	if (zones.length)
		text_addf(&intro, _("Counted so far: %s"), text_get(&zones));
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = title,
			.text = text_get(&intro),
			.kind = DIALOG_QUANTITY,
			.submit = take_quantity,
			.ctx = self});
	text_free(&zones);
	text_free(&intro);
}

void sheet_count_set(void *ctx, int arg)
{
	(void)arg;
	ask_quantity(
		ctx, "set", _("Counted quantity"), _("Replaces what this round has of it. Zone:"));
}

void sheet_count_add(void *ctx, int arg)
{
	(void)arg;
	ask_quantity(
		ctx, "add", _("Add a quantity"), _("Is added to what this round has of it. Zone:"));
}
