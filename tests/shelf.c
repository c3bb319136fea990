#include "tests/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSES_MOST 3
#define OTHER_STORE "g1"
#define ONLINE (SHELF_TERMINALS - 1)
#define ACT_MS 60000 /* between two acts, at most */
#define DATA_BYTES 400

static const char *const zones[SHELF_ZONES] = {"", "'zone':'a',", "'zone':'b',"};

static int draw(struct shelf *shelf, int below)
{
	return goods_draw(&shelf->world, below);
}

bool shelf_chance(struct shelf *shelf, int percent)
{
	return draw(shelf, 100) < percent;
}

void shelf_fail(const struct shelf *shelf, const char *format, ...)
{
	char words[600];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	fail_msg("step %d: %s. Again: tests/test_stocktake_property 1 %llu", shelf->step, words,
		shelf->seed);
	abort();
}

static void pass_time(struct shelf *shelf)
{
	shelf->world.now_ms += 1 + draw(shelf, ACT_MS);
}

int64_t shelf_sum(const struct shelf *shelf, int sku)
{
	int64_t sum = 0;

	for (int zone = 0; zone < SHELF_ZONES; zone++)
		sum += shelf->there[sku][zone];
	return sum;
}

/* ---- what terminals say ---- */

static cJSON *json_of(const char *data)
{
	char text[DATA_BYTES];
	size_t i = 0;

	for (; data[i] && i < sizeof text - 1; i++)
		text[i] = (char)(data[i] == '\'' ? '"' : data[i]);
	text[i] = '\0';
	return cJSON_Parse(text);
}

/* HQ refuses no fact of these; what takes back a count that came too late to count waits there. */
static void post(struct shelf *shelf, const char *line)
{
	char *answer = goods_post(&shelf->world, shelf->world.token, line);
	bool waits = strstr(line, "stocktake.undo") && strstr(answer, "\"status\":\"parked\"");

	if (!waits && !strstr(answer, "\"status\":\"applied\""))
		shelf_fail(shelf, "HQ says %.200s to %.200s", answer, line);
	free(answer);
}

static void deliver(struct shelf *shelf, struct shelf_terminal *terminal, int lines)
{
	if (terminal->home) {
		goods_sync(terminal->home);
		return;
	}
	for (; lines > 0 && terminal->first < terminal->count; lines--)
		post(shelf, terminal->lines[terminal->first++]);
}

/* A command of a terminal, with its id: true if it is kept there. */
static bool say(struct shelf *shelf, int at, const char *op, const char *data, char id[UUID_SIZE])
{
	struct shelf_terminal *terminal = &shelf->terminals[at];
	struct console_verdict verdict;

	pass_time(shelf);
	if (!terminal->home) {
		if (terminal->count == SHELF_QUEUE_MAX)
			shelf_fail(shelf, "too many lines");
		terminal->lines[terminal->count++] = goods_line(
			&shelf->world, op, SHELF_STORE, data, id);
		if (at == ONLINE)
			deliver(shelf, terminal, 1);
		return true;
	}
	console_do(&terminal->home->console, op, SHELF_STORE, terminal->home->manager,
		json_of(data), shelf->world.now_ms, &verdict);
	bool saved = verdict.saved;
	memcpy(id, verdict.id, UUID_SIZE);
	console_verdict_free(&verdict);
	return saved;
}

void shelf_deliver_some(struct shelf *shelf)
{
	struct shelf_terminal *terminal = &shelf->terminals[draw(shelf, SHELF_TERMINALS)];

	/* A console may come only so far until its line is down again. */
	if (terminal->home && shelf_chance(shelf, 50))
		goods_step(terminal->home, 1 + draw(shelf, 8));
	else
		deliver(shelf, terminal, 1 + draw(shelf, 8));
	pass_time(shelf);
}

/* Twice: what one console sends first, the other has to pull. */
void shelf_deliver_all(struct shelf *shelf)
{
	int begin = draw(shelf, SHELF_TERMINALS);

	for (int i = 0; i < 2 * SHELF_TERMINALS; i++)
		deliver(shelf, &shelf->terminals[(begin + i) % SHELF_TERMINALS], SHELF_QUEUE_MAX);
}

/* ---- goods ---- */

static void change(struct shelf *shelf, int sku, int zone, int64_t by)
{
	shelf->there[sku][zone] += by;
	shelf->moves[sku][zone]++;
}

void shelf_lose_some(struct shelf *shelf)
{
	for (int sku = 0; sku < SHELF_SKUS; sku++) {
		int zone = draw(shelf, SHELF_ZONES);
		int64_t by = draw(shelf, 7) - 4;

		if (shelf_chance(shelf, 70) && shelf->there[sku][zone] + by >= 0)
			change(shelf, sku, zone, by);
	}
}

static void adjust(struct shelf *shelf, int sku, int zone, int64_t by)
{
	char data[DATA_BYTES], id[UUID_SIZE];

	snprintf(data, sizeof data,
		"{'kind':'%s','reason':'till','lines':[{'sku':'A%d','qty':%lld}]}",
		by < 0 ? "write_off" : "found", sku, (long long)(by < 0 ? -by : by));
	if (say(shelf, draw(shelf, SHELF_TERMINALS), "stock.adjust", data, id))
		change(shelf, sku, zone, by);
}

static void receive(struct shelf *shelf, int sku, int zone, int64_t by)
{
	char data[DATA_BYTES], id[UUID_SIZE];

	snprintf(data, sizeof data, "{'movement':'%s','lines':[{'sku':'A%d','qty':%lld}]}",
		shelf->delivery, sku, (long long)by);
	if (say(shelf, draw(shelf, SHELF_TERMINALS), "inbound.receive", data, id))
		change(shelf, sku, zone, by);
}

/* A request, by somebody online: the goods go only if HQ agrees. */
static void send_away(struct shelf *shelf, int sku, int zone, int64_t by)
{
	char data[DATA_BYTES], id[UUID_SIZE];

	pass_time(shelf);
	snprintf(data, sizeof data, "{'third_party':'Luma','lines':[{'sku':'A%d','qty':%lld}]}",
		sku, (long long)by);
	if (!goods_office(&shelf->world, "outbound.create", SHELF_STORE, data, id))
		shelf_fail(shelf, "no outbound order");
	snprintf(data, sizeof data, "{'movement':'%s'}", id);
	if (goods_office(&shelf->world, "outbound.ship", SHELF_STORE, data, NULL))
		change(shelf, sku, zone, -by);
}

/* To another store, which says later what came. Nobody presses "ship" as goods are loaded, or somebody does
 * and loads nothing. */
static void load_truck(struct shelf *shelf, int sku, int zone, int64_t by)
{
	struct shelf_truck *truck = &shelf->trucks[shelf->trucks_sent];
	char data[DATA_BYTES];

	if (shelf->trucks_sent == SHELF_TRUCKS_MAX)
		shelf_fail(shelf, "too many trucks");
	pass_time(shelf);
	*truck = (struct shelf_truck){.sku = sku, .qty = by, .is_empty = shelf_chance(shelf, 50)};
	snprintf(data, sizeof data, "{'to':'%s','lines':[{'sku':'A%d','qty':%lld}]}", OTHER_STORE,
		sku, (long long)by);
	if (!goods_office(&shelf->world, "outbound.create", SHELF_STORE, data, truck->order))
		shelf_fail(shelf, "no order to another store");
	snprintf(data, sizeof data, "{'movement':'%s'}", truck->order);
	if (!goods_office(&shelf->world, "inbound.accept", OTHER_STORE, data, NULL))
		shelf_fail(shelf, "the other store does not accept");
	pass_time(shelf);
	if (!truck->is_empty)
		change(shelf, sku, zone, -by);
	else if (!goods_office(&shelf->world, "outbound.ship", SHELF_STORE, data, NULL))
		return; /* the book has not enough: nothing was booked, nothing left */
	shelf->trucks_sent++;
}

static void arrive(struct shelf *shelf)
{
	const struct shelf_truck *truck = &shelf->trucks[shelf->arrived++];
	char data[DATA_BYTES];

	pass_time(shelf);
	if (truck->is_empty)
		snprintf(data, sizeof data, "{'movement':'%s','reason':'not_sent'}", truck->order);
	else
		snprintf(data, sizeof data, "{'movement':'%s','lines':[{'sku':'A%d','qty':%lld}]}",
			truck->order, truck->sku, (long long)truck->qty);
	if (!goods_office(&shelf->world, truck->is_empty ? "inbound.close" : "inbound.receive",
		    OTHER_STORE, data, NULL))
		shelf_fail(shelf, "the truck does not arrive: %s", data);
}

void shelf_arrive_all(struct shelf *shelf)
{
	while (shelf->arrived < shelf->trucks_sent)
		arrive(shelf);
}

void shelf_move(struct shelf *shelf)
{
	int sku = draw(shelf, SHELF_SKUS), zone = draw(shelf, SHELF_ZONES);
	int64_t by = 1 + draw(shelf, 3);
	int what = draw(shelf, 100);

	if (what < 30)
		receive(shelf, sku, zone, by);
	else if (what < 45)
		adjust(shelf, sku, zone, by);
	else if (shelf->there[sku][zone] >= by && what < 75)
		adjust(shelf, sku, zone, -by);
	else if (shelf->there[sku][zone] >= by && what < 85)
		send_away(shelf, sku, zone, by);
	else if (shelf->there[sku][zone] >= by && what < 95)
		load_truck(shelf, sku, zone, by);
	else if (shelf->arrived < shelf->trucks_sent)
		arrive(shelf);
}

/* ---- sheets ---- */

bool shelf_step(struct shelf *shelf, int sheet, const char *op, const char *more)
{
	char data[DATA_BYTES];

	pass_time(shelf);
	snprintf(data, sizeof data, "{'stocktake':'%s'%s}", shelf->sheets[sheet].id, more);
	return goods_office(&shelf->world, op, SHELF_STORE, data, NULL);
}

bool shelf_correct(struct shelf *shelf, int sheet, bool picks)
{
	struct shelf_sheet *s = &shelf->sheets[sheet];
	char data[DATA_BYTES], id[UUID_SIZE];
	int used = snprintf(data, sizeof data, "{'stocktake':'%s','later':[", s->id);
	const char *comma = "";

	for (int sku = 0; sku < SHELF_SKUS; sku++) {
		if (!picks || !s->begun[sku])
			continue;
		used += snprintf(data + used, sizeof data - (size_t)used, "%s'A%d'", comma, sku);
		comma = ",";
	}
	snprintf(data + used, sizeof data - (size_t)used, "]}");
	if (shelf_chance(shelf, 40) && say(shelf, 0, "stocktake.correct", data, id))
		return true;
	return goods_office(&shelf->world, "stocktake.correct", SHELF_STORE, data, NULL);
}

static void begin_round(struct shelf_sheet *sheet, int round)
{
	sheet->round = round;
	memset(sheet->counts, 0, sizeof sheet->counts);
	memset(sheet->begun, 0, sizeof sheet->begun);
	for (int zone = 0; zone < SHELF_ZONES; zone++) {
		sheet->pass[zone] = 1;
		sheet->holder[zone] = -1;
	}
}

static void sync_consoles(struct shelf *shelf)
{
	for (int i = 0; i < SHELF_TERMINALS; i++)
		if (shelf->terminals[i].home)
			goods_sync(shelf->terminals[i].home);
}

void shelf_begin_sheet(struct shelf *shelf, int sheet)
{
	struct shelf_sheet *s = &shelf->sheets[sheet];

	pass_time(shelf);
	if (!goods_office(
		    &shelf->world, "stocktake.create", SHELF_STORE, "{'scope':'full'}", s->id) ||
		!shelf_step(shelf, sheet, "stocktake.start", ""))
		shelf_fail(shelf, "no sheet");
	s->open = true;
	begin_round(s, 1);
	sync_consoles(shelf);
}

bool shelf_recount(struct shelf *shelf, int sheet)
{
	if (!shelf_step(shelf, sheet, "stocktake.recount", ""))
		return false;
	begin_round(&shelf->sheets[sheet], shelf->sheets[sheet].round + 1);
	sync_consoles(shelf);
	return true;
}

/* Who scanned some pieces counts the others now; what was taken or put meanwhile may have been of either. */
static int64_t the_rest(struct shelf *shelf, const struct shelf_count *count, int sku, int zone)
{
	int64_t rest = shelf->there[sku][zone] - count->scanned;

	if (shelf->moves[sku][zone] != count->moves)
		rest += draw(shelf, (int)count->scanned + 1);
	return rest < 0 ? 0 : rest;
}

/* A scan too many is undone at once. */
static void take_back(
	struct shelf *shelf, const struct shelf_sheet *sheet, int zone, const char *count)
{
	char data[DATA_BYTES], id[UUID_SIZE];

	snprintf(data, sizeof data, "{'stocktake':'%s','count':'%s'}", sheet->id, count);
	if (!say(shelf, sheet->holder[zone], "stocktake.undo", data, id))
		shelf_fail(shelf, "a scan is not undone");
}

static bool say_count(
	struct shelf *shelf, struct shelf_sheet *sheet, int sku, int zone, const char *how)
{
	char data[DATA_BYTES], id[UUID_SIZE];
	bool slips = shelf_chance(shelf, 5);

	if (sheet->holder[zone] < 0)
		sheet->holder[zone] = draw(shelf, SHELF_TERMINALS);
	for (int i = slips ? 0 : 1; i < 2; i++) {
		snprintf(data, sizeof data,
			"{'stocktake':'%s','sku':'A%d',%s'round':%d,'pass':%d,%s}", sheet->id, sku,
			zones[zone], sheet->round, sheet->pass[zone],
			i == 0 ? "'mode':'add','qty':7" : how);
		if (!say(shelf, sheet->holder[zone], "stocktake.count", data, id))
			return false;
		if (i == 0)
			take_back(shelf, sheet, zone, id);
	}
	return true;
}

/* One more act of counting in one place. False if the terminal would not have it. */
static bool count_place(struct shelf *shelf, struct shelf_sheet *sheet, int sku, int zone)
{
	struct shelf_count *count = &sheet->counts[sku][zone];

	/* Who counts the zone again knows nothing of what was counted before. */
	if (count->pass != sheet->pass[zone])
		*count = (struct shelf_count){.pass = sheet->pass[zone]};
	int64_t there = shelf->there[sku][zone], qty = there;
	bool again = count->parts > 0 && !count->half;
	bool half = !again && !count->half && there > 1 && shelf_chance(shelf, 30);
	char how[80];

	if (half)
		qty = 1 + draw(shelf, (int)there - 1);
	else if (count->half)
		qty = the_rest(shelf, count, sku, zone);
	snprintf(how, sizeof how, "'mode':'%s','qty':%lld",
		again || (!half && !count->half && shelf_chance(shelf, 20)) ? "set" : "add",
		(long long)qty);
	if (!say_count(shelf, sheet, sku, zone, how))
		return false;
	sheet->begun[sku] = true;
	count->parts++;
	count->half = half;
	count->scanned = qty;
	count->moves = shelf->moves[sku][zone];
	return true;
}

static bool is_whole(const struct shelf_count *count)
{
	return count->parts > 0 && !count->half;
}

/* Mostly what is not counted yet. */
void shelf_count(struct shelf *shelf, int sheet)
{
	struct shelf_sheet *s = &shelf->sheets[sheet];
	int sku = draw(shelf, SHELF_SKUS), zone = draw(shelf, SHELF_ZONES);

	if (!is_whole(&s->counts[sku][zone]) || shelf_chance(shelf, 30))
		count_place(shelf, s, sku, zone);
}

void shelf_count_again(struct shelf *shelf, int sheet)
{
	struct shelf_sheet *s = &shelf->sheets[sheet];
	int zone = 1 + draw(shelf, SHELF_ZONES - 1);
	char name[20], again[40];

	if (s->pass[zone] == PASSES_MOST)
		return;
	snprintf(name, sizeof name, ",'zone':'%c'", 'a' + zone - 1);
	snprintf(again, sizeof again, "%s,'again':true", name);
	if (s->pass[zone] == 1)
		shelf_step(shelf, sheet, "stocktake.claim", name);
	if (!shelf_step(shelf, sheet, "stocktake.release", name) ||
		!shelf_step(shelf, sheet, "stocktake.claim", again))
		shelf_fail(shelf, "the zone is not counted again");
	s->pass[zone]++;
	s->holder[zone] = -1;
}

void shelf_count_rest(struct shelf *shelf, int sheet)
{
	struct shelf_sheet *s = &shelf->sheets[sheet];

	for (int sku = 0; sku < SHELF_SKUS; sku++)
		for (int zone = 0; s->begun[sku] && zone < SHELF_ZONES; zone++)
			while (!is_whole(&s->counts[sku][zone]))
				if (!count_place(shelf, s, sku, zone))
					shelf_fail(shelf, "a console does not count");
}

/* ---- the world ---- */

static void spread(struct shelf *shelf)
{
	for (int sku = 0; sku < SHELF_SKUS; sku++)
		for (int piece = 0; piece < 20; piece++)
			shelf->there[sku][draw(shelf, SHELF_ZONES)]++;
}

static void order_goods(struct shelf *shelf)
{
	char data[DATA_BYTES];
	int used = snprintf(data, sizeof data, "{'third_party':'Luma','lines':[");

	for (int sku = 0; sku < SHELF_SKUS; sku++)
		used += snprintf(data + used, sizeof data - (size_t)used,
			"%s{'sku':'A%d','qty':100000}", sku ? "," : "", sku);
	snprintf(data + used, sizeof data - (size_t)used, "]}");
	if (!goods_office(&shelf->world, "inbound.create", SHELF_STORE, data, shelf->delivery))
		shelf_fail(shelf, "no inbound order");
}

void shelf_open(struct shelf *shelf, unsigned long long seed)
{
	memset(shelf, 0, sizeof *shelf);
	shelf->seed = seed;
	goods_open(&shelf->world, seed, true);
	shelf->terminals[0].home = &shelf->world.homes[0];
	shelf->terminals[1].home = &shelf->world.homes[GOODS_HOMES - 1];
	spread(shelf);
	order_goods(shelf);
	sync_consoles(shelf);
	shelf->world.cuts = seed % 2 ? 6 : 0;
}

void shelf_close(struct shelf *shelf)
{
	for (int i = 0; i < SHELF_TERMINALS; i++)
		for (int line = 0; line < shelf->terminals[i].count; line++)
			free(shelf->terminals[i].lines[line]);
	goods_close(&shelf->world);
}
