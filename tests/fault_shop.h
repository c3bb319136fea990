/* A home enrolled at HQ through the fault proxy, whose staff finds pieces of one product: each piece
 * found is one effect that can be counted at HQ and here. */
#ifndef COUNTERTOP_TESTS_FAULT_SHOP_H
#define COUNTERTOP_TESTS_FAULT_SHOP_H

#include "tests/e2e_kit.h"
#include "tests/fault_proxy.h"

struct fault_shop {
	struct e2e_home home;
	char sku[64];
	double on_hand; /* as it must be at HQ and here, once all is well */
};

/* For cmocka: the world of e2e_kit.h and a proxy in front of its HQ. */
int fault_shop_set_up(void **state);
int fault_shop_tear_down(void **state);
#define fault_test(test) \
	cmocka_unit_test_setup_teardown(test, fault_shop_set_up, fault_shop_tear_down)
struct proxy *fault_shop_proxy(void);

/* Enrols a home for the store; COUNTERTOP_PIN must be that of its manager `staff`. */
void fault_shop_open(struct fault_shop *shop, const char *store);
/* A piece is found here: saved, one more to be at HQ. Gives the command's id. */
void fault_shop_find(struct fault_shop *shop, const char *staff, char id[40]);
/* A piece is found at HQ: one more to be here. */
void fault_shop_find_at_hq(struct fault_shop *shop);

/* Conditions for e2e_wait; ctx is the shop. */
bool fault_shop_hq_has_all(void *ctx);
bool fault_shop_has_all(void *ctx);
bool fault_shop_nothing_waits(void *ctx);

/* `sync --once`: said is part of the sentence it must end with, NULL if it must succeed. */
void fault_shop_sync(struct fault_shop *shop, const char *what, const char *said);
/* The proxy's peace; then HQ and the home have every piece once, and nothing waits. */
void fault_shop_expect_all_once(struct fault_shop *shop, const char *what);

#endif
