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

/* ---- dates ---- */

enum { YEAR, MONTH, DAY, PARTS };

/* What stands behind the year, the month and the day. */
static const char *const date_marks[][PARTS] = {
	{"-", "-", ""},
	{"/", "/", ""},
	{".", ".", ""},
	{"年", "月", "日"},
};

struct date_part {
	int value;
	int digits;
};

/* NULL if there is no digit, or too many of them. */
static const char *read_part(const char *text, struct date_part *part)
{
	*part = (struct date_part){0, 0};
	for (; isdigit((unsigned char)*text); text++) {
		if (++part->digits > 8)
			return NULL;
		part->value = part->value * 10 + (*text - '0');
	}
	return part->digits ? text : NULL;
}

/* Behind the word if the text begins with it; else the text. */
static const char *skip_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	return strncmp(text, word, length) == 0 ? text + length : text;
}

/* NULL if the marks are not those. */
static const char *read_marked(
	const char *text, const char *const marks[PARTS], struct date_part parts[PARTS])
{
	for (int i = 0; text && i < PARTS; i++) {
		const char *mark;

		text = read_part(skip_blanks(text), &parts[i]);
		if (!text)
			return NULL;
		mark = skip_blanks(text);
		text = skip_word(mark, marks[i]);
		if (text == mark && *marks[i])
			return NULL;
	}
	return text;
}

/* 00:00, 12:30:00.000, 上午 12:00:00 or 12:00 AM: what programs write behind a date. */
static bool is_time(const char *text)
{
	struct date_part part;
	int parts = 0;

	text = skip_word(skip_blanks(text), "T");
	text = skip_blanks(skip_word(skip_word(text, "上午"), "下午"));
	for (;; parts++) {
		text = read_part(text, &part);
		if (!text || part.digits > (parts > 2 ? 8 : 2))
			return false;
		if (*text != (parts == 2 ? '.' : ':') || parts == 3)
			break;
		text++;
	}
	text = skip_blanks(skip_word(text, "Z"));
	text = skip_blanks(skip_word(skip_word(text, "AM"), "PM"));
	return parts > 0 && !*text;
}

static bool ends_here(const char *text)
{
	return !*skip_blanks(text) || is_time(text);
}

/* Of 26/12/1 nobody knows which part is the year, or of which calendar; who wrote 民國 has said so. */
static bool can_be_date(const struct date_part parts[PARTS], bool is_roc)
{
	int least = is_roc ? 1 : 3, most = is_roc ? 3 : 4;

	return parts[YEAR].digits >= least && parts[YEAR].digits <= most &&
		parts[MONTH].digits <= 2 && parts[DAY].digits <= 2;
}

/* 20260131, and 1150131 of the ROC calendar. */
static bool parse_compact(const char *text, char out[FIELD_DATE_BYTES])
{
	struct date_part all;

	text = read_part(text, &all);
	return text && (all.digits == 8 || all.digits == 7) && ends_here(text) &&
		make_date(all.value / 10000, all.value / 100 % 100, all.value % 100, out);
}

bool field_parse_date(const char *text, char out[FIELD_DATE_BYTES])
{
	const char *begin = skip_blanks(text);
	const char *year = skip_word(skip_word(begin, "中華"), "民國");
	bool is_roc = year != begin;

	if (!is_roc && parse_compact(begin, out))
		return true;
	for (size_t i = 0; i < sizeof(date_marks) / sizeof(date_marks[0]); i++) {
		struct date_part parts[PARTS];
		const char *end = read_marked(year, date_marks[i], parts);

		if (end && ends_here(end) && can_be_date(parts, is_roc))
			return make_date(
				parts[YEAR].value, parts[MONTH].value, parts[DAY].value, out);
	}
	return false;
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
