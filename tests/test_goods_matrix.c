/* Every status × every action × every role × every store, for movements between stores, from and to third
 * parties, and for transfer orders: first as the terminal there rehearses it, on its own cache, then as HQ
 * judges it. Allowed, it leads where the table says; refused, it has its code and nothing is changed. */
#include "tests/goods_rules.h"
#include "tests/goods_world.h"

#include "model/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))
#define STATES_MAX 10
#define STEPS_MAX 5

/* ---- who ---- */

/* g1 sends, g2 receives (or asks for a transfer), g3 has no part in it. */
static const struct actor {
	const char *id, *role; /* role: NULL, somebody of another store */
	const char *store;
	enum staff_role right;
} actors[] = {
	{"t1", "ticket_clerk", "g1", ROLE_TICKETS},
	{"c1", "clerk", "g1", ROLE_CLERK},
	{"b1", "manager", "g1", ROLE_MANAGER},
	{"ho", "hq", "g1", ROLE_HQ},
	{"t2", "ticket_clerk", "g2", ROLE_TICKETS},
	{"c2", "clerk", "g2", ROLE_CLERK},
	{"b2", "manager", "g2", ROLE_MANAGER},
	{"ho", "hq", "g2", ROLE_HQ},
	{"c3", "clerk", "g3", ROLE_CLERK},
	{"b3", "manager", "g3", ROLE_MANAGER},
	{"ho", "hq", "g3", ROLE_HQ},
	{"b1", NULL, "g2", ROLE_NONE},
	{"b2", NULL, "g1", ROLE_NONE},
};

/* ---- what: documents, how they get into each status, and where actions lead ---- */

struct step {
	const char *op, *data; /* data is put behind the document's name */
};

struct state {
	const char *name, *status;
	struct step steps[STEPS_MAX];
};

#define NO "!wrong_status"
#define SENT "!already_shipped"

struct action {
	const char *op, *data;
	bool sends; /* done by the sender, or by who is asked */
	enum staff_role right;
	const char *becomes[STATES_MAX]; /* a status, or behind ! the refusal */
};

struct family {
	const char *name, *field;      /* field: what commands call the document */
	const char *sender, *receiver; /* "": a third party */
	struct step made;
	const char *made_at;
	const struct state *states;
	int state_count;
	const struct action *actions;
	int action_count;
};

#define COUNT_ONE ",'lines':[{'sku':'A1','qty':1}]"
#define COUNT_ALL ",'lines':[{'sku':'A1','qty':10},{'sku':'A2','qty':5}]"
#define LINES "'lines':[{'sku':'A1','qty':10},{'sku':'A2','qty':5}]"

static const struct state between_states[] = {
	{"pending", "pending", {{NULL, NULL}}},
	{"accepted", "accepted", {{"inbound.accept", ""}}},
	{"shipped in part", "accepted",
		{{"inbound.accept", ""}, {"outbound.ship", ",'lines':[{'sku':'A1','qty':4}]"}}},
	{"shipped", "shipped", {{"inbound.accept", ""}, {"outbound.ship", ""}}},
	{"arrived", "arrived",
		{{"inbound.accept", ""}, {"outbound.ship", ""}, {"inbound.arrive", ""}}},
	{"partial", "partial",
		{{"inbound.accept", ""}, {"outbound.ship", ""}, {"inbound.receive", COUNT_ONE}}},
	{"received", "received", {{"inbound.accept", ""}, {"inbound.receive", COUNT_ALL}}},
	{"closed short", "received",
		{{"inbound.accept", ""}, {"outbound.ship", ""},
			{"inbound.close", ",'reason':'came_back'"}}},
	{"rejected", "rejected", {{"inbound.reject", ",'reason':'no room'"}}},
	{"cancelled", "cancelled", {{"outbound.cancel", ""}}},
};

/* clang-format off */
static const struct action between_actions[] = {
	/*                                                          pending      accepted     part         shipped      arrived      partial      received     closed       rejected    cancelled */
	{"inbound.accept", "", false, ROLE_MANAGER,                {"accepted",  NO,          NO,          NO,          NO,          NO,          NO,          NO,          NO,         NO}},
	{"inbound.reject", ",'reason':'x'", false, ROLE_MANAGER,   {"rejected",  NO,          NO,          NO,          NO,          NO,          NO,          NO,          NO,         NO}},
	{"outbound.cancel", ",'reason':'x'", true, ROLE_MANAGER,   {"cancelled", "cancelled", SENT,        SENT,        SENT,        SENT,        NO,          NO,          NO,         NO}},
	{"outbound.ship", "", true, ROLE_MANAGER,                  {NO,          "shipped",   "shipped",   NO,          NO,          NO,          NO,          NO,          NO,         NO}},
	{"outbound.ship", COUNT_ONE, true, ROLE_MANAGER,           {NO,          "accepted",  "accepted",  NO,          NO,          NO,          NO,          NO,          NO,         NO}},
	{"inbound.arrive", "", false, ROLE_CLERK,                  {NO,          "arrived",   "arrived",   "arrived",   NO,          NO,          NO,          NO,          NO,         NO}},
	{"inbound.receive", COUNT_ONE, false, ROLE_CLERK,          {"partial",   "partial",   "partial",   "partial",   "partial",   "partial",   "received",  "received",  "rejected", "cancelled"}},
	{"inbound.receive", COUNT_ALL, false, ROLE_CLERK,          {"received",  "received",  "received",  "received",  "received",  "received",  "received",  "received",  "rejected", "cancelled"}},
	{"inbound.close", ",'reason':'lost'", false, ROLE_MANAGER, {NO,          NO,          NO,          "received",  "received",  "received",  NO,          NO,          NO,         NO}},
};

static const struct state bought_states[] = {
	{"accepted", "accepted", {{NULL, NULL}}},
	{"arrived", "arrived", {{"inbound.arrive", ""}}},
	{"partial", "partial", {{"inbound.receive", COUNT_ONE}}},
	{"received", "received", {{"inbound.receive", COUNT_ALL}}},
	{"cancelled", "cancelled", {{"inbound.close", ""}}},
};

static const struct action bought_actions[] = {
	/*                                                          accepted     arrived      partial      received     cancelled */
	{"inbound.accept", "", false, ROLE_MANAGER,                {NO,          NO,          NO,          NO,          NO}},
	{"inbound.reject", "", false, ROLE_MANAGER,                {NO,          NO,          NO,          NO,          NO}},
	{"outbound.cancel", "", true, ROLE_MANAGER,                {NULL}},
	{"outbound.ship", "", true, ROLE_MANAGER,                  {NULL}},
	{"inbound.arrive", "", false, ROLE_CLERK,                  {"arrived",   NO,          NO,          NO,          NO}},
	{"inbound.receive", COUNT_ONE, false, ROLE_CLERK,          {"partial",   "partial",   "partial",   "received",  "cancelled"}},
	{"inbound.receive", COUNT_ALL, false, ROLE_CLERK,          {"received",  "received",  "received",  "received",  "cancelled"}},
	{"inbound.close", "", false, ROLE_MANAGER,                 {"cancelled", "cancelled", "received",  NO,          NO}},
};

static const struct state sold_states[] = {
	{"accepted", "accepted", {{NULL, NULL}}},
	{"shipped in part", "accepted", {{"outbound.ship", COUNT_ONE}}},
	{"received", "received", {{"outbound.ship", ""}}},
	{"cancelled", "cancelled", {{"outbound.cancel", ""}}},
};

static const struct action sold_actions[] = {
	/*                                                          accepted     part         received     cancelled */
	{"outbound.ship", "", true, ROLE_MANAGER,                  {"received",  "received",  NO,          NO}},
	{"outbound.ship", COUNT_ONE, true, ROLE_MANAGER,           {"accepted",  "accepted",  NO,          NO}},
	{"outbound.cancel", "", true, ROLE_MANAGER,                {"cancelled", SENT,        NO,          NO}},
	{"inbound.accept", "", false, ROLE_MANAGER,                {NULL}},
	{"inbound.reject", "", false, ROLE_MANAGER,                {NULL}},
	{"inbound.arrive", "", false, ROLE_CLERK,                  {NULL}},
	{"inbound.receive", COUNT_ONE, false, ROLE_CLERK,          {NULL}},
	{"inbound.close", ",'reason':'lost'", false, ROLE_MANAGER, {NULL}},
};

static const struct state asked_states[] = {
	{"pending", "pending", {{NULL, NULL}}},
	{"agreed", "agreed", {{"transfer.agree", ""}}},
	{"agreed to less", "agreed", {{"transfer.agree", COUNT_ONE}}},
	{"refused", "refused", {{"transfer.refuse", ""}}},
	{"cancelled", "cancelled", {{"transfer.cancel", ""}}},
};

static const struct action asked_actions[] = {
	/*                                                          pending      agreed       less         refused      cancelled */
	{"transfer.agree", "", true, ROLE_MANAGER,                 {"agreed",    NO,          NO,          NO,          NO}},
	{"transfer.agree", COUNT_ONE, true, ROLE_MANAGER,          {"agreed",    NO,          NO,          NO,          NO}},
	{"transfer.refuse", ",'reason':'x'", true, ROLE_MANAGER,   {"refused",   NO,          NO,          NO,          NO}},
	{"transfer.cancel", ",'reason':'x'", false, ROLE_MANAGER,  {"cancelled", NO,          NO,          NO,          NO}},
};
/* clang-format on */

#define TABLES(what) \
	what##_states, COUNT_OF(what##_states), what##_actions, COUNT_OF(what##_actions)

static const struct family families[] = {
	{"a movement", "movement", "g1", "g2", {"outbound.create", "{'to':'g2'," LINES "}"}, "g1",
		TABLES(between)},
	{"a third party's inbound", "movement", "", "g2",
		{"inbound.create", "{'third_party':'Luma'," LINES "}"}, "g2", TABLES(bought)},
	{"a third party's outbound", "movement", "g1", "",
		{"outbound.create", "{'third_party':'Luma'," LINES "}"}, "g1", TABLES(sold)},
	{"a transfer order", "transfer", "g1", "g2",
		{"transfer.request", "{'from':'g1'," LINES "}"}, "g2", TABLES(asked)},
};

/* ---- one cell ---- */

struct matrix {
	struct goods_world world;
	struct goods_moment *moment;
	char documents[COUNT_OF(families)][STATES_MAX][UUID_SIZE];
	int cells, allowed;
};

struct cell {
	struct matrix *matrix;
	const struct family *family;
	const struct action *action;
	const struct actor *actor;
	int state;
	const char *document;
	char data[200];
};

static void fail_cell(
	const struct cell *cell, const char *where, const char *expected, const char *was)
{
	fail_msg("%s of %s that is %s, by %s at %s, %s: expected %s, was %s", cell->action->op,
		cell->family->name, cell->family->states[cell->state].name, cell->actor->id,
		cell->actor->store, where, expected, was);
}

/* The status it leads to, or behind ! the code. A terminal holds the documents of its own store only. */
static const char *expected_of(const struct cell *cell, bool at_hq)
{
	const struct family *family = cell->family;
	const char *store = cell->actor->store;
	const char *owner = cell->action->sends ? family->sender : family->receiver;
	bool is_here = strcmp(store, family->sender) == 0 || strcmp(store, family->receiver) == 0;

	if (!cell->actor->role)
		return "!unknown_staff";
	if (cell->actor->right < cell->action->right)
		return "!no_right";
	if (!at_hq && !is_here)
		return "!unknown_document";
	if (strcmp(store, owner) != 0)
		return "!wrong_store";
	return cell->action->becomes[cell->state];
}

static char *status_of(const struct cell *cell)
{
	return db_get_text(cell->matrix->world.look,
		cell->family->field[0] == 't' ? "SELECT status FROM transfer WHERE id = $1"
					      : "SELECT status FROM movement WHERE id = $1",
		"t", cell->document);
}

/* What the terminal says of it: the status it leads to, or behind ! the code. */
static void rehearse(struct goods_world *world, const struct actor *actor, const struct step *step,
	char word[80])
{
	struct goods_home *home = &world->homes[actor->store[1] - '0'];
	struct console_verdict verdict;
	char json[200];
	size_t i = 0;

	for (; step->data[i]; i++)
		json[i] = step->data[i] == '\'' ? '"' : step->data[i];
	json[i] = '\0';
	console_rehearse(&home->console, step->op, actor->store, actor->id, cJSON_Parse(json),
		world->now_ms, &verdict);
	snprintf(word, 80, "%s%s", verdict.refusal ? "!" : "",
		verdict.refusal ? refusal_code(verdict.refusal)
				: json_text(verdict.result, "status"));
	console_verdict_free(&verdict);
}

static void expect_at_console(const struct cell *cell)
{
	const char *expected = expected_of(cell, false);
	char was[80];

	rehearse(&cell->matrix->world, cell->actor, &(struct step){cell->action->op, cell->data},
		was);
	if (strcmp(was, expected) != 0)
		fail_cell(cell, "at the terminal", expected, was);
}

/* The word of the answer: applied, or the code behind a !. */
static void read_answer(const char *answer, char word[80])
{
	const char *code = strstr(answer, "\"code\":\"");

	snprintf(word, 80, "applied");
	if (!strstr(answer, "\"status\":\"applied\""))
		snprintf(word, 80, "!%.*s", code ? (int)strcspn(code + 8, "\"") : 0,
			code ? code + 8 : "");
}

/* What HQ says of it to the device of the store: applied, or the code behind a !. */
static void send(struct goods_world *world, const struct actor *actor, const struct step *step,
	char word[80])
{
	struct console_device device;
	char id[UUID_SIZE], *line, *answer;

	console_device(&world->homes[actor->store[1] - '0'].console, &device);
	world->actor = actor->id;
	line = goods_line(world, step->op, actor->store, step->data, id);
	answer = goods_post(world, device.token, line);
	read_answer(answer, word);
	free(answer);
	free(line);
	console_device_free(&device);
}

static void expect_at_hq(const struct cell *cell)
{
	struct goods_world *world = &cell->matrix->world;
	const char *expected = expected_of(cell, true);
	bool refused = *expected == '!';
	const char *becomes = refused ? cell->family->states[cell->state].status : expected;
	int64_t written = db_get_int(world->look, 0, "SELECT COUNT(*) FROM history", "");
	char was[80], *status;

	send(world, cell->actor, &(struct step){cell->action->op, cell->data}, was);
	if (strcmp(was, refused ? expected : "applied") != 0)
		fail_cell(cell, "at HQ", expected, was);
	status = status_of(cell);
	if (strcmp(status, becomes) != 0)
		fail_cell(cell, "afterwards", becomes, status);
	free(status);
	if (refused) {
		assert_int_equal(
			db_get_int(world->look, 0, "SELECT COUNT(*) FROM history", ""), written);
		return;
	}
	assert_null(goods_broken_rule(world->look, NULL));
	goods_go_back(world, cell->matrix->moment);
	cell->matrix->allowed++;
}

/* ---- all of them ---- */

static void office(struct goods_world *world, const char *op, const char *store, const char *data)
{
	world->actor = "office";
	if (!goods_office(world, op, store, data, NULL))
		fail_msg("%s at %s: %s is refused", op, store ? store : "HQ", data);
}

static void make_document(struct matrix *matrix, int f, int state)
{
	const struct family *family = &families[f];
	char *id = matrix->documents[f][state], data[200];
	const struct step *step = family->states[state].steps;

	if (!goods_office(&matrix->world, family->made.op, family->made_at, family->made.data, id))
		fail_msg("%s cannot be made", family->name);
	for (int i = 0; i < STEPS_MAX && step[i].op; i++) {
		bool sends = strncmp(step[i].op, "outbound", strlen("outbound")) == 0 ||
			strcmp(step[i].op, "transfer.agree") == 0 ||
			strcmp(step[i].op, "transfer.refuse") == 0;

		snprintf(data, sizeof data, "{'%s':'%s'%s}", family->field, id, step[i].data);
		office(&matrix->world, step[i].op, sends ? "g1" : "g2", data);
	}
}

static void open_matrix(struct matrix *matrix)
{
	struct goods_world *world = &matrix->world;

	memset(matrix, 0, sizeof *matrix);
	goods_open(world, 1, true);
	office(world, "staff.put", NULL,
		"{'id':'ho','name':'Ho','role':'hq','stores':['g1','g2','g3']}");
	office(world, "staff.put", NULL,
		"{'id':'t1','name':'T','role':'ticket_clerk','stores':['g1']}");
	office(world, "staff.put", NULL,
		"{'id':'t2','name':'T','role':'ticket_clerk','stores':['g2']}");
	office(world, "stock.adjust", "g1",
		"{'kind':'found','reason':'enough for all',"
		"'lines':[{'sku':'A1','qty':999},{'sku':'A2','qty':999}]}");
	for (int f = 0; f < COUNT_OF(families); f++)
		for (int state = 0; state < families[f].state_count; state++)
			make_document(matrix, f, state);
	for (int i = 0; i < GOODS_STORES; i++)
		goods_sync(&world->homes[i]);
	matrix->moment = goods_keep(world);
}

static void check_state(struct matrix *matrix, int f, int state)
{
	const struct family *family = &families[f];

	for (int action = 0; action < family->action_count; action++) {
		for (int actor = 0; actor < COUNT_OF(actors); actor++) {
			struct cell cell = {matrix, family, &family->actions[action],
				&actors[actor], state, matrix->documents[f][state], ""};

			snprintf(cell.data, sizeof cell.data, "{'%s':'%s'%s}", family->field,
				cell.document, cell.action->data);
			expect_at_console(&cell);
			expect_at_hq(&cell);
			matrix->cells++;
		}
	}
}

static void every_status_action_role_and_store(void **state)
{
	/* Every status × action × role × store is allowed or refused with its code, by the terminal and by HQ. */
	static struct matrix matrix;

	(void)state;
	open_matrix(&matrix);
	for (int f = 0; f < COUNT_OF(families); f++)
		for (int i = 0; i < families[f].state_count; i++)
			check_state(&matrix, f, i);
	print_message("# %d cells, %d of them allowed\n", matrix.cells, matrix.allowed);
	goods_forget(matrix.moment);
	goods_close(&matrix.world);
}

/* ---- who may make documents ---- */

/* Made at g2; whom it may go to or come from does not depend on who. */
static const struct {
	struct step step;
	const char *status;
} makers[] = {
	{{"outbound.create", "{'to':'g1'," LINES "}"}, "pending"},
	{{"outbound.create", "{'third_party':'Luma'," LINES "}"}, "accepted"},
	{{"inbound.create", "{'third_party':'Luma'," LINES "}"}, "accepted"},
	{{"transfer.request", "{'from':'g1'," LINES "}"}, "pending"},
};

static void who_makes_documents(void **state)
{
	/* A document is made by a manager of its store or by hq, at the terminal as at HQ, and by nobody else. */
	static struct matrix matrix;
	char was[80];

	(void)state;
	open_matrix(&matrix);
	for (int i = 0; i < COUNT_OF(makers); i++) {
		for (int actor = 0; actor < COUNT_OF(actors); actor++) {
			bool may = actors[actor].right >= ROLE_MANAGER;
			const char *code = actors[actor].role ? "!no_right" : "!unknown_staff";

			if (strcmp(actors[actor].store, "g2") != 0)
				continue;
			rehearse(&matrix.world, &actors[actor], &makers[i].step, was);
			assert_string_equal(was, may ? makers[i].status : code);
			send(&matrix.world, &actors[actor], &makers[i].step, was);
			assert_string_equal(was, may ? "applied" : code);
		}
	}
	goods_forget(matrix.moment);
	goods_close(&matrix.world);
}

/* ---- a store whose clerks may not receive ---- */

static void a_store_whose_clerks_do_not_receive(void **state)
{
	/* Where HQ has switched it off, a clerk may neither arrive nor receive; managers and hq still may. */
	static struct matrix matrix;
	struct goods_world *world = &matrix.world;
	static const struct {
		int actor;
		bool may;
	} cases[] = {{5, false}, {6, true}, {7, true}};
	char data[2][120], was[80];

	(void)state;
	open_matrix(&matrix);
	office(world, "store.put", NULL,
		"{'id':'g2','name':'Store 2','kind':'shop','clerk_receives':false}");
	goods_sync(&world->homes[2]);
	snprintf(data[0], sizeof data[0], "{'movement':'%s'}", matrix.documents[0][3]);
	snprintf(data[1], sizeof data[1], "{'movement':'%s'" COUNT_ONE "}", matrix.documents[0][3]);
	for (int i = 0; i < COUNT_OF(cases); i++) {
		const struct step steps[] = {
			{"inbound.arrive", data[0]}, {"inbound.receive", data[1]}};
		const struct actor *actor = &actors[cases[i].actor];

		assert_string_equal(actor->store, "g2");
		for (int j = 0; j < COUNT_OF(steps); j++) {
			rehearse(world, actor, &steps[j], was);
			assert_string_equal(was,
				!cases[i].may ? "!no_right"
					: j   ? "partial"
					      : "arrived");
			if (cases[i].may)
				continue;
			send(world, actor, &steps[j], was);
			assert_string_equal(was, "!no_right");
		}
	}
	goods_forget(matrix.moment);
	goods_close(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_action_role_and_store),
		cmocka_unit_test(who_makes_documents),
		cmocka_unit_test(a_store_whose_clerks_do_not_receive),
	};

	return cmocka_run_group_tests_name("the matrix of stock documents", tests, NULL, NULL);
}
