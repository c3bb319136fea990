/* The zones of a sheet: who counts which since when, what is done, and whether it agrees with what was
 * counted by hand. Scans count here as on the sheet below. */
#include "tui/sheet_above.h"

#include "model/field.h"
#include "model/i18n.h"
#include "model/json.h"
#include "tui/dialog.h"

#include <stdlib.h>
#include <string.h>

struct zones {
	struct sheet_above above; /* must stay first */
	struct source source;
	struct export export;
	char zone[SHEET_ZONE_BYTES];                          /* a dialog is open for it */
	char words[SHEET_ZONE_BYTES + SHOP_NAME_BYTES + 100]; /* the row under the cursor */
};

/* ---- the list ---- */

enum {
	CELL_MARK,
	CELL_ZONE,
	CELL_STATUS,
	CELL_HOLDER,
	CELL_SINCE,
	CELL_PASS,
	CELL_LINES,
	CELL_PIECES,
	CELL_TOTAL,
	CELL_DISPUTED,
	CELLS
};

static const struct source_column cells[CELLS] = {
	[CELL_MARK] = {.kind = SOURCE_MARK},
	[CELL_ZONE] = {.column = "zone"},
	[CELL_STATUS] = {.column = "status", .kind = SOURCE_WORD, .group = "zone"},
	[CELL_HOLDER] = {.column = "holder", .kind = SOURCE_STAFF},
	[CELL_SINCE] = {.column = "since", .kind = SOURCE_WHEN},
	[CELL_PASS] = {.column = "pass", .kind = SOURCE_INT},
	[CELL_LINES] = {.column = "lines", .kind = SOURCE_INT},
	[CELL_PIECES] = {.column = "pieces", .kind = SOURCE_QTY},
	[CELL_TOTAL] = {.column = NULL},
	[CELL_DISPUTED] = {.column = "disputed", .kind = SOURCE_INT},
};

static const struct list_column columns[CELLS] = {
	[CELL_MARK] = {.title = "", .width_cols = 1},
	[CELL_ZONE] = {.title = N_("Zone"), .width_cols = 6, .flex = 2, .is_key = true},
	[CELL_STATUS] = {.title = N_("State"), .width_cols = 9},
	[CELL_HOLDER] = {.title = N_("Held by"), .width_cols = 8, .flex = 1},
	[CELL_SINCE] = {.title = N_("Since"), .width_cols = 5},
	[CELL_PASS] = {.title = N_("Pass"), .width_cols = 2, .align = LIST_RIGHT, .drop = 3},
	[CELL_LINES] = {.title = N_("Lines"), .width_cols = 5, .align = LIST_RIGHT, .drop = 4},
	[CELL_PIECES] = {.title = N_("Pieces"), .width_cols = 6, .align = LIST_RIGHT},
	[CELL_TOTAL] = {.title = N_("By hand"), .width_cols = 8, .align = LIST_RIGHT, .drop = 1},
	[CELL_DISPUTED] = {.title = N_("Disputed"),
		.width_cols = 4,
		.align = LIST_RIGHT,
		.drop = 2},
};

static bool is_of_now(const struct zones *self, const struct source_row *row)
{
	return source_int(&self->source, row, "round") ==
		source_int(&self->above.sheet->head, &self->above.sheet->row, "round");
}

/* What an earlier round made of the zone says nothing of this one. */
static void put_round(const struct zones *self, const struct source_row *row, struct list_cell *out)
{
	snprintf(out->text, sizeof out->text, _("round %lld"),
		(long long)source_int(&self->source, row, "round"));
	out->role = ROLE_DIM;
}

/* A zone is pending by itself, not with its sheet. */
static void fetched(void *ctx, struct source_row *row)
{
	struct zones *self = ctx;
	struct db *db = shop_db(self->above.sheet->shop);

	row->is_pending = db &&
		db_has(db, "SELECT 1 FROM before_count_zone WHERE stocktake = $1 AND zone = $2",
			"tt", self->above.sheet->id, source_text(&self->source, row, "zone"));
}

/* The control total, and whether it is what was counted when the zone was released. */
static void put_total(const struct zones *self, const struct source_row *row, struct list_cell *out)
{
	char total[SHOP_QTY_BYTES];
	bool differs = source_int(&self->source, row, "differs") != 0;

	if (source_is_null(&self->source, row, "total"))
		return;
	shop_qty(source_int(&self->source, row, "total"), total);
	snprintf(out->text, sizeof out->text, "%s%s", differs ? "≠ " : "= ", total);
	out->role = differs ? ROLE_WARN : ROLE_OK;
}

static void cell(void *ctx, const struct source_row *row, int column, struct list_cell *out)
{
	struct zones *self = ctx;
	bool is_figure = column == CELL_LINES || column == CELL_PIECES || column == CELL_TOTAL ||
		column == CELL_DISPUTED;

	if (column == CELL_ZONE && !out->text[0])
		snprintf(out->text, sizeof out->text, "%s", _("no zone"));
	if (column == CELL_TOTAL)
		put_total(self, row, out);
	if (column == CELL_STATUS && !is_of_now(self, row))
		put_round(self, row, out);
	if (column == CELL_DISPUTED && source_int(&self->source, row, "disputed") > 0)
		out->role = ROLE_WARN;
	if (is_figure && sheet_is_double_blind(self->above.sheet))
		*out = (struct list_cell){.text = "", .role = ROLE_DIM};
}

/* ---- what may be done ---- */

static const char *text_now(const struct zones *self, const char *column)
{
	const struct source_row *row = list_row(&self->above.list);

	return row ? source_text(&self->source, row, column) : "";
}

static bool is_open_now(const struct zones *self)
{
	return strcmp(text_now(self, "status"), "open") == 0 &&
		is_of_now(self, list_row(&self->above.list));
}

static bool is_mine_now(const struct zones *self)
{
	return strcmp(text_now(self, "holder"), self->above.sheet->shop->staff) == 0;
}

static bool is_unclaimed_now(const struct zones *self)
{
	return strcmp(text_now(self, "status"), "unclaimed") == 0;
}

static const char *why_not_count(void *ctx, int needs_row)
{
	struct zones *self = ctx;
	const char *why_not = sheet_count_why_not(self->above.sheet, 0);

	if (why_not)
		return why_not;
	return needs_row && !list_row(&self->above.list) ? _("There is no zone yet. Make one.")
							 : NULL;
}

/* The sheet comes back: there the scans are seen. */
static void enter(struct zones *self, const char *zone)
{
	app_close(self->above.sheet->shop->app, self);
	sheet_zone_enter(self->above.sheet, zone);
}

static void run_count(void *ctx, int arg)
{
	struct zones *self = ctx;
	char zone[SHEET_ZONE_BYTES];

	(void)arg;
	snprintf(zone, sizeof zone, "%s", text_now(self, "zone"));
	enter(self, zone);
}

static const char *take_name(void *ctx, const char *value)
{
	struct zones *self = ctx;
	char zone[SHEET_ZONE_BYTES];
	const char *wrong = sheet_zone_name(value, zone);

	if (!wrong)
		enter(self, zone);
	return wrong;
}

static void run_new(void *ctx, int arg)
{
	struct zones *self = ctx;

	(void)arg;
	dialog_entry(self->above.sheet->shop->app,
		&(struct dialog_entry_spec){.title = _("Zone"),
			.text = _("What is counted from now on belongs to this zone. Zones sum; "
				  "within one, a typed quantity replaces. Empty: no zone."),
			.initial = self->above.sheet->zone,
			.submit = take_name,
			.ctx = self});
}

/* ---- released ---- */

static const char *why_not_release(void *ctx, int arg)
{
	struct zones *self = ctx;

	(void)arg;
	if (!list_row(&self->above.list))
		return _("There is no zone yet. Make one.");
	if (!is_open_now(self))
		return _("Nobody counts this zone now.");
	if (!is_mine_now(self))
		return shop_needs(self->above.sheet->shop, ROLE_MANAGER);
	return shop_may(self->above.sheet->shop, "stocktake.release");
}

static void say_released(struct zones *self, const cJSON *result)
{
	struct app *app = self->above.sheet->shop->app;

	if (json_bool(result, "equal", true))
		app_say(app, ROLE_OK, _("Saved: zone %s is done."), self->zone);
	else
		app_say(app, ROLE_WARN,
			_("Saved: zone %s is done. The control total differs: it is marked."),
			self->zone);
	app_signal(app, json_bool(result, "equal", true) ? APP_SIGNAL_GOOD : APP_SIGNAL_ODD);
}

static const char *take_release(void *ctx, const char *value)
{
	struct zones *self = ctx;
	struct console_verdict verdict;
	cJSON *data;
	int64_t total = 0;

	if (*value && !field_parse_quantity(value, false, &total))
		return _("A quantity is a number with at most three decimals.");
	data = sheet_data(self->above.sheet);
	cJSON_AddStringToObject(data, "zone", self->zone);
	if (*value)
		cJSON_AddNumberToObject(data, "total", (double)total / 1000.0);
	if (shop_do_quietly(self->above.sheet->shop, "stocktake.release", data, &verdict)) {
		say_released(self, verdict.result);
		if (strcmp(self->above.sheet->zone, self->zone) == 0)
			sheet_zone_set(self->above.sheet, "");
	}
	console_verdict_free(&verdict);
	return NULL;
}

static void run_release(void *ctx, int arg)
{
	struct zones *self = ctx;
	char text[SHEET_ZONE_BYTES + 400];

	(void)arg;
	snprintf(self->zone, sizeof self->zone, "%s", text_now(self, "zone"));
	/* TRANSLATORS: the sheet's number, a zone. */
	snprintf(text, sizeof text,
		_("%s: zone %s is done. How many pieces are there by hand count (control total)? Empty: not counted by hand."),
		sheet_text(self->above.sheet, "number"), self->zone);
	dialog_entry(self->above.sheet->shop->app,
		&(struct dialog_entry_spec){.title = _("Release the zone"),
			.text = text,
			.submit = take_release,
			.ctx = self});
}

/* ---- counted again, taken over ---- */

static const char *why_not_again(void *ctx, int arg)
{
	const struct zones *self = ctx;
	const char *why_not = why_not_count(ctx, 1);

	(void)arg;
	if (why_not)
		return why_not;
	if (is_unclaimed_now(self))
		return _("Nobody claimed this zone: count in it, and it is yours.");
	return is_open_now(self) || !is_of_now(self, list_row(&self->above.list))
		? _("This zone is not done yet.")
		: NULL;
}

/* Claims and counts in it, or leaves all as it is. */
static void claim(struct zones *self, const char *how)
{
	struct sheet_pane *sheet = self->above.sheet;
	char zone[SHEET_ZONE_BYTES];

	snprintf(zone, sizeof zone, "%s", self->zone);
	app_close(sheet->shop->app, self);
	sheet_zone_take(sheet, zone, how);
}

static void again_yes(void *ctx)
{
	claim(ctx, "again");
}

static void take_yes(void *ctx)
{
	claim(ctx, "take");
}

static void run_again(void *ctx, int arg)
{
	struct zones *self = ctx;
	char text[SHEET_ZONE_BYTES + 400];

	(void)arg;
	snprintf(self->zone, sizeof self->zone, "%s", text_now(self, "zone"));
	/* TRANSLATORS: the sheet's number, a zone. */
	snprintf(text, sizeof text,
		_("%s: zone %s is counted once more. What was counted in it before is hidden from you until you release it; then only lines that differ are shown."),
		sheet_text(self->above.sheet, "number"), self->zone);
	dialog_confirm(self->above.sheet->shop->app,
		&(struct dialog_confirm_spec){.title = _("Count the zone again?"),
			.text = text,
			.yes_label = _("Count again"),
			.yes = again_yes,
			.ctx = self});
}

static const char *why_not_take(void *ctx, int arg)
{
	const struct zones *self = ctx;
	const char *why_not = why_not_count(ctx, 1);

	(void)arg;
	if (why_not)
		return why_not;
	if (!is_open_now(self))
		return _("Nobody counts this zone now.");
	if (is_mine_now(self))
		return _("The zone is yours already.");
	return shop_needs(self->above.sheet->shop, ROLE_MANAGER);
}

static void run_take(void *ctx, int arg)
{
	struct zones *self = ctx;
	char who[SHOP_NAME_BYTES], text[SHEET_ZONE_BYTES + 400];

	(void)arg;
	snprintf(self->zone, sizeof self->zone, "%s", text_now(self, "zone"));
	shop_staff_name(self->above.sheet->shop, text_now(self, "holder"), who, sizeof who);
	/* TRANSLATORS: the sheet's number, a zone, a person. */
	snprintf(text, sizeof text,
		_("%s: zone %s goes from %s to you. What was counted in it stays."),
		sheet_text(self->above.sheet, "number"), self->zone, who);
	dialog_confirm(self->above.sheet->shop->app,
		&(struct dialog_confirm_spec){.title = _("Take over the zone?"),
			.text = text,
			.yes_label = _("Take over"),
			.is_dangerous = true,
			.yes = take_yes,
			.ctx = self});
}

static const struct action rows[] = {
	{.name = "count-zone",
		.label = N_("Count here"),
		.help = N_("Claim the zone under the cursor and count in it"),
		.flags = ACTION_HINT,
		.arg = 1,
		.why_not = why_not_count,
		.run = run_count},
	{.name = "new-zone",
		.label = N_("By its name"),
		.help = N_("Claim a zone by its name and count in it, or count without a zone"),
		.flags = ACTION_HINT,
		.why_not = why_not_count,
		.run = run_new},
	{.name = "release-zone",
		.label = N_("Done"),
		.help = N_("Release the zone: it is counted; a control total can be given"),
		.flags = ACTION_HINT,
		.why_not = why_not_release,
		.run = run_release},
	{.name = "count-again",
		.label = N_("Again"),
		.help = N_("Count a zone that is done once more, without seeing the first count"),
		.flags = ACTION_HINT,
		.why_not = why_not_again,
		.run = run_again},
	{.name = "take-over",
		.label = N_("Take over"),
		.help = N_("Take the zone from whoever holds it"),
		.flags = ACTION_HINT,
		.why_not = why_not_take,
		.run = run_take},
};

const struct action_table zones_actions = {
	.context = "zones", .title = N_("Zones of a sheet"), ACTION_TABLE_ROWS(rows)};

/* ---- the pane ---- */

static void title(void *ctx, char *out, size_t size)
{
	(void)ctx;
	snprintf(out, size, "%s", _("Zones"));
}

static const char *help(void *ctx)
{
	(void)ctx;
	return _(
		"A label “ZONE:A3” that is scanned on the sheet claims zone A3 and counts in it. A zone that "
		"is counted twice is a recount of the zone, not a sum.");
}

static void file_name(void *ctx, char *out, size_t size)
{
	snprintf(
		out, size, _("%s-zones"), sheet_text(((struct zones *)ctx)->above.sheet, "number"));
}

static const char *export_why(void *ctx)
{
	return sheet_double_blind_why_not(((struct zones *)ctx)->above.sheet);
}

static void close_pane(void *ctx)
{
	struct zones *self = ctx;

	list_free(&self->above.list);
	free(self);
}

static size_t scopes_of(void *ctx, struct action_scope *out, size_t max)
{
	struct zones *self = ctx;

	if (max < 3)
		return 0;
	out[0] = (struct action_scope){&zones_actions, self};
	out[1] = (struct action_scope){&list_actions, &self->above.list};
	out[2] = (struct action_scope){&export_actions, &self->export};
	return 3;
}

/* The whole name, and who has it since when: columns cut them. */
static void put_words(struct zones *self)
{
	const char *zone = text_now(self, "zone"), *holder = text_now(self, "holder");
	char who[SHOP_NAME_BYTES], since[SHOP_WHEN_BYTES];

	self->words[0] = '\0';
	if (!list_row(&self->above.list))
		return;
	shop_staff_name(self->above.sheet->shop, holder, who, sizeof who);
	shop_when(self->above.sheet->shop,
		source_int(&self->source, list_row(&self->above.list), "since"), since);
	if (!*holder)
		snprintf(self->words, sizeof self->words, _("%s: claimed by nobody"),
			*zone ? zone : _("no zone"));
	else
		/* TRANSLATORS: a zone, a person, a time. */
		snprintf(self->words, sizeof self->words, _("%s: %s, since %s"), zone, who, since);
}

static int words_rows(int body_rows)
{
	return body_rows >= 6;
}

static void recalc(void *ctx, const struct layout *layout)
{
	struct zones *self = ctx;

	sheet_read(self->above.sheet);
	list_recalc(&self->above.list, layout->body.rows - words_rows(layout->body.rows));
	put_words(self);
}

static void repaint(void *ctx, const struct rect *area)
{
	struct zones *self = ctx;
	struct rect body = *area, words = layout_take_bottom(&body, words_rows(area->rows));

	list_repaint(&self->above.list, &body);
	if (words.rows > 0)
		draw_text(words.y, words.x + 1, words.cols - 1, ROLE_BOLD, self->words);
}

static const struct pane_ops ops = {
	.context = "zones",
	.title = title,
	.help = help,
	.close = close_pane,
	.scopes = scopes_of,
	.recalc = recalc,
	.repaint = repaint,
	SHEET_ABOVE_OPS,
	.on_change = sheet_above_on_change,
};

struct pane pane_zones_new(struct sheet_pane *sheet)
{
	struct zones *self = calloc(1, sizeof *self);

	if (!self)
		return (struct pane){NULL, NULL};
	self->above.sheet = sheet;
	source_init(&self->source, sheet->shop, "count_zones", cells, CELLS);
	source_where(&self->source, "stocktake", sheet->id);
	self->source.cell = cell;
	self->source.fetched = fetched;
	self->source.ctx = self;
	if (!list_init(&self->above.list, &source_list, &self->source, columns, CELLS)) {
		free(self);
		return (struct pane){NULL, NULL};
	}
	export_list(&self->export, sheet->shop, &self->source, &self->above.list);
	self->export.name = file_name;
	self->export.why_not = export_why;
	self->export.ctx = self;
	self->above.list.empty = _("No zone was claimed yet.");
	return (struct pane){&ops, self};
}
