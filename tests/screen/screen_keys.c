#include "tests/screen/screen_keys.h"

#include <stdio.h>
#include <string.h>

/* Terminals differ in a few keys; a NULL is the same as xterm. */
static const struct {
	const char *name;
	const char *xterm;
	const char *linux_console;
	const char *vt220;
} screen_keys[] = {
	{"enter", "\r", NULL, NULL},
	{"esc", "\033", NULL, NULL},
	{"tab", "\t", NULL, NULL},
	{"backtab", "\033[Z", NULL, NULL},
	{"space", " ", NULL, NULL},
	{"lt", "<", NULL, NULL},
	{"backspace", "\177", NULL, NULL},
	{"up", "\033OA", "\033[A", "\033[A"},
	{"down", "\033OB", "\033[B", "\033[B"},
	{"right", "\033OC", "\033[C", "\033[C"},
	{"left", "\033OD", "\033[D", "\033[D"},
	{"home", "\033OH", "\033[1~", "\033[1~"},
	{"end", "\033OF", "\033[4~", "\033[4~"},
	{"insert", "\033[2~", NULL, NULL},
	{"delete", "\033[3~", NULL, NULL},
	{"pageup", "\033[5~", NULL, NULL},
	{"pagedown", "\033[6~", NULL, NULL},
	{"f1", "\033OP", "\033[[A", NULL},
	{"f2", "\033OQ", "\033[[B", NULL},
	{"f3", "\033OR", "\033[[C", NULL},
	{"f4", "\033OS", "\033[[D", NULL},
	{"f5", "\033[15~", "\033[[E", NULL},
	{"f6", "\033[17~", NULL, NULL},
	{"f7", "\033[18~", NULL, NULL},
	{"f8", "\033[19~", NULL, NULL},
	{"f9", "\033[20~", NULL, NULL},
	{"f10", "\033[21~", NULL, NULL},
	{"f11", "\033[23~", NULL, NULL},
	{"f12", "\033[24~", NULL, NULL},
};

static const char *screen_named_bytes(const char *term, const char *name)
{
	for (size_t i = 0; i < sizeof(screen_keys) / sizeof(screen_keys[0]); i++) {
		const char *bytes = NULL;

		if (strcmp(screen_keys[i].name, name) != 0)
			continue;
		if (strcmp(term, "linux") == 0)
			bytes = screen_keys[i].linux_console;
		else if (strncmp(term, "vt", 2) == 0)
			bytes = screen_keys[i].vt220;
		return bytes ? bytes : screen_keys[i].xterm;
	}
	return NULL;
}

size_t screen_key_bytes(
	const char *term, const char *keys, char bytes[SCREEN_KEY_BYTES], bool *is_named)
{
	const char *close = strchr(keys, '>');
	char name[32];
	const char *found;

	*is_named = keys[0] == '<' && close && close - keys < (int)sizeof(name);
	if (!*is_named) {
		size_t length = 1;

		while (((unsigned char)keys[length] & 0xc0) == 0x80)
			length++;
		snprintf(bytes, SCREEN_KEY_BYTES, "%.*s", (int)length, keys);
		return length;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(close - keys - 1), keys + 1);
	found = screen_named_bytes(term, name);
	if (found)
		snprintf(bytes, SCREEN_KEY_BYTES, "%s", found);
	else if (strncmp(name, "ctrl+", 5) == 0 && name[5])
		snprintf(bytes, SCREEN_KEY_BYTES, "%c", name[5] & 0x1f);
	else if (strncmp(name, "alt+", 4) == 0 && name[4])
		snprintf(bytes, SCREEN_KEY_BYTES, "\033%c", name[4]);
	else
		return 0;
	return (size_t)(close - keys) + 1;
}
