/* Names and the number each stands for: an import may have very many orders and lines. Between
 * import_book.c and here; nobody else includes this. */
#ifndef COUNTERTOP_MODEL_IMPORT_PLACE_H
#define COUNTERTOP_MODEL_IMPORT_PLACE_H

#include "model/text.h"

/* The root is NULL while there are none. */
int import_place_find(void *const *root, const struct text *name); /* -1: nothing is called that */
/* Takes the text of the name, which must be new. */
void import_place_put(void **root, struct text *name, int number);
void import_place_free(void *root);

#endif
