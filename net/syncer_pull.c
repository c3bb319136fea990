/* Pulling: pages into staging, landings. */
#include "model/i18n.h"
#include "model/json.h"
#include "model/table.h"
#include "net/ndjson.h"
#include "net/syncer_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COPY_ROWS 5000 /* a page of a whole copy: its file is nobody else's */
#define PAGE_ROWS 400  /* staged in one transaction, which screens may wait for: under 10 ms */
#define PULL_TIMEOUT_MS 300000
#define LAND_AGAIN_MS 200
#define LAND_FAILURES_MOST 25
#define STAMP_EVERY_MS 60000
#define KEEP_EVERY_MS 1000
#define INDEXES_MS 10
#define PUT_OFF_MOST_MS ((int64_t)60000)
#define PACE 19 /* waits this many times what a landing cost: a twentieth of the time at most */
#define PACE_MOST_MS 30000
#define RESYNC_APART_MS ((int64_t)60000)
#define RESYNC_APART_MOST_MS ((int64_t)3600000)

/* ---- pages ---- */

static void page_start(struct syncer *syncer)
{
	struct text path = TEXT_INIT(TEXT_SMALL);
	struct request request = {.method = "GET", .timeout_ms = PULL_TIMEOUT_MS};

	free(syncer->cursor);
	syncer->cursor = console_cursor(syncer->console);
	text_add(&path, "/v1/changes?after=");
	sync_add_encoded(&path, syncer->cursor);
	text_addf(&path, "&limit=%d", console_copies(syncer->console) ? COPY_ROWS : PAGE_ROWS);
	request.path = text_get(&path);
	syncer->pulling = SYNC_PULL_PAGE;
	/* What HQ has later than this page is wanted again, by whoever hears of it meanwhile. */
	syncer->pull_wanted = false;
	syncer->page_counts = syncer->asked == SYNC_WORKING;
	sync_submit(syncer, SLOT_PULL, &request);
	text_free(&path);
}

struct page {
	struct ndjson lines;
	cJSON *header, *trailer;
	int64_t rows;
	int64_t odd;
	bool disk; /* it is not HQ's fault */
};

static bool read_header(const struct syncer *syncer, struct page *page)
{
	struct span line;
	char error[80];
	const char *from, *epoch;

	if (!ndjson_next(&page->lines, &line))
		return false;
	page->header = json_parse(line.bytes, line.length, error, sizeof error);
	if (!page->header || !json_text(page->header, "to"))
		return false;
	epoch = json_text(page->header, "epoch");
	if (!epoch || strcmp(epoch, syncer->device.epoch) != 0)
		return false;
	from = json_text(page->header, "from");
	return from && strcmp(from, syncer->cursor) == 0;
}

static bool stage_row(
	struct syncer *syncer, struct page *page, const cJSON *row, const struct json_place *bytes)
{
	const char *table = json_text(row, "table");

	if (!table || !json_text(row, "feed") || !bytes->bytes)
		return false;
	if (!table_find(table))
		page->odd++;
	page->rows++;
	if (console_stage_row(syncer->console, row, bytes->bytes, bytes->length))
		return true;
	page->disk = console_stage_is_down(syncer->console);
	return false;
}

/* Rows up to the trailer; nothing may stand behind it. */
static bool stage_rows(struct syncer *syncer, struct page *page)
{
	struct json_place bytes = {.name = "row"};
	struct span line;

	while (ndjson_next(&page->lines, &line)) {
		cJSON *row = json_parse_place(line.bytes, line.length, &bytes);

		if (!row || page->trailer) {
			cJSON_Delete(row);
			return false;
		}
		if (json_bool(row, "end", false)) {
			page->trailer = row;
			continue;
		}
		if (!stage_row(syncer, page, row, &bytes)) {
			cJSON_Delete(row);
			return false;
		}
		cJSON_Delete(row);
	}
	return page->trailer && json_int(page->trailer, "rows", -1) == page->rows;
}

/* More is to come, but from where we stand already, or without a row on the way: that would be asked for
 * ever. */
static bool goes_nowhere(const struct syncer *syncer, const struct page *page)
{
	return json_bool(page->trailer, "more", false) &&
		(page->rows == 0 || strcmp(json_text(page->header, "to"), syncer->cursor) == 0);
}

/* How far the whole copy is, counting what an earlier run had fetched already. */
static void tell_copied(struct syncer *syncer, int64_t now)
{
	struct console_progress *copied = &syncer->copied;
	int64_t spent_ms = now - syncer->copy_began_ms, left;

	copied->rows_expected = syncer->rows_expected;
	if (spent_ms > 0)
		copied->rows_per_s = (copied->rows - syncer->copy_began_rows) * 1000 / spent_ms;
	left = copied->rows_expected - copied->rows;
	copied->left_s = left > 0 && copied->rows_per_s > 0 ? left / copied->rows_per_s + 1 : 0;
	console_set_progress(syncer->console, copied);
	syncer->env.changed(syncer->env.ctx);
}

/* Pages of a whole copy are made sure of once a second: an interruption costs no more, and the disk is
 * not asked to for each. */
static bool keep_pages(struct syncer *syncer)
{
	int64_t now = syncer->env.boot_ms(syncer->env.ctx);

	if (now - syncer->kept_ms < KEEP_EVERY_MS)
		return true;
	syncer->kept_ms = now;
	if (syncer->console->copy)
		tell_copied(syncer, now);
	return console_stage_keep(syncer->console);
}

static void count_copied(struct syncer *syncer, const struct page *page)
{
	if (syncer->cursor[0] == '\0')
		syncer->copied = (struct console_progress){.rows = 0};
	else if (syncer->copied.rows == 0)
		console_progress(syncer->console, &syncer->copied);
	if (syncer->cursor[0] == '\0' || syncer->copy_began_ms == 0) {
		syncer->copy_began_ms = syncer->env.boot_ms(syncer->env.ctx);
		syncer->copy_began_rows = syncer->copied.rows;
	}
	syncer->copied.rows += page->rows;
}

/* Is the last line a trailer that counts the lines between it and the header? A page that was cut is found
 * out before anything of it is staged. */
static bool page_ended(struct ndjson lines)
{
	struct span line, last = {"", 0};
	char error[80];
	int64_t count = 0;

	while (ndjson_next(&lines, &line)) {
		last = line;
		count++;
	}
	cJSON *trailer = json_parse(last.bytes, last.length, error, sizeof error);
	bool ended = json_bool(trailer, "end", false) && json_int(trailer, "rows", -1) == count - 1;

	cJSON_Delete(trailer);
	return ended;
}

/* Into staging whole or not at all. */
static bool stage_page(struct syncer *syncer, struct page *page)
{
	struct console *console = syncer->console;

	if (!read_header(syncer, page) || !page_ended(page->lines))
		return false;
	if (!console_stage_begin(console)) {
		page->disk = true;
		return false;
	}
	if (!stage_rows(syncer, page) || goes_nowhere(syncer, page)) {
		console_stage_abort(console);
		return false;
	}
	count_copied(syncer, page);
	page->disk = !console_stage_end(console, json_text(page->header, "to")) ||
		!keep_pages(syncer);
	return !page->disk;
}

static void page_staged(struct syncer *syncer, struct page *page)
{
	if (page->rows > 0 && strcmp(json_text(page->header, "to"), syncer->cursor) != 0)
		sync_moved(syncer);
	sync_lane_good(syncer, SLOT_PULL);
	sync_know_cursor(syncer);
	syncer->odd_rows += page->odd;
	syncer->rows_pulled += page->rows;
	syncer->mid_chain = json_bool(page->trailer, "more", false);
	syncer->pull_wanted = syncer->pull_wanted || syncer->mid_chain;
	if (syncer->mid_chain)
		return;
	syncer->landing_due = true;
	syncer->land_next_ms = 0;
	cJSON_Delete(syncer->sums);
	syncer->sums = cJSON_DetachItemFromObjectCaseSensitive(page->trailer, "sums");
	if (!syncer->sums)
		syncer->sums = cJSON_CreateObject();
}

static void page_take(struct syncer *syncer, const struct response *response)
{
	struct page page = {.lines = {text_get(&response->body), response->body.length}};
	char *cursor;
	bool current, wanted = syncer->pull_wanted;

	syncer->pull_wanted = true;
	if (response->fault != FAULT_NONE || response->status != 200) {
		sync_lane_refused(syncer, SLOT_PULL, response);
		return;
	}
	/* A resync while the page was under way has made it worthless. */
	cursor = console_cursor(syncer->console);
	current = !syncer->resync_due && strcmp(cursor, syncer->cursor) == 0;
	free(cursor);
	if (!current)
		return;
	if (stage_page(syncer, &page)) {
		syncer->pull_wanted = wanted;
		page_staged(syncer, &page);
	} else if (page.disk) {
		sync_lane_disk(syncer, SLOT_PULL);
	} else {
		sync_lane_refused(syncer, SLOT_PULL, response);
	}
	cJSON_Delete(page.header);
	cJSON_Delete(page.trailer);
}

/* ---- the lane ---- */

void sync_pull_start(struct syncer *syncer)
{
	if (!sync_lane_ready(syncer, SLOT_PULL) || syncer->landing_due || !sync_mend(syncer))
		return;
	if (!syncer->greeted || syncer->now.boot_ms >= syncer->hello_ms)
		sync_hello_start(syncer);
	else if (!syncer->console->cache)
		sync_lane_bad(syncer, SLOT_PULL, true,
			N_("The copy of HQ's data cannot be opened on this machine."));
	else if (syncer->pull_wanted &&
		(syncer->mid_chain || syncer->now.boot_ms >= syncer->pull_next_ms))
		page_start(syncer);
	else if (!syncer->mid_chain && sync_far_start(syncer))
		syncer->pulling = SYNC_PULL_FAR;
	else if (!syncer->pull_wanted && sync_parked_start(syncer))
		syncer->pulling = SYNC_PULL_PARKED;
}

void sync_pull_take(struct syncer *syncer, const struct response *response)
{
	enum sync_pull pulling = syncer->pulling;

	syncer->pulling = SYNC_PULL_NONE;
	if (pulling == SYNC_PULL_HELLO)
		sync_hello_take(syncer, response);
	else if (pulling == SYNC_PULL_FAR)
		sync_far_take(syncer, response);
	else if (pulling == SYNC_PULL_PARKED)
		sync_parked_take(syncer, response);
	else
		page_take(syncer, response);
}

/* ---- landing ---- */

/* The sums say that this copy is not HQ's. A new copy cures that; if it does not, the fault is in a
 * program, and copying again and again would only load the line. */
static void sums_differ(struct syncer *syncer)
{
	int64_t apart = RESYNC_APART_MS;

	for (int i = 1; i < syncer->resyncs && apart < RESYNC_APART_MOST_MS; i++)
		apart *= 2;
	sync_resync(syncer);
	if (syncer->resyncs > 0) {
		sync_lane_bad(syncer, SLOT_PULL, true,
			N_("HQ's data and its sums differ, also when copied anew. Report it; work goes on here."));
		syncer->lanes[SLOT_PULL].next_ms = syncer->now.boot_ms + apart;
		syncer->lanes[SLOT_PULL].poked = true;
	}
	syncer->resyncs++;
}

static void landed(struct syncer *syncer, bool differs, int64_t cost_ms)
{
	int64_t rest = cost_ms * PACE < PACE_MOST_MS ? cost_ms * PACE : PACE_MOST_MS;

	syncer->pull_next_ms = syncer->now.boot_ms + rest;
	sync_know_cursor(syncer);
	syncer->rebase_due = false;
	syncer->land_failures = 0;
	syncer->land_restarts = 0;
	syncer->work_ms = syncer->now.boot_ms;
	syncer->landing_stale = false;
	if (syncer->landing_due) {
		syncer->landing_due = false;
		syncer->rows_pulled = 0;
		syncer->copied = (struct console_progress){.rows = 0};
		syncer->copy_began_ms = 0;
		if (differs)
			sums_differ(syncer);
		else
			syncer->resyncs = 0;
		if (!differs && syncer->page_counts)
			syncer->asked_pull = false;
		cJSON_Delete(syncer->last_sums);
		syncer->last_sums = syncer->sums;
		syncer->landed_ms = syncer->now.boot_ms;
		syncer->sums = NULL;
	}
	syncer->env.changed(syncer->env.ctx);
}

/* A failing disk may have taken pages back: they are pulled again before anything lands. */
static void find_lost_pages(struct syncer *syncer)
{
	char *cursor = console_cursor(syncer->console);

	if (syncer->console->cache && strcmp(cursor, syncer->known) != 0) {
		syncer->landing_due = false;
		syncer->mid_chain = true;
		syncer->pull_wanted = true;
		sync_know_cursor(syncer);
	}
	free(cursor);
}

/* The indexes of a whole copy, a few milliseconds of them at a step, so that pushing goes on in between.
 * False once they are made, and where none are wanted. */
static bool make_indexes(struct syncer *syncer)
{
	int64_t until_ms = syncer->env.boot_ms(syncer->env.ctx) + INDEXES_MS;
	bool more;

	do
		more = console_land_prepare(syncer->console, &syncer->copied);
	while (more && syncer->env.boot_ms(syncer->env.ctx) < until_ms);
	if (!more)
		return false;
	console_set_progress(syncer->console, &syncer->copied);
	syncer->work_ms = syncer->now.boot_ms;
	syncer->env.changed(syncer->env.ctx);
	return true;
}

/* While there is more to push than one batch, a landing would replay all of it and the next one again.
 * It waits until the rest went up, or a minute; then what HQ made of that is fetched first, so that the
 * one landing covers it. */
static bool push_goes_first(struct syncer *syncer)
{
	bool more = syncer->push_more && syncer->lanes[SLOT_PUSH].failures == 0;

	if (more && syncer->now.boot_ms - syncer->work_ms < PUT_OFF_MOST_MS) {
		syncer->landing_stale = syncer->landing_due;
		return true;
	}
	if (syncer->push_more || !syncer->landing_stale)
		return false;
	syncer->landing_stale = false;
	syncer->landing_due = false;
	syncer->mid_chain = true;
	syncer->pull_wanted = true;
	return true;
}

void sync_land(struct syncer *syncer)
{
	bool differs = false;
	int64_t began_ms;

	if ((!syncer->landing_due && !syncer->rebase_due) ||
		syncer->now.boot_ms < syncer->land_next_ms)
		return;
	if ((syncer->landing_due && make_indexes(syncer)) || push_goes_first(syncer))
		return;
	began_ms = syncer->env.boot_ms(syncer->env.ctx);
	/* Without sums it only undoes what was refused, and takes in no rows. */
	if (console_land(syncer->console, syncer->landing_due ? syncer->sums : NULL,
		    sync_hq_time(syncer), &differs)) {
		landed(syncer, differs, syncer->env.boot_ms(syncer->env.ctx) - began_ms);
		return;
	}
	/* A busy cache is nothing to speak of; one that never takes it is. */
	if (++syncer->land_failures % LAND_FAILURES_MOST == 0)
		sync_lane_disk(syncer, SLOT_PULL);
	find_lost_pages(syncer);
	syncer->land_next_ms = syncer->now.boot_ms + LAND_AGAIN_MS;
}

/* How old the cache is decides what may be done without the line (product.md §4), so a quiet day
 * must not look like an old cache. Landing nothing anew is what sets its time. */
void sync_still_current(struct syncer *syncer)
{
	bool pulling = syncer->pull_wanted || syncer->lanes[SLOT_PULL].busy || syncer->mid_chain;

	if (pulling || syncer->landing_due || syncer->resync_due || !syncer->last_sums ||
		syncer->now.boot_ms - syncer->landed_ms < STAMP_EVERY_MS)
		return;
	cJSON_Delete(syncer->sums);
	syncer->sums = cJSON_Duplicate(syncer->last_sums, true);
	syncer->landing_due = syncer->sums != NULL;
	syncer->land_next_ms = 0;
	syncer->page_counts = false;
}
