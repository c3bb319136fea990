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
#include "tests/ticket_run.h"
#include "tests/sanitized.h"

#include "model/json.h"
#include "model/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if SANITIZED
#define SEEDS 4
#else
#define SEEDS 20
#endif
#define STEPS 400
#define REACH_SEEDS 20 /* so many see everything that can happen */

static long seeds = SEEDS, first = 1;

void ticket_run_broken(const struct ticket_run *run, const char *format, ...)
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
static void check_told(struct ticket_run *run, const struct ticket_sent *sent, const cJSON *verdict)
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
		ticket_run_broken(run, "%.400s answers that %lld are left, and %d are", sent->line,
			(long long)remaining, oracle_remaining(code));
	if (cJSON_GetArraySize(json_list(result, "uses")) != uses)
		ticket_run_broken(run, "%.400s tells of %d earlier uses, and there were %d",
			sent->line, cJSON_GetArraySize(json_list(result, "uses")), uses);
}

/* Earlier uses are told in the order in which HQ heard of them, whatever clocks made their ids. */
static void check_order(
	struct ticket_run *run, const struct ticket_sent *sent, const cJSON *verdict)
{
	const cJSON *use, *uses = json_list(json_object(verdict, "result"), "uses");
	int64_t last_ms = 0;

	cJSON_ArrayForEach(use, uses)
	{
		const struct oracle_use *told = oracle_use_of(
			&run->oracle, json_text(use, "redemption"));

		if (!told || told->recorded_ms < last_ms)
			ticket_run_broken(
				run, "%.400s tells of earlier uses in a wrong order", sent->line);
		last_ms = told->recorded_ms;
	}
}

/* A line that was sent again is answered as at first, but for the word "replayed". */
static void check_again(
	struct ticket_run *run, const struct ticket_sent *sent, const cJSON *verdict)
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
		ticket_run_broken(run, "%.300s was answered %s %s %.200s, now %s %s %.200s",
			sent->line, status, code ? code : "", then ? then : "",
			first_status ? first_status : "nothing", code_now ? code_now : "",
			now ? now : "");
	cJSON_free(then);
	cJSON_free(now);
	cJSON_Delete(before);
}

static void check_verdict(
	struct ticket_run *run, const struct ticket_sent *sent, const cJSON *verdict, bool alone)
{
	const char *status = json_text(verdict, "status"), *code = json_text(verdict, "code");
	const char *answer = strcmp(status, "rejected") == 0 ? code : status;

	tally(sent->act->op, answer);
	if (strcmp(answer, sent->expected) != 0)
		ticket_run_broken(
			run, "%.500s is answered %s, not %s", sent->line, answer, sent->expected);
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
static void send_all(struct ticket_run *run)
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
			ticket_run_broken(run, "line %d has no verdict: %.500s", i, answer);
		check_verdict(run, &run->sent[i], verdict, run->sent_count == 1);
		cJSON_Delete(verdict);
	}
	free(answer);
	text_free(&body);
}

/* ---- the run ---- */

static void gather(struct ticket_run *run, struct ticket_act *act, char *line, const char *expected)
{
	run->sent[run->sent_count++] = (struct ticket_sent){act, line, expected};
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

static void gather_any(struct ticket_run *run)
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
	if (run->sent_count < TICKET_LINES_MAX && goods_draw(&run->world, 20) == 0)
		gather(run, act, text_copy(act->line), "replayed");
}

static void pass_time(struct ticket_run *run)
{
	static const int64_t seconds[] = {0, 1, 1, 20, 20, 60, 60, 300, 300, 890, 900, 3600, 36000};

	run->world.now_ms += 1000 *
			seconds[goods_draw(&run->world, sizeof seconds / sizeof *seconds)] +
		goods_draw(&run->world, 3);
}

static void step(struct ticket_run *run)
{
	int lines = goods_draw(&run->world, 4) ? 1
					       : 2 + goods_draw(&run->world, TICKET_LINES_MAX - 1);

	pass_time(run);
	for (int i = 0; i < lines && run->sent_count < TICKET_LINES_MAX; i++)
		gather_any(run);
	if (run->sent_count > 0) {
		send_all(run);
		ticket_run_check(run);
	}
	while (run->sent_count > 0)
		free(run->sent[--run->sent_count].line);
}

static void make_zones(struct ticket_run *run)
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

static void run_seed(struct ticket_run *run)
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
	static struct ticket_run run;

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
