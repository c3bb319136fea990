#include "model/console_report.h"

#include "model/console_parts.h"
#include "model/i18n.h"
#include "model/text.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define EXAMINE_BUSY_MS 2000

/* ---- the line ---- */

static void copy_state(struct console *console, const char *name, char *out, size_t size)
{
	char *value = parts_state(console, name);

	snprintf(out, size, "%s", value ? value : "");
	free(value);
}

static void read_device(struct console *console, struct console_line *line)
{
	struct db_rows *rows = db_query(
		console->outbox, "SELECT url, device, epoch FROM device", "");

	if (db_next(rows)) {
		snprintf(line->url, sizeof line->url, "%s", db_text(rows, 0));
		snprintf(line->device, sizeof line->device, "%s", db_text(rows, 1));
		snprintf(line->epoch, sizeof line->epoch, "%s", db_text(rows, 2));
	}
	db_done(rows);
}

static void read_aside(struct db *cache, struct console_line *line)
{
	struct db_rows *rows = db_query(
		cache, "SELECT tbl, count(*) FROM unknown_row GROUP BY tbl ORDER BY tbl", "");
	size_t used = 0;

	while (db_next(rows)) {
		line->aside += db_int(rows, 1);
		if (used < sizeof line->aside_tables)
			used += (size_t)snprintf(line->aside_tables + used,
				sizeof line->aside_tables - used, "%s%s", used ? ", " : "",
				db_text(rows, 0));
	}
	db_done(rows);
}

/* The syncer writes its number into the file it locks. A file that was left behind names nobody. */
int64_t console_syncer(const char *home, int64_t *since_ms)
{
	char path[PATH_BYTES];
	long long pid = 0;
	struct stat info;
	snprintf(path, sizeof path, "%s/syncer.lock", home);
	FILE *file = fopen(path, "re");
	bool runs = file && fscanf(file, "%9lld", &pid) == 1 && pid > 0 &&
		fstat(fileno(file), &info) == 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
	if (file)
		fclose(file);
	*since_ms = runs ? (int64_t)info.st_mtime * 1000 : 0;
	return runs ? pid : 0;
}

void console_read_line(struct console *console, struct console_line *line)
{
	struct db *cache = console->cache;

	memset(line, 0, sizeof *line);
	parts_fresh(console);
	read_device(console, line);
	line->syncer = console_syncer(console->home, &line->syncer_since_ms);
	if (!cache) {
		snprintf(line->trouble, sizeof line->trouble, "%.199s", console->trouble);
		return;
	}
	line->online = parts_state_int(console, "online") == 1;
	copy_state(console, "trouble", line->trouble, sizeof line->trouble);
	copy_state(console, "last_trouble", line->last_trouble, sizeof line->last_trouble);
	line->last_trouble_ms = parts_state_int(console, "last_trouble_ms");
	line->since_ms = parts_state_int(console, "line_since");
	line->next_ms = parts_state_int(console, "line_next");
	line->pulled_ms = parts_state_int(console, "pulled_ms");
	copy_state(console, "cursor", line->cursor, sizeof line->cursor);
	line->is_whole_copy = !line->cursor[0];
	/* They are numbered from 1 and go all at once, so the last number is their count. */
	line->staged = db_get_int(cache, 0, "SELECT max(n) FROM staged", "");
	struct console_progress progress;
	if (console_progress(console, &progress))
		line->staged = progress.rows;
	read_aside(cache, line);
	for (int i = 0; i < CONSOLE_ODD_COUNT; i++)
		line->odd[i] = console_odd(console, (enum console_odd)i);
	parts_fresh(console);
}

/* ---- the queue ---- */

void console_read_queue(struct console *console, struct console_queue *queue)
{
	struct db *outbox = console->outbox;
	struct db_rows *rows;

	memset(queue, 0, sizeof *queue);
	parts_fresh(console);
	/* The history is two weeks long: only its last number is read, and the rows that still matter. */
	queue->all = db_get_int(outbox, 0, "SELECT max(n) FROM command", "");
	rows = db_query(outbox,
		"SELECT state, sent, count(*), min(at) FROM command WHERE " OUTBOX_LIVE
		" GROUP BY state, sent",
		"");
	while (db_next(rows)) {
		bool queued = strcmp(db_text(rows, 0), "queued") == 0;
		int64_t *count = !queued  ? &queue->applied
			: db_int(rows, 1) ? &queue->sent
					  : &queue->waiting;

		*count += db_int(rows, 2);
		if (queued && (queue->oldest_ms == 0 || db_int(rows, 3) < queue->oldest_ms))
			queue->oldest_ms = db_int(rows, 3);
	}
	db_done(rows);
	rows = db_query(outbox,
		"SELECT status, count(*) FROM command WHERE status IN ('rejected', 'parked') "
		"AND dismissed = 0 GROUP BY status",
		"");
	while (db_next(rows))
		*(strcmp(db_text(rows, 0), "parked") == 0 ? &queue->parked
							  : &queue->rejected) = db_int(rows, 1);
	db_done(rows);
}

/* ---- the feeds ---- */

/* A part of a feed as a value: store:xinyi is `xinyi` of `store:`. */
struct feed_part {
	const char *feed;
	const char *value;  /* behind the prefix; NULL while no word with a column fitted */
	struct text *where; /* conditions joined by OR */
};

static void add_condition(
	struct feed_part *part, const char *format, const char *column, int length)
{
	text_add(part->where, part->where->length ? " OR " : "");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	text_addf(part->where, format, length, column);
#pragma GCC diagnostic pop
}

/* One word of a table's rule. `list` is the column of the word before a bar, NULL without a bar. */
static void add_word(struct feed_part *part, const char *word, int length, const char *list)
{
	const char *dollar = memchr(word, '$', (size_t)length);
	int prefix = dollar ? (int)(dollar - word) : length;
	int name = length - prefix - 1;
	bool is_list = name > 2 && memcmp(word + length - 2, "[]", 2) == 0;

	if (strncmp(part->feed, word, (size_t)prefix) != 0)
		return;
	if (!dollar && part->feed[length] == '\0') {
		if (list)
			add_condition(part, "COALESCE(\"%.*s\", '[]') = '[]'", list,
				(int)strcspn(list, "["));
		else
			add_condition(part, "1 = 1%.*s", "", 0);
	} else if (dollar) {
		part->value = part->feed + prefix;
		add_condition(part, is_list ? "\"%.*s\" LIKE $2 ESCAPE '!'" : "\"%.*s\" = $1",
			dollar + 1, is_list ? name - 2 : name);
	}
}

static void add_rule(struct feed_part *part, const char *rule)
{
	const char *column = NULL, *list = NULL;

	for (const char *word = rule; *word; word += strspn(word, " ")) {
		int length = (int)strcspn(word, " ");
		const char *dollar = memchr(word, '$', (size_t)length);

		if (*word == '|') {
			list = column;
		} else {
			add_word(part, word, length, list);
			list = NULL;
		}
		column = dollar ? dollar + 1 : NULL;
		word += length;
	}
}

/* The value as it stands in a JSON list, for LIKE. */
static void add_pattern(struct text *pattern, const char *value)
{
	text_add(pattern, "%\"");
	for (; *value; value++)
		text_addf(pattern, strchr("%_!", *value) ? "!%c" : "%c", *value);
	text_add(pattern, "\"%");
}

static int64_t count_table(struct db *cache, const struct table *table, const char *feed)
{
	struct text where = TEXT_INIT(TEXT_SMALL), sql = TEXT_INIT(TEXT_SMALL),
		    pattern = TEXT_INIT(TEXT_SMALL);
	struct feed_part part = {.feed = feed, .where = &where};
	int64_t rows = 0;

	add_rule(&part, table->feeds);
	if (where.length > 0) {
		const char *value = part.value ? part.value : "";

		add_pattern(&pattern, value);
		text_addf(&sql, "SELECT count(*) FROM \"%s\" WHERE %s", table->name,
			text_get(&where));
		rows = db_get_int(cache, 0, text_get(&sql), "tt", value, text_get(&pattern));
	}
	text_free(&where);
	text_free(&sql);
	text_free(&pattern);
	return rows;
}

static void count_feed(struct db *cache, struct console_feed *feed)
{
	int count;
	const struct table *tables = table_all(&count);

	for (int i = 0; i < count; i++)
		feed->rows += count_table(cache, &tables[i], feed->name);
	feed->aside = db_get_int(
		cache, 0, "SELECT count(*) FROM unknown_row WHERE feed = $1", "t", feed->name);
}

int console_feeds(struct console *console, struct console_feed *feeds, int most)
{
	struct db_rows *rows;
	int count = 0;

	parts_fresh(console);
	if (!console->cache)
		return 0;
	rows = db_query(console->cache,
		"SELECT feed, seq, followed FROM feed_state WHERE followed = 1 OR seq > 0 "
		"ORDER BY feed LIMIT $1",
		"i", (int64_t)most);
	while (db_next(rows) && count < most) {
		struct console_feed *feed = &feeds[count++];

		memset(feed, 0, sizeof *feed);
		snprintf(feed->name, sizeof feed->name, "%s", db_text(rows, 0));
		feed->position = db_int(rows, 1);
		feed->is_followed = db_int(rows, 2) == 1;
	}
	db_done(rows);
	for (int i = 0; i < count; i++)
		count_feed(console->cache, &feeds[i]);
	parts_fresh(console);
	return count;
}

/* ---- the files ---- */

/* A database without a log lies still: it is read without a lock, so that not even a file for locks
 * appears beside it. */
static struct db *open_still(const char *path, struct console_file *file)
{
	char log[PATH_BYTES + 8];
	struct db_options options = {.durability = DB_READ_ONLY,
		.must_exist = true,
		.busy_ms = EXAMINE_BUSY_MS,
		.failure = &file->failure};

	snprintf(log, sizeof log, "%s-wal", path);
	if (access(log, F_OK) != 0)
		options.durability = DB_STILL;
	return db_open(path, &options, file->trouble, sizeof file->trouble);
}

/* In the reader's language: what SQLite calls it helps nobody who reads it here. */
static void say_damaged(struct console_file *file)
{
	snprintf(file->trouble, sizeof file->trouble, "%s", _("its pages do not fit together"));
}

static struct db *examine(
	const char *home, const char *name, int64_t expected, struct console_file *file)
{
	char path[PATH_BYTES];
	struct db *db;

	snprintf(path, sizeof path, "%s/%s", home, name);
	file->expected = expected;
	file->is_there = access(path, F_OK) == 0;
	if (!file->is_there)
		return NULL;
	db = open_still(path, file);
	if (!db && file->failure == DB_CORRUPT)
		say_damaged(file);
	if (!db)
		return NULL;
	file->version = db_version(db);
	file->is_sound = db_sound(db);
	file->failure = db_failed(db);
	if (file->is_sound)
		return db;
	if (file->failure == DB_OK)
		file->failure = DB_CORRUPT;
	snprintf(file->trouble, sizeof file->trouble, "%s", db_message(db));
	if (file->failure == DB_CORRUPT)
		say_damaged(file);
	db_forget_failure(db);
	return db;
}

void console_examine(const char *home, struct console_files *files)
{
	struct console console = {.outbox = NULL};
	struct db *cache;

	memset(files, 0, sizeof *files);
	console.outbox = examine(home, "outbox.db", CONSOLE_OUTBOX_VERSION, &files->outbox);
	if (parts_outbox_lost(&(struct console){.home = (char *)home})) {
		files->outbox.failure = DB_CORRUPT;
		snprintf(files->outbox.trouble, sizeof files->outbox.trouble, "%s",
			_("it is empty"));
	}
	if (console.outbox && files->outbox.version == CONSOLE_OUTBOX_VERSION) {
		files->is_enrolled = console_device(&console, &files->device);
		console_read_queue(&console, &files->queue);
		files->unsent = files->queue.waiting + files->queue.sent;
	}
	db_close(console.outbox);
	cache = examine(home, "cache.db", CONSOLE_CACHE_VERSION, &files->cache);
	db_close(cache);
}

void console_files_free(struct console_files *files)
{
	if (files->is_enrolled)
		console_device_free(&files->device);
}
