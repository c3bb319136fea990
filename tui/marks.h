/*
 * Rows of a list that a person marked, by their names, to do something with all of them: the SKUs of a
 * sheet, the entries of its tape. They stay marked whatever the list shows meanwhile.
 */
#ifndef COUNTERTOP_TUI_MARKS_H
#define COUNTERTOP_TUI_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#define MARKS_MAX 1000 /* as many as a command's list of texts may hold */
#define MARKS_SIGN "x" /* for a column one wide, drawn with ROLE_MARK */

/* All zero is none. */
struct marks {
	size_t count;
	/* Private. */
	char **names; /* sorted */
	size_t capacity;
};

void marks_free(struct marks *marks);
void marks_clear(struct marks *marks);
bool marks_has(const struct marks *marks, const char *name);
/* False if it cannot be marked: there are MARKS_MAX, or memory is out. */
bool marks_add(struct marks *marks, const char *name);
void marks_remove(struct marks *marks, const char *name);
/* Marks it, or takes its mark away; as marks_add. */
bool marks_turn(struct marks *marks, const char *name);
/* In the order of their bytes; NULL beyond the last. */
const char *marks_at(const struct marks *marks, size_t index);

#endif
