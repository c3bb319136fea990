/* The cache may go at any moment: it comes back from HQ, and what waited is still visible and still sent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e_kit.h"

#define SCANS 50
#define COUNTED "pieces 50, scans 50"

static void delete_cache(const struct e2e_home *home)
{
	static const char *const names[] = {"cache.db", "cache.db-wal", "cache.db-shm"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[E2E_PATH_BYTES + 16];

		snprintf(path, sizeof path, "%s/%s", home->path, names[i]);
		assert_true(unlink(path) == 0 || i > 0);
	}
}

static void scan_many(struct screen *screen)
{
	cJSON *list = e2e_get("/v1/products?number=BI0&limit=%d", SCANS);

	assert_int_equal(cJSON_GetArraySize(list), SCANS);
	e2e_hq_stop();
	screen_expect_row(screen, -1, "offline");
	for (int i = 0; i < SCANS; i++) {
		const cJSON *codes = cJSON_GetObjectItemCaseSensitive(
			cJSON_GetArrayItem(list, i), "barcodes");
		char bytes[64];

		snprintf(bytes, sizeof bytes, "%s\r", cJSON_GetArrayItem(codes, 0)->valuestring);
		screen_send_bytes(screen, bytes, strlen(bytes));
		screen_settle(screen, 0);
	}
	cJSON_Delete(list);
	screen_expect(screen, COUNTED);
}

/* A console that counted 50 pieces and whose line is down. */
static struct screen *count_offline(struct e2e_home *home)
{
	struct screen *screen;

	e2e_enrol(home, "xinyi");
	screen = e2e_console_of(home, "chen");
	screen_send(screen, "<f3>n");
	screen_expect(screen, "Scope");
	screen_send(screen, "<ctrl+s>");
	screen_expect(screen, "pieces 0, scans 0");
	screen_send(screen, "e");
	screen_expect(screen, "Start counting?");
	screen_send(screen, "y");
	screen_expect(screen, "In count");
	screen_expect_row(screen, -1, "unsent 0");
	scan_many(screen);
	screen_expect_row(screen, -1, "unsent 50");
	return screen;
}

static double counted_at_hq(void)
{
	cJSON *sheets = e2e_get("/v1/stocktakes?store=xinyi&status=counting&limit=1");
	const cJSON *line;
	double sum = 0;

	cJSON_ArrayForEach(
		line, cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(sheets, 0), "lines"))
	{
		const cJSON *counted = cJSON_GetObjectItemCaseSensitive(line, "counted");

		sum += cJSON_IsNumber(counted) ? counted->valuedouble : 0;
	}
	cJSON_Delete(sheets);
	return sum;
}

static void expect_all_sent(struct screen *screen, const struct e2e_home *home)
{
	screen_expect_row(screen, -1, "unsent 0");
	screen_expect(screen, COUNTED);
	assert_int_equal(e2e_unsent(home), 0);
	assert_true(counted_at_hq() == SCANS);
}

static void a_start_without_the_cache_rebuilds_it(void **state)
{
	struct e2e_home home;
	struct screen *screen;

	(void)state;
	e2e_close(count_offline(&home));
	delete_cache(&home);
	screen = e2e_console(&home, NULL);
	screen_expect(screen, "the data of the store is on");
	screen_expect_row(screen, -1, "unsent 50");
	e2e_hq_start();
	e2e_sign_in(screen, "chen");
	screen_send(screen, "<f3>");
	screen_expect(screen, "STK-XINYI-");
	screen_send(screen, "<home><enter>");
	screen_expect(screen, COUNTED);
	expect_all_sent(screen, &home);
}

static void a_cache_that_goes_under_an_open_screen_comes_back(void **state)
{
	struct e2e_home home;
	struct screen *screen;

	(void)state;
	screen = count_offline(&home);
	delete_cache(&home);
	screen_expect_row(screen, -1, "no data yet");
	screen_expect_row(screen, -1, "unsent 50");
	e2e_hq_start();
	e2e_follow(screen, "unsent 0");
	expect_all_sent(screen, &home);
}

static void a_cache_that_is_rubbish_is_rebuilt(void **state)
{
	/* Also where nothing can be read of it. */
	struct e2e_home home;
	struct screen *screen;
	char path[E2E_PATH_BYTES + 16];
	FILE *file;

	(void)state;
	e2e_close(count_offline(&home));
	delete_cache(&home);
	snprintf(path, sizeof path, "%s/cache.db", home.path);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("a disk that forgot what it knew, and says this instead of a database", file);
	fclose(file);
	screen = e2e_console(&home, NULL);
	screen_expect(screen, "the data of the store is on");
	e2e_hq_start();
	e2e_sign_in(screen, "chen");
	screen_send(screen, "<f3>");
	screen_expect(screen, "STK-XINYI-");
	screen_send(screen, "<home><enter>");
	expect_all_sent(screen, &home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_start_without_the_cache_rebuilds_it),
		e2e_test(a_cache_that_goes_under_an_open_screen_comes_back),
		e2e_test(a_cache_that_is_rubbish_is_rebuilt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
