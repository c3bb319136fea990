#include "hq/lists.h"

#include "hq/answer.h"
#include "hq/auth.h"
#include "hq/query.h"
#include "model/json.h"
#include "model/ticket.h"
#include "model/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a device sees of each list, and how long a page is where `limit` does not say. A list of
 * figures is asked for as a whole, but a page takes so long that all others wait for it;
 * documents come with their lines. */
static const struct rule {
	const char *view;
	bool own_stores; /* a device sees only what its stores are in */
	int64_t limit;
} rules[] = {
	{"movements", true, 1000},
	{"transfers", true, 1000},
	{"stocktakes", true, 200},
	{"tickets", true, 1000},
	{"redemptions", true, 1000},
	{"refused_scans", true, 1000},
	{"dossiers", true, 200},
	{"exceptions", true, 1000},
	{"products", false, 10000},
	{"stores", false, 1000},
	{"stock", false, 10000},
	{"channels", false, 1000},
	{"orders", true, 1000},
	{"reservations", true, 10000},
	{"invoices", true, 1000},
	{"shipments", true, 1000},
	{"credit_memos", true, 1000},
	{"order_audit", true, 10000},
	{"picks", true, 10000},
};

/* The view named by the path, /v1/<view> with or without something behind it. */
static const struct view *view_of(const struct turn *turn, const struct rule **rule)
{
	const char *name = turn->request->path + strlen("/v1/");
	size_t length = strcspn(name, "/");

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		*rule = &rules[i];
		if (strlen(rules[i].view) == length && strncmp(rules[i].view, name, length) == 0)
			return view_find(rules[i].view);
	}
	return NULL;
}

/* Copies the parameters into the query; false if one is none of this list. */
static bool take_filters(struct turn *turn, struct view_query *query)
{
	for (int i = 0; i < turn->query.count; i++) {
		const struct query_param *param = &turn->query.params[i];

		if (strcmp(param->name, "limit") == 0)
			continue;
		if (strcmp(param->name, "after") == 0) {
			query->after = param->value[0] ? param->value : NULL;
		} else if (!view_filter_find(query->view, param->name) ||
			query->arg_count >= VIEW_ARGS_MAX - 1) {
			answer_problem(turn->answer, PROBLEM_BAD_REQUEST,
				"The list %s has no parameter %.60s.", query->view->name,
				param->name);
			return false;
		} else {
			view_where(query, param->name, param->value);
		}
	}
	return true;
}

/* May the caller see every store of the list a|b|c? */
static bool stores_allowed(const struct turn *turn, const char *list)
{
	struct text all = TEXT_INIT(TEXT_SMALL);
	bool allowed = true;

	text_add(&all, list);
	for (char *at = all.bytes; at && text_ok(&all) && allowed;) {
		char *bar = strchr(at, '|');

		if (bar)
			*bar = '\0';
		allowed = caller_sees(&turn->caller, at);
		at = bar ? bar + 1 : NULL;
	}
	allowed = allowed && text_ok(&all);
	text_free(&all);
	return allowed;
}

/* Narrows the list to the caller's stores. own: where the list of them is kept meanwhile. */
static bool narrow(struct turn *turn, struct view_query *query, struct text *own)
{
	const struct names *stores = &turn->caller.stores;
	const char *asked = query_value(turn, "store");
	const struct view_filter *filter = view_filter_find(query->view, "store");

	if (asked && asked[0]) {
		if (stores_allowed(turn, asked))
			return true;
		answer_problem(turn->answer, PROBLEM_FORBIDDEN,
			"This token is not for the store %.60s.", asked);
		return false;
	}
	if (stores->count != 1 &&
		(!filter || filter->kind != VALUE_LIST || stores->count > VIEW_LIST_MAX)) {
		answer_problem(turn->answer, PROBLEM_BAD_REQUEST,
			"This token is for several stores: name one with the parameter store.");
		return false;
	}
	for (int i = 0; i < stores->count; i++)
		text_addf(own, "%s%s", i ? "|" : "", stores->items[i]);
	view_where(query, "store", text_get(own));
	return true;
}

static void write_link(struct turn *turn, const char *next)
{
	struct text *link = &turn->answer->link;

	text_addf(link, "<%s?", turn->request->path);
	for (int i = 0; i < turn->query.count; i++) {
		if (strcmp(turn->query.params[i].name, "after") == 0)
			continue;
		query_encode(link, turn->query.params[i].name);
		text_add(link, "=");
		query_encode(link, turn->query.params[i].value);
		text_add(link, "&");
	}
	text_add(link, "after=");
	query_encode(link, next);
	text_add(link, ">; rel=\"next\"");
}

void lists_many(struct turn *turn)
{
	const struct rule *rule;
	struct view_query query = {.view = view_of(turn, &rule)};
	struct text own = TEXT_INIT(TEXT_SMALL);
	char *next = NULL, error[256] = "";
	int64_t limit = rule->limit;

	db_begin_read(turn->hq->db);
	if (take_filters(turn, &query) &&
		query_int(turn, "limit", &(struct query_range){1, LISTS_LIMIT_MAX}, &limit) &&
		(turn->caller.every_right || !rule->own_stores || narrow(turn, &query, &own))) {
		struct text *body = answer_json(turn->answer, 200);

		query.limit = (int)limit;
		if (!view_json_list(turn->hq->db, &query, body, &next, error, sizeof(error)) &&
			!db_failed(turn->hq->db))
			answer_problem(turn->answer, PROBLEM_BAD_REQUEST, "%s", error);
		text_add(body, "\n");
		if (next)
			write_link(turn, next);
		turn->answer->no_store = true;
	}
	free(next);
	text_free(&own);
}

/* Is the document one of the caller's stores'? It says so itself: in the members that name stores or a channel;
 * a ticket that names none is everyone's. */
static bool document_visible(const struct turn *turn, const char *json, size_t length)
{
	static const char *const members[] = {"store", "other_store", "from_store", "to_store"};
	char error[100];
	cJSON *document = json_parse(json, length, error, sizeof(error));
	const cJSON *list = json_list(document, "stores"), *item;
	bool visible = list && cJSON_GetArraySize(list) == 0;

	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		const char *store = json_text(document, members[i]);

		visible = visible || (store && caller_sees(&turn->caller, store));
	}
	cJSON_ArrayForEach(item, list) visible = visible ||
		(cJSON_IsString(item) && caller_sees(&turn->caller, item->valuestring));
	visible = visible || caller_serves(turn, json_text(document, "channel"));
	cJSON_Delete(document);
	return visible;
}

/* Problems are logged by whoever asked, so the code of a ticket stands there masked. */
static void answer_missing(struct turn *turn, const struct view *view)
{
	char code[TICKET_CODE_SIZE];

	ticket_code_mask(turn->tail, code, sizeof(code));
	answer_problem(turn->answer, PROBLEM_NOT_FOUND, "There is nothing called %.100s in %s.",
		view_is_named_by_code(view) ? code : turn->tail, view->name);
}

void lists_one(struct turn *turn)
{
	const struct rule *rule;
	const struct view *view = view_of(turn, &rule);
	struct text *body = answer_json(turn->answer, 200);

	db_begin_read(turn->hq->db);
	bool found = view->named && view_json_one(turn->hq->db, view, turn->tail, body) &&
		text_ok(body);

	if (found && rule->own_stores && !turn->caller.every_right)
		found = document_visible(turn, text_get(body), body->length);
	text_add(body, "\n");
	turn->answer->no_store = true;
	if (!found)
		answer_missing(turn, view);
}
