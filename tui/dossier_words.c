/* A dossier and its redemptions in words. */
#include "tui/dossier.h"

#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/text.h"
#include "tui/dialog.h"
#include "tui/inbox_rows.h"

#define TOLD_BYTES 400
#define PERSON_BYTES (SHOP_NAME_BYTES * 2 + 16)
#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* Rounded up: it is never said to be less than it is. */
void dossier_error_words(int64_t error_ms, char *out, size_t size)
{
	if (error_ms < SECOND_MS)
		snprintf(out, size, _("± %lld ms"), (long long)error_ms);
	else if (error_ms <= 2 * MINUTE_MS)
		snprintf(out, size, _("± %lld s"),
			(long long)((error_ms + SECOND_MS - 1) / SECOND_MS));
	else if (error_ms <= 2 * HOUR_MS)
		snprintf(out, size, _("± %lld min"),
			(long long)((error_ms + MINUTE_MS - 1) / MINUTE_MS));
	else if (error_ms <= 2 * DAY_MS)
		snprintf(out, size, _("± %lld h"), (long long)((error_ms + HOUR_MS - 1) / HOUR_MS));
	else
		snprintf(
			out, size, _("± %lld days"), (long long)((error_ms + DAY_MS - 1) / DAY_MS));
}

void dossier_use_line(
	const struct shop *shop, const struct dossier_use *use, char *out, size_t size)
{
	char store[SHOP_NAME_BYTES];
	char actor[SHOP_NAME_BYTES];
	char when[SHOP_WHEN_BYTES];

	shop_store_name(shop, use->store, store, sizeof(store));
	shop_staff_name(shop, use->actor, actor, sizeof(actor));
	shop_when(shop, use->at_ms, when);
	/* TRANSLATORS: the store, who, when, remarks such as ", offline". */
	snprintf(out, size, _("%s, %s, %s%s%s"), store, actor, when,
		use->is_offline ? _(", offline") : "", use->is_voided ? _(", voided") : "");
}

/* ---- what became of it ---- */

/* A person, and the store where it was done if it was at one. */
static void put_person(
	const struct shop *shop, const char *actor, const char *store, char *out, size_t size)
{
	char who[SHOP_NAME_BYTES];
	char where[SHOP_NAME_BYTES];

	shop_staff_name(shop, actor ? actor : "", who, sizeof(who));
	shop_store_name(shop, store ? store : "", where, sizeof(where));
	if (where[0])
		/* TRANSLATORS: two things in a row. */
		snprintf(out, size, _("%s, %s"), who, where);
	else
		snprintf(out, size, "%s", who);
}

static void put_settled(
	const struct shop *shop, const struct dossier *dossier, char *out, size_t size)
{
	char when[SHOP_WHEN_BYTES];
	char person[PERSON_BYTES];

	shop_when_full(shop, dossier->settled_ms, when);
	put_person(shop, dossier->settled_by, dossier->settled_store, person, sizeof(person));
	/* TRANSLATORS: when, by whom. */
	snprintf(out, size, _("%s by %s"), when, person);
}

static const struct {
	const char *status;
	const char *words; /* N_, with the place for when and by whom */
} states[] = {
	{"honoured", N_("All honoured, %s.")},
	{"reported", N_("Reported to HQ, %s. HQ decides.")},
};

void dossier_state(const struct shop *shop, const struct dossier *dossier, char *out, size_t size)
{
	char settled[PERSON_BYTES + SHOP_WHEN_BYTES + 16];
	char name[SHOP_NAME_BYTES];
	size_t used;

	put_settled(shop, dossier, settled, sizeof(settled));
	shop_when_full(shop, dossier->opened_ms, name);
	snprintf(out, size, "%s", shop_word("dossier", dossier->status));
	if (dossier_is(dossier, "open") && dossier->settled_ms)
		snprintf(out, size,
			_("Open again: the code was redeemed once more after it was settled, %s."),
			settled);
	else if (dossier_is(dossier, "open"))
		snprintf(out, size, _("Open since %s. Decide who bears it."), name);
	else if (dossier_is(dossier, "void"))
		snprintf(out, size, "%s",
			_("Nothing to decide any more: a void brought the code back within its units."));
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (dossier_is(dossier, states[i].status)) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			/* The formats are ours, from the table above. */
			snprintf(out, size, gettext(states[i].words), settled);
#pragma GCC diagnostic pop
		}
	if (dossier_is(dossier, "charged_back")) {
		shop_store_name(shop, dossier->charged, name, sizeof(name));
		/* TRANSLATORS: the store that bears it; when and by whom it was decided. */
		snprintf(out, size, _("Charged back to %s, %s."), name, settled);
	}
	used = strlen(out);
	if (dossier->note[0] && used < size)
		snprintf(out + used, size - used, _(" Note: %s"), dossier->note);
}

/* ---- all that is behind it ---- */

static const struct {
	const char *told;
	const char *words; /* N_ */
} told_words[] = {
	{"open", N_("the dossier was opened")},
	{"open again", N_("the dossier was opened again")},
	{"void", N_("the dossier was ended")},
};

/* What the model tells of a dossier: what happened to it, or its status, the
 * store that is charged, and ": " with a note. */
static void put_told(const struct shop *shop, const char *told, char *out, size_t size)
{
	char status[TOLD_BYTES];
	char store[SHOP_NAME_BYTES] = "";
	const char *note = strstr(told, ": ");
	char words[TOLD_BYTES];
	char *space;

	for (size_t i = 0; i < sizeof(told_words) / sizeof(told_words[0]); i++)
		if (strcmp(told_words[i].told, told) == 0) {
			snprintf(out, size, "%s", gettext(told_words[i].words));
			return;
		}
	snprintf(status, sizeof(status), "%.*s", note ? (int)(note - told) : TOLD_BYTES - 1, told);
	space = strncmp(status, "charged_back ", 13) == 0 ? strchr(status, ' ') : NULL;
	if (space) {
		*space = '\0';
		shop_store_name(shop, space + 1, store, sizeof(store));
		snprintf(words, sizeof(words), _("%s, %s"), shop_word("dossier", status), store);
	} else {
		snprintf(words, sizeof(words), "%s", shop_word("dossier", status));
	}
	if (note)
		snprintf(out, size, _("%s: %s"), words, note + 2);
	else
		snprintf(out, size, "%s", words);
}

void dossier_history(const struct shop *shop, const struct dossier *dossier,
	void (*each)(void *ctx, const char *line), void *ctx)
{
	struct db *cache = shop_db(shop);
	struct db_rows *rows = cache
		? db_query(cache,
			  "SELECT at, actor, store, op, text FROM history"
			  " WHERE doc = $1 AND doc_kind = 'ticket' ORDER BY id",
			  "t", dossier->code)
		: NULL;

	while (rows && db_next(rows)) {
		char line[PERSON_BYTES + TOLD_BYTES * 2];
		char when[SHOP_WHEN_BYTES];
		char person[PERSON_BYTES];
		char words[TOLD_BYTES];
		const char *op = shop_word("op", db_text(rows, 3));

		shop_when_full(shop, db_int(rows, 0), when);
		put_person(shop, db_text(rows, 1), db_text(rows, 2), person, sizeof(person));
		put_told(shop, db_text(rows, 4) ? db_text(rows, 4) : "", words, sizeof(words));
		snprintf(line, sizeof(line), "%s  %s  ", when, person);
		if (words[0])
			snprintf(line + strlen(line), sizeof(line) - strlen(line), _("%s: %s"), op,
				words);
		else
			snprintf(line + strlen(line), sizeof(line) - strlen(line), "%s", op);
		each(ctx, line);
	}
	if (rows)
		db_done(rows);
}

static void add_line(void *ctx, const char *line)
{
	text_addf(ctx, "%s\n", line);
}

static void tell_exceptions(
	const struct shop *shop, struct db *cache, const struct dossier *dossier, struct text *out)
{
	struct db_rows *rows = db_query(cache,
		"SELECT id, kind, at, actor FROM exception WHERE doc = $1 AND doc_kind = 'ticket'"
		" ORDER BY id",
		"t", dossier->code);

	while (db_next(rows)) {
		char when[SHOP_WHEN_BYTES];
		char who[SHOP_NAME_BYTES];

		shop_when_full(shop, db_int(rows, 2), when);
		shop_staff_name(shop, db_text(rows, 3) ? db_text(rows, 3) : "", who, sizeof(who));
		text_addf(out, "\n" DIALOG_PAGE_HEADING "%s  %s  %s\n",
			shop_word("exception", db_text(rows, 1)), when, who);
		inbox_tell_figures(shop, db_text(rows, 0), out);
	}
	db_done(rows);
}

void dossier_tell(const struct shop *shop, const struct dossier *dossier, struct text *out)
{
	struct db *cache = shop_db(shop);

	text_addf(out, DIALOG_PAGE_HEADING "%s\n", _("What was done"));
	if (!cache)
		return;
	dossier_history(shop, dossier, add_line, out);
	tell_exceptions(shop, cache, dossier, out);
}
