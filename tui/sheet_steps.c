/* The steps of a sheet's status. Each asks a second time and says what will happen; the correction has a
 * pane of its own. */
#include "tui/panes.h"
#include "tui/sheet.h"

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"

#include <string.h>
#include <strings.h>

#define SKUS_SHOWN 8 /* of those wished for */

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
	[SHEET_CORRECT] = {"stocktake.correct", NULL, NULL, NULL, "mismatched",
		N_("Only a mismatched sheet can be corrected.")},
	[SHEET_REVERSE] = {"stocktake.reverse", N_("Reverse the correction?"), NULL,
		N_("Make the sheet"), "corrected", N_("Only a corrected sheet can be reversed.")},
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
	const char *elsewhere = sheet_elsewhere_why_not(self);
	if (elsewhere)
		return elsewhere;
	if (!has_word(steps[step].from, sheet_text(self, "status")))
		return _(steps[step].not_from);
	if (step == SHEET_REVERSE && *self->reversed_by.id)
		return _("Another sheet reverses it already.");
	return missing;
}

static void take_step(struct sheet_pane *self, enum sheet_step step, cJSON *data)
{
	shop_do(self->shop, steps[step].op, data, NULL);
}

/* ---- without HQ ---- */

const char *sheet_offline_words(const struct shop *shop)
{
	struct console_counts counts;
	console_count(shop->console, shop->store, &counts);
	return counts.online
		? NULL
		: _("HQ cannot be reached: what other terminals counted may still be out.");
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

/* The word of this language does as well as that of the other. */
static const char *finish_zero(void *ctx, const char *value)
{
	if (strcasecmp(value, "ZERO") != 0 && strcmp(value, _("ZERO")) != 0)
		return _("Type ZERO, or press Esc.");
	finish_with(ctx, "zero");
	return NULL;
}

static long long uncounted_now(const struct sheet_pane *self)
{
	return (long long)(self->progress.lines - self->progress.counted);
}

/* Lines of a recount that nobody counted again, but somebody in an earlier round. */
static long kept_now(const struct sheet_pane *self)
{
	struct db *db = shop_db(self->shop);
	if (!db || !sheet_is_recount(self))
		return 0;
	return (long)db_get_int(db, 0,
		"SELECT count(*) FROM stocktake_line l JOIN stocktake s ON s.id = l.stocktake WHERE "
		"l.stocktake = $1 AND l.recount = 1 AND l.round <> s.round AND l.counted IS NOT NULL",
		"t", self->id);
}

/* What may be done about lines nobody counted, or counted again; the list behind the menu shows them. */
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
	snprintf(text, sizeof text, _("%s: %lld lines become counted zero. Type ZERO to confirm."),
		sheet_text(self, "number"), uncounted_now(self));
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = _("Count the rest as zero"),
			.text = text,
			.submit = finish_zero,
			.ctx = self});
}

static void add_left(struct text *text, long left, long long uncounted)
{
	if (left > 0)
		text_addf(text,
			ngettext("%ld line not counted again keeps its first count.",
				"%ld lines not counted again keep their first count.",
				(unsigned long)left),
			left);
	if (left > 0 && uncounted > 0)
		text_add(text, "\n");
	if (uncounted > 0)
		text_addf(text,
			_("%lld lines were not counted. Not counted is not zero: left uncounted, they stay "
			  "as the book has them and can be recounted."),
			uncounted);
}

static void finish(struct sheet_pane *self)
{
	struct text text = TEXT_INIT(TEXT_SMALL);
	long long uncounted = uncounted_now(self);
	long left = kept_now(self);
	const char *offline = sheet_offline_words(self->shop);
	struct dialog_menu_item items[] = {
		{left > 0 ? _("Go on counting: show the lines to recount")
			  : _("Go on counting: show the uncounted lines"),
			NULL},
		{left > 0 ? _("Finish, and leave them as they are")
			  : _("Finish, and leave them uncounted"),
			NULL},
		{_("Finish, and count the rest as zero"), NULL},
	};
	text_addf(&text, "%s\n", sheet_text(self, "number"));
	if (offline)
		text_addf(&text, "%s\n", offline);
	sheet_zones_left(self, &text);
	if (uncounted == 0 && left == 0) {
		text_add(&text, _(steps[SHEET_FINISH].text));
		dialog_confirm(self->shop->app,
			&(struct dialog_confirm_spec){.title = _(steps[SHEET_FINISH].title),
				.text = text_get(&text),
				.yes_label = _(steps[SHEET_FINISH].yes),
				.yes = finish_leave,
				.ctx = self});
		text_free(&text);
		return;
	}
	add_left(&text, left, uncounted);
	if (left > 0)
		sheet_show_recount(self);
	else
		sheet_show_uncounted(self);
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){.title = _(steps[SHEET_FINISH].title),
			.text = text_get(&text),
			.items = items,
			.count = uncounted > 0 ? 3 : 2,
			.pick = pick_uncounted,
			.ctx = self});
	text_free(&text);
}

/* ---- recount ---- */

static void recount_now(void *ctx)
{
	struct sheet_pane *self = ctx;
	cJSON *data = sheet_data(self);
	if (self->recount.count > 0) {
		cJSON *skus = cJSON_AddArrayToObject(data, "skus");
		for (size_t i = 0; i < self->recount.count; i++)
			cJSON_AddItemToArray(skus, cJSON_CreateString(marks_at(&self->recount, i)));
	}
	self->shows_recount = shop_do(self->shop, steps[SHEET_RECOUNT].op, data, NULL);
	if (self->shows_recount)
		marks_clear(&self->marks);
	marks_clear(&self->recount);
}

/* "3 lines: A1, A2, A3": the first of them, as many as fit. */
static void add_wished(const struct sheet_pane *self, struct text *text)
{
	size_t count = self->recount.count, shown = count < SKUS_SHOWN ? count : SKUS_SHOWN;
	text_addf(text, ngettext("%zu line:", "%zu lines:", (unsigned long)count), count);
	for (size_t i = 0; i < shown; i++)
		text_addf(text, "%s %s", i ? "," : "", marks_at(&self->recount, i));
	text_addf(text, "%s\n", shown < count ? " …" : "");
}

/* No line wished for is all that differ. */
static void ask_recount(struct sheet_pane *self)
{
	struct text text = TEXT_INIT(TEXT_SMALL);
	text_addf(&text, "%s\n", sheet_text(self, "number"));
	if (self->recount.count > 0)
		add_wished(self, &text);
	text_add(&text,
		self->recount.count > 0
			? _("A new round opens for those of them that differ. A line not counted again keeps its count.")
			: _(steps[SHEET_RECOUNT].text));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){.title = _(steps[SHEET_RECOUNT].title),
			.text = text_get(&text),
			.yes_label = _(steps[SHEET_RECOUNT].yes),
			.yes = recount_now,
			.ctx = self});
	text_free(&text);
}

enum { RECOUNT_ALL, RECOUNT_MARKED, RECOUNT_SUGGESTED, RECOUNT_CHOICES };

static void wish_suggested(struct sheet_pane *self)
{
	struct db *db = shop_db(self->shop);
	struct db_rows *rows = db
		? db_query(db,
			  "SELECT sku FROM stocktake_line WHERE stocktake = $1 AND "
			  "suggest = 1 ORDER BY sku LIMIT $2",
			  "ti", self->id, (int64_t)MARKS_MAX)
		: NULL;
	while (rows && db_next(rows))
		marks_add(&self->recount, db_text(rows, 0));
	if (rows)
		db_done(rows);
}

static const char *suggested_why_not(long count)
{
	if (count > MARKS_MAX)
		return _("They are too many to be named: recount all lines that differ.");
	return count > 0 ? NULL : _("There is no line whose recount is suggested.");
}

static void pick_recount(void *ctx, size_t index)
{
	struct sheet_pane *self = ctx;
	marks_clear(&self->recount);
	if (index == RECOUNT_SUGGESTED)
		wish_suggested(self);
	for (size_t i = 0; index == RECOUNT_MARKED && i < self->marks.count; i++)
		marks_add(&self->recount, marks_at(&self->marks, i));
	ask_recount(self);
}

/* Which lines: it is asked only where there is a choice. */
static void recount(struct sheet_pane *self)
{
	char marked[120], suggested[120];
	long count = (long)self->progress.suggest;
	struct dialog_menu_item items[RECOUNT_CHOICES] = {
		[RECOUNT_ALL] = {_("All lines that differ"), NULL},
		[RECOUNT_MARKED] = {marked, self->marks.count ? NULL : _("No line is marked.")},
		[RECOUNT_SUGGESTED] = {suggested, suggested_why_not(count)},
	};
	if (self->marks.count == 0 && count == 0) {
		pick_recount(self, RECOUNT_ALL);
		return;
	}
	snprintf(marked, sizeof marked, _("The marked lines (%zu)"), self->marks.count);
	snprintf(suggested, sizeof suggested, _("The lines whose recount is suggested (%ld)"),
		count);
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){.title = _(steps[SHEET_RECOUNT].title),
			.text = sheet_text(self, "number"),
			.items = items,
			.count = RECOUNT_CHOICES,
			.initial = self->marks.count ? RECOUNT_MARKED : RECOUNT_ALL,
			.pick = pick_recount,
			.ctx = self});
}

/* ---- reversing ---- */

static void reverse_now(void *ctx)
{
	struct sheet_pane *self = ctx;
	struct console_verdict verdict;
	if (shop_do(self->shop, steps[SHEET_REVERSE].op, sheet_data(self), &verdict))
		shop_open_document(self->shop, "stocktake", verdict.id);
	console_verdict_free(&verdict);
}

/* What the sheet wrote to the book, taken back. */
static void ask_reverse(struct sheet_pane *self)
{
	char text[600], loss[SHOP_QTY_BYTES] = "", gain[SHOP_QTY_BYTES] = "";
	int64_t lines = 0;
	struct db *db = shop_db(self->shop);
	struct db_rows *rows = db
		? db_query(db,
			  "SELECT COUNT(*), COALESCE(SUM(CASE WHEN posted > 0 THEN "
			  "-posted END), 0), COALESCE(SUM(CASE WHEN posted < 0 THEN "
			  "-posted END), 0) FROM stocktake_line WHERE stocktake = $1 "
			  "AND posted <> 0",
			  "t", self->id)
		: NULL;
	if (rows && db_next(rows)) {
		lines = db_int(rows, 0);
		shop_qty_signed(db_int(rows, 1), loss);
		shop_qty_signed(db_int(rows, 2), gain);
	}
	if (rows)
		db_done(rows);
	snprintf(text, sizeof text,
		ngettext(
			"%s corrected %lld line. A new sheet opens that takes it back: loss %s, gain %s. Nothing is posted until that sheet is corrected.",
			"%s corrected %lld lines. A new sheet opens that takes them back: loss %s, gain %s. Nothing is posted until that sheet is corrected.",
			(unsigned long)lines),
		sheet_text(self, "number"), (long long)lines, loss, gain);
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){.title = _(steps[SHEET_REVERSE].title),
			.text = text,
			.yes_label = _(steps[SHEET_REVERSE].yes),
			.is_dangerous = true,
			.yes = reverse_now,
			.ctx = self});
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

/* ---- from the key ---- */

static void ask_reason(struct sheet_pane *self)
{
	char text[400];
	snprintf(
		text, sizeof text, "%s\n%s", sheet_text(self, "number"), _(steps[SHEET_VOID].text));
	dialog_entry(self->shop->app,
		&(struct dialog_entry_spec){.title = _(steps[SHEET_VOID].title),
			.text = text,
			.submit = take_reason,
			.ctx = self});
}

static void rehearse(struct sheet_pane *self)
{
	shop_push(self->shop, pane_correct_new(self->shop, self->id));
}

static void start_now(void *ctx)
{
	take_step(ctx, SHEET_START, sheet_data(ctx));
}

static void pause_now(void *ctx)
{
	take_step(ctx, SHEET_PAUSE, sheet_data(ctx));
}

static void resume_now(void *ctx)
{
	take_step(ctx, SHEET_RESUME, sheet_data(ctx));
}

void sheet_step_run(void *ctx, int step)
{
	static void (*const asks[SHEET_STEPS])(struct sheet_pane *) = {
		[SHEET_FINISH] = finish,
		[SHEET_RECOUNT] = recount,
		[SHEET_CORRECT] = rehearse,
		[SHEET_REVERSE] = ask_reverse,
		[SHEET_VOID] = ask_reason,
	};
	static void (*const yes[SHEET_STEPS])(void *) = {
		[SHEET_START] = start_now,
		[SHEET_PAUSE] = pause_now,
		[SHEET_RESUME] = resume_now,
	};
	struct sheet_pane *self = ctx;
	char text[400];
	step = step_now(self, step);
	if (asks[step]) {
		asks[step](self);
		return;
	}
	snprintf(text, sizeof text, "%s\n%s", sheet_text(self, "number"), _(steps[step].text));
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){.title = _(steps[step].title),
			.text = text,
			.yes_label = _(steps[step].yes),
			.yes = yes[step],
			.ctx = self});
}
