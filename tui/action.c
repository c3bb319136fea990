#include "tui/action.h"

#include <string.h>

#include "model/nearest.h"

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

const char *action_nearest(
	const struct action_catalog *catalog, const char *context, const char *name)
{
	struct nearest nearest = {.wanted = name};

	for (size_t i = 0; i < catalog->count; i++) {
		const struct action_table *table = catalog->tables[i];

		if (strcmp(table->context, context) != 0)
			continue;
		for (size_t row = 0; row < table->count; row++)
			nearest_offer(&nearest, table->rows[row].name);
	}
	return nearest.name;
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
