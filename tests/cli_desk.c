#include "tests/cli_desk.h"

#include "model/db.h"
#include "model/json.h"
#include "model/staff.h"
#include "tests/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 12

static bool sync_now(void *ctx, const char *id, char *error, size_t size)
{
	struct desk *desk = ctx;
	char line[400], problem[80];
	cJSON *verdict;

	if (!desk->answer) {
		snprintf(error, size, "the line is down");
		return false;
	}
	snprintf(line, sizeof line, "{\"id\":\"%s\",%s}", id, desk->answer);
	verdict = json_parse(line, strlen(line), problem, sizeof problem);
	assert_int_equal(
		console_take_verdicts(&desk->world.console, &verdict, 1, desk->world.now_ms), 1);
	cJSON_Delete(verdict);
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

enum cli_exit desk_run(struct desk *desk, enum cli_exit (*verb)(struct cli *, int, char *const *),
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

enum cli_exit desk_runf(struct desk *desk, enum cli_exit (*verb)(struct cli *, int, char *const *),
	const char *format, ...)
{
	char words[500];
	va_list list;

	va_start(list, format);
	vsnprintf(words, sizeof words, format, list);
	va_end(list);
	return desk_run(desk, verb, words);
}

const char *desk_member(struct desk *desk, const char *name)
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

int desk_open(void **state)
{
	static struct desk desk;
	char hash[STAFF_HASH_SIZE];

	memset(&desk, 0, sizeof desk);
	folder_make(desk.folder, sizeof desk.folder);
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

int desk_close(void **state)
{
	struct desk *desk = *state;

	free(desk->out);
	free(desk->err);
	world_close(&desk->world);
	folder_remove(desk->folder);
	return 0;
}
