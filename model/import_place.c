#include "model/import_place.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct place {
	char *name; /* owned */
	int number;
};

static int by_name(const void *one, const void *other)
{
	return strcmp(((const struct place *)one)->name, ((const struct place *)other)->name);
}

int import_place_find(void *const *root, const struct text *name)
{
	struct place wanted = {.name = name->bytes};
	struct place **found = name->bytes ? tfind(&wanted, root, by_name) : NULL;
	return found ? (*found)->number : -1;
}

void import_place_put(void **root, struct text *name, int number)
{
	struct place *place = malloc(sizeof *place);
	char *taken = text_take(name);
	if (!place || !taken)
		abort(); /* a few bytes: nothing else would go on either */
	*place = (struct place){taken, number};
	if (!tsearch(place, root, by_name))
		abort();
}

static void free_place(void *place)
{
	free(((struct place *)place)->name);
	free(place);
}

void import_place_free(void *root)
{
	tdestroy(root, free_place);
}
