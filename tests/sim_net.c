/* The simulator's network. */
#include "tests/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATE_MS 90000
#define LONG_AFTER_MS 900000
#define TELL_BYTES 2000

static struct text copy_of(const char *string)
{
	struct text text = TEXT_INIT(TEXT_LARGE);

	text_add(&text, string ? string : "");
	return text;
}

static void packet_free(struct sim_packet *packet)
{
	text_free(&packet->path);
	text_free(&packet->token);
	text_free(&packet->epoch);
	text_free(&packet->etag);
	text_free(&packet->body);
	memset(packet, 0, sizeof *packet);
}

static struct sim_packet packet_of(const struct request *request, int64_t arrive_ms)
{
	struct sim_packet packet = {.used = true,
		.path = copy_of(request->path),
		.token = TEXT_INIT(TEXT_SMALL),
		.epoch = copy_of(request->epoch),
		.etag = copy_of(request->etag),
		.body = TEXT_INIT(TEXT_LARGE),
		.posts = request->body != NULL,
		.arrive_ms = arrive_ms};

	text_addf(&packet.token, "Bearer %s", request->token);
	if (request->body)
		text_add_bytes(&packet.body, request->body, request->length);
	return packet;
}

static struct sim_packet packet_copy(const struct sim_packet *packet, int64_t arrive_ms)
{
	struct sim_packet copy = *packet;

	copy.path = copy_of(text_get(&packet->path));
	copy.token = copy_of(text_get(&packet->token));
	copy.epoch = copy_of(text_get(&packet->epoch));
	copy.etag = copy_of(text_get(&packet->etag));
	copy.body = TEXT_INIT(TEXT_LARGE);
	text_add_bytes(&copy.body, text_get(&packet->body), packet->body.length);
	copy.arrive_ms = arrive_ms;
	return copy;
}

static void haunt(struct sim *sim, struct sim_packet packet)
{
	for (int i = 0; i < SIM_GHOSTS_MAX; i++) {
		if (!sim->ghosts[i].used) {
			sim->ghosts[i] = packet;
			return;
		}
	}
	packet_free(&packet);
}

/* ---- HQ's side ---- */

static const char *or_null(const struct text *text)
{
	return text->length > 0 ? text_get(text) : NULL;
}

/* HQ's pages are small here, so that they come in chains as those of a large store do. */
static void ask_for_few(const struct sim *sim, char *query)
{
	char *limit = query ? strstr(query, "&limit=") : NULL;

	if (limit && sim->page_rows < strtol(limit + 7, NULL, 10))
		snprintf(limit, strlen(limit) + 1, "&limit=%d", sim->page_rows);
}

static void handle(struct sim *sim, struct sim_packet *packet, struct hq_answer *answer)
{
	char *path = text_copy(text_get(&packet->path));
	char *question = strchr(path, '?');
	struct hq_request request = {.method = packet->posts ? "POST" : "GET",
		.path = path,
		.query = question ? question + 1 : NULL,
		.authorization = or_null(&packet->token),
		.epoch = or_null(&packet->epoch),
		.if_none_match = or_null(&packet->etag),
		.content_type = packet->posts ? "application/x-ndjson" : NULL,
		.body = packet->posts ? text_get(&packet->body) : NULL,
		.body_length = packet->posts ? packet->body.length : 0};

	if (question)
		*question = '\0';
	ask_for_few(sim, question ? question + 1 : NULL);
	if (packet->began_ms == 0)
		packet->began_ms = sim->now_ms;
	request.waited_ms = sim->now_ms - packet->began_ms;
	sim_ask(sim, &request, answer);
	free(path);
}

/* ---- the way back ---- */

static void set_answered(struct sim_home *home, enum transport_slot at, int64_t ready_ms)
{
	struct sim *sim = home->sim;
	struct sim_slot *slot = &home->slots[at];

	slot->answered = true;
	slot->ready_ms = slot->response.fault == FAULT_TIMEOUT ? slot->deadline_ms : ready_ms;
	sim_note(sim, &slot->ready_ms, sizeof slot->ready_ms);
	sim_note(sim, &slot->response.status, sizeof slot->response.status);
	sim_note(sim, text_get(&slot->response.body), slot->response.body.length);
	sim_tell(sim, "%s hears %d (fault %d) after %s: %.*s", home->folder, slot->response.status,
		(int)slot->response.fault, slot->fate->name, TELL_BYTES,
		text_get(&slot->response.body));
}

static void fault_slot(struct sim_home *home, enum transport_slot at, enum transport_fault fault)
{
	home->slots[at].response.fault = fault;
	set_answered(home, at, home->sim->now_ms + 1);
}

static void answer_slot(
	struct sim_home *home, enum transport_slot at, const struct hq_answer *answer)
{
	struct sim *sim = home->sim;
	struct sim_slot *slot = &home->slots[at];
	struct response *response = &slot->response;

	response->status = answer->status;
	response->body = TEXT_INIT(TEXT_LARGE);
	text_add_bytes(&response->body, text_get(&answer->body), answer->body.length);
	snprintf(response->etag, sizeof response->etag, "%s", answer->etag);
	snprintf(response->type, sizeof response->type, "%s",
		answer->content_type ? answer->content_type : "");
	if (answer->retry_after_s > 0)
		response->retry_after_ms = answer->retry_after_s * INT64_C(1000);
	if (answer->status == 200 && !slot->packet.posts) {
		text_free(&home->last_answer[at]);
		home->last_answer[at] = copy_of(text_get(&answer->body));
	}
	if (slot->fate->answer)
		slot->fate->answer(home, at, response);
	set_answered(home, at, sim->now_ms + 5 + sim_draw(sim, 200));
}

/* At HQ, or at what stands in front of it. */
static void arrive(struct sim_home *home, enum transport_slot at)
{
	struct sim *sim = home->sim;
	struct sim_slot *slot = &home->slots[at];
	struct hq_answer answer;

	if (slot->fate->way == WAY_OTHER) {
		slot->fate->answer(home, at, &slot->response);
		set_answered(home, at, sim->now_ms + 1);
		return;
	}
	if (slot->fate->way == WAY_REFUSED || !sim->hq) {
		fault_slot(home, at, FAULT_UNREACHABLE);
		return;
	}
	handle(sim, &slot->packet, &answer);
	if (answer.status != 0)
		answer_slot(home, at, &answer);
	else if (sim->processes[SIM_HQ].dead)
		fault_slot(home, at, FAULT_CUT);
	else
		slot->packet.arrive_ms = sim->now_ms + answer.wait_ms + 1;
	hq_answer_free(&answer);
}

static int64_t sooner(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

/* The client waits no longer; what is on its way goes on. */
static void give_up(struct sim_home *home, enum transport_slot at)
{
	struct sim_slot *slot = &home->slots[at];

	if (slot->fate->way == WAY_HQ && slot->packet.began_ms == 0)
		haunt(home->sim, packet_copy(&slot->packet, slot->packet.arrive_ms));
	fault_slot(home, at, FAULT_TIMEOUT);
}

static int64_t deliver_slot(struct sim_home *home, enum transport_slot at)
{
	struct sim *sim = home->sim;
	struct sim_slot *slot = &home->slots[at];

	if (!slot->busy)
		return INT64_MAX;
	if (slot->answered)
		return slot->ready_ms;
	if (slot->deadline_ms <= sim->now_ms) {
		give_up(home, at);
		return slot->ready_ms;
	}
	/* A long-poll that HQ holds is looked at again when a feed moved, or HQ is another. */
	if (slot->fate->way != WAY_LOST &&
		(slot->packet.arrive_ms <= sim->now_ms ||
			(slot->packet.began_ms > 0 &&
				(!sim->hq || hq_generation(sim->hq) != slot->generation)))) {
		slot->generation = sim->hq ? hq_generation(sim->hq) : 0;
		arrive(home, at);
	}
	if (slot->answered)
		return slot->ready_ms;
	return slot->fate->way == WAY_LOST ? slot->deadline_ms
					   : sooner(slot->packet.arrive_ms, slot->deadline_ms);
}

static int64_t deliver_ghosts(struct sim *sim)
{
	int64_t next = INT64_MAX;

	for (int i = 0; i < SIM_GHOSTS_MAX; i++) {
		struct sim_packet *ghost = &sim->ghosts[i];
		struct hq_answer answer;

		if (ghost->used && ghost->arrive_ms <= sim->now_ms) {
			handle(sim, ghost, &answer);
			hq_answer_free(&answer);
			packet_free(ghost);
		} else if (ghost->used) {
			next = sooner(next, ghost->arrive_ms);
		}
	}
	return next;
}

int64_t sim_network(struct sim *sim)
{
	int64_t next = deliver_ghosts(sim);

	for (int i = 0; i < sim->home_count; i++)
		for (int slot = 0; slot < SLOT_COUNT; slot++)
			next = sooner(
				next, deliver_slot(&sim->homes[i], (enum transport_slot)slot));
	return sim->hq ? next : sooner(next, sim->hq_up_ms);
}

/* ---- the transport ---- */

/* A home pushes in the order of its outbox. */
static void check_order(struct sim_home *home, const struct text *body)
{
	int64_t last = 0;

	for (const char *at = text_get(body); *at; at += strcspn(at, "\n") + 1) {
		char id[UUID_SIZE];
		int64_t n;

		if (sscanf(at, "{\"id\":\"%36[0-9a-f-]\"", id) != 1)
			continue;
		n = db_get_int(
			home->behind.outbox, 0, "SELECT n FROM command WHERE id = $1", "t", id);
		if (n <= last)
			sim_fail(home->sim, "rule 2: %s pushes %s out of order", home->store, id);
		last = n;
	}
}

static void net_submit(void *ctx, enum transport_slot at, const struct request *request)
{
	struct sim_home *home = ctx;
	struct sim *sim = home->sim;
	struct sim_slot *slot = &home->slots[at];

	memset(slot, 0, sizeof *slot);
	slot->busy = true;
	/* What a dead process wrote last never left. */
	slot->fate = sim_draw_fate(sim, sim->processes[sim->running].dead);
	slot->response.retry_after_ms = -1;
	slot->response.body = TEXT_INIT(TEXT_LARGE);
	slot->deadline_ms = sim->now_ms + request->timeout_ms;
	slot->packet = packet_of(request, sim->now_ms + 5 + sim_draw(sim, 300));
	if (slot->packet.posts && !sim->processes[sim->running].dead)
		check_order(home, &slot->packet.body);
	sim_note(sim, request->path, strlen(request->path));
	sim_note(sim, text_get(&slot->packet.body), slot->packet.body.length);
	sim_tell(sim, "%s asks %s (%s): %.*s", home->folder, request->path, slot->fate->name,
		TELL_BYTES, text_get(&slot->packet.body));
	if (slot->fate->late)
		slot->packet.arrive_ms += sim_draw(sim, LATE_MS);
	if (slot->fate->doubled)
		haunt(sim,
			packet_copy(&slot->packet,
				slot->packet.arrive_ms +
					sim_draw(sim,
						sim_chance(sim, 70) ? LATE_MS : LONG_AFTER_MS)));
}

static bool net_take(void *ctx, enum transport_slot at, struct response *response)
{
	struct sim_home *home = ctx;
	struct sim_slot *slot = &home->slots[at];

	if (!slot->busy || !slot->answered || slot->ready_ms > home->sim->now_ms)
		return false;
	*response = slot->response;
	packet_free(&slot->packet);
	memset(slot, 0, sizeof *slot);
	return true;
}

static void net_cancel(void *ctx, enum transport_slot at)
{
	struct sim_home *home = ctx;
	struct sim_slot *slot = &home->slots[at];

	if (slot->busy && !slot->answered && slot->fate->way == WAY_HQ && slot->packet.posts)
		haunt(home->sim, packet_copy(&slot->packet, slot->packet.arrive_ms));
	text_free(&slot->response.body);
	packet_free(&slot->packet);
	memset(slot, 0, sizeof *slot);
}

struct transport sim_transport(struct sim_home *home)
{
	return (struct transport){
		.ctx = home, .submit = net_submit, .take = net_take, .cancel = net_cancel};
}

void sim_abandon(struct sim_home *home)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		if (home->slots[slot].busy)
			net_cancel(home, (enum transport_slot)slot);
}

void sim_network_free(struct sim *sim)
{
	for (int i = 0; i < SIM_GHOSTS_MAX; i++)
		packet_free(&sim->ghosts[i]);
}
