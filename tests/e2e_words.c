#include "tests/e2e_words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/db.h"
#include "model/text.h"

#define RUN_BYTES 512
#define COLS_MAX 400
#define SIDE 0x2502 /* │ */
#define CORNER_UPPER_LEFT 0x250c
#define CORNER_UPPER_RIGHT 0x2510
#define CORNER_LOWER_LEFT 0x2514
#define CORNER_LOWER_RIGHT 0x2518

/* All texts of the data, a line each. */
static struct text data;

/* What is never translated: keys, and the words of product.md that stay. */
static const char *const kept[] = {"SKU", "PIN", "HQ", "Countertop", "CSV", "XLSX", "UTF", "fg",
	"Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDn", "Ins", "Del", "Bksp", "Tab",
	"Shift", "Enter", "Esc", "Space", "Ctrl", "Alt", "ZONE"};

/* Beginnings of document numbers, which may be cut before their digits. */
static const char *const numbers[] = {"OUT", "IN", "STK", "SO", "SH", "CM"};

void words_learn(const struct e2e_home *home)
{
	static const char *const queries[] = {"SELECT name FROM product",
		"SELECT DISTINCT category FROM product", "SELECT DISTINCT vendor FROM product",
		"SELECT name FROM store", "SELECT id FROM store", "SELECT name FROM staff",
		"SELECT id FROM staff", "SELECT actor FROM history", "SELECT note FROM movement",
		"SELECT reason FROM movement", "SELECT third_party FROM movement",
		"SELECT text FROM history", "SELECT note FROM stocktake",
		"SELECT buyer FROM ticket", "SELECT reason FROM redemption",
		"SELECT actor FROM redemption", "SELECT created_by FROM movement",
		"SELECT customer FROM sales_order", "SELECT created_by FROM sales_order",
		"SELECT substr(customer, instr(customer, '. ') + 2) FROM sales_order",
		"SELECT name FROM channel", "SELECT id FROM channel"};
	struct db_options options = {
		.durability = DB_READ_ONLY, .must_exist = true, .busy_ms = 5000};
	char path[E2E_PATH_BYTES + 16], error[200];
	struct db *cache;

	snprintf(path, sizeof path, "%s/cache.db", home->path);
	cache = db_open(path, &options, error, sizeof error);
	if (!cache)
		fail_msg("%s", error);
	text_free(&data);
	data = TEXT_INIT(TEXT_LARGE);
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		struct db_rows *rows = db_query(cache, queries[i], "");

		while (db_next(rows))
			if (!db_null(rows, 0))
				text_addf(&data, "\n%s\n", db_text(rows, 0));
		db_done(rows);
	}
	/* Who redeems at other stores is known when HQ's answers tell. */
	text_add(&data, "\nchiu\n");
	assert_int_equal(db_failed(cache), DB_OK);
	assert_true(text_ok(&data));
	db_close(cache);
}

/* ---- words ---- */

static bool is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '\'' || c == '_' || c == '.';
}

/* Two letters in a row make it one; a digit makes it a code. */
static bool is_english(const char *word, size_t length)
{
	bool has_two = false;

	for (size_t i = 0; i < length; i++) {
		if (isdigit((unsigned char)word[i]))
			return false;
		if (i > 0 && isalpha((unsigned char)word[i]) && isalpha((unsigned char)word[i - 1]))
			has_two = true;
	}
	return has_two;
}

static bool is_kept(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (strncmp(word, numbers[i], strlen(numbers[i])) == 0 &&
			!isalpha((unsigned char)word[strlen(numbers[i])]))
			return true;
	/* Ctrl-S, Shift-Tab: the first part names it. */
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		size_t of_kept = strlen(kept[i]);

		if (length >= of_kept && strncmp(word, kept[i], of_kept) == 0 &&
			(length == of_kept || word[of_kept] == '-'))
			return true;
	}
	return false;
}

/*
 * Is the run part of the data, behind the same character? Names in the demo are Chinese, then English: a
 * word of the program that some name has too does not stand behind that name's Chinese.
 */
static bool is_data(const char *row, const char *run, size_t length)
{
	char text[RUN_BYTES];
	const char *before = run;
	const char *at = text_get(&data);

	snprintf(text, sizeof text, "%.*s", (int)length, run);
	while (before > row && before[-1] == ' ')
		before--;
	while ((at = strstr(at, text))) {
		const char *other = at;

		while (other[-1] == ' ')
			other--;
		/* The beginning of a text, or of a line that was wrapped. */
		if (other[-1] == '\n' || before - row < 3 || strncmp(before - 3, "│", 3) == 0)
			return true;
		if (strncmp(before - 3, other - 3, 3) == 0)
			return true;
		at++;
	}
	return false;
}

/* The end of the words that begin at `run` and are joined by single spaces. */
static const char *end_of_run(const char *run)
{
	const char *end = run;

	for (;;) {
		while (is_word_byte(*end) || *end == '&' || *end == ',')
			end++;
		if (*end != ' ' || !isalpha((unsigned char)end[1]))
			return end;
		end++;
	}
}

static void check_row(struct screen *screen, const char *row, const char *where)
{
	for (const char *at = row; *at;) {
		const char *end = at;

		if (!isalpha((unsigned char)*at)) {
			/* A code that begins with a digit is skipped as a whole. */
			while (is_word_byte(*at) && !isalpha((unsigned char)*at))
				at++;
			if (*at && !isalpha((unsigned char)*at))
				at++;
			continue;
		}
		while (is_word_byte(*end))
			end++;
		if (is_english(at, (size_t)(end - at)) && !is_kept(at, (size_t)(end - at))) {
			const char *run_end = end_of_run(at);

			if (!is_data(row, at, (size_t)(run_end - at))) {
				print_error("%s: “%.*s” stands on the screen:\n", where,
					(int)(run_end - at), at);
				screen_print(screen);
				fail();
			}
			end = run_end;
		}
		at = end;
	}
}

/* The frame on top: of those that overlap, the last. False if there is none. */
struct frame {
	int top, left, bottom, right;
};

static bool find_frame(struct screen *screen, struct frame *frame)
{
	bool found = false;
	int rows, cols;

	screen_size(screen, &rows, &cols);
	for (int row = 0; row < rows; row++) {
		for (int col = 0; col < cols; col++) {
			if (screen_cell_code(screen, row, col) == CORNER_UPPER_LEFT) {
				*frame = (struct frame){.top = row, .left = col};
				found = true;
			}
		}
	}
	if (!found)
		return false;
	frame->right = frame->left;
	while (frame->right < cols - 1 &&
		screen_cell_code(screen, frame->top, frame->right) != CORNER_UPPER_RIGHT)
		frame->right++;
	frame->bottom = frame->top + 1;
	while (frame->bottom < rows - 1 &&
		screen_cell_code(screen, frame->bottom, frame->left) == SIDE)
		frame->bottom++;
	return true;
}

/* What a frame covers in part was looked at before the frame was there: only what is inside is kept. */
static void keep_inside(char *row, const char *left, const char *right)
{
	char *from = strstr(row, left), *to = from;

	for (char *next = from; next; next = strstr(next + 1, right))
		to = next;
	if (!from)
		return;
	to[strlen(right)] = '\0';
	memmove(row, from, strlen(from) + 1);
}

void words_expect_chinese(struct screen *screen, const char *where)
{
	struct frame frame = {.top = -1, .bottom = -1};
	int rows, cols;

	find_frame(screen, &frame);
	screen_size(screen, &rows, &cols);
	for (int row = 0; row < rows; row++) {
		char text[COLS_MAX * 4 + 1];

		snprintf(text, sizeof text, "%s", screen_row(screen, row));
		if (row == frame.top)
			keep_inside(text, "┌", "┐");
		else if (row == frame.bottom)
			keep_inside(text, "└", "┘");
		else if (row > frame.top && row < frame.bottom)
			keep_inside(text, "│", "│");
		check_row(screen, text, where);
	}
}

/* ---- columns ---- */

/* Two columns wide on every terminal: Han, kana, Hangul, full-width forms. */
static bool is_wide(uint32_t code)
{
	return (code >= 0x2e80 && code <= 0xd7a3 && code != 0x303f) ||
		(code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) ||
		(code >= 0xff00 && code <= 0xff60);
}

static void misaligned(struct screen *screen, const char *where, int row, int col)
{
	print_error("%s: row %d, column %d is not straight:\n", where, row + 1, col + 1);
	screen_print(screen);
	fail();
}

static void check_halves(struct screen *screen, int rows, int cols, const char *where)
{
	for (int row = 0; row < rows; row++) {
		for (int col = 0; col < cols; col++) {
			uint32_t code = screen_cell_code(screen, row, col);
			uint32_t next = col + 1 < cols ? screen_cell_code(screen, row, col + 1) : 0;

			if (code != SCREEN_RIGHT_HALF &&
				is_wide(code) != (next == SCREEN_RIGHT_HALF))
				misaligned(screen, where, row, col);
		}
	}
}

static void check_frame(struct screen *screen, const char *where)
{
	struct frame frame;

	if (!find_frame(screen, &frame))
		return;
	for (int row = frame.top + 1; row < frame.bottom; row++)
		if (screen_cell_code(screen, row, frame.right) != SIDE)
			misaligned(screen, where, row, frame.right);
	if (screen_cell_code(screen, frame.bottom, frame.left) != CORNER_LOWER_LEFT)
		misaligned(screen, where, frame.bottom, frame.left);
	if (screen_cell_code(screen, frame.bottom, frame.right) != CORNER_LOWER_RIGHT)
		misaligned(screen, where, frame.bottom, frame.right);
}

void words_expect_aligned(struct screen *screen, const char *where)
{
	int rows, cols;

	screen_size(screen, &rows, &cols);
	check_halves(screen, rows, cols, where);
	check_frame(screen, where);
}
