/* `countertop do` and `countertop show` print what scripts rely on, and say clearly what is wrong. */
#include "tests/sync_world.h"

#include "model/db.h"
#include "model/json.h"
#include "model/staff.h"
#include "tui/cli.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 12

struct desk {
	struct sync_world world;
	struct cli cli;
	char *out, *err; /* what the last run printed */
	size_t out_size, err_size;
	const char *answer; /* the verdict HQ gives when asked to sync; NULL: the line is down */
	int saves;
};

static bool sync_now(void *ctx, char *error, size_t size)
{
	struct desk *desk = ctx;
	char *id = db_get_text(
		desk->world.console.outbox, "SELECT id FROM command WHERE state = 'queued'", "");
	char line[400], problem[80];
	cJSON *verdict;

	if (!desk->answer) {
		snprintf(error, size, "the line is down");
		free(id);
		return false;
	}
	snprintf(line, sizeof line, "{\"id\":\"%s\",%s}", id, desk->answer);
	verdict = json_parse(line, strlen(line), problem, sizeof problem);
	assert_true(console_take_verdict(&desk->world.console, verdict, desk->world.now_ms));
	cJSON_Delete(verdict);
	free(id);
	return true;
}

static void count_save(void *ctx)
{
	((struct desk *)ctx)->saves++;
}

static bool nobody_to_ask(void *ctx, const char *staff, char *pin, size_t size)
{
	(void)ctx, (void)staff, (void)pin, (void)size;
	return false;
}

static enum cli_exit run(struct desk *desk, enum cli_exit (*verb)(struct cli *, int, char *const *),
	const char *words)
{
	char *copy = text_copy(words), *list[WORDS_MAX], *rest = copy;
	int count = 0;
	enum cli_exit code;

	free(desk->out);
	free(desk->err);
	desk->cli.out = open_memstream(&desk->out, &desk->out_size);
	desk->cli.err = open_memstream(&desk->err, &desk->err_size);
	while (rest && *rest && count < WORDS_MAX)
		list[count++] = strsep(&rest, " ");
	code = verb(&desk->cli, count, list);
	fclose(desk->cli.out);
	fclose(desk->cli.err);
	free(copy);
	return code;
}

static const char *member(struct desk *desk, const char *name)
{
	static char value[200];
	char error[80];
	cJSON *json = json_parse(desk->out, strcspn(desk->out, "\n"), error, sizeof error);

	if (!json)
		fail_msg("not JSON: %s (%s)", desk->out, desk->err);
	snprintf(value, sizeof value, "%s",
		json_text(json, name) ? json_text(json, name) : "(none)");
	cJSON_Delete(json);
	return value;
}

static int set_up(void **state)
{
	static struct desk desk;
	char hash[STAFF_HASH_SIZE];

	memset(&desk, 0, sizeof desk);
	world_open(&desk.world);
	world_begin(&desk.world);
	assert_true(staff_pin_hash("2468", hash));
	db_run(desk.world.console.cache, "UPDATE staff SET pin_hash = $1", "t", hash);
	db_run(desk.world.console.cache, "DELETE FROM before_staff",
		""); /* as if HQ had sent it so */
	setenv("COUNTERTOP_PIN", "2468", 1);
	desk.cli = (struct cli){.console = &desk.world.console,
		.staff = "lin",
		.now_ms = desk.world.now_ms,
		.sync = sync_now,
		.saved = count_save,
		.ask_pin = nobody_to_ask,
		.ctx = &desk};
	*state = &desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;

	free(desk->out);
	free(desk->err);
	world_close(&desk->world);
	return 0;
}

/* ---- do ---- */

static void a_saved_command_is_queued(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(run(desk, cli_do, "stocktake.create scope=full"), CLI_QUEUED);
	assert_string_equal(member(desk, "status"), "queued");
	assert_true(uuid_valid(member(desk, "id")));
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
		assert_int_equal(run(desk, cli_do, "stocktake.create scope=full"), cases[i].code);
		assert_string_equal(member(desk, "status"), cases[i].status);
	}
	assert_non_null(strstr(desk->err, "the line is down"));
}

static void what_the_rehearsal_refuses_is_rejected_and_not_stored(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(run(desk, cli_do, "stocktake.start stocktake=nope"), CLI_REJECTED);
	assert_string_equal(member(desk, "status"), "rejected");
	assert_string_equal(member(desk, "code"), "unknown_document");
	assert_non_null(strstr(desk->err, "No such document"));
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
		assert_int_equal(run(desk, cli_do, cases[i][0]), CLI_USAGE);
		if (!strstr(desk->err, cases[i][1]))
			fail_msg("%s says %s", cases[i][0], desk->err);
		assert_string_equal(desk->out, "");
	}
	desk->cli.store = "ximen";
	assert_int_equal(run(desk, cli_do, "stocktake.create scope=full"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "xinyi"));
	assert_int_equal(world_unsent(&desk->world), 0);
}

static void a_wrong_pin_does_nothing(void **state)
{
	struct desk *desk = *state;

	setenv("COUNTERTOP_PIN", "1357", 1);
	assert_int_equal(run(desk, cli_do, "stocktake.create scope=full"), CLI_REJECTED);
	assert_non_null(strstr(desk->err, "wrong PIN for lin"));
	unsetenv("COUNTERTOP_PIN");
	assert_int_equal(run(desk, cli_do, "stocktake.create scope=full"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "COUNTERTOP_PIN"));
	desk->cli.staff = "nobody";
	assert_int_equal(run(desk, cli_do, "stocktake.create scope=full"), CLI_REJECTED);
	assert_int_equal(world_unsent(&desk->world), 0);
}

static void a_pin_is_never_stored(void **state)
{
	struct desk *desk = *state;
	char *line;

	assert_int_equal(
		run(desk, cli_do,
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

	assert_int_equal(run(desk, cli_show, "staff"), CLI_APPLIED);
	assert_memory_equal(desk->out, "id ", 3);
	assert_non_null(strstr(desk->out, "\nlin  Lin"));
	desk->cli.json = true;
	assert_int_equal(run(desk, cli_show, "stock sku=A1"), CLI_APPLIED);
	json = json_parse(desk->out, strlen(desk->out), error, sizeof error);
	assert_int_equal(cJSON_GetArraySize(json), 1);
	assert_string_equal(json_text(cJSON_GetArrayItem(json, 0), "sku"), "A1");
	cJSON_Delete(json);
	assert_int_equal(run(desk, cli_show, "stock sku=none"), CLI_APPLIED);
	assert_string_equal(desk->out, "[]\n");
	assert_int_equal(run(desk, cli_show, "stores xinyi"), CLI_APPLIED);
	json = json_parse(desk->out, strlen(desk->out), error, sizeof error);
	assert_string_equal(json_text(json, "name"), "Xinyi");
	cJSON_Delete(json);
}

static void what_cannot_be_shown_is_said(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(run(desk, cli_show, "movments"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "did you mean movements?"));
	assert_non_null(strstr(desk->err, "stocktakes"));
	assert_int_equal(run(desk, cli_show, "movements OUT-1"), CLI_FAILED);
	assert_non_null(strstr(desk->err, "there is no OUT-1 in movements"));
	assert_int_equal(run(desk, cli_show, "movements colour=red"), CLI_USAGE);
	assert_non_null(strstr(desk->err, "status"));
	assert_int_equal(run(desk, cli_show, "movements since=yesterday"), CLI_USAGE);
	assert_int_equal(run(desk, cli_show, "movements limit=none"), CLI_USAGE);
}

static void hostile_names_do_not_reach_the_terminal(void **state)
{
	struct desk *desk = *state;

	db_run(desk->world.console.cache, "UPDATE staff SET name = $1", "t", "a\033[2Jb\u202Ec\nd");
	assert_int_equal(run(desk, cli_show, "staff"), CLI_APPLIED);
	assert_null(strchr(desk->out, '\033'));
	assert_null(strstr(desk->out, "\u202E"));
	assert_null(strstr(desk->out, "c\nd"));
	desk->cli.json = true;
	desk->cli.out_is_terminal = true;
	assert_int_equal(run(desk, cli_show, "staff lin"), CLI_APPLIED);
	assert_null(strstr(desk->out, "\u202E"));
	assert_int_equal(run(desk, cli_show, "staff \033[31mx"), CLI_FAILED);
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
	assert_int_equal(run(desk, cli_show, "stock"), CLI_APPLIED);
	for (const char *at = desk->out; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, 1 + 1 + 1203); /* the heading and A1 */
	desk->cli.json = true;
	for (int limit = 1; limit <= 1200; limit += 599) {
		char words[40], error[80];
		cJSON *json;

		snprintf(words, sizeof words, "stock limit=%d", limit);
		assert_int_equal(run(desk, cli_show, words), CLI_APPLIED);
		json = json_parse(desk->out, strlen(desk->out), error, sizeof error);
		assert_int_equal(cJSON_GetArraySize(json), limit);
		cJSON_Delete(json);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_saved_command_is_queued),
		TEST(every_answer_of_hq_has_its_exit_code),
		TEST(what_the_rehearsal_refuses_is_rejected_and_not_stored),
		TEST(a_wrong_command_line_is_said_and_does_nothing),
		TEST(a_wrong_pin_does_nothing),
		TEST(a_pin_is_never_stored),
		TEST(lists_are_aligned_and_json_is_json),
		TEST(what_cannot_be_shown_is_said),
		TEST(hostile_names_do_not_reach_the_terminal),
		TEST(long_lists_come_whole_or_as_far_as_asked),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
