/* Units are conserved: random redemptions, voids, splits, refunds, blocks, bindings, settled dossiers and
 * refused scans at five stores in four time zones, with terminals' clocks wrong by up to a day, facts that come
 * late in any order, lines sent again and lines sent again with other bytes, alone and several in one request,
 * while days pass. After every request HQ's rows are what ticket_oracle.h says, and for every code
 *
 *     redeemed − over + refunded + remaining + given to its parts = units
 *
 * where the units over are those of redemptions that raised an exception, and never below 0.
 *
 * tests/test_ticket_property [SEEDS] [FIRST] runs so many seeds; a failure names the seed and the step. */
#include "tests/ticket_acts.h"

#include "model/json.h"
#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(SANITIZED) || defined(__SANITIZE_ADDRESS__)
#define SEEDS 4
#else
#define SEEDS 20
#endif
#define STEPS 400
#define LINES_MAX 6    /* of one request */
#define REACH_SEEDS 20 /* so many see everything that can happen */
#define VERDICT_BYTES 8192

static long seeds = SEEDS, first = 1;

struct sent {
	struct ticket_act *act;
	char *line;
	const char *expected; /* "applied", "replayed" or the code of the refusal */
};

struct run {
	struct goods_world world;
	struct oracle oracle;
	struct ticket_acts acts;
	unsigned long long seed;
	int step;
	struct sent sent[LINES_MAX];
	int sent_count;
};

__attribute__((format(printf, 2, 3), noreturn)) static void broken(
	const struct run *run, const char *format, ...)
{
	char words[1200];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	fail_msg("step %d: %s. Again: tests/test_ticket_property 1 %llu", run->step, words,
		run->seed);
	abort();
}

/* ---- what this test has seen, over all seeds ---- */

static struct tally {
	enum ticket_op op;
	char answer[32];
	int count;
} tallies[200];
static int tally_count;

static void tally(enum ticket_op op, const char *answer)
{
	int i = 0;

	while (i < tally_count && (tallies[i].op != op || strcmp(tallies[i].answer, answer) != 0))
		i++;
	assert_true(i < (int)(sizeof tallies / sizeof *tallies));
	if (i == tally_count) {
		tallies[tally_count].op = op;
		snprintf(tallies[tally_count++].answer, sizeof tallies->answer, "%s", answer);
	}
	tallies[i].count++;
}

/* Else the test lost its reach. */
static const struct {
	enum ticket_op op;
	const char *answers;
} reach[] = {
	{TICKET_ISSUE, "applied already_exists replayed key_reuse"},
	{TICKET_REDEEM,
		"applied unknown superseded refunded blocked not_here not_yet expired"
		" used_up insufficient replayed key_reuse"},
	{TICKET_VOID,
		"applied unknown_document wrong_store already_void superseded refunded"
		" too_late replayed"},
	{TICKET_REFUND, "applied unknown_document not_on_document nothing_to_do"},
	{TICKET_SPLIT, "applied used_up bad_data superseded refunded blocked"},
	{TICKET_BLOCK, "applied superseded refunded blocked"},
	{TICKET_UNBLOCK, "applied wrong_status"},
	{TICKET_BIND, "applied"},
	{TICKET_REFUSED, "applied replayed"},
	{TICKET_SETTLE, "applied unknown_document wrong_status bad_data"},
};

static void expect_reach(void)
{
	for (size_t i = 0; i < sizeof reach / sizeof *reach; i++) {
		char words[200], *word, *rest = words;

		snprintf(words, sizeof words, "%s", reach[i].answers);
		while ((word = strtok_r(rest, " ", &rest))) {
			int before = tally_count;

			tally(reach[i].op, word);
			if (tally_count > before)
				fail_msg("the test lost its reach: no op %d answered %s",
					(int)reach[i].op, word);
		}
	}
}

/* ---- verdicts ---- */

/* What HQ says of the ticket is what it is after the command: nobody at a counter counts again. */
static void check_told(struct run *run, const struct sent *sent, const cJSON *verdict)
{
	const struct ticket_act *act = sent->act;
	const cJSON *result = json_object(verdict, "result");
	const struct oracle_code *code = &run->oracle.codes[act->code];
	int64_t remaining = json_int(result, "remaining", -1);
	bool applied = strcmp(sent->expected, "applied") == 0;
	int uses = oracle_use_count(&run->oracle, act->code) - applied;

	if (!applied && !code->sold)
		return;
	if (remaining != oracle_remaining(code))
		broken(run, "%.400s answers that %lld are left, and %d are", sent->line,
			(long long)remaining, oracle_remaining(code));
	if (cJSON_GetArraySize(json_list(result, "uses")) != uses)
		broken(run, "%.400s tells of %d earlier uses, and there were %d", sent->line,
			cJSON_GetArraySize(json_list(result, "uses")), uses);
}

/* Earlier uses are told in the order in which HQ heard of them, whatever clocks made their ids. */
static void check_order(struct run *run, const struct sent *sent, const cJSON *verdict)
{
	const cJSON *use, *uses = json_list(json_object(verdict, "result"), "uses");
	int64_t last_ms = 0;

	cJSON_ArrayForEach(use, uses)
	{
		const struct oracle_use *told = oracle_use_of(
			&run->oracle, json_text(use, "redemption"));

		if (!told || told->recorded_ms < last_ms)
			broken(run, "%.400s tells of earlier uses in a wrong order", sent->line);
		last_ms = told->recorded_ms;
	}
}

/* A line that was sent again is answered as at first, but for the word "replayed". */
static void check_again(struct run *run, const struct sent *sent, const cJSON *verdict)
{
	cJSON *before = cJSON_Parse(sent->act->verdict);
	char *then = cJSON_PrintUnformatted(json_object(before, "result"));
	char *now = cJSON_PrintUnformatted(json_object(verdict, "result"));
	const char *status = json_text(before, "status"), *code = json_text(before, "code");
	const char *first_status = json_text(verdict, "first"),
		   *code_now = json_text(verdict, "code");

	if (!first_status || strcmp(status, first_status) != 0 ||
		strcmp(code ? code : "", code_now ? code_now : "") != 0 ||
		strcmp(then ? then : "", now ? now : "") != 0)
		broken(run, "%.300s was answered %s %s %.200s, now %s %s %.200s", sent->line,
			status, code ? code : "", then ? then : "",
			first_status ? first_status : "nothing", code_now ? code_now : "",
			now ? now : "");
	cJSON_free(then);
	cJSON_free(now);
	cJSON_Delete(before);
}

static void check_verdict(
	struct run *run, const struct sent *sent, const cJSON *verdict, bool alone)
{
	const char *status = json_text(verdict, "status"), *code = json_text(verdict, "code");
	const char *answer = strcmp(status, "rejected") == 0 ? code : status;

	tally(sent->act->op, answer);
	if (strcmp(answer, sent->expected) != 0)
		broken(run, "%.500s is answered %s, not %s", sent->line, answer, sent->expected);
	if (strcmp(answer, "replayed") == 0)
		check_again(run, sent, verdict);
	if (!sent->act->verdict) {
		sent->act->verdict = cJSON_PrintUnformatted(verdict);
		if (alone && sent->act->op == TICKET_REDEEM && !sent->act->of[0])
			check_told(run, sent, verdict);
		check_order(run, sent, verdict);
	}
}

/* Sends what was gathered as one request. */
static void send_all(struct run *run)
{
	struct text body = TEXT_INIT(TEXT_LARGE);
	char *answer;
	const char *at;

	for (int i = 0; i < run->sent_count; i++)
		text_add(&body, run->sent[i].line);
	answer = goods_post(&run->world, run->world.token, text_get(&body));
	at = answer;
	for (int i = 0; i < run->sent_count; i++) {
		cJSON *verdict = cJSON_ParseWithOpts(at, &at, false);

		if (!verdict)
			broken(run, "line %d has no verdict: %.500s", i, answer);
		check_verdict(run, &run->sent[i], verdict, run->sent_count == 1);
		cJSON_Delete(verdict);
	}
	free(answer);
	text_free(&body);
}

/* ---- HQ's rows ---- */

static int code_number(struct run *run, const char *name)
{
	int number = -1;

	if (!name || sscanf(name, "PT-%d-X", &number) != 1 || number < 0 || number >= ORACLE_CODES)
		broken(run, "there is a code %s", name ? name : "without a name");
	return number;
}

static unsigned store_bits(const cJSON *stores)
{
	unsigned bits = 0;
	const cJSON *store;

	cJSON_ArrayForEach(store, stores) bits |= 1u << (store->valuestring[1] - '0');
	return bits;
}

static void expect_int(struct run *run, int code, const char *what, int64_t found, int64_t expected)
{
	if (found != expected)
		broken(run, "%s of code %d is %lld, not %lld", what, code, (long long)found,
			(long long)expected);
}

static void expect_text(
	struct run *run, int code, const char *what, const char *found, const char *expected)
{
	if (strcmp(found ? found : "none", expected ? expected : "none") != 0)
		broken(run, "%s of code %d is %s, not %s", what, code, found ? found : "none",
			expected ? expected : "none");
}

/* So many units are of redemptions that stand and raised an exception. */
static int64_t told_over(struct run *run, int code)
{
	char name[TICKET_CODE_BYTES];

	return db_get_int(run->world.look, 0,
		"SELECT CAST(SUM(r.qty) AS BIGINT) FROM redemption r WHERE r.code = $1"
		" AND r.kind = 'redeem' AND NOT EXISTS (SELECT 1 FROM redemption v WHERE v.of = r.id)"
		" AND EXISTS (SELECT 1 FROM exception x WHERE x.command = r.id AND x.kind <> 'clock')",
		"t", ticket_code_name(code, name));
}

/* The equation, by what HQ tells alone. */
static void check_units(struct run *run, int code, const cJSON *row)
{
	int64_t units = json_int(row, "units", -1), refunded = json_int(row, "refunded", -1);
	int64_t redeemed = json_int(row, "redeemed", -1), left = json_int(row, "remaining", -1);
	int64_t given = oracle_given(&run->oracle, code);
	int64_t over = redeemed + refunded + given - units;

	over = over < 0 ? 0 : over;
	if (left < 0 || redeemed < 0 || redeemed - over + refunded + left + given != units)
		broken(run,
			"code %d: %lld redeemed, %lld refunded, %lld left, %lld given on of %lld units",
			code, (long long)redeemed, (long long)refunded, (long long)left,
			(long long)given, (long long)units);
	if (over > 0 && told_over(run, code) < over)
		broken(run,
			"code %d: %lld units are spent that are not there, and %lld are told of",
			code, (long long)over, (long long)told_over(run, code));
}

static void check_ticket(struct run *run, const cJSON *row)
{
	int number = code_number(run, json_text(row, "code"));
	const struct oracle_code *code = &run->oracle.codes[number];

	if (!code->sold)
		broken(run, "code %d is at HQ, and was never issued", number);
	expect_int(run, number, "units", json_int(row, "units", -1), code->units);
	expect_int(run, number, "redeemed", json_int(row, "redeemed", -1), code->spent);
	expect_int(run, number, "refunded", json_int(row, "refunded", -1), code->refunded);
	expect_int(
		run, number, "remaining", json_int(row, "remaining", -1), oracle_remaining(code));
	expect_int(run, number, "stores", store_bits(json_list(row, "stores")), code->stores);
	expect_text(run, number, "status", json_text(row, "status"), code->status);
	check_units(run, number, row);
}

static void check_tickets(struct run *run)
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

static int64_t count(struct run *run, const char *sql)
{
	return db_get_int(run->world.look, -1, sql, "");
}

/* The kinds that HQ raised for a command, in the order of the alphabet. */
static void expect_raised(struct run *run, const struct ticket_act *act)
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
		broken(run, "%.400s raised %s, not%s", act->line, found ? found : "nothing",
			expected[0] ? expected : " anything");
	free(found);
}

static void check_redemptions(struct run *run)
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
static void check_routes(struct run *run)
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

static void check_dossiers(struct run *run)
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
		cJSON_Delete(stores);
	}
	db_done(rows);
	for (int i = 0; i < ORACLE_CODES; i++)
		if ((run->oracle.codes[i].dossier != NULL) != found[i])
			broken(run, "code %d has %s dossier", i, found[i] ? "a" : "no");
}

static void check_refused(struct run *run)
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
			broken(run, "code %d was refused %d times more than is on record", i,
				left[i]);
}

static void check_all(struct run *run)
{
	check_tickets(run);
	check_redemptions(run);
	check_routes(run);
	check_dossiers(run);
	check_refused(run);
	if (db_failed(run->world.look))
		broken(run, "HQ's database: %s", db_message(run->world.look));
}

/* ---- the run ---- */

static void gather(struct run *run, struct ticket_act *act, char *line, const char *expected)
{
	run->sent[run->sent_count++] = (struct sent){act, line, expected};
}

/* Other bytes under the same id: a terminal's clone, or an attempt to have it twice. */
static char *other_bytes(const char *line)
{
	char *other = text_copy(line), *at = strstr(other, "\"at\":\""), *end;

	assert_non_null(at);
	end = strchr(at, 'Z');
	end[-1] = end[-1] == '9' ? '0' : (char)(end[-1] + 1);
	return other;
}

static void gather_any(struct run *run)
{
	int what = goods_draw(&run->world, 100);
	struct ticket_act *act = what < 14 ? ticket_act_again(&run->acts)
		: what < 34                ? ticket_act_late(&run->acts)
					   : ticket_act_make(&run->acts);

	if (!act)
		return;
	if (act->verdict) {
		bool same = what < 9;

		gather(run, act, same ? text_copy(act->line) : other_bytes(act->line),
			same ? "replayed" : "key_reuse");
		return;
	}
	gather(run, act, text_copy(act->line), oracle_run(&run->oracle, act, run->world.now_ms));
	/* The answer did not come in time, and the same goes out behind it. */
	if (run->sent_count < LINES_MAX && goods_draw(&run->world, 20) == 0)
		gather(run, act, text_copy(act->line), "replayed");
}

static void pass_time(struct run *run)
{
	static const int64_t seconds[] = {0, 1, 1, 20, 20, 60, 60, 300, 300, 890, 900, 3600, 36000};

	run->world.now_ms += 1000 *
			seconds[goods_draw(&run->world, sizeof seconds / sizeof *seconds)] +
		goods_draw(&run->world, 3);
}

static void step(struct run *run)
{
	int lines = goods_draw(&run->world, 4) ? 1 : 2 + goods_draw(&run->world, LINES_MAX - 1);

	pass_time(run);
	for (int i = 0; i < lines && run->sent_count < LINES_MAX; i++)
		gather_any(run);
	if (run->sent_count > 0) {
		send_all(run);
		check_all(run);
	}
	while (run->sent_count > 0)
		free(run->sent[--run->sent_count].line);
}

static void make_zones(struct run *run)
{
	static const int minutes[ORACLE_STORES] = {480, 0, -300, 840, 480};

	for (int i = 0; i < ORACLE_STORES; i++) {
		char data[120];

		snprintf(data, sizeof data,
			"{'id':'g%d','name':'Store %d','kind':'shop','tz_minutes':%d}", i, i,
			minutes[i]);
		assert_true(goods_office(&run->world, "store.put", NULL, data, NULL));
		run->oracle.tz_minutes[i] = minutes[i];
	}
}

static void run_seed(struct run *run)
{
	goods_open(&run->world, run->seed, false);
	run->acts.world = &run->world;
	run->acts.oracle = &run->oracle;
	make_zones(run);
	for (run->step = 0; run->step < STEPS; run->step++)
		step(run);
	ticket_acts_free(&run->acts);
	goods_close(&run->world);
}

static void units_are_conserved(void **state)
{
	/* Whatever is done to tickets, in any order and however often it is sent, every unit is redeemed,
	 * refunded, left or given on, once; what was spent beyond that is told of, with one dossier a code. */
	static struct run run;

	(void)state;
	for (long i = 0; i < seeds; i++) {
		memset(&run, 0, sizeof run);
		run.seed = (unsigned long long)first + (unsigned long long)i;
		run_seed(&run);
	}
	if (seeds >= REACH_SEEDS)
		expect_reach();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_are_conserved),
	};

	seeds = argc > 1 ? strtol(argv[1], NULL, 10) : SEEDS;
	first = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	return cmocka_run_group_tests_name("units are conserved", tests, NULL, NULL);
}
