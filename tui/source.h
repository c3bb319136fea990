/*
 * A list_source over a view of view.def: rows come in windows by key, from the cache, in the
 * view's own order. Every list of documents is one of these and a table of columns.
 *
 *     static const struct source_column columns[] = {
 *         {.column = "out_number"},
 *         {.column = "to_store", .kind = SOURCE_STORE},
 *         {.column = "total_qty", .kind = SOURCE_QTY},
 *         {.column = "status", .kind = SOURCE_WORD, .group = "outbound"},
 *     };
 *     source_init(&pane->source, shop, "movements", columns, 4);
 *     source_where(&pane->source, "from", shop->store);
 *     list_init(&pane->list, &source_list, &pane->source, list_columns, 4);
 *
 * The columns stand in the order of the list's own. After a change of the filters: list_restart.
 */
#ifndef COUNTERTOP_TUI_SOURCE_H
#define COUNTERTOP_TUI_SOURCE_H

#include "model/view.h"
#include "tui/list.h"
#include "tui/shop.h"

enum source_kind {
	SOURCE_TEXT,
	SOURCE_INT,
	SOURCE_QTY,        /* thousandths; null is shown as "–" */
	SOURCE_SIGNED_QTY, /* with sign and colour of loss and gain */
	SOURCE_WHEN,       /* a time, as shop_when */
	SOURCE_DAY,        /* a time, its day only */
	SOURCE_STORE,      /* a store's id, shown by name */
	SOURCE_STAFF,      /* a member of staff's id, shown by name */
	SOURCE_CHANNEL,    /* a channel's id, shown by name */
	SOURCE_DOCUMENT, /* a document's id, shown by its number; `group`: the view's column of its kind */
	SOURCE_CODE, /* a ticket's code, whole only where shop_sees_codes; source_text stays whole */
	SOURCE_PHONE, /* a buyer's phone number, the same */
	SOURCE_WORD,  /* shop_word of `group`, in the role of its status */
	SOURCE_MARK   /* SHOP_PENDING_MARK if the row is pending; no column */
};

struct source_column {
	const char *column; /* of the view; NULL: only `cell` below fills it */
	enum source_kind kind;
	const char *group; /* of SOURCE_WORD and SOURCE_DOCUMENT */
};

#define SOURCE_TEXT_BYTES 2048 /* all texts of a row; a longer one is cut */
#define SOURCE_EXTRAS 8
#define SOURCE_FILTERS_MAX VIEW_ARGS_MAX
#define SOURCE_FILTER_BYTES 256

/* A row in the list's window; read it with source_text and source_int. Painting reads no database:
 * names of stores and staff are looked up when the row is read. */
struct source_row {
	char key[LIST_KEY_BYTES];
	bool is_pending;
	int64_t numbers[VIEW_COLUMNS_MAX];
	int64_t extras[SOURCE_EXTRAS];    /* for `fetched` below */
	uint16_t texts[VIEW_COLUMNS_MAX]; /* where in `bytes`; 0: null */
	uint16_t names[LIST_COLUMNS_MAX]; /* of a column of the list that shows a name; 0: none */
	uint16_t used;
	char bytes[SOURCE_TEXT_BYTES];
};

struct source {
	struct shop *shop;
	const struct view *view;
	const struct source_column *columns;
	size_t column_count;
	/* May be set after source_init: a row is pending if shop_is_pending(table, pending_key). */
	const char *pending_table;
	const char *pending_child; /* a second table with the same first key column, or NULL */
	const char *pending_key;   /* the view's column that holds the key: "id" */
	/* May be set, then list_restart: the list the other way round. */
	bool is_reversed;
	/* May be set: reads what else the row shows into its extras. */
	void (*fetched)(void *ctx, struct source_row *row);
	/* May be set: fills or changes a cell after the table of columns has. */
	void (*cell)(void *ctx, const struct source_row *row, int column, struct list_cell *out);
	void *ctx;

	/* Private. */
	struct {
		char name[24];
		char value[SOURCE_FILTER_BYTES];
	} filters[SOURCE_FILTERS_MAX];
	int filter_count;
	const char *order; /* NULL: the view's own */
};

/* For list_init, with the struct source as its ctx. */
extern const struct list_source source_list;

/* An unknown view or column is a fault of the program and ends it. */
void source_init(struct source *source, struct shop *shop, const char *view,
	const struct source_column *columns, size_t column_count);
/* Sets a filter of the view; NULL or "" takes it away. Then list_restart. */
void source_where(struct source *source, const char *filter, const char *value);
const char *source_filter(const struct source *source, const char *filter); /* "" if not set */
/* Sorts by an order of the view; NULL: by its own. Then list_restart. */
void source_order(struct source *source, const char *name);

/* The present filters as a query; its texts are the source's own. */
void source_query(const struct source *source, struct view_query *query);

/* Cells of a row by the view's column; rows are what list_row gives. */
const char *source_text(
	const struct source *source, const void *row, const char *column); /* "" for null */
int64_t source_int(const struct source *source, const void *row,
	const char *column); /* also QTY, TIME, BOOL */
bool source_is_null(const struct source *source, const void *row, const char *column);

/* Counts the rows of the present filters; 0 if the cache is not there. */
long source_count(const struct source *source);
/* Counts by a column, for tabs: calls each(value, count). */
void source_group(const struct source *source, const char *column,
	void (*each)(void *ctx, const char *value, long count), void *ctx);

/* The first row of the present filters; false if there is none. For a document read by its id. */
bool source_find(const struct source *source, struct source_row *row);

#endif
