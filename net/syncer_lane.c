/* When a lane may send. The states of a lane:
 *
 *   resting ──submit──> under way ──good──> resting
 *                          │ bad                ^ its turn, or one try out of turn by a poke
 *                          └─────> waiting ─────┘
 *
 * and of the line to HQ, which the lanes share (a circuit breaker):
 *
 *   closed ──nothing of HQ comes back──> open ──its turn──> half open, one probe under way
 *     ^                                   ^────probe fails───────┘
 *     └───────────── HQ itself answers any lane, however unwillingly
 *
 * Invariants:
 * (1) While the line is open no lane sends before the line's turn. The probe is a push if there is
 *     something to push, else hello: a long-poll, which HQ answers late on purpose, waits until HQ was
 *     heard. Pull waits for a probe of push, push for none: pushing never waits for pulling.
 * (2) Every request spends of one budget. What moved something (a verdict, rows behind a new cursor)
 *     fills it again. So requests that get nowhere are at most BUDGET_BURST at once and then one a
 *     second, whatever HQ answers and however often somebody presses "retry now".
 * (3) HQ's Retry-After is a floor that a poke does not shorten, of five minutes at most. */
#include "model/db.h"
#include "model/i18n.h"
#include "net/syncer_parts.h"

#include <string.h>

#define BACKOFF_LEAST_MS 1000
#define BACKOFF_MOST_MS 60000
#define RETRY_AFTER_MOST_MS ((int64_t)300000)
#define AUTH_RETRY_MS 60000
#define BUDGET_APART_MS 1000
#define BUDGET_BURST 30

/* ---- turns ---- */

static int64_t later(int64_t one, int64_t other)
{
	return one > other ? one : other;
}

/* Before this the budget has nothing for a request. */
static int64_t budget_turn(const struct syncer *syncer)
{
	return syncer->spent_ms - (BUDGET_BURST - 1) * BUDGET_APART_MS;
}

static int64_t turn_of(const struct syncer *syncer, enum transport_slot slot)
{
	const struct lane *lane = &syncer->lanes[slot];
	int64_t turn = later(lane->next_ms, lane->floor_ms);

	if (syncer->line.open)
		turn = later(turn, syncer->line.next_ms);
	return later(turn, budget_turn(syncer));
}

static bool probe_under_way(const struct syncer *syncer)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		if (syncer->lanes[slot].busy && syncer->lanes[slot].probe)
			return true;
	return false;
}

int64_t sync_lane_turn(const struct syncer *syncer, enum transport_slot slot)
{
	bool behind = syncer->line.open &&
		(slot == SLOT_POLL || (slot == SLOT_PULL && probe_under_way(syncer)));

	return syncer->lanes[slot].busy || behind ? INT64_MAX : turn_of(syncer, slot);
}

bool sync_lane_ready(const struct syncer *syncer, enum transport_slot slot)
{
	return syncer->now.boot_ms >= sync_lane_turn(syncer, slot);
}

int64_t sync_next_try(const struct syncer *syncer)
{
	int64_t next = 0;

	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		int64_t at = turn_of(syncer, (enum transport_slot)slot);

		if (syncer->lanes[slot].trouble[0] != '\0' && (next == 0 || at < next))
			next = at > 0 ? at : 1;
	}
	return next;
}

const char *sync_trouble(const struct syncer *syncer)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		if (syncer->lanes[slot].trouble[0] != '\0')
			return syncer->lanes[slot].trouble;
	return "";
}

/* ---- sending ---- */

static void spend(struct syncer *syncer)
{
	int64_t now = syncer->now.boot_ms;
	bool could = budget_turn(syncer) <= now - BUDGET_APART_MS;

	syncer->spent_ms = later(syncer->spent_ms, now) + BUDGET_APART_MS;
	if (could && budget_turn(syncer) > now)
		console_note_odd(syncer->console, CONSOLE_ODD_SLOWED, 1);
}

void sync_moved(struct syncer *syncer)
{
	syncer->spent_ms = 0;
}

void sync_submit(struct syncer *syncer, enum transport_slot slot, struct request *request)
{
	struct lane *lane = &syncer->lanes[slot];

	request->base = syncer->device.url;
	request->token = syncer->device.token;
	if (!request->epoch)
		request->epoch = syncer->device.epoch;
	/* A try in turn gives the next poke its try out of turn. */
	if (lane->next_ms != 0)
		lane->poked = false;
	if (syncer->line.next_ms != 0)
		syncer->line.poked = false;
	request->fresh = lane->failures > 0;
	lane->busy = true;
	lane->moved_ms = syncer->now.boot_ms;
	lane->bytes = 0;
	lane->probe = syncer->line.open;
	spend(syncer);
	syncer->env.transport.submit(syncer->env.transport.ctx, slot, request);
}

/* One try out of turn; the next has to wait for its turn again. */
static void try_lane_now(struct lane *lane)
{
	if (lane->failures > 0 && !lane->poked) {
		lane->poked = true;
		lane->next_ms = 0;
	}
}

void sync_try_now(struct syncer *syncer)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		try_lane_now(&syncer->lanes[slot]);
	if (!syncer->line.poked)
		syncer->line.next_ms = 0;
	syncer->line.poked = true;
}

void sync_forget_pokes(struct syncer *syncer)
{
	syncer->line.poked = false;
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		syncer->lanes[slot].poked = false;
}

void sync_forget_waits(struct syncer *syncer)
{
	syncer->line.next_ms = 0;
	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		syncer->lanes[slot].next_ms = 0;
		syncer->lanes[slot].floor_ms = 0;
	}
}

void sync_forget_requests(struct syncer *syncer)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		if (syncer->lanes[slot].busy)
			syncer->env.transport.cancel(
				syncer->env.transport.ctx, (enum transport_slot)slot);
		syncer->lanes[slot].busy = false;
	}
	syncer->pulling = SYNC_PULL_NONE;
}

/* ---- what came of it ---- */

/* Equal jitter: half of the delay is certain, half is drawn, so that the consoles of a chain do not
 * all come back in the same second. */
static int64_t backoff(struct syncer *syncer, int failures)
{
	int64_t delay = BACKOFF_LEAST_MS;
	uint32_t drawn = 0;

	for (int i = 1; i < failures && delay < BACKOFF_MOST_MS; i++)
		delay *= 2;
	if (delay > BACKOFF_MOST_MS)
		delay = BACKOFF_MOST_MS;
	syncer->env.random(syncer->env.ctx, &drawn, sizeof drawn);
	return delay / 2 + (int64_t)(drawn % (uint32_t)(delay / 2 + 1));
}

static void close_line(struct syncer *syncer)
{
	syncer->line = (struct line){.open = false};
}

/* What was under way when the line went says the same once more: only a probe counts. */
static void open_line(struct syncer *syncer, const struct lane *lane)
{
	struct line *line = &syncer->line;

	if (line->open && !lane->probe)
		return;
	line->open = true;
	syncer->hello_ms = 0;
	line->failures++;
	line->next_ms = syncer->now.boot_ms + backoff(syncer, line->failures);
}

void sync_lane_good(struct syncer *syncer, enum transport_slot slot)
{
	struct lane *lane = &syncer->lanes[slot];

	lane->failures = 0;
	lane->next_ms = 0;
	lane->floor_ms = 0;
	lane->poked = false;
	lane->reached = true;
	lane->trouble[0] = '\0';
	close_line(syncer);
	/* HQ is there: lanes that could not reach it need not sit out their wait, nor the long-poll,
	 * which may take its time, keep screens saying that the line is down. */
	for (int other = 0; other < SLOT_COUNT; other++)
		if (!syncer->lanes[other].reached)
			try_lane_now(&syncer->lanes[other]);
	if (!syncer->lanes[SLOT_POLL].reached)
		syncer->lanes[SLOT_POLL].trouble[0] = '\0';
}

void sync_lane_bad(struct syncer *syncer, enum transport_slot slot, bool reached, const char *words)
{
	struct lane *lane = &syncer->lanes[slot];

	lane->failures++;
	lane->next_ms = syncer->now.boot_ms + backoff(syncer, lane->failures);
	lane->reached = reached;
	trouble_say(lane->trouble, words);
	if (reached)
		close_line(syncer);
	else
		open_line(syncer, lane);
	if (slot == SLOT_PUSH)
		syncer->asked_push = false;
	else if (slot == SLOT_PULL)
		syncer->asked_pull = false;
	syncer->ask_failed = syncer->ask_failed || slot != SLOT_POLL;
}

void sync_lane_disk(struct syncer *syncer, enum transport_slot slot)
{
	struct db *db = syncer->console->cache;

	sync_lane_bad(syncer, slot, true,
		db_is_damaged(syncer->console->outbox)
			? N_("outbox.db is damaged. Do not delete it; countertop doctor says what to do.")
			: N_("This machine's disk does not take what HQ sent. Is it full?"));
	if (db && db_failed(db) != DB_CORRUPT)
		db_forget_failure(db);
}

/* HQ will not let this console in: asking often does not help, and nothing is lost by waiting. */
static void shut_out(struct syncer *syncer)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		syncer->lanes[slot].floor_ms = syncer->now.boot_ms + AUTH_RETRY_MS;
}

/* Takes the cure for an answer that names its own: true if there was one. */
static bool cure(struct syncer *syncer, const struct response *response)
{
	char type[40];

	trouble_type(response, type, sizeof type);
	if (response->status == 409 && strcmp(type, "epoch_changed") == 0) {
		sync_heal(syncer);
		syncer->greeted = false;
		return true;
	}
	if (response->status == 410)
		sync_resync(syncer);
	return response->status == 410;
}

void sync_lane_refused(
	struct syncer *syncer, enum transport_slot slot, const struct response *response)
{
	struct lane *lane = &syncer->lanes[slot];
	bool reached = trouble_reached_hq(response);
	char words[TROUBLE_SIZE];

	if (reached && cure(syncer, response) && lane->failures == 0) {
		/* The cure was just taken, so the first time is no trouble; a second one is. */
		close_line(syncer);
		lane->failures = 1;
		lane->next_ms = 0;
		return;
	}
	trouble_of(response, words);
	sync_lane_bad(syncer, slot, reached, words);
	if (reached && (response->status == 401 || response->status == 403))
		shut_out(syncer);
	if (response->retry_after_ms > 0) {
		int64_t wait_ms = response->retry_after_ms;

		if (wait_ms > RETRY_AFTER_MOST_MS)
			wait_ms = RETRY_AFTER_MOST_MS;
		lane->floor_ms = syncer->now.boot_ms + wait_ms;
	}
}
