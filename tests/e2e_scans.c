/*
 * Five seats on one home count one sheet, each scanning twenty a second, while their screens, the syncer
 * and HQ are killed at random: tests/e2e_scans [SECONDS] [SEED]. Each seat has a product of its own, so that
 * what its screen says of the product is how many of its scans are saved. At the end each scan that a screen
 * called saved is at HQ once, and lines are the sums of their entries.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_parts.h"
#include "tests/e2e_truth.h"

#define SEATS 5
#define SECONDS 10
#define SCANS_A_SECOND 20
#define PACE_MS (1000 / SCANS_A_SECOND)
#define AHEAD_MAX 100   /* scans typed before the screen shows them: no more fit into a terminal */
#define STRIKE_EVERY 60 /* scans of all seats between two kills, on average */
#define STANDSTILL_MS (3 * E2E_DEADLINE_MS)
#define TEXT 64
#define WORDS_ROW 120

static int seconds = SECONDS, seed = 1;

/* What a seat waits for next. */
enum phase { FOR_NAMES, FOR_PIN, FOR_SHOP, FOR_SHEET, SCANNING };

struct seat {
	struct screen *screen;
	enum phase phase;
	char sku[TEXT], code[TEXT];
	int typed; /* scans the scanner sent, without those that a kill took along */
	int shown; /* of these, how many the screen called saved */
	int lost;  /* that a kill took along */
	int64_t due_ms, moved_ms;
};

struct scans {
	struct e2e_home home;
	char sheet[TEXT], number[TEXT];
	struct seat seats[SEATS];
	uint64_t random;
	int strike_in; /* scans until the next kill */
	bool hq_is_down;
	int screens, syncers, hqs; /* killed */
	int behind;                /* most scans typed and not yet shown */
};

/* The state of Knuth's MMIX generator. */
static int draw(struct scans *scans, int below)
{
	scans->random = scans->random * 6364136223846793005u + 1442695040888963407u;
	return (int)((scans->random >> 33) % (uint64_t)below);
}

/* ---- what the outbox and the screen say ---- */

/* Scans of the seat's product that stand in the outbox. */
static int saved(const struct scans *scans, const struct seat *seat)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		"SELECT count(*) FROM command WHERE op = 'stocktake.count' AND "
		"json_extract(line, '$.data.sku') = '%s'",
		seat->sku);
	return (int)e2e_outbox(&scans->home, sql);
}

/* How many of the product the line under the cursor has, which follows the scans; -1 if it is another's. What is
 * said of a scan may be only that the sheet follows. */
static int called_saved(struct seat *seat)
{
	char words[TEXT * 2];
	const char *at;
	int number;

	/* Its name has a line of its own, what was counted the next. */
	snprintf(words, sizeof words, "\n %s ", seat->sku);
	at = strstr(screen_text(seat->screen), words);
	at = at ? strchr(at + 1, '\n') : NULL;
	return at && sscanf(at, " counted %d", &number) == 1 ? number : -1;
}

/* ---- a seat ---- */

static void sit_down(struct scans *scans, struct seat *seat)
{
	static const struct e2e_look wide = {.rows = 30, .cols = WORDS_ROW};

	seat->screen = e2e_console(&scans->home, &wide);
	seat->phase = FOR_NAMES;
	seat->moved_ms = e2e_now_ms();
}

/* What was typed last and never shown may be there or not; what was shown is. */
static void begin_scanning(struct scans *scans, struct seat *seat)
{
	int stored = saved(scans, seat);

	if (stored < seat->shown || stored > seat->typed)
		fail_msg("%s: %d scans were shown and %d typed; now there are %d", seat->sku,
			seat->shown, seat->typed, stored);
	seat->lost += seat->typed - stored;
	seat->typed = seat->shown = stored;
	seat->due_ms = e2e_now_ms();
}

/* The way from a new screen to the sheet, without ever waiting: the others go on scanning meanwhile. */
static void approach(struct scans *scans, struct seat *seat)
{
	static const char *const signs[] = {
		[FOR_NAMES] = "\xe9\x99\xb3", /* of a name in the list */
		[FOR_PIN] = "PIN",
		[FOR_SHOP] = "Outbound",
		[FOR_SHEET] = "In count",
	};

	if (!screen_has(seat->screen, signs[seat->phase]) ||
		(seat->phase == FOR_SHOP && screen_has(seat->screen, "PIN")))
		return;
	if (seat->phase == FOR_NAMES)
		screen_send(seat->screen, "chen<enter>");
	else if (seat->phase == FOR_PIN)
		screen_send(seat->screen, "1200<enter>");
	else if (seat->phase == FOR_SHOP)
		screen_scan(seat->screen, scans->number);
	else
		begin_scanning(scans, seat);
	seat->phase++;
	seat->moved_ms = e2e_now_ms();
}

static void type_scan(struct scans *scans, struct seat *seat)
{
	char bytes[TEXT + 1];

	snprintf(bytes, sizeof bytes, "%s\r", seat->code);
	screen_send_bytes(seat->screen, bytes, strlen(bytes));
	seat->typed++;
	scans->strike_in--;
	if (seat->typed - seat->shown > scans->behind)
		scans->behind = seat->typed - seat->shown;
}

/* Half a frame may show digits of two numbers: what is above `typed` is no number of this screen. */
static void look(struct seat *seat)
{
	int shown = called_saved(seat);

	if (shown <= seat->shown || shown > seat->typed)
		return;
	seat->shown = shown;
	seat->moved_ms = e2e_now_ms();
}

/* A scanner that could not keep its pace does not make up for it. */
static void scan_when_due(struct scans *scans, struct seat *seat, int target)
{
	int64_t now_ms = e2e_now_ms();

	if (now_ms < seat->due_ms || seat->typed >= target ||
		seat->typed - seat->shown >= AHEAD_MAX)
		return;
	type_scan(scans, seat);
	seat->due_ms += PACE_MS;
	if (seat->due_ms < now_ms)
		seat->due_ms = now_ms + PACE_MS;
}

static void take_turn(struct scans *scans, struct seat *seat, int target)
{
	if (seat->phase != SCANNING) {
		approach(scans, seat);
	} else {
		look(seat);
		scan_when_due(scans, seat, target);
	}
	if (e2e_now_ms() - seat->moved_ms < STANDSTILL_MS ||
		(seat->phase == SCANNING && seat->shown == seat->typed))
		return;
	screen_print(seat->screen);
	fail_msg("the screen of %s stands still at %d of %d scans", seat->sku, seat->shown,
		seat->typed);
}

/* ---- kills ---- */

static void raise_hq(struct scans *scans)
{
	if (scans->hq_is_down)
		e2e_hq_start();
	scans->hq_is_down = false;
}

static void strike_hq(struct scans *scans)
{
	raise_hq(scans);
	e2e_hq_kill();
	scans->hq_is_down = true;
	scans->hqs++;
}

static void strike_screen(struct scans *scans)
{
	struct seat *seat = &scans->seats[draw(scans, SEATS)];

	if (seat->phase != SCANNING)
		return;
	e2e_kill(seat->screen);
	scans->screens++;
	sit_down(scans, seat);
}

static void strike(struct scans *scans)
{
	int who = draw(scans, 100);

	scans->strike_in = 1 + draw(scans, 2 * STRIKE_EVERY);
	if (scans->hq_is_down && draw(scans, 2))
		raise_hq(scans);
	else if (who < 40)
		strike_screen(scans);
	else if (who < 75)
		scans->syncers += e2e_signal_all(scans->home.path, "--service", SIGKILL) > 0;
	else
		strike_hq(scans);
}

/* ---- the test ---- */

static void start_sheet(struct scans *scans)
{
	static struct e2e_output output;
	char data[TEXT * 2];

	snprintf(scans->sheet, sizeof scans->sheet, "%s",
		e2e_command("xinyi", "stocktake.create", "{\"scope\":\"full\"}"));
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", scans->sheet);
	e2e_command("xinyi", "stocktake.start", data);
	snprintf(scans->number, sizeof scans->number, "%s",
		e2e_field("stocktakes", scans->sheet, "number"));
	e2e_countertop(&output, &scans->home, "sync", "--once", NULL);
	assert_int_equal(output.code, 0);
}

static void choose_products(struct scans *scans)
{
	cJSON *list = e2e_get("/v1/products?number=BI0&limit=%d", SEATS);

	assert_int_equal(cJSON_GetArraySize(list), SEATS);
	for (int i = 0; i < SEATS; i++) {
		const cJSON *product = cJSON_GetArrayItem(list, i);
		const cJSON *codes = cJSON_GetObjectItemCaseSensitive(product, "barcodes");

		snprintf(scans->seats[i].sku, TEXT, "%s",
			cJSON_GetObjectItemCaseSensitive(product, "sku")->valuestring);
		snprintf(scans->seats[i].code, TEXT, "%s",
			cJSON_GetArrayItem(codes, 0)->valuestring);
	}
	cJSON_Delete(list);
}

static bool all_is_shown(const struct scans *scans, int target)
{
	for (int i = 0; i < SEATS; i++)
		if (scans->seats[i].phase != SCANNING || scans->seats[i].shown < target)
			return false;
	return true;
}

static void scan_all(struct scans *scans, int target)
{
	while (!all_is_shown(scans, target)) {
		e2e_pump();
		for (int i = 0; i < SEATS; i++)
			take_turn(scans, &scans->seats[i], target);
		if (scans->strike_in <= 0)
			strike(scans);
		poll(NULL, 0, 1);
	}
}

/* Twice: what is sent last may have to be pulled yet. */
static void make_peace(struct scans *scans)
{
	static struct e2e_output output;

	raise_hq(scans);
	for (int i = 0; i < SEATS; i++)
		e2e_close(scans->seats[i].screen);
	for (int i = 0; i < 2; i++) {
		e2e_countertop(&output, &scans->home, "sync", "--once", NULL);
		if (output.code != 0)
			fail_msg("sync --once: %s", output.err);
	}
	e2e_signal_all(scans->home.path, "--service", SIGKILL);
}

/* As HQ tells it to anybody. */
static void expect_told(const struct scans *scans, int target)
{
	cJSON *sheet = e2e_get("/v1/stocktakes/%s", scans->sheet);
	const cJSON *line;
	int lines = 0;

	cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(sheet, "lines"))
	{
		const cJSON *counted = cJSON_GetObjectItemCaseSensitive(line, "counted");

		if (!cJSON_IsNumber(counted))
			continue;
		assert_int_equal(counted->valueint, target);
		lines++;
	}
	cJSON_Delete(sheet);
	assert_int_equal(lines, SEATS);
}

static void every_scan_is_there_once(void **state)
{
	/* Whatever is killed and whenever, each scan that a screen called saved is at HQ, once. */
	static struct scans scans;
	int target = seconds * SCANS_A_SECOND, lost = 0;
	int64_t begin_ms;

	(void)state;
	scans = (struct scans){.random = (uint64_t)seed * 7919, .strike_in = STRIKE_EVERY};
	choose_products(&scans);
	e2e_enrol(&scans.home, "xinyi");
	start_sheet(&scans);
	for (int i = 0; i < SEATS; i++)
		sit_down(&scans, &scans.seats[i]);
	begin_ms = e2e_now_ms();
	scan_all(&scans, target);
	begin_ms = e2e_now_ms() - begin_ms;
	make_peace(&scans);
	for (int i = 0; i < SEATS; i++) {
		assert_int_equal(saved(&scans, &scans.seats[i]), target);
		lost += scans.seats[i].lost;
	}
	print_message("# %d scans in %lld s, %d more went with killed screens before they were "
		      "shown; killed: %d screens, %d syncers, HQ %d times; at most %d behind\n",
		SEATS * target, (long long)begin_ms / 1000, lost, scans.screens, scans.syncers,
		scans.hqs, scans.behind);
	e2e_truth_expect(&scans.home);
	expect_told(&scans, target);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		e2e_test(every_scan_is_there_once),
	};

	if (argc > 1)
		seconds = atoi(argv[1]);
	if (argc > 2)
		seed = atoi(argv[2]);
	print_message("# %d seconds, seed %d\n", seconds, seed);
	return cmocka_run_group_tests_name("five seats that scan", tests, NULL, NULL);
}
