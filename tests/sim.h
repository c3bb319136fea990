/* The simulator: the consoles and syncers of some stores and one HQ in one thread, on a virtual clock,
 * with a network that drops, delays, doubles, cuts and lies, disks that fail, power that goes and
 * processes that die anywhere. It runs the step functions that the programs run. Everything follows
 * from the seed, to the last byte. */
#ifndef COUNTERTOP_TESTS_SIM_H
#define COUNTERTOP_TESTS_SIM_H

#include "hq/hq.h"
#include "model/console.h"
#include "net/syncer.h"
#include "tests/memory_disk.h"

#define SIM_STORES_MAX 4
#define SIM_HOMES_MAX (SIM_STORES_MAX + 1) /* and a copy of one */
#define SIM_SEATS_MAX 3
#define SIM_SKUS 6
#define SIM_CHANNEL "web" /* of all stores */
#define SIM_TICKETS 4
#define SIM_COMMANDS_MAX 600
#define SIM_GHOSTS_MAX 64
#define SIM_STEPS_MAX 120000 /* of one seed: what moves for longer never comes to rest */
#define SIM_PATH 4096

/* ---- the network ---- */

/* A request on its way. It may come to HQ once, twice or never. */
struct sim_packet {
	bool used;
	struct text path, token, epoch, etag, body;
	bool posts;
	int64_t arrive_ms;
	int64_t began_ms; /* at HQ; 0: not yet there */
};

struct sim_fate;

struct sim_slot {
	bool busy;
	bool answered; /* response and ready_ms are set */
	const struct sim_fate *fate;
	struct sim_packet packet;
	struct response response;
	int64_t ready_ms;
	int64_t deadline_ms; /* of the whole exchange */
	uint64_t generation; /* of HQ's feeds when it last looked */
};

/* ---- processes ---- */

/* Every process has a number: HQ, then the screens of each home and its syncer. */
#define SIM_HQ 0
#define SIM_PROCESSES (1 + SIM_HOMES_MAX * (SIM_SEATS_MAX + 1))
#define SIM_NOBODY (-1) /* the simulator itself: its disks are always well */

struct sim_process {
	int left;   /* writes until it dies; 0: it does not */
	bool power; /* it dies of the power, and all of its machine with it */
	bool dead;
};

struct sim;

/* A store's machine: one or more screens and the syncer on one home folder. */
struct sim_home {
	struct sim *sim;
	int index;
	const char *store;
	char folder[SIM_PATH];
	struct console seats[SIM_SEATS_MAX]; /* where commands are made */
	int seat_count;
	struct console behind; /* the syncer's own connection */
	struct syncer syncer;
	struct sim_slot slots[SLOT_COUNT];
	int64_t wake_ms;
	int64_t skew_ms; /* its wall clock against the true time */
	int64_t boot_base_ms;
	int64_t next_command_ms;
	int outbox_rows; /* there were so many at the last look; none goes away */
	struct text
		last_answer[SLOT_COUNT]; /* to a GET, for proxies that keep what they must not */
	/* While HQ's rows are copied anew, commands up to here may be offered again that HQ had refused, and
	 * are seen when the copy has come. */
	int64_t offered_n;
	int64_t refused_n; /* the newest that was ever seen refused */
	/* A disk that failed or a process that died may have lost the mark that a landing is due. */
	int64_t shaken_ms;
	/* An old outbox was put beside a cache that may be of another HQ than it knows. */
	int64_t strange_ms;
	/* A damaged row came that only its feed's sum can tell: until the next good landing the screen
	 * may show it. */
	bool tainted;
	int64_t tainted_ms;
	struct {
		char id[UUID_SIZE]; /* "": none waits */
		char code[16];
		int64_t due_ms;
	} late;                       /* a redemption whose answer is waited for */
	struct disk_image old_outbox; /* that somebody kept; NULL bytes: nobody did */
	bool shut_out;                /* HQ was told to refuse its token */
};

struct sim_command {
	char id[UUID_SIZE];
	char *line;  /* as it was saved; NULL where nobody could look */
	int home;    /* -1: made at HQ */
	bool saved;  /* the screen said so; else its process died while it was asked */
	bool orphan; /* its outbox was replaced by an older one, so nobody can offer it again */
};

struct sim {
	uint64_t seed, random, digest;
	int64_t now_ms;
	int steps;
	bool calm;     /* no faults any more */
	int page_rows; /* HQ gives so many at most */
	char folder[256];
	char hq_folder[SIM_PATH];
	char hq_file[SIM_PATH];
	struct hq *hq;      /* NULL while it is down */
	struct db *hq_look; /* sim_hq_db */
	int64_t hq_up_ms;
	char backup[SIM_PATH]; /* "" if none was made */
	bool backed_up;
	char first_epoch[HQ_SECRET_SIZE];
	int store_count;
	struct sim_home homes[SIM_HOMES_MAX];
	int home_count;
	struct sim_packet ghosts[SIM_GHOSTS_MAX]; /* second copies, and requests of the dead */
	char token[HQ_SECRET_SIZE];               /* of a service, to look at HQ with */
	struct uuid_source office_ids;
	int64_t office_ms; /* when HQ's people act next */
	struct sim_command commands[SIM_COMMANDS_MAX];
	int command_count;
	int64_t setup_rows; /* commands HQ had at the beginning */
	struct sim_process processes[SIM_PROCESSES];
	int running; /* the process at work */
	int faults, deaths, restores, resyncs, looks;
	/* A disk that does not take everything, until the given time. */
	const struct sim_home *bad_home; /* NULL: HQ's */
	const char *bad_file;            /* NULL: all are well */
	int64_t bad_until_ms;
	char failure[512]; /* "" while all is well */
};

/* Runs one seed; false with a sentence in sim->failure. Its files are gone afterwards. */
bool sim_run(struct sim *sim, uint64_t seed);

/* ---- sim.c ---- */
uint32_t sim_draw(struct sim *sim, uint32_t below);
bool sim_chance(struct sim *sim, uint32_t percent);
void sim_random_bytes(void *bytes, size_t size); /* of the simulation that runs */
void sim_fail(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What happens goes into the digest. */
void sim_note(struct sim *sim, const void *bytes, size_t size);
/* With SIM_TRACE set, says what happens. */
void sim_tell(const struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t sim_hash(const char *bytes, size_t size);
/* From now on this process is at work; gives who was before. */
int sim_enter(struct sim *sim, int process);
/* Is a disk of the home (NULL: HQ) bad just now? */
bool sim_disk_bad(const struct sim_home *home);
/* The process dies within so many writes. */
void sim_doom(struct sim *sim, int process, bool power);

/* ---- sim_hq.c ---- */
/* HQ with its goods and people and the stores' homes, enrolled: made once, then copied. */
void sim_begin_world(struct sim *sim);
bool sim_hq_open(struct sim *sim, bool create);
void sim_hq_close(struct sim *sim);
void sim_hq_reap(struct sim *sim); /* if it died: it comes back later */
void sim_hq_back_up(struct sim *sim);
void sim_hq_restore(struct sim *sim);
/* HQ's people do something. */
void sim_office(struct sim *sim);
void sim_shut_out(struct sim_home *home, bool out); /* its token is revoked, or good again */
/* Asks HQ at once, past the network; answer is the caller's to free. Status 0 while HQ is down. */
void sim_ask(struct sim *sim, const struct hq_request *request, struct hq_answer *answer);
void sim_get(struct sim *sim, const char *path, struct hq_answer *answer);
/* The simulator's own connection to HQ's database; NULL and a failure if it cannot be had. It stays the
 * simulator's. */
struct db *sim_hq_db(struct sim *sim);

/* ---- sim_home.c ---- */
int sim_seat(const struct sim_home *home, int seat); /* the number of its process */
int sim_syncer(const struct sim_home *home);
bool sim_home_open(struct sim_home *home);
void sim_home_close(struct sim_home *home);
void sim_home_free(struct sim_home *home);
void sim_home_enrol(struct sim_home *home);
/* The true time of the syncer's last landing; 0 if there was none since it began. */
int64_t sim_landed_ms(const struct sim_home *home);
/* Brings back what died. */
void sim_home_reap(struct sim_home *home);
/* Something happens to the home that people do: it is copied, its old outbox is put back, … */
void sim_home_mishap(struct sim_home *home);

/* ---- sim_net.c ---- */
struct transport sim_transport(struct sim_home *home);
/* Delivers what is due; returns when something is due next. */
int64_t sim_network(struct sim *sim);
/* What is on its way stays on its way, but nobody waits for the answer any more. */
void sim_abandon(struct sim_home *home);
void sim_network_free(struct sim *sim);

/* ---- sim_fate.c ---- */
enum sim_way {
	WAY_HQ,      /* it reaches HQ */
	WAY_LOST,    /* it never arrives; the client's timeout ends it */
	WAY_REFUSED, /* nobody listens */
	WAY_OTHER    /* something on the way answers */
};
struct sim_fate {
	const char *name;
	uint32_t weight;
	enum sim_way way;
	bool doubled, late;
	/* Makes the answer, or spoils HQ's. */
	void (*answer)(struct sim_home *home, enum transport_slot at, struct response *response);
};
const struct sim_fate *sim_draw_fate(struct sim *sim, bool dead);

/* ---- sim_act.c ---- */
/* Somebody at a screen of the home does something. */
void sim_act(struct sim_home *home);
int64_t sim_home_time(struct sim_home *home, struct console *seat);

/* ---- the rules of design.md §4 that can be seen here ---- */
void sim_check(struct sim *sim);
/* sim_check_screen.c; 4 and 5 at any instant */
void sim_rule_4_cursor(struct sim_home *home);
void sim_rule_5_screen(struct sim_home *home, struct console *seat, bool all);
/* sim_check_hq.c */
void sim_rule_2_once(struct sim *sim);
void sim_rule_3_rows(struct sim_home *home);
void sim_rule_6_goods(struct sim *sim);
void sim_rule_9_kept(struct sim_home *home);

#endif
