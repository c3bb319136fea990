/* Steps that tests of movements share: xinyi sends 10 of A1 and 5 of A2 to ximen. Whole units only.
 * Ids are those of the fixture: readable for FIXTURE_IDS commands. */
#ifndef COUNTERTOP_TESTS_MOVEMENT_STEPS_H
#define COUNTERTOP_TESTS_MOVEMENT_STEPS_H

#include "tests/model_fixture.h"

/* Data of commands. */
#define SEND "{'to':'ximen','lines':[{'sku':'A1','qty':10},{'sku':'A2','qty':5}]}"
#define BUY "{'third_party':'Luma','lines':[{'sku':'A1','qty':10},{'sku':'B1','qty':5}]}"
#define SELL "{'third_party':'Luma','lines':[{'sku':'A1','qty':10},{'sku':'A2','qty':5}]}"
#define DOC "{'movement':'%s'}"
#define ONE "{'movement':'%s','lines':[{'sku':'%s','qty':%d}]}"
#define BROKEN "{'movement':'%s','lines':[{'sku':'%s','qty':%d,'damaged':%d}]}"
#define ALL "{'movement':'%s','lines':[{'sku':'A1','qty':10},{'sku':'A2','qty':5}]}"
#define CLOSE "{'movement':'%s','reason':'%s'}"

/* Does op with DOC as the manager of xinyi, of ximen; gives the id back. */
const char *steps_by_sender(struct fixture *fx, const char *op, const char *id);
const char *steps_by_receiver(struct fixture *fx, const char *op, const char *id);
/* A new movement that has come this far. */
const char *steps_sent(struct fixture *fx);
const char *steps_accepted(struct fixture *fx);
const char *steps_shipped(struct fixture *fx);
/* A clerk of ximen counts. */
void steps_receive(struct fixture *fx, const char *id, const char *sku, int qty);

void steps_expect_status(struct fixture *fx, const char *id, const char *status);
/* figures: ordered shipped received damaged written_off sent_back, then the flags: "10 10 12 0 0 0 extra" */
void steps_expect_line(struct fixture *fx, const char *id, const char *sku, const char *figures);
void steps_expect_on_hand(struct fixture *fx, const char *sku, int at_xinyi, int at_ximen);
/* In transit to ximen. */
int64_t steps_on_the_road(struct fixture *fx, const char *sku);
int64_t steps_exceptions(struct fixture *fx, const char *kind);

/* The rule of goods_rules.h that the rows break now, NULL if none. */
const char *steps_broken_rule(struct fixture *fx);

#endif
