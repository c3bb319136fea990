/* What may become of a request in the simulator: one row for each way. */
#include "tests/sim.h"

#include <stdio.h>
#include <string.h>

static void set_page(struct response *response, int status, const char *type, const char *body)
{
	text_free(&response->body);
	response->status = status;
	response->fault = FAULT_NONE;
	response->etag[0] = '\0';
	response->body = TEXT_INIT(TEXT_LARGE);
	text_add(&response->body, body);
	snprintf(response->type, sizeof response->type, "%s", type);
}

static void set_problem(struct response *response, int status, const char *word)
{
	char body[200];

	snprintf(body, sizeof body,
		"{\"type\":\"urn:countertop:problem:%s\",\"status\":%d,\"code\":\"%s\"}", word,
		status, word);
	set_page(response, status, "application/problem+json", body);
}

static void set_fault(struct response *response, enum transport_fault fault)
{
	text_free(&response->body);
	response->status = 0;
	response->fault = fault;
}

/* ---- what stands in front of HQ ---- */

static void web_page(struct sim_home *home, enum transport_slot at, struct response *response)
{
	static const int statuses[] = {200, 302, 502, 511};

	(void)at;
	set_page(response, statuses[sim_draw(home->sim, 4)], "text/html",
		"<html>Please log in</html>");
}

static void busy(struct sim_home *home, enum transport_slot at, struct response *response)
{
	/* Sensible and absurd ones: what a server says is only a wish. */
	static const int64_t waits_ms[] = {
		-1, 0, 1000, 5000, 120000, INT64_C(10000000000000), INT64_MAX, INT64_MIN};

	(void)at;
	set_problem(response, sim_chance(home->sim, 50) ? 429 : 503, "unavailable");
	response->retry_after_ms = waits_ms[sim_draw(home->sim, 8)];
}

static void broken(struct sim_home *home, enum transport_slot at, struct response *response)
{
	static const int statuses[] = {500, 500, 404, 413, 408, 504, 100, 600};

	(void)at;
	set_problem(response, statuses[sim_draw(home->sim, 8)], "fault");
}

static void forbidden(struct sim_home *home, enum transport_slot at, struct response *response)
{
	(void)at;
	set_problem(response, sim_chance(home->sim, 50) ? 401 : 403, "forbidden");
}

static void other_epoch(struct sim_home *home, enum transport_slot at, struct response *response)
{
	(void)home;
	(void)at;
	set_problem(response, 409, "epoch_changed");
}

static void resync(struct sim_home *home, enum transport_slot at, struct response *response)
{
	(void)home;
	(void)at;
	set_problem(response, 410, "resync");
}

static void nothing(struct sim_home *home, enum transport_slot at, struct response *response)
{
	(void)at;
	set_page(response, sim_chance(home->sim, 50) ? 200 : 204, "", "");
}

/* A proxy that keeps what it must not: this answer, or another's, came here before. */
static void old_answer(struct sim_home *home, enum transport_slot at, struct response *response)
{
	enum transport_slot of = sim_chance(home->sim, 60)
		? at
		: (enum transport_slot)sim_draw(home->sim, SLOT_COUNT);
	const struct text *kept = &home->last_answer[of];
	struct text copy = TEXT_INIT(TEXT_LARGE);

	text_add_bytes(&copy, text_get(kept), kept->length);
	set_page(response, 200, "application/json", text_get(&copy));
	text_free(&copy);
}

/* ---- what happens to HQ's answer ---- */

static void unheard(struct sim_home *home, enum transport_slot at, struct response *response)
{
	(void)home;
	(void)at;
	set_fault(response, FAULT_TIMEOUT);
}

static void cut(struct sim_home *home, enum transport_slot at, struct response *response)
{
	(void)home;
	(void)at;
	set_fault(response, FAULT_CUT);
}

/* It ends somewhere in the middle, and nobody notices. */
static void torn(struct sim_home *home, enum transport_slot at, struct response *response)
{
	struct text *body = &response->body;
	/* Often just behind a line: then every line that came can be read. */
	bool whole_lines = sim_chance(home->sim, 60);

	(void)at;
	if (body->length == 0)
		return;
	body->length = sim_draw(home->sim, (uint32_t)body->length);
	while (whole_lines && body->length > 0 && body->bytes[body->length - 1] != '\n')
		body->length--;
	body->bytes[body->length] = '\0';
}

/* One line comes twice or not at all: a page's trailer counts its rows. */
static void line_lost(struct sim_home *home, enum transport_slot at, struct response *response)
{
	struct text *body = &response->body;
	size_t from, to;

	(void)at;
	if (body->length < 2)
		return;
	from = sim_draw(home->sim, (uint32_t)body->length - 1);
	while (from > 0 && body->bytes[from - 1] != '\n')
		from--;
	to = from + strcspn(body->bytes + from, "\n");
	to += to < body->length;
	memmove(body->bytes + from, body->bytes + to, body->length - to);
	body->length -= to - from;
	body->bytes[body->length] = '\0';
}

/* A byte that makes no sense where it stands: no checksum is needed to see it. */
static void garbled(struct sim_home *home, enum transport_slot at, struct response *response)
{
	static const char bytes[] = {'\x01', '\xFF', '\x80', '\0'};
	struct text *body = &response->body;

	(void)at;
	if (body->length > 0)
		body->bytes[sim_draw(home->sim, (uint32_t)body->length)] =
			bytes[sim_draw(home->sim, 4)];
}

/* A digit of a row becomes another one, which only the sum of its feed can tell. */
static void row_changed(struct sim_home *home, enum transport_slot at, struct response *response)
{
	struct text *body = &response->body;
	char *row = body->length > 0 ? strstr(body->bytes, "\"row\":{") : NULL, *end, *digit;

	if (at != SLOT_PULL || !row)
		return;
	end = row + strcspn(row, "\n");
	digit = row + sim_draw(home->sim, (uint32_t)(end - row));
	digit += strcspn(digit, "0123456789");
	if (digit >= end)
		return;
	*digit = (char)(*digit == '9' ? '1' : *digit + 1);
	home->tainted = true;
	home->tainted_ms = home->sim->now_ms;
}

static const struct sim_fate well = {"well", 0, WAY_HQ, false, false, NULL};

static const struct sim_fate fates[] = {
	{"lost", 12, WAY_LOST, false, false, NULL},
	{"refused", 12, WAY_REFUSED, false, false, NULL},
	{"unheard", 14, WAY_HQ, false, false, unheard},
	{"torn", 12, WAY_HQ, false, false, torn},
	{"cut", 10, WAY_HQ, false, false, cut},
	{"line lost", 10, WAY_HQ, false, false, line_lost},
	{"garbled", 8, WAY_HQ, false, false, garbled},
	{"row changed", 3, WAY_HQ, false, false, row_changed},
	{"doubled", 14, WAY_HQ, true, false, NULL},
	{"late", 12, WAY_HQ, false, true, NULL},
	{"late and unheard", 5, WAY_HQ, true, true, unheard},
	{"web page", 8, WAY_OTHER, false, false, web_page},
	{"busy", 10, WAY_OTHER, false, false, busy},
	{"broken", 8, WAY_OTHER, false, false, broken},
	{"forbidden", 4, WAY_OTHER, false, false, forbidden},
	{"other epoch", 1, WAY_OTHER, false, false, other_epoch},
	{"resync", 1, WAY_OTHER, false, false, resync},
	{"nothing", 5, WAY_OTHER, false, false, nothing},
	{"old answer", 7, WAY_OTHER, false, false, old_answer},
};

const struct sim_fate *sim_draw_fate(struct sim *sim, bool dead)
{
	uint32_t all = 0, drawn;
	size_t i = 0;

	if (dead)
		return &fates[0]; /* lost */
	if (sim->calm || !sim_chance(sim, 30))
		return &well;
	sim->faults++;
	for (size_t j = 0; j < sizeof fates / sizeof *fates; j++)
		all += fates[j].weight;
	for (drawn = sim_draw(sim, all); drawn >= fates[i].weight; i++)
		drawn -= fates[i].weight;
	return &fates[i];
}
