/* `countertop show`: any view of model/view.h, as an aligned table or as JSON. */
#include "model/db.h"
#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "model/view.h"
#include "model/when.h"
#include "tui/cli.h"
#include "tui/cols.h"
#include "model/nearest.h"
#include "tui/say.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_ROWS 500
#define CELL_COLS_MAX 60
#define CELL_SIZE 512
#define TAIPEI_MINUTES 480

struct show {
	struct cli *cli;
	struct view_query query;
	char *names[VIEW_ARGS_MAX]; /* of the filters; owned */
	char *since_key;            /* where the next window starts; owned */
	const char *one;            /* the document named; NULL: the list */
	int64_t left;               /* rows still wanted; -1: all */
	bool begun;
	int widths[VIEW_COLUMNS_MAX];
};

/* ---- what to show ---- */

static void say_unknown_kind(struct cli *cli, const char *kind)
{
	struct text line = TEXT_INIT(TEXT_SMALL);
	struct nearest nearest = {.wanted = kind};
	int count;
	const struct view *views = view_all(&count);

	for (int i = 0; i < count; i++)
		nearest_offer(&nearest, views[i].name);
	if (nearest.name)
		text_addf(&line,
			_("there is nothing called %s to show; did you mean %s? There are:"), kind,
			nearest.name);
	else
		text_addf(&line, _("there is nothing called %s to show. There are:"), kind);
	for (int i = 0; i < count; i++)
		text_addf(&line, " %s", views[i].name);
	say_to(cli->err, "%s", text_get(&line));
	text_free(&line);
}

static void say_unknown_filter(struct cli *cli, const struct view *view, const char *name)
{
	struct text line = TEXT_INIT(TEXT_SMALL);

	text_addf(&line, _("%s cannot be filtered by %s, but by:"), view->name, name);
	for (int i = 0; i < view->filter_count; i++)
		text_addf(&line, " %s", view->filters[i].name);
	text_add(&line, " limit");
	say_to(cli->err, "%s", text_get(&line));
	text_free(&line);
}

static bool has_filter(const struct view *view, const char *name)
{
	for (int i = 0; i < view->filter_count; i++)
		if (strcmp(view->filters[i].name, name) == 0)
			return true;
	return false;
}

static bool add_limit(struct show *show, const char *value)
{
	char *end;

	show->left = strtoll(value, &end, 10);
	if (*value != '\0' && *end == '\0' && show->left > 0)
		return true;
	say_to(show->cli->err, _("limit must be a whole number above 0"));
	return false;
}

static bool add_filter(struct show *show, const char *word, const char *equals)
{
	const struct view *view = show->query.view;
	char *name;

	if (show->query.arg_count == VIEW_ARGS_MAX) {
		say_to(show->cli->err, _("there are too many filters"));
		return false;
	}
	name = strndup(word, (size_t)(equals - word));
	if (name && strcmp(name, "limit") == 0) {
		free(name);
		return add_limit(show, equals + 1);
	}
	if (!name || !has_filter(view, name)) {
		say_unknown_filter(show->cli, view, name ? name : "");
		free(name);
		return false;
	}
	show->names[show->query.arg_count] = name;
	view_where(&show->query, name, equals + 1);
	return true;
}

static bool read_words(struct show *show, int count, char *const *words)
{
	for (int i = 0; i < count; i++) {
		const char *equals = strchr(words[i], '=');

		if (i == 0 && !equals) {
			show->one = words[i];
		} else if (!equals) {
			say_to(show->cli->err,
				_("a filter is FIELD=VALUE, and only one document can be named"));
			return false;
		} else if (!add_filter(show, words[i], equals)) {
			return false;
		}
	}
	if (show->cli->store && has_filter(show->query.view, "store") &&
		show->query.arg_count < VIEW_ARGS_MAX)
		view_where(&show->query, "store", show->cli->store);
	return true;
}

/* ---- cells ---- */

static int64_t store_minutes(struct show *show)
{
	const struct console *console = show->cli->console;

	if (console->store_count == 0 || !console->cache)
		return TAIPEI_MINUTES;
	return db_get_int(console->cache, TAIPEI_MINUTES,
		"SELECT tz_minutes FROM store WHERE id = $1", "t",
		show->cli->store ? show->cli->store : console->stores[0]);
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

/* One value as a person reads it: cleaned, on one line. */
static void read_cell(enum column_type type, struct db_rows *rows, int column, int64_t tz_minutes,
	char out[CELL_SIZE])
{
	struct text cell = TEXT_INIT(TEXT_SMALL);

	if (!db_null(rows, column)) {
		if (type == COLUMN_QTY || type == COLUMN_QTYN)
			text_add_qty(&cell, db_int(rows, column));
		else if (type == COLUMN_INT)
			text_addf(&cell, "%lld", (long long)db_int(rows, column));
		else if (type == COLUMN_BOOL)
			text_add(&cell, db_int(rows, column) ? _("yes") : _("no"));
		else if (type == COLUMN_TIME)
			time_cell(&cell, db_int(rows, column), tz_minutes);
		else
			text_add(&cell, db_text(rows, column));
	}
	cols_fit(out, CELL_SIZE, CELL_COLS_MAX, text_get(&cell));
	text_free(&cell);
}

static bool is_number(enum column_type type)
{
	return type == COLUMN_QTY || type == COLUMN_QTYN || type == COLUMN_INT;
}

/* ---- the table ---- */

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
	const struct view *view = show->query.view;

	for (int i = 0; i < view->column_count; i++)
		print_cell(show->cli->out, cells[i], show->widths[i],
			is_number(view->columns[i].type), i == view->column_count - 1);
}

static void print_head(struct show *show)
{
	char cells[VIEW_COLUMNS_MAX][CELL_SIZE];

	for (int i = 0; i < show->query.view->column_count; i++)
		snprintf(cells[i], CELL_SIZE, "%s", show->query.view->columns[i].name);
	print_line(show, cells);
}

struct window {
	char (*cells)[CELL_SIZE]; /* rows of column_count cells */
	int rows;
	char last_key[VIEW_KEY_MAX];
};

static bool read_window(struct show *show, struct window *window, char *error, size_t size)
{
	const struct view *view = show->query.view;
	int64_t tz_minutes = store_minutes(show);
	struct db_rows *rows;

	show->query.limit = show->left >= 0 && show->left < WINDOW_ROWS ? (int)show->left
									: WINDOW_ROWS;
	show->query.after = show->since_key;
	rows = view_select(show->cli->console->cache, &show->query, error, size);
	if (!rows)
		return false;
	while (window->rows < WINDOW_ROWS && db_next(rows)) {
		for (int i = 0; i < view->column_count; i++) {
			char *cell = window->cells[window->rows * view->column_count + i];
			int width;

			read_cell(view->columns[i].type, rows, i, tz_minutes, cell);
			width = cols_width(cell);
			if (width > show->widths[i])
				show->widths[i] = width;
		}
		view_key(view, rows, window->last_key);
		window->rows++;
	}
	db_done(rows);
	return true;
}

/* Prints the next window; false at the end, or with a sentence in error. */
static bool print_window(struct show *show, char *error, size_t size)
{
	int columns = show->query.view->column_count;
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
	if (show->left >= 0)
		show->left -= window.rows;
	more = window.rows == WINDOW_ROWS && show->left != 0;
	free(show->since_key);
	show->since_key = text_copy(window.last_key);
	free(window.cells);
	return more;
}

static enum cli_exit print_table(struct show *show)
{
	char error[300] = "";

	for (int i = 0; i < show->query.view->column_count; i++)
		show->widths[i] = cols_width(show->query.view->columns[i].name);
	while (print_window(show, error, sizeof error))
		;
	if (error[0] == '\0')
		return CLI_APPLIED;
	say_to(show->cli->err, "%s", error);
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

static enum cli_exit print_list_json(struct show *show)
{
	char error[300] = "";
	char *next = NULL;

	fputc('[', show->cli->out);
	do {
		struct text json = TEXT_INIT(TEXT_LARGE);
		char *from = next;
		bool good;

		next = NULL;
		show->query.after = from;
		show->query.limit = show->left > 0 && show->left < WINDOW_ROWS ? (int)show->left
									       : WINDOW_ROWS;
		good = view_json_list(show->cli->console->cache, &show->query, &json, &next, error,
			       sizeof error) &&
			text_ok(&json) && json.length >= 2;
		free(from);
		if (good && json.length > 2) {
			/* Without the brackets of the window, so that all make one array. */
			json.bytes[json.length - 1] = '\0';
			fputs(show->begun ? "," : "", show->cli->out);
			print_bytes(show->cli, json.bytes + 1);
			show->begun = true;
		}
		text_free(&json);
		if (!good)
			break;
		if (show->left > 0 && (show->left -= show->query.limit) <= 0)
			break;
	} while (next);
	free(next);
	fputs("]\n", show->cli->out);
	if (error[0] == '\0')
		return CLI_APPLIED;
	say_to(show->cli->err, "%s", error);
	return CLI_USAGE;
}

/* ---- one document ---- */

static void print_value(FILE *out, const cJSON *value)
{
	char *bytes = cJSON_IsString(value) ? NULL : cJSON_PrintUnformatted(value);
	const char *plain = cJSON_IsString(value) ? value->valuestring : bytes;
	size_t size = plain ? strlen(plain) * 3 + 1 : 1;
	char *clean = malloc(size);

	if (clean) {
		cols_clean(clean, size, plain && !cJSON_IsNull(value) ? plain : "");
		fputs(clean, out);
	}
	free(clean);
	cJSON_free(bytes);
}

/* Members one a line; a list of objects as its elements, each on one line. */
static void print_document(FILE *out, const cJSON *document)
{
	const cJSON *member, *line;
	int width = 0;

	cJSON_ArrayForEach(member, document)
		width = (int)strlen(member->string) > width ? (int)strlen(member->string) : width;
	cJSON_ArrayForEach(member, document)
	{
		bool objects = cJSON_IsArray(member) && cJSON_IsObject(member->child);

		fprintf(out, "%-*s  ", width, member->string);
		if (!objects)
			print_value(out, member);
		fputc('\n', out);
		for (line = objects ? member->child : NULL; line; line = line->next) {
			fputs("    ", out);
			print_value(out, line);
			fputc('\n', out);
		}
	}
}

static enum cli_exit print_one(struct show *show)
{
	struct text json = TEXT_INIT(TEXT_LARGE);
	char error[120];
	cJSON *document;

	if (!view_json_one(show->cli->console->cache, show->query.view, show->one, &json) ||
		!text_ok(&json)) {
		say_to(show->cli->err, _("there is no %s in %s"), show->one,
			show->query.view->name);
		text_free(&json);
		return CLI_FAILED;
	}
	if (show->cli->json) {
		print_bytes(show->cli, text_get(&json));
		fputc('\n', show->cli->out);
	} else {
		document = json_parse(text_get(&json), json.length, error, sizeof error);
		print_document(show->cli->out, document);
		cJSON_Delete(document);
	}
	text_free(&json);
	return CLI_APPLIED;
}

enum cli_exit cli_show(struct cli *cli, int count, char *const *words)
{
	struct show show = {.cli = cli, .left = -1};
	enum cli_exit code = CLI_USAGE;

	show.query.view = count > 0 ? view_find(words[0]) : NULL;
	if (!show.query.view) {
		say_unknown_kind(cli, count > 0 ? words[0] : "");
		return CLI_USAGE;
	}
	if (!cli->console->cache) {
		say_to(cli->err, _("this home has no copy of HQ's data that can be read"));
		return CLI_FAILED;
	}
	if (read_words(&show, count - 1, words + 1)) {
		if (show.one)
			code = print_one(&show);
		else
			code = cli->json ? print_list_json(&show) : print_table(&show);
	}
	for (int i = 0; i < VIEW_ARGS_MAX; i++)
		free(show.names[i]);
	free(show.since_key);
	return code;
}
