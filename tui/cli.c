#include "tui/cli.h"

#include "model/catalogue.h"
#include "model/db.h"
#include "model/i18n.h"
#include "model/json.h"
#include "model/staff.h"
#include "model/stocktake_zone.h"
#include "model/text.h"
#include "model/ticket.h"
#include "model/view.h"
#include "tui/cols.h"
#include "tui/file_name.h"
#include "tui/personal.h"
#include "model/nearest.h"
#include "tui/say.h"

#include <stdlib.h>
#include <string.h>

#define CLI_BUSY_MS 5000

#define say(cli, ...) say_to((cli)->err, __VA_ARGS__)

/* ---- the operation and its fields ---- */

static const struct op *find_op(struct cli *cli, const char *name)
{
	const struct op *op = op_find(name);
	struct nearest nearest = {.wanted = name};
	const struct op *all;
	int count;

	if (op)
		return op;
	all = op_all(&count);
	for (int i = 0; i < count; i++)
		nearest_offer(&nearest, all[i].name);
	if (nearest.name)
		say(cli, _("there is no operation %s; did you mean %s?"), name, nearest.name);
	else
		say(cli, _("there is no operation %s; countertop do --help lists them"), name);
	return NULL;
}

static const struct field *find_field(struct cli *cli, const struct op *op, const char *name)
{
	struct nearest nearest = {.wanted = name};

	for (int i = 0; i < op->field_count; i++) {
		if (op->fields[i].item)
			continue;
		if (strcmp(op->fields[i].name, name) == 0)
			return &op->fields[i];
		nearest_offer(&nearest, op->fields[i].name);
	}
	if (nearest.name)
		say(cli, _("%s has no field %s; did you mean %s?"), op->name, name, nearest.name);
	else
		say(cli, _("%s has no field %s"), op->name, name);
	return NULL;
}

/* What a value must look like on the command line, by its type. */
enum shape { SHAPE_TEXT, SHAPE_NUMBER, SHAPE_BOOL, SHAPE_LIST, SHAPE_OBJECT };

static enum shape shape_of(enum field_type type)
{
	switch (type) {
	case FIELD_QTY:
	case FIELD_QTY0:
	case FIELD_SQTY:
	case FIELD_UNITS:
	case FIELD_MONEY:
		return SHAPE_NUMBER;
	case FIELD_BOOL:
		return SHAPE_BOOL;
	case FIELD_TEXTS:
	case FIELD_CODES:
	case FIELD_LINES:
		return SHAPE_LIST;
	case FIELD_OBJECT:
		return SHAPE_OBJECT;
	default:
		return SHAPE_TEXT;
	}
}

/* NULL if the word is not of the field's type; the sentence is on err. */
static cJSON *read_value(struct cli *cli, const struct field *field, const char *word)
{
	static const char *const wanted[] = {[SHAPE_TEXT] = N_("text"),
		[SHAPE_NUMBER] = N_("a number with at most three decimals"),
		[SHAPE_BOOL] = N_("true or false"),
		[SHAPE_LIST] = N_(
			"a list in JSON, such as [\"a\",\"b\"] or [{\"sku\":\"A1\",\"qty\":2}]"),
		[SHAPE_OBJECT] = N_("an object in JSON")};
	enum shape shape = shape_of(field->type);
	char error[120] = "";
	cJSON *value;
	int64_t qty;
	bool good;

	if (shape == SHAPE_TEXT)
		return cJSON_CreateString(word);
	value = json_parse(word, strlen(word), error, sizeof error);
	good = (shape == SHAPE_NUMBER && json_qty(value, &qty)) ||
		(shape == SHAPE_BOOL && cJSON_IsBool(value)) ||
		(shape == SHAPE_LIST && cJSON_IsArray(value)) ||
		(shape == SHAPE_OBJECT && cJSON_IsObject(value));
	if (good)
		return value;
	cJSON_Delete(value);
	if (error[0] != '\0' && shape >= SHAPE_LIST)
		say(cli, _("%s must be %s: %s"), field->name, _(wanted[shape]), error);
	else
		say(cli, _("%s must be %s"), field->name, _(wanted[shape]));
	return NULL;
}

/* A PIN never leaves this function: what goes on is its hash. */
static bool add_pin(struct cli *cli, cJSON *data, const char *pin)
{
	char hash[STAFF_HASH_SIZE];
	size_t length = strlen(pin);

	if (length < STAFF_PIN_MIN || length > STAFF_PIN_MAX ||
		strspn(pin, "0123456789") != length) {
		say(cli, _("a PIN has %d to %d digits"), STAFF_PIN_MIN, STAFF_PIN_MAX);
		return false;
	}
	if (!staff_pin_hash(pin, hash)) {
		say(cli, _("the PIN cannot be hashed: there is too little memory"));
		return false;
	}
	cJSON_AddStringToObject(data, "pin_hash", hash);
	return true;
}

/* A document may be named by its number, in capitals or not: what the command takes is its id. NULL if
 * none is known by that word; the caller frees it. */
static char *find_document(struct cli *cli, const char *kind, const char *word)
{
	static const char *const views[][2] = {
		{"movement", "movements"}, {"transfer", "transfers"}, {"stocktake", "stocktakes"}};
	struct db *cache = cli->console->cache;
	char *id = NULL;

	for (size_t i = 0; cache && i < sizeof views / sizeof *views; i++) {
		const struct view *view = view_find(views[i][1]);
		char *capitals;

		if (strcmp(views[i][0], kind) != 0)
			continue;
		capitals = text_copy(word);
		for (char *c = capitals; *c; c++)
			if (*c >= 'a' && *c <= 'z')
				*c = (char)(*c - 'a' + 'A');
		id = view_id_of(cache, view, word);
		if (!id)
			id = view_id_of(cache, view, capitals);
		free(capitals);
	}
	return id;
}

static cJSON *read_id(struct cli *cli, const struct field *field, const char *word)
{
	char *id = find_document(cli, field->name, word);
	cJSON *value = cJSON_CreateString(id ? id : word);

	free(id);
	return value;
}

/* The code of a ticket as it is kept, however it was written. What is none stays as it is: whoever judges the
 * command says so. */
static cJSON *read_code(const char *word)
{
	char code[TICKET_CODE_SIZE];

	return cJSON_CreateString(ticket_code_normal(word, code, sizeof code) ? code : word);
}

static void settle_codes(cJSON *codes)
{
	for (int i = 0; i < cJSON_GetArraySize(codes); i++) {
		const cJSON *code = cJSON_GetArrayItem(codes, i);

		if (cJSON_IsString(code))
			cJSON_ReplaceItemInArray(codes, i, read_code(code->valuestring));
	}
}

/* A code that was typed without its field stays out of what is kept of the error output. */
static void say_no_field(struct cli *cli, const struct op *op, const char *word)
{
	char code[TICKET_CODE_SIZE], masked[PERSONAL_BYTES];
	bool is_code = strncmp(op->name, "ticket.", 7) == 0 &&
		ticket_code_normal(word, code, sizeof code);

	if (is_code)
		ticket_code_mask(code, masked, sizeof masked);
	say(cli, _("%s is not FIELD=VALUE"), is_code ? masked : word);
}

static bool add_field(struct cli *cli, const struct op *op, cJSON *data, const char *word)
{
	const char *equals = strchr(word, '=');
	char name[64];
	const struct field *field;
	cJSON *value;

	if (!equals || equals == word || (size_t)(equals - word) >= sizeof name) {
		say_no_field(cli, op, word);
		return false;
	}
	snprintf(name, sizeof name, "%.*s", (int)(equals - word), word);
	field = find_field(cli, op, name);
	if (!field)
		return false;
	if (cJSON_HasObjectItem(data, name)) {
		say(cli, _("%s is given twice"), name);
		return false;
	}
	if (field->type == FIELD_PIN)
		return add_pin(cli, data, equals + 1);
	if (field->type == FIELD_ID)
		value = read_id(cli, field, equals + 1);
	else if (field->type == FIELD_CODE)
		value = read_code(equals + 1);
	else
		value = read_value(cli, field, equals + 1);
	if (value && field->type == FIELD_CODES)
		settle_codes(value);
	if (value)
		cJSON_AddItemToObject(data, field->name, value);
	return value != NULL;
}

/* NULL if the words do not make one; said on err. */
static cJSON *read_data(struct cli *cli, const struct op *op, int count, char *const *words)
{
	cJSON *data = cJSON_CreateObject();

	for (int i = 0; i < count; i++) {
		if (!add_field(cli, op, data, words[i])) {
			cJSON_Delete(data);
			return NULL;
		}
	}
	for (int i = 0; i < op->field_count; i++) {
		const struct field *field = &op->fields[i];

		if (field->required && !field->item && !cJSON_HasObjectItem(data, field->name)) {
			say(cli, _("%s needs %s=…"), op->name, field->name);
			cJSON_Delete(data);
			return NULL;
		}
	}
	return data;
}

/* ---- what every verb asks ---- */

bool cli_has_data(struct cli *cli)
{
	struct console_counts counts;

	if (!cli->console->cache) {
		say(cli, _("this home has no copy of HQ's data that can be read"));
		return false;
	}
	console_count(cli->console, NULL, &counts);
	if (counts.pulled_ms == 0)
		say(cli, _("no data have come from HQ yet: run countertop sync --once"));
	return counts.pulled_ms > 0;
}

bool cli_may_write(struct cli *cli, const char *path)
{
	if (cli->force || !file_name_is_taken(path))
		return true;
	say(cli, _("%s is there already; with --force it is replaced"), path);
	return false;
}

/* ---- verdicts ---- */

static enum cli_exit exit_of(const char *status)
{
	static const struct {
		const char *status;
		enum cli_exit code;
	} exits[] = {{"applied", CLI_APPLIED}, {"rejected", CLI_REJECTED}, {"parked", CLI_PARKED}};

	for (size_t i = 0; status && i < sizeof exits / sizeof *exits; i++)
		if (strcmp(exits[i].status, status) == 0)
			return exits[i].code;
	return CLI_QUEUED;
}

static void print_json(struct cli *cli, const cJSON *json)
{
	char *bytes = cJSON_PrintUnformatted(json);

	if (bytes && cli->out_is_terminal) {
		size_t size = strlen(bytes) * 3 + 1;
		char *clean = malloc(size);

		if (clean)
			cols_clean(clean, size, bytes);
		fprintf(cli->out, "%s\n", clean ? clean : "");
		free(clean);
	} else {
		fprintf(cli->out, "%s\n", bytes ? bytes : "");
	}
	cJSON_free(bytes);
}

/* The five members scripts rely on, in this order; result is consumed and may be NULL. */
static void print_verdict(struct cli *cli, const char *const words[4], cJSON *result)
{
	static const char *const names[4] = {"id", "status", "code", "message"};
	cJSON *json = cJSON_CreateObject();

	for (int i = 0; i < 4; i++)
		cJSON_AddStringToObject(json, names[i], words[i] ? words[i] : "");
	cJSON_AddItemToObject(json, "result", result ? result : cJSON_CreateNull());
	print_json(cli, json);
	cJSON_Delete(json);
}

/* A code of a newer HQ has no words here: then HQ's own are said. */
static void explain_code(struct cli *cli, const char *code, const char *message)
{
	const char *way_out = code ? refusal_way_out(code) : "";
	const char *nobody = cli_nobody_named(cli, code);

	if (nobody)
		say(cli, "%s", nobody);
	else if (way_out[0] != '\0')
		say(cli, "%s. %s", refusal_what(code), way_out);
	else if (message && message[0] != '\0')
		say(cli, _("HQ says: %s"), message);
	else if (code && code[0] != '\0')
		say(cli, _("HQ gives a reason that this program does not know: %s"), code);
}

/* HQ's verdict if there is one: printed, and its exit code. False while there is none. */
static bool print_answer(struct cli *cli, const char *id, enum cli_exit *code)
{
	char *stored = console_verdict_of(cli->console, id);
	char error[80];
	cJSON *verdict = stored ? json_parse(stored, strlen(stored), error, sizeof error) : NULL;
	const char *status = verdict ? json_text(verdict, "status") : NULL;
	const char *words[4] = {id, status, NULL, NULL};

	free(stored);
	if (!status) {
		cJSON_Delete(verdict);
		return false;
	}
	words[2] = json_text(verdict, "code");
	words[3] = json_text(verdict, "message");
	*code = exit_of(strcmp(status, "replayed") == 0 ? json_text(verdict, "first") : status);
	if (*code != CLI_APPLIED)
		explain_code(cli, words[2], words[3]);
	print_verdict(cli, words, cJSON_DetachItemFromObjectCaseSensitive(verdict, "result"));
	cJSON_Delete(verdict);
	return true;
}

static enum cli_exit saved(struct cli *cli, struct console_verdict *verdict)
{
	char trouble[300] = "";
	const char *code = refusal_code(verdict->refusal);
	enum cli_exit code_of = CLI_QUEUED;

	cli->saved(cli->ctx);
	if (cli->wait && !cli->sync(cli->ctx, verdict->id, trouble, sizeof trouble) &&
		trouble[0] != '\0')
		say(cli, "%s", trouble);
	if (print_answer(cli, verdict->id, &code_of))
		return code_of;
	print_verdict(cli, (const char *const[4]){verdict->id, "queued", code, verdict->message},
		verdict->result);
	verdict->result = NULL;
	return CLI_QUEUED;
}

static enum cli_exit not_saved(struct cli *cli, struct console_verdict *verdict)
{
	bool fault = verdict->refusal >= REFUSAL_FAULT || verdict->refusal == REFUSAL_NONE;
	const char *status = fault ? "error" : "rejected";
	const char *code = refusal_code(verdict->refusal);

	explain_code(cli, code, verdict->message);
	print_verdict(cli, (const char *const[4]){verdict->id, status, code, verdict->message},
		verdict->result);
	verdict->result = NULL;
	return fault ? CLI_FAILED : CLI_REJECTED;
}

/* ---- do ---- */

/* A product may be named by its barcode or in any case where it is counted, as by a scan; and a count says
 * where it belongs, as one on the screen does. */
static void complete_count(struct cli *cli, const struct op *op, cJSON *data)
{
	static const char *const ops[] = {"stocktake.count", "stocktake.resolve"};
	const char *named = json_text(data, "sku");
	char sku[COMMAND_ID_MAX + 1];
	bool is_count = strcmp(op->name, ops[0]) == 0;

	if ((!is_count && strcmp(op->name, ops[1]) != 0) || !cli->console->cache)
		return;
	console_catch_up(cli->console, cli->now_ms);
	if (named && catalogue_resolve(cli->console->cache, named, sku, sizeof sku))
		cJSON_ReplaceItemInObjectCaseSensitive(data, "sku", cJSON_CreateString(sku));
	if (is_count)
		stocktake_zone_complete(cli->console->cache, data);
}

static enum cli_exit run_op(struct cli *cli, const struct op *op, cJSON *data)
{
	struct console_verdict verdict;
	const char *store;
	enum cli_exit code;

	if (!cli_acting_store(cli, op, &store)) {
		cJSON_Delete(data);
		return CLI_USAGE;
	}
	code = cli_sign_in(cli, store);
	if (code != CLI_APPLIED) {
		cJSON_Delete(data);
		return code;
	}
	/* Nobody looks at a screen here: others at work on the cache are waited for. */
	if (cli->console->cache)
		db_wait(cli->console->cache, CLI_BUSY_MS);
	complete_count(cli, op, data);
	console_do(cli->console, op->name, store, cli->staff, data, cli->now_ms, &verdict);
	code = verdict.saved ? saved(cli, &verdict) : not_saved(cli, &verdict);
	console_verdict_free(&verdict);
	return code;
}

enum cli_exit cli_do(struct cli *cli, int count, char *const *words)
{
	const struct op *op;
	cJSON *data;

	if (count == 0) {
		say(cli, _("say what to do: countertop do OP FIELD=VALUE…"));
		return CLI_USAGE;
	}
	op = find_op(cli, words[0]);
	data = op ? read_data(cli, op, count - 1, words + 1) : NULL;
	if (!data)
		return CLI_USAGE;
	if (!console_enrolled(cli->console)) {
		say(cli, _("this home is not enrolled at an HQ yet: countertop enrol URL CODE"));
		cJSON_Delete(data);
		return CLI_FAILED;
	}
	return run_op(cli, op, data);
}
