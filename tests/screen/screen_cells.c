/* One cell of the screen: its character and how it is drawn. */
#include "tests/screen/screen_parts.h"

#include <string.h>

VTermScreenCell screen_cell(struct screen *screen, int row, int col)
{
	VTermScreenCell cell;
	VTermPos at = {.row = row, .col = col};

	memset(&cell, 0, sizeof(cell));
	vterm_screen_get_cell(screen->cells, at, &cell);
	return cell;
}

static int screen_colour_of(const VTermColor *colour, bool is_default)
{
	return is_default ? -1 : VTERM_COLOR_IS_INDEXED(colour) ? colour->indexed.idx : 256;
}

uint32_t screen_cell_code(struct screen *screen, int row, int col)
{
	return screen_cell(screen, row, col).chars[0];
}

int screen_cell_fg(struct screen *screen, int row, int col)
{
	VTermScreenCell cell = screen_cell(screen, row, col);

	return screen_colour_of(&cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
}

int screen_cell_bg(struct screen *screen, int row, int col)
{
	VTermScreenCell cell = screen_cell(screen, row, col);

	return screen_colour_of(&cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
}

bool screen_cell_is_bold(struct screen *screen, int row, int col)
{
	return screen_cell(screen, row, col).attrs.bold;
}

bool screen_cell_is_inverted(struct screen *screen, int row, int col)
{
	VTermScreenCell cell = screen_cell(screen, row, col);

	return cell.attrs.reverse || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);
}

bool screen_cell_is_reverse(struct screen *screen, int row, int col)
{
	return screen_cell(screen, row, col).attrs.reverse;
}
