/* What is told about a sheet: who opened it, who counted, what was done when; and the sheet that it
 * reverses, or is reversed by. */
#include "tui/panes.h"
#include "tui/sheet.h"

#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "tui/dialog.h"
#include "tui/stocktake_list.h"

#include <stdlib.h>
#include <string.h>

/* ---- the other sheet ---- */

void sheet_links_read(struct sheet_pane *self)
{
	struct db *db = shop_db(self->shop);
	memset(&self->reverses, 0, sizeof self->reverses);
	memset(&self->reversed_by, 0, sizeof self->reversed_by);
	if (!db)
		return;
	struct db_rows *rows = db_query(db,
		"SELECT id, number, 1 FROM stocktake WHERE reverses = $1 AND status <> 'void' UNION ALL "
		"SELECT id, number, 0 FROM stocktake WHERE id = (SELECT reverses FROM stocktake WHERE id "
		"= $1) ORDER BY 1",
		"t", self->id);
	while (db_next(rows)) {
		struct sheet_link *link = db_int(rows, 2) ? &self->reversed_by : &self->reverses;
		snprintf(link->id, sizeof link->id, "%s", db_text(rows, 0));
		snprintf(link->number, sizeof link->number, "%s", db_text(rows, 1));
	}
	db_done(rows);
}

void sheet_links_words(const struct sheet_pane *self, char *out, size_t size)
{
	struct text words = TEXT_INIT(TEXT_SMALL);
	if (*self->reverses.id)
		text_addf(&words, _(" · reverses %s"), self->reverses.number);
	if (*self->reversed_by.id)
		text_addf(&words, _(" · reversed by %s"), self->reversed_by.number);
	snprintf(out, size, "%s", text_get(&words));
	text_free(&words);
}

const char *sheet_link_why_not(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	(void)arg;
	return *self->reverses.id || *self->reversed_by.id
		? NULL
		: _("It reverses no sheet, and none reverses it.");
}

static void pick_link(void *ctx, size_t index)
{
	struct sheet_pane *self = ctx;
	const struct sheet_link *link = index ? &self->reverses : &self->reversed_by;
	shop_push(self->shop, pane_stocktake_new(self->shop, link->id));
}

/* Where it is both, it is asked which. */
void sheet_link_open(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	char by[SHOP_NAME_BYTES * 2], of[SHOP_NAME_BYTES * 2];
	const struct dialog_menu_item items[] = {{by, NULL}, {of, NULL}};
	(void)arg;
	if (!*self->reverses.id || !*self->reversed_by.id) {
		pick_link(self, *self->reverses.id ? 1 : 0);
		return;
	}
	snprintf(by, sizeof by, _("Reversed by %s"), self->reversed_by.number);
	snprintf(of, sizeof of, _("Reverses %s"), self->reverses.number);
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){.title = sheet_text(self, "number"),
			.items = items,
			.count = 2,
			.pick = pick_link,
			.ctx = self});
}

/* ---- the page ---- */

static void add_fact(struct text *page, const char *label, const char *value)
{
	if (*value)
		text_addf(page, _("%s: %s\n"), label, value);
}

static void add_words(
	struct sheet_pane *self, struct text *page, const char *label, const char *column)
{
	struct text words = TEXT_INIT(TEXT_SMALL);
	json_add_words(&words, sheet_text(self, column), ", ");
	add_fact(page, label, text_get(&words));
	text_free(&words);
}

static void add_when(
	struct sheet_pane *self, struct text *page, const char *label, const char *column)
{
	char when[SHOP_WHEN_BYTES];
	shop_when_full(self->shop, source_int(&self->head, &self->row, column), when);
	add_fact(page, label, when);
}

static void add_history(struct sheet_pane *self, struct text *page)
{
	struct db *db = shop_db(self->shop);
	if (!db)
		return;
	struct db_rows *rows = db_query(db,
		"SELECT at, actor, op, text FROM history WHERE doc = $1 ORDER BY id", "t",
		self->id);
	while (db_next(rows)) {
		char when[SHOP_WHEN_BYTES], who[SHOP_NAME_BYTES];
		shop_when_full(self->shop, db_int(rows, 0), when);
		shop_staff_name(
			self->shop, db_text(rows, 1) ? db_text(rows, 1) : "", who, sizeof who);
		/* What was to become of uncounted lines, and what a late count made of the sheet, are words of the
		 * program, all else is text. */
		const char *told = db_text(rows, 3) ? db_text(rows, 3) : "";
		text_addf(page, "%s  %s  %s  ", when, who, shop_word("op", db_text(rows, 2)));
		if (strcmp(db_text(rows, 2), "stocktake.finish") == 0)
			told = shop_word("value", told);
		else if (strcmp(db_text(rows, 2), "stocktake.count") == 0 ||
			strcmp(db_text(rows, 2), "stocktake.undo") == 0)
			told = shop_word("stocktake", told);
		text_addf(page, "%s\n", told);
	}
	db_done(rows);
	rows = db_query(db,
		"SELECT actor, count(*), max(at) FROM count_entry WHERE stocktake = $1 GROUP BY actor ORDER BY actor",
		"t", self->id);
	text_addf(page, "\n" DIALOG_PAGE_HEADING "%s\n", _("Who counted"));
	while (db_next(rows)) {
		char when[SHOP_WHEN_BYTES], who[SHOP_NAME_BYTES];
		shop_when_full(self->shop, db_int(rows, 2), when);
		shop_staff_name(
			self->shop, db_text(rows, 0) ? db_text(rows, 0) : "", who, sizeof who);
		text_addf(page,
			ngettext("%s: %lld entry, at %s\n", "%s: %lld entries, the last at %s\n",
				(unsigned long)db_int(rows, 1)),
			who, (long long)db_int(rows, 1), when);
	}
	db_done(rows);
}

void sheet_info(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	struct text page = TEXT_INIT(TEXT_LARGE);
	char name[SHOP_NAME_BYTES];
	(void)arg;
	add_fact(&page, _("Number"), sheet_text(self, "number"));
	shop_store_name(self->shop, sheet_text(self, "store"), name, sizeof name);
	add_fact(&page, _("Store"), name);
	add_fact(&page, _("Status"), shop_word("stocktake", sheet_text(self, "status")));
	add_fact(&page, _("Scope"), shop_word("scope", sheet_text(self, "scope")));
	add_fact(&page, _("Blind"), stocktake_list_blind(&self->head, &self->row));
	add_fact(&page, _("Reverses"), self->reverses.number);
	add_fact(&page, _("Reversed by"), self->reversed_by.number);
	add_words(self, &page, _("Categories"), "categories");
	add_words(self, &page, _("Vendors"), "vendors");
	shop_staff_name(self->shop, sheet_text(self, "creator"), name, sizeof name);
	add_fact(&page, _("Creator"), name);
	add_fact(&page, _("Note"), sheet_text(self, "note"));
	add_fact(&page, _("Reason"), sheet_text(self, "reason"));
	add_when(self, &page, _("Created"), "created_at");
	add_when(self, &page, _("Started"), "started_at");
	add_when(self, &page, _("Ended"), "ended_at");
	text_addf(&page, "\n" DIALOG_PAGE_HEADING "%s\n", _("What was done"));
	add_history(self, &page);
	dialog_page(self->shop->app, _("About this sheet"), text_get(&page));
	text_free(&page);
}

void sheet_info_of(struct shop *shop, const char *id)
{
	struct sheet_pane *sheet = calloc(1, sizeof *sheet);
	if (!sheet)
		return;
	sheet->shop = shop;
	snprintf(sheet->id, sizeof sheet->id, "%s", id);
	source_init(&sheet->head, shop, "stocktakes", NULL, 0);
	source_where(&sheet->head, "id", id);
	sheet->found = source_find(&sheet->head, &sheet->row);
	sheet_links_read(sheet);
	sheet_info(sheet, 0);
	free(sheet);
}
