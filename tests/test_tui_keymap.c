#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/app.h"
#include "tui/dialog.h"
#include "tui/edit.h"
#include "tui/form.h"
#include "tui/keymap.h"
#include "tui/list.h"
#include "tui/tabs.h"

static void run_nothing(void *ctx, int arg)
{
	(void)ctx;
	(void)arg;
}

static const struct action global_rows[] = {
	{"help", "Help", "Show help", ACTION_ESSENTIAL, 0, NULL, run_nothing, NULL},
	{"quit", "Quit", "Leave", ACTION_ESSENTIAL, 0, NULL, run_nothing, NULL},
	{"accept", "Accept", "Accept it", 0, 0, NULL, run_nothing, NULL},
};
static const struct action_table global_table = {
	.context = "global", .title = "Global", ACTION_TABLE_ROWS(global_rows)};
static const struct action pane_rows[] = {
	{"open", "Open", "Open it", 0, 0, NULL, run_nothing, NULL},
};
static const struct action_table pane_table = {
	.context = "pane", .title = "Pane", ACTION_TABLE_ROWS(pane_rows)};
static const struct action text_rows[] = {
	{"left", "", "Left", 0, 0, NULL, run_nothing, NULL},
};
static const struct action_table text_table = {
	.context = "text", .title = "Text", .is_text = true, ACTION_TABLE_ROWS(text_rows)};
static const struct action_table *const tables[] = {&global_table, &pane_table, &text_table};
static const struct action_catalog catalog = {tables, 3};

static const char base[] = "bind global ? help\nbind global <f1> help\nbind global <f10> quit\n";

static int setup(void **state)
{
	char errors[KEYMAP_ERRORS_BYTES];
	struct keymap *keymap = keymap_new(&catalog);

	if (!keymap || !keymap_load_text(keymap, "base", base, errors))
		return 1;
	*state = keymap;
	return 0;
}

static int teardown(void **state)
{
	keymap_free(*state);
	return 0;
}

static void expect_error(struct keymap *keymap, const char *text, const char *error)
{
	char errors[KEYMAP_ERRORS_BYTES];

	assert_false(keymap_load_text(keymap, "my.keys", text, errors));
	if (!strstr(errors, error))
		print_error("wanted “%s”, got “%s”\n", error, errors);
	assert_non_null(strstr(errors, error));
}

static void expect_good(struct keymap *keymap, const char *text)
{
	char errors[KEYMAP_ERRORS_BYTES];
	bool is_good = keymap_load_text(keymap, "my.keys", text, errors);

	if (!is_good)
		print_error("%s", errors);
	assert_true(is_good);
}

/* The name of the action a sequence runs; "…" if it is a beginning; "" if nothing. */
static const char *look_up(struct keymap *keymap, const char *keys)
{
	static int ctx;
	const struct action_scope scopes[] = {{&pane_table, &ctx}, {&global_table, NULL}};
	struct key_sequence pressed;
	struct keymap_hit hit;

	assert_true(key_sequence_parse(keys, &pressed));
	switch (keymap_look_up(keymap, &pressed, scopes, 2, &hit)) {
	case KEYMAP_FOUND:
		return hit.action->name;
	case KEYMAP_PREFIX:
		return "…";
	case KEYMAP_NONE:
		break;
	}
	return "";
}

static void test_bad_lines(void **state)
{
	/* Every bad line is named with file, line and the bad word, and the others still count. */
	static const struct {
		const char *text;
		const char *error;
	} cases[] = {
		{"bind global a acept\n",
			"my.keys:1: unknown action “acept” in “global”; did you mean “accept”?"},
		{"\n# comment\nbind global a frobnicate\n",
			"my.keys:3: unknown action “frobnicate” in “global”\n"},
		{"bind nowhere a accept\n", "my.keys:1: unknown context “nowhere”"},
		{"bind global <f99> accept\n", "my.keys:1: unknown key “<f99>”"},
		{"bind global <ctrl+ accept\n", "my.keys:1: unknown key “<ctrl+”"},
		{"bind global a accept\nbind global a help\n",
			"my.keys:2: “a” is bound already in line 1, to accept"},
		{"bind global g accept\nbind global gg accept\n",
			"my.keys:2: “gg” begins with “g”, which is bound to accept"},
		{"bind global gg accept\nbind global g accept\n",
			"my.keys:2: “g” is the beginning of “gg”, which is bound to accept"},
		{"bind text a left\n", "my.keys:1: “a” types a character"},
		{"bind text <space> left\n", "my.keys:1: “<space>” types a character"},
		{"bind global x none\n", "my.keys:1: “x” is bound to nothing in “global”"},
		{"bind global a\n", "my.keys:1: write: bind CONTEXT KEYS ACTION"},
		{"map global a accept\n", "my.keys:1: a line begins with “bind” or “#”"},
		{"bind global a accept -- help\n", "my.keys:1: after the action comes"},
		{"bind global <f10> none\n", "my.keys:1: this file leaves no key for “quit”"},
		{"bind global <f10> accept\n", "my.keys:1: this file leaves no key for “quit”"},
		{"bind pane <f10> open\n", "my.keys:1: this file leaves no key for “quit”"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		teardown(state);
		assert_int_equal(setup(state), 0);
		expect_error(*state, cases[i].text, cases[i].error);
	}
	expect_error(*state, "bind global q wrong\nbind global b accept\n", "my.keys:1:");
	assert_string_equal(look_up(*state, "b"), "accept");
}

static void test_locked_in(void **state)
{
	/* A file that leaves no way out is not used at all: the old keys still work. */
	expect_error(*state, "bind global a accept\nbind global <f10> none\n", "leaves no key");
	assert_string_equal(look_up(*state, "<f10>"), "quit");
	assert_string_equal(look_up(*state, "a"), "");
	expect_good(*state, "bind global <f10> none\nbind global <ctrl+q> quit\n");
	assert_string_equal(look_up(*state, "<ctrl+q>"), "quit");
	assert_string_equal(look_up(*state, "<f10>"), "");
}

static void test_layers(void **state)
{
	/* A file of the user's own replaces and takes away keys of the one below. */
	struct key_sequence keys[4];

	expect_good(*state, "bind global ? accept\nbind global <f1> help -- \"My help\"\n");
	assert_string_equal(look_up(*state, "?"), "accept");
	assert_string_equal(look_up(*state, "<f1>"), "help");
	assert_int_equal(keymap_keys_of(*state, &global_table, &global_rows[0], keys, 4), 1);
	assert_string_equal(keymap_help_of(*state, &global_table, &global_rows[0]), "My help");
	assert_null(keymap_help_of(*state, &global_table, &global_rows[1]));
	/* The inner scope comes first. */
	expect_good(*state, "bind pane ? open\n");
	assert_string_equal(look_up(*state, "?"), "open");
}

static void test_sequences(void **state)
{
	/* Letters written together are pressed one after another; alternatives stand on lines of their own. */
	expect_good(*state,
		"\xef\xbb\xbf"
		"bind global gd accept\r\nbind global <f2>x accept\n"
		"bind pane <lt> open -- \"say \"hi\"\"");
	assert_string_equal(look_up(*state, "g"), "…");
	assert_string_equal(look_up(*state, "gd"), "accept");
	assert_string_equal(look_up(*state, "gx"), "");
	assert_string_equal(look_up(*state, "<f2>x"), "accept");
	assert_string_equal(look_up(*state, "<lt>"), "open");
}

static void test_unreadable(void **state)
{
	/* A file that cannot be read is a clear error, whatever the reason. */
	char errors[KEYMAP_ERRORS_BYTES];

	assert_false(keymap_load(*state, "/nowhere/my.keys", errors));
	assert_non_null(strstr(errors, "/nowhere/my.keys: cannot read the key file: No such file"));
	assert_false(keymap_load(*state, "/tmp", errors));
	assert_non_null(strstr(errors, "cannot read the key file: Is a directory"));
	assert_false(keymap_load(*state, "/dev/zero", errors));
	assert_non_null(strstr(errors, "cannot read the key file"));
}

static void test_default(void **state)
{
	/* The shipped keys load, and the help in their file is the actions' own. */
	static const struct action_table *const kit_tables[] = {&app_actions, &list_actions,
		&tabs_actions, &edit_actions, &form_actions, &form_choice_actions,
		&form_pick_actions, &dialog_confirm_actions, &dialog_entry_actions,
		&dialog_menu_actions, &dialog_page_actions};
	static const struct action_catalog kit = {
		kit_tables, sizeof(kit_tables) / sizeof(kit_tables[0])};
	char errors[KEYMAP_ERRORS_BYTES];
	struct keymap *keymap = keymap_new(&kit);
	struct key_sequence keys[1];

	(void)state;
	keymap_skip_unknown_contexts(keymap);
	/* Once as the base, once as a user's file, whose help is shown. */
	assert_true(keymap_load(keymap, "default", errors));
	assert_true(keymap_load(keymap, "default", errors));
	for (size_t i = 0; i < kit.count; i++) {
		for (size_t row = 0; row < kit_tables[i]->count; row++) {
			const struct action *action = &kit_tables[i]->rows[row];
			const char *help = keymap_help_of(keymap, kit_tables[i], action);

			if (help)
				assert_string_equal(help, action->help);
			if (strcmp(action->name, "pane-8") != 0 &&
				strcmp(action->name, "pane-9") != 0)
				assert_int_equal(
					keymap_keys_of(keymap, kit_tables[i], action, keys, 1), 1);
		}
	}
	keymap_free(keymap);
}

static void test_any_bytes(void **state)
{
	/* No file, however broken, does harm. */
	static const char pieces[][16] = {"bind ", "global ", "<", ">", "a", "\"", "--", " ", "\n",
		"#", "none", "ctrl+", "\xff", "\x01", "accept", "text "};
	char errors[KEYMAP_ERRORS_BYTES];
	uint32_t seed = 7;

	for (int round = 0; round < 3000; round++) {
		char text[512] = "";

		for (int i = 0; i < 24; i++) {
			seed = seed * 1664525u + 1013904223u;
			strncat(text, pieces[seed >> 28], sizeof(text) - strlen(text) - 1);
		}
		keymap_load_text(*state, "any", text, errors);
		assert_true(strlen(errors) < sizeof(errors));
	}
}

static void test_names(void **state)
{
	/* Every key has a name that reads back as the same key. */
	static const char *const names[] = {"<up>", "<f1>", "<f24>", "<ctrl+a>", "<ctrl+z>",
		"<alt+x>", "<esc>", "<space>", "<lt>", "a", "Z", "茶", "<backtab>", "<enter>"};
	char name[KEY_NAME_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct key_sequence keys;

		assert_true(key_sequence_parse(names[i], &keys));
		assert_int_equal(keys.count, 1);
		key_spell(keys.keys[0], name);
		assert_string_equal(name, names[i]);
	}
	assert_false(key_sequence_parse("", &(struct key_sequence){{0}, 0}));
	assert_false(key_sequence_parse("abcde", &(struct key_sequence){{0}, 0}));
	assert_false(key_sequence_parse("<nonsense>", &(struct key_sequence){{0}, 0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bad_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_locked_in, setup, teardown),
		cmocka_unit_test_setup_teardown(test_layers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sequences, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unreadable, setup, teardown),
		cmocka_unit_test(test_default),
		cmocka_unit_test_setup_teardown(test_any_bytes, setup, teardown),
		cmocka_unit_test(test_names),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
