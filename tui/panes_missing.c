/* Stands in for panes that are not written yet; last in local.mk, so that any real one wins. */
#include "tui/panes.h"

#define MISSING __attribute__((weak))

MISSING struct pane pane_documents_new(struct shop *shop);
MISSING struct pane pane_documents_new(struct shop *shop)
{
	(void)shop;
	return (struct pane){0};
}
MISSING struct pane pane_movement_new(struct shop *shop, const char *id)
{
	(void)shop;
	(void)id;
	return (struct pane){0};
}
MISSING void pane_documents_show(void *documents, bool is_outbound, const char *status)
{
	(void)documents;
	(void)is_outbound;
	(void)status;
}
MISSING struct pane pane_stocktakes_new(struct shop *shop)
{
	(void)shop;
	return (struct pane){0};
}
MISSING struct pane pane_stocktake_new(struct shop *shop, const char *id)
{
	(void)shop;
	(void)id;
	return (struct pane){0};
}
MISSING struct pane pane_tickets_new(struct shop *shop)
{
	(void)shop;
	return (struct pane){0};
}
MISSING struct pane pane_ticket_order_new(struct shop *shop, const char *order_number)
{
	(void)shop;
	(void)order_number;
	return (struct pane){0};
}
MISSING void pane_tickets_redeem(struct shop *shop, const char *code)
{
	(void)shop;
	(void)code;
}
