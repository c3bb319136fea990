/* Facts that HQ parked: it tries them again by itself once their document appears, so now and then we
 * ask what became of them, one at a time. */
#include "model/json.h"
#include "net/syncer_parts.h"

#include <stdio.h>

#define PARKED_TIMEOUT_MS 30000
#define PARKED_EVERY_MS ((int64_t)60000) /* one round of all */
#define PARKED_APART_MS ((int64_t)2000)

bool sync_parked_start(struct syncer *syncer)
{
	char path[64], id[UUID_SIZE];
	struct request request = {.method = "GET", .path = path, .timeout_ms = PARKED_TIMEOUT_MS};

	if (syncer->now.boot_ms < syncer->parked_next_ms || syncer->asked == SYNC_WORKING)
		return false;
	syncer->parked_n = console_next_parked(syncer->console, syncer->parked_n, id);
	syncer->parked_next_ms = syncer->now.boot_ms +
		(syncer->parked_n > 0 ? PARKED_APART_MS : PARKED_EVERY_MS);
	if (syncer->parked_n == 0)
		return false;
	snprintf(path, sizeof path, "/v1/commands/%s", id);
	sync_submit(syncer, SLOT_PULL, &request);
	return true;
}

void sync_parked_take(struct syncer *syncer, const struct response *response)
{
	char error[80];
	cJSON *verdict = NULL;

	/* 404: HQ was restored and is offered the command again. */
	if (response->fault == FAULT_NONE && response->status == 200)
		verdict = json_parse(
			text_get(&response->body), response->body.length, error, sizeof error);
	if (!verdict && (response->fault != FAULT_NONE || response->status != 404)) {
		sync_lane_refused(syncer, SLOT_PULL, response);
		return;
	}
	sync_lane_good(syncer, SLOT_PULL);
	if (verdict && console_take_outcome(syncer->console, verdict, sync_hq_time(syncer))) {
		syncer->rebase_due = syncer->rebase_due || console_needs_rebase(syncer->console);
		syncer->env.changed(syncer->env.ctx);
	}
	cJSON_Delete(verdict);
}
