/*
 * What all boxes have in common: a frame with a title in the middle of the body, a paragraph on top.
 */
#ifndef COUNTERTOP_TUI_BOX_H
#define COUNTERTOP_TUI_BOX_H

#include "tui/app.h"

struct box {
	struct app *app;
	char *title;
	char *text;
	/* Set by box_place. */
	struct rect frame;
	struct rect inner; /* without frame and margins, below the paragraph */
	struct rect paragraph;
};

/* Copies the texts; either may be NULL. False when out of memory: then nothing is held. */
bool box_init(struct box *box, struct app *app, const char *title, const char *text);
void box_free(struct box *box);

/* Makes room for the paragraph and, below it, `rows` rows; the box is `cols` wide inside or less. */
void box_place(struct box *box, const struct layout *layout, int rows, int cols);
void box_repaint(const struct box *box);

/* A button, "[ Accept ]"; returns its columns. */
int box_button(int y, int x, const char *label, bool is_now);
int box_button_cols(const char *label);

/* A field to type in. `is_hidden` shows a dot for each character. The caret stands in it if it is in focus. */
struct edit;
struct box_field {
	int y;
	int x;
	int cols;
	bool is_now;
	bool is_hidden;
};
void box_edit(const struct box_field *field, const struct edit *edit);

/* For pane_ops.title. */
void box_title(const struct box *box, char *out, size_t size);

#endif
