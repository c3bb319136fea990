/* `countertop do` without end, in a process for each home that also kills it when it is told to: only who
 * started a process can be sure to hit that one. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e_kills.h"

#define LOOK_NS 300000 /* between two looks at what a `do` has said */
#define SAID_BYTES 4096
#define WORDS_MAX 16
#define LINES "lines=[{\"sku\":\"TE0102\",\"qty\":1}]"

int kills_random(uint64_t *state, int below)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (int)((*state >> 33) % (uint64_t)below);
}

struct load *load_make(void)
{
	struct load *load = mmap(
		NULL, sizeof *load, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(load != MAP_FAILED);
	return load;
}

void load_free(struct load *load)
{
	munmap(load, sizeof *load);
}

/* ---- one `do` ---- */

/* What a `do` is about. */
enum about { NOTHING, SHEET, ORDER, OTHER_STORE };

/* What is done, and how often of a hundred times. */
static const struct {
	int share;
	const char *op, *words[3];
	enum about about;
} deeds[] = {
	{50, "stocktake.count", {"sku=TE0101", "qty=1", "mode=add"}, SHEET},
	{20, "inbound.receive", {LINES}, ORDER},
	{15, "stock.adjust", {"kind=found", "reason=behind the shelf", LINES}, NOTHING},
	{15, "outbound.create", {LINES}, OTHER_STORE},
};

static size_t choose_deed(uint64_t *random)
{
	int at = kills_random(random, 100);
	size_t i = 0;

	while (at >= deeds[i].share)
		at -= deeds[i++].share;
	return i;
}

/* In the child. */
static void become_do(const struct kills_home *home, size_t deed, bool waits, int out)
{
	static const char *const names[] = {"", "stocktake=", "movement=", "to="};
	const char *const ids[] = {"", home->sheet, home->order, home->other_store};
	char program[E2E_PATH_BYTES], about[E2E_PATH_BYTES];
	const char *words[WORDS_MAX] = {
		program, "--home", home->home.path, "do", deeds[deed].op, "--staff", home->staff};
	int count = 7, null = open("/dev/null", O_RDWR);

	for (int i = 0; i < 3 && deeds[deed].words[i]; i++)
		words[count++] = deeds[deed].words[i];
	snprintf(about, sizeof about, "%s%s", names[deeds[deed].about], ids[deeds[deed].about]);
	if (about[0])
		words[count++] = about;
	if (waits)
		words[count++] = "--wait";
	setenv("COUNTERTOP_PIN", home->pin, 1);
	e2e_program(program, "countertop");
	dup2(null, STDIN_FILENO);
	dup2(null, STDERR_FILENO);
	dup2(out, STDOUT_FILENO);
	execv(program, (char *const *)words);
	_exit(127);
}

/* The id, if the line is whole and says that the command is in the outbox. */
static void note_saved(struct load *load, const char *said)
{
	static const char begin[] = "{\"id\":\"";
	int at;

	if (!strchr(said, '\n') || strncmp(said, begin, strlen(begin)) != 0 ||
		strstr(said, "\"status\":\"error\""))
		return;
	/* A request that this terminal itself refuses was never saved; one that HQ refuses was. */
	if (strstr(said, "\"status\":\"rejected\"") && !strstr(said, "\"feeds\""))
		return;
	at = atomic_fetch_add(&load->saved_count, 1);
	if (at < KILLS_SAVED_MAX)
		memcpy(load->saved[at], said + strlen(begin), UUID_SIZE - 1);
}

/* Looks at what it says until it ends; kills it once the wish is due. */
static void follow_do(struct load *load, int worker, pid_t pid, int out)
{
	char said[SAID_BYTES] = "";
	size_t used = 0;
	int status, looks = 0;
	const struct timespec look = {.tv_nsec = LOOK_NS};

	for (bool open = true; open;) {
		struct pollfd fd = {.fd = out, .events = POLLIN};
		int wish = atomic_load(&load->wishes[worker]);

		if (wish > 0 && ++looks >= wish) {
			kill(pid, SIGKILL);
			atomic_store(&load->wishes[worker], 0);
		}
		if (ppoll(&fd, 1, &look, NULL) <= 0)
			continue;
		ssize_t count = read(out, said + used, sizeof said - 1 - used);

		open = count > 0;
		used += count > 0 ? (size_t)count : 0;
		atomic_fetch_add(&load->steps, 1);
	}
	waitpid(pid, &status, 0);
	atomic_fetch_add(&load->killed, WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	note_saved(load, said);
}

static void run_do(struct load *load, const struct kills_home *home, int worker, uint64_t *random)
{
	size_t deed = choose_deed(random);
	bool waits = kills_random(random, 10) == 0;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		_exit(1);
	pid = fork();
	if (pid < 0)
		_exit(1);
	if (pid == 0)
		become_do(home, deed, waits, ends[1]);
	close(ends[1]);
	atomic_fetch_add(&load->steps, 1);
	follow_do(load, worker, pid, ends[0]);
	close(ends[0]);
	atomic_fetch_add(&load->steps, 1);
}

/* ---- all of them ---- */

void load_start(struct load *load, struct kills_home homes[KILLS_HOMES], uint64_t seed)
{
	for (int i = 0; i < KILLS_HOMES; i++) {
		uint64_t random = seed * 977 + (uint64_t)i;
		pid_t parent = getpid();

		homes[i].worker = fork();
		assert_true(homes[i].worker >= 0);
		if (homes[i].worker > 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		e2e_keeper_leave();
		while (!atomic_load(&load->ends) && getppid() == parent)
			run_do(load, &homes[i], i, &random);
		_exit(0);
	}
}

static bool has_ended(void *ctx)
{
	return waitpid(*(pid_t *)ctx, NULL, WNOHANG) != 0;
}

void load_end(struct load *load, struct kills_home homes[KILLS_HOMES])
{
	atomic_store(&load->ends, true);
	for (int i = 0; i < KILLS_HOMES; i++)
		e2e_wait(has_ended, &homes[i].worker, "the end of the last `do`");
}

/* ---- what it works on ---- */

void load_do(const struct kills_home *home, const char *member, char text[KILLS_TEXT], ...)
{
	static struct e2e_output output;
	const char *words[WORDS_MAX] = {NULL};
	const cJSON *value;
	cJSON *verdict;
	va_list rest;

	va_start(rest, text);
	for (int i = 0; i < WORDS_MAX - 1 && (words[i] = va_arg(rest, const char *)); i++)
		;
	va_end(rest);
	setenv("COUNTERTOP_PIN", home->pin, 1);
	e2e_countertop(&output, &home->home, "do", "--wait", "--staff", home->staff, words[0],
		words[1], words[2], words[3], words[4], NULL);
	unsetenv("COUNTERTOP_PIN");
	if (output.code != 0)
		fail_msg("do %s: %s%s", words[0], output.err, output.out);
	verdict = cJSON_Parse(output.out);
	value = cJSON_GetObjectItem(cJSON_GetObjectItem(verdict, "result"), member);
	snprintf(text, KILLS_TEXT, "%s", cJSON_IsString(value) ? value->valuestring : "");
	cJSON_Delete(verdict);
}

void load_prepare(struct kills_home *home)
{
	char word[KILLS_TEXT * 2], status[KILLS_TEXT];

	load_do(home, "id", home->sheet, "stocktake.create", "scope=full", NULL);
	snprintf(word, sizeof word, "stocktake=%s", home->sheet);
	load_do(home, "status", status, "stocktake.start", word, NULL);
	load_do(home, "id", home->order, "inbound.create", "third_party=Maker",
		"lines=[{\"sku\":\"TE0102\",\"qty\":90000}]", NULL);
	snprintf(word, sizeof word, "movement=%s", home->order);
	load_do(home, "status", status, "inbound.arrive", word, NULL);
}
