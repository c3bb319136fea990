/*
 * Names of files as a person types them on the screen: ~ is the home folder, and the folder of the last
 * file of this session comes up again.
 */
#ifndef COUNTERTOP_TUI_FILE_NAME_H
#define COUNTERTOP_TUI_FILE_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define FILE_NAME_BYTES 1024

/* What a box begins with: the name in the folder of the last file, or else in the present one if it can
 * be written, or else in the home folder. An empty name gives the folder alone. What is no good in a
 * name becomes "_". */
void file_name_begin(const char *name, char out[FILE_NAME_BYTES]);
/* The path that was typed, ~ replaced; false if it is too long. */
bool file_name_expand(const char *typed, char out[FILE_NAME_BYTES]);
/* The folder of this path is the one to begin with from now on. */
void file_name_keep(const char *typed);

/* NULL if a file can be made there, or why not and what to do, translated, for one line of a box. */
const char *file_name_why_not(const char *path);
/* The same for reading it. */
const char *file_name_why_unread(const char *path);
bool file_name_is_taken(const char *path); /* a file is there already */

#endif
