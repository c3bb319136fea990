#include "hq/handle.h"

#include "hq/answer.h"
#include "hq/auth.h"
#include "hq/changes.h"
#include "hq/commands.h"
#include "hq/lists.h"
#include "hq/metrics.h"
#include "hq/orders.h"
#include "hq/query.h"

#include <stdio.h>
#include <string.h>

static const struct route routes[] = {
	{"GET", "/v1/health", ROUTE_OPEN, metrics_health, ""},
	{"GET", "/metrics", ROUTE_OPEN, metrics_get, ""},
	{"POST", "/v1/enrol", ROUTE_OPEN, auth_enrol, ""},
	{"GET", "/v1/hello", ROUTE_ANY_EPOCH | ROUTE_TICKETS, changes_hello, ""},
	{"POST", "/v1/commands", ROUTE_TOGETHER | ROUTE_TICKETS, commands_post, ""},
	{"GET", "/v1/commands/*", ROUTE_TICKETS, commands_get, ""},
	{"GET", "/v1/changes", 0, changes_get, "after limit"},
	{"GET", "/v1/heads", 0, changes_heads, "wait"},
	{"GET", "/v1/stock", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/movements", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/movements/*", 0, lists_one, ""},
	{"GET", "/v1/transfers", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/transfers/*", 0, lists_one, ""},
	{"GET", "/v1/stocktakes", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/stocktakes/*", 0, lists_one, ""},
	{"GET", "/v1/tickets", ROUTE_FILTERS | ROUTE_TICKETS, lists_many, ""},
	{"GET", "/v1/tickets/*", ROUTE_TICKETS, lists_one, ""},
	{"GET", "/v1/redemptions", ROUTE_FILTERS | ROUTE_TICKETS, lists_many, ""},
	{"GET", "/v1/redemptions/*", ROUTE_TICKETS, lists_one, ""},
	{"GET", "/v1/refused_scans", ROUTE_FILTERS | ROUTE_TICKETS, lists_many, ""},
	{"GET", "/v1/dossiers", ROUTE_FILTERS | ROUTE_TICKETS, lists_many, ""},
	{"GET", "/v1/dossiers/*", ROUTE_TICKETS, lists_one, ""},
	{"GET", "/v1/channels", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/channels/*", 0, lists_one, ""},
	{"GET", "/v1/orders", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/orders/*", 0, lists_one, ""},
	{"GET", "/v1/reservations", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/reservations/*", 0, lists_one, ""},
	{"GET", "/v1/salable", 0, orders_salable, "channel sku"},
	{"GET", "/v1/sources", 0, orders_sources, "order"},
	{"GET", "/v1/order_audit", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/picks", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/invoices", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/invoices/*", 0, lists_one, ""},
	{"GET", "/v1/shipments", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/shipments/*", 0, lists_one, ""},
	{"GET", "/v1/credit_memos", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/credit_memos/*", 0, lists_one, ""},
	{"GET", "/v1/exceptions", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/exceptions/*", 0, lists_one, ""},
	{"GET", "/v1/products", ROUTE_FILTERS, lists_many, ""},
	{"GET", "/v1/products/*", 0, lists_one, ""},
	{"GET", "/v1/stores", ROUTE_FILTERS | ROUTE_TICKETS, lists_many, ""},
	{"GET", "/v1/stores/*", ROUTE_TICKETS, lists_one, ""},
};

const struct route *route_all(int *count)
{
	*count = (int)(sizeof(routes) / sizeof(*routes));
	return routes;
}

/* The tail behind the route's star, "" without one; NULL if the path is another. */
static const char *route_match(const struct route *route, const char *path)
{
	size_t length = strlen(route->path);

	if (route->path[length - 1] != '*')
		return strcmp(route->path, path) == 0 ? "" : NULL;
	return strncmp(route->path, path, length - 1) == 0 && path[length - 1] ? path + length - 1
									       : NULL;
}

/* HEAD is GET whose body the shell leaves out. */
static bool method_match(const struct route *route, const char *method)
{
	return strcmp(route->method, strcmp(method, "HEAD") == 0 ? "GET" : method) == 0;
}

static const struct route *route_find(struct turn *turn)
{
	const char *allow = NULL;

	for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++) {
		const char *tail = route_match(&routes[i], turn->request->path);

		if (!tail)
			continue;
		turn->tail = tail;
		if (method_match(&routes[i], turn->request->method))
			return &routes[i];
		allow = strcmp(routes[i].method, "GET") == 0 ? "GET, HEAD" : routes[i].method;
	}
	if (allow) {
		answer_problem(turn->answer, PROBLEM_NOT_ALLOWED, "%s allows %s.",
			turn->request->path, allow);
		turn->answer->allow = allow;
	} else {
		answer_problem(turn->answer, PROBLEM_NOT_FOUND, "There is no %.200s here.",
			turn->request->path);
	}
	return NULL;
}

static bool word_in(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; *at; at += strspn(at, " ")) {
		size_t here = strcspn(at, " ");

		if (here == length && strncmp(at, word, length) == 0)
			return true;
		at += here;
	}
	return false;
}

static bool params_good(struct turn *turn, const struct route *route)
{
	char error[160] = "";

	if (!query_read(&turn->query, turn->request->query, error, sizeof(error))) {
		answer_problem(turn->answer, PROBLEM_BAD_REQUEST, "%s", error);
		return false;
	}
	for (int i = 0; !(route->flags & ROUTE_FILTERS) && i < turn->query.count; i++) {
		if (word_in(route->params, turn->query.params[i].name))
			continue;
		answer_problem(turn->answer, PROBLEM_BAD_REQUEST, "%s has no parameter %.60s.",
			turn->request->path, turn->query.params[i].name);
		return false;
	}
	return true;
}

static bool epoch_good(struct turn *turn, const struct route *route)
{
	const char *epoch = turn->request->epoch;

	if ((route->flags & (ROUTE_OPEN | ROUTE_ANY_EPOCH)) || !epoch ||
		strcmp(epoch, hq_epoch(turn->hq)) == 0)
		return true;
	answer_epoch_changed(turn->hq, turn->answer);
	return false;
}

static bool caller_good(struct turn *turn, const struct route *route)
{
	if (route->flags & ROUTE_OPEN)
		return true;
	if (!caller_read(turn->hq, turn->request->authorization, &turn->caller)) {
		answer_problem(turn->answer, PROBLEM_UNAUTHORIZED,
			"Send Authorization: Bearer with a token of this HQ; enrol the device again if it was revoked.");
		return false;
	}
	if (turn->caller.cap != ROLE_TICKETS || (route->flags & ROUTE_TICKETS))
		return true;
	answer_problem(turn->answer, PROBLEM_FORBIDDEN,
		"This token is for the role ticket_clerk, who may list and redeem tickets; this needs the role clerk.");
	return false;
}

/* Judges everything but the request's own matter; NULL, and answered, if it is not let in. */
static const struct route *turn_begin(struct turn *turn)
{
	*turn->answer = (struct hq_answer){
		.body = TEXT_INIT(HQ_ANSWER_MAX), .link = TEXT_INIT(TEXT_SMALL)};
	const struct route *route = route_find(turn);

	return route && params_good(turn, route) && caller_good(turn, route) &&
			epoch_good(turn, route)
		? route
		: NULL;
}

static void turn_end(struct turn *turn)
{
	struct hq *hq = turn->hq;
	struct hq_answer *answer = turn->answer;

	if (db_failed(hq->db))
		answer_fault(hq, answer);
	else if (!text_ok(&answer->body))
		answer_problem(answer, PROBLEM_FAULT,
			"The answer grew too large: ask with a lower limit.");
	if (db_in_transaction(hq->db))
		db_rollback(hq->db);
	if (answer->status != 0)
		answer_compress(answer, turn->request->accept_encoding);
	hq->counters.requests += turn->request->waited_ms == 0;
	hq->counters.problems += answer->status >= 400;
	query_free(&turn->query);
	caller_free(&turn->caller);
}

void hq_handle(
	struct hq *hq, const struct hq_request *request, struct hq_answer *answer, int64_t now_ms)
{
	struct turn turn = {
		.hq = hq, .request = request, .answer = answer, .tail = "", .now_ms = now_ms};
	const struct route *route = turn_begin(&turn);

	if (route)
		route->serve(&turn);
	turn_end(&turn);
}

bool hq_goes_together(const struct hq_request *request)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++)
		if (routes[i].flags & ROUTE_TOGETHER && route_match(&routes[i], request->path) &&
			method_match(&routes[i], request->method))
			return true;
	return false;
}

/* A request that is not let in is done with before the next one is looked at: a failure of the
 * database is its own. */
void hq_handle_together(
	struct hq *hq, struct hq_exchange *const *exchanges, int count, int64_t now_ms)
{
	struct turn turns[HQ_TOGETHER_MAX], *together[HQ_TOGETHER_MAX];
	int together_count = 0;

	for (int i = 0; i < count; i++) {
		struct turn *turn = &turns[i];

		*turn = (struct turn){.hq = hq,
			.request = &exchanges[i]->request,
			.answer = &exchanges[i]->answer,
			.tail = "",
			.now_ms = now_ms};
		const struct route *route = turn_begin(turn);

		if (route && route->flags & ROUTE_TOGETHER) {
			together[together_count++] = turn;
			continue;
		}
		if (route)
			route->serve(turn);
		turn_end(turn);
	}
	if (together_count > 0)
		commands_post_together(together, together_count);
	for (int i = 0; i < together_count; i++)
		turn_end(together[i]);
}
