#include "hq/auth.h"

#include "hq/answer.h"
#include "model/channel.h"
#include "model/json.h"
#include "model/table.h"
#include "model/when.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Crockford's letters: none is mistaken for another when a person reads a code aloud. */
static const char code_letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
#define CODE_LETTERS 12 /* 60 bits, in groups of four */

void auth_hash(const char *bytes, size_t length, char hash[AUTH_HASH_SIZE])
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(digest, (const unsigned char *)bytes, length);
	sodium_bin2hex(hash, AUTH_HASH_SIZE, digest, sizeof(digest));
}

void auth_secret(struct hq *hq, const char *prefix, char secret[HQ_SECRET_SIZE])
{
	unsigned char random[32];
	char words[64];

	hq->random(random, sizeof(random));
	sodium_bin2base64(words, sizeof(words), random, sizeof(random),
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	snprintf(secret, HQ_SECRET_SIZE, "%s%s", prefix, words);
	sodium_memzero(random, sizeof(random));
}

/* ---- callers ---- */

static bool caller_take(struct db_rows *rows, struct caller *caller)
{
	*caller = (struct caller){0};
	if (!db_next(rows))
		return false;
	snprintf(caller->token, sizeof(caller->token), "%s", db_text(rows, 0));
	snprintf(caller->device, sizeof(caller->device), "%s", db_text(rows, 3));
	caller->cap = role_parse(db_text(rows, 1));
	caller->every_right = caller->cap == ROLE_HQ && !caller->device[0];
	if (!caller->every_right)
		names_add_json(&caller->stores, db_text(rows, 2));
	return true;
}

#define TOKEN_COLUMNS "SELECT id, role, stores, device FROM token WHERE "

bool caller_read(struct hq *hq, const char *authorization, struct caller *caller)
{
	static const char scheme[] = "Bearer ";
	char hash[AUTH_HASH_SIZE];

	*caller = (struct caller){0};
	if (!authorization || strncmp(authorization, scheme, strlen(scheme)) != 0)
		return false;
	authorization += strlen(scheme);
	auth_hash(authorization, strlen(authorization), hash);
	struct db_rows *rows = db_query(
		hq->db, TOKEN_COLUMNS "revoked_at = 0 AND hash = $1", "t", hash);
	bool known = caller_take(rows, caller);

	db_done(rows);
	return known;
}

bool caller_of_token(struct hq *hq, const char *token, struct caller *caller)
{
	struct db_rows *rows = db_query(hq->db, TOKEN_COLUMNS "id = $1", "t", token);
	bool known = caller_take(rows, caller);

	db_done(rows);
	return known;
}

void caller_free(struct caller *caller)
{
	names_free(&caller->stores);
}

bool caller_sees(const struct caller *caller, const char *store)
{
	return caller->every_right || names_have(&caller->stores, store);
}

bool caller_serves(const struct turn *turn, const char *channel)
{
	const struct names *stores = &turn->caller.stores;
	bool serves = turn->caller.every_right;

	for (int i = 0; channel && i < stores->count && !serves; i++)
		serves = channel_serves(turn->hq->db, channel, stores->items[i]);
	return serves;
}

static void add_feeds(
	struct hq *hq, struct names *feeds, const char *prefix, const char *sql, const char *store)
{
	char feed[FEED_NAME_MAX];
	struct db_rows *rows = store ? db_query(hq->db, sql, "t", store)
				     : db_query(hq->db, sql, "");

	while (db_next(rows)) {
		snprintf(feed, sizeof(feed), "%s%s", prefix, db_text(rows, 0));
		if (!names_have(feeds, feed))
			names_add(feeds, feed);
	}
	db_done(rows);
}

void caller_feeds(struct hq *hq, const struct caller *caller, struct names *feeds)
{
	char feed[FEED_NAME_MAX];

	names_add(feeds, "catalogue");
	names_add(feeds, "tickets");
	for (int i = 0; i < caller->stores.count; i++) {
		snprintf(feed, sizeof(feed), "store:%s", caller->stores.items[i]);
		names_add(feeds, feed);
		add_feeds(hq, feeds,
			"channel:", "SELECT channel FROM channel_store WHERE store = $1",
			caller->stores.items[i]);
	}
	if (caller->every_right) {
		add_feeds(hq, feeds, "store:", "SELECT id FROM store", NULL);
		add_feeds(hq, feeds, "channel:", "SELECT id FROM channel", NULL);
	}
	names_sort(feeds);
}

/* ---- making tokens and codes ---- */

static bool stores_known(
	struct hq *hq, const char *const *stores, int count, char *error, size_t size)
{
	for (int i = 0; i < count; i++) {
		if (db_has(hq->db, "SELECT 1 FROM store WHERE id = $1", "t", stores[i]))
			continue;
		snprintf(error, size,
			db_failed(hq->db) ? "the database cannot be read: %s"
					  : "there is no store %s",
			db_failed(hq->db) ? db_message(hq->db) : stores[i]);
		return false;
	}
	return true;
}

static bool finish(struct hq *hq, char *error, size_t size)
{
	if (!db_failed(hq->db) && db_commit(hq->db))
		return true;
	snprintf(error, size, "the database cannot be written: %s", db_message(hq->db));
	db_rollback(hq->db);
	return false;
}

static char *stores_json(const char *const *stores, int count)
{
	struct text json = TEXT_INIT(TEXT_SMALL);

	text_add(&json, "[");
	for (int i = 0; i < count; i++) {
		text_add(&json, i ? "," : "");
		text_add_json(&json, stores[i]);
	}
	text_add(&json, "]");
	return text_take(&json);
}

/* Groups and small letters are for the eye: neither counts. */
static void code_hash(const char *typed, char hash[AUTH_HASH_SIZE])
{
	char plain[HQ_SECRET_SIZE];
	size_t length = 0;

	for (; *typed && length < sizeof(plain) - 1; typed++) {
		char letter = *typed >= 'a' && *typed <= 'z' ? (char)(*typed - 32) : *typed;

		if (letter != '-' && letter != ' ')
			plain[length++] = letter;
	}
	auth_hash(plain, length, hash);
}

static void code_make(struct hq *hq, char code[HQ_SECRET_SIZE])
{
	unsigned char random[CODE_LETTERS];
	size_t length = 0;

	hq->random(random, sizeof(random));
	for (int i = 0; i < CODE_LETTERS; i++) {
		if (i && i % 4 == 0)
			code[length++] = '-';
		code[length++] = code_letters[random[i] % 32];
	}
	code[length] = '\0';
}

bool hq_make_enrol_code(struct hq *hq, const char *const *stores, int store_count, int64_t now_ms,
	char code[HQ_SECRET_SIZE], char *error, size_t size)
{
	char hash[AUTH_HASH_SIZE];

	if (store_count < 1) {
		snprintf(error, size, "a device needs at least one store");
		return false;
	}
	db_begin(hq->db);
	if (!stores_known(hq, stores, store_count, error, size)) {
		db_rollback(hq->db);
		return false;
	}
	char *list = stores_json(stores, store_count);

	code_make(hq, code);
	code_hash(code, hash);
	db_run(hq->db, "DELETE FROM enrol_code WHERE expires_at < $1", "i", now_ms);
	db_run(hq->db,
		"INSERT INTO enrol_code(hash, stores, expires_at, used_by) VALUES ($1, $2, $3, '')",
		"tti", hash, list, now_ms + AUTH_CODE_LIFE_MS);
	free(list);
	return finish(hq, error, size);
}

struct token_row {
	const char *role, *stores, *device;
	int64_t now_ms;
};

static void token_add(struct hq *hq, const struct token_row *row, char token[HQ_SECRET_SIZE])
{
	char hash[AUTH_HASH_SIZE], id[17];

	auth_secret(hq, row->device[0] ? "ctd_" : "cts_", token);
	auth_hash(token, strlen(token), hash);
	snprintf(id, sizeof(id), "%.16s", hash);
	db_run(hq->db,
		"INSERT INTO token(hash, id, role, stores, device, created_at, revoked_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, 0)",
		"ttttti", hash, id, row->role, row->stores, row->device, row->now_ms);
}

bool hq_make_token(struct hq *hq, const struct hq_token_wish *wish, int64_t now_ms,
	char token[HQ_SECRET_SIZE], char *error, size_t size)
{
	enum staff_role role = role_parse(wish->role);

	if (role == ROLE_NONE || (role == ROLE_HQ) != (wish->store_count == 0)) {
		snprintf(error, size,
			role == ROLE_NONE
				? "there is no role %s: hq, manager, clerk or ticket_clerk"
				: role == ROLE_HQ
				? "a token of role %s is for every store: name none"
				: "a token of role %s needs a store",
			wish->role);
		return false;
	}
	db_begin(hq->db);
	if (!stores_known(hq, wish->stores, wish->store_count, error, size)) {
		db_rollback(hq->db);
		return false;
	}
	char *list = stores_json(wish->stores, wish->store_count);
	struct token_row row = {.role = wish->role, .stores = list, .device = "", .now_ms = now_ms};

	token_add(hq, &row, token);
	free(list);
	return finish(hq, error, size);
}

/* ---- shutting out ---- */

#define NAMED "(device = $1 OR (device = '' AND id = $1))"

bool hq_revoke(struct hq *hq, const char *id, int64_t now_ms, char *error, size_t size)
{
	db_begin(hq->db);
	db_run(hq->db, "UPDATE token SET revoked_at = $2 WHERE revoked_at = 0 AND " NAMED, "ti", id,
		now_ms);
	if (db_failed(hq->db) || db_changed(hq->db) > 0)
		return finish(hq, error, size);
	snprintf(error, size,
		db_has(hq->db, "SELECT 1 FROM token WHERE " NAMED, "t", id)
			? "%s is shut out already"
			: "there is no device or token %s",
		id);
	db_rollback(hq->db);
	return false;
}

bool hq_list_tokens(struct hq *hq, struct text *list, char *error, size_t size)
{
	char since[WHEN_SIZE], until[WHEN_SIZE] = "";
	struct db_rows *rows = db_query(hq->db,
		"SELECT t.id, t.role, t.stores, t.device, t.created_at, t.revoked_at, d.name"
		" FROM token t LEFT JOIN device d ON d.id = t.device ORDER BY t.created_at, t.id",
		"");

	while (db_next(rows)) {
		bool is_device = db_text(rows, 3)[0] != '\0';
		bool revoked = db_int(rows, 5) != 0;

		when_format(db_int(rows, 4), since);
		if (revoked)
			when_format(db_int(rows, 5), until);
		text_addf(list, "%s\t%s\t%s\t%s\t%s%s\t", db_text(rows, is_device ? 3 : 0),
			is_device ? "device" : db_text(rows, 1), db_text(rows, 2), since,
			revoked ? "revoked " : "-", revoked ? until : "");
		text_add_json(list, db_text(rows, 6) ? db_text(rows, 6) : "");
		text_add(list, "\n");
	}
	db_done(rows);
	if (!db_failed(hq->db))
		return true;
	snprintf(error, size, "the database cannot be read: %s", db_message(hq->db));
	return false;
}

/* ---- POST /v1/enrol ---- */

/* Spends the code. Its stores, the caller's to free; NULL if there is no such code, it is spent or
 * too old. */
static char *code_spend(struct turn *turn, const char *code, const char *device)
{
	char hash[AUTH_HASH_SIZE];

	code_hash(code, hash);
	return db_get_text(turn->hq->db,
		"UPDATE enrol_code SET used_by = $2 WHERE hash = $1 AND used_by = '' AND expires_at >= $3"
		" RETURNING stores",
		"tti", hash, device, turn->now_ms);
}

#define DEVICE_WORD_MAX 20

/* A device is called in histories by its id alone, so the id begins with the name it gave itself, as
 * far as that fits a word: "counter1-5f0c…" of "counter1.example.com". */
static void device_id(struct hq *hq, const char *name, char device[HQ_SECRET_SIZE])
{
	unsigned char random[8];
	char hex[2 * sizeof(random) + 1];
	size_t used = 0;

	for (const char *at = name ? name : ""; *at && *at != '.' && used < DEVICE_WORD_MAX; at++)
		if (strchr("-_ ", *at))
			device[used++] = '-';
		else if ((*at | 32) >= 'a' && (*at | 32) <= 'z')
			device[used++] = *at;
		else if (*at >= '0' && *at <= '9')
			device[used++] = *at;
	hq->random(random, sizeof(random));
	sodium_bin2hex(hex, sizeof(hex), random, sizeof(random));
	snprintf(device + used, HQ_SECRET_SIZE - used, "%s%s", used > 0 ? "-" : "", hex);
}

static void device_make(struct turn *turn, const char *code, const char *name)
{
	struct db *db = turn->hq->db;
	char device[HQ_SECRET_SIZE], token[HQ_SECRET_SIZE];

	device_id(turn->hq, name, device);
	db_begin(db);
	char *stores = code_spend(turn, code, device);

	if (!stores && !db_failed(db)) {
		db_rollback(db);
		answer_problem(turn->answer, PROBLEM_CODE_UNKNOWN,
			"This code is unknown, was used already or is older than 24 hours. Ask for a new one.");
		return;
	}
	struct token_row row = {
		.role = "hq", .stores = stores, .device = device, .now_ms = turn->now_ms};

	db_run(db, "INSERT INTO device(id, name, stores, created_at) VALUES ($1, $2, $3, $4)",
		"ttti", device, name ? name : "", stores, turn->now_ms);
	token_add(turn->hq, &row, token);
	if (!db_failed(db) && db_commit(db)) {
		struct text *body = answer_json(turn->answer, 200);

		text_addf(body, "{\"device\":\"%s\",\"token\":\"%s\",\"stores\":%s}\n", device,
			token, stores);
		turn->answer->no_store = true;
	}
	free(stores);
}

void auth_enrol(struct turn *turn)
{
	char error[200];
	const struct hq_request *request = turn->request;
	cJSON *body = json_parse(
		request->body ? request->body : "", request->body_length, error, sizeof(error));
	const char *code = json_text(body, "code");

	if (!body)
		answer_problem(
			turn->answer, PROBLEM_BAD_REQUEST, "The body is not JSON: %s", error);
	else if (!code)
		answer_problem(turn->answer, PROBLEM_BAD_REQUEST, "The field code is missing.");
	else
		device_make(turn, code, json_text(body, "name"));
	cJSON_Delete(body);
}
