/*
 * What the two files of kit_demo share.
 */
#ifndef COUNTERTOP_TESTS_KIT_DEMO_H
#define COUNTERTOP_TESTS_KIT_DEMO_H

#include "tui/app.h"

extern struct app *demo_app;
extern const struct action_table ask_actions;
extern const struct pane_ops ask_ops;

#endif
