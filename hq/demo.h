/* The demo data: the same every time, made only by commands that run through the same dispatch as
 * a console's. */
#ifndef COUNTERTOP_HQ_DEMO_H
#define COUNTERTOP_HQ_DEMO_H

#include "hq/hq.h"

#include <stdio.h>

/* Fills an empty HQ. Everything follows from the day now_ms falls in: tickets are valid, documents
 * are some days old. False and a sentence if a command was refused. */
bool demo_make(struct hq *hq, int64_t now_ms, char *error, size_t size);
/* A table of the staff with their PINs. */
void demo_print_staff(FILE *out);

#endif
