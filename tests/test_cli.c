/* `countertop do` and `countertop show` print what scripts rely on, and say clearly what is wrong. */
#include "tests/cli_desk.h"

#include "model/db.h"
#include "model/json.h"
#include "tui/cli.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- do ---- */

static void a_saved_command_is_queued(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_run(desk, cli_do, "stocktake.create scope=full"), CLI_QUEUED);
	assert_string_equal(desk_member(desk, "status"), "queued");
	assert_true(uuid_valid(desk_member(desk, "id")));
	assert_non_null(strstr(desk->out, "\"result\":{"));
	assert_int_equal(world_unsent(&desk->world), 1);
	assert_int_equal(desk->saves, 1);
}

static void every_answer_of_hq_has_its_exit_code(void **state)
{
	struct desk *desk = *state;
	static const struct {
		const char *answer, *status;
		enum cli_exit code;
	} cases[] = {
		{"\"status\":\"applied\",\"code\":\"\",\"message\":\"\",\"result\":{\"x\":1}",
			"applied", CLI_APPLIED},
		{"\"status\":\"rejected\",\"code\":\"no_right\",\"message\":\"no\"", "rejected",
			CLI_REJECTED},
		{"\"status\":\"parked\",\"code\":\"unknown_document\",\"message\":\"?\"", "parked",
			CLI_PARKED},
		{"\"status\":\"replayed\",\"first\":\"rejected\",\"code\":\"no_right\"", "replayed",
			CLI_REJECTED},
		{NULL, "queued", CLI_QUEUED},
	};

	desk->cli.wait = true;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		desk->answer = cases[i].answer;
		assert_int_equal(
			desk_run(desk, cli_do, "stocktake.create scope=full"), cases[i].code);
		assert_string_equal(desk_member(desk, "status"), cases[i].status);
	}
	assert_non_null(strstr(desk->err, "the line is down"));
}

static void a_reason_this_program_does_not_know_is_told_in_words_of_hq(void **state)
{
	/* A newer HQ's code comes with its message; without one the code is named in a sentence. */
	struct desk *desk = *state;
	static const char *const answers[][2] = {
		{"\"status\":\"rejected\",\"code\":\"moon_is_full\",\"message\":\"come back later\"",
			"HQ says: come back later\n"},
		{"\"status\":\"parked\",\"code\":\"moon_is_full\",\"message\":\"come back later\"",
			"HQ says: come back later\n"},
		{"\"status\":\"rejected\",\"code\":\"moon_is_full\",\"message\":\"\"",
			"does not know: moon_is_full\n"},
	};

	desk->cli.wait = true;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		desk->answer = answers[i][0];
		desk_run(desk, cli_do, "stocktake.create scope=full");
		if (!strstr(desk->err, answers[i][1]))
			fail_msg("not \"%s\": %s", answers[i][1], desk->err);
	}
}

static void what_the_rehearsal_refuses_is_rejected_and_not_stored(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_run(desk, cli_do, "stocktake.start stocktake=nope"), CLI_REJECTED);
	assert_string_equal(desk_member(desk, "status"), "rejected");
	assert_string_equal(desk_member(desk, "code"), "unknown_document");
	assert_non_null(strstr(desk->err, "No such document"));
	assert_int_equal(world_unsent(&desk->world), 0);
}

static void who_names_nobody_is_asked_to(void **state)
{
	/* Where a member of staff is needed and none was named, it is said how to name one. */
	struct desk *desk = *state;

	desk->cli.staff = NULL;
	assert_int_equal(desk_run(desk, cli_do, "stocktake.create scope=full"), CLI_REJECTED);
	assert_string_equal(desk_member(desk, "code"), "unknown_staff");
	assert_non_null(strstr(desk->err, "name yourself with --staff ID"));
	assert_int_equal(world_unsent(&desk->world), 0);
}

static void a_document_may_be_named_by_its_number(void **state)
{
	/* Fields that take a document take its number as well, in capitals or not. */
	struct desk *desk = *state;
	struct db *cache = desk->world.console.cache;
	char words[200];
	char *number, *id;

	assert_int_equal(desk_run(desk, cli_do, "stocktake.create scope=full"), CLI_QUEUED);
	number = db_get_text(cache, "SELECT lower(number) FROM stocktake", "");
	id = db_get_text(cache, "SELECT id FROM stocktake", "");
	assert_non_null(number);
	snprintf(words, sizeof words, "stocktake.start stocktake=%s", number);
	assert_int_equal(desk_run(desk, cli_do, words), CLI_QUEUED);
	snprintf(words, sizeof words, "stocktake.pause stocktake=%s", id);
	assert_int_equal(desk_run(desk, cli_do, words), CLI_QUEUED);
	assert_int_equal(db_get_int(desk->world.console.outbox, 0,
				 "SELECT count(*) FROM command WHERE instr(line, $1) > 0", "t", id),
		3);
	free(number);
	free(id);
}

static void a_mistyped_sku_is_not_adjusted(void **state)
{
	/* Who types a SKU that neither catalogue nor stock knows is told at once, though an adjustment is a fact. */
	struct desk *desk = *state;

	db_run(desk->world.console.cache, "UPDATE staff SET role = 'manager'", "");
	assert_int_equal(
		desk_run(desk, cli_do,
			"stock.adjust kind=found reason=shelf lines=[{\"sku\":\"ZZ\",\"qty\":1}]"),
		CLI_REJECTED);
	assert_string_equal(desk_member(desk, "code"), "unknown_sku");
	assert_int_equal(world_unsent(&desk->world), 0);
}

static void a_wrong_command_line_is_said_and_does_nothing(void **state)
{
	struct desk *desk = *state;
	static const char *const cases[][2] = {
		{"", "say what to do"},
		{"stocktake.strat stocktake=x", "did you mean stocktake.start?"},
		{"stocktake.create scop=full", "did you mean scope?"},
		{"stocktake.create full", "is not FIELD=VALUE"},
		{"stocktake.create scope=full scope=full", "given twice"},
		{"stocktake.create scope=full blind=perhaps", "true or false"},
		{"stocktake.create scope=full categories=tea", "a list in JSON"},
		{"stocktake.count stocktake=x sku=A1 qty=many mode=add", "a number"},
		{"stocktake.count stocktake=x sku=A1 qty=0.0001 mode=add", "three decimals"},
		{"stocktake.count stocktake=x sku=A1 mode=add", "needs qty="},
		{"outbound.create to=ximen lines=[{\"sku\":\"A1\"", "a list in JSON"},
		{"staff.put id=a name=A role=clerk stores=[\"xinyi\"] pin=12", "4 to 12 digits"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(desk_run(desk, cli_do, cases[i][0]), CLI_USAGE);
		if (!strstr(desk->err, cases[i][1]))
			fail_msg("%s says %s", cases[i][0], desk->err);
		assert_string_equal(desk->out, "");
	}
	desk->cli.store = "ximen";
	assert_int_equal(desk_run(desk, cli_do, "stocktake.create scope=full"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "xinyi"));
	assert_int_equal(world_unsent(&desk->world), 0);
}

static void a_wrong_pin_does_nothing(void **state)
{
	struct desk *desk = *state;

	setenv("COUNTERTOP_PIN", "1357", 1);
	assert_int_equal(desk_run(desk, cli_do, "stocktake.create scope=full"), CLI_REJECTED);
	assert_non_null(strstr(desk->err, "wrong PIN for lin"));
	unsetenv("COUNTERTOP_PIN");
	assert_int_equal(desk_run(desk, cli_do, "stocktake.create scope=full"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "COUNTERTOP_PIN"));
	desk->cli.staff = "nobody";
	assert_int_equal(desk_run(desk, cli_do, "stocktake.create scope=full"), CLI_REJECTED);
	assert_int_equal(world_unsent(&desk->world), 0);
}

static void a_pin_is_never_stored(void **state)
{
	struct desk *desk = *state;
	char *line;

	assert_int_equal(
		desk_run(desk, cli_do,
			"staff.put id=may name=May role=clerk stores=[\"xinyi\"] pin=97531"),
		CLI_QUEUED);
	line = db_get_text(desk->world.console.outbox, "SELECT line FROM command", "");
	assert_null(strstr(line, "97531"));
	assert_null(strstr(line, "\"pin\""));
	assert_non_null(strstr(line, "\"pin_hash\":\"$argon2id"));
	free(line);
}

/* ---- show ---- */

static void lists_are_aligned_and_json_is_json(void **state)
{
	struct desk *desk = *state;
	char error[80];
	cJSON *json;

	assert_int_equal(desk_run(desk, cli_show, "staff"), CLI_APPLIED);
	assert_memory_equal(desk->out, "id ", 3);
	assert_non_null(strstr(desk->out, "\nlin  Lin"));
	desk->cli.json = true;
	assert_int_equal(desk_run(desk, cli_show, "stock sku=A1"), CLI_APPLIED);
	json = json_parse(desk->out, strlen(desk->out), error, sizeof error);
	assert_int_equal(cJSON_GetArraySize(json), 1);
	assert_string_equal(json_text(cJSON_GetArrayItem(json, 0), "sku"), "A1");
	cJSON_Delete(json);
	assert_int_equal(desk_run(desk, cli_show, "stock sku=none"), CLI_APPLIED);
	assert_string_equal(desk->out, "[]\n");
	assert_int_equal(desk_run(desk, cli_show, "stores xinyi"), CLI_APPLIED);
	json = json_parse(desk->out, strlen(desk->out), error, sizeof error);
	assert_string_equal(json_text(json, "name"), "Xinyi");
	cJSON_Delete(json);
}

static void no_data_yet_is_no_empty_list(void **state)
{
	/* Before anything came from HQ nothing is listed, and a script hears that it failed. */
	struct desk *desk = *state;

	db_run(desk->world.console.cache, "DELETE FROM state WHERE name = 'pulled_ms'", "");
	for (int json = 0; json < 2; json++) {
		desk->cli.json = json == 1;
		assert_int_equal(desk_run(desk, cli_show, "stock"), CLI_FAILED);
		assert_string_equal(desk->out, "");
		assert_non_null(strstr(desk->err, "no data have come from HQ yet"));
	}
}

static void what_cannot_be_shown_is_said(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_run(desk, cli_show, "movments"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "did you mean movements?"));
	assert_non_null(strstr(desk->err, "stocktakes"));
	assert_int_equal(desk_run(desk, cli_show, ""), CLI_USAGE);
	assert_non_null(strstr(desk->err, "say what to show, one of: "));
	assert_int_equal(desk_run(desk, cli_show, "movements OUT-1"), CLI_FAILED);
	assert_non_null(strstr(desk->err, "there is no OUT-1 in movements"));
	assert_int_equal(desk_run(desk, cli_show, "movements colour=red"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "status"));
	assert_int_equal(desk_run(desk, cli_show, "movements since=yesterday"), CLI_USAGE);
	assert_int_equal(desk_run(desk, cli_show, "movements limit=none"), CLI_USAGE);
}

static void hostile_names_do_not_reach_the_terminal(void **state)
{
	struct desk *desk = *state;

	db_run(desk->world.console.cache, "UPDATE staff SET name = $1", "t", "a\033[2Jb\u202Ec\nd");
	assert_int_equal(desk_run(desk, cli_show, "staff"), CLI_APPLIED);
	assert_null(strchr(desk->out, '\033'));
	assert_null(strstr(desk->out, "\u202E"));
	assert_null(strstr(desk->out, "c\nd"));
	desk->cli.json = true;
	desk->cli.out_is_terminal = true;
	assert_int_equal(desk_run(desk, cli_show, "staff lin"), CLI_APPLIED);
	assert_null(strstr(desk->out, "\u202E"));
	assert_int_equal(desk_run(desk, cli_show, "staff \033[31mx"), CLI_FAILED);
	assert_null(strchr(desk->err, '\033'));
}

static void long_lists_come_whole_or_as_far_as_asked(void **state)
{
	struct desk *desk = *state;
	int lines = 0;

	for (int i = 0; i < 1203; i++)
		db_run(desk->world.console.cache,
			"INSERT INTO stock (store, sku, on_hand, damaged, in_stock, opened) VALUES ('xinyi', $1 || 'X', 0, 0, 1, 1)",
			"i", (int64_t)i);
	assert_int_equal(desk_run(desk, cli_show, "stock"), CLI_APPLIED);
	for (const char *at = desk->out; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, 1 + 1 + 1203); /* the heading and A1 */
	desk->cli.json = true;
	for (int limit = 1; limit <= 1200; limit += 599) {
		char words[40], error[80];
		cJSON *json;

		snprintf(words, sizeof words, "stock limit=%d", limit);
		assert_int_equal(desk_run(desk, cli_show, words), CLI_APPLIED);
		json = json_parse(desk->out, strlen(desk->out), error, sizeof error);
		assert_int_equal(cJSON_GetArraySize(json), limit);
		cJSON_Delete(json);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_open, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_saved_command_is_queued),
		TEST(every_answer_of_hq_has_its_exit_code),
		TEST(a_reason_this_program_does_not_know_is_told_in_words_of_hq),
		TEST(what_the_rehearsal_refuses_is_rejected_and_not_stored),
		TEST(who_names_nobody_is_asked_to),
		TEST(a_mistyped_sku_is_not_adjusted),
		TEST(a_document_may_be_named_by_its_number),
		TEST(a_wrong_command_line_is_said_and_does_nothing),
		TEST(a_wrong_pin_does_nothing),
		TEST(a_pin_is_never_stored),
		TEST(lists_are_aligned_and_json_is_json),
		TEST(no_data_yet_is_no_empty_list),
		TEST(what_cannot_be_shown_is_said),
		TEST(hostile_names_do_not_reach_the_terminal),
		TEST(long_lists_come_whole_or_as_far_as_asked),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
