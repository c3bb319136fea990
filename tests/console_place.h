/* A console of one store in a test: a folder, a cache as HQ sent it, a sheet to count, and a disk that fails
 * when told. Any failure here fails the test. */
#ifndef COUNTERTOP_TESTS_CONSOLE_PLACE_H
#define COUNTERTOP_TESTS_CONSOLE_PLACE_H

#include "model/console.h"

#define NOW INT64_C(1772416800000)
#define FOLLOWED "{\"catalogue\":null,\"store:xinyi\":null}"
#define PRODUCT(sku)                                                               \
	"{\"sku\":\"" sku                                                          \
	"\",\"name\":\"Tea\",\"barcodes\":[],\"category\":\"c\",\"vendor\":\"v\"," \
	"\"price\":1,\"is_virtual\":false,\"threshold\":0,\"backorders\":false}"
#define COUNTED "SELECT counted FROM stocktake_line WHERE sku = 'A1'"

struct place {
	struct console console;
	char home[256];
	int64_t now_ms;
	int seq;
	char sheet[UUID_SIZE];
};

/* The same bytes in every run. */
void place_random(void *bytes, size_t size);
/* Enrolled, with nothing in the cache yet. */
void place_open(struct place *place);
void place_close(struct place *place);
void place_open_again(struct place *place);
/* Another seat of the same home; its console is closed by itself. */
void place_join(struct place *seat, const struct place *place);
/* Of cmocka: what every cache has is there, and in the second a sheet is being counted. */
int place_set_up_fresh(void **state);
int place_set_up(void **state);
int place_tear_down(void **state);

/* Files of this name fail with the code from that write on; NULL: all are well. */
void place_disk_is(const char *part, int code, int after);

/* HQ's part: stages a row (NULL: it is gone), or what every cache has, and lands it; true if a sum
 * differs. */
void place_stage(
	struct place *place, const char *feed, const char *table, const char *key, const char *row);
void place_stage_stock(struct place *place, const char *sku, int on_hand);
void place_stage_base(struct place *place);
bool place_land(struct place *place, const char *sums);
/* HQ's verdict on the command; more: further members, each behind a comma. */
void place_answer(struct place *place, const char *id, const char *status, const char *more);

/* What the clerk does, a second later; of the verdict what it owned is freed. */
void place_run(
	struct place *place, const char *op, const char *data, struct console_verdict *verdict);
void place_start_sheet(struct place *place);
/* Counts one more of A1; its id. If it is not to be saved, it is for the disk's sake. */
const char *place_scan(struct place *place, bool saved);

/* The number a query of one cell gives on the cache; -1 if it gives no row. */
int64_t place_shown(struct place *place, const char *sql);
int place_unsent(struct place *place);

#endif
