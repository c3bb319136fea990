/* Somebody who scans without end: on a stocktake sheet, or what arrived. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e_kills.h"

#define DEPTH 8 /* scans typed ahead of what is shown */
#define SKU "TE0103"
#define STEP_DEADLINE_MS (2 * E2E_DEADLINE_MS)
#define ORDERED 90000

/* Before the figures of one who receives: of this part, and of the whole document. */
#define PART "Now "
#define WHOLE "Whole order "

/* Of one who receives. */
enum { SCANS, ASKED, SENT };

static char code[KILLS_TEXT]; /* the barcode of SKU */

static void read_code(void)
{
	cJSON *product = e2e_get("/v1/products/%s", SKU);
	const cJSON *codes = cJSON_GetObjectItemCaseSensitive(product, "barcodes");
	const char *first = cJSON_GetStringValue(cJSON_GetArrayItem(codes, 0));

	assert_non_null(first);
	snprintf(code, sizeof code, "%s", first);
	cJSON_Delete(product);
}

/* ---- what the outbox says ---- */

static int64_t outbox_of(const struct seat *seat, const char *format)
{
	char sql[400];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(sql, sizeof sql, format, seat->id);
#pragma GCC diagnostic pop
	return e2e_outbox(&seat->home->home, sql);
}

static int counted(const struct seat *seat)
{
	return (int)outbox_of(seat,
		"SELECT count(*) FROM command WHERE op = 'stocktake.count' AND "
		"json_extract(line, '$.data.stocktake') = '%s'");
}

static int received(const struct seat *seat)
{
	return (int)outbox_of(seat,
		"SELECT COALESCE(sum(json_extract(line, '$.data.lines[0].qty')), 0) FROM command "
		"WHERE op = 'inbound.receive' AND json_extract(line, '$.data.movement') = '%s'");
}

/* ---- opening ---- */

/* The number behind a word of the screen, -1 if it is not there. */
static int number_behind(struct seat *seat, const char *word)
{
	const char *at = strstr(screen_text(seat->screen), word);
	int number;

	return at && sscanf(at + strlen(word), "%d", &number) == 1 ? number : -1;
}

static void expect_number(struct seat *seat, const char *word, int number)
{
	char text[KILLS_TEXT];

	snprintf(text, sizeof text, "%s%d", word, number);
	screen_expect(seat->screen, text);
}

static void open_screen(struct seat *seat)
{
	static const struct e2e_look wide = {.rows = 30, .cols = 120};

	seat->screen = e2e_console(&seat->home->home, &wide);
	e2e_sign_in(seat->screen, seat->home->staff);
	screen_scan(seat->screen, seat->number);
	if (seat->kind == SEAT_RECEIVES) {
		screen_expect(seat->screen, "Maker");
		screen_send(seat->screen, "c");
		seat->submitted = received(seat);
		expect_number(seat, " of ", ORDERED - seat->submitted);
		seat->typed = number_behind(seat, WHOLE);
	} else {
		screen_expect(seat->screen, "In count");
		expect_number(seat, "scans ", counted(seat));
		seat->typed = counted(seat);
	}
	seat->step = SCANS;
	seat->moved_ms = e2e_now_ms();
}

void seat_open(struct seat *seat, enum seat_kind kind, const struct kills_home *home)
{
	char word[KILLS_TEXT * 2], status[KILLS_TEXT], lines[KILLS_TEXT];

	*seat = (struct seat){.kind = kind, .home = home};
	read_code();
	if (kind == SEAT_COUNTS) {
		load_do(home, "id", seat->id, "stocktake.create", "scope=full", NULL);
		snprintf(word, sizeof word, "stocktake=%s", seat->id);
		load_do(home, "status", status, "stocktake.start", word, NULL);
	} else {
		snprintf(lines, sizeof lines, "lines=[{\"sku\":\"" SKU "\",\"qty\":%d}]", ORDERED);
		load_do(home, "id", seat->id, "inbound.create", "third_party=Maker", lines, NULL);
		snprintf(word, sizeof word, "movement=%s", seat->id);
		load_do(home, "status", status, "inbound.arrive", word, NULL);
	}
	snprintf(seat->number, sizeof seat->number, "%s",
		e2e_field(kind == SEAT_COUNTS ? "stocktakes" : "movements", seat->id,
			kind == SEAT_COUNTS ? "number" : "in_number"));
	open_screen(seat);
}

/* ---- scanning ---- */

static void type_scan(struct seat *seat)
{
	char bytes[KILLS_TEXT + 1];

	snprintf(bytes, sizeof bytes, "%s\r", code);
	screen_send_bytes(seat->screen, bytes, strlen(bytes));
	seat->typed++;
}

static void went_on(struct seat *seat)
{
	seat->moved_ms = e2e_now_ms();
}

/* Half a frame may show digits of two numbers. Such a number is ten too high or more, and no more than
 * DEPTH scans are ever on their way: what is above `typed` is no number of this screen. */
static void turn_counting(struct seat *seat)
{
	int scans = number_behind(seat, "scans ");

	if (scans > seat->shown && scans <= seat->typed) {
		seat->shown = scans;
		went_on(seat);
	}
	if (seat->typed - seat->shown < DEPTH)
		type_scan(seat);
}

/* Those still here, and with them those on the document. */
static bool shows_all(struct seat *seat)
{
	return number_behind(seat, PART) == seat->typed - seat->submitted &&
		number_behind(seat, WHOLE) == seat->typed;
}

static bool shows_all_by_now(void *ctx)
{
	return shows_all(ctx);
}

static void turn_receiving(struct seat *seat, uint64_t *random)
{
	if (seat->step == SCANS && shows_all(seat)) {
		seat->shown = seat->typed;
		went_on(seat);
		if (seat->typed > seat->submitted && kills_random(random, 6) == 0) {
			screen_send(seat->screen, "f");
			seat->step = ASKED;
		} else {
			type_scan(seat);
		}
	} else if (seat->step == ASKED && screen_has(seat->screen, "Still missing afterwards")) {
		screen_send(seat->screen, "y");
		seat->step = SENT;
		went_on(seat);
	} else if (seat->step == SENT && number_behind(seat, "Rec'd ") == seat->typed) {
		seat->submitted = seat->typed;
		seat->step = SCANS;
		screen_send(seat->screen, "c");
		went_on(seat);
	}
}

void seat_turn(struct seat *seat, uint64_t *random)
{
	screen_settle(seat->screen, 1);
	if (seat->kind == SEAT_COUNTS)
		turn_counting(seat);
	else
		turn_receiving(seat, random);
	if (e2e_now_ms() - seat->moved_ms > STEP_DEADLINE_MS) {
		screen_print(seat->screen);
		fail_msg("the screen stands still at %d of %d scans", seat->shown, seat->typed);
	}
}

/* ---- the end of a screen ---- */

void seat_kill(struct seat *seat)
{
	e2e_kill(seat->screen);
	seat->screen = NULL;
}

/* What was typed last and never shown may be there or not; what was shown is. */
void seat_reopen(struct seat *seat)
{
	int typed = seat->typed;

	open_screen(seat);
	if (seat->typed < seat->shown || seat->typed > typed) {
		screen_print(seat->screen);
		fail_msg("%d scans were shown and %d typed; now there are %d", seat->shown, typed,
			seat->typed);
	}
	seat->shown = seat->typed;
}

static void settle_receiving(struct seat *seat)
{
	uint64_t random = 0;

	while (seat->step != SCANS)
		seat_turn(seat, &random);
	e2e_wait(shows_all_by_now, seat, "all scans on the screen");
	if (seat->typed == seat->submitted)
		return;
	screen_send(seat->screen, "f");
	screen_expect(seat->screen, "Still missing afterwards");
	screen_send(seat->screen, "y");
	expect_number(seat, "Rec'd ", seat->typed);
}

void seat_finish(struct seat *seat)
{
	if (seat->kind == SEAT_COUNTS)
		expect_number(seat, "scans ", seat->typed);
	else
		settle_receiving(seat);
	seat->shown = seat->submitted = seat->typed;
	e2e_close(seat->screen);
	seat->screen = NULL;
	assert_int_equal(seat->kind == SEAT_COUNTS ? counted(seat) : received(seat), seat->typed);
}
