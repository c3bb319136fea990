#include "tui/export_view.h"

#include "model/grid_write.h"
#include "model/i18n.h"
#include "model/when.h"
#include "tui/cols.h"
#include "tui/personal.h"

#include <stdio.h>
#include <stdlib.h>

#define CELL_BYTES 4096
#define MILLI_OF_MINOR 10 /* an amount is written like a quantity, as in reports: 4.5 */

struct export_view {
	struct view_query query;
	int64_t rows_max; /* 0: all */
	int64_t rows;
	int64_t tz_minutes;
	bool is_masked;
	struct grid_column columns[VIEW_COLUMNS_MAX];
	struct grid_writer *writer;
	char after[VIEW_KEY_MAX];
	char error[300]; /* "" while all is well */
};

/* ------------------------------------------------------------------ cells */

bool export_view_is_number(enum column_type type)
{
	return type == COLUMN_QTY || type == COLUMN_QTYN || type == COLUMN_INT ||
		type == COLUMN_MONEY;
}

static void time_cell(struct text *cell, int64_t ms, int64_t tz_minutes)
{
	char day[WHEN_SIZE], hour[WHEN_SIZE];

	if (ms == 0)
		return;
	when_local_date(ms, tz_minutes, day);
	when_local_time(ms, tz_minutes, hour);
	text_addf(cell, "%s %s", day, hour);
}

void export_view_cell(const struct view *view, struct db_rows *rows, int column, int64_t tz_minutes,
	struct text *cell)
{
	enum column_type type = view->columns[column].type;

	if (db_null(rows, column))
		return;
	if (type == COLUMN_QTY || type == COLUMN_QTYN)
		text_add_qty(cell, db_int(rows, column));
	else if (type == COLUMN_MONEY)
		text_add_qty(cell, db_int(rows, column) * MILLI_OF_MINOR);
	else if (type == COLUMN_INT)
		text_addf(cell, "%lld", (long long)db_int(rows, column));
	else if (type == COLUMN_BOOL)
		text_add(cell, db_int(rows, column) ? _("yes") : _("no"));
	else if (type == COLUMN_TIME)
		time_cell(cell, db_int(rows, column), tz_minutes);
	else
		text_add(cell, db_text(rows, column));
}

/* ------------------------------------------------------------------ rows */

struct export_view *export_view_open(const struct view_query *query, int64_t tz_minutes,
	const char *path, char *error, size_t size)
{
	struct export_view *export = calloc(1, sizeof *export);
	const struct view *view = query->view;

	if (!export) {
		snprintf(error, size, "%s", _("There is not enough memory."));
		return NULL;
	}
	export->query = *query;
	export->rows_max = query->limit;
	export->tz_minutes = tz_minutes;
	for (int i = 0; i < view->column_count; i++) {
		bool is_number = export_view_is_number(view->columns[i].type);

		export->columns[i] = (struct grid_column){
			view->columns[i].name, is_number, is_number ? 10 : 20};
	}
	export->writer = grid_writer_open(path, export->columns, view->column_count, error, size);
	if (!export->writer) {
		free(export);
		return NULL;
	}
	return export;
}

void export_view_mask(struct export_view *export)
{
	export->is_masked = true;
}

static void write_row(struct export_view *export, struct db_rows *rows)
{
	const struct view *view = export->query.view;
	char cells[VIEW_COLUMNS_MAX][CELL_BYTES];
	const char *bytes[VIEW_COLUMNS_MAX];
	struct text cell = TEXT_INIT(TEXT_SMALL);

	for (int i = 0; i < view->column_count; i++) {
		text_clear(&cell);
		export_view_cell(view, rows, i, export->tz_minutes, &cell);
		if (export->is_masked)
			personal_mask_text(personal_cell(view, rows, i), &cell);
		/* Names are hostile input for whoever opens the file, too. */
		cols_clean(cells[i], CELL_BYTES, text_get(&cell));
		bytes[i] = cells[i];
	}
	text_free(&cell);
	grid_writer_row(export->writer, bytes);
	view_key(&export->query, rows, export->after);
	export->rows++;
}

bool export_view_rows(struct export_view *export, struct db *db, int most)
{
	int64_t left = export->rows_max > 0 ? export->rows_max - export->rows : most;
	struct db_rows *rows;
	int64_t before = export->rows;

	if (export->error[0] || left <= 0)
		return false;
	export->query.limit = left < most ? (int)left : most;
	export->query.after = before > 0 ? export->after : NULL;
	rows = view_select(db, &export->query, export->error, sizeof export->error);
	if (!rows)
		return false;
	while (db_next(rows))
		write_row(export, rows);
	db_done(rows);
	if (db_failed(db) != DB_OK)
		snprintf(export->error, sizeof export->error, "%s", db_message(db));
	return !export->error[0] && export->rows - before == export->query.limit;
}

int64_t export_view_count(const struct export_view *export)
{
	return export->rows;
}

bool export_view_end(struct export_view *export, char *error, size_t size)
{
	bool good = !export->error[0];

	if (good) {
		good = grid_writer_end(export->writer, error, size);
	} else {
		snprintf(error, size, "%s", export->error);
		grid_writer_abandon(export->writer);
	}
	free(export);
	return good;
}

void export_view_abandon(struct export_view *export)
{
	grid_writer_abandon(export->writer);
	free(export);
}
