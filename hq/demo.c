#include "hq/demo.h"

#include "hq/commands.h"
#include "hq/demo_data.h"
#include "model/barcode.h"
#include "model/json.h"
#include "model/uuid.h"
#include "model/when.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define TZ_MINUTES 480
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
#define NAMED_MAX 64
#define SKU_SIZE 24
#define EAN_SIZE 40

struct demo {
	struct hq *hq;
	struct caller hq_caller, shop_caller; /* everything; what staff may do in the shops */
	int64_t today_ms;                     /* the first instant of the day */
	int64_t clock_ms;
	uint64_t random;     /* its state: the same numbers every time */
	uint64_t web_random; /* of the web shop's, so that the rest is as it would be without it */
	struct uuid_source uuids;
	char id[UUID_SIZE]; /* of the last command */
	struct {
		const char *name;
		char id[UUID_SIZE];
	} named[NAMED_MAX];
	int named_count;
	struct text batch;
	int batched;
	const struct caller *caller; /* of the batch */
	const char *expected;        /* status of the verdicts until the clock moves on */
	char *error;
	size_t error_size;
	bool failed;
};

/* splitmix64 */
static uint64_t demo_random(struct demo *demo)
{
	uint64_t x = demo->random += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static void make_id(struct demo *demo)
{
	uint64_t words[2] = {demo_random(demo), demo_random(demo)};
	uint8_t random[10];

	memcpy(random, words, sizeof(random));
	uuid_make(&demo->uuids, demo->clock_ms, random, demo->id);
}

/* ---- running commands ---- */

static void check_verdicts(struct demo *demo, const struct text *verdicts)
{
	char expected[40];
	int wanted = snprintf(expected, sizeof(expected), "\"status\":\"%s\"", demo->expected);

	for (const char *at = text_get(verdicts); *at && !demo->failed;) {
		size_t length = strcspn(at, "\n");

		demo->failed = !memmem(at, length, expected, (size_t)wanted);
		if (demo->failed)
			snprintf(demo->error, demo->error_size, "%.*s", (int)length, at);
		at += length + (at[length] == '\n');
	}
}

static void flush(struct demo *demo)
{
	struct text verdicts = TEXT_INIT(TEXT_LARGE);
	struct commands_body body = {text_get(&demo->batch), demo->batch.length, demo->clock_ms};

	if (demo->batched > 0 && !demo->failed) {
		commands_run(demo->hq, demo->caller, &body, &verdicts);
		check_verdicts(demo, &verdicts);
	}
	text_free(&verdicts);
	text_clear(&demo->batch);
	demo->batched = 0;
}

struct act {
	const char *store; /* NULL: none */
	const char *actor;
	const char *op;
	const char *data;
};

/* Puts the command into the batch; its id is in demo->id. */
static void act(struct demo *demo, const struct act *what)
{
	const struct caller *caller = what->store ? &demo->shop_caller : &demo->hq_caller;
	struct text *line = &demo->batch;
	char at[WHEN_SIZE];

	if (demo->batched == HQ_LINES_MAX || (demo->batched > 0 && demo->caller != caller))
		flush(demo);
	make_id(demo);
	when_format(demo->clock_ms, at);
	text_addf(line, "{\"id\":\"%s\",\"op\":\"%s\",\"v\":1,\"at\":\"%s\",\"store\":", demo->id,
		what->op, at);
	text_add_json(line, what->store);
	text_add(line, ",\"actor\":");
	text_add_json(line, what->actor);
	text_addf(line, ",\"data\":%s}\n", what->data);
	demo->caller = caller;
	demo->batched++;
}

/* The clock stands at the time of the day so many days from today; what was batched ran before. */
static void go_to(struct demo *demo, int day, const char *time)
{
	int hours = (int)strtol(time, NULL, 10), minutes = (int)strtol(time + 3, NULL, 10);

	flush(demo);
	demo->expected = "applied";
	demo->clock_ms = demo->today_ms + day * DAY_MS + (int64_t)(hours * 60 + minutes) * 60000;
}

/* ---- the world: stores, staff, products, opening stock ---- */

static void act_hq(struct demo *demo, const char *op, struct text *data)
{
	act(demo, &(struct act){.actor = "tseng", .op = op, .data = text_get(data)});
	text_clear(data);
}

static void make_stores(struct demo *demo)
{
	struct text data = TEXT_INIT(TEXT_SMALL);

	for (int i = 0; i < DEMO_STORES; i++) {
		const struct demo_store *store = &demo_stores[i];

		text_addf(&data,
			"{\"id\":\"%s\",\"name\":\"%s\",\"kind\":\"%s\",\"enabled\":true,\"tz_minutes\":%d}",
			store->id, store->name, store->kind, TZ_MINUTES);
		act_hq(demo, "store.put", &data);
	}
	text_free(&data);
}

static void make_staff(struct demo *demo)
{
	struct text data = TEXT_INIT(TEXT_SMALL);

	for (int i = 0; i < DEMO_STAFF; i++) {
		const struct demo_staff *staff = &demo_staff[i];

		text_addf(&data,
			"{\"id\":\"%s\",\"name\":\"%s\",\"role\":\"%s\",\"pin_hash\":\"%s\",\"active\":true,\"stores\":[",
			staff->id, staff->name, staff->role, staff->pin_hash);
		for (int s = 0, listed = 0; s < DEMO_STORES; s++)
			if (!staff->store || strcmp(staff->store, demo_stores[s].id) == 0)
				text_addf(
					&data, "%s\"%s\"", listed++ ? "," : "", demo_stores[s].id);
		text_add(&data, "]}");
		act_hq(demo, "staff.put", &data);
	}
	text_free(&data);
}

static void sku_of(char sku[SKU_SIZE], int category, int item, int variant)
{
	snprintf(sku, SKU_SIZE, "%s%02d%02d", demo_categories[category].prefix, item + 1,
		variant + 1);
}

/* 471 is Taiwan's prefix; 99 begins no company's number of this demo's vendors. */
static void ean_of(char ean[EAN_SIZE], int category, int item, int variant)
{
	snprintf(ean, EAN_SIZE, "47199%02d%02d%03d", category + 10, item, variant + 1);
	ean[12] = barcode_check_digit(ean, 12);
	ean[13] = '\0';
}

static void make_product(struct demo *demo, int category, int item, int variant)
{
	const struct demo_category *of = &demo_categories[category];
	bool ticket = category == DEMO_CATEGORIES - 1;
	struct text data = TEXT_INIT(TEXT_SMALL);
	char sku[SKU_SIZE], ean[EAN_SIZE];

	sku_of(sku, category, item, variant);
	ean_of(ean, category, item, variant);
	text_addf(&data,
		"{\"sku\":\"%s\",\"name\":\"%s %s\",\"barcodes\":[\"%s\"],\"category\":\"%s\",\"vendor\":\"%s\","
		"\"price\":%d,\"virtual\":%s}",
		sku, of->items[item], of->variants[variant], ean, of->name,
		demo_vendors[of->vendors[item >= 7]],
		of->price * (4 + item) / 4 * (10 + variant) / 10, ticket ? "true" : "false");
	act_hq(demo, "product.put", &data);
	text_free(&data);
}

/* Items 9 and 10 are not stocked everywhere; of items 1 and 2 there is enough for the script. */
static void open_stock(struct demo *demo, const struct demo_store *store)
{
	struct text data = TEXT_INIT(TEXT_LARGE);
	char sku[SKU_SIZE];
	bool first = true;

	text_addf(&data, "{\"store\":\"%s\",\"lines\":[", store->id);
	for (int i = 0; i < (DEMO_CATEGORIES - 1) * DEMO_ITEMS * DEMO_VARIANTS; i++) {
		int item = i / DEMO_VARIANTS % DEMO_ITEMS;
		unsigned chance = (unsigned)(demo_random(demo) >> 33);
		unsigned qty = chance % 11 == 0 ? 0 : chance / 16 % (unsigned)store->most;

		if (item >= 8 && chance % 4 == 0)
			continue;
		sku_of(sku, i / (DEMO_ITEMS * DEMO_VARIANTS), item, i % DEMO_VARIANTS);
		text_addf(&data, "%s{\"sku\":\"%s\",\"qty\":%u}", first ? "" : ",", sku,
			item < 2 ? qty + 30 : qty);
		first = false;
	}
	text_add(&data, "]}");
	act_hq(demo, "stock.open", &data);
	text_free(&data);
}

static void make_world(struct demo *demo)
{
	go_to(demo, -13, "08:00");
	make_stores(demo);
	make_staff(demo);
	for (int i = 0; i < DEMO_CATEGORIES * DEMO_ITEMS * DEMO_VARIANTS; i++)
		make_product(demo, i / (DEMO_ITEMS * DEMO_VARIANTS), i / DEMO_VARIANTS % DEMO_ITEMS,
			i % DEMO_VARIANTS);
	go_to(demo, -13, "09:00");
	for (int i = 0; i < DEMO_STORES; i++)
		open_stock(demo, &demo_stores[i]);
	flush(demo);
}

/* ---- the script: see demo_data.h for its shorthand ---- */

static size_t add_date(struct demo *demo, const char *at, struct text *out)
{
	char *end, date[WHEN_SIZE];
	long days = strtol(at + 1, &end, 10);

	when_local_date(demo->today_ms + days * DAY_MS, TZ_MINUTES, date);
	text_add(out, date);
	return (size_t)(end - at);
}

static size_t add_id(struct demo *demo, const char *at, struct text *out)
{
	size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789");

	for (int i = 0; i < demo->named_count; i++)
		if (strlen(demo->named[i].name) == length &&
			strncmp(demo->named[i].name, at + 1, length) == 0)
			text_add(out, demo->named[i].id);
	return length + 1;
}

static size_t add_lines(const char *at, struct text *out)
{
	size_t length = strcspn(at, ">");

	text_add(out, "[");
	for (const char *line = at + 1; line < at + length; line += strcspn(line, ",>") + 1) {
		char sku[SKU_SIZE];
		int qty = 0, damaged = 0;

		line += strspn(line, " ");
		if (sscanf(line, "%23s %d %d", sku, &qty, &damaged) < 2)
			break;
		text_addf(out, "%s{\"sku\":\"%s\",\"qty\":%d", line > at + 1 ? "," : "", sku, qty);
		if (damaged)
			text_addf(out, ",\"damaged\":%d", damaged);
		text_add(out, "}");
	}
	text_add(out, "]");
	return length + 1;
}

static size_t add_words(const char *at, struct text *out)
{
	size_t length = strcspn(at, "]");

	text_add(out, "[");
	for (const char *word = at + 1; word < at + length;) {
		size_t letters = strcspn(word, " ]");

		text_addf(out, "%s\"%.*s\"", word > at + 1 ? "," : "", (int)letters, word);
		word += letters + (word[letters] == ' ');
	}
	text_add(out, "]");
	return length + 1;
}

static void expand(struct demo *demo, const char *data, struct text *out)
{
	for (const char *at = data; *at;) {
		if (*at == '@') {
			at += add_date(demo, at, out);
		} else if (*at == '#') {
			at += add_id(demo, at, out);
		} else if (*at == '<') {
			at += add_lines(at, out);
		} else if (*at == '[' && at[1] != '{') {
			at += add_words(at, out);
		} else {
			text_add_bytes(out, *at == '\'' ? "\"" : at, 1);
			at++;
		}
	}
}

static bool of_web_shop(const char *op)
{
	return strncmp(op, "order.", 6) == 0 || strcmp(op, "channel.put") == 0 ||
		strcmp(op, "product.put") == 0 || strcmp(op, "stock.open") == 0;
}

static void swap_random(struct demo *demo)
{
	uint64_t random = demo->random;

	demo->random = demo->web_random;
	demo->web_random = random;
}

static void run_step(struct demo *demo, const struct demo_step *step)
{
	struct text data = TEXT_INIT(TEXT_SMALL);
	bool web = of_web_shop(step->op);

	if (web)
		swap_random(demo);
	go_to(demo, step->day, step->time);
	if (step->data[0] == '!')
		demo->expected = "rejected";
	expand(demo, step->data + (step->data[0] == '!'), &data);
	act(demo, &(struct act){step->store, step->actor, step->op, text_get(&data)});
	if (step->name && demo->named_count < NAMED_MAX) {
		demo->named[demo->named_count].name = step->name;
		memcpy(demo->named[demo->named_count++].id, demo->id, sizeof(demo->id));
	}
	if (web)
		swap_random(demo);
	text_free(&data);
}

/* ---- stocktakes ---- */

struct count_line {
	char sku[COMMAND_ID_MAX + 1];
	int64_t on_hand;
};

#define COUNT_LINES_MAX 1500

static const char *category_of(const struct demo_count *plan)
{
	return plan->category == DEMO_FULL ? NULL : demo_categories[plan->category].name;
}

static int read_lines(struct demo *demo, const struct demo_step *at, const struct demo_count *plan,
	struct count_line *lines)
{
	int count = 0;
	struct db_rows *rows = db_query(demo->hq->db,
		"SELECT s.sku, s.on_hand FROM stock s JOIN product p ON p.sku = s.sku WHERE s.store = $1"
		" AND ($2 IS NULL OR p.category = $2) ORDER BY s.sku",
		"tt", at->store, category_of(plan));

	while (count < plan->most && db_next(rows)) {
		snprintf(lines[count].sku, sizeof(lines[count].sku), "%s", db_text(rows, 0));
		lines[count++].on_hand = db_int(rows, 1);
	}
	db_done(rows);
	return count;
}

static void count_line(struct demo *demo, const struct demo_step *at, const char *sheet,
	const struct count_line *line, bool wrong)
{
	struct text data = TEXT_INIT(TEXT_SMALL);
	/* One more or up to three fewer, never below nothing. */
	int64_t off = wrong
		? (demo_random(demo) % 3 == 0 ? 1000 : -1000 * (int64_t)(demo_random(demo) % 3 + 1))
		: 0;
	int64_t qty = line->on_hand + off < 0 ? 0 : line->on_hand + off;

	text_addf(&data,
		"{\"stocktake\":\"%s\",\"sku\":\"%s\",\"mode\":\"set\",\"zone\":\"A\",\"qty\":",
		sheet, line->sku);
	text_add_qty(&data, qty);
	text_add(&data, "}");
	demo->clock_ms += 3000;
	act(demo, &(struct act){at->store, at->actor, "stocktake.count", text_get(&data)});
	text_free(&data);
}

static void act_on_sheet(struct demo *demo, const struct act *what, const char *sheet)
{
	struct text data = TEXT_INIT(TEXT_SMALL);

	flush(demo);
	demo->clock_ms += 60000;
	text_addf(&data, "{\"stocktake\":\"%s\"%s}", sheet,
		strcmp(what->op, "stocktake.finish") == 0 ? ",\"uncounted\":\"leave\"" : "");
	act(demo, &(struct act){what->store, what->actor, what->op, text_get(&data)});
	flush(demo);
	text_free(&data);
}

static void make_sheet(
	struct demo *demo, const struct demo_step *at, const char *category, char sheet[UUID_SIZE])
{
	struct text data = TEXT_INIT(TEXT_SMALL);

	go_to(demo, at->day, at->time);
	text_addf(&data, "{\"scope\":\"%s\",", category ? "partial" : "full");
	if (category)
		text_addf(&data, "\"categories\":[\"%s\"],", category);
	text_addf(&data, "\"creator\":\"%s\",\"note\":\"%s\"}", at->actor, at->data);
	act(demo, &(struct act){at->store, at->actor, "stocktake.create", text_get(&data)});
	memcpy(sheet, demo->id, UUID_SIZE);
	text_free(&data);
}

/* Is it the turn of one line in so many? */
static bool is_turn(int every, int line)
{
	return every && line % every == every / 2;
}

static void count_sheet(
	struct demo *demo, const struct demo_step *at, const struct demo_count *plan)
{
	struct count_line *lines = calloc(COUNT_LINES_MAX, sizeof(*lines));
	char sheet[UUID_SIZE];

	make_sheet(demo, at, category_of(plan), sheet);
	act_on_sheet(demo, &(struct act){at->store, at->actor, "stocktake.start", NULL}, sheet);
	int count = lines ? read_lines(demo, at, plan, lines) : 0;

	for (int i = 0; i < count; i++)
		if (!is_turn(plan->skip_every, i))
			count_line(demo, at, sheet, &lines[i], is_turn(plan->wrong_every, i));
	if (plan->finish)
		act_on_sheet(
			demo, &(struct act){at->store, at->actor, "stocktake.finish", NULL}, sheet);
	if (plan->corrector)
		act_on_sheet(demo,
			&(struct act){at->store, plan->corrector, "stocktake.correct", NULL},
			sheet);
	flush(demo);
	free(lines);
}

/* ---- running the script in the order of its times ---- */

static int compare_steps(const void *a, const void *b)
{
	const struct demo_step *x = *(const struct demo_step *const *)a,
			       *y = *(const struct demo_step *const *)b;
	int order = x->day != y->day ? x->day - y->day : strcmp(x->time, y->time);

	return order ? order : (x > y) - (x < y);
}

static void run_count(struct demo *demo, const struct demo_step *step)
{
	for (size_t i = 0; i < demo_count_count; i++)
		if (strcmp(demo_counts[i].name, step->name) == 0)
			count_sheet(demo, step, &demo_counts[i]);
}

static void run_script(struct demo *demo)
{
	const struct demo_step **steps = malloc(demo_script_count * sizeof(*steps));

	for (size_t i = 0; steps && i < demo_script_count; i++)
		steps[i] = &demo_script[i];
	if (steps)
		qsort(steps, demo_script_count, sizeof(*steps), compare_steps);
	for (size_t i = 0; steps && i < demo_script_count && !demo->failed; i++) {
		if (steps[i]->op)
			run_step(demo, steps[i]);
		else
			run_count(demo, steps[i]);
	}
	flush(demo);
	free(steps);
}

/* ---- */

static void hire_callers(struct demo *demo)
{
	demo->hq_caller = (struct caller){.cap = ROLE_HQ, .every_right = true};
	demo->shop_caller = (struct caller){.cap = ROLE_HQ};
	for (int i = 0; i < DEMO_STORES; i++)
		names_add(&demo->shop_caller.stores, demo_stores[i].id);
}

bool demo_make(struct hq *hq, int64_t now_ms, char *error, size_t size)
{
	struct demo demo = {.hq = hq,
		.random = 20250101,
		.web_random = 20250102,
		.batch = TEXT_INIT(TEXT_LARGE),
		.error = error,
		.error_size = size};
	char today[WHEN_SIZE];

	when_local_date(now_ms, TZ_MINUTES, today);
	when_day_start(today, TZ_MINUTES, &demo.today_ms);
	hire_callers(&demo);
	make_world(&demo);
	run_script(&demo);
	names_free(&demo.shop_caller.stores);
	text_free(&demo.batch);
	return !demo.failed;
}

/* Columns of the screen a UTF-8 text takes: Chinese is two wide. All names here are one or the other. */
static int columns_of(const char *text)
{
	int columns = 0;

	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		columns += *at < 0x80 ? 1 : *at >= 0xe0 ? 2 : 0;
	return columns;
}

static void print_column(FILE *out, const char *text, int width)
{
	int left = width - columns_of(text);

	fprintf(out, "%s%*s  ", text, left > 0 ? left : 0, "");
}

void demo_print_staff(FILE *out)
{
	static const struct demo_staff title = {"STAFF", "NAME", "ROLE", "STORE", "PIN", NULL};

	for (int i = -1; i < DEMO_STAFF; i++) {
		const struct demo_staff *staff = i < 0 ? &title : &demo_staff[i];

		print_column(out, staff->id, 6);
		print_column(out, staff->name, 22);
		print_column(out, staff->store ? staff->store : "(all)", 8);
		print_column(out, staff->role, 12);
		fprintf(out, "%s\n", staff->pin);
	}
}
