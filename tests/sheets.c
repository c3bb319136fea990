#include "tests/sheets.h"

#include "model/view.h"

const char *sheets_act(struct fixture *f, const char *op, const char *sheet)
{
	return fixture_do(f, op, "xinyi", "lin", SHEETS_DATA, sheet);
}

const char *sheets_started(struct fixture *f, const char *data)
{
	const char *sheet = fixture_do(f, "stocktake.create", "xinyi", "chen", "%s", data);
	sheets_act(f, "stocktake.start", sheet);
	return sheet;
}

const char *sheets_count(struct fixture *f, const char *sheet, const char *sku, const char *qty)
{
	return fixture_do(f, "stocktake.count", "xinyi", "chen",
		"{'stocktake':'%s','sku':'%s','qty':%s,'mode':'set'}", sheet, sku, qty);
}

void sheets_finish(struct fixture *f, const char *sheet)
{
	fixture_do(f, "stocktake.finish", "xinyi", "chen", "{'stocktake':'%s','uncounted':'leave'}",
		sheet);
}

void sheets_sell(struct fixture *f, const char *sku, const char *qty)
{
	fixture_do(f, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off','reason':'sold','lines':[{'sku':'%s','qty':%s}]}", sku, qty);
}

int64_t sheets_figure(struct fixture *f, const char *sheet, const char *sku, const char *column)
{
	return fixture_int(f,
		"SELECT COALESCE(%s, -1) FROM stocktake_line WHERE stocktake = '%s' AND sku = '%s'",
		column, sheet, sku);
}

int64_t sheets_shown(struct fixture *f, const char *sheet, const char *sku, const char *column)
{
	struct view_query query = {.view = view_find("stocktake_lines")};
	char error[100];
	view_where(&query, "stocktake", sheet);
	view_where(&query, "sku", sku);
	struct db_rows *rows = view_select(f->db, &query, error, sizeof error);
	int index = view_column_index(query.view, column);
	assert_true(index >= 0 && db_next(rows));
	int64_t number = db_null(rows, index) ? -1 : db_int(rows, index);
	db_done(rows);
	return number;
}

void sheets_expect_status(struct fixture *f, const char *sheet, const char *status)
{
	fixture_expect_text(f, status, "SELECT status FROM stocktake WHERE id = '%s'", sheet);
}

const char *sheets_corrected(struct fixture *f)
{
	const char *sheet = sheets_started(f, SHEETS_FULL);
	sheets_count(f, sheet, "A1", "90");
	sheets_count(f, sheet, "A2", "103");
	sheets_count(f, sheet, "A3", "100");
	sheets_finish(f, sheet);
	sheets_act(f, "stocktake.correct", sheet);
	return sheet;
}
