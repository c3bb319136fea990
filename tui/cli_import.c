/* `countertop import`: stock documents out of a CSV or XLSX file. Every bad row is named. Without an
 * option a file without bad rows is imported and one with bad rows is not; --yes imports the good rows
 * all the same, --check imports nothing. All orders are saved at once or none is. */
#include "model/i18n.h"
#include "model/import.h"
#include "model/json.h"
#include "tui/cli.h"
#include "tui/cols.h"
#include "tui/say.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reading {
	struct cli *cli;
	const char *store;
	enum refusal barred; /* who is signed in may not do this at all */
	bool shows_progress;
};

static bool judge(void *ctx, const char *op, cJSON *data, char reason[IMPORT_REASON_SIZE])
{
	struct reading *reading = ctx;
	struct cli *cli = reading->cli;
	struct console_verdict verdict;
	enum refusal refusal;

	console_rehearse(cli->console, op, reading->store, cli->staff, data, cli->now_ms, &verdict);
	refusal = verdict.refusal;
	if (refusal == REFUSED_no_right || refusal == REFUSED_unknown_staff)
		reading->barred = refusal;
	snprintf(reason, IMPORT_REASON_SIZE, "%s (%.100s)", refusal_what(refusal_code(refusal)),
		verdict.message);
	console_verdict_free(&verdict);
	return refusal == REFUSAL_NONE;
}

static void show_progress(void *ctx, int percent)
{
	struct reading *reading = ctx;

	if (!reading->shows_progress)
		return;
	/* One line, redrawn; blanked at the end. */
	fputc('\r', reading->cli->err);
	if (percent < 100)
		fprintf(reading->cli->err, _("reading: %d %%"), percent);
	else
		fprintf(reading->cli->err, "%*s\r", 20, "");
	fflush(reading->cli->err);
}

/* ---- what was read ---- */

static void print_order(struct cli *cli, const struct import_order *order)
{
	char other[1024];

	cols_clean(other, sizeof other, order->store ? order->store : order->third_party);
	if (strcmp(order->op, "outbound.create") == 0)
		fprintf(cli->out, _("outbound order to %s, expected %s: %d lines"), other,
			order->expected_on, order->line_count);
	else if (strcmp(order->op, "transfer.request") == 0)
		fprintf(cli->out, _("transfer order to be agreed by %s, expected %s: %d lines"),
			other, order->expected_on, order->line_count);
	else
		fprintf(cli->out, _("inbound order from the third party %s, expected %s: %d lines"),
			other, order->expected_on, order->line_count);
	fputc('\n', cli->out);
}

static void print_import(struct cli *cli, const struct import *import)
{
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

/* ---- saving ---- */

static enum cli_exit save(struct reading *reading, const struct import *import)
{
	struct cli *cli = reading->cli;
	struct console_task *tasks = calloc((size_t)import->order_count + 1, sizeof *tasks);
	struct console_batch batch = {.store = reading->store,
		.actor = cli->staff,
		.tasks = tasks,
		.count = import->order_count};
	struct console_verdict verdict = {.saved = false};

	for (int i = 0; tasks && i < import->order_count; i++)
		tasks[i] = (struct console_task){
			import->orders[i].op, import_data(&import->orders[i])};
	if (tasks)
		console_do_all(cli->console, &batch, cli->now_ms, &verdict);
	free(tasks);
	if (!verdict.saved)
		say_to(cli->err, _("nothing was imported: %s"), verdict.message);
	else
		cli->saved(cli->ctx);
	console_verdict_free(&verdict);
	return verdict.saved ? CLI_APPLIED : CLI_FAILED;
}

static enum cli_exit settle(struct reading *reading, const struct import *import)
{
	struct cli *cli = reading->cli;

	if (reading->barred != REFUSAL_NONE) {
		const char *code = refusal_code(reading->barred);

		say_to(cli->err, "%s. %s", refusal_what(code), refusal_way_out(code));
		return CLI_REJECTED;
	}
	if (cli->json)
		print_json(cli, import);
	else
		print_import(cli, import);
	if (cli->check)
		return import->bad_count > 0 ? CLI_REJECTED : CLI_APPLIED;
	if ((import->bad_count > 0 && !cli->yes) || import->order_count == 0) {
		say_to(cli->err,
			_("nothing was imported; mend the rows, or import the good ones with --yes"));
		return CLI_REJECTED;
	}
	return save(reading, import);
}

enum cli_exit cli_import(struct cli *cli, int count, char *const *words)
{
	struct reading reading = {.cli = cli, .shows_progress = isatty(fileno(cli->err)) == 1};
	struct import import;
	struct import_from from = {.judge = judge, .progress = show_progress, .ctx = &reading};
	char error[300];
	enum cli_exit code;

	if (count != 1 || (cli->check && cli->yes)) {
		say_to(cli->err, _("import needs one FILE, and --check or --yes at most"));
		return CLI_USAGE;
	}
	if (!cli->console->cache) {
		say_to(cli->err, _("this home has no copy of HQ's data that can be read"));
		return CLI_FAILED;
	}
	if (!cli_acting_store(cli, op_find("outbound.create"), &reading.store))
		return CLI_USAGE;
	code = cli_sign_in(cli, reading.store);
	if (code != CLI_APPLIED)
		return code;
	from.db = cli->console->cache;
	from.store = reading.store;
	from.path = words[0];
	if (import_read(&import, &from, error, sizeof error)) {
		code = settle(&reading, &import);
	} else {
		say_to(cli->err, "%s", error);
		code = CLI_FAILED;
	}
	import_free(&import);
	return code;
}
