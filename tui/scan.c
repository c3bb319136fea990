/*
 * States, and what leads from one to the other:
 *
 *     idle     nothing is held. A printable key (or GS) is held -> running; another key goes through.
 *     running  a key within hold_us joins the run. Enter or Tab within hold_us ends it; so does any
 *              other key, and silence of hold_us (scan_tick), or of SCAN_PIECE_US where the rest of a
 *              code may be late. A run that looks like a scanner's becomes one code; otherwise its keys
 *              go through in order -> idle.
 *
 *     flood    a run of a scanner that became longer than can be held: its keys go nowhere. Any other key,
 *              and silence of SCAN_PIECE_US, ends it; Enter or Tab belongs to it. Then it is told -> idle.
 *
 * What looks like a person though it is fast: a key held down (the same character again and
 * again), and an input method that sends a phrase at once (not ASCII, no Enter with it).
 */
#include "tui/scan.h"

#include <string.h>

#include "tui/cols.h"
#include "tui/key.h"

#define SCAN_GS 0x1d
#define SCAN_ECI_UTF8 "\\000026"
/* An Enter this soon behind a code that ended by silence still belongs to it. */
#define SCAN_SWALLOW_END_US 150000
/* Keys that repeat while held down come no faster than this. */
#define SCAN_REPEAT_LEAST_US 20000

void scan_clock_waited(struct scan_clock *clock, const struct scan_wait *wait)
{
	int64_t waited_us = wait->until_us - wait->from_us, most_us = wait->timeout_us;

	/* A little less than the deadline that the timeout stands for. */
	if (wait->has_keys && most_us > 0)
		most_us -= 1000;
	if (waited_us > most_us)
		waited_us = most_us;
	if (!wait->has_keys)
		clock->now_us += wait->from_us - clock->looked_us;
	clock->now_us += waited_us;
	clock->looked_us = wait->from_us + waited_us;
}

void scan_init(struct scan *scan, bool is_remote)
{
	memset(scan, 0, sizeof(*scan));
	scan->hold_us = is_remote ? SCAN_HOLD_REMOTE_US : SCAN_HOLD_LOCAL_US;
	/* Most scanners end by a key; one that does not waits for a rest only with its first code. */
	scan->has_end_key = true;
	scan->swallow_end_until_us = INT64_MIN;
	scan->last_code_at_us = INT64_MIN / 2;
}

static void scan_push(struct scan *scan, int32_t key)
{
	if (scan->queue_taken == scan->queue_count)
		scan->queue_taken = scan->queue_count = 0;
	if (scan->queue_count < SCAN_QUEUE_MAX)
		scan->queue[scan->queue_count++] = key;
}

static void scan_release(struct scan *scan)
{
	for (size_t i = 0; i < scan->held_count; i++)
		scan_push(scan, scan->held[i]);
	scan->held_count = 0;
}

/* GS as Alt-coded 029: Esc 0 Esc 2 Esc 9, in which each Esc 0 may come as Alt-0. */
static void scan_fold_alt_gs(struct scan *scan)
{
	static const int32_t digits[] = {'0', '2', '9'};
	size_t end = scan->held_count;

	if (end < 3)
		return;
	for (size_t i = 0; i < 3; i++)
		if (scan->held[end - 3 + i] != (digits[i] | KEY_ALT_BIT))
			return;
	scan->held[end - 3] = SCAN_GS;
	scan->held_count -= 2;
}

static bool scan_is_ascii(const struct scan *scan)
{
	for (size_t i = 0; i < scan->held_count; i++)
		if (scan->held[i] > 0x7e)
			return false;
	return true;
}

static bool scan_is_one_key(const struct scan *scan)
{
	for (size_t i = 1; i < scan->held_count; i++)
		if (scan->held[i] != scan->held[0])
			return false;
	return true;
}

static bool scan_looks_scanned(const struct scan *scan, bool has_end, int64_t at_us)
{
	int64_t took_us;

	if (scan->held_count < SCAN_MIN_CHARS || scan_is_one_key(scan))
		return false;
	for (size_t i = 0; i < scan->held_count; i++)
		if (scan->held[i] & KEY_ALT_BIT)
			return false;
	if (!has_end && !scan_is_ascii(scan))
		return false;
	if (!has_end) {
		took_us = scan->held_at_us[scan->held_count - 1] - scan->held_at_us[0];
		return took_us <= (int64_t)(scan->held_count - 1) * SCAN_MAX_US_PER_CHAR_NO_END;
	}
	/* The key that ends it is part of what a scanner types. */
	took_us = at_us - scan->held_at_us[0];
	return took_us <= (int64_t)scan->held_count * SCAN_MAX_US_PER_CHAR;
}

/* Writes the held keys as UTF-8 without the ECI prefix. False if they are too long. */
static bool scan_spell(const struct scan *scan, char *out)
{
	size_t used = 0;
	char *eci;

	for (size_t i = 0; i < scan->held_count; i++) {
		char bytes[5];
		size_t length = cols_encode((uint32_t)scan->held[i], bytes);

		if (used + length >= SCAN_CODE_BYTES)
			return false;
		memcpy(out + used, bytes, length);
		used += length;
	}
	out[used] = '\0';
	/* It stands in front of the data, behind an AIM identifier if there is one. */
	eci = out[0] == ']' && used > 3 ? out + 3 : out;
	if (strncmp(eci, SCAN_ECI_UTF8, strlen(SCAN_ECI_UTF8)) == 0)
		memmove(eci, eci + strlen(SCAN_ECI_UTF8), strlen(eci + strlen(SCAN_ECI_UTF8)) + 1);
	return true;
}

/* Ends the run at `at_us`. True if it was a scan; then the key that ended it belongs to it. */
static bool scan_decide(struct scan *scan, bool has_end, int64_t at_us)
{
	bool is_again;

	if (!scan_looks_scanned(scan, has_end, at_us) || !scan_spell(scan, scan->code)) {
		scan_release(scan);
		return false;
	}
	is_again = strcmp(scan->code, scan->last_code) == 0 &&
		scan->held_at_us[0] - scan->last_code_at_us <= SCAN_REPEAT_US;
	scan->has_code = !is_again || scan->is_counting;
	scan->has_end_key = has_end;
	memcpy(scan->last_code, scan->code, sizeof(scan->last_code));
	scan->last_code_at_us = scan->held_at_us[scan->held_count - 1];
	scan->held_count = 0;
	scan->swallow_end_until_us = has_end ? INT64_MIN : at_us + SCAN_SWALLOW_END_US;
	return true;
}

/* A key held down must act while it is down, not when it is let go. */
static bool scan_is_held_down(const struct scan *scan)
{
	size_t count = scan->held_count;

	if (count < 3 || !scan_is_one_key(scan))
		return false;
	for (size_t i = 1; i < count; i++)
		if (scan->held_at_us[i] - scan->held_at_us[i - 1] < SCAN_REPEAT_LEAST_US)
			return false;
	return true;
}

/* Its last piece must not pass for a code. */
static bool scan_starts_flood(struct scan *scan, int64_t at_us)
{
	if (scan->held_count < SCAN_HELD_MAX || !scan_looks_scanned(scan, false, at_us))
		return false;
	scan->held_count = 0;
	scan->is_flood = true;
	scan->flood_at_us = at_us;
	return true;
}

static void scan_end_flood(struct scan *scan)
{
	scan->is_flood = false;
	scan->has_flood = true;
}

static void scan_hold(struct scan *scan, int32_t key, int64_t at_us)
{
	if (scan_starts_flood(scan, at_us))
		return;
	if (scan->held_count == SCAN_HELD_MAX)
		scan_release(scan);
	scan->held[scan->held_count] = key;
	scan->held_at_us[scan->held_count++] = at_us;
	scan_fold_alt_gs(scan);
	if (scan_is_held_down(scan))
		scan_release(scan);
}

void scan_feed(struct scan *scan, int32_t key, int64_t at_us)
{
	bool is_end = key == KEY_CODE_ENTER || key == KEY_CODE_TAB;
	bool is_alt_digit = (key & KEY_ALT_BIT) && (key & ~KEY_ALT_BIT) >= '0' &&
		(key & ~KEY_ALT_BIT) <= '9';

	scan_tick(scan, at_us);
	if (scan->is_flood && (key_is_printable(key) || key == SCAN_GS || is_alt_digit)) {
		scan->flood_at_us = at_us;
		return;
	}
	if (scan->is_flood) {
		scan_end_flood(scan);
		if (is_end)
			return;
	}
	if (is_end && at_us <= scan->swallow_end_until_us) {
		scan->swallow_end_until_us = INT64_MIN;
		return;
	}
	if (key_is_printable(key) || key == SCAN_GS || (is_alt_digit && scan->held_count > 0)) {
		scan->swallow_end_until_us = INT64_MIN;
		scan_hold(scan, key, at_us);
		return;
	}
	if (scan->held_count > 0 && scan_decide(scan, is_end, at_us) && is_end)
		return;
	scan_push(scan, key);
}

void scan_tick(struct scan *scan, int64_t now_us)
{
	if (scan->is_flood && now_us > scan_deadline_us(scan))
		scan_end_flood(scan);
	else if (scan->held_count > 0 && now_us > scan_deadline_us(scan))
		scan_decide(scan, false, now_us);
}

void scan_flush(struct scan *scan)
{
	if (scan->is_flood)
		scan_end_flood(scan);
	if (scan->held_count > 0)
		scan_decide(scan, false, scan->held_at_us[scan->held_count - 1]);
}

int64_t scan_deadline_us(const struct scan *scan)
{
	int64_t last_us;

	if (scan->is_flood)
		return scan->flood_at_us + SCAN_PIECE_US;
	if (scan->held_count == 0)
		return -1;
	last_us = scan->held_at_us[scan->held_count - 1];
	if (scan->has_end_key && scan_looks_scanned(scan, false, last_us))
		return last_us + SCAN_PIECE_US;
	return last_us + scan->hold_us;
}

bool scan_next(struct scan *scan, struct scan_event *out)
{
	/*
	 * Keys in the queue were pressed before the code or after it; one run is decided at a time and
	 * a code leaves no keys of its run, so only the key that ended it can stand behind it.
	 */
	if (scan->has_flood) {
		scan->has_flood = false;
		*out = (struct scan_event){.kind = SCAN_EVENT_TOO_LONG};
		return true;
	}
	if (scan->has_code) {
		scan->has_code = false;
		*out = (struct scan_event){.kind = SCAN_EVENT_CODE, .code = scan->code};
		return true;
	}
	if (scan->queue_taken == scan->queue_count)
		return false;
	*out = (struct scan_event){.kind = SCAN_EVENT_KEY, .key = scan->queue[scan->queue_taken++]};
	return true;
}
