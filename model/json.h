/* The one strict way from bytes to JSON: RFC 8259 grammar, valid UTF-8, no NUL, no duplicate names,
 * nothing behind the value, at most JSON_DEPTH deep. cJSON alone accepts more. */
#ifndef COUNTERTOP_MODEL_JSON_H
#define COUNTERTOP_MODEL_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_DEPTH 12
#define JSON_NAMES_MAX 256 /* in one object */

/* The value, the caller's to cJSON_Delete; NULL and a sentence with the place if it is not JSON. */
cJSON *json_parse(const char *bytes, size_t length, char *error, size_t size);

/* Where in the bytes a member's value stands: of the outermost object, by its name as it is written. */
struct json_place {
	const char *name;
	const char *bytes; /* NULL if there is no such member */
	size_t length;
};
/* The same, and notes the place; a row of HQ is summed by its bytes, and need not be looked for again. */
cJSON *json_parse_place(const char *bytes, size_t length, struct json_place *place);

/* Members of an object, by exact name. NULL, `otherwise` or false if absent or of another type. */
const char *json_text(const cJSON *object, const char *name);
const cJSON *json_list(const cJSON *object, const char *name);
const cJSON *json_object(const cJSON *object, const char *name);
bool json_bool(const cJSON *object, const char *name, bool otherwise);
int64_t json_int(const cJSON *object, const char *name, int64_t otherwise);
/* The same of a value itself. */
int64_t json_number(const cJSON *value, int64_t otherwise);
/* A decimal with at most three places and below 10^9 as thousandths; false if it is not one. */
bool json_qty(const cJSON *value, int64_t *qty_milli);
bool json_qty_of(const cJSON *object, const char *name, int64_t *qty_milli);

/* The texts of a list that a column holds as JSON, joined, appended; nothing if it is none. */
struct text;
void json_add_words(struct text *out, const char *json, const char *between);

#endif
