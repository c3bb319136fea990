#include "net/ndjson.h"

#include <string.h>

bool ndjson_next(struct ndjson *lines, struct span *line)
{
	while (lines->left > 0) {
		const char *end = memchr(lines->at, '\n', lines->left);
		size_t length = end ? (size_t)(end - lines->at) : lines->left;
		size_t step = end ? length + 1 : length;

		*line = (struct span){lines->at, length};
		lines->at += step;
		lines->left -= step;
		if (line->length > 0 && line->bytes[line->length - 1] == '\r')
			line->length--;
		if (line->length > 0)
			return true;
	}
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_spaces(struct span line, size_t at)
{
	while (at < line.length && is_space(line.bytes[at]))
		at++;
	return at;
}

/* From an opening quote to just behind the closing one. */
static size_t skip_string(struct span line, size_t at)
{
	for (at++; at < line.length && line.bytes[at] != '"'; at++)
		if (line.bytes[at] == '\\')
			at++;
	return at < line.length ? at + 1 : line.length;
}

static size_t skip_value(struct span line, size_t at)
{
	int depth = 0;

	while (at < line.length) {
		char c = line.bytes[at];

		if (depth == 0 && (c == ',' || c == '}' || is_space(c)))
			return at;
		if (c == '"') {
			at = skip_string(line, at);
			continue;
		}
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		at++;
	}
	return at;
}

bool ndjson_member(struct span line, const char *name, struct span *value)
{
	size_t at = skip_spaces(line, 0);
	size_t wanted = strlen(name);

	if (at >= line.length || line.bytes[at] != '{')
		return false;
	at = skip_spaces(line, at + 1);
	while (at < line.length && line.bytes[at] == '"') {
		size_t name_at = at + 1;
		size_t name_end = skip_string(line, at);
		size_t from = skip_spaces(line, skip_spaces(line, name_end) + 1);
		size_t to = skip_value(line, from);

		if (name_end - 1 - name_at == wanted &&
			memcmp(line.bytes + name_at, name, wanted) == 0) {
			*value = (struct span){line.bytes + from, to - from};
			return true;
		}
		at = skip_spaces(line, skip_spaces(line, to) + 1);
	}
	return false;
}
