/* Binding a product's tickets to stores, with the question of the tickets already sold. */
#include "tui/ticket_admin_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "tui/dialog.h"
#include "tui/form.h"

static cJSON *bind_data(const struct ticket_admin *admin)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "product", admin->product);
	cJSON_AddItemToObject(data, "stores", cJSON_Duplicate(admin->list, true));
	cJSON_AddStringToObject(data, "sold", admin->sold);
	return data;
}

static void bind_yes(void *ctx)
{
	struct ticket_admin *admin = ctx;

	shop_do(admin->shop, "ticket.bind", bind_data(admin), NULL);
}

static void add_stores(const struct ticket_admin *admin, struct text *out)
{
	char name[SHOP_NAME_BYTES];
	const cJSON *store;

	if (cJSON_GetArraySize(admin->list) == 0)
		text_add(out, _("any store"));
	cJSON_ArrayForEach(store, admin->list)
	{
		shop_store_name(admin->shop, store->valuestring, name, sizeof(name));
		text_addf(out, "%s%s", store == admin->list->child ? "" : ", ", name);
	}
}

static void bind_text(const struct ticket_admin *admin, int64_t tickets, struct text *out)
{
	char name[SHOP_NAME_BYTES];

	shop_product_name(admin->shop, admin->product, name, sizeof(name));
	text_addf(out, _("%s, %s: tickets issued from now on can be redeemed at: "), admin->product,
		name);
	add_stores(admin, out);
	text_add(out, ". ");
	if (strcmp(admin->sold, "bind") != 0)
		text_add(out, _("Those already sold stay as they were sold."));
	else
		text_addf(out,
			ngettext(
				"So can %lld ticket already sold, as far as is known here, and nowhere else.",
				"So can %lld tickets already sold, as far as is known here, and nowhere else.",
				(unsigned long)tickets),
			(long long)tickets);
}

static void confirm_bind(struct ticket_admin *admin, int64_t tickets)
{
	struct text text = TEXT_INIT(TEXT_SMALL);

	bind_text(admin, tickets, &text);
	dialog_confirm(admin->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Bind this product to stores?"),
			.text = text_get(&text),
			.yes_label = _("Bind"),
			.is_dangerous = true,
			.yes = bind_yes,
			.ctx = admin,
		});
	text_free(&text);
}

static const char *take_stores(void *ctx, struct form *form)
{
	struct ticket_admin *admin = ctx;
	const char *reason;
	int64_t tickets = 0;

	ticket_admin_free(admin);
	admin->list = ticket_admin_words(form_value(form, "stores"));
	snprintf(admin->sold, sizeof(admin->sold), "%s", form_value(form, "sold"));
	reason = ticket_admin_why_refused(admin, bind_data(admin), &tickets);
	if (!reason)
		confirm_bind(admin, tickets);
	return reason;
}

/* The stores that the product's tickets are for now, with blanks between. */
static void read_stores(struct ticket_admin *admin)
{
	struct db *cache = shop_db(admin->shop);
	char *stores = cache
		? db_get_text(cache, "SELECT stores FROM ticket_product WHERE sku = $1", "t",
			  admin->product)
		: NULL;
	struct text words = TEXT_INIT(sizeof(admin->stores));

	if (stores)
		json_add_words(&words, stores, " ");
	snprintf(admin->stores, sizeof(admin->stores), "%s", text_get(&words));
	text_free(&words);
	free(stores);
}

void ticket_admin_bind(struct ticket_admin *admin, const char *name)
{
	static const struct form_choice sold[] = {
		{"keep", N_("stay as they were sold")}, {"bind", N_("get the same stores")}};
	struct form_field fields[] = {
		{.name = "stores",
			.kind = FORM_TEXT,
			.label = N_("Stores"),
			.hint = N_("Ids of stores with blanks between; empty: any store")},
		{.name = "sold",
			.kind = FORM_CHOICE,
			.label = N_("Tickets already sold"),
			.hint = N_("Whoever bought one was told where it is good for"),
			.choices = sold,
			.choice_count = sizeof(sold) / sizeof(sold[0])},
	};

	read_stores(admin);
	fields[0].initial = admin->stores;
	form_open(admin->shop->app,
		&(struct form_spec){
			.title = _("Stores for the tickets of a product"),
			.intro = name,
			.fields = fields,
			.field_count = sizeof(fields) / sizeof(fields[0]),
			.submit_label = _("Bind"),
			.submit = take_stores,
			.ctx = admin,
		});
}
