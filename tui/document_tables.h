/* The action tables of the panes of stock documents, for the catalogue of all keys. */
#ifndef COUNTERTOP_TUI_DOCUMENT_TABLES_H
#define COUNTERTOP_TUI_DOCUMENT_TABLES_H

#include "tui/action.h"

extern const struct action_table documents_actions;      /* the lists */
extern const struct action_table document_actions;       /* what is done to one document */
extern const struct action_table document_lines_actions; /* looking at one document */
extern const struct action_table receive_actions;        /* counting what arrived or goes out */
extern const struct action_table document_close_actions; /* reasons of a short close */
extern const struct action_table new_document_actions;
extern const struct action_table transfer_actions;       /* what is done to one transfer order */
extern const struct action_table transfer_lines_actions; /* looking at one */
extern const struct action_table transfer_agree_actions; /* agreeing to less */

#endif
