#include "tui/ticket_admin_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "tui/dialog.h"

#define CODES_NAMED 6 /* of the new ones, in the question */

void ticket_admin_free(struct ticket_admin *admin)
{
	cJSON_Delete(admin->list);
	admin->list = NULL;
}

/* ---- what all of them share ---- */

cJSON *ticket_admin_words(const char *typed)
{
	cJSON *list = cJSON_CreateArray();
	char *copy = text_copy(typed);
	char *rest = NULL;

	for (char *word = strtok_r(copy, " ,", &rest); word; word = strtok_r(NULL, " ,", &rest))
		cJSON_AddItemToArray(list, cJSON_CreateString(word));
	free(copy);
	return list;
}

const char *ticket_admin_why_refused(struct ticket_admin *admin, cJSON *data, int64_t *tickets)
{
	struct console_verdict verdict;
	const char *reason = NULL;

	if (!shop_rehearse(admin->shop, admin->op, data, &verdict))
		reason = shop_refusal(&verdict);
	else if (tickets)
		*tickets = json_int(verdict.result, "tickets", 0);
	console_verdict_free(&verdict);
	return reason;
}

/* ---- the code under the cursor ---- */

static const struct ticket_list *codes_now(const struct ticket_admin *admin)
{
	return admin->codes(admin->ctx);
}

static const char *code_text(const struct ticket_admin *admin, const char *column)
{
	return ticket_list_text(codes_now(admin), column);
}

static int64_t code_int(const struct ticket_admin *admin, const char *column)
{
	const struct ticket_list *codes = codes_now(admin);

	return source_int(&codes->source, ticket_list_row(codes), column);
}

static void take_code(struct ticket_admin *admin, const char *op)
{
	admin->op = op;
	snprintf(admin->code, sizeof(admin->code), "%s", code_text(admin, "code"));
	snprintf(admin->product, sizeof(admin->product), "%s", code_text(admin, "product"));
	admin->left = code_int(admin, "remaining");
	shop_code(admin->shop, admin->code, admin->shown, sizeof(admin->shown));
}

/* The ticket in a few words: "CT1001, Oolong tea, 3 left". */
static void add_ticket(const struct ticket_admin *admin, struct text *out)
{
	text_addf(out, _("%s, %s, %lld left"), admin->shown, code_text(admin, "product_name"),
		(long long)admin->left);
}

static cJSON *code_data(const struct ticket_admin *admin)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "code", admin->code);
	return data;
}

/* ---- rights and reasons ---- */

static const char *const ops[] = {"ticket.refund", "ticket.refund", "ticket.block",
	"ticket.unblock", "ticket.split", "ticket.bind"};
enum step { REFUND_ORDER, REFUND_CODE, BLOCK, UNBLOCK, SPLIT, BIND };

static const char *why_no_code(const struct ticket_admin *admin)
{
	if (!codes_now(admin))
		return _("Choose a code under Not redeemed or All codes.");
	return ticket_list_row(codes_now(admin)) ? NULL : _("The list is empty.");
}

/* What of its state speaks against it; figures that another terminal may have changed are the model's to judge. */
static const char *why_not_status(const struct ticket_admin *admin, enum step step)
{
	const char *status = code_text(admin, "status");
	bool is_blocked = strcmp(status, "blocked") == 0;

	if (step == BIND)
		return NULL;
	if (step == UNBLOCK)
		return is_blocked ? NULL : _("This code is not blocked.");
	if (strcmp(status, "superseded") == 0 || strcmp(status, "refunded") == 0)
		return refusal_what(status);
	return is_blocked && step != REFUND_CODE ? refusal_what(status) : NULL;
}

static const char *why_not(void *ctx, int step)
{
	const struct ticket_admin *admin = ctx;
	const char *reason = shop_may(admin->shop, ops[step]);

	if (reason || step == REFUND_ORDER)
		return reason;
	reason = why_no_code(admin);
	return reason ? reason : why_not_status(admin, (enum step)step);
}

/* ---- refunding ---- */

static cJSON *refund_data(const struct ticket_admin *admin)
{
	cJSON *data = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "order", admin->order);
	if (admin->code[0])
		cJSON_AddStringToObject(data, "code", admin->code);
	return data;
}

static void refund_yes(void *ctx)
{
	struct ticket_admin *admin = ctx;

	shop_do(admin->shop, "ticket.refund", refund_data(admin), NULL);
}

static void refund_text(const struct ticket_admin *admin, const cJSON *result, struct text *out)
{
	int64_t units = json_int(result, "units", 0);
	int codes = cJSON_GetArraySize(json_list(result, "codes"));

	if (admin->code[0])
		text_addf(out,
			ngettext(
				"Code %s of order %s: %lld unit is given back, and the code can no longer be redeemed.",
				"Code %s of order %s: %lld units are given back, and the code can no longer be redeemed.",
				(unsigned long)units),
			admin->shown, admin->order, (long long)units);
	else
		text_addf(out,
			_("Order %s: all that is not redeemed is given back, %lld units of %d codes, and none of them can be redeemed any more."),
			admin->order, (long long)units, codes);
}

static void ask_refund(struct ticket_admin *admin)
{
	struct text text = TEXT_INIT(TEXT_SMALL);
	struct console_verdict verdict;

	if (!shop_rehearse(admin->shop, "ticket.refund", refund_data(admin), &verdict)) {
		shop_say_refused(admin->shop, &verdict);
	} else {
		refund_text(admin, verdict.result, &text);
		dialog_confirm(admin->shop->app,
			&(struct dialog_confirm_spec){
				.title = admin->code[0] ? _("Refund this code?")
							: _("Refund this order?"),
				.text = text_get(&text),
				.yes_label = _("Refund"),
				.is_dangerous = true,
				.yes = refund_yes,
				.ctx = admin,
			});
	}
	console_verdict_free(&verdict);
	text_free(&text);
}

static void run_refund(void *ctx, int step)
{
	struct ticket_admin *admin = ctx;

	if (step == REFUND_CODE)
		take_code(admin, ops[step]);
	else
		admin->code[0] = '\0';
	ask_refund(admin);
}

/* ---- blocking ---- */

static cJSON *block_data(const struct ticket_admin *admin, const char *reason)
{
	cJSON *data = code_data(admin);

	if (reason[0])
		cJSON_AddStringToObject(data, "reason", reason);
	return data;
}

static const char *take_reason(void *ctx, const char *value)
{
	struct ticket_admin *admin = ctx;

	if (strlen(value) > 200)
		return _("At most 200 bytes.");
	shop_do(admin->shop, admin->op, block_data(admin, value), NULL);
	return NULL;
}

static void run_block(void *ctx, int step)
{
	struct ticket_admin *admin = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	take_code(admin, ops[step]);
	if (shop_would(admin->shop, admin->op, block_data(admin, ""))) {
		add_ticket(admin, &text);
		text_add(&text, ". ");
		text_add(&text,
			step == BLOCK
				? _("No store can redeem it until HQ unblocks it. A reason, which may be empty:")
				: _("It can be redeemed again. A reason, which may be empty:"));
		dialog_entry(admin->shop->app,
			&(struct dialog_entry_spec){
				.title = step == BLOCK ? _("Block this code?")
						       : _("Unblock this code?"),
				.text = text_get(&text),
				.submit = take_reason,
				.ctx = admin,
			});
	}
	text_free(&text);
}

/* ---- splitting ---- */

static cJSON *split_data(const struct ticket_admin *admin)
{
	cJSON *data = code_data(admin);

	cJSON_AddItemToObject(data, "into", cJSON_Duplicate(admin->list, true));
	return data;
}

static void split_yes(void *ctx)
{
	struct ticket_admin *admin = ctx;

	shop_do(admin->shop, "ticket.split", split_data(admin), NULL);
}

/* CODE-1 to CODE-n. */
static cJSON *made_codes(const struct ticket_admin *admin)
{
	cJSON *list = cJSON_CreateArray();
	char code[COMMAND_ID_MAX + 24];

	for (int64_t i = 1; i <= admin->left; i++) {
		snprintf(code, sizeof(code), "%s-%lld", admin->code, (long long)i);
		cJSON_AddItemToArray(list, cJSON_CreateString(code));
	}
	return list;
}

static void split_text(const struct ticket_admin *admin, struct text *out)
{
	int count = cJSON_GetArraySize(admin->list);
	int named = 0;
	const cJSON *code;

	text_addf(out,
		_("Code %s becomes %d codes of one unit each and can no longer be redeemed: "),
		admin->shown, count);
	cJSON_ArrayForEach(code, admin->list)
	{
		if (named++ == CODES_NAMED)
			break;
		text_addf(out, "%s%s", named > 1 ? ", " : "", code->valuestring);
	}
	if (count > CODES_NAMED)
		text_add(out, " \u2026");
}

static void confirm_split(struct ticket_admin *admin)
{
	struct text text = TEXT_INIT(TEXT_SMALL);

	split_text(admin, &text);
	dialog_confirm(admin->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Split this code?"),
			.text = text_get(&text),
			.yes_label = _("Split"),
			.is_dangerous = true,
			.yes = split_yes,
			.ctx = admin,
		});
	text_free(&text);
}

static const char *take_codes(void *ctx, const char *value)
{
	static char needed[160];
	struct ticket_admin *admin = ctx;
	const char *reason;

	ticket_admin_free(admin);
	admin->list = value[0] ? ticket_admin_words(value) : made_codes(admin);
	if (cJSON_GetArraySize(admin->list) != admin->left) {
		snprintf(needed, sizeof(needed), _("It takes %lld codes, one for each unit."),
			(long long)admin->left);
		return needed;
	}
	reason = ticket_admin_why_refused(admin, split_data(admin), NULL);
	if (!reason)
		confirm_split(admin);
	return reason;
}

static void run_split(void *ctx, int step)
{
	struct ticket_admin *admin = ctx;
	struct text text = TEXT_INIT(TEXT_SMALL);

	take_code(admin, ops[step]);
	add_ticket(admin, &text);
	text_addf(&text,
		_(". The new codes, one for each unit, with blanks between. Empty makes %s-1 to %s-%lld."),
		admin->shown, admin->shown, (long long)admin->left);
	dialog_entry(admin->shop->app,
		&(struct dialog_entry_spec){
			.title = _("Split a code"),
			.text = text_get(&text),
			.kind = DIALOG_PATH,
			.submit = take_codes,
			.ctx = admin,
		});
	text_free(&text);
}

/* ---- binding ---- */

static void run_bind(void *ctx, int step)
{
	struct ticket_admin *admin = ctx;

	take_code(admin, ops[step]);
	ticket_admin_bind(admin, code_text(admin, "product_name"));
}

/* ---- keys ---- */

static const struct action rows[] = {
	{"refund-code", N_("Refund code"), N_("Give back what is left of the code"), ACTION_HINT,
		REFUND_CODE, why_not, run_refund, NULL},
	{"refund-order", N_("Refund order"), N_("Give back all that is left of the order"),
		ACTION_HINT, REFUND_ORDER, why_not, run_refund, NULL},
	{"block-code", N_("Block"), N_("Nobody can redeem the code"), ACTION_HINT, BLOCK, why_not,
		run_block, NULL},
	{"unblock-code", N_("Unblock"), N_("The code can be redeemed again"), ACTION_HINT, UNBLOCK,
		why_not, run_block, NULL},
	{"split-code", N_("Split"), N_("A code of its own for each unit that is left"), ACTION_HINT,
		SPLIT, why_not, run_split, NULL},
	{"bind-product", N_("Stores"), N_("Bind the product's tickets to stores"), ACTION_HINT,
		BIND, why_not, run_bind, NULL},
};
const struct action_table ticket_admin_actions = {
	.context = "ticket-admin",
	.title = N_("What HQ does to tickets"),
	ACTION_TABLE_ROWS(rows),
};
