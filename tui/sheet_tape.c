/* The tape at the foot of a sheet: what was counted last, what is typed, and whether every scan received
 * here stands on the disk; and undo. The whole tape is pane_tape.c. */
#include "tui/sheet.h"

#include "model/i18n.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

/* All that was counted; while a zone is counted again, only what whoever does it counted. */
void sheet_tape_all(struct sheet_pane *self, struct source *tape)
{
	bool hides = sheet_is_double_blind(self);
	source_where(tape, "actor", hides ? self->shop->staff : NULL);
	source_where(tape, "round", NULL);
	source_where(tape, "undone", NULL);
}

void sheet_tape_mine(struct sheet_pane *self, struct source *tape)
{
	source_where(tape, "actor", self->shop->staff);
	source_where(tape, "round", sheet_text(self, "round"));
	source_where(tape, "undone", "no");
}

static size_t tape_rows(struct sheet_pane *self, struct source_row *rows, size_t most)
{
	return source_list.fetch(&self->tape, &(struct list_want){LIST_FIRST, NULL, most}, rows);
}

void sheet_tape_line(struct sheet_pane *self, const struct source_row *row, char *out, size_t size)
{
	char when[SHOP_WHEN_BYTES], qty[SHOP_QTY_BYTES];
	const char *mode = source_text(&self->tape, row, "mode"),
		   *zone = source_text(&self->tape, row, "zone");
	shop_when(self->shop, source_int(&self->tape, row, "at"), when);
	shop_qty(source_int(&self->tape, row, "qty"), qty);
	snprintf(out, size, "%s%s  %s%s  %s %s%s%s%s",
		source_int(&self->tape, row, "undone") ? _("(undone)  ") : "", when,
		strcmp(mode, "add") == 0 ? "+" : "=", qty, source_text(&self->tape, row, "sku"),
		source_text(&self->tape, row, "name"), *zone ? "  [" : "", zone, *zone ? "]" : "");
}

static bool is_mine_still(struct sheet_pane *self, struct db *db, const struct sheet_mine *mine)
{
	return *mine->entry && mine->round == source_int(&self->head, &self->row, "round") &&
		strcmp(mine->staff, self->shop->staff) == 0 &&
		db_has(db, "SELECT 1 FROM count_entry WHERE id = $1 AND undone = 0", "t",
			mine->entry);
}

/* Is there an entry that could be undone? Asked after every scan at every seat: the last one known is looked at
 * first, and after a search without one only what came since is searched. */
static void look_for_mine(struct sheet_pane *self)
{
	struct sheet_mine *mine = &self->mine;
	struct db *db = shop_db(self->shop);
	int64_t round = source_int(&self->head, &self->row, "round");
	bool same = mine->round == round && strcmp(mine->staff, self->shop->staff) == 0;
	if (!db || is_mine_still(self, db, mine))
		return;
	if (*mine->entry || !same)
		mine->searched[0] = '\0';
	char *found = db_get_text(db,
		"SELECT id FROM count_entry WHERE stocktake = $1 AND id > $2 AND actor = $3 AND undone = 0 AND "
		"round = $4 ORDER BY id DESC LIMIT 1",
		"ttti", self->id, mine->searched, self->shop->staff, round);
	char *newest = db_get_text(db,
		"SELECT id FROM count_entry WHERE stocktake = $1 ORDER BY id DESC LIMIT 1", "t",
		self->id);
	snprintf(mine->entry, sizeof mine->entry, "%s", found ? found : "");
	snprintf(mine->searched, sizeof mine->searched, "%s", newest ? newest : "");
	snprintf(mine->staff, sizeof mine->staff, "%s", self->shop->staff);
	mine->round = round;
	free(found);
	free(newest);
}

void sheet_tape(struct sheet_pane *self)
{
	struct source_row rows[SHEET_TAPE_MAX];
	sheet_zone_read(self);
	look_for_mine(self);
	sheet_tape_all(self, &self->tape);
	int count = (int)tape_rows(self, rows, SHEET_TAPE_MAX);
	self->tape_count = 0;
	for (int i = 0; i < count; i++) {
		char *line = self->tape_lines[self->tape_count];
		/* What was counted as zero by the end of a round nobody scanned; older scans are that round's. */
		if (strcmp(source_text(&self->tape, &rows[i], "mode"), "zero") == 0)
			continue;
		sheet_tape_line(self, &rows[i], line, sizeof *self->tape_lines);
		self->tape_count++;
	}
}

/* ---- painting ---- */

/* "received 12, stored 12": they must be equal. At the right of the first row; returns its columns. */
static int paint_sitting(const struct sheet_pane *self, int y, int x, int cols)
{
	const struct sheet_sitting *sitting = &self->sitting;
	char text[160];
	if (sitting->received == 0)
		return 0;
	if (sitting->received != sitting->stored) {
		/* TRANSLATORS: the last is the scan that is missing. Do not translate the key. */
		snprintf(text, sizeof text, _("scans here %lld, stored %lld, lost: %s (Esc)"),
			(long long)sitting->received, (long long)sitting->stored,
			*sitting->lost ? sitting->lost : _("no code"));
		return draw_text_right(y, x, cols, ROLE_WARN, text);
	}
	snprintf(text, sizeof text, _("scans here %lld, stored %lld"), (long long)sitting->received,
		(long long)sitting->stored);
	return draw_text_right(y, x, cols, ROLE_DIM, text);
}

void sheet_tape_repaint(const struct sheet_pane *self, const struct rect *area)
{
	char typed[SHEET_TYPED_BYTES + 160];
	int used;
	sheet_typed_words(self, typed, sizeof typed);
	if (area->rows < 1)
		return;
	used = paint_sitting(self, area->y, area->x, area->cols);
	for (int i = 0; i < area->rows && i < self->tape_count; i++)
		draw_text(area->y + i, area->x, i == 0 ? area->cols - used - 2 : area->cols,
			i == 0 ? ROLE_NORMAL : ROLE_DIM, self->tape_lines[i]);
	if (!*typed)
		return;
	draw_fill(&(struct rect){area->y, area->x, 1, area->cols - used - 2}, ROLE_FIELD_NOW);
	draw_text(area->y, area->x, area->cols - used - 2, ROLE_FIELD_NOW, typed);
}

/* ---- undo ---- */

const char *sheet_undo_why_not(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	const char *why_not = sheet_count_why_not(self, arg);
	if (why_not)
		return why_not;
	return *self->mine.entry
		? NULL
		: _("You have counted nothing in this round that could be undone.");
}

bool sheet_undo_entry(struct sheet_pane *self, const char *entry)
{
	cJSON *data = sheet_data(self);
	cJSON_AddStringToObject(data, "count", entry);
	return shop_do_quietly(self->shop, "stocktake.undo", data, NULL);
}

/* Takes back the newest live entry of the person signed in, whichever seat it was made at. */
void sheet_undo(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	struct source_row row;
	char what[LIST_CELL_BYTES];
	(void)arg;
	sheet_tape_mine(self, &self->tape);
	if (tape_rows(self, &row, 1) == 0)
		return;
	sheet_tape_line(self, &row, what, sizeof what);
	if (!sheet_undo_entry(self, source_text(&self->tape, &row, "id")))
		return;
	app_say(self->shop->app, ROLE_OK, _("Saved: undone: %s"), what);
	sheet_show_line(self, source_text(&self->tape, &row, "sku"));
}
