/* What other stores have of a SKU: asked for when somebody looks at it, one SKU at a time. */
#include "model/far_stock.h"
#include "model/json.h"
#include "net/syncer_parts.h"

#include <stdio.h>

#define FAR_TIMEOUT_MS 30000

void sync_add_encoded(struct text *path, const char *value)
{
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';

		if (plain)
			text_addf(path, "%c", c);
		else
			text_addf(path, "%%%02X", c);
	}
}

bool sync_far_start(struct syncer *syncer)
{
	struct text path = TEXT_INIT(TEXT_SMALL);
	struct request request = {.method = "GET", .timeout_ms = FAR_TIMEOUT_MS};

	if (!syncer->console->cache || !far_stock_next(syncer->console->cache, syncer->far_sku))
		return false;
	text_add(&path, "/v1/stock?sku=");
	sync_add_encoded(&path, syncer->far_sku);
	request.path = text_get(&path);
	sync_submit(syncer, SLOT_PULL, &request);
	text_free(&path);
	return true;
}

void sync_far_take(struct syncer *syncer, const struct response *response)
{
	bool answered = response->fault == FAULT_NONE && trouble_reached_hq(response);
	bool denied = answered && response->status >= 400 && response->status < 500 &&
		response->status != 401 && response->status != 409 && response->status != 429;
	cJSON *list = NULL;

	if (answered && response->status == 200)
		list = json_parse(text_get(&response->body), response->body.length, NULL, 0);
	/* What HQ will never tell is no trouble of the line. */
	if (!denied && !cJSON_IsArray(list)) {
		sync_lane_refused(syncer, SLOT_PULL, response);
	} else {
		sync_lane_good(syncer, SLOT_PULL);
		if (!syncer->console->cache ||
			!far_stock_take(syncer->console->cache, syncer->far_sku, list,
				sync_hq_time(syncer)))
			sync_lane_disk(syncer, SLOT_PULL);
		sync_moved(syncer);
		syncer->env.changed(syncer->env.ctx);
	}
	cJSON_Delete(list);
}
