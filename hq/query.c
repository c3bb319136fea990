#include "hq/query.h"

#include "hq/answer.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char letter)
{
	if (letter >= '0' && letter <= '9')
		return letter - '0';
	if (letter >= 'a' && letter <= 'f')
		return letter - 'a' + 10;
	return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

/* Well-formed UTF-8, overlong forms and surrogates excluded (RFC 3629). */
static bool utf8_valid(const unsigned char *text)
{
	while (*text) {
		int more = *text < 0x80 ? 0
			: *text < 0xc2  ? -1
			: *text < 0xe0  ? 1
			: *text < 0xf0  ? 2
			: *text < 0xf5  ? 3
					: -1;

		if (more < 0 || (*text == 0xe0 && text[1] < 0xa0) ||
			(*text == 0xed && text[1] > 0x9f) || (*text == 0xf0 && text[1] < 0x90) ||
			(*text == 0xf4 && text[1] > 0x8f))
			return false;
		for (text++; more > 0; more--, text++)
			if ((*text & 0xc0) != 0x80)
				return false;
	}
	return true;
}

bool query_decode(char *text, bool plus)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from == '%') {
			int high = hex_digit(from[1]), low = high < 0 ? -1 : hex_digit(from[2]);

			if (low < 0 || (high == 0 && low == 0))
				return false;
			*to++ = (char)(high << 4 | low);
			from += 2;
		} else {
			*to++ = *from == '+' && plus ? ' ' : *from;
		}
	}
	*to = '\0';
	return utf8_valid((const unsigned char *)text);
}

void query_encode(struct text *out, const char *text)
{
	for (; *text; text++) {
		unsigned char letter = (unsigned char)*text;

		if (letter < 0x80 && (isalnum(letter) || strchr("-._~", letter)))
			text_add_bytes(out, text, 1);
		else
			text_addf(out, "%%%02X", letter);
	}
}

static bool add_param(struct query *query, const char *raw, size_t length, char *error, size_t size)
{
	char *name = strndup(raw, length);
	char *equals = name ? strchr(name, '=') : NULL;

	if (!name)
		return false;
	if (equals)
		*equals = '\0';
	char *value = text_copy(equals ? equals + 1 : "");
	bool good = query_decode(name, true) && query_decode(value, true);

	if (!good)
		snprintf(error, size, "The parameter %.60s is not percent-encoded UTF-8.", name);
	for (int i = 0; good && i < query->count; i++) {
		good = strcmp(query->params[i].name, name) != 0;
		if (!good)
			snprintf(error, size, "The parameter %.60s stands there twice.", name);
	}
	if (good && query->count == QUERY_PARAMS_MAX) {
		good = false;
		snprintf(error, size, "There are more than %d parameters.", QUERY_PARAMS_MAX);
	}
	if (good) {
		query->params[query->count++] = (struct query_param){name, value};
	} else {
		free(name);
		free(value);
	}
	return good;
}

bool query_read(struct query *query, const char *raw, char *error, size_t size)
{
	while (raw && *raw) {
		size_t length = strcspn(raw, "&");

		if (length > 0 && !add_param(query, raw, length, error, size))
			return false;
		raw += length + (raw[length] == '&');
	}
	return true;
}

void query_free(struct query *query)
{
	for (int i = 0; i < query->count; i++) {
		free(query->params[i].name);
		free(query->params[i].value);
	}
	query->count = 0;
}

const char *query_value(const struct turn *turn, const char *name)
{
	for (int i = 0; i < turn->query.count; i++)
		if (strcmp(turn->query.params[i].name, name) == 0)
			return turn->query.params[i].value;
	return NULL;
}

bool query_int(
	struct turn *turn, const char *name, const struct query_range *range, int64_t *number)
{
	const char *value = query_value(turn, name);

	if (!value)
		return true;
	size_t digits = strspn(value, "0123456789");
	int64_t read = digits > 0 && digits < 16 && !value[digits] ? strtoll(value, NULL, 10) : -1;

	if (read < range->least || read > range->most) {
		answer_problem(turn->answer, PROBLEM_BAD_REQUEST,
			"The parameter %s must be a whole number from %" PRId64 " to %" PRId64 ".",
			name, range->least, range->most);
		return false;
	}
	*number = read;
	return true;
}
