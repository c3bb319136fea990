#include "tests/e2e_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "model/db.h"
#include "tests/e2e_parts.h"

#define LOOK_MS 10
#define SCREENS_MAX 24

static struct {
	char folder[E2E_PATH_BYTES];
	char database[E2E_PATH_BYTES + 32]; /* sqlite:PATH */
	char url[64];
	char token[128];
	pid_t hq;
	int hq_says; /* the end of its standard output */
	int homes;
	struct screen *screens[SCREENS_MAX];
} world;

/* Who works in the demo's shops. */
static const struct {
	const char *id, *pin, *name;
} staff[] = {
	{"chen", "1200", "陳美玲"},
	{"lee", "1201", "李家豪"},
	{"chang", "1300", "張怡君"},
	{"wu", "1301", "吳宗翰"},
};

/* ------------------------------------------------------------------ programs */

int64_t e2e_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *e2e_folder(void)
{
	return world.folder;
}

void e2e_path(char path[E2E_PATH_BYTES], const char *name)
{
	snprintf(path, E2E_PATH_BYTES, "%.400s/%.100s", world.folder, name);
}

void e2e_program(char path[E2E_PATH_BYTES], const char *name)
{
	const char *build = getenv("builddir");

	snprintf(path, E2E_PATH_BYTES, "%.480s/%s", build ? build : ".", name);
}

/* In the child: nothing of the caller's terminal, language or standing PIN. */
static void become(char *const *words, int out, int err)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	unsetenv("LANGUAGE");
	setenv("LC_ALL", "C.UTF-8", 1);
	dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	execv(words[0], words);
	fprintf(stderr, "cannot start %s: %s\n", words[0], strerror(errno));
	_exit(127);
}

static int open_file(const char *name, int flags)
{
	char path[E2E_PATH_BYTES];
	int fd;

	e2e_path(path, name);
	fd = open(path, flags | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	return fd;
}

void e2e_write(const char *name, const char *text)
{
	int fd = open_file(name, O_WRONLY | O_CREAT | O_TRUNC);

	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void read_back(const char *name, char text[E2E_OUTPUT_BYTES])
{
	int fd = open_file(name, O_RDONLY);
	ssize_t count, used = 0;

	while ((count = read(fd, text + used, (size_t)(E2E_OUTPUT_BYTES - 1 - used))) > 0)
		used += count;
	text[used] = '\0';
	close(fd);
}

struct ending {
	pid_t pid;
	int status;
};

static bool has_ended(void *ctx)
{
	struct ending *ending = ctx;

	return waitpid(ending->pid, &ending->status, WNOHANG) == ending->pid;
}

static int wait_end(pid_t pid, const char *what)
{
	struct ending ending = {pid, 0};

	e2e_wait(has_ended, &ending, what);
	return WIFEXITED(ending.status) ? WEXITSTATUS(ending.status) : -WTERMSIG(ending.status);
}

/* What it says goes into files of its own. */
static void begin_words(struct e2e_job *job, char *const *words)
{
	char name[40];
	int out, err;

	snprintf(name, sizeof name, "out%d", job->number);
	out = open_file(name, O_RDWR | O_CREAT | O_TRUNC);
	snprintf(name, sizeof name, "err%d", job->number);
	err = open_file(name, O_RDWR | O_CREAT | O_TRUNC);
	job->pid = fork();
	assert_true(job->pid >= 0);
	if (job->pid == 0)
		become(words, out, err);
	close(out);
	close(err);
}

void e2e_join(struct e2e_output *output, const struct e2e_job *job)
{
	char name[40];

	output->code = wait_end(job->pid, "the end of a program");
	snprintf(name, sizeof name, "out%d", job->number);
	read_back(name, output->out);
	snprintf(name, sizeof name, "err%d", job->number);
	read_back(name, output->err);
}

static void run_words(struct e2e_output *output, char *const *words)
{
	struct e2e_job job = {0};

	begin_words(&job, words);
	e2e_join(output, &job);
}

/* The words behind `last`, after those there are already. */
static void add_words(const char **words, int count, va_list last)
{
	for (const char *word = va_arg(last, const char *); word;
		word = va_arg(last, const char *)) {
		assert_true(count < E2E_WORDS_MAX - 1);
		words[count++] = word;
	}
	words[count] = NULL;
}

void e2e_run(struct e2e_output *output, const char *program, ...)
{
	const char *words[E2E_WORDS_MAX];
	char path[E2E_PATH_BYTES];
	va_list rest;

	e2e_program(path, program);
	words[0] = path;
	va_start(rest, program);
	add_words(words, 1, rest);
	va_end(rest);
	run_words(output, (char *const *)words);
}

/* ------------------------------------------------------------------ waiting */

void e2e_pump(void)
{
	for (int i = 0; i < SCREENS_MAX; i++)
		if (world.screens[i])
			screen_settle(world.screens[i], 0);
}

static void print_screens(void)
{
	for (int i = 0; i < SCREENS_MAX; i++) {
		if (!world.screens[i])
			continue;
		print_error("screen %d:\n", i + 1);
		screen_print(world.screens[i]);
	}
}

int64_t e2e_wait(e2e_condition *condition, void *ctx, const char *what)
{
	int64_t begin_ms = e2e_now_ms();

	while (!condition(ctx)) {
		if (e2e_now_ms() - begin_ms > E2E_DEADLINE_MS) {
			print_screens();
			fail_msg("waited in vain for %s", what);
		}
		e2e_pump();
		poll(NULL, 0, LOOK_MS);
	}
	return e2e_now_ms() - begin_ms;
}

/* ------------------------------------------------------------------ HQ */

/* Reads the address that `serve` prints once it answers. */
static void read_url(int pipe)
{
	char line[200] = "";
	size_t used = 0;

	while (!strchr(line, '\n') && used < sizeof line - 1) {
		struct pollfd fd = {.fd = pipe, .events = POLLIN};
		ssize_t count;

		assert_int_equal(poll(&fd, 1, E2E_DEADLINE_MS), 1);
		count = read(pipe, line + used, sizeof line - 1 - used);
		if (count <= 0)
			fail_msg("countertop-hq did not start: %s", line);
		used += (size_t)count;
	}
	if (sscanf(line, "listening on %63s", world.url) != 1)
		fail_msg("countertop-hq said %s", line);
}

void e2e_hq_start(void)
{
	char program[E2E_PATH_BYTES];
	const char *listen = world.url[0] ? world.url + strlen("http://") : "127.0.0.1:0";
	char *words[] = {
		program, "serve", "--db", world.database, "--listen", (char *)listen, NULL};
	int err = open_file("hq.log", O_RDWR | O_CREAT | O_APPEND);
	int ends[2];

	e2e_program(program, "countertop-hq");
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	world.hq = fork();
	assert_true(world.hq >= 0);
	if (world.hq == 0)
		become(words, ends[1], err);
	close(ends[1]);
	close(err);
	read_url(ends[0]);
	world.hq_says = ends[0];
}

/* What it said after its address goes into a file, as what it complained of does. */
static void keep_said(void)
{
	int file = open_file("hq.out", O_WRONLY | O_CREAT | O_APPEND);
	char bytes[4096];
	ssize_t count;

	while ((count = read(world.hq_says, bytes, sizeof bytes)) > 0)
		assert_int_equal(write(file, bytes, (size_t)count), count);
	close(file);
	close(world.hq_says);
}

/* Its exit code, or minus the signal. */
static int end_hq(int signal)
{
	pid_t hq = world.hq;
	int code;

	world.hq = 0;
	kill(hq, signal);
	code = wait_end(hq, "the end of HQ");
	keep_said();
	return code;
}

void e2e_hq_stop(void)
{
	assert_int_equal(end_hq(SIGTERM), 0);
}

void e2e_hq_kill(void)
{
	assert_int_equal(end_hq(SIGKILL), -SIGKILL);
}

const char *e2e_hq_url(void)
{
	return world.url;
}

pid_t e2e_hq_pid(void)
{
	return world.hq;
}

const char *e2e_token(void)
{
	return world.token;
}

/* Runs countertop-hq on the database and gives the one word it prints. */
static void hq_secret(char secret[128], const char *verb, const char *option, const char *value)
{
	struct e2e_output output;

	e2e_run(&output, "countertop-hq", verb, "--db", world.database, option, value, NULL);
	if (output.code != 0)
		fail_msg("countertop-hq %s: %s", verb, output.err);
	snprintf(secret, 128, "%.*s", (int)strcspn(output.out, "\n"), output.out);
}

static void make_demo(void)
{
	struct e2e_output output;

	e2e_run(&output, "countertop-hq", "demo", "--db", world.database, NULL);
	if (output.code != 0)
		fail_msg("countertop-hq demo: %s", output.err);
}

int e2e_set_up_folder(void **state)
{
	(void)state;
	memset(&world, 0, sizeof world);
	e2e_keeper_start(world.folder);
	return 0;
}

int e2e_set_up(void **state)
{
	e2e_set_up_folder(state);
	snprintf(world.database, sizeof world.database, "sqlite:%s/hq.db", world.folder);
	make_demo();
	hq_secret(world.token, "token", "--role", "hq");
	e2e_hq_start();
	return 0;
}

int e2e_tear_down(void **state)
{
	(void)state;
	for (int i = 0; i < SCREENS_MAX; i++)
		if (world.screens[i])
			e2e_close(world.screens[i]);
	if (world.hq > 0)
		e2e_hq_stop();
	e2e_keeper_end();
	return 0;
}

/* ------------------------------------------------------------------ homes */

void e2e_enrol(struct e2e_home *home, const char *store)
{
	e2e_enrol_at(home, store, world.url);
}

void e2e_enrol_at(struct e2e_home *home, const char *store, const char *url)
{
	struct e2e_output output;
	char name[32], code[128];

	snprintf(name, sizeof name, "home%d", ++world.homes);
	e2e_path(home->path, name);
	snprintf(home->store, sizeof home->store, "%s", store);
	hq_secret(code, "enrol-code", "--store", store);
	e2e_countertop(&output, home, "enrol", url, code, NULL);
	if (output.code != 0)
		fail_msg("countertop enrol: %s", output.err);
	e2e_countertop(&output, home, "sync", "--once", NULL);
	if (output.code != 0)
		fail_msg("countertop sync --once: %s", output.err);
}

void e2e_countertop(struct e2e_output *output, const struct e2e_home *home, ...)
{
	char path[E2E_PATH_BYTES];
	const char *words[E2E_WORDS_MAX] = {path, "--home", home->path};
	va_list rest;

	e2e_program(path, "countertop");
	va_start(rest, home);
	add_words(words, 3, rest);
	va_end(rest);
	run_words(output, (char *const *)words);
}

void e2e_begin(struct e2e_job *job, const struct e2e_home *home, ...)
{
	static int begun;
	char path[E2E_PATH_BYTES];
	const char *words[E2E_WORDS_MAX] = {path, "--home", home->path};
	va_list rest;

	job->number = ++begun;
	e2e_program(path, "countertop");
	va_start(rest, home);
	add_words(words, 3, rest);
	va_end(rest);
	begin_words(job, (char *const *)words);
}

cJSON *e2e_show(const struct e2e_home *home, const char *kind, const char *filter)
{
	struct e2e_output *output = malloc(sizeof *output);
	cJSON *json;

	assert_non_null(output);
	e2e_countertop(output, home, "--json", "show", kind, filter, NULL);
	if (output->code != 0)
		fail_msg("countertop show %s: %s", kind, output->err);
	json = cJSON_Parse(output->out);
	assert_non_null(json);
	free(output);
	return json;
}

int64_t e2e_outbox(const struct e2e_home *home, const char *sql)
{
	struct db_options options = {
		.durability = DB_READ_ONLY, .must_exist = true, .busy_ms = 5000};
	char path[E2E_PATH_BYTES + 16], error[200];
	struct db *outbox;
	int64_t number;

	snprintf(path, sizeof path, "%s/outbox.db", home->path);
	outbox = db_open(path, &options, error, sizeof error);
	if (!outbox)
		fail_msg("%s", error);
	number = db_get_int(outbox, -1, sql, "");
	db_close(outbox);
	return number;
}

int e2e_unsent(const struct e2e_home *home)
{
	return (int)e2e_outbox(home, "SELECT count(*) FROM command WHERE state = 'queued'");
}

static bool has_syncer(void *ctx)
{
	const struct e2e_home *home = ctx;

	return e2e_signal_all(home->path, "--service", 0) == 1;
}

void e2e_line_down(const struct e2e_home *home)
{
	struct e2e_home copy = *home;

	e2e_wait(has_syncer, &copy, "the home's syncer");
	assert_int_equal(e2e_signal_all(home->path, "--service", SIGSTOP), 1);
}

void e2e_line_up(const struct e2e_home *home)
{
	assert_int_equal(e2e_signal_all(home->path, "--service", SIGCONT), 1);
}

/* ------------------------------------------------------------------ screens */

static void keep_screen(struct screen *old, struct screen *new)
{
	for (int i = 0; i < SCREENS_MAX; i++) {
		if (world.screens[i] == old) {
			world.screens[i] = new;
			return;
		}
	}
	fail_msg("there are too many screens");
}

struct screen *e2e_console(const struct e2e_home *home, const struct e2e_look *look)
{
	static const struct e2e_look plain = {0};
	const struct e2e_look *with = look ? look : &plain;
	char program[E2E_PATH_BYTES], language[64];
	const char *argv[] = {
		program, "--home", home->path, with->keys ? "--keys" : NULL, with->keys, NULL};
	const char *environment[] = {language, NULL};
	struct screen_options options = {with->rows, with->cols, with->term, argv, environment};
	struct screen *screen;

	e2e_program(program, "countertop");
	snprintf(language, sizeof language, "LANGUAGE=%s", with->language ? with->language : "en");
	screen = screen_start(&options);
	keep_screen(NULL, screen);
	return screen;
}

void e2e_sign_in(struct screen *screen, const char *who)
{
	for (size_t i = 0; i < sizeof staff / sizeof *staff; i++) {
		if (strcmp(staff[i].id, who) != 0)
			continue;
		screen_expect(screen, staff[i].name);
		screen_send(screen, who);
		screen_send(screen, "<enter>");
		screen_expect(screen, "PIN");
		screen_send(screen, staff[i].pin);
		screen_send(screen, "<enter>");
		screen_expect_gone(screen, "PIN");
		return;
	}
	fail_msg("the demo has no %s", who);
}

struct screen *e2e_console_of(const struct e2e_home *home, const char *who)
{
	struct screen *screen = e2e_console(home, NULL);

	e2e_sign_in(screen, who);
	return screen;
}

void e2e_close(struct screen *screen)
{
	int code = 0;

	keep_screen(screen, NULL);
	if (screen_pid(screen) > 0) {
		kill(screen_pid(screen), SIGHUP);
		code = screen_wait_exit(screen);
	}
	screen_end(screen);
	assert_int_equal(code, 0);
}

void e2e_kill(struct screen *screen)
{
	kill(screen_pid(screen), SIGKILL);
	assert_int_equal(screen_wait_exit(screen), -SIGKILL);
	e2e_close(screen);
}

int64_t e2e_follow(struct screen *screen, const char *text)
{
	int64_t begin_ms = e2e_now_ms(), took_ms;

	screen_expect(screen, text);
	took_ms = e2e_now_ms() - begin_ms;
	print_message("# “%s” followed after %lld ms\n", text, (long long)took_ms);
	return took_ms;
}
