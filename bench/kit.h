/* What the benchmarks share: time, sizes, how a result is printed, and rows that look like a shop's. */
#ifndef COUNTERTOP_BENCH_KIT_H
#define COUNTERTOP_BENCH_KIT_H

#include "model/console.h"
#include "model/text.h"

/* Seconds of a clock that only runs forward. */
double bench_seconds(void);
/* The full size with BENCH_FULL=1 in the environment, else the small one. */
int bench_size(int full, int small);
void bench_random(void *bytes, size_t size);
_Noreturn void bench_give_up(const char *why);

/* Prints a figure beside its budget. */
void bench_at_least(const char *what, double ratio, double budget);
void bench_at_most(const char *what, double value, double budget, const char *unit);

/* A new folder on a real disk, in `folder`; bench_sweep removes it with all that is in it. */
#define BENCH_FOLDER_SIZE 64
void bench_folder(char folder[BENCH_FOLDER_SIZE]);
void bench_sweep(const char *folder);

/* The store of all benchmarks is "x", its clerk "a"; the first rows are theirs, then come `products`, then a
 * stock line for every fifth of them. Appends the key and the JSON of a row; the feed and table it is of. */
struct bench_row {
	const char *feed, *table;
	struct text key, json;
};
int bench_row_count(int products);
void bench_row(int products, int i, struct bench_row *row);
/* Opens a console that is enrolled for the store. */
void bench_console(struct console *console, const char *home, const char *url);
/* Fills its cache with all rows, by staging and landing them. */
void bench_fill(struct console *console, int products);

#endif
