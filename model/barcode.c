#include "model/barcode.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool barcode_is_digits(const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!isdigit((unsigned char)text[i]))
			return false;
	return count > 0;
}

char barcode_check_digit(const char *digits, size_t count)
{
	unsigned sum = 0;

	if (!barcode_is_digits(digits, count))
		return 0;
	/* The digit beside the check digit weighs 3, the next 1, and so on. */
	for (size_t i = 0; i < count; i++)
		sum += (unsigned)(digits[count - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1);
	return (char)('0' + (10 - sum % 10) % 10);
}

static bool barcode_check_is_right(const char *digits)
{
	size_t length = strlen(digits);

	return length >= 2 && isdigit((unsigned char)digits[length - 1]) &&
		barcode_check_digit(digits, length - 1) == digits[length - 1];
}

bool barcode_gtin_is_valid(const char *digits)
{
	size_t length = strlen(digits);

	return (length == 8 || (length >= 12 && length <= 14)) && barcode_check_is_right(digits);
}

/* The six digits of a UPC-E stand for eleven of a UPC-A (GS1 5.2.2.4.2). */
static void barcode_upce_digits(char system, const char *six, char out[13])
{
	switch (six[5]) {
	case '0':
	case '1':
	case '2':
		snprintf(out, 13, "%c%.2s%c0000%.3s", system, six, six[5], six + 2);
		break;
	case '3':
		snprintf(out, 13, "%c%.3s00000%.2s", system, six, six + 3);
		break;
	case '4':
		snprintf(out, 13, "%c%.4s00000%c", system, six, six[4]);
		break;
	default:
		snprintf(out, 13, "%c%.5s0000%c", system, six, six[5]);
		break;
	}
}

bool barcode_upce_expand(const char *digits, char out[13])
{
	size_t length = strlen(digits);
	char system = '0';
	const char *six = digits;

	if (length < 6 || length > 8 || !barcode_is_digits(digits, length))
		return false;
	if (length > 6) {
		system = digits[0];
		six = digits + 1;
	}
	if (system != '0' && system != '1')
		return false;
	barcode_upce_digits(system, six, out);
	out[11] = barcode_check_digit(out, 11);
	out[12] = '\0';
	return length < 8 || digits[7] == out[11];
}

static int barcode_days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 ? 28 + is_leap : days[month - 1];
}

bool barcode_gs1_date(const char *yymmdd, int reference_year, char out[11])
{
	int year;
	int month;
	int day;

	if (strlen(yymmdd) < 6 || !barcode_is_digits(yymmdd, 6))
		return false;
	year = reference_year / 100 * 100 + (yymmdd[0] - '0') * 10 + (yymmdd[1] - '0');
	month = (yymmdd[2] - '0') * 10 + (yymmdd[3] - '0');
	day = (yymmdd[4] - '0') * 10 + (yymmdd[5] - '0');
	if (year - reference_year >= 51)
		year -= 100;
	else if (year - reference_year <= -50)
		year += 100;
	if (month < 1 || month > 12 || day > barcode_days_of(year, month))
		return false;
	if (day == 0)
		day = barcode_days_of(year, month);
	snprintf(out, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month, (unsigned)day);
	return true;
}

/* What the value of an application identifier may be. */
enum barcode_format {
	BARCODE_NUMBER,
	BARCODE_TEXT,
	BARCODE_CHECKED, /* a number with a check digit */
	BARCODE_DATE
};

/*
 * The application identifiers (GS1 General Specifications 3.2), as ranges. `ai_digits` is the
 * length of the identifier itself. An element whose two first digits have a predefined length
 * (figure 7.8.5-2) needs no FNC1 behind it; those are the rows with is_fixed.
 */
static const struct barcode_ai {
	int first;
	int last;
	int ai_digits;
	int least;
	int most;
	enum barcode_format format;
	bool is_fixed;
} barcode_ais[] = {
	{0, 0, 2, 18, 18, BARCODE_CHECKED, true},
	{1, 3, 2, 14, 14, BARCODE_CHECKED, true},
	{10, 10, 2, 1, 20, BARCODE_TEXT, false},
	{11, 13, 2, 6, 6, BARCODE_DATE, true},
	{15, 17, 2, 6, 6, BARCODE_DATE, true},
	{20, 20, 2, 2, 2, BARCODE_NUMBER, true},
	{21, 22, 2, 1, 20, BARCODE_TEXT, false},
	{30, 30, 2, 1, 8, BARCODE_NUMBER, false},
	{37, 37, 2, 1, 8, BARCODE_NUMBER, false},
	{90, 90, 2, 1, 30, BARCODE_TEXT, false},
	{91, 99, 2, 1, 90, BARCODE_TEXT, false},
	{235, 235, 3, 1, 28, BARCODE_TEXT, false},
	{240, 241, 3, 1, 30, BARCODE_TEXT, false},
	{242, 242, 3, 1, 6, BARCODE_NUMBER, false},
	{243, 243, 3, 1, 20, BARCODE_TEXT, false},
	{250, 251, 3, 1, 30, BARCODE_TEXT, false},
	{253, 253, 3, 13, 30, BARCODE_TEXT, false},
	{254, 254, 3, 1, 20, BARCODE_TEXT, false},
	{255, 255, 3, 13, 25, BARCODE_NUMBER, false},
	{400, 401, 3, 1, 30, BARCODE_TEXT, false},
	{402, 402, 3, 17, 17, BARCODE_CHECKED, false},
	{403, 403, 3, 1, 30, BARCODE_TEXT, false},
	{410, 417, 3, 13, 13, BARCODE_CHECKED, true},
	{420, 420, 3, 1, 20, BARCODE_TEXT, false},
	{421, 421, 3, 4, 12, BARCODE_TEXT, false},
	{422, 422, 3, 3, 3, BARCODE_NUMBER, false},
	{423, 423, 3, 3, 15, BARCODE_NUMBER, false},
	{424, 424, 3, 3, 3, BARCODE_NUMBER, false},
	{425, 425, 3, 3, 15, BARCODE_NUMBER, false},
	{426, 426, 3, 3, 3, BARCODE_NUMBER, false},
	{427, 427, 3, 1, 3, BARCODE_TEXT, false},
	{710, 719, 3, 1, 20, BARCODE_TEXT, false},
	{3100, 3169, 4, 6, 6, BARCODE_NUMBER, true},
	{3200, 3299, 4, 6, 6, BARCODE_NUMBER, true},
	{3300, 3379, 4, 6, 6, BARCODE_NUMBER, true},
	{3400, 3499, 4, 6, 6, BARCODE_NUMBER, true},
	{3500, 3579, 4, 6, 6, BARCODE_NUMBER, true},
	{3600, 3699, 4, 6, 6, BARCODE_NUMBER, true},
	{3900, 3909, 4, 1, 15, BARCODE_NUMBER, false},
	{3910, 3919, 4, 4, 18, BARCODE_NUMBER, false},
	{3920, 3929, 4, 1, 15, BARCODE_NUMBER, false},
	{3930, 3939, 4, 4, 18, BARCODE_NUMBER, false},
	{3940, 3943, 4, 4, 4, BARCODE_NUMBER, false},
	{3950, 3955, 4, 6, 6, BARCODE_NUMBER, false},
	{7001, 7001, 4, 13, 13, BARCODE_NUMBER, false},
	{7002, 7002, 4, 1, 30, BARCODE_TEXT, false},
	{7003, 7003, 4, 10, 10, BARCODE_DATE, false},
	{7004, 7004, 4, 1, 4, BARCODE_NUMBER, false},
	{7005, 7005, 4, 1, 12, BARCODE_TEXT, false},
	{7006, 7006, 4, 6, 6, BARCODE_DATE, false},
	{7007, 7007, 4, 6, 12, BARCODE_DATE, false},
	{7008, 7008, 4, 1, 3, BARCODE_TEXT, false},
	{7009, 7009, 4, 1, 10, BARCODE_TEXT, false},
	{7010, 7010, 4, 1, 2, BARCODE_TEXT, false},
	{7011, 7011, 4, 6, 10, BARCODE_DATE, false},
	{7020, 7022, 4, 1, 20, BARCODE_TEXT, false},
	{7023, 7023, 4, 1, 30, BARCODE_TEXT, false},
	{7030, 7040, 4, 1, 30, BARCODE_TEXT, false},
	{7230, 7240, 4, 1, 30, BARCODE_TEXT, false},
	{8001, 8001, 4, 14, 14, BARCODE_NUMBER, false},
	{8002, 8002, 4, 1, 20, BARCODE_TEXT, false},
	{8003, 8003, 4, 14, 30, BARCODE_TEXT, false},
	{8004, 8004, 4, 1, 30, BARCODE_TEXT, false},
	{8005, 8005, 4, 6, 6, BARCODE_NUMBER, false},
	{8006, 8006, 4, 18, 18, BARCODE_NUMBER, false},
	{8007, 8007, 4, 1, 34, BARCODE_TEXT, false},
	{8008, 8008, 4, 8, 12, BARCODE_DATE, false},
	{8009, 8009, 4, 1, 50, BARCODE_TEXT, false},
	{8010, 8010, 4, 1, 30, BARCODE_TEXT, false},
	{8011, 8011, 4, 1, 12, BARCODE_NUMBER, false},
	{8012, 8012, 4, 1, 20, BARCODE_TEXT, false},
	{8013, 8013, 4, 1, 25, BARCODE_TEXT, false},
	{8017, 8018, 4, 18, 18, BARCODE_CHECKED, false},
	{8019, 8019, 4, 1, 10, BARCODE_NUMBER, false},
	{8020, 8020, 4, 1, 25, BARCODE_TEXT, false},
	{8026, 8026, 4, 18, 18, BARCODE_NUMBER, false},
	{8110, 8112, 4, 1, 70, BARCODE_TEXT, false},
	{8200, 8200, 4, 1, 70, BARCODE_TEXT, false},
};

/* The row whose identifier `text` begins with; NULL if there is none. */
static const struct barcode_ai *barcode_ai_at(const char *text)
{
	for (size_t i = 0; i < sizeof(barcode_ais) / sizeof(barcode_ais[0]); i++) {
		const struct barcode_ai *ai = &barcode_ais[i];
		size_t digits = (size_t)ai->ai_digits;
		char head[5];
		int value;

		if (strnlen(text, digits) < digits || !barcode_is_digits(text, digits))
			continue;
		memcpy(head, text, digits);
		head[digits] = '\0';
		value = (int)strtol(head, NULL, 10);
		if (value >= ai->first && value <= ai->last)
			return ai;
	}
	return NULL;
}

/* GS1's character set 82. */
static bool barcode_is_set_82(const char *text)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("!\"%&'()*+,-./:;<=>?_", *text))
			return false;
	return true;
}

static bool barcode_value_is_good(const struct barcode_ai *ai, const char *value)
{
	int length = (int)strlen(value);
	char date[11];

	if (length < ai->least || length > ai->most)
		return false;
	if (ai->format == BARCODE_TEXT)
		return barcode_is_set_82(value);
	if (!barcode_is_digits(value, (size_t)length))
		return false;
	if (ai->format == BARCODE_CHECKED)
		return barcode_check_is_right(value);
	/* 7003 and its like carry a time behind the date. */
	return ai->format != BARCODE_DATE || barcode_gs1_date(value, BARCODE_REFERENCE_YEAR, date);
}

/* Takes `length` bytes behind the identifier as its value. */
static bool barcode_take(
	const struct barcode_ai *ai, const char *text, size_t length, struct barcode_element *out)
{
	size_t ai_digits = (size_t)ai->ai_digits;

	if (length >= sizeof(out->value))
		return false;
	memcpy(out->ai, text, ai_digits);
	out->ai[ai_digits] = '\0';
	memcpy(out->value, text + ai_digits, length);
	out->value[length] = '\0';
	return barcode_value_is_good(ai, out->value);
}

/* "(01)…(17)…", as it is printed below the bars. */
static int barcode_split_bracketed(const char *text, struct barcode_element *out, int max)
{
	int count = 0;

	while (*text) {
		char element[128];
		const char *close = strchr(text, ')');
		const struct barcode_ai *ai;
		size_t ai_length;
		size_t length;

		if (*text != '(' || !close || count == max)
			return -1;
		ai_length = (size_t)(close - text - 1);
		length = strcspn(close + 1, "(");
		if (ai_length + length >= sizeof(element))
			return -1;
		snprintf(element, sizeof(element), "%.*s%.*s", (int)ai_length, text + 1,
			(int)length, close + 1);
		ai = barcode_ai_at(element);
		if (!ai || (size_t)ai->ai_digits != ai_length)
			return -1;
		if (!barcode_take(ai, element, length, &out[count++]))
			return -1;
		text = close + 1 + length;
	}
	return count > 0 ? count : -1;
}

int barcode_gs1_split(const char *text, struct barcode_element *out, int max)
{
	int count = 0;

	if (*text == '(')
		return barcode_split_bracketed(text, out, max);
	while (*text) {
		const struct barcode_ai *ai;
		size_t room;
		size_t length;

		if (*text == BARCODE_GS) {
			text++;
			continue;
		}
		ai = barcode_ai_at(text);
		if (!ai || count == max)
			return -1;
		room = strcspn(text + ai->ai_digits, "\x1d");
		length = ai->is_fixed && room > (size_t)ai->most ? (size_t)ai->most : room;
		if (!barcode_take(ai, text, length, &out[count++]))
			return -1;
		text += (size_t)ai->ai_digits + length;
	}
	return count > 0 ? count : -1;
}

/* A value with `decimals` implied, in units of 10^-unit_decimals; -1 if it does not fit. */
static long long barcode_scaled(const char *value, int decimals, int unit_decimals)
{
	long long number = strtoll(value, NULL, 10);

	if (strlen(value) > 12)
		return -1;
	for (; decimals < unit_decimals; decimals++)
		number *= 10;
	for (; decimals > unit_decimals; decimals--)
		number /= 10;
	return number;
}

/* Where the values of the plain identifiers go. */
static void barcode_keep_text(struct barcode *out, const struct barcode_element *element)
{
	const struct {
		const char *ai;
		char *to;
		size_t size;
		bool is_date;
	} texts[] = {
		{"10", out->batch, sizeof(out->batch), false},
		{"21", out->serial, sizeof(out->serial), false},
		{"01", out->gtin, sizeof(out->gtin), false},
		{"11", out->produced_on, sizeof(out->produced_on), true},
		{"15", out->best_before, sizeof(out->best_before), true},
		{"17", out->expires_on, sizeof(out->expires_on), true},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(element->ai, texts[i].ai) != 0)
			continue;
		if (texts[i].is_date)
			barcode_gs1_date(element->value, BARCODE_REFERENCE_YEAR, texts[i].to);
		else
			snprintf(texts[i].to, texts[i].size, "%s", element->value);
	}
}

static void barcode_keep(struct barcode *out, const struct barcode_element *element)
{
	int decimals = element->ai[3] ? element->ai[3] - '0' : 0;

	barcode_keep_text(out, element);
	if (strcmp(element->ai, "30") == 0 || strcmp(element->ai, "37") == 0)
		out->count = strtoll(element->value, NULL, 10);
	else if (strncmp(element->ai, "310", 3) == 0 && element->ai[3])
		out->weight_milli = barcode_scaled(element->value, decimals, 3);
	else if (strncmp(element->ai, "392", 3) == 0 && element->ai[3])
		out->price_micro = barcode_scaled(element->value, decimals, 6);
	/* The trade items inside a logistic unit: the product, counted by AI 37. */
	else if (strcmp(element->ai, "02") == 0 && !out->gtin[0])
		snprintf(out->gtin, sizeof(out->gtin), "%.14s", element->value);
}

static bool barcode_read_elements(struct barcode *out, const char *text, bool is_certain)
{
	struct barcode_element elements[32];
	int count = barcode_gs1_split(text, elements, 32);

	if (count < 1)
		return false;
	/* Without an identifier or FNC1 only a GTIN with its check digit is proof enough. */
	if (!is_certain && strcmp(elements[0].ai, "01") != 0 && strcmp(elements[0].ai, "02") != 0)
		return false;
	for (int i = 0; i < count; i++)
		barcode_keep(out, &elements[i]);
	out->kind = BARCODE_GS1;
	return true;
}

/* GS1 Digital Link: https://…/01/<GTIN>… */
static bool barcode_read_link(struct barcode *out, const char *text)
{
	const char *at;
	size_t length;
	char digits[15];

	if (strncasecmp(text, "http://", 7) != 0 && strncasecmp(text, "https://", 8) != 0)
		return false;
	at = strstr(text, "/01/");
	length = at ? strspn(at + 4, "0123456789") : 0;
	if (length < 8 || length > 14)
		return false;
	snprintf(digits, sizeof(digits), "%.*s", (int)length, at + 4);
	if (!barcode_gtin_is_valid(digits))
		return false;
	snprintf(out->gtin, sizeof(out->gtin), "%014lld", strtoll(digits, NULL, 10));
	out->kind = BARCODE_GS1;
	return true;
}

static void barcode_set_gtin(struct barcode *out, const char *digits)
{
	out->kind = BARCODE_GTIN;
	snprintf(out->gtin, sizeof(out->gtin), "%014lld", strtoll(digits, NULL, 10));
	/* A GTIN-13 stands at the end of the 14 digits, behind one zero. */
	out->is_restricted = out->gtin[0] == '0' &&
		(out->gtin[1] == '2' || (out->gtin[1] == '0' && out->gtin[2] == '2'));
}

static bool barcode_read_gtin(struct barcode *out, const char *text)
{
	size_t length = strlen(text);
	char upca[13];

	if (length < 7 || length > 14 || !barcode_is_digits(text, length))
		return false;
	if (barcode_gtin_is_valid(text)) {
		barcode_set_gtin(out, text);
		return true;
	}
	if (length == 8 && barcode_upce_expand(text, upca)) {
		barcode_set_gtin(out, upca);
		return true;
	}
	/* A UPC-A or GTIN-8 whose leading zero was dropped: the check digit tells. */
	if ((length == 11 || length == 7) && barcode_check_is_right(text)) {
		barcode_set_gtin(out, text);
		return true;
	}
	return false;
}

/* KIND-STORE-20261121-1531-AB3CD (product.md, Stock documents). */
static bool barcode_is_document(const char *text)
{
	static const char shape[] = "-99999999-9999-";
	size_t kind = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	size_t length = strlen(text);

	if (kind < 1 || kind > 4 || text[kind] != '-')
		return false;
	for (size_t at = kind + 2; at + sizeof(shape) - 1 < length; at++) {
		size_t i = 0;

		while (shape[i] &&
			(shape[i] == '9' ? isdigit((unsigned char)text[at + i]) != 0
					 : text[at + i] == shape[i]))
			i++;
		if (!shape[i])
			return true;
	}
	return false;
}

/* An AIM symbology identifier: ']', a letter, a modifier. */
static size_t barcode_identifier_length(const char *text)
{
	if (text[0] == ']' && isalpha((unsigned char)text[1]) && isalnum((unsigned char)text[2]))
		return 3;
	return 0;
}

static bool barcode_identifier_is_gs1(const char *text)
{
	static const char *const carriers[] = {"]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"};

	for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++)
		if (strncmp(text, carriers[i], 3) == 0)
			return true;
	return false;
}

/* Copies without blanks and controls at both ends; GS inside stays. */
static void barcode_trim(const char *from, char *out, size_t size)
{
	size_t length;

	while (*from && ((unsigned char)*from <= ' ' || *from == 0x7f))
		from++;
	length = strlen(from);
	while (length > 0 && ((unsigned char)from[length - 1] <= ' ' || from[length - 1] == 0x7f))
		length--;
	if (length >= size)
		length = size - 1;
	memcpy(out, from, length);
	out[length] = '\0';
}

void barcode_read(const char *scanned, struct barcode *out)
{
	static const char eci[] = "\\000026";
	char text[BARCODE_CODE_BYTES];
	const char *data;
	bool is_gs1;

	memset(out, 0, sizeof(*out));
	out->count = out->weight_milli = out->price_micro = -1;
	barcode_trim(scanned, text, sizeof(text));
	data = text + barcode_identifier_length(text);
	is_gs1 = barcode_identifier_is_gs1(text);
	if (strncmp(data, eci, sizeof(eci) - 1) == 0)
		data += sizeof(eci) - 1;
	barcode_trim(data, out->text, sizeof(out->text));
	if (!out->text[0]) {
		out->kind = BARCODE_NONE;
		return;
	}
	is_gs1 = is_gs1 || strchr(out->text, BARCODE_GS) || out->text[0] == '(';
	if (!is_gs1 && barcode_read_gtin(out, out->text))
		return;
	if (barcode_read_elements(out, out->text, is_gs1) || barcode_read_link(out, out->text))
		return;
	out->kind = barcode_is_document(out->text) ? BARCODE_DOCUMENT : BARCODE_OTHER;
}

enum barcode_kind barcode_key(const char *scanned, char out[BARCODE_KEY_BYTES])
{
	struct barcode code;

	barcode_read(scanned, &code);
	snprintf(out, BARCODE_KEY_BYTES, "%.*s", BARCODE_KEY_BYTES - 1,
		code.gtin[0] ? code.gtin : code.text);
	return code.kind;
}
