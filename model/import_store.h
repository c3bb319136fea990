/* The store a cell of an import names. Between import.c and here; nobody else includes this. */
#ifndef COUNTERTOP_MODEL_IMPORT_STORE_H
#define COUNTERTOP_MODEL_IMPORT_STORE_H

#include "model/db.h"

struct import_store {
	char *id;   /* owned; NULL: none is called so */
	char *like; /* owned; without an id the store that was probably meant, NULL: none */
};

/* A store goes by its id, its name and the parts of its name between blanks, whatever the case; what
 * two stores go by is neither's. One is probably meant by what is part of its id or name, and by what
 * has them as a part: such a name is rather mistyped than a third party's. */
struct import_store import_store_called(struct db *db, const char *called);

#endif
