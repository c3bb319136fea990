/* Goods go from one shop to another by keys only; stock is right at every step, and each screen follows the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_kit.h"

#define TEA "TE0101"    /* scanned */
#define COFFEE "CF0101" /* typed */
#define NUMBER_BYTES 64

struct shops {
	struct e2e_home xinyi_home, ximen_home;
	struct screen *xinyi, *ximen;
	char out_number[NUMBER_BYTES], in_number[NUMBER_BYTES];
	char id[64];
	/* On hand before: xinyi, ximen. */
	double tea[2], coffee[2];
};

/* What has changed since the beginning, in both shops. */
struct change {
	double sender, transit, receiver;
};

static void expect_change(const char *sku, const double before[2], struct change change)
{
	const struct e2e_stock sender = {
		.on_hand = before[0] + change.sender, .in_transit_out = change.transit};
	const struct e2e_stock receiver = {
		.on_hand = before[1] + change.receiver, .in_transit_in = change.transit};

	e2e_expect_stock("xinyi", sku, &sender);
	e2e_expect_stock("ximen", sku, &receiver);
}

static void expect_changes(const struct shops *shops, struct change tea, struct change coffee)
{
	expect_change(TEA, shops->tea, tea);
	expect_change(COFFEE, shops->coffee, coffee);
}

static void open_shops(struct shops *shops)
{
	const char *const stores[2] = {"xinyi", "ximen"};

	for (int i = 0; i < 2; i++) {
		shops->tea[i] = e2e_stock_of(stores[i], TEA).on_hand;
		shops->coffee[i] = e2e_stock_of(stores[i], COFFEE).on_hand;
	}
	e2e_enrol(&shops->xinyi_home, "xinyi");
	e2e_enrol(&shops->ximen_home, "ximen");
	shops->xinyi = e2e_console_of(&shops->xinyi_home, "chen");
	shops->ximen = e2e_console_of(&shops->ximen_home, "chang");
}

static void add_line(struct screen *screen, const char *sku, const char *quantity)
{
	char keys[100];

	screen_send(screen, "n");
	screen_expect(screen, "Add a line");
	snprintf(keys, sizeof keys, "%s<enter><ctrl+u>%s", sku, quantity);
	screen_send(screen, keys);
	screen_send(screen, "<enter>");
	screen_expect_gone(screen, "Add a line");
	screen_expect(screen, sku);
}

/* Copies the word on the screen that begins so. */
static void read_number(struct screen *screen, const char *begin, char number[NUMBER_BYTES])
{
	const char *at;

	screen_expect(screen, begin);
	at = strstr(screen_text(screen), begin);
	snprintf(number, NUMBER_BYTES, "%.*s", (int)strcspn(at, " .\n"), at);
}

static void read_id(struct shops *shops)
{
	cJSON *movements = e2e_get("/v1/movements?number=%s", shops->out_number);
	const char *id;

	assert_int_equal(cJSON_GetArraySize(movements), 1);
	id = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(movements, 0), "id"));
	assert_non_null(id);
	snprintf(shops->id, sizeof shops->id, "%s", id);
	cJSON_Delete(movements);
}

static bool hq_has_it(void *ctx)
{
	const struct shops *shops = ctx;
	cJSON *movements = e2e_get("/v1/movements?number=%s", shops->out_number);
	bool has = cJSON_GetArraySize(movements) == 1;

	cJSON_Delete(movements);
	return has;
}

static void create(struct shops *shops)
{
	struct screen *screen = shops->xinyi;
	screen_send(shops->ximen, "i");
	screen_expect_row(shops->ximen, 1, "Inbound orders");
	screen_send(screen, "n<enter>");
	screen_expect(screen, "Part of the store's name or id");
	screen_send(screen, "ximen<enter><ctrl+s>");
	screen_expect(screen, "Scan the first piece");
	add_line(screen, TEA, "5");
	add_line(screen, COFFEE, "2");
	screen_expect(screen, "2 lines, 7 pieces");
	screen_send(screen, "f");
	screen_expect(screen, "[ Create ]");
	screen_send(screen, "y");
	screen_expect(screen, "Saved: New outbound order");
	read_number(screen, "OUT-XINYI-", shops->out_number);
	read_number(screen, "IN-XIMEN-", shops->in_number);
	/* The list at the other shop is sorted by time: the new one is in its first row. */
	e2e_follow(shops->ximen, shops->in_number);
	e2e_wait(hq_has_it, shops, "the order at HQ");
	read_id(shops);
	e2e_expect_field("movements", shops->id, "status", "pending");
	expect_changes(shops, (struct change){0, 0, 0}, (struct change){0, 0, 0});
}

static void accept_and_ship(struct shops *shops)
{
	screen_send(shops->ximen, "<home><enter>");
	screen_expect(shops->ximen, "Waits for the receiver");
	screen_expect(shops->ximen, shops->in_number);
	screen_send(shops->ximen, "a");
	screen_expect(shops->ximen, "The sender may ship it then.");
	screen_send(shops->ximen, "y");
	e2e_follow(shops->xinyi, "Accepted");
	screen_expect(shops->ximen, "Accepted");
	e2e_expect_field("movements", shops->id, "status", "accepted");
	expect_changes(shops, (struct change){0, 0, 0}, (struct change){0, 0, 0});

	screen_send(shops->xinyi, "s");
	screen_expect(shops->xinyi, "All that is left of it");
	screen_send(shops->xinyi, "<enter>");
	screen_expect(shops->xinyi, "The goods leave the stock of this store.");
	screen_send(shops->xinyi, "y");
	e2e_follow(shops->ximen, "On the way");
	screen_expect(shops->xinyi, "On the way");
	e2e_expect_field("movements", shops->id, "status", "shipped");
	expect_changes(shops, (struct change){-5, 5, 0}, (struct change){-2, 2, 0});
}

static void arrive(struct shops *shops)
{
	screen_send(shops->ximen, "v");
	screen_expect(shops->ximen, "The goods are here and are counted next.");
	screen_send(shops->ximen, "y");
	e2e_follow(shops->xinyi, "Arrived  ");
	screen_expect(shops->ximen, "counts it next");
	e2e_expect_field("movements", shops->id, "status", "arrived");
	expect_changes(shops, (struct change){-5, 5, 0}, (struct change){-2, 2, 0});
}

static void submit(struct shops *shops, const char *missing, const char *in_transit)
{
	screen_send(shops->ximen, "f");
	screen_expect(shops->ximen, missing);
	screen_send(shops->ximen, "y");
	e2e_follow(shops->xinyi, in_transit);
	screen_expect(shops->xinyi, "Partly received");
	screen_expect(shops->ximen, "Partly received");
}

static void receive_by_scanner(struct shops *shops)
{
	cJSON *product = e2e_get("/v1/products/%s", TEA);
	const cJSON *codes = cJSON_GetObjectItemCaseSensitive(product, "barcodes");
	const char *code = cJSON_GetStringValue(cJSON_GetArrayItem(codes, 0));

	assert_non_null(code);
	screen_send(shops->ximen, "c");
	screen_expect(shops->ximen, "Now 0 of 7");
	screen_scan(shops->ximen, code);
	screen_expect(shops->ximen, "Now 1 of 7");
	screen_scan(shops->ximen, code);
	screen_expect(shops->ximen, "Now 2 of 7");
	screen_scan(shops->ximen, code);
	screen_expect(shops->ximen, "Now 3 of 7");
	cJSON_Delete(product);
	submit(shops, "Still missing afterwards: 4", "In transit 4");
	e2e_expect_field("movements", shops->id, "status", "partial");
	expect_changes(shops, (struct change){-5, 2, 3}, (struct change){-2, 2, 0});
}

static void receive_by_typing(struct shops *shops)
{
	screen_send(shops->ximen, "c");
	screen_expect(shops->ximen, "Now 0 of 4");
	screen_send(shops->ximen, "<end><enter>");
	screen_expect(shops->ximen, "Counted now");
	screen_expect(shops->ximen, COFFEE);
	screen_send(shops->ximen, "<ctrl+u>2<enter>");
	screen_expect(shops->ximen, "Now 2 of 4");
	submit(shops, "Still missing afterwards: 2", "In transit 2");
	e2e_expect_field("movements", shops->id, "status", "partial");
	expect_changes(shops, (struct change){-5, 2, 3}, (struct change){-2, 0, 2});
}

static void close_short(struct shops *shops)
{
	screen_send(shops->ximen, "k");
	screen_expect(shops->ximen, "What became of them?");
	screen_send(shops->ximen, "<enter>");
	screen_expect(shops->ximen, "Reason: Not sent.");
	screen_send(shops->ximen, "y");
	e2e_follow(shops->xinyi, "Sent back 2");
	screen_expect_row(shops->ximen, 2, "Received");
	e2e_expect_field("movements", shops->id, "status", "received");
	expect_changes(shops, (struct change){-3, 0, 3}, (struct change){-2, 0, 2});
}

static void goods_go_from_shop_to_shop(void **state)
{
	static struct shops shops;

	(void)state;
	open_shops(&shops);
	create(&shops);
	accept_and_ship(&shops);
	arrive(&shops);
	receive_by_scanner(&shops);
	receive_by_typing(&shops);
	close_short(&shops);
	assert_int_equal(e2e_unsent(&shops.xinyi_home) + e2e_unsent(&shops.ximen_home), 0);
}

static void expect_on_hand(struct screen *screen, const char *store, const char *figure)
{
	int row, col;

	assert_true(screen_find(screen, store, &row, &col));
	if (!strstr(screen_row(screen, row), figure))
		fail_msg("%s has not %s on hand: %s", store, figure, screen_row(screen, row));
}

static void a_product_is_seen_at_every_store(void **state)
{
	/* What other stores have comes from HQ when somebody looks, and stays when HQ is gone. */
	struct e2e_home home;
	struct screen *screen;
	char figures[80];

	(void)state;
	snprintf(figures, sizeof figures, "%g", e2e_stock_of("taichung", TEA).on_hand);
	e2e_enrol(&home, "xinyi");
	screen = e2e_console_of(&home, "chen");
	screen_send(screen, "<f5>/" TEA "<enter>");
	screen_expect(screen, "Other stores as HQ told at");
	expect_on_hand(screen, "台中店", figures);
	e2e_hq_stop();
	screen_expect_row(screen, -1, "offline");
	screen_send(screen, "<esc><enter>");
	screen_expect(screen, "Other stores as HQ told at");
	expect_on_hand(screen, "台中店", figures);
}

static void seats_of_one_shop_follow_each_other(void **state)
{
	/* Two consoles share a home: what one does the other shows, also with the line down. */
	struct e2e_home home;
	struct screen *manager, *clerk;

	(void)state;
	e2e_enrol(&home, "xinyi");
	manager = e2e_console_of(&home, "chen");
	clerk = e2e_console_of(&home, "lee");
	e2e_hq_stop();
	screen_expect_row(clerk, -1, "offline");
	screen_send(clerk, "i");
	screen_expect(clerk, "[To confirm 2]");
	screen_send(manager, "i");
	screen_expect(manager, "[To confirm 2]");
	screen_send(manager, "a");
	screen_expect(manager, "The sender may ship it then.");
	screen_send(manager, "y");
	screen_expect(manager, "[To confirm 1]");
	e2e_follow(clerk, "[To confirm 1]");
	screen_expect_row(clerk, -1, "unsent 1");
	e2e_hq_start();
	e2e_follow(clerk, "unsent 0");
	screen_expect_row(manager, -1, "unsent 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(goods_go_from_shop_to_shop),
		e2e_test(a_product_is_seen_at_every_store),
		e2e_test(seats_of_one_shop_follow_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
