/* Terminals of many stores redeem the last unit of a ticket at the same moment, over HTTP at the real HQ: online
 * one wins and all others are told of it; offline all happened, and one dossier goes to every store involved.
 *
 * Each terminal sends its request but for the last byte; then the last bytes go out at once, in any order.
 *
 *     tests/e2e_ticket_race [ROUNDS] [SEED]
 */
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "model/json.h"
#include "model/text.h"
#include "model/uuid.h"
#include "model/when.h"
#include "tests/e2e_kit.h"

#define ROUNDS 50
#define TERMINALS 12
#define ANSWER_BYTES (64 * 1024)
#define PRODUCT "TK0101"

static long rounds = ROUNDS;
static unsigned long long random_state = 1;

struct terminal {
	char store[16], clerk[16], device[64], token[128];
	int fd;
	char id[UUID_SIZE]; /* of its command in this round */
	struct text request;
	char answer[ANSWER_BYTES];
	size_t answered;
};

static struct terminal terminals[TERMINALS];

/* splitmix64 */
static int draw(int below)
{
	unsigned long long z = (random_state += 0x9E3779B97F4A7C15ULL);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
	return (int)((z >> 33) % (unsigned long long)below);
}

static void shuffle(int order[TERMINALS])
{
	for (int i = 0; i < TERMINALS; i++)
		order[i] = i;
	for (int i = TERMINALS - 1; i > 0; i--) {
		int other = draw(i + 1), mine = order[i];

		order[i] = order[other];
		order[other] = mine;
	}
}

/* ---- a connection ---- */

static int connect_hq(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_port = htons((uint16_t)atoi(strrchr(e2e_hq_url(), ':') + 1));
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

static void send_bytes(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);

		assert_true(sent > 0);
		bytes += sent;
		length -= (size_t)sent;
	}
}

/* Sends all of it but the last byte. */
static void begin_post(
	struct terminal *terminal, const char *path, const char *type, const char *body)
{
	text_clear(&terminal->request);
	text_addf(&terminal->request,
		"POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: %s\r\n",
		path, type);
	if (terminal->token[0])
		text_addf(&terminal->request, "Authorization: Bearer %s\r\n", terminal->token);
	text_addf(&terminal->request, "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
	terminal->fd = connect_hq();
	terminal->answered = 0;
	send_bytes(terminal->fd, terminal->request.bytes, terminal->request.length - 1);
}

static void end_post(struct terminal *terminal)
{
	send_bytes(terminal->fd, terminal->request.bytes + terminal->request.length - 1, 1);
}

/* Reads until HQ closes; the JSON of the answer, which the caller deletes. */
static cJSON *read_answer(struct terminal *terminal)
{
	struct pollfd fd = {.fd = terminal->fd, .events = POLLIN};
	ssize_t count = 1;
	const char *body;
	cJSON *json;

	while (count > 0) {
		assert_true(terminal->answered < ANSWER_BYTES - 1);
		assert_int_equal(poll(&fd, 1, E2E_DEADLINE_MS), 1);
		count = read(terminal->fd, terminal->answer + terminal->answered,
			ANSWER_BYTES - 1 - terminal->answered);
		assert_true(count >= 0);
		terminal->answered += (size_t)count;
	}
	close(terminal->fd);
	terminal->answer[terminal->answered] = '\0';
	body = strstr(terminal->answer, "\r\n\r\n{");
	if (!body || strncmp(terminal->answer, "HTTP/1.1 200", 12) != 0)
		fail_msg("%s: %.1000s", terminal->store, terminal->answer);
	json = cJSON_Parse(body + 4);
	assert_non_null(json);
	return json;
}

/* ---- the world ---- */

static void put_store(int i, char *data, size_t size)
{
	snprintf(data, size, "{\"id\":\"%s\",\"name\":\"Store %d\",\"kind\":\"shop\"}",
		terminals[i].store, i);
}

static void put_clerk(int i, char *data, size_t size)
{
	snprintf(data, size,
		"{\"id\":\"%s\",\"name\":\"Clerk %d\",\"role\":\"clerk\",\"stores\":[\"%s\"]}",
		terminals[i].clerk, i, terminals[i].store);
}

static void enrol(struct terminal *terminal)
{
	static struct e2e_output output;
	char url[E2E_PATH_BYTES + 16], body[200];
	cJSON *answer;

	snprintf(url, sizeof url, "sqlite:%s/hq.db", e2e_folder());
	e2e_run(&output, "countertop-hq", "enrol-code", "--db", url, "--store", terminal->store,
		NULL);
	if (output.code != 0)
		fail_msg("enrol-code: %s", output.err);
	snprintf(body, sizeof body, "{\"code\":\"%.*s\"}", (int)strcspn(output.out, "\n"),
		output.out);
	terminal->token[0] = '\0';
	begin_post(terminal, "/v1/enrol", "application/json", body);
	end_post(terminal);
	answer = read_answer(terminal);
	snprintf(terminal->token, sizeof terminal->token, "%s", json_text(answer, "token"));
	snprintf(terminal->device, sizeof terminal->device, "%s", json_text(answer, "device"));
	cJSON_Delete(answer);
}

static int set_up(void **state)
{
	e2e_set_up(state);
	for (int i = 0; i < TERMINALS; i++) {
		snprintf(terminals[i].store, sizeof terminals[i].store, "race%d", i);
		snprintf(terminals[i].clerk, sizeof terminals[i].clerk, "clerk%d", i);
		terminals[i].request = TEXT_INIT(TEXT_LARGE);
	}
	e2e_commands(NULL, "store.put", TERMINALS, put_store);
	e2e_commands(NULL, "staff.put", TERMINALS, put_clerk);
	for (int i = 0; i < TERMINALS; i++)
		enrol(&terminals[i]);
	return 0;
}

static int tear_down(void **state)
{
	for (int i = 0; i < TERMINALS; i++)
		text_free(&terminals[i].request);
	return e2e_tear_down(state);
}

static void issue(const char *code, int units)
{
	char data[300];

	snprintf(data, sizeof data,
		"{\"order\":\"RACE-%s\",\"buyer\":\"Blake\",\"lines\":[{\"code\":\"%s\","
		"\"product\":\"" PRODUCT "\",\"units\":%d}]}",
		code, code, units);
	e2e_command(NULL, "ticket.issue", data);
}

/* ---- a round ---- */

/* The terminal's redemption of one unit, but for its last byte. */
static void begin_redeem(struct terminal *terminal, const char *code, const char *mode)
{
	static struct uuid_source uuids;
	struct text line = TEXT_INIT(TEXT_SMALL);
	uint8_t random[10];
	char at[WHEN_SIZE];
	int64_t now_ms = (int64_t)time(NULL) * 1000;

	assert_int_equal(getrandom(random, sizeof random, 0), sizeof random);
	uuid_make(&uuids, now_ms, random, terminal->id);
	/* Clocks differ a little. */
	when_format(now_ms - draw(60000), at);
	text_addf(&line,
		"{\"id\":\"%s\",\"op\":\"ticket.redeem\",\"v\":1,\"at\":\"%s\",\"store\":\"%s\","
		"\"actor\":\"%s\",\"data\":{\"code\":\"%s\",\"qty\":1,\"mode\":\"%s\"}}\n",
		terminal->id, at, terminal->store, terminal->clerk, code, mode);
	begin_post(terminal, "/v1/commands", "application/x-ndjson", text_get(&line));
	text_free(&line);
}

/* The first `count` of them, in the given order, all at the same moment; their verdicts, by terminal. */
static void redeem_at_once(const int order[TERMINALS], int count, const char *code,
	const char *mode, cJSON *verdicts[TERMINALS])
{
	for (int i = 0; i < count; i++)
		begin_redeem(&terminals[order[i]], code, mode);
	for (int i = 0; i < count; i++)
		end_post(&terminals[order[i]]);
	for (int i = 0; i < count; i++)
		verdicts[order[i]] = read_answer(&terminals[order[i]]);
}

/* ---- online ---- */

static void expect_named(const cJSON *verdict, const struct terminal *winner, int uses_before)
{
	const cJSON *uses = json_list(json_object(verdict, "result"), "uses");
	const cJSON *use = cJSON_GetArrayItem(uses, uses_before);
	char at[WHEN_SIZE];

	if (cJSON_GetArraySize(uses) != uses_before + 1)
		fail_msg("%d uses are named", cJSON_GetArraySize(uses));
	assert_string_equal(json_text(use, "redemption"), winner->id);
	assert_string_equal(json_text(use, "store"), winner->store);
	assert_string_equal(json_text(use, "actor"), winner->clerk);
	assert_string_equal(json_text(use, "device"), winner->device);
	assert_int_equal(json_int(use, "qty", 0), 1);
	/* By HQ's clock, which is this machine's. */
	when_format((int64_t)(time(NULL) - 60) * 1000, at);
	assert_true(strcmp(json_text(use, "at"), at) > 0);
}

static int64_t figure(const char *kind, const char *id, const char *member)
{
	cJSON *document = e2e_get("/v1/%s/%s", kind, id);
	int64_t number = json_int(document, member, -1);

	cJSON_Delete(document);
	return number;
}

static void race_online(long round)
{
	cJSON *verdicts[TERMINALS] = {NULL};
	int order[TERMINALS], winner = -1, uses_before = (int)(round % 2);
	char code[32];

	snprintf(code, sizeof code, "RACE-ON-%04ld", round);
	issue(code, 1 + uses_before);
	shuffle(order);
	/* In every other round somebody had a unit before. */
	if (uses_before) {
		redeem_at_once(order, 1, code, "online", verdicts);
		cJSON_Delete(verdicts[order[0]]);
		shuffle(order);
	}
	redeem_at_once(order, TERMINALS, code, "online", verdicts);
	for (int i = 0; i < TERMINALS; i++) {
		if (strcmp(json_text(verdicts[i], "status"), "applied") != 0)
			continue;
		if (winner >= 0)
			fail_msg("%s: both %s and %s have the last unit", code,
				terminals[winner].store, terminals[i].store);
		winner = i;
	}
	assert_true(winner >= 0);
	for (int i = 0; i < TERMINALS; i++) {
		if (i != winner) {
			assert_string_equal(json_text(verdicts[i], "status"), "rejected");
			assert_string_equal(json_text(verdicts[i], "code"), "used_up");
			expect_named(verdicts[i], &terminals[winner], uses_before);
		}
		cJSON_Delete(verdicts[i]);
	}
	assert_int_equal(figure("tickets", code, "redeemed"), 1 + uses_before);
	assert_int_equal(figure("tickets", code, "remaining"), 0);
}

/* How many rows HQ's list has. */
static int rows_of(const char *list, const char *filter)
{
	cJSON *rows = e2e_get("/v1/%s?limit=200&%s", list, filter);
	int count = cJSON_GetArraySize(rows);

	cJSON_Delete(rows);
	return count;
}

static void one_has_the_last_unit(void **state)
{
	/* Of many terminals that redeem the last unit at once exactly one is told yes; each of the others is told
	 * used up, by whom, where, when and at which terminal, and its scan is on record. */
	char filter[40];

	(void)state;
	for (long round = 0; round < rounds; round++) {
		race_online(round);
		snprintf(filter, sizeof filter, "code=RACE-ON-%04ld", round);
		assert_int_equal(rows_of("refused_scans", filter), TERMINALS - 1);
		assert_int_equal(rows_of("dossiers", filter), 0);
	}
	assert_int_equal(rows_of("exceptions", "kind=duplicate_redemption&store=race0"), 0);
}

/* ---- offline ---- */

/* In bits, which terminals' stores are in the dossier. */
static unsigned stores_of(const cJSON *dossier)
{
	unsigned bits = 0;
	const cJSON *store;

	cJSON_ArrayForEach(store, json_list(dossier, "stores")) bits |= 1u
		<< atoi(store->valuestring + strlen("race"));
	return bits;
}

static unsigned race_offline(long round)
{
	cJSON *verdicts[TERMINALS] = {NULL}, *dossier;
	int order[TERMINALS], count = round % 2 ? TERMINALS : 2 + draw(TERMINALS - 1);
	char code[32], filter[100];
	unsigned involved = 0;

	snprintf(code, sizeof code, "RACE-OFF-%04ld", round);
	issue(code, 1);
	shuffle(order);
	redeem_at_once(order, count, code, "offline", verdicts);
	for (int i = 0; i < count; i++) {
		assert_string_equal(json_text(verdicts[order[i]], "status"), "applied");
		involved |= 1u << order[i];
		cJSON_Delete(verdicts[order[i]]);
	}
	assert_int_equal(figure("tickets", code, "redeemed"), count);
	assert_int_equal(figure("tickets", code, "remaining"), 0);
	snprintf(filter, sizeof filter, "kind=duplicate_redemption&doc=%s", code);
	assert_int_equal(rows_of("exceptions", filter), count - 1);
	snprintf(filter, sizeof filter, "code=%s", code);
	assert_int_equal(rows_of("dossiers", filter), 1);
	dossier = e2e_get("/v1/dossiers/%s", code);
	assert_string_equal(json_text(dossier, "status"), "open");
	assert_int_equal(json_int(dossier, "units", -1), 1);
	assert_int_equal(json_int(dossier, "spent", -1), count);
	assert_int_equal(stores_of(dossier), involved);
	cJSON_Delete(dossier);
	return involved;
}

/* Does the terminal's copy of HQ's rows hold this dossier? */
static bool holds(const char *rows, long round)
{
	char row[80];

	snprintf(row, sizeof row, "\"table\":\"dossier\",\"key\":[\"RACE-OFF-%04ld\"],\"row\":{",
		round);
	return strstr(rows, row) != NULL;
}

/* Everything HQ has for the terminal, page by page; the caller frees it. */
static char *pull(const struct terminal *terminal)
{
	struct text all = TEXT_INIT((size_t)64 * 1024 * 1024);
	char path[400] = "/v1/changes?after=&limit=10000";
	bool more = true;

	while (more) {
		char *page = e2e_body(terminal->token, path);
		cJSON *header = cJSON_ParseWithOpts(page, NULL, false);

		more = strstr(page, "\"more\":true") != NULL;
		snprintf(path, sizeof path, "/v1/changes?after=%s&limit=10000",
			json_text(header, "to"));
		text_add(&all, page);
		cJSON_Delete(header);
		free(page);
	}
	assert_true(text_ok(&all));
	return text_take(&all);
}

static void all_happened(void **state)
{
	/* Of k redemptions of a last unit with the line down, k are on record, k − 1 raise an exception, and one
	 * dossier is in the feed of every store that redeemed and of no other. */
	unsigned *involved = calloc((size_t)rounds, sizeof *involved);

	(void)state;
	assert_non_null(involved);
	for (long round = 0; round < rounds; round++)
		involved[round] = race_offline(round);
	for (int i = 0; i < TERMINALS; i++) {
		char *rows = pull(&terminals[i]);

		for (long round = 0; round < rounds; round++)
			if (holds(rows, round) != ((involved[round] & 1u << i) != 0))
				fail_msg("%s %s the dossier of round %ld", terminals[i].store,
					holds(rows, round) ? "has" : "lacks", round);
		free(rows);
	}
	free(involved);
}

/* ---- real terminals ---- */

static const struct {
	const char *store, *staff, *pin;
} desks[] = {
	{"xinyi", "lee", "1201"}, {"ximen", "wu", "1301"}, {"tainan", "kuo", "1501"},
	{"taichung", "liu", "1401"}, /* has nothing to do with it */
};
#define DESKS (sizeof desks / sizeof *desks)

static void redeem_at_desk(const struct e2e_home *home, size_t desk, const char *code)
{
	static struct e2e_output output;
	char word[60];

	snprintf(word, sizeof word, "code=%s", code);
	setenv("COUNTERTOP_PIN", desks[desk].pin, 1);
	e2e_countertop(&output, home, "--staff", desks[desk].staff, "do", "ticket.redeem", word,
		"qty=1", "mode=offline", NULL);
	/* Saved: no HQ was asked. */
	if (output.code != 4)
		fail_msg("%s: %d %s%s", home->store, output.code, output.out, output.err);
}

static void expect_dossiers(const struct e2e_home *home, int count, int spent)
{
	cJSON *rows = e2e_show(home, "dossiers", "code=RACE-DESK-1");

	if (cJSON_GetArraySize(rows) != count)
		fail_msg("%s has %d dossiers", home->store, cJSON_GetArraySize(rows));
	if (count > 0)
		assert_int_equal(json_int(cJSON_GetArrayItem(rows, 0), "spent", -1), spent);
	cJSON_Delete(rows);
}

static void sync_home(const struct e2e_home *home)
{
	static struct e2e_output output;

	e2e_countertop(&output, home, "sync", "--once", NULL);
	if (output.code != 0)
		fail_msg("%s: %s", home->store, output.err);
}

static void the_desks_learn_of_it(void **state)
{
	/* Three stores redeem one unit while none hears of the others: no terminal makes a dossier up by itself; once
	 * all have told HQ, each of the three has the one dossier, and a fourth store has none. */
	static struct e2e_home homes[DESKS];

	(void)state;
	issue("RACE-DESK-1", 1);
	for (size_t i = 0; i < DESKS; i++)
		e2e_enrol(&homes[i], desks[i].store);
	for (size_t i = 0; i + 1 < DESKS; i++) {
		redeem_at_desk(&homes[i], i, "RACE-DESK-1");
		expect_dossiers(&homes[i], 0, 0);
	}
	for (size_t i = 0; i + 1 < DESKS; i++) {
		sync_home(&homes[i]);
		expect_dossiers(&homes[i], i > 0, (int)i + 1);
	}
	for (size_t i = 0; i < DESKS; i++) {
		sync_home(&homes[i]);
		expect_dossiers(&homes[i], i + 1 < DESKS, 3);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_has_the_last_unit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(all_happened, set_up, tear_down),
		e2e_test(the_desks_learn_of_it),
	};

	rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
	random_state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	return cmocka_run_group_tests_name("the last unit of a ticket", tests, NULL, NULL);
}
