#include "model/command.h"

#include "model/handlers.h"
#include "model/i18n.h"
#include "model/json.h"
#include "model/order.h"
#include "model/staff.h"
#include "model/ticket.h"
#include "model/when.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- refusal.def and command.def become arrays ---- */

static const struct {
	const char *code, *what, *way_out;
} refusals[] = {
	{"", "", ""},
#define REFUSAL(code, what, way_out) {#code, what, way_out},
#include "model/refusal.def"
#undef REFUSAL
	{"fault", N_("The program or its disk failed"),
		N_("Is the disk full? Make room and try again; countertop doctor says more.")},
	{"busy", N_("Another screen is at work on the data right now"),
		N_("Try again in a moment.")},
};

static const struct field fields[] = {
#define REQUIRED true
#define OPTIONAL false
#define OP(name, kind, right, handler)
#define FIELD(name, type, need, of) {#name, FIELD_##type, need, false, of},
#define ITEM(name, type, need, of) {#name, FIELD_##type, need, true, of},
#include "model/command.def"
#undef OP
#undef FIELD
#undef ITEM
};

/* An OP entry has a handler; a FIELD or ITEM entry stands for the next element of `fields`. */
static const struct op entries[] = {
#define OP(name, kind, right, handler) {name, OP_##kind, ROLE_##right, handler, NULL, 0},
#define FIELD(field, type, need, of) {NULL, OP_FACT, ROLE_NONE, NULL, NULL, 0},
#define ITEM(field, type, need, of) {NULL, OP_FACT, ROLE_NONE, NULL, NULL, 0},
#include "model/command.def"
#undef OP
#undef FIELD
#undef ITEM
};

#define ENTRY_COUNT ((int)(sizeof entries / sizeof *entries))
#define OPS_MAX 80

const struct op *op_all(int *count)
{
	static struct op ops[OPS_MAX];
	static int op_count;
	if (op_count == 0) {
		const struct field *next = fields;
		for (int i = 0; i < ENTRY_COUNT; i++) {
			if (entries[i].name) {
				ops[op_count] = entries[i];
				ops[op_count++].fields = next;
			} else {
				ops[op_count - 1].field_count++;
				next++;
			}
		}
	}
	*count = op_count;
	return ops;
}

const struct op *op_find(const char *name)
{
	int count;
	const struct op *ops = op_all(&count);
	for (int i = 0; i < count; i++) {
		if (strcmp(ops[i].name, name) == 0)
			return &ops[i];
	}
	return NULL;
}

const char *refusal_code(enum refusal refusal)
{
	return refusals[refusal].code;
}

static int refusal_index(const char *code)
{
	for (int i = 1; i < REFUSAL_COUNT; i++) {
		if (strcmp(refusals[i].code, code) == 0)
			return i;
	}
	return 0;
}

const char *refusal_what(const char *code)
{
	int i = refusal_index(code);
	return i ? _(refusals[i].what) : code;
}

const char *refusal_way_out(const char *code)
{
	int i = refusal_index(code);
	return i ? _(refusals[i].way_out) : "";
}

static const char *const role_words[] = {
	[ROLE_NONE] = "",
	[ROLE_TICKETS] = "ticket_clerk",
	[ROLE_CLERK] = "clerk",
	[ROLE_MANAGER] = "manager",
	[ROLE_HQ] = "hq",
};

enum staff_role role_parse(const char *word)
{
	for (int i = ROLE_TICKETS; word && i <= ROLE_HQ; i++) {
		if (strcmp(role_words[i], word) == 0)
			return (enum staff_role)i;
	}
	return ROLE_NONE;
}

const char *role_word(enum staff_role role)
{
	return role_words[role];
}

/* ---- parsing ---- */

struct check {
	char *message;
	size_t size;
};

static bool wrong(const struct check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static bool wrong(const struct check *check, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(check->message, check->size, format, args);
	va_end(args);
	return false;
}

static bool text_plain(const char *text, size_t max, bool lines)
{
	size_t length = strlen(text);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c == 0x7f || (c < 0x20 && !(lines && (c == '\n' || c == '\t'))))
			return false;
	}
	return length <= max;
}

/* Ids take part in keys, numbers and file names: printable, without space at the ends. */
static bool id_valid(const char *text)
{
	size_t length = strlen(text);
	return length > 0 && length <= COMMAND_ID_MAX && text_plain(text, COMMAND_ID_MAX, false) &&
		text[0] != ' ' && text[length - 1] != ' ';
}

static bool enum_has(const char *words, const char *word)
{
	size_t length = strlen(word);
	for (const char *w = words; *w;) {
		size_t n = strcspn(w, "|");
		if (n == length && memcmp(w, word, n) == 0)
			return true;
		w += n + (w[n] == '|');
	}
	return false;
}

/* Blanks, also those of Chinese text, say nothing. */
static bool is_blank(const char *text)
{
	static const char *const blanks[] = {" ", "\xc2\xa0", "\xe3\x80\x80"};
	size_t skipped = 1;
	while (*text && skipped > 0) {
		skipped = 0;
		for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
			if (strncmp(text, blanks[i], strlen(blanks[i])) == 0)
				skipped = strlen(blanks[i]);
		text += skipped;
	}
	return !*text;
}

static bool texts_valid(const cJSON *list, size_t max)
{
	const cJSON *value;
	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > 1000)
		return false;
	cJSON_ArrayForEach(value, list)
	{
		if (!cJSON_IsString(value) || !*value->valuestring ||
			!text_plain(value->valuestring, max, false))
			return false;
	}
	return true;
}

/* What a value of each type must be, for the message. */
static const char *const type_words[] = {
	[FIELD_ID] = "an id of 1 to 64 bytes",
	[FIELD_TEXT] = "one line of text of 1 to 200 bytes, not only blanks",
	[FIELD_NOTE] = "text of at most 2,000 bytes",
	[FIELD_CODE] = "a code of 1 to 300 bytes",
	[FIELD_DATE] = "a date such as 2026-01-31",
	[FIELD_QTY] = "a quantity above 0 with at most three decimals",
	[FIELD_QTY0] = "a quantity of 0 or more with at most three decimals",
	[FIELD_SQTY] = "a number with at most three decimals",
	[FIELD_UNITS] = "a whole number above 0",
	[FIELD_MONEY] = "a whole number of 0 or more",
	[FIELD_BOOL] = "true or false",
	[FIELD_ENUM] = "one of",
	[FIELD_TEXTS] = "a list of at most 1,000 texts of 1 to 200 bytes",
	[FIELD_CODES] = "a list of at most 1,000 codes of 1 to 300 bytes",
	[FIELD_LINES] = "a list of 1 to 5,000 objects",
	[FIELD_OBJECT] = "an object",
	[FIELD_PIN] = "4 to 12 digits",
};

static bool text_fits(enum field_type type, const char *text)
{
	size_t length = strlen(text);
	switch (type) {
	case FIELD_ID:
		return id_valid(text);
	case FIELD_NOTE:
		return text_plain(text, 2000, true);
	case FIELD_DATE:
		return when_is_date(text);
	case FIELD_CODE:
		return length > 0 && length <= 300;
	case FIELD_PIN:
		return length >= STAFF_PIN_MIN && length <= STAFF_PIN_MAX &&
			strspn(text, "0123456789") == length;
	default:
		return !is_blank(text) && text_plain(text, 200, false);
	}
}

static bool number_fits(enum field_type type, const cJSON *value)
{
	int64_t qty;
	if (!json_qty(value, &qty))
		return false;
	switch (type) {
	case FIELD_QTY:
		return qty > 0;
	case FIELD_QTY0:
		return qty >= 0;
	case FIELD_UNITS:
		return qty > 0 && qty % 1000 == 0 && qty <= 1000000 * INT64_C(1000);
	case FIELD_MONEY:
		return qty >= 0 && qty % 1000 == 0;
	default:
		return true;
	}
}

static bool value_fits(const struct field *field, const cJSON *value)
{
	switch (field->type) {
	case FIELD_BOOL:
		return cJSON_IsBool(value);
	case FIELD_OBJECT:
		return cJSON_IsObject(value);
	case FIELD_ENUM:
		return cJSON_IsString(value) && enum_has(field->of, value->valuestring);
	case FIELD_TEXTS:
		return texts_valid(value, 200);
	case FIELD_CODES:
		return texts_valid(value, 300);
	case FIELD_LINES:
		return cJSON_IsArray(value) && cJSON_GetArraySize(value) > 0 &&
			cJSON_GetArraySize(value) <= 5000;
	case FIELD_QTY:
	case FIELD_QTY0:
	case FIELD_SQTY:
	case FIELD_UNITS:
	case FIELD_MONEY:
		return number_fits(field->type, value);
	default:
		return cJSON_IsString(value) && text_fits(field->type, value->valuestring);
	}
}

static bool check_fields(const struct check *check, const struct field *first, int count,
	const cJSON *object, const char *where);

/* Of the fields from `first`, those of one object: the items that follow a LINES field, or all that
 * are no items. */
static bool check_field(const struct check *check, const struct field *field, int left,
	const cJSON *object, const char *where)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, field->name);
	if (!value || cJSON_IsNull(value))
		return !field->required || wrong(check, "%s%s is missing", where, field->name);
	if (!value_fits(field, value))
		return wrong(check, "%s%s must be %s%s%s", where, field->name,
			type_words[field->type], field->type == FIELD_ENUM ? " " : "", field->of);
	if (field->type != FIELD_LINES)
		return true;
	int items = 0, number = 0;
	while (items < left - 1 && field[1 + items].item)
		items++;
	const cJSON *line;
	cJSON_ArrayForEach(line, value)
	{
		char place[64];
		snprintf(place, sizeof place, "%s[%d].", field->name, number++);
		if (!check_fields(check, field + 1, items, line, place))
			return false;
	}
	return true;
}

static bool check_fields(const struct check *check, const struct field *first, int count,
	const cJSON *object, const char *where)
{
	if (!cJSON_IsObject(object))
		return wrong(check, "%s must be an object", *where ? where : "data");
	bool items = count > 0 && first[0].item;
	for (int i = 0; i < count; i++) {
		if (first[i].item == items &&
			!check_field(check, &first[i], count - i, object, where))
			return false;
	}
	const cJSON *member;
	cJSON_ArrayForEach(member, object)
	{
		bool known = false;
		for (int i = 0; i < count && !known; i++)
			known = first[i].item == items &&
				strcmp(first[i].name, member->string) == 0;
		if (!known)
			return wrong(check, "%s%.40s is not a field of this command", where,
				member->string);
	}
	return true;
}

static bool optional_id(const cJSON *json, const char *name, const char **id)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(json, name);
	*id = cJSON_GetStringValue(value);
	return !value || cJSON_IsNull(value) || (*id && id_valid(*id));
}

enum refusal command_parse(
	const char *line, size_t length, struct command *command, char *message, size_t size)
{
	struct check check = {message, size};
	*command = (struct command){.op = NULL};
	message[0] = '\0';
	if (length > COMMAND_LINE_MAX) {
		wrong(&check, "the line is longer than %zu bytes", COMMAND_LINE_MAX);
		return REFUSED_bad_line;
	}
	command->json = json_parse(line, length, message, size);
	const char *id = json_text(command->json, "id");
	if (!command->json)
		return REFUSED_bad_line;
	if (!id || !uuid_valid(id)) {
		wrong(&check, "id must be a lower-case UUID of version 7");
		return REFUSED_bad_line;
	}
	memcpy(command->id, id, UUID_SIZE);
	const char *op = json_text(command->json, "op"), *at = json_text(command->json, "at");
	if (json_int(command->json, "v", 0) != 1 || !op) {
		wrong(&check, "op must be text and v must be 1");
		return REFUSED_bad_line;
	}
	command->op = op_find(op);
	if (!command->op) {
		wrong(&check, "no such operation: %.60s", op);
		return REFUSED_unknown_op;
	}
	command->data = cJSON_GetObjectItemCaseSensitive(command->json, "data");
	if (!at || !when_parse(at, &command->at_ms))
		wrong(&check, "at must be a time such as 2026-01-31T08:00:00.000Z");
	else if (!optional_id(command->json, "store", &command->store))
		wrong(&check, "store must be a store's id");
	else if (!optional_id(command->json, "actor", &command->actor))
		wrong(&check, "actor must be an id");
	else if (check_fields(
			 &check, command->op->fields, command->op->field_count, command->data, ""))
		return REFUSAL_NONE;
	return REFUSED_bad_data;
}

void command_free(struct command *command)
{
	cJSON_Delete(command->json);
	*command = (struct command){.op = NULL};
}

/* ---- running ---- */

#define AT_PAST_MS (INT64_C(14) * 24 * 3600 * 1000)
#define AT_FUTURE_MS (INT64_C(5) * 60 * 1000)

/* A terminal's claim is believed within 14 days back and 5 minutes ahead: a longer offline stretch
 * or a wrong clock must not move documents into another year. */
static int64_t plausible_at(int64_t at_ms, int64_t now_ms)
{
	return at_ms < now_ms - AT_PAST_MS || at_ms > now_ms + AT_FUTURE_MS ? now_ms : at_ms;
}

static bool world_has(const struct world *world, const char *store)
{
	for (int i = 0; i < world->store_count; i++) {
		if (strcmp(world->stores[i], store) == 0)
			return true;
	}
	return world->every_right;
}

/* The store it acts for; a device of one store need not name it. */
static const char *acting_store(const struct command *command, const struct world *world)
{
	return !command->store && world->store_count == 1 ? world->stores[0] : command->store;
}

/* Staff belong to several stores, and a web shop that places and bills orders stands in none. */
static bool needs_store(const struct op *op, const struct world *world)
{
	return op->right < ROLE_HQ && strcmp(op->name, "staff.put") != 0 &&
		!(world->every_right && strncmp(op->name, "order.", 6) == 0);
}

/* Does the device act for the store, and is the actor's role enough? */
static enum refusal call_admit(struct call *call)
{
	const struct command *command = call->command;
	const struct world *world = call->world;
	if (call->store && !world_has(world, call->store))
		return call_refuse(call, REFUSED_wrong_store,
			"this device does not act for store %s", call->store);
	if (call->store &&
		!db_has(call->db, "SELECT 1 FROM store WHERE id = $1", "t", call->store) &&
		world->at_hq)
		return call_refuse(call, REFUSED_unknown_store, "no store %s", call->store);
	if (!call->store && needs_store(command->op, world))
		return call_refuse(call, REFUSED_unknown_store, "store is missing");
	if (world->every_right) {
		call->role = ROLE_HQ;
		return REFUSAL_NONE;
	}
	call->role = command->actor ? staff_role(call->db, command->actor, call->store) : ROLE_NONE;
	if (call->role == ROLE_NONE)
		return call_refuse(call, REFUSED_unknown_staff, "%s does not work at %s",
			command->actor ? command->actor : "nobody",
			call->store ? call->store : "HQ");
	if (world->cap != ROLE_NONE && call->role > world->cap)
		call->role = world->cap;
	if (call->role < command->op->right)
		return call_refuse(call, REFUSED_no_right, "%s needs the role %s",
			command->op->name, role_word(command->op->right));
	return REFUSAL_NONE;
}

/* An offline fact whose claimed time cannot be is recorded like any other, and someone is told. */
static void note_clock(struct call *call)
{
	bool fact = call->command->op->kind == OP_FACT;
	if (!fact || call->at_ms == call->command->at_ms || !call->store)
		return;
	char claimed[WHEN_SIZE];
	when_format(call->command->at_ms, claimed);
	cJSON *detail = cJSON_CreateObject();
	cJSON_AddStringToObject(detail, "at", claimed);
	if (call->world->device)
		cJSON_AddStringToObject(detail, "device", call->world->device);
	struct call_doc doc = {.kind = "", .id = "", .store = call->store};
	call_raise(call, "clock", &doc, NULL, detail);
}

void command_run(struct db *db, const struct command *command, const struct world *world,
	int64_t now_ms, struct verdict *verdict)
{
	*verdict = (struct verdict){.refusal = REFUSAL_NONE};
	struct call call = {.db = db,
		.command = command,
		.world = world,
		.now_ms = now_ms,
		.at_ms = plausible_at(command->at_ms, now_ms),
		.store = acting_store(command, world),
		.verdict = verdict};
	verdict->refusal = call_admit(&call);
	if (verdict->refusal == REFUSAL_NONE)
		verdict->refusal = command->op->handle(&call);
	if (verdict->refusal == REFUSAL_NONE)
		note_clock(&call);
	verdict->parked = verdict->refusal == REFUSED_unknown_document &&
		command->op->kind == OP_FACT;
	if (db_failed(db) != DB_OK) {
		verdict->refusal = REFUSAL_FAULT;
		snprintf(verdict->message, sizeof verdict->message, "%s", db_message(db));
	}
}

cJSON *command_show_present(struct db *db, const struct command *command, const struct world *world)
{
	struct verdict verdict = {.refusal = REFUSED_bad_data};
	struct call call = {.db = db,
		.command = command,
		.world = world,
		.store = acting_store(command, world),
		.verdict = &verdict};
	if (strncmp(command->op->name, "order.", 6) == 0 && call_admit(&call) == REFUSAL_NONE)
		order_show_present(&call);
	return verdict.result;
}

static const struct {
	const char *op;
	void (*note)(struct call *call, enum refusal refusal);
} refused_notes[] = {
	{"ticket.redeem", ticket_note_refused},
};

void command_refused(struct db *db, const struct command *command, const struct world *world,
	int64_t now_ms, enum refusal refusal)
{
	struct verdict unused = {.refusal = refusal};
	struct call call = {.db = db,
		.command = command,
		.world = world,
		.now_ms = now_ms,
		.at_ms = now_ms,
		.store = acting_store(command, world),
		.verdict = &unused};
	for (size_t i = 0; i < sizeof refused_notes / sizeof *refused_notes; i++)
		if (strcmp(refused_notes[i].op, command->op->name) == 0)
			refused_notes[i].note(&call, refusal);
	verdict_free(&unused);
}

void verdict_free(struct verdict *verdict)
{
	cJSON_Delete(verdict->result);
	verdict->result = NULL;
}
