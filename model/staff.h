/* Staff and their PINs. A PIN is hashed (argon2id) before any command is made and never stored or
 * logged. */
#ifndef COUNTERTOP_MODEL_STAFF_H
#define COUNTERTOP_MODEL_STAFF_H

#include "model/command.h"

#define STAFF_PIN_MIN 4
#define STAFF_PIN_MAX 12
#define STAFF_HASH_SIZE 128

bool staff_pin_hash(const char *pin, char hash[STAFF_HASH_SIZE]);
bool staff_pin_matches(const char *hash, const char *pin);
/* The role of an active member of staff at the store, ROLE_NONE if there is none. */
enum staff_role staff_role(struct db *db, const char *staff, const char *store);

#endif
