/* What the files of the syncer share; nobody else includes this. */
#ifndef COUNTERTOP_NET_SYNCER_PARTS_H
#define COUNTERTOP_NET_SYNCER_PARTS_H

#include "net/syncer.h"

/* When the lane may send next, by the boot clock; INT64_MAX while an answer is to come first. */
int64_t sync_lane_turn(const struct syncer *syncer, enum transport_slot slot);
/* May the lane send now? */
bool sync_lane_ready(const struct syncer *syncer, enum transport_slot slot);
/* Fills in address, token and epoch, and submits. */
void sync_submit(struct syncer *syncer, enum transport_slot slot, struct request *request);
/* Something got through to HQ or from it: requests are free again. */
void sync_moved(struct syncer *syncer);
/* Cancels what is under way. */
void sync_forget_requests(struct syncer *syncer);
/* Gives every lane that waits one try out of turn. */
void sync_try_now(struct syncer *syncer);
/* The next poke is a try out of turn again, however many there were. */
void sync_forget_pokes(struct syncer *syncer);
/* No lane waits any more, whoever asked it to. */
void sync_forget_waits(struct syncer *syncer);
/* When a lane in trouble is tried again; 0 if none is in trouble. */
int64_t sync_next_try(const struct syncer *syncer);
/* The lane's answer was good: no trouble, no backoff. */
void sync_lane_good(struct syncer *syncer, enum transport_slot slot);
/* The lane failed, in these words; the next try is 1 to 60 s away. */
void sync_lane_bad(
	struct syncer *syncer, enum transport_slot slot, bool reached, const char *words);
/* The same for an answer that was not the one hoped for; minds Retry-After, and the answers that
 * mean something to every lane: 401, 403, 409 and 410. */
void sync_lane_refused(
	struct syncer *syncer, enum transport_slot slot, const struct response *response);
/* A lane whose trouble is on this machine's disk. */
void sync_lane_disk(struct syncer *syncer, enum transport_slot slot);
/* HQ is not the one it was: everything of the last days is offered anew, the cache copied anew. */
void sync_heal(struct syncer *syncer);
/* Cursor and staged rows are forgotten; the next landing is a whole copy. */
void sync_resync(struct syncer *syncer);
/* Does what the two above left to do because a database was busy. True if nothing is left. */
bool sync_mend(struct syncer *syncer);
/* The cursor was moved by us. */
void sync_know_cursor(struct syncer *syncer);
int64_t sync_hq_time(struct syncer *syncer);

void sync_push_start(struct syncer *syncer);
void sync_push_take(struct syncer *syncer, const struct response *response);

/* On the pull lane, between pages: what somebody looks at of other stores' stock. True if it asked. */
bool sync_far_start(struct syncer *syncer);
/* Appends what stands in a URL for a value. */
void sync_add_encoded(struct text *path, const char *value);
void sync_far_take(struct syncer *syncer, const struct response *response);

/* On the pull lane, while nothing is to be pulled. True if it asked. */
bool sync_parked_start(struct syncer *syncer);
void sync_parked_take(struct syncer *syncer, const struct response *response);

void sync_hello_start(struct syncer *syncer);
void sync_hello_take(struct syncer *syncer, const struct response *response);

void sync_pull_start(struct syncer *syncer);
void sync_pull_take(struct syncer *syncer, const struct response *response);
/* Lands what is due, if its time has come. */
void sync_land(struct syncer *syncer);
/* HQ says nothing changed: now and then the cache is stamped as up to date again. */
void sync_still_current(struct syncer *syncer);

#endif
