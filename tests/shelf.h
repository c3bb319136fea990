/* A shelf in a store of goods_world.h, and what people do at it: goods are sold, received and found, and
 * people count zone by zone what truly stands there at that moment. What they did stands in the order of
 * each terminal's work; terminals without a line to HQ deliver it later. Clocks are right. */
#ifndef COUNTERTOP_TESTS_SHELF_H
#define COUNTERTOP_TESTS_SHELF_H

#include "tests/goods_world.h"

#define SHELF_STORE "g0"
#define SHELF_SKUS 5
#define SHELF_ZONES 3
#define SHELF_TERMINALS \
	5 /* two real consoles, two that keep their lines, one that is always online */
#define SHELF_SHEETS 2
#define SHELF_QUEUE_MAX 2000
#define SHELF_TRUCKS_MAX 200

/* How far the count of one SKU in one zone is, in the present round. */
struct shelf_count {
	int parts;       /* counted so far */
	int pass;        /* of the zone, that counted it last */
	bool half;       /* some of it was scanned, the rest was not yet */
	int64_t scanned; /* then: how much */
	int moves;       /* then: what had happened in the zone before */
};

struct shelf_sheet {
	char id[UUID_SIZE];
	bool open, begun[SHELF_SKUS];
	int round;
	int pass[SHELF_ZONES],
		holder[SHELF_ZONES]; /* the terminal of the present pass; -1: none yet */
	struct shelf_count counts[SHELF_SKUS][SHELF_ZONES];
};

struct shelf_terminal {
	struct goods_home *home; /* NULL: it only keeps its lines */
	char *lines[SHELF_QUEUE_MAX];
	int first, count; /* of its lines: delivered, made */
};

/* Goods on the way to another store. */
struct shelf_truck {
	char order[UUID_SIZE];
	int sku;
	int64_t qty;
	bool is_empty; /* they were booked as shipped, and never left the shelf */
};

struct shelf {
	struct goods_world world;
	unsigned long long seed;
	int step;
	int64_t there[SHELF_SKUS][SHELF_ZONES]; /* pieces, whoever knows of them */
	int moves[SHELF_SKUS][SHELF_ZONES];     /* how often they changed */
	char delivery[UUID_SIZE];               /* of a third party; without end */
	struct shelf_terminal terminals[SHELF_TERMINALS];
	struct shelf_sheet sheets[SHELF_SHEETS];
	struct shelf_truck trucks[SHELF_TRUCKS_MAX];
	int arrived, trucks_sent;
};

/* The shelf as the book says, in the order of the seed. */
void shelf_open(struct shelf *shelf, unsigned long long seed);
void shelf_close(struct shelf *shelf);
/* True so many times of a hundred. */
bool shelf_chance(struct shelf *shelf, int percent);
/* Pieces in all zones. */
int64_t shelf_sum(const struct shelf *shelf, int sku);
/* Pieces come or go and nobody writes it down. */
void shelf_lose_some(struct shelf *shelf);
/* Somebody sells, receives, finds or sends something away, and writes it down. */
void shelf_move(struct shelf *shelf);

/* A new sheet, started; every console knows it. */
void shelf_begin_sheet(struct shelf *shelf, int sheet);
/* Somebody counts a SKU or a part of it in a zone. */
void shelf_count(struct shelf *shelf, int sheet);
/* A zone is released, and somebody else counts it again from now on. */
void shelf_count_again(struct shelf *shelf, int sheet);
/* What was begun in this round is counted to its end. */
void shelf_count_rest(struct shelf *shelf, int sheet);
/* Counting again whatever differs, from the next count on; false if HQ refuses it. */
bool shelf_recount(struct shelf *shelf, int sheet);
/* Another step of the sheet by somebody online; true if HQ applied it. */
bool shelf_step(struct shelf *shelf, int sheet, const char *op, const char *more);

/* The correction, by somebody online or at a console that may tell HQ later; picks: also the lines that
 * another sheet counted later. True if it was not refused there. */
bool shelf_correct(struct shelf *shelf, int sheet, bool picks);

/* A terminal tells HQ some of what it did; a console all. */
void shelf_deliver_some(struct shelf *shelf);
void shelf_deliver_all(struct shelf *shelf);
/* Whatever is on the way to another store arrives there, and that store says so. */
void shelf_arrive_all(struct shelf *shelf);

/* Fails the test and says how to get here again. */
void shelf_fail(const struct shelf *shelf, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

#endif
