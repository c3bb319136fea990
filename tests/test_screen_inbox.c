/* The inbox: what HQ refused, what went otherwise than expected, and what has not been sent. */
#include <stdio.h>

#include "tests/screen/document_steps.h"

/* The manager accepts it here; nobody has sent it yet. */
static void accept_order(struct shop_fixture *f, const char *id)
{
	struct console_verdict verdict;
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "movement", id);
	console_do(&f->console, "inbound.accept", "xinyi", "lin", data, FIXTURE_START_MS, &verdict);
	assert_true(verdict.saved);
	console_verdict_free(&verdict);
}

static void test_a_refused_command_is_undone_and_explained(void **state)
{
	/* What HQ refuses is undone on the screen and stands in the inbox with reason and way out. */
	struct shop_fixture *f = *state;
	const char *id = documents_order_from_ec(f, false);
	struct screen *screen;

	accept_order(f, id);
	screen = shop_fixture_start_as(f, SHOP_MANAGER);
	screen_expect_row(screen, -1, "unsent 1");
	shop_fixture_do(f, "outbound.cancel", "ec", "dai", "{'movement':'%s'}", id);
	shop_fixture_sync(f);
	screen_expect_row(screen, -1, "problems 1");
	screen_expect_row(screen, -1, "unsent 0");
	screen_send(screen, "<f6>");
	screen_expect(screen, "Accept inbound order");
	screen_expect(screen, "The document's status does not allow this");
	screen_expect(screen, "Look at its present status and choose again.");
	screen_send(screen, "o");
	screen_expect(screen, "Cancelled");
	screen_end(screen);
}

static void test_dismissing_asks_first(void **state)
{
	/* A refusal leaves the inbox only after a question, and the count of problems with it. */
	struct shop_fixture *f = *state;
	const char *id = documents_order_from_ec(f, false);
	struct screen *screen;

	accept_order(f, id);
	shop_fixture_answer(f, shop_fixture_last_sent(f), "rejected", "wrong_status");
	shop_fixture_land(f);
	screen = shop_fixture_start_as(f, SHOP_MANAGER);
	screen_send(screen, "<f6>d");
	screen_expect(screen, "Has it been dealt with?");
	screen_send(screen, "n");
	screen_expect_row(screen, -1, "problems 1");
	screen_send(screen, "dy");
	screen_expect(screen, "HQ has refused nothing.");
	screen_expect_row(screen, -1, "problems 0");
	screen_end(screen);
}

static void test_an_exception_shows_its_figures(void **state)
{
	/* The inbox opens on what there is: an exception in words, and Enter shows its figures. */
	struct shop_fixture *f = *state;
	const char *id = documents_order_from_ec(f, false);
	struct screen *screen;

	shop_fixture_do(f, "inbound.reject", "xinyi", "lin", "{'movement':'%s'}", id);
	shop_fixture_do(f, "inbound.receive", "xinyi", "chen",
		"{'movement':'%s','lines':[{'sku':'A1','qty':2}]}", id);
	shop_fixture_land(f);
	screen = shop_fixture_start_as(f, SHOP_MANAGER);
	screen_expect_row(screen, -1, "problems 1");
	screen_send(screen, "<f6>");
	screen_expect(screen, "Received after it was cancelled");
	screen_expect(screen, "A1 ×2");
	screen_expect(screen, "The goods were booked in here.");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Rejected");
	screen_end(screen);
}

static void test_an_exception_at_the_sender(void **state)
{
	/* Goods counted after their document was cancelled left the sender's stock: it is told so, with what
	 * and how many. */
	struct shop_fixture *f = *state;
	struct screen *screen;
	const char *id = shop_fixture_do(f, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','lines':[{'sku':'A1','qty':5}]}");
	char movement[64];

	snprintf(movement, sizeof(movement), "%s", id);
	shop_fixture_do(f, "outbound.cancel", "xinyi", "lin", "{'movement':'%s'}", movement);
	shop_fixture_do(f, "inbound.receive", "ximen", "wang",
		"{'movement':'%s','lines':[{'sku':'A1','qty':3,'damaged':1},{'sku':'A2','qty':2}]}",
		movement);
	shop_fixture_land(f);
	screen = shop_fixture_start_as(f, SHOP_MANAGER);
	screen_send(screen, "<f6>");
	screen_expect(screen, "Received after it was cancelled");
	screen_expect(screen, "A1 ×3 (1 damaged), A2 ×2");
	screen_expect(screen, "The goods left this store's stock.");
	screen_end(screen);
}

static void test_what_is_unsent_can_be_taken_back(void **state)
{
	/* What has not left yet stands under Unsent and can be taken back; then HQ never gets it. */
	struct shop_fixture *f = *state;
	struct console_verdict verdict;
	struct screen *screen;

	console_do(&f->console, "outbound.create", "xinyi", "lin",
		cJSON_Parse("{\"to\":\"ximen\",\"lines\":[{\"sku\":\"A1\",\"qty\":1}]}"),
		FIXTURE_START_MS, &verdict);
	assert_true(verdict.saved);
	console_verdict_free(&verdict);
	screen = shop_fixture_start_as(f, SHOP_MANAGER);
	screen_send(screen, "<f6>");
	screen_expect(screen, "New outbound order");
	screen_expect(screen, "not sent yet");
	screen_send(screen, "w");
	screen_expect(screen, "It is not sent to HQ");
	screen_send(screen, "y");
	screen_expect(screen, "Taken back.");
	screen_expect(screen, "Everything has been sent.");
	assert_int_equal(shop_fixture_unsent(f), 0);
	screen_end(screen);
}

static void test_a_refusal_is_told_in_chinese(void **state)
{
	/* In zh_TW the inbox says operation, reason, figures and way out without a word of English. */
	struct shop_fixture *f = *state;
	const char *id = documents_order_from_ec(f, false);
	struct screen *screen;

	accept_order(f, id);
	shop_fixture_do(f, "outbound.cancel", "ec", "dai", "{'movement':'%s'}", id);
	shop_fixture_sync(f);
	screen = shop_fixture_start(f, 0, 0, "zh_TW");
	screen_expect(screen, "林店長");
	screen_send(screen, "lin<enter>2222<enter>");
	screen_expect(screen, "已登入");
	screen_send(screen, "<f6>");
	screen_expect(screen, "單據狀態：已取消");
	assert_false(screen_has(screen, "the movement"));
	assert_false(screen_has(screen, "Accept"));
	screen_end(screen);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, shop_fixture_set_up, shop_fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_refused_command_is_undone_and_explained),
		TEST(test_dismissing_asks_first),
		TEST(test_an_exception_shows_its_figures),
		TEST(test_an_exception_at_the_sender),
		TEST(test_what_is_unsent_can_be_taken_back),
		TEST(test_a_refusal_is_told_in_chinese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
