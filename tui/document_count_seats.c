/* What others do to a count that is open here: they count into the same draft, take back, or submit. */
#include "tui/document_count.h"

#include "model/i18n.h"
#include "model/text.h"

#include <stdio.h>
#include <string.h>

int64_t document_count_steps(const struct document_count *count)
{
	struct db *db = shop_db(count->shop);

	return db ? db_get_int(db, 0, "SELECT COUNT(*) FROM history WHERE doc = $1 AND op = $2",
			    "tt", count->document.face.id, count->kind->op)
		  : count->steps;
}

/* True if it was done at this terminal, and so with this draft. */
static bool say_submitted(struct document_count *count)
{
	struct db *db = shop_db(count->shop);
	struct db_rows *rows;
	struct text figures = TEXT_INIT(DOCUMENT_TEXT_BYTES);
	char who[SHOP_NAME_BYTES] = "";
	bool is_here = false;

	rows = db_query(db,
		"SELECT actor, text, device FROM history WHERE doc = $1 AND op = $2 ORDER BY id DESC LIMIT 1",
		"tt", count->document.face.id, count->kind->op);
	if (db_next(rows)) {
		shop_staff_name(count->shop, db_text(rows, 0), who, sizeof(who));
		shop_told_figures(db_text(rows, 1), &figures);
		is_here = !db_null(rows, 2) &&
			strcmp(db_text(rows, 2), count->shop->console->device) == 0;
	}
	db_done(rows);
	app_bell(count->shop->app);
	/* TRANSLATORS: a person, and what was counted: "A1 ×2, A2 ×3". */
	app_say(count->shop->app, ROLE_WARN,
		count->kind->is_shipping ? _("%s has shipped: %s. Below is the rest.")
					 : _("%s has submitted: %s. Below is the rest."),
		who, text_get(&figures));
	text_free(&figures);
	return is_here;
}

void document_count_look_again(struct document_count *count)
{
	int64_t steps = count->steps;
	int64_t now = count->sums.now;

	document_count_read(count);
	if (count->is_sending)
		return;
	/* What was submitted leaves the draft a moment after it is in the history. */
	if (count->steps > steps) {
		count->is_taken = say_submitted(count) && count->sums.now >= now;
	} else if (count->sums.now < now) {
		if (!count->is_taken)
			app_say(count->shop->app, ROLE_WARN, "%s",
				_("Something was taken back at another seat."));
		count->is_taken = false;
	}
}
