/* Ticket clerks may list and redeem tickets and nothing else: every command, every page, every scan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/json.h"
#include "model/text.h"
#include "tests/screen/shop_fixture.h"

#define TICKET_CLERK "kiosk", "1111"
#define NEEDS_CLERK "This needs the right of: Clerk. You are: Ticket clerk."

#define ADJUST                                                                      \
	"{\"kind\":\"write_off\",\"reason\":\"broken\",\"lines\":[{\"sku\":\"A1\"," \
	"\"qty\":1}]}"
#define REDEEM "{\"code\":\"TK-CLERK-01\",\"qty\":1,\"mode\":\"online\"}"

struct kiosk {
	struct shop_fixture shop;
	struct screen *screen;
	char out_number[40], in_number[40], transfer_number[40], sheet_number[40];
};

static void read_number(struct kiosk *world, const char *sql, char out[40])
{
	char *number = db_get_text(world->shop.hq.db, sql, "");
	assert_non_null(number);
	snprintf(out, 40, "%s", number);
	free(number);
}

/* A shop with something on every page: goods under way in both directions, a sheet, two orders of tickets. */
static int set_up(void **state)
{
	struct kiosk *world = calloc(1, sizeof *world);
	struct shop_fixture *shop = &world->shop;
	shop_fixture_open_bare(shop, (const char *const[]){"xinyi", NULL});
	fixture_sql(&shop->hq,
		"UPDATE staff SET pin_hash = (SELECT pin_hash FROM staff WHERE id = 'chen')"
		" WHERE id = 'kiosk'");
	shop_fixture_do(shop, "outbound.create", "xinyi", "lin",
		"{'to':'ximen','note':'Lantern parts','lines':[{'sku':'A1','qty':7}]}");
	shop_fixture_do(shop, "inbound.create", "xinyi", "lin",
		"{'third_party':'Harbour Traders','lines':[{'sku':'A2','qty':9}]}");
	shop_fixture_do(shop, "transfer.request", "xinyi", "lin",
		"{'from':'ximen','note':'for Friday','lines':[{'sku':'A3','qty':4}]}");
	const char *sheet = shop_fixture_do(
		shop, "stocktake.create", "xinyi", "lin", "{'scope':'full'}");
	shop_fixture_do(shop, "stocktake.start", "xinyi", "lin", "{'stocktake':'%s'}", sheet);
	shop_fixture_do(shop, "ticket.issue", NULL, "ho",
		"{'order':'T-1','buyer':'Ms Lin','phone':'0912345678','lines':["
		"{'code':'TK-CLERK-01','product':'A4','units':3}]}");
	read_number(world, "SELECT out_number FROM movement WHERE from_store = 'xinyi'",
		world->out_number);
	read_number(
		world, "SELECT in_number FROM movement WHERE to_store = 'xinyi'", world->in_number);
	read_number(world, "SELECT number FROM transfer", world->transfer_number);
	read_number(world, "SELECT number FROM stocktake", world->sheet_number);
	shop_fixture_land(shop);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct kiosk *world = *state;
	if (world->screen)
		screen_end(world->screen);
	shop_fixture_close(&world->shop);
	free(world);
	return 0;
}

static struct screen *start_as(struct kiosk *world, const char *staff, const char *pin)
{
	world->screen = shop_fixture_start_as(&world->shop, staff, pin);
	return world->screen;
}

static void change_to(struct screen *screen, const char *staff, const char *pin)
{
	screen_send(screen, "<f9>");
	screen_expect(screen, "Your name or id");
	shop_fixture_sign_in(screen, staff, pin);
}

/* ---- commands ---- */

/* A word of the alternatives "a|b|c". */
static cJSON *first_word(const char *of)
{
	char word[60];
	snprintf(word, sizeof word, "%.*s", (int)strcspn(of, "|"), of);
	return cJSON_CreateString(word);
}

static cJSON *sample_of(const struct op *op, int field);

/* One object with the required items of the list field before them. */
static cJSON *sample_lines(const struct op *op, int field)
{
	cJSON *lines = cJSON_CreateArray(), *line = cJSON_CreateObject();
	for (int i = field + 1; i < op->field_count && op->fields[i].item; i++)
		if (op->fields[i].required)
			cJSON_AddItemToObject(line, op->fields[i].name, sample_of(op, i));
	cJSON_AddItemToArray(lines, line);
	return lines;
}

/* A value that is well formed, whatever it means. */
static cJSON *sample_of(const struct op *op, int field)
{
	const struct field *it = &op->fields[field];
	switch (it->type) {
	case FIELD_DATE:
		return cJSON_CreateString("2026-03-02");
	case FIELD_CODE:
		return cJSON_CreateString("TK-CLERK-01");
	case FIELD_QTY:
	case FIELD_QTY0:
	case FIELD_SQTY:
	case FIELD_UNITS:
	case FIELD_MONEY:
		return cJSON_CreateNumber(1);
	case FIELD_BOOL:
		return cJSON_CreateTrue();
	case FIELD_ENUM:
		return first_word(it->of);
	case FIELD_TEXTS:
		return cJSON_CreateStringArray((const char *const[]){"xinyi"}, 1);
	case FIELD_CODES:
		return cJSON_CreateStringArray(
			(const char *const[]){"TK-CLERK-02", "TK-CLERK-03"}, 2);
	case FIELD_LINES:
		return sample_lines(op, field);
	case FIELD_OBJECT:
		return cJSON_CreateObject();
	case FIELD_PIN:
		return cJSON_CreateString("1234");
	default:
		return cJSON_CreateString("A1");
	}
}

static cJSON *sample_data(const struct op *op)
{
	cJSON *data = cJSON_CreateObject();
	for (int i = 0; i < op->field_count; i++)
		if (op->fields[i].required && !op->fields[i].item)
			cJSON_AddItemToObject(data, op->fields[i].name, sample_of(op, i));
	return data;
}

/* Refused with the right that is missing, if more than a ticket clerk's is needed. */
static void expect_judged(const struct op *op, enum refusal refusal, const char *message)
{
	char needed[100];
	if (op->right <= ROLE_TICKETS) {
		if (refusal == REFUSED_no_right)
			fail_msg("%s: a ticket clerk may, but: %s", op->name, message);
		return;
	}
	snprintf(needed, sizeof needed, "%s needs the role %s", op->name, role_word(op->right));
	if (refusal != REFUSED_no_right || strcmp(message, needed) != 0)
		fail_msg("%s: %s (%s)", op->name, refusal_code(refusal), message);
}

static void test_commands_here(void **state)
{
	/* At the terminal every command but those of tickets is refused to a ticket clerk, and names the right. */
	struct kiosk *world = *state;
	int count, refused = 0;
	const struct op *ops = op_all(&count);
	for (int i = 0; i < count; i++) {
		struct console_verdict verdict;
		console_do(&world->shop.console, ops[i].name, "xinyi", "kiosk",
			sample_data(&ops[i]), world->shop.hq.now_ms, &verdict);
		expect_judged(&ops[i], verdict.refusal, verdict.message);
		assert_true(!verdict.saved || ops[i].right <= ROLE_TICKETS);
		refused += verdict.refusal == REFUSED_no_right;
		console_verdict_free(&verdict);
	}
	assert_true(refused > 30);
}

static void test_commands_at_hq(void **state)
{
	/* A line that got past a terminal is refused by HQ just the same. */
	struct kiosk *world = *state;
	int count;
	const struct op *ops = op_all(&count);
	for (int i = 0; i < count; i++) {
		cJSON *data = sample_data(&ops[i]);
		char *json = cJSON_PrintUnformatted(data);
		struct verdict verdict = fixture_run(
			&world->shop.hq, ops[i].name, "xinyi", "kiosk", json);
		expect_judged(&ops[i], verdict.refusal, verdict.message);
		verdict_free(&verdict);
		cJSON_free(json);
		cJSON_Delete(data);
	}
}

/* ---- pages ---- */

static void test_start(void **state)
{
	/* A ticket clerk starts on the tickets. */
	struct kiosk *world = *state;
	struct screen *screen = start_as(world, TICKET_CLERK);
	screen_expect(screen, "Ticket orders 1");
	screen_expect(screen, "T-1");
	assert_false(screen_has(screen, "Outbound"));
}

/* Every way out of the tickets that a key or a scan is; "#" stands for a scan of the code behind it. */
static const struct {
	const char *way;
	const char *says;
} ways_out[] = {
	{"<f2>", NEEDS_CLERK},
	{"<f3>", NEEDS_CLERK},
	{"<f5>", NEEDS_CLERK},
	{"<f8>", NEEDS_CLERK},
	{"<f12>", NEEDS_CLERK},
	{"#" SHOP_BARCODE, NEEDS_CLERK},
	{"=A1<enter>", NEEDS_CLERK},
	{"#out", NEEDS_CLERK},
	{"#in", NEEDS_CLERK},
	{"#transfer", NEEDS_CLERK},
	{"#sheet", NEEDS_CLERK},
};

static const char *code_of(const struct kiosk *world, const char *name)
{
	const char *const known[][2] = {{"out", world->out_number}, {"in", world->in_number},
		{"transfer", world->transfer_number}, {"sheet", world->sheet_number}};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i][0], name) == 0)
			return known[i][1];
	return name;
}

/* Words separated by blanks: keys, or a scan behind "#". */
static void go(struct kiosk *world, const char *ways)
{
	char copy[120], *rest = copy, *way;
	snprintf(copy, sizeof copy, "%s", ways);
	while ((way = strsep(&rest, " ")) != NULL) {
		if (way[0] == '#')
			screen_scan(world->screen, code_of(world, way + 1));
		else
			screen_send(world->screen, way);
	}
}

static void test_ways_out(void **state)
{
	/* Whatever key or label a ticket clerk tries, the tickets stay, and the missing right is named. */
	struct kiosk *world = *state;
	struct screen *screen = start_as(world, TICKET_CLERK);
	screen_expect(screen, "Ticket orders 1");
	for (size_t i = 0; i < sizeof ways_out / sizeof *ways_out; i++) {
		if (ways_out[i].way[0] == '#')
			screen_scan(screen, code_of(world, ways_out[i].way + 1));
		else
			screen_send(screen, ways_out[i].way);
		screen_expect(screen, ways_out[i].says);
		screen_expect(screen, "Ticket orders 1");
		screen_send(screen, "<esc>");
		screen_expect(screen, "There is nothing to go back to");
	}
}

static void test_to_do(void **state)
{
	/* What waits of goods is neither counted in the status line nor on the page of what there is to do. */
	struct kiosk *world = *state;
	struct screen *screen = start_as(world, SHOP_MANAGER);
	screen_expect(screen, "receive 1");
	change_to(screen, TICKET_CLERK);
	screen_expect_gone(screen, "receive 1");
	screen_send(screen, "<f7>");
	screen_expect(screen, "–  Inbound orders to confirm");
	screen_send(screen, "<home><enter>");
	screen_expect(screen, NEEDS_CLERK);
}

static void test_files(void **state)
{
	/* A list of tickets is read on the screen and not taken away in a file. */
	struct kiosk *world = *state;
	struct screen *screen = start_as(world, TICKET_CLERK);
	screen_expect(screen, "Ticket orders 1");
	screen_send(screen, "w");
	screen_expect(screen, NEEDS_CLERK);
	assert_false(screen_has(screen, "Write to a file"));
}

static void test_tickets(void **state)
{
	/* Listing and redeeming work: the order's page, and a ticket scanned from there. */
	struct kiosk *world = *state;
	struct screen *screen = start_as(world, TICKET_CLERK);
	screen_expect(screen, "Ticket orders 1");
	screen_send(screen, "<enter>");
	screen_expect(screen, "Ms Lin");
	screen_scan(screen, "tk-clerk-01");
	screen_expect(screen, "of 3 left");
	screen_send(screen, "<enter>");
	for (int i = 0; i < 2000 && shop_fixture_unsent(&world->shop) != 1; i++)
		screen_settle(screen, 2);
	shop_fixture_sync(&world->shop);
	screen_expect(screen, "OK: REDEEMED");
}

static void test_inbox(void **state)
{
	/* Of the inbox a ticket clerk sees what is about tickets, and so do the figures above it and below. */
	struct kiosk *world = *state;
	struct shop_fixture *shop = &world->shop;
	struct console_verdict verdict;
	console_do(&shop->console, "stock.adjust", "xinyi", "lin",
		json_parse(ADJUST, strlen(ADJUST), NULL, 0), shop->hq.now_ms, &verdict);
	assert_true(verdict.saved);
	shop_fixture_answer(shop, verdict.id, "rejected", "wrong_status");
	console_verdict_free(&verdict);
	console_do(&shop->console, "ticket.redeem", "xinyi", "kiosk",
		json_parse(REDEEM, strlen(REDEEM), NULL, 0), shop->hq.now_ms, &verdict);
	assert_true(verdict.saved);
	shop_fixture_answer(shop, verdict.id, "rejected", "used_up");
	console_verdict_free(&verdict);
	struct screen *screen = start_as(world, TICKET_CLERK);
	screen_expect_row(screen, -1, "problems 1");
	screen_send(screen, "<f6>");
	screen_expect(screen, "Refused 1");
	screen_expect(screen, "All its units are redeemed");
	assert_false(screen_has(screen, "Stock adjustment"));
	change_to(screen, SHOP_MANAGER);
	screen_expect_row(screen, -1, "problems 2");
	screen_expect(screen, "Refused 2");
	screen_expect(screen, "Stock adjustment");
}

static void test_sent_line(void **state)
{
	/* A command as it was sent shows the code of its ticket whole to a manager, masked to a clerk. */
	struct kiosk *world = *state;
	struct console_verdict verdict;
	console_do(&world->shop.console, "ticket.redeem", "xinyi", "kiosk",
		json_parse(REDEEM, strlen(REDEEM), NULL, 0), world->shop.hq.now_ms, &verdict);
	assert_true(verdict.saved);
	console_verdict_free(&verdict);
	struct screen *screen = start_as(world, SHOP_CLERK);
	go(world, "<f8><tab><tab><enter>");
	screen_expect(screen, "The line as it was sent");
	screen_expect(screen, "****K-01");
	assert_false(screen_has(screen, "TK-CLERK-01"));
	screen_send(screen, "<esc>");
	change_to(screen, SHOP_MANAGER);
	screen_send(screen, "<enter>");
	screen_expect(screen, "TK-CLERK-01");
}

/* What a manager had open when the ticket clerk came, and a text that stands on it. */
static const struct {
	const char *what;
	const char *keys;  /* "#" as above, up to a blank; then keys */
	const char *shown; /* or the name of a number */
} pages[] = {
	{"documents", "<f2>", "out"},
	{"an outbound order", "#out", "Lantern parts"},
	{"a question about it", "#out x", "Cancel"},
	{"an inbound order", "#in", "Harbour Traders"},
	{"a transfer order", "#transfer", "for Friday"},
	{"a new document", "<f2>n<enter>", "New outbound"},
	{"stocktakes", "<f3>", "sheet"},
	{"a sheet", "#sheet", "烏龍茶"},
	{"what was counted", "#sheet h", "Tape"},
	{"its zones", "#sheet z", "Zones"},
	{"products", "<f5>", "烏龍茶"},
	{"a product", "#" SHOP_BARCODE, "烏龍茶"},
	{"a product over the tickets", "<f4> #" SHOP_BARCODE, "烏龍茶"},
	{"the reports", "<f12>", "Stock by store"},
	{"a report", "<f12><enter>", "On hand in all"},
	{"the line", "<f8>", "The line to HQ"},
	{"what there is to do", "<f7>", "Inbound orders to confirm"},
};

static void test_pages(void **state)
{
	/* Nothing that a manager left open shows to a ticket clerk, nor takes a key; the tickets do. */
	struct kiosk *world = *state;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		struct screen *screen = start_as(world, SHOP_MANAGER);
		go(world, pages[i].keys);
		screen_expect(screen, code_of(world, pages[i].shown));
		change_to(screen, TICKET_CLERK);
		screen_expect(screen, "Ticket orders 1");
		screen_expect(screen, "T-1");
		if (screen_has(screen, code_of(world, pages[i].shown))) {
			screen_print(screen);
			fail_msg("a ticket clerk sees %s", pages[i].what);
		}
		screen_send(screen, "<f2>");
		screen_expect(screen, NEEDS_CLERK);
		screen_end(screen);
		world->screen = NULL;
	}
}

static void test_left_open(void **state)
{
	/* What the manager had open stands there again when the manager comes back, question and all. */
	struct kiosk *world = *state;
	struct screen *screen = start_as(world, SHOP_MANAGER);
	go(world, "#out x");
	screen_expect(screen, "Cancel");
	change_to(screen, TICKET_CLERK);
	screen_send(screen, "<enter>");
	screen_expect(screen, "Ms Lin");
	change_to(screen, SHOP_MANAGER);
	screen_expect(screen, world->out_number);
	screen_send(screen, "<esc><f2>");
	screen_expect(screen, "Lantern parts");
	assert_int_equal(shop_fixture_unsent(&world->shop), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_commands_here, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_commands_at_hq, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_start, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ways_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_to_do, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_tickets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_inbox, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sent_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_pages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_left_open, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
