/* What the screen tests of stock documents have in common. Any failure here fails the test. */
#ifndef COUNTERTOP_TESTS_DOCUMENT_STEPS_H
#define COUNTERTOP_TESTS_DOCUMENT_STEPS_H

#include "tests/screen/shop_fixture.h"

/* An order of 5 A1 and 3 A2 from ec to xinyi with the note "for the weekend", made and, if asked,
 * accepted and shipped; it is in the home. Returns its id. */
const char *documents_order_from_ec(struct shop_fixture *f, bool is_shipped);

#endif
