/* A grid: rows of cells in a file as people keep them, CSV or XLSX, read row by row.
 *
 * Such a file is hostile input: it may be a bomb of zeros, a forest of elements or half a megabyte of
 * commas. What passes the limits below ends the reading with a sentence that names the row. A row that
 * has no text where text should be, or a formula, whose value depends on who computed it last, is handed
 * out as faulty: the rows around it are none the worse.
 *
 * CSV is UTF-8 with or without a mark, or Big5 (CP950); cells are separated by whichever of comma,
 * semicolon and tab the first line has most of, quoted as RFC 4180 says. Of an XLSX the first sheet is
 * read; date cells become 2026-01-31, numbers are written without an exponent. */
#ifndef COUNTERTOP_MODEL_GRID_H
#define COUNTERTOP_MODEL_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRID_FILE_MAX ((size_t)64 * 1024 * 1024)      /* bytes on the disk */
#define GRID_INFLATED_MAX ((size_t)128 * 1024 * 1024) /* bytes, all parts of an XLSX together */
#define GRID_DEPTH_MAX 64                             /* of elements in an XLSX */
#define GRID_ROWS_MAX 200000
#define GRID_COLUMNS_MAX 64
#define GRID_CELL_MAX 4096 /* bytes */

enum grid_fault {
	GRID_SOUND,
	GRID_NO_TEXT, /* neither UTF-8 nor Big5 */
	GRID_NUL,
	GRID_FORMULA
};

struct grid_row {
	int64_t number; /* as a spreadsheet shows it, from 1; of CSV the line it begins in */
	int count;      /* of cells, 1 or more */
	const char *const
		*cells;        /* UTF-8 without spaces around; "" where empty; live for the call */
	int percent;           /* of the file that was read */
	enum grid_fault fault; /* then the cells are what could be read of it */
};

/* Reading in pieces, for who has something else to do meanwhile: a piece is some 64 KiB of the file.
 * Hands every row that is not empty to take until that returns false. */
struct grid_reading;
/* NULL, with a sentence in error, if the file cannot be opened. error is written to until grid_close. */
struct grid_reading *grid_open(const char *path,
	bool (*take)(void *ctx, const struct grid_row *row), void *ctx, char *error, size_t size);
/* Reads a piece. False at the end, at trouble, and where take has had enough. */
bool grid_step(struct grid_reading *reading);
/* False, with a sentence in error, if there was trouble: the file cannot be read or passes a limit; rows
 * before the bad one were handed out. */
bool grid_close(struct grid_reading *reading);

#endif
