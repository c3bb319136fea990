/* A whole day of stock documents at two stores without HQ, by the command line: what each store shows is right
 * as far as it can know. HQ returns, and both settle on the same figures, whoever is heard first; what HQ had
 * to refuse comes back with its reason. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_kit.h"

#define DATA_BYTES 400
#define ID_BYTES 64
#define QUEUED 4 /* the exit code of `do` */

/* Products of this test alone: 100 on hand in both stores, but for the last. */
#define TEA "TD-TEA"
#define CUP "TD-CUP"
#define POT "TD-POT"
#define NEW "TD-NEW"

struct day {
	struct e2e_home xinyi, ximen;
	char sent[ID_BYTES];    /* xinyi → ximen: 10 TEA, 5 CUP; shipped */
	char agreed[ID_BYTES];  /* xinyi → ximen: 10 POT; accepted */
	char offered[ID_BYTES]; /* ximen → xinyi: 4 TEA; pending */
	char asked[ID_BYTES];   /* ximen asks xinyi for 8 CUP; pending */
	char born[ID_BYTES];    /* of xinyi's agreeing to that */
	char sold[ID_BYTES], bought[ID_BYTES];
};

/* ---- before ---- */

__attribute__((format(printf, 4, 5))) static void at_hq(
	char id[ID_BYTES], const char *store, const char *op, const char *format, ...)
{
	char data[DATA_BYTES];
	const char *made;
	va_list args;

	va_start(args, format);
	vsnprintf(data, sizeof data, format, args);
	va_end(args);
	made = e2e_command(store, op, data);
	if (id)
		snprintf(id, ID_BYTES, "%s", made);
}

#define LINE(sku, qty) "{\"sku\":\"" sku "\",\"qty\":" qty "}"
#define ABOUT "{\"movement\":\"%s\"}"

static void make_products(void)
{
	static const char *const skus[] = {TEA, CUP, POT};

	at_hq(NULL, NULL, "product.put", "{\"sku\":\"" NEW "\",\"name\":\"New\"}");
	for (int i = 0; i < 3; i++) {
		at_hq(NULL, NULL, "product.put", "{\"sku\":\"%s\",\"name\":\"Thing\"}", skus[i]);
		for (int store = 0; store < 2; store++)
			at_hq(NULL, NULL, "stock.open",
				"{\"store\":\"%s\",\"lines\":[{\"sku\":\"%s\",\"qty\":100}]}",
				store ? "ximen" : "xinyi", skus[i]);
	}
}

static void make_documents(struct day *day)
{
	at_hq(day->sent, "xinyi", "outbound.create",
		"{\"to\":\"ximen\",\"lines\":[" LINE(TEA, "10") "," LINE(CUP, "5") "]}");
	at_hq(NULL, "ximen", "inbound.accept", ABOUT, day->sent);
	at_hq(NULL, "xinyi", "outbound.ship", ABOUT, day->sent);
	at_hq(day->agreed, "xinyi", "outbound.create",
		"{\"to\":\"ximen\",\"lines\":[" LINE(POT, "10") "]}");
	at_hq(NULL, "ximen", "inbound.accept", ABOUT, day->agreed);
	at_hq(day->offered, "ximen", "outbound.create",
		"{\"to\":\"xinyi\",\"lines\":[" LINE(TEA, "4") "]}");
	at_hq(day->asked, "ximen", "transfer.request",
		"{\"from\":\"xinyi\",\"lines\":[" LINE(CUP, "8") "]}");
}

/* ---- the day ---- */

/* `countertop do` by the store's manager; without HQ it is queued. Its id. */
static void queue(const struct e2e_home *home, char id[ID_BYTES], const char *op, const char *first,
	const char *second)
{
	bool xinyi = strcmp(home->store, "xinyi") == 0;
	struct e2e_output output;
	cJSON *verdict;

	setenv("COUNTERTOP_PIN", xinyi ? "1200" : "1300", 1);
	e2e_countertop(
		&output, home, "--staff", xinyi ? "chen" : "chang", "do", op, first, second, NULL);
	if (output.code != QUEUED)
		fail_msg("%s %s %s: %d %s%s", op, first, second ? second : "", output.code,
			output.out, output.err);
	verdict = cJSON_Parse(output.out);
	if (id)
		snprintf(id, ID_BYTES, "%s",
			cJSON_GetObjectItemCaseSensitive(verdict, "id")->valuestring);
	cJSON_Delete(verdict);
}

static const char *field(const char *name, const char *value)
{
	static char text[100];

	snprintf(text, sizeof text, "%s=%s", name, value);
	return text;
}

static void day_at_xinyi(struct day *day)
{
	const struct e2e_home *home = &day->xinyi;

	queue(home, day->sold, "outbound.create", "third_party=Luma", "lines=[" LINE(TEA, "3") "]");
	queue(home, NULL, "outbound.ship", field("movement", day->sold), NULL);
	queue(home, day->bought, "inbound.create", "third_party=Luma",
		"lines=[" LINE(NEW, "6") "]");
	queue(home, NULL, "inbound.receive", field("movement", day->bought),
		"lines=[{\"sku\":\"" NEW "\",\"qty\":6,\"damaged\":2}]");
	queue(home, NULL, "inbound.accept", field("movement", day->offered), NULL);
	queue(home, NULL, "outbound.ship", field("movement", day->agreed),
		"lines=[" LINE(POT, "3") "]");
	queue(home, day->born, "transfer.agree", field("transfer", day->asked),
		"lines=[" LINE(CUP, "2") "]");
	queue(home, NULL, "outbound.ship", field("movement", day->born), NULL);
}

static void day_at_ximen(struct day *day)
{
	const struct e2e_home *home = &day->ximen;

	queue(home, NULL, "inbound.arrive", field("movement", day->sent), NULL);
	queue(home, NULL, "inbound.receive", field("movement", day->sent),
		"lines=[{\"sku\":\"" TEA
		"\",\"qty\":6,\"damaged\":1}," LINE(CUP, "5") "," LINE(POT, "2") "]");
	queue(home, NULL, "inbound.close", field("movement", day->sent), "reason=lost");
	queue(home, NULL, "outbound.cancel", field("movement", day->offered), "reason=sold here");
	queue(home, NULL, "inbound.receive", field("movement", day->agreed),
		"lines=[" LINE(POT, "10") "]");
	queue(home, NULL, "transfer.cancel", field("transfer", day->asked), NULL);
	/* One of those that were given up for lost. */
	queue(home, NULL, "inbound.receive", field("movement", day->sent),
		"lines=[" LINE(TEA, "1") "]");
}

/* ---- what is shown ---- */

struct figures {
	const char *sku;
	double on_hand, damaged, in, out, available;
};

static double number(const cJSON *row, const char *name)
{
	return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(row, name));
}

static const cJSON *row_of(const cJSON *rows, const char *store)
{
	const cJSON *row;

	cJSON_ArrayForEach(row, rows)
	{
		if (strcmp(cJSON_GetObjectItemCaseSensitive(row, "store")->valuestring, store) == 0)
			return row;
	}
	fail_msg("there is no stock of %s", store);
	return NULL;
}

static void expect_figures(
	const char *where, const char *store, cJSON *rows, const struct figures *expected)
{
	const cJSON *row = row_of(rows, store);
	char *json = cJSON_PrintUnformatted(row);

	if (number(row, "on_hand") != expected->on_hand ||
		number(row, "damaged") != expected->damaged ||
		number(row, "in_transit_in") != expected->in ||
		number(row, "in_transit_out") != expected->out ||
		number(row, "available") != expected->available)
		fail_msg(
			"%s of %s %s: expected %g, %g damaged, %g in, %g out, %g available; has %s",
			expected->sku, store, where, expected->on_hand, expected->damaged,
			expected->in, expected->out, expected->available, json);
	cJSON_free(json);
	cJSON_Delete(rows);
}

/* Of a store without HQ, or of both once they have settled. */
static void expect_shown(const struct e2e_home *home, const struct figures *figures, int count)
{
	for (int i = 0; i < count; i++) {
		char filter[60];

		snprintf(filter, sizeof filter, "sku=%s", figures[i].sku);
		expect_figures("at its terminal", home->store, e2e_show(home, "stock", filter),
			&figures[i]);
	}
}

static void expect_at_hq(const char *store, const struct figures *figures, int count)
{
	for (int i = 0; i < count; i++)
		expect_figures("at HQ", store,
			e2e_get("/v1/stock?store=%s&sku=%s", store, figures[i].sku), &figures[i]);
}

static void expect_status(
	const struct e2e_home *home, const char *kind, const char *id, const char *expected)
{
	cJSON *document = e2e_show(home, kind, id);
	const char *status = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(document, "status"));

	if (!status || strcmp(status, expected) != 0)
		fail_msg("%s at %s: expected %s, is %s", kind, home->store, expected,
			status ? status : "nothing");
	cJSON_Delete(document);
}

/* ordered, shipped, received, damaged, written off of a product's line, at HQ */
static void expect_line(const char *id, const char *sku, const double figures[5])
{
	static const char *const names[] = {
		"ordered", "shipped", "received", "damaged", "written_off"};
	cJSON *movement = e2e_get("/v1/movements/%s", id);
	const cJSON *line;

	cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(movement, "lines"))
	{
		if (strcmp(cJSON_GetObjectItemCaseSensitive(line, "sku")->valuestring, sku) != 0)
			continue;
		for (int i = 0; i < 5; i++)
			if (number(line, names[i]) != figures[i])
				fail_msg("%s %s: expected %g, is %g", sku, names[i], figures[i],
					number(line, names[i]));
		cJSON_Delete(movement);
		return;
	}
	fail_msg("%s is not on %s", sku, id);
}

/* How many commands of the home HQ refused, and how many for this reason. */
static int refused(const struct e2e_home *home, const char *op, const char *code)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		"SELECT count(*) FROM command WHERE status = 'rejected' AND dismissed = 0"
		" AND ('%s' = '' OR op = '%s') AND ('%s' = '' OR code = '%s') AND message <> ''",
		op, op, code, code);
	return (int)e2e_outbox(home, sql);
}

/* ---- the tests ---- */

static const struct figures xinyi_alone[] = {
	{TEA, 87, 0, 0, 10, 87},
	{CUP, 93, 0, 0, 7, 93},
	{POT, 97, 0, 0, 3, 90},
	{NEW, 4, 2, 0, 0, 4},
};
static const struct figures ximen_alone[] = {
	{TEA, 106, 1, 0, 0, 106},
	{CUP, 105, 0, 0, 0, 105},
	{POT, 112, 0, 0, 0, 112},
};
#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

static void begin_day(struct day *day)
{
	make_products();
	make_documents(day);
	e2e_enrol(&day->xinyi, "xinyi");
	e2e_enrol(&day->ximen, "ximen");
	e2e_hq_stop();
	day_at_xinyi(day);
	day_at_ximen(day);
}

static void expect_alone(struct day *day)
{
	expect_shown(&day->xinyi, xinyi_alone, COUNT_OF(xinyi_alone));
	expect_status(&day->xinyi, "movements", day->sold, "received");
	expect_status(&day->xinyi, "movements", day->bought, "received");
	expect_status(&day->xinyi, "movements", day->offered, "accepted");
	expect_status(&day->xinyi, "movements", day->agreed, "accepted");
	expect_status(&day->xinyi, "movements", day->born, "shipped");
	expect_status(&day->xinyi, "transfers", day->asked, "agreed");
	expect_shown(&day->ximen, ximen_alone, COUNT_OF(ximen_alone));
	expect_status(&day->ximen, "movements", day->sent, "received");
	expect_status(&day->ximen, "movements", day->offered, "cancelled");
	expect_status(&day->ximen, "movements", day->agreed, "received");
	expect_status(&day->ximen, "transfers", day->asked, "cancelled");
}

static void sync(const struct e2e_home *home)
{
	struct e2e_output output;

	e2e_countertop(&output, home, "sync", "--once", NULL);
	if (output.code != 0)
		fail_msg("%s does not settle: %s", home->store, output.err);
	assert_int_equal(e2e_unsent(home), 0);
}

/* Both stores and HQ agree on these figures and statuses. */
static void expect_settled(struct day *day, const struct figures *xinyi,
	const struct figures *ximen, const char *asked_is)
{
	expect_at_hq("xinyi", xinyi, 4);
	expect_at_hq("ximen", ximen, 3);
	expect_shown(&day->xinyi, xinyi, 4);
	expect_shown(&day->ximen, ximen, 3);
	for (int i = 0; i < 2; i++) {
		const struct e2e_home *home = i ? &day->ximen : &day->xinyi;

		expect_status(home, "movements", day->sent, "received");
		expect_status(home, "movements", day->offered, "cancelled");
		expect_status(home, "movements", day->agreed, "received");
		expect_status(home, "transfers", day->asked, asked_is);
	}
	/* Of ten six came, one of them damaged; of the four given up for lost one turned up. */
	expect_line(day->sent, TEA, (double[]){10, 10, 7, 1, 3});
	expect_line(day->sent, CUP, (double[]){5, 5, 5, 0, 0});
	expect_line(day->sent, POT, (double[]){0, 0, 2, 0, 0});
}

static void the_receiver_is_heard_first(void **state)
{
	/* A day without HQ at both stores; ximen is heard first, so xinyi's late requests are refused. */
	static struct day day;
	static const struct figures xinyi[] = {{TEA, 87, 0, 0, 0, 87}, {CUP, 95, 0, 0, 0, 95},
		{POT, 88, 0, 0, 0, 88}, {NEW, 4, 2, 0, 0, 4}};

	(void)state;
	begin_day(&day);
	expect_alone(&day);
	e2e_hq_start();
	sync(&day.ximen);
	sync(&day.xinyi);
	sync(&day.ximen);
	expect_settled(&day, xinyi, ximen_alone, "cancelled");
	expect_line(day.agreed, POT, (double[]){10, 10, 10, 0, 0});
	assert_int_equal(refused(&day.ximen, "", ""), 0);
	assert_int_equal(refused(&day.xinyi, "", ""), 4);
	assert_int_equal(refused(&day.xinyi, "inbound.accept", "wrong_status"), 1);
	assert_int_equal(refused(&day.xinyi, "transfer.agree", "wrong_status"), 1);
	assert_int_equal(refused(&day.xinyi, "outbound.ship", "wrong_status"), 1);
	assert_int_equal(refused(&day.xinyi, "outbound.ship", "unknown_document"), 1);
}

static void the_sender_is_heard_first(void **state)
{
	/* The same day; xinyi is heard first: what ximen counted is on hand all the same, and only its taking
	 * back of a transfer order that was agreed to is refused. */
	static struct day day;
	static const struct figures xinyi[] = {{TEA, 87, 0, 0, 0, 87}, {CUP, 93, 0, 0, 2, 93},
		{POT, 88, 0, 0, 0, 88}, {NEW, 4, 2, 0, 0, 4}};
	static const struct figures ximen[] = {
		{TEA, 106, 1, 0, 0, 106}, {CUP, 105, 0, 2, 0, 105}, {POT, 112, 0, 0, 0, 112}};

	(void)state;
	begin_day(&day);
	e2e_hq_start();
	sync(&day.xinyi);
	sync(&day.ximen);
	sync(&day.xinyi);
	expect_settled(&day, xinyi, ximen, "agreed");
	/* The sender says three left; seven more came. */
	expect_line(day.agreed, POT, (double[]){10, 3, 10, 0, 0});
	expect_status(&day.ximen, "movements", day.born, "shipped");
	assert_int_equal(refused(&day.xinyi, "", ""), 0);
	assert_int_equal(refused(&day.ximen, "", ""), 1);
	assert_int_equal(refused(&day.ximen, "transfer.cancel", "wrong_status"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(the_receiver_is_heard_first),
		e2e_test(the_sender_is_heard_first),
	};

	return cmocka_run_group_tests_name("a day of documents without HQ", tests, NULL, NULL);
}
