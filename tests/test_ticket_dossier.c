/* The dossier of a code that was spent beyond its units: one a code, from its opening to its settling. */
#include "tests/feed_copy.h"
#include "tests/model_fixture.h"

#include "model/json.h"
#include "model/view.h"

#include <stdio.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))
#define MINUTE_MS INT64_C(60000)

/* ---- helpers ---- */

/* The clerks who redeem at the three stores. */
static const struct {
	const char *store, *clerk;
} counters[] = {{"xinyi", "kiosk"}, {"ximen", "wang"}, {"ec", "dai"}};

static void issue(struct fixture *fx, const char *code, int units, const char *rest)
{
	fixture_do(fx, "ticket.issue", NULL, "ho",
		"{'order':'ORD-1','buyer':'Blake','phone':'0912345678','lines':["
		"{'code':'%s','product':'A1','units':%d%s}]}",
		code, units, rest);
}

/* Offline at one of the three; the redemption. */
static const char *redeem(struct fixture *fx, int counter, const char *code, int qty)
{
	return fixture_do(fx, "ticket.redeem", counters[counter].store, counters[counter].clerk,
		"{'code':'%s','qty':%d,'mode':'offline'}", code, qty);
}

static void undo(struct fixture *fx, const char *store, const char *manager, const char *redemption)
{
	fixture_do(fx, "ticket.void", store, manager, "{'redemption':'%s','reason':'wrong one'}",
		redemption);
}

/* "status spent/units stores" */
static void expect_dossier(struct fixture *fx, const char *code, const char *expected)
{
	fixture_expect_text(fx, expected,
		"SELECT status || ' ' || spent || '/' || units || ' ' || stores FROM dossier WHERE code = '%s'",
		code);
}

/* ---- its life ---- */

static void one_dossier_for_many(void **state)
{
	/* k offline redemptions of a last unit are k facts, k - 1 exceptions and one dossier that names every store. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 1, "");
	for (int i = 0; i < 6; i++)
		redeem(fx, i % 3, "TICKET-1", 1);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM redemption"), 6);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM exception"), 5);
	assert_int_equal(fixture_int(fx,
				 "SELECT COUNT(*) FROM exception"
				 " WHERE kind = 'duplicate_redemption'"),
		5);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM dossier"), 1);
	expect_dossier(fx, "TICKET-1", "open 6/1 [\"ec\",\"ximen\",\"xinyi\"]");
	fixture_expect_text(fx, "ORD-1 A1", "SELECT order_number || ' ' || product FROM dossier");
	assert_int_equal(fixture_int(fx, "SELECT settled_at FROM dossier"), 0);
}

static void only_beyond_its_units(void **state)
{
	/* Units redeemed in parts, however and wherever, make no dossier while there are enough. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 3, "");
	for (int i = 0; i < 3; i++)
		redeem(fx, i, "TICKET-1", 1);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM dossier"), 0);
	redeem(fx, 0, "TICKET-1", 1);
	expect_dossier(fx, "TICKET-1", "open 4/3 [\"ec\",\"ximen\",\"xinyi\"]");
}

static void one_redemption_of_too_many(void **state)
{
	/* A single redemption of more than there ever was is a case for people too. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 2, "");
	redeem(fx, 0, "TICKET-1", 3);
	fixture_expect_text(fx, "offline_insufficient", "SELECT kind FROM exception");
	expect_dossier(fx, "TICKET-1", "open 3/2 [\"xinyi\"]");
}

static void known_too_late(void **state)
{
	/* A code redeemed twice before HQ knew it has its dossier as soon as it is issued, or split off another. */
	struct fixture *fx = *state;
	issue(fx, "OLD-001", 1, "");
	redeem(fx, 0, "TICKET-1", 1);
	redeem(fx, 1, "TICKET-1", 1);
	redeem(fx, 0, "TICKET-2", 1);
	redeem(fx, 1, "TICKET-2", 1);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM dossier"), 0);
	issue(fx, "TICKET-1", 1, "");
	expect_dossier(fx, "TICKET-1", "open 2/1 [\"ximen\",\"xinyi\"]");
	fixture_do(fx, "ticket.split", NULL, "ho", "{'code':'OLD-001','into':['TICKET-2']}");
	expect_dossier(fx, "TICKET-2", "open 2/1 [\"ximen\",\"xinyi\"]");
	/* Its redemptions stand in the lists of their order and their product from then on. */
	assert_int_equal(
		fixture_int(fx,
			"SELECT COUNT(*) FROM redemption WHERE order_number = 'ORD-1' AND product = 'A1'"),
		4);
}

static void void_ends_it(void **state)
{
	/* A void that leaves enough units ends the dossier, for whom it concerned; one that does not keeps it open. */
	struct fixture *fx = *state;
	char first[UUID_SIZE], second[UUID_SIZE];
	issue(fx, "TICKET-1", 1, "");
	snprintf(first, sizeof(first), "%s", redeem(fx, 0, "TICKET-1", 1));
	snprintf(second, sizeof(second), "%s", redeem(fx, 1, "TICKET-1", 1));
	redeem(fx, 0, "TICKET-1", 1);
	undo(fx, "ximen", "huang", second);
	expect_dossier(fx, "TICKET-1", "open 2/1 [\"xinyi\"]");
	undo(fx, "xinyi", "lin", first);
	expect_dossier(fx, "TICKET-1", "void 1/1 [\"xinyi\"]");
	fixture_expect_text(fx, "lin xinyi",
		"SELECT settled_by || ' ' || settled_store FROM dossier WHERE settled_at > 0");
	/* Whoever was in it when it ended keeps it. */
	redeem(fx, 2, "TICKET-1", 1);
	snprintf(first, sizeof(first), "%s", fixture_last_id(fx));
	expect_dossier(fx, "TICKET-1", "open 2/1 [\"ec\",\"xinyi\"]");
	undo(fx, "ec", "dai", first);
	expect_dossier(fx, "TICKET-1", "void 1/1 [\"ec\",\"xinyi\"]");
}

static void opens_again(void **state)
{
	/* One more redemption opens a settled dossier again; what was settled before stays readable, and the log has all. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 1, "");
	redeem(fx, 0, "TICKET-1", 1);
	redeem(fx, 1, "TICKET-1", 1);
	fixture_do(fx, "ticket.settle", "xinyi", "lin",
		"{'code':'ticket-1','outcome':'honour','note':'both had queued'}");
	redeem(fx, 2, "TICKET-1", 1);
	expect_dossier(fx, "TICKET-1", "open 3/1 [\"ec\",\"ximen\",\"xinyi\"]");
	fixture_expect_text(fx, "lin both had queued",
		"SELECT settled_by || ' ' || note FROM dossier WHERE settled_at > 0");
	fixture_expect_text(fx, "open;honoured: both had queued;open again",
		"SELECT group_concat(text, ';') FROM (SELECT text FROM history"
		" WHERE doc_kind = 'ticket' AND doc = 'TICKET-1' ORDER BY id)");
	/* With HQ it stays where it is. */
	fixture_do(fx, "ticket.settle", "ximen", "huang", "{'code':'TICKET-1','outcome':'report'}");
	redeem(fx, 0, "TICKET-1", 1);
	expect_dossier(fx, "TICKET-1", "reported 4/1 [\"ec\",\"ximen\",\"xinyi\"]");
}

static void void_of_a_settled_one(void **state)
{
	/* A void that still leaves too much spent changes nothing that was settled. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 1, "");
	redeem(fx, 0, "TICKET-1", 1);
	redeem(fx, 1, "TICKET-1", 1);
	const char *third = redeem(fx, 0, "TICKET-1", 1);
	fixture_do(fx, "ticket.settle", "ximen", "huang", "{'code':'TICKET-1','outcome':'honour'}");
	undo(fx, "xinyi", "lin", third);
	expect_dossier(fx, "TICKET-1", "honoured 2/1 [\"ximen\",\"xinyi\"]");
}

static void void_of_the_charged_one(void **state)
{
	/* Who is charged for a redemption and then voids it bears nothing: what is still spent too much waits again. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 1, "");
	redeem(fx, 0, "TICKET-1", 1);
	redeem(fx, 1, "TICKET-1", 1);
	const char *id = redeem(fx, 0, "TICKET-1", 1);
	char third[UUID_SIZE];
	snprintf(third, sizeof(third), "%s", id);
	const char *fourth = redeem(fx, 0, "TICKET-1", 1);
	fixture_do(fx, "ticket.settle", "ximen", "huang",
		"{'code':'TICKET-1','outcome':'charge_back','redemption':'%s'}", third);
	undo(fx, "xinyi", "lin", fourth);
	expect_dossier(fx, "TICKET-1", "charged_back 3/1 [\"ximen\",\"xinyi\"]");
	undo(fx, "xinyi", "lin", third);
	expect_dossier(fx, "TICKET-1", "open 2/1 [\"ximen\",\"xinyi\"]");
	fixture_do(fx, "ticket.settle", "ximen", "huang", "{'code':'TICKET-1','outcome':'honour'}");
}

static void a_console_opens_none(void **state)
{
	/* Whether units were really spent twice only HQ knows: a console opens no dossier, but settles and ends one as HQ does. */
	static const char *const stores[] = {"xinyi"};
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 1, "");
	issue(fx, "TICKET-2", 1, "");
	redeem(fx, 1, "TICKET-2", 1);
	redeem(fx, 0, "TICKET-2", 1);
	fx->world = (struct world){.stores = stores, .store_count = 1};
	redeem(fx, 0, "TICKET-1", 1);
	redeem(fx, 0, "TICKET-1", 1);
	assert_int_equal(
		fixture_int(fx, "SELECT COUNT(*) FROM dossier WHERE code = 'TICKET-1'"), 0);
	assert_int_equal(
		fixture_int(fx, "SELECT COUNT(*) FROM exception WHERE doc = 'TICKET-1'"), 0);
	fixture_do(fx, "ticket.settle", "xinyi", "lin", "{'code':'TICKET-2','outcome':'honour'}");
	const char *third = redeem(fx, 0, "TICKET-2", 1);
	expect_dossier(fx, "TICKET-2", "honoured 3/1 [\"ximen\",\"xinyi\"]");
	undo(fx, "xinyi", "lin", third);
	undo(fx, "xinyi", "lin", fx->ids[3]);
	expect_dossier(fx, "TICKET-2", "void 1/1 [\"ximen\",\"xinyi\"]");
}

/* ---- settling ---- */

enum standing { NO_DOSSIER, OPEN, REPORTED, HONOURED, CHARGED_BACK, VOID, STANDINGS };

/* How each comes about, and what each outcome then is answered to a manager of the store and to hq. */
static const struct {
	const char *name, *settled;
	struct {
		const char *manager, *hq;
	} honour, charge_back, report;
} standings[STANDINGS] = {
	[NO_DOSSIER] = {"no dossier", NULL, {"unknown_document", "unknown_document"},
		{"unknown_document", "unknown_document"}, {"unknown_document", "unknown_document"}},
	[OPEN] = {"open", NULL, {"", ""}, {"", ""}, {"", ""}},
	[REPORTED] = {"reported", "report", {"no_right", ""}, {"no_right", ""},
		{"wrong_status", "wrong_status"}},
	[HONOURED] = {"honoured", "honour", {"wrong_status", "wrong_status"},
		{"wrong_status", "wrong_status"}, {"wrong_status", "wrong_status"}},
	[CHARGED_BACK] = {"charged_back", "charge_back", {"wrong_status", "wrong_status"},
		{"wrong_status", "wrong_status"}, {"wrong_status", "wrong_status"}},
	[VOID] = {"void", NULL, {"wrong_status", "wrong_status"}, {"wrong_status", "wrong_status"},
		{"wrong_status", "wrong_status"}},
};

static void arrange(struct fixture *fx, enum standing standing, char code[32])
{
	static int number;
	snprintf(code, 32, "CASE-%04d", ++number);
	issue(fx, code, 1, "");
	redeem(fx, 0, code, 1);
	if (standing == NO_DOSSIER)
		return;
	const char *second = redeem(fx, 1, code, 1);
	if (standing == VOID)
		undo(fx, "ximen", "huang", second);
	if (standings[standing].settled)
		fixture_do(fx, "ticket.settle", "xinyi", "lin", "{'code':'%s','outcome':'%s'}",
			code, standings[standing].settled);
	fixture_expect_text(fx, standings[standing].name,
		"SELECT COALESCE((SELECT status FROM dossier WHERE code = '%s'), 'no dossier')",
		code);
}

static void try_outcome(struct fixture *fx, enum standing standing, int outcome, int who)
{
	static const char *const words[] = {"honour", "charge_back", "report"};
	static const char *const becomes[] = {"honoured", "charged_back", "reported"};
	/* Staff of xinyi, which is in every dossier, in the order of their roles; and of a store in none. */
	static const struct {
		const char *id, *store;
	} people[] = {{"kiosk", "xinyi"}, {"chen", "xinyi"}, {"lin", "xinyi"}, {"ho", "ec"},
		{"dai", "ec"}};
	char code[32];
	arrange(fx, standing, code);
	const char *wants[3][2] = {
		{standings[standing].honour.manager, standings[standing].honour.hq},
		{standings[standing].charge_back.manager, standings[standing].charge_back.hq},
		{standings[standing].report.manager, standings[standing].report.hq},
	};
	const char *want = who < 2       ? "no_right"
		: who < 4                ? wants[outcome][who - 2]
		: standing == NO_DOSSIER ? "unknown_document"
					 : "wrong_store";
	const char *got = fixture_try(fx, "ticket.settle", people[who].store, people[who].id,
		"{'code':'%s','outcome':'%s'}", code, words[outcome]);
	if (strcmp(got, want) != 0)
		fail_msg("%s, %s by %s: expected '%s', got '%s'", standings[standing].name,
			words[outcome], people[who].id, want, got);
	fixture_expect_text(fx, *want ? standings[standing].name : becomes[outcome],
		"SELECT COALESCE((SELECT status FROM dossier WHERE code = '%s'), 'no dossier')",
		code);
}

static void who_may_settle_what(void **state)
{
	/* Every status answers every outcome of everyone: managers of the stores it names settle what is open, hq what was reported too. */
	for (int standing = 0; standing < STANDINGS; standing++)
		for (int outcome = 0; outcome < 3; outcome++)
			for (int who = 0; who < 5; who++)
				try_outcome(*state, (enum standing)standing, outcome, who);
}

static void who_bears_it(void **state)
{
	/* Charged back is the store of the redemption named, or of the latest that stands; of no other redemption. */
	struct fixture *fx = *state;
	char first[UUID_SIZE], third[UUID_SIZE], other[UUID_SIZE];
	issue(fx, "TICKET-1", 1, "");
	issue(fx, "TICKET-2", 1, "");
	snprintf(other, sizeof(other), "%s", redeem(fx, 0, "TICKET-2", 1));
	snprintf(first, sizeof(first), "%s", redeem(fx, 0, "TICKET-1", 1));
	redeem(fx, 1, "TICKET-1", 1);
	snprintf(third, sizeof(third), "%s", redeem(fx, 2, "TICKET-1", 1));
	undo(fx, "ec", "dai", third);
	const char *const wrong[] = {other, third, "nothing"};
	for (int i = 0; i < COUNT_OF(wrong); i++)
		assert_string_equal(
			fixture_try(fx, "ticket.settle", "xinyi", "lin",
				"{'code':'TICKET-1','outcome':'charge_back','redemption':'%s'}",
				wrong[i]),
			"unknown_document");
	assert_string_equal(
		fixture_try(fx, "ticket.settle", "xinyi", "lin",
			"{'code':'TICKET-1','outcome':'honour','redemption':'%s'}", first),
		"bad_data");
	fx->rehearses = true;
	struct verdict verdict = fixture_run(
		fx, "ticket.settle", "xinyi", "lin", "{'code':'TICKET-1','outcome':'charge_back'}");
	assert_int_equal(verdict.refusal, REFUSAL_NONE);
	assert_string_equal(json_text(verdict.result, "status"), "charged_back");
	assert_string_equal(json_text(verdict.result, "charged"), "ximen");
	verdict_free(&verdict);
	fx->rehearses = false;
	fixture_do(fx, "ticket.settle", "ximen", "huang",
		"{'code':'TICKET-1','outcome':'charge_back','redemption':'%s','note':'was out'}",
		first);
	fixture_expect_text(fx, "charged_back xinyi ximen huang was out",
		"SELECT status || ' ' || charged || ' ' || settled_store || ' ' || settled_by || ' ' || note"
		" FROM dossier WHERE redemption = '%s'",
		first);
	/* The store that bears it reads so in the history. */
	fixture_expect_text(fx, "ximen xinyi charged_back xinyi: was out",
		"SELECT store || ' ' || other_store || ' ' || text FROM history"
		" WHERE op = 'ticket.settle'");
}

/* ---- what is kept of a redemption ---- */

static void what_the_terminal_knew(void **state)
{
	/* An offline redemption keeps its terminal and what that knew; one online only the terminal; a use names it. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 3, "");
	fx->world.device = "till-1";
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':1,'mode':'offline','basis':{'remaining':3,'line':'down'}}");
	fixture_expect_text(fx, "till-1 {\"remaining\":3,\"line\":\"down\"}",
		"SELECT device || ' ' || basis FROM redemption");
	fx->world.device = "till-2";
	fixture_do(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':1,'mode':'online','basis':{'remaining':2}}");
	assert_int_equal(fixture_int(fx,
				 "SELECT COUNT(*) FROM redemption"
				 " WHERE device = 'till-2' AND basis IS NULL"),
		1);
	struct verdict verdict = fixture_run(fx, "ticket.redeem", "xinyi", "kiosk",
		"{'code':'TICKET-1','qty':2,'mode':'online'}");
	assert_int_equal(verdict.refusal, REFUSED_insufficient);
	const cJSON *uses = json_list(verdict.result, "uses");
	assert_string_equal(json_text(cJSON_GetArrayItem(uses, 0), "device"), "till-1");
	assert_string_equal(json_text(cJSON_GetArrayItem(uses, 1), "device"), "till-2");
	verdict_free(&verdict);
}

static void what_is_listed(void **state)
{
	/* A dossier is shown with its redemptions; those of a code in dispute are marked until it is settled. */
	struct fixture *fx = *state;
	struct text json = TEXT_INIT(TEXT_SMALL);
	issue(fx, "TICKET-1", 1, "");
	redeem(fx, 0, "TICKET-1", 1);
	redeem(fx, 1, "TICKET-1", 1);
	for (int settled = 0; settled < 2; settled++) {
		if (settled)
			fixture_do(fx, "ticket.settle", "xinyi", "lin",
				"{'code':'TICKET-1','outcome':'honour'}");
		text_clear(&json);
		assert_true(view_json_one(fx->db, view_find("dossiers"), "TICKET-1", &json));
		cJSON *dossier = json_parse(text_get(&json), json.length, NULL, 0);
		assert_int_equal(json_int(dossier, "uses", -1), 2);
		assert_int_equal(cJSON_GetArraySize(json_list(dossier, "stores")), 2);
		const cJSON *redemptions = json_list(dossier, "redemptions"), *redemption;
		assert_int_equal(cJSON_GetArraySize(redemptions), 2);
		cJSON_ArrayForEach(redemption, redemptions)
			assert_int_equal(json_bool(redemption, "disputed", settled), !settled);
		cJSON_Delete(dossier);
	}
	text_free(&json);
}

/* ---- who learns of it ---- */

static void hq_redeem(struct hq_fixture *f, const char *store)
{
	hq_do(f, "ticket.redeem", store, "{'code':'TICKET-1','qty':1,'mode':'offline'}");
}

static void reaches_every_store(void **state)
{
	/* A dossier, and every redemption of its code, reach all stores in it, one that the ticket is not for too. */
	struct hq_fixture *f = *state;
	struct copy xinyi = {.cursor = ""}, ximen = {.cursor = ""};
	char a[HQ_SECRET_SIZE], b[HQ_SECRET_SIZE], first[100], second[100];
	hq_enrol(f, "xinyi", a);
	hq_enrol(f, "ximen", b);
	hq_do(f, "ticket.issue", NULL,
		"{'order':'O','buyer':'B','lines':[{'code':'TICKET-1','product':'A1','units':1,'stores':['xinyi']}]}");
	hq_redeem(f, "xinyi");
	snprintf(first, sizeof(first), "redemption[\"%s\"]", f->id);
	assert_int_equal(copy_pull(f, b, &ximen, 1000), 200);
	assert_null(copy_row(&ximen, first));
	hq_redeem(f, "ximen");
	snprintf(second, sizeof(second), "redemption[\"%s\"]", f->id);
	assert_int_equal(copy_pull(f, a, &xinyi, 1000), 200);
	assert_int_equal(copy_pull(f, b, &ximen, 1000), 200);
	const char *const rows[] = {"dossier[\"TICKET-1\"]", first, second};
	for (int i = 0; i < COUNT_OF(rows); i++) {
		assert_non_null(copy_row(&xinyi, rows[i]));
		assert_string_equal(copy_row(&xinyi, rows[i]), copy_row(&ximen, rows[i]));
	}
	assert_null(copy_row(&ximen, "ticket[\"TICKET-1\"]"));
	assert_int_equal(hq_get(f, a, "/v1/dossiers?status=open"), 200);
	assert_true(hq_says(f, "\"spent\":2"));
	assert_int_equal(hq_get(f, b, "/v1/dossiers/TICKET-1"), 200);
	hq_do(f, "ticket.settle", "ximen", "{'code':'TICKET-1','outcome':'honour'}");
	assert_int_equal(copy_pull(f, a, &xinyi, 1000), 200);
	assert_non_null(strstr(copy_row(&xinyi, "dossier[\"TICKET-1\"]"), "honoured"));
	copy_check_sums(&xinyi);
	copy_check_sums(&ximen);
	copy_free(&xinyi);
	copy_free(&ximen);
}

static void however_it_is_bound(void **state)
{
	/* Redemptions of a ticket for any store stay with all stores; bound elsewhere, with those of the dossier. */
	struct fixture *fx = *state;
	issue(fx, "TICKET-1", 1, "");
	redeem(fx, 0, "TICKET-1", 1);
	redeem(fx, 1, "TICKET-1", 1);
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM redemption WHERE stores = '[]'"), 2);
	fixture_do(fx, "ticket.bind", NULL, "ho", "{'product':'A1','stores':['ec'],'sold':'bind'}");
	assert_int_equal(fixture_int(fx,
				 "SELECT COUNT(*) FROM redemption"
				 " WHERE stores = '[\"ec\",\"ximen\",\"xinyi\"]'"),
		2);
	fixture_do(fx, "ticket.bind", NULL, "ho", "{'product':'A1','stores':[],'sold':'bind'}");
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM redemption WHERE stores = '[]'"), 2);
}

static void of_other_stores_nothing(void **state)
{
	/* A store that is not in a dossier neither pulls it nor reads it. */
	struct hq_fixture *f = *state;
	struct copy ximen = {.cursor = ""};
	char device[HQ_SECRET_SIZE];
	hq_enrol(f, "ximen", device);
	hq_do(f, "ticket.issue", NULL,
		"{'order':'O','buyer':'B','lines':[{'code':'TICKET-1','product':'A1','units':1}]}");
	hq_redeem(f, "xinyi");
	hq_redeem(f, "xinyi");
	assert_int_equal(copy_pull(f, device, &ximen, 1000), 200);
	assert_null(copy_row(&ximen, "dossier[\"TICKET-1\"]"));
	assert_int_equal(hq_get(f, device, "/v1/dossiers"), 200);
	assert_false(hq_says(f, "TICKET-1"));
	assert_int_equal(hq_get(f, device, "/v1/dossiers/TICKET-1"), 404);
	copy_free(&ximen);
}

static void of_an_older_database(void **state)
{
	/* What was spent beyond its units before there were dossiers has one after the upgrade, and its stores learn of
	 * each other. */
	struct hq_fixture *f = *state;
	struct copy xinyi = {.cursor = ""};
	char device[HQ_SECRET_SIZE], key[100];
	hq_enrol(f, "xinyi", device);
	hq_do(f, "ticket.issue", NULL,
		"{'order':'O','buyer':'B','lines':[{'code':'TICKET-1','product':'A1','units':1,'stores':['ximen']},"
		"{'code':'TICKET-2','product':'A1','units':1}]}");
	hq_redeem(f, "xinyi");
	hq_redeem(f, "ximen");
	snprintf(key, sizeof(key), "redemption[\"%s\"]", f->id);
	hq_sql(f,
		"UPDATE redemption SET stores = '[\"ximen\"]'; DROP TABLE dossier; DROP TABLE refused_scan; DROP TABLE ticket_product;"
		" ALTER TABLE redemption DROP COLUMN device; ALTER TABLE redemption DROP COLUMN basis;"
		" DELETE FROM feed WHERE tbl = 'dossier'; PRAGMA user_version = 5");
	hq_fixture_reopen(f);
	assert_int_equal(copy_pull(f, device, &xinyi, 1000), 200);
	assert_non_null(strstr(copy_row(&xinyi, "dossier[\"TICKET-1\"]"),
		"\"stores\":[\"ximen\",\"xinyi\"],\"units\":1,\"spent\":2,\"status\":\"open\""));
	assert_null(copy_row(&xinyi, "dossier[\"TICKET-2\"]"));
	assert_non_null(copy_row(&xinyi, key));
	hq_do(f, "ticket.settle", "xinyi", "{'code':'TICKET-1','outcome':'honour'}");
	copy_free(&xinyi);
}

#define MODEL(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
#define HQ(name) cmocka_unit_test_setup_teardown(name, hq_fixture_open, hq_fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MODEL(one_dossier_for_many),
		MODEL(only_beyond_its_units),
		MODEL(one_redemption_of_too_many),
		MODEL(known_too_late),
		MODEL(void_ends_it),
		MODEL(opens_again),
		MODEL(void_of_a_settled_one),
		MODEL(void_of_the_charged_one),
		MODEL(a_console_opens_none),
		MODEL(who_may_settle_what),
		MODEL(who_bears_it),
		MODEL(what_the_terminal_knew),
		MODEL(what_is_listed),
		MODEL(however_it_is_bound),
		HQ(reaches_every_store),
		HQ(of_other_stores_nothing),
		HQ(of_an_older_database),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
