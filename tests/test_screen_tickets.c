/* Tickets are listed and voided on the screen; who may do what. Redeeming is in test_screen_redeem.c. */
#include <stdio.h>
#include <string.h>

#include "tests/folder.h"
#include "tests/screen/ticket_counter.h"

static void test_order(void **state)
{
	/* A search finds an order by its buyer; its detail redeems and then shows the record. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	screen_send(screen, "/");
	screen_expect(screen, "Search tickets");
	screen_send(screen, "lin<enter>");
	screen_expect(screen, "Ticket orders 1");
	screen_send(screen, "<enter>");
	screen_expect(screen, "[Not redeemed 2]");
	screen_send(screen, "<end>r");
	screen_expect(screen, "Redeem ****IN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[Not redeemed 1]");
	screen_send(screen, "<backtab>");
	screen_expect(screen, "[Redeemed 1]");
	screen_expect(screen, "陳小美");
}

static void expect_status(struct screen *screen, const char *code, const char *status)
{
	int row, col;

	assert_true(screen_find(screen, code, &row, &col));
	assert_non_null(strstr(screen_row(screen, row), status));
}

static void test_days_in_lists(void **state)
{
	/* In the lists of codes a ticket is valid on its days alone; blocked stays blocked. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	screen_send(screen, "<tab>");
	screen_expect(screen, "[Not redeemed 8]");
	expect_status(screen, "TK-OLD", "Expired");
	expect_status(screen, "TK-EARLY", "Too soon");
	expect_status(screen, "TK-MANY", "Valid");
	expect_status(screen, "TK-BLOCKED", "Blocked");
}

static void test_void(void **state)
{
	/* A manager voids a redemption with a reason; it is a record of its own, and the units are back. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	counter_key_in(screen, "TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "<esc><backtab><backtab>");
	screen_expect(screen, "[Redemption records 1]");
	screen_send(screen, "x");
	screen_expect(screen, "TK-PLAIN, 1 units");
	screen_send(screen, "<enter>");
	screen_expect(screen, "A void needs a reason");
	screen_send(screen, "wrong one<enter>");
	screen_expect(screen, "Void this redemption?");
	screen_send(screen, "y");
	screen_expect(screen, "[Redemption records 2]");
	screen_expect(screen, "Voided");
	shop_fixture_sync(&world->shop);
	assert_int_equal(counter_redeemed_at_hq(world, "TK-PLAIN"), 0);
	screen_send(screen, "<end>x");
	screen_expect(screen, "voided already");
}

static void test_void_on_order(void **state)
{
	/* On the page of its order a redemption is voided too, and its code can be redeemed again. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	counter_key_in(screen, "TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "<esc>");
	screen_expect(screen, "[Ticket orders 4]");
	screen_send(screen, "<end><enter>");
	screen_expect(screen, "[Not redeemed 1]");
	screen_send(screen, "x");
	screen_expect(screen, "Only what was redeemed can be voided.");
	screen_send(screen, "<backtab>");
	screen_expect(screen, "[Redeemed 1]");
	screen_send(screen, "x");
	screen_expect(screen, "TK-PLAIN, 1 units");
	screen_send(screen, "wrong one<enter>");
	screen_expect(screen, "Void this redemption?");
	screen_send(screen, "y");
	screen_expect(screen, "Not redeemed 2");
	screen_expect(screen, "[Redeemed 2]");
	shop_fixture_sync(&world->shop);
	assert_int_equal(counter_redeemed_at_hq(world, "TK-PLAIN"), 0);
}

static void test_ticket_clerk(void **state)
{
	/* A ticket clerk lists and redeems; whatever else is asked for names the right that is missing. */
	static const char *const keys[] = {"g", "a", "b", "u", "p", "t"};
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, "kiosk", "1111");

	counter_key_in(screen, "TK-PLAIN");
	counter_redeem_with_hq(world);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "<esc>x");
	screen_expect(screen, "This needs the right of: Manager");
	screen_send(screen, "<backtab><backtab>");
	screen_expect(screen, "[Redemption records 1]");
	screen_send(screen, "x");
	screen_expect(screen, "This needs the right of: Manager");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Ticket order T-1");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		screen_send(screen, "<esc><enter>");
		screen_expect_gone(screen, "This needs");
		screen_send(screen, keys[i]);
		screen_expect(screen, "This needs the right of: HQ");
	}
	assert_int_equal(shop_fixture_unsent(&world->shop), 0);
}

/* ---- the lists ---- */

static void test_redeem_listed(void **state)
{
	/* Enter and r redeem the code under the cursor; r on an order its only code, of several it asks which. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	screen_send(screen, "<tab>");
	screen_expect(screen, "[Not redeemed 8]");
	screen_send(screen, "/TK-LOOSE<enter>");
	screen_expect(screen, "[Not redeemed 1]");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Redeem TK-LOOSE");
	screen_send(screen, "<esc>r");
	screen_expect(screen, "Redeem TK-LOOSE");
	screen_send(screen, "<esc><backtab>");
	screen_expect(screen, "[Ticket orders 1]");
	screen_send(screen, "r");
	screen_expect(screen, "Redeem TK-LOOSE");
	screen_send(screen, "<esc><esc>");
	screen_expect(screen, "[Ticket orders 4]");
	screen_send(screen, "<end>r");
	screen_expect(screen, "Ticket order T-1");
	screen_expect(screen, "[Not redeemed 2]");
	screen_send(screen, "<esc><tab><tab>");
	screen_expect(screen, "[Redemption records 0]");
	screen_send(screen, "r");
	screen_expect(screen, "What is left stands under Not redeemed");
}

static void test_masked(void **state)
{
	/* Clerks read codes and phone numbers masked in every list, title, question and on the page of a code they chose
	 * there; keyed in it stands whole. */
	struct counter *world = *state;
	struct screen *screen;

	shop_fixture_do(&world->shop, "ticket.redeem", "ximen", "wang",
		"{'code':'TK-MANY','qty':1,'mode':'online'}");
	shop_fixture_land(&world->shop);
	screen = counter_open_tickets(world, SHOP_CLERK);
	screen_expect(screen, "*******678");
	assert_false(screen_has(screen, "0912345678"));
	screen_send(screen, "<tab>");
	screen_expect(screen, "****IT-1");
	assert_false(screen_has(screen, "TK-"));
	screen_send(screen, "<home><enter>");
	screen_expect(screen, "Redeem ****CKED");
	screen_expect(screen, "*******678");
	assert_false(screen_has(screen, "TK-"));
	screen_send(screen, "<esc><tab>");
	screen_expect(screen, "[Redemption records 1]");
	screen_expect(screen, "****NY");
	assert_false(screen_has(screen, "TK-"));
	screen_send(screen, "<enter>");
	screen_expect(screen, "Ticket order T-1");
	screen_expect(screen, "*******678");
	assert_false(screen_has(screen, "TK-"));
	screen_send(screen, "<esc>");
	counter_key_in(screen, "tk-many");
	screen_expect(screen, "Redeem TK-MANY");
	screen_expect(screen, "0912345678");
}

/* Writes the list shown to a file and reads it. */
static void write_and_read(struct screen *screen, const char *path, char *out, size_t size)
{
	FILE *file;
	size_t length;

	screen_send(screen, "w");
	screen_expect(screen, "Write to a file");
	screen_paste(screen, path);
	screen_send(screen, "<enter>");
	screen_expect(screen, "written to /");
	file = fopen(path, "r");
	assert_non_null(file);
	length = fread(out, 1, size - 1, file);
	out[length] = '\0';
	fclose(file);
}

static void test_file(void **state)
{
	/* The file that a clerk writes of a list is masked as the list is; the manager's is whole. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);
	char folder[200], path[300], text[8192];

	folder_make(folder, sizeof(folder));
	screen_send(screen, "<tab>");
	screen_expect(screen, "[Not redeemed 8]");
	snprintf(path, sizeof(path), "%s/clerk.csv", folder);
	write_and_read(screen, path, text, sizeof(text));
	assert_non_null(strstr(text, "****IT-1"));
	assert_non_null(strstr(text, "*******678"));
	assert_null(strstr(text, "TK-"));
	assert_null(strstr(text, "0912345678"));
	screen_send(screen, "<f9>");
	shop_fixture_sign_in(screen, SHOP_MANAGER);
	screen_send(screen, "<f4>");
	screen_expect(screen, "[Not redeemed 8]");
	snprintf(path, sizeof(path), "%s/manager.csv", folder);
	write_and_read(screen, path, text, sizeof(text));
	assert_non_null(strstr(text, "TK-SPLIT-1"));
	assert_non_null(strstr(text, "0912345678"));
	folder_remove(folder);
}

static void test_whole(void **state)
{
	/* A manager reads codes and phone numbers whole. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	screen_expect(screen, "0912345678");
	screen_send(screen, "<tab>");
	screen_expect(screen, "TK-SPLIT-1");
	screen_send(screen, "<end><enter>");
	screen_expect(screen, "Redeem TK-SPLIT-2");
}

static void test_confirmed(void **state)
{
	/* What was accepted offline stands in the records as not confirmed, with the mark, until HQ has it. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_set_line(world, false);
	counter_key_in(screen, "TK-LOOSE");
	screen_send(screen, "<enter>");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	screen_send(screen, "<esc><tab><tab>");
	screen_expect(screen, "[Redemption records 1]");
	screen_expect(screen, "not confirmed  *");
	screen_expect(screen, "Accepted, not confirmed: HQ does not have it yet.");
	screen_send(screen, "<backtab>");
	screen_expect(screen, "****SE          *");
	screen_send(screen, "<backtab>");
	screen_expect(screen, "T-2           *");
	screen_send(screen, "<tab><tab>");
	screen_expect(screen, "not confirmed  *");
	shop_fixture_sync(&world->shop);
	screen_expect_gone(screen, "not confirmed");
	screen_expect(screen, "It was accepted offline, and HQ has confirmed it.");
	screen_expect(screen, "This terminal");
}

static void test_disputed(void **state)
{
	/* A record whose ticket has an open dossier is marked, and Enter offers dossier and order. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_MANAGER);

	shop_fixture_do(&world->shop, "ticket.redeem", "ximen", "wang",
		"{'code':'TK-LOOSE','qty':4,'mode':'online'}");
	shop_fixture_do(&world->shop, "ticket.redeem", "xinyi", "chen",
		"{'code':'TK-LOOSE','qty':1,'mode':'offline'}");
	shop_fixture_land(&world->shop);
	screen_send(screen, "<tab><tab>");
	screen_expect(screen, "[Redemption records 2]");
	screen_expect(screen, "confirmed      !");
	screen_expect(screen, "a dossier is open");
	screen_send(screen, "<enter>");
	screen_expect(screen, "This redemption is disputed");
	screen_send(screen, "<down><enter>");
	screen_expect(screen, "Ticket order T-2");
	screen_expect(screen, "[Redeemed 2]");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Dossier");
	screen_send(screen, "<esc><esc><enter>");
	screen_expect(screen, "This redemption is disputed");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Dossier");
}

static void test_refused(void **state)
{
	/* A scan that was refused stands under the refused scans, with its result and who refused it. */
	struct counter *world = *state;
	struct screen *screen = counter_open_tickets(world, SHOP_CLERK);

	counter_set_line(world, false);
	counter_key_in(screen, "TK-BLOCKED");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Nothing was redeemed.");
	screen_send(screen, "<esc><backtab>");
	screen_expect(screen, "[Refused scans 1]");
	screen_expect(screen, "****CKED");
	screen_expect(screen, "This ticket is blocked. Ask HQ why");
	screen_expect(screen, "陳小美, 信義店, This terminal");
	screen_expect(screen, "BLOCKED                *");
	shop_fixture_sync(&world->shop);
	screen_expect_gone(screen, "BLOCKED                *");
	screen_send(screen, "o");
	screen_expect(screen, "Ticket order T-3");
}

static void test_wide(void **state)
{
	/* On a wide screen the records name the terminal and the order. */
	struct counter *world = *state;
	struct screen *screen = world->screen = shop_fixture_start(&world->shop, 50, 200, "en");

	shop_fixture_sign_in(screen, SHOP_CLERK);
	screen_send(screen, "<f4><tab><tab>");
	screen_expect(screen, "[Redemption records 0]");
	counter_set_line(world, false);
	screen_scan(screen, "TK-LOOSE");
	screen_expect(screen, "Quantity");
	screen_send(screen, "<enter>");
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	screen_send(screen, "<esc>");
	screen_expect_row(screen, 4, "Terminal");
	screen_expect_row(screen, 5, "This terminal");
	screen_expect_row(screen, 5, "T-2");
}

static void test_narrow_chinese(void **state)
{
	/* At 60 by 16 in Chinese the lists and the freshness fit, and a redemption goes through. */
	struct counter *world = *state;

	world->screen = shop_fixture_start(&world->shop, 16, 60, "zh_TW");
	screen_expect(world->screen, "chen");
	screen_send(world->screen, "chen<enter>");
	screen_expect(world->screen, "PIN");
	screen_send(world->screen, "1111<enter><f4>");
	screen_expect(world->screen, "[票券訂單 4] 未核銷 8  核銷紀錄 0");
	screen_expect(world->screen, "離線可用");
	screen_scan(world->screen, "TK-MANY");
	screen_expect(world->screen, "剩餘 5");
	counter_redeem_with_hq(world);
	screen_expect(world->screen, "核銷成功");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		counter_test(test_order),
		counter_test(test_days_in_lists),
		counter_test(test_void),
		counter_test(test_void_on_order),
		counter_test(test_ticket_clerk),
		counter_test(test_redeem_listed),
		counter_test(test_masked),
		counter_test(test_file),
		counter_test(test_whole),
		counter_test(test_confirmed),
		counter_test(test_disputed),
		counter_test(test_refused),
		counter_test(test_wide),
		counter_test(test_narrow_chinese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
