/* Doing things for a person and saying how it went; rights; opening documents. Names and figures are
 * in shop_names.c, words in shop_words.c. */
#include "tui/shop.h"

#include <stdlib.h>
#include <string.h>

#include "model/catalogue.h"
#include "model/i18n.h"
#include "model/json.h"
#include "tui/panes.h"
#include "tui/personal.h"

int64_t shop_now(const struct shop *shop)
{
	return console_hq_time(shop->console, shop->boot_ms(), shop->wall_ms());
}

struct db *shop_db(const struct shop *shop)
{
	struct db *cache = shop->console->cache;

	if (!cache || db_failed(cache) == DB_CORRUPT)
		return NULL;
	db_forget_failure(cache);
	return cache;
}

/* ------------------------------------------------------------------ counting */

void shop_counting(struct shop *shop, const char *sheet)
{
	snprintf(shop->counting.sheet, sizeof(shop->counting.sheet), "%s", sheet);
	snprintf(shop->counting.staff, sizeof(shop->counting.staff), "%s", shop->staff);
}

bool shop_is_counting(const struct shop *shop)
{
	struct db *cache = shop_db(shop);

	return shop->counting.sheet[0] && strcmp(shop->counting.staff, shop->staff) == 0 && cache &&
		db_has(cache,
			"SELECT 1 FROM stocktake WHERE id = $1 AND status IN ('counting', 'recounting')",
			"t", shop->counting.sheet);
}

/* ------------------------------------------------------------------ doing */

const char *shop_refusal(const struct console_verdict *verdict)
{
	static char text[APP_MESSAGE_BYTES];
	const char *code = refusal_code(verdict->refusal);
	char told[256];

	shop_told(verdict->message, told, sizeof(told));
	if (told[0])
		/* TRANSLATORS: what happened, the figures, the way out. */
		snprintf(text, sizeof(text), _("%s (%s). %s"), refusal_what(code), told,
			refusal_way_out(code));
	else
		/* TRANSLATORS: what happened, the way out. */
		snprintf(
			text, sizeof(text), _("%s. %s"), refusal_what(code), refusal_way_out(code));
	return text;
}

void shop_say_refused(struct shop *shop, const struct console_verdict *verdict)
{
	if (verdict->refusal >= REFUSAL_FAULT)
		app_say(shop->app, ROLE_ERROR, _("Not saved: %s"), shop_refusal(verdict));
	else
		app_say(shop->app, ROLE_ERROR, "%s", shop_refusal(verdict));
	app_bell(shop->app);
}

bool shop_subject(const char *op, const char *id, const cJSON *data, struct shop_subject *out)
{
	static const struct {
		const char *field;
		const char *kind;
	} fields[] = {
		{"movement", "movement"},
		{"transfer", "transfer"},
		{"stocktake", "stocktake"},
		{"redemption", "redemption"},
		{"code", "ticket"},
		{"order", "order"},
		{"sku", "product"},
	};
	static const char *const makers[][2] = {
		{"outbound.create", "movement"},
		{"inbound.create", "movement"},
		{"transfer.request", "transfer"},
		{"stocktake.create", "stocktake"},
		{"order.place", "sales_order"},
	};

	/* Commands about sales orders call them as those about tickets call theirs. */
	bool is_sale = strncmp(op, "order.", 6) == 0;

	*out = (struct shop_subject){.kind = ""};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const char *value = json_text(data, fields[i].field);

		if (!value)
			continue;
		out->kind = is_sale ? "sales_order" : fields[i].kind;
		snprintf(out->id, sizeof(out->id), "%s", value);
		return true;
	}
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		if (strcmp(makers[i][0], op) != 0)
			continue;
		out->kind = makers[i][1];
		snprintf(out->id, sizeof(out->id), "%s", id);
		return true;
	}
	return false;
}

static void say_saved(
	struct shop *shop, const char *op, const struct console_verdict *verdict, const cJSON *data)
{
	struct shop_subject subject;
	char name[SHOP_NAME_BYTES];

	if (verdict->refusal != REFUSAL_NONE) {
		/* A fact is kept whatever the cache thinks of it. */
		app_say(shop->app, ROLE_WARN, _("Saved; HQ decides. %s"), shop_refusal(verdict));
		return;
	}
	if (!shop_subject(op, verdict->id, data, &subject)) {
		app_say(shop->app, ROLE_OK, _("Saved: %s."), shop_word("op", op));
		return;
	}
	shop_document_name(shop, subject.kind, subject.id, name, sizeof(name));
	/* TRANSLATORS: a command, the document's number. */
	app_say(shop->app, ROLE_OK, _("Saved: %s, %s."), shop_word("op", op), name);
}

static void tell(struct shop *shop, bool tries_now)
{
	shop->changes++;
	if (shop->poke)
		shop->poke(shop->poke_ctx, tries_now);
	app_changed(shop->app);
}

void shop_tell_changed(struct shop *shop)
{
	tell(shop, false);
}

void shop_try_now(struct shop *shop)
{
	tell(shop, true);
}

static bool do_it(
	struct shop *shop, const char *op, cJSON *data, bool is_quiet, struct console_verdict *out)
{
	struct console_verdict own;
	struct console_verdict *verdict = out ? out : &own;
	cJSON *told = is_quiet ? NULL : cJSON_Duplicate(data, true);
	bool saved;

	console_do(shop->console, op, shop->store, shop->staff, data, shop_now(shop), verdict);
	saved = verdict->saved;
	if (!saved)
		shop_say_refused(shop, verdict);
	else if (!is_quiet || verdict->refusal != REFUSAL_NONE)
		say_saved(shop, op, verdict, told);
	if (saved)
		shop_tell_changed(shop);
	cJSON_Delete(told);
	if (!out)
		console_verdict_free(&own);
	return saved;
}

bool shop_do(struct shop *shop, const char *op, cJSON *data, struct console_verdict *out)
{
	return do_it(shop, op, data, false, out);
}

bool shop_do_quietly(struct shop *shop, const char *op, cJSON *data, struct console_verdict *out)
{
	return do_it(shop, op, data, true, out);
}

bool shop_rehearse(struct shop *shop, const char *op, cJSON *data, struct console_verdict *out)
{
	console_rehearse(shop->console, op, shop->store, shop->staff, data, shop_now(shop), out);
	return out->refusal == REFUSAL_NONE;
}

bool shop_would(struct shop *shop, const char *op, cJSON *data)
{
	struct console_verdict verdict;
	bool would = shop_rehearse(shop, op, data, &verdict);

	if (!would)
		shop_say_refused(shop, &verdict);
	console_verdict_free(&verdict);
	return would;
}

/* ------------------------------------------------------------------ rights */

const char *shop_needs(const struct shop *shop, enum staff_role role)
{
	static char text[160];

	if (shop->role >= role)
		return NULL;
	/* TRANSLATORS: the role needed, and the person's own. */
	snprintf(text, sizeof(text), _("This needs the right of: %s. You are: %s."),
		shop_word("role", role_word(role)), shop_word("role", role_word(shop->role)));
	return text;
}

const char *shop_may(const struct shop *shop, const char *op)
{
	const struct op *found = op_find(op);
	bool receives = strcmp(op, "inbound.arrive") == 0 || strcmp(op, "inbound.receive") == 0;
	enum staff_role right = found ? found->right : ROLE_HQ;
	struct db *cache = shop_db(shop);

	if (receives && cache &&
		db_has(cache, "SELECT 1 FROM store WHERE id = $1 AND clerk_receives = 0", "t",
			shop->store))
		right = ROLE_MANAGER;
	return shop_needs(shop, right);
}

bool shop_sees_codes(const struct shop *shop)
{
	return personal_is_seen_by(shop->role);
}

/* ------------------------------------------------------------------ opening */

void shop_push(struct shop *shop, struct pane pane)
{
	if (pane.ops)
		app_push(shop->app, pane);
	else
		app_say(shop->app, ROLE_ERROR, "%s", _("There is not enough memory to open it."));
}

/* A document by id or number; the caller frees it. NULL if it is not here. */
static char *find_document(const struct shop *shop, const char *kind, const char *id)
{
	struct db *cache = shop_db(shop);

	if (!cache)
		return NULL;
	if (strcmp(kind, "movement") == 0)
		return db_get_text(cache,
			"SELECT id FROM movement WHERE id = $1 OR out_number = $1 OR in_number = $1",
			"t", id);
	if (strcmp(kind, "transfer") == 0)
		return db_get_text(
			cache, "SELECT id FROM transfer WHERE id = $1 OR number = $1", "t", id);
	if (strcmp(kind, "stocktake") == 0)
		return db_get_text(
			cache, "SELECT id FROM stocktake WHERE id = $1 OR number = $1", "t", id);
	if (strcmp(kind, "order") == 0)
		return db_get_text(cache,
			"SELECT order_number FROM ticket WHERE order_number = $1 LIMIT 1", "t", id);
	if (strcmp(kind, "sales_order") == 0)
		return db_get_text(cache,
			"SELECT number FROM sales_order WHERE number = $1 OR id = $1", "t", id);
	if (strcmp(kind, "ticket") == 0)
		return db_get_text(
			cache, "SELECT order_number FROM ticket WHERE code = $1", "t", id);
	if (strcmp(kind, "redemption") == 0)
		return db_get_text(
			cache, "SELECT order_number FROM redemption WHERE id = $1", "t", id);
	if (strcmp(kind, "dossier") == 0)
		return db_get_text(cache, "SELECT code FROM dossier WHERE code = $1", "t", id);
	if (strcmp(kind, "product") == 0)
		return db_get_text(cache, "SELECT sku FROM product WHERE sku = $1", "t", id);
	return NULL;
}

bool shop_open_document(struct shop *shop, const char *kind, const char *id)
{
	static const struct {
		const char *kind;
		struct pane (*make)(struct shop *shop, const char *id);
	} makers[] = {
		{"movement", pane_movement_new},
		{"transfer", pane_transfer_new},
		{"stocktake", pane_stocktake_new},
		{"ticket", pane_ticket_order_new},
		{"redemption", pane_ticket_order_new},
		{"order", pane_ticket_order_new},
		{"sales_order", pane_order_new},
		{"dossier", pane_dossier_new},
		{"product", pane_product_new},
	};
	char *found = find_document(shop, kind, id);
	char name[SHOP_NAME_BYTES];

	for (size_t i = 0; found && i < sizeof(makers) / sizeof(makers[0]); i++) {
		if (strcmp(makers[i].kind, kind) != 0)
			continue;
		shop_push(shop, makers[i].make(shop, found));
		free(found);
		return true;
	}
	free(found);
	shop_document_name(shop, kind, id, name, sizeof(name));
	if (id && id[0])
		app_say(shop->app, ROLE_WARN, _("%s is not on this terminal."), name);
	else
		app_say(shop->app, ROLE_WARN, "%s", _("No document belongs to this."));
	return false;
}
