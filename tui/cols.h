/*
 * Text for the screen: cleaned, measured and cut by columns. Knows no terminal.
 *
 * Whatever comes in (product names, scans, answers of HQ) is hostile: control characters, bidi
 * overrides, zero-width and filler characters and tags never come out, and bytes that are not
 * UTF-8 come out as U+FFFD, one column wide. Width is glibc's wcwidth, because ncursesw asks it too;
 * it needs a UTF-8 LC_CTYPE (i18n_start sets one).
 */
#ifndef COUNTERTOP_TUI_COLS_H
#define COUNTERTOP_TUI_COLS_H

#include <stddef.h>
#include <stdint.h>

/* Enough for one line of the widest terminal that is drawn, marks included. */
#define COLS_LINE_BYTES 2048

/*
 * Decodes the character at `utf8`. Returns the bytes used, at least 1 unless at the terminating
 * NUL (0). A byte that starts no valid character gives U+FFFD and uses one byte.
 */
size_t cols_decode(const char *utf8, uint32_t *code_point);

/* Encodes into `out` (5 bytes with the NUL). Returns the bytes written without the NUL. */
size_t cols_encode(uint32_t code_point, char out[5]);

/*
 * Columns of a code point on the screen: 0, 1 or 2; -1 if it must not be drawn at all. What is 0
 * are the combining marks that may follow a letter.
 */
int cols_char_width(uint32_t code_point);

/*
 * Copies `utf8` without what must not be drawn. Newlines and tabs become one space. Cuts at a whole
 * character if `size` bytes are not enough. Returns the columns of `out`.
 */
int cols_clean(char *out, size_t size, const char *utf8);

/* Columns `utf8` takes once cleaned. */
int cols_width(const char *utf8);

/*
 * As cols_clean, and cut to at most `width_cols` columns; a text that is cut ends in an ellipsis.
 * Never pads. Returns the columns of `out`, which may be one less than asked where a double-width
 * character did not fit.
 */
int cols_fit(char *out, size_t size, int width_cols, const char *utf8);

/* As cols_fit, then padded with spaces to exactly `width_cols`. */
void cols_pad(char *out, size_t size, int width_cols, const char *utf8);

/*
 * One line of a paragraph: returns how many bytes of `utf8` belong to the first line of at most
 * `width_cols` columns, the blank or newline it breaks at included; 0 at the end of the text.
 * Breaks at blanks, after CJK characters, at '\n', and inside a word only if it must.
 * `line_bytes` gets the bytes to draw.
 */
size_t cols_wrap(const char *utf8, int width_cols, size_t *line_bytes);

/* How many lines cols_wrap makes. */
int cols_wrap_count(const char *utf8, int width_cols);

/* Full-width digits and letters become ASCII; anything else is returned as it is. */
uint32_t cols_fold_width(uint32_t code_point);

#endif
