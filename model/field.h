/*
 * What people type as quantities and dates, parsed. Pure.
 */
#ifndef COUNTERTOP_MODEL_FIELD_H
#define COUNTERTOP_MODEL_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIELD_QTY_MILLI_MAX 999999999999LL
#define FIELD_DATE_BYTES 11

/* "12", "0.5", "1,200", "-3" (with `may_be_negative`), up to three decimals, in thousandths. */
bool field_parse_quantity(const char *text, bool may_be_negative, int64_t *qty_milli);
/* "12", "0.5": no trailing zeros. */
void field_print_quantity(int64_t qty_milli, char *out, size_t size);

/* Full-width digits and letters become ASCII, other compatibility characters what they stand for
 * (NFKC); blanks around go. The caller frees it; NULL if the text is no UTF-8. */
char *field_fold(const char *text);

/* 2026-01-31, 2026/1/31, 20260131, 2026年1月31日, ROC 115/1/31, 115-01-31 or 民國115年1月31日; writes
 * 2026-01-31. A year has three digits or four, behind 民國 up to three. A time behind it is ignored. */
bool field_parse_date(const char *text, char out[FIELD_DATE_BYTES]);

#endif
