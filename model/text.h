/* A growing string that cannot pass its maximum. Once it would, or memory is short, it is `broken`:
 * further appends do nothing and text_ok() says so. */
#ifndef COUNTERTOP_MODEL_TEXT_H
#define COUNTERTOP_MODEL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *bytes; /* NUL-terminated once anything was appended; NULL before */
	size_t length;
	size_t size;
	size_t max;
	bool broken;
};

#define TEXT_INIT(maximum) ((struct text){NULL, 0, 0, (maximum), false})
#define TEXT_SMALL ((size_t)64 * 1024)
#define TEXT_LARGE ((size_t)64 * 1024 * 1024)

void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_json(struct text *text, const char *string); /* quoted; NULL gives null */
void text_add_qty(struct text *text, int64_t qty_milli);   /* 12, 0.5, -1.250 gives -1.25 */
void text_clear(struct text *text);                        /* keeps the memory */
void text_free(struct text *text);
bool text_ok(const struct text *text);
const char *text_get(const struct text *text); /* never NULL */
/* Gives the string away; the caller frees it. NULL if broken. */
char *text_take(struct text *text);

/* A copy, or exit: for the few bytes no one can go on without. */
char *text_copy(const char *string);

#endif
