/* Every action table of the program, so that a key file is checked as a whole before anything is
 * shown. A pane's tables are declared in panes.h. */
#include "tui/dialog.h"
#include "tui/document_tables.h"
#include "tui/edit.h"
#include "tui/explain_here.h"
#include "tui/export.h"
#include "tui/form.h"
#include "tui/import_ask.h"
#include "tui/list.h"
#include "tui/order_audit.h"
#include "tui/panes.h"
#include "tui/screen_parts.h"
#include "tui/stocktake_tables.h"
#include "tui/tabs.h"
#include "tui/ticket_admin.h"

static const struct action_table *const tables[] = {
	/* The kit. */
	&app_actions,
	&list_actions,
	&tabs_actions,
	&edit_actions,
	&form_actions,
	&form_choice_actions,
	&form_pick_actions,
	&dialog_confirm_actions,
	&dialog_entry_actions,
	&dialog_menu_actions,
	&dialog_page_actions,
	&export_actions,
	&count_sheet_actions,
	&import_ask_actions,
	&import_review_actions,
	/* The screen. */
	&screen_actions,
	&store_choice_actions,
	&sign_in_actions,
	&inbox_actions,
	&sync_actions,
	&products_actions,
	&products_search_actions,
	&product_actions,
	&product_stores_actions,
	&explain_here_actions,
	&explain_actions,
	/* Documents. */
	&documents_actions,
	&document_actions,
	&document_lines_actions,
	&receive_actions,
	&document_close_actions,
	&new_document_actions,
	&transfer_actions,
	&transfer_lines_actions,
	&transfer_agree_actions,
	/* Reports. */
	&reports_actions,
	&report_actions,
	/* Stocktakes. */
	&stocktakes_actions,
	&sheet_actions,
	&sheet_typed_actions,
	&tape_actions,
	&zones_actions,
	&unknown_actions,
	&correct_actions,
	/* Tickets. */
	&tickets_actions,
	&ticket_order_actions,
	&ticket_admin_actions,
	&redeem_actions,
	&redeem_result_actions,
	&ticket_page_actions,
	&dossier_actions,
	&dossiers_actions,
	/* Sales orders. */
	&orders_actions,
	&order_audit_actions,
	&order_actions,
	&order_page_actions,
	&order_part_actions,
	&order_place_actions,
	&order_ship_actions,
	&order_pick_actions,
};

const struct action_catalog screen_catalog = {tables, sizeof(tables) / sizeof(tables[0])};
