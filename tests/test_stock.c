#include "tests/model_fixture.h"

#include "model/stock.h"

#include <stdio.h>

static int64_t damaged(struct fixture *fx, const char *store, const char *sku)
{
	return fixture_int(
		fx, "SELECT damaged FROM stock WHERE store = '%s' AND sku = '%s'", store, sku);
}

static int64_t exceptions(struct fixture *fx, const char *kind)
{
	return fixture_int(fx, "SELECT COUNT(*) FROM exception WHERE kind = '%s'", kind);
}

static void open_posts_opening_balance(void **state)
{
	/* An opening balance makes the stock line, with a ledger entry, and a SKU named twice is summed. */
	struct fixture *fx = *state;
	fixture_do(fx, "stock.open", NULL, "ho",
		"{'store':'xinyi','lines':[{'sku':'B1','qty':4},{'sku':'B1','qty':1.5}]}");
	assert_int_equal(fixture_on_hand(fx, "xinyi", "B1"), 5500);
	assert_int_equal(fixture_int(fx,
				 "SELECT SUM(qty) FROM ledger WHERE store = 'xinyi' AND sku = 'B1'"
				 " AND reason = 'opening'"),
		5500);
}

#define OPEN "{'store':'%s','lines':[{'sku':'%s','qty':7}]}"
#define OPEN_BOTH "{'store':'%s','lines':[{'sku':'A1','qty':7},{'sku':'B1','qty':7}]}"

static void open_happens_once(void **state)
{
	/* A second opening balance of the same store and SKU is refused and leaves nothing behind. */
	struct fixture *fx = *state;
	fixture_do(
		fx, "stock.open", NULL, "ho", "{'store':'xinyi','lines':[{'sku':'B1','qty':0}]}");
	assert_string_equal(
		fixture_try(fx, "stock.open", NULL, "ho", OPEN_BOTH, "xinyi"), "already_open");
	assert_int_equal(fixture_on_hand(fx, "xinyi", "A1"), 100000);
	assert_string_equal(fixture_try(fx, "stock.open", NULL, "ho", OPEN_BOTH, "ximen"), "");
	assert_int_equal(fixture_on_hand(fx, "ximen", "A1"), 107000);
}

static void open_refusals(void **state)
{
	/* Opening needs a known store, a known product, and HQ's right. */
	struct fixture *fx = *state;
	assert_string_equal(
		fixture_try(fx, "stock.open", NULL, "ho", OPEN, "nowhere", "A1"), "unknown_store");
	assert_string_equal(
		fixture_try(fx, "stock.open", NULL, "ho", OPEN, "xinyi", "ZZ"), "unknown_sku");
	assert_string_equal(
		fixture_try(fx, "stock.open", "xinyi", "lin", OPEN, "xinyi", "A1"), "no_right");
}

static void open_sets_in_stock(void **state)
{
	/* The opening line says whether the product is in stock for sales; it is unless told otherwise. */
	struct fixture *fx = *state;
	fixture_do(fx, "stock.open", NULL, "ho",
		"{'store':'ec','lines':[{'sku':'A1','qty':1,'in_stock':false},{'sku':'B1','qty':1}]}");
	assert_int_equal(
		fixture_int(fx, "SELECT in_stock FROM stock WHERE store = 'ec' AND sku = 'A1'"), 0);
	assert_int_equal(
		fixture_int(fx, "SELECT in_stock FROM stock WHERE store = 'ec' AND sku = 'B1'"), 1);
}

static const struct {
	const char *kind;
	int64_t on_hand, damaged; /* what 2 of A1 make of 100 on hand and 5 damaged */
} kinds[] = {
	{"write_off", 98000, 5000},
	{"found", 102000, 5000},
	{"release_damaged", 102000, 3000},
	{"write_off_damaged", 100000, 3000},
};

static void adjust_kinds(void **state)
{
	/* Each kind of adjustment moves on hand and damaged its own way, with a ledger entry. */
	struct fixture *fx = *state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		fixture_sql(fx,
			"UPDATE stock SET on_hand = 100000, damaged = 5000"
			" WHERE store = 'xinyi' AND sku = 'A1'");
		const char *id = fixture_do(fx, "stock.adjust", "xinyi", "lin",
			"{'kind':'%s','reason':'broken','lines':[{'sku':'A1','qty':2}]}",
			kinds[i].kind);
		assert_int_equal(fixture_on_hand(fx, "xinyi", "A1"), kinds[i].on_hand);
		assert_int_equal(damaged(fx, "xinyi", "A1"), kinds[i].damaged);
		fixture_expect_text(
			fx, kinds[i].kind, "SELECT reason FROM ledger WHERE doc = '%s'", id);
		fixture_expect_text(
			fx, "broken: A1 2", "SELECT text FROM history WHERE doc = '%s'", id);
	}
	assert_int_equal(exceptions(fx, "negative_stock"), 0);
}

static void adjust_is_a_fact(void **state)
{
	/* An adjustment below zero is recorded, and raises negative_stock at that store. */
	struct fixture *fx = *state;
	fixture_do(fx, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off','reason':'stolen','lines':[{'sku':'A1','qty':101}]}");
	assert_int_equal(fixture_on_hand(fx, "xinyi", "A1"), -1000);
	fixture_do(fx, "stock.adjust", "xinyi", "lin",
		"{'kind':'write_off_damaged','reason':'old','lines':[{'sku':'A2','qty':1}]}");
	assert_int_equal(damaged(fx, "xinyi", "A2"), -1000);
	assert_int_equal(exceptions(fx, "negative_stock"), 2);
	fixture_expect_text(fx, "xinyi",
		"SELECT store FROM exception WHERE kind = 'negative_stock' AND sku = 'A1'");
}

#define FIND "{'kind':'found','reason':'%s','lines':[{'sku':'%s','qty':1}]}"

static void adjust_refusals(void **state)
{
	/* An adjustment needs a manager and a reason that is not blank. */
	struct fixture *fx = *state;
	assert_string_equal(
		fixture_try(fx, "stock.adjust", "xinyi", "chen", FIND, "x", "A1"), "no_right");
	assert_string_equal(
		fixture_try(fx, "stock.adjust", "xinyi", "lin", FIND, "  ", "A1"), "bad_data");
	assert_string_equal(fixture_try(fx, "stock.adjust", "xinyi", "lin", FIND, "x", "B1"), "");
	assert_int_equal(fixture_on_hand(fx, "xinyi", "B1"), 1000);
}

static void adjust_before_the_receipt(void **state)
{
	/* What is written off under a SKU that nobody knows yet is recorded and told; the receipt of it that
	 * comes later from another terminal leaves the same stock as in the other order. */
	struct fixture *fx = *state;
	static const char lose[] =
		"{'kind':'write_off','reason':'broken','lines':[{'sku':'%s','qty':2}]}";
	static const char receive[] = "{'movement':'%s','lines':[{'sku':'%s','qty':5}]}";
	char id[64];
	snprintf(id, sizeof id, "%s",
		fixture_do(fx, "inbound.create", "xinyi", "lin",
			"{'third_party':'Luma','lines':[{'sku':'A1','qty':1}]}"));
	fixture_do(fx, "stock.adjust", "xinyi", "lin", lose, "X1");
	assert_int_equal(exceptions(fx, "unknown_sku"), 1);
	assert_int_equal(exceptions(fx, "negative_stock"), 1);
	assert_int_equal(fixture_on_hand(fx, "xinyi", "X1"), -2000);
	fixture_do(fx, "inbound.receive", "xinyi", "chen", receive, id, "X1");
	assert_int_equal(fixture_on_hand(fx, "xinyi", "X1"), 3000);
	fixture_do(fx, "inbound.receive", "xinyi", "chen", receive, id, "X2");
	fixture_do(fx, "stock.adjust", "xinyi", "lin", lose, "X2");
	assert_int_equal(fixture_on_hand(fx, "xinyi", "X2"), 3000);
	assert_int_equal(exceptions(fx, "unknown_sku"), 1);
	assert_int_equal(exceptions(fx, "negative_stock"), 1);
}

#define SEND "{'to':'%s','lines':[{'sku':'A1','qty':%d}]}"

static void figures_tell_apart(void **state)
{
	/* A product at a store shows on hand, both transits, damaged and what is still available. */
	struct fixture *fx = *state;
	const char *id = fixture_do(fx, "outbound.create", "xinyi", "lin", SEND, "ximen", 10);
	fixture_do(fx, "outbound.create", "xinyi", "lin", SEND, "ec", 7);
	fixture_do(fx, "inbound.accept", "ximen", "huang", "{'movement':'%s'}", id);
	fixture_do(fx, "outbound.ship", "xinyi", "lin",
		"{'movement':'%s','lines':[{'sku':'A1','qty':4}]}", id);
	struct stock_figures from = stock_figures_of(fx->db, "xinyi", "A1");
	assert_int_equal(from.on_hand, 96000);
	assert_int_equal(from.in_transit_out, 4000);
	assert_int_equal(from.in_transit_in, 0);
	assert_int_equal(from.available, 96000 - 6000 - 7000);
	fixture_do(fx, "inbound.receive", "ximen", "wang",
		"{'movement':'%s','lines':[{'sku':'A1','qty':3,'damaged':1}]}", id);
	struct stock_figures to = stock_figures_of(fx->db, "ximen", "A1");
	assert_int_equal(to.on_hand, 102000);
	assert_int_equal(to.damaged, 1000);
	assert_int_equal(to.in_transit_in, 1000);
	assert_int_equal(to.available, 102000);
}

static void figures_without_a_line(void **state)
{
	/* A product a store never had shows zeros. */
	struct fixture *fx = *state;
	struct stock_figures none = stock_figures_of(fx->db, "xinyi", "B1");
	assert_int_equal(none.on_hand + none.in_transit_in + none.in_transit_out + none.damaged, 0);
	assert_false(stock_has_line(fx->db, "xinyi", "B1"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(open_posts_opening_balance),
		TEST(open_happens_once),
		TEST(open_refusals),
		TEST(open_sets_in_stock),
		TEST(adjust_kinds),
		TEST(adjust_is_a_fact),
		TEST(adjust_refusals),
		TEST(adjust_before_the_receipt),
		TEST(figures_tell_apart),
		TEST(figures_without_a_line),
	};
	return cmocka_run_group_tests_name("stock", tests, NULL, NULL);
}
