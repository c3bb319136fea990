/* The simulator's network. */
#include "tests/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATE_MS 40000

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

void sim_ask(struct sim *sim, const struct hq_request *request, struct hq_answer *answer)
{
	memset(answer, 0, sizeof *answer);
	hq_handle(sim->hq, request, answer, sim->now_ms);
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
	if (packet->began_ms == 0)
		packet->began_ms = sim->now_ms;
	request.waited_ms = sim->now_ms - packet->began_ms;
	sim_ask(sim, &request, answer);
	free(path);
}

/* ---- the way back ---- */

static void set_page(struct response *response, int status, const char *type, const char *body)
{
	response->status = status;
	response->body = copy_of(body);
	snprintf(response->type, sizeof response->type, "%s", type);
}

static void tear(struct sim *sim, struct response *response)
{
	if (response->body.length == 0)
		return;
	response->body.length = sim_draw(sim, (uint32_t)response->body.length);
	/* Often just behind a line: then every line that came can be read. */
	bool whole_lines = sim_chance(sim, 60);

	while (whole_lines && response->body.length > 0 &&
		response->body.bytes[response->body.length - 1] != '\n')
		response->body.length--;
	response->body.bytes[response->body.length] = '\0';
}

static void answer_slot(struct sim *sim, struct sim_slot *slot, const struct hq_answer *answer)
{
	struct response *response = &slot->response;

	response->status = answer->status;
	response->body = TEXT_INIT(TEXT_LARGE);
	text_add_bytes(&response->body, text_get(&answer->body), answer->body.length);
	snprintf(response->etag, sizeof response->etag, "%s", answer->etag);
	snprintf(response->type, sizeof response->type, "%s",
		answer->content_type ? answer->content_type : "");
	if (answer->retry_after_s > 0)
		response->retry_after_ms = answer->retry_after_s * INT64_C(1000);
	slot->answered = true;
	slot->ready_ms = sim->now_ms + 5 + sim_draw(sim, 200);
	if (slot->fate == FATE_TORN)
		tear(sim, response);
	if (slot->fate == FATE_CUT || slot->fate == FATE_UNHEARD) {
		text_free(&response->body);
		response->status = 0;
		response->fault = slot->fate == FATE_CUT ? FAULT_CUT : FAULT_TIMEOUT;
		slot->ready_ms += slot->fate == FATE_CUT ? 0 : LATE_MS;
	}
}

/* At HQ, or at what stands in front of it. */
static void arrive(struct sim *sim, struct sim_slot *slot)
{
	struct hq_answer answer;

	if (slot->fate == FATE_LOST) {
		slot->response.fault = FAULT_TIMEOUT;
	} else if (slot->fate == FATE_PROXY) {
		set_page(&slot->response, sim_chance(sim, 50) ? 502 : 200, "text/html",
			"<html>Bad gateway</html>");
	} else if (slot->fate == FATE_BUSY) {
		set_page(&slot->response, 503, "application/problem+json", "{}");
		slot->response.retry_after_ms = sim_draw(sim, 10000);
	} else {
		handle(sim, &slot->packet, &answer);
		if (answer.status != 0)
			answer_slot(sim, slot, &answer);
		else
			slot->packet.arrive_ms = sim->now_ms + answer.wait_ms + 1;
		hq_answer_free(&answer);
		return;
	}
	slot->answered = true;
	slot->ready_ms = sim->now_ms + 1;
}

static int64_t sooner(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

static int64_t deliver_slot(struct sim *sim, struct sim_slot *slot)
{
	if (!slot->busy)
		return INT64_MAX;
	/* A long-poll that HQ holds is looked at again when a feed moved. */
	if (!slot->answered &&
		(slot->packet.arrive_ms <= sim->now_ms ||
			(slot->packet.began_ms > 0 &&
				hq_generation(sim->hq) != slot->generation))) {
		slot->generation = hq_generation(sim->hq);
		arrive(sim, slot);
	}
	return slot->answered ? slot->ready_ms : slot->packet.arrive_ms;
}

int64_t sim_network(struct sim *sim)
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
	for (int i = 0; i < SIM_STORES; i++)
		for (int slot = 0; slot < SLOT_COUNT; slot++)
			next = sooner(next, deliver_slot(sim, &sim->stores[i].slots[slot]));
	return next;
}

/* ---- the transport ---- */

static enum sim_fate draw_fate(struct sim *sim)
{
	if (sim->calm || !sim_chance(sim, 30))
		return FATE_WELL;
	sim->faults++;
	return (enum sim_fate)(1 + sim_draw(sim, FATE_COUNT - 1));
}

static void net_submit(void *ctx, enum transport_slot at, const struct request *request)
{
	struct sim_store *store = ctx;
	struct sim *sim = store->sim;
	struct sim_slot *slot = &store->slots[at];

	memset(slot, 0, sizeof *slot);
	slot->busy = true;
	slot->fate = draw_fate(sim);
	slot->response.retry_after_ms = -1;
	slot->packet = packet_of(request, sim->now_ms + 5 + sim_draw(sim, 300));
	if (slot->fate == FATE_LOST)
		slot->packet.arrive_ms += LATE_MS;
	if (slot->fate == FATE_DOUBLED)
		haunt(sim,
			packet_copy(&slot->packet,
				slot->packet.arrive_ms + sim_draw(sim, LATE_MS * 2)));
}

static bool net_take(void *ctx, enum transport_slot at, struct response *response)
{
	struct sim_store *store = ctx;
	struct sim_slot *slot = &store->slots[at];

	if (!slot->busy || !slot->answered || slot->ready_ms > store->sim->now_ms)
		return false;
	*response = slot->response;
	packet_free(&slot->packet);
	memset(slot, 0, sizeof *slot);
	return true;
}

static void net_cancel(void *ctx, enum transport_slot at)
{
	struct sim_store *store = ctx;
	struct sim_slot *slot = &store->slots[at];

	if (slot->busy && !slot->answered && slot->fate != FATE_LOST && slot->packet.posts)
		haunt(store->sim, packet_copy(&slot->packet, slot->packet.arrive_ms));
	text_free(&slot->response.body);
	packet_free(&slot->packet);
	memset(slot, 0, sizeof *slot);
}

struct transport sim_transport(struct sim_store *store)
{
	return (struct transport){store, net_submit, net_take, net_cancel, NULL};
}

void sim_abandon(struct sim_store *store)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		if (store->slots[slot].busy)
			net_cancel(store, (enum transport_slot)slot);
}

void sim_network_free(struct sim *sim)
{
	for (int i = 0; i < SIM_GHOSTS_MAX; i++)
		packet_free(&sim->ghosts[i]);
}
