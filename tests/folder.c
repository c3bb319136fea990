#include "tests/folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#define OPEN_FOLDERS_MAX 16

void folder_make(char *path, size_t size)
{
	const char *below = getenv("TMPDIR");
	/* Programs that are started in it stand elsewhere: a relative path is of no use to them. */
	int length = snprintf(
		path, size, "%s/countertop-test-XXXXXX", below && below[0] == '/' ? below : "/tmp");
	if (length < 0 || (size_t)length >= size || !mkdtemp(path)) {
		perror(path);
		abort();
	}
}

/* What is gone already, or cannot be removed, does not keep the rest. */
static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
	(void)info;
	(void)kind;
	(void)where;
	remove(path);
	return 0;
}

void folder_remove(const char *path)
{
	nftw(path, remove_one, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
}
