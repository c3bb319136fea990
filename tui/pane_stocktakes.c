/* Stocktakes by status, of this store or of all stores a manager answers for. What is looked at is
 * stocktake_list.h's. */
#include "tui/panes.h"

#include "model/barcode.h"
#include "model/catalogue.h"
#include "model/i18n.h"
#include "model/ticket.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/export.h"
#include "tui/form.h"
#include "tui/sheet.h"
#include "tui/stocktake_list.h"
#include "tui/stocktake_new.h"
#include "tui/stocktake_tables.h"

#include <stdlib.h>
#include <string.h>

struct stocktakes {
	struct stocktake_list looked; /* what is shown */
	struct shop *shop;
	struct export export;
	struct source lines; /* of the sheet that is printed */
	struct export paper;
	char number[128]; /* of that sheet */
};

static const char *row_text(const struct stocktakes *self, const char *column)
{
	return source_text(&self->looked.source, list_row(&self->looked.list), column);
}

/* ---- actions ---- */

static const char *new_why_not(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	return shop_may(self->shop, "stocktake.create");
}

static void run_new(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	stocktake_new_open(self->shop);
}

static const char *why_no_row(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	return list_row(&self->looked.list) ? NULL : _("The list is empty.");
}

static void run_open(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	shop_push(self->shop, pane_stocktake_new(self->shop, row_text(self, "id")));
}

static void run_info(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	sheet_info_of(self->shop, row_text(self, "id"));
}

/* The sheet that was under the cursor when the key was pressed, whatever comes under it meanwhile. */
static void run_print(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	snprintf(self->number, sizeof self->number, "%s", row_text(self, "number"));
	source_where(&self->lines, "stocktake", row_text(self, "id"));
	export_ask(&self->paper);
}

static const char *take_search(void *ctx, const char *value)
{
	struct stocktakes *self = ctx;
	struct stocktake_narrowing narrow = self->looked.narrow;
	snprintf(narrow.search, sizeof narrow.search, "%s", value);
	stocktake_list_narrow(&self->looked, &narrow);
	return NULL;
}

static void run_search(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = _("Search stocktakes"),
			.text = _("Part of the number, the note or the creator. Empty shows all."),
			.initial = self->looked.narrow.search,
			.submit = take_search,
			.ctx = self});
}

/* ---- narrowing ---- */

static size_t pick_store(void *ctx, const char *text, struct form_pick *out, size_t max)
{
	struct stocktakes *self = ctx;
	const struct console *console = self->shop->console;
	size_t count = 0;
	for (int i = 0; i < console->store_count && count < max; i++) {
		struct form_pick *pick = &out[count];
		char name[SHOP_NAME_BYTES];
		shop_store_name(self->shop, console->stores[i], name, sizeof name);
		if ((!strcasestr(name, text) && !strcasestr(console->stores[i], text)) ||
			!stocktake_list_has_store(&self->looked, console->stores[i]))
			continue;
		snprintf(pick->id, sizeof pick->id, "%s", console->stores[i]);
		snprintf(pick->label, sizeof pick->label, "%s %s", console->stores[i], name);
		count++;
	}
	return count;
}

static const char *submit_narrow(void *ctx, struct form *form)
{
	struct stocktakes *self = ctx;
	struct stocktake_narrowing narrow = self->looked.narrow;
	const char *wrong = list_days_take(&narrow.days, form);
	if (wrong)
		return wrong;
	snprintf(narrow.kind, sizeof narrow.kind, "%s", form_value(form, "kind"));
	snprintf(narrow.number, sizeof narrow.number, "%s", form_value(form, "number"));
	if (self->looked.is_all)
		snprintf(narrow.store, sizeof narrow.store, "%s", form_value(form, "store"));
	stocktake_list_narrow(&self->looked, &narrow);
	return NULL;
}

/* The first one is all of them. */
static const struct form_choice kinds[] = {{"", N_("All")}, {"full", N_("Full")},
	{"partial", N_("Part")}, {"reversal", N_("Reversal")}};

static void run_narrow(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	const struct stocktake_narrowing *narrow = &self->looked.narrow;
	struct form_field fields[LIST_DAYS_FIELDS + 3];
	size_t count = LIST_DAYS_FIELDS;
	(void)arg;
	list_days_fields(&narrow->days, fields);
	if (self->looked.is_all)
		fields[count++] = (struct form_field){.name = "store",
			.kind = FORM_PICK,
			.label = N_("Store"),
			.hint = N_("Part of the store's name or id"),
			.initial = narrow->store[0] ? narrow->store : NULL,
			.pick = pick_store};
	fields[count++] = (struct form_field){.name = "kind",
		.kind = FORM_CHOICE,
		.label = N_("Kind"),
		.initial = narrow->kind,
		.choices = kinds,
		.choice_count = sizeof kinds / sizeof *kinds};
	fields[count++] = (struct form_field){.name = "number",
		.kind = FORM_TEXT,
		.label = N_("Number"),
		.hint = N_("How the number begins, such as STK-XINYI-202601; may be empty"),
		.initial = narrow->number,
		.max_chars = 60};
	form_open(self->shop->app,
		&(struct form_spec){.title = _("Only some stocktakes"),
			.fields = fields,
			.field_count = count,
			.submit = submit_narrow,
			.ctx = self});
}

static const char *why_one_store(void *ctx, int arg)
{
	const struct stocktakes *self = ctx;
	(void)arg;
	return stocktake_list_why_one_store(&self->looked);
}

static void run_stores(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	stocktake_list_show_all(&self->looked, !self->looked.is_all);
}

static void run_sort(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	stocktake_list_sort(&self->looked);
}

static const struct action rows[] = {
	{.name = "open-sheet",
		.label = N_("Open"),
		.help = N_("Open the sheet under the cursor"),
		.flags = ACTION_HINT,
		.why_not = why_no_row,
		.run = run_open},
	{.name = "new-sheet",
		.label = N_("New"),
		.help = N_("Open a new sheet, full or partial"),
		.flags = ACTION_HINT,
		.why_not = new_why_not,
		.run = run_new},
	{.name = "search-sheets",
		.label = N_("Search"),
		.help = N_("Search by number, note or creator"),
		.flags = ACTION_HINT,
		.run = run_search},
	{.name = "narrow",
		.label = N_("Filter"),
		.help = N_("Only some days, one kind, one store or one number"),
		.flags = ACTION_HINT,
		.run = run_narrow},
	{.name = "stores",
		.label = N_("All stores"),
		.help = N_("This store, or all stores you answer for"),
		.flags = ACTION_HINT,
		.why_not = why_one_store,
		.run = run_stores},
	{.name = "sheet-info",
		.label = N_("Info"),
		.help = N_("Who opened it, who counted, what was done when"),
		.why_not = why_no_row,
		.run = run_info},
	{.name = "sort",
		.label = N_("Sort"),
		.help = N_("Newest first, oldest first, by their end, or by number"),
		.run = run_sort},
	{.name = "print-sheet",
		.label = N_("Count sheet"),
		.help = N_("Write the lines of the sheet as a sheet to print and count with"),
		.why_not = why_no_row,
		.run = run_print},
};

const struct action_table stocktakes_actions = {
	.context = "stocktakes", .title = N_("Stocktakes"), ACTION_TABLE_ROWS(rows)};

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	const struct stocktakes *self = ctx;
	stocktake_list_title(&self->looked, out, size);
}

static const char *help(void *ctx)
{
	(void)ctx;
	return _(
		"Counts of what is on the shelf. A tab holds the sheets of one status; loss and gain of a blind sheet are not shown before it is finished. * stands where HQ has not confirmed yet.");
}

static void close_pane(void *ctx)
{
	struct stocktakes *self = ctx;
	app_timer_drop(self->shop->app, self);
	stocktake_list_free(&self->looked);
	free(self);
}

static bool may_leave(void *ctx)
{
	struct stocktakes *self = ctx;
	if (!stocktake_list_is_narrowed(&self->looked))
		return true;
	stocktake_list_narrow(&self->looked, &(struct stocktake_narrowing){.number = ""});
	return false;
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct stocktakes *self = ctx;
	if (max < 4)
		return 0;
	out[0] = (struct action_scope){&stocktakes_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->looked.list};
	out[2] = (struct action_scope){&tabs_actions, &self->looked.tabs};
	out[3] = (struct action_scope){&export_actions, &self->export};
	return 4;
}

static void read_figures(void *ctx)
{
	struct stocktakes *self = ctx;
	stocktake_figures_read(&self->looked.figures);
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct stocktakes *self = ctx;
	int64_t due_ms;
	stocktake_list_recalc(&self->looked, layout->body.rows - 2);
	due_ms = stocktake_figures_due_ms(&self->looked.figures);
	if (due_ms >= 0)
		app_timer(self->shop->app, due_ms, read_figures, self);
}

/* The column that tells it needs more than 80 columns; the line below the list has room for words. */
static void repaint_foot(const struct stocktakes *self, const struct rect *foot)
{
	char position[64], words[200];
	const struct source_row *row = list_row(&self->looked.list);
	const char *blind = row ? stocktake_list_blind(&self->looked.source, row) : "";
	list_position(&self->looked.list, position, sizeof position);
	draw_text_right(foot->y, foot->x, foot->cols - 1, ROLE_DIM, position);
	snprintf(words, sizeof words, "%s: %s", _("Blind"), blind);
	if (*blind)
		draw_text(foot->y, foot->x + 1, foot->cols - 4 - cols_width(position), ROLE_DIM,
			words);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct stocktakes *self = ctx;
	struct rect body = *area, head = layout_take_top(&body, 1),
		    foot = layout_take_bottom(&body, 1);
	tabs_repaint(&self->looked.tabs, head.y, head.x + 1, head.cols - 2);
	list_repaint(&self->looked.list, &body);
	repaint_foot(self, &foot);
}

static void on_change(void *ctx)
{
	struct stocktakes *self = ctx;
	stocktake_list_changed(&self->looked);
}

/* A code that opens nothing but a product, or nothing at all. */
static bool is_for_shelf(const struct stocktakes *self, const char *scanned)
{
	struct db *cache = shop_db(self->shop);
	char sku[COMMAND_ID_MAX + 1], ticket[TICKET_CODE_SIZE];
	struct barcode code;
	barcode_read(scanned, &code);
	if (!cache || code.kind == BARCODE_NONE || code.kind == BARCODE_DOCUMENT)
		return false;
	if (catalogue_resolve(cache, scanned, sku, sizeof sku))
		return true;
	return !ticket_code_normal(scanned, ticket, sizeof ticket) ||
		!db_has(cache, "SELECT 1 FROM ticket WHERE code = $1 OR order_number = $2", "tt",
			ticket, code.text);
}

/* Whoever counts and has left the sheet does not look: a page that opens would go unseen. */
static enum scan_use on_scan(void *ctx, const char *scanned)
{
	struct stocktakes *self = ctx;
	if (!shop_is_counting(self->shop) || !is_for_shelf(self, scanned))
		return SCAN_NOT_MINE;
	app_say(self->shop->app, ROLE_ERROR, "%s",
		_("Open the sheet to count; a scan here counts nothing."));
	app_signal(self->shop->app, APP_SIGNAL_BAD);
	return SCAN_REFUSED;
}

/* The same code twice at once is two pieces that are not counted. */
static bool is_counting(void *ctx)
{
	const struct stocktakes *self = ctx;
	return shop_is_counting(self->shop);
}

static const struct pane_ops ops = {
	.context = "stocktakes",
	.title = title,
	.help = help,
	.close = close_pane,
	.may_leave = may_leave,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	.on_scan = on_scan,
	.is_counting = is_counting,
	.on_change = on_change,
};

static void name_paper(void *ctx, char *out, size_t size)
{
	const struct stocktakes *self = ctx;
	snprintf(out, size, "%s", self->number);
}

struct pane pane_stocktakes_new(struct shop *shop)
{
	struct stocktakes *self = calloc(1, sizeof *self);
	if (!self || !stocktake_list_init(&self->looked, shop)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	self->shop = shop;
	export_list(&self->export, shop, &self->looked.source, &self->looked.list);
	source_init(&self->lines, shop, "stocktake_lines", NULL, 0);
	export_count_sheet(&self->paper, shop, &self->lines, NULL);
	self->paper.name = name_paper;
	self->paper.ctx = self;
	return (struct pane){&ops, self};
}
