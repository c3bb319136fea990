/* A blind sheet keeps its book to itself until it is finished: products whose book is a figure that stands
 * nowhere else are on such a sheet, and whatever a shop can look at of the sheet is looked at. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/db.h"
#include "model/text.h"
#include "tests/e2e_kit.h"
#include "tests/grid_rows.h"

/* 73519 on hand, a few counted: book, difference and value of every line begin with 735 or 73, whatever
 * is sold meanwhile, and so does each with its separators or decimals. */
#define BOOK "73519"
#define LEAK "7,?35[12]|7,?35,?[12]" /* of any unit: 73,519 and 7,351,900 too */
#define UUID "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
#define NAME "Blind man's buff"
#define WORDS_MAX 6
#define TEXT 128

struct blind {
	struct e2e_home home;
	char id[TEXT], number[TEXT], secret[TEXT];
	regex_t leak, uuid;
	struct text all; /* what was looked at since the last look */
};

/* ---- looking ---- */

/* Ids are random and may hold any figure. */
static void drop_ids(const struct blind *blind, char *text)
{
	regmatch_t at;

	while (regexec(&blind->uuid, text, 1, &at, 0) == 0)
		memset(text + at.rm_so, '-', (size_t)(at.rm_eo - at.rm_so));
}

/* Where the book stands in a text; NULL if nowhere. */
static const char *leak_in(const struct blind *blind, char *text)
{
	regmatch_t at;

	drop_ids(blind, text);
	return regexec(&blind->leak, text, 1, &at, 0) == 0 ? text + at.rm_so : NULL;
}

/* Takes the text. hidden: no figure of the book may be in it. */
static void look(struct blind *blind, const char *where, char *text, bool hidden)
{
	const char *leak = leak_in(blind, text);

	if (leak && hidden)
		fail_msg("the book stands in %s: %.200s", where,
			leak - text > 100 ? leak - 100 : text);
	text_addf(&blind->all, "%s\n%s\n", where, text);
	free(text);
}

/* ---- programs and files ---- */

/* Runs `countertop` with these words of one string; what it says on both channels. */
static char *run_words(struct blind *blind, const char *line)
{
	static struct e2e_output output;
	char *copy = text_copy(line), *words[WORDS_MAX] = {NULL}, *rest = copy;
	struct text said = TEXT_INIT(TEXT_LARGE);

	for (int i = 0; i < WORDS_MAX && rest; i++)
		words[i] = strsep(&rest, " ");
	e2e_countertop(&output, &blind->home, words[0], words[1], words[2], words[3], words[4],
		words[5], NULL);
	if (output.code != 0)
		fail_msg("%s: %s", line, output.err);
	text_addf(&said, "%s%s", output.out, output.err);
	free(copy);
	return text_take(&said);
}

static char *read_file(const char *path)
{
	struct text all = TEXT_INIT(TEXT_LARGE);
	char bytes[4096];
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	if (strstr(path, ".xlsx")) {
		grid_rows_add(path, &all);
	} else {
		for (size_t used; (used = fread(bytes, 1, sizeof bytes, file)) > 0;)
			text_add_bytes(&all, bytes, used);
	}
	fclose(file);
	return text_take(&all);
}

/* What the command line writes about the sheet; its number and id are filled in. */
static const char *const shown[] = {
	"show stocktakes %s",
	"show stocktakes %s --json",
	"show stocktakes --json",
	"show stocktake_lines stocktake=%s",
	"show stocktake_lines stocktake=%s --json",
	"show stocktake_lines stocktake=%s sort=difference",
	"show stocktake_lines stocktake=%s sort=value --json",
	"show stocktake_lines stocktake=%s is=loss --json",
	"show stocktake_lines stocktake=%s is=gain --json",
	"show stocktake_lines stocktake=%s is=equal --json",
	"show stocktake_lines stocktake=%s is=counted --json",
	"show stocktake_lines stocktake=%s mark=moved --json",
	"show stocktake_lines stocktake=%s mark=suggest --json",
	"show stocktake_lines stocktake=%s mark=below --json",
	"show count_entries stocktake=%s",
	"show count_entries stocktake=%s --json",
	"show count_zones stocktake=%s --json",
	"show history doc=%2$s --json",
	"show exceptions --json",
	"report stocktake_sheets",
	"report stocktake_vendors",
	"report stocktake_categories",
	"report stocktake_days",
};

static const struct {
	const char *words, *file;
} written[] = {
	{"export stocktakes %s %s", "lines.csv"},
	{"export stocktakes %s %s", "lines.xlsx"},
	{"export stocktakes %s %s", "count.txt"},
	{"export stocktakes %2$s", "sheets.csv"},
	{"export stocktake_lines stocktake=%s sort=difference %s", "sorted.csv"},
	{"export stocktake_lines stocktake=%s is=loss %s", "loss.xlsx"},
	{"export count_entries stocktake=%s %s", "tape.csv"},
	{"export count_zones stocktake=%s %s", "zones.csv"},
	{"export history doc=%3$s %2$s", "history.csv"},
};

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void look_at_programs(struct blind *blind, bool hidden)
{
	char line[TEXT * 4], path[E2E_PATH_BYTES];

	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		snprintf(line, sizeof line, shown[i], blind->number, blind->id);
		look(blind, line, run_words(blind, line), hidden);
	}
	for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
		e2e_path(path, written[i].file);
		unlink(path);
		snprintf(line, sizeof line, written[i].words, blind->number, path, blind->id);
		free(run_words(blind, line));
		look(blind, written[i].file, read_file(path), hidden);
	}
}

/* What HQ tells the terminal that asks. */
static void look_at_hq(struct blind *blind, bool hidden)
{
	static const char *const paths[] = {
		"/v1/stocktakes/%s",
		"/v1/stocktakes?id=%s",
		"/v1/exceptions?store=xinyi",
	};
	char path[TEXT * 2];

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		snprintf(path, sizeof path, paths[i], blind->id);
		look(blind, path, e2e_body(blind->secret, path), hidden);
	}
}

/* ---- screens ---- */

static void look_at_screen(struct blind *blind, struct screen *screen, const char *where)
{
	screen_settle(screen, 30);
	look(blind, where, text_copy(screen_text(screen)), true);
}

/* Everything a list or a page shows, without saying yes to anything. */
static void look_around(struct blind *blind, struct screen *screen, const char *key)
{
	static const char *const ways[] = {
		"<right>", "<right>", "<right>", "<end>", "<pageup>", "<home>", "<pagedown>"};
	char where[TEXT];

	snprintf(where, sizeof where, "the screen behind %s", key);
	look_at_screen(blind, screen, where);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		screen_send(screen, ways[i]);
		look_at_screen(blind, screen, where);
	}
}

static void open_sheet(struct blind *blind, struct screen *screen)
{
	screen_send(screen, "<f3>");
	screen_scan(screen, blind->number);
	screen_expect(screen, "pieces");
}

/* All keys of a context of the key file, one behind the other; each from the sheet anew. */
static void press_keys(struct blind *blind, struct screen *screen, const char *context)
{
	char path[E2E_PATH_BYTES], line[TEXT * 2], name[TEXT], key[TEXT];
	int pressed = 0;

	snprintf(path, sizeof path, "%s/keymaps/default.keys", getenv("srcdir"));
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		/* A product's own page is no sheet's. */
		if (sscanf(line, "bind %127s %127s", name, key) != 2 ||
			strcmp(name, context) != 0 || strstr(line, "line-product"))
			continue;
		open_sheet(blind, screen);
		screen_send(screen, "<home>");
		screen_send(screen, key);
		look_around(blind, screen, key);
		screen_send(screen, "<esc><esc><esc>");
		pressed++;
	}
	fclose(file);
	assert_true(pressed > 0);
}

static struct screen *sit_down(struct blind *blind, int rows, int cols)
{
	struct e2e_look size = {.rows = rows, .cols = cols};
	struct screen *screen = e2e_console(&blind->home, &size);

	e2e_sign_in(screen, "chen");
	return screen;
}

static void look_at_screens(struct blind *blind, int rows, int cols)
{
	struct screen *screen = sit_down(blind, rows, cols);

	open_sheet(blind, screen);
	look_around(blind, screen, "the sheet");
	press_keys(blind, screen, "sheet");
	screen_send(screen, "<f3>");
	look_around(blind, screen, "<f3>");
	e2e_close(screen);
}

/* ---- the sheet ---- */

static void office(const char *store, const char *op, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void office(const char *store, const char *op, const char *format, ...)
{
	char data[TEXT * 4];
	va_list args;

	va_start(args, format);
	vsnprintf(data, sizeof data, format, args);
	va_end(args);
	e2e_command(store, op, data);
}

static void count(struct blind *blind, const char *sku, int qty, const char *zone)
{
	office("xinyi", "stocktake.count",
		"{\"stocktake\":\"%s\",\"sku\":\"%s\",\"qty\":%d,\"mode\":\"add\",\"zone\":\"%s\"}",
		blind->id, sku, qty, zone);
}

static void step(struct blind *blind, const char *op, const char *more)
{
	office("xinyi", op, "{\"stocktake\":\"%s\"%s}", blind->id, more);
}

static void sync_home(struct blind *blind)
{
	free(run_words(blind, "sync --once"));
}

static void read_secret(struct blind *blind)
{
	char path[E2E_PATH_BYTES + 16], error[200];
	struct db_options options = {.durability = DB_READ_ONLY, .must_exist = true};

	snprintf(path, sizeof path, "%s/outbox.db", blind->home.path);
	struct db *db = db_open(path, &options, error, sizeof error);
	assert_non_null(db);
	char *secret = db_get_text(db, "SELECT token FROM device", "");
	snprintf(blind->secret, sizeof blind->secret, "%s", secret ? secret : "");
	free(secret);
	db_close(db);
}

static void make_goods(void)
{
	for (int i = 1; i <= 4; i++) {
		office(NULL, "product.put",
			"{\"sku\":\"BUFF%d\",\"name\":\"" NAME
			"\",\"category\":\"Buff\",\"vendor\":\"Buff\","
			"\"price\":100,\"barcodes\":[\"BUFF-%d\"]}",
			i, i);
		office(NULL, "stock.open",
			"{\"store\":\"xinyi\",\"lines\":[{\"sku\":\"BUFF%d\",\"qty\":" BOOK "}]}",
			i);
	}
}

/* Every mark there is: counted in one zone and two, moved between, told late, extra, unknown, uncounted,
 * in a zone that is released with another total than was counted. */
static void count_some(struct blind *blind)
{
	count(blind, "BUFF1", 4, "A");
	count(blind, "BUFF2", 0, "A");
	office("xinyi", "stock.adjust",
		"{\"kind\":\"found\",\"reason\":\"behind\",\"lines\":[{\"sku\":\"BUFF1\",\"qty\":1}]}");
	count(blind, "BUFF1", 1, "B");
	count(blind, "NO0801", 2, "B");
	count(blind, "4711", 3, "B");
	step(blind, "stocktake.claim", ",\"zone\":\"A\"");
	step(blind, "stocktake.release", ",\"zone\":\"A\",\"total\":9");
}

static void open_blind(struct blind *blind)
{
	*blind = (struct blind){.all = TEXT_INIT((size_t)4 * 1024 * 1024)};
	assert_int_equal(regcomp(&blind->leak, LEAK, REG_EXTENDED), 0);
	assert_int_equal(regcomp(&blind->uuid, UUID, REG_EXTENDED), 0);
	make_goods();
	snprintf(blind->id, sizeof blind->id, "%s",
		e2e_command("xinyi", "stocktake.create",
			"{\"scope\":\"partial\",\"categories\":[\"Buff\"],\"blind\":true}"));
	snprintf(blind->number, sizeof blind->number, "%s",
		e2e_field("stocktakes", blind->id, "number"));
	step(blind, "stocktake.start", "");
	count_some(blind);
	e2e_enrol(&blind->home, "xinyi");
	read_secret(blind);
	setenv("COUNTERTOP_PIN", "1200", 1);
}

static void close_blind(struct blind *blind)
{
	unsetenv("COUNTERTOP_PIN");
	regfree(&blind->leak);
	regfree(&blind->uuid);
	text_free(&blind->all);
}

/* Could this test see it at all? */
static void expect_leak(struct blind *blind)
{
	text_clear(&blind->all);
	look_at_programs(blind, false);
	look_at_hq(blind, false);
	assert_non_null(leak_in(blind, blind->all.bytes));
}

/* ---- tests ---- */

static void no_program_tells_the_book(void **state)
{
	/* Neither HQ nor the command line nor a file says what the book of a blind sheet is before it is
	 * finished, not even while it is recounted. */
	static struct blind blind;

	(void)state;
	open_blind(&blind);
	look_at_programs(&blind, true);
	look_at_hq(&blind, true);
	step(&blind, "stocktake.pause", "");
	sync_home(&blind);
	look_at_programs(&blind, true);
	step(&blind, "stocktake.resume", "");
	step(&blind, "stocktake.finish", ",\"uncounted\":\"leave\"");
	sync_home(&blind);
	expect_leak(&blind);
	step(&blind, "stocktake.recount", "");
	sync_home(&blind);
	look_at_programs(&blind, true);
	look_at_hq(&blind, true);
	close_blind(&blind);
}

static void the_book_changes_nothing(void **state)
{
	/* Whatever happens to the book: what a blind sheet shows of itself stays what it was, to the byte. */
	static struct blind blind;
	char *before;

	(void)state;
	open_blind(&blind);
	look_at_programs(&blind, true);
	look_at_hq(&blind, true);
	before = text_copy(text_get(&blind.all));
	text_clear(&blind.all);
	office("xinyi", "stock.adjust",
		"{\"kind\":\"write_off\",\"reason\":\"gone\",\"lines\":[{\"sku\":\"BUFF1\",\"qty\":73000},"
		"{\"sku\":\"BUFF2\",\"qty\":73517},{\"sku\":\"BUFF3\",\"qty\":2}]}");
	sync_home(&blind);
	look_at_programs(&blind, true);
	look_at_hq(&blind, true);
	assert_string_equal(text_get(&blind.all), before);
	free(before);
	close_blind(&blind);
}

static void no_screen_tells_the_book(void **state)
{
	/* No page, tab or question that is reached from a blind sheet shows its book. */
	static struct blind blind;
	struct screen *screen;

	(void)state;
	open_blind(&blind);
	look_at_screens(&blind, 24, 80);
	look_at_screens(&blind, 50, 200);
	assert_string_equal(e2e_field("stocktakes", blind.id, "status"), "counting");
	step(&blind, "stocktake.finish", ",\"uncounted\":\"leave\"");
	sync_home(&blind);
	screen = sit_down(&blind, 24, 80);
	open_sheet(&blind, screen);
	screen_expect(screen, "7352"); /* finished: so this is how it would have looked */
	e2e_close(screen);
	close_blind(&blind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(no_program_tells_the_book),
		e2e_test(the_book_changes_nothing),
		e2e_test(no_screen_tells_the_book),
	};

	return cmocka_run_group_tests_name("blind", tests, NULL, NULL);
}
