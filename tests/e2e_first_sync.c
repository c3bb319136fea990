/* A first sync of a big store, cut off by SIGKILL at random moments: each goes on where the one before was
 * cut off, the old cache stays whole until the new one takes its place, and in the end it is HQ's. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/console.h"
#include "tests/e2e_kit.h"

#define PRODUCTS 12000
#define STOCK_LINES 100
#define COPIES 6
#define KILLS_MOST 60 /* of one copy */
#define ROWS_LEAST (PRODUCTS * 3)

static void product(int i, char *data, size_t size)
{
	snprintf(data, size,
		"{\"sku\":\"BIG-%05d\",\"name\":\"Green Tea 烏龍茶 %d\",\"barcodes\":[\"%012d\"],"
		"\"category\":\"c%d\",\"vendor\":\"v%d\",\"price\":%d}",
		i, i, i, i % 40, i % 300, i);
}

static void opening(int i, char *data, size_t size)
{
	size_t used = (size_t)snprintf(data, size, "{\"store\":\"xinyi\",\"lines\":[");

	for (int k = 0; k < STOCK_LINES; k++)
		used += (size_t)snprintf(data + used, size - used,
			"%s{\"sku\":\"BIG-%05d\",\"qty\":%d}", k ? "," : "", i * STOCK_LINES + k,
			k);
	snprintf(data + used, size - used, "]}");
}

/* Two rows at HQ for each line of stock, with its entry in the ledger. */
static void fill_hq(void)
{
	e2e_commands(NULL, "product.put", PRODUCTS, product);
	e2e_commands(NULL, "stock.open", PRODUCTS / STOCK_LINES, opening);
}

static void open_home(struct console *console, const struct e2e_home *home)
{
	char error[300];

	*console = (struct console){.random = NULL};
	if (!console_open(console, home->path, NULL, error, sizeof error))
		fail_msg("console_open: %s", error);
}

static int64_t count(struct console *console, const char *sql)
{
	console_changed(console);
	assert_non_null(console->cache);
	return db_get_int(console->cache, -1, sql, "");
}

/* Every row's key and what HQ sent of it, in one number. */
static int64_t digest(struct console *console)
{
	return count(console,
		"SELECT (SELECT sum(hash_ % 1000003) FROM product) +"
		" 7 * (SELECT sum(hash_ % 1000003) FROM stock) +"
		" 13 * (SELECT sum(hash_ % 1000003) FROM ledger)");
}

static pid_t start_sync(const struct e2e_home *home)
{
	char program[E2E_PATH_BYTES];
	pid_t child;

	e2e_program(program, "countertop");
	child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execl(program, "countertop", "--home", home->path, "sync", "--once", (char *)NULL);
		_exit(127);
	}
	return child;
}

/* Runs it for so long at most. True if it came to its end by itself, and well. */
static bool sync_for(const struct e2e_home *home, int64_t most_ms)
{
	pid_t child = start_sync(home);
	struct pollfd end = {.fd = pidfd_open(child, 0), .events = POLLIN};
	int status = 0;

	assert_true(end.fd >= 0);
	if (poll(&end, 1, (int)most_ms) == 0)
		kill(child, SIGKILL);
	close(end.fd);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* How long the whole of it takes here. */
static int64_t time_of_a_copy(const struct e2e_home *home)
{
	struct console console;
	int64_t start_ms;

	open_home(&console, home);
	assert_true(console_resync(&console));
	console_close(&console);
	start_ms = e2e_now_ms();
	assert_true(sync_for(home, 10 * E2E_DEADLINE_MS));
	return e2e_now_ms() - start_ms;
}

static bool has_file(const struct e2e_home *home, const char *name)
{
	char path[E2E_PATH_BYTES + 16];

	snprintf(path, sizeof path, "%s/%s", home->path, name);
	return access(path, F_OK) == 0;
}

/* What a screen may see at any moment: all of the old cache or all of the new one. */
static void expect_whole(struct console *screen, const struct e2e_home *home, int64_t price)
{
	assert_true(has_file(home, "cache.db"));
	assert_true(count(screen, "SELECT count(*) FROM product") >= PRODUCTS);
	assert_int_equal(count(screen, "SELECT price FROM product WHERE sku = 'BIG-00000'"), price);
}

/* Does the next sync go on, rather than ask for everything? */
static bool has_begun(const struct e2e_home *home)
{
	struct console console;
	char *cursor;
	bool begun;

	open_home(&console, home);
	cursor = console_cursor(&console);
	begun = cursor[0] != '\0';
	free(cursor);
	console_close(&console);
	return begun;
}

/* A copy of its own, from nothing to its end; how often it was cut off. */
static int cut_off(
	const struct e2e_home *home, struct console *screen, int64_t whole_ms, int64_t price)
{
	bool done = false, kept = false;
	char data[200];
	int kills = 0;

	snprintf(data, sizeof data, "{\"sku\":\"BIG-00000\",\"name\":\"Green Tea\",\"price\":%lld}",
		(long long)price);
	e2e_command(NULL, "product.put", data);
	assert_true(console_resync(screen));
	for (; !done && kills < KILLS_MOST; kills++) {
		done = sync_for(home, rand() % (whole_ms / 2 + kills * whole_ms / 10));
		assert_true(!kept || has_begun(home));
		kept = has_begun(home);
		done = done ||
			count(screen, "SELECT count(*) FROM state WHERE name = 'cursor'") == 1;
		expect_whole(screen, home, done ? price : price - 1);
	}
	assert_true(done && kept);
	return kills;
}

static void test_killed_at_any_moment_a_first_sync_goes_on(void **state)
{
	/* No kill loses what was kept, nobody ever sees half a cache, and what comes at last is HQ's. */
	struct e2e_home home, other;
	struct console screen, fresh;
	int64_t whole_ms;
	int kills = 0;

	(void)state;
	fill_hq();
	e2e_enrol(&home, "xinyi");
	whole_ms = time_of_a_copy(&home);
	open_home(&screen, &home);
	srand(7);
	for (int i = 1; i <= COPIES; i++)
		kills += cut_off(&home, &screen, whole_ms, i);
	assert_true(sync_for(&home, 10 * E2E_DEADLINE_MS));
	assert_false(has_file(&home, "cache.new"));
	e2e_enrol(&other, "xinyi");
	open_home(&fresh, &other);
	assert_true(count(&fresh,
			    "SELECT (SELECT count(*) FROM product) + (SELECT count(*) FROM stock)"
			    " + (SELECT count(*) FROM ledger)") >= ROWS_LEAST);
	assert_int_equal(digest(&screen), digest(&fresh));
	assert_int_equal(count(&screen, "SELECT count(*) FROM sqlite_schema"),
		count(&fresh, "SELECT count(*) FROM sqlite_schema"));
	printf("%d copies of %lld ms were cut off %d times\n", COPIES, (long long)whole_ms, kills);
	console_close(&fresh);
	console_close(&screen);
}

static void test_without_a_terminal_a_line_says_how_far_it_is(void **state)
{
	/* A first sync into a file or a pipe says rows in a line, and draws no bar. */
	struct e2e_output output;
	struct e2e_home home;
	struct console console;

	(void)state;
	e2e_commands(NULL, "product.put", PRODUCTS, product);
	e2e_enrol(&home, "xinyi");
	open_home(&console, &home);
	assert_true(console_resync(&console));
	console_close(&console);
	e2e_countertop(&output, &home, "sync", "--once", NULL);
	assert_int_equal(output.code, 0);
	assert_non_null(strstr(output.err, "rows"));
	assert_null(strchr(output.err, '\r'));
	assert_int_equal(output.err[strlen(output.err) - 1], '\n');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(test_killed_at_any_moment_a_first_sync_goes_on),
		e2e_test(test_without_a_terminal_a_line_says_how_far_it_is),
	};

	return cmocka_run_group_tests_name("first sync", tests, NULL, NULL);
}
