/* Seats of one home, and homes of one store and of two, act on one document at the same time, by the command
 * line, again and again. Where only one may win, exactly one does; whoever lost has the reason, on the spot or
 * in the inbox; what was counted is on hand whatever else happened.
 *
 *     tests/e2e_documents_race [ROUNDS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_kit.h"

#define ROUNDS 1 /* of every race, in each way */
#define ID_BYTES 64
#define SKU "RACE"
#define QUEUED 4
#define REJECTED 3

static long rounds = ROUNDS;

/* ---- the races ---- */

enum document { PENDING, ACCEPTED, SHIPPED, ASKED };

struct racer {
	const char *store, *op, *words; /* words: behind the document; NULL: none */
};

static const struct race {
	const char *name;
	enum document document;
	struct racer racers[2];
	bool one_wins;     /* else both may */
	const char *codes; /* what whoever loses is told, one of these */
	const char *ends;  /* one of these statuses in the end */
	int counted;       /* on hand at ximen in the end, if anything was; more than before */
} races[] = {
	{"accept and reject", PENDING,
		{{"ximen", "inbound.accept", NULL}, {"ximen", "inbound.reject", "reason=no room"}},
		true, "wrong_status", "accepted rejected", 0},
	{"accept twice", PENDING,
		{{"ximen", "inbound.accept", NULL}, {"ximen", "inbound.accept", NULL}}, true,
		"wrong_status", "accepted", 0},
	{"reject and cancel", PENDING,
		{{"ximen", "inbound.reject", "reason=no room"}, {"xinyi", "outbound.cancel", NULL}},
		true, "wrong_status", "rejected cancelled", 0},
	{"accept and cancel", PENDING,
		{{"ximen", "inbound.accept", NULL}, {"xinyi", "outbound.cancel", NULL}}, false,
		"wrong_status", "cancelled", 0},
	{"ship and cancel", ACCEPTED,
		{{"xinyi", "outbound.ship", NULL}, {"xinyi", "outbound.cancel", NULL}}, true,
		"wrong_status already_shipped", "shipped cancelled", 0},
	{"ship twice", ACCEPTED,
		{{"xinyi", "outbound.ship", NULL}, {"xinyi", "outbound.ship", NULL}}, true,
		"wrong_status", "shipped", 0},
	{"arrive and cancel", ACCEPTED,
		{{"ximen", "inbound.arrive", NULL}, {"xinyi", "outbound.cancel", NULL}}, true,
		"wrong_status already_shipped", "arrived cancelled", 0},
	{"count and cancel", ACCEPTED,
		{{"ximen", "inbound.receive", "lines=[{\"sku\":\"" SKU "\",\"qty\":3}]"},
			{"xinyi", "outbound.cancel", NULL}},
		false, "wrong_status already_shipped", "partial cancelled", 3},
	{"count twice", SHIPPED,
		{{"ximen", "inbound.receive", "lines=[{\"sku\":\"" SKU "\",\"qty\":3}]"},
			{"ximen", "inbound.receive", "lines=[{\"sku\":\"" SKU "\",\"qty\":3}]"}},
		false, "", "received", 6},
	{"count and close short", SHIPPED,
		{{"ximen", "inbound.receive", "lines=[{\"sku\":\"" SKU "\",\"qty\":3}]"},
			{"ximen", "inbound.close", "reason=came_back"}},
		false, "", "received", 3},
	{"agree and refuse", ASKED,
		{{"xinyi", "transfer.agree", NULL},
			{"xinyi", "transfer.refuse", "reason=none left"}},
		true, "wrong_status", "agreed refused", 0},
	{"agree and cancel", ASKED,
		{{"xinyi", "transfer.agree", NULL}, {"ximen", "transfer.cancel", NULL}}, true,
		"wrong_status", "agreed cancelled", 0},
};
#define RACES (sizeof races / sizeof *races)

/* ---- the world ---- */

struct world {
	struct e2e_home homes[4]; /* two of each store */
	const struct race *race;
	char document[ID_BYTES];
	double on_hand[2]; /* before: xinyi, ximen */
};

static void at_hq(const char *store, const char *op, const char *document)
{
	char data[200];

	snprintf(data, sizeof data, "{\"movement\":\"%s\"}", document);
	e2e_command(store, op, data);
}

static void make_document(struct world *world)
{
	enum document kind = world->race->document;
	bool asked = kind == ASKED;
	char data[200];

	snprintf(data, sizeof data, "{\"%s\":\"%s\",\"lines\":[{\"sku\":\"" SKU "\",\"qty\":5}]}",
		asked ? "from" : "to", asked ? "xinyi" : "ximen");
	snprintf(world->document, ID_BYTES, "%s",
		e2e_command(asked ? "ximen" : "xinyi",
			asked ? "transfer.request" : "outbound.create", data));
	if (kind == ACCEPTED || kind == SHIPPED)
		at_hq("ximen", "inbound.accept", world->document);
	if (kind == SHIPPED)
		at_hq("xinyi", "outbound.ship", world->document);
}

static void open_world(struct world *world)
{
	static const char *const stores[] = {"xinyi", "xinyi", "ximen", "ximen"};

	e2e_command(NULL, "product.put", "{\"sku\":\"" SKU "\",\"name\":\"Thing\"}");
	e2e_command(NULL, "stock.open",
		"{\"store\":\"xinyi\",\"lines\":[{\"sku\":\"" SKU "\",\"qty\":100000}]}");
	e2e_command(NULL, "stock.open",
		"{\"store\":\"ximen\",\"lines\":[{\"sku\":\"" SKU "\",\"qty\":100000}]}");
	for (int i = 0; i < 4; i++)
		e2e_enrol(&world->homes[i], stores[i]);
}

/* All homes exchange with HQ at the same time. */
static void sync_all(struct world *world)
{
	static struct e2e_output output;
	struct e2e_job jobs[4];

	for (int i = 0; i < 4; i++)
		e2e_begin(&jobs[i], &world->homes[i], "sync", "--once", NULL);
	for (int i = 0; i < 4; i++) {
		e2e_join(&output, &jobs[i]);
		if (output.code != 0)
			fail_msg("%s: %s", world->homes[i].store, output.err);
		assert_int_equal(e2e_unsent(&world->homes[i]), 0);
	}
}

/* ---- a race ---- */

struct start {
	const struct racer *racer;
	const struct e2e_home *home;
	struct e2e_job job;
	char id[ID_BYTES];
	char code[40]; /* why it was refused; "": it was not */
	bool at_once;  /* refused by the terminal, so that nothing was saved */
};

static void begin(const struct world *world, struct start *start)
{
	bool xinyi = strcmp(start->racer->store, "xinyi") == 0;
	char document[100];

	setenv("COUNTERTOP_PIN", xinyi ? "1200" : "1300", 1);
	snprintf(document, sizeof document, "%s=%s",
		world->race->document == ASKED ? "transfer" : "movement", world->document);
	e2e_begin(&start->job, start->home, "--staff", xinyi ? "chen" : "chang", "do",
		start->racer->op, document, start->racer->words, NULL);
}

static void read_text(const cJSON *json, const char *name, char *out, size_t size)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));

	snprintf(out, size, "%s", text ? text : "");
}

/* What the terminal said at once. */
static void join(struct start *start)
{
	static struct e2e_output output;
	cJSON *json;

	e2e_join(&output, &start->job);
	if (output.code != QUEUED && output.code != REJECTED)
		fail_msg("%s: %d %s%s", start->racer->op, output.code, output.out, output.err);
	json = cJSON_Parse(output.out);
	read_text(json, "id", start->id, sizeof start->id);
	read_text(json, "code", start->code, sizeof start->code);
	cJSON_Delete(json);
	start->at_once = output.code == REJECTED;
	if (start->at_once && !start->code[0])
		fail_msg("%s is refused without a reason: %s", start->racer->op, output.out);
	/* Saved in the same moment as the other one, it may already say what HQ is going to answer. */
	if (!start->at_once)
		start->code[0] = '\0';
}

/* Is there such a verdict of HQ in the outbox, and, where it is a refusal, still in the inbox? */
static bool has_verdict(const struct start *start, const char *status, const char *code)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		"SELECT count(*) FROM command WHERE id = '%s' AND status = '%s' AND dismissed = 0"
		" AND ('%s' = '' OR (code = '%s' AND message <> ''))",
		start->id, status, code, code);
	return e2e_outbox(start->home, sql) == 1;
}

static void read_verdict(struct start *start, const char *codes)
{
	char list[80], *code, *rest = list;

	if (start->at_once || has_verdict(start, "applied", ""))
		return;
	snprintf(list, sizeof list, "%s", codes);
	while ((code = strtok_r(rest, " ", &rest)))
		if (has_verdict(start, "rejected", code))
			snprintf(start->code, sizeof start->code, "%s", code);
	if (!start->code[0])
		fail_msg("%s at %s has no verdict that fits", start->racer->op, start->home->store);
}

static bool is_one_of(const char *word, const char *words)
{
	const char *at = strstr(words, word);

	return at && *word && (at == words || at[-1] == ' ') &&
		(at[strlen(word)] == ' ' || at[strlen(word)] == '\0');
}

static void expect_outcome(struct world *world, struct start starts[2])
{
	const struct race *race = world->race;
	const char *kind = race->document == ASKED ? "transfers" : "movements";
	int lost = 0;

	for (int i = 0; i < 2; i++) {
		read_verdict(&starts[i], race->codes);
		if (starts[i].code[0] && !is_one_of(starts[i].code, race->codes))
			fail_msg("%s: %s is refused with %s", race->name, starts[i].racer->op,
				starts[i].code);
		lost += starts[i].code[0] != '\0';
		/* A fact is never the one that lost. */
		if (strcmp(starts[i].racer->op, "inbound.receive") == 0)
			assert_string_equal(starts[i].code, "");
	}
	if (race->one_wins ? lost != 1 : lost > 1)
		fail_msg("%s: %d of two lost", race->name, lost);
	if (!is_one_of(e2e_field(kind, world->document, "status"), race->ends))
		fail_msg("%s: it ends %s", race->name, e2e_field(kind, world->document, "status"));
}

/* What was counted is at ximen, and nothing came out of nothing; every home shows what HQ has. */
static void expect_goods(const struct world *world)
{
	struct e2e_stock xinyi = e2e_stock_of("xinyi", SKU), ximen = e2e_stock_of("ximen", SKU);

	if (ximen.on_hand - world->on_hand[1] != world->race->counted)
		fail_msg("%s: %g were counted, %d expected", world->race->name,
			ximen.on_hand - world->on_hand[1], world->race->counted);
	assert_true(xinyi.in_transit_out == ximen.in_transit_in);
	assert_true(xinyi.on_hand + ximen.on_hand + ximen.in_transit_in == 200000);
	for (int i = 0; i < 4; i++) {
		cJSON *rows = e2e_show(&world->homes[i], "stock", "sku=" SKU);
		const cJSON *here = cJSON_GetObjectItemCaseSensitive(
			cJSON_GetArrayItem(rows, 0), "on_hand");

		assert_int_equal(cJSON_GetArraySize(rows), 1);
		assert_true(cJSON_GetNumberValue(here) == (i < 2 ? xinyi : ximen).on_hand);
		cJSON_Delete(rows);
	}
}

/* Whatever is on the road in the end is of races that are over. */
static void clear_road(const struct world *world)
{
	const char *status = e2e_field("movements", world->document, "status");
	char data[200];

	if (!is_one_of(status, "shipped arrived partial"))
		return;
	snprintf(data, sizeof data, "{\"movement\":\"%s\",\"reason\":\"came_back\"}",
		world->document);
	e2e_command("ximen", "inbound.close", data);
}

/* apart: each at a home of its own, so that neither can know of the other before HQ does. */
static void run(struct world *world, bool apart)
{
	struct start starts[2];

	make_document(world);
	world->on_hand[0] = e2e_stock_of("xinyi", SKU).on_hand;
	world->on_hand[1] = e2e_stock_of("ximen", SKU).on_hand;
	sync_all(world);
	for (int i = 0; i < 2; i++) {
		int first = strcmp(world->race->racers[i].store, "xinyi") == 0 ? 0 : 2;

		starts[i] = (struct start){.racer = &world->race->racers[i],
			.home = &world->homes[first + (apart ? i : 0)]};
		begin(world, &starts[i]);
	}
	join(&starts[0]);
	join(&starts[1]);
	/* Apart, both were saved before HQ heard of either. */
	assert_false(apart && (starts[0].at_once || starts[1].at_once));
	sync_all(world);
	sync_all(world);
	expect_outcome(world, starts);
	expect_goods(world);
	clear_road(world);
}

static void race_all(bool apart)
{
	static struct world world;

	memset(&world, 0, sizeof world);
	open_world(&world);
	for (long round = 0; round < rounds; round++) {
		for (size_t i = 0; i < RACES; i++) {
			world.race = &races[i];
			run(&world, apart);
		}
	}
}

static void homes_race(void **state)
{
	/* Two homes act on one document while neither has heard of the other: HQ lets one win where only one
	 * may, and the other finds the reason in its inbox. */
	(void)state;
	race_all(true);
}

static void seats_race(void **state)
{
	/* Two seats of one home do the same at one moment (two stores still have two homes): whoever comes
	 * second is refused on the spot, or by HQ. */
	(void)state;
	race_all(false);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		e2e_test(homes_race),
		e2e_test(seats_race),
	};

	rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
	return cmocka_run_group_tests_name("races for one document", tests, NULL, NULL);
}
