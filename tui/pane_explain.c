/*
 * Where a number comes from: its entries, oldest first, with the running total, which ends in the number.
 * What this terminal did and HQ has not confirmed stands apart, below the line with HQ's figure.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/document_rows.h"
#include "tui/explain_here.h"
#include "tui/panes.h"
#include "tui/tabs.h"

#define HEAD_ROWS 3
#define TEXT_BYTES 400
#define WHY_COLS_MIN 12
#define FIGURE_COLS_MIN 6
#define WORDS_COLS \
	43 /* of reasons and documents together: they fit into 80 columns beside short figures */

/* A row of the list: an entry, or the line between what HQ has and what is pending. */
struct row {
	char key[LIST_KEY_BYTES];
	bool is_line;
	struct explain_entry entry;
	char why[160], when[SHOP_WHEN_BYTES], document[SHOP_NAME_BYTES], store[SHOP_NAME_BYTES],
		by[SHOP_NAME_BYTES];
};

enum { MARK, WHEN, WHY, ADDS, TOTAL, DOCUMENT, STORE, BY, COLUMNS };

struct explain_pane {
	struct document_rows rows; /* of struct row; first, as document_rows.h asks */
	struct shop *shop;
	struct explain what;
	struct explained sum; /* its entries are in the rows */
	struct list list;
	struct list_column columns[COLUMNS];
	int document_cols_max;
	char label[EXPLAIN_LABEL_BYTES], about[TEXT_BYTES], figure[TEXT_BYTES], note[TEXT_BYTES];
	enum role note_role;
	bool is_stale, is_opened;
};

/* ------------------------------------------------------------------ rows */

static void put_why(const struct explain_entry *entry, char *out, size_t size)
{
	const char *word = shop_word(entry->group, entry->word);

	if (entry->count > 0)
		/* TRANSLATORS: how many entries one row stands for. */
		snprintf(out, size, _("%lld earlier entries"), (long long)entry->count);
	else if (entry->undone)
		/* TRANSLATORS: what it was ("Scan"), and that it was undone since. */
		snprintf(out, size, _("%s, taken back"), word);
	else
		snprintf(out, size, "%s", word);
}

/* Does it name a document that can be opened? A write-off is its own, without a number. */
static bool has_document(const struct explain_entry *entry)
{
	return entry->doc[0] && entry->doc_kind[0] && strcmp(entry->doc_kind, "stock") != 0;
}

static struct row *add_row(struct explain_pane *self)
{
	struct row *row = document_rows_add(&self->rows);

	if (row)
		document_rows_key(row->key, (long long)self->rows.count, "");
	return row;
}

static void add_entry(struct explain_pane *self, const struct explain_entry *entry)
{
	const struct shop *shop = self->shop;
	struct row *row = add_row(self);

	if (!row)
		return;
	row->entry = *entry;
	put_why(entry, row->why, sizeof(row->why));
	shop_when(shop, entry->at_ms, row->when);
	if (has_document(entry) && strcmp(entry->doc, self->what.of) != 0)
		shop_document_name(
			shop, entry->doc_kind, entry->doc, row->document, sizeof(row->document));
	if (entry->store[0])
		shop_store_name(shop, entry->store, row->store, sizeof(row->store));
	if (entry->actor[0])
		shop_staff_name(shop, entry->actor, row->by, sizeof(row->by));
}

static void add_line(struct explain_pane *self)
{
	struct row *row = add_row(self);

	if (!row)
		return;
	row->is_line = true;
	row->entry.total = self->sum.hq;
	snprintf(row->why, sizeof(row->why), "%s", _("HQ's figure"));
}

static void add_rows(struct explain_pane *self)
{
	document_rows_clear(&self->rows);
	for (size_t i = 0; i < self->sum.count; i++) {
		if (i == self->sum.confirmed)
			add_line(self);
		add_entry(self, &self->sum.entries[i]);
	}
}

/* ------------------------------------------------------------------ words */

static void put_about(struct explain_pane *self)
{
	const struct explain *what = &self->what;
	char of[SHOP_NAME_BYTES] = "", name[SHOP_NAME_BYTES] = "";

	if (what->kind <= EXPLAIN_AVAILABLE)
		shop_store_name(self->shop, what->of, of, sizeof(of));
	else if (what->kind <= EXPLAIN_RESERVED)
		shop_channel_name(self->shop, what->of, of, sizeof(of));
	else if (what->kind <= EXPLAIN_DIFFERENCE)
		shop_document_name(self->shop, "stocktake", what->of, of, sizeof(of));
	else if (what->kind <= EXPLAIN_MOVEMENT_SENT_BACK)
		shop_document_name(self->shop, "movement", what->of, of, sizeof(of));
	else if (what->kind <= EXPLAIN_ORDER_RESERVED)
		snprintf(of, sizeof(of), "%s", what->of);
	else
		shop_code(self->shop, what->of, of, sizeof(of));
	if (what->sku[0])
		shop_product_name(self->shop, what->sku, name, sizeof(name));
	snprintf(self->about, sizeof(self->about), "%s%s%s%s%s", of, what->sku[0] ? "  " : "",
		what->sku, strcmp(name, what->sku) != 0 ? "  " : "",
		strcmp(name, what->sku) != 0 ? name : "");
}

static void put_figure(struct explain_pane *self)
{
	char figure[SHOP_QTY_BYTES], hq[SHOP_QTY_BYTES], pending[SHOP_QTY_BYTES];

	shop_qty(self->sum.figure, figure);
	shop_qty(self->sum.hq, hq);
	shop_qty_signed(self->sum.pending, pending);
	if (!self->sum.is_known)
		snprintf(self->figure, sizeof(self->figure), _("%s: %s"), self->label, "?");
	else if (self->sum.count > self->sum.confirmed)
		/* TRANSLATORS: the number's name, the number, HQ's figure, "+3". */
		snprintf(self->figure, sizeof(self->figure),
			_("%s: %s  (HQ %s, pending from this terminal %s)"), self->label, figure,
			hq, pending);
	else
		snprintf(self->figure, sizeof(self->figure), _("%s: %s"), self->label, figure);
}

/* What must be known to trust it, the gravest first. */
static void put_note(struct explain_pane *self)
{
	struct console_progress copied;
	char qty[SHOP_QTY_BYTES];

	self->note[0] = '\0';
	self->note_role = ROLE_WARN;
	shop_qty(self->sum.missing, qty);
	if (console_progress(self->shop->console, &copied) && copied.is_first)
		snprintf(self->note, sizeof(self->note), "%s",
			_("The first copy of HQ's data is still on its way: not everything is here."));
	else if (!self->sum.is_known)
		snprintf(self->note, sizeof(self->note), "%s",
			_("This terminal is not sent what this number comes from."));
	else if (self->sum.missing != 0)
		snprintf(self->note, sizeof(self->note),
			_("%s of it comes from entries that are not on this terminal: another store's, or older ones."),
			qty);
	else if (self->sum.is_unlimited)
		snprintf(self->note, sizeof(self->note), "%s",
			_("Backorders have no limit: it may be sold whatever this sum is."));
}

/* ------------------------------------------------------------------ the list */

static const struct list_column columns[COLUMNS] = {
	[MARK] = {.title = "", .width_cols = 1},
	[WHEN] = {.title = N_("When"), .width_cols = 11},
	[WHY] = {.title = N_("Why"), .width_cols = 12, .flex = 1, .is_key = true},
	/* TRANSLATORS: what an entry adds to a sum. */
	[ADDS] = {.title = N_("Adds"), .width_cols = FIGURE_COLS_MIN, .align = LIST_RIGHT},
	/* TRANSLATORS: the running total. */
	[TOTAL] = {.title = N_("Sum"), .width_cols = FIGURE_COLS_MIN, .align = LIST_RIGHT},
	[DOCUMENT] = {.title = N_("Document"), .width_cols = SHOP_NUMBER_COLS, .drop = 1},
	[STORE] = {.title = N_("Store"), .width_cols = 8, .flex = 1, .drop = 3},
	[BY] = {.title = N_("By"), .width_cols = 8, .flex = 1, .drop = 2},
};

static int longer(int cols, const char *text)
{
	int width = cols_width(text);

	return width > cols ? width : cols;
}

/* Figures are never cut: their columns are as wide as the widest of them. Returns what that is above the least. */
static int choose_figures(struct explain_pane *self)
{
	int adds_cols = FIGURE_COLS_MIN, total_cols = FIGURE_COLS_MIN;

	for (size_t i = 0; i < self->rows.count; i++) {
		const struct row *row = document_rows_at(&self->rows, i);
		char text[SHOP_QTY_BYTES];

		shop_qty_signed(row->entry.qty, text);
		adds_cols = longer(adds_cols, text);
		shop_qty(row->entry.total, text);
		total_cols = longer(total_cols, text);
	}
	self->columns[ADDS].width_cols = adds_cols;
	self->columns[TOTAL].width_cols = total_cols;
	return adds_cols + total_cols - 2 * FIGURE_COLS_MIN;
}

/* A column that would be blank from top to bottom leaves its room to the others, and so does what numbers of
 * documents do not need. */
static void choose_columns(struct explain_pane *self)
{
	bool is_used[COLUMNS] = {[WHY] = true, [ADDS] = true, [TOTAL] = true};
	int document_cols = 0, why_cols = WHY_COLS_MIN;
	int words_cols = WORDS_COLS - choose_figures(self);

	for (size_t i = 0; i < self->rows.count; i++) {
		const struct row *row = document_rows_at(&self->rows, i);

		is_used[MARK] |= row->entry.pending;
		is_used[WHEN] |= row->when[0] != '\0';
		is_used[DOCUMENT] |= row->document[0] != '\0';
		document_cols = longer(document_cols, row->document);
		why_cols = longer(why_cols, row->why);
		is_used[STORE] |= row->store[0] != '\0' && self->what.kind > EXPLAIN_DAMAGED;
		is_used[BY] |= row->by[0] != '\0';
	}
	for (int i = 0; i < COLUMNS; i++)
		self->columns[i].drop = is_used[i] ? columns[i].drop : LIST_ABSENT;
	if (document_cols > self->document_cols_max)
		document_cols = self->document_cols_max;
	if (why_cols > words_cols - document_cols)
		why_cols = words_cols - document_cols;
	self->columns[WHY].width_cols = why_cols > WHY_COLS_MIN ? why_cols : WHY_COLS_MIN;
	self->columns[DOCUMENT].width_cols = document_cols;
}

static void put_adds(const struct row *row, struct list_cell *out)
{
	char text[SHOP_QTY_BYTES];

	if (row->is_line)
		return;
	shop_qty_signed(row->entry.qty, text);
	snprintf(out->text, sizeof(out->text), "%s", text);
	out->role = row->entry.pending ? ROLE_PENDING : shop_qty_role(row->entry.qty);
}

static void put_total(const struct row *row, struct list_cell *out)
{
	char text[SHOP_QTY_BYTES];

	shop_qty(row->entry.total, text);
	snprintf(out->text, sizeof(out->text), "%s", text);
	out->role = row->is_line ? ROLE_BOLD : row->entry.total < 0 ? ROLE_LOSS : ROLE_NORMAL;
}

static void put_cell(void *ctx, const void *it, int column, struct list_cell *out)
{
	const struct row *row = it;
	const char *const texts[COLUMNS] = {[MARK] = row->entry.pending ? SHOP_PENDING_MARK : "",
		[WHEN] = row->when,
		[WHY] = row->why,
		[DOCUMENT] = row->document,
		[STORE] = row->store,
		[BY] = row->by};

	(void)ctx;
	if (column == ADDS) {
		put_adds(row, out);
	} else if (column == TOTAL) {
		put_total(row, out);
	} else {
		snprintf(out->text, sizeof(out->text), "%s", texts[column]);
		out->role = row->entry.pending ? ROLE_PENDING
			: row->entry.undone    ? ROLE_DIM
					       : ROLE_NORMAL;
	}
}

static const struct list_source source = {
	.row_bytes = sizeof(struct row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = put_cell,
};

static void read_again(struct explain_pane *self)
{
	struct db *db = shop_db(self->shop);
	struct world world = console_world(self->shop->console);

	explain_free(&self->sum);
	if (db)
		explain_read(db, &world, &self->what, &self->sum);
	explain_label(self->shop, &self->what, self->label, sizeof(self->label));
	add_rows(self);
	choose_columns(self);
	put_about(self);
	put_figure(self);
	put_note(self);
	self->list.empty = self->sum.is_known ? _("Nothing has added to it yet: it is 0.") : "";
	self->is_stale = false;
	list_changed(&self->list);
}

/* ------------------------------------------------------------------ actions */

static const char *why_not_open(void *ctx, int arg)
{
	const struct explain_pane *self = ctx;
	const struct row *row = list_row(&self->list);

	(void)arg;
	if (!row)
		return _("There is no row under the cursor.");
	if (has_document(&row->entry) || row->entry.next.kind != EXPLAIN_NONE)
		return NULL;
	if (strcmp(row->entry.doc_kind, "stock") == 0)
		return _("This entry is its own document: there is no more of it than this row.");
	return _("No document belongs to this row.");
}

static void run_open(void *ctx, int arg)
{
	struct explain_pane *self = ctx;
	const struct row *row = list_row(&self->list);

	(void)arg;
	if (row->entry.next.kind != EXPLAIN_NONE)
		shop_push(self->shop, pane_explain_new(self->shop, &row->entry.next));
	else
		shop_open_document(self->shop, row->entry.doc_kind, row->entry.doc);
}

static const struct action rows[] = {
	{"open-entry", N_("Open"), N_("Open the document of this entry, or explain it in turn"),
		ACTION_HINT, 0, why_not_open, run_open, NULL},
};
const struct action_table explain_actions = {
	.context = "explained",
	.title = N_("A number explained"),
	ACTION_TABLE_ROWS(rows),
};

/* ------------------------------------------------------------------ the pane */

static void title(void *ctx, char *out, size_t size)
{
	const struct explain_pane *self = ctx;

	/* TRANSLATORS: the name of a number, such as "On hand". */
	snprintf(out, size, _("Explained: %s"), self->label);
}

static void note(void *ctx, char *out, size_t size)
{
	list_position(&((struct explain_pane *)ctx)->list, out, size);
}

static const char *help(void *ctx)
{
	(void)ctx;
	return _(
		"Every entry that makes up the number, the oldest first; the sum runs with them and ends in the number. Rows marked * were done here and are not confirmed by HQ yet: above them stands HQ's figure. All of it is read from this terminal, so it works with the line down.");
}

static void close_pane(void *ctx)
{
	struct explain_pane *self = ctx;

	explain_free(&self->sum);
	list_free(&self->list);
	document_rows_free(&self->rows);
	free(self);
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct explain_pane *self = ctx;

	if (max < 2)
		return 0;
	out[0] = (struct action_scope){&explain_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->list};
	return 2;
}

/* The number is where the sum ends. */
static void show_end(struct explain_pane *self)
{
	const struct row *last = self->rows.count > 0
		? document_rows_at(&self->rows, self->rows.count - 1)
		: NULL;

	if (last)
		list_go_to(&self->list, last->key);
	self->is_opened = true;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct explain_pane *self = ctx;

	if (self->is_stale)
		read_again(self);
	if (!self->is_opened)
		show_end(self);
	list_recalc(&self->list, layout->body.rows - HEAD_ROWS);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct explain_pane *self = ctx;
	struct rect body = *area;
	struct rect head = layout_take_top(&body, HEAD_ROWS - 1),
		    foot = layout_take_bottom(&body, 1);

	draw_text(head.y, head.x + 2, head.cols - 3, ROLE_BOLD, self->figure);
	draw_text(head.y + 1, head.x + 2, head.cols - 3, ROLE_DIM, self->about);
	list_repaint(&self->list, &body);
	draw_text(foot.y, foot.x + 2, foot.cols - 3, self->note_role, self->note);
}

static void on_change(void *ctx)
{
	((struct explain_pane *)ctx)->is_stale = true;
}

static const struct pane_ops ops = {
	.context = "explained",
	.title = title,
	.note = note,
	.help = help,
	.close = close_pane,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	.on_change = on_change,
};

struct pane pane_explain_new(struct shop *shop, const struct explain *what)
{
	struct explain_pane *self = calloc(1, sizeof(*self));

	if (!self)
		return (struct pane){NULL, NULL};
	self->shop = shop;
	self->what = *what;
	self->is_stale = true;
	document_rows_init(&self->rows, sizeof(struct row));
	memcpy(self->columns, columns, sizeof(columns));
	self->document_cols_max = SHOP_NUMBER_COLS + (int)strlen(shop->store);
	if (!list_init(&self->list, &source, self, self->columns, COLUMNS)) {
		close_pane(self);
		return (struct pane){NULL, NULL};
	}
	explain_label(shop, what, self->label, sizeof(self->label));
	return (struct pane){&ops, self};
}
