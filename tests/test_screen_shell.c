/* Around every pane stand sign-in, the status line and the way of a scan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/folder.h"
#include "tests/screen/document_steps.h"

/* ------------------------------------------------------------------ signing in */

static void test_the_right_pin_signs_in(void **state)
{
	/* The staff of the store are offered by name, and the PIN of the one chosen lets them in. */
	struct screen *screen = shop_fixture_start(*state, 0, 0, "en");

	screen_expect(screen, "陳小美");
	screen_expect(screen, "林店長");
	assert_false(screen_has(screen, "王大明")); /* of another store */
	shop_fixture_sign_in(screen, SHOP_CLERK);
	screen_expect_row(screen, 0, "陳小美");
	assert_false(screen_has(screen, "1111"));
	screen_end(screen);
}

static void test_wrong_pins_are_slowed_down(void **state)
{
	/* A wrong PIN is said; after three the console makes one wait, and says how long. */
	struct screen *screen = shop_fixture_start(*state, 0, 0, "en");

	screen_expect(screen, "Your name or id");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "PIN");
	for (int i = 0; i < 2; i++) {
		screen_send(screen, "9999<enter>");
		screen_expect(screen, "That is not the PIN.");
		screen_send(screen, "9");
		screen_expect_gone(screen, "That is not the PIN.");
		screen_send(screen, "<backspace>");
	}
	screen_send(screen, "9999<enter>");
	screen_expect(screen, "Too many wrong PINs. Wait 5 seconds.");
	screen_send(screen, "2222<enter>");
	screen_settle(screen, 50);
	assert_false(screen_has(screen, "Signed in"));
	screen_end(screen);
}

static void test_sign_out_keeps_what_is_open(void **state)
{
	/* Signing out covers the screen, and whoever signs in finds what was open. */
	struct screen *screen = shop_fixture_start_as(*state, SHOP_CLERK);

	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "Barcodes");
	screen_send(screen, "<f9>");
	screen_expect(screen, "Signed out");
	screen_expect_gone(screen, "Barcodes");
	screen_send(screen, "<f2>");
	screen_settle(screen, 30);
	assert_false(screen_has(screen, "Outbound"));
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	screen_expect(screen, "Barcodes");
	screen_expect_row(screen, 0, "林店長");
	screen_end(screen);
}

static void test_who_is_suspended_is_signed_out(void **state)
{
	/* Someone HQ suspends while signed in is signed out, and no longer offered. */
	struct shop_fixture *f = *state;
	struct screen *screen = shop_fixture_start_as(f, SHOP_CLERK);

	fixture_sql(&f->hq, "UPDATE staff SET active = 0 WHERE id = 'chen'");
	shop_fixture_land(f);
	screen_expect(screen, "You were signed out");
	screen_expect_gone(screen, "陳小美");
	screen_end(screen);
}

static void test_the_first_sync_is_waited_for(void **state)
{
	/* Before the first data the console says so, and goes on by itself when they come. */
	static const char *const stores[] = {"xinyi", NULL};
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open_bare(&f, stores);
	screen = shop_fixture_start(&f, 0, 0, "en");
	screen_expect(screen, "This console is new");
	screen_expect_row(screen, -1, "no data yet");
	shop_fixture_land(&f);
	screen_expect(screen, "陳小美");
	shop_fixture_sign_in(screen, SHOP_CLERK);
	screen_end(screen);
	shop_fixture_close(&f);
}

static void test_one_of_several_stores_is_chosen(void **state)
{
	/* A device of several stores asks which one this is, and works for the one chosen. */
	static const char *const stores[] = {"ximen", "xinyi", NULL};
	struct shop_fixture f;
	struct screen *screen;

	(void)state;
	shop_fixture_open_bare(&f, stores);
	shop_fixture_land(&f);
	screen = shop_fixture_start(&f, 0, 0, "en");
	screen_expect(screen, "Which store is this?");
	screen_expect(screen, "西門店");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Sign in: 信義店");
	screen_expect(screen, "陳小美");
	screen_end(screen);
	shop_fixture_close(&f);
}

/* ------------------------------------------------------------------ starting */

static struct screen *start(
	const char *home, const char *option, const char *value, const char *term)
{
	char path[1024];
	const char *argv[] = {path, "--home", home, option, value, NULL};
	const char *env[] = {"LANGUAGE=en", "LANG=C.UTF-8", "LC_ALL", NULL};

	snprintf(path, sizeof(path), "%s/countertop", getenv("builddir"));
	return screen_start(
		&(struct screen_options){.term = term, .argv = argv, .env = env, .cols = 200});
}

static void test_a_home_not_enrolled_says_how_to_enrol(void **state)
{
	/* A console that HQ does not know does not start, and says how to enrol it. */
	char home[256];
	struct screen *screen;

	(void)state;
	folder_make(home, sizeof(home));
	screen = start(home, NULL, NULL, NULL);
	screen_expect(screen, "countertop enrol URL CODE");
	assert_int_equal(screen_wait_exit(screen), 1);
	screen_end(screen);
	folder_remove(home);
}

static void test_a_store_of_others_is_refused(void **state)
{
	/* --store with a store the device is not enrolled for names those it may act for. */
	struct shop_fixture *f = *state;
	struct screen *screen = start(f->home, "--store", "ximen", NULL);

	screen_expect(screen, "not enrolled for the store ximen");
	screen_expect(screen, "xinyi");
	assert_int_equal(screen_wait_exit(screen), 1);
	screen_end(screen);
}

static void test_a_bad_key_file_is_named(void **state)
{
	/* A key file with an unknown action stops the start, with file, line and the nearest name. */
	struct shop_fixture *f = *state;
	char path[300];
	FILE *file;
	struct screen *screen;

	snprintf(path, sizeof(path), "%s/my.keys", f->home);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("# mine\nbind inbox x dismis\n", file);
	fclose(file);
	screen = start(f->home, "--keys", path, NULL);
	screen_expect(screen, "my.keys:2:");
	screen_expect(screen, "dismiss");
	assert_int_equal(screen_wait_exit(screen), 1);
	screen_end(screen);
}

static void test_an_unknown_terminal_is_said(void **state)
{
	/* On a terminal nobody knows the console does not start, and says what to set. */
	struct shop_fixture *f = *state;
	struct screen *screen = start(f->home, NULL, NULL, "no-such-terminal");

	screen_expect(screen, "of an unknown kind; set TERM");
	assert_int_equal(screen_wait_exit(screen), 1);
	screen_end(screen);
}

static void test_a_tiny_terminal_loses_nothing(void **state)
{
	/* At 20x5 the console says what it needs, and what was typed is there when it grows again. */
	struct screen *screen = shop_fixture_start_as(*state, SHOP_CLERK);

	screen_send(screen, "<f5>tea");
	screen_expect(screen, "Green tea");
	screen_resize(screen, 5, 20);
	screen_expect(screen, "needs");
	screen_resize(screen, 24, 80);
	screen_expect(screen, "Green tea");
	screen_expect_row(screen, 2, "tea");
	screen_end(screen);
}

/* ------------------------------------------------------------------ status */

static void test_the_status_line_tells_the_line_and_the_queue(void **state)
{
	/* The status line says whether HQ is on the line, how old the data are, and what waits. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	documents_order_from_ec(f, false);
	screen = shop_fixture_start_as(f, SHOP_MANAGER);
	screen_expect_row(screen, -1, "online");
	screen_expect_row(screen, -1, "data: now");
	screen_expect_row(screen, -1, "unsent 0");
	screen_expect_row(screen, -1, "confirm 1");
	console_set_link(&f->console, false, "no route to HQ");
	screen_expect_row(screen, -1, "offline since");
	screen_end(screen);
}

static void test_new_work_is_counted_by_itself(void **state)
{
	/* Something new to do is counted within a second, without a key. */
	struct shop_fixture *f = *state;
	struct screen *screen = shop_fixture_start_as(f, SHOP_MANAGER);

	screen_expect_row(screen, -1, "problems 0");
	assert_false(screen_has(screen, "confirm 1"));
	documents_order_from_ec(f, false);
	screen_expect_row(screen, -1, "confirm 1");
	screen_end(screen);
}

/* ------------------------------------------------------------------ scans */

static void test_a_barcode_opens_its_product(void **state)
{
	/* A barcode scanned where no pane counts opens the product with all its figures. */
	struct screen *screen = shop_fixture_start_as(*state, SHOP_CLERK);

	screen_scan(screen, SHOP_BARCODE);
	screen_expect(screen, "烏龍茶 Oolong tea");
	screen_expect(screen, "In transit out");
	screen_expect(screen, "Available");
	screen_expect(screen, "100");
	screen_end(screen);
}

static void test_a_typed_code_acts_like_the_scan(void **state)
{
	/* The first digit typed opens the entry of a code, and Enter does what the scan would do. */
	struct screen *screen = shop_fixture_start_as(*state, SHOP_CLERK);

	screen_send(screen, "9");
	screen_expect(screen, "Enter a code");
	screen_send(screen, "6385074<enter>");
	screen_expect(screen, "綠茶 Green tea");
	screen_end(screen);
}

static void test_a_document_number_opens_it(void **state)
{
	/* The number on a slip opens the document, also typed in small letters. */
	struct shop_fixture *f = *state;
	const char *id = documents_order_from_ec(f, false);
	char *number = db_get_text(
		f->hq.db, "SELECT lower(in_number) FROM movement WHERE id = $1", "t", id);
	struct screen *screen;

	assert_non_null(number);
	screen = shop_fixture_start_as(f, SHOP_CLERK);
	screen_scan(screen, number);
	screen_expect_row(screen, 1, "IN-XINYI-");
	screen_expect(screen, "Oolong");
	screen_end(screen);
	free(number);
}

static void test_an_unknown_code_says_what_it_is_not(void **state)
{
	/* A code nobody knows is said by what it looks like, and nothing happens. */
	struct screen *screen = shop_fixture_start_as(*state, SHOP_CLERK);

	screen_scan(screen, "4006381333931");
	screen_expect(screen, "No product has the barcode 4006381333931.");
	screen_scan(screen, "OUT-XIMEN-20260101-0900-AAAAA");
	screen_expect(screen, "looks like a document");
	screen_end(screen);
}

static void test_the_help_tells_each_key_its_own(void **state)
{
	/* F7 and F8 are told apart, and a key that is a sign of its own stands in its column. */
	struct screen *screen = shop_fixture_start_as(*state, SHOP_MANAGER);

	screen_resize(screen, 50, 120);
	screen_send(screen, "<f1><end>");
	screen_expect(screen, "F8                 Show the line to HQ");
	screen_expect(screen, "F7                 Show what waits for this store");
	screen_expect(screen, "=                  Type a code instead of scanning it");
	screen_end(screen);
}

/* ------------------------------------------------------------------ text */

static void test_hostile_names_are_only_text(void **state)
{
	/* Control, bidi and zero-width characters in a name never reach the terminal. */
	struct shop_fixture *f = *state;
	struct screen *screen;

	assert_true(db_run(f->hq.db, "UPDATE product SET name = $1 WHERE sku = 'A1'", "t",
		"ev\x1b[2J\x1b]0;owned\x07il \xe2\x80\xae\xe2\x80\x8bname\xcc\x81"));
	shop_fixture_land(f);
	screen = shop_fixture_start_as(f, SHOP_CLERK);
	screen_send(screen, "<f5>");
	screen_expect(screen, "A1");
	screen_expect(screen, "ev");
	assert_false(screen_has(screen, "\xe2\x80\xae"));
	assert_false(screen_has(screen, "\xe2\x80\x8b"));
	screen_expect_row(screen, 0, "陳小美"); /* nothing was cleared */
	screen_expect_row(screen, -1, "online");
	screen_end(screen);
}

static void test_chinese_is_complete_and_aligned(void **state)
{
	/* In zh_TW the shell shows no English label, and double-width text keeps columns in line. */
	static const char *const english[] = {"Sign", "Role", "Name", "Inbox", "Products", "online",
		"unsent", "problems", "Help", "Quit", NULL};
	struct screen *screen = shop_fixture_start(*state, 0, 0, "zh_TW");
	int title_row, title_col, row, col;

	screen_expect(screen, "陳小美");
	for (int i = 0; english[i]; i++)
		if (screen_has(screen, english[i]))
			fail_msg("English left: %s\n%s", english[i], screen_text(screen));
	assert_true(screen_find(screen, "角色", &title_row, &title_col));
	assert_true(screen_find(screen, "票券店員", &row, &col));
	assert_int_equal(col, title_col);
	assert_true(screen_find(screen, "  店長", &row, &col));
	assert_int_equal(col + 2, title_col);
	screen_end(screen);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, shop_fixture_set_up, shop_fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_right_pin_signs_in),
		TEST(test_wrong_pins_are_slowed_down),
		TEST(test_sign_out_keeps_what_is_open),
		TEST(test_who_is_suspended_is_signed_out),
		cmocka_unit_test(test_the_first_sync_is_waited_for),
		cmocka_unit_test(test_one_of_several_stores_is_chosen),
		cmocka_unit_test(test_a_home_not_enrolled_says_how_to_enrol),
		TEST(test_a_store_of_others_is_refused),
		TEST(test_a_bad_key_file_is_named),
		TEST(test_an_unknown_terminal_is_said),
		TEST(test_a_tiny_terminal_loses_nothing),
		TEST(test_the_status_line_tells_the_line_and_the_queue),
		TEST(test_new_work_is_counted_by_itself),
		TEST(test_a_barcode_opens_its_product),
		TEST(test_a_typed_code_acts_like_the_scan),
		TEST(test_a_document_number_opens_it),
		TEST(test_an_unknown_code_says_what_it_is_not),
		TEST(test_the_help_tells_each_key_its_own),
		TEST(test_hostile_names_are_only_text),
		TEST(test_chinese_is_complete_and_aligned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
