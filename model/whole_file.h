/* A file that appears whole or not at all: it is written beside its place and moved there at the end. */
#ifndef COUNTERTOP_MODEL_WHOLE_FILE_H
#define COUNTERTOP_MODEL_WHOLE_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct whole_file {
	char *path,
		*beside; /* where it shall be, where it is until then; owned, NULL without memory */
	FILE *out;       /* NULL where something else writes the file beside */
};

/* Only finds the names. whole_file_end frees them. */
void whole_file_name(struct whole_file *file, const char *path);
/* Finds them and opens the file; false with errno if it cannot. whole_file_end in either case. */
bool whole_file_open(struct whole_file *file, const char *path);
/* Brings what was written to the disk and closes it; false if not all of it got there. */
bool whole_file_close(struct whole_file *file);
/* Moves the file to its place if it is good, or removes it, and frees the names. False, with errno where
 * there is one: then nothing has changed there. */
bool whole_file_end(struct whole_file *file, bool is_good);

#endif
