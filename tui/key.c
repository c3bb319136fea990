#include "tui/key.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tui/cols.h"

/* One row names a key in key files and on the screen. The first row of a key is the one written. */
static const struct {
	const char *name;
	const char *label;
	int32_t key;
} key_names[] = {
	{"up", "Up", KEY_CODE_UP},
	{"down", "Down", KEY_CODE_DOWN},
	{"left", "Left", KEY_CODE_LEFT},
	{"right", "Right", KEY_CODE_RIGHT},
	{"home", "Home", KEY_CODE_HOME},
	{"end", "End", KEY_CODE_END},
	{"pageup", "PgUp", KEY_CODE_PAGE_UP},
	{"pagedown", "PgDn", KEY_CODE_PAGE_DOWN},
	{"insert", "Ins", KEY_CODE_INSERT},
	{"delete", "Del", KEY_CODE_DELETE},
	{"backspace", "Bksp", KEY_CODE_BACKSPACE},
	{"tab", "Tab", KEY_CODE_TAB},
	{"backtab", "Shift-Tab", KEY_CODE_BACK_TAB},
	{"shift+tab", "Shift-Tab", KEY_CODE_BACK_TAB},
	{"enter", "Enter", KEY_CODE_ENTER},
	{"esc", "Esc", KEY_CODE_ESC},
	{"space", "Space", KEY_CODE_SPACE},
	{"lt", "<", '<'},
};
#define KEY_NAMES (sizeof(key_names) / sizeof(key_names[0]))

bool key_is_printable(int32_t key)
{
	return key >= KEY_CODE_SPACE && key != 0x7f && key <= 0x10ffff &&
		!(key >= 0x80 && key < 0xa0);
}

static int32_t key_of_function(const char *name)
{
	int number = 0;

	if (tolower((unsigned char)name[0]) != 'f')
		return KEY_CODE_NONE;
	for (name++; isdigit((unsigned char)*name) && number < 100; name++)
		number = number * 10 + (*name - '0');
	if (*name || number < 1 || number > 24)
		return KEY_CODE_NONE;
	return KEY_CODE_F1 + number - 1;
}

static int32_t key_of_name(const char *name)
{
	uint32_t code_point;
	size_t used;

	for (size_t i = 0; i < KEY_NAMES; i++)
		if (strcasecmp(name, key_names[i].name) == 0)
			return key_names[i].key;
	if (strncasecmp(name, "ctrl+", 5) == 0 && isalpha((unsigned char)name[5]) && !name[6])
		return toupper((unsigned char)name[5]) - 'A' + 1;
	if (strncasecmp(name, "alt+", 4) == 0 && name[4]) {
		used = cols_decode(name + 4, &code_point);
		if (!name[4 + used] && key_is_printable((int32_t)code_point))
			return (int32_t)code_point | KEY_ALT_BIT;
		return KEY_CODE_NONE;
	}
	return key_of_function(name);
}

/* Reads one key at `text`. Returns the bytes used, 0 if there is no key. */
static size_t key_parse(const char *text, int32_t *key)
{
	char name[KEY_NAME_BYTES];
	uint32_t code_point;
	size_t used;
	const char *end;

	if (*text != '<') {
		used = cols_decode(text, &code_point);
		*key = (int32_t)code_point;
		return key_is_printable(*key) ? used : 0;
	}
	end = strchr(text, '>');
	if (!end || (size_t)(end - text) > sizeof(name))
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)(end - text - 1), text + 1);
	*key = key_of_name(name);
	return *key == KEY_CODE_NONE ? 0 : (size_t)(end - text) + 1;
}

bool key_sequence_parse(const char *text, struct key_sequence *out)
{
	size_t used;

	out->count = 0;
	while (*text) {
		if (out->count == KEY_SEQUENCE_MAX)
			return false;
		used = key_parse(text, &out->keys[out->count]);
		if (used == 0)
			return false;
		out->count++;
		text += used;
	}
	return out->count > 0;
}

static bool key_print_named(int32_t key, char *out, bool is_label)
{
	for (size_t i = 0; i < KEY_NAMES; i++) {
		if (key_names[i].key != key)
			continue;
		if (is_label)
			snprintf(out, KEY_NAME_BYTES, "%s", key_names[i].label);
		else
			snprintf(out, KEY_NAME_BYTES, "<%s>", key_names[i].name);
		return true;
	}
	return false;
}

static void key_print(int32_t key, char *out, bool is_label)
{
	char bytes[5];

	if (key_print_named(key, out, is_label))
		return;
	if (key >= KEY_CODE_F1 && key <= KEY_CODE_F24) {
		snprintf(out, KEY_NAME_BYTES, is_label ? "F%d" : "<f%d>", key - KEY_CODE_F1 + 1);
	} else if (key > 0 && key < 0x1b) {
		snprintf(out, KEY_NAME_BYTES, is_label ? "Ctrl-%c" : "<ctrl+%c>",
			is_label ? key - 1 + 'A' : key - 1 + 'a');
	} else if ((key & KEY_ALT_BIT) && key_is_printable(key & ~KEY_ALT_BIT)) {
		cols_encode((uint32_t)(key & ~KEY_ALT_BIT), bytes);
		snprintf(out, KEY_NAME_BYTES, is_label ? "Alt-%s" : "<alt+%s>", bytes);
	} else if (key_is_printable(key)) {
		cols_encode((uint32_t)key, bytes);
		snprintf(out, KEY_NAME_BYTES, "%s", bytes);
	} else {
		snprintf(out, KEY_NAME_BYTES, is_label ? "?" : "<unknown>");
	}
}

void key_spell(int32_t key, char *out)
{
	key_print(key, out, false);
}

void key_label(int32_t key, char *out)
{
	key_print(key, out, true);
}

void key_sequence_label(const struct key_sequence *sequence, char *out)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sequence->count; i++) {
		char label[KEY_NAME_BYTES];

		key_label(sequence->keys[i], label);
		/* Named keys of a sequence are set apart; letters are written together. */
		if (i > 0 && strlen(label) > 1)
			used += (size_t)snprintf(out + used, KEY_SEQUENCE_BYTES - used, " ");
		used += (size_t)snprintf(out + used, KEY_SEQUENCE_BYTES - used, "%s", label);
	}
}
