/* The action tables of the stocktake panes, for the catalogue of all keys. */
#ifndef COUNTERTOP_TUI_STOCKTAKE_TABLES_H
#define COUNTERTOP_TUI_STOCKTAKE_TABLES_H

#include "tui/action.h"

extern const struct action_table stocktakes_actions;
extern const struct action_table sheet_actions;
extern const struct action_table sheet_typed_actions;
extern const struct action_table tape_actions;
extern const struct action_table unknown_actions;
extern const struct action_table zones_actions;
extern const struct action_table correct_actions;

#endif
