#include "tests/ticket_run.h"

#include "model/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int code_number(struct ticket_run *run, const char *name)
{
	int number = -1;

	if (!name || sscanf(name, "PT-%d-X", &number) != 1 || number < 0 || number >= ORACLE_CODES)
		ticket_run_broken(run, "there is a code %s", name ? name : "without a name");
	return number;
}

static unsigned store_bits(const cJSON *stores)
{
	unsigned bits = 0;
	const cJSON *store;

	cJSON_ArrayForEach(store, stores) bits |= 1u << (store->valuestring[1] - '0');
	return bits;
}

static void expect_int(
	struct ticket_run *run, int code, const char *what, int64_t found, int64_t expected)
{
	if (found != expected)
		ticket_run_broken(run, "%s of code %d is %lld, not %lld", what, code,
			(long long)found, (long long)expected);
}

static void expect_text(
	struct ticket_run *run, int code, const char *what, const char *found, const char *expected)
{
	if (strcmp(found ? found : "none", expected ? expected : "none") != 0)
		ticket_run_broken(run, "%s of code %d is %s, not %s", what, code,
			found ? found : "none", expected ? expected : "none");
}

/* So many units are of redemptions that stand and raised an exception. */
static int64_t told_over(struct ticket_run *run, int code)
{
	char name[TICKET_CODE_BYTES];

	return db_get_int(run->world.look, 0,
		"SELECT CAST(SUM(r.qty) AS BIGINT) FROM redemption r WHERE r.code = $1"
		" AND r.kind = 'redeem' AND NOT EXISTS (SELECT 1 FROM redemption v WHERE v.of = r.id)"
		" AND EXISTS (SELECT 1 FROM exception x WHERE x.command = r.id AND x.kind <> 'clock')",
		"t", ticket_code_name(code, name));
}

/* The equation, by what HQ tells alone. */
static void check_units(struct ticket_run *run, int code, const cJSON *row)
{
	int64_t units = json_int(row, "units", -1), refunded = json_int(row, "refunded", -1);
	int64_t redeemed = json_int(row, "redeemed", -1), left = json_int(row, "remaining", -1);
	int64_t given = oracle_given(&run->oracle, code);
	int64_t over = redeemed + refunded + given - units;

	over = over < 0 ? 0 : over;
	if (left < 0 || redeemed < 0 || redeemed - over + refunded + left + given != units)
		ticket_run_broken(run,
			"code %d: %lld redeemed, %lld refunded, %lld left, %lld given on of %lld units",
			code, (long long)redeemed, (long long)refunded, (long long)left,
			(long long)given, (long long)units);
	if (over > 0 && told_over(run, code) < over)
		ticket_run_broken(run,
			"code %d: %lld units are spent that are not there, and %lld are told of",
			code, (long long)over, (long long)told_over(run, code));
}

static void check_ticket(struct ticket_run *run, const cJSON *row)
{
	int number = code_number(run, json_text(row, "code"));
	const struct oracle_code *code = &run->oracle.codes[number];

	if (!code->sold)
		ticket_run_broken(run, "code %d is at HQ, and was never issued", number);
	expect_int(run, number, "units", json_int(row, "units", -1), code->units);
	expect_int(run, number, "redeemed", json_int(row, "redeemed", -1), code->spent);
	expect_int(run, number, "refunded", json_int(row, "refunded", -1), code->refunded);
	expect_int(
		run, number, "remaining", json_int(row, "remaining", -1), oracle_remaining(code));
	expect_int(run, number, "stores", store_bits(json_list(row, "stores")), code->stores);
	expect_text(run, number, "status", json_text(row, "status"), code->status);
	check_units(run, number, row);
}

static void check_tickets(struct ticket_run *run)
{
	char *body = goods_get(&run->world, "/v1/tickets", "limit=200");
	cJSON *rows = cJSON_Parse(body);
	const cJSON *row;
	int sold = 0;

	for (int i = 0; i < ORACLE_CODES; i++)
		sold += run->oracle.codes[i].sold;
	expect_int(run, -1, "the number", cJSON_GetArraySize(rows), sold);
	cJSON_ArrayForEach(row, rows) check_ticket(run, row);
	cJSON_Delete(rows);
	free(body);
}

/* ---- redemptions and what was raised for them ---- */

static int64_t count(struct ticket_run *run, const char *sql)
{
	return db_get_int(run->world.look, -1, sql, "");
}

/* The kinds that HQ raised for a command, in the order of the alphabet. */
static void expect_raised(struct ticket_run *run, const struct ticket_act *act)
{
	const struct oracle_use *use = oracle_use_of(&run->oracle, act->id);
	bool own = use && act->op == TICKET_REDEEM;
	char expected[120],
		*found = db_get_text(run->world.look,
			"SELECT group_concat(kind, ' ') FROM (SELECT kind FROM exception"
			" WHERE command = $1 ORDER BY kind)",
			"t", act->id);

	snprintf(expected, sizeof expected, "%s%s%s", own && use->clock ? " clock" : "",
		own && use->duplicate ? " duplicate_redemption" : "", own && use->odd ? " " : "");
	if (own && use->odd)
		snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%s",
			use->odd);
	if (act->op == TICKET_REDEEM &&
		strcmp(found ? found : "", expected[0] ? expected + 1 : "") != 0)
		ticket_run_broken(run, "%.400s raised %s, not%s", act->line,
			found ? found : "nothing", expected[0] ? expected : " anything");
	free(found);
}

static void check_redemptions(struct ticket_run *run)
{
	for (int i = 0; i < run->sent_count; i++)
		expect_raised(run, run->sent[i].act);
	expect_int(run, -1, "the number of redemptions",
		count(run, "SELECT COUNT(*) FROM redemption WHERE kind = 'redeem'"),
		run->oracle.use_count);
	expect_int(run, -1, "the number of voids",
		count(run, "SELECT COUNT(*) FROM redemption WHERE kind <> 'redeem'"),
		run->oracle.void_count);
}

/* Who learns of a redemption: whom the ticket is for, and whoever is in the dossier with it. */
static void check_routes(struct ticket_run *run)
{
	struct db_rows *rows = db_query(
		run->world.look, "SELECT DISTINCT code, stores FROM redemption", "");

	while (db_next(rows)) {
		int number = code_number(run, db_text(rows, 0));
		const struct oracle_code *code = &run->oracle.codes[number];
		bool bound = code->sold && code->stores;
		cJSON *stores = cJSON_Parse(db_text(rows, 1));

		expect_int(run, number, "those who learn", store_bits(stores),
			bound ? code->stores | code->dossier_stores : 0);
		cJSON_Delete(stores);
	}
	db_done(rows);
}

/* ---- dossiers and refused scans ---- */

static void check_dossiers(struct ticket_run *run)
{
	bool found[ORACLE_CODES] = {false};
	struct db_rows *rows = db_query(run->world.look,
		"SELECT code, status, units, spent, stores, charged FROM dossier ORDER BY code",
		"");

	while (db_next(rows)) {
		int number = code_number(run, db_text(rows, 0));
		const struct oracle_code *code = &run->oracle.codes[number];
		cJSON *stores = cJSON_Parse(db_text(rows, 4));

		found[number] = true;
		expect_text(run, number, "dossier", db_text(rows, 1), code->dossier);
		expect_int(run, number, "dossier's units", db_int(rows, 2), code->units);
		expect_int(run, number, "dossier's spent", db_int(rows, 3), code->spent);
		expect_int(
			run, number, "dossier's stores", store_bits(stores), code->dossier_stores);
		if (db_null(rows, 5) ? code->charged != 0
				     : !(code->charged & 1u << (db_text(rows, 5)[1] - '0')))
			ticket_run_broken(run, "code %d is charged to %s", number,
				db_null(rows, 5) ? "nobody" : db_text(rows, 5));
		cJSON_Delete(stores);
	}
	db_done(rows);
	for (int i = 0; i < ORACLE_CODES; i++)
		if ((run->oracle.codes[i].dossier != NULL) != found[i])
			ticket_run_broken(run, "code %d has %s dossier", i, found[i] ? "a" : "no");
}

static void check_refused(struct ticket_run *run)
{
	int left[ORACLE_CODES];
	struct db_rows *rows = db_query(run->world.look, "SELECT code FROM refused_scan", "");

	for (int i = 0; i < ORACLE_CODES; i++)
		left[i] = run->oracle.codes[i].refused;
	while (db_next(rows))
		left[code_number(run, db_text(rows, 0))]--;
	db_done(rows);
	for (int i = 0; i < ORACLE_CODES; i++)
		if (left[i] != 0)
			ticket_run_broken(run,
				"code %d was refused %d times more than is on record", i, left[i]);
}

void ticket_run_check(struct ticket_run *run)
{
	check_tickets(run);
	check_redemptions(run);
	check_routes(run);
	check_dossiers(run);
	check_refused(run);
	if (db_failed(run->world.look))
		ticket_run_broken(run, "HQ's database: %s", db_message(run->world.look));
}
