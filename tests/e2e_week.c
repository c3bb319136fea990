/*
 * A week without HQ: thousands of commands wait, and the screen is as quick as ever, before HQ is back and
 * while it takes them. All of them reach it, each once, whoever is killed on the way.
 *
 *     tests/e2e_week [COMMANDS]
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "model/console.h"
#include "tests/e2e_parts.h"
#include "tests/sanitized.h"

#define COMMANDS 3000 /* in the check; 50,000 is a week of a big shop */
#define A_DOCUMENT_EVERY 20
#define WEEK_MS (INT64_C(7) * 24 * 3600 * 1000)
#define CODE_BYTES 32
#if SANITIZED
#define SYNCER_MOST_KB (300 * 1024)
#else
#define SYNCER_MOST_KB (64 * 1024)
#endif

static int wanted = COMMANDS;

struct week {
	struct e2e_home home;
	struct screen *screen;
	struct console console; /* as another seat has it, while the commands are made */
	int64_t at_ms;          /* of the next command */
	int made;
	char sheet[UUID_SIZE];
	char *number; /* of the sheet */
	char sku[CODE_BYTES], code[CODE_BYTES];
	int counts, documents, found; /* made */
	double on_hand;               /* at HQ, before */
	int64_t slowest_ms;           /* answer of the screen */
	const char *slowest;
	int64_t syncer_kb; /* the most memory it ever had */
	int unsent;        /* at the last look */
};

/* ---- a week's commands ---- */

static void random_bytes(void *bytes, size_t size)
{
	assert_int_equal(getrandom(bytes, size, 0), (ssize_t)size);
}

/* Saved, and nothing to find fault with. Its id is valid until the next one. */
static const char *make(struct week *week, const char *op, const char *data)
{
	static char id[UUID_SIZE];
	struct console_verdict verdict;

	console_do(&week->console, op, "xinyi", "chen", cJSON_Parse(data), week->at_ms, &verdict);
	if (!verdict.saved || verdict.refusal != REFUSAL_NONE)
		fail_msg("%s %s: %s", op, data, verdict.message);
	memcpy(id, verdict.id, UUID_SIZE);
	console_verdict_free(&verdict);
	week->at_ms += WEEK_MS / wanted;
	week->made++;
	return id;
}

/* A delivery of one piece, made, received and one more found: on documents HQ has never heard of. */
static void make_document(struct week *week)
{
	char data[300];

	snprintf(data, sizeof data,
		"{\"third_party\":\"Tea farm\",\"note\":\"week\",\"lines\":[{\"sku\":\"%s\",\"qty\":1}]}",
		week->sku);
	snprintf(data, sizeof data, "{\"movement\":\"%s\",\"lines\":[{\"sku\":\"%s\",\"qty\":1}]}",
		make(week, "inbound.create", data), week->sku);
	make(week, "inbound.receive", data);
	week->documents++;
	snprintf(data, sizeof data,
		"{\"kind\":\"found\",\"reason\":\"week\",\"lines\":[{\"sku\":\"%s\",\"qty\":1}]}",
		week->sku);
	make(week, "stock.adjust", data);
	week->found++;
}

static void make_week(struct week *week)
{
	char data[200], error[300];
	int64_t begin_ms = e2e_now_ms();

	week->console.random = random_bytes;
	if (!console_open(&week->console, week->home.path, NULL, error, sizeof error))
		fail_msg("%s", error);
	week->at_ms = (int64_t)time(NULL) * 1000 - WEEK_MS;
	memcpy(week->sheet, make(week, "stocktake.create", "{\"scope\":\"full\"}"), UUID_SIZE);
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", week->sheet);
	make(week, "stocktake.start", data);
	snprintf(data, sizeof data,
		"{\"stocktake\":\"%s\",\"sku\":\"%s\",\"qty\":1,\"mode\":\"add\"}", week->sheet,
		week->sku);
	while (week->made < wanted) {
		make(week, "stocktake.count", data);
		week->counts++;
		if (week->counts % A_DOCUMENT_EVERY == 0)
			make_document(week);
	}
	week->number = db_get_text(week->console.cache,
		"SELECT number FROM stocktake WHERE id = $1", "t", week->sheet);
	assert_non_null(week->number);
	console_close(&week->console);
	print_message("# %d commands made in %lld ms\n", week->made,
		(long long)(e2e_now_ms() - begin_ms));
}

/* ---- the screen ---- */

/* Presses keys and waits for what they bring; keeps the longest time it took. */
static void press(struct week *week, const char *keys, const char *text)
{
	int64_t begin_ms = e2e_now_ms(), took_ms;

	screen_send(week->screen, keys);
	screen_expect(week->screen, text);
	took_ms = e2e_now_ms() - begin_ms;
	if (took_ms > week->slowest_ms) {
		week->slowest_ms = took_ms;
		week->slowest = text;
	}
}

/* One more piece is on the sheet, and nothing else is. */
static void scan(struct week *week)
{
	int64_t begin_ms = e2e_now_ms();
	char text[64], bytes[CODE_BYTES + 1];

	week->counts++;
	snprintf(bytes, sizeof bytes, "%s\r", week->code);
	snprintf(text, sizeof text, "pieces %d, scans %d", week->counts, week->counts);
	screen_send_bytes(week->screen, bytes, strlen(bytes));
	screen_expect(week->screen, text);
	if (e2e_now_ms() - begin_ms > week->slowest_ms) {
		week->slowest_ms = e2e_now_ms() - begin_ms;
		week->slowest = "a scan";
	}
}

static void open_screen(struct week *week)
{
	int64_t begin_ms = e2e_now_ms();
	char text[64];

	week->screen = e2e_console(&week->home, NULL);
	screen_expect(week->screen, "Sign in");
	print_message("# first frame after %lld ms\n", (long long)(e2e_now_ms() - begin_ms));
	e2e_sign_in(week->screen, "chen");
	screen_expect_row(week->screen, -1, "offline");
	snprintf(text, sizeof text, "unsent %d", week->made);
	screen_expect_row(week->screen, -1, text);
	week->slowest_ms = 0;
	press(week, "<f3>", "Stocktakes");
	screen_scan(week->screen, week->number);
	screen_expect(week->screen, "pieces");
}

/* A walk over the panes, and a scan on the sheet. */
static void work(struct week *week)
{
	press(week, "<f2>", "Inbound");
	press(week, "<f5>", "On hand");
	press(week, "<down><down><down>", " 4 of 1,507");
	press(week, "<home>", " 1 of 1,507");
	press(week, "<f6>", "Inbox");
	press(week, "<f8>", "The line to HQ");
	press(week, "<esc>", "Inbox");
	press(week, "<f3>", "pieces");
	scan(week);
}

static void tell_slowest(struct week *week, const char *when)
{
	print_message("# slowest answer of the screen %s: %lld ms (%s)\n", when,
		(long long)week->slowest_ms, week->slowest);
	week->slowest_ms = 0;
}

/* ---- the syncer ---- */

static bool has_syncer(void *ctx)
{
	const struct week *week = ctx;

	return e2e_signal_all(week->home.path, "--service", 0) == 1;
}

static void kill_syncer(struct week *week)
{
	e2e_wait(has_syncer, week, "a syncer");
	assert_int_equal(e2e_signal_all(week->home.path, "--service", SIGKILL), 1);
	e2e_wait(has_syncer, week, "another syncer");
}

/* The peak of the present syncer, unless it has just been killed. */
static void look_at_memory(struct week *week)
{
	char path[64], line[200];
	long long kb;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status",
		e2e_lock_holder(week->home.path, "syncer.lock"));
	file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "VmHWM: %lld", &kb) == 1 && kb > week->syncer_kb)
			week->syncer_kb = kb;
	if (file)
		fclose(file);
}

static bool goes_on(void *ctx)
{
	struct week *week = ctx;

	return e2e_unsent(&week->home) < week->unsent;
}

/* The clerk goes on working while HQ takes what waits; at the half the syncer is killed. */
static void drain(struct week *week)
{
	int64_t begin_ms = e2e_now_ms();
	int all = e2e_unsent(&week->home), rounds = 0;
	bool killed = false;

	week->unsent = all;
	while (week->unsent > 0) {
		look_at_memory(week);
		work(week);
		rounds++;
		week->unsent += rounds; /* at most so many were made in the meantime */
		if (e2e_unsent(&week->home) > 0)
			e2e_wait(goes_on, week, "the queue to get shorter");
		week->unsent = e2e_unsent(&week->home);
		if (!killed && week->unsent < all / 2) {
			kill_syncer(week);
			killed = true;
		}
	}
	print_message("# %d commands drained in %.1f s, %d walks over the panes meanwhile\n", all,
		(double)(e2e_now_ms() - begin_ms) / 1000, rounds);
	print_message("# the syncer had %lld KB at most\n", (long long)week->syncer_kb);
	assert_in_range(week->syncer_kb, 1, SYNCER_MOST_KB);
}

/* ---- what came of it ---- */

static void expect_each_once_at_hq(struct week *week)
{
	cJSON *sheet = e2e_get("/v1/stocktakes/%s", week->sheet);
	const cJSON *line;
	int pieces = 0;

	cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(sheet, "lines"))
	{
		const cJSON *counted = cJSON_GetObjectItemCaseSensitive(line, "counted");

		pieces += cJSON_IsNumber(counted) ? counted->valueint : 0;
	}
	cJSON_Delete(sheet);
	assert_int_equal(pieces, week->counts);
	assert_int_equal(
		e2e_outbox(&week->home, "SELECT count(*) FROM command WHERE status <> 'applied'"),
		0);
	e2e_expect_stock("xinyi", week->sku,
		&(struct e2e_stock){week->on_hand + week->documents + week->found, 0, 0, 0});
}

static void a_week_without_hq(void **state)
{
	/* HQ is away for a week: the screen stays quick, and then everything arrives once. */
	static struct week week;
	cJSON *product;

	(void)state;
	memset(&week, 0, sizeof week);
	product = e2e_get("/v1/products/BI0101");
	snprintf(week.sku, sizeof week.sku, "BI0101");
	snprintf(week.code, sizeof week.code, "%s",
		cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(product, "barcodes"), 0)
			->valuestring);
	cJSON_Delete(product);
	week.on_hand = e2e_stock_of("xinyi", week.sku).on_hand;
	e2e_enrol(&week.home, "xinyi");
	e2e_hq_stop();
	make_week(&week);
	open_screen(&week);
	work(&week);
	kill_syncer(&week);
	work(&week);
	tell_slowest(&week, "offline");
	e2e_hq_start();
	drain(&week);
	tell_slowest(&week, "while it drains");
	screen_expect_row(week.screen, -1, "unsent 0");
	expect_each_once_at_hq(&week);
	free(week.number);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_week_without_hq),
	};

	if (argc > 1)
		wanted = atoi(argv[1]);
	return cmocka_run_group_tests_name("a week without HQ", tests, NULL, NULL);
}
