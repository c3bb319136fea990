#include "tests/sync_stage.h"

#include "model/db.h"
#include "model/json.h"
#include "model/text.h"
#include "net/run.h"
#include "net/transport_curl.h"
#include "tests/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 32

static void random_bytes(void *bytes, size_t size)
{
	assert_int_equal(getrandom(bytes, size, 0), (ssize_t)size);
}

static void pause_briefly(void)
{
	poll(NULL, 0, 5);
}

void stage_until(bool (*holds)(void *ctx), void *ctx)
{
	int64_t end_ms = run_now().boot_ms + STAGE_WAIT_MS;

	while (!holds(ctx)) {
		assert_true(run_now().boot_ms < end_ms);
		pause_briefly();
	}
}

/* ---- processes ---- */

static void remember(struct stage *stage, pid_t process)
{
	for (int i = 0; i < STAGE_PROCESSES_MAX; i++) {
		if (stage->processes[i] == 0) {
			stage->processes[i] = process;
			return;
		}
	}
	fail_msg("too many processes");
}

/* Output goes to the files out and err of the folder, the name's first letter in front. */
static pid_t start(struct stage *stage, const char *program, const char *name, char *const *words)
{
	char path[4096], out[320], err[320];
	const char *build = getenv("builddir");
	pid_t child;

	snprintf(path, sizeof path, "%s/%s", build ? build : ".", program);
	snprintf(out, sizeof out, "%s/%s.out", stage->folder, name);
	snprintf(err, sizeof err, "%s/%s.err", stage->folder, name);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that dies leaves nothing running */
		dup2(open("/dev/null", O_RDONLY), 0);
		dup2(open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
		dup2(open(err, O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
		setenv("COUNTERTOP_PIN", STAGE_PIN, 1);
		execv(path, words);
		_exit(127);
	}
	remember(stage, child);
	return child;
}

int stage_end(struct stage *stage, pid_t process)
{
	int64_t end_ms = run_now().boot_ms + STAGE_WAIT_MS;
	int status = 0;
	pid_t ended;

	while ((ended = waitpid(process, &status, WNOHANG)) == 0) {
		if (run_now().boot_ms > end_ms) {
			kill(process, SIGKILL);
			waitpid(process, &status, 0);
			fail_msg("a process does not end");
		}
		pause_briefly();
	}
	assert_int_equal(ended, process);
	for (int i = 0; i < STAGE_PROCESSES_MAX; i++)
		if (stage->processes[i] == process)
			stage->processes[i] = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool stage_lives(pid_t process)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)process, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		info.si_pid == 0;
}

static void read_output(
	struct stage *stage, const char *name, const char *tail, char *into, size_t size)
{
	char path[320];
	FILE *file;
	size_t got = 0;

	snprintf(path, sizeof path, "%s/%s.%s", stage->folder, name, tail);
	file = fopen(path, "r");
	if (file) {
		got = fread(into, 1, size - 1, file);
		fclose(file);
	}
	into[got] = '\0';
}

static void gather(char **words, const char *first, const char *home, va_list args)
{
	int count = 0;
	const char *word;

	words[count++] = text_copy(first);
	while ((word = va_arg(args, const char *)) != NULL && count < WORDS_MAX - 3)
		words[count++] = text_copy(word);
	if (home) {
		words[count++] = text_copy("--home");
		words[count++] = text_copy(home);
	}
	words[count] = NULL;
}

static void drop(char **words)
{
	for (int i = 0; words[i]; i++)
		free(words[i]);
}

int stage_run(struct stage *stage, ...)
{
	char *words[WORDS_MAX];
	va_list args;
	int code;

	va_start(args, stage);
	gather(words, "countertop", stage->home, args);
	va_end(args);
	code = stage_end(stage, start(stage, "countertop", "run", words));
	drop(words);
	read_output(stage, "run", "out", stage->out, sizeof stage->out);
	read_output(stage, "run", "err", stage->err, sizeof stage->err);
	return code;
}

pid_t stage_spawn(struct stage *stage, ...)
{
	char *words[WORDS_MAX];
	va_list args;
	pid_t child;

	va_start(args, stage);
	gather(words, "countertop", stage->home, args);
	va_end(args);
	child = start(stage, "countertop", "spawned", words);
	drop(words);
	return child;
}

static void hq_tool(struct stage *stage, char *into, size_t size, ...)
{
	char *words[WORDS_MAX];
	va_list args;

	va_start(args, size);
	gather(words, "countertop-hq", NULL, args);
	va_end(args);
	if (stage_end(stage, start(stage, "countertop-hq", "tool", words)) != 0) {
		read_output(stage, "tool", "err", stage->err, sizeof stage->err);
		fail_msg("countertop-hq %s: %s", words[1], stage->err);
	}
	drop(words);
	read_output(stage, "tool", "out", into, size);
	into[strcspn(into, "\n")] = '\0';
}

/* ---- HQ ---- */

static bool listens(void *ctx)
{
	struct stage *stage = ctx;
	static const char words[] = "listening on ";
	char out[200];

	read_output(stage, "hq", "out", out, sizeof out);
	if (strncmp(out, words, strlen(words)) != 0 || !strchr(out, '\n')) {
		assert_true(stage_lives(stage->hq));
		return false;
	}
	out[strcspn(out, "\n")] = '\0';
	snprintf(stage->url, sizeof stage->url, "%.60s", out + strlen(words));
	return true;
}

void stage_start_hq(struct stage *stage)
{
	const char *listen = stage->url[0] != '\0' ? strstr(stage->url, "//") + 2 : "127.0.0.1:0";
	char *words[] = {text_copy("countertop-hq"), text_copy("serve"), text_copy("--db"),
		text_copy(stage->db), text_copy("--listen"), text_copy(listen), NULL};
	char out[320];

	snprintf(out, sizeof out, "%s/hq.out", stage->folder);
	unlink(out);
	stage->hq = start(stage, "countertop-hq", "hq", words);
	drop(words);
	stage_until(listens, stage);
}

void stage_stop_hq(struct stage *stage, int signal)
{
	kill(stage->hq, signal);
	stage_end(stage, stage->hq);
	stage->hq = 0;
}

int64_t stage_hq_int(struct stage *stage, const char *sql)
{
	struct db_options options = {
		.durability = DB_READ_ONLY, .must_exist = true, .busy_ms = 5000};
	char error[200];
	struct db *db = db_open(stage->hq_file, &options, error, sizeof error);
	int64_t number;

	assert_non_null(db);
	number = db_get_int(db, -1, sql, "");
	db_close(db);
	return number;
}

/* Posts one line as a service; "applied" is expected. */
static void post(struct stage *stage, const char *line)
{
	struct transport_curl *curl = transport_curl_open();
	struct transport transport = transport_curl_of(curl);
	struct response response;

	transport.submit(transport.ctx, SLOT_PUSH,
		&(struct request){.method = "POST",
			.base = stage->url,
			.path = "/v1/commands",
			.token = stage->token,
			.type = "application/x-ndjson",
			.body = line,
			.length = strlen(line),
			.timeout_ms = STAGE_WAIT_MS});
	while (!transport.take(transport.ctx, SLOT_PUSH, &response))
		transport_curl_wait(curl, NULL, 0, 1000);
	if (response.status != 200 || !strstr(text_get(&response.body), "\"applied\""))
		fail_msg("%s gives %d %s", line, response.status, text_get(&response.body));
	text_free(&response.body);
	transport_curl_close(curl);
}

static void command(struct stage *stage, const char *op, const char *store, const char *data,
	char id[UUID_SIZE])
{
	static struct uuid_source uuids;
	struct text line = TEXT_INIT(TEXT_SMALL);
	uint8_t random[10];

	random_bytes(random, sizeof random);
	uuid_make(&uuids, run_now().wall_ms, random, id);
	text_addf(&line,
		"{\"id\":\"%s\",\"op\":\"%s\",\"v\":1,\"at\":\"2026-11-21T08:00:00.000Z\",\"actor\":\"test\",",
		id, op);
	if (store)
		text_addf(&line, "\"store\":\"%s\",", store);
	text_addf(&line, "\"data\":%s}\n", data);
	post(stage, text_get(&line));
	text_free(&line);
}

void stage_code(struct stage *stage, const char *store, char code[64])
{
	hq_tool(stage, code, 64, "enrol-code", "--store", store, "--db", stage->db, NULL);
}

static void fill_hq(struct stage *stage)
{
	char id[UUID_SIZE];

	command(stage, "store.put", NULL,
		"{\"id\":\"xinyi\",\"name\":\"信義店\",\"kind\":\"shop\"}", id);
	command(stage, "store.put", NULL,
		"{\"id\":\"ximen\",\"name\":\"西門店\",\"kind\":\"shop\"}", id);
	command(stage, "staff.put", NULL,
		"{\"id\":\"" STAGE_STAFF
		"\",\"name\":\"林店長\",\"role\":\"manager\",\"stores\":[\"xinyi\",\"ximen\"],"
		"\"pin\":\"" STAGE_PIN "\"}",
		id);
	command(stage, "product.put", NULL, "{\"sku\":\"A1\",\"name\":\"茶\"}", id);
	command(stage, "stock.open", NULL,
		"{\"store\":\"xinyi\",\"lines\":[{\"sku\":\"A1\",\"qty\":500}]}", id);
	command(stage, "stock.open", NULL,
		"{\"store\":\"ximen\",\"lines\":[{\"sku\":\"A1\",\"qty\":500}]}", id);
}

void stage_sheet(struct stage *stage, char id[UUID_SIZE])
{
	char data[100], other[UUID_SIZE];

	command(stage, "stocktake.create", "xinyi", "{\"scope\":\"full\"}", id);
	snprintf(data, sizeof data, "{\"stocktake\":\"%s\"}", id);
	command(stage, "stocktake.start", "xinyi", data, other);
}

/* ---- the home ---- */

void stage_console(struct stage *stage, struct console *console)
{
	char error[300];

	memset(console, 0, sizeof *console);
	console->random = random_bytes;
	if (!console_open(console, stage->home, NULL, error, sizeof error))
		fail_msg("%s", error);
}

int stage_unsent(struct stage *stage)
{
	struct console console;
	struct console_counts counts;

	stage_console(stage, &console);
	console_count(&console, "xinyi", &counts);
	console_close(&console);
	return counts.unsent;
}

void stage_count(
	struct stage *stage, struct console *console, const char *sheet, char id[UUID_SIZE])
{
	struct sync_time now = run_now();
	struct console_verdict verdict;
	cJSON *data = cJSON_CreateObject();

	(void)stage;
	cJSON_AddStringToObject(data, "stocktake", sheet);
	cJSON_AddStringToObject(data, "sku", "A1");
	cJSON_AddNumberToObject(data, "qty", 1);
	cJSON_AddStringToObject(data, "mode", "add");
	console_do(console, "stocktake.count", "xinyi", STAGE_STAFF, data,
		console_hq_time(console, now.boot_ms, now.wall_ms), &verdict);
	if (!verdict.saved)
		fail_msg("not saved: %s", verdict.message);
	memcpy(id, verdict.id, UUID_SIZE);
	console_verdict_free(&verdict);
}

void stage_open(struct stage *stage)
{
	char code[64];

	memset(stage, 0, sizeof *stage);
	folder_make(stage->folder, sizeof stage->folder);
	snprintf(stage->home, sizeof stage->home, "%s/home", stage->folder);
	snprintf(stage->hq_file, sizeof stage->hq_file, "%s/hq.db", stage->folder);
	snprintf(stage->db, sizeof stage->db, "sqlite:%s", stage->hq_file);
	hq_tool(stage, code, sizeof code, "init", "--db", stage->db, NULL);
	hq_tool(stage, stage->token, sizeof stage->token, "token", "--role", "hq", "--db",
		stage->db, NULL);
	stage_start_hq(stage);
	fill_hq(stage);
	stage_code(stage, "xinyi", code);
	if (stage_run(stage, "enrol", stage->url, code, NULL) != 0 ||
		stage_run(stage, "sync", "--once", NULL) != 0)
		fail_msg("%s", stage->err);
}

void stage_close(struct stage *stage)
{
	for (int i = 0; i < STAGE_PROCESSES_MAX; i++) {
		if (stage->processes[i] > 0) {
			kill(stage->processes[i], SIGKILL);
			waitpid(stage->processes[i], NULL, 0);
		}
	}
	folder_remove(stage->folder);
}
