#include "tests/folder.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define OPEN_FOLDERS_MAX 16

void folder_make(char *path, size_t size)
{
	const char *below = getenv("TMPDIR");
	snprintf(path, size, "%s/countertop-test-XXXXXX", below ? below : "/tmp");
	assert_non_null(mkdtemp(path));
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
	(void)info;
	(void)kind;
	(void)where;
	return remove(path);
}

void folder_remove(const char *path)
{
	nftw(path, remove_one, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
}
