#include "tui/cols.h"

#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#define COLS_REPLACEMENT 0xfffdu
#define COLS_MARKS_MAX 2

/*
 * What must not be drawn though wcwidth gives it columns, or could be taken for a harmless mark:
 * default-ignorable and format characters, fillers, and separators (Unicode 15, by hand). Sorted.
 */
static const struct {
	uint32_t first;
	uint32_t last;
} cols_dropped[] = {
	{0x00ad, 0x00ad},   /* soft hyphen */
	{0x034f, 0x034f},   /* combining grapheme joiner */
	{0x0600, 0x0605},   /* Arabic number signs */
	{0x061c, 0x061c},   /* Arabic letter mark */
	{0x115f, 0x1160},   /* Hangul fillers */
	{0x17b4, 0x17b5},   /* Khmer inherent vowels */
	{0x180b, 0x180f},   /* Mongolian selectors */
	{0x200b, 0x200f},   /* zero width, direction marks */
	{0x2028, 0x202e},   /* separators, bidi embeddings and overrides */
	{0x2060, 0x206f},   /* word joiner, bidi isolates, deprecated formats */
	{0x3164, 0x3164},   /* Hangul filler */
	{0xfe00, 0xfe0f},   /* variation selectors */
	{0xfeff, 0xfeff},   /* byte order mark */
	{0xffa0, 0xffa0},   /* half-width Hangul filler */
	{0xfff0, 0xfffb},   /* interlinear annotation */
	{0xfffe, 0xffff},   /* no characters */
	{0x1bca0, 0x1bca3}, /* shorthand formats */
	{0x1d173, 0x1d17a}, /* musical formats */
	{0xe0000, 0xe0fff}, /* tags, more variation selectors */
};

static bool cols_is_dropped(uint32_t code_point)
{
	size_t low = 0;
	size_t high = sizeof(cols_dropped) / sizeof(cols_dropped[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (code_point > cols_dropped[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sizeof(cols_dropped) / sizeof(cols_dropped[0]) &&
		code_point >= cols_dropped[low].first;
}

/* The length a first byte promises, its payload bits, and the least value of that length. */
static size_t cols_lead(unsigned char byte, uint32_t *bits, uint32_t *least)
{
	if (byte >= 0xc2 && byte <= 0xdf) {
		*bits = byte & 0x1fu;
		*least = 0x80;
		return 2;
	}
	if (byte >= 0xe0 && byte <= 0xef) {
		*bits = byte & 0x0fu;
		*least = 0x800;
		return 3;
	}
	if (byte >= 0xf0 && byte <= 0xf4) {
		*bits = byte & 0x07u;
		*least = 0x10000;
		return 4;
	}
	return 0;
}

size_t cols_decode(const char *utf8, uint32_t *code_point)
{
	const unsigned char *bytes = (const unsigned char *)utf8;
	uint32_t value;
	uint32_t least;
	size_t length;

	if (bytes[0] < 0x80) {
		*code_point = bytes[0];
		return bytes[0] ? 1 : 0;
	}
	*code_point = COLS_REPLACEMENT;
	length = cols_lead(bytes[0], &value, &least);
	if (length == 0)
		return 1;
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 1;
		value = value << 6 | (bytes[i] & 0x3fu);
	}
	if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 1;
	*code_point = value;
	return length;
}

size_t cols_encode(uint32_t code_point, char out[5])
{
	size_t length;

	if (code_point < 0x80) {
		out[0] = (char)code_point;
		out[1] = '\0';
		return 1;
	}
	if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff))
		code_point = COLS_REPLACEMENT;
	length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
	for (size_t i = length - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code_point & 0x3f));
		code_point >>= 6;
	}
	out[0] = (char)((0xf00 >> length & 0xff) | code_point);
	out[length] = '\0';
	return length;
}

int cols_char_width(uint32_t code_point)
{
	int width;

	if (code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0))
		return -1;
	if (code_point < 0x7f)
		return 1;
	if (cols_is_dropped(code_point))
		return -1;
	width = wcwidth((wchar_t)code_point);
	/* A letter without width that is no mark (Hangul vowels) would hang on any letter. */
	if (width == 0 && code_point >= 0x1160 && code_point <= 0x11ff)
		return -1;
	return width;
}

/* A character on its way out: what is drawn for it, its width, or -1 if it is left out. */
static int cols_shown(uint32_t *code_point, int marks)
{
	int width;

	if (*code_point == '\n' || *code_point == '\t' || *code_point == 0x2028 ||
		*code_point == 0x2029 || *code_point == 0x2800)
		*code_point = ' ';
	width = cols_char_width(*code_point);
	if (width > 0)
		return width;
	if (width == 0)
		return marks > 0 && marks <= COLS_MARKS_MAX ? 0 : -1;
	/* Unassigned: something was there, so show that; the rest has no business on a screen. */
	if (*code_point >= 0xa0 && !cols_is_dropped(*code_point) &&
		!(*code_point >= 0x1160 && *code_point <= 0x11ff)) {
		*code_point = COLS_REPLACEMENT;
		return 1;
	}
	return -1;
}

/* Copies at most `width_cols` columns. `rest` gets where it stopped. */
static int cols_copy(char *out, size_t size, int width_cols, const char *utf8, const char **rest)
{
	int cols = 0;
	int marks = 0; /* 1 after a letter, one more for each mark on it */
	size_t used = 0;

	while (*utf8) {
		uint32_t code_point;
		char bytes[5];
		size_t step = cols_decode(utf8, &code_point);
		int width = cols_shown(&code_point, marks);

		if (width >= 0) {
			size_t length = cols_encode(code_point, bytes);

			if (cols + width > width_cols || used + length >= size)
				break;
			memcpy(out + used, bytes, length);
			used += length;
			cols += width;
			marks = width > 0 ? 1 : marks + 1;
		}
		utf8 += step;
	}
	if (size > 0)
		out[used] = '\0';
	*rest = utf8;
	return cols;
}

int cols_clean(char *out, size_t size, const char *utf8)
{
	const char *rest;

	return cols_copy(out, size, 0x7fffffff, utf8, &rest);
}

int cols_width(const char *utf8)
{
	int cols = 0;

	while (*utf8) {
		uint32_t code_point;
		int width;

		utf8 += cols_decode(utf8, &code_point);
		width = cols_shown(&code_point, 1);
		cols += width > 0 ? width : 0;
	}
	return cols;
}

int cols_fit(char *out, size_t size, int width_cols, const char *utf8)
{
	static const char ellipsis[] = "\u2026";
	const char *rest;
	int cols;

	if (size == 0)
		return 0;
	out[0] = '\0';
	if (width_cols <= 0)
		return 0;
	cols = cols_copy(out, size, width_cols, utf8, &rest);
	if (cols_width(rest) == 0)
		return cols;
	if (size < sizeof(ellipsis))
		return cols;
	cols = cols_copy(out, size - sizeof(ellipsis) + 1, width_cols - 1, utf8, &rest);
	memcpy(out + strlen(out), ellipsis, sizeof(ellipsis));
	return cols + 1;
}

void cols_pad(char *out, size_t size, int width_cols, const char *utf8)
{
	int cols = cols_fit(out, size, width_cols, utf8);
	size_t used = strlen(out);

	while (cols < width_cols && used + 1 < size) {
		out[used++] = ' ';
		cols++;
	}
	if (size > 0)
		out[used] = '\0';
}

/* A line may break behind characters of scripts that are written without blanks. */
static bool cols_breaks_behind(uint32_t code_point)
{
	return (code_point >= 0x2e80 && code_point < 0xa4d0) ||
		(code_point >= 0xf900 && code_point < 0xfb00) ||
		(code_point >= 0xff00 && code_point < 0xff61) ||
		(code_point >= 0x20000 && code_point < 0x32000);
}

/* Closing marks stay on the line of what they close. */
static bool cols_sticks_to_line(const char *utf8)
{
	static const char closing[] = "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f\uff09"
				      "\u300d\u300f\u3011,.:;!?)";
	char bytes[5];
	uint32_t code_point;

	if (cols_decode(utf8, &code_point) == 0)
		return false;
	cols_encode(code_point, bytes);
	return strstr(closing, bytes) != NULL;
}

size_t cols_wrap(const char *utf8, int width_cols, size_t *line_bytes)
{
	size_t at = 0;
	size_t break_line = 0; /* bytes to draw if the line breaks at the last good place */
	size_t break_next = 0; /* where the next line begins then */
	int cols = 0;

	*line_bytes = 0;
	while (utf8[at]) {
		uint32_t code_point;
		size_t step = cols_decode(utf8 + at, &code_point);
		int width = cols_char_width(code_point);

		if (code_point == '\n') {
			*line_bytes = at;
			return at + 1;
		}
		if (code_point == ' ') {
			break_line = at;
			break_next = at + 1;
		}
		if (width > 0 && cols + width > width_cols) {
			if (break_next > 0 || at == 0) {
				*line_bytes = break_next > 0 ? break_line : step;
				return break_next > 0 ? break_next : step;
			}
			*line_bytes = at;
			return at;
		}
		cols += width > 0 ? width : 0;
		at += step;
		if (cols_breaks_behind(code_point) && !cols_sticks_to_line(utf8 + at))
			break_line = break_next = at;
	}
	*line_bytes = at;
	return at;
}

int cols_wrap_count(const char *utf8, int width_cols)
{
	size_t line_bytes;
	size_t step;
	int count = 0;

	while ((step = cols_wrap(utf8, width_cols, &line_bytes)) > 0) {
		utf8 += step;
		count++;
	}
	return count;
}

uint32_t cols_fold_width(uint32_t code_point)
{
	if ((code_point >= 0xff10 && code_point <= 0xff19) ||
		(code_point >= 0xff21 && code_point <= 0xff3a) ||
		(code_point >= 0xff41 && code_point <= 0xff5a))
		return code_point - 0xfee0;
	return code_point;
}
