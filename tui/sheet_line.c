/* One line of a sheet in words: what was counted when, what the store has moved since and what should be
 * there now; and the page that tells every entry it was counted by. */
#include "tui/sheet.h"

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_ENTRIES 500 /* of a line; the tape has all */

/* ---- which line ---- */

bool sheet_means_scanned(const struct sheet_pane *self)
{
	return *self->scanned.sku && self->scanned.moves == self->list.moves;
}

void sheet_forget_scanned(struct sheet_pane *self)
{
	self->scanned.sku[0] = '\0';
}

const struct source_row *sheet_line_row(const struct sheet_pane *self)
{
	if (sheet_means_scanned(self))
		return self->scanned.has_row ? &self->scanned.row : NULL;
	return list_row(&self->list);
}

const char *sheet_line_sku(const struct sheet_pane *self)
{
	const struct source_row *row = list_row(&self->list);
	if (sheet_means_scanned(self))
		return self->scanned.sku;
	return row ? source_text(&self->lines, row, "sku") : "";
}

static void read_scanned(struct sheet_pane *self)
{
	struct source one = self->lines;
	source_where(&one, "q", NULL);
	source_where(&one, "is", NULL);
	source_where(&one, "mark", NULL);
	source_where(&one, "lacks", NULL);
	source_where(&one, "sku", self->scanned.sku);
	self->scanned.has_row = source_find(&one, &self->scanned.row);
}

/* The key of a line depends on the order: it is read. */
void sheet_show_line(struct sheet_pane *self, const char *sku)
{
	struct source one = self->lines;
	struct source_row row;
	snprintf(self->scanned.sku, sizeof self->scanned.sku, "%s", sku);
	self->scanned.moves = self->list.moves;
	read_scanned(self);
	source_where(&one, "sku", sku);
	if (source_find(&one, &row))
		list_go_to(&self->list, row.key);
}

/* ---- what moved ---- */

/* What a sum of the ledger is called, by its reason; with another sign it is not called so. */
enum move { SOLD, SHIPPED, RECEIVED, WRITTEN_OFF, FOUND, CORRECTED };

static const struct {
	const char *reason;
	enum move move;
	int sign; /* 0: any, and it is shown */
} moves[] = {
	{"sale", SOLD, -1},
	{"ship", SHIPPED, -1},
	{"receive", RECEIVED, 1},
	{"extra", RECEIVED, 1},
	{"write_off", WRITTEN_OFF, -1},
	{"found", FOUND, 1},
	{"correction", CORRECTED, 0},
};

static void add_known(struct text *words, enum move move, const char *qty)
{
	switch (move) {
	case SOLD:
		text_addf(words, _(" · %s sold since"), qty);
		break;
	case SHIPPED:
		text_addf(words, _(" · %s shipped since"), qty);
		break;
	case RECEIVED:
		text_addf(words, _(" · %s received since"), qty);
		break;
	case WRITTEN_OFF:
		text_addf(words, _(" · %s written off since"), qty);
		break;
	case FOUND:
		text_addf(words, _(" · %s found since"), qty);
		break;
	case CORRECTED:
		text_addf(words, _(" · corrected by %s since"), qty);
		break;
	}
}

static void add_move(struct text *words, const char *reason, int64_t qty_milli)
{
	char qty[SHOP_QTY_BYTES];
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		bool fits = moves[i].sign == 0 || (qty_milli < 0) == (moves[i].sign < 0);
		if (strcmp(moves[i].reason, reason) != 0 || !fits)
			continue;
		if (moves[i].sign == 0)
			shop_qty_signed(qty_milli, qty);
		else
			shop_qty(qty_milli * moves[i].sign, qty);
		add_known(words, moves[i].move, qty);
		return;
	}
	shop_qty_signed(qty_milli, qty);
	text_addf(words, " · %s %s", shop_word("ledger", reason), qty);
}

/* The ledger of the store behind the line's last count, reason by reason; what this sheet itself posted
 * is no move. True if anything moved. */
static bool add_moves(
	struct sheet_pane *self, struct db *db, const struct source_row *row, struct text *words)
{
	bool any = false;
	struct db_rows *rows = db_query(db,
		"SELECT reason, SUM(qty) FROM ledger WHERE store = $1 AND sku = $2 AND at > $3 AND "
		"COALESCE(doc, '') <> $4 GROUP BY reason HAVING SUM(qty) <> 0 ORDER BY reason = "
		"'correction', reason",
		"ttit", sheet_text(self, "store"), source_text(&self->lines, row, "sku"),
		source_int(&self->lines, row, "counted_at"), self->id);
	while (db_next(rows)) {
		any = true;
		add_move(words, db_text(rows, 0), db_int(rows, 1));
	}
	db_done(rows);
	return any;
}

/* ---- the line in words ---- */

static void add_counted(struct sheet_pane *self, const struct source_row *row, struct text *words)
{
	char qty[SHOP_QTY_BYTES], when[SHOP_WHEN_BYTES];
	shop_qty(source_int(&self->lines, row, "counted"), qty);
	shop_when(self->shop, source_int(&self->lines, row, "counted_at"), when);
	if (*when)
		text_addf(words, _("counted %s at %s"), qty, when);
	else
		text_addf(words, _("counted %s"), qty);
}

/* What the difference is worth; a narrow screen has no column for it. */
static void add_value(struct sheet_pane *self, const struct source_row *row, struct text *words)
{
	char amount[SHOP_QTY_BYTES];
	int64_t value = source_int(&self->lines, row, "value");
	if (value == 0)
		return;
	shop_qty_signed(value * SHEET_MILLI_OF_MINOR, amount);
	text_addf(words, _(" · value %s"), amount);
}

static void add_posted(struct sheet_pane *self, const struct source_row *row, struct text *words)
{
	char change[SHOP_QTY_BYTES], now[SHOP_QTY_BYTES];
	shop_qty_signed(source_int(&self->lines, row, "posted"), change);
	shop_qty(source_int(&self->lines, row, "now"), now);
	text_addf(words, _(" · corrected by %s, %s on hand now"), change, now);
}

static void add_should(struct sheet_pane *self, const struct source_row *row, struct text *words)
{
	char qty[SHOP_QTY_BYTES];
	shop_qty(source_int(&self->lines, row, "should"), qty);
	text_addf(words, _(" · should be %s now"), qty);
}

/* Of a zone that is counted again only what that pass has. */
static void add_own(struct sheet_pane *self, const char *sku, struct text *words)
{
	char qty[SHOP_QTY_BYTES];
	int64_t sum_milli;
	if (!sheet_again_sum(self, sku, &sum_milli)) {
		text_add(words, _("not counted"));
		return;
	}
	shop_qty(sum_milli, qty);
	text_addf(words, _("counted %s"), qty);
}

/* "counted 12 at 10:31 · 2 sold since · should be 10 now". Of the book nothing is told while it is
 * hidden. */
static void put_words(struct sheet_pane *self, const struct source_row *row, struct text *words)
{
	struct db *db = shop_db(self->shop);
	bool hidden = self->progress.hidden;
	char qty[SHOP_QTY_BYTES];
	if (sheet_is_double_blind(self)) {
		add_own(self, source_text(&self->lines, row, "sku"), words);
		return;
	}
	if (source_is_null(&self->lines, row, "counted")) {
		text_add(words, _("not counted"));
		shop_qty(source_int(&self->lines, row, "book"), qty);
		if (!hidden)
			text_addf(words, _(" · book %s"), qty);
		return;
	}
	add_counted(self, row, words);
	if (hidden || !db || source_int(&self->lines, row, "unknown"))
		return;
	add_value(self, row, words);
	bool moved = add_moves(self, db, row, words);
	if (!source_is_null(&self->lines, row, "posted"))
		add_posted(self, row, words);
	else if (moved)
		add_should(self, row, words);
}

/* The flags of the line where their column has no room. */
static void put_flags(struct sheet_pane *self, const struct source_row *row, struct text *words)
{
	for (size_t i = 0; i < SHEET_FLAGS; i++) {
		const char *label = sheet_flag_label(self, row, &sheet_flags[i]);
		if (label)
			text_addf(words, " · %s", label);
	}
}

void sheet_line_recalc(struct sheet_pane *self, bool with_flags)
{
	struct text words = TEXT_INIT(TEXT_SMALL);
	const char *sku = sheet_line_sku(self);
	if (!self->is_stale && *sku && strcmp(self->line_sku, sku) == 0)
		return;
	if (sheet_means_scanned(self))
		read_scanned(self);
	const struct source_row *row = sheet_line_row(self);
	snprintf(self->line_sku, sizeof self->line_sku, "%s", sku);
	shop_product_name(self->shop, sku, self->line_name, sizeof self->line_name);
	if (row) {
		put_words(self, row, &words);
		if (with_flags)
			put_flags(self, row, &words);
	}
	snprintf(self->line_words, sizeof self->line_words, "%s", text_get(&words));
	text_free(&words);
}

/* ---- the page of a line ---- */

/* The entries of one round, zone and pass, as they are read. */
struct part {
	int64_t round, pass;
	char *zone;
	int64_t sum; /* what counts of them so far */
};

static void end_part(struct text *page, struct part *part)
{
	char qty[SHOP_QTY_BYTES];
	if (part->zone) {
		shop_qty(part->sum, qty);
		text_addf(page, _("  together %s\n"), qty);
	}
	free(part->zone);
	*part = (struct part){0};
}

static void begin_part(struct text *page, struct part *part, struct db_rows *rows)
{
	if (part->zone && part->round == db_int(rows, 0) && part->pass == db_int(rows, 2) &&
		strcmp(part->zone, db_text(rows, 1)) == 0)
		return;
	end_part(page, part);
	*part = (struct part){.round = db_int(rows, 0),
		.pass = db_int(rows, 2),
		.zone = text_copy(db_text(rows, 1))};
	text_addf(page, "\n" DIALOG_PAGE_HEADING);
	text_addf(page, _("Round %lld, %s%s, pass %lld"), (long long)part->round,
		*part->zone ? _("zone ") : "", *part->zone ? part->zone : _("no zone"),
		(long long)part->pass);
	text_add(page, "\n");
}

static void add_entry(
	struct sheet_pane *self, struct text *page, struct part *part, struct db_rows *rows)
{
	char when[SHOP_WHEN_BYTES], qty[SHOP_QTY_BYTES], who[SHOP_NAME_BYTES];
	const char *mode = db_text(rows, 3);
	bool adds = strcmp(mode, "add") == 0, undone = db_int(rows, 6) != 0;
	if (!undone)
		part->sum = (adds ? part->sum : 0) + db_int(rows, 4);
	shop_when(self->shop, db_int(rows, 7), when);
	shop_qty(db_int(rows, 4), qty);
	shop_staff_name(self->shop, db_text(rows, 8) ? db_text(rows, 8) : "", who, sizeof who);
	text_addf(page, "%s  %s%s  %s", when, adds ? "+" : "=", qty, who);
	if (strcmp(mode, "zero") == 0)
		text_add(page, _("  (the rest as zero)"));
	if (!self->progress.hidden) {
		shop_qty(db_int(rows, 5), qty);
		text_addf(page, _("  book %s"), qty);
	}
	text_addf(page, "%s\n", undone ? _("  (undone)") : "");
}

/* The newest round first, its zones and passes in order, each with what it adds up to. */
static void add_entries(struct sheet_pane *self, const char *sku, struct text *page)
{
	struct db *db = shop_db(self->shop);
	struct part part = {0};
	int count = 0;
	if (!db)
		return;
	struct db_rows *rows = db_query(db,
		"SELECT round, zone, pass, mode, qty, book, undone, at, actor FROM count_entry WHERE "
		"stocktake = $1 AND sku = $2 AND ($4 = 0 OR (pass = $4 AND zone = $5 AND round = $6)) "
		"ORDER BY round DESC, zone, pass, at, id LIMIT $3",
		"ttiiti", self->id, sku, (int64_t)PAGE_ENTRIES + 1, self->again.pass,
		self->again.zone, source_int(&self->head, &self->row, "round"));
	while (db_next(rows) && ++count <= PAGE_ENTRIES) {
		begin_part(page, &part, rows);
		add_entry(self, page, &part, rows);
	}
	db_done(rows);
	if (count > PAGE_ENTRIES) {
		free(part.zone);
		text_add(page, _("… and more: the tape has them all.\n"));
		return;
	}
	end_part(page, &part);
	if (count == 0 && !sheet_is_double_blind(self))
		text_addf(page, "\n%s\n", _("Nobody counted it."));
}

void sheet_line_page(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	const struct source_row *row = sheet_line_row(self);
	const char *sku = sheet_line_sku(self);
	struct text page = TEXT_INIT(TEXT_LARGE), title = TEXT_INIT(TEXT_SMALL);
	(void)arg;
	text_addf(&title, "%s %s", sku, source_text(&self->lines, row, "name"));
	put_words(self, row, &page);
	text_add(&page, "\n");
	for (size_t i = 0; i < SHEET_FLAGS && !sheet_is_double_blind(self); i++) {
		const char *label = sheet_flag_label(self, row, &sheet_flags[i]);
		if (label)
			text_addf(&page, _("%s: %s\n"), label,
				sheet_flag_about(self, row, &sheet_flags[i]));
	}
	if (sheet_is_double_blind(self))
		text_addf(&page, "%s\n", sheet_double_blind_why_not(self));
	else if (self->progress.hidden)
		text_addf(
			&page, "%s\n", _("Blind: the book is hidden until the count is finished."));
	add_entries(self, sku, &page);
	dialog_page(self->shop->app, text_get(&title), text_get(&page));
	text_free(&title);
	text_free(&page);
}
