/* Stocktake sheets for tests of the model, at the store xinyi of the model's fixture. */
#ifndef COUNTERTOP_TESTS_SHEETS_H
#define COUNTERTOP_TESTS_SHEETS_H

#include "tests/model_fixture.h"

#define SHEETS_FULL "{'scope':'full'}"
#define SHEETS_DATA "{'stocktake':'%s'}" /* a step with no other data */

/* A step of the sheet by the manager, with no other data. */
const char *sheets_act(struct fixture *f, const char *op, const char *sheet);
/* A sheet at xinyi, counting. */
const char *sheets_started(struct fixture *f, const char *data);
/* A clerk's typed quantity; and the end of the count, where what nobody counted stays so. */
const char *sheets_count(struct fixture *f, const char *sheet, const char *sku, const char *qty);
void sheets_finish(struct fixture *f, const char *sheet);
/* Goods that left the shelf, written off. */
void sheets_sell(struct fixture *f, const char *sku, const char *qty);
/* A figure of a line as the table has it; -1 if null or none. */
int64_t sheets_figure(struct fixture *f, const char *sheet, const char *sku, const char *column);
/* A column of the line as views show it, in thousandths; -1 if null. */
int64_t sheets_shown(struct fixture *f, const char *sheet, const char *sku, const char *column);
void sheets_expect_status(struct fixture *f, const char *sheet, const char *status);
/* A corrected sheet that took ten of A1 off the book and found three of A2. */
const char *sheets_corrected(struct fixture *f);

#endif
