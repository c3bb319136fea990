/* HQ's own tables beside those it shares with the consoles. */
#ifndef COUNTERTOP_HQ_SCHEMA_H
#define COUNTERTOP_HQ_SCHEMA_H

#include "model/db.h"

#define SCHEMA_VERSION 6

/* Makes every table in one transaction. */
bool schema_make(struct db *db);
/* Brings a database of an older version up to this one. Rows that look different from then on are noted,
 * and sent to the consoles anew by schema_restamp. */
bool schema_upgrade(struct db *db);
/* Stamps the rows that an upgrade noted, if any: after schema_watch. A crash in between loses nothing. */
bool schema_restamp(struct db *db);
/* Prepares a connection: the temporary tables and triggers that note touched rows. */
bool schema_watch(struct db *db);

#endif
