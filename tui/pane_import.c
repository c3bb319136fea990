/*
 * What was read of a file to import: the bad rows, each with its reason, and the documents the good ones
 * would make. Nothing is imported before a second yes; leaving imports nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/import_ask.h"
#include "tui/import_list.h"
#include "tui/tabs.h"
#include "tui/task.h"

#define KINDS_MAX (DIALOG_MENU_MAX - 1)
#define KIND_BYTES 160

struct review {
	struct shop *shop;
	struct import_read *read; /* owned */
	struct export export;     /* the bad rows */
	struct tabs tabs;
	struct import_list lists[IMPORT_VIEWS];
	const char *kinds[KINDS_MAX];
	int kind_counts[KINDS_MAX];
	int kind_count;
	int64_t qty_milli; /* of all documents */
};

static const struct import *import_of(const struct review *self)
{
	return &self->read->run.import;
}

static const char *kind_now(const struct review *self)
{
	return self->lists[IMPORT_BAD].kind;
}

static const char *name_of(const struct review *self)
{
	const char *slash = strrchr(self->read->path, '/');

	return slash ? slash + 1 : self->read->path;
}

/* ------------------------------------------------------------------ kinds of bad rows */

static int kind_at(const struct review *self, const char *kind)
{
	for (int i = 0; i < self->kind_count; i++)
		if (strcmp(self->kinds[i], kind) == 0)
			return i;
	return self->kind_count;
}

static void count_kinds(struct review *self)
{
	const struct import *import = import_of(self);

	for (int i = 0; i < import->bad_count; i++) {
		int at = kind_at(self, import->bad[i].kind);

		if (at == KINDS_MAX)
			continue;
		self->kinds[at] = import->bad[i].kind;
		self->kind_counts[at]++;
		if (at == self->kind_count)
			self->kind_count++;
	}
}

static void pick_kind(void *ctx, size_t index)
{
	struct review *self = ctx;

	import_list_show(&self->lists[IMPORT_BAD], index == 0 ? NULL : self->kinds[index - 1]);
	tabs_choose(&self->tabs, IMPORT_BAD);
}

static const char *why_no_kinds(void *ctx, int arg)
{
	const struct review *self = ctx;

	(void)arg;
	return self->kind_count == 0 ? _("There is no bad row.") : NULL;
}

static void run_kinds(void *ctx, int arg)
{
	struct review *self = ctx;
	char labels[KINDS_MAX + 1][KIND_BYTES];
	struct dialog_menu_item items[KINDS_MAX + 1];

	(void)arg;
	snprintf(labels[0], KIND_BYTES, _("All bad rows: %d"), import_of(self)->bad_count);
	for (int i = 0; i < self->kind_count; i++)
		snprintf(labels[i + 1], KIND_BYTES, "%.120s: %d", self->kinds[i],
			self->kind_counts[i]);
	for (int i = 0; i <= self->kind_count; i++)
		items[i] = (struct dialog_menu_item){labels[i], NULL};
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){
			.title = _("Bad rows of one kind"),
			.items = items,
			.count = (size_t)self->kind_count + 1,
			.initial = kind_now(self) ? (size_t)kind_at(self, kind_now(self)) + 1 : 0,
			.pick = pick_kind,
			.ctx = self,
		});
}

/* ------------------------------------------------------------------ one row, one document */

static int row_now(const struct review *self)
{
	return import_list_now(&self->lists[self->tabs.now]);
}

static void add_bad(const struct review *self, int index, struct text *text)
{
	const struct import_bad *bad = &import_of(self)->bad[index];
	const char *const *headings = import_headings();

	text_addf(text, "%s\n", bad->reason);
	for (int i = 0; headings[i]; i++)
		text_addf(text, "\n%s: %s", headings[i], bad->cells[i] ? bad->cells[i] : "");
}

static void add_order(const struct review *self, int index, struct text *text)
{
	const struct import_order *order = &import_of(self)->orders[index];
	char other[SHOP_NAME_BYTES * 4], qty[SHOP_QTY_BYTES];

	import_list_other(self->shop, order, other, sizeof(other));
	text_addf(text, "%s\n", other);
	if (order->made) {
		text_addf(text, _("Its lines, or some of them, stand already in %s."), order->made);
		text_add(text, "\n");
	}
	for (int i = 0; i < order->line_count; i++) {
		shop_qty(order->lines[i].qty_milli, qty);
		text_addf(text, "\n%s  \u00d7%s", order->lines[i].sku, qty);
	}
}

static const char *why_no_row(void *ctx, int arg)
{
	(void)arg;
	return row_now(ctx) >= 0 ? NULL : _("There is no row under the cursor.");
}

static void run_open(void *ctx, int arg)
{
	struct review *self = ctx;
	int index = row_now(self);
	struct text text = TEXT_INIT(TEXT_LARGE);
	char title[120];

	(void)arg;
	if (self->tabs.now == IMPORT_BAD) {
		snprintf(title, sizeof(title), _("Row %lld"),
			(long long)import_of(self)->bad[index].row);
		add_bad(self, index, &text);
	} else {
		const struct import_order *order = &import_of(self)->orders[index];

		snprintf(
			title, sizeof(title), "%s, %s", import_run_kind(order), order->expected_on);
		add_order(self, index, &text);
	}
	dialog_page(self->shop->app, title, text_get(&text));
	text_free(&text);
}

/* ------------------------------------------------------------------ importing */

static const char *why_not_import(void *ctx, int arg)
{
	const struct review *self = ctx;

	(void)arg;
	if (import_of(self)->order_count == 0)
		return _("There is no good row to import.");
	if (strcmp(self->read->staff, self->shop->staff) != 0 ||
		strcmp(self->read->store, self->shop->store) != 0)
		return _("Somebody else read this file: read it again.");
	return shop_may(self->shop, "outbound.create");
}

static bool nothing_more(void *ctx, int *permille)
{
	(void)ctx;
	(void)permille;
	return false; /* all at once or not at all: it is done at the end */
}

static void import_all(struct review *self)
{
	struct shop *shop = self->shop;
	const struct import *import = import_of(self);
	struct console_verdict verdict;

	self->read->run.now_ms = shop_now(shop);
	if (import_run_save(&self->read->run, &verdict)) {
		/* TRANSLATORS: how many documents, how many lines. */
		app_say(shop->app, ROLE_OK, _("Saved: %d documents with %lld lines."),
			import->order_count, (long long)import->lines);
		shop_tell_changed(shop);
		app_close(shop->app, self);
	} else {
		app_say(shop->app, ROLE_ERROR, _("Nothing was imported: %s"),
			shop_refusal(&verdict));
		app_bell(shop->app);
	}
	console_verdict_free(&verdict);
}

static void imported(void *ctx, bool is_whole)
{
	/* Where the program leaves, the pane is gone already. */
	if (is_whole)
		import_all(ctx);
}

static void import_now(void *ctx)
{
	struct review *self = ctx;

	task_run(self->shop->app,
		&(struct task_spec){
			.title = _("Importing"),
			.text = _("All documents are saved at once, or none is."),
			.is_one = true,
			.step = nothing_more,
			.end = imported,
			.ctx = self,
		});
}

/* The same file twice, perhaps at two seats at once: asked about on its own, for one yes is said fast. */
static void import_unless_made(void *ctx)
{
	struct review *self = ctx;
	const struct import *import = import_of(self);
	char text[400], first[SHOP_NAME_BYTES] = "";

	import_run_find_made(&self->read->run);
	if (import->made_count == 0) {
		import_now(self);
		return;
	}
	for (int i = 0; i < import->order_count && !first[0]; i++)
		if (import->orders[i].made)
			snprintf(first, sizeof(first), "%s", import->orders[i].made);
	snprintf(text, sizeof(text),
		/* TRANSLATORS: how many of them, how many documents, the number of the first. */
		_("%d of the %d documents stand already, whole or in part, with the same other end and date, the first as %s. Was this file imported before? Yes makes all of them once more."),
		import->made_count, import->order_count, first);
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Imported before"),
			.text = text,
			.yes_label = _("Make them again"),
			.is_dangerous = true,
			.yes = import_now,
			.ctx = self,
		});
}

static void add_unknown(const struct review *self, char *text, size_t size)
{
	size_t used = strlen(text);

	if (self->read->run.far_unknown > 0)
		snprintf(text + used, size - used,
			ngettext(
				"\n%lld line only HQ can judge: whether the other store has the product is not known here. HQ refuses a document as a whole.",
				"\n%lld lines only HQ can judge: whether the other store has the product is not known here. HQ refuses a document as a whole.",
				(unsigned long)self->read->run.far_unknown),
			(long long)self->read->run.far_unknown);
}

static void ask_to_import(void *ctx, int arg)
{
	struct review *self = ctx;
	const struct import *import = import_of(self);
	char text[600], pieces[SHOP_QTY_BYTES];
	size_t used;

	(void)arg;
	shop_qty(self->qty_milli, pieces);
	used = (size_t)snprintf(text, sizeof(text),
		/* TRANSLATORS: documents, lines, pieces, the file. */
		_("%d documents with %lld lines, %s pieces, are made from %.200s."),
		import->order_count, (long long)import->lines, pieces, name_of(self));
	if (import->bad_count > 0 && used < sizeof(text))
		snprintf(text + used, sizeof(text) - used,
			_("\n%d bad rows are left out. Write them to a file first to mend them."),
			import->bad_count);
	add_unknown(self, text, sizeof(text));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){
			.title = import->bad_count > 0 ? _("Import the good rows") : _("Import"),
			.text = text,
			.yes_label = _("Import"),
			.is_dangerous = import->bad_count > 0,
			.yes = import_unless_made,
			.ctx = self,
		});
}

static bool write_bad(void *ctx, const char *path, int64_t *rows, char *error, size_t size)
{
	return import_run_write_bad(import_of(ctx), path, rows, error, size);
}

static const char *why_no_bad(void *ctx)
{
	return why_no_kinds(ctx, 0);
}

static void bad_name(void *ctx, char *out, size_t size)
{
	(void)ctx;
	snprintf(out, size, "bad-rows");
}

static const struct action review_actions[] = {
	{"open-row", N_("Open"), N_("Show the row, or the document with its lines"), ACTION_HINT, 0,
		why_no_row, run_open, NULL},
	{"import-rows", N_("Import"), N_("Import the good rows, after a question"), ACTION_HINT, 0,
		why_not_import, ask_to_import, NULL},
	{"one-kind", N_("Reason"), N_("Only the bad rows of one reason"), ACTION_HINT, 0,
		why_no_kinds, run_kinds, NULL},
};
const struct action_table import_review_actions = {
	.context = "import",
	.title = N_("An import"),
	ACTION_TABLE_ROWS(review_actions),
};

/* ------------------------------------------------------------------ the pane */

static size_t review_scopes(void *ctx, struct action_scope *out, size_t max)
{
	struct review *self = ctx;

	if (max < 4)
		return 0;
	out[0] = (struct action_scope){&import_review_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->lists[self->tabs.now].list};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&export_actions, &self->export};
	return 4;
}

static void review_title(void *ctx, char *out, size_t size)
{
	const struct review *self = ctx;
	const char *name = name_of(self);

	if (kind_now(self))
		snprintf(out, size, _("Import of %s | %s"), name, kind_now(self));
	else
		snprintf(out, size, _("Import of %s"), name);
}

static const char *review_help(void *ctx)
{
	(void)ctx;
	return _(
		"Nothing of this file is imported yet. Every bad row stands here with its number and reason. The good ones make the documents of the other tab; Esc leaves without importing anything.");
}

static bool review_may_leave(void *ctx)
{
	struct review *self = ctx;

	if (kind_now(self)) {
		import_list_show(&self->lists[IMPORT_BAD], NULL);
		return false;
	}
	app_say(self->shop->app, ROLE_DIM, "%s", _("Nothing was imported."));
	return true;
}

static void review_recalc(void *ctx, const struct layout *layout)
{
	struct review *self = ctx;

	list_recalc(&self->lists[self->tabs.now].list, layout->body.rows - 2);
}

static void review_repaint(void *ctx, const struct rect *area)
{
	struct review *self = ctx;
	const struct import *import = import_of(self);
	struct rect body = *area;
	struct rect head = layout_take_top(&body, 1);
	struct rect tabs = layout_take_top(&body, 1);
	char text[200], pieces[SHOP_QTY_BYTES];

	shop_qty(self->qty_milli, pieces);
	/* TRANSLATORS: rows of the file, good lines, pieces. */
	snprintf(text, sizeof(text),
		_("%lld rows read: %lld good lines, %s pieces; not imported yet"),
		(long long)import->rows, (long long)import->lines, pieces);
	draw_text(head.y, head.x + 1, head.cols - 2, ROLE_DIM, text);
	tabs_repaint(&self->tabs, tabs.y, tabs.x + 1, tabs.cols - 2);
	list_repaint(&self->lists[self->tabs.now].list, &body);
}

static void review_close(void *ctx)
{
	struct review *self = ctx;

	for (int i = 0; i < IMPORT_VIEWS; i++)
		import_list_free(&self->lists[i]);
	import_read_free(self->read);
	free(self);
}

static const struct pane_ops review_ops = {
	.context = "import",
	.title = review_title,
	.help = review_help,
	.close = review_close,
	.may_leave = review_may_leave,
	.scopes = review_scopes,
	.recalc = review_recalc,
	.repaint = review_repaint,
};

struct pane pane_import_new(struct import_read *read)
{
	const struct import *import = &read->run.import;
	struct review *self = calloc(1, sizeof(*self));
	bool good = true;

	if (!self) {
		import_read_free(read);
		return (struct pane){NULL, NULL};
	}
	self->shop = read->shop;
	self->read = read;
	for (int i = 0; i < IMPORT_VIEWS; i++)
		good = import_list_init(
			       &self->lists[i], self->shop, import, (enum import_list_view)i) &&
			good;
	if (!good) {
		review_close(self);
		return (struct pane){NULL, NULL};
	}
	for (int i = 0; i < import->order_count; i++)
		self->qty_milli += import->orders[i].qty_milli;
	self->tabs.count = IMPORT_VIEWS;
	self->tabs.items[IMPORT_BAD] = (struct tab){
		N_("Bad rows"), import->bad_count, import->bad_count > 0 ? ROLE_WARN : ROLE_NORMAL};
	self->tabs.items[IMPORT_ORDERS] = (struct tab){N_("Documents"), import->order_count,
		import->made_count > 0 ? ROLE_WARN : ROLE_NORMAL};
	self->tabs.now = import->bad_count > 0 ? IMPORT_BAD : IMPORT_ORDERS;
	export_call(&self->export, self->shop, write_bad, self);
	self->export.name = bad_name;
	self->export.why_not = why_no_bad;
	count_kinds(self);
	return (struct pane){&review_ops, self};
}
