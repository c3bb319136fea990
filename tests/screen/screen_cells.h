/* One cell of the screen of a test, for the files of screen.h. */
#ifndef COUNTERTOP_TESTS_SCREEN_CELLS_H
#define COUNTERTOP_TESTS_SCREEN_CELLS_H

#include <vterm.h>

#include "tests/screen/screen.h"

VTermScreenCell screen_cell(struct screen *screen, int row, int col);
/* By its attribute, or by a background of its own. */
bool screen_cell_is_inverted(struct screen *screen, int row, int col);

#endif
