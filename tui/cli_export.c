/* `countertop export`: the rows of any view, or the lines of one document, as CSV or XLSX; of a stocktake
 * also as the sheet to count with. Headings are the names of the contract, for programs read such files too. */
#include "model/grid_write.h"
#include "model/i18n.h"
#include "tui/cli_view.h"
#include "tui/count_sheet.h"
#include "tui/export_view.h"
#include "tui/import_run.h"
#include "tui/say.h"

#include <stdlib.h>
#include <string.h>

#define SLICE_ROWS 1000
#define TEMPLATE "template"

static enum cli_exit write_view(struct cli_view *asked, const char *path)
{
	struct db *cache = asked->cli->console->cache;
	char error[300] = "";
	struct export_view *export;
	struct db_rows *rows;

	/* A filter's value that is wrong is the command line's fault, and makes no file. */
	rows = view_select(cache, &asked->query, error, sizeof error);
	if (!rows) {
		say_to(asked->cli->err, "%s", error);
		return CLI_USAGE;
	}
	db_done(rows);
	export = export_view_open(&asked->query, asked->tz_minutes, path, error, sizeof error);
	if (export && !asked->cli->sees_codes)
		export_view_mask(export);
	if (export) {
		db_begin_read(cache); /* all of it as it is at this moment */
		while (export_view_rows(export, cache, SLICE_ROWS))
			;
		db_rollback(cache);
	}
	if (export && export_view_end(export, error, sizeof error))
		return CLI_APPLIED;
	say_to(asked->cli->err, "%s", error);
	return CLI_FAILED;
}

/* ---- the count sheet ---- */

static enum cli_exit write_count_sheet(struct cli_view *asked, const char *path)
{
	struct db *cache = asked->cli->console->cache;
	const struct count_sheet_wish wish = {
		&asked->query, asked->tz_minutes, asked->cli->now_ms, path};
	struct count_sheet *sheet;
	char error[300] = "";

	/* Nobody walks to the shelves of two stores with one list. */
	if (!count_sheet_fits(&asked->query) && asked->cli->console->store_count == 1 &&
		view_filter_find(asked->query.view, "store"))
		view_where(&asked->query, "store", asked->cli->console->stores[0]);
	if (!count_sheet_fits(&asked->query)) {
		say_to(asked->cli->err,
			_("only a stocktake is written as .txt: its count sheet; or the picks of one store: its pick list"));
		return CLI_USAGE;
	}
	db_begin_read(cache); /* all of it as it is at this moment */
	sheet = count_sheet_open(cache, &wish, error, sizeof error);
	while (sheet && count_sheet_rows(sheet, cache, SLICE_ROWS))
		;
	db_rollback(cache);
	if (sheet && count_sheet_end(sheet, error, sizeof error))
		return CLI_APPLIED;
	say_to(asked->cli->err, "%s", error);
	return CLI_FAILED;
}

/* ---- what was asked for ---- */

/* The lines of the document that was named, instead of the list it stands in. */
static bool narrow_to_lines(struct cli_view *asked, char **id)
{
	const struct view *view = asked->query.view;

	if (!view->lines) {
		say_to(asked->cli->err, _("%s have no lines to export"), view->name);
		return false;
	}
	*id = cli_view_id(asked->cli, view, asked->one);
	if (!*id)
		return false;
	asked->query = (struct view_query){.view = view_find(view->lines), .args = {{NULL, NULL}}};
	view_where(&asked->query, view->lines_by, *id);
	return true;
}

static enum cli_exit export_view(struct cli_view *asked, const char *path)
{
	char *id = NULL;
	enum cli_exit code = CLI_FAILED;

	if (!asked->one || narrow_to_lines(asked, &id)) {
		asked->query.limit = asked->left > 0 && asked->left < INT32_MAX ? (int)asked->left
										: 0;
		code = count_sheet_is_writable(path) ? write_count_sheet(asked, path)
						     : write_view(asked, path);
	}
	free(id);
	return code;
}

static enum cli_exit export_template(struct cli *cli, const char *path)
{
	char error[300];

	if (import_run_write_template(path, error, sizeof error))
		return CLI_APPLIED;
	say_to(cli->err, "%s", error);
	return CLI_FAILED;
}

enum cli_exit cli_export(struct cli *cli, int count, char *const *words)
{
	struct cli_view asked;
	enum cli_exit code;
	const char *path;

	path = count > 1 ? words[count - 1] : "";
	if (!grid_is_writable(path) && !count_sheet_is_writable(path)) {
		say_to(cli->err,
			_("export needs a KIND and a FILE that ends in .csv or .xlsx, or in .txt for a count sheet or a pick list"));
		return CLI_USAGE;
	}
	if (!cli_may_write(cli, path))
		return CLI_FAILED;
	if (strcmp(words[0], TEMPLATE) == 0)
		return export_template(cli, path);
	code = cli_view_read(&asked, cli, ROLE_CLERK, count - 1, words);
	if (code == CLI_APPLIED)
		code = export_view(&asked, path);
	cli_view_free(&asked);
	return code;
}
