#include "model/order_source.h"

#include "model/channel.h"
#include "model/order.h"

#include <stdio.h>
#include <stdlib.h>

struct plan {
	struct db *db;
	char *channel;
	struct order_source *sources;
	int count;
	bool short_of_memory;
};

static void add(struct plan *plan, const char *sku, const char *store, int64_t qty)
{
	struct order_source *grown = realloc(
		plan->sources, ((size_t)plan->count + 1) * sizeof(*grown));
	if (!grown) {
		plan->short_of_memory = true;
		return;
	}
	plan->sources = grown;
	struct order_source *source = &grown[plan->count++];
	snprintf(source->sku, sizeof(source->sku), "%s", sku);
	snprintf(source->store, sizeof(source->store), "%s", store);
	source->qty = qty;
}

/* What is left of the line once every store gave what it has. */
static int64_t plan_line(struct plan *plan, const struct order_line *line)
{
	struct channel_stock *stocks;
	int64_t left = order_line_to_ship(line);
	int count = left > 0 ? channel_stocks(plan->db, plan->channel, line->sku, &stocks) : 0;
	if (left <= 0)
		return 0;
	plan->short_of_memory = plan->short_of_memory || count < 0;
	for (int i = 0; i < count && left > 0; i++) {
		int64_t qty = stocks[i].on_hand < left ? stocks[i].on_hand : left;
		if (qty > 0)
			add(plan, line->sku, stocks[i].store, qty);
		left -= qty > 0 ? qty : 0;
	}
	free(stocks);
	return left;
}

int order_sources(struct db *db, const char *number, struct order_source **sources)
{
	struct plan plan = {.db = db,
		.channel = db_get_text(
			db, "SELECT channel FROM sales_order WHERE number = $1", "t", number)};
	struct order_line *lines;
	int count = order_line_all(db, number, &lines);
	plan.short_of_memory = count < 0;
	for (int i = 0; plan.channel && i < count; i++)
		lines[i].ordered = plan_line(&plan, &lines[i]); /* here: what no store has */
	for (int i = 0; plan.channel && i < count; i++)
		if (lines[i].ordered > 0)
			add(&plan, lines[i].sku, "", lines[i].ordered);
	free(lines);
	free(plan.channel);
	*sources = plan.sources;
	return plan.short_of_memory ? -1 : plan.count;
}
