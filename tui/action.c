#include "tui/action.h"

#include <string.h>

#define ACTION_NAME_MAX 63
#define ACTION_NEAR 3 /* more typing errors than this are another word */

const struct action *action_find(const struct action_catalog *catalog, const char *context,
	const char *name, const struct action_table **table)
{
	for (size_t i = 0; i < catalog->count; i++) {
		const struct action_table *here = catalog->tables[i];

		if (strcmp(here->context, context) != 0)
			continue;
		for (size_t row = 0; row < here->count; row++) {
			if (strcmp(here->rows[row].name, name) != 0)
				continue;
			if (table)
				*table = here;
			return &here->rows[row];
		}
	}
	return NULL;
}

static size_t action_least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein distance; names longer than ACTION_NAME_MAX are cut. */
static size_t action_distance(const char *a, const char *b)
{
	size_t row[ACTION_NAME_MAX + 1];
	size_t length = action_least(strlen(b), ACTION_NAME_MAX);

	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			size_t above = row[j + 1];
			size_t change = diagonal + (a[i] != b[j]);

			row[j + 1] = action_least(change, action_least(above, row[j]) + 1);
			diagonal = above;
		}
	}
	return row[length];
}

const char *action_nearest(
	const struct action_catalog *catalog, const char *context, const char *name)
{
	const char *nearest = NULL;
	size_t least = ACTION_NEAR + 1;

	for (size_t i = 0; i < catalog->count; i++) {
		const struct action_table *table = catalog->tables[i];

		if (strcmp(table->context, context) != 0)
			continue;
		for (size_t row = 0; row < table->count; row++) {
			size_t distance = action_distance(name, table->rows[row].name);

			if (distance >= least)
				continue;
			least = distance;
			nearest = table->rows[row].name;
		}
	}
	return nearest;
}

bool action_context_known(const struct action_catalog *catalog, const char *context)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (strcmp(catalog->tables[i]->context, context) == 0)
			return true;
	return false;
}

bool action_context_is_text(const struct action_catalog *catalog, const char *context)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (strcmp(catalog->tables[i]->context, context) == 0 &&
			catalog->tables[i]->is_text)
			return true;
	return false;
}

const char *action_why_not(const struct action *action, void *ctx)
{
	return action->why_not ? action->why_not(ctx, action->arg) : NULL;
}
