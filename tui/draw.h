/*
 * Drawing on the screen. draw_text is the one door all text passes; nothing else in the console
 * knows curses but term.c and draw.c.
 *
 * Rows and columns count from 0 at the top left. Everything is clipped at the edges of the screen.
 * A frame is painted whole between draw_begin and draw_end; the terminal gets only what changed.
 */
#ifndef COUNTERTOP_TUI_DRAW_H
#define COUNTERTOP_TUI_DRAW_H

#include <stdbool.h>
#include <stdio.h>

struct rect {
	int y;
	int x;
	int rows;
	int cols;
};

/* What a text is, never what it looks like; a theme gives each role its look. */
enum role {
	ROLE_NORMAL,
	ROLE_TITLE,     /* the bar at the top */
	ROLE_TITLE_NOW, /* the pane shown, in that bar */
	ROLE_HEADING,   /* the title of a pane, of a box */
	ROLE_COLUMN,    /* titles of columns */
	ROLE_TAB,
	ROLE_TAB_NOW,
	ROLE_STATUS, /* the bar at the bottom */
	ROLE_STATUS_OK,
	ROLE_STATUS_WARN,
	ROLE_STATUS_BAD,
	ROLE_OK,
	ROLE_WARN, /* amber: look at this */
	ROLE_ERROR,
	ROLE_LOSS, /* red; the text carries a minus sign too */
	ROLE_GAIN, /* green; the text carries a plus sign too */
	ROLE_KEY,  /* the name of a key */
	ROLE_DIM,
	ROLE_BOLD,
	ROLE_MARK,       /* the cursor's mark in the gutter */
	ROLE_CURSOR_KEY, /* the choice under the mark in a menu */
	ROLE_PENDING,    /* saved here, HQ has not answered */
	ROLE_OFFLINE_OK, /* accepted, not confirmed */
	ROLE_FIELD,      /* a field to type in */
	ROLE_FIELD_NOW,  /* the one in focus */
	ROLE_BUTTON,
	ROLE_BUTTON_NOW,
	ROLE_FLASH_OK, /* the message line for a moment, inverted: what came of a scan */
	ROLE_FLASH_WARN,
	ROLE_FLASH_ERROR,
	ROLE_FRAME, /* lines around boxes */
	ROLE_BAR,   /* the done part of a progress bar */
	ROLE_BAR_REST,
	ROLE_COUNT
};

/* The names "default", "mono" and "contrast"; NULL chooses by NO_COLOR, TERM and the terminal. */
bool draw_theme(const char *name);

void draw_begin(void);
/* Sends what changed. Shows the terminal's cursor where draw_caret asked in this frame. */
void draw_end(void);

/* Cleans, fits and draws. All return the columns used; at most `width_cols` are touched. */
int draw_text(int y, int x, int width_cols, enum role role, const char *utf8);
int draw_text_right(int y, int x, int width_cols, enum role role, const char *utf8);
int draw_text_centre(int y, int x, int width_cols, enum role role, const char *utf8);

/* Draws a paragraph wrapped into `area`, from its line `skip_lines` on. Returns the lines drawn. */
int draw_paragraph(const struct rect *area, enum role role, const char *utf8, int skip_lines);

void draw_fill(const struct rect *area, enum role role);
void draw_rule(int y, int x, int width_cols, enum role role);

/* A box with a title on its upper edge, blank inside. */
void draw_frame(const struct rect *area, enum role role, const char *title);

/* A progress bar; `permille` is cut to 0..1000. */
void draw_bar(int y, int x, int width_cols, int permille);

/* A scroll mark on the right edge of `area`: rows [first, first + shown) of `total`. */
void draw_scroll(const struct rect *area, long first, long shown, long total);

/* Where the terminal's own cursor stands after this frame, for typing. Hidden if never called. */
void draw_caret(int y, int x);

void draw_bell(void);

/* Writes the screen as plain text, a line a row, without trailing blanks. False on a write error. */
bool draw_dump(FILE *out);

#endif
