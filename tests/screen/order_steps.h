/*
 * What the screen tests of sales orders have in common: the shop of shop_fixture.h with the channels web (ec,
 * then xinyi) and counter (xinyi alone), and V1, a virtual product. Any failure here fails the test.
 */
#ifndef COUNTERTOP_TESTS_ORDER_STEPS_H
#define COUNTERTOP_TESTS_ORDER_STEPS_H

#include "tests/screen/shop_fixture.h"

/* For cmocka: *state is a struct shop_fixture that each test gets new; nothing of it has landed. */
int orders_set_up(void **state);
#define order_test(test) \
	cmocka_unit_test_setup_teardown(test, orders_set_up, shop_fixture_tear_down)

/* An order on the channel web, placed at HQ: 5 A1 and 3 A2 of Blake Sanders. */
void orders_place(struct shop_fixture *f, const char *number);
/* Lands what HQ has, starts the program, signs in and shows the orders. */
struct screen *orders_open(struct shop_fixture *f, const char *staff, const char *pin);

#endif
