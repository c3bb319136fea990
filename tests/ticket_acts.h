/* What happens to tickets at random: mostly what fits, now and then what cannot be. Redemptions with the line
 * down are made now and come to HQ later, in any order. */
#ifndef COUNTERTOP_TESTS_TICKET_ACTS_H
#define COUNTERTOP_TESTS_TICKET_ACTS_H

#include "tests/goods_world.h"
#include "tests/ticket_oracle.h"

#define TICKET_ACTS 4000
#define TICKET_CODE_BYTES 24

struct ticket_acts {
	struct goods_world *world;
	struct oracle *oracle;
	struct ticket_act acts[TICKET_ACTS]; /* all that were ever made */
	int count;
	int late[TICKET_ACTS]; /* those that HQ has not heard of */
	int late_count;
	int code_count, order_count;
};

/* Names the code with this number. */
const char *ticket_code_name(int code, char out[TICKET_CODE_BYTES]);
/* "g0", "g1" … */
const char *ticket_store_name(int store, char out[8]);

/* Makes the next command; it is not sent. NULL: nothing that could be sent came of it, such as a redemption
 * made offline, which only waits. */
struct ticket_act *ticket_act_make(struct ticket_acts *acts);
/* One of those that wait, which then waits no more; NULL if there is none. */
struct ticket_act *ticket_act_late(struct ticket_acts *acts);
/* One that HQ has answered; NULL if there is none. */
struct ticket_act *ticket_act_again(struct ticket_acts *acts);
void ticket_acts_free(struct ticket_acts *acts);

#endif
