/*
 * The zone a person counts in. It is claimed when it is entered; what is counted carries it and says which
 * counting of it this is, as of when it was entered: whoever claims it again counts apart.
 *
 * A zone in somebody else's hands asks, and warns with each scan, but is counted in all the same: what was
 * counted is a fact. One that is done asks, because counting it again is a recount of it.
 */
#include "tui/sheet.h"

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int64_t round_now(const struct sheet_pane *self)
{
	return source_int(&self->head, &self->row, "round");
}

/* ---- reading ---- */

/* The zone this person holds at this terminal goes on when the sheet is opened again. Whoever signs in anew
 * starts with a zone, a number and scans of the own. */
static void go_on(struct sheet_pane *self, struct db *db)
{
	char *zone = db_get_text(db,
		"SELECT zone FROM count_zone WHERE stocktake = $1 AND status = 'open' AND round = $2 AND "
		"holder = $3 AND device = $4 ORDER BY since DESC LIMIT 1",
		"titt", self->id, round_now(self), self->shop->staff, self->shop->console->device);
	snprintf(self->zone, sizeof self->zone, "%s", zone ? zone : "");
	snprintf(self->seated, sizeof self->seated, "%s", self->shop->staff);
	self->sitting = (struct sheet_sitting){0};
	self->typed = (struct sheet_typed){.text = ""};
	self->zone_round = 0;
	free(zone);
}

/* The pass that this person counts again: in the zone counted in now, or else where it began last. */
static void read_again(struct sheet_pane *self, struct db *db)
{
	struct db_rows *rows = db_query(db,
		"SELECT zone, pass FROM count_zone WHERE stocktake = $1 AND status = 'open' AND round = $2 AND "
		"holder = $3 AND pass > 1 ORDER BY zone <> $4, since DESC LIMIT 1",
		"titt", self->id, round_now(self), self->shop->staff, self->zone);
	self->again = (struct sheet_again){.pass = 0};
	if (sheet_is_open(self) && db_next(rows)) {
		snprintf(self->again.zone, sizeof self->again.zone, "%s", db_text(rows, 0));
		self->again.pass = db_int(rows, 1);
	}
	db_done(rows);
}

/* Of the figures of the sheet only what this pass has; the others would tell what the first one found. */
static void show_own_figures(struct sheet_pane *self, struct db *db)
{
	struct stocktake_progress *p = &self->progress;
	bool recounts = sheet_is(self, "recounting");
	struct db_rows *rows = db_query(db,
		"SELECT e.sku, e.mode, e.qty, l.recount FROM count_entry e JOIN stocktake_line l ON l.stocktake = "
		"e.stocktake AND l.sku = e.sku WHERE e.stocktake = $1 AND e.zone = $2 AND e.round = $3 AND "
		"e.pass = $4 AND e.undone = 0 AND e.mode <> 'zero' ORDER BY e.sku, e.at, e.no",
		"ttii", self->id, self->again.zone, round_now(self), self->again.pass);
	char sku[COMMAND_ID_MAX + 1] = "";
	int64_t sum_milli = 0;
	p->hidden = true;
	p->pieces = p->entries = p->counted = p->done = 0;
	p->loss_qty = p->gain_qty = p->loss_value = p->gain_value = 0;
	while (db_next(rows)) {
		bool is_new = strcmp(sku, db_text(rows, 0)) != 0;
		bool starts = is_new || strcmp(db_text(rows, 1), "set") == 0;
		if (is_new) {
			p->pieces += sum_milli;
			p->counted++;
			p->done += !recounts || db_int(rows, 3) != 0;
		}
		snprintf(sku, sizeof sku, "%s", db_text(rows, 0));
		sum_milli = db_int(rows, 2) + (starts ? 0 : sum_milli);
		p->entries++;
	}
	p->pieces += sum_milli;
	db_done(rows);
}

void sheet_zone_read(struct sheet_pane *self)
{
	struct db *db = shop_db(self->shop);
	if (!db || !self->found)
		return;
	if (strcmp(self->seated, self->shop->staff) != 0)
		go_on(self, db);
	read_again(self, db);
	self->has_holder = *self->zone &&
		stocktake_zone_find(db, self->id, self->zone, &self->held) &&
		self->held.round == round_now(self);
	if (self->zone_round != round_now(self))
		self->pass = stocktake_zone_pass(db, self->id, self->zone);
	self->zone_round = round_now(self);
	if (sheet_is_double_blind(self))
		show_own_figures(self, db);
}

bool sheet_is_double_blind(const struct sheet_pane *self)
{
	return self->again.pass > 1;
}

const char *sheet_double_blind_why_not(const struct sheet_pane *self)
{
	return sheet_is_double_blind(self)
		? _("You are counting a zone again: what was counted before is hidden until you release it.")
		: NULL;
}

static bool is_held_by_other(const struct sheet_pane *self)
{
	return self->has_holder && self->held.open &&
		strcmp(self->held.holder, self->shop->staff) != 0;
}

bool sheet_zone_holder(struct sheet_pane *self, char who[SHOP_NAME_BYTES])
{
	bool is_other = *self->zone && is_held_by_other(self);

	if (is_other)
		shop_staff_name(self->shop, self->held.holder, who, SHOP_NAME_BYTES);
	return is_other;
}

void sheet_zone_words(const struct sheet_pane *self, char *out, size_t size)
{
	int used;
	out[0] = '\0';
	if (!*self->zone || !(sheet_is_open(self) || sheet_is(self, "paused")))
		return;
	used = snprintf(out, size, _("zone %s"), self->zone);
	if (self->pass > 1 && used > 0 && (size_t)used < size)
		/* TRANSLATORS: behind the name of a zone: which counting of it this is. */
		used += snprintf(out + used, size - (size_t)used, _(", counting %lld"),
			(long long)self->pass);
	if (is_held_by_other(self) && used > 0 && (size_t)used < size)
		snprintf(out + used, size - (size_t)used, "%s", _(", held by somebody else"));
}

/* Entries of one SKU in the round at hand, zone by zone; a typed quantity starts its zone anew. `no` keeps
 * SQLite on the index of the line: that of the zones would read the whole sheet. */
static struct db_rows *entries_of(struct sheet_pane *self, struct db *db, const char *sku)
{
	return db_query(db,
		"SELECT zone, pass, mode, qty FROM count_entry WHERE stocktake = $1 AND sku = $2 AND "
		"no > 0 AND undone = 0 AND mode <> 'zero' AND round = $3 ORDER BY zone, pass, at, id",
		"tti", self->id, sku, round_now(self));
}

static int64_t add_entry(int64_t sum_milli, struct db_rows *entry)
{
	return strcmp(db_text(entry, 2), "set") == 0 ? db_int(entry, 3)
						     : sum_milli + db_int(entry, 3);
}

/* False if the pass has not counted it. */
static bool sum_of_pass(struct sheet_pane *self, const char *sku, const struct sheet_again *pass,
	int64_t *sum_milli)
{
	struct db *db = shop_db(self->shop);
	bool any = false;
	*sum_milli = 0;
	if (!db)
		return false;
	struct db_rows *rows = entries_of(self, db, sku);
	while (db_next(rows)) {
		if (strcmp(db_text(rows, 0), pass->zone) != 0 || db_int(rows, 1) != pass->pass)
			continue;
		any = true;
		*sum_milli = add_entry(*sum_milli, rows);
	}
	db_done(rows);
	return any;
}

bool sheet_again_sum(struct sheet_pane *self, const char *sku, int64_t *sum_milli)
{
	return sum_of_pass(self, sku, &self->again, sum_milli);
}

int64_t sheet_zone_sum(struct sheet_pane *self, const char *sku)
{
	struct sheet_again pass = {.pass = self->pass};
	int64_t sum_milli;
	snprintf(pass.zone, sizeof pass.zone, "%s", self->zone);
	sum_of_pass(self, sku, &pass, &sum_milli);
	return sum_milli;
}

static void add_zone(struct text *out, const char *zone, int64_t sum_milli)
{
	char qty[SHOP_QTY_BYTES];
	shop_qty(sum_milli, qty);
	text_addf(out, "%s%s %s", out->length ? ", " : "", *zone ? zone : _("no zone"), qty);
}

/* The newest counting of each zone counts: "A 86, no zone 1". */
void sheet_zones_now(struct sheet_pane *self, const char *sku, struct text *out)
{
	struct db *db = shop_db(self->shop);
	char zone[COMMAND_ID_MAX * 4] = "";
	int64_t sum_milli = 0, pass = 0;
	bool any = false;
	if (!db || sheet_is_double_blind(self))
		return;
	struct db_rows *rows = entries_of(self, db, sku);
	while (db_next(rows)) {
		bool is_other = !any || strcmp(db_text(rows, 0), zone) != 0;
		if (is_other && any)
			add_zone(out, zone, sum_milli);
		if (is_other || db_int(rows, 1) != pass)
			sum_milli = 0;
		any = true;
		pass = db_int(rows, 1);
		snprintf(zone, sizeof zone, "%s", db_text(rows, 0));
		sum_milli = add_entry(sum_milli, rows);
	}
	db_done(rows);
	if (any)
		add_zone(out, zone, sum_milli);
}

/* ---- names ---- */

const char *sheet_zone_name(const char *typed, char zone[SHEET_ZONE_BYTES])
{
	struct stocktake_zone_name name;
	bool good = stocktake_zone_fold(typed, &name);
	memcpy(zone, name.text, SHEET_ZONE_BYTES);
	if (good || strlen(typed) <= STOCKTAKE_ZONE_MAX / 3)
		return NULL;
	return _("At most 200 letters, or 66 Chinese characters.");
}

bool sheet_zone_label(const char *code, char zone[SHEET_ZONE_BYTES])
{
	static const char word[] = "ZONE";
	if (strncasecmp(code, word, sizeof word - 1) != 0 || !strchr(": ", code[sizeof word - 1]) ||
		!code[sizeof word - 1])
		return false;
	return sheet_zone_name(code + sizeof word, zone) || *zone;
}

/* ---- entering ---- */

static bool claim(struct sheet_pane *self, const char *zone, const char *how)
{
	cJSON *data = sheet_data(self);
	cJSON_AddStringToObject(data, "zone", zone);
	if (how)
		cJSON_AddBoolToObject(data, how, true);
	return shop_do_quietly(self->shop, "stocktake.claim", data, NULL);
}

void sheet_zone_set(struct sheet_pane *self, const char *zone)
{
	struct db *db = shop_db(self->shop);
	memmove(self->zone, zone, strlen(zone) + 1);
	self->zone_round = round_now(self);
	self->pass = db ? stocktake_zone_pass(db, self->id, zone) : 1;
	self->is_unread = self->is_stale = true;
	sheet_read(self);
}

/* Nobody has a zone in a new round: who counts on in it claims it once more. */
void sheet_zone_keep(struct sheet_pane *self)
{
	sheet_read(self);
	if (!*self->zone || self->has_holder)
		return;
	claim(self, self->zone, NULL);
	self->is_unread = self->is_stale = true;
	sheet_read(self);
}

void sheet_zone_take(struct sheet_pane *self, const char *zone, const char *how)
{
	bool claimed = claim(self, zone, how);
	sheet_zone_set(self, zone);
	if (!claimed)
		return;
	if (self->pass > 1)
		app_say(self->shop->app, ROLE_OK,
			_("Counting in zone %s, counting %lld: what was counted before is hidden."),
			zone, (long long)self->pass);
	else
		app_say(self->shop->app, ROLE_OK, _("Counting in zone %s. It is yours."), zone);
	app_signal(self->shop->app, APP_SIGNAL_GOOD);
}

/* ---- what counting in a zone means that somebody else counts or has counted ---- */

/* Counted on, whoever has it. */
static void add_to(struct sheet_pane *self)
{
	char who[SHOP_NAME_BYTES];

	sheet_zone_set(self, self->asked_zone);
	if (sheet_zone_holder(self, who))
		app_say(self->shop->app, ROLE_WARN,
			_("Counting in zone %s of %s: each scan says so."), self->zone, who);
	else
		app_say(self->shop->app, ROLE_NORMAL, _("Counting in zone %s."), self->zone);
}

/* A zone that is still open is done for whoever had it, before it is counted once more. */
static void count_again(struct sheet_pane *self)
{
	cJSON *data = sheet_data(self);

	cJSON_AddStringToObject(data, "zone", self->asked_zone);
	if (!self->asked_open)
		cJSON_Delete(data);
	else if (!shop_do_quietly(self->shop, "stocktake.release", data, NULL))
		return;
	sheet_zone_take(self, self->asked_zone, "again");
}

static void pick(void *ctx, size_t index)
{
	if (index == 0)
		count_again(ctx);
	else if (index == 1)
		add_to(ctx);
}

static void ask(struct sheet_pane *self, const struct stocktake_zone *held)
{
	char who[SHOP_NAME_BYTES], since[SHOP_WHEN_BYTES], text[SHEET_ZONE_BYTES + 400];
	const struct dialog_menu_item items[] = {
		{_("Count it again: what was counted is hidden"),
			held->open ? shop_needs(self->shop, ROLE_MANAGER) : NULL},
		{_("Add to what was counted in it"), NULL},
		{_("Not this zone"), NULL},
	};

	self->asked_open = held->open;
	shop_staff_name(self->shop, held->holder, who, sizeof who);
	shop_when(self->shop, held->since_ms, since);
	if (held->open)
		/* TRANSLATORS: the sheet's number, a zone, a person, a time. */
		snprintf(text, sizeof text, _("%s: zone %s is held by %s since %s."),
			sheet_text(self, "number"), self->asked_zone, who, since);
	else
		/* TRANSLATORS: the sheet's number, a zone, a person. */
		snprintf(text, sizeof text, _("%s: zone %s is done, counted by %s."),
			sheet_text(self, "number"), self->asked_zone, who);
	app_signal(self->shop->app, APP_SIGNAL_ODD);
	dialog_menu(self->shop->app,
		&(struct dialog_menu_spec){
			.title = held->open ? _("Somebody else's zone") : _("The zone is done"),
			.text = text,
			.items = items,
			.count = sizeof items / sizeof *items,
			.initial = held->open ? 2 : 0,
			.pick = pick,
			.ctx = self});
}

void sheet_zone_enter(struct sheet_pane *self, const char *zone)
{
	struct stocktake_zone held;
	struct db *db = shop_db(self->shop);
	memmove(self->asked_zone, zone, strlen(zone) + 1);
	if (!*zone) {
		sheet_zone_set(self, "");
		app_say(self->shop->app, ROLE_NORMAL, _("Counting without a zone."));
		return;
	}
	bool known = db && stocktake_zone_find(db, self->id, self->asked_zone, &held) &&
		held.round == round_now(self);
	if (known && !(held.open && strcmp(held.holder, self->shop->staff) == 0))
		ask(self, &held);
	else
		sheet_zone_take(self, self->asked_zone, NULL);
}

void sheet_zone_scanned(struct sheet_pane *self, const char *zone)
{
	const char *why_not = sheet_count_why_not(self, 0);
	if (!why_not && *zone) {
		sheet_zone_enter(self, zone);
		return;
	}
	if (!why_not)
		why_not = _("The name of this zone is too long: scans count where they did.");
	app_say(self->shop->app, ROLE_ERROR, "%s", why_not);
	app_signal(self->shop->app, APP_SIGNAL_BAD);
}

#define ZONES_NAMED 5

void sheet_zones_left(struct sheet_pane *self, struct text *out)
{
	struct db *db = shop_db(self->shop);
	int64_t count = 0;
	if (!db)
		return;
	struct db_rows *rows = db_query(db,
		"SELECT zone, holder FROM count_zone WHERE stocktake = $1 AND status = 'open' AND round = $2 "
		"ORDER BY zone",
		"ti", self->id, round_now(self));
	for (; db_next(rows); count++) {
		char who[SHOP_NAME_BYTES];
		if (count >= ZONES_NAMED)
			continue;
		shop_staff_name(self->shop, db_text(rows, 1), who, sizeof who);
		text_add(out, count == 0 ? _("Still being counted: ") : ", ");
		text_addf(out, "%s (%s)", db_text(rows, 0), who);
	}
	db_done(rows);
	if (count > ZONES_NAMED)
		text_addf(out, _(" and %lld more"), (long long)(count - ZONES_NAMED));
	if (count > 0)
		text_add(out, "\n");
}
