/* Cleans up after a world, also if the test was ended by a signal, a crash or a time limit: a process
 * in a session of its own that waits for the test to close a pipe. */
#include "tests/e2e_parts.h"
#include "tests/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEEPER_ENDS_MS 6000 /* HQ has five seconds to end */
#define KEEPER_LOOKS_MS 20

static struct {
	int pipe; /* open as long as the world is wanted */
	pid_t pid;
} keeper = {-1, 0};

static bool has_words(const char *pid, const char *word, const char *other)
{
	char path[64], words[4096];
	ssize_t count;
	int fd;

	snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	count = read(fd, words, sizeof words);
	close(fd);
	return count > 0 && memmem(words, (size_t)count, word, strlen(word)) != NULL &&
		memmem(words, (size_t)count, other, strlen(other)) != NULL;
}

int e2e_signal_all(const char *word, const char *other, int signal)
{
	DIR *all = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (all && (entry = readdir(all))) {
		int pid = atoi(entry->d_name);

		if (pid <= 1 || pid == getpid() || !has_words(entry->d_name, word, other))
			continue;
		count++;
		if (signal)
			kill(pid, signal);
	}
	if (all)
		closedir(all);
	return count;
}

int e2e_lock_holder(const char *home, const char *name)
{
	char path[E2E_PATH_BYTES + 32], line[200], wanted[64];
	FILE *locks = fopen("/proc/locks", "r");
	struct stat info;
	int pid = 0, found;

	snprintf(path, sizeof path, "%s/%s", home, name);
	assert_int_equal(stat(path, &info), 0);
	snprintf(wanted, sizeof wanted, ":%llu ", (unsigned long long)info.st_ino);
	assert_non_null(locks);
	while (fgets(line, sizeof line, locks))
		if (strstr(line, wanted) && sscanf(line, "%*s FLOCK %*s %*s %d", &found) == 1)
			pid = found;
	fclose(locks);
	return pid;
}

static void end_all(const char *folder)
{
	e2e_signal_all(folder, "", SIGCONT);
	e2e_signal_all(folder, "", SIGTERM);
	for (int waited_ms = 0; waited_ms < KEEPER_ENDS_MS; waited_ms += KEEPER_LOOKS_MS) {
		if (e2e_signal_all(folder, "", 0) == 0)
			return;
		poll(NULL, 0, KEEPER_LOOKS_MS);
	}
	e2e_signal_all(folder, "", SIGKILL);
}

static void keep(int pipe, const char *folder)
{
	char byte;

	setsid();
	while (read(pipe, &byte, 1) > 0)
		;
	end_all(folder);
	folder_remove(folder);
	_exit(0);
}

void e2e_keeper_start(char folder[E2E_PATH_BYTES])
{
	int ends[2];

	folder_make(folder, E2E_PATH_BYTES);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	keeper.pid = fork();
	assert_true(keeper.pid >= 0);
	if (keeper.pid == 0) {
		close(ends[1]);
		keep(ends[0], folder);
	}
	close(ends[0]);
	keeper.pipe = ends[1];
}

void e2e_keeper_end(void)
{
	int status;

	if (keeper.pid <= 0)
		return;
	close(keeper.pipe);
	waitpid(keeper.pid, &status, 0);
	keeper.pid = 0;
}

void e2e_keeper_leave(void)
{
	if (keeper.pid > 0)
		close(keeper.pipe);
}
