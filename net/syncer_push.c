/* Pushing: lines in outbox order up, verdicts down. */
#include "model/i18n.h"
#include "model/json.h"
#include "net/ndjson.h"
#include "net/syncer_parts.h"

#include <stdlib.h>
#include <string.h>

#define PUSH_TIMEOUT_MS 60000

/* The ids of the lines as they stand in the body, to know a whole answer by. */
static void remember_sent(struct syncer *syncer, const struct text *body)
{
	struct ndjson lines = {text_get(body), body->length};
	struct span line, id;

	syncer->sent_count = 0;
	while (syncer->sent_count < SYNC_LINES_MAX && ndjson_next(&lines, &line)) {
		char *to = syncer->sent[syncer->sent_count++];

		to[0] = '\0';
		if (ndjson_member(line, "id", &id) && id.length == UUID_SIZE + 1) {
			memcpy(to, id.bytes + 1, UUID_SIZE - 1);
			to[UUID_SIZE - 1] = '\0';
		}
	}
}

/* No lines can also mean that the disk would not give them. */
static bool outbox_empty(struct syncer *syncer)
{
	struct console_counts counts;

	if (syncer->asked != SYNC_WORKING)
		return true;
	console_count(syncer->console, NULL, &counts);
	return counts.unsent == 0;
}

void sync_push_start(struct syncer *syncer)
{
	struct text body = TEXT_INIT(SYNC_BYTES_MAX + COMMAND_LINE_MAX);
	struct request request = {
		.method = "POST", .path = "/v1/commands", .type = "application/x-ndjson"};
	int count;

	if (!syncer->push_wanted || !sync_lane_ready(syncer, SLOT_PUSH))
		return;
	/* Verdicts are dated by HQ's time, so that it can be told later which to offer again: a
	 * terminal's clock may be years off. So hello comes first, once. */
	if (!syncer->clock_known || !syncer->device.epoch || syncer->device.epoch[0] == '\0')
		return;
	count = console_next_lines(
		syncer->console, syncer->batch_lines, syncer->batch_bytes, &body);
	if (count <= 0 && outbox_empty(syncer)) {
		syncer->push_wanted = false;
		syncer->push_more = false;
		syncer->asked_push = false;
	} else if (count <= 0) {
		sync_lane_disk(syncer, SLOT_PUSH);
	} else {
		remember_sent(syncer, &body);
		syncer->push_more = count == syncer->batch_lines;
		request.body = text_get(&body);
		request.length = body.length;
		request.timeout_ms = PUSH_TIMEOUT_MS;
		sync_submit(syncer, SLOT_PUSH, &request);
	}
	text_free(&body);
}

/* The verdicts of one answer, in the order of the lines they are for. */
struct verdicts {
	cJSON *lines[SYNC_LINES_MAX];
	int count;
	int odd; /* lines about ids that were not asked for */
};

static void free_verdicts(struct verdicts *verdicts)
{
	for (int i = 0; i < verdicts->count; i++)
		cJSON_Delete(verdicts->lines[i]);
}

/* A verdict without an id is for a line HQ could not read; it stands where that line stood. */
static bool is_for(const cJSON *verdict, const char *sent)
{
	const char *id = json_text(verdict, "id");
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(verdict, "id");

	return id ? strcmp(id, sent) == 0 : cJSON_IsNull(member);
}

/* True if every line that was sent has its verdict: then, and only then, the answer counts. */
static bool read_verdicts(
	const struct syncer *syncer, const struct response *response, struct verdicts *verdicts)
{
	struct ndjson lines = {text_get(&response->body), response->body.length};
	struct span line;
	char error[80];

	memset(verdicts, 0, sizeof *verdicts);
	while (ndjson_next(&lines, &line)) {
		cJSON *verdict = json_parse(line.bytes, line.length, error, sizeof error);

		if (!verdict || !json_text(verdict, "status")) {
			cJSON_Delete(verdict);
			return false;
		}
		if (verdicts->count < syncer->sent_count &&
			is_for(verdict, syncer->sent[verdicts->count])) {
			verdicts->lines[verdicts->count++] = verdict;
		} else {
			verdicts->odd++;
			cJSON_Delete(verdict);
		}
	}
	return verdicts->count == syncer->sent_count;
}

enum outcome { ALL_TAKEN, HQ_IS_UNABLE, A_LINE_IS_UNREADABLE, A_WORD_IS_UNKNOWN, DISK_IS_UNABLE };

/* Does the verdict end its command? A newer HQ may have words that this console does not know: those end
 * nothing, so the command stays and is sent again. */
static enum outcome outcome_of(const cJSON *verdict)
{
	static const char *const ends[] = {"applied", "rejected", "parked"};
	const char *status = json_text(verdict, "status");

	if (strcmp(status, "error") == 0)
		return HQ_IS_UNABLE;
	if (!json_text(verdict, "id"))
		return A_LINE_IS_UNREADABLE;
	if (strcmp(status, "replayed") == 0)
		status = json_text(verdict, "first");
	for (size_t i = 0; status && i < sizeof ends / sizeof *ends; i++)
		if (strcmp(status, ends[i]) == 0)
			return ALL_TAKEN;
	return A_WORD_IS_UNKNOWN;
}

/* Those up to the first `error`: nothing of that line and those behind it is stored at HQ. */
static enum outcome take_verdicts(struct syncer *syncer, const struct verdicts *verdicts)
{
	enum outcome outcome = ALL_TAKEN;
	cJSON *ends[SYNC_LINES_MAX];
	int given = 0, taken = 0;

	for (int i = 0; i < verdicts->count && outcome != HQ_IS_UNABLE; i++) {
		enum outcome one = outcome_of(verdicts->lines[i]);

		if (one == ALL_TAKEN)
			ends[given++] = verdicts->lines[i];
		else
			outcome = one;
	}
	if (given > 0)
		taken = console_take_verdicts(syncer->console, ends, given, sync_hq_time(syncer));
	if (taken > 0)
		sync_moved(syncer);
	/* Every line waited when it was sent, so if none took its verdict the disk did not. What was
	 * not taken is sent again and answered again. */
	return given > 0 && taken == 0 ? DISK_IS_UNABLE : outcome;
}

/* 413: HQ takes less at a time than we thought. False once a single line is too much. */
static bool smaller_batches(struct syncer *syncer)
{
	if (syncer->batch_lines <= 1)
		return false;
	syncer->batch_lines = syncer->sent_count > 1 ? syncer->sent_count / 2 : 1;
	if (syncer->batch_bytes / 2 > COMMAND_LINE_MAX)
		syncer->batch_bytes /= 2;
	return true;
}

static void larger_batches(struct syncer *syncer)
{
	if (syncer->batch_lines < SYNC_LINES_MAX)
		syncer->batch_lines = syncer->batch_lines * 2 < SYNC_LINES_MAX
			? syncer->batch_lines * 2
			: SYNC_LINES_MAX;
	if (syncer->batch_bytes < SYNC_BYTES_MAX)
		syncer->batch_bytes *= 2;
	if (syncer->batch_bytes > SYNC_BYTES_MAX)
		syncer->batch_bytes = SYNC_BYTES_MAX;
}

static void settle(struct syncer *syncer, enum outcome outcome)
{
	switch (outcome) {
	case ALL_TAKEN:
		sync_lane_good(syncer, SLOT_PUSH);
		larger_batches(syncer);
		break;
	case HQ_IS_UNABLE:
		sync_lane_bad(syncer, SLOT_PUSH, true,
			N_("HQ cannot work now. Work goes on here and is sent later."));
		break;
	case A_LINE_IS_UNREADABLE:
		sync_lane_bad(syncer, SLOT_PUSH, true,
			N_("HQ cannot read a command of this console. Report it."));
		break;
	case A_WORD_IS_UNKNOWN:
		console_note_odd(syncer->console, CONSOLE_ODD_VERDICTS, 1);
		sync_lane_bad(syncer, SLOT_PUSH, true,
			N_("HQ is newer and answers in words this console does not know. Bring it up to date; nothing is lost."));
		break;
	case DISK_IS_UNABLE:
		sync_lane_disk(syncer, SLOT_PUSH);
		break;
	}
}

void sync_push_take(struct syncer *syncer, const struct response *response)
{
	struct verdicts verdicts;

	syncer->push_wanted = true;
	if (response->fault == FAULT_NONE && response->status == 413 && smaller_batches(syncer))
		return;
	if (response->fault != FAULT_NONE || response->status != 200) {
		sync_lane_refused(syncer, SLOT_PUSH, response);
		return;
	}
	if (read_verdicts(syncer, response, &verdicts)) {
		settle(syncer, take_verdicts(syncer, &verdicts));
		/* Were HQ another one by now, these verdicts would be of the one before. */
		syncer->healed = false;
		/* What was applied is ours to cover by a pull, what was refused is to be undone. */
		syncer->pull_wanted = true;
		syncer->rebase_due = syncer->rebase_due || console_needs_rebase(syncer->console);
		syncer->env.changed(syncer->env.ctx);
	} else {
		sync_lane_refused(syncer, SLOT_PUSH, response);
	}
	if (verdicts.odd > 0)
		console_note_odd(syncer->console, CONSOLE_ODD_VERDICTS, verdicts.odd);
	free_verdicts(&verdicts);
}
