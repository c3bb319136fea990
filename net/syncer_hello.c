/* Hello, the first thing on the pull lane and again every hour: HQ's time, its epoch, and whether we
 * understand each other. */
#include "model/i18n.h"
#include "model/json.h"
#include "model/when.h"
#include "net/syncer_parts.h"

#include <string.h>

#define HELLO_TIMEOUT_MS 30000
#define HELLO_EVERY_MS ((int64_t)3600000)

void sync_hello_start(struct syncer *syncer)
{
	struct request request = {
		.method = "GET", .path = "/v1/hello", .epoch = "", .timeout_ms = HELLO_TIMEOUT_MS};

	syncer->pulling = SYNC_PULL_HELLO;
	syncer->hello_sent_ms = syncer->now.boot_ms;
	sync_submit(syncer, SLOT_PULL, &request);
}

static int64_t rows_of(const cJSON *hello)
{
	const cJSON *feed;
	int64_t rows = 0;

	cJSON_ArrayForEach(feed, json_list(hello, "feeds")) rows += json_int(feed, "rows", 0);
	return rows;
}

/* False if the databases were too busy to start anew; then nothing is adopted yet. */
static bool adopt_epoch(struct syncer *syncer, const char *epoch)
{
	const char *ours = syncer->device.epoch ? syncer->device.epoch : "";

	if (strcmp(ours, epoch) != 0) {
		/* Just enrolled: what is in the cache may be of another HQ. */
		if (ours[0] == '\0')
			sync_resync(syncer);
		else if (!syncer->healed)
			sync_heal(syncer);
		/* Last, so that a crash before it finds the old epoch and heals again. */
		if (!sync_mend(syncer) || !console_set_epoch(syncer->console, epoch))
			return false;
		console_device_free(&syncer->device);
		syncer->enrolled = console_device(syncer->console, &syncer->device);
	}
	syncer->healed = false;
	return true;
}

/* HQ called our epoch another one, and hello says it is the one HQ has. Something in between answers
 * for it, and going round would never end. */
static void epoch_denied(struct syncer *syncer)
{
	struct response denial = {.status = 409};
	char words[TROUBLE_SIZE];

	trouble_of(&denial, words);
	sync_lane_bad(syncer, SLOT_PULL, true, words);
}

/* An HQ that does not say which versions it speaks is as old as the contract. */
static bool speaks_with_us(const cJSON *hello)
{
	const cJSON *versions = json_list(hello, "versions"), *version;

	cJSON_ArrayForEach(version, versions)
	{
		if (cJSON_IsString(version) && strcmp(version->valuestring, NET_API_VERSION) == 0)
			return true;
	}
	return !versions;
}

/* Nothing is pushed or pulled before a hello that we understand. */
static void hello_foreign(struct syncer *syncer)
{
	syncer->greeted = false;
	syncer->clock_known = false;
	sync_lane_bad(syncer, SLOT_PULL, true,
		N_("HQ and this console have no version in common. Bring the older one up to date; nothing is lost."));
}

/* HQ looked at its clock some time between question and answer: the middle is nearest. */
static void take_time(struct syncer *syncer, int64_t told_ms)
{
	int64_t half_ms = (syncer->now.boot_ms - syncer->hello_sent_ms + 1) / 2;
	int64_t hq_ms = told_ms + half_ms;

	syncer->clock_known = true;
	syncer->clock_ms = hq_ms - syncer->now.boot_ms;
	console_set_clock(
		syncer->console, hq_ms, half_ms, syncer->now.boot_ms, syncer->now.wall_ms);
}

static void take_epoch(struct syncer *syncer, const cJSON *hello, const char *epoch)
{
	const char *ours = syncer->device.epoch;
	bool denied = syncer->healed && ours && strcmp(ours, epoch) == 0;

	if (!adopt_epoch(syncer, epoch)) {
		sync_lane_disk(syncer, SLOT_PULL);
		return;
	}
	syncer->rows_expected = rows_of(hello);
	syncer->greeted = syncer->enrolled;
	syncer->hello_ms = syncer->now.boot_ms + HELLO_EVERY_MS;
	if (denied)
		epoch_denied(syncer);
	else
		sync_lane_good(syncer, SLOT_PULL);
}

void sync_hello_take(struct syncer *syncer, const struct response *response)
{
	char error[80];
	const char *epoch, *time;
	int64_t hq_ms;
	cJSON *hello = NULL;

	if (response->fault == FAULT_NONE && response->status == 200)
		hello = json_parse(
			text_get(&response->body), response->body.length, error, sizeof error);
	epoch = json_text(hello, "epoch");
	time = json_text(hello, "time");
	if (hello && !speaks_with_us(hello)) {
		hello_foreign(syncer);
	} else if (!epoch || epoch[0] == '\0' || !time || !when_parse(time, &hq_ms)) {
		sync_lane_refused(syncer, SLOT_PULL, response);
	} else {
		take_time(syncer, hq_ms);
		take_epoch(syncer, hello, epoch);
	}
	cJSON_Delete(hello);
}
