#include "tui/stocktake_new.h"

#include "model/i18n.h"
#include "model/text.h"
#include "tui/form.h"
#include "tui/panes.h"

#include <stdlib.h>
#include <string.h>

/* The comma-separated words of a field as a JSON list; NULL if there is none. */
static cJSON *words_list(const char *value)
{
	cJSON *list = NULL;
	char *copy = text_copy(value), *rest = copy, *word;
	while ((word = strsep(&rest, ",")) != NULL) {
		word += strspn(word, " ");
		for (size_t end = strlen(word); end > 0 && word[end - 1] == ' '; end--)
			word[end - 1] = '\0';
		if (!*word)
			continue;
		if (!list)
			list = cJSON_CreateArray();
		cJSON_AddItemToArray(list, cJSON_CreateString(word));
	}
	free(copy);
	return list;
}

/* Suggestions for the word behind the last comma; what stands before it is kept. */
static size_t suggest(
	struct shop *shop, const char *column, const char *typed, struct form_pick *out, size_t max)
{
	static const char *const queries[] = {
		"SELECT DISTINCT category FROM product WHERE category > $1 ORDER BY category LIMIT $2",
		"SELECT DISTINCT vendor FROM product WHERE vendor > $1 ORDER BY vendor LIMIT $2",
	};
	struct db *db = shop_db(shop);
	const char *comma = strrchr(typed, ',');
	size_t head = comma ? (size_t)(comma - typed) + 1 : 0, count = 0;
	const char *word = typed + head + strspn(typed + head, " ");
	if (!db)
		return 0;
	struct db_rows *rows = db_query(
		db, queries[strcmp(column, "vendor") == 0], "ti", "", INT64_C(500));
	while (count < max && db_next(rows)) {
		const char *name = db_text(rows, 0);
		if (!strcasestr(name, word) || head + strlen(name) + 2 > sizeof out->id)
			continue;
		snprintf(out[count].id, sizeof out->id, "%.*s%s%s", (int)head, typed,
			head ? " " : "", name);
		snprintf(out[count++].label, sizeof out->label, "%s", name);
	}
	db_done(rows);
	return count;
}

static size_t suggest_category(void *ctx, const char *typed, struct form_pick *out, size_t max)
{
	return suggest(ctx, "category", typed, out, max);
}

static size_t suggest_vendor(void *ctx, const char *typed, struct form_pick *out, size_t max)
{
	return suggest(ctx, "vendor", typed, out, max);
}

static size_t suggest_staff(void *ctx, const char *typed, struct form_pick *out, size_t max)
{
	struct shop *shop = ctx;
	struct db *db = shop_db(shop);
	size_t count = 0;
	if (!db)
		return 0;
	struct db_rows *rows = db_query(
		db, "SELECT id, name FROM staff WHERE active = 1 ORDER BY id LIMIT 500", "");
	while (count < max && db_next(rows)) {
		if (!strcasestr(db_text(rows, 0), typed) && !strcasestr(db_text(rows, 1), typed))
			continue;
		snprintf(out[count].id, sizeof out->id, "%s", db_text(rows, 0));
		snprintf(out[count].label, sizeof out->label, "%s  %s", db_text(rows, 0),
			db_text(rows, 1));
		count++;
	}
	db_done(rows);
	return count;
}

static void add_words(cJSON *data, const char *name, cJSON *list)
{
	if (list)
		cJSON_AddItemToObject(data, name, list);
}

static const char *submit_new(void *ctx, struct form *form)
{
	struct shop *shop = ctx;
	struct console_verdict verdict;
	bool partial = strcmp(form_value(form, "scope"), "partial") == 0;
	cJSON *data = cJSON_CreateObject();
	cJSON_AddStringToObject(data, "scope", form_value(form, "scope"));
	add_words(data, "categories", partial ? words_list(form_value(form, "category")) : NULL);
	add_words(data, "vendors", partial ? words_list(form_value(form, "vendor")) : NULL);
	cJSON_AddBoolToObject(data, "blind", strcmp(form_value(form, "blind"), "yes") == 0);
	if (*form_value(form, "creator"))
		cJSON_AddStringToObject(data, "creator", form_value(form, "creator"));
	cJSON_AddStringToObject(data, "note", form_value(form, "note"));
	bool saved = shop_do(shop, "stocktake.create", data, &verdict);
	const char *wrong = saved ? NULL : shop_refusal(&verdict);
	if (saved)
		shop_push(shop, pane_stocktake_new(shop, verdict.id));
	console_verdict_free(&verdict);
	return wrong;
}

static const struct form_choice scopes[] = {{"full", N_("Full: everything in stock")},
	{"partial", N_("Partial: by category or vendor")}};
static const struct form_choice blinds[] = {{"no", N_("No: book and difference are shown")},
	{"yes", N_("Yes: book is hidden while counting")}};

void stocktake_new_open(struct shop *shop)
{
	struct form_field fields[] = {
		{.name = "scope",
			.kind = FORM_CHOICE,
			.label = N_("Scope"),
			.initial = "full",
			.choices = scopes,
			.choice_count = 2},
		{.name = "category",
			.kind = FORM_PICK,
			.label = N_("Categories"),
			.hint = N_("Only for a partial stocktake; several with commas"),
			.pick = suggest_category},
		{.name = "vendor",
			.kind = FORM_PICK,
			.label = N_("Vendors"),
			.hint = N_("Only for a partial stocktake; several with commas"),
			.pick = suggest_vendor},
		{.name = "blind",
			.kind = FORM_CHOICE,
			.label = N_("Blind"),
			.initial = "no",
			.choices = blinds,
			.choice_count = 2},
		{.name = "creator",
			.kind = FORM_PICK,
			.label = N_("Creator"),
			.initial = shop->staff,
			.is_required = true,
			.pick = suggest_staff},
		{.name = "note", .kind = FORM_TEXT, .label = N_("Note"), .max_chars = 200},
	};
	form_open(shop->app,
		&(struct form_spec){.title = _("New stocktake"),
			.fields = fields,
			.field_count = sizeof fields / sizeof *fields,
			.submit_label = _("Create"),
			.submit = submit_new,
			.ctx = shop});
}
