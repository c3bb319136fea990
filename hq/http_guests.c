#include "hq/http_guests.h"

#include <stdlib.h>
#include <sys/socket.h>

#define LOOK_EVERY_MS 1000

void guests_init(struct guests *guests)
{
	*guests = (struct guests){.count = 0};
	guests->ring.next = guests->ring.previous = &guests->ring;
}

static void show_out(struct guests *guests, struct guest *guest)
{
	guest->leaving = true;
	guests->count--;
	guest_took_back(guests, guest);
	shutdown(guest->socket, SHUT_RDWR);
}

/* Who owes, and has for longest, `bytes` or not. NULL if nobody does. */
static struct guest *longest_owing(struct guests *guests, bool bytes)
{
	struct guest *longest = NULL;

	for (struct guest *guest = guests->ring.next; guest != &guests->ring; guest = guest->next) {
		if (guest->leaving || guest->debt == GUEST_OWES_NOTHING ||
			(bytes && guest->bytes == 0))
			continue;
		if (!longest || guest->since_ms < longest->since_ms)
			longest = guest;
	}
	return longest;
}

static void make_room(struct guests *guests)
{
	struct guest *guest;

	while (guests->count > GUESTS_MAX && (guest = longest_owing(guests, false)) != NULL)
		show_out(guests, guest);
	while (guests->bytes > GUESTS_BODIES_MAX && (guest = longest_owing(guests, true)) != NULL)
		show_out(guests, guest);
}

struct guest *guests_come(struct guests *guests, int socket, int64_t now_ms)
{
	struct guest *guest = calloc(1, sizeof(*guest));

	if (!guest)
		return NULL;
	guest->socket = socket;
	guest->next = &guests->ring;
	guest->previous = guests->ring.previous;
	guest->previous->next = guest;
	guests->ring.previous = guest;
	guests->count++;
	guest_owes(guest, GUEST_OWES_REQUEST, now_ms);
	make_room(guests);
	return guest;
}

void guests_go(struct guests *guests, struct guest *guest)
{
	guest_took_back(guests, guest);
	guests->count -= !guest->leaving;
	guest->next->previous = guest->previous;
	guest->previous->next = guest->next;
	free(guest);
}

void guest_owes(struct guest *guest, enum guest_debt debt, int64_t now_ms)
{
	guest->debt = debt;
	guest->since_ms = now_ms;
}

void guest_gave(struct guests *guests, struct guest *guest, size_t bytes)
{
	if (guest->leaving)
		return;
	guest->bytes += bytes;
	guests->bytes += bytes;
	make_room(guests);
}

void guest_took_back(struct guests *guests, struct guest *guest)
{
	guests->bytes -= guest->bytes;
	guest->bytes = 0;
}

void guests_look(struct guests *guests, int64_t now_ms)
{
	static const int64_t allowed_ms[] = {
		[GUEST_OWES_NOTHING] = INT64_MAX,
		[GUEST_OWES_REQUEST] = GUEST_REQUEST_MS,
		[GUEST_OWES_READING] = GUEST_READING_MS,
	};

	if (now_ms - guests->looked_ms < LOOK_EVERY_MS)
		return;
	guests->looked_ms = now_ms;
	for (struct guest *guest = guests->ring.next; guest != &guests->ring; guest = guest->next)
		if (!guest->leaving && now_ms - guest->since_ms > allowed_ms[guest->debt])
			show_out(guests, guest);
}
