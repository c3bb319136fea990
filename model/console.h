/* A store's local side: outbox.db keeps what was done here until HQ has answered (precious),
 * cache.db holds HQ's rows with the local commands applied on top (disposable). See design.md §1.
 *
 * States of an outbox row (column `state`):
 *
 *   queued ──push──> answered(applied) ──covered──> done
 *     │                  answered(rejected | parked) ──> done, and the inbox shows it until dismissed,
 *     │                  or until HQ could apply what it had parked
 *     └──withdraw──> withdrawn (never sent; no verdict)
 *
 * A command is visible while queued, and after `applied` until covered: its effects are in cache.db.
 * Invariants: (1) a row is inserted before anything on the screen says saved; (2) only a verdict for
 * that id ends `queued`; (3) cache = HQ's rows + visible commands in outbox order, up to applied.n. */
#ifndef COUNTERTOP_MODEL_CONSOLE_H
#define COUNTERTOP_MODEL_CONSOLE_H

#include "model/command.h"

#define CONSOLE_STORES_MAX 64

struct console {
	struct db *outbox;
	struct db *cache;          /* NULL while the cache cannot be opened */
	struct console_copy *copy; /* a whole copy on its way; NULL if none is open */
	char *home;                /* folder; owned */
	char trouble[300];         /* why the cache cannot be opened */
	const char *vfs;
	struct uuid_source uuids;
	void (*random)(void *bytes, size_t size);
	const char *boot; /* names this run of the machine, NULL if not known; set before opening */
	int64_t outbox_seen; /* data versions, for console_changed */
	int64_t cache_seen;
	uint64_t cache_inode;
	/* from outbox.device, empty before enrolment */
	char device[COMMAND_ID_MAX + 1];
	char *stores[CONSOLE_STORES_MAX];
	int store_count;
};

/* Opens or makes both databases in the folder (0700). A cache of another version, or a damaged one,
 * is made anew; an outbox of another version or a damaged one is refused with a sentence. */
bool console_open(
	struct console *console, const char *home, const char *vfs, char *error, size_t size);
void console_close(struct console *console);
bool console_enrolled(const struct console *console);
struct world console_world(const struct console *console);

struct console_verdict {
	bool saved; /* it stands in the outbox, on the disk */
	enum refusal refusal;
	char id[UUID_SIZE];
	char message[256];
	cJSON *result; /* of the local run; owned */
};

/* Does what the user asked: judges it (a refused request, or a fact with bad data or without the right, is
 * not stored), stores it, applies it to the cache. data is consumed. store and actor as in a command line.
 * Not saved: REFUSAL_FAULT with a message if the disk would not take it, REFUSAL_BUSY if a request could not
 * be judged within 50 ms as others are at work on the cache. A fact is saved then too, and shown later:
 * there is no result yet. */
void console_do(struct console *console, const char *op, const char *store, const char *actor,
	cJSON *data, int64_t now_ms, struct console_verdict *verdict);
/* Only the rehearsal: what would happen now? Stores nothing. */
void console_rehearse(struct console *console, const char *op, const char *store, const char *actor,
	cJSON *data, int64_t now_ms, struct console_verdict *verdict);
/* Several requests as one: they are rehearsed one behind the other, and all are saved at once, or none if
 * one is refused; the verdict is that one's. data of every task is consumed. */
struct console_task {
	const char *op;
	cJSON *data;
};
struct console_batch {
	const char *store, *actor;
	const struct console_task *tasks;
	int count;
};
void console_do_all(struct console *console, const struct console_batch *batch, int64_t now_ms,
	struct console_verdict *verdict);
void console_verdict_free(struct console_verdict *verdict);

/* Applies every outbox row not yet applied to the cache, in outbox order: the only function that
 * applies local commands. False if the cache was busy for 50 ms or failed, or if more is left than a
 * screen should stand still for; then it happens later. */
bool console_catch_up(struct console *console, int64_t now_ms);

/* True if anything changed since the last call, by others or by console_catch_up; reopens a cache that
 * was deleted. */
bool console_changed(struct console *console);

/* HQ's time: kept from the last hello and carried on by boot_ms (CLOCK_BOOTTIME) while the machine runs.
 * After a restart there is only the terminal's clock, wall_ms: it is taken as far from HQ's as it was
 * then, and never for earlier than that hello. It is also used where HQ was never heard. */
int64_t console_hq_time(struct console *console, int64_t boot_ms, int64_t wall_ms);
/* How far that may be from HQ's, either way: what the last hello left open, and what a clock may have drifted
 * since. CONSOLE_CLOCK_UNKNOWN_MS where it rests on the terminal's own clock, which nobody has checked. */
#define CONSOLE_CLOCK_UNKNOWN_MS (INT64_C(24) * 3600 * 1000)
int64_t console_hq_time_error(struct console *console, int64_t boot_ms);

/* ---- the inbox, the queue ---- */
struct console_counts {
	int unsent;  /* queued */
	int refused; /* rejected or parked and not dismissed */
	int amber;   /* visible, but refused on the last replay */
	int exceptions;
	int64_t oldest_ms; /* `at` of the oldest unsent; 0 if none */
	int64_t pulled_ms; /* when the cache last was up to date, HQ time; 0 if never */
	bool online;       /* the syncer's last word */
	char trouble[200]; /* its last error in words; "" if none */
};
void console_count(struct console *console, const char *store, struct console_counts *counts);
enum console_box { CONSOLE_UNSENT, CONSOLE_REFUSED, CONSOLE_EVERY };
enum console_box_column {
	CONSOLE_BOX_N,
	CONSOLE_BOX_ID,
	CONSOLE_BOX_OP,
	CONSOLE_BOX_STORE,
	CONSOLE_BOX_ACTOR,
	CONSOLE_BOX_AT,
	CONSOLE_BOX_STATUS,
	CONSOLE_BOX_CODE,
	CONSOLE_BOX_MESSAGE,
	CONSOLE_BOX_LINE,
	CONSOLE_BOX_SENT,
	CONSOLE_BOX_STATE
};
/* Rows of these columns, newest first; db_done when read. before_n 0 starts at the newest. */
struct db_rows *console_box(
	struct console *console, enum console_box box, int64_t before_n, int most);
/* Rows (id, actor, at, line, state) of the visible commands of one kind, newest first; db_done when read. */
struct db_rows *console_visible(struct console *console, const char *op);
/* Is the visible command refused by the rows HQ has sent since? Its code then. */
bool console_amber(struct console *console, const char *id, char code[40]);
/* What HQ wants someone of this store to look at, not the dismissed: rows (id, kind, doc_kind, doc, sku, at, actor,
 * store, detail, redemptions), in no order, for console_exceptions_next. A code redeemed twice is one row of the kind
 * CONSOLE_DOSSIER, whose id is the code, as long as its dossier is not settled; the exceptions raised for it are behind
 * it. NULL without a cache. */
#define CONSOLE_DOSSIER "dossier"
#define CONSOLE_EXCEPTIONS_MAX 2000 /* the newest; what console_count counts, too */
struct db_rows *console_exceptions(struct console *console, const char *store);
bool console_exceptions_next(struct console *console, struct db_rows *rows);
/* Takes a refused command or an exception off the inbox; it stays readable. */
bool console_dismiss(struct console *console, const char *id);
/* Takes back a command that has not left yet; false if it has. */
bool console_withdraw(struct console *console, const char *id);
/* The verdict HQ gave, as its JSON; NULL while there is none. The caller frees it. */
char *console_verdict_of(struct console *console, const char *id);

/* ---- for the syncer ---- */
struct console_device {
	char *url, *token, *device, *epoch; /* owned */
};
bool console_enrol(struct console *console, const char *url, const char *token, const char *device,
	const char *const *stores, int store_count);
bool console_device(struct console *console, struct console_device *device);
void console_device_free(struct console_device *device);
bool console_set_epoch(struct console *console, const char *epoch);
/* Says how the line is; screens show it. */
void console_set_link(struct console *console, bool online, const char *trouble);
/* Before that: now_ms is since when, unless it was so already; next_ms when HQ is tried again, 0 if
 * no try waits. Both HQ time. */
void console_set_tries(struct console *console, bool online, int64_t now_ms, int64_t next_ms);
/* What of HQ's doing was put aside or cut short, counted since this cache began. */
enum console_odd {
	CONSOLE_ODD_VERDICTS, /* about commands nobody asked about, or in unknown words */
	CONSOLE_ODD_SLOWED,   /* HQ answered often and nothing came of it: it was asked less */
	CONSOLE_ODD_RESTARTS, /* nothing moved for minutes: sync was begun anew */
	CONSOLE_ODD_COUNT
};
void console_note_odd(struct console *console, enum console_odd odd, int64_t count);
int64_t console_odd(struct console *console, enum console_odd odd);
/* error_ms: how far hq_ms may be from HQ's clock; half the round trip of a hello. */
void console_set_clock(
	struct console *console, int64_t hq_ms, int64_t error_ms, int64_t boot_ms, int64_t wall_ms);

/* Up to `most` queued lines, oldest first, joined by newlines into out; their count. Marks them
 * sent, so that they can no longer be withdrawn. */
struct text;
int console_next_lines(struct console *console, int most, size_t most_bytes, struct text *out);
/* Stores verdict lines, each for the id it names, in one transaction. How many were for commands that
 * wait here; 0 if the disk took none. */
int console_take_verdicts(
	struct console *console, cJSON *const *verdicts, int count, int64_t now_ms);
/* HQ tries a parked fact again by itself. The next one behind n that stands in the inbox as parked: its
 * n and id, 0 if there is none. */
int64_t console_next_parked(struct console *console, int64_t n, char id[UUID_SIZE]);
/* Takes the verdict that HQ has of it by now. True if it is parked no longer. */
bool console_take_outcome(struct console *console, const cJSON *verdict, int64_t now_ms);
bool console_needs_rebase(struct console *console);
/* Every command of the last 14 days becomes unanswered and visible again (HQ was restored). */
bool console_offer_again(struct console *console, int64_t now_ms);

/* Staging: pages pile up unseen; console_land makes them visible in one transaction: restore the
 * before-images, put HQ's rows, drop covered commands, replay the visible ones, move the cursor. A whole
 * copy piles up in a file of its own, cache.new, which takes the place of cache.db when it lands. */
/* Does the next page belong to a whole copy? */
bool console_copies(struct console *console);
char *console_cursor(
	struct console *console); /* of the staged pages; the caller frees it; "" at first */
bool console_stage_begin(struct console *console);
bool console_stage_row(
	struct console *console, const cJSON *line, const char *row_json, size_t row_length);
/* Was it the disk that would not have the row, and not the row that is none? Before the page is aborted. */
bool console_stage_is_down(const struct console *console);
/* The page is staged whole. One of a whole copy is on the disk after console_stage_keep only: an
 * interruption before it takes rows and cursor back together. */
bool console_stage_end(struct console *console, const char *cursor);
bool console_stage_keep(struct console *console);
void console_stage_abort(struct console *console);
/* How far a whole copy is, for a person to read; the syncer says it now and then. */
struct console_progress {
	int64_t rows, rows_expected;  /* the latter 0 if unknown */
	int64_t rows_per_s, left_s;   /* 0 if unknown */
	int64_t indexes, indexes_all; /* made of all once every row is there; before that 0 */
	bool is_first;                /* nothing of HQ has ever landed here; only read */
};
void console_set_progress(struct console *console, const struct console_progress *progress);
bool console_progress(
	struct console *console, struct console_progress *progress); /* false: none is under way */
/* A whole copy needs indexes before it lands, and each takes its time: this makes the next, and sets how
 * many there are. False once none is left, at once where no copy is on its way, and where the disk does not
 * take one. console_land makes those that are left. */
bool console_land_prepare(struct console *console, struct console_progress *progress);
/* sums: the trailer's, or NULL. *differs is set if a feed's sum is not HQ's. */
bool console_land(struct console *console, const cJSON *sums, int64_t now_ms, bool *differs);
/* Forgets cursor and staged rows and marks the next landing as a whole copy: rows HQ does not send
 * again go away. */
bool console_resync(struct console *console);

#endif
