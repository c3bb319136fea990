/* The steps of a sheet's status. Each asks a second time and says what will happen; the correction is
 * rehearsed line by line and takes the sheet's number typed. */
#include "tui/sheet.h"

#include "model/i18n.h"
#include "model/stock.h"
#include "model/text.h"
#include "tui/dialog.h"

#include <stdlib.h>
#include <string.h>

#define REHEARSAL_LINES \
	8 /* shown as examples; the totals are of all, and the list has every line */

static const struct {
	const char *op;
	const char *title, *text, *yes; /* N_ */
	const char *from;               /* the statuses it may be taken from */
	const char *not_from;           /* N_: why not otherwise */
} steps[SHEET_STEPS] = {
	[SHEET_START] = {"stocktake.start", N_("Start counting?"),
		N_("The sheet opens for counting. Sales may go on: each count remembers the book of its moment."),
		N_("Start"), "new", N_("The sheet was started already.")},
	[SHEET_PAUSE] = {"stocktake.pause", N_("Pause?"),
		N_("Nobody can count until the sheet is resumed. Nothing is lost."), N_("Pause"),
		"counting recounting", N_("Only a sheet being counted can be paused.")},
	[SHEET_RESUME] = {"stocktake.resume", N_("Resume counting?"),
		N_("Counting goes on where it stopped."), N_("Resume"), "paused",
		N_("Only a paused sheet can be resumed.")},
	[SHEET_FINISH] = {"stocktake.finish", N_("Finish counting?"),
		N_("The result is worked out. A recount can open the lines that differ again."),
		N_("Finish"), "counting recounting",
		N_("Only a sheet being counted can be finished.")},
	[SHEET_RECOUNT] = {"stocktake.recount", N_("Recount?"),
		N_("A new round opens for the lines that differ. A line not counted again keeps its count."),
		N_("Recount"), "mismatched", N_("Only a mismatched sheet can be recounted.")},
	[SHEET_CORRECT] = {"stocktake.correct", N_("Correct the book"), NULL, NULL, "mismatched",
		N_("Only a mismatched sheet can be corrected.")},
	[SHEET_VOID] = {"stocktake.void", N_("Void the sheet"),
		N_("Why is it void? It moves nothing and stays readable."), NULL,
		"new counting paused recounting mismatched",
		N_("A matched or corrected sheet cannot be voided.")},
};

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);
	for (const char *w = words; *w; w += strcspn(w, " "), w += strspn(w, " ")) {
		if (strcspn(w, " ") == length && memcmp(w, word, length) == 0)
			return true;
	}
	return false;
}

/* One key starts a new sheet and resumes a paused one. */
static int step_now(const struct sheet_pane *self, int step)
{
	return step == SHEET_START && sheet_is(self, "paused") ? SHEET_RESUME : step;
}

const char *sheet_step_why_not(void *ctx, int step)
{
	struct sheet_pane *self = ctx;
	step = step_now(self, step);
	const char *missing = shop_may(self->shop, steps[step].op);
	if (!has_word(steps[step].from, sheet_text(self, "status")))
		return _(steps[step].not_from);
	return missing;
}

static void take_step(struct sheet_pane *self, enum sheet_step step, cJSON *data)
{
	shop_do(self->shop, steps[step].op, data, NULL);
}

/* ---- finishing ---- */

static void finish_with(struct sheet_pane *self, const char *uncounted)
{
	cJSON *data = sheet_data(self);
	cJSON_AddStringToObject(data, "uncounted", uncounted);
	take_step(self, SHEET_FINISH, data);
}

static void finish_leave(void *ctx)
{
	finish_with(ctx, "leave");
}

static const char *finish_zero(void *ctx, const char *value)
{
	(void)value;
	finish_with(ctx, "zero");
	return NULL;
}

/* What may be done about lines nobody counted; the list behind the menu shows them. */
static void pick_uncounted(void *ctx, size_t index)
{
	struct sheet_pane *self = ctx;
	char text[300];
	if (index == 0)
		return;
	sheet_show_all(self);
	if (index == 1) {
		finish_leave(self);
		return;
	}
	snprintf(text, sizeof text, _("%lld lines become counted zero. Type ZERO to confirm."),
		(long long)(self->progress.lines - self->progress.counted));
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = _("Count the rest as zero"),
			.text = text,
			.word = "ZERO",
			.submit = finish_zero,
			.ctx = self});
}

static void finish(struct sheet_pane *self)
{
	char text[300];
	long long uncounted = (long long)(self->progress.lines - self->progress.counted);
	struct dialog_menu_item items[] = {
		{_("Go on counting: show the uncounted lines"), NULL},
		{_("Finish, and leave them uncounted"), NULL},
		{_("Finish, and count the rest as zero"), NULL},
	};
	if (uncounted == 0) {
		dialog_confirm(self->shop->app,
			&(struct dialog_confirm_spec){.title = _(steps[SHEET_FINISH].title),
				.text = _(steps[SHEET_FINISH].text),
				.yes_label = _(steps[SHEET_FINISH].yes),
				.yes = finish_leave,
				.ctx = self});
		return;
	}
	snprintf(text, sizeof text,
		_("%lld lines were not counted. Not counted is not zero: left uncounted, they stay "
		  "as the book has them and can be recounted."),
		uncounted);
	sheet_show_uncounted(self);
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){.title = _(steps[SHEET_FINISH].title),
			.text = text,
			.items = items,
			.count = 3,
			.pick = pick_uncounted,
			.ctx = self});
}

/* ---- correction ---- */

static const char *correct_now(void *ctx, const char *value)
{
	struct sheet_pane *self = ctx;
	(void)value;
	take_step(self, SHEET_CORRECT, sheet_data(self));
	return NULL;
}

struct rehearsal {
	struct text page;
	int64_t lines, gain, loss, negative, left;
};

/* One line of what would be posted: before → after, as the rehearsed database has it. */
static void rehearse_line(
	struct sheet_pane *self, struct db *db, struct db_rows *rows, struct rehearsal *r)
{
	const char *store = sheet_text(self, "store"), *sku = db_text(rows, 0);
	char change[SHOP_QTY_BYTES], before[SHOP_QTY_BYTES], after[SHOP_QTY_BYTES],
		name[SHOP_NAME_BYTES];
	int64_t on_hand = stock_on_hand(db, store, sku);
	int64_t posted = db_int(rows, 2) - db_int(rows, 1) -
		(stock_corrected(db, store, sku) - db_int(rows, 3));
	if (db_int(rows, 4)) {
		r->left++;
		return;
	}
	r->lines++;
	*(posted < 0 ? &r->loss : &r->gain) += posted;
	r->negative += on_hand + posted < 0;
	if (r->lines > REHEARSAL_LINES)
		return;
	shop_qty_signed(posted, change);
	shop_qty(on_hand, before);
	shop_qty(on_hand + posted, after);
	shop_product_name(self->shop, sku, name, sizeof name);
	text_addf(&r->page, "%s %s: %s → %s (%s)%s\n", sku, name, before, after, change,
		on_hand + posted < 0 ? _("  BELOW ZERO") : "");
}

static void rehearse(struct sheet_pane *self, struct rehearsal *r)
{
	struct db *db = shop_db(self->shop);
	if (!db)
		return;
	struct db_rows *rows = db_query(db,
		"SELECT sku, book, counted, corrected, later FROM stocktake_line WHERE stocktake = $1 AND counted IS NOT NULL "
		"AND unknown = 0 AND counted <> book ORDER BY sku",
		"t", self->id);
	while (db_next(rows))
		rehearse_line(self, db, rows, r);
	db_done(rows);
}

static void ask_number(void *ctx)
{
	struct sheet_pane *self = ctx;
	char text[300];
	snprintf(text, sizeof text,
		_("This cannot be undone. Type the sheet's number to commit:\n%s"),
		sheet_text(self, "number"));
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = _(steps[SHEET_CORRECT].title),
			.text = text,
			.word = sheet_text(self, "number"),
			.submit = correct_now,
			.ctx = self});
}

static void correct(struct sheet_pane *self)
{
	struct rehearsal r = {.page = TEXT_INIT(TEXT_LARGE)};
	struct text page = TEXT_INIT(TEXT_LARGE);
	char loss[SHOP_QTY_BYTES], gain[SHOP_QTY_BYTES];
	rehearse(self, &r);
	shop_qty_signed(r.loss, loss);
	shop_qty_signed(r.gain, gain);
	text_addf(&page,
		ngettext("%lld line will be corrected: loss %s, gain %s.",
			"%lld lines will be corrected: loss %s, gain %s.", (unsigned long)r.lines),
		(long long)r.lines, loss, gain);
	if (r.negative > 0)
		text_addf(&page, _(" %lld would go below zero."), (long long)r.negative);
	if (r.left > 0)
		text_addf(&page, _(" %lld lines another sheet counted later are left out."),
			(long long)r.left);
	text_addf(&page, "\n\n%s", text_get(&r.page));
	if (r.lines > REHEARSAL_LINES)
		text_addf(&page, _("… and %lld more: the list shows them."),
			(long long)(r.lines - REHEARSAL_LINES));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){.title = _("Rehearsal of the correction"),
			.text = text_get(&page),
			.yes_label = _("Go on"),
			.is_dangerous = true,
			.yes = ask_number,
			.ctx = self});
	text_free(&page);
	text_free(&r.page);
}

/* ---- void ---- */

static void void_now(void *ctx)
{
	struct sheet_pane *self = ctx;
	cJSON *data = sheet_data(self);
	cJSON_AddStringToObject(data, "reason", self->reason);
	take_step(self, SHEET_VOID, data);
}

static const char *take_reason(void *ctx, const char *value)
{
	struct sheet_pane *self = ctx;
	char text[400];
	if (!*value)
		return _("A reason is needed.");
	snprintf(self->reason, sizeof self->reason, "%.199s", value);
	snprintf(text, sizeof text, _("%s becomes void: “%s”"), sheet_text(self, "number"),
		self->reason);
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){.title = _("Void the sheet?"),
			.text = text,
			.yes_label = _("Void it"),
			.is_dangerous = true,
			.yes = void_now,
			.ctx = self});
	return NULL;
}

/* ---- the rest ---- */

static void run_simple(struct sheet_pane *self, enum sheet_step step)
{
	take_step(self, step, sheet_data(self));
}

static void start_now(void *ctx)
{
	run_simple(ctx, SHEET_START);
}
static void pause_now(void *ctx)
{
	run_simple(ctx, SHEET_PAUSE);
}
static void resume_now(void *ctx)
{
	run_simple(ctx, SHEET_RESUME);
}
static void recount_now(void *ctx)
{
	run_simple(ctx, SHEET_RECOUNT);
}

void sheet_step_run(void *ctx, int step)
{
	static void (*const now[SHEET_STEPS])(void *) = {
		[SHEET_START] = start_now,
		[SHEET_PAUSE] = pause_now,
		[SHEET_RESUME] = resume_now,
		[SHEET_RECOUNT] = recount_now,
	};
	struct sheet_pane *self = ctx;
	char text[400];
	step = step_now(self, step);
	if (step == SHEET_FINISH) {
		finish(self);
	} else if (step == SHEET_CORRECT) {
		correct(self);
	} else if (step == SHEET_VOID) {
		dialog_entry(self->shop->app,
			&(struct dialog_entry_spec){.title = _(steps[step].title),
				.text = _(steps[step].text),
				.submit = take_reason,
				.ctx = self});
	} else {
		snprintf(text, sizeof text, "%s\n%s", sheet_text(self, "number"),
			_(steps[step].text));
		dialog_confirm(self->shop->app,
			&(struct dialog_confirm_spec){.title = _(steps[step].title),
				.text = text,
				.yes_label = _(steps[step].yes),
				.yes = now[step],
				.ctx = self});
	}
}
