/* HQ's own tables beside those it shares with the consoles. */
#ifndef COUNTERTOP_HQ_SCHEMA_H
#define COUNTERTOP_HQ_SCHEMA_H

#include "model/db.h"

#define SCHEMA_VERSION 1

/* Makes every table in one transaction. */
bool schema_make(struct db *db);
/* Prepares a connection: the temporary tables and triggers that note touched rows. */
bool schema_watch(struct db *db);

#endif
