/* Codes and phones are personal data: what is shown of them where the whole is not needed. */
#include "model/ticket.h"

#include <stdio.h>
#include <string.h>

#define CODE_SHOWN 4
#define SHORT_CODE 10 /* of a shorter one fewer are shown, or little would be hidden */
#define SHORT_CODE_SHOWN 2
#define PHONE_SHOWN 3

static bool starts_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

static size_t count_characters(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += starts_character(*text);
	return count;
}

void ticket_code_mask(const char *code, char *out, size_t size)
{
	size_t length = count_characters(code);
	size_t shown = length < SHORT_CODE ? SHORT_CODE_SHOWN : CODE_SHOWN;
	const char *tail = code + strlen(code);
	if (length <= shown)
		shown = 0;
	while (shown > 0 && tail > code)
		shown -= starts_character(*--tail);
	snprintf(out, size, "****%s", tail);
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

void ticket_phone_mask(const char *phone, char *out, size_t size)
{
	size_t digits = 0, used = 0;
	for (const char *at = phone; *at; at++)
		digits += is_digit(*at);
	/* So short a number would be told by its end. */
	size_t hidden = digits > 2 * PHONE_SHOWN ? digits - PHONE_SHOWN : digits;
	for (const char *at = phone; *at && used + 1 < size; at++) {
		bool plain = strchr(" -+()", *at) != NULL;
		bool shown = plain || (is_digit(*at) && hidden == 0);
		hidden -= is_digit(*at) && hidden > 0;
		if (shown || starts_character(*at))
			out[used++] = shown ? *at : '*';
	}
	if (size > 0)
		out[used] = '\0';
}
