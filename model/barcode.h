/*
 * What a scanned or typed code is. Pure.
 *
 * GTIN-8, -12, -13 and -14 are one key, padded to 14 digits (GS1 General Specifications 3.3.2);
 * check digits are modulo 10 (GS1 7.9). A leading zero that a scanner dropped is found again. AIM
 * symbology identifiers ("]E0", "]C1" …) are taken off. Prefixes 02 and 20 to 29 of a GTIN-13
 * are restricted: their digits carry a price or a weight and are the store's own business.
 */
#ifndef COUNTERTOP_MODEL_BARCODE_H
#define COUNTERTOP_MODEL_BARCODE_H

#include <stdbool.h>
#include <stddef.h>

#define BARCODE_CODE_BYTES 1024
#define BARCODE_KEY_BYTES 128
#define BARCODE_GS '\x1d'

enum barcode_kind {
	BARCODE_NONE, /* empty, or nothing but blanks and controls */
	BARCODE_GTIN,
	BARCODE_GS1,      /* element strings; `gtin` is set if AI 01 is among them */
	BARCODE_DOCUMENT, /* looks like a document number: letters-store-date… */
	BARCODE_OTHER     /* tickets, SKUs, anything else */
};

struct barcode {
	enum barcode_kind kind;
	char text[BARCODE_CODE_BYTES]; /* what was scanned, without identifier, ECI and blanks */
	char gtin[15];                 /* 14 digits, or "" */
	bool is_restricted;            /* prefix 02 or 20 to 29 of a GTIN-13 */
	/* Of GS1 element strings; "" or -1 where absent. */
	char batch[21];         /* AI 10 */
	char serial[21];        /* AI 21 */
	char produced_on[11];   /* AI 11, 2026-01-31; day 00 is the last of the month */
	char best_before[11];   /* AI 15 */
	char expires_on[11];    /* AI 17 */
	long long count;        /* AI 30 or 37 */
	long long weight_milli; /* AI 310n, thousandths of a kilogram */
	long long price_micro;  /* AI 392n, millionths of the currency unit */
};

/* The check digit of `digits` (without one), or 0 if there is something else than digits. */
char barcode_check_digit(const char *digits, size_t count);

/* Whether `digits` is a GTIN of 8, 12, 13 or 14 digits with the right check digit. */
bool barcode_gtin_is_valid(const char *digits);

/* UPC-E (6, 7 or 8 digits) to its 12 digits; false if it is none. `out` holds 13 bytes. */
bool barcode_upce_expand(const char *digits, char out[13]);

/*
 * A GS1 date YYMMDD as 2026-01-31; day 00 is the last of the month. The century is the one nearest to
 * `reference_year` (GS1 General Specifications 7.12). False if there is no such day.
 */
bool barcode_gs1_date(const char *yymmdd, int reference_year, char out[11]);
#define BARCODE_REFERENCE_YEAR 2026

/* One element of a GS1 element string. */
struct barcode_element {
	char ai[5];
	char value[91];
};
/*
 * Splits element strings; FNC1 is GS (0x1D). People type them as "(01)…(17)…". Returns the number of elements, or -1 if the text is
 * none: an unknown AI, a wrong length or character, a wrong check digit of AI 01, a bad date.
 */
int barcode_gs1_split(const char *text, struct barcode_element *out, int max);

/* Looks at everything. Never fails: what it does not know is BARCODE_OTHER. */
void barcode_read(const char *scanned, struct barcode *out);

/*
 * The key products are looked up by: 14 digits of a GTIN, otherwise the text itself in the
 * form it is stored in (blanks trimmed). Product barcodes are stored through the same function.
 * Returns the kind.
 */
enum barcode_kind barcode_key(const char *scanned, char out[BARCODE_KEY_BYTES]);

#endif
