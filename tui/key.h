/*
 * Keys: one number for every key a person can press, and its name in key files.
 *
 * A key is a Unicode code point for what types a character (1 to 0x10FFFF; control keys are their
 * control character, so <ctrl+s> is 0x13), or one of enum key_code for keys that have none.
 * A key pressed together with Alt, or typed within the escape delay after Esc, carries KEY_ALT_BIT.
 */
#ifndef COUNTERTOP_TUI_KEY_H
#define COUNTERTOP_TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_ALT_BIT 0x400000

enum key_code {
	KEY_CODE_NONE = 0,
	KEY_CODE_TAB = 0x09,
	KEY_CODE_ENTER = 0x0d,
	KEY_CODE_ESC = 0x1b,
	KEY_CODE_SPACE = 0x20,
	KEY_CODE_FIRST = 0x200000,
	KEY_CODE_UP = KEY_CODE_FIRST,
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_PAGE_UP,
	KEY_CODE_PAGE_DOWN,
	KEY_CODE_INSERT,
	KEY_CODE_DELETE,
	KEY_CODE_BACKSPACE,
	KEY_CODE_BACK_TAB,
	KEY_CODE_F1 = 0x200100, /* F1 to F24 follow one another. */
	KEY_CODE_F24 = KEY_CODE_F1 + 23,
	KEY_CODE_UNKNOWN = 0x2fffff /* The terminal sent something that has no name here. */
};

#define KEY_NAME_BYTES 24
#define KEY_SEQUENCE_MAX 4
#define KEY_SEQUENCE_BYTES (KEY_NAME_BYTES * KEY_SEQUENCE_MAX)

/* Up to KEY_SEQUENCE_MAX keys that are pressed one after another. */
struct key_sequence {
	int32_t keys[KEY_SEQUENCE_MAX];
	size_t count;
};

/* Whether the key types a visible character or a space. */
bool key_is_printable(int32_t key);

/*
 * Reads "<ctrl+s>", "<f1>", "gd", "/" and so on. Returns false if a name is unknown, a '<' is not
 * closed, the text is empty, or there are more than KEY_SEQUENCE_MAX keys. "<lt>" is '<'.
 */
bool key_sequence_parse(const char *text, struct key_sequence *out);

/* The name as key files write it. `out` holds KEY_NAME_BYTES. */
void key_spell(int32_t key, char *out);

/* A short friendly name for the screen: "F1", "Ctrl-S", "Enter", "a". `out` holds KEY_NAME_BYTES. */
void key_label(int32_t key, char *out);

/* The labels of all keys of a sequence, written together. `out` holds KEY_SEQUENCE_BYTES. */
void key_sequence_label(const struct key_sequence *sequence, char *out);

#endif
