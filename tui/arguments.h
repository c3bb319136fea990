/* The command line of `countertop`: options anywhere, then words. */
#ifndef COUNTERTOP_TUI_ARGUMENTS_H
#define COUNTERTOP_TUI_ARGUMENTS_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#define ARGUMENTS_WORDS_MAX 4096

struct arguments {
	const char *home, *keys, *store, *staff; /* NULL if not given */
	bool json, wait, check, yes, again, force, once, service, help, version;
	int word_count;
	char *words[ARGUMENTS_WORDS_MAX];
};

/* The strings stay argv's. False if something is wrong; it was said on err. */
bool arguments_read(struct arguments *arguments, int argc, char **argv, FILE *err);
/* The options with their help, for --help. */
void arguments_print_options(FILE *out);

/* Where the home is, --home or the default, whether or not it is there; false if nobody can tell. */
bool arguments_home_path(const struct arguments *arguments, char path[PATH_MAX]);
/* The home folder: --home, or the default; made with its parents if need be. With warn it says so
 * if others can read it. False and a sentence on err if it cannot be used. */
bool arguments_home(const struct arguments *arguments, bool warn, char path[PATH_MAX], FILE *err);

#endif
