/* Tickets on the command line: codes in any form, and who reads them whole. */
#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "tests/cli_desk.h"
#include "tests/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE "TK-ABCD-1234"
#define CODE_MASKED "****1234"
#define CHILD "TK-ABCD-1234-1"
#define NOBODYS "TK-NOBODY-9999"
#define PHONE "0912345678"
#define PHONE_MASKED "678"

struct stall {
	struct desk *desk;
	char folder[200];
	struct text file; /* read last */
};

static const char *const rows[] = {
	"INSERT INTO ticket (code, order_number, product, buyer, phone, units, refunded, status, issued_at)"
	" VALUES ('" CODE "', 'T-1', 'A1', 'Ms Lin', '" PHONE "', 3, 0, 'active', 1772416800000)",
	"INSERT INTO ticket (code, order_number, product, buyer, phone, units, refunded, status, parent,"
	" issued_at) VALUES ('" CHILD "', 'T-1', 'A1', 'Ms Lin', '" PHONE
	"', 1, 0, 'active', '" CODE "', 1772416800000)",
	"INSERT INTO redemption (id, kind, code, order_number, product, store, qty, mode, at, recorded_at,"
	" actor) VALUES ('R1', 'redeem', '" CODE
	"', 'T-1', 'A1', 'xinyi', 1, 'online', 1772416800000,"
	" 1772416800000, 'lin')",
	"INSERT INTO refused_scan (id, code, order_number, product, store, qty, result, by_hq, at, actor)"
	" VALUES ('S1', '" CODE "', 'T-1', 'A1', 'xinyi', 2, 'used_up', 1, 1772416800000, 'lin')",
	"INSERT INTO dossier (code, order_number, product, stores, units, spent, status, opened_at)"
	" VALUES ('" CODE "', 'T-1', 'A1', '[\"xinyi\",\"ximen\"]', 3, 4, 'open', 1772416800000)",
	"INSERT INTO exception (id, kind, store, doc_kind, doc, sku, detail, command, at, actor)"
	" VALUES ('E1', 'duplicate_redemption', 'xinyi', 'ticket', '" CODE "', 'A1',"
	" '{\"code\":\"" CODE "\",\"qty\":1}', 'C1', 1772416800000, 'lin')",
};

static struct db *cache_of(struct stall *stall)
{
	return stall->desk->world.console.cache;
}

static void become(struct stall *stall, const char *role)
{
	db_run(cache_of(stall), "UPDATE staff SET role = $1", "t", role);
	stall->desk->cli.staff = "lin";
}

static int set_up(void **state)
{
	static struct stall stall;
	void *desk;
	assert_int_equal(desk_open(&desk), 0);
	stall = (struct stall){.desk = desk, .file = TEXT_INIT(TEXT_LARGE)};
	stall.desk->cli.staff = NULL;
	stall.desk->cli.force = true;
	folder_make(stall.folder, sizeof stall.folder);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		db_run(cache_of(&stall), rows[i], "");
		assert_int_equal(db_failed(cache_of(&stall)), DB_OK);
	}
	*state = &stall;
	return 0;
}

static int tear_down(void **state)
{
	struct stall *stall = *state;
	void *desk = stall->desk;
	text_free(&stall->file);
	folder_remove(stall->folder);
	return desk_close(&desk);
}

static const char *exported(struct stall *stall, const char *kind)
{
	char path[300], words[400], piece[4096];
	size_t got;
	FILE *file;
	snprintf(path, sizeof path, "%s/%s.csv", stall->folder, kind);
	snprintf(words, sizeof words, "%s %s", kind, path);
	if (desk_run(stall->desk, cli_export, words) != CLI_APPLIED)
		fail_msg("export %s: %s", kind, stall->desk->err);
	text_clear(&stall->file);
	file = fopen(path, "rb");
	assert_non_null(file);
	while ((got = fread(piece, 1, sizeof piece, file)) > 0)
		text_add_bytes(&stall->file, piece, got);
	fclose(file);
	return text_get(&stall->file);
}

/* ---- who reads codes ---- */

static void expect_masked(const char *what, const char *text, bool masked)
{
	bool whole = strstr(text, CODE) || strstr(text, PHONE);
	if (whole == masked)
		fail_msg("%s: %s", what, text);
	if (masked && !strstr(text, CODE_MASKED) && !strstr(text, PHONE_MASKED))
		fail_msg("%s does not even show the mask: %s", what, text);
}

/* Everything that holds codes or phone numbers, list and single. */
static const char *const shown[] = {"tickets", ("tickets " CODE), "ticket_orders",
	"ticket_orders T-1", "redemptions", "redemptions R1", "refused_scans", "refused_scans S1",
	"dossiers", ("dossiers " CODE), "exceptions", "exceptions E1"};
static const char *const files[] = {
	"tickets", "ticket_orders", "redemptions", "refused_scans", "dossiers", "exceptions"};

static void expect_all(struct stall *stall, bool masked)
{
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		if (desk_run(stall->desk, cli_show, shown[i]) != CLI_APPLIED)
			fail_msg("show %s: %s", shown[i], stall->desk->err);
		expect_masked(shown[i], stall->desk->out, masked);
		assert_string_equal(stall->desk->err, "");
	}
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		expect_masked(files[i], exported(stall, files[i]), masked);
}

static void codes_are_masked(void **state)
{
	/* Tables and files hold no whole code or phone number where nobody is named. */
	expect_all(*state, true);
}

static void a_clerk_reads_masks(void **state)
{
	/* A clerk named by --staff has no right to them either. */
	become(*state, "clerk");
	expect_all(*state, true);
}

static void a_manager_reads_codes(void **state)
{
	/* A manager named by --staff reads them whole, after the PIN. */
	struct stall *stall = *state;
	become(stall, "manager");
	expect_all(stall, false);
	setenv("COUNTERTOP_PIN", "1111", 1);
	assert_int_equal(desk_run(stall->desk, cli_show, "tickets"), CLI_REJECTED);
	assert_string_equal(stall->desk->out, "");
}

static void json_is_whole(void **state)
{
	/* JSON is the contract for programs of the account that owns the home: it is as HQ sent it. */
	struct stall *stall = *state;
	stall->desk->cli.json = true;
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		assert_int_equal(desk_run(stall->desk, cli_show, shown[i]), CLI_APPLIED);
		expect_masked(shown[i], stall->desk->out, false);
	}
}

static void results_are_words(void **state)
{
	/* Why a scan was refused is read in words, and in JSON as its identifier. */
	struct stall *stall = *state;
	assert_int_equal(desk_run(stall->desk, cli_show, "refused_scans"), CLI_APPLIED);
	assert_non_null(strstr(stall->desk->out, "All its units are redeemed"));
	stall->desk->cli.json = true;
	assert_int_equal(desk_run(stall->desk, cli_show, "refused_scans"), CLI_APPLIED);
	assert_non_null(strstr(stall->desk->out, "\"result\":\"used_up\""));
}

/* ---- codes in any form ---- */

static const char *const forms[] = {CODE, "tk-abcd-1234", "https://tickets.example/r?code=" CODE,
	"https://tickets.example/t/tk-abcd-1234", "]Q3\\000026" CODE, "ＴＫ－ＡＢＣＤ－１２３４"};

static void a_code_is_found_in_any_form(void **state)
{
	/* Whoever types or pastes a code as the label has it finds the ticket, its dossier and its records. */
	static const char *const asked[] = {
		"tickets %s", "dossiers %s", "tickets code=%s", "redemptions code=%s"};
	struct stall *stall = *state;
	char words[200];
	stall->desk->cli.json = true;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		for (size_t j = 0; j < sizeof asked / sizeof *asked; j++) {
			snprintf(words, sizeof words, "%.*s%s", (int)strcspn(asked[j], "%"),
				asked[j], forms[i]);
			if (desk_run(stall->desk, cli_show, words) != CLI_APPLIED ||
				!strstr(stall->desk->out, "\"" CODE "\""))
				fail_msg(
					"show %s: %s%s", words, stall->desk->out, stall->desk->err);
		}
}

static void a_code_is_redeemed_in_any_form(void **state)
{
	/* What goes to HQ is the code itself, however it was written. */
	struct stall *stall = *state;
	char words[200];
	become(stall, "ticket_clerk");
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		snprintf(words, sizeof words, "ticket.redeem code=%s qty=1 mode=online", forms[i]);
		assert_int_equal(desk_run(stall->desk, cli_do, words), CLI_QUEUED);
		assert_int_equal(db_get_int(stall->desk->world.console.outbox, 0,
					 "SELECT count(*) FROM command WHERE instr(line, $1) > 0",
					 "t", "\"code\":\"" CODE "\""),
			(int64_t)i + 1);
	}
}

static void codes_to_split_into_are_settled(void **state)
{
	/* The list of codes a ticket is split into may be typed like any code. */
	struct stall *stall = *state;
	become(stall, "hq");
	assert_int_equal(
		desk_run(stall->desk, cli_do,
			"ticket.split code=tk-abcd-1234 into=[\"tk-abcd-2\",\"tk-abcd-3\"]"),
		CLI_QUEUED);
	assert_int_equal(db_get_int(stall->desk->world.console.outbox, 0,
				 "SELECT count(*) FROM command WHERE instr(line, $1) > 0", "t",
				 "[\"TK-ABCD-2\",\"TK-ABCD-3\"]"),
		1);
}

static void a_malformed_code_never_leaves(void **state)
{
	/* What can be no code is refused here, and nothing is queued. */
	struct stall *stall = *state;
	become(stall, "manager");
	assert_int_equal(desk_run(stall->desk, cli_do, "ticket.redeem code=a/b qty=1 mode=online"),
		CLI_REJECTED);
	assert_string_equal(desk_member(stall->desk, "code"), "malformed");
	assert_int_equal(world_unsent(&stall->desk->world), 0);
}

/* ---- what is said ---- */

static void messages_hold_no_code(void **state)
{
	/* The error output may be kept by whoever runs this: no sentence holds a whole code. */
	static const struct {
		enum cli_exit (*verb)(struct cli *, int, char *const *);
		const char *words;
		enum cli_exit code;
	} wrong[] = {
		{cli_show, "tickets " NOBODYS, CLI_FAILED},
		{cli_show, "dossiers tk-nobody-9999", CLI_FAILED},
		{cli_show, "tickets " CODE " store=xinyi", CLI_USAGE},
		{cli_do, "ticket.redeem " CODE " qty=1 mode=online", CLI_USAGE},
		{cli_do, "ticket.redeem code=" CODE, CLI_USAGE},
		{cli_do, "ticket.redeem code=" CODE " code=" CODE, CLI_USAGE},
		{cli_do, "ticket.redeem code=" CODE " qty=x mode=online", CLI_USAGE},
		{cli_do, "ticket.block code=" CODE, CLI_REJECTED},
	};
	struct stall *stall = *state;
	become(stall, "clerk");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		enum cli_exit code = desk_run(stall->desk, wrong[i].verb, wrong[i].words);
		if (code != wrong[i].code || stall->desk->err[0] == '\0' ||
			strstr(stall->desk->err, CODE) || strcasestr(stall->desk->err, NOBODYS))
			fail_msg("%s: %d, %s", wrong[i].words, (int)code, stall->desk->err);
		if (strstr(stall->desk->out, CODE))
			fail_msg("%s: %s", wrong[i].words, stall->desk->out);
	}
}

/* ---- ticket clerks ---- */

static void a_ticket_clerk_lists_tickets_only(void **state)
{
	/* Of all lists, files and reports a ticket clerk gets those of tickets; else the right is named. */
	static const struct {
		enum cli_exit (*verb)(struct cli *, int, char *const *);
		const char *words;
		bool may;
	} asked[] = {
		{cli_show, "tickets", true},
		{cli_show, "ticket_orders T-1", true},
		{cli_show, "redemptions", true},
		{cli_show, "refused_scans", true},
		{cli_show, "dossiers", true},
		{cli_show, "stock", false},
		{cli_show, "movements", false},
		{cli_show, "stocktakes", false},
		{cli_show, "products", false},
		{cli_show, "ledger", false},
		{cli_show, "exceptions", false},
		{cli_show, "staff", false},
		{cli_export, "tickets nowhere.csv", false},
		{cli_report, "stock_by_store", false},
		{cli_report, "redemptions_days", false},
		{cli_do, "stocktake.create scope=full", false},
	};
	struct stall *stall = *state;
	become(stall, "ticket_clerk");
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		enum cli_exit code = desk_run(stall->desk, asked[i].verb, asked[i].words);
		if (code != (asked[i].may ? CLI_APPLIED : CLI_REJECTED) ||
			(!asked[i].may && asked[i].verb != cli_do &&
				!strstr(stall->desk->err,
					"needs the right of: Clerk. You are: Ticket clerk.")))
			fail_msg("%s: %d, %s", asked[i].words, (int)code, stall->desk->err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(codes_are_masked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_clerk_reads_masks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_manager_reads_codes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(json_is_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(results_are_words, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_code_is_found_in_any_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_code_is_redeemed_in_any_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(codes_to_split_into_are_settled, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_malformed_code_never_leaves, set_up, tear_down),
		cmocka_unit_test_setup_teardown(messages_hold_no_code, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_ticket_clerk_lists_tickets_only, set_up, tear_down),
	};
	i18n_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
