/* Stocktakes of the store by status, and the form that opens a new sheet. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "model/stocktake.h"
#include "model/text.h"
#include "tui/dialog.h"
#include "tui/form.h"
#include "tui/export.h"
#include "tui/source.h"
#include "tui/stocktake_tables.h"
#include "tui/tabs.h"

#include <stdlib.h>
#include <string.h>

/* The first tab is every status; the others stand in the order of a sheet's life. */
static const char *const tab_labels[] = {
	N_("All"),
	N_("New"),
	N_("In count"),
	N_("Paused"),
	N_("Recounting"),
	N_("Matched"),
	N_("Mismatched"),
	N_("Corrected"),
	N_("Void"),
};
#define TAB_COUNT ((int)(sizeof tab_labels / sizeof *tab_labels))

static const struct source_column cells[] = {
	{.kind = SOURCE_MARK},
	{.column = "number"},
	{.column = "status", .kind = SOURCE_WORD, .group = "stocktake"},
	{.column = "scope", .kind = SOURCE_WORD, .group = "scope"},
	{.column = "creator", .kind = SOURCE_STAFF},
	{.column = "created_at", .kind = SOURCE_WHEN},
	{.column = "note"},
};
#define CELLS (sizeof cells / sizeof *cells)

enum { CELL_MARK, CELL_NUMBER };

static const struct list_column columns[CELLS] = {
	[CELL_MARK] = {.title = "", .width_cols = 1},
	[CELL_NUMBER] = {.title = N_("Number"), .width_cols = 29, .is_key = true},
	{.title = N_("Status"), .width_cols = 10},
	{.title = N_("Scope"), .width_cols = 8, .drop = 2},
	{.title = N_("Creator"), .width_cols = 8, .flex = 1, .drop = 3},
	{.title = N_("Created"), .width_cols = 11, .drop = 1},
	{.title = N_("Note"), .width_cols = 10, .flex = 2, .drop = 4},
};

struct stocktakes {
	struct shop *shop;
	struct source source;
	struct export export;
	struct list list;
	struct tabs tabs;
	struct list_column columns[CELLS]; /* the number as wide as this store's are */
};

/* ---- tabs ---- */

static void tab_changed(void *ctx)
{
	struct stocktakes *self = ctx;
	int now = self->tabs.now;
	source_where(&self->source, "status", now > 0 ? stocktake_words[now - 1] : NULL);
	list_restart(&self->list);
}

static void add_count(void *ctx, const char *status, long count)
{
	struct tabs *tabs = ctx;
	for (int i = 0; i < STOCKTAKE_STATUSES; i++) {
		if (strcmp(stocktake_words[i], status) == 0)
			tabs->items[i + 1].count = count;
	}
	tabs->items[0].count += count;
}

static void count_tabs(struct stocktakes *self)
{
	char status[SOURCE_FILTER_BYTES];
	snprintf(status, sizeof status, "%s", source_filter(&self->source, "status"));
	for (int i = 0; i < TAB_COUNT; i++)
		self->tabs.items[i].count = 0;
	source_where(&self->source, "status", NULL);
	source_group(&self->source, "status", add_count, &self->tabs);
	source_where(&self->source, "status", status);
}

/* ---- a new sheet ---- */

#define WORDS_MAX 20

/* The comma-separated words of a field as a JSON list; NULL if there is none. */
static cJSON *words_list(const char *value)
{
	cJSON *list = NULL;
	char *copy = text_copy(value), *rest = copy, *word;
	while ((word = strsep(&rest, ",")) != NULL) {
		word += strspn(word, " ");
		for (size_t end = strlen(word); end > 0 && word[end - 1] == ' '; end--)
			word[end - 1] = '\0';
		if (!*word)
			continue;
		if (!list)
			list = cJSON_CreateArray();
		cJSON_AddItemToArray(list, cJSON_CreateString(word));
	}
	free(copy);
	return list;
}

/* Suggestions for the word behind the last comma; what stands before it is kept. */
static size_t suggest(struct stocktakes *self, const char *column, const char *typed,
	struct form_pick *out, size_t max)
{
	static const char *const queries[] = {
		"SELECT DISTINCT category FROM product WHERE category > $1 ORDER BY category LIMIT $2",
		"SELECT DISTINCT vendor FROM product WHERE vendor > $1 ORDER BY vendor LIMIT $2",
	};
	struct db *db = shop_db(self->shop);
	const char *comma = strrchr(typed, ',');
	size_t head = comma ? (size_t)(comma - typed) + 1 : 0, count = 0;
	const char *word = typed + head + strspn(typed + head, " ");
	if (!db)
		return 0;
	struct db_rows *rows = db_query(
		db, queries[strcmp(column, "vendor") == 0], "ti", "", INT64_C(500));
	while (count < max && db_next(rows)) {
		const char *name = db_text(rows, 0);
		if (!strcasestr(name, word) || head + strlen(name) + 2 > sizeof out->id)
			continue;
		snprintf(out[count].id, sizeof out->id, "%.*s%s%s", (int)head, typed,
			head ? " " : "", name);
		snprintf(out[count++].label, sizeof out->label, "%s", name);
	}
	db_done(rows);
	return count;
}

static size_t suggest_category(void *ctx, const char *typed, struct form_pick *out, size_t max)
{
	return suggest(ctx, "category", typed, out, max);
}

static size_t suggest_vendor(void *ctx, const char *typed, struct form_pick *out, size_t max)
{
	return suggest(ctx, "vendor", typed, out, max);
}

static size_t suggest_staff(void *ctx, const char *typed, struct form_pick *out, size_t max)
{
	struct stocktakes *self = ctx;
	struct db *db = shop_db(self->shop);
	size_t count = 0;
	if (!db)
		return 0;
	struct db_rows *rows = db_query(
		db, "SELECT id, name FROM staff WHERE active = 1 ORDER BY id LIMIT 500", "");
	while (count < max && db_next(rows)) {
		if (!strcasestr(db_text(rows, 0), typed) && !strcasestr(db_text(rows, 1), typed))
			continue;
		snprintf(out[count].id, sizeof out->id, "%s", db_text(rows, 0));
		snprintf(out[count].label, sizeof out->label, "%s  %s", db_text(rows, 0),
			db_text(rows, 1));
		count++;
	}
	db_done(rows);
	return count;
}

static void add_words(cJSON *data, const char *name, cJSON *list)
{
	if (list)
		cJSON_AddItemToObject(data, name, list);
}

static const char *submit_new(void *ctx, struct form *form)
{
	struct stocktakes *self = ctx;
	struct console_verdict verdict;
	bool partial = strcmp(form_value(form, "scope"), "partial") == 0;
	cJSON *data = cJSON_CreateObject();
	cJSON_AddStringToObject(data, "scope", form_value(form, "scope"));
	add_words(data, "categories", partial ? words_list(form_value(form, "category")) : NULL);
	add_words(data, "vendors", partial ? words_list(form_value(form, "vendor")) : NULL);
	cJSON_AddBoolToObject(data, "blind", strcmp(form_value(form, "blind"), "yes") == 0);
	if (*form_value(form, "creator"))
		cJSON_AddStringToObject(data, "creator", form_value(form, "creator"));
	cJSON_AddStringToObject(data, "note", form_value(form, "note"));
	bool saved = shop_do(self->shop, "stocktake.create", data, &verdict);
	const char *wrong = saved ? NULL : shop_refusal(&verdict);
	if (saved)
		shop_push(self->shop, pane_stocktake_new(self->shop, verdict.id));
	console_verdict_free(&verdict);
	return wrong;
}

static const struct form_choice scopes[] = {{"full", N_("Full: everything in stock")},
	{"partial", N_("Partial: by category or vendor")}};
static const struct form_choice blinds[] = {{"no", N_("No: book and difference are shown")},
	{"yes", N_("Yes: book is hidden while counting")}};

static void open_form(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	struct form_field fields[] = {
		{.name = "scope",
			.kind = FORM_CHOICE,
			.label = N_("Scope"),
			.initial = "full",
			.choices = scopes,
			.choice_count = 2},
		{.name = "category",
			.kind = FORM_PICK,
			.label = N_("Categories"),
			.hint = N_("Only for a partial stocktake; several with commas"),
			.pick = suggest_category},
		{.name = "vendor",
			.kind = FORM_PICK,
			.label = N_("Vendors"),
			.hint = N_("Only for a partial stocktake; several with commas"),
			.pick = suggest_vendor},
		{.name = "blind",
			.kind = FORM_CHOICE,
			.label = N_("Blind"),
			.initial = "no",
			.choices = blinds,
			.choice_count = 2},
		{.name = "creator",
			.kind = FORM_PICK,
			.label = N_("Creator"),
			.initial = self->shop->staff,
			.is_required = true,
			.pick = suggest_staff},
		{.name = "note", .kind = FORM_TEXT, .label = N_("Note"), .max_chars = 200},
	};
	form_open(self->shop->app,
		&(struct form_spec){.title = _("New stocktake"),
			.fields = fields,
			.field_count = sizeof fields / sizeof *fields,
			.submit_label = _("Create"),
			.submit = submit_new,
			.ctx = self});
}

/* ---- actions ---- */

static const char *new_why_not(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	return shop_may(self->shop, "stocktake.create");
}

static const char *open_why_not(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	return list_row(&self->list) ? NULL : _("The list is empty.");
}

static void open_sheet(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	shop_push(self->shop,
		pane_stocktake_new(
			self->shop, source_text(&self->source, list_row(&self->list), "id")));
}

static const char *take_search(void *ctx, const char *value)
{
	struct stocktakes *self = ctx;
	source_where(&self->source, "q", value);
	list_restart(&self->list);
	return NULL;
}

static void search(void *ctx, int arg)
{
	struct stocktakes *self = ctx;
	(void)arg;
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = _("Search stocktakes"),
			.text = _("Part of the number, the note or the creator. Empty shows all."),
			.initial = source_filter(&self->source, "q"),
			.submit = take_search,
			.ctx = self});
}

static const struct action rows[] = {
	{.name = "open-sheet",
		.label = N_("Open"),
		.help = N_("Open the sheet under the cursor"),
		.flags = ACTION_HINT,
		.why_not = open_why_not,
		.run = open_sheet},
	{.name = "new-sheet",
		.label = N_("New"),
		.help = N_("Open a new sheet, full or partial"),
		.flags = ACTION_HINT,
		.why_not = new_why_not,
		.run = open_form},
	{.name = "search-sheets",
		.label = N_("Search"),
		.help = N_("Search by number, note or creator"),
		.flags = ACTION_HINT,
		.run = search},
};

const struct action_table stocktakes_actions = {
	.context = "stocktakes", .title = N_("Stocktakes"), ACTION_TABLE_ROWS(rows)};

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	struct stocktakes *self = ctx;
	const char *q = source_filter(&self->source, "q");
	if (*q)
		snprintf(out, size, _("Stocktakes with “%s”"), q);
	else
		snprintf(out, size, "%s", _("Stocktakes"));
}

static void close_pane(void *ctx)
{
	struct stocktakes *self = ctx;
	list_free(&self->list);
	free(self);
}

static bool may_leave(void *ctx)
{
	struct stocktakes *self = ctx;
	if (!*source_filter(&self->source, "q"))
		return true;
	take_search(self, NULL);
	return false;
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct stocktakes *self = ctx;
	if (max < 4)
		return 0;
	out[0] = (struct action_scope){&stocktakes_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&export_actions, &self->export};
	return 4;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct stocktakes *self = ctx;
	count_tabs(self);
	self->list.empty = shop_empty_words(
		self->shop, _("No stocktake here. n opens a new sheet."));
	list_recalc(&self->list, layout->body.rows - 1);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct stocktakes *self = ctx;
	struct rect body = *area, head = layout_take_top(&body, 1);
	tabs_repaint(&self->tabs, head.y, head.x + 1, head.cols - 2);
	list_repaint(&self->list, &body);
}

static void on_change(void *ctx)
{
	struct stocktakes *self = ctx;
	list_changed(&self->list);
}

static const struct pane_ops ops = {
	.context = "stocktakes",
	.title = title,
	.close = close_pane,
	.may_leave = may_leave,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	.on_change = on_change,
};

struct pane pane_stocktakes_new(struct shop *shop)
{
	struct stocktakes *self = calloc(1, sizeof *self);
	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	source_init(&self->source, shop, "stocktakes", cells, CELLS);
	self->source.pending_table = "stocktake";
	self->source.pending_child = "stocktake_line";
	self->source.pending_key = "id";
	memcpy(self->columns, columns, sizeof(self->columns));
	self->columns[CELL_NUMBER].width_cols = SHOP_NUMBER_COLS + (int)strlen(shop->store);
	source_where(&self->source, "store", shop->store);
	for (int i = 0; i < TAB_COUNT; i++)
		self->tabs.items[i].label = tab_labels[i];
	self->tabs.count = TAB_COUNT;
	self->tabs.changed = tab_changed;
	self->tabs.ctx = self;
	if (!list_init(&self->list, &source_list, &self->source, self->columns, CELLS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	export_list(&self->export, shop, &self->source, &self->list);
	return (struct pane){&ops, self};
}
