/*
 * The rehearsal of a sheet's correction: every line that counted differently from the book, what the
 * correction would post and what the book would say then. A look at one moment; read it again after a
 * change: a sheet that is not mismatched any more has no line to show, as a blind one may hide its book again.
 */
#ifndef COUNTERTOP_TUI_CORRECTION_H
#define COUNTERTOP_TUI_CORRECTION_H

#include "tui/list.h"
#include "tui/marks.h"
#include "tui/shop.h"

struct correction_line {
	char *sku;
	int64_t before; /* on hand now */
	int64_t change; /* what would be posted */
	int64_t price;  /* minor units; 0: not known */
	bool is_later;  /* another sheet counted it later: left out unless it is picked */
	bool is_suggested;
	bool is_disputed;
	bool is_unknown;      /* in no catalogue: left out */
	bool is_out_of_scope; /* on a sheet of part of the store: left out unless it is picked */
};

/* Quantities in thousandths, values in minor units. Only lines that would be posted are summed. */
struct correction_sums {
	long lines, below_zero, later, out_of_scope, suggested, disputed, unknown;
	int64_t loss, gain, loss_value, gain_value;
};

enum correction_order {
	CORRECTION_BY_SKU,
	CORRECTION_BY_CHANGE,
	CORRECTION_BY_VALUE,
	CORRECTION_ORDERS
};

struct correction {
	struct shop *shop;
	char sheet[COMMAND_ID_MAX + 1];
	struct correction_sums sums;
	struct marks
		picked; /* SKUs of lines left out otherwise that are to be posted all the same */
	enum correction_order order;
	bool only_below_zero;

	/* Private. */
	struct correction_line *lines; /* by SKU */
	size_t count, capacity;
	const struct correction_line **shown;
	size_t shown_count;
};

/* A row of the list: `line` lives until the next correction_read. */
struct correction_row {
	char key[LIST_KEY_BYTES];
	const struct correction_line *line;
	char name[SHOP_NAME_BYTES];
};
/* For a list source, with the struct correction as its ctx; the cells are correction_view.h's. */
size_t correction_fetch(void *ctx, const struct list_want *want, void *rows);
long correction_count(void *ctx);
long correction_rank(void *ctx, const char *key);

/* False when out of memory: then there is no line. */
bool correction_read(struct correction *correction);
void correction_free(struct correction *correction);
/* Picks or leaves out a line that has to be picked; false if there are too many. */
bool correction_pick(struct correction *correction, const struct correction_line *line);
/* The SKUs that were picked, as stocktake.correct has them; NULL if there are none. A line that is not left out
 * any more needs no pick. The caller frees it. */
cJSON *correction_picked(const struct correction *correction);
/* `order` or `only_below_zero` was changed. */
void correction_show(struct correction *correction);

bool correction_is_pickable(const struct correction_line *line);
bool correction_is_posted(const struct correction *correction, const struct correction_line *line);
bool correction_is_below_zero(
	const struct correction *correction, const struct correction_line *line);
/* What the change is worth; 0 where no price is known. */
int64_t correction_value(const struct correction_line *line);

#endif
