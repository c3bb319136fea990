/* `countertop import`: stock documents out of a CSV or XLSX file. Every bad row is named. Without an
 * option a file without bad rows is imported and one with bad rows is not; --yes imports the good rows
 * all the same, --check imports nothing. What stands already is made once more only with --again. All orders are saved at once or none is. */
#include "model/i18n.h"
#include "model/json.h"
#include "tui/cli.h"
#include "tui/cols.h"
#include "tui/import_run.h"
#include "tui/say.h"

#include <string.h>
#include <unistd.h>

#define PROGRESS_COLS 20
#define CATCH_UPS_MAX 200 /* of 2000 commands, or of 50 ms where others are at work */

/* ---- what was read ---- */

static void print_order(struct cli *cli, const struct import_order *order)
{
	unsigned long lines = (unsigned long)order->line_count;
	char other[1024];

	cols_clean(other, sizeof other, order->store ? order->store : order->third_party);
	if (strcmp(order->op, "outbound.create") == 0)
		fprintf(cli->out,
			ngettext("outbound order to %s, expected %s: %lu line",
				"outbound order to %s, expected %s: %lu lines", lines),
			other, order->expected_on, lines);
	else if (strcmp(order->op, "transfer.request") == 0)
		fprintf(cli->out,
			ngettext("transfer order to be agreed by %s, expected %s: %lu line",
				"transfer order to be agreed by %s, expected %s: %lu lines", lines),
			other, order->expected_on, lines);
	else
		fprintf(cli->out,
			ngettext("inbound order from the third party %s, expected %s: %lu line",
				"inbound order from the third party %s, expected %s: %lu lines",
				lines),
			other, order->expected_on, lines);
	fputc('\n', cli->out);
	if (!order->made)
		return;
	fprintf(cli->out, _("  its lines, or some of them, stand already in %s"), order->made);
	fputc('\n', cli->out);
}

static void print_import(struct cli *cli, const struct import_run *run)
{
	const struct import *import = &run->import;

	for (int i = 0; i < import->order_count; i++)
		print_order(cli, &import->orders[i]);
	for (int i = 0; i < import->bad_count; i++) {
		char reason[IMPORT_REASON_SIZE * 2];

		cols_clean(reason, sizeof reason, import->bad[i].reason);
		fprintf(cli->out, _("row %lld: %s"), (long long)import->bad[i].row, reason);
		fputc('\n', cli->out);
	}
	fprintf(cli->out, _("%lld rows: %d orders with %lld lines, %d bad rows"),
		(long long)import->rows, import->order_count, (long long)import->lines,
		import->bad_count);
	fputc('\n', cli->out);
	if (run->far_unknown > 0) {
		fprintf(cli->out,
			ngettext(
				"%lld line only HQ can judge: whether the other store has the product is not known here",
				"%lld lines only HQ can judge: whether the other store has the product is not known here",
				(unsigned long)run->far_unknown),
			(long long)run->far_unknown);
		fputc('\n', cli->out);
	}
}

static void print_json(struct cli *cli, const struct import *import)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *orders = cJSON_AddArrayToObject(json, "orders");
	cJSON *bad = cJSON_AddArrayToObject(json, "bad");

	for (int i = 0; i < import->order_count; i++) {
		cJSON *order = cJSON_CreateObject();

		cJSON_AddStringToObject(order, "op", import->orders[i].op);
		cJSON_AddItemToObject(order, "data", import_data(&import->orders[i]));
		if (import->orders[i].made)
			cJSON_AddStringToObject(order, "made", import->orders[i].made);
		cJSON_AddItemToArray(orders, order);
	}
	for (int i = 0; i < import->bad_count; i++) {
		cJSON *row = cJSON_CreateObject();

		cJSON_AddNumberToObject(row, "row", (double)import->bad[i].row);
		cJSON_AddStringToObject(row, "reason", import->bad[i].reason);
		cJSON_AddItemToArray(bad, row);
	}
	char *bytes = cJSON_PrintUnformatted(json);
	fprintf(cli->out, "%s\n", bytes ? bytes : "");
	cJSON_free(bytes);
	cJSON_Delete(json);
}

/* ---- the run ---- */

/* One line, redrawn; blanked at the end. */
static void show_progress(struct cli *cli, int percent)
{
	fprintf(cli->err, "\r%*s\r", PROGRESS_COLS, "");
	if (percent < 100)
		fprintf(cli->err, _("reading: %d %%"), percent);
	fflush(cli->err);
}

static bool read_file(struct cli *cli, struct import_run *run, const char *path)
{
	bool shows_progress = isatty(fileno(cli->err)) == 1;
	int percent = -1;

	if (!import_run_begin(run, path))
		return false;
	while (import_run_step(run)) {
		if (!shows_progress || import_run_percent(run) == percent)
			continue;
		percent = import_run_percent(run);
		show_progress(cli, percent);
	}
	if (percent >= 0)
		show_progress(cli, 100);
	return import_run_end(run);
}

/* Very many commands are shown bit by bit, so that no screen stands still; a command line has the time. */
static void show_all(struct cli *cli)
{
	for (int i = 0; i < CATCH_UPS_MAX; i++)
		if (console_catch_up(cli->console, cli->now_ms))
			return;
}

static enum cli_exit save(struct cli *cli, struct import_run *run)
{
	struct console_verdict verdict;
	bool saved = import_run_save(run, &verdict);

	if (saved) {
		show_all(cli);
		cli->saved(cli->ctx);
	} else {
		say_to(cli->err, _("nothing was imported: %s"), verdict.message);
	}
	console_verdict_free(&verdict);
	return saved ? CLI_APPLIED : CLI_FAILED;
}

/* Does the same stand already, and nobody said that it is wanted once more? */
static bool is_made(const struct cli *cli, const struct import *import)
{
	return import->made_count > 0 && !cli->again;
}

static enum cli_exit settle(struct cli *cli, struct import_run *run)
{
	const struct import *import = &run->import;

	if (cli->json)
		print_json(cli, import);
	else
		print_import(cli, run);
	if (cli->check)
		return import->bad_count > 0 || is_made(cli, import) ? CLI_REJECTED : CLI_APPLIED;
	if (is_made(cli, import)) {
		say_to(cli->err,
			_("nothing was imported: %d of the %d orders stand already, whole or in part; with --again all are made once more"),
			import->made_count, import->order_count);
		return CLI_REJECTED;
	}
	if ((import->bad_count > 0 && !cli->yes) || import->order_count == 0) {
		say_to(cli->err,
			_("nothing was imported; mend the rows, or import the good ones with --yes"));
		return CLI_REJECTED;
	}
	return save(cli, run);
}

enum cli_exit cli_import(struct cli *cli, int count, char *const *words)
{
	struct import_run run = {
		.console = cli->console, .staff = cli->staff, .now_ms = cli->now_ms};
	enum cli_exit code;

	if (count != 1 || (cli->check && cli->yes)) {
		say_to(cli->err, _("import needs one FILE, and --check or --yes at most"));
		return CLI_USAGE;
	}
	if (!cli->console->cache) {
		say_to(cli->err, _("this home has no copy of HQ's data that can be read"));
		return CLI_FAILED;
	}
	if (!cli_acting_store(cli, op_find("outbound.create"), &run.store))
		return CLI_USAGE;
	code = cli_sign_in(cli, run.store);
	if (code != CLI_APPLIED)
		return code;
	if (read_file(cli, &run, words[0])) {
		code = settle(cli, &run);
	} else {
		const char *nobody = cli_nobody_named(cli, refusal_code(run.barred));

		say_to(cli->err, "%s", nobody ? nobody : run.error);
		code = run.barred != REFUSAL_NONE ? CLI_REJECTED : CLI_FAILED;
	}
	import_run_free(&run);
	return code;
}
