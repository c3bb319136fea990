#include "tui/report_rows.h"

#include "model/grid_write.h"
#include "model/i18n.h"
#include "model/text.h"
#include "tui/cols.h"
#include "tui/shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FULL_BLOCK "\u2588"
#define DASH "\u2013"
#define MINUS "\u2212"

/* ---- reading ---- */

void report_rows_word(void *ctx, enum report_type type, char *out, size_t size)
{
	char raw[REPORT_CELL_BYTES];

	(void)ctx;
	snprintf(raw, sizeof raw, "%s", out);
	if (type == REPORT_STATUS)
		snprintf(out, size, "%s", shop_word("movement", raw));
	else if (type == REPORT_ORDER_STATUS)
		snprintf(out, size, "%s", shop_word("sales_order", raw));
	else if (type == REPORT_REASON)
		snprintf(out, size, "%s", shop_word("close", raw));
}

static bool make_room(struct report_rows *rows)
{
	size_t room = (size_t)rows->count + 1;
	char **cells, **opens;
	int64_t *charted;

	/* Doubling at powers of two. */
	if (rows->count & (rows->count - 1))
		return true;
	room = rows->count ? (size_t)rows->count * 2 : 1;
	cells = realloc(
		rows->cells, room * (size_t)rows->report->column_count * sizeof *rows->cells);
	if (cells)
		rows->cells = cells;
	charted = realloc(rows->charted, room * sizeof *rows->charted);
	if (charted)
		rows->charted = charted;
	opens = realloc(rows->opens, room * sizeof *rows->opens);
	if (opens)
		rows->opens = opens;
	return cells && charted && opens;
}

static void read_row(
	struct report_rows *rows, struct db_rows *from, const struct report_words *words)
{
	const struct report *report = rows->report;
	char **cells = rows->cells + (size_t)rows->count * (size_t)report->column_count;
	const char *opens = report_opens(report, from);
	int64_t number, size;

	rows->opens[rows->count] = opens ? text_copy(opens) : NULL;
	rows->charted[rows->count] = 0;
	for (int i = 0; i < report->column_count; i++) {
		struct text cell = TEXT_INIT(TEXT_SMALL);
		char clean[REPORT_CELL_BYTES];

		report_cell(report, from, i, &cell, &number);
		cols_clean(clean, sizeof clean, text_get(&cell));
		text_free(&cell);
		/* What names the row is never blank: products may have no vendor. */
		if (words && i == 0 && !clean[0])
			snprintf(clean, sizeof clean, "%s", DASH);
		else if (words && clean[0])
			words->word(words->ctx, report->columns[i].type, clean, sizeof clean);
		cells[i] = text_copy(clean);
		if (strcmp(report->columns[i].name, report->chart) == 0)
			rows->charted[rows->count] = number;
	}
	size = llabs(rows->charted[rows->count]);
	rows->most = size > rows->most ? size : rows->most;
	rows->sum += rows->charted[rows->count];
	rows->count++;
}

bool report_rows_read(struct report_rows *rows, struct db *db, const struct report *report,
	const struct report_range *range, const struct report_words *words)
{
	struct db_rows *from = report_select(db, report, range);

	*rows = (struct report_rows){.report = report};
	while (!rows->is_cut && db_next(from)) {
		rows->is_cut = rows->count == REPORT_ROWS_MAX || !make_room(rows);
		if (!rows->is_cut)
			read_row(rows, from, words);
	}
	db_done(from);
	return db_failed(db) == DB_OK;
}

void report_rows_free(struct report_rows *rows)
{
	for (int i = 0; i < rows->count * rows->report->column_count; i++)
		free(rows->cells[i]);
	for (int i = 0; i < rows->count; i++)
		free(rows->opens[i]);
	free(rows->cells);
	free(rows->opens);
	free(rows->charted);
	*rows = (struct report_rows){.report = rows->report};
}

const char *report_rows_cell(const struct report_rows *rows, int row, int column)
{
	return rows->cells[(size_t)row * (size_t)rows->report->column_count + (size_t)column];
}

int report_rows_cols(const struct report_rows *rows, int column, int most_cols)
{
	int widest = cols_width(_(rows->report->columns[column].heading));

	for (int row = 0; row < rows->count; row++) {
		int cols = cols_width(report_rows_cell(rows, row, column));

		cols = cols > most_cols ? most_cols : cols;
		widest = cols > widest ? cols : widest;
	}
	return widest;
}

void report_rows_bar(const struct report_rows *rows, int row, int width_cols, char *out)
{
	int64_t number = rows->charted[row];
	int64_t room = number < 0 ? width_cols - 1 : width_cols;
	int64_t blocks = rows->most > 0 ? llabs(number) * room / rows->most : 0;

	out[0] = '\0';
	if (number < 0)
		memcpy(out, MINUS, sizeof MINUS);
	/* What is there at all is seen. */
	if (number != 0 && blocks == 0)
		blocks = 1;
	for (int64_t i = 0; i < blocks; i++)
		memcpy(out + strlen(out), FULL_BLOCK, sizeof FULL_BLOCK);
}

/* ---- writing ---- */

bool report_rows_write(struct db *db, const struct report *report, const struct report_range *range,
	struct report_file *file)
{
	struct grid_column columns[REPORT_COLUMNS_MAX];
	struct grid_writer *writer;
	struct db_rows *from;

	for (int i = 0; i < report->column_count; i++) {
		enum report_type type = report->columns[i].type;

		columns[i] = (struct grid_column){report->columns[i].name,
			type == REPORT_QTY || type == REPORT_INT || type == REPORT_AGE,
			report_is_text(type) ? 20 : 12};
	}
	file->rows = 0;
	writer = grid_writer_open(
		file->path, columns, report->column_count, file->error, sizeof file->error);
	if (!writer)
		return false;
	from = report_select(db, report, range);
	for (; db_next(from); file->rows++) {
		char cells[REPORT_COLUMNS_MAX][REPORT_CELL_BYTES];
		const char *bytes[REPORT_COLUMNS_MAX];
		struct text cell = TEXT_INIT(TEXT_SMALL);
		int64_t number;

		for (int i = 0; i < report->column_count; i++) {
			text_clear(&cell);
			report_cell(report, from, i, &cell, &number);
			cols_clean(cells[i], REPORT_CELL_BYTES, text_get(&cell));
			bytes[i] = cells[i];
		}
		text_free(&cell);
		grid_writer_row(writer, bytes);
	}
	db_done(from);
	if (db_failed(db) == DB_OK)
		return grid_writer_end(writer, file->error, sizeof file->error);
	snprintf(file->error, sizeof file->error, "%s", db_message(db));
	grid_writer_abandon(writer);
	return false;
}
