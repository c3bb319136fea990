/*
 * Something that takes longer than a moment, done in slices, so that the screen lives meanwhile: a box
 * with a bar is shown, and Esc stops it. What is done within a moment shows no box at all.
 */
#ifndef COUNTERTOP_TUI_TASK_H
#define COUNTERTOP_TUI_TASK_H

#include "tui/app.h"

struct task_spec {
	const char *title; /* translated */
	bool is_one;       /* one long step that nobody can stop: the box is there before it */
	int pause_ms;      /* between steps, while others work; 0: none */
	bool is_optional;  /* Esc goes on without it: it has come to its end then */
	const char *text;  /* what is going on, and what Esc leaves behind; translated */
	/* Goes on for at most a few milliseconds. False when it has come to its end. Sets how far it is,
	 * of a thousand. */
	bool (*step)(void *ctx, int *permille);
	/* Called once: it came to its end, or was stopped, by Esc or because the program leaves. */
	void (*end)(void *ctx, bool is_whole);
	void *ctx; /* lives until `end` */
};

/* The texts are copied. Without memory for a box it is told as stopped. */
void task_run(struct app *app, const struct task_spec *spec);

#endif
