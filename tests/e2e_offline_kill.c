/* What was scanned is there after a kill, with the line down, and reaches HQ once, whatever is killed. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_kit.h"

#define PRODUCTS 20
#define SCANS 200
#define EACH (SCANS / PRODUCTS)
#define CODE_BYTES 32

struct count {
	struct e2e_home home;
	struct screen *screen;
	char sheet[64]; /* its id */
	struct {
		char sku[CODE_BYTES], code[CODE_BYTES];
	} products[PRODUCTS];
};

static void read_products(struct count *count)
{
	cJSON *list = e2e_get("/v1/products?number=BI0&limit=%d", PRODUCTS);

	assert_int_equal(cJSON_GetArraySize(list), PRODUCTS);
	for (int i = 0; i < PRODUCTS; i++) {
		const cJSON *product = cJSON_GetArrayItem(list, i);
		const cJSON *codes = cJSON_GetObjectItemCaseSensitive(product, "barcodes");

		snprintf(count->products[i].sku, CODE_BYTES, "%s",
			cJSON_GetObjectItemCaseSensitive(product, "sku")->valuestring);
		snprintf(count->products[i].code, CODE_BYTES, "%s",
			cJSON_GetArrayItem(codes, 0)->valuestring);
	}
	cJSON_Delete(list);
}

static bool hq_has_sheet(void *ctx)
{
	struct count *count = ctx;
	cJSON *sheets = e2e_get("/v1/stocktakes?store=xinyi&status=counting&limit=1");
	const cJSON *sheet = cJSON_GetArrayItem(sheets, 0);
	const cJSON *creator = cJSON_GetObjectItemCaseSensitive(sheet, "creator");
	/* The demo has one that lee is counting. */
	bool has = creator && strcmp(creator->valuestring, "chen") == 0;

	if (has)
		snprintf(count->sheet, sizeof count->sheet, "%s",
			cJSON_GetObjectItemCaseSensitive(sheet, "id")->valuestring);
	cJSON_Delete(sheets);
	return has;
}

/* A new full sheet, open for counting, also at HQ. */
static void start_count(struct count *count)
{
	memset(count, 0, sizeof *count);
	read_products(count);
	e2e_enrol(&count->home, "xinyi");
	count->screen = e2e_console_of(&count->home, "chen");
	screen_send(count->screen, "<f3>n");
	screen_expect(count->screen, "Scope");
	screen_send(count->screen, "<ctrl+s>");
	screen_expect(count->screen, "pieces 0, scans 0");
	screen_send(count->screen, "e");
	screen_expect(count->screen, "Start counting?");
	screen_send(count->screen, "y");
	screen_expect(count->screen, "In count");
	e2e_wait(hq_has_sheet, count, "the sheet at HQ");
}

/* The next scan, as fast as the scanner gives them. */
static void scan(struct count *count, int number)
{
	char bytes[CODE_BYTES + 1];

	snprintf(bytes, sizeof bytes, "%s\r", count->products[number % PRODUCTS].code);
	screen_send_bytes(count->screen, bytes, strlen(bytes));
	screen_settle(count->screen, 0);
}

static void expect_all_on_screen(struct screen *screen)
{
	char text[64];

	snprintf(text, sizeof text, "pieces %d, scans %d", SCANS, SCANS);
	screen_expect(screen, text);
}

/* As somebody who comes back to a console that was killed. */
static void reopen(struct count *count)
{
	count->screen = e2e_console_of(&count->home, "chen");
	screen_send(count->screen, "<f3>");
	screen_expect(count->screen, "Stocktakes");
	screen_send(count->screen, "<home><enter>");
}

static bool nothing_waits(void *ctx)
{
	return e2e_unsent(ctx) == 0;
}

/* Every product was counted as often as it was scanned, and nothing else was. */
static void expect_each_once_at_hq(struct count *count)
{
	cJSON *sheet;
	const cJSON *line;
	int counted = 0;

	e2e_wait(nothing_waits, &count->home, "an empty outbox");
	sheet = e2e_get("/v1/stocktakes/%s", count->sheet);
	cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(sheet, "lines"))
	{
		const cJSON *pieces = cJSON_GetObjectItemCaseSensitive(line, "counted");

		if (!cJSON_IsNumber(pieces))
			continue;
		counted++;
		assert_int_equal(pieces->valueint, EACH);
	}
	assert_int_equal(counted, PRODUCTS);
	cJSON_Delete(sheet);
	assert_int_equal(e2e_outbox(&count->home,
				 "SELECT count(*) FROM command WHERE op = 'stocktake.count'"),
		SCANS);
	assert_int_equal(
		e2e_outbox(&count->home,
			"SELECT count(*) FROM command WHERE op = 'stocktake.count' AND status = 'applied'"),
		SCANS);
}

static void scans_with_the_line_down_outlive_a_kill(void **state)
{
	static struct count count;

	(void)state;
	start_count(&count);
	e2e_hq_stop();
	screen_expect_row(count.screen, -1, "offline");
	for (int i = 0; i < SCANS; i++)
		scan(&count, i);
	expect_all_on_screen(count.screen);
	e2e_kill(count.screen);
	assert_int_equal(e2e_unsent(&count.home), SCANS);

	reopen(&count);
	expect_all_on_screen(count.screen);
	screen_expect_row(count.screen, -1, "unsent 200");
	e2e_hq_start();
	screen_expect_row(count.screen, -1, "unsent 0");
	expect_all_on_screen(count.screen);
	expect_each_once_at_hq(&count);
}

static void scans_while_hq_is_killed_arrive_once(void **state)
{
	/* HQ dies in the middle of its answers, again and again, and at last the console too. */
	static struct count count;

	(void)state;
	start_count(&count);
	for (int i = 0; i < SCANS; i++) {
		scan(&count, i);
		if (i % 50 == 25)
			e2e_hq_kill();
		if (i % 50 == 45)
			e2e_hq_start();
	}
	expect_all_on_screen(count.screen);
	e2e_kill(count.screen);
	e2e_hq_kill();
	e2e_hq_start();
	reopen(&count);
	expect_all_on_screen(count.screen);
	screen_expect_row(count.screen, -1, "unsent 0");
	expect_all_on_screen(count.screen);
	expect_each_once_at_hq(&count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(scans_with_the_line_down_outlive_a_kill),
		e2e_test(scans_while_hq_is_killed_arrive_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
