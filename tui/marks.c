#include "tui/marks.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 16

void marks_clear(struct marks *marks)
{
	for (size_t i = 0; i < marks->count; i++)
		free(marks->names[i]);
	marks->count = 0;
}

void marks_free(struct marks *marks)
{
	marks_clear(marks);
	free(marks->names);
	*marks = (struct marks){0};
}

/* The first name that is not before this one. */
static size_t find(const struct marks *marks, const char *name)
{
	size_t low = 0, high = marks->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(marks->names[middle], name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct marks *marks, size_t index, const char *name)
{
	return index < marks->count && strcmp(marks->names[index], name) == 0;
}

bool marks_has(const struct marks *marks, const char *name)
{
	return is_at(marks, find(marks, name), name);
}

static bool grow(struct marks *marks)
{
	size_t capacity = marks->capacity ? marks->capacity * 2 : FIRST_CAPACITY;
	char **names;

	if (marks->count >= MARKS_MAX)
		return false;
	if (marks->count < marks->capacity)
		return true;
	names = realloc(marks->names, capacity * sizeof(*names));
	if (!names)
		return false;
	marks->names = names;
	marks->capacity = capacity;
	return true;
}

bool marks_add(struct marks *marks, const char *name)
{
	size_t index = find(marks, name);
	char *copy;

	if (is_at(marks, index, name))
		return true;
	if (!grow(marks))
		return false;
	copy = strdup(name);
	if (!copy)
		return false;
	memmove(&marks->names[index + 1], &marks->names[index],
		(marks->count - index) * sizeof(*marks->names));
	marks->names[index] = copy;
	marks->count++;
	return true;
}

void marks_remove(struct marks *marks, const char *name)
{
	size_t index = find(marks, name);

	if (!is_at(marks, index, name))
		return;
	free(marks->names[index]);
	marks->count--;
	memmove(&marks->names[index], &marks->names[index + 1],
		(marks->count - index) * sizeof(*marks->names));
}

bool marks_turn(struct marks *marks, const char *name)
{
	if (!marks_has(marks, name))
		return marks_add(marks, name);
	marks_remove(marks, name);
	return true;
}

const char *marks_at(const struct marks *marks, size_t index)
{
	return index < marks->count ? marks->names[index] : NULL;
}
