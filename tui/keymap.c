#include "tui/keymap.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"

#define KEYMAP_BINDINGS_MAX 1024
#define KEYMAP_HELP_BYTES 160
#define KEYMAP_LINE_BYTES 512
#define KEYMAP_FILE_BYTES_MAX 262144

struct keymap_binding {
	const struct action_table *table;
	const struct action *action;
	struct key_sequence keys;
	char help[KEYMAP_HELP_BYTES];
	int file; /* which of the loaded files it came from, counted from 1 */
	int line;
};

struct keymap {
	const struct action_catalog *catalog;
	bool skips_unknown_contexts;
	int files;
	size_t count;
	struct keymap_binding bindings[KEYMAP_BINDINGS_MAX];
};

/* A load under way: where it is, and what it found wrong. */
struct keymap_load {
	struct keymap *keymap;
	const char *file;
	int line;
	char *errors;
	size_t errors_used;
	bool has_error;
};

/* The words of one line. */
struct keymap_line {
	char context[64];
	char keys[64];
	char action[64];
	char help[KEYMAP_HELP_BYTES];
};

struct keymap *keymap_new(const struct action_catalog *catalog)
{
	struct keymap *keymap = calloc(1, sizeof(*keymap));

	if (keymap)
		keymap->catalog = catalog;
	return keymap;
}

void keymap_free(struct keymap *keymap)
{
	free(keymap);
}

void keymap_skip_unknown_contexts(struct keymap *keymap)
{
	keymap->skips_unknown_contexts = true;
}

static void keymap_error(struct keymap_load *load, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void keymap_error(struct keymap_load *load, const char *format, ...)
{
	char what[512];
	size_t room = KEYMAP_ERRORS_BYTES - load->errors_used;
	va_list args;
	int length;

	load->has_error = true;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (load->line > 0)
		length = snprintf(load->errors + load->errors_used, room, "%s:%d: %s\n", load->file,
			load->line, what);
	else
		length = snprintf(
			load->errors + load->errors_used, room, "%s: %s\n", load->file, what);
	if (length > 0 && (size_t)length < room)
		load->errors_used += (size_t)length;
	else
		load->errors[load->errors_used] = '\0'; /* The first errors are the useful ones. */
}

/* Copies the next word. False if there is none or it is longer than `size` allows. */
static bool keymap_word(const char **text, char *out, size_t size)
{
	size_t length;

	*text += strspn(*text, " \t");
	length = strcspn(*text, " \t");
	if (length == 0 || length >= size)
		return false;
	memcpy(out, *text, length);
	out[length] = '\0';
	*text += length;
	return true;
}

/* Reads `-- "help"`, which may be absent. */
static bool keymap_parse_help(const char *text, char *out)
{
	const char *end;

	out[0] = '\0';
	text += strspn(text, " \t");
	if (!*text)
		return true;
	if (strncmp(text, "--", 2) != 0)
		return false;
	text += 2;
	text += strspn(text, " \t");
	end = strrchr(text, '"');
	if (*text != '"' || end == text || end[1 + strspn(end + 1, " \t")])
		return false;
	if ((size_t)(end - text) > KEYMAP_HELP_BYTES)
		return false;
	snprintf(out, KEYMAP_HELP_BYTES, "%.*s", (int)(end - text - 1), text + 1);
	return true;
}

/* Parses, and does nothing. */
static bool keymap_parse_line(struct keymap_load *load, const char *text, struct keymap_line *out)
{
	char verb[16];

	if (!keymap_word(&text, verb, sizeof(verb)) || strcmp(verb, "bind") != 0) {
		keymap_error(load, _("a line begins with “bind” or “#”"));
		return false;
	}
	if (!keymap_word(&text, out->context, sizeof(out->context)) ||
		!keymap_word(&text, out->keys, sizeof(out->keys)) ||
		!keymap_word(&text, out->action, sizeof(out->action))) {
		keymap_error(load, _("write: bind CONTEXT KEYS ACTION -- \"help\""));
		return false;
	}
	if (!keymap_parse_help(text, out->help)) {
		keymap_error(load, _("after the action comes -- \"help\" or nothing: %s"), text);
		return false;
	}
	return true;
}

/* How two sequences stand to each other. */
enum keymap_relation { KEYMAP_APART, KEYMAP_SAME, KEYMAP_A_BEGINS_B, KEYMAP_B_BEGINS_A };

static enum keymap_relation keymap_compare(
	const struct key_sequence *a, const struct key_sequence *b)
{
	size_t shorter = a->count < b->count ? a->count : b->count;

	for (size_t i = 0; i < shorter; i++)
		if (a->keys[i] != b->keys[i])
			return KEYMAP_APART;
	if (a->count == b->count)
		return KEYMAP_SAME;
	return a->count < b->count ? KEYMAP_A_BEGINS_B : KEYMAP_B_BEGINS_A;
}

static struct keymap_binding *keymap_find(
	struct keymap *keymap, const char *context, const struct key_sequence *keys)
{
	for (size_t i = 0; i < keymap->count; i++) {
		struct keymap_binding *binding = &keymap->bindings[i];

		if (strcmp(binding->table->context, context) == 0 &&
			keymap_compare(&binding->keys, keys) == KEYMAP_SAME)
			return binding;
	}
	return NULL;
}

static void keymap_remove(struct keymap *keymap, struct keymap_binding *binding)
{
	size_t index = (size_t)(binding - keymap->bindings);

	memmove(binding, binding + 1, (keymap->count - index - 1) * sizeof(*binding));
	keymap->count--;
}

static bool keymap_keys_are_good(
	struct keymap_load *load, const struct keymap_line *line, struct key_sequence *keys)
{
	if (!key_sequence_parse(line->keys, keys)) {
		keymap_error(load, _("unknown key “%s”"), line->keys);
		return false;
	}
	if (!action_context_is_text(load->keymap->catalog, line->context))
		return true;
	for (size_t i = 0; i < keys->count; i++) {
		if (!key_is_printable(keys->keys[i]))
			continue;
		keymap_error(load, _("“%s” types a character, so it cannot be bound in “%s”"),
			line->keys, line->context);
		return false;
	}
	return true;
}

/* No key may be the beginning of another: one would have to wait for the other. */
static bool keymap_has_no_prefix(
	struct keymap_load *load, const struct keymap_line *line, const struct key_sequence *keys)
{
	for (size_t i = 0; i < load->keymap->count; i++) {
		const struct keymap_binding *binding = &load->keymap->bindings[i];
		enum keymap_relation relation;
		char other[KEY_SEQUENCE_BYTES];

		if (strcmp(binding->table->context, line->context) != 0)
			continue;
		relation = keymap_compare(keys, &binding->keys);
		if (relation != KEYMAP_A_BEGINS_B && relation != KEYMAP_B_BEGINS_A)
			continue;
		key_sequence_label(&binding->keys, other);
		keymap_error(load,
			relation == KEYMAP_A_BEGINS_B
				? _("“%s” is the beginning of “%s”, which is bound to %s")
				: _("“%s” begins with “%s”, which is bound to %s"),
			line->keys, other, binding->action->name);
		return false;
	}
	return true;
}

static const struct action *keymap_action_of(
	struct keymap_load *load, const struct keymap_line *line, const struct action_table **table)
{
	const struct action_catalog *catalog = load->keymap->catalog;
	const struct action *action = action_find(catalog, line->context, line->action, table);
	const char *nearest;

	if (action)
		return action;
	nearest = action_nearest(catalog, line->context, line->action);
	if (nearest)
		keymap_error(load, _("unknown action “%s” in “%s”; did you mean “%s”?"),
			line->action, line->context, nearest);
	else
		keymap_error(load, _("unknown action “%s” in “%s”"), line->action, line->context);
	return NULL;
}

static void keymap_unbind(
	struct keymap_load *load, const struct keymap_line *line, const struct key_sequence *keys)
{
	struct keymap_binding *binding = keymap_find(load->keymap, line->context, keys);

	if (binding)
		keymap_remove(load->keymap, binding);
	else
		keymap_error(
			load, _("“%s” is bound to nothing in “%s”"), line->keys, line->context);
}

/* Makes room for a binding; a former one of another file gives way. NULL after an error. */
static struct keymap_binding *keymap_slot(
	struct keymap_load *load, const struct keymap_line *line, const struct key_sequence *keys)
{
	struct keymap *keymap = load->keymap;
	struct keymap_binding *there = keymap_find(keymap, line->context, keys);

	if (there && there->file == keymap->files) {
		keymap_error(load, _("“%s” is bound already in line %d, to %s"), line->keys,
			there->line, there->action->name);
		return NULL;
	}
	if (there)
		keymap_remove(keymap, there);
	if (!keymap_has_no_prefix(load, line, keys))
		return NULL;
	if (keymap->count == KEYMAP_BINDINGS_MAX) {
		keymap_error(load, _("more than %d bindings"), KEYMAP_BINDINGS_MAX);
		return NULL;
	}
	return &keymap->bindings[keymap->count++];
}

static void keymap_bind(struct keymap_load *load, const struct keymap_line *line)
{
	const struct action_catalog *catalog = load->keymap->catalog;
	const struct action_table *table = NULL;
	const struct action *action;
	struct keymap_binding *binding;
	struct key_sequence keys;

	if (!action_context_known(catalog, line->context)) {
		if (!load->keymap->skips_unknown_contexts)
			keymap_error(load, _("unknown context “%s”"), line->context);
		return;
	}
	if (!keymap_keys_are_good(load, line, &keys))
		return;
	if (strcmp(line->action, "none") == 0) {
		keymap_unbind(load, line, &keys);
		return;
	}
	action = keymap_action_of(load, line, &table);
	binding = action ? keymap_slot(load, line, &keys) : NULL;
	if (!binding)
		return;
	binding->table = table;
	binding->action = action;
	binding->keys = keys;
	binding->file = load->keymap->files;
	binding->line = load->line;
	snprintf(binding->help, sizeof(binding->help), "%s", line->help);
}

/* Whether another context has this key, or a sequence that begins with it, for something else: a row
 * of the same name does the same there. */
static bool keymap_is_shadowed(const struct keymap *keymap, const struct keymap_binding *binding)
{
	for (size_t i = 0; i < keymap->count; i++) {
		const struct keymap_binding *other = &keymap->bindings[i];
		enum keymap_relation relation = keymap_compare(&binding->keys, &other->keys);

		if (strcmp(other->table->context, binding->table->context) == 0)
			continue;
		if (other->action && strcmp(other->action->name, binding->action->name) == 0)
			continue;
		if (relation == KEYMAP_SAME || relation == KEYMAP_A_BEGINS_B)
			return true;
	}
	return false;
}

static bool keymap_has_key(const struct keymap *keymap, const struct action *action)
{
	for (size_t i = 0; i < keymap->count; i++)
		if (keymap->bindings[i].action == action &&
			!keymap_is_shadowed(keymap, &keymap->bindings[i]))
			return true;
	return false;
}

/* Nobody may be locked in: help and quit keep a key that works in every context. */
static bool keymap_keeps_essentials(struct keymap_load *load)
{
	const struct action_catalog *catalog = load->keymap->catalog;
	bool keeps = true;

	for (size_t i = 0; i < catalog->count; i++) {
		const struct action_table *table = catalog->tables[i];

		for (size_t row = 0; row < table->count; row++) {
			if (!(table->rows[row].flags & ACTION_ESSENTIAL) ||
				keymap_has_key(load->keymap, &table->rows[row]))
				continue;
			keymap_error(
				load, _("this file leaves no key for “%s”"), table->rows[row].name);
			keeps = false;
		}
	}
	return keeps;
}

static void keymap_load_line(struct keymap_load *load, const char *text, size_t length)
{
	char copy[KEYMAP_LINE_BYTES];
	struct keymap_line line;

	while (length > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		length--;
	}
	while (length > 0 && strchr(" \t\r", text[length - 1]))
		length--;
	if (length == 0 || *text == '#')
		return;
	if (length >= sizeof(copy)) {
		keymap_error(load, _("the line is longer than %d bytes"), KEYMAP_LINE_BYTES - 1);
		return;
	}
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (keymap_parse_line(load, copy, &line))
		keymap_bind(load, &line);
}

bool keymap_load_text(struct keymap *keymap, const char *file, const char *text, char *errors)
{
	struct keymap_load load = {.keymap = keymap, .file = file, .errors = errors};
	struct keymap *before = malloc(sizeof(*before));

	errors[0] = '\0';
	if (!before) {
		keymap_error(&load, "%s", strerror(ENOMEM));
		return false;
	}
	*before = *keymap;
	keymap->files++;
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (*text) {
		size_t length = strcspn(text, "\n");

		load.line++;
		keymap_load_line(&load, text, length);
		text += length + (text[length] == '\n');
	}
	/* A file that locks the user in is not used at all. */
	if (!keymap_keeps_essentials(&load))
		*keymap = *before;
	free(before);
	return !load.has_error;
}

/* The whole file as a string for the caller to free; NULL with errno set. */
static char *keymap_read_file(const char *path)
{
	char *text = malloc(KEYMAP_FILE_BYTES_MAX + 1);
	FILE *file = text ? fopen(path, "re") : NULL;
	size_t length = 0;
	int error = 0;

	if (!file) {
		free(text);
		return NULL;
	}
	length = fread(text, 1, KEYMAP_FILE_BYTES_MAX, file);
	if (ferror(file))
		error = errno;
	else if (!feof(file) && fgetc(file) != EOF)
		error = EFBIG;
	else if (memchr(text, '\0', length))
		error = EILSEQ;
	fclose(file);
	text[length] = '\0';
	if (!error)
		return text;
	free(text);
	errno = error;
	return NULL;
}

bool keymap_load(struct keymap *keymap, const char *name_or_path, char *errors)
{
	char *text;
	bool is_good;

	for (size_t i = 0; i < keymap_builtins_count; i++)
		if (strcmp(keymap_builtins[i].name, name_or_path) == 0)
			return keymap_load_text(
				keymap, name_or_path, keymap_builtins[i].text, errors);
	text = keymap_read_file(name_or_path);
	if (!text) {
		snprintf(errors, KEYMAP_ERRORS_BYTES, _("%s: cannot read the key file: %s\n"),
			name_or_path, strerror(errno));
		return false;
	}
	is_good = keymap_load_text(keymap, name_or_path, text, errors);
	free(text);
	return is_good;
}

static enum keymap_match keymap_look_in(const struct keymap *keymap,
	const struct key_sequence *pressed, const struct action_table *table,
	const struct action **action)
{
	for (size_t i = 0; i < keymap->count; i++) {
		const struct keymap_binding *binding = &keymap->bindings[i];
		enum keymap_relation relation;

		if (binding->table != table)
			continue;
		relation = keymap_compare(pressed, &binding->keys);
		if (relation == KEYMAP_SAME) {
			*action = binding->action;
			return KEYMAP_FOUND;
		}
		if (relation == KEYMAP_A_BEGINS_B)
			return KEYMAP_PREFIX;
	}
	return KEYMAP_NONE;
}

enum keymap_match keymap_look_up(const struct keymap *keymap, const struct key_sequence *pressed,
	const struct action_scope *scopes, size_t count, struct keymap_hit *hit)
{
	for (size_t i = 0; i < count; i++) {
		enum keymap_match match = keymap_look_in(
			keymap, pressed, scopes[i].table, &hit->action);

		hit->ctx = scopes[i].ctx;
		if (match != KEYMAP_NONE)
			return match;
	}
	return KEYMAP_NONE;
}

size_t keymap_keys_of(const struct keymap *keymap, const struct action_table *table,
	const struct action *action, struct key_sequence *out, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < keymap->count && count < max; i++)
		if (keymap->bindings[i].table == table && keymap->bindings[i].action == action)
			out[count++] = keymap->bindings[i].keys;
	return count;
}

const char *keymap_help_of(
	const struct keymap *keymap, const struct action_table *table, const struct action *action)
{
	for (size_t i = 0; i < keymap->count; i++) {
		const struct keymap_binding *binding = &keymap->bindings[i];

		/* The help in the built-in file is the actions' own, and theirs is translated. */
		if (binding->table == table && binding->action == action && binding->file > 1 &&
			binding->help[0])
			return binding->help;
	}
	return NULL;
}
