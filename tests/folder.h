/* Folders of tests: below $TMPDIR, where the whole check looks for what was left behind. */
#ifndef COUNTERTOP_TESTS_FOLDER_H
#define COUNTERTOP_TESTS_FOLDER_H

#include <stddef.h>

/* Makes an empty folder and writes its path; ends the program if that cannot be. */
void folder_make(char *path, size_t size);
/* Removes it with all that is in it, as far as that goes. */
void folder_remove(const char *path);

#endif
