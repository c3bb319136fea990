/* Zones of a stocktake sheet: who counts which, and which counting of it this is (product.md §3).
 *
 * A zone is claimed by whoever counts it and released when it is done; claimed once more in the same
 * round it is counted again, in the next *pass*: the same zone twice is a recount, not a sum. Another
 * round begins with pass 1. Claims are requests: whoever counts without one, or in somebody else's zone,
 * has counted all the same. */
#ifndef COUNTERTOP_MODEL_STOCKTAKE_ZONE_H
#define COUNTERTOP_MODEL_STOCKTAKE_ZONE_H

#include "model/command.h"

#define STOCKTAKE_PASSES_MAX 9 /* in one round of a zone */

#define STOCKTAKE_ZONE_MAX 200 /* bytes of a zone's name */

/* A zone's name as it is kept and compared: however it was typed or printed on a label, "a3", "Ａ３" and
 * " A3" are one zone. */
struct stocktake_zone_name {
	char text[STOCKTAKE_ZONE_MAX + 1];
};
/* False if nothing is left of it, or too much. */
bool stocktake_zone_fold(const char *typed, struct stocktake_zone_name *name);
/* The zone a command names; refused if that is no name. */
enum refusal stocktake_zone_named(struct call *call, struct stocktake_zone_name *name);

struct stocktake_zone {
	int64_t round;
	int64_t pass;
	bool open; /* claimed and not yet released */
	char holder[COMMAND_ID_MAX + 1];
	char device[COMMAND_ID_MAX + 1];
	int64_t since_ms;
};

/* The zone as it was claimed last, which may be in an earlier round. False if it never was. */
bool stocktake_zone_find(
	struct db *db, const char *sheet, const char *zone, struct stocktake_zone *found);

/* The pass in which the zone is counted in the sheet's present round; 1 where nobody claimed it. */
int64_t stocktake_zone_pass(struct db *db, const char *sheet, const char *zone);

/* The same for any round: the last one where the round is over. */
int64_t stocktake_zone_pass_in(struct db *db, const char *sheet, const char *zone, int64_t round);

/* Adds to the data of a count what it leaves out and this copy of the sheet can tell: the round and, in a zone,
 * the pass it is made in. So it counts there, however late it reaches HQ. */
void stocktake_zone_complete(struct db *db, cJSON *count);

/* How many passes of the zone were released in the round. */
int64_t stocktake_zone_released(struct db *db, const char *sheet, const char *zone, int64_t round);

#endif
