/* Words of the data in the person's language: commands, exceptions, reasons, statuses. */
#include <string.h>

#include "model/i18n.h"
#include "tui/shop.h"

struct word {
	const char *word;
	const char *label;
	enum role role; /* of a status; ROLE_NORMAL for everything else */
};

static const struct word op_words[] = {
	{"store.put", N_("Store"), ROLE_NORMAL},
	{"staff.put", N_("Staff member"), ROLE_NORMAL},
	{"product.put", N_("Product"), ROLE_NORMAL},
	{"stock.open", N_("Opening balance"), ROLE_NORMAL},
	{"stock.adjust", N_("Stock adjustment"), ROLE_NORMAL},
	{"outbound.create", N_("New outbound order"), ROLE_NORMAL},
	{"outbound.ship", N_("Ship outbound order"), ROLE_NORMAL},
	{"outbound.cancel", N_("Cancel outbound order"), ROLE_NORMAL},
	{"inbound.create", N_("New third-party inbound"), ROLE_NORMAL},
	{"inbound.accept", N_("Accept inbound order"), ROLE_NORMAL},
	{"inbound.reject", N_("Reject inbound order"), ROLE_NORMAL},
	{"inbound.arrive", N_("Arrival of inbound order"), ROLE_NORMAL},
	{"inbound.receive", N_("Receive count"), ROLE_NORMAL},
	{"inbound.close", N_("Close short"), ROLE_NORMAL},
	{"transfer.request", N_("New transfer order"), ROLE_NORMAL},
	{"transfer.agree", N_("Agree to transfer order"), ROLE_NORMAL},
	{"transfer.refuse", N_("Refuse transfer order"), ROLE_NORMAL},
	{"transfer.cancel", N_("Cancel transfer order"), ROLE_NORMAL},
	{"stocktake.create", N_("New stocktake"), ROLE_NORMAL},
	{"stocktake.start", N_("Start stocktake"), ROLE_NORMAL},
	{"stocktake.pause", N_("Pause stocktake"), ROLE_NORMAL},
	{"stocktake.resume", N_("Resume stocktake"), ROLE_NORMAL},
	{"stocktake.count", N_("Count"), ROLE_NORMAL},
	{"stocktake.undo", N_("Undo a count"), ROLE_NORMAL},
	{"stocktake.finish", N_("Finish stocktake"), ROLE_NORMAL},
	{"stocktake.claim", N_("Claim a zone"), ROLE_NORMAL},
	{"stocktake.release", N_("Zone counted"), ROLE_NORMAL},
	{"stocktake.rezone", N_("Counts to another zone"), ROLE_NORMAL},
	{"stocktake.resolve", N_("Resolve an unknown code"), ROLE_NORMAL},
	{"stocktake.reverse", N_("Reverse a correction"), ROLE_NORMAL},
	{"stocktake.recount", N_("Start recount"), ROLE_NORMAL},
	{"stocktake.correct", N_("Stock correction"), ROLE_NORMAL},
	{"stocktake.void", N_("Void stocktake"), ROLE_NORMAL},
	{"ticket.issue", N_("Issue tickets"), ROLE_NORMAL},
	{"ticket.refund", N_("Refund tickets"), ROLE_NORMAL},
	{"ticket.split", N_("Split a ticket"), ROLE_NORMAL},
	{"ticket.block", N_("Block a ticket"), ROLE_NORMAL},
	{"ticket.unblock", N_("Unblock a ticket"), ROLE_NORMAL},
	{"ticket.bind", N_("Bind tickets to stores"), ROLE_NORMAL},
	{"ticket.refused", N_("Refused scan"), ROLE_NORMAL},
	{"ticket.redeem", N_("Redeem a ticket"), ROLE_NORMAL},
	{"ticket.void", N_("Void a redemption"), ROLE_NORMAL},
	{"ticket.settle", N_("Settle a dossier"), ROLE_NORMAL},
	{"channel.put", N_("Sales channel"), ROLE_NORMAL},
	{"order.place", N_("New sales order"), ROLE_NORMAL},
	{"order.accept", N_("Accept sales order"), ROLE_NORMAL},
	{"order.await_payment", N_("Await payment"), ROLE_NORMAL},
	{"order.review_payment", N_("Review payment"), ROLE_NORMAL},
	{"order.pay", N_("Payment"), ROLE_NORMAL},
	{"order.hold", N_("Hold sales order"), ROLE_NORMAL},
	{"order.release", N_("Release sales order"), ROLE_NORMAL},
	{"order.suspect", N_("Suspect fraud"), ROLE_NORMAL},
	{"order.approve", N_("Approve sales order"), ROLE_NORMAL},
	{"order.deny", N_("Deny sales order"), ROLE_NORMAL},
	{"order.invoice", N_("Invoice"), ROLE_NORMAL},
	{"order.ship", N_("Ship sales order"), ROLE_NORMAL},
	{"order.cancel", N_("Cancel sales order"), ROLE_NORMAL},
	{"order.credit", N_("Credit memo"), ROLE_NORMAL},
	{"order.refund", N_("Refund of a sales order"), ROLE_NORMAL},
	{"order.archive", N_("Archive sales order"), ROLE_NORMAL},
	{"order.compensate", N_("Mend the reservations"), ROLE_NORMAL},
};

static const struct word exception_words[] = {
	{"received_after_cancel", N_("Received after it was cancelled"), ROLE_NORMAL},
	{"negative_stock", N_("Stock below zero"), ROLE_NORMAL},
	{"unknown_sku", N_("Adjusted under an unknown SKU"), ROLE_NORMAL},
	{"late_count", N_("Counted after the sheet was closed"), ROLE_NORMAL},
	{"recount_suggested", N_("Recount suggested"), ROLE_NORMAL},
	{"duplicate_redemption", N_("Ticket redeemed twice"), ROLE_NORMAL},
	{"dossier", N_("Ticket redeemed twice"), ROLE_NORMAL},
	{"clock", N_("The terminal's clock is wrong"), ROLE_NORMAL},
	{"offline_malformed", N_("Redeemed offline: not a ticket code"), ROLE_NORMAL},
	{"offline_unknown", N_("Redeemed offline: unknown ticket"), ROLE_NORMAL},
	{"offline_superseded", N_("Redeemed offline: the code was split"), ROLE_NORMAL},
	{"offline_refunded", N_("Redeemed offline: refunded ticket"), ROLE_NORMAL},
	{"offline_blocked", N_("Redeemed offline: blocked ticket"), ROLE_NORMAL},
	{"offline_not_here", N_("Redeemed offline: for other stores"), ROLE_NORMAL},
	{"offline_not_yet", N_("Redeemed offline: not valid yet"), ROLE_NORMAL},
	{"offline_expired", N_("Redeemed offline: expired"), ROLE_NORMAL},
	{"offline_used_up", N_("Redeemed offline: used up"), ROLE_NORMAL},
	{"offline_insufficient", N_("Redeemed offline: too few units"), ROLE_NORMAL},
	{"offline_needs_online", N_("Redeemed offline: not allowed offline"), ROLE_NORMAL},
	{"offline_no_right", N_("Redeemed offline: the right was missing"), ROLE_NORMAL},
};

static const struct word ledger_words[] = {
	{"opening", N_("Opening balance"), ROLE_NORMAL},
	{"ship", N_("Shipped"), ROLE_NORMAL},
	{"receive", N_("Received"), ROLE_NORMAL},
	{"extra", N_("Extra goods"), ROLE_NORMAL},
	{"close", N_("Came back"), ROLE_NORMAL},
	{"correction", N_("Stock correction"), ROLE_NORMAL},
	{"sale", N_("Sale"), ROLE_NORMAL},
	{"return", N_("Return to stock"), ROLE_NORMAL},
	{"write_off", N_("Write-off"), ROLE_NORMAL},
	{"found", N_("Found"), ROLE_NORMAL},
	{"release_damaged", N_("Damaged released"), ROLE_NORMAL},
	{"write_off_damaged", N_("Damaged written off"), ROLE_NORMAL},
};

/* Where a movement stands in the sender's list (product.md section 2). */
static const struct word outbound_words[] = {
	{"pending", N_("To confirm"), ROLE_WARN},
	{"accepted", N_("To ship"), ROLE_WARN},
	{"shipped", N_("In progress"), ROLE_NORMAL},
	{"arrived", N_("In progress"), ROLE_NORMAL},
	{"partial", N_("In progress"), ROLE_NORMAL},
	{"received", N_("Completed"), ROLE_OK},
	{"rejected", N_("Cancelled"), ROLE_DIM},
	{"cancelled", N_("Cancelled"), ROLE_DIM},
};

static const struct word inbound_words[] = {
	{"pending", N_("To confirm"), ROLE_WARN},
	{"accepted", N_("To receive"), ROLE_WARN},
	{"shipped", N_("To receive"), ROLE_WARN},
	{"arrived", N_("Counting"), ROLE_NORMAL},
	{"partial", N_("Partial"), ROLE_WARN},
	{"received", N_("Received"), ROLE_OK},
	{"rejected", N_("Cancelled"), ROLE_DIM},
	{"cancelled", N_("Cancelled"), ROLE_DIM},
};

static const struct word movement_words[] = {
	{"pending", N_("Waits for the receiver"), ROLE_WARN},
	{"accepted", N_("Accepted"), ROLE_NORMAL},
	{"shipped", N_("On the way"), ROLE_NORMAL},
	{"arrived", N_("Arrived"), ROLE_NORMAL},
	{"partial", N_("Partly received"), ROLE_WARN},
	{"received", N_("Received"), ROLE_OK},
	{"rejected", N_("Rejected"), ROLE_DIM},
	{"cancelled", N_("Cancelled"), ROLE_DIM},
};

static const struct word transfer_words[] = {
	{"pending", N_("Waits for an answer"), ROLE_WARN},
	{"agreed", N_("Confirmed"), ROLE_OK},
	{"refused", N_("Refused"), ROLE_DIM},
	{"cancelled", N_("Cancelled"), ROLE_DIM},
};

static const struct word stocktake_group[] = {
	{"new", N_("New"), ROLE_NORMAL},
	{"counting", N_("In count"), ROLE_WARN},
	{"paused", N_("Paused"), ROLE_NORMAL},
	{"recounting", N_("Recounting"), ROLE_WARN},
	{"matched", N_("Matched"), ROLE_OK},
	{"mismatched", N_("Mismatched"), ROLE_LOSS},
	{"corrected", N_("Corrected"), ROLE_OK},
	{"void", N_("Void"), ROLE_DIM},
};

static const struct word zone_words[] = {
	{"open", N_("In count"), ROLE_WARN},
	{"done", N_("Zone done"), ROLE_OK},
	{"unclaimed", N_("Unclaimed"), ROLE_DIM},
};

static const struct word ticket_words[] = {
	{"active", N_("Valid"), ROLE_OK},
	{"superseded", N_("Split"), ROLE_DIM},
	{"refunded", N_("Refunded"), ROLE_DIM},
	{"blocked", N_("Blocked"), ROLE_ERROR},
};

static const struct word dossier_words[] = {
	{"open", N_("To decide"), ROLE_WARN},
	{"reported", N_("Reported to HQ"), ROLE_WARN},
	{"honoured", N_("Honoured"), ROLE_OK},
	{"charged_back", N_("Charged back"), ROLE_OK},
	{"void", N_("Taken back by a void"), ROLE_DIM},
};

static const struct word sales_order_words[] = {
	{"open", N_("New order"), ROLE_WARN},
	{"pending", N_("Order to do"), ROLE_WARN},
	{"pending_payment", N_("Payment awaited"), ROLE_WARN},
	{"payment_review", N_("Payment in review"), ROLE_WARN},
	{"processing", N_("Order in progress"), ROLE_NORMAL},
	{"complete", N_("Order complete"), ROLE_OK},
	{"on_hold", N_("On hold"), ROLE_WARN},
	{"suspected_fraud", N_("Suspected fraud"), ROLE_ERROR},
	{"closed", N_("Order closed"), ROLE_DIM},
	{"canceled", N_("Order cancelled"), ROLE_DIM},
};

static const struct word credit_memo_words[] = {
	{"open", N_("To refund"), ROLE_WARN},
	{"refunded", N_("Money refunded"), ROLE_OK},
};

static const struct word reservation_words[] = {
	{"order_placed", N_("Order placed"), ROLE_NORMAL},
	{"order_canceled", N_("Cancelled before it left"), ROLE_NORMAL},
	{"invoice_created", N_("Delivered by invoice"), ROLE_NORMAL},
	{"shipment_created", N_("Shipped to the customer"), ROLE_NORMAL},
	{"creditmemo_created", N_("Refunded before it left"), ROLE_NORMAL},
	{"compensation", N_("Reservations mended"), ROLE_NORMAL},
};

/* What makes up a number that is explained, where no document's own word does. */
static const struct word explain_words[] = {
	{"on_hand", N_("On hand"), ROLE_NORMAL},
	{"not_shipped", N_("Own outbound, not shipped yet"), ROLE_NORMAL},
	{"elsewhere", N_("Other stores, as HQ has it"), ROLE_NORMAL},
	{"threshold", N_("Threshold"), ROLE_NORMAL},
	{"counted", N_("Counted"), ROLE_NORMAL},
	{"book", N_("Book when it was counted"), ROLE_NORMAL},
	{"ordered", N_("Ordered"), ROLE_NORMAL},
	{"shipped", N_("Shipped"), ROLE_NORMAL},
	{"received", N_("Received"), ROLE_NORMAL},
	{"written_off", N_("Written off"), ROLE_NORMAL},
	{"sent_back", N_("Sent back"), ROLE_NORMAL},
	{"never_on_the_way", N_("Was not on the way"), ROLE_NORMAL},
	{"cancelled", N_("Units cancelled"), ROLE_NORMAL},
	{"unsent", N_("Refunded before it left"), ROLE_NORMAL},
	{"invoiced", N_("Units invoiced"), ROLE_NORMAL},
	{"to_stock", N_("Refunded, back to stock"), ROLE_NORMAL},
	{"not_to_stock", N_("Refunded, not back to stock"), ROLE_NORMAL},
	{"units", N_("Units of the ticket"), ROLE_NORMAL},
	{"given_back", N_("Refunded"), ROLE_NORMAL},
	{"redeemed", N_("Redeemed"), ROLE_NORMAL},
	{"split", N_("Went to the codes it was split into"), ROLE_NORMAL},
	{"overspent", N_("Redeemed beyond its units"), ROLE_NORMAL},
	{"missing", N_("Not on this terminal"), ROLE_NORMAL},
};

static const struct word scope_words[] = {
	{"full", N_("Full"), ROLE_NORMAL},
	{"partial", N_("Part"), ROLE_NORMAL},
	{"reversal", N_("Reversal"), ROLE_NORMAL},
};

static const struct word role_words[] = {
	{"ticket_clerk", N_("Ticket clerk"), ROLE_NORMAL},
	{"clerk", N_("Clerk"), ROLE_NORMAL},
	{"manager", N_("Manager"), ROLE_NORMAL},
	{"hq", N_("HQ"), ROLE_NORMAL},
};

static const struct word document_words[] = {
	{"movement", N_("Stock document"), ROLE_NORMAL},
	{"transfer", N_("Transfer order"), ROLE_NORMAL},
	{"stocktake", N_("Stocktake"), ROLE_NORMAL},
	{"ticket", N_("Ticket"), ROLE_NORMAL},
	{"order", N_("Order"), ROLE_NORMAL},
	{"sales_order", N_("Sales order"), ROLE_NORMAL},
	{"product", N_("Product"), ROLE_NORMAL},
	{"redemption", N_("Redemption"), ROLE_NORMAL},
	{"dossier", N_("Dossier"), ROLE_NORMAL},
};

static const struct word close_words[] = {
	{"not_sent", N_("Not sent"), ROLE_NORMAL},
	{"miscounted", N_("Sender miscounted"), ROLE_NORMAL},
	{"came_back", N_("Came back"), ROLE_NORMAL},
	{"lost", N_("Lost on the way"), ROLE_NORMAL},
	{"destroyed", N_("Destroyed on the way"), ROLE_NORMAL},
};

static const struct word mode_words[] = {
	{"online", N_("Online"), ROLE_NORMAL},
	{"offline", N_("Offline"), ROLE_OFFLINE_OK},
	{"add", N_("Scan"), ROLE_NORMAL},
	{"set", N_("Typed"), ROLE_NORMAL},
	{"zero", N_("Zero"), ROLE_NORMAL},
	{"redeem", N_("Redeemed"), ROLE_NORMAL},
	{"void", N_("Void"), ROLE_DIM},
};

/* What to do about an exception. */
static const struct word way_out_words[] = {
	{"received_after_cancel",
		N_("The goods were booked in here. Agree with the sender whether they stay or go back."),
		ROLE_NORMAL},
	{"received_after_cancel_sender",
		N_("The goods left this store's stock. Agree with the destination whether they stay or come back."),
		ROLE_NORMAL},
	{"negative_stock",
		N_("Something left that the book does not know of. Count this product, or receive what is missing."),
		ROLE_NORMAL},
	{"unknown_sku",
		N_("No catalogue knows this SKU. If it was mistyped, do the opposite under it and then the right one; else have HQ add the product."),
		ROLE_NORMAL},
	{"late_count",
		N_("It changed nothing. Count the product again on a new sheet if the figure matters."),
		ROLE_NORMAL},
	{"recount_suggested",
		N_("Goods moved before the product was counted, and HQ heard of it only after the sheet was closed. Count the product again on a new sheet."),
		ROLE_NORMAL},
	{"duplicate_redemption",
		N_("Compare the redemptions below with what was handed out; void the wrong one, or report it to HQ."),
		ROLE_NORMAL},
	{"dossier",
		N_("Enter opens it: compare the redemptions with what was handed out, and decide."),
		ROLE_NORMAL},
	{"clock", N_("Set the clock of the terminal that is named."), ROLE_NORMAL},
	{"offline_",
		N_("It was handed out with the line down and HQ would have refused it. Report it to HQ."),
		ROLE_NORMAL},
};

static const struct word detail_words[] = {
	{"on_hand", N_("On hand"), ROLE_NORMAL},
	{"damaged", N_("Damaged"), ROLE_NORMAL},
	{"qty", N_("Quantity"), ROLE_NORMAL},
	{"status", N_("Status"), ROLE_NORMAL},
	{"counted", N_("Counted"), ROLE_NORMAL},
	{"units", N_("Units of the ticket"), ROLE_NORMAL},
	{"spent", N_("Redeemed in all"), ROLE_NORMAL},
	{"code", N_("Code"), ROLE_NORMAL},
	{"at", N_("Time"), ROLE_NORMAL},
	{"device", N_("Terminal"), ROLE_NORMAL},
	{"redemption", N_("Redemption"), ROLE_NORMAL},
	{"redemptions", N_("Redemptions"), ROLE_NORMAL},
	{"basis", N_("What the terminal knew"), ROLE_NORMAL},
	{"store", N_("Store"), ROLE_NORMAL},
	{"actor", N_("By"), ROLE_NORMAL},
	{"mode", N_("Mode"), ROLE_NORMAL},
	{"id", N_("Id"), ROLE_NORMAL},
	{"remaining", N_("Remaining"), ROLE_NORMAL},
	{"cache_at", N_("Data as of"), ROLE_NORMAL},
	{"cache_age_s", N_("Seconds since then"), ROLE_NORMAL},
	{"line", N_("Line"), ROLE_NORMAL},
	{"clock_error_ms", N_("Clock off by up to, ms"), ROLE_NORMAL},
	{"shown", N_("Screen said"), ROLE_NORMAL},
	{"voided", N_("Voided"), ROLE_NORMAL},
	{"of", N_("Redemption"), ROLE_NORMAL},
	{"movement", N_("Stock document"), ROLE_NORMAL},
	{"to", N_("Destination"), ROLE_NORMAL},
	{"third_party", N_("Third party"), ROLE_NORMAL},
	{"expected_on", N_("Expected"), ROLE_NORMAL},
	{"note", N_("Note"), ROLE_NORMAL},
	{"reason", N_("Reason"), ROLE_NORMAL},
	{"lines", N_("Lines"), ROLE_NORMAL},
	{"sku", N_("SKU"), ROLE_NORMAL},
	{"kind", N_("Kind"), ROLE_NORMAL},
	{"stocktake", N_("Stocktake"), ROLE_NORMAL},
	{"scope", N_("Scope"), ROLE_NORMAL},
	{"categories", N_("Categories"), ROLE_NORMAL},
	{"vendors", N_("Vendors"), ROLE_NORMAL},
	{"blind", N_("Blind"), ROLE_NORMAL},
	{"creator", N_("Creator"), ROLE_NORMAL},
	{"zone", N_("Zone"), ROLE_NORMAL},
	{"pass", N_("Pass"), ROLE_NORMAL},
	{"round", N_("Round"), ROLE_NORMAL},
	{"again", N_("Count again"), ROLE_NORMAL},
	{"take", N_("Take over"), ROLE_NORMAL},
	{"total", N_("Control total"), ROLE_NORMAL},
	{"counts", N_("Counts moved"), ROLE_NORMAL},
	{"skus", N_("Lines chosen"), ROLE_NORMAL},
	{"later", N_("Corrected all the same"), ROLE_NORMAL},
	{"count", N_("Count"), ROLE_NORMAL},
	{"uncounted", N_("Uncounted"), ROLE_NORMAL},
	{"number", N_("Number"), ROLE_NORMAL},
	{"order", N_("Order"), ROLE_NORMAL},
	{"channel", N_("Sales channel"), ROLE_NORMAL},
	{"customer", N_("Customer"), ROLE_NORMAL},
	{"price", N_("Price"), ROLE_NORMAL},
	{"memo", N_("Credit memo"), ROLE_NORMAL},
	{"return_to_stock", N_("Return to stock"), ROLE_NORMAL},
};

static const struct word value_words[] = {
	{"true", N_("yes"), ROLE_NORMAL},
	{"false", N_("no"), ROLE_NORMAL},
	{"down", N_("The line was down"), ROLE_NORMAL},
	{"no_answer", N_("HQ did not answer"), ROLE_NORMAL},
	{"leave", N_("Stay uncounted"), ROLE_NORMAL},
	{"zero", N_("Count as zero"), ROLE_NORMAL},
};

static const struct {
	const char *name;
	const struct word *words;
	size_t count;
} groups[] = {
#define GROUP(name, array)                                      \
	{                                                       \
		name, array, sizeof(array) / sizeof((array)[0]) \
	}
	GROUP("op", op_words),
	GROUP("exception", exception_words),
	GROUP("ledger", ledger_words),
	GROUP("adjust", ledger_words),
	GROUP("outbound", outbound_words),
	GROUP("inbound", inbound_words),
	GROUP("movement", movement_words),
	GROUP("transfer", transfer_words),
	GROUP("stocktake", stocktake_group),
	GROUP("zone", zone_words),
	GROUP("ticket", ticket_words),
	GROUP("dossier", dossier_words),
	GROUP("sales_order", sales_order_words),
	GROUP("explain", explain_words),
	GROUP("credit_memo", credit_memo_words),
	GROUP("reservation", reservation_words),
	GROUP("scope", scope_words),
	GROUP("role", role_words),
	GROUP("document", document_words),
	GROUP("close", close_words),
	GROUP("mode", mode_words),
	GROUP("way_out", way_out_words),
	GROUP("detail", detail_words),
	GROUP("value", value_words),
#undef GROUP
};

static const struct word *find_word(const char *group, const char *word)
{
	for (size_t i = 0; word && i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (strcmp(groups[i].name, group) != 0)
			continue;
		for (size_t k = 0; k < groups[i].count; k++)
			if (strcmp(groups[i].words[k].word, word) == 0)
				return &groups[i].words[k];
	}
	return NULL;
}

const char *shop_word(const char *group, const char *word)
{
	const struct word *found = find_word(group, word);

	if (found)
		return gettext(found->label);
	return word ? word : "";
}

const char *shop_status_label(const char *kind, const char *status, bool from_side)
{
	if (strcmp(kind, "movement") == 0)
		kind = from_side ? "outbound" : "inbound";
	return shop_word(kind, status);
}

enum role shop_status_role(const char *kind, const char *status)
{
	const struct word *found = find_word(kind, status);

	return found ? found->role : ROLE_NORMAL;
}
