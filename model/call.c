/* What handlers share: fields, results, derived ids and numbers, history, exceptions. */
#include "model/command.h"
#include "model/json.h"
#include "model/text.h"
#include "model/when.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum refusal call_refuse(struct call *call, enum refusal refusal, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(call->verdict->message, sizeof call->verdict->message, format, args);
	va_end(args);
	return refusal;
}

const char *call_text(const struct call *call, const char *name)
{
	return json_text(call->command->data, name);
}

bool call_bool(const struct call *call, const char *name, bool otherwise)
{
	return json_bool(call->command->data, name, otherwise);
}

const cJSON *call_lines(const struct call *call)
{
	return json_list(call->command->data, "lines");
}

int64_t line_qty(const cJSON *line, const char *name)
{
	int64_t qty = 0;
	json_qty_of(line, name, &qty);
	return qty;
}

cJSON *call_result(struct call *call)
{
	if (!call->verdict->result)
		call->verdict->result = cJSON_CreateObject();
	return call->verdict->result;
}

void call_new_id(struct call *call, char out[UUID_SIZE + 8])
{
	snprintf(out, UUID_SIZE + 8, "%s.%d", call->command->id, ++call->made % 1000000);
}

bool call_follows(const struct call *call, const char *store)
{
	if (call->world->at_hq)
		return true;
	for (int i = 0; i < call->world->store_count; i++) {
		if (strcmp(call->world->stores[i], store) == 0)
			return true;
	}
	return false;
}

bool call_knows_sku(struct call *call, const char *sku)
{
	return db_has(call->db, "SELECT 1 FROM product WHERE sku = $1", "t", sku);
}

/* The suffix comes from the id's random end, in letters and digits that are not mistaken for each
 * other (no I, O, 0, 1): five of them make a clash within one minute and store a matter of 1 in 33
 * million. The time is the terminal's, as the number is made there. */
void call_number(struct call *call, const char *kind, const char *store, char out[80])
{
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	char stamp[WHEN_SIZE], suffix[6], name[24];
	int64_t tz = db_get_int(
		call->db, 480, "SELECT tz_minutes FROM store WHERE id = $1", "t", store);
	unsigned long long tail = strtoull(call->command->id + 24, NULL, 16);
	when_local_stamp(call->command->at_ms, tz, stamp);
	for (int i = 0; i < 5; i++, tail >>= 5)
		suffix[i] = letters[tail & 31];
	suffix[5] = '\0';
	snprintf(name, sizeof name, "%s", store);
	for (char *c = name; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	snprintf(out, 80, "%s-%s-%s-%s", kind, name, stamp, suffix);
}

void call_log(struct call *call, const struct call_doc *doc, const char *text)
{
	char id[UUID_SIZE + 8];
	call_new_id(call, id);
	db_run(call->db,
		"INSERT INTO history (id, doc_kind, doc, store, other_store, channel, op, actor, at, text,"
		" device) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		"ttttttttitt", id, doc->kind, doc->id, doc->store, doc->other_store, doc->channel,
		call->command->op->name, call->command->actor, call->at_ms, text,
		call->world->device);
}

void call_raise(struct call *call, const char *kind, const struct call_doc *doc, const char *sku,
	cJSON *detail)
{
	char id[UUID_SIZE + 8];
	char *json = detail ? cJSON_PrintUnformatted(detail) : NULL;
	call_new_id(call, id);
	db_run(call->db,
		"INSERT INTO exception (id, kind, store, other_store, doc_kind, doc, sku, detail, command, at, actor) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		"tttttttttit", id, kind, doc->store, doc->other_store, doc->kind, doc->id, sku,
		json, call->command->id, call->at_ms, call->command->actor);
	cJSON_free(json);
	cJSON_Delete(detail);
}
