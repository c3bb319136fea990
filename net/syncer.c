#include "net/syncer.h"

#include "model/db.h"
#include "model/i18n.h"
#include "net/syncer_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_EVERY_MS 1000
#define LOOK_AGAIN_MS 50
#define POLL_WAIT_S 25
#define STUCK_MS ((int64_t)180000)
#define POLL_APART_MS 100 /* for an HQ that answers a long-poll at once, always */

void sync_init(struct syncer *syncer, struct console *console, const struct sync_env *env)
{
	memset(syncer, 0, sizeof *syncer);
	syncer->console = console;
	syncer->env = *env;
	syncer->batch_lines = SYNC_LINES_MAX;
	syncer->batch_bytes = SYNC_BYTES_MAX;
	syncer->push_wanted = true;
	syncer->pull_wanted = true;
	/* Pages an earlier run staged may still lack their last one. */
	syncer->mid_chain = true;
	syncer->looked_ms = -LOOK_EVERY_MS;
	syncer->known = console_cursor(console);
}

void sync_free(struct syncer *syncer)
{
	sync_forget_requests(syncer);
	if (syncer->enrolled)
		console_device_free(&syncer->device);
	free(syncer->cursor);
	free(syncer->known);
	cJSON_Delete(syncer->sums);
	cJSON_Delete(syncer->last_sums);
	memset(syncer, 0, sizeof *syncer);
}

int64_t sync_hq_time(struct syncer *syncer)
{
	if (syncer->clock_known)
		return syncer->clock_ms + syncer->now.boot_ms;
	return console_hq_time(syncer->console, syncer->now.boot_ms, syncer->now.wall_ms);
}

void sync_know_cursor(struct syncer *syncer)
{
	free(syncer->known);
	syncer->known = console_cursor(syncer->console);
}

bool sync_mend(struct syncer *syncer)
{
	/* First the new start: what is offered again is not to meet the rows that hold it already. */
	if (syncer->resync_due && console_resync(syncer->console)) {
		syncer->resync_due = false;
		sync_know_cursor(syncer);
	}
	if (syncer->offer_due && !syncer->resync_due &&
		console_offer_again(syncer->console, sync_hq_time(syncer)))
		syncer->offer_due = false;
	return !syncer->offer_due && !syncer->resync_due;
}

void sync_resync(struct syncer *syncer)
{
	syncer->resync_due = true;
	syncer->pull_wanted = true;
	syncer->mid_chain = true;
	syncer->landing_due = false;
	syncer->rows_pulled = 0;
	sync_mend(syncer);
}

void sync_heal(struct syncer *syncer)
{
	/* What is under way was asked of the HQ that was: its late answers would call done what the new
	 * one has never heard of. */
	sync_forget_requests(syncer);
	syncer->offer_due = true;
	syncer->healed = true;
	syncer->push_wanted = true;
	sync_resync(syncer);
}

/* ---- the long-poll ---- */

static void poll_start(struct syncer *syncer)
{
	char path[64];
	/* Without the epoch, for brevity: the tag is of the epoch too, so another one is news. */
	struct request request = {
		.method = "GET", .path = path, .epoch = "", .etag = syncer->etag, .waits = true};

	if (!syncer->greeted || !sync_lane_ready(syncer, SLOT_POLL))
		return;
	snprintf(path, sizeof path, "/v1/heads?wait=%d", POLL_WAIT_S);
	request.timeout_ms = (POLL_WAIT_S + 15) * 1000;
	sync_submit(syncer, SLOT_POLL, &request);
}

static void poll_take(struct syncer *syncer, const struct response *response)
{
	struct lane *lane = &syncer->lanes[SLOT_POLL];

	if (response->fault != FAULT_NONE || (response->status != 200 && response->status != 304) ||
		!trouble_reached_hq(response)) {
		sync_lane_refused(syncer, SLOT_POLL, response);
		return;
	}
	sync_lane_good(syncer, SLOT_POLL);
	lane->next_ms = syncer->now.boot_ms + POLL_APART_MS;
	if (response->status == 304) {
		sync_still_current(syncer);
		return;
	}
	if (strcmp(syncer->etag, response->etag) != 0)
		syncer->pull_wanted = true;
	if (response->etag[0] == '\0') {
		/* Without a tag HQ cannot wait for a change; so we look now and then. */
		lane->next_ms = syncer->now.boot_ms + (int64_t)POLL_WAIT_S * 1000;
		syncer->pull_wanted = true;
	}
	snprintf(syncer->etag, sizeof syncer->etag, "%s", response->etag);
}

/* ---- the watchdog ---- */

static bool lane_is_stuck(struct syncer *syncer, enum transport_slot slot)
{
	struct lane *lane = &syncer->lanes[slot];
	const struct transport *transport = &syncer->env.transport;
	int64_t bytes;

	if (!lane->busy)
		return false;
	bytes = transport->bytes ? transport->bytes(transport->ctx, slot) : 0;
	if (bytes != lane->bytes) {
		lane->bytes = bytes;
		lane->moved_ms = syncer->now.boot_ms;
	}
	return syncer->now.boot_ms - lane->moved_ms >= STUCK_MS;
}

static bool work_is_stuck(struct syncer *syncer)
{
	if (!syncer->landing_due && !syncer->rebase_due && !syncer->resync_due &&
		!syncer->offer_due)
		syncer->work_ms = syncer->now.boot_ms;
	return syncer->now.boot_ms - syncer->work_ms >= STUCK_MS;
}

/* Nothing that is stored is touched, so nothing can be lost by it: it is as if the syncer had ended
 * and another had taken over. */
static void begin_anew(struct syncer *syncer)
{
	sync_forget_requests(syncer);
	syncer->greeted = false;
	syncer->push_wanted = true;
	syncer->pull_wanted = true;
	syncer->mid_chain = true;
	syncer->landing_due = false;
	syncer->work_ms = syncer->now.boot_ms;
	console_note_odd(syncer->console, CONSOLE_ODD_RESTARTS, 1);
}

static void watch(struct syncer *syncer)
{
	bool stuck = false, work = work_is_stuck(syncer);

	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		if (!lane_is_stuck(syncer, (enum transport_slot)slot))
			continue;
		sync_lane_bad(syncer, (enum transport_slot)slot, false,
			N_("Nothing came from HQ for minutes. The connection is made anew."));
		stuck = true;
	}
	if (work) {
		sync_lane_disk(syncer, SLOT_PULL);
		/* Once may be another process that holds the file; twice, it is what came. More copies would
		 * only be lost on the same full disk. */
		if (++syncer->land_restarts == 2)
			sync_resync(syncer);
	}
	if (stuck || work)
		begin_anew(syncer);
}

/* ---- the step ---- */

/* Someone may enrol this home anew while we run: then HQ knows us by another name. */
static void read_device(struct syncer *syncer)
{
	struct console_device device;
	bool enrolled = console_device(syncer->console, &device);
	bool same = syncer->enrolled && enrolled && strcmp(device.url, syncer->device.url) == 0 &&
		strcmp(device.token, syncer->device.token) == 0;

	if (syncer->enrolled)
		console_device_free(&syncer->device);
	syncer->device = device;
	syncer->enrolled = enrolled;
	if (same)
		return;
	syncer->greeted = false;
	syncer->etag[0] = '\0';
	sync_forget_waits(syncer);
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		syncer->lanes[slot].trouble[0] = '\0';
}

/* The cache may have been deleted and made anew, by whichever process saw it first: it starts from
 * nothing, and so its cursor is not the one we left. */
static void find_new_cache(struct syncer *syncer)
{
	char *cursor = console_cursor(syncer->console);

	if (strcmp(cursor, syncer->known) != 0) {
		syncer->pull_wanted = true;
		syncer->mid_chain = true;
		syncer->landing_due = false;
		syncer->hello_ms = 0;      /* HQ's time went with it, */
		syncer->link_said = false; /* and how the line is */
	}
	free(syncer->known);
	syncer->known = cursor;
}

/* The databases belong to every process of this home: see what the others did. */
static void look(struct syncer *syncer)
{
	struct console *console = syncer->console;

	if (syncer->now.boot_ms - syncer->looked_ms < LOOK_EVERY_MS)
		return;
	syncer->looked_ms = syncer->now.boot_ms;
	if (!syncer->enrolled)
		read_device(syncer);
	if (console_changed(console)) {
		syncer->push_wanted = true;
		read_device(syncer);
		/* What is left of a long backlog is not a whole look away. */
		if (!console_catch_up(console, sync_hq_time(syncer)) && console->cache)
			syncer->looked_ms -= LOOK_EVERY_MS - LOOK_AGAIN_MS;
		find_new_cache(syncer);
		if (console_needs_rebase(console))
			syncer->rebase_due = true;
	}
}

static void take_answers(struct syncer *syncer)
{
	static void (*const take[SLOT_COUNT])(struct syncer *, const struct response *) = {
		[SLOT_PUSH] = sync_push_take,
		[SLOT_PULL] = sync_pull_take,
		[SLOT_POLL] = poll_take};

	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		struct response response = {0};
		struct lane *lane = &syncer->lanes[slot];

		if (!lane->busy ||
			!syncer->env.transport.take(
				syncer->env.transport.ctx, (enum transport_slot)slot, &response))
			continue;
		lane->busy = false;
		take[slot](syncer, &response);
		text_free(&response.body);
	}
}

/* Tells the screens how the line is, when that changed. */
static void say_link(struct syncer *syncer)
{
	const char *trouble = sync_trouble(syncer);
	int64_t next = sync_next_try(syncer), hq_ms;
	bool online = syncer->greeted;

	for (int slot = 0; slot < SLOT_COUNT; slot++)
		if (syncer->lanes[slot].trouble[0] != '\0' && !syncer->lanes[slot].reached)
			online = false;
	if (syncer->link_said && online == syncer->link_online && next == syncer->link_next_ms &&
		strcmp(trouble, syncer->link_trouble) == 0)
		return;
	syncer->link_said = true;
	syncer->link_online = online;
	trouble_say(syncer->link_trouble, trouble);
	syncer->link_next_ms = next;
	hq_ms = sync_hq_time(syncer);
	if (next > 0)
		next = hq_ms + (next > syncer->now.boot_ms ? next - syncer->now.boot_ms : 0);
	console_set_tries(syncer->console, online, hq_ms, next);
	console_set_link(syncer->console, online, trouble);
	syncer->env.changed(syncer->env.ctx);
}

/* Is anything of what was asked still on its way? */
static bool ask_moves(const struct syncer *syncer)
{
	bool push = syncer->lanes[SLOT_PUSH].busy;
	bool pull = syncer->lanes[SLOT_PULL].busy || syncer->landing_due;

	return (syncer->asked_push && push) || (syncer->asked_pull && pull);
}

static void settle_ask(struct syncer *syncer)
{
	if (syncer->asked != SYNC_WORKING)
		return;
	if (!syncer->asked_push && !syncer->asked_pull)
		syncer->asked = syncer->ask_failed ? SYNC_FAILED : SYNC_DONE;
	else if (syncer->ask_failed && !ask_moves(syncer))
		syncer->asked = SYNC_FAILED;
}

static int64_t sooner(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

static int64_t next_wake(const struct syncer *syncer)
{
	int64_t now = syncer->now.boot_ms;
	int64_t wake = syncer->looked_ms + LOOK_EVERY_MS;
	const bool wanted[SLOT_COUNT] = {[SLOT_PUSH] = syncer->push_wanted && syncer->clock_known,
		[SLOT_PULL] = (syncer->pull_wanted || !syncer->greeted ||
				      now >= syncer->hello_ms) &&
			!syncer->landing_due,
		[SLOT_POLL] = syncer->greeted};

	if (!syncer->enrolled)
		return wake;
	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		int64_t at = sync_lane_turn(syncer, (enum transport_slot)slot);

		if (slot == SLOT_PULL && syncer->greeted && !syncer->mid_chain &&
			at < syncer->pull_next_ms)
			at = syncer->pull_next_ms;
		if (wanted[slot])
			wake = sooner(wake, at);
	}
	if (syncer->landing_due || syncer->rebase_due)
		wake = sooner(wake, syncer->land_next_ms);
	return wake > now ? wake : now + 1;
}

int64_t sync_step(struct syncer *syncer, struct sync_time now)
{
	/* The machine slept, or this process stood still: no work failed meanwhile. */
	if (now.boot_ms - syncer->now.boot_ms >= STUCK_MS)
		syncer->work_ms = now.boot_ms;
	syncer->now = now;
	look(syncer);
	if (!syncer->enrolled) {
		trouble_say(syncer->lanes[SLOT_PUSH].trouble,
			N_("This console is not enrolled at HQ yet."));
		if (syncer->asked == SYNC_WORKING)
			syncer->asked = SYNC_FAILED;
		say_link(syncer);
		return next_wake(syncer);
	}
	take_answers(syncer);
	watch(syncer);
	sync_mend(syncer);
	sync_land(syncer);
	sync_push_start(syncer);
	sync_pull_start(syncer);
	poll_start(syncer);
	settle_ask(syncer);
	say_link(syncer);
	return next_wake(syncer);
}

void sync_poke(struct syncer *syncer)
{
	syncer->looked_ms = syncer->now.boot_ms - LOOK_EVERY_MS;
	syncer->push_wanted = true;
	sync_try_now(syncer);
}

void sync_ask(struct syncer *syncer)
{
	sync_poke(syncer);
	syncer->asked = SYNC_WORKING;
	syncer->asked_push = true;
	syncer->asked_pull = true;
	syncer->ask_failed = false;
	syncer->page_counts = false;
	syncer->pull_wanted = true;
	syncer->pull_next_ms = 0;
	syncer->hello_ms = 0;
	sync_forget_waits(syncer);
}

enum sync_asked sync_answer(const struct syncer *syncer)
{
	return syncer->asked;
}

void sync_press(struct syncer *syncer)
{
	sync_forget_pokes(syncer);
	sync_poke(syncer);
}

bool sync_idle(const struct syncer *syncer)
{
	return !syncer->push_wanted && !syncer->lanes[SLOT_PUSH].busy && !syncer->pull_wanted &&
		!syncer->lanes[SLOT_PULL].busy && !syncer->landing_due && !syncer->rebase_due;
}

bool sync_may_end(const struct syncer *syncer)
{
	const struct lane *push = &syncer->lanes[SLOT_PUSH], *pull = &syncer->lanes[SLOT_PULL];
	bool fetches = pull->busy || (syncer->pull_wanted && pull->failures == 0);

	return !push->busy && !fetches && !syncer->landing_due && !syncer->rebase_due;
}
