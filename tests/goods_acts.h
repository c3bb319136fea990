/* What people in the stores of goods_world.h do to stock documents at random: mostly what fits, now and then
 * what cannot be. */
#ifndef COUNTERTOP_TESTS_GOODS_ACTS_H
#define COUNTERTOP_TESTS_GOODS_ACTS_H

#include "tests/goods_world.h"

/* How often each command was saved and not saved here, over all seeds; applied and refused at HQ. */
struct goods_tally {
	const char *op;
	int saved, unsaved, applied, refused;
};
struct goods_tally *goods_tallies(int *count);

/* Makes the table temp.told on world->look, where every command that was saved is noted that brings or takes
 * goods: (command, kind, doc, sku, qty, damaged), kind received, adjusted or opened. */
void goods_begin_telling(struct goods_world *world);
/* Somebody at the home does something. */
void goods_act(struct goods_home *home);
/* HQ posts an opening balance, or tries to. */
void goods_act_office(struct goods_world *world);

#endif
