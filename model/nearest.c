#include "model/nearest.h"

#include <string.h>

#define NAME_MAX_BYTES 63

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Insertions, deletions and exchanges between two names; of longer ones the first 63 bytes. */
static size_t distance_of(const char *one, const char *other)
{
	size_t rows = strnlen(one, NAME_MAX_BYTES), columns = strnlen(other, NAME_MAX_BYTES);
	size_t line[NAME_MAX_BYTES + 1];

	for (size_t j = 0; j <= columns; j++)
		line[j] = j;
	for (size_t i = 1; i <= rows; i++) {
		size_t corner = line[0];

		line[0] = i;
		for (size_t j = 1; j <= columns; j++) {
			size_t above = line[j];

			line[j] = least(
				line[j - 1] + 1, above + 1, corner + (one[i - 1] != other[j - 1]));
			corner = above;
		}
	}
	return line[columns];
}

void nearest_offer(struct nearest *nearest, const char *name)
{
	size_t distance = distance_of(nearest->wanted, name);
	size_t allowed = (strlen(name) + 2) / 3;

	if (distance <= allowed && (!nearest->name || distance < nearest->distance)) {
		nearest->name = name;
		nearest->distance = distance;
	}
}
