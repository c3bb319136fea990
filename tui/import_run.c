#include "tui/import_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/far_stock.h"
#include "model/grid_write.h"
#include "model/i18n.h"
#include "model/json.h"
#include "tui/cols.h"
#include "tui/shop.h"

#define FAR_ASKED_MAX 1500 /* fewer than are kept */
#define FAR_OLD_MS INT64_C(86400000)
#define TRIES 20 /* of 50 ms each, while others are at work on the cache */

/* ------------------------------------------------------------------ reading */

static struct db *cache_of(void *ctx)
{
	const struct import_run *run = ctx;

	return run->console->cache;
}

/* What holds for every row of the file, whatever stands in it. */
static bool bars_all(enum refusal refusal)
{
	return refusal == REFUSED_no_right || refusal == REFUSED_unknown_staff ||
		refusal >= REFUSAL_FAULT;
}

/* The store at the other end, if it is none of this console's; NULL. */
static const char *far_end(const struct import_run *run, const char *op, const cJSON *data)
{
	const char *store = json_text(data, strcmp(op, "transfer.request") == 0 ? "from" : "to");

	for (int i = 0; store && i < run->console->store_count; i++)
		if (strcmp(run->console->stores[i], store) == 0)
			return NULL;
	return store;
}

static void ask_far(struct import_run *run, struct db *cache, const char *sku)
{
	if (run->asks_far && run->far_asked < FAR_ASKED_MAX &&
		far_stock_ask(cache, sku, run->now_ms))
		run->far_asked++;
}

/* Has HQ told that the other store never had it? */
static bool is_missing_there(
	struct import_run *run, const char *op, const cJSON *data, char missing[IMPORT_REASON_SIZE])
{
	const char *store = far_end(run, op, data);
	const cJSON *line = cJSON_GetArrayItem(cJSON_GetObjectItem(data, "lines"), 0);
	const char *sku = json_text(line, "sku");
	struct db *cache = run->console->cache;
	struct far_stock far;

	if (!store || !sku || !cache)
		return false;
	far_stock_of(cache, store, sku, &far);
	ask_far(run, cache, sku);
	if (far.at_ms == 0 || run->now_ms - far.at_ms > FAR_OLD_MS) {
		run->far_unknown++;
		return false;
	}
	snprintf(missing, IMPORT_REASON_SIZE, "%.64s has no %.64s", store, sku);
	return !far.is_stocked;
}

static bool judge(
	void *ctx, const char *op, cJSON *data, char reason[IMPORT_REASON_SIZE], const char **kind)
{
	struct import_run *run = ctx;
	struct console_verdict verdict = {.refusal = REFUSAL_BUSY};
	char told[IMPORT_REASON_SIZE];
	char missing[IMPORT_REASON_SIZE] = "";

	for (int i = 0; i < TRIES && verdict.refusal == REFUSAL_BUSY; i++) {
		console_verdict_free(&verdict);
		console_rehearse(run->console, op, run->store, run->staff,
			cJSON_Duplicate(data, true), run->now_ms, &verdict);
	}
	if (verdict.refusal == REFUSAL_NONE && is_missing_there(run, op, data, missing)) {
		verdict.refusal = REFUSED_not_stocked;
		snprintf(verdict.message, sizeof(verdict.message), "%s", missing);
	}
	cJSON_Delete(data);
	if (bars_all(verdict.refusal))
		run->barred = verdict.refusal;
	*kind = refusal_what(refusal_code(verdict.refusal));
	shop_told(verdict.message, told, sizeof(told));
	/* The figures say more than the kind does, and a row of a list is short. */
	snprintf(reason, IMPORT_REASON_SIZE, "%s", told[0] ? told : *kind);
	console_verdict_free(&verdict);
	return verdict.refusal == REFUSAL_NONE;
}

bool import_run_begin(struct import_run *run, const char *path)
{
	struct import_from from = {cache_of, run->store, path, judge, run};

	run->barred = REFUSAL_NONE;
	run->far_asked = 0;
	run->far_unknown = 0;
	run->reading = import_open(&run->import, &from, run->error, sizeof(run->error));
	return run->reading != NULL;
}

void import_run_find_made(struct import_run *run)
{
	import_find_made(&run->import, run->console->cache, run->store);
}

bool import_run_step(struct import_run *run)
{
	return import_step(run->reading) && run->barred == REFUSAL_NONE;
}

int import_run_percent(const struct import_run *run)
{
	return import_percent(run->reading);
}

bool import_run_end(struct import_run *run)
{
	bool good = import_close(run->reading);
	const char *code = refusal_code(run->barred);

	run->reading = NULL;
	if (run->barred == REFUSAL_NONE) {
		import_run_find_made(run);
		return good;
	}
	snprintf(run->error, sizeof(run->error), "%s. %s", refusal_what(code),
		refusal_way_out(code));
	return false;
}

void import_run_free(struct import_run *run)
{
	if (run->reading)
		import_close(run->reading);
	run->reading = NULL;
	import_free(&run->import);
}

/* ------------------------------------------------------------------ importing */

bool import_run_save(struct import_run *run, struct console_verdict *verdict)
{
	const struct import *import = &run->import;
	struct console_task *tasks = calloc((size_t)import->order_count + 1, sizeof(*tasks));
	struct console_batch batch = {.store = run->store,
		.actor = run->staff,
		.tasks = tasks,
		.count = import->order_count};

	*verdict = (struct console_verdict){.refusal = REFUSAL_FAULT};
	for (int i = 0; tasks && i < import->order_count; i++)
		tasks[i] = (struct console_task){
			import->orders[i].op, import_data(&import->orders[i])};
	if (tasks)
		console_do_all(run->console, &batch, run->now_ms, verdict);
	free(tasks);
	return verdict->saved;
}

const char *import_run_kind(const struct import_order *order)
{
	static const struct {
		const char *op, *kind;
	} kinds[] = {
		{"outbound.create", N_("outbound order")},
		{"transfer.request", N_("transfer order")},
		{"inbound.create", N_("inbound order from a third party")},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].op, order->op) == 0)
			return gettext(kinds[i].kind);
	return order->op;
}

/* ------------------------------------------------------------------ files */

#define BAD_COLUMNS (IMPORT_COLUMNS + 2)
#define CLEAN_BYTES (IMPORT_REASON_SIZE * 3 + 1)

static int set_headings(struct grid_column *columns)
{
	const char *const *headings = import_headings();
	int count = 0;

	for (; headings[count]; count++)
		columns[count] = (struct grid_column){headings[count], false, 20};
	return count;
}

static void write_bad(struct grid_writer *writer, const struct import_bad *bad)
{
	char number[24], cells[BAD_COLUMNS][CLEAN_BYTES];
	const char *bytes[BAD_COLUMNS] = {number};

	snprintf(number, sizeof(number), "%lld", (long long)bad->row);
	for (int i = 1; i < BAD_COLUMNS; i++) {
		const char *cell = i == 1 ? bad->reason : bad->cells[i - 2];

		cols_clean(cells[i], CLEAN_BYTES, cell ? cell : "");
		bytes[i] = cells[i];
	}
	grid_writer_row(writer, bytes);
}

bool import_run_write_bad(
	const struct import *import, const char *path, int64_t *rows, char *error, size_t size)
{
	struct grid_column columns[BAD_COLUMNS] = {
		{_("Row"), true, 8}, {_("What is wrong"), false, 50}};
	struct grid_writer *writer;

	set_headings(columns + 2);
	writer = grid_writer_open(path, columns, BAD_COLUMNS, error, size);
	for (int i = 0; writer && i < import->bad_count; i++)
		write_bad(writer, &import->bad[i]);
	*rows = import->bad_count;
	return writer && grid_writer_end(writer, error, size);
}

bool import_run_write_template(const char *path, char *error, size_t size)
{
	struct grid_column columns[IMPORT_COLUMNS];
	int count = set_headings(columns);
	struct grid_writer *writer = grid_writer_open(path, columns, count, error, size);

	return writer && grid_writer_end(writer, error, size);
}
