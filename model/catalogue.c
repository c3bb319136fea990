/* catalogue.h: the indexes beside the product table, and the commands that keep the catalogue.
 *
 *   barcode      (code, sku): every barcode by its key; SKUs that are not in capitals, folded,
 *                behind SKU_MARK
 *   search_text  (n, sku, words): what is searched, folded; n only ever grows, so that the index
 *                is filled in the order of n, which is many times faster
 *   product_search: FTS5 over search_text. SQLite only, like everything here that names it.
 *
 * Words are folded and a space put between Han characters, so that a Chinese query of any length
 * is a phrase of one-character tokens. */
#include "model/catalogue.h"

#include "model/barcode.h"
#include "model/handlers.h"
#include "model/json.h"
#include "model/salable.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* No scanner sends a control character first in a code, so marked SKUs and barcodes never meet. */
#define SKU_MARK "\x02"
#define WORDS_MAX TEXT_SMALL
#define TZ_DEFAULT_MINUTES 480
#define TZ_MOST_MINUTES 840

void catalogue_index_ddl(struct text *sql)
{
	text_add(sql,
		"CREATE INDEX IF NOT EXISTS barcode_sku ON barcode (sku);\n"
		"CREATE UNIQUE INDEX IF NOT EXISTS search_text_sku ON search_text (sku);\n");
}

void catalogue_ddl(struct text *sql)
{
	catalogue_rows_ddl(sql);
	catalogue_index_ddl(sql);
}

void catalogue_rows_ddl(struct text *sql)
{
	text_add(sql,
		"CREATE TABLE barcode (code TEXT NOT NULL, sku TEXT NOT NULL,"
		" PRIMARY KEY (code, sku)) WITHOUT ROWID;\n"
		"CREATE TABLE search_text (n INTEGER PRIMARY KEY, sku TEXT NOT NULL,"
		" words TEXT NOT NULL);\n"
		"CREATE VIRTUAL TABLE product_search USING fts5(words, content='search_text',"
		" content_rowid='n', prefix='1 2', tokenize='unicode61 remove_diacritics 0');\n");
}

/* ---- folding ---- */

/* Scripts written without spaces, where each character is a word of its own for the index. */
static bool is_han(utf8proc_int32_t point)
{
	return (point >= 0x2e80 && point <= 0x31ff) || (point >= 0x3400 && point <= 0x9fff) ||
		(point >= 0xf900 && point <= 0xfaff) || (point >= 0x20000 && point <= 0x3ffff);
}

static bool is_word_part(utf8proc_int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);
	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
		(category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

static void cut_text(struct text *text, size_t length)
{
	text->length = length;
	if (text->bytes)
		text->bytes[length] = '\0';
}

static utf8proc_uint8_t *map_text(const char *text, int options)
{
	utf8proc_uint8_t *mapped = NULL;
	if (utf8proc_map((const utf8proc_uint8_t *)text, 0, &mapped,
		    (utf8proc_option_t)(UTF8PROC_NULLTERM | UTF8PROC_STABLE | options)) < 0)
		return NULL;
	return mapped;
}

/* Words being appended, one space between any two. */
struct words {
	struct text *to;
	bool gap; /* a space is due before the next */
	bool after_han;
};

static void add_point(
	struct words *words, utf8proc_int32_t point, const utf8proc_uint8_t *bytes, size_t size)
{
	bool han = is_han(point);
	if (words->to->length > 0 && (words->gap || words->after_han || han))
		text_add_bytes(words->to, " ", 1);
	text_add_bytes(words->to, (const char *)bytes, size);
	words->gap = false;
	words->after_han = han;
}

static void add_mapped(struct words *words, const utf8proc_uint8_t *mapped)
{
	utf8proc_int32_t point;
	utf8proc_ssize_t step;
	for (; (step = utf8proc_iterate(mapped, -1, &point)) > 0 && point; mapped += step) {
		if (is_word_part(point))
			add_point(words, point, mapped, (size_t)step);
		else
			words->gap = true;
	}
}

/* Letters and digits up to something else; how many there were. */
static size_t add_ascii(struct words *words, const utf8proc_uint8_t *text)
{
	utf8proc_uint8_t lower[32];
	size_t length = 0;
	for (; length < sizeof lower; length++) {
		utf8proc_uint8_t c = text[length];
		lower[length] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
		if (!((lower[length] >= 'a' && lower[length] <= 'z') || (c >= '0' && c <= '9')))
			break;
	}
	if (length > 0)
		add_point(words, lower[0], lower, length);
	return length;
}

/* Most names are ASCII and common Han characters, which fold by themselves alone: for them the
 * general way, through utf8proc, is a detour that costs a first sync seconds. Returns the rest that
 * is something else. */
static const utf8proc_uint8_t *add_plain(struct words *words, const utf8proc_uint8_t *text)
{
	for (;;) {
		utf8proc_uint8_t c = *text;
		if (c == 0) {
			return text;
		} else if (c < 0x80) {
			size_t length = add_ascii(words, text);
			words->gap = words->gap || length == 0;
			text += length ? length : 1;
		} else {
			utf8proc_int32_t point;
			utf8proc_ssize_t step = utf8proc_iterate(text, -1, &point);
			if (step != 3 || point < 0x4e00 || point > 0x9fff)
				return text;
			add_point(words, point, text, 3);
			text += step;
		}
	}
}

bool catalogue_fold(const char *text, struct text *folded)
{
	struct words words = {.to = folded, .gap = true};
	size_t before = folded->length;
	if (*add_plain(&words, (const utf8proc_uint8_t *)text) == 0)
		return text_ok(folded);
	/* From the start again: marks belong to the character before them. */
	utf8proc_uint8_t *mapped = map_text(text,
		UTF8PROC_CASEFOLD | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK |
			UTF8PROC_IGNORE);
	cut_text(folded, before);
	if (!mapped)
		return false;
	words = (struct words){.to = folded, .gap = true};
	add_mapped(&words, mapped);
	free(mapped);
	return text_ok(folded);
}

/* One typed word: a phrase of its tokens, the last of them a prefix. A Han character is a whole
 * token, so it needs no prefix, and without one the index answers sooner. */
static void add_phrase(struct text *match, const char *word)
{
	struct text folded = TEXT_INIT(WORDS_MAX);
	if (catalogue_fold(word, &folded) && folded.length > 0) {
		const char *token = strrchr(text_get(&folded), ' ');
		utf8proc_int32_t last = 0;
		utf8proc_iterate((const utf8proc_uint8_t *)(token ? token + 1 : text_get(&folded)),
			-1, &last);
		text_addf(match, "%s\"%s\"%s", match->length ? " " : "", text_get(&folded),
			is_han(last) ? "" : " *");
	}
	text_free(&folded);
}

bool catalogue_match(const char *typed, struct text *match)
{
	/* The full-width space U+3000 parts words too. */
	utf8proc_uint8_t *mapped = map_text(typed, UTF8PROC_COMPAT | UTF8PROC_COMPOSE);
	if (!mapped)
		return false;
	char *at = (char *)mapped;
	while (*(at += strspn(at, " \t\r\n"))) {
		size_t length = strcspn(at, " \t\r\n");
		char end = at[length];
		at[length] = '\0';
		add_phrase(match, at);
		at[length] = end;
		at += length;
	}
	free(mapped);
	return text_ok(match) && match->length > 0;
}

/* ---- the indexes of one product ---- */

/* A code whatever its case and width, without blanks at its ends; the caller frees it. */
static char *fold_code(const char *code, bool fold_case)
{
	char *mapped = (char *)map_text(
		code, UTF8PROC_COMPAT | UTF8PROC_COMPOSE | (fold_case ? UTF8PROC_CASEFOLD : 0));
	if (!mapped)
		return NULL;
	size_t skip = strspn(mapped, " \t\r\n"), length = strlen(mapped + skip);
	while (length > 0 && strchr(" \t\r\n", mapped[skip + length - 1]))
		length--;
	memmove(mapped, mapped + skip, length);
	mapped[length] = '\0';
	return mapped;
}

static void add_code(struct db *db, const char *code, const char *sku)
{
	db_run(db, "INSERT INTO barcode (code, sku) VALUES ($1, $2) ON CONFLICT DO NOTHING", "tt",
		code, sku);
}

static bool is_capitals(const char *sku)
{
	for (; *sku; sku++)
		if (*sku < ' ' || *sku > '~' || (*sku >= 'a' && *sku <= 'z'))
			return false;
	return true;
}

/* The SKU itself as a code; the caller frees it. NULL where folding fails. */
static char *sku_code(const char *sku)
{
	struct text code = TEXT_INIT(WORDS_MAX);
	char *folded = fold_code(sku, true);
	text_add(&code, SKU_MARK);
	text_add(&code, folded ? folded : sku);
	free(folded);
	return text_take(&code);
}

static void index_codes(struct db *db, const char *sku, const cJSON *barcodes)
{
	char key[BARCODE_KEY_BYTES];
	const cJSON *barcode;
	cJSON_ArrayForEach(barcode, barcodes)
	{
		if (cJSON_IsString(barcode) &&
			barcode_key(barcode->valuestring, key) != BARCODE_NONE)
			add_code(db, key, sku);
	}
	char *own = is_capitals(sku) ? NULL : sku_code(sku);
	if (own)
		add_code(db, own, sku);
	free(own);
}

static void barcode_words(const cJSON *barcodes, struct text *words)
{
	const cJSON *barcode;
	cJSON_ArrayForEach(barcode, barcodes)
	{
		if (cJSON_IsString(barcode))
			catalogue_fold(barcode->valuestring, words);
	}
}

/* Columns: sku, name, category, vendor, barcodes. */
static void product_words(struct db_rows *rows, const cJSON *barcodes, struct text *words)
{
	for (int i = 0; i < 4; i++)
		if (!db_null(rows, i))
			catalogue_fold(db_text(rows, i), words);
	barcode_words(barcodes, words);
}

static cJSON *barcodes_of(struct db_rows *rows)
{
	const char *list = db_text(rows, 4);
	bool empty = !list || strcmp(list, "[]") == 0;
	return empty ? NULL : json_parse(list, strlen(list), NULL, 0);
}

static void add_search(struct db *db, int64_t n, const char *sku, const char *words)
{
	db_run(db, "INSERT INTO search_text (n, sku, words) VALUES ($1, $2, $3)", "itt", n, sku,
		words);
	db_run(db, "INSERT INTO product_search (rowid, words) VALUES ($1, $2)", "it", n, words);
}

/* FTS5 forgets a row only if told what it held. */
static void drop_search(struct db *db, const char *sku)
{
	db_run(db,
		"INSERT INTO product_search (product_search, rowid, words)"
		" SELECT 'delete', n, words FROM search_text WHERE sku = $1",
		"t", sku);
	db_run(db, "DELETE FROM search_text WHERE sku = $1", "t", sku);
}

#define SELECT_PRODUCTS "SELECT sku, name, category, vendor, barcodes FROM product "

bool catalogue_index(struct db *db, const char *sku)
{
	struct text words = TEXT_INIT(WORDS_MAX);
	struct db_rows *rows = db_query(db, SELECT_PRODUCTS "WHERE sku = $1", "t", sku);
	char *had = db_get_text(db, "SELECT words FROM search_text WHERE sku = $1", "t", sku);
	bool there = db_next(rows);
	cJSON *barcodes = there ? barcodes_of(rows) : NULL;
	db_run(db, "DELETE FROM barcode WHERE sku = $1", "t", sku);
	if (there) {
		index_codes(db, sku, barcodes);
		product_words(rows, barcodes, &words);
	}
	db_done(rows);
	cJSON_Delete(barcodes);
	/* A new price or a new threshold leaves the words as they were. */
	bool same = there && had && strcmp(had, text_get(&words)) == 0;
	if (had && !same)
		drop_search(db, sku);
	if (there && !same)
		add_search(db, db_get_int(db, 0, "SELECT MAX(n) FROM search_text", "") + 1, sku,
			text_get(&words));
	free(had);
	text_free(&words);
	return db_failed(db) == DB_OK;
}

bool catalogue_add(struct db *db, int64_t n, const cJSON *product)
{
	static const char *const named[] = {"sku", "name", "category", "vendor"};
	struct text words = TEXT_INIT(WORDS_MAX);
	const char *sku = json_text(product, "sku");
	const cJSON *barcodes = json_list(product, "barcodes");
	for (int i = 0; i < 4; i++) {
		const char *value = json_text(product, named[i]);
		if (value)
			catalogue_fold(value, &words);
	}
	barcode_words(barcodes, &words);
	index_codes(db, sku, barcodes);
	add_search(db, n, sku, text_get(&words));
	text_free(&words);
	return db_failed(db) == DB_OK;
}

bool catalogue_index_all(struct db *db)
{
	struct text words = TEXT_INIT(WORDS_MAX);
	db_run(db, "INSERT INTO product_search (product_search) VALUES ('delete-all')", "");
	db_run(db, "DELETE FROM search_text", "");
	db_run(db, "DELETE FROM barcode", "");
	struct db_rows *rows = db_query(db, SELECT_PRODUCTS "ORDER BY sku", "");
	for (int64_t n = 1; db_next(rows); n++) {
		cJSON *barcodes = barcodes_of(rows);
		text_clear(&words);
		index_codes(db, db_text(rows, 0), barcodes);
		product_words(rows, barcodes, &words);
		add_search(db, n, db_text(rows, 0), text_get(&words));
		cJSON_Delete(barcodes);
	}
	db_done(rows);
	text_free(&words);
	return db_failed(db) == DB_OK;
}

/* ---- looking up ---- */

static bool found_by(struct db *db, const char *sql, const char *value, char *sku, size_t size)
{
	char *found = value ? db_get_text(db, sql, "t", value) : NULL;
	bool fits = found && strlen(found) < size;
	if (fits)
		memcpy(sku, found, strlen(found) + 1);
	free(found);
	return fits;
}

static bool found_by_code(struct db *db, const char *code, char *sku, size_t size)
{
	return found_by(db, "SELECT sku FROM barcode WHERE code = $1 ORDER BY sku LIMIT 1", code,
		sku, size);
}

/* The SKU as it is, in capitals, or folded. */
static bool found_by_sku(struct db *db, char *plain, char *sku, size_t size)
{
	static const char exact[] = "SELECT sku FROM product WHERE sku = $1";
	char *folded = sku_code(plain);
	bool found = found_by(db, exact, plain, sku, size);
	for (char *c = plain; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c -= 'a' - 'A';
	found = found || found_by(db, exact, plain, sku, size) ||
		found_by_code(db, folded, sku, size);
	free(folded);
	return found;
}

bool catalogue_sku(struct db *db, const char *written, char *sku, size_t size)
{
	if (found_by(db, "SELECT sku FROM product WHERE sku = $1", written, sku, size))
		return true;
	char *capitals = text_copy(written), *folded = sku_code(written);
	for (char *c = capitals; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c -= 'a' - 'A';
	/* SKUs in capitals are no codes of their own; see above. */
	struct db_rows *rows = db_query(db,
		"SELECT sku FROM product WHERE sku = $1"
		" UNION SELECT sku FROM barcode WHERE code = $2 LIMIT 2",
		"tt", capitals, folded);
	bool found = db_next(rows) && strlen(db_text(rows, 0)) < size;
	if (found)
		memcpy(sku, db_text(rows, 0), strlen(db_text(rows, 0)) + 1);
	found = found && !db_next(rows);
	db_done(rows);
	free(capitals);
	free(folded);
	return found;
}

bool catalogue_resolve(struct db *db, const char *scanned, char *sku, size_t size)
{
	char key[BARCODE_KEY_BYTES];
	char *plain = fold_code(scanned, false);
	if (!plain)
		return false;
	bool found = (barcode_key(scanned, key) != BARCODE_NONE &&
			     found_by_code(db, key, sku, size)) ||
		(barcode_key(plain, key) != BARCODE_NONE && found_by_code(db, key, sku, size)) ||
		found_by_sku(db, plain, sku, size);
	free(plain);
	return found;
}

/* ---- commands ---- */

/* A list as it is kept: the command's, or what the row had, or an empty one. The caller frees it. */
static char *list_text(const cJSON *data, const char *name, const char *had)
{
	const cJSON *list = json_list(data, name);
	return list ? cJSON_PrintUnformatted(list) : text_copy(had ? had : "[]");
}

static const char *text_or(const struct call *call, const char *name, const char *had)
{
	const char *text = call_text(call, name);
	return text ? text : had ? had : "";
}

/* Writes the product over the row it had; what the command leaves out stays as it was. Columns of
 * rows: category, vendor, barcodes, price, is_virtual, threshold, backorders. */
static void product_write(struct call *call, struct db_rows *rows, bool had)
{
	const cJSON *data = call->command->data;
	char *barcodes = list_text(data, "barcodes", had ? db_text(rows, 2) : NULL);
	int64_t threshold = had ? db_int(rows, 5) : 0;
	json_qty_of(data, "threshold", &threshold);
	db_run(call->db,
		"INSERT INTO product (sku, name, barcodes, category, vendor, price, is_virtual,"
		" threshold, backorders) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		" ON CONFLICT (sku) DO UPDATE SET name = excluded.name,"
		" barcodes = excluded.barcodes, category = excluded.category,"
		" vendor = excluded.vendor, price = excluded.price,"
		" is_virtual = excluded.is_virtual, threshold = excluded.threshold,"
		" backorders = excluded.backorders",
		"tttttiiii", call_text(call, "sku"), call_text(call, "name"), barcodes,
		text_or(call, "category", had ? db_text(rows, 0) : NULL),
		text_or(call, "vendor", had ? db_text(rows, 1) : NULL),
		json_int(data, "price", had ? db_int(rows, 3) : 0),
		(int64_t)call_bool(call, "virtual", had && db_int(rows, 4)), threshold,
		(int64_t)call_bool(call, "backorders", had && db_int(rows, 6)));
	free(barcodes);
}

enum refusal product_put(struct call *call)
{
	const char *sku = call_text(call, "sku");
	struct db_rows *rows = db_query(call->db,
		"SELECT category, vendor, barcodes, price, is_virtual, threshold, backorders"
		" FROM product WHERE sku = $1",
		"t", sku);
	product_write(call, rows, db_next(rows));
	db_done(rows);
	catalogue_index(call->db, sku);
	return REFUSAL_NONE;
}

/* A whole number of minutes between the bounds; what was there before if it is not given. */
static enum refusal take_minutes(
	struct call *call, const char *name, int64_t least, int64_t *minutes)
{
	int64_t milli;
	if (!json_qty_of(call->command->data, name, &milli))
		return REFUSAL_NONE;
	*minutes = milli / 1000;
	if (milli % 1000 == 0 && *minutes >= least && *minutes <= TZ_MOST_MINUTES)
		return REFUSAL_NONE;
	return call_refuse(call, REFUSED_bad_data, "%s is not a whole number from %d to %d", name,
		(int)least, TZ_MOST_MINUTES);
}

enum refusal store_put(struct call *call)
{
	const char *id = call_text(call, "id");
	struct db_rows *rows = db_query(call->db,
		"SELECT enabled, tz_minutes, day_minutes, clerk_receives FROM store WHERE id = $1",
		"t", id);
	bool had = db_next(rows);
	int64_t enabled = call_bool(call, "enabled", !had || db_int(rows, 0));
	int64_t tz = had ? db_int(rows, 1) : TZ_DEFAULT_MINUTES;
	int64_t day = had ? db_int(rows, 2) : 0;
	int64_t receives = call_bool(call, "clerk_receives", !had || db_int(rows, 3));
	db_done(rows);
	enum refusal refusal = take_minutes(call, "tz_minutes", -TZ_MOST_MINUTES, &tz);
	if (!refusal)
		refusal = take_minutes(call, "day_minutes", 0, &day);
	if (refusal)
		return refusal;
	db_run(call->db,
		"INSERT INTO store (id, name, kind, enabled, tz_minutes, day_minutes, clerk_receives)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET"
		" name = excluded.name, kind = excluded.kind, enabled = excluded.enabled,"
		" tz_minutes = excluded.tz_minutes, day_minutes = excluded.day_minutes,"
		" clerk_receives = excluded.clerk_receives",
		"tttiiii", id, call_text(call, "name"), call_text(call, "kind"), enabled, tz, day,
		receives);
	/* It may have been switched off, or on. */
	salable_recount_store(call, id, NULL);
	return REFUSAL_NONE;
}
