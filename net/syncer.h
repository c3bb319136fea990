/* The syncer: moves commands up to HQ and rows down, as a step function. It knows no socket, no
 * clock and no randomness but what it is given, so that the simulator runs this very code; run.c is
 * the process around it.
 *
 * Three lanes, each with one request under way at most and its own backoff:
 *
 *   PUSH   up to 200 queued commands in outbox order; their verdicts one by one into the outbox
 *   PULL   hello (time, epoch), then pages of changes into staging until `more` is false, then the
 *          landing that makes them visible; else, now and then, what became of a parked command
 *   POLL   a long-poll that says when to pull again
 *
 * A watchdog looks over all of it: a request of which no byte moved for three minutes, or work on the
 * databases that did not succeed for so long, ends every request and begins anew with hello and fresh
 * connections; what cannot land even then is fetched anew from nothing.
 *
 * Invariants: pushing never waits for pulling. A page counts only whole: header with `from` equal to
 * our cursor, every row, and the trailer that counts them. An answer to a push counts only whole.
 * Nothing HQ answers removes a command but a verdict for its id. */
#ifndef COUNTERTOP_NET_SYNCER_H
#define COUNTERTOP_NET_SYNCER_H

#include "model/console.h"
#include "net/transport.h"
#include "net/trouble.h"

#define SYNC_LINES_MAX 200
#define SYNC_BYTES_MAX ((size_t)1024 * 1024)
#define SYNC_ETAG_SIZE 128

struct sync_time {
	int64_t wall_ms; /* the terminal's clock: only for the first moments, until HQ was heard */
	int64_t boot_ms; /* CLOCK_BOOTTIME: everything here is scheduled by it */
};

struct sync_env {
	struct transport transport;
	void *ctx;
	void (*random)(void *ctx, void *bytes, size_t size);
	int64_t (*boot_ms)(void *ctx); /* to measure what a landing costs */
	void (*changed)(void *ctx);    /* after a verdict, a landing, a new word about the line */
};

struct lane {
	bool busy;
	int failures;     /* in a row */
	int64_t next_ms;  /* not before */
	int64_t floor_ms; /* HQ asked for this, or will not let us in: a poke does not shorten it */
	bool poked;       /* one try out of turn was had since the last one in turn */
	bool reached;     /* the last answer came from HQ itself */
	bool probe;       /* what is under way tries whether HQ can be reached again */
	int64_t moved_ms; /* when there last was a sign of what is under way */
	int64_t bytes;    /* of it, then */
	char trouble[TROUBLE_SIZE]; /* "" while all is well */
};

/* The line to HQ, see syncer_lane.c. */
struct line {
	bool open; /* HQ cannot be reached */
	int failures;
	int64_t next_ms; /* of the next probe */
	bool poked;
};

enum sync_asked { SYNC_NOT_ASKED, SYNC_WORKING, SYNC_DONE, SYNC_FAILED };
enum sync_pull { SYNC_PULL_NONE, SYNC_PULL_HELLO, SYNC_PULL_PAGE, SYNC_PULL_FAR, SYNC_PULL_PARKED };

struct syncer {
	struct console *console;
	struct sync_env env;
	struct sync_time now;
	struct lane lanes[SLOT_COUNT];
	struct line line;
	int64_t spent_ms; /* the budget of requests is spent up to this time, see syncer_lane.c */
	struct console_device device;
	bool enrolled;
	int64_t looked_ms; /* at the databases, for the work of others */

	/* push */
	bool push_wanted;
	bool push_more; /* than fits into the batch that went last */
	int batch_lines;
	size_t batch_bytes;
	char sent[SYNC_LINES_MAX][UUID_SIZE];
	int sent_count;

	/* pull */
	enum sync_pull pulling;
	bool greeted;          /* hello was answered and its epoch is ours */
	int64_t hello_ms;      /* when to say hello again, for the time */
	int64_t hello_sent_ms; /* boot clock, of the last one */
	bool clock_known;
	int64_t clock_ms; /* HQ's time at boot time 0, from the last hello */
	bool healed;      /* a changed epoch was dealt with before hello told its name */
	bool offer_due;   /* the outbox is still to be offered again */
	bool resync_due;  /* the cache is still to forget its cursor */
	bool pull_wanted;
	bool mid_chain; /* pages may be staged whose last one has not come */
	bool landing_due;
	bool landing_stale; /* it was put off for pushes: HQ has more by now */
	bool rebase_due;
	int64_t land_next_ms; /* a failed landing is tried again then */
	int land_failures;    /* in a row */
	int64_t work_ms;      /* since when work on the databases is due and does not succeed */
	int land_restarts;    /* in a row, because of that */
	int64_t pull_next_ms; /* so that replays cost a twentieth of the time at most */
	char *cursor;         /* what the page under way was asked behind */
	char *known;          /* the cursor as we left it; another one means another cache */
	cJSON *last_sums;     /* of the last landing; NULL before the first */
	int64_t landed_ms;    /* when that was */
	cJSON *sums;          /* of the landing that is due */
	int resyncs;          /* in a row, for sums that differed */
	int64_t kept_ms;      /* when pages of a whole copy were last made sure of */
	struct console_progress copied;
	int64_t copy_began_ms, copy_began_rows; /* in this run of the syncer */
	int64_t rows_expected, rows_pulled;

	char far_sku[COMMAND_ID_MAX + 1]; /* whose stock elsewhere is being asked for */

	/* the parked command asked about last, and when to ask about the next */
	int64_t parked_n, parked_next_ms;

	/* poll */
	char etag[SYNC_ETAG_SIZE];

	/* sync_ask */
	enum sync_asked asked;
	bool asked_push, asked_pull; /* still to end */
	bool ask_failed;             /* a lane had trouble; what is under way still ends */
	bool page_counts;            /* the page under way was asked for after sync_ask */

	int64_t odd_rows; /* put aside, for tests */
	bool link_said;
	bool link_online;
	int64_t link_next_ms; /* boot time; 0: no try waits */
	char link_trouble[TROUBLE_SIZE];
};

/* The console stays the caller's and must outlive the syncer. */
void sync_init(struct syncer *syncer, struct console *console, const struct sync_env *env);
void sync_free(struct syncer *syncer);

/* Does what can be done now; returns the boot time at which to call again at the latest. Call it
 * earlier when the transport has something or after a poke. */
int64_t sync_step(struct syncer *syncer, struct sync_time now);

/* Something changed in the databases: look, and try out of turn once if a lane is waiting. */
void sync_poke(struct syncer *syncer);

/* A person wants it tried now: each press is a try out of turn, as far as the budget of requests goes. */
void sync_press(struct syncer *syncer);

/* Push all and pull all, now, whatever the backoff; sync_answer then says how it went: DONE once the
 * outbox was seen empty and everything HQ had at this call has landed, FAILED if either met with trouble.
 * The other is let end what it has under way: a verdict on its way is worth more than haste. */
void sync_ask(struct syncer *syncer);
enum sync_asked sync_answer(const struct syncer *syncer);

/* Nothing to push, nothing to land, nothing under way but the long-poll. */
bool sync_idle(const struct syncer *syncer);
/* Nothing under way that would be thrown away. What HQ does not give now the next syncer fetches: it is not
 * waited for. Says nothing about what is still to be sent. */
bool sync_may_end(const struct syncer *syncer);
/* The words for what is wrong, "" if nothing is. */
const char *sync_trouble(const struct syncer *syncer);

#endif
