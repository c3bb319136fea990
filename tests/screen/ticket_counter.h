/*
 * A counter where tickets are redeemed: the shop of shop_fixture.h, enrolled for xinyi alone, with
 *
 *     T-1  Ms Lin 林小姐   TK-PLAIN one unit, TK-MANY five
 *     T-2  Mr Chen 陳先生  TK-LOOSE four units, two of them at once without HQ
 *     T-3  Mrs Wang        TK-OLD, TK-EARLY, TK-XIMEN, TK-BLOCKED, TK-SPLIT (into two): none can be redeemed
 *     T-4  Alex Johnson    TK-REFUNDED
 *
 * and kiosk, a ticket clerk, PIN 1111.
 */
#ifndef COUNTERTOP_TESTS_TICKET_COUNTER_H
#define COUNTERTOP_TESTS_TICKET_COUNTER_H

#include "tests/screen/shop_fixture.h"

struct counter {
	struct shop_fixture shop;
	struct screen *screen; /* NULL until counter_open_tickets */
};

/* For cmocka: *state is the struct counter. */
int counter_set_up(void **state);
int counter_tear_down(void **state);
#define counter_test(test) cmocka_unit_test_setup_teardown(test, counter_set_up, counter_tear_down)

/* Signs in and opens the tickets pane. */
struct screen *counter_open_tickets(struct counter *world, const char *staff, const char *pin);
/* Keys in a code there, or on a result, up to the question how many. */
void counter_key_in(struct screen *screen, const char *code);
/* Waits for this many commands in the outbox while the screen goes on. */
void counter_wait_for_unsent(struct counter *world, int count);
/* Presses Enter on the quantity and has HQ answer. */
void counter_redeem_with_hq(struct counter *world);
/* Units of the code spent at HQ. */
int64_t counter_redeemed_at_hq(struct counter *world, const char *code);
/* What the syncer says of the line. */
void counter_set_line(struct counter *world, bool online);
/* How many commands of this kind HQ has not answered. */
int counter_waiting(struct counter *world, const char *op);
/* The syncer takes what waits in the outbox along, and HQ has not answered. */
void counter_send(struct counter *world);

#endif
