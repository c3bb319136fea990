/*
 * Is it a scanner or a person? A scanner is a keyboard that types fast. (libraries.md, Scanners.)
 *
 * Printable keys are held until it is clear. A run whose gaps are at most the hold time (30 ms
 * locally, 60 ms over ssh) and that has at least 6 characters is one scan if it ends in Enter or Tab
 * and took at most 35 ms a character, or ends in silence and took at most 20; everything else is
 * keys. Nothing waits on this being right: a code typed with Enter acts like the scan.
 *
 * Pure: time comes in with the keys, from a struct scan_clock. After each key fed take events until there is none; at
 * scan_deadline_us call scan_tick.
 */
#ifndef COUNTERTOP_TUI_SCAN_H
#define COUNTERTOP_TUI_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCAN_HOLD_LOCAL_US 30000
#define SCAN_HOLD_REMOTE_US 60000
#define SCAN_MIN_CHARS 6
#define SCAN_MAX_US_PER_CHAR 35000
/* Without an end a run may be a piece of something longer that a fast person types. */
#define SCAN_MAX_US_PER_CHAR_NO_END 20000
/* Until a code ended without a key, one without a key is a piece whose rest is late: a busy machine hands over
 * what a scanner typed in two parts. */
#define SCAN_PIECE_US 300000
#define SCAN_REPEAT_US 300000
#define SCAN_CODE_BYTES 1024
#define SCAN_HELD_MAX 512
#define SCAN_QUEUE_MAX 1024

enum scan_event_kind {
	SCAN_EVENT_KEY,
	SCAN_EVENT_CODE,
	SCAN_EVENT_TOO_LONG /* what came was more than SCAN_HELD_MAX keys of a scanner: none of it is left */
};

struct scan_event {
	enum scan_event_kind kind;
	int32_t key;      /* of a key */
	const char *code; /* of a scan; valid until the next scan_feed or scan_tick */
};

struct scan {
	int64_t hold_us;
	bool is_counting; /* the same code twice at once counts twice */

	/* Private. */
	int32_t held[SCAN_HELD_MAX];
	int64_t held_at_us[SCAN_HELD_MAX];
	size_t held_count;
	bool has_end_key; /* the last code ended by Enter or Tab; none came yet */
	int64_t swallow_end_until_us;
	int64_t last_code_at_us;
	char last_code[SCAN_CODE_BYTES];
	char code[SCAN_CODE_BYTES];
	bool has_code;
	bool is_flood; /* the run was too long: its keys go nowhere until it ends */
	int64_t flood_at_us;
	bool has_flood;
	int32_t queue[SCAN_QUEUE_MAX];
	size_t queue_count;
	size_t queue_taken;
};

/*
 * The time that keys are fed with. Where none is there after waiting, all the time until then was silence. Where
 * one is, it may have come while the program worked or a busy machine did not let it run: such time does not
 * count, else a scan of which one half was read before and one half after would be torn. What is there on waking
 * late came in time.
 */
struct scan_clock {
	int64_t now_us;
	int64_t looked_us; /* until when it is known what came */
};

struct scan_wait {
	int64_t from_us, until_us, timeout_us;
	bool has_keys; /* keys are there to be read */
};

void scan_clock_waited(struct scan_clock *clock, const struct scan_wait *wait);

void scan_init(struct scan *scan, bool is_remote);
void scan_feed(struct scan *scan, int32_t key, int64_t at_us);
void scan_tick(struct scan *scan, int64_t now_us);
/* What is held is decided now: something else came in between. */
void scan_flush(struct scan *scan);
/* Take all after each feed, tick and flush. False if there is none. Events come in the order the keys were pressed. */
bool scan_next(struct scan *scan, struct scan_event *out);
/* After this moment scan_tick must be called; negative if nothing is held. */
int64_t scan_deadline_us(const struct scan *scan);

#endif
