/*
 * Key files: which keys run which action in which context.
 *
 *     # comment
 *     bind CONTEXT KEYS ACTION -- "help"
 *     bind list <down> down -- "Next row"
 *     bind global gd none                  # unbinds
 *
 * Keys written together are a sequence; a second line for an action is an alternative. The help
 * is optional; in a file of the user's own it replaces the built-in help of that action.
 * A file is loaded over what is there: binding a key again replaces it. Rejected with file and
 * line: an unknown context or action, a key bound twice in one file, a key that is the beginning of
 * another, a printable key in a context of text fields, and a file that leaves no key for an action
 * marked ACTION_ESSENTIAL.
 */
#ifndef COUNTERTOP_TUI_KEYMAP_H
#define COUNTERTOP_TUI_KEYMAP_H

#include "tui/action.h"
#include "tui/key.h"

#define KEYMAP_ERRORS_BYTES 4096

struct keymap;

/* The key files compiled in from keymaps/, by name ("default"). */
struct keymap_builtin {
	const char *name;
	const char *text;
};
extern const struct keymap_builtin keymap_builtins[];
extern const size_t keymap_builtins_count;

/* An empty keymap for the actions of `catalog`, which must outlive it. NULL when out of memory. */
struct keymap *keymap_new(const struct action_catalog *catalog);
void keymap_free(struct keymap *keymap);

/* Lines of contexts the catalogue does not have are skipped instead of rejected (test programs). */
void keymap_skip_unknown_contexts(struct keymap *keymap);

/*
 * Loads a text; `file` names it in errors. A bad line is skipped and named. Returns true if there
 * was no error; otherwise `errors` (KEYMAP_ERRORS_BYTES) holds one line "file:line: what" for each.
 */
bool keymap_load_text(struct keymap *keymap, const char *file, const char *text, char *errors);

/* Loads a built-in by name, otherwise a file by path. An unreadable file is an error too. */
bool keymap_load(struct keymap *keymap, const char *name_or_path, char *errors);

enum keymap_match {
	KEYMAP_NONE,   /* bound to nothing */
	KEYMAP_PREFIX, /* the beginning of a longer sequence */
	KEYMAP_FOUND
};

struct keymap_hit {
	const struct action *action;
	void *ctx;
};

/* What the keys pressed so far do in these scopes, innermost first. */
enum keymap_match keymap_look_up(const struct keymap *keymap, const struct key_sequence *pressed,
	const struct action_scope *scopes, size_t count, struct keymap_hit *hit);

/*
 * The keys of an action, at most `max` of them in file order; returns how many. Those that an inner
 * scope gives to something else are the caller's to leave out (keymap_look_up tells).
 */
size_t keymap_keys_of(const struct keymap *keymap, const struct action_table *table,
	const struct action *action, struct key_sequence *out, size_t max);

/* Help given by a user's file for this action, or NULL. */
const char *keymap_help_of(
	const struct keymap *keymap, const struct action_table *table, const struct action *action);

#endif
