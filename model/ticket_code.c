/* From what a customer shows or a clerk types to the code of a ticket. */
#include "model/ticket.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#define TYPED_MAX 2048
#define CODE_LEAST 6

static bool is_blank(utf8proc_int32_t point)
{
	return point <= ' ' || point == 0x7f || point == 0xa0 || point == 0x3000 ||
		(point >= 0x2000 && point <= 0x200d) || point == 0xfeff;
}

/* Folds full-width forms and the many dashes, drops blanks and controls; a byte that is no UTF-8
 * becomes a mark no code can hold. False if the text is longer than any code or URL may be. */
static bool fold(const char *typed, char *out, size_t size)
{
	size_t used = 0;
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)typed;
	while (*at && used + 5 < size) {
		utf8proc_int32_t point;
		utf8proc_ssize_t step = utf8proc_iterate(at, -1, &point);
		if (step <= 0) {
			point = '\'';
			step = 1;
		}
		at += step;
		if (point >= 0xff01 && point <= 0xff5e)
			point -= 0xfee0;
		if ((point >= 0x2010 && point <= 0x2015) || point == 0x2212)
			point = '-';
		if (!is_blank(point))
			used += (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)out + used);
	}
	out[used] = '\0';
	return !*at;
}

/* Behind "]Q3" (AIM) and "\000026" (ECI: which character set follows). */
static char *skip_prefixes(char *code)
{
	if (code[0] == ']' && isalpha((unsigned char)code[1]) && isalnum((unsigned char)code[2]))
		code += 3;
	while (code[0] == '\\' && strspn(code + 1, "0123456789") >= 6)
		code += 7;
	return code;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes %41 in place, blanks dropped; the text only gets shorter. */
static void decode_percent(char *text)
{
	char *to = text;
	for (const char *at = text; *at; at++) {
		int high = *at == '%' ? hex_digit(at[1]) : -1;
		int low = high >= 0 ? hex_digit(at[2]) : -1;
		if (low < 0) {
			*to++ = *at;
			continue;
		}
		if (high * 16 + low > ' ')
			*to++ = (char)(high * 16 + low);
		at += 2;
	}
	*to = '\0';
}

/* The value of the parameter `code` in "a=b&code=c", ended in place; NULL if there is none. */
static char *code_parameter(char *parameters)
{
	for (char *at = parameters; *at;) {
		size_t length = strcspn(at, "&;");
		char *next = at + length + (at[length] != '\0');
		if (length > 5 && strncasecmp(at, "code=", 5) == 0) {
			at[length] = '\0';
			return at + 5;
		}
		at = next;
	}
	return NULL;
}

/* The code within a URL, ended in place; text that is no URL is the code itself. */
static char *within_url(char *text)
{
	char *scheme = strstr(text, "://");
	if (!scheme)
		return text;
	char *path = scheme + 3;
	path[strcspn(path, "#")] = '\0';
	char *parameters = strchr(path, '?');
	if (parameters) {
		*parameters++ = '\0';
		char *code = code_parameter(parameters);
		if (code)
			return code;
	}
	size_t length = strlen(path);
	while (length > 0 && path[length - 1] == '/')
		path[--length] = '\0';
	char *slash = strrchr(path, '/');
	/* A host alone names no ticket. */
	return slash ? slash + 1 : path + length;
}

bool ticket_code_normal(const char *typed, char *out, size_t size)
{
	char folded[TYPED_MAX];
	bool whole = fold(typed, folded, sizeof(folded));
	char *code = within_url(skip_prefixes(folded));
	decode_percent(code);
	size_t length = strlen(code), kept = 0;
	for (; kept < length && kept + 1 < size; kept++)
		out[kept] = (char)toupper((unsigned char)code[kept]);
	out[kept] = '\0';
	return whole && length == kept && length >= CODE_LEAST && length < TICKET_CODE_SIZE &&
		strspn(out, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == length;
}
