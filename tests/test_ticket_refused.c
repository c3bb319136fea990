/* Scans that did not redeem are recorded, once each, by whoever refused them. */
#include "tests/feed_copy.h"
#include "tests/fault_vfs.h"
#include "tests/model_fixture.h"

#include "model/json.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))
#define ONLINE "{'code':'%s','qty':%d,'mode':'online'}"

/* ---- helpers ---- */

/* Tickets in every state that HQ refuses: two units, one used. */
static void sell(struct hq_fixture *f)
{
	static const struct {
		const char *code, *more, *then, *data;
	} tickets[] = {
		{"SPLIT-1", "", "ticket.split", "{'code':'SPLIT-1','into':['SPLIT-2']}"},
		{"MONEY-1", "", "ticket.refund", "{'order':'O-MONEY-1'}"},
		{"BLOCK-1", "", "ticket.block", "{'code':'BLOCK-1','reason':'stolen'}"},
		{"ELSEW-1", "", "ticket.bind", "{'product':'A1','stores':['ximen'],'sold':'keep'}"},
		{"LATER-1", ",'valid_from':'2030-01-01'", NULL, NULL},
		{"PAST-01", ",'valid_until':'2020-01-01'", NULL, NULL},
		{"SPENT-1", "", NULL, NULL},
	};
	char data[300];
	for (int i = 0; i < COUNT_OF(tickets); i++) {
		const char *code = tickets[i].code;
		snprintf(data, sizeof(data),
			"{'order':'O-%s','buyer':'B','lines':[{'code':'%s','product':'A1','units':2,"
			"'stores':[%s]%s}]}",
			code, code, strcmp(code, "ELSEW-1") == 0 ? "'ximen'" : "", tickets[i].more);
		hq_do(f, "ticket.issue", NULL, data);
		snprintf(data, sizeof(data), "{'code':'%s','qty':1,'mode':'offline'}", code);
		hq_do(f, "ticket.redeem", "xinyi", data);
		if (tickets[i].then)
			hq_do(f, tickets[i].then, NULL, tickets[i].data);
	}
}

/* An online redemption at xinyi as it is sent; the caller frees it. */
static char *redeem_line(struct hq_fixture *f, const char *code, int qty)
{
	char data[120];
	snprintf(data, sizeof(data), ONLINE, code, qty);
	return hq_line(f, "ticket.redeem", "xinyi", "lee", data);
}

static int64_t scans(struct hq_fixture *f)
{
	return hq_sql_int(f, "SELECT COUNT(*) FROM refused_scan");
}

/* ---- by HQ ---- */

static void hq_records_what_it_refuses(void **state)
{
	/* Every result of HQ's but ok and malformed is recorded with the scan, whose verdict stays as it was. */
	static const struct {
		const char *code;
		int qty;
		const char *result;
		bool known;
	} cases[] = {
		{"NOBODY-1", 1, "unknown", false},
		{"split-1", 1, "superseded", true},
		{"MONEY-1", 1, "refunded", true},
		{"BLOCK-1", 1, "blocked", true},
		{"ELSEW-1", 1, "not_here", true},
		{"LATER-1", 1, "not_yet", true},
		{"PAST-01", 1, "expired", true},
		{"SPENT-1", 2, "insufficient", true},
	};
	struct hq_fixture *f = *state;
	char sql[400];
	sell(f);
	int64_t raised = hq_sql_int(f, "SELECT COUNT(*) FROM exception");
	for (int i = 0; i < COUNT_OF(cases); i++) {
		char *line = redeem_line(f, cases[i].code, cases[i].qty);
		assert_string_equal(hq_try(f, f->token, line), cases[i].result);
		snprintf(sql, sizeof(sql),
			"SELECT COUNT(*) FROM refused_scan WHERE id = '%s' AND code = upper('%s')"
			" AND result = '%s' AND qty = %d AND store = 'xinyi' AND actor = 'lee'"
			" AND by_hq = 1 AND at = %lld AND product %s AND order_number %s",
			f->id, cases[i].code, cases[i].result, cases[i].qty, (long long)f->now_ms,
			cases[i].known ? "= 'A1'" : "IS NULL",
			cases[i].known ? "LIKE 'O-%'" : "IS NULL");
		if (hq_sql_int(f, sql) != 1)
			fail_msg("%s is not recorded", cases[i].result);
		free(line);
	}
	assert_int_equal(scans(f), COUNT_OF(cases));
	assert_int_equal(hq_sql_int(f, "SELECT COUNT(*) FROM exception"), raised);
}

static void hq_records_nothing_else(void **state)
{
	/* What was redeemed, malformed, not allowed or no redemption leaves no refused scan. */
	struct hq_fixture *f = *state;
	char device[HQ_SECRET_SIZE];
	static const struct {
		const char *op, *store, *actor, *data, *code;
	} cases[] = {
		{"ticket.redeem", "xinyi", "lee", "{'code':'SPENT-1','qty':1,'mode':'online'}",
			"applied"},
		{"ticket.redeem", "xinyi", "lee", "{'code':'?','qty':1,'mode':'online'}",
			"malformed"},
		{"ticket.redeem", "xinyi", "lee", "{'code':'SPENT-1','qty':0,'mode':'online'}",
			"bad_data"},
		{"ticket.redeem", "xinyi", "chang", "{'code':'SPENT-1','qty':1,'mode':'online'}",
			"unknown_staff"},
		{"ticket.redeem", "ximen", "chang", "{'code':'SPENT-1','qty':1,'mode':'online'}",
			"wrong_store"},
		{"ticket.redeem", "xinyi", "lee", "{'code':'SPENT-1','qty':1,'mode':'offline'}",
			"applied"},
		{"ticket.block", "xinyi", "lee", "{'code':'SPENT-1'}", "no_right"},
		{"ticket.void", "xinyi", "chen", "{'redemption':'none','reason':'r'}",
			"unknown_document"},
	};
	sell(f);
	hq_enrol(f, "xinyi", device);
	for (int i = 0; i < COUNT_OF(cases); i++) {
		char *line = hq_line(f, cases[i].op, cases[i].store, cases[i].actor, cases[i].data);
		assert_string_equal(hq_try(f, device, line), cases[i].code);
		free(line);
	}
	assert_int_equal(scans(f), 0);
}

static void a_repeat_records_nothing(void **state)
{
	/* The same line again, in the same request or a later one, gets the first verdict and records nothing more. */
	struct hq_fixture *f = *state;
	struct text body = TEXT_INIT(TEXT_SMALL);
	sell(f);
	char *line = redeem_line(f, "BLOCK-1", 1);
	text_add(&body, line);
	text_add(&body, line);
	for (int i = 0; i < 3; i++) {
		cJSON *verdicts = hq_send(f, f->token, text_get(&body));
		const cJSON *first = cJSON_GetArrayItem(verdicts, 0);
		const cJSON *second = cJSON_GetArrayItem(verdicts, 1);
		assert_string_equal(json_text(first, "status"), i ? "replayed" : "rejected");
		assert_string_equal(json_text(second, "status"), "replayed");
		assert_string_equal(json_text(second, "first"), "rejected");
		assert_string_equal(json_text(second, "code"), "blocked");
		cJSON_Delete(verdicts);
		assert_int_equal(scans(f), 1);
		if (i == 1)
			hq_fixture_reopen(f);
	}
	/* The same id with other bytes is another matter. */
	char *other = text_copy(line), *qty = strstr(other, "\"qty\":1");
	qty[6] = '2';
	assert_string_equal(hq_try(f, f->token, other), "key_reuse");
	assert_int_equal(scans(f), 1);
	text_free(&body);
	free(other);
	free(line);
}

static void a_batch_keeps_its_order(void **state)
{
	/* Among many lines each refused scan is its own line's, and what stands before and behind is done. */
	struct hq_fixture *f = *state;
	struct text body = TEXT_INIT(TEXT_SMALL);
	static const struct {
		const char *code, *status;
	} lines[] = {{"SPENT-1", "applied"}, {"SPENT-1", "rejected"}, {"BLOCK-1", "rejected"},
		{"SPLIT-2", "applied"}, {"SPLIT-2", "rejected"}};
	char ids[COUNT_OF(lines)][40], sql[300];
	sell(f);
	for (int i = 0; i < COUNT_OF(lines); i++) {
		char *line = redeem_line(f, lines[i].code, 1);
		snprintf(ids[i], sizeof(ids[i]), "%s", f->id);
		text_add(&body, line);
		free(line);
	}
	cJSON *verdicts = hq_send(f, f->token, text_get(&body));
	for (int i = 0; i < COUNT_OF(lines); i++) {
		bool refused = strcmp(lines[i].status, "rejected") == 0;
		const cJSON *verdict = cJSON_GetArrayItem(verdicts, i);
		assert_string_equal(json_text(verdict, "status"), lines[i].status);
		snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM refused_scan WHERE id = '%s'",
			ids[i]);
		assert_int_equal(hq_sql_int(f, sql), refused);
		/* It went to its store, and the verdict says where. */
		assert_non_null(json_text(json_object(verdict, "feeds"), "store:xinyi"));
	}
	cJSON_Delete(verdicts);
	text_free(&body);
}

static void its_store_learns_of_it(void **state)
{
	/* The store at which it was refused pulls the scan and lists it; another does not. */
	struct hq_fixture *f = *state;
	struct copy xinyi = {.cursor = ""}, ximen = {.cursor = ""};
	char a[HQ_SECRET_SIZE], b[HQ_SECRET_SIZE], name[100];
	sell(f);
	hq_enrol(f, "xinyi", a);
	hq_enrol(f, "ximen", b);
	assert_int_equal(copy_pull(f, a, &xinyi, 1000), 200);
	char *line = redeem_line(f, "PAST-01", 1);
	assert_string_equal(hq_try(f, a, line), "expired");
	snprintf(name, sizeof(name), "refused_scan[\"%s\"]", f->id);
	assert_int_equal(copy_pull(f, a, &xinyi, 1000), 200);
	assert_int_equal(copy_pull(f, b, &ximen, 1000), 200);
	assert_non_null(strstr(copy_row(&xinyi, name), "\"result\":\"expired\""));
	assert_null(copy_row(&ximen, name));
	copy_check_sums(&xinyi);
	assert_int_equal(
		hq_get(f, a, "/v1/refused_scans?code=PAST-01&result=expired|used_up"), 200);
	assert_true(hq_says(f, f->id));
	assert_true(hq_says(f, "\"device\":\""));
	assert_int_equal(hq_get(f, b, "/v1/refused_scans"), 200);
	assert_false(hq_says(f, "PAST-01"));
	free(line);
	copy_free(&xinyi);
	copy_free(&ximen);
}

/* ---- HQ that cannot work ---- */

static int writes_left;

static int fill_up(const char *path, enum fault_op op)
{
	(void)path;
	return op == FAULT_WRITE && writes_left-- <= 0 ? SQLITE_FULL : SQLITE_OK;
}

static void rolled_back_with_its_group(void **state)
{
	/* Wherever the disk gets full, a scan that is answered `error` is not recorded, and is, once, when it is sent again. */
	struct hq_fixture *f = *state;
	bool done = false;
	int full = 0;
	sell(f);
	while (!done) {
		int64_t before = scans(f);
		char *line = redeem_line(f, "BLOCK-1", 1);
		writes_left = full;
		fault_hook = fill_up;
		done = strcmp(hq_try(f, f->token, line), "blocked") == 0;
		fault_hook = NULL;
		if (!done) {
			full++;
			assert_true(hq_says(f, "\"status\":\"error\""));
			assert_int_equal(scans(f), before);
			assert_string_equal(hq_try(f, f->token, line), "blocked");
		}
		assert_string_equal(hq_try(f, f->token, line), "replayed");
		assert_int_equal(scans(f), before + 1);
		free(line);
	}
	assert_true(full > 0);
}

static void a_fault_takes_no_verdict_away(void **state)
{
	/* If the record itself cannot be written, for a reason of its own, the scan is refused all the same. */
	struct hq_fixture *f = *state;
	sell(f);
	char *line = redeem_line(f, "BLOCK-1", 1);
	char sql[300];
	snprintf(sql, sizeof(sql),
		"INSERT INTO refused_scan (id, result) VALUES ('%s', 'in the way')", f->id);
	hq_sql(f, sql);
	assert_string_equal(hq_try(f, f->token, line), "blocked");
	assert_int_equal(scans(f), 1);
	hq_do(f, "ticket.redeem", "xinyi", "{'code':'SPENT-1','qty':1,'mode':'online'}");
	free(line);
}

/* ---- by the terminal ---- */

static void the_terminal_records_its_own(void **state)
{
	/* A scan the terminal refused by itself is a fact with its result; what is no code is none. */
	struct hq_fixture *f = *state;
	char device[HQ_SECRET_SIZE], sql[300];
	sell(f);
	hq_enrol(f, "xinyi", device);
	char *line = hq_line(f, "ticket.refused", "xinyi", "lee",
		"{'code':'https://t.example/spent-1','qty':2,'result':'needs_online'}");
	assert_string_equal(hq_try(f, device, line), "applied");
	assert_string_equal(hq_try(f, device, line), "replayed");
	snprintf(sql, sizeof(sql),
		"SELECT COUNT(*) FROM refused_scan WHERE id = '%s' AND code = 'SPENT-1'"
		" AND order_number = 'O-SPENT-1' AND product = 'A1' AND qty = 2 AND by_hq = 0"
		" AND result = 'needs_online' AND actor = 'lee' AND device IS NOT NULL",
		f->id);
	assert_int_equal(hq_sql_int(f, sql), 1);
	free(line);
	static const struct {
		const char *data, *code;
	} wrong[] = {
		{"{'code':'?','qty':1,'result':'unknown'}", "malformed"},
		{"{'code':'SPENT-1','qty':1,'result':'ok'}", "bad_data"},
		{"{'code':'SPENT-1','qty':1,'result':'malformed'}", "bad_data"},
	};
	for (int i = 0; i < COUNT_OF(wrong); i++) {
		line = hq_line(f, "ticket.refused", "xinyi", "lee", wrong[i].data);
		assert_string_equal(hq_try(f, device, line), wrong[i].code);
		free(line);
	}
	assert_int_equal(scans(f), 1);
}

static void refused_by_both_is_one(void **state)
{
	/* A terminal that gave up on an answer and refused: one scan if HQ refused it too, its own if HQ redeemed it or never got it. */
	struct hq_fixture *f = *state;
	char data[200];
	static const struct {
		const char *code;
		int more;
	} cases[] = {{"BLOCK-1", 0}, {"SPENT-1", 1}, {NULL, 1}};
	sell(f);
	for (int i = 0; i < COUNT_OF(cases); i++) {
		char *line = redeem_line(f, cases[i].code ? cases[i].code : "LATER-1", 1);
		char *said = cases[i].code ? text_copy(hq_try(f, f->token, line)) : text_copy("");
		int64_t before = scans(f);
		snprintf(data, sizeof(data),
			"{'code':'%s','qty':1,'result':'needs_online','of':'%s'}",
			cases[i].code ? cases[i].code : "LATER-1", f->id);
		hq_do(f, "ticket.refused", "xinyi", data);
		assert_int_equal(scans(f), before + cases[i].more);
		free(said);
		free(line);
	}
}

static void refused_elsewhere_is_another(void **state)
{
	/* Naming what HQ refused of another code, or at another store, hides no scan. */
	struct hq_fixture *f = *state;
	static const struct {
		const char *store, *code;
	} others[] = {{"xinyi", "SPENT-1"}, {"ximen", "BLOCK-1"}};
	char data[200];
	sell(f);
	char *line = redeem_line(f, "BLOCK-1", 1);
	hq_try(f, f->token, line);
	char *first = text_copy(f->id);
	for (int i = 0; i < COUNT_OF(others); i++) {
		int64_t before = scans(f);
		snprintf(data, sizeof(data),
			"{'code':'%s','qty':1,'result':'needs_online','of':'%s'}", others[i].code,
			first);
		hq_do(f, "ticket.refused", others[i].store, data);
		assert_int_equal(scans(f), before + 1);
	}
	free(first);
	free(line);
}

static void a_console_shows_its_own(void **state)
{
	/* A console shows the scan it refused before HQ has it; a redemption it cannot judge leaves none there. */
	static const char *const stores[] = {"xinyi"};
	struct fixture fx;
	(void)state;
	fixture_open(&fx);
	fx.world = (struct world){.stores = stores, .store_count = 1, .device = "till-1"};
	fixture_do(&fx, "ticket.refused", NULL, "kiosk",
		"{'code':'TICKET-1','qty':1,'result':'needs_online'}");
	fixture_expect_text(&fx, "xinyi till-1", "SELECT store || ' ' || device FROM refused_scan");
	assert_string_equal(fixture_try(&fx, "ticket.redeem", NULL, "kiosk",
				    "{'code':'TICKET-1','qty':1,'mode':'online'}"),
		"unknown");
	assert_int_equal(fixture_int(&fx, "SELECT COUNT(*) FROM refused_scan"), 1);
	fixture_close(&fx);
}

#define HQ(name) cmocka_unit_test_setup_teardown(name, hq_fixture_open, hq_fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HQ(hq_records_what_it_refuses),
		HQ(hq_records_nothing_else),
		HQ(a_repeat_records_nothing),
		HQ(a_batch_keeps_its_order),
		HQ(its_store_learns_of_it),
		HQ(rolled_back_with_its_group),
		HQ(a_fault_takes_no_verdict_away),
		HQ(the_terminal_records_its_own),
		HQ(refused_by_both_is_one),
		HQ(refused_elsewhere_is_another),
		cmocka_unit_test(a_console_shows_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
