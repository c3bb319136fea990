/* What the files of the fault proxy share. */
#ifndef COUNTERTOP_TESTS_FAULT_PROXY_PARTS_H
#define COUNTERTOP_TESTS_FAULT_PROXY_PARTS_H

#include "model/text.h"
#include "tests/fault_proxy.h"

#include <poll.h>
#include <pthread.h>

#define LINKS_MAX 256
#define PATH_BYTES 64
#define SEEN_MAX 16

enum proxy_deed {
	PROXY_PASS,
	PROXY_CLOSE,       /* HQ hears nothing, the console gets the end of the connection */
	PROXY_RESET,       /* the same, with RST */
	PROXY_TEAR,        /* HQ hears half of the request */
	PROXY_STRAGGLE,    /* HQ hears the request after later ones; its answer is lost */
	PROXY_TWICE,       /* HQ hears it twice; the second answer passes */
	PROXY_RESET_AFTER, /* HQ hears it, then RST instead of the answer */
	PROXY_CUT,         /* half of the answer, then the end */
	PROXY_GARBLE,      /* a byte of the answer's body is another */
	PROXY_DELAY,
	PROXY_DRIP,      /* the answer byte by byte, without end in sight */
	PROXY_HANG,      /* never a word */
	PROXY_HANG_HALF, /* half of the answer, then never a word */
	PROXY_DIE,       /* the answer passes; the connection is dead from then on */
	PROXY_SAY,       /* HQ hears nothing; the text is the answer */
	PROXY_FLOOD,     /* the same, then `more` again and again */
	PROXY_BOMB,      /* the same, then gzip of zeros again and again */
};

struct proxy_fault {
	const char *name;
	enum proxy_deed deed;
	const char *text, *more;
};

extern const struct proxy_fault proxy_fault_table[];
extern const int proxy_fault_count;

/* Row 0 for an unknown name. */
const struct proxy_fault *proxy_fault_find(const char *name);

/*
 * A link is one connection of a console:
 *
 *   READING   a request comes in          -> ASKING, TELLING, STUCK, or it waits as a straggler
 *   ASKING    it goes to HQ               -> HEARING
 *   HEARING   HQ's answer comes in        -> TELLING, ASKING (once more), or the link ends
 *   TELLING   the answer goes out         -> READING, STUCK, or the link ends
 *   STUCK     nothing more happens
 *   WAITING   a straggler: the console is gone, HQ has not heard yet -> ASKING
 */
enum stage { FREE, READING, ASKING, HEARING, TELLING, STUCK, WAITING };

struct link {
	enum stage stage;
	const struct proxy_fault *fault;
	int console, hq; /* descriptors; -1: none */
	struct text request, answer;
	size_t asked, told; /* bytes */
	size_t due;         /* how much of the answer is told before the fault strikes */
	int asks_left;
	int64_t not_before_ms, since_ms;
	int64_t heard_ms; /* when HQ's answer was whole */
	int behind;       /* the count of requests at which a straggler goes */
};

struct proxy {
	pthread_t thread;
	pthread_mutex_t lock; /* of what stands up to `ending` */
	struct {
		const struct proxy_fault *fault;
		char path[PATH_BYTES];
		int times;
	} order;
	int storm_percent;
	uint64_t random;
	struct {
		char path[PATH_BYTES];
		int count;
	} seen[SEEN_MAX];
	int requests, faults, stragglers;
	int64_t delay_ms;
	bool cutting, ending;
	int wake, listener;
	uint16_t hq_port;
	char url[64];
	struct text bomb_head, bomb_more;
	struct link links[LINKS_MAX];
};

int64_t proxy_now_ms(void);
/* Accepts a console's connection. */
void proxy_link_take(struct proxy *proxy);
/* What the link waits for; fd -1: only for the time. */
struct pollfd proxy_link_wish(struct proxy *proxy, const struct link *link);
/* What it waited for is there. */
void proxy_link_go_on(struct proxy *proxy, struct link *link);
/* What happens by the time alone, or because what hangs is to be cut. */
void proxy_link_look(struct proxy *proxy, struct link *link, bool cutting, bool storming);
void proxy_link_end(struct proxy *proxy, struct link *link, bool reset);

#endif
