#include "model/field.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define FIELD_DECIMALS 3
#define FIELD_ROC_YEAR_OFFSET 1911

static const char *skip_blanks(const char *text)
{
	while (*text == ' ')
		text++;
	return text;
}

/* Reads the digits and thousands commas before the point. NULL if there is none. */
static const char *read_whole(const char *text, int64_t *whole)
{
	const char *start = text;

	*whole = 0;
	while (isdigit((unsigned char)*text) || (*text == ',' && text > start)) {
		if (*text != ',') {
			*whole = *whole * 10 + (*text - '0');
			if (*whole > FIELD_QTY_MILLI_MAX / 1000)
				return NULL;
		} else if (!isdigit((unsigned char)text[1]) || !isdigit((unsigned char)text[2]) ||
			!isdigit((unsigned char)text[3])) {
			return NULL; /* "1,5" is a point in some countries: do not guess. */
		}
		text++;
	}
	return text == start ? NULL : text;
}

bool field_parse_quantity(const char *text, bool may_be_negative, int64_t *qty_milli)
{
	int64_t whole;
	int64_t unit = 1000;
	bool is_negative;

	text = skip_blanks(text);
	is_negative = *text == '-';
	if (is_negative && !may_be_negative)
		return false;
	text = read_whole(text + is_negative, &whole);
	if (!text)
		return false;
	whole *= 1000;
	if (*text == '.') {
		for (text++; isdigit((unsigned char)*text); text++) {
			unit /= 10;
			if (unit == 0 && *text != '0')
				return false;
			whole += (*text - '0') * unit;
		}
		if (unit == 1000)
			return false;
	}
	if (*skip_blanks(text))
		return false;
	*qty_milli = is_negative ? -whole : whole;
	return true;
}

void field_print_quantity(int64_t qty_milli, char *out, size_t size)
{
	int64_t size_milli = qty_milli < 0 ? -qty_milli : qty_milli;
	const char *sign = qty_milli < 0 ? "-" : "";
	int decimals = FIELD_DECIMALS;
	int64_t fraction = size_milli % 1000;

	if (fraction == 0) {
		snprintf(out, size, "%s%" PRId64, sign, size_milli / 1000);
		return;
	}
	while (fraction % 10 == 0) {
		fraction /= 10;
		decimals--;
	}
	snprintf(
		out, size, "%s%" PRId64 ".%0*" PRId64, sign, size_milli / 1000, decimals, fraction);
}

static int days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 ? 28 + is_leap : days[month - 1];
}

static bool make_date(int year, int month, int day, char out[FIELD_DATE_BYTES])
{
	if (year < 1912)
		year += FIELD_ROC_YEAR_OFFSET;
	if (year < 1912 || year > 9999 || month < 1 || month > 12)
		return false;
	if (day < 1 || day > days_of(year, month))
		return false;
	/* The casts tell the compiler that it fits. */
	snprintf(out, FIELD_DATE_BYTES, "%04u-%02u-%02u", (unsigned)year % 10000,
		(unsigned)month % 100, (unsigned)day % 100);
	return true;
}

bool field_parse_date(const char *text, char out[FIELD_DATE_BYTES])
{
	int parts[3] = {0, 0, 0};
	size_t digits[3] = {0, 0, 0};
	int part = 0;
	char separator = 0;

	for (text = skip_blanks(text); *text && *text != ' '; text++) {
		if (isdigit((unsigned char)*text)) {
			if (++digits[part] > 8)
				return false;
			parts[part] = parts[part] * 10 + (*text - '0');
			continue;
		}
		if (!strchr("-/.", *text) || (separator && *text != separator) || part == 2)
			return false;
		separator = *text;
		part++;
	}
	if (*skip_blanks(text))
		return false;
	/* 20260131, and 1150131 of the ROC calendar. */
	if (part == 0 && (digits[0] == 8 || digits[0] == 7))
		return make_date(parts[0] / 10000, parts[0] / 100 % 100, parts[0] % 100, out);
	/* Of 26/12/1 nobody knows which part is the year, or of which calendar. */
	if (part != 2 || digits[0] < 3 || digits[0] > 4 || !digits[1] || digits[1] > 2 ||
		!digits[2] || digits[2] > 2)
		return false;
	return make_date(parts[0], parts[1], parts[2], out);
}

char *field_fold(const char *text)
{
	utf8proc_uint8_t *mapped = NULL;
	if (utf8proc_map((const utf8proc_uint8_t *)text, 0, &mapped,
		    UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE) < 0)
		return NULL;
	char *folded = (char *)mapped;
	size_t begin = strspn(folded, " \t"), length = strlen(folded);
	while (length > begin && strchr(" \t", folded[length - 1]))
		length--;
	memmove(folded, folded + begin, length - begin);
	folded[length - begin] = '\0';
	return folded;
}
