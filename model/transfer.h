/* Transfer orders: the store that lacks goods asks another for them; the other agrees, maybe to less,
 * and thereby makes a movement that is already accepted, or refuses (product.md §2).
 *
 *   pending ──agree──> agreed      by a manager of the source
 *      │────refuse───> refused     by a manager of the source
 *      └────cancel───> cancelled   by a manager of the store that asked
 *
 * The three ends are never left. A transfer order itself moves no goods. */
#ifndef COUNTERTOP_MODEL_TRANSFER_H
#define COUNTERTOP_MODEL_TRANSFER_H

#include "model/command.h"

enum transfer_status {
	TRANSFER_PENDING,
	TRANSFER_AGREED,
	TRANSFER_REFUSED,
	TRANSFER_CANCELLED,
	TRANSFER_STATUSES /* how many; as a status: one only a newer HQ knows */
};

const char *transfer_word(enum transfer_status status);

#endif
