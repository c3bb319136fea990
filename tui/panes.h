/* The constructors of all panes. A pane without `ops` could not be made (out of memory);
 * shop_push says so. */
#ifndef COUNTERTOP_TUI_PANES_H
#define COUNTERTOP_TUI_PANES_H

#include "tui/pane.h"

struct shop;

/* The action tables of a pane stand here too, and in screen_tables.c. */

/* Covers everything until someone has signed in; a box. */
struct pane pane_sign_in_new(struct shop *shop);
/* What HQ refused, its exceptions, and what has not left yet. */
struct pane pane_inbox_new(struct shop *shop);
/* Where a number comes from, entry by entry; explain_here.h asks which one. */
struct explain;
struct pane pane_explain_new(struct shop *shop, const struct explain *what);
extern const struct action_table explain_actions;
struct pane pane_products_new(struct shop *shop);
struct pane pane_product_new(struct shop *shop, const char *sku);
/* The line to HQ: what waits, what came, what HQ answered. Puts it on top of the present stack. */
void pane_sync_show(struct shop *shop);
extern const struct action_table sync_actions;
extern const struct action_table sign_in_actions, inbox_actions, products_actions,
	products_search_actions, product_actions, product_stores_actions;

/* Stock documents: outbound and inbound orders and transfer orders by status; one of them by its id. */
enum document_side_id { OUTBOUND, INBOUND, TRANSFERS, DOCUMENT_SIDES };
struct pane pane_documents_new(struct shop *shop);
struct pane pane_movement_new(struct shop *shop, const char *id);
struct pane pane_transfer_new(struct shop *shop, const char *id);
/* Agreeing to a transfer order for less, line by line. */
struct pane pane_transfer_agree_new(struct shop *shop, const char *id);
/* Shows the tab of the documents pane (its `self`) where documents of this status stand, the one that
 * waits for this store if there are two: for the to-do page. */
void pane_documents_show(void *documents, enum document_side_id side, const char *status);

/* Counting what arrived; choosing what to ship; reasons for a short close, line by line. */
struct pane pane_receive_new(struct shop *shop, const char *movement);
struct pane pane_ship_new(struct shop *shop, const char *movement);
struct pane pane_document_close_new(struct shop *shop, const char *movement);
/* A new document, keyed in or scanned. */
enum new_document {
	NEW_OUTBOUND,
	NEW_OUTBOUND_THIRD_PARTY,
	NEW_INBOUND_THIRD_PARTY,
	NEW_TRANSFER,
	NEW_DOCUMENTS
};
struct pane pane_new_document_new(struct shop *shop, enum new_document kind);

/* The reports there are, on top of the present stack; one of them by its name in report.def. */
void pane_reports_show(struct shop *shop);
struct pane pane_report_new(struct shop *shop, const char *name);
extern const struct action_table reports_actions, report_actions;

/* Stocktakes by status; one sheet by its id. */
struct pane pane_stocktakes_new(struct shop *shop);
struct pane pane_stocktake_new(struct shop *shop, const char *id);
/* The rehearsal of its correction. */
struct pane pane_correct_new(struct shop *shop, const char *sheet);

/* Tickets: orders and records; the tickets of one order; redeeming a code from anywhere. */
struct pane pane_tickets_new(struct shop *shop);
struct pane pane_ticket_order_new(struct shop *shop, const char *order_number);
void pane_tickets_redeem(struct shop *shop, const char *code);
/* The same of a code chosen from a list: it stays masked for whoever has not seen it whole. */
void pane_tickets_redeem_listed(struct shop *shop, const char *code);
/* The dossier of a code that was redeemed for more units than it has. */
struct pane pane_dossier_new(struct shop *shop, const char *code);
/* All dossiers, settled ones too. */
struct pane pane_dossiers_new(struct shop *shop);
extern const struct action_table dossier_actions, dossiers_actions, tickets_actions,
	ticket_order_actions, redeem_actions, redeem_result_actions, ticket_page_actions;

/* Sales orders: by status, those of the channels this store serves; one by its number; a part of one, line
 * by line. */
enum order_part { ORDER_PART_INVOICE, ORDER_PART_CANCEL, ORDER_PART_CREDIT, ORDER_PART_REFUND };
struct pane pane_orders_new(struct shop *shop);
struct pane pane_order_new(struct shop *shop, const char *number);
struct pane pane_order_part_new(struct shop *shop, const char *number, enum order_part part);
/* A new one, keyed in or scanned; a sale at the counter. */
struct pane pane_order_place_new(struct shop *shop);
extern const struct action_table orders_actions, order_actions, order_page_actions,
	order_part_actions, order_place_actions;

/* Shipping a sales order from this store by scanning its goods. */
struct pane pane_order_ship_new(struct shop *shop, const char *number);
/* What this store is to pick of all sales orders. */
struct pane pane_order_pick_new(struct shop *shop);
extern const struct action_table order_ship_actions, order_pick_actions;

#endif
