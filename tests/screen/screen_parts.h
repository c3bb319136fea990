/* The terminal of a test, shared by the files of screen.h: screen.c runs the program and reads what it writes,
 * screen_type.c sends it keys, screen_look.c and screen_cells.c look at what it shows. */
#ifndef COUNTERTOP_TESTS_SCREEN_PARTS_H
#define COUNTERTOP_TESTS_SCREEN_PARTS_H

#include <vterm.h>

#include "tests/screen/screen.h"

/* The line for messages, from the bottom: above the hints and the status. */
#define SCREEN_MESSAGE_ROW (-3)

struct screen {
	struct screen *next; /* of those that were not ended yet */
	VTerm *vterm;
	VTermScreen *cells;
	int fd;
	pid_t pid;
	int rows;
	int cols;
	const char *term;
	bool has_cursor;
	bool is_alternate;
	bool is_closed;
	size_t bytes_read;
	int bells;
	long flashes; /* cells of the message line that were painted inverted */
	char text[SCREEN_TEXT_BYTES];
	char row[SCREEN_TEXT_BYTES / 16];
};

long screen_now_ms(void);
/* Reads what has come. False when nothing had come after `wait_ms`, or nothing will any more. */
bool screen_pump(struct screen *screen, int wait_ms);

VTermScreenCell screen_cell(struct screen *screen, int row, int col);
/* By its attribute, or by a background of its own. */
bool screen_cell_is_inverted(struct screen *screen, int row, int col);

#endif
