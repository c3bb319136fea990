#include "tui/document_sides.h"

#include "model/i18n.h"

#include <string.h>

static const struct status_tab outbound_tabs[] = {
	{N_("To confirm"), "pending", false},
	{N_("To ship"), "accepted", true},
	{N_("In progress"), "shipped|arrived|partial", false},
	{N_("Completed"), "received", false},
	{N_("Cancelled"), "rejected|cancelled", false},
};

static const struct status_tab inbound_tabs[] = {
	{N_("To confirm"), "pending", true},
	{N_("To receive"), "accepted|shipped", true},
	{N_("Counting"), "arrived", true},
	{N_("Partial"), "partial", true},
	{N_("Received"), "received", false},
	{N_("Cancelled"), "rejected|cancelled", false},
};

/* What both lists show, in the order of their columns; the numbers and ends change places. */
/* clang-format off */
#define SIDE_SOURCE(own, partner, near, far) { \
	{.kind = SOURCE_MARK}, \
	{.column = own}, \
	{.column = "total_qty", .kind = SOURCE_QTY}, \
	{.column = "counted_qty", .kind = SOURCE_QTY}, \
	{.column = far, .kind = SOURCE_STORE}, \
	{.column = "created_at", .kind = SOURCE_WHEN}, \
	{.column = "expected_on"}, \
	{.column = partner}, \
	{.column = "transfer_number"}, \
	{.column = near, .kind = SOURCE_STORE}, \
	{.column = "status", .kind = SOURCE_WORD, .group = "movement"}, \
}
#define SIDE_COLUMNS(partner_title, near_title, far_title) { \
	{"", 1, 0, LIST_LEFT, 0, false}, \
	{N_("Number"), 29, 0, LIST_LEFT, 0, true}, \
	{N_("Total"), 7, 0, LIST_RIGHT, 0, false}, \
	{N_("Checked"), 7, 0, LIST_RIGHT, 2, false}, \
	{far_title, 10, 4, LIST_LEFT, 0, false}, \
	{N_("Created"), 11, 0, LIST_LEFT, 1, false}, \
	{N_("Expected"), 10, 0, LIST_LEFT, 4, false}, \
	{partner_title, 29, 0, LIST_LEFT, 3, false}, \
	{N_("Transfer order"), 14, 0, LIST_LEFT, 7, false}, \
	{near_title, 10, 2, LIST_LEFT, 6, false}, \
	{N_("Status"), 22, 0, LIST_LEFT, 5, false}, \
}

const struct document_side document_sides[SIDES] = {
	[OUTBOUND] = {
		.label = N_("Outbound orders"),
		.filter = "from",
		.other = "to",
		.empty = N_("No outbound order here."),
		.tabs = outbound_tabs,
		.tab_count = (int)(sizeof(outbound_tabs) / sizeof(outbound_tabs[0])),
		.source = SIDE_SOURCE("out_number", "in_number", "from_store", "to_store"),
		.columns = SIDE_COLUMNS(N_("Inbound order"), N_("Source"), N_("Destination")),
	},
	[INBOUND] = {
		.label = N_("Inbound orders"),
		.filter = "to",
		.other = "from",
		.empty = N_("No inbound order here."),
		.tabs = inbound_tabs,
		.tab_count = (int)(sizeof(inbound_tabs) / sizeof(inbound_tabs[0])),
		.source = SIDE_SOURCE("in_number", "out_number", "to_store", "from_store"),
		.columns = SIDE_COLUMNS(N_("Outbound order"), N_("Destination"), N_("Source")),
	},
};
/* clang-format on */

static bool tab_has(const struct status_tab *tab, const char *status)
{
	size_t length = strlen(status);

	for (const char *at = tab->statuses; *at;) {
		size_t word = strcspn(at, "|");

		if (word == length && strncmp(at, status, length) == 0)
			return true;
		at += word + (at[word] == '|');
	}
	return false;
}

int document_side_tab(const struct document_side *side, const char *status)
{
	int tab = 0;

	while (tab < side->tab_count && !tab_has(&side->tabs[tab], status))
		tab++;
	return tab;
}
