#include "model/json.h"

#include "model/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

/* cJSON is lenient, so a scanner of the grammar runs before it. It keeps no values: only where it
 * stands and what is wrong. */
struct scan {
	const char *at;
	const char *end;
	const char *start;
	const char *wrong;
	struct json_place *place; /* may be NULL */
};

static bool fail(struct scan *s, const char *what)
{
	if (!s->wrong)
		s->wrong = what;
	return false;
}

static void skip_space(struct scan *s)
{
	while (s->at < s->end &&
		(*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
		s->at++;
}

static bool next_is(struct scan *s, char c)
{
	if (s->at >= s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool hex4(struct scan *s, unsigned *value)
{
	*value = 0;
	for (int i = 0; i < 4; i++, s->at++) {
		if (s->at >= s->end)
			return false;
		const char *digit = strchr("0123456789abcdef", *s->at | 0x20);
		if (!digit || !*digit)
			return false;
		*value = *value * 16 + (unsigned)(digit - "0123456789abcdef");
	}
	return true;
}

static bool scan_escape(struct scan *s)
{
	if (s->at >= s->end)
		return fail(s, "text without an end");
	char c = *s->at++;
	if (c != 'u')
		return (c && strchr("\"\\/bfnrt", c)) || fail(s, "unknown escape");
	unsigned unit, low;
	if (!hex4(s, &unit) || unit == 0)
		return fail(s, "bad \\u escape");
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return fail(s, "lone surrogate");
	if (unit < 0xd800 || unit > 0xdbff)
		return true;
	if (!next_is(s, '\\') || !next_is(s, 'u') || !hex4(s, &low) || low < 0xdc00 || low > 0xdfff)
		return fail(s, "lone surrogate");
	return true;
}

static bool scan_string(struct scan *s)
{
	if (!next_is(s, '"'))
		return fail(s, "text expected");
	while (s->at < s->end) {
		unsigned char c = (unsigned char)*s->at;
		if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
			s->at++;
			continue;
		}
		if (c == '"') {
			s->at++;
			return true;
		}
		if (c < 0x20)
			return fail(s, "control character in text");
		if (c == '\\') {
			s->at++;
			if (!scan_escape(s))
				return false;
			continue;
		}
		utf8proc_int32_t point;
		utf8proc_ssize_t step = utf8proc_iterate(
			(const utf8proc_uint8_t *)s->at, s->end - s->at, &point);
		if (step <= 0)
			return fail(s, "invalid UTF-8");
		s->at += step;
	}
	return fail(s, "text without an end");
}

static int scan_digits(struct scan *s)
{
	const char *from = s->at;
	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return (int)(s->at - from);
}

static bool scan_number(struct scan *s)
{
	next_is(s, '-');
	if (next_is(s, '0')) {
		if (scan_digits(s))
			return fail(s, "number with a leading zero");
	} else if (!scan_digits(s)) {
		return fail(s, "value expected");
	}
	if (next_is(s, '.') && !scan_digits(s))
		return fail(s, "digits expected behind the point");
	if (next_is(s, 'e') || next_is(s, 'E')) {
		if (!next_is(s, '+'))
			next_is(s, '-');
		if (!scan_digits(s))
			return fail(s, "digits expected in the exponent");
	}
	return true;
}

static bool scan_value(struct scan *s, int depth);

static bool is_wanted(const struct scan *s, const char *name, int depth)
{
	const char *wanted = s->place ? s->place->name : NULL;
	size_t length = wanted ? strlen(wanted) : 0;
	/* s->at is behind the closing quote, name at the opening one. */
	return wanted && depth == JSON_DEPTH - 1 && (size_t)(s->at - name) == length + 2 &&
		memcmp(name + 1, wanted, length) == 0;
}

/* Name, colon and value. */
static bool scan_member(struct scan *s, int depth)
{
	const char *name = s->at;
	if (!scan_string(s))
		return false;
	bool wanted = is_wanted(s, name, depth);
	skip_space(s);
	if (!next_is(s, ':'))
		return fail(s, "':' expected");
	skip_space(s);
	const char *value = s->at;
	if (!scan_value(s, depth))
		return false;
	if (wanted) {
		s->place->bytes = value;
		s->place->length = (size_t)(s->at - value);
	}
	return true;
}

static bool scan_members(struct scan *s, char close, int depth)
{
	skip_space(s);
	if (next_is(s, close))
		return true;
	for (;;) {
		skip_space(s);
		if (!(close == '}' ? scan_member(s, depth) : scan_value(s, depth)))
			return false;
		skip_space(s);
		if (next_is(s, close))
			return true;
		if (!next_is(s, ','))
			return fail(s, "',' expected");
	}
}

static bool scan_word(struct scan *s, const char *word)
{
	size_t length = strlen(word);
	if ((size_t)(s->end - s->at) < length || memcmp(s->at, word, length) != 0)
		return fail(s, "value expected");
	s->at += length;
	return true;
}

static bool scan_value(struct scan *s, int depth)
{
	if (depth <= 0)
		return fail(s, "nested too deeply");
	skip_space(s);
	if (s->at >= s->end)
		return fail(s, "ends too early");
	switch (*s->at) {
	case '{':
		s->at++;
		return scan_members(s, '}', depth - 1);
	case '[':
		s->at++;
		return scan_members(s, ']', depth - 1);
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		return scan_number(s);
	}
}

/* Names are compared after unescaping, in what cJSON made of them. The quadratic search is bounded
 * by the number of names one object may have. */
static bool has_duplicate_names(const cJSON *value)
{
	const cJSON *child, *earlier;
	if (cJSON_IsObject(value) && cJSON_GetArraySize(value) > JSON_NAMES_MAX)
		return true;
	cJSON_ArrayForEach(child, value)
	{
		if (cJSON_IsObject(value)) {
			for (earlier = value->child; earlier != child; earlier = earlier->next) {
				if (earlier->string[0] == child->string[0] &&
					strcmp(earlier->string, child->string) == 0)
					return true;
			}
		}
		if (child->child && has_duplicate_names(child))
			return true;
	}
	return false;
}

static cJSON *parse(
	const char *bytes, size_t length, struct json_place *place, char *error, size_t size)
{
	struct scan s = {.at = bytes, .end = bytes + length, .start = bytes, .place = place};
	bool good = scan_value(&s, JSON_DEPTH);
	skip_space(&s);
	if (good && s.at < s.end)
		good = fail(&s, "text behind the value");
	if (!good) {
		snprintf(error, size, "not JSON at byte %zu: %s", (size_t)(s.at - s.start) + 1,
			s.wrong);
		return NULL;
	}
	cJSON *value = cJSON_ParseWithLength(bytes, length);
	if (!value) {
		snprintf(error, size, "not enough memory for the JSON");
		return NULL;
	}
	if (has_duplicate_names(value)) {
		snprintf(error, size,
			"not JSON here: a name stands twice in one object, or it has too many");
		cJSON_Delete(value);
		return NULL;
	}
	return value;
}

cJSON *json_parse(const char *bytes, size_t length, char *error, size_t size)
{
	return parse(bytes, length, NULL, error, size);
}

cJSON *json_parse_place(const char *bytes, size_t length, struct json_place *place)
{
	place->bytes = NULL;
	return parse(bytes, length, place, NULL, 0);
}

const char *json_text(const cJSON *object, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

const cJSON *json_list(const cJSON *object, const char *name)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsArray(value) ? value : NULL;
}

const cJSON *json_object(const cJSON *object, const char *name)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsObject(value) ? value : NULL;
}

bool json_bool(const cJSON *object, const char *name, bool otherwise)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsBool(value) ? cJSON_IsTrue(value) : otherwise;
}

int64_t json_number(const cJSON *value, int64_t otherwise)
{
	if (!cJSON_IsNumber(value) || value->valuedouble != floor(value->valuedouble) ||
		fabs(value->valuedouble) > 9007199254740992.0)
		return otherwise;
	return (int64_t)value->valuedouble;
}

int64_t json_int(const cJSON *object, const char *name, int64_t otherwise)
{
	return json_number(cJSON_GetObjectItemCaseSensitive(object, name), otherwise);
}

bool json_qty(const cJSON *value, int64_t *qty_milli)
{
	if (!cJSON_IsNumber(value) || !(fabs(value->valuedouble) < 1e9))
		return false;
	double scaled = value->valuedouble * 1000.0;
	double whole = round(scaled);
	/* 15 exact digits leave room for thousandths of anything below 10^9; a fourth decimal is
	 * at least 0.1 away from a whole number of thousandths. */
	if (fabs(scaled - whole) > 0.01)
		return false;
	*qty_milli = (int64_t)whole;
	return true;
}

bool json_qty_of(const cJSON *object, const char *name, int64_t *qty_milli)
{
	return json_qty(cJSON_GetObjectItemCaseSensitive(object, name), qty_milli);
}

void json_add_words(struct text *out, const char *json, const char *between)
{
	cJSON *list = json ? json_parse(json, strlen(json), NULL, 0) : NULL;
	const cJSON *item;
	bool begun = false;
	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsString(item))
			continue;
		text_addf(out, "%s%s", begun ? between : "", item->valuestring);
		begun = true;
	}
	cJSON_Delete(list);
}
