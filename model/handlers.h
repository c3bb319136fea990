/* The handlers of command.def, each in the file of its subject (movement*.c stock.c stocktake*.c
 * ticket*.c order*.c channel.c staff.c catalogue.c). A handler reads and writes inside a transaction it
 * did not open, knows no clock, and returns REFUSAL_NONE for applied. */
#ifndef COUNTERTOP_MODEL_HANDLERS_H
#define COUNTERTOP_MODEL_HANDLERS_H

#include "model/command.h"

#define OP(name, kind, right, handler) enum refusal handler(struct call *call);
#define FIELD(name, type, need, of)
#define ITEM(name, type, need, of)
#include "model/command.def"
#undef OP
#undef FIELD
#undef ITEM

#endif
