#include "tui/correction.h"

#include "model/stocktake.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

/* ---- a line ---- */

bool correction_is_pickable(const struct correction_line *line)
{
	return line->is_later || line->is_out_of_scope;
}

bool correction_is_posted(const struct correction *correction, const struct correction_line *line)
{
	return !line->is_unknown &&
		(!correction_is_pickable(line) || marks_has(&correction->picked, line->sku));
}

bool correction_is_below_zero(
	const struct correction *correction, const struct correction_line *line)
{
	return correction_is_posted(correction, line) && line->change != 0 &&
		line->before + line->change < 0;
}

int64_t correction_value(const struct correction_line *line)
{
	return line->change * line->price / 1000;
}

/* ---- reading ---- */

static void forget_lines(struct correction *correction)
{
	for (size_t i = 0; i < correction->count; i++)
		free(correction->lines[i].sku);
	correction->count = correction->shown_count = 0;
}

static bool grow(struct correction *correction)
{
	size_t capacity = correction->capacity ? correction->capacity * 2 : FIRST_CAPACITY;
	struct correction_line *lines = realloc(
		correction->lines, capacity * sizeof(*correction->lines));
	const struct correction_line **shown;

	if (!lines)
		return false;
	correction->lines = lines;
	shown = realloc(correction->shown, capacity * sizeof(*shown));
	if (!shown)
		return false;
	correction->shown = shown;
	correction->capacity = capacity;
	return true;
}

static bool read_line(struct correction *correction, struct db_rows *rows)
{
	struct correction_line *line;

	if (correction->count == correction->capacity && !grow(correction))
		return false;
	line = &correction->lines[correction->count];
	*line = (struct correction_line){.sku = strdup(db_text(rows, 0)),
		.before = db_int(rows, 1),
		.change = db_int(rows, 2),
		.price = db_int(rows, 3),
		.is_later = db_int(rows, 4) != 0,
		.is_suggested = db_int(rows, 5) != 0,
		.is_unknown = db_int(rows, 6) != 0,
		.is_out_of_scope = db_int(rows, 7) != 0,
		.is_disputed = db_int(rows, 8) != 0};
	correction->count += line->sku != NULL;
	return line->sku != NULL;
}

bool correction_read(struct correction *correction)
{
	struct db *db = shop_db(correction->shop);
	struct db_rows *rows;
	bool good = true;

	forget_lines(correction);
	if (!db)
		return true;
	rows = db_query(db,
		"SELECT l.sku, COALESCE(k.on_hand, 0), " STOCKTAKE_POSTING(
			"l") ", COALESCE(p.price, 0), l.later, l.suggest, l.unknown, " STOCKTAKE_OUT_OF_SCOPE("s",
			"l") ", l.disputed FROM stocktake_line l JOIN stocktake s ON s.id = l.stocktake AND s.status = 'mismatched' "
			     "LEFT JOIN stock k ON k.store = l.store AND k.sku = l.sku LEFT JOIN product p ON p.sku = l.sku "
			     "WHERE l.stocktake = $1 AND l.counted IS NOT NULL AND (l.counted <> l.book OR " STOCKTAKE_POSTING(
				     "l") " <> 0) ORDER BY l.sku",
		"t", correction->sheet);
	while (good && db_next(rows))
		good = read_line(correction, rows);
	db_done(rows);
	if (!good)
		forget_lines(correction);
	correction_show(correction);
	return good;
}

void correction_free(struct correction *correction)
{
	forget_lines(correction);
	free(correction->lines);
	free(correction->shown);
	marks_free(&correction->picked);
}

/* ---- sums ---- */

static void sum_line(struct correction *correction, const struct correction_line *line)
{
	struct correction_sums *sums = &correction->sums;
	int64_t value = correction_value(line);

	sums->unknown += line->is_unknown;
	sums->suggested += line->is_suggested;
	sums->disputed += line->is_disputed;
	if (!correction_is_posted(correction, line)) {
		sums->later += !line->is_unknown && line->is_later;
		sums->out_of_scope += !line->is_unknown && !line->is_later;
		return;
	}
	sums->lines += line->change != 0;
	*(line->change < 0 ? &sums->loss : &sums->gain) += line->change;
	*(line->change < 0 ? &sums->loss_value : &sums->gain_value) += value;
	sums->below_zero += correction_is_below_zero(correction, line);
}

/* ---- which lines, in which order ---- */

static int by_amount(int64_t a, int64_t b)
{
	uint64_t of_a = (uint64_t)(a < 0 ? -a : a), of_b = (uint64_t)(b < 0 ? -b : b);

	return (of_a < of_b) - (of_a > of_b);
}

/* The lines stand by SKU: where amounts are equal their places decide. */
static int by_place(const struct correction_line *a, const struct correction_line *b)
{
	return (a > b) - (a < b);
}

static int by_change(const void *left, const void *right)
{
	const struct correction_line *a = *(const struct correction_line *const *)left;
	const struct correction_line *b = *(const struct correction_line *const *)right;
	int order = by_amount(a->change, b->change);

	return order ? order : by_place(a, b);
}

static int by_value(const void *left, const void *right)
{
	const struct correction_line *a = *(const struct correction_line *const *)left;
	const struct correction_line *b = *(const struct correction_line *const *)right;
	int order = by_amount(correction_value(a), correction_value(b));

	return order ? order : by_place(a, b);
}

void correction_show(struct correction *correction)
{
	static int (*const orders[CORRECTION_ORDERS])(const void *, const void *) = {
		[CORRECTION_BY_CHANGE] = by_change,
		[CORRECTION_BY_VALUE] = by_value,
	};

	correction->sums = (struct correction_sums){0};
	correction->shown_count = 0;
	for (size_t i = 0; i < correction->count; i++) {
		const struct correction_line *line = &correction->lines[i];

		sum_line(correction, line);
		if (!correction->only_below_zero || correction_is_below_zero(correction, line))
			correction->shown[correction->shown_count++] = line;
	}
	if (orders[correction->order] && correction->shown_count > 0)
		qsort(correction->shown, correction->shown_count, sizeof(*correction->shown),
			orders[correction->order]);
}

bool correction_pick(struct correction *correction, const struct correction_line *line)
{
	bool good = marks_turn(&correction->picked, line->sku);

	correction_show(correction);
	return good;
}

/* ---- the list's side: a row's key is its place ---- */

static size_t place_of(const struct correction *correction, const char *key)
{
	size_t place = strtoul(key, NULL, 10);

	return place < correction->shown_count ? place : correction->shown_count;
}

long correction_count(void *ctx)
{
	const struct correction *correction = ctx;

	return (long)correction->shown_count;
}

long correction_rank(void *ctx, const char *key)
{
	return (long)place_of(ctx, key);
}

static void fill_row(const struct correction *correction, size_t place, struct correction_row *row)
{
	row->line = correction->shown[place];
	snprintf(row->key, sizeof(row->key), "%08zu", place);
	shop_product_name(correction->shop, row->line->sku, row->name, sizeof(row->name));
}

size_t correction_fetch(void *ctx, const struct list_want *want, void *rows)
{
	const struct correction *correction = ctx;
	struct correction_row *out = rows;
	bool is_up = want->direction == LIST_BEFORE || want->direction == LIST_LAST;
	size_t start = want->anchor ? place_of(correction, want->anchor) : 0;
	size_t end = want->direction == LIST_BEFORE ? start : correction->shown_count;
	size_t count;

	start = is_up ? 0 : start + (want->direction == LIST_AFTER);
	count = start < end ? end - start : 0;
	if (count > want->limit)
		count = want->limit;
	for (size_t i = 0; i < count; i++)
		fill_row(correction, is_up ? end - 1 - i : start + i, &out[i]);
	return count;
}

cJSON *correction_picked(const struct correction *correction)
{
	cJSON *list = NULL;
	for (size_t i = 0; i < correction->count; i++) {
		const struct correction_line *line = &correction->lines[i];
		if (!correction_is_pickable(line) || !correction_is_posted(correction, line))
			continue;
		list = list ? list : cJSON_CreateArray();
		cJSON_AddItemToArray(list, cJSON_CreateString(line->sku));
	}
	return list;
}
