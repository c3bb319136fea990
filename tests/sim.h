/* The simulator: two stores' consoles and syncers and one HQ in one thread, on a virtual clock, with
 * a network that drops, delays, doubles, cuts and lies, and with crashes. It runs the step functions
 * that the programs run. Everything follows from the seed. */
#ifndef COUNTERTOP_TESTS_SIM_H
#define COUNTERTOP_TESTS_SIM_H

#include "hq/hq.h"
#include "model/console.h"
#include "net/syncer.h"

#define SIM_STORES 2
#define SIM_SKUS 6
#define SIM_COMMANDS_MAX 400
#define SIM_GHOSTS_MAX 64
#define SIM_PATH 4096

/* A request on its way. It may come to HQ once, twice or never, and its answer back whole, torn or
 * never. */
struct sim_packet {
	bool used;
	struct text path, token, epoch, etag, body;
	bool posts;
	int64_t arrive_ms;
	int64_t began_ms; /* at HQ; 0: not yet there */
};

enum sim_fate {
	FATE_WELL,
	FATE_LOST,    /* never arrives; the client's timeout ends it */
	FATE_UNHEARD, /* HQ acts on it, the answer is lost */
	FATE_TORN,    /* the answer ends somewhere in the middle */
	FATE_CUT,     /* the same, and the transport notices */
	FATE_DOUBLED, /* HQ gets it twice, the second time late */
	FATE_PROXY,   /* something on the way answers 502 with a web page */
	FATE_BUSY,    /* 503 with Retry-After */
	FATE_COUNT
};

struct sim_slot {
	bool busy;
	bool answered; /* response and ready_ms are set */
	enum sim_fate fate;
	struct sim_packet packet;
	struct response response;
	int64_t ready_ms;
	uint64_t generation; /* of HQ's feeds when it last looked */
};

struct sim;

struct sim_store {
	struct sim *sim;
	const char *name;
	char home[SIM_PATH];
	struct console screen; /* where commands are made */
	struct console behind; /* the syncer's own connection */
	struct syncer syncer;
	struct sim_slot slots[SLOT_COUNT];
	int64_t wake_ms;
	int64_t skew_ms; /* its wall clock against the true time */
	int64_t boot_base_ms;
	int64_t next_command_ms;
};

struct sim {
	uint64_t seed, random;
	int64_t now_ms;
	bool calm; /* no faults any more */
	char folder[SIM_PATH];
	char hq_url[SIM_PATH];
	char hq_file[SIM_PATH];
	char backup[SIM_PATH]; /* "" if none was made */
	struct hq *hq;
	struct sim_store stores[SIM_STORES];
	struct sim_packet
		ghosts[SIM_GHOSTS_MAX]; /* second copies, and requests of a process that died */
	char token[HQ_SECRET_SIZE];     /* of a service, to look at HQ with */
	char saved[SIM_COMMANDS_MAX][UUID_SIZE];
	int saved_count;
	int crashes, restores, faults;
	/* A disk that does not take everything, until the given time. */
	const struct sim_store *bad_store; /* NULL: HQ's */
	const char *bad_file;              /* "": all are well */
	int64_t bad_until_ms;
	char failure[512]; /* "" while all is well */
};

/* Runs one seed; false with a sentence in sim->failure. Its files are gone afterwards. */
bool sim_run(struct sim *sim, uint64_t seed);

/* ---- between the simulator's files ---- */
uint32_t sim_draw(struct sim *sim, uint32_t below);
bool sim_chance(struct sim *sim, uint32_t percent);
void sim_fail(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct transport sim_transport(struct sim_store *store);
/* Delivers what is due; returns when something is due next. */
int64_t sim_network(struct sim *sim);
/* What is on its way stays on its way, but nobody waits for the answer any more. */
void sim_abandon(struct sim_store *store);
void sim_network_free(struct sim *sim);
/* Asks HQ at once, past the network; answer is the caller's to free. */
void sim_ask(struct sim *sim, const struct hq_request *request, struct hq_answer *answer);

/* Is a disk of the store bad just now? */
bool sim_disk_bad(const struct sim_store *store);
bool sim_hq_open(struct sim *sim, bool create);
void sim_populate(struct sim *sim);
void sim_act(struct sim_store *store);
/* At any instant: what the screen shows is HQ's rows and the own commands, none missing or twice. */
void sim_check_screen(struct sim_store *store);
/* After rest: everything of design.md §4 that can be seen. */
void sim_check(struct sim *sim);

#endif
