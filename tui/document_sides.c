#include "tui/document_sides.h"

#include "model/i18n.h"

#include <string.h>

/* clang-format off */
static const struct status_tab outbound_tabs[] = {
	{N_("To confirm"), "pending", END_SOURCE, false, true},
	{N_("To ship"), "accepted", END_SOURCE, true, true},
	{N_("In progress"), "shipped|arrived|partial", END_SOURCE, false, false},
	{N_("Completed"), "received", END_SOURCE, false, false},
	{N_("Cancelled"), "rejected|cancelled", END_SOURCE, false, false},
};

static const struct status_tab inbound_tabs[] = {
	{N_("To confirm"), "pending", END_DESTINATION, true, true},
	{N_("To receive"), "accepted|shipped", END_DESTINATION, true, false},
	{N_("Counting"), "arrived", END_DESTINATION, true, false},
	{N_("Partial"), "partial", END_DESTINATION, true, false},
	{N_("Received"), "received", END_DESTINATION, false, false},
	{N_("Cancelled"), "rejected|cancelled", END_DESTINATION, false, false},
};

/* The store that asks is the destination, the one that is asked the source. */
static const struct status_tab transfer_tabs[] = {
	{N_("They confirm"), "pending", END_DESTINATION, false, true},
	{N_("We confirm"), "pending", END_SOURCE, true, true},
	{N_("Confirmed"), "agreed", END_ANY, false, false},
	{N_("Cancelled"), "refused|cancelled", END_ANY, false, true},
};

#define TABS(list) .tabs = (list), .tab_count = (int)(sizeof(list) / sizeof((list)[0]))

/* What both lists of movements show, in the order of their columns; the numbers and ends change
 * places. */
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
	{N_("Number"), 0, 0, LIST_LEFT, 0, true}, \
	{N_("Total"), 7, 0, LIST_RIGHT, 0, false}, \
	{N_("Checked"), 7, 0, LIST_RIGHT, 2, false}, \
	{far_title, 10, 4, LIST_LEFT, 0, false}, \
	{N_("Created"), 11, 0, LIST_LEFT, 1, false}, \
	{N_("Expected"), 10, 0, LIST_LEFT, 4, false}, \
	{partner_title, 0, 0, LIST_LEFT, 3, false}, \
	{N_("Transfer order"), 0, 0, LIST_LEFT, 7, false}, \
	{near_title, 10, 2, LIST_LEFT, 6, false}, \
	{N_("Status"), 22, 0, LIST_LEFT, 5, false}, \
}
#define SIDE_NUMBERS {[1] = NUMBER_OWN, [7] = NUMBER_PARTNER, [8] = NUMBER_TRANSFER}

const struct document_side document_sides[DOCUMENT_SIDES] = {
	[OUTBOUND] = {
		.label = N_("Outbound orders"),
		.action = "outbound",
		.present = N_("These are the outbound orders."),
		.empty = N_("No outbound order here."),
		.file = "outbound",
		.view = "movements",
		.table = "movement",
		.lines = "movement_line",
		TABS(outbound_tabs),
		.ends = END_SOURCE,
		.source_column = 9,
		.destination_column = 4,
		.column_count = 11,
		.source = SIDE_SOURCE("out_number", "in_number", "from_store", "to_store"),
		.columns = SIDE_COLUMNS(N_("Inbound order"), N_("Source"), N_("Destination")),
		.numbers = SIDE_NUMBERS,
	},
	[INBOUND] = {
		.label = N_("Inbound orders"),
		.action = "inbound",
		.present = N_("These are the inbound orders."),
		.empty = N_("No inbound order here."),
		.file = "inbound",
		.view = "movements",
		.table = "movement",
		.lines = "movement_line",
		TABS(inbound_tabs),
		.ends = END_DESTINATION,
		.source_column = 4,
		.destination_column = 9,
		.column_count = 11,
		.source = SIDE_SOURCE("in_number", "out_number", "to_store", "from_store"),
		.columns = SIDE_COLUMNS(N_("Outbound order"), N_("Destination"), N_("Source")),
		.numbers = SIDE_NUMBERS,
	},
	[TRANSFERS] = {
		.label = N_("Transfer orders"),
		.action = "transfers",
		.present = N_("These are the transfer orders."),
		.empty = N_("No transfer order here."),
		.file = "transfers",
		.view = "transfers",
		.table = "transfer",
		.lines = "transfer_line",
		TABS(transfer_tabs),
		.ends = END_ANY,
		.source_column = 4,
		.destination_column = 5,
		.column_count = 10,
		.source = {
			{.kind = SOURCE_MARK},
			{.column = "number"},
			{.column = "total_qty", .kind = SOURCE_QTY},
			{.column = "agreed_qty", .kind = SOURCE_QTY},
			{.column = "from_store", .kind = SOURCE_STORE},
			{.column = "to_store", .kind = SOURCE_STORE},
			{.column = "created_at", .kind = SOURCE_WHEN},
			{.column = "expected_on"},
			[NUMBER_EXTRA_COLUMN] = {.column = NULL},
			{.column = "status", .kind = SOURCE_WORD, .group = "transfer"},
		},
		.columns = {
			{"", 1, 0, LIST_LEFT, 0, false},
			{N_("Number"), 0, 0, LIST_LEFT, 0, true},
			{N_("Total"), 7, 0, LIST_RIGHT, 0, false},
			{N_("Agreed"), 7, 0, LIST_RIGHT, 2, false},
			{N_("Source"), 8, 2, LIST_LEFT, 0, false},
			{N_("Destination"), 11, 2, LIST_LEFT, 0, false},
			{N_("Created"), 11, 0, LIST_LEFT, 3, false},
			{N_("Expected"), 10, 0, LIST_LEFT, 5, false},
			{N_("Stock document"), 0, 0, LIST_LEFT, 4, false},
			{N_("Status"), 10, 0, LIST_LEFT, 6, false},
		},
		.numbers = {[1] = NUMBER_TRANSFER, [NUMBER_EXTRA_COLUMN] = NUMBER_OWN},
	},
};
/* clang-format on */

bool document_has_status(const char *statuses, const char *status)
{
	size_t length = strlen(status);

	for (const char *at = statuses; *at;) {
		size_t word = strcspn(at, "|");

		if (word == length && strncmp(at, status, length) == 0)
			return true;
		at += word + (at[word] == '|');
	}
	return false;
}

int document_side_tab(const struct document_side *side, const char *status, unsigned end)
{
	int tab = 0;

	while (tab < side->tab_count &&
		!((side->tabs[tab].ends & end) &&
			document_has_status(side->tabs[tab].statuses, status)))
		tab++;
	return tab;
}

long document_side_waiting_count(struct shop *shop, enum document_side_id id, const char *status)
{
	const struct document_side *side = &document_sides[id];
	const struct status_tab *tab = &side->tabs[document_side_waiting_tab(side, status)];
	struct source source;

	source_init(&source, shop, side->view, NULL, 0);
	source_where(&source, tab->ends == END_SOURCE ? "from" : "to", shop->store);
	source_where(&source, "status", tab->statuses);
	return source_count(&source);
}

int document_side_waiting_tab(const struct document_side *side, const char *status)
{
	for (int tab = 0; tab < side->tab_count; tab++)
		if (side->tabs[tab].is_waiting &&
			document_has_status(side->tabs[tab].statuses, status))
			return tab;
	return document_side_tab(side, status, side->ends);
}
