#include "tui/inbox_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "model/view.h"
#include "tui/document_new.h"

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

/* ------------------------------------------------------------------ commands */

/* What was not made has no number: its kind and its other end tell what it is. */
static void read_about(const struct shop *shop, struct inbox_row *row, const cJSON *data)
{
	char name[SHOP_NAME_BYTES];

	row->makes = document_new_kind_of(row->what, data);
	if (row->makes == NEW_DOCUMENTS)
		return;
	shop_document_name(shop, row->subject.kind, row->subject.id, name, sizeof(name));
	if (strcmp(name, row->subject.id) == 0)
		document_new_about(shop, row->makes, data, row->about, sizeof(row->about));
}

static void read_subject(const struct shop *shop, struct inbox_row *row, const char *line)
{
	cJSON *json = line ? json_parse(line, strlen(line), NULL, 0) : NULL;
	const cJSON *data = json_object(json, "data");

	shop_subject(row->what, row->id, data, &row->subject);
	read_about(shop, row, data);
	cJSON_Delete(json);
}

static void read_command(const struct shop *shop, struct inbox_row *row, struct db_rows *box)
{
	copy(row->id, sizeof(row->id), db_text(box, CONSOLE_BOX_ID));
	copy(row->what, sizeof(row->what), db_text(box, CONSOLE_BOX_OP));
	copy(row->actor, sizeof(row->actor), db_text(box, CONSOLE_BOX_ACTOR));
	copy(row->code, sizeof(row->code), db_text(box, CONSOLE_BOX_CODE));
	shop_told(db_text(box, CONSOLE_BOX_MESSAGE) ? db_text(box, CONSOLE_BOX_MESSAGE) : "",
		row->message, sizeof(row->message));
	row->at_ms = db_int(box, CONSOLE_BOX_AT);
	copy(row->store, sizeof(row->store), db_text(box, CONSOLE_BOX_STORE));
	read_subject(shop, row, db_text(box, CONSOLE_BOX_LINE));
}

/* Places rows so that the newest command comes first. */
static void key_of_newest(struct inbox_row *row, int64_t n)
{
	snprintf(row->key, sizeof(row->key), "%015lld", 999999999999999LL - (long long)n);
}

static void read_refused(const struct shop *shop, struct document_rows *rows)
{
	struct db_rows *box = console_box(shop->console, CONSOLE_REFUSED, 0, INBOX_ROWS_MAX);

	while (db_next(box)) {
		struct inbox_row *row = document_rows_add(rows);
		const char *status = db_text(box, CONSOLE_BOX_STATUS);

		if (!row)
			break;
		read_command(shop, row, box);
		row->kind = status && strcmp(status, "parked") == 0 ? INBOX_IS_PARKED
								    : INBOX_IS_REJECTED;
		key_of_newest(row, db_int(box, CONSOLE_BOX_N));
	}
	db_done(box);
}

/* Those whose replay was refused; they stand in the outbox like any other. */
static void read_amber(const struct shop *shop, struct document_rows *rows)
{
	struct db *cache = shop_db(shop);
	struct db_rows *box;

	if (!cache || db_get_int(cache, 0, "SELECT count(*) FROM amber", "") == 0)
		return;
	box = db_query(shop->console->outbox,
		"SELECT n, id, op, store, actor, at, status, code, message, line, sent FROM command "
		"WHERE state IN ('queued', 'answered') ORDER BY n DESC LIMIT $1",
		"i", (int64_t)INBOX_ROWS_MAX);
	while (db_next(box)) {
		char code[40];
		struct inbox_row *row;

		if (!console_amber(shop->console, db_text(box, CONSOLE_BOX_ID), code))
			continue;
		row = document_rows_add(rows);
		if (!row)
			break;
		read_command(shop, row, box);
		row->kind = INBOX_IS_AMBER;
		copy(row->code, sizeof(row->code), code);
		key_of_newest(row, db_int(box, CONSOLE_BOX_N));
	}
	db_done(box);
}

static void read_unsent(const struct shop *shop, struct document_rows *rows)
{
	struct db_rows *box = db_query(shop->console->outbox,
		"SELECT n, id, op, store, actor, at, status, code, message, line, sent FROM command "
		"WHERE state = 'queued' ORDER BY n LIMIT $1",
		"i", (int64_t)INBOX_ROWS_MAX);

	while (db_next(box)) {
		struct inbox_row *row = document_rows_add(rows);

		if (!row)
			break;
		read_command(shop, row, box);
		row->kind = db_int(box, CONSOLE_BOX_SENT) ? INBOX_IS_SENT : INBOX_IS_WAITING;
		snprintf(row->key, sizeof(row->key), "%015lld",
			(long long)db_int(box, CONSOLE_BOX_N));
	}
	db_done(box);
}

/* ------------------------------------------------------------------ exceptions */

/* Ids grow with time; their complement puts the newest first. */
static void key_of_newest_id(struct inbox_row *row)
{
	static const char digits[] = "0123456789abcdef";
	size_t length = 0;

	for (const char *at = row->id; *at && length + 1 < sizeof(row->key); at++) {
		const char *digit = strchr(digits, *at);

		row->key[length++] = digit ? digits[15 - (digit - digits)] : *at;
	}
	row->key[length] = '\0';
}

/* The document of an exception, or its product where it is about no document. */
static void read_exception_subject(struct inbox_row *row, const char *kind, const char *id)
{
	static const char *const kinds[] = {"movement", "stocktake", "ticket"};

	row->subject.kind = "";
	for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i], kind) == 0)
			row->subject.kind = kinds[i];
	copy(row->subject.id, sizeof(row->subject.id), id);
	if (row->subject.kind[0] || !row->sku[0])
		return;
	row->subject.kind = "product";
	copy(row->subject.id, sizeof(row->subject.id), row->sku);
}

/* What was counted against a document that had ended. Several lines may be more than there is room for. */
static void read_counted(struct inbox_row *row, const char *detail)
{
	cJSON *json = detail ? json_parse(detail, strlen(detail), NULL, 0) : NULL;
	const char *counted = json ? json_text(json, "counted") : NULL;
	struct text told = TEXT_INIT(sizeof(row->message));

	if (counted && strcmp(row->what, "received_after_cancel") == 0)
		shop_told_figures(counted, &told);
	copy(row->message, sizeof(row->message), text_get(&told));
	text_free(&told);
	cJSON_Delete(json);
}

/* Columns of console_exceptions. */
enum {
	EXCEPTION_ID,
	EXCEPTION_KIND,
	EXCEPTION_DOC_KIND,
	EXCEPTION_DOC,
	EXCEPTION_SKU,
	EXCEPTION_AT,
	EXCEPTION_ACTOR,
	EXCEPTION_STORE,
	EXCEPTION_DETAIL,
	EXCEPTION_REDEMPTIONS
};

/* A dossier's id is its code: its key is that of an id made when it was opened. */
static void read_dossier(struct inbox_row *row, struct db_rows *found)
{
	char code[sizeof(row->id)];

	row->redemptions = db_int(found, EXCEPTION_REDEMPTIONS);
	snprintf(row->message, sizeof(row->message), "%s",
		shop_word("dossier", db_text(found, EXCEPTION_DETAIL)));
	snprintf(code, sizeof(code), "%s", row->id);
	snprintf(row->id, sizeof(row->id), "%08llx-%04llx-", (unsigned long long)row->at_ms >> 16,
		(unsigned long long)row->at_ms & 0xffff);
	key_of_newest_id(row);
	snprintf(row->key + strlen(row->key), sizeof(row->key) - strlen(row->key), "%s", code);
	snprintf(row->id, sizeof(row->id), "%s", code);
}

static void read_exception(const struct shop *shop, struct inbox_row *row, struct db_rows *found)
{
	const char *store = db_text(found, EXCEPTION_STORE);

	row->kind = INBOX_IS_EXCEPTION;
	row->makes = NEW_DOCUMENTS;
	copy(row->id, sizeof(row->id), db_text(found, EXCEPTION_ID));
	copy(row->what, sizeof(row->what), db_text(found, EXCEPTION_KIND));
	copy(row->sku, sizeof(row->sku), db_text(found, EXCEPTION_SKU));
	copy(row->actor, sizeof(row->actor), db_text(found, EXCEPTION_ACTOR));
	row->at_ms = db_int(found, EXCEPTION_AT);
	row->is_at_sender = store && strcmp(store, shop->store) != 0;
	read_exception_subject(
		row, db_text(found, EXCEPTION_DOC_KIND), db_text(found, EXCEPTION_DOC));
	if (inbox_is_dossier(row)) {
		read_dossier(row, found);
		return;
	}
	read_counted(row, db_text(found, EXCEPTION_DETAIL));
	key_of_newest_id(row);
}

static void read_exceptions(const struct shop *shop, struct document_rows *rows)
{
	struct db_rows *found = shop_db(shop) ? console_exceptions(shop->console, shop->store)
					      : NULL;

	while (console_exceptions_next(shop->console, found)) {
		struct inbox_row *row = document_rows_add(rows);

		if (!row)
			break;
		read_exception(shop, row, found);
	}
	if (found)
		db_done(found);
}

/* ------------------------------------------------------------------ all of it */

static int compare(const void *a, const void *b)
{
	return strcmp(a, b); /* a row begins with its key */
}

static bool is_about_tickets(const struct inbox_row *row)
{
	if (row->kind == INBOX_IS_EXCEPTION)
		return strcmp(row->subject.kind, "ticket") == 0;
	return strncmp(row->what, "ticket.", 7) == 0;
}

static void keep_tickets(struct document_rows *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct inbox_row *row = document_rows_at(rows, i);

		if (is_about_tickets(row))
			memmove(document_rows_at(rows, kept++), row, sizeof(*row));
	}
	rows->count = kept;
}

void inbox_read(const struct shop *shop, enum inbox_tab tab, struct document_rows *rows)
{
	document_rows_clear(rows);
	switch (tab) {
	case INBOX_REFUSED:
		read_refused(shop, rows);
		read_amber(shop, rows);
		break;
	case INBOX_EXCEPTIONS:
		read_exceptions(shop, rows);
		break;
	default:
		read_unsent(shop, rows);
		break;
	}
	if (shop->role == ROLE_TICKETS)
		keep_tickets(rows);
	if (rows->count > 1)
		qsort(rows->bytes, rows->count, rows->row_bytes, compare);
}

static void count_tickets(const struct shop *shop, long counts[INBOX_TABS])
{
	struct document_rows rows;

	document_rows_init(&rows, sizeof(struct inbox_row));
	for (int tab = 0; tab < INBOX_TABS; tab++) {
		inbox_read(shop, (enum inbox_tab)tab, &rows);
		counts[tab] = (long)rows.count;
	}
	document_rows_free(&rows);
}

void inbox_count(const struct shop *shop, const struct console_counts *all, long counts[INBOX_TABS])
{
	if (shop->role == ROLE_TICKETS) {
		count_tickets(shop, counts);
		return;
	}
	counts[INBOX_REFUSED] = all->refused + all->amber;
	counts[INBOX_EXCEPTIONS] = all->exceptions;
	counts[INBOX_UNSENT] = all->unsent;
}

bool inbox_is_dossier(const struct inbox_row *row)
{
	return row->kind == INBOX_IS_EXCEPTION && strcmp(row->what, CONSOLE_DOSSIER) == 0;
}

const char *inbox_reason(const struct inbox_row *row)
{
	if (row->kind == INBOX_IS_EXCEPTION)
		return shop_word("exception", row->what);
	return row->code[0] ? refusal_what(row->code) : "";
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static const char *way_out_word(const struct inbox_row *row)
{
	if (begins(row->what, "offline_"))
		return "offline_";
	if (row->is_at_sender && strcmp(row->what, "received_after_cancel") == 0)
		return "received_after_cancel_sender";
	return row->what;
}

const char *inbox_way_out(const struct inbox_row *row)
{
	const char *word;

	switch (row->kind) {
	case INBOX_IS_EXCEPTION:
		word = way_out_word(row);
		/* An unknown kind has no advice; its name is no help. */
		return shop_word("way_out", word) == word ? "" : shop_word("way_out", word);
	case INBOX_IS_PARKED:
		return _("HQ keeps it and tries again by itself when the document appears.");
	case INBOX_IS_AMBER:
		return _(
			"HQ has not answered yet, but what it sent since speaks against it. HQ decides.");
	case INBOX_IS_WAITING:
		return _("It is saved here and leaves by itself as soon as HQ is on the line.");
	case INBOX_IS_SENT:
		return _("It was sent; HQ's answer has not arrived yet.");
	default:
		return refusal_way_out(row->code);
	}
}
