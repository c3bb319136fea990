#include "model/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool text_reserve(struct text *text, size_t more)
{
	if (text->broken)
		return false;
	size_t need = text->length + more + 1;
	if (need <= text->size && need <= text->max + 1)
		return true;
	size_t size = text->size ? text->size * 2 : 128;
	while (size < need)
		size *= 2;
	char *bytes = need > text->max + 1 ? NULL : realloc(text->bytes, size);
	if (!bytes) {
		text->broken = true;
		return false;
	}
	text->bytes = bytes;
	text->size = size;
	return true;
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
	if (!text_reserve(text, length))
		return;
	if (length)
		memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	if (length >= 0 && text_reserve(text, (size_t)length)) {
		vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
		text->length += (size_t)length;
	}
	va_end(again);
	va_end(args);
}

void text_add_json(struct text *text, const char *string)
{
	if (!string) {
		text_add(text, "null");
		return;
	}
	text_add(text, "\"");
	for (const char *s = string; *s; s++) {
		size_t plain = strcspn(s,
			"\"\\\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12"
			"\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f");
		text_add_bytes(text, s, plain);
		s += plain;
		if (!*s)
			break;
		if (*s == '"' || *s == '\\')
			text_addf(text, "\\%c", *s);
		else
			text_addf(text, "\\u%04x", (unsigned char)*s);
	}
	text_add(text, "\"");
}

void text_add_qty(struct text *text, int64_t qty_milli)
{
	uint64_t size = qty_milli < 0 ? 0 - (uint64_t)qty_milli : (uint64_t)qty_milli;
	text_addf(text, "%s%llu", qty_milli < 0 ? "-" : "", (unsigned long long)(size / 1000));
	unsigned rest = (unsigned)(size % 1000);
	if (!rest)
		return;
	char digits[8];
	snprintf(digits, sizeof digits, "%03u", rest);
	for (int i = 2; i > 0 && digits[i] == '0'; i--)
		digits[i] = '\0';
	text_addf(text, ".%s", digits);
}

void text_clear(struct text *text)
{
	text->length = 0;
	text->broken = false;
	if (text->bytes)
		text->bytes[0] = '\0';
}

void text_free(struct text *text)
{
	free(text->bytes);
	*text = TEXT_INIT(text->max);
}

bool text_ok(const struct text *text)
{
	return !text->broken;
}

const char *text_get(const struct text *text)
{
	return text->bytes ? text->bytes : "";
}

char *text_take(struct text *text)
{
	char *bytes = text->broken ? NULL : text->bytes ? text->bytes : text_copy("");
	if (text->broken)
		free(text->bytes);
	*text = TEXT_INIT(text->max);
	return bytes;
}

char *text_copy(const char *string)
{
	char *copy = strdup(string);
	if (!copy) {
		fputs("countertop: out of memory\n", stderr);
		abort();
	}
	return copy;
}
