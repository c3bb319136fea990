#include "tui/ticket_search.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "model/i18n.h"
#include "model/ticket.h"
#include "tui/dialog.h"

/* ---- what is set ---- */

#define TYPED_CHARS 40 /* of a part; a code may be scanned as a URL, which is longer */

/* The texts of a search. `field` is their name in the form, `filter` in the views. */
static const struct part {
	const char *field;
	const char *filter;
	size_t at;
	const char *label; /* N_; in the line that says what is set too */
	const char *hint;  /* N_; NULL: not in the form */
	enum { PLAIN, CODE, PHONE } kind;
} parts[] = {
	{"word", "q", offsetof(struct ticket_search, word), N_("Search"), NULL, PLAIN},
	{"order", "number", offsetof(struct ticket_search, order), N_("Order number"),
		N_("How the number begins"), PLAIN},
	{"buyer", "buyer", offsetof(struct ticket_search, buyer), N_("Name"),
		N_("Part of the buyer's name"), PLAIN},
	{"phone", "phone", offsetof(struct ticket_search, phone), N_("Phone"),
		N_("Part of the number, such as its last digits"), PHONE},
	{"code", "code", offsetof(struct ticket_search, code), N_("Code"),
		N_("The whole code; it can be scanned"), CODE},
	{"product", "product_name", offsetof(struct ticket_search, product), N_("Product"),
		N_("Part of the product's name"), PLAIN},
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

static const char *text_of(const struct ticket_search *search, const struct part *part)
{
	return (const char *)search + part->at;
}

static void put(struct ticket_search *search, const struct part *part, const char *value)
{
	snprintf((char *)search + part->at, TICKET_SEARCH_BYTES, "%s", value);
}

void ticket_search_init(
	struct ticket_search *search, struct shop *shop, void (*changed)(void *ctx), void *ctx)
{
	*search = (struct ticket_search){.shop = shop, .changed = changed, .ctx = ctx};
}

void ticket_search_forget(struct ticket_search *search)
{
	ticket_search_init(search, search->shop, search->changed, search->ctx);
}

bool ticket_search_is_set(const struct ticket_search *search)
{
	for (size_t i = 0; i < PARTS; i++)
		if (text_of(search, &parts[i])[0])
			return true;
	return search->days.since[0] || search->days.until[0];
}

void ticket_search_where(const struct ticket_search *search, struct source *source)
{
	for (size_t i = 0; i < PARTS; i++)
		source_where(source, parts[i].filter, text_of(search, &parts[i]));
	list_days_where(source, &search->days);
}

/* ---- in words ---- */

#define SEPARATOR " | " /* as list_days_title has it */

static void add_part(
	const struct shop *shop, const struct part *part, const char *value, struct text *out)
{
	char shown[TICKET_SEARCH_BYTES];

	if (part->kind == CODE)
		shop_code(shop, value, shown, sizeof(shown));
	else if (part->kind == PHONE)
		shop_phone(shop, value, shown, sizeof(shown));
	else
		snprintf(shown, sizeof(shown), "%s", value);
	text_addf(out, SEPARATOR "%s %s", gettext(part->label), shown);
}

void ticket_search_words(const struct ticket_search *search, char *out, size_t size)
{
	struct text words = TEXT_INIT(TEXT_SMALL);

	for (size_t i = 0; i < PARTS; i++)
		if (text_of(search, &parts[i])[0])
			add_part(search->shop, &parts[i], text_of(search, &parts[i]), &words);
	list_days_title(&search->days, &words);
	snprintf(out, size, "%s", words.length > 0 ? text_get(&words) + strlen(SEPARATOR) : "");
	text_free(&words);
}

/* ---- asking ---- */

static void changed_by_now(struct ticket_search *search)
{
	snprintf(search->by, sizeof(search->by), "%s", search->shop->staff);
	search->changed(search->ctx);
}

/* What stands in the form at first: not the code that somebody else searched for, who may see more. */
static const char *initial_of(const struct ticket_search *search, const struct part *part)
{
	bool is_hidden = part->kind != PLAIN && !shop_sees_codes(search->shop) &&
		strcmp(search->by, search->shop->staff) != 0;

	return is_hidden ? "" : text_of(search, part);
}

static const char *take_form(void *ctx, struct form *form)
{
	struct ticket_search *own = ctx;
	struct ticket_search search = *own;
	const char *typed = form_value(form, "code");
	char code[TICKET_CODE_SIZE] = "";
	const char *wrong = list_days_take(&search.days, form);

	if (wrong)
		return wrong;
	if (typed[0] && !ticket_code_normal(typed, code, sizeof(code)))
		return _("This is not a ticket code: 6 to 40 letters, digits and -.");
	for (size_t i = 0; i < PARTS; i++)
		if (parts[i].hint)
			put(&search, &parts[i],
				parts[i].kind == CODE ? code : form_value(form, parts[i].field));
	*own = search;
	changed_by_now(own);
	return NULL;
}

void ticket_search_ask(struct ticket_search *search)
{
	struct form_field fields[PARTS + LIST_DAYS_FIELDS];
	size_t count = 0;

	for (size_t i = 0; i < PARTS; i++)
		if (parts[i].hint)
			fields[count++] = (struct form_field){.name = parts[i].field,
				.kind = FORM_TEXT,
				.label = parts[i].label,
				.hint = parts[i].hint,
				.initial = initial_of(search, &parts[i]),
				.max_chars = parts[i].kind == CODE ? 0 : TYPED_CHARS};
	list_days_fields(&search->days, fields + count);
	count += LIST_DAYS_FIELDS;
	form_open(search->shop->app,
		&(struct form_spec){
			.title = _("Advanced search for tickets"),
			.fields = fields,
			.field_count = count,
			.submit_label = _("Show"),
			.submit = take_form,
			.ctx = search,
		});
}

/* Is it the code of a ticket here? That is found at once, however it was written. */
static bool is_code(const struct shop *shop, const char *word, char code[TICKET_CODE_SIZE])
{
	struct db *cache = shop_db(shop);

	return cache && ticket_code_normal(word, code, TICKET_CODE_SIZE) &&
		db_has(cache, "SELECT 1 FROM ticket WHERE code = $1", "t", code);
}

static const char *take_word(void *ctx, const char *value)
{
	struct ticket_search *search = ctx;
	char code[TICKET_CODE_SIZE];
	bool found = is_code(search->shop, value, code);

	/* A code, found by a word before, does not hold for the next one. */
	snprintf(search->word, sizeof(search->word), "%s", found ? "" : value);
	snprintf(search->code, sizeof(search->code), "%s", found ? code : "");
	changed_by_now(search);
	return NULL;
}

void ticket_search_ask_word(struct ticket_search *search)
{
	dialog_entry(search->shop->app,
		&(struct dialog_entry_spec){
			.title = _("Search tickets"),
			.text = _(
				"Part of an order number, a name, a phone number or a product, or a whole code. Empty shows all."),
			.initial = search->word,
			.submit = take_word,
			.ctx = search,
		});
}
