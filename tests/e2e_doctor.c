/* `countertop doctor` finds what is wrong with a console, says what to do, and touches nothing. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/db.h"
#include "tests/e2e_fake.h"
#include "tests/e2e_kit.h"

#define NOBODY 65534

static struct e2e_output output;

static void file_of(char path[E2E_PATH_BYTES], const struct e2e_home *home, const char *name)
{
	snprintf(path, E2E_PATH_BYTES, "%.400s/%.100s", home->path, name);
}

/* ---- looking at what it said ---- */

/* The line of a check: it must be there. */
static const char *line_of(const char *label)
{
	static char line[2000];
	const char *at = output.out;

	while (at && *at) {
		size_t length = strcspn(at, "\n");

		if (strncmp(at + 6, label, strlen(label)) == 0 && at[6 + strlen(label)] == ' ') {
			snprintf(line, sizeof line, "%.*s", (int)length, at);
			return line;
		}
		at += length + (at[length] == '\n');
	}
	fail_msg("doctor says nothing of %s:\n%s%s", label, output.out, output.err);
	return "";
}

static void expect(const char *label, const char *finding, const char *said)
{
	const char *line = line_of(label);

	if (strncmp(line, finding, strlen(finding)) != 0 || !strstr(line, said))
		fail_msg("not “%s … %s” but: %s", finding, said, line);
}

static void ask(const struct e2e_home *home, int code)
{
	e2e_countertop(&output, home, "doctor", NULL);
	if (output.code != code)
		fail_msg("exit code %d:\n%s%s", output.code, output.out, output.err);
}

/* Names, sizes and times of all files of the home, in no order that changes by itself. */
static void picture(const struct e2e_home *home, char text[E2E_OUTPUT_BYTES])
{
	struct dirent **entries;
	int count = scandir(home->path, &entries, NULL, alphasort);
	size_t used = 0;

	assert_true(count >= 0);
	text[0] = '\0';
	for (int i = 0; i < count; i++) {
		char path[E2E_PATH_BYTES];
		struct stat info;

		file_of(path, home, entries[i]->d_name);
		if (strcmp(entries[i]->d_name, "..") != 0 && stat(path, &info) == 0)
			used += (size_t)snprintf(text + used, E2E_OUTPUT_BYTES - used,
				"%s %o %lld %lld.%09ld\n", entries[i]->d_name, info.st_mode,
				(long long)info.st_size, (long long)info.st_mtim.tv_sec,
				info.st_mtim.tv_nsec);
		free(entries[i]);
	}
	free(entries);
}

/* ---- when all is well ---- */

static void a_sound_console_is_called_sound(void **state)
{
	/* With all well every line is ok, it ends with 0, and not one byte of the home has changed. */
	static char before[E2E_OUTPUT_BYTES], after[E2E_OUTPUT_BYTES];
	struct e2e_home home;

	(void)state;
	e2e_enrol(&home, "xinyi");
	picture(&home, before);
	ask(&home, 0);
	picture(&home, after);
	assert_string_equal(before, after);
	expect("home", "ok", home.path);
	expect("outbox", "ok", "sound");
	expect("queue", "ok", "nothing waits");
	expect("cache", "ok", "sound");
	expect("sockets", "ok", "wake each other");
	expect("Esc key", "ok", "50 ms");
	expect("enrolment", "ok", e2e_hq_url());
	expect("HQ", "ok", "answered");
	expect("contract", "ok", "1");
	expect("token", "ok", "accepts");
	expect("clock", "ok", "within a minute");
	expect("syncer", "ok", "none runs");
	assert_null(strstr(output.out, "FAIL"));
}

static void a_console_at_work_is_not_disturbed(void **state)
{
	/* Beside an open screen and its syncer it sees both and reads what they are writing. */
	struct e2e_home home;
	struct screen *screen;

	(void)state;
	e2e_enrol(&home, "xinyi");
	screen = e2e_console_of(&home, "chen");
	ask(&home, 0);
	expect("syncer", "ok", "it runs, process");
	expect("outbox", "ok", "sound");
	expect("cache", "ok", "sound");
	screen_send(screen, "<f8>");
	screen_expect(screen, "online");
	e2e_close(screen);
}

/* ---- HQ ---- */

static void an_hq_that_is_down_fails(void **state)
{
	/* HQ down is a failure with a way out; what waits is counted, and the rest is still checked. */
	struct e2e_home home;

	(void)state;
	e2e_enrol(&home, "xinyi");
	e2e_hq_stop();
	e2e_countertop(
		&output, &home, "do", "stocktake.create", "scope=full", "--staff", "chen", NULL);
	assert_int_equal(output.code, 4);
	ask(&home, 1);
	expect("HQ", "FAIL", "check the line");
	expect("outbox", "ok", "1 commands wait");
	expect("queue", "ok", "none of them for long");
	expect("clock", "warn", "not checked");
	expect("syncer", "warn", "countertop sync");
}

static void a_token_that_is_refused_fails(void **state)
{
	/* A console HQ no longer knows is told to enrol again; HQ itself is fine. */
	struct db_options options = {.durability = DB_DURABLE, .must_exist = true};
	char path[E2E_PATH_BYTES], error[200];
	struct e2e_home home;
	struct db *outbox;

	(void)state;
	e2e_enrol(&home, "xinyi");
	file_of(path, &home, "outbox.db");
	outbox = db_open(path, &options, error, sizeof error);
	assert_non_null(outbox);
	assert_true(db_run(outbox, "UPDATE device SET token = 'old'", ""));
	db_close(outbox);
	ask(&home, 1);
	expect("HQ", "ok", "answered");
	expect("token", "FAIL", "countertop enrol");
	assert_null(strstr(output.out, "'old'"));
}

static void another_hq_is_recognised(void **state)
{
	/* An HQ of another version, one with another time, and a web page in its place are told apart. */
	static const struct {
		struct fake_answer answer;
		int code;
		const char *label, *finding, *said;
	} cases[] = {
		{{"/v1/hello", 200, "application/json",
			 "{\"epoch\":\"e1\",\"time\":\"2026-11-21T08:00:00.000Z\","
			 "\"versions\":[\"7\",\"8\"],\"feeds\":[]}",
			 false},
			1, "contract", "FAIL", "7, 8"},
		{{"/v1/hello", 200, "application/json",
			 "{\"epoch\":\"e1\",\"time\":\"2001-01-01T00:00:00.000Z\","
			 "\"versions\":[\"1\"],\"feeds\":[]}",
			 false},
			0, "clock", "warn", "ahead of HQ's"},
		{{"/v1/hello", 200, "text/html", "<html>\033[31mlog in</html>", false}, 1, "HQ",
			"FAIL", "A web page answers"},
		{{"/v1/hello", 200, "application/json", "{\"epoch\":", false}, 1, "HQ", "FAIL",
			"cannot be read"},
		{{"/v1/hello", 200, "application/json",
			 "{\"epoch\":\"e1\",\"time\":\"2026-11-21T08:00:00.000Z\","
			 "\"versions\":[\"\\u001b[31m9\"],\"feeds\":[]}",
			 false},
			1, "contract", "FAIL", "9"},
	};
	struct e2e_home home;
	struct fake fake;

	(void)state;
	fake_enrol(&fake, &home, "");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		fake_restart(&fake, &cases[i].answer, 1);
		ask(&home, cases[i].code);
		expect(cases[i].label, cases[i].finding, cases[i].said);
		assert_null(strchr(output.out, '\033'));
	}
	fake_end(&fake);
}

/* ---- the home ---- */

static void a_home_that_is_not_there_is_not_made(void **state)
{
	/* Before enrolment nothing fails, it says how to enrol, and no folder appears. */
	struct e2e_home home;
	struct stat info;

	(void)state;
	e2e_path(home.path, "nowhere/home");
	ask(&home, 0);
	expect("home", "warn", "not there yet");
	expect("enrolment", "warn", "countertop enrol URL CODE");
	expect("HQ", "warn", "not enrolled");
	assert_int_not_equal(stat(home.path, &info), 0);
}

static void a_home_open_to_others_is_named(void **state)
{
	/* A home that others can write to fails, one they can read is a warning, each with the command. */
	struct e2e_home home;

	(void)state;
	e2e_path(home.path, "home");
	assert_int_equal(mkdir(home.path, 0700), 0);
	assert_int_equal(chmod(home.path, 0777), 0);
	ask(&home, 1);
	expect("home", "FAIL", "chmod 700 ");
	assert_int_equal(chmod(home.path, 0755), 0);
	ask(&home, 0);
	expect("home", "warn", "chmod 700 ");
	assert_int_equal(chmod(home.path, 0700), 0);
	ask(&home, 0);
	expect("home", "ok", home.path);
}

/* Overwrites bytes in the middle of a file. */
static void damage(const struct e2e_home *home, const char *name, off_t from, size_t count)
{
	static const char noise[65536] = {1, 2, 3};
	char path[E2E_PATH_BYTES];
	int fd;

	file_of(path, home, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0 && count <= sizeof noise);
	assert_int_equal(pwrite(fd, noise, count, from), (ssize_t)count);
	close(fd);
}

static void damaged_files_are_left_as_they_are(void **state)
{
	/* A damaged cache may go, a damaged outbox must stay: it says so of each, and changes neither. */
	static char before[E2E_OUTPUT_BYTES], after[E2E_OUTPUT_BYTES];
	struct e2e_home home;

	(void)state;
	e2e_enrol(&home, "xinyi");
	damage(&home, "cache.db", 8192, 65536);
	picture(&home, before);
	ask(&home, 1);
	expect("cache", "FAIL", "delete cache.db");
	expect("outbox", "ok", "sound");
	expect("token", "ok", "accepts");
	damage(&home, "cache.db", 0, 4096);
	damage(&home, "outbox.db", 4096, 4096 * 4);
	ask(&home, 1);
	expect("cache", "FAIL", "delete cache.db");
	expect("outbox", "FAIL", "do not delete it");
	damage(&home, "outbox.db", 0, 4096);
	ask(&home, 1);
	expect("outbox", "FAIL", "its pages do not fit together");
	expect("cache", "FAIL", "its pages do not fit together");
	expect("enrolment", "warn", "the outbox cannot be read");
	expect("HQ", "warn", "the outbox cannot be read");
	picture(&home, after);
	assert_int_equal(strlen(before), strlen(after)); /* no file came or went or grew */
}

static void a_file_of_another_version_is_told(void **state)
{
	/* An outbox of a newer program fails with the way out; such a cache is only fetched anew. */
	static const char *const names[] = {"outbox.db", "cache.db"};
	struct db_options options = {.durability = DB_DURABLE, .must_exist = true};
	char path[E2E_PATH_BYTES], error[200];
	struct e2e_home home;

	(void)state;
	e2e_enrol(&home, "xinyi");
	for (int i = 0; i < 2; i++) {
		struct db *db;

		file_of(path, &home, names[i]);
		db = db_open(path, &options, error, sizeof error);
		assert_non_null(db);
		assert_true(db_set_version(db, 77));
		db_close(db);
	}
	ask(&home, 1);
	expect("outbox", "FAIL", "version 77");
	expect("cache", "warn", "anew");
}

/* In the child: somebody who may not write where root may. */
static void become_nobody(const struct e2e_home *home, const char *program, int out)
{
	char *words[] = {(char *)program, "--home", (char *)home->path, "doctor", NULL};

	if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		_exit(126);
	setenv("LC_ALL", "C.UTF-8", 1);
	dup2(out, STDOUT_FILENO);
	execv(words[0], words);
	_exit(126);
}

/* The program may lie where only root may go; a copy in the folder of the world does not. */
static void copy_program(char path[E2E_PATH_BYTES])
{
	char from[E2E_PATH_BYTES], block[65536];
	size_t count;

	e2e_program(from, "countertop");
	e2e_path(path, "countertop");
	FILE *in = fopen(from, "rb"), *out = fopen(path, "wb");
	assert_true(in && out);
	while ((count = fread(block, 1, sizeof block, in)) > 0)
		assert_int_equal(fwrite(block, 1, count, out), count);
	fclose(in);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, 0755), 0);
}

static void give_to_nobody(const struct e2e_home *home)
{
	static const char *const names[] = {"outbox.db", "cache.db", "syncer.lock", "poke", ""};
	char path[E2E_PATH_BYTES];

	for (size_t i = 0; geteuid() == 0 && i < sizeof names / sizeof *names; i++) {
		file_of(path, home, names[i]);
		if (chown(path, NOBODY, NOBODY) != 0)
			assert_int_equal(errno, ENOENT);
	}
	assert_int_equal(chmod(e2e_folder(), 0711), 0);
}

static void a_home_that_cannot_be_written_fails(void **state)
{
	/* In a home that takes no file everything is still looked at, and it says that nothing is saved. */
	struct e2e_home home;
	char program[E2E_PATH_BYTES];
	int ends[2], status, used = 0;
	ssize_t count;
	pid_t pid;

	(void)state;
	e2e_enrol(&home, "xinyi");
	give_to_nobody(&home);
	assert_int_equal(chmod(home.path, 0500), 0);
	copy_program(program);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		become_nobody(&home, program, ends[1]);
	close(ends[1]);
	while ((count = read(ends[0], output.out + used, sizeof output.out - 1 - (size_t)used)) > 0)
		used += (int)count;
	output.out[used] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(chmod(home.path, 0700), 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	expect("home", "FAIL", "nothing can be saved here");
	expect("outbox", "ok", "sound");
	expect("cache", "ok", "sound");
	expect("token", "ok", "accepts");
}

/* ---- the terminal, the options ---- */

static void a_terminal_that_will_not_do_is_named(void **state)
{
	/* A window that is too small and a terminal nobody knows fail, with what to do. */
	struct e2e_home home;
	char program[E2E_PATH_BYTES];
	const char *argv[] = {program, "doctor", "--home", home.path, NULL};
	struct screen *screen;

	(void)state;
	e2e_path(home.path, "home");
	e2e_program(program, "countertop");
	screen = screen_start(&(struct screen_options){.rows = 60, .cols = 59, .argv = argv});
	screen_expect(screen, "the screen needs 60 by 16");
	assert_int_equal(screen_wait_exit(screen), 1);
	screen_end(screen);
	screen = screen_start(&(struct screen_options){
		.rows = 40, .cols = 120, .argv = argv, .term = "no-such-terminal"});
	screen_expect(screen, "export TERM=");
	assert_int_equal(screen_wait_exit(screen), 1);
	screen_end(screen);
}

static void a_bad_key_file_is_named(void **state)
{
	/* --keys with a bad line fails and names it. */
	struct e2e_home home;
	char keys[E2E_PATH_BYTES];

	(void)state;
	e2e_path(home.path, "home");
	e2e_path(keys, "my.keys");
	e2e_write("my.keys", "bind inbox d dismis\n");
	e2e_countertop(&output, &home, "doctor", "--keys", keys, NULL);
	assert_int_equal(output.code, 1);
	expect("keys", "FAIL", "my.keys:1");
}

static void json_says_the_same(void **state)
{
	/* With --json each check has its name, its finding and its words, and ok sums them up. */
	struct e2e_home home;
	cJSON *json, *check;
	int failed = 0, count = 0;

	(void)state;
	e2e_enrol(&home, "xinyi");
	e2e_hq_stop();
	e2e_countertop(&output, &home, "doctor", "--json", NULL);
	assert_int_equal(output.code, 1);
	json = cJSON_Parse(output.out);
	assert_non_null(json);
	assert_true(cJSON_IsFalse(cJSON_GetObjectItem(json, "ok")));
	cJSON_ArrayForEach(check, cJSON_GetObjectItem(json, "checks"))
	{
		const char *status = cJSON_GetStringValue(cJSON_GetObjectItem(check, "status"));

		assert_non_null(cJSON_GetStringValue(cJSON_GetObjectItem(check, "said")));
		count++;
		if (strcmp(status, "fail") != 0)
			continue;
		failed++;
		assert_string_equal(
			cJSON_GetStringValue(cJSON_GetObjectItem(check, "check")), "hq");
	}
	assert_int_equal(failed, 1);
	assert_int_equal(count, 18);
	cJSON_Delete(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(a_sound_console_is_called_sound),
		e2e_test(a_console_at_work_is_not_disturbed),
		e2e_test(an_hq_that_is_down_fails),
		e2e_test(a_token_that_is_refused_fails),
		e2e_folder_test(another_hq_is_recognised),
		e2e_folder_test(a_home_that_is_not_there_is_not_made),
		e2e_folder_test(a_home_open_to_others_is_named),
		e2e_test(damaged_files_are_left_as_they_are),
		e2e_test(a_file_of_another_version_is_told),
		e2e_test(a_home_that_cannot_be_written_fails),
		e2e_folder_test(a_terminal_that_will_not_do_is_named),
		e2e_folder_test(a_bad_key_file_is_named),
		e2e_test(json_says_the_same),
	};

	setenv("COUNTERTOP_PIN", "1200", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
