/* A damaged page takes its rows along, and perhaps the way to others. So commands are read in two ways: row by
 * row, as far as SQLite finds them; and as the texts they are, wherever one stands whole in a file. What
 * was found only as a text is offered again: HQ knows by id and bytes what it has already. */
#include "model/console_rescue.h"

#include "model/console_parts.h"
#include "model/console_report.h"
#include "model/i18n.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define KEPT_MAX 100 /* damaged files of one home */
#define ROW_COLUMNS 14
#define TRIED_MAX 1000000

struct rescue {
	struct console console; /* only its home */
	struct db *db;          /* the new one */
	struct console_rescued *rescued;
};

static void path_of(const struct rescue *rescue, const char *name, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, "%s/%s", rescue->console.home, name);
}

/* ---- rows ---- */

/* Every column but n, which is given anew; i and t as in db.h. */
static const char row_columns[] =
	"id, op, store, actor, at, line, state, sent, status, code, message, verdict, answered_at, dismissed";
static const char row_kinds[] = "ttttittittttii";

static bool keep_row(struct rescue *rescue, struct db_rows *row)
{
	struct db_value values[ROW_COLUMNS];
	char sql[400];

	for (int i = 0; i < ROW_COLUMNS; i++) {
		values[i] = (struct db_value){.kind = row_kinds[i]};
		if (row_kinds[i] == 'i')
			values[i].number = db_int(row, i);
		else
			values[i].text = db_text(row, i);
	}
	snprintf(sql, sizeof sql,
		"INSERT INTO saved (%s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
		"ON CONFLICT DO NOTHING",
		row_columns);
	return db_run_values(rescue->db, sql, values, ROW_COLUMNS) && db_changed(rescue->db) == 1;
}

/* Each row is found by the one before it; where the way to it is damaged, by trying the numbers one after
 * the other, past as many as may stand on the pages that one damaged page leads to. */
static void keep_rows(struct rescue *rescue, struct db *damaged)
{
	char sql[300];
	int tried = 0;

	snprintf(sql, sizeof sql, "SELECT %s, n FROM command WHERE n >= $1 ORDER BY n LIMIT 1",
		row_columns);
	for (int64_t n = 1; n < INT64_MAX && tried < TRIED_MAX; n++) {
		struct db_rows *row = db_query(damaged, sql, "i", n);
		bool found = db_next(row), over = !found && db_failed(damaged) == DB_OK;
		int64_t at = found ? db_int(row, ROW_COLUMNS) : 0;

		rescue->rescued->rows += found && keep_row(rescue, row);
		/* On a damaged page a number may be smaller than the one asked for. */
		tried = at >= n ? 0 : tried + 1;
		n = at >= n ? at : n;
		db_done(row);
		db_forget_failure(damaged);
		if (over || n == INT64_MAX)
			break;
	}
}

static void keep_device(struct rescue *rescue, struct db *damaged)
{
	struct db_rows *row = db_query(
		damaged, "SELECT url, token, device, epoch, stores FROM device", "");

	if (db_next(row))
		rescue->rescued->is_enrolled = db_run(rescue->db,
			"INSERT INTO device (url, token, device, epoch, stores) VALUES ($1, $2, $3, $4, $5)",
			"ttttt", db_text(row, 0), db_text(row, 1), db_text(row, 2), db_text(row, 3),
			db_text(row, 4));
	db_done(row);
	db_forget_failure(damaged);
}

static void read_rows(struct rescue *rescue)
{
	const struct db_options options = {.durability = DB_READ_ONLY, .must_exist = true};
	char path[PATH_BYTES], error[200];
	struct db *damaged;

	path_of(rescue, "outbox.db", path);
	damaged = db_open(path, &options, error, sizeof error);
	if (!damaged)
		return;
	keep_device(rescue, damaged);
	keep_rows(rescue, damaged);
	db_close(damaged);
}

/* ---- texts ---- */

/* The length of the JSON object that begins here, 0 if it does not end as one. */
static size_t object_length(const char *bytes, size_t size)
{
	size_t most = size < COMMAND_LINE_MAX ? size : COMMAND_LINE_MAX;
	bool in_text = false;
	int depth = 0;

	for (size_t i = 0; i < most; i++) {
		if ((unsigned char)bytes[i] < ' ')
			return 0;
		if (in_text && bytes[i] == '\\')
			i++;
		else if (bytes[i] == '"')
			in_text = !in_text;
		else if (!in_text && bytes[i] == '{')
			depth++;
		else if (!in_text && bytes[i] == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

static void keep_line(struct rescue *rescue, const char *bytes, size_t length)
{
	struct text line = TEXT_INIT(COMMAND_LINE_MAX + 1);
	struct command command;
	char message[200];

	text_add_bytes(&line, bytes, length);
	if (command_parse(bytes, length, &command, message, sizeof message) == REFUSAL_NONE) {
		db_run(rescue->db,
			"INSERT INTO saved (id, op, store, actor, at, line, state, sent, answered_at, dismissed) "
			"VALUES ($1, $2, $3, $4, $5, $6, 'queued', 1, 0, 0) ON CONFLICT DO NOTHING",
			"ttttit", command.id, command.op->name, command.store, command.actor,
			command.at_ms, text_get(&line));
		rescue->rescued->found += (int)db_changed(rescue->db);
	}
	command_free(&command);
	text_free(&line);
}

static void keep_lines(struct rescue *rescue, const char *bytes, size_t size)
{
	static const char begin[] = "{\"id\":\"";
	const char *end = bytes + size, *at = bytes;

	while ((at = memmem(at, (size_t)(end - at), begin, strlen(begin)))) {
		size_t length = object_length(at, (size_t)(end - at));

		if (length)
			keep_line(rescue, at, length);
		at += length ? length : 1;
	}
}

static void read_texts(struct rescue *rescue, const char *name)
{
	char path[PATH_BYTES];
	struct stat info;
	void *bytes = MAP_FAILED;
	int fd;

	path_of(rescue, name, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
		bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes != MAP_FAILED) {
		keep_lines(rescue, bytes, (size_t)info.st_size);
		munmap(bytes, (size_t)info.st_size);
	}
	close(fd);
}

/* Also what an earlier rescue kept: it may have been interrupted. */
static void read_all_texts(struct rescue *rescue)
{
	DIR *folder = opendir(rescue->console.home);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (strncmp(entry->d_name, "outbox.d", strlen("outbox.d")) == 0)
			read_texts(rescue, entry->d_name);
	if (folder)
		closedir(folder);
}

/* ---- the new outbox ---- */

static bool begin_new(struct rescue *rescue, char *error, size_t size)
{
	const struct db_options options = {.durability = DB_DURABLE};
	char path[PATH_BYTES];

	path_of(rescue, "outbox.new", path);
	if (db_remove(path, NULL))
		rescue->db = db_open(path, &options, error, size);
	else
		snprintf(error, size, _("%s cannot be written: %s"), path, strerror(errno));
	return rescue->db && parts_make_outbox(rescue->db) &&
		db_run(rescue->db, "CREATE TEMP TABLE saved AS SELECT * FROM command", "") &&
		db_run(rescue->db, "CREATE UNIQUE INDEX temp.saved_id ON saved (id)", "") &&
		db_begin(rescue->db);
}

/* An id begins with its time: by it they stand in the order in which they were made. */
static bool end_new(struct rescue *rescue)
{
	char sql[500];

	snprintf(sql, sizeof sql,
		"INSERT OR IGNORE INTO command (%s) SELECT %s FROM temp.saved ORDER BY id",
		row_columns, row_columns);
	db_run(rescue->db, sql, "");
	return db_commit(rescue->db) && db_run(rescue->db, "PRAGMA journal_mode = delete", "") &&
		db_sound(rescue->db);
}

/* A second name for a file, if there is one. */
static bool keep_file(const struct rescue *rescue, const char *name, const char *ending)
{
	char from[PATH_BYTES], to[PATH_BYTES], kept[80];

	path_of(rescue, name, from);
	snprintf(kept, sizeof kept, "%s%s", rescue->rescued->kept, ending);
	path_of(rescue, kept, to);
	return link(from, to) == 0 || (ending[0] && errno == ENOENT);
}

static bool keep_damaged(struct rescue *rescue)
{
	bool kept = false;

	for (int i = 1; i <= KEPT_MAX && !kept; i++) {
		snprintf(rescue->rescued->kept, sizeof rescue->rescued->kept, "outbox.damaged.%d",
			i);
		kept = keep_file(rescue, "outbox.db", "");
		if (!kept && errno != EEXIST)
			return false;
	}
	return kept && keep_file(rescue, "outbox.db-wal", "-wal");
}

static bool move_in(struct rescue *rescue)
{
	static const char *const logs[] = {"outbox.db-wal", "outbox.db-shm"};
	char from[PATH_BYTES], to[PATH_BYTES];

	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		path_of(rescue, logs[i], to);
		if (unlink(to) != 0 && errno != ENOENT)
			return false;
	}
	path_of(rescue, "outbox.new", from);
	path_of(rescue, "outbox.db", to);
	return rename(from, to) == 0;
}

static bool is_damaged(const char *home)
{
	struct console_files files;
	bool damaged;

	console_examine(home, &files);
	damaged = files.outbox.is_there && files.outbox.failure == DB_CORRUPT;
	console_files_free(&files);
	return damaged;
}

static bool rescue_all(struct rescue *rescue, char *error, size_t size)
{
	bool made;

	error[0] = '\0';
	if (begin_new(rescue, error, size)) {
		read_rows(rescue);
		read_all_texts(rescue);
	}
	made = rescue->db && end_new(rescue);
	if (rescue->db && !made)
		snprintf(error, size, "%s", db_message(rescue->db));
	db_close(rescue->db);
	if (made && (!keep_damaged(rescue) || !move_in(rescue))) {
		snprintf(error, size, _("%s cannot be written: %s"), rescue->console.home,
			strerror(errno));
		made = false;
	}
	return made;
}

bool console_rescue(const char *home, struct console_rescued *rescued, char *error, size_t size)
{
	struct rescue rescue = {.console = {.home = (char *)home}, .rescued = rescued};

	*rescued = (struct console_rescued){.rows = 0};
	if (is_damaged(home))
		return rescue_all(&rescue, error, size);
	snprintf(error, size, _("outbox.db is not damaged: there is nothing to rescue."));
	return false;
}
