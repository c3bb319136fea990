/* `countertop show`: any view of model/view.h, as an aligned table or as JSON. */
#include "model/i18n.h"
#include "tui/cli_view.h"
#include "tui/cols.h"
#include "tui/export_view.h"
#include "tui/personal.h"
#include "tui/say.h"
#include "tui/shop.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_ROWS 500
#define CELL_COLS_MAX 60
#define CELL_SIZE 512

struct show {
	struct cli_view asked;
	char *since_key; /* where the next window starts; owned */
	bool begun;
	int widths[VIEW_COLUMNS_MAX];
};

/* ---- words ---- */

#define REFUSALS "refusal" /* the group of the reasons in refusal.def */

/* Columns that hold words of the program: people read them as the screen has them, in their language. Files
 * and JSON keep them as they are. */
static const struct {
	const char *view, *column, *group;
} worded[] = {
	{"movements", "status", "movement"},
	{"movement_lines", "reason", "close"},
	{"transfers", "status", "transfer"},
	{"ledger", "reason", "ledger"},
	{"ledger", "doc_kind", "document"},
	{"history", "doc_kind", "document"},
	{"history", "op", "op"},
	{"stocktakes", "status", "stocktake"},
	{"stocktakes", "resumes_to", "stocktake"},
	{"stocktakes", "scope", "scope"},
	{"count_entries", "mode", "mode"},
	{"count_zones", "status", "zone"},
	{"tickets", "status", "ticket"},
	{"redemptions", "mode", "mode"},
	{"redemptions", "kind", "mode"},
	{"refused_scans", "result", REFUSALS},
	{"dossiers", "status", "dossier"},
	{"orders", "status", "sales_order"},
	{"orders", "step", "sales_order"},
	{"orders", "flag", "sales_order"},
	{"reservations", "event", "reservation"},
	{"credit_memos", "status", "credit_memo"},
	{"exceptions", "kind", "exception"},
	{"exceptions", "doc_kind", "document"},
	{"staff", "role", "role"},
};

/* NULL if the column of the view holds no such words. */
static const char *group_of(const struct view *view, const char *column)
{
	for (size_t i = 0; i < sizeof worded / sizeof *worded; i++)
		if (strcmp(worded[i].view, view->name) == 0 &&
			strcmp(worded[i].column, column) == 0)
			return worded[i].group;
	return NULL;
}

static const char *word_of(const char *group, const char *word)
{
	return strcmp(group, REFUSALS) == 0 ? refusal_what(word) : shop_word(group, word);
}

/* ---- the table ---- */

/* One value as a person reads it. */
static void add_cell(struct show *show, struct db_rows *rows, int column, struct text *cell)
{
	const struct view *view = show->asked.query.view;
	const char *group = group_of(view, view->columns[column].name);

	if (group && !db_null(rows, column))
		text_add(cell, word_of(group, db_text(rows, column)));
	else
		export_view_cell(view, rows, column, show->asked.tz_minutes, cell);
	if (!show->asked.cli->sees_codes)
		personal_mask_text(personal_cell(view, rows, column), cell);
}

/* The same, cleaned, on one line. */
static void read_cell(struct show *show, struct db_rows *rows, int column, char out[CELL_SIZE])
{
	struct text cell = TEXT_INIT(TEXT_SMALL);

	add_cell(show, rows, column, &cell);
	cols_fit(out, CELL_SIZE, CELL_COLS_MAX, text_get(&cell));
	text_free(&cell);
}

static void print_cell(FILE *out, const char *cell, int width, bool right, bool last)
{
	int pad = width - cols_width(cell);

	if (pad < 0)
		pad = 0;
	if (right)
		fprintf(out, "%*s%s", pad, "", cell);
	else
		fprintf(out, "%s%*s", cell, last ? 0 : pad, "");
	fputs(last ? "\n" : "  ", out);
}

static void print_line(struct show *show, char (*cells)[CELL_SIZE])
{
	const struct view *view = show->asked.query.view;

	for (int i = 0; i < view->column_count; i++)
		print_cell(show->asked.cli->out, cells[i], show->widths[i],
			export_view_is_number(view->columns[i].type), i == view->column_count - 1);
}

static void print_head(struct show *show)
{
	char cells[VIEW_COLUMNS_MAX][CELL_SIZE];

	for (int i = 0; i < show->asked.query.view->column_count; i++)
		snprintf(cells[i], CELL_SIZE, "%s", show->asked.query.view->columns[i].name);
	print_line(show, cells);
}

struct window {
	char (*cells)[CELL_SIZE]; /* rows of column_count cells */
	int rows;
	char last_key[VIEW_KEY_MAX];
};

static bool read_window(struct show *show, struct window *window, char *error, size_t size)
{
	const struct view *view = show->asked.query.view;
	struct db_rows *rows;

	show->asked.query.limit = show->asked.left >= 0 && show->asked.left < WINDOW_ROWS
		? (int)show->asked.left
		: WINDOW_ROWS;
	show->asked.query.after = show->since_key;
	rows = view_select(show->asked.cli->console->cache, &show->asked.query, error, size);
	if (!rows)
		return false;
	while (window->rows < WINDOW_ROWS && db_next(rows)) {
		for (int i = 0; i < view->column_count; i++) {
			char *cell = window->cells[window->rows * view->column_count + i];
			int width;

			read_cell(show, rows, i, cell);
			width = cols_width(cell);
			if (width > show->widths[i])
				show->widths[i] = width;
		}
		view_key(&show->asked.query, rows, window->last_key);
		window->rows++;
	}
	db_done(rows);
	return true;
}

/* Prints the next window; false at the end, or with a sentence in error. */
static bool print_window(struct show *show, char *error, size_t size)
{
	int columns = show->asked.query.view->column_count;
	struct window window = {.cells = calloc((size_t)WINDOW_ROWS * (size_t)columns, CELL_SIZE)};
	bool more;

	if (!window.cells || !read_window(show, &window, error, size)) {
		free(window.cells);
		return false;
	}
	if (!show->begun)
		print_head(show);
	show->begun = true;
	for (int row = 0; row < window.rows; row++)
		print_line(show, window.cells + (size_t)row * (size_t)columns);
	if (show->asked.left >= 0)
		show->asked.left -= window.rows;
	more = window.rows == WINDOW_ROWS && show->asked.left != 0;
	free(show->since_key);
	show->since_key = text_copy(window.last_key);
	free(window.cells);
	return more;
}

static enum cli_exit print_table(struct show *show)
{
	char error[300] = "";

	for (int i = 0; i < show->asked.query.view->column_count; i++)
		show->widths[i] = cols_width(show->asked.query.view->columns[i].name);
	while (print_window(show, error, sizeof error))
		;
	if (error[0] == '\0')
		return CLI_APPLIED;
	say_to(show->asked.cli->err, "%s", error);
	return CLI_USAGE;
}

/* ---- JSON ---- */

/* On a terminal even JSON is cleaned; to a file or a pipe it goes as it is. */
static void print_bytes(struct cli *cli, const char *bytes)
{
	size_t size = strlen(bytes) * 3 + 1;
	char *clean = cli->out_is_terminal ? malloc(size) : NULL;

	if (clean)
		cols_clean(clean, size, bytes);
	fputs(clean ? clean : bytes, cli->out);
	free(clean);
}

/* Window by window, however many they are. */
static enum cli_exit print_array(struct show *show)
{
	char error[300] = "";
	char *next = NULL;

	fputc('[', show->asked.cli->out);
	do {
		struct text json = TEXT_INIT(TEXT_LARGE);
		char *from = next;
		bool good;

		next = NULL;
		show->asked.query.after = from;
		show->asked.query.limit = show->asked.left > 0 && show->asked.left < WINDOW_ROWS
			? (int)show->asked.left
			: WINDOW_ROWS;
		good = view_json_list(show->asked.cli->console->cache, &show->asked.query, &json,
			       &next, error, sizeof error) &&
			text_ok(&json) && json.length >= 2;
		free(from);
		if (good && json.length > 2) {
			/* Without the brackets of the window, so that all make one array. */
			json.bytes[json.length - 1] = '\0';
			fputs(show->begun ? "," : "", show->asked.cli->out);
			print_bytes(show->asked.cli, json.bytes + 1);
			show->begun = true;
		}
		text_free(&json);
		if (!good)
			break;
		if (show->asked.left > 0 && (show->asked.left -= show->asked.query.limit) <= 0)
			break;
	} while (next);
	free(next);
	fputc(']', show->asked.cli->out);
	if (error[0] == '\0')
		return CLI_APPLIED;
	say_to(show->asked.cli->err, "%s", error);
	return CLI_USAGE;
}

static enum cli_exit print_list_json(struct show *show)
{
	enum cli_exit code = print_array(show);

	fputc('\n', show->asked.cli->out);
	return code;
}

/* ---- one document ---- */

/* Its columns, one a line, as they stand in a table, but whole. */
static void print_members(struct show *show, struct db_rows *rows)
{
	const struct view *view = show->asked.query.view;
	struct text cell = TEXT_INIT(TEXT_LARGE);
	int width = 0;

	for (int i = 0; i < view->column_count; i++)
		width = cols_width(view->columns[i].name) > width
			? cols_width(view->columns[i].name)
			: width;
	for (int i = 0; i < view->column_count; i++) {
		char *clean;

		text_clear(&cell);
		add_cell(show, rows, i, &cell);
		clean = malloc(cell.length * 3 + 1);
		if (clean)
			cols_clean(clean, cell.length * 3 + 1, text_get(&cell));
		fprintf(show->asked.cli->out, "%-*s  %s\n", width, view->columns[i].name,
			clean ? clean : "");
		free(clean);
	}
	text_free(&cell);
}

/* Without the lines, which may be very many, and the brace behind them. */
static void print_json_head(struct show *show, struct db_rows *rows)
{
	struct view head = *show->asked.query.view;
	struct text json = TEXT_INIT(TEXT_LARGE);

	head.lines = NULL;
	view_json(show->asked.cli->console->cache, &head, rows, &json);
	if (text_ok(&json) && json.length > 0) {
		json.bytes[json.length - 1] = '\0';
		print_bytes(show->asked.cli, json.bytes);
	}
	text_free(&json);
}

static enum cli_exit print_lines(struct show *show, const char *id)
{
	const struct view *view = show->asked.query.view;
	struct cli *cli = show->asked.cli;

	show->asked.query = (struct view_query){.view = view_find(view->lines)};
	view_where(&show->asked.query, view->lines_by, id);
	fprintf(cli->out, cli->json ? ",\"%s\":" : "\n%s\n", view->lines_as);
	return cli->json ? print_array(show) : print_table(show);
}

static enum cli_exit print_one(struct show *show)
{
	const struct view *view = show->asked.query.view;
	struct cli *cli = show->asked.cli;
	struct db *cache = cli->console->cache;
	enum cli_exit code = CLI_APPLIED;
	struct db_rows *rows;
	char *id = cli_view_id(cli, view, show->asked.one);

	if (!id)
		return CLI_FAILED;
	db_begin_read(cache); /* all of it as it is at this moment */
	rows = view_select_one(cache, view, id);
	if (rows) {
		if (cli->json)
			print_json_head(show, rows);
		else
			print_members(show, rows);
		db_done(rows);
		code = view->lines ? print_lines(show, id) : CLI_APPLIED;
		if (cli->json)
			fputs("}\n", cli->out);
	}
	db_rollback(cache);
	free(id);
	return rows ? code : CLI_FAILED;
}

enum cli_exit cli_show(struct cli *cli, int count, char *const *words)
{
	struct show show = {.since_key = NULL};
	enum cli_exit code = cli_view_read(&show.asked, cli, ROLE_TICKETS, count, words);

	if (code == CLI_APPLIED && show.asked.one)
		code = print_one(&show);
	else if (code == CLI_APPLIED)
		code = cli->json ? print_list_json(&show) : print_table(&show);
	cli_view_free(&show.asked);
	free(show.since_key);
	return code;
}
