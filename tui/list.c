/*
 * The list keeps a window: rows[0] to rows[rows_held - 1] are those on the screen, in order.
 *
 *     moving inside the window   changes the cursor, reads nothing
 *     moving past an edge        reads only what comes into view
 *     stale                      reads the window again around the cursor's key (list_seek)
 */
#include "tui/list.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/cols.h"

#define LIST_RANK_UNKNOWN (-1L)
#define LIST_GUTTER_COLS 2
#define LIST_SCROLL_COLS 1
#define LIST_NAME_COLS_MAX 46 /* of a flexible column before others */
#define LIST_GAP_COLS 2

bool list_init(struct list *list, const struct list_source *source, void *ctx,
	const struct list_column *columns, size_t column_count)
{
	memset(list, 0, sizeof(*list));
	list->source = source;
	list->ctx = ctx;
	list->columns = columns;
	list->column_count = column_count;
	list->is_stale = true;
	list->rows = calloc(LIST_ROWS_MAX, source->row_bytes);
	list->rows_capacity = list->rows ? LIST_ROWS_MAX : 0;
	return list->rows != NULL;
}

void list_free(struct list *list)
{
	free(list->rows);
	memset(list, 0, sizeof(*list));
}

static unsigned char *list_at(const struct list *list, size_t index)
{
	return list->rows + index * list->source->row_bytes;
}

/* Every row begins with its key. */
static const char *list_key_at(const struct list *list, size_t index)
{
	return (const char *)list_at(list, index);
}

static void list_keep_key(struct list *list)
{
	if (list->rows_held > 0)
		snprintf(list->key, sizeof(list->key), "%s", list_key_at(list, list->cursor));
}

/* Reads rows into the window from `index` on; never more than there is room for. */
static size_t list_fetch(struct list *list, enum list_direction direction, const char *anchor,
	size_t index, size_t limit)
{
	struct list_want want = {direction, anchor, limit};

	if (index >= list->rows_capacity)
		return 0;
	if (want.limit > list->rows_capacity - index)
		want.limit = list->rows_capacity - index;
	if (want.limit == 0)
		return 0;
	return list->source->fetch(list->ctx, &want, list_at(list, index));
}

/* What was read backwards stands nearest first. */
static void list_reverse(struct list *list, size_t count)
{
	size_t bytes = list->source->row_bytes;

	for (size_t low = 0, high = count; low + 1 < high; low++) {
		unsigned char *a = list_at(list, low);
		unsigned char *b = list_at(list, --high);

		for (size_t i = 0; i < bytes; i++) {
			unsigned char swap = a[i];

			a[i] = b[i];
			b[i] = swap;
		}
	}
}

/* Moves the window's content down by `count` and puts `count` rows before it. */
static size_t list_fetch_before(struct list *list, size_t count)
{
	char anchor[LIST_KEY_BYTES];
	size_t bytes = list->source->row_bytes;
	unsigned char *held;
	size_t got;

	if (list->rows_held == 0 || count == 0)
		return 0;
	held = malloc(list->rows_held * bytes);
	if (!held)
		return 0;
	memcpy(held, list->rows, list->rows_held * bytes);
	snprintf(anchor, sizeof(anchor), "%s", list_key_at(list, 0));
	got = list_fetch(list, LIST_BEFORE, anchor, 0, count);
	list_reverse(list, got);
	if (got + list->rows_held > list->rows_capacity)
		list->rows_held = list->rows_capacity - got;
	memcpy(list_at(list, got), held, list->rows_held * bytes);
	free(held);
	list->rows_held += got;
	return got;
}

static void list_drop_first(struct list *list, size_t count)
{
	memmove(list->rows, list_at(list, count),
		(list->rows_held - count) * list->source->row_bytes);
	list->rows_held -= count;
}

static void list_note_rank(struct list *list, bool is_at_start, bool is_at_end)
{
	long rank = -1;

	if (list->rows_held > 0 && list->source->rank)
		rank = list->source->rank(list->ctx, list_key_at(list, 0));
	if (rank >= 0)
		list->top_rank = rank;
	else if (is_at_start)
		list->top_rank = 0;
	else if (is_at_end && list->total >= 0)
		list->top_rank = list->total - (long)list->rows_held;
	else if (list->is_jump)
		list->top_rank = LIST_RANK_UNKNOWN;
}

static void list_shift_rank(struct list *list, long rows)
{
	if (list->top_rank == LIST_RANK_UNKNOWN)
		return;
	list->top_rank += rows;
	if (list->top_rank < 0)
		list->top_rank = 0;
}

/* Reads the window again so that `key`, or what follows it, stands `offset` rows from the top. */
static void list_seek(struct list *list, const char *key, size_t offset)
{
	size_t visible = list->rows_visible;
	size_t before = 0;
	bool is_at_end;

	list->rows_held = list_fetch(list, LIST_FROM, key, 0, visible);
	is_at_end = list->rows_held < visible;
	if (list->rows_held == 0) { /* The key and all behind it are gone. */
		list->rows_held = list_fetch(list, LIST_LAST, NULL, 0, visible);
		list_reverse(list, list->rows_held);
		list->cursor = list->rows_held > 0 ? list->rows_held - 1 : 0;
		list_note_rank(list, list->rows_held < visible, true);
		return;
	}
	if (is_at_end && offset < visible - list->rows_held)
		offset = visible - list->rows_held;
	before = list_fetch_before(list, offset);
	if (list->rows_held > visible) {
		list->rows_held = visible;
		is_at_end = false;
	}
	list->cursor = before < list->rows_held ? before : list->rows_held - 1;
	list_note_rank(list, before < offset, is_at_end);
}

static void list_read_again(struct list *list)
{
	size_t offset = list->is_jump ? list->rows_visible / 2 : list->cursor;

	list->is_stale = false;
	list->total = list->source->count ? list->source->count(list->ctx) : -1;
	if (!list->key[0]) {
		list->rows_held = list_fetch(list, LIST_FIRST, NULL, 0, list->rows_visible);
		list->cursor = 0;
		list->top_rank = 0;
	} else {
		/* At the top, what is new above comes into view instead of staying hidden. */
		if (list->top_rank == 0 && !list->is_jump)
			offset = list->rows_visible - 1;
		if (offset >= list->rows_visible)
			offset = list->rows_visible - 1;
		list_seek(list, list->key, offset);
	}
	list->is_jump = false;
	list_keep_key(list);
}

void list_changed(struct list *list)
{
	list->is_stale = true;
}

void list_restart(struct list *list)
{
	list->is_stale = true;
	list->rows_held = 0;
	list->cursor = 0;
	list->top_rank = 0;
	list->key[0] = '\0';
}

void list_go_to(struct list *list, const char *key)
{
	list->is_stale = true;
	list->is_jump = true;
	snprintf(list->key, sizeof(list->key), "%s", key);
}

void list_recalc(struct list *list, int height_rows)
{
	size_t visible = height_rows > 1 ? (size_t)height_rows - 1 : 1;

	if (visible > list->rows_capacity)
		visible = list->rows_capacity;
	if (visible == 0)
		return;
	if (visible != list->rows_visible)
		list->is_stale = true;
	list->rows_visible = visible;
	if (list->is_stale)
		list_read_again(list);
}

const void *list_row(const struct list *list)
{
	return list->rows_held > 0 ? list_at(list, list->cursor) : NULL;
}

/* Groups digits by three; numbers of rows are never negative. */
static void list_print_count(long count, char *out, size_t size)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%ld", count);
	size_t used = 0;

	for (int i = 0; i < length && used + 2 < size; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
}

void list_position(const struct list *list, char *out, size_t size)
{
	char at[32];
	char of[32];

	out[0] = '\0';
	if (list->rows_held == 0)
		return;
	list_print_count(list->top_rank + (long)list->cursor + 1, at, sizeof(at));
	list_print_count(list->total, of, sizeof(of));
	if (list->top_rank == LIST_RANK_UNKNOWN)
		snprintf(out, size, _("of %s"), list->total < 0 ? "" : of);
	else if (list->total < 0)
		snprintf(out, size, "%s", at);
	else
		/* TRANSLATORS: the position in a list, "12 of 1,500". */
		snprintf(out, size, _("%s of %s"), at, of);
}

/* ------------------------------------------------------------------ moving */

/* Returns by how many rows the window moved. */
static size_t list_scroll_down(struct list *list, size_t count)
{
	char anchor[LIST_KEY_BYTES];
	size_t got;
	size_t over;

	snprintf(anchor, sizeof(anchor), "%s", list_key_at(list, list->rows_held - 1));
	/* The window may for a moment hold more than is visible. */
	if (list->rows_held + count > list->rows_capacity)
		count = list->rows_capacity - list->rows_held;
	got = list_fetch(list, LIST_AFTER, anchor, list->rows_held, count);
	list->rows_held += got;
	over = list->rows_held > list->rows_visible ? list->rows_held - list->rows_visible : 0;
	list_drop_first(list, over);
	list_shift_rank(list, (long)over);
	list->cursor -= list->cursor < over ? list->cursor : over;
	return over;
}

static void list_scroll_up(struct list *list, size_t count)
{
	size_t got = list_fetch_before(list, count);

	if (list->rows_held > list->rows_visible)
		list->rows_held = list->rows_visible;
	list_shift_rank(list, -(long)got);
	if (got < count)
		list->top_rank = 0;
	list->cursor += got;
	if (list->cursor >= list->rows_held)
		list->cursor = list->rows_held - 1;
}

static void list_down(struct list *list)
{
	if (list->cursor + 1 == list->rows_held)
		list_scroll_down(list, 1);
	if (list->cursor + 1 < list->rows_held)
		list->cursor++;
}

static void list_up(struct list *list)
{
	if (list->cursor == 0)
		list_scroll_up(list, 1);
	if (list->cursor > 0)
		list->cursor--;
}

static void list_page_down(struct list *list)
{
	size_t target = list->cursor + list->rows_visible;

	target -= list_scroll_down(list, list->rows_visible);
	list->cursor = target < list->rows_held ? target : list->rows_held - 1;
}

static void list_page_up(struct list *list)
{
	size_t at = list->cursor;
	size_t got = list_fetch_before(list, list->rows_visible);

	if (list->rows_held > list->rows_visible)
		list->rows_held = list->rows_visible;
	list_shift_rank(list, -(long)got);
	if (got < list->rows_visible)
		list->top_rank = 0;
	/* A full page keeps the row of the screen; at the start the cursor goes to the first. */
	at += got;
	list->cursor = at > list->rows_visible ? at - list->rows_visible : 0;
}

static void list_home(struct list *list)
{
	list->rows_held = list_fetch(list, LIST_FIRST, NULL, 0, list->rows_visible);
	list->cursor = 0;
	list->top_rank = 0;
}

static void list_end(struct list *list)
{
	list->rows_held = list_fetch(list, LIST_LAST, NULL, 0, list->rows_visible);
	list_reverse(list, list->rows_held);
	list->cursor = list->rows_held > 0 ? list->rows_held - 1 : 0;
	list_note_rank(list, list->rows_held < list->rows_visible, true);
}

void list_move(struct list *list, enum list_move move)
{
	static void (*const moves[])(struct list *) = {
		[LIST_UP] = list_up,
		[LIST_DOWN] = list_down,
		[LIST_PAGE_UP] = list_page_up,
		[LIST_PAGE_DOWN] = list_page_down,
		[LIST_HOME] = list_home,
		[LIST_END] = list_end,
	};

	list->moves++;
	if (list->rows_visible == 0)
		return;
	if (list->is_stale)
		list_read_again(list);
	if (list->rows_held == 0)
		return;
	moves[move](list);
	list_keep_key(list);
}

static void list_run_move(void *ctx, int arg)
{
	list_move(ctx, (enum list_move)arg);
}

static const struct action list_rows[] = {
	{"up", "", N_("Previous row"), 0, LIST_UP, NULL, list_run_move, NULL},
	{"down", "", N_("Next row"), 0, LIST_DOWN, NULL, list_run_move, NULL},
	{"page-up", "", N_("Previous page"), 0, LIST_PAGE_UP, NULL, list_run_move, NULL},
	{"page-down", "", N_("Next page"), 0, LIST_PAGE_DOWN, NULL, list_run_move, NULL},
	{"first", "", N_("First row"), 0, LIST_HOME, NULL, list_run_move, NULL},
	{"last", "", N_("Last row"), 0, LIST_END, NULL, list_run_move, NULL},
};
const struct action_table list_actions = {
	.context = "list",
	.title = N_("In a list"),
	ACTION_TABLE_ROWS(list_rows),
};

/* ------------------------------------------------------------------ columns */

int list_least_cols(const struct list_column *column)
{
	int title = column->title[0] ? cols_width(gettext(column->title)) : 0;

	return title > column->width_cols ? title : column->width_cols;
}

static int list_needed_cols(size_t count, const int *out_cols)
{
	int needed = 0;

	for (size_t i = 0; i < count; i++)
		if (out_cols[i] > 0)
			needed += out_cols[i] + (needed > 0 ? LIST_GAP_COLS : 0);
	return needed;
}

/* The column that goes first: the highest drop, of equals the last. `count` if none may go. */
static size_t list_next_drop(const struct list_column *columns, size_t count, const int *out_cols)
{
	size_t found = count;

	for (size_t i = 0; i < count; i++) {
		if (out_cols[i] == 0 || columns[i].drop == 0)
			continue;
		if (found == count || columns[i].drop >= columns[found].drop)
			found = i;
	}
	return found;
}

/* Only the last column runs to the edge: what follows a name stands near it, however wide the
 * screen is. */
static int list_most_cols(size_t count, size_t index, const int *out_cols)
{
	size_t next = index + 1;

	while (next < count && out_cols[next] == 0)
		next++;
	return next < count ? LIST_NAME_COLS_MAX : INT_MAX;
}

static void list_share_rest(
	const struct list_column *columns, size_t count, int rest_cols, int *out_cols)
{
	int shares = 0;

	for (size_t i = 0; i < count; i++)
		shares += out_cols[i] > 0 ? columns[i].flex : 0;
	for (size_t i = 0; i < count && shares > 0; i++) {
		int share, most;

		if (out_cols[i] == 0 || columns[i].flex == 0)
			continue;
		share = rest_cols * columns[i].flex / shares;
		most = list_most_cols(count, i, out_cols) - out_cols[i];
		if (share > most)
			share = most > 0 ? most : 0;
		out_cols[i] += share;
		rest_cols -= share;
		shares -= columns[i].flex;
	}
}

void list_fit_columns(
	const struct list_column *columns, size_t count, int width_cols, int *out_cols)
{
	int needed;

	for (size_t i = 0; i < count; i++)
		out_cols[i] = columns[i].drop == LIST_ABSENT ? 0 : list_least_cols(&columns[i]);
	needed = list_needed_cols(count, out_cols);
	while (needed > width_cols) {
		size_t drop = list_next_drop(columns, count, out_cols);

		if (drop == count)
			return; /* The last ones are cut by the edge of the screen. */
		out_cols[drop] = 0;
		needed = list_needed_cols(count, out_cols);
	}
	list_share_rest(columns, count, width_cols - needed, out_cols);
}

/* ------------------------------------------------------------------ painting */

/* A cell at `x`, cut at `end`. */
static void list_paint_text(
	int y, int x, int width_cols, enum list_align align, const struct list_cell *cell)
{
	if (align == LIST_RIGHT)
		draw_text_right(y, x, width_cols, cell->role, cell->text);
	else
		draw_text(y, x, width_cols, cell->role, cell->text);
}

/* One line of cells; row -1 is the titles. */
static void list_paint_row(
	const struct list *list, const struct rect *area, const int *widths, long row)
{
	int y = area->y + 1 + (int)row;
	int x = area->x + LIST_GUTTER_COLS;
	int end = area->x + area->cols - LIST_SCROLL_COLS;
	bool is_cursor = row >= 0 && (size_t)row == list->cursor;

	/*
	 * Only this moves with the cursor. Anything more, a brighter key or a reversed row, would be
	 * sent twice with every step, and lines can be slow.
	 */
	if (is_cursor)
		draw_text(y, area->x, LIST_GUTTER_COLS, ROLE_MARK, "> ");
	for (size_t i = 0; i < list->column_count && x < end; i++) {
		const struct list_column *column = &list->columns[i];
		int width_cols = widths[i] < end - x ? widths[i] : end - x;
		struct list_cell cell = {"", ROLE_NORMAL};

		if (width_cols <= 0)
			continue;
		if (row >= 0)
			list->source->cell(list->ctx, list_at(list, (size_t)row), (int)i, &cell);
		else
			cols_fit(cell.text, sizeof(cell.text), width_cols,
				column->title[0] ? gettext(column->title) : "");
		if (row < 0)
			cell.role = ROLE_COLUMN;
		else if (column->is_key && cell.role == ROLE_NORMAL)
			cell.role = ROLE_BOLD;
		list_paint_text(y, x, width_cols, column->align, &cell);
		x += width_cols + LIST_GAP_COLS;
	}
}

void list_repaint(struct list *list, const struct rect *area)
{
	int widths[LIST_COLUMNS_MAX] = {0};
	struct rect rows = *area;

	if (area->rows < 2 || list->column_count > LIST_COLUMNS_MAX)
		return;
	list_fit_columns(list->columns, list->column_count,
		area->cols - LIST_GUTTER_COLS - LIST_SCROLL_COLS, widths);
	list_paint_row(list, area, widths, -1);
	for (size_t row = 0; row < list->rows_held && (int)row < area->rows - 1; row++)
		list_paint_row(list, area, widths, (long)row);
	rows.y++;
	rows.rows--;
	if (list->rows_held == 0)
		draw_text_centre(rows.y + rows.rows / 3, rows.x, rows.cols, ROLE_DIM,
			list->empty ? list->empty : _("Nothing here"));
	draw_scroll(
		&rows, list->top_rank > 0 ? list->top_rank : 0, (long)list->rows_held, list->total);
}
