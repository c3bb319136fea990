/* What the report order_audit can do beside telling: compensate the order under the cursor. */
#ifndef COUNTERTOP_TUI_ORDER_AUDIT_H
#define COUNTERTOP_TUI_ORDER_AUDIT_H

#include "tui/report_view.h"

#define ORDER_AUDIT_REPORT "order_audit"

/* Stands in the pane that shows the report; ctx of order_audit_actions. */
struct order_audit {
	struct shop *shop;
	const struct report_view *view;

	/* Private: the order that is asked about. */
	char number[COMMAND_ID_MAX + 1];
};

/* Context "order-audit". */
extern const struct action_table order_audit_actions;

#endif
