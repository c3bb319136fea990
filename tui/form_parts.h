/*
 * What the files of the form share; nobody else includes this.
 */
#ifndef COUNTERTOP_TUI_FORM_PARTS_H
#define COUNTERTOP_TUI_FORM_PARTS_H

#include "tui/box.h"
#include "tui/edit.h"
#include "tui/form.h"

/* A field and what it holds. */
struct form_item {
	struct form_field field;
	struct edit edit; /* all kinds but choices */
	size_t choice;
	bool is_picked; /* the text stands for picked_id */
	char picked_id[96];
	char value[FORM_VALUE_BYTES]; /* set by form_item_check */
	int64_t qty_milli;
	bool is_changed;
};

struct form {
	struct box box;
	struct form_item items[FORM_FIELDS_MAX];
	size_t count;
	size_t now;
	char error[256];
	char *submit_label;
	/* The suggestions of the pick field in focus. */
	struct form_pick picks[FORM_PICKS_MAX];
	size_t pick_count;
	size_t pick_now;
	const char *(*submit)(void *ctx, struct form *form);
	void (*cancel)(void *ctx);
	enum scan_use (*on_scan)(void *ctx, struct form *form, const char *code);
	void *ctx;
};

void form_item_init(struct form_item *item, const struct form_field *field);
bool form_item_is_edit(const struct form_item *item);
/* Parses into value. NULL if good, else what is wrong, translated. */
const char *form_item_check(struct form_item *item, void *ctx);

void form_repaint(void *self, const struct rect *area);
void form_recalc(void *self, const struct layout *layout);

#endif
