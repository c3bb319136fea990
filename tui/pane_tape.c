/* The tape of a sheet: every scan and typed quantity, newest first. The last ones can be taken back, and
 * marked ones be given to another zone. Scans count here as on the sheet below. */
#include "tui/sheet_above.h"

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"
#include "tui/task.h"

#include <stdlib.h>
#include <string.h>

#define UNDO_MAX 1000 /* at once */
#define RANGE_ROWS 64 /* read at once while a range is marked */

struct tape {
	struct sheet_above above; /* must stay first */
	struct source source;
	struct tabs tabs;
	struct marks marks;               /* ids of entries */
	char last_marked[LIST_KEY_BYTES]; /* of the list; "": none */
	struct export export;
	/* What is being taken back, newest first. */
	char (*undo)[COMMAND_ID_MAX + 1];
	size_t undo_count;
	size_t undo_done;
};

/* ---- the list ---- */

enum {
	CELL_MARK,
	CELL_WHEN,
	CELL_QTY,
	CELL_SKU,
	CELL_NAME,
	CELL_ZONE,
	CELL_ROUND,
	CELL_WHO,
	CELL_STATE,
	CELLS
};

static const struct source_column cells[CELLS] = {
	[CELL_MARK] = {.column = NULL},
	[CELL_WHEN] = {.column = "at", .kind = SOURCE_WHEN},
	[CELL_QTY] = {.column = NULL},
	[CELL_SKU] = {.column = "sku"},
	[CELL_NAME] = {.column = "name"},
	[CELL_ZONE] = {.column = NULL},
	[CELL_ROUND] = {.column = "round", .kind = SOURCE_INT},
	[CELL_WHO] = {.column = "actor", .kind = SOURCE_STAFF},
	[CELL_STATE] = {.column = NULL},
};

static const struct list_column columns[CELLS] = {
	[CELL_MARK] = {.title = "", .width_cols = 2},
	[CELL_WHEN] = {.title = N_("Time"), .width_cols = 11},
	[CELL_QTY] = {.title = N_("Counted"), .width_cols = 7, .align = LIST_RIGHT},
	[CELL_SKU] = {.title = N_("SKU"), .width_cols = 13, .is_key = true},
	[CELL_NAME] = {.title = N_("Product"), .width_cols = 14, .flex = 2, .drop = 2},
	[CELL_ZONE] = {.title = N_("Zone"), .width_cols = 6},
	[CELL_ROUND] = {.title = N_("Round"), .width_cols = 5, .align = LIST_RIGHT, .drop = 4},
	[CELL_WHO] = {.title = N_("By"), .width_cols = 8, .flex = 1, .drop = 1},
	[CELL_STATE] = {.title = N_("State"), .width_cols = 7, .drop = 3},
};

static void put_mark(const struct tape *self, const struct source_row *row, struct list_cell *out)
{
	bool is_marked = marks_has(&self->marks, source_text(&self->source, row, "id"));

	snprintf(out->text, sizeof out->text, "%s%s", is_marked ? MARKS_SIGN : "",
		row->is_pending ? SHOP_PENDING_MARK : "");
	out->role = is_marked ? ROLE_MARK : ROLE_PENDING;
}

static void put_zone(const struct tape *self, const struct source_row *row, struct list_cell *out)
{
	const char *zone = source_text(&self->source, row, "zone");
	long long pass = (long long)source_int(&self->source, row, "pass");

	if (*zone && pass > 1)
		snprintf(out->text, sizeof out->text, "%s/%lld", zone, pass);
	else
		snprintf(out->text, sizeof out->text, "%s", zone);
}

static void cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	struct tape *self = ctx;
	const char *mode = source_text(&self->source, row, "mode");
	bool is_undone = source_int(&self->source, row, "undone") != 0;
	char qty[SHOP_QTY_BYTES];

	if (column == CELL_MARK) {
		put_mark(self, row, out);
		return;
	}
	if (column == CELL_QTY) {
		shop_qty(source_int(&self->source, row, "qty"), qty);
		/* In brackets also where the column that says so has no room. */
		snprintf(out->text, sizeof out->text, "%s%s%s%s", is_undone ? "(" : "",
			strcmp(mode, "add") == 0 ? "+" : "=", qty, is_undone ? ")" : "");
	} else if (column == CELL_ZONE) {
		put_zone(self, row, out);
	} else if (column == CELL_STATE && is_undone) {
		snprintf(out->text, sizeof out->text, "%s", _("undone"));
	} else if (column == CELL_STATE) {
		snprintf(out->text, sizeof out->text, "%s", shop_word("mode", mode));
	}
	if (is_undone)
		out->role = ROLE_DIM;
}

static const char *const tab_labels[] = {N_("All entries"), N_("Mine"), N_("Unknown codes")};
enum { TAB_ALL, TAB_MINE, TAB_UNKNOWN, TAB_COUNT };

static void tab_changed(void *ctx)
{
	struct tape *self = ctx;

	sheet_tape_all(self->above.sheet, &self->source);
	source_where(&self->source, "unknown", self->tabs.now == TAB_UNKNOWN ? "yes" : NULL);
	if (self->tabs.now == TAB_MINE)
		source_where(&self->source, "actor", self->above.sheet->shop->staff);
	list_restart(&self->above.list);
}

/* ---- undo of the last ones ---- */

static const char *why_not_undo(void *ctx, int arg)
{
	struct tape *self = ctx;

	return sheet_undo_why_not(self->above.sheet, arg);
}

static bool undo_one(void *ctx, int *permille)
{
	struct tape *self = ctx;

	if (self->undo_done < self->undo_count &&
		!sheet_undo_entry(self->above.sheet, self->undo[self->undo_done]))
		return false;
	self->undo_done++;
	*permille = (int)(self->undo_done * 1000 / self->undo_count);
	return self->undo_done < self->undo_count;
}

static void undo_ended(void *ctx, bool is_whole)
{
	struct tape *self = ctx;
	bool all = is_whole && self->undo_done == self->undo_count;

	if (all)
		app_say(self->above.sheet->shop->app, ROLE_OK,
			ngettext("Saved: %zu entry undone.", "Saved: %zu entries undone.",
				(unsigned long)self->undo_count),
			self->undo_count);
	else
		app_say(self->above.sheet->shop->app, ROLE_WARN,
			_("Stopped: %zu of %zu entries are undone."), self->undo_done,
			self->undo_count);
	self->undo_count = 0;
}

static void undo_yes(void *ctx)
{
	struct tape *self = ctx;

	task_run(self->above.sheet->shop->app,
		&(struct task_spec){.title = _("Undo"),
			.text = _(
				"Each entry is taken back by itself. Esc stops; what is undone stays so."),
			.step = undo_one,
			.end = undo_ended,
			.ctx = self});
}

/* Keeps the ids of the newest `count` entries of the person signed in; their first and last in words. */
static size_t keep_last(
	struct tape *self, size_t count, char first[LIST_CELL_BYTES], char last[LIST_CELL_BYTES])
{
	struct source_row *rows = calloc(count, sizeof *rows);
	struct source mine = self->above.sheet->tape;
	size_t got = 0;

	free(self->undo);
	self->undo = calloc(count, sizeof *self->undo);
	sheet_tape_mine(self->above.sheet, &mine);
	if (rows && self->undo)
		got = source_list.fetch(&mine, &(struct list_want){LIST_FIRST, NULL, count}, rows);
	for (size_t i = 0; i < got; i++)
		snprintf(self->undo[i], sizeof self->undo[i], "%s",
			source_text(&mine, &rows[i], "id"));
	if (got > 0) {
		sheet_tape_line(self->above.sheet, &rows[0], first, LIST_CELL_BYTES);
		sheet_tape_line(self->above.sheet, &rows[got - 1], last, LIST_CELL_BYTES);
	}
	free(rows);
	return got;
}

static const char *take_undo(void *ctx, const char *value)
{
	struct tape *self = ctx;
	char first[LIST_CELL_BYTES], last[LIST_CELL_BYTES], text[3 * LIST_CELL_BYTES];
	long count = strspn(value, "0123456789") == strlen(value) ? strtol(value, NULL, 10) : 0;

	if (count < 1 || count > UNDO_MAX)
		return _("How many? A whole number from 1 to 1,000.");
	self->undo_done = 0;
	self->undo_count = keep_last(self, (size_t)count, first, last);
	if (self->undo_count < (size_t)count)
		return _("You have not counted that many in this round.");
	/* TRANSLATORS: the sheet's number, how many; the newest and the oldest of them. */
	snprintf(text, sizeof text,
		ngettext("%s: your last %zu entry is taken back:\n%s",
			"%s: your last %zu entries are taken back, from\n%s\nto\n%s",
			(unsigned long)count),
		sheet_text(self->above.sheet, "number"), self->undo_count, first, last);
	dialog_confirm(self->above.sheet->shop->app,
		&(struct dialog_confirm_spec){.title = _("Undo"),
			.text = text,
			.yes_label = _("Take back"),
			.is_dangerous = true,
			.yes = undo_yes,
			.ctx = self});
	return NULL;
}

static void run_undo(void *ctx, int arg)
{
	struct tape *self = ctx;

	(void)arg;
	dialog_entry(self->above.sheet->shop->app,
		&(struct dialog_entry_spec){.title = _("Undo"),
			.text = _("How many of your last entries of this round are taken back?"),
			.initial = "1",
			.submit = take_undo,
			.ctx = self});
}

/* ---- marks ---- */

static const struct source_row *row_now(const struct tape *self)
{
	return list_row(&self->above.list);
}

static const char *why_not_mark(void *ctx, int arg)
{
	struct tape *self = ctx;
	const struct source_row *row = row_now(self);

	(void)arg;
	if (!row)
		return _("The list is empty.");
	if (source_int(&self->source, row, "undone"))
		return _("This entry was undone.");
	return sheet_count_why_not(self->above.sheet, 0);
}

static void say_marked(struct tape *self)
{
	app_say(self->above.sheet->shop->app, ROLE_NORMAL,
		ngettext("%zu entry is marked.", "%zu entries are marked.",
			(unsigned long)self->marks.count),
		self->marks.count);
}

static void run_mark(void *ctx, int arg)
{
	struct tape *self = ctx;

	(void)arg;
	if (!marks_turn(&self->marks, source_text(&self->source, row_now(self), "id"))) {
		app_say(self->above.sheet->shop->app, ROLE_WARN, "%s",
			_("No more can be marked at once."));
		return;
	}
	snprintf(self->last_marked, sizeof self->last_marked, "%s", row_now(self)->key);
	say_marked(self);
	list_move(&self->above.list, LIST_DOWN);
}

static const char *why_not_range(void *ctx, int arg)
{
	struct tape *self = ctx;

	if (!self->last_marked[0])
		return _("Mark one end of the range first.");
	return row_now(self) ? sheet_count_why_not(self->above.sheet, arg)
			     : _("The list is empty.");
}

/* Marks what may be marked of these rows, up to the one with this key; true when it was met or no more can be. */
static bool mark_rows(
	struct tape *self, const struct source_row *rows, size_t count, const char *end)
{
	for (size_t i = 0; i < count; i++) {
		if (!source_int(&self->source, &rows[i], "undone") &&
			!marks_add(&self->marks, source_text(&self->source, &rows[i], "id"))) {
			app_say(self->above.sheet->shop->app, ROLE_WARN,
				_("No more can be marked at once: %zu are."), self->marks.count);
			return true;
		}
		if (strcmp(rows[i].key, end) == 0) {
			say_marked(self);
			return true;
		}
	}
	return false;
}

static void run_range(void *ctx, int arg)
{
	struct tape *self = ctx;
	struct source_row *rows = calloc(RANGE_ROWS, sizeof *rows);
	char from[LIST_KEY_BYTES], to[LIST_KEY_BYTES];
	bool is_down = source_list.rank(&self->source, row_now(self)->key) <=
		source_list.rank(&self->source, self->last_marked);
	struct list_want want = {LIST_FROM, from, RANGE_ROWS};
	size_t count;

	(void)arg;
	snprintf(from, sizeof from, "%s", is_down ? row_now(self)->key : self->last_marked);
	snprintf(to, sizeof to, "%s", is_down ? self->last_marked : row_now(self)->key);
	while (rows && (count = source_list.fetch(&self->source, &want, rows)) > 0) {
		if (mark_rows(self, rows, count, to))
			break;
		want.direction = LIST_AFTER;
		snprintf(from, sizeof from, "%s", rows[count - 1].key);
	}
	free(rows);
}

/* ---- another zone ---- */

static cJSON *marked_ids(const struct tape *self)
{
	cJSON *ids = cJSON_CreateArray();
	const char *id;

	for (size_t i = 0; (id = marks_at(&self->marks, i)) != NULL; i++)
		cJSON_AddItemToArray(ids, cJSON_CreateString(id));
	return ids;
}

static const char *take_rezone(void *ctx, const char *value)
{
	struct tape *self = ctx;
	char zone[SHEET_ZONE_BYTES];
	const char *wrong = sheet_zone_name(value, zone);
	cJSON *data;

	if (wrong || !*zone)
		return wrong ? wrong : _("Type the name of a zone.");
	data = sheet_data(self->above.sheet);
	cJSON_AddItemToObject(data, "counts", marked_ids(self));
	cJSON_AddStringToObject(data, "zone", zone);
	if (shop_do(self->above.sheet->shop, "stocktake.rezone", data, NULL)) {
		marks_clear(&self->marks);
		self->last_marked[0] = '\0';
	}
	return NULL;
}

static const char *why_not_rezone(void *ctx, int arg)
{
	struct tape *self = ctx;

	if (self->marks.count == 0)
		return _("Mark entries first.");
	return sheet_count_why_not(self->above.sheet, arg);
}

static void run_rezone(void *ctx, int arg)
{
	struct tape *self = ctx;
	char text[300];

	(void)arg;
	/* TRANSLATORS: the sheet's number, how many entries. */
	snprintf(text, sizeof text,
		ngettext("%s: %zu marked entry was counted in another zone. Which one?",
			"%s: %zu marked entries were counted in another zone. Which one?",
			(unsigned long)self->marks.count),
		sheet_text(self->above.sheet, "number"), self->marks.count);
	dialog_entry(self->above.sheet->shop->app,
		&(struct dialog_entry_spec){.title = _("Move to a zone"),
			.text = text,
			.initial = self->above.sheet->zone,
			.submit = take_rezone,
			.ctx = self});
}

static const struct action rows[] = {
	{.name = "undo-entries",
		.label = N_("Undo"),
		.help = N_("Take back the last entries you made, as many as you say"),
		.flags = ACTION_HINT,
		.why_not = why_not_undo,
		.run = run_undo},
	{.name = "mark-entry",
		.label = N_("Mark"),
		.help = N_("Mark the entry under the cursor, or take its mark away"),
		.flags = ACTION_HINT,
		.why_not = why_not_mark,
		.run = run_mark},
	{.name = "mark-range",
		.label = N_("Mark range"),
		.help = N_("Mark everything from here to the entry that was marked last"),
		.flags = ACTION_HINT,
		.why_not = why_not_range,
		.run = run_range},
	{.name = "rezone",
		.label = N_("Other zone"),
		.help = N_("Give the marked entries to another zone"),
		.flags = ACTION_HINT,
		.why_not = why_not_rezone,
		.run = run_rezone},
};

const struct action_table tape_actions = {
	.context = "tape", .title = N_("What was counted"), ACTION_TABLE_ROWS(rows)};

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	struct tape *self = ctx;

	if (self->marks.count > 0)
		snprintf(out, size, _("Tape, %zu marked"), self->marks.count);
	else
		snprintf(out, size, "%s", _("Tape"));
}

static void file_name(void *ctx, char *out, size_t size)
{
	snprintf(out, size, _("%s-tape"), sheet_text(((struct tape *)ctx)->above.sheet, "number"));
}

static void close_pane(void *ctx)
{
	struct tape *self = ctx;

	list_free(&self->above.list);
	marks_free(&self->marks);
	free(self->undo);
	free(self);
}

static bool may_leave(void *ctx)
{
	struct tape *self = ctx;

	if (self->marks.count == 0)
		return true;
	marks_clear(&self->marks);
	self->last_marked[0] = '\0';
	return false;
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct tape *self = ctx;

	if (max < 4)
		return 0;
	out[0] = (struct action_scope){&tape_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->above.list};
	out[2] = (struct action_scope){&tabs_actions, &self->tabs};
	out[3] = (struct action_scope){&export_actions, &self->export};
	return 4;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct tape *self = ctx;

	sheet_read(self->above.sheet);
	list_recalc(&self->above.list, layout->body.rows - 1);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct tape *self = ctx;
	struct rect body = *area, head = layout_take_top(&body, 1);

	tabs_repaint(&self->tabs, head.y, head.x + 1, head.cols - 2);
	list_repaint(&self->above.list, &body);
}

static const struct pane_ops ops = {
	.context = "tape",
	.title = title,
	.close = close_pane,
	.may_leave = may_leave,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	SHEET_ABOVE_OPS,
	.on_change = sheet_above_on_change,
};

struct pane pane_tape_new(struct sheet_pane *sheet)
{
	struct tape *self = calloc(1, sizeof *self);

	if (!self)
		return (struct pane){NULL, NULL};
	self->above.sheet = sheet;
	source_init(&self->source, sheet->shop, "count_entries", cells, CELLS);
	source_where(&self->source, "stocktake", sheet->id);
	self->source.pending_table = "count_entry";
	self->source.pending_key = "id";
	self->source.cell = cell;
	self->source.ctx = self;
	for (int i = 0; i < TAB_COUNT; i++) {
		self->tabs.items[i].label = tab_labels[i];
		self->tabs.items[i].count = -1;
	}
	self->tabs.count = TAB_COUNT;
	self->tabs.changed = tab_changed;
	self->tabs.ctx = self;
	if (!list_init(&self->above.list, &source_list, &self->source, columns, CELLS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	tab_changed(self);
	export_list(&self->export, sheet->shop, &self->source, &self->above.list);
	self->export.name = file_name;
	self->export.ctx = self;
	self->above.list.empty = _("Nothing was counted yet.");
	return (struct pane){&ops, self};
}
