#include "tui/dossier_page.h"

#include <string.h>

#include "model/i18n.h"
#include "model/when.h"
#include "tui/cols.h"
#include "tui/layout.h"
#include "tui/ticket_result.h"

#define VALUE_COLS_MIN 28
#define VALUE_COLS_MAX 64
#define GAP_COLS 2
#define BELOW_ROWS_MIN 2 /* a rule, and a line of what became of it */

/* ---- one fact of one redemption; false: nothing worth saying where there is little room ---- */

static void put(char *out, const char *text)
{
	snprintf(out, DOSSIER_TEXT_BYTES, "%s", text);
}

static bool put_store(const struct shop *shop, const struct dossier_use *use, char *out)
{
	shop_store_name(shop, use->store, out, DOSSIER_TEXT_BYTES);
	return true;
}

static bool put_actor(const struct shop *shop, const struct dossier_use *use, char *out)
{
	shop_staff_name(shop, use->actor, out, DOSSIER_TEXT_BYTES);
	return true;
}

static bool put_device(const struct shop *shop, const struct dossier_use *use, char *out)
{
	shop_device_name(shop, use->device, out, DOSSIER_TEXT_BYTES);
	if (!out[0])
		put(out, _("not recorded"));
	return use->device[0];
}

/* Two people at two counters are seconds apart. */
static void put_to_the_second(const struct shop *shop, int64_t ms, char *out, size_t size)
{
	char when[SHOP_WHEN_BYTES];

	shop_when_full(shop, ms, when);
	snprintf(out, size, "%s:%02d", when, (int)(ms / 1000 % 60));
}

static bool put_when(const struct shop *shop, const struct dossier_use *use, char *out)
{
	char when[SHOP_WHEN_BYTES + 8];
	char claimed[SHOP_WHEN_BYTES];
	char error[40];

	put_to_the_second(shop, use->at_ms, when, sizeof(when));
	if (!use->is_offline)
		snprintf(out, DOSSIER_TEXT_BYTES, _("%s, HQ's clock"), when);
	else if (use->claimed_ms) {
		shop_when_full(shop, use->claimed_ms, claimed);
		snprintf(out, DOSSIER_TEXT_BYTES,
			_("%s, when it reached HQ: its own clock said %s"), when, claimed);
	} else if (use->clock_error_ms == DOSSIER_NOT_KNOWN)
		snprintf(out, DOSSIER_TEXT_BYTES, _("%s, the terminal's clock"), when);
	else {
		dossier_error_words(use->clock_error_ms, error, sizeof(error));
		snprintf(out, DOSSIER_TEXT_BYTES, "%s %s", when, error);
	}
	return true;
}

static bool put_recorded(const struct shop *shop, const struct dossier_use *use, char *out)
{
	if (use->is_pending)
		put(out, _("not yet: HQ has not confirmed it"));
	else if (use->is_offline)
		put_to_the_second(shop, use->recorded_ms, out, DOSSIER_TEXT_BYTES);
	else
		put(out, _("at once"));
	return use->is_offline && !use->claimed_ms;
}

static bool put_units(const struct shop *shop, const struct dossier_use *use, char *out)
{
	(void)shop;
	snprintf(out, DOSSIER_TEXT_BYTES, "%lld", (long long)use->qty);
	return true;
}

static bool put_how(const struct shop *shop, const struct dossier_use *use, char *out)
{
	(void)shop;
	if (!use->is_offline)
		put(out, _("Online"));
	else if (use->line[0])
		/* TRANSLATORS: why HQ was not asked: "the line was down". */
		snprintf(out, DOSSIER_TEXT_BYTES, _("Offline: %s"), shop_word("value", use->line));
	else
		put(out, _("Offline"));
	return true;
}

static bool put_data(const struct shop *shop, const struct dossier_use *use, char *out)
{
	char age[SHOP_WHEN_BYTES];
	char when[SHOP_WHEN_BYTES];

	if (!use->is_offline) {
		put(out, _("HQ's own"));
		return false;
	}
	if (use->cache_age_s == DOSSIER_NOT_KNOWN) {
		put(out, _("not recorded"));
		return true;
	}
	shop_age(use->cache_age_s * 1000, age, sizeof(age));
	shop_when(shop, use->cache_ms, when);
	/* TRANSLATORS: how old the copy of HQ's data was: an age, a time of day. */
	snprintf(out, DOSSIER_TEXT_BYTES, when[0] ? _("%s old, as of %s") : _("%s old"), age, when);
	return true;
}

static bool put_left(const struct shop *shop, const struct dossier_use *use, char *out)
{
	(void)shop;
	if (!use->is_offline)
		put(out, _("as HQ had it"));
	else if (use->remaining == DOSSIER_NOT_KNOWN)
		put(out, _("not recorded"));
	else
		snprintf(out, DOSSIER_TEXT_BYTES, "%lld", (long long)use->remaining);
	return use->is_offline;
}

/* A program of HQ's has no screen. */
static bool put_shown(const struct shop *shop, const struct dossier_use *use, char *out)
{
	(void)shop;
	if (use->is_offline)
		put(out, ticket_headline_of(use->shown[0] ? use->shown : "offline").words);
	else
		put(out, ticket_headline_of("ok").words);
	return true;
}

static bool put_voided(const struct shop *shop, const struct dossier_use *use, char *out)
{
	char when[SHOP_WHEN_BYTES];
	char who[SHOP_NAME_BYTES];

	if (!use->is_voided) {
		put(out, shop_word("value", "false"));
		return false;
	}
	shop_when(shop, use->voided_ms, when);
	shop_staff_name(shop, use->voided_by, who, sizeof(who));
	/* TRANSLATORS: when, by whom, the reason. */
	snprintf(out, DOSSIER_TEXT_BYTES, _("%s by %s: %s"), when, who, use->void_reason);
	return true;
}

/* `line`: on which of the lines it stands where they are one above the other; it needs its label there where
 * it would not be understood without. */
static const struct {
	const char *label; /* N_ */
	bool (*put)(const struct shop *shop, const struct dossier_use *use, char *out);
	int line;
	bool is_labelled;
} facts[] = {
	{N_("Store"), put_store, 0, false},
	{N_("By"), put_actor, 0, false},
	{N_("Terminal"), put_device, 0, false},
	{N_("When"), put_when, 1, false},
	{N_("Reached HQ"), put_recorded, 1, true},
	{N_("Units"), put_units, 0, true},
	{N_("How"), put_how, 2, false},
	{N_("Data used"), put_data, 2, true},
	{N_("Saw left"), put_left, 2, true},
	{N_("Screen said"), put_shown, 2, true},
	{N_("Voided"), put_voided, 2, true},
};
#define FACTS ((int)(sizeof(facts) / sizeof(facts[0])))
#define LINES 3

_Static_assert(FACTS <= DOSSIER_FACTS_MAX, "all facts have room");

/* ---- filling ---- */

static const struct dossier_use *use_of(const struct dossier *dossier, int index)
{
	return index >= 0 && index < dossier->use_count ? &dossier->uses[index] : NULL;
}

static void put_head(
	const struct dossier *dossier, int index, const struct dossier_use *use, char *out)
{
	bool is_charged = dossier_is(dossier, "charged_back") &&
		strcmp(dossier->redemption, use->id) == 0;

	/* TRANSLATORS: which of how many redemptions of the code, and ": bears it" or nothing. */
	snprintf(out, DOSSIER_TEXT_BYTES, _("Redemption %d/%ld%s"), index + 1, dossier->use_total,
		is_charged ? _(": bears it") : "");
}

void dossier_page_fill(struct dossier_page *page, const struct shop *shop,
	const struct dossier *dossier, const int pair[DOSSIER_SIDES])
{
	page->fact_count = FACTS;
	for (int i = 0; i < FACTS; i++)
		snprintf(page->facts[i].label, sizeof(page->facts[i].label), "%s",
			gettext(facts[i].label));
	for (int side = 0; side < DOSSIER_SIDES; side++) {
		const struct dossier_use *use = use_of(dossier, pair[side]);

		page->heads[side][0] = '\0';
		if (use)
			put_head(dossier, pair[side], use, page->heads[side]);
		for (int i = 0; i < FACTS; i++) {
			struct dossier_fact *fact = &page->facts[i];

			fact->texts[side][0] = '\0';
			fact->is_worth[side] = use && facts[i].put(shop, use, fact->texts[side]);
			fact->roles[side] = fact->is_worth[side] && !use->is_voided ? ROLE_NORMAL
										    : ROLE_DIM;
		}
	}
}

/* ---- fitting ---- */

static int fact_rows(const struct dossier_fact *fact, int value_cols)
{
	int left = cols_wrap_count(fact->texts[0], value_cols);
	int right = cols_wrap_count(fact->texts[1], value_cols);
	int rows = left > right ? left : right;

	return rows > 0 ? rows : 1;
}

static int facts_rows(const struct dossier_page *page)
{
	int rows = 1; /* the heads */

	for (int i = 0; i < page->fact_count; i++)
		rows += fact_rows(&page->facts[i], page->value_cols);
	return rows;
}

static void fit_columns(struct dossier_page *page, int width_cols)
{
	page->label_cols = 0;
	for (int i = 0; i < page->fact_count; i++)
		if (cols_width(page->facts[i].label) > page->label_cols)
			page->label_cols = cols_width(page->facts[i].label);
	page->value_cols = (width_cols - 2 - page->label_cols - DOSSIER_SIDES * GAP_COLS) /
		DOSSIER_SIDES;
	if (page->value_cols > VALUE_COLS_MAX)
		page->value_cols = VALUE_COLS_MAX;
}

/* The facts of one side that stand on one line, joined. */
static void join(const struct dossier_page *page, int side, int line, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (int i = 0; i < FACTS && used < size; i++) {
		const struct dossier_fact *fact = &page->facts[i];
		bool is_bare = !facts[i].is_labelled;

		if (facts[i].line != line || !fact->is_worth[side])
			continue;
		snprintf(out + used, size - used, "%s%s%s%s", used ? " \u00b7 " : "",
			is_bare ? "" : fact->label, is_bare ? "" : " ", fact->texts[side]);
		used = strlen(out);
	}
}

static void add_side(struct dossier_page *page, int side)
{
	char text[TICKET_LINE_BYTES];

	join(page, side, 0, text, sizeof(text));
	ticket_page_add(&page->text, ROLE_COLUMN, NULL, "%s \u00b7 %s", page->heads[side], text);
	for (int line = 1; line < LINES; line++) {
		join(page, side, line, text, sizeof(text));
		if (text[0])
			ticket_page_add(&page->text, page->facts[0].roles[side], NULL, "%s", text);
	}
}

static void add_one_above_the_other(struct dossier_page *page)
{
	for (int side = 0; side < DOSSIER_SIDES; side++)
		if (page->heads[side][0])
			add_side(page, side);
}

static void add_history(void *ctx, const char *line)
{
	struct dossier_page *page = ctx;

	ticket_page_add(&page->text, ROLE_DIM, NULL, "%s", line);
}

void dossier_page_fit(struct dossier_page *page, const struct shop *shop,
	const struct dossier *dossier, const struct rect *area)
{
	char state[TICKET_LINE_BYTES];
	bool is_open = dossier_is_unsettled(dossier);

	fit_columns(page, area->cols);
	page->is_side_by_side = page->value_cols >= VALUE_COLS_MIN &&
		facts_rows(page) + BELOW_ROWS_MIN <= area->rows;
	ticket_page_clear(&page->text);
	dossier_state(shop, dossier, state, sizeof(state));
	/* What is to be done is read first where there is little room. */
	ticket_page_add(&page->text, is_open ? ROLE_WARN : ROLE_OK, NULL, "%s", state);
	if (!page->is_side_by_side)
		add_one_above_the_other(page);
	dossier_history(shop, dossier, add_history, page);
}

/* ---- painting ---- */

static void paint_side(const struct dossier_page *page, const struct dossier_fact *fact, int side,
	const struct rect *row)
{
	struct rect value = *row;

	value.x += 1 + page->label_cols + GAP_COLS + side * (page->value_cols + GAP_COLS);
	value.cols = page->value_cols;
	draw_paragraph(&value, fact->roles[side], fact->texts[side], 0);
}

static void paint_facts(const struct dossier_page *page, const struct rect *area)
{
	struct rect row = *area;
	int first_x = area->x + 1 + page->label_cols + GAP_COLS;

	for (int side = 0; side < DOSSIER_SIDES; side++)
		draw_text(area->y, first_x + side * (page->value_cols + GAP_COLS), page->value_cols,
			ROLE_COLUMN, page->heads[side]);
	row.y++;
	for (int i = 0; i < page->fact_count; i++) {
		const struct dossier_fact *fact = &page->facts[i];

		row.rows = fact_rows(fact, page->value_cols);
		draw_text(row.y, row.x + 1, page->label_cols, ROLE_DIM, fact->label);
		for (int side = 0; side < DOSSIER_SIDES; side++)
			paint_side(page, fact, side, &row);
		row.y += row.rows;
	}
}

void dossier_page_repaint(struct dossier_page *page, const struct rect *area)
{
	struct rect below = *area;
	struct rect above;

	if (page->is_side_by_side) {
		above = layout_take_top(&below, facts_rows(page));
		paint_facts(page, &above);
		draw_rule(below.y, below.x, below.cols, ROLE_DIM);
		layout_take_top(&below, 1);
	}
	ticket_page_repaint(&page->text, &below);
}
