/* Shipping a sales order from this store by scanning its goods: as counting a stock document, but that Enter
 * ships, for nothing else is expected when the last piece is in the box. */
#include "tui/panes.h"

#include "model/i18n.h"
#include "tui/receive_parts.h"

static const struct action rows[] = {
	{"finish", N_("Ship"), N_("Ship what was scanned"), ACTION_HINT | ACTION_HINT_FIRST, 0,
		receive_why_no_finish, receive_run_finish, NULL},
	{"quantity", N_("Quantity"), N_("Type how many of this line go now"), ACTION_HINT, 0,
		receive_why_no_line, receive_run_quantity, NULL},
	{"fill-all", N_("All"), N_("All that is left of all lines"), ACTION_HINT, 0,
		receive_why_no_fill, receive_run_fill_all, NULL},
	{"undo", N_("Undo"), N_("Take back the last scan or quantity"), ACTION_HINT, 0,
		receive_why_no_undo, receive_run_undo, NULL},
	{"one-more", N_("One more"), N_("One more of this line"), 0, 1, receive_why_no_line,
		receive_run_more, NULL},
	{"one-less", N_("One less"), N_("One less of this line"), 0, -1, receive_why_no_line,
		receive_run_more, NULL},
	{"fill", N_("Complete"), N_("All that is left of this line"), ACTION_HINT, 0,
		receive_why_no_line, receive_run_fill, NULL},
	{"discard", N_("Start over"), N_("Forget what was scanned and not shipped"), 0, 0,
		receive_why_no_undo, receive_run_discard, NULL},
};
const struct action_table order_ship_actions = {
	.context = "order-ship",
	.title = N_("Shipping a sales order"),
	ACTION_TABLE_ROWS(rows),
};

struct pane pane_order_ship_new(struct shop *shop, const char *number)
{
	return receive_pane_new(shop, &count_order, &order_ship_actions, number);
}
