/* `countertop report`: a row of model/report.def as a table with bars, or as CSV or XLSX. */
#include "model/grid_write.h"
#include "model/i18n.h"
#include "model/nearest.h"
#include "model/report.h"
#include "model/text.h"
#include "model/when.h"
#include "tui/cli.h"
#include "tui/cols.h"
#include "tui/report_rows.h"
#include "tui/say.h"

#include <stdlib.h>
#include <string.h>

#define BAR_COLS 24
#define CELL_COLS_MAX 40

static void say_reports(struct cli *cli, const char *wanted)
{
	struct nearest nearest = {.wanted = wanted};
	int count;
	const struct report *reports = report_all(&count);

	for (int i = 0; i < count; i++)
		nearest_offer(&nearest, reports[i].name);
	if (*wanted && nearest.name)
		say_to(cli->err, _("there is no report %s; did you mean %s? There are:"), wanted,
			nearest.name);
	else
		say_to(cli->err, "%s", _("report needs one of these names:"));
	for (int i = 0; i < count; i++)
		say_to(cli->err, "  %-20s %s", reports[i].name, _(reports[i].title));
}

/* ---- since=DATE until=DATE FILE ---- */

struct wish {
	struct report_range range;
	const char *path; /* NULL: print */
};

/* --store, or the only one of this home; NULL: all of them. */
static const char *store_of(const struct cli *cli)
{
	const struct console *console = cli->console;

	if (cli->store)
		return cli->store;
	return console->store_count == 1 ? console->stores[0] : NULL;
}

static bool take_day(
	struct cli *cli, const char *name, const char *value, int64_t shift_days, int64_t *ms)
{
	int64_t start;

	if (!when_is_date(value) ||
		!report_day_parse(cli->console->cache, store_of(cli), value, &start)) {
		say_to(cli->err, _("%s must be a date such as 2026-01-31"), name);
		return false;
	}
	*ms = start + shift_days * REPORT_DAY_MS;
	return true;
}

static bool has_word(int count, char *const *words, const char *begin)
{
	for (int i = 0; i < count; i++)
		if (strncmp(words[i], begin, strlen(begin)) == 0)
			return true;
	return false;
}

/* Who says only the last day means the days before it. */
static bool settle_period(
	struct cli *cli, int count, char *const *words, struct report_range *range)
{
	if (!has_word(count, words, "since=") && range->since_ms >= range->until_ms)
		range->since_ms = range->until_ms - REPORT_RECENT_DAYS * REPORT_DAY_MS;
	if (range->since_ms < range->until_ms)
		return true;
	say_to(cli->err, "%s", _("since is later than until"));
	return false;
}

static bool read_wish(struct cli *cli, int count, char *const *words, struct wish *wish)
{
	*wish = (struct wish){
		.range = report_recent(cli->console->cache, store_of(cli), cli->now_ms)};
	for (int i = 0; i < count; i++) {
		bool good = true;

		if (strncmp(words[i], "since=", 6) == 0)
			good = take_day(cli, "since", words[i] + 6, 0, &wish->range.since_ms);
		else if (strncmp(words[i], "until=", 6) == 0)
			good = take_day(cli, "until", words[i] + 6, 1, &wish->range.until_ms);
		else if (i == count - 1 && grid_is_writable(words[i]))
			wish->path = words[i];
		else
			say_to(cli->err,
				_("%s is neither since=DATE nor until=DATE nor a FILE.csv or FILE.xlsx"),
				words[i]);
		if (!good || (!wish->path && !strchr(words[i], '=')))
			return false;
	}
	return settle_period(cli, count, words, &wish->range);
}

/* ---- out ---- */

static enum cli_exit write_file(
	struct cli *cli, const struct report *report, const struct wish *wish)
{
	struct report_file file = {.path = wish->path};

	if (report_rows_write(cli->console->cache, report, &wish->range, &file))
		return CLI_APPLIED;
	say_to(cli->err, "%s", file.error);
	return CLI_FAILED;
}

static void print_cell(FILE *out, const char *cell, int width_cols, bool right)
{
	char clean[REPORT_CELL_BYTES];
	int pad = width_cols - cols_fit(clean, sizeof clean, CELL_COLS_MAX, cell);

	if (right)
		fprintf(out, "%*s%s  ", pad, "", clean);
	else
		fprintf(out, "%s%*s  ", clean, pad, "");
}

static void print_rows(FILE *out, const struct report_rows *rows)
{
	const struct report *report = rows->report;
	int widths[REPORT_COLUMNS_MAX];

	for (int i = 0; i < report->column_count; i++) {
		widths[i] = report_rows_cols(rows, i, CELL_COLS_MAX);
		print_cell(out, _(report->columns[i].heading), widths[i],
			!report_is_text(report->columns[i].type));
	}
	fputc('\n', out);
	for (int row = 0; row < rows->count; row++) {
		char bar[BAR_COLS * 3 + 1];

		for (int i = 0; i < report->column_count; i++)
			print_cell(out, report_rows_cell(rows, row, i), widths[i],
				!report_is_text(report->columns[i].type));
		report_rows_bar(rows, row, BAR_COLS, bar);
		fprintf(out, "%s\n", bar);
	}
}

static enum cli_exit print_report(
	struct cli *cli, const struct report *report, const struct wish *wish)
{
	const struct report_words words = {report_rows_word, NULL};
	struct report_rows rows;

	if (!report_rows_read(&rows, cli->console->cache, report, &wish->range, &words)) {
		say_to(cli->err, "%s", db_message(cli->console->cache));
		return CLI_FAILED;
	}
	fprintf(cli->out, "%s\n\n", _(report->title));
	print_rows(cli->out, &rows);
	if (rows.count == 0)
		fprintf(cli->out, "%s\n", _("Nothing to report."));
	if (rows.is_cut) {
		fprintf(cli->out, _("Only the first %d rows; write a file to have all."),
			REPORT_ROWS_MAX);
		fputc('\n', cli->out);
	}
	report_rows_free(&rows);
	return CLI_APPLIED;
}

enum cli_exit cli_report(struct cli *cli, int count, char *const *words)
{
	const struct report *report = count > 0 ? report_find(words[0]) : NULL;
	struct wish wish;
	enum cli_exit code;

	if (!report) {
		say_reports(cli, count > 0 ? words[0] : "");
		return CLI_USAGE;
	}
	if (!cli_has_data(cli))
		return CLI_FAILED;
	code = cli_look(cli, ROLE_CLERK);
	if (code != CLI_APPLIED)
		return code;
	if (!read_wish(cli, count - 1, words + 1, &wish))
		return CLI_USAGE;
	if (wish.path && !cli_may_write(cli, wish.path))
		return CLI_FAILED;
	return wish.path ? write_file(cli, report, &wish) : print_report(cli, report, &wish);
}
