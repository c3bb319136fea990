/* Messages of the command line: one line, named, cleaned of what must not reach a terminal. */
#ifndef COUNTERTOP_TUI_SAY_H
#define COUNTERTOP_TUI_SAY_H

#include <stdio.h>

/* "countertop: …" and a newline. The format is translated by the caller. */
void say_to(FILE *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
