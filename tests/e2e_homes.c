#include "tests/e2e_homes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define STORE "xinyi"
#define SKU "TE0101"
#define FILE_MAX (16L * 1024 * 1024)

static struct e2e_output output;

/* ---- the shelf ---- */

void shelf_open(struct shelf *shelf)
{
	*shelf = (struct shelf){.before = e2e_stock_of(STORE, SKU).on_hand};
	setenv("COUNTERTOP_PIN", "1200", 1);
}

int shelf_find(struct shelf *shelf, const struct e2e_home *home)
{
	e2e_countertop(&output, home, "do", "stock.adjust", "kind=found", "reason=behind the shelf",
		"lines=[{\"sku\":\"" SKU "\",\"qty\":1}]", "--staff", "chen", "--store", STORE,
		NULL);
	shelf->saved += output.code == 0 || output.code == 4;
	return output.code;
}

void shelf_find_some(struct shelf *shelf, const struct e2e_home *home, int count)
{
	for (int i = 0; i < count; i++)
		if (shelf_find(shelf, home) != 4)
			fail_msg("not saved: %d %s%s", output.code, output.err, output.out);
}

void shelf_expect_all(const struct shelf *shelf)
{
	double found = e2e_stock_of(STORE, SKU).on_hand - shelf->before;

	if (found != shelf->saved)
		fail_msg("%d pieces were saved, HQ has %g", shelf->saved, found);
}

/* ---- programs ---- */

void home_sync(const struct e2e_home *home, int code)
{
	e2e_countertop(&output, home, "sync", "--once", NULL);
	if (output.code != code)
		fail_msg("sync --once: %d %s", output.code, output.err);
}

const char *home_said(void)
{
	return output.err;
}

void home_expect_said(const char *words)
{
	if (!strstr(output.err, words))
		fail_msg("it did not say “%s”, but: %s", words, output.err);
}

void home_expect_doctor(const struct e2e_home *home, int code, const char *words)
{
	e2e_countertop(&output, home, "doctor", NULL);
	if (output.code != code || !strstr(output.out, words))
		fail_msg("doctor: %d without “%s”: %s%s", output.code, words, output.out,
			output.err);
}

static bool no_syncer(void *ctx)
{
	return e2e_lock_holder(ctx, "syncer.lock") == 0;
}

void home_end_syncer(const struct e2e_home *home)
{
	char path[E2E_PATH_BYTES];

	snprintf(path, sizeof path, "%s", home->path);
	e2e_signal_all(path, "--service", SIGTERM);
	e2e_wait(no_syncer, path, "the end of the syncer");
}

/* ---- files ---- */

void home_file(char path[E2E_PATH_BYTES], const struct e2e_home *home, const char *name)
{
	snprintf(path, E2E_PATH_BYTES, "%.400s/%s", home->path, name);
}

void home_spoil(const struct e2e_home *home, const char *name, long from, long bytes)
{
	char path[E2E_PATH_BYTES];
	unsigned noise = 1;

	home_file(path, home, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	for (long i = 0; i < bytes; i++) {
		noise = noise * 1103515245 + 12345;
		unsigned char byte = (unsigned char)(noise >> 16);
		assert_int_equal(pwrite(fd, &byte, 1, from + i), 1);
	}
	close(fd);
}

void home_truncate(const struct e2e_home *home, const char *name, long bytes)
{
	char path[E2E_PATH_BYTES];

	home_file(path, home, name);
	assert_int_equal(truncate(path, bytes), 0);
}

void home_remove(const struct e2e_home *home, const char *name)
{
	char path[E2E_PATH_BYTES];

	home_file(path, home, name);
	if (unlink(path) != 0)
		assert_int_equal(errno, ENOENT);
}

void home_remove_cache(const struct e2e_home *home)
{
	static const char *const names[] = {
		"cache.db", "cache.db-wal", "cache.db-shm", "cache.new", "cache.new-journal"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		home_remove(home, names[i]);
}

/* The bytes of a file, the caller's to free; NULL if there is none. */
static char *read_file(const struct e2e_home *home, const char *name, long *size)
{
	char path[E2E_PATH_BYTES];
	struct stat info;

	home_file(path, home, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	assert_int_equal(fstat(fd, &info), 0);
	assert_in_range(info.st_size, 0, FILE_MAX);
	char *bytes = malloc((size_t)info.st_size + 1);
	assert_non_null(bytes);
	assert_int_equal(read(fd, bytes, (size_t)info.st_size), info.st_size);
	close(fd);
	*size = info.st_size;
	return bytes;
}

bool home_copy_file(const struct e2e_home *from, const struct e2e_home *to, const char *name)
{
	char path[E2E_PATH_BYTES];
	long size;
	char *bytes = read_file(from, name, &size);

	home_remove(to, name);
	if (!bytes)
		return false;
	home_file(path, to, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, (size_t)size), size);
	close(fd);
	free(bytes);
	return true;
}

void home_copy(const struct e2e_home *from, struct e2e_home *to, const char *name)
{
	static const char *const names[] = {
		"outbox.db", "outbox.db-wal", "cache.db", "cache.db-wal", "drafts.db"};

	*to = *from;
	snprintf(to->path, sizeof to->path, "%.100s/%.380s", e2e_folder(), name);
	if (mkdir(to->path, 0700) != 0)
		assert_int_equal(errno, EEXIST);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		home_copy_file(from, to, names[i]);
}

uint64_t home_print(const struct e2e_home *home, const char *name)
{
	long size = 0;
	char *bytes = read_file(home, name, &size);
	uint64_t print = 14695981039346656037u;

	for (long i = 0; i < size; i++)
		print = (print ^ (unsigned char)bytes[i]) * 1099511628211u;
	free(bytes);
	return print ^ (uint64_t)size;
}

void homes_limit(pid_t process, long bytes)
{
	struct rlimit limit;

	assert_int_equal(prlimit(process, RLIMIT_FSIZE, NULL, &limit), 0);
	limit.rlim_cur = bytes ? (rlim_t)bytes : limit.rlim_max;
	assert_int_equal(prlimit(process, RLIMIT_FSIZE, &limit, NULL), 0);
}
