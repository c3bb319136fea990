/*
 * Where a code goes that the present pane has no use for. The first that knows it gets it:
 *
 *     a document of this terminal     its page
 *     a product, by barcode or SKU    its page
 *     a ticket known here             redeem it
 *     an order of tickets             its page
 *     a sales order                   its page
 *     what could be a ticket          redeem it: HQ knows more tickets than this terminal
 *
 * Everything else is said, with what to do. Whoever was counting on a sheet is told, whatever it is, that
 * nothing was counted.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "model/barcode.h"
#include "model/catalogue.h"
#include "model/i18n.h"
#include "model/ticket.h"
#include "tui/panes.h"
#include "tui/screen_parts.h"

/* Numbers are made of capitals; people type as they like. */
static void in_capitals(const char *text, char *out, size_t size)
{
	size_t used = 0;

	for (; *text && used + 1 < size; text++)
		out[used++] = (char)toupper((unsigned char)*text);
	out[used] = '\0';
}

static bool has_document(struct db *cache, const char *sql, const char *number)
{
	return db_has(cache, sql, "t", number);
}

static bool open_by_number(struct shop *shop, const char *number)
{
	static const struct {
		const char *kind;
		const char *sql;
	} kinds[] = {
		{"movement",
			"SELECT 1 FROM movement WHERE out_number = $1 OR in_number = $1 OR id = $1"},
		{"transfer", "SELECT 1 FROM transfer WHERE number = $1 OR id = $1"},
		{"stocktake", "SELECT 1 FROM stocktake WHERE number = $1 OR id = $1"},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (has_document(shop_db(shop), kinds[i].sql, number))
			return shop_open_document(shop, kinds[i].kind, number);
	return false;
}

static bool open_document(struct shop *shop, const struct barcode *code)
{
	char number[BARCODE_KEY_BYTES];

	in_capitals(code->text, number, sizeof(number));
	return open_by_number(shop, code->text) || open_by_number(shop, number);
}

static bool open_product(struct shop *shop, const char *scanned)
{
	char sku[COMMAND_ID_MAX + 1];

	return catalogue_resolve(shop_db(shop), scanned, sku, sizeof(sku)) &&
		shop_open_document(shop, "product", sku);
}

static bool redeem_known(struct shop *shop, const char *scanned)
{
	char code[TICKET_CODE_SIZE];

	if (!ticket_code_normal(scanned, code, sizeof(code)) ||
		!db_has(shop_db(shop), "SELECT 1 FROM ticket WHERE code = $1", "t", code))
		return false;
	pane_tickets_redeem(shop, code);
	return true;
}

static bool open_order(struct shop *shop, const struct barcode *code)
{
	return db_has(shop_db(shop), "SELECT 1 FROM ticket WHERE order_number = $1", "t",
		       code->text) &&
		shop_open_document(shop, "order", code->text);
}

static bool open_sale(struct shop *shop, const struct barcode *code)
{
	char number[BARCODE_KEY_BYTES];

	in_capitals(code->text, number, sizeof(number));
	if (db_has(shop_db(shop), "SELECT 1 FROM sales_order WHERE number = $1", "t", code->text))
		return shop_open_document(shop, "sales_order", code->text);
	return db_has(shop_db(shop), "SELECT 1 FROM sales_order WHERE number = $1", "t", number) &&
		shop_open_document(shop, "sales_order", number);
}

/* To whoever counts goods a label that was misread, rather than a ticket: as many digits as a barcode has. */
static bool is_misread(const struct shop *shop, const char *text)
{
	size_t length = strlen(text);

	return shop_is_counting(shop) && strspn(text, "0123456789") == length &&
		(length == 8 || length == 12 || length == 13 || length == 14);
}

static bool redeem_unknown(struct shop *shop, const struct barcode *code, const char *scanned)
{
	char normal[TICKET_CODE_SIZE];

	if (code->kind != BARCODE_OTHER || is_misread(shop, code->text) ||
		!ticket_code_normal(scanned, normal, sizeof(normal)))
		return false;
	pane_tickets_redeem(shop, normal);
	return true;
}

/* What it is not, by what it looks like. */
static void say_unknown(struct shop *shop, const struct barcode *code)
{
	switch (code->kind) {
	case BARCODE_NONE:
		app_say(shop->app, ROLE_WARN, "%s", _("The scan was empty. Scan it again."));
		break;
	case BARCODE_GTIN:
	case BARCODE_GS1:
		app_say(shop->app, ROLE_WARN,
			_("No product has the barcode %s. Check the label, or search by name."),
			code->text);
		break;
	case BARCODE_DOCUMENT:
		app_say(shop->app, ROLE_WARN,
			_("%s looks like a document, but it is not on this terminal. It may be another store's, or not here yet."),
			code->text);
		break;
	default:
		app_say(shop->app, ROLE_WARN,
			_("%s is no product, document or ticket known here. Check it and try again."),
			code->text);
		break;
	}
	if (shop_is_counting(shop))
		app_signal(shop->app, APP_SIGNAL_BAD);
	else
		app_bell(shop->app);
}

static void say_not_counted(struct shop *shop)
{
	if (!shop_is_counting(shop))
		return;
	app_say(shop->app, ROLE_ERROR, "%s",
		_("A scan here counts nothing: go back to the sheet to count."));
	app_signal(shop->app, APP_SIGNAL_BAD);
}

enum scan_use screen_route_scan(void *ctx, const char *scanned)
{
	struct shop *shop = ctx;
	struct barcode code;
	bool is_other; /* what somebody who counts does not scan by mistake */

	barcode_read(scanned, &code);
	if (code.kind == BARCODE_NONE) {
		say_unknown(shop, &code);
		return SCAN_REFUSED;
	}
	if (!shop_db(shop)) {
		app_say(shop->app, ROLE_ERROR, "%s",
			_("There are no data to look it up in. See the status line."));
		return SCAN_REFUSED;
	}
	is_other = open_document(shop, &code);
	if (!is_other && open_product(shop, scanned)) {
		say_not_counted(shop);
		return SCAN_USED;
	}
	if (is_other || redeem_known(shop, scanned) || open_order(shop, &code) ||
		open_sale(shop, &code)) {
		shop_counting(shop, "");
		return SCAN_USED;
	}
	if (redeem_unknown(shop, &code, scanned)) {
		say_not_counted(shop);
		return SCAN_USED;
	}
	say_unknown(shop, &code);
	return SCAN_REFUSED;
}
