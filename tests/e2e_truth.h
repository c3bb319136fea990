/* What must hold of a home and HQ once all is sent and pulled, whatever went on before: read from the
 * databases themselves (design.md §4, rules 1 to 3 and 6). */
#ifndef COUNTERTOP_TESTS_E2E_TRUTH_H
#define COUNTERTOP_TESTS_E2E_TRUTH_H

#include "tests/e2e_kit.h"

/* The databases are sound; each command of the outbox has its one verdict at HQ and its effects once,
 * and HQ has none that was not saved here; the cache has HQ's rows and no others. */
void e2e_truth_expect(const struct e2e_home *home);
/* Has HQ a verdict for this id? */
bool e2e_truth_has_verdict(const char *id);

#endif
