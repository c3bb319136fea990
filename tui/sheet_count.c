/* Counting on a sheet: a scan adds one, a typed quantity replaces, undo takes back. Each is stored
 * before anything is shown. */
#include "tui/sheet.h"

#include "model/catalogue.h"
#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "tui/dialog.h"

#include <stdlib.h>
#include <string.h>

const char *sheet_count_why_not(void *ctx, int needs_row)
{
	struct sheet_pane *self = ctx;
	const char *missing = shop_may(self->shop, "stocktake.count");
	if (missing)
		return missing;
	if (sheet_is(self, "new"))
		return _("Start the sheet first.");
	if (sheet_is(self, "paused"))
		return _("Resume the sheet first.");
	if (!sheet_is_open(self))
		return _("The sheet is finished. A recount opens it again.");
	return needs_row && !list_row(&self->list) ? _("The list is empty.") : NULL;
}

/* Says what stands on the sheet now; unknown and foreign products get a word and a bell of their own.
 * Without a result somebody else has the cache for the moment: the sheet shows it as soon as it is free. */
static void say_counted(struct sheet_pane *self, const char *sku, const cJSON *result)
{
	char name[SHOP_NAME_BYTES], total[SHOP_QTY_BYTES];
	int64_t counted = 0;
	json_qty_of(result, "counted", &counted);
	shop_qty(counted, total);
	shop_product_name(self->shop, sku, name, sizeof name);
	if (!result) {
		app_say(self->shop->app, ROLE_OK, _("Saved: %s %s. The sheet follows."), sku, name);
	} else if (json_bool(result, "unknown", false)) {
		app_bell(self->shop->app);
		app_say(self->shop->app, ROLE_WARN,
			_("Unknown product %s: counted %s, kept on the sheet."), sku, total);
	} else if (json_bool(result, "extra", false)) {
		app_bell(self->shop->app);
		app_say(self->shop->app, ROLE_WARN,
			_("Not on this sheet: %s %s: counted %s, kept and marked."), sku, name,
			total);
	} else {
		app_say(self->shop->app, ROLE_OK, _("Saved: %s %s: counted %s."), sku, name, total);
	}
}

static bool count(struct sheet_pane *self, const char *sku, int64_t qty_milli, const char *mode)
{
	struct console_verdict verdict;
	cJSON *data = sheet_data(self);
	cJSON_AddStringToObject(data, "sku", sku);
	cJSON_AddNumberToObject(data, "qty", (double)qty_milli / 1000.0);
	cJSON_AddStringToObject(data, "mode", mode);
	if (*self->zone)
		cJSON_AddStringToObject(data, "zone", self->zone);
	bool saved = shop_do_quietly(self->shop, "stocktake.count", data, &verdict);
	if (saved && verdict.refusal == REFUSAL_NONE)
		say_counted(self, sku, verdict.result);
	else if (!saved)
		shop_say_refused(self->shop, &verdict);
	console_verdict_free(&verdict);
	return saved;
}

/* The key of a line in the list is the JSON array of its SKU. */
static void show_line(struct sheet_pane *self, const char *sku)
{
	struct text key = TEXT_INIT(LIST_KEY_BYTES);
	text_add(&key, "[");
	text_add_json(&key, sku);
	text_add(&key, "]");
	if (text_ok(&key))
		list_go_to(&self->list, text_get(&key));
	text_free(&key);
}

enum scan_use sheet_scan(struct sheet_pane *self, const char *code)
{
	char sku[COMMAND_ID_MAX + 1];
	struct db *db = shop_db(self->shop);
	bool known = db && catalogue_resolve(db, code, sku, sizeof sku);
	const char *why_not = sheet_count_why_not(self, 0);
	if (!sheet_is_open(self) && known) {
		show_line(self, sku);
		app_say(self->shop->app, ROLE_NORMAL, "%s", why_not ? why_not : "");
		return SCAN_USED;
	}
	if (!known &&
		(strncmp(code, "STK-", 4) == 0 || strncmp(code, "OUT-", 4) == 0 ||
			strncmp(code, "IN-", 3) == 0))
		return SCAN_NOT_MINE;
	if (why_not) {
		app_bell(self->shop->app);
		app_say(self->shop->app, ROLE_ERROR, "%s", why_not);
		return SCAN_REFUSED;
	}
	/* A barcode nobody knows is kept as it was read, to be resolved later. */
	if (!known && snprintf(sku, sizeof sku, "%s", code) >= (int)sizeof sku) {
		app_bell(self->shop->app);
		app_say(self->shop->app, ROLE_ERROR,
			_("This code is too long for a product: not counted."));
		return SCAN_REFUSED;
	}
	if (!count(self, sku, 1000, "add"))
		return SCAN_REFUSED;
	show_line(self, sku);
	return SCAN_USED;
}

static const char *take_quantity(struct sheet_pane *self, const char *value, const char *mode)
{
	cJSON *number = cJSON_Parse(value);
	int64_t qty_milli;
	bool good = json_qty(number, &qty_milli) && qty_milli >= 0;
	cJSON_Delete(number);
	if (!good)
		return _("A quantity is 0 or more, with at most three decimals.");
	char sku[sizeof self->wish];
	memcpy(sku, self->wish, sizeof sku);
	if (!count(self, sku, qty_milli, mode))
		return _("Not saved: see the message line.");
	show_line(self, sku);
	return NULL;
}

static const char *take_set(void *ctx, const char *value)
{
	return take_quantity(ctx, value, "set");
}

static const char *take_add(void *ctx, const char *value)
{
	return take_quantity(ctx, value, "add");
}

/* What the round at hand has of the SKU, zone by zone: "A 86, no zone 1". */
static void zones_now(struct sheet_pane *self, const char *sku, struct text *out)
{
	struct db *db = shop_db(self->shop);
	if (!db)
		return;
	struct db_rows *rows = db_query(db,
		"SELECT zone, SUM(qty) FROM count_entry e WHERE stocktake = $1 AND sku = $2 AND undone = 0 "
		"AND mode <> 'zero' AND round = $3 AND no >= COALESCE((SELECT MAX(f.no) FROM count_entry f "
		"WHERE f.stocktake = e.stocktake AND f.sku = e.sku AND f.round = e.round AND f.zone = e.zone "
		"AND f.undone = 0 AND f.mode = 'set'), 0) GROUP BY zone ORDER BY zone",
		"tti", self->id, sku, source_int(&self->head, &self->row, "round"));
	while (db_next(rows)) {
		char qty[SHOP_QTY_BYTES];
		shop_qty(db_int(rows, 1), qty);
		text_addf(out, "%s%s %s", out->length ? ", " : "",
			*db_text(rows, 0) ? db_text(rows, 0) : _("no zone"), qty);
	}
	db_done(rows);
}

/* `text` says what the quantity does to the zone counted in. */
static void ask_quantity(struct sheet_pane *self, const char *title, const char *text,
	const char *(*take)(void *ctx, const char *value))
{
	char name[SHOP_NAME_BYTES];
	struct text zones = TEXT_INIT(256), intro = TEXT_INIT(2048);
	const void *row = list_row(&self->list);
	snprintf(self->wish, sizeof self->wish, "%s", source_text(&self->lines, row, "sku"));
	shop_product_name(self->shop, self->wish, name, sizeof name);
	zones_now(self, self->wish, &zones);
	text_addf(&intro, "%s %s\n%s %s\n", self->wish, name, text,
		*self->zone ? self->zone : _("no zone"));
	if (zones.length)
		text_addf(&intro, _("Counted so far: %s"), text_get(&zones));
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = title,
			.text = text_get(&intro),
			.kind = DIALOG_QUANTITY,
			.submit = take,
			.ctx = self});
	text_free(&zones);
	text_free(&intro);
}

void sheet_count_set(void *ctx, int arg)
{
	(void)arg;
	ask_quantity(ctx, _("Counted quantity"), _("Replaces what this round has of it. Zone:"),
		take_set);
}

void sheet_count_add(void *ctx, int arg)
{
	(void)arg;
	ask_quantity(ctx, _("Add a quantity"), _("Is added to what this round has of it. Zone:"),
		take_add);
}

static const char *take_zone(void *ctx, const char *value)
{
	struct sheet_pane *self = ctx;
	snprintf(self->zone, sizeof self->zone, "%s", value);
	if (*value)
		app_say(self->shop->app, ROLE_NORMAL, _("Counting in zone %s."), value);
	else
		app_say(self->shop->app, ROLE_NORMAL, _("Counting without a zone."));
	return NULL;
}

void sheet_zone(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	(void)arg;
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = _("Zone"),
			.text = _("What is counted from now on belongs to this zone. Zones sum; "
				  "within one, a typed quantity replaces. Empty: no zone."),
			.initial = self->zone,
			.submit = take_zone,
			.ctx = self});
}

/* ---- the tape ---- */

static void tape_mine(struct sheet_pane *self)
{
	source_where(&self->tape, "actor", self->shop->staff);
	source_where(&self->tape, "round", sheet_text(self, "round"));
	source_where(&self->tape, "undone", "no");
}

static size_t tape_rows(struct sheet_pane *self, struct source_row *rows, size_t most)
{
	return source_list.fetch(&self->tape, &(struct list_want){LIST_FIRST, NULL, most}, rows);
}

static void tape_line(struct sheet_pane *self, const struct source_row *row, char *out, size_t size)
{
	char when[SHOP_WHEN_BYTES], qty[SHOP_QTY_BYTES];
	const char *mode = source_text(&self->tape, row, "mode"),
		   *zone = source_text(&self->tape, row, "zone");
	shop_when(self->shop, source_int(&self->tape, row, "at"), when);
	shop_qty(source_int(&self->tape, row, "qty"), qty);
	snprintf(out, size, "%s  %s%s  %s %s%s%s%s%s", when, strcmp(mode, "add") == 0 ? "+" : "=",
		qty, source_text(&self->tape, row, "sku"), source_text(&self->tape, row, "name"),
		*zone ? "  [" : "", zone, *zone ? "]" : "",
		source_int(&self->tape, row, "undone") ? _("  (undone)") : "");
}

void sheet_tape(struct sheet_pane *self)
{
	struct source_row rows[SHEET_TAPE_MAX];
	source_where(&self->tape, "actor", NULL);
	source_where(&self->tape, "round", NULL);
	source_where(&self->tape, "undone", NULL);
	self->tape_count = (int)tape_rows(self, rows, SHEET_TAPE_MAX);
	for (int i = 0; i < self->tape_count; i++)
		tape_line(self, &rows[i], self->tape_lines[i], sizeof self->tape_lines[i]);
}

#define TAPE_PAGE_ROWS 200

void sheet_tape_page(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	struct source_row *rows = calloc(TAPE_PAGE_ROWS, sizeof *rows);
	struct text page = TEXT_INIT(TEXT_LARGE);
	(void)arg;
	source_where(&self->tape, "actor", NULL);
	source_where(&self->tape, "round", NULL);
	source_where(&self->tape, "undone", NULL);
	size_t count_rows = rows ? tape_rows(self, rows, TAPE_PAGE_ROWS) : 0;
	for (size_t i = 0; i < count_rows; i++) {
		char line[LIST_CELL_BYTES], who[SHOP_NAME_BYTES];
		tape_line(self, &rows[i], line, sizeof line);
		shop_staff_name(
			self->shop, source_text(&self->tape, &rows[i], "actor"), who, sizeof who);
		text_addf(&page, "%s  %s\n", line, who);
	}
	if (count_rows == 0)
		text_add(&page, _("Nothing was counted yet."));
	dialog_page(self->shop->app, _("What was counted, newest first"), text_get(&page));
	text_free(&page);
	free(rows);
}

const char *sheet_undo_why_not(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	const char *why_not = sheet_count_why_not(self, arg);
	if (why_not)
		return why_not;
	tape_mine(self);
	return source_count(&self->tape) > 0
		? NULL
		: _("You have counted nothing in this round that could be undone.");
}

/* Takes back the newest live entry of the person signed in, whichever seat it was made at. */
void sheet_undo(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	struct source_row row;
	struct console_verdict verdict;
	char what[LIST_CELL_BYTES];
	(void)arg;
	tape_mine(self);
	if (tape_rows(self, &row, 1) == 0)
		return;
	tape_line(self, &row, what, sizeof what);
	cJSON *data = sheet_data(self);
	cJSON_AddStringToObject(data, "count", source_text(&self->tape, &row, "id"));
	if (shop_do_quietly(self->shop, "stocktake.undo", data, &verdict)) {
		app_say(self->shop->app, ROLE_OK, _("Saved: undone: %s"), what);
		show_line(self, source_text(&self->tape, &row, "sku"));
	} else {
		shop_say_refused(self->shop, &verdict);
	}
	console_verdict_free(&verdict);
}
