#include "model/import_store.h"

#include "model/text.h"

#include <stdlib.h>
#include <string.h>

#define LIKE_CHARACTERS_MIN 2

static char *read_one(struct db *db, const char *sql, const char *called)
{
	struct db_rows *rows = db_query(db, sql, "t", called);
	char *one = db_next(rows) ? text_copy(db_text(rows, 0)) : NULL;
	if (db_next(rows)) {
		free(one);
		one = NULL;
	}
	db_done(rows);
	return one;
}

/* What is tried first wins: an id is no other store's, a name may be a part of another's. */
static char *find_id(struct db *db, const char *called)
{
	static const char by_part[] =
		"SELECT id FROM store WHERE instr(' ' || lower(replace(name, '　', ' ')) || ' ',"
		" ' ' || lower($1) || ' ') > 0";
	static const char *const ways[] = {
		"SELECT id FROM store WHERE id = $1",
		"SELECT id FROM store WHERE lower(id) = lower($1)",
		"SELECT id FROM store WHERE lower(name) = lower($1)",
		by_part,
	};
	char *id = NULL;
	for (size_t i = 0; !id && i < sizeof ways / sizeof *ways; i++)
		id = read_one(db, ways[i], called);
	return id;
}

/* Of ASCII, where words are told apart; Chinese has no blanks between its words. */
static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_long_enough(const char *name)
{
	int characters = 0;
	for (; *name; name++)
		characters += (*name & 0xC0) != 0x80;
	return characters >= LIKE_CHARACTERS_MIN;
}

/* As words of its own: the store "ec" is no part of "Tech Supplies". */
static bool has_words(const char *text, const char *words)
{
	size_t length = strlen(words);
	if (!is_long_enough(words))
		return false;
	for (const char *at = strstr(text, words); at; at = strstr(at + 1, words)) {
		bool begins = at == text || !is_word_byte(at[-1]) || !is_word_byte(*words);
		bool ends = !is_word_byte(at[length]) || !is_word_byte(words[length - 1]);
		if (begins && ends)
			return true;
	}
	return false;
}

static char *find_like(struct db *db, const char *called)
{
	char *like = NULL;
	struct db_rows *rows = db_query(db,
		"SELECT name, lower(name), lower(id), lower($1) FROM store ORDER BY id", "t",
		called);
	while (!like && db_next(rows)) {
		const char *name = db_text(rows, 1), *id = db_text(rows, 2);
		const char *folded = db_text(rows, 3);
		bool is_part = is_long_enough(folded) &&
			(strstr(name, folded) || strstr(id, folded));
		if (is_part || has_words(folded, name) || has_words(folded, id))
			like = text_copy(db_text(rows, 0));
	}
	db_done(rows);
	return like;
}

struct import_store import_store_called(struct db *db, const char *called)
{
	struct import_store store = {NULL, NULL};
	if (!db)
		return store;
	store.id = find_id(db, called);
	if (!store.id)
		store.like = find_like(db, called);
	return store;
}
