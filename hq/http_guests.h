/* The connections, by what HQ waits for: whoever keeps it waiting too long, or takes more room than
 * there is, is shown out.
 *
 *   a guest owes its request from when it came, or had its last answer, until the request is whole;
 *   it owes to read while it is being answered; it owes nothing while HQ works, a long-poll included.
 *
 * Bytes that trickle in do not put off the deadline: that is how a few machines would otherwise hold
 * all places. When room runs out the guest that has owed for longest goes. Showing out shuts the
 * socket; its owner then finds the end of the connection and closes it. */
#ifndef COUNTERTOP_HQ_HTTP_GUESTS_H
#define COUNTERTOP_HQ_HTTP_GUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUESTS_MAX 850                               /* who stay when more come */
#define GUESTS_BODIES_MAX ((size_t)32 * 1024 * 1024) /* bytes of unfinished requests, together */
#define GUEST_REQUEST_MS ((int64_t)60 * 1000)        /* to send a whole request */
#define GUEST_READING_MS ((int64_t)300 * 1000)       /* to read a whole answer */

enum guest_debt { GUEST_OWES_NOTHING, GUEST_OWES_REQUEST, GUEST_OWES_READING };

struct guest {
	int socket;
	enum guest_debt debt;
	int64_t since_ms;
	size_t bytes; /* of a body, here already */
	bool leaving;
	struct guest *next, *previous;
};

struct guests {
	struct guest ring; /* its head */
	int count;         /* without those that are leaving, */
	size_t bytes;      /* as here */
	int64_t looked_ms;
};

void guests_init(struct guests *guests);
/* A new connection, owing its request; NULL if memory is short. It is given back by guests_go. */
struct guest *guests_come(struct guests *guests, int socket, int64_t now_ms);
void guests_go(struct guests *guests, struct guest *guest);

void guest_owes(struct guest *guest, enum guest_debt debt, int64_t now_ms);
/* More of its body is here. */
void guest_gave(struct guests *guests, struct guest *guest, size_t bytes);
/* Nothing of its request is kept any more. */
void guest_took_back(struct guests *guests, struct guest *guest);
/* Shows out who is overdue; looks once a second, however often it is called. */
void guests_look(struct guests *guests, int64_t now_ms);

#endif
