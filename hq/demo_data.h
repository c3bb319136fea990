/* What the demo is made of, as tables. Names are Chinese, then English. */
#ifndef COUNTERTOP_HQ_DEMO_DATA_H
#define COUNTERTOP_HQ_DEMO_DATA_H

#include <stdbool.h>
#include <stddef.h>

#define DEMO_STORES 5
#define DEMO_CATEGORIES 15
#define DEMO_ITEMS 10    /* of a category */
#define DEMO_VARIANTS 10 /* of an item */
#define DEMO_VENDORS 12
#define DEMO_STAFF 17

struct demo_store {
	const char *id;
	const char *name;
	const char *kind;
	int most; /* of a product in its opening balance */
};
extern const struct demo_store demo_stores[DEMO_STORES];

/* The last category is made of tickets: virtual goods, without stock. */
struct demo_category {
	const char *prefix; /* of its SKUs: TE0304 is item 3, variant 4 */
	const char *name;
	int price;      /* of its cheapest item, in minor units */
	int vendors[2]; /* of items 1 to 7, and of the others */
	const char *items[DEMO_ITEMS];
	const char *variants[DEMO_VARIANTS];
};
extern const struct demo_category demo_categories[DEMO_CATEGORIES];
extern const char *const demo_vendors[DEMO_VENDORS];

struct demo_staff {
	const char *id;
	const char *name;
	const char *role;
	const char *store; /* NULL: all of them */
	const char *pin;
	/* Of that PIN. A fresh hash has a fresh salt: the data would differ every time. */
	const char *pin_hash;
};
extern const struct demo_staff demo_staff[DEMO_STAFF];

/* A stocktake of the script, found by its name. */
#define DEMO_FULL (-1)
struct demo_count {
	const char *name;
	int category;    /* a partial sheet of this category, or DEMO_FULL */
	int wrong_every; /* of so many lines one is counted wrong; 0: none is */
	int skip_every;  /* of so many lines one is left uncounted; 0: none is */
	int most;        /* lines counted */
	bool finish;
	const char *corrector; /* who corrects it in the end; NULL: nobody */
};
extern const struct demo_count demo_counts[];
extern const size_t demo_count_count;

/* A command of the script, or a whole stocktake where `op` is NULL: `name` is one of demo_counts and
 * `data` its note. Steps run in the order of their times. In `data` ' stands for a quotation mark, #name for the id of an earlier
 * step, @+3 for the date three days after today, <SKU 5, SKU 2 1> for lines of sku, qty and
 * damaged, and [a b] for a list of words. Data behind a ! is of a command that HQ refuses. */
struct demo_step {
	int day;          /* from today */
	const char *time; /* of the day, in the shops */
	const char *store;
	const char *actor;
	const char *op;
	const char *name; /* others call its id #name; NULL if none does */
	const char *data;
};
extern const struct demo_step demo_script[];
extern const size_t demo_script_count;

#endif
