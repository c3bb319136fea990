/* doc/hq-api.yaml describes every route, parameter, operation and field that HQ serves, and no more. */
#include "hq/handle.h"
#include "model/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DOCUMENT_MAX ((size_t)512 * 1024)

static char *document;

static int read_document(void **state)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];

	(void)state;
	snprintf(path, sizeof(path), "%s/doc/hq-api.yaml", srcdir ? srcdir : ".");
	FILE *file = fopen(path, "r");

	if (!file)
		fail_msg("cannot read %s", path);
	document = calloc(1, DOCUMENT_MAX);
	assert_non_null(document);
	assert_in_range(fread(document, 1, DOCUMENT_MAX - 1, file), 1, DOCUMENT_MAX - 2);
	fclose(file);
	return 0;
}

static int free_document(void **state)
{
	(void)state;
	free(document);
	return 0;
}

/* The lines behind `heading`, which stands alone on its line, that are indented deeper; the caller
 * frees them. NULL if there is no such heading. */
static char *block(const char *heading)
{
	char line[200];

	snprintf(line, sizeof(line), "\n%s:\n", heading);
	const char *from = strstr(document, line), *to;
	size_t depth = strspn(heading, " ");

	if (!from)
		return NULL;
	from += strlen(line);
	for (to = from; *to && strspn(to, " ") > depth; to += strcspn(to, "\n") + 1)
		;
	return strndup(from, (size_t)(to - from));
}

static void path_of(const struct route *route, char *path, size_t size)
{
	size_t length = strcspn(route->path, "*");

	snprintf(path, size, "  %.*s%s", (int)length, route->path,
		route->path[length] ? "{id}" : "");
}

/* before and behind: what stands round the parameter's name. */
static void check_param(const char *path, const char *text, const char *before, const char *name,
	const char *behind)
{
	char wanted[256];

	snprintf(wanted, sizeof(wanted), "%s%s%s", before, name, behind);
	if (!strstr(text, wanted))
		fail_msg("%s: the parameter %s is missing", path, name);
}

static void check_params(const struct route *route, const char *path, const char *text)
{
	char words[100];

	snprintf(words, sizeof(words), "%s", route->params);
	for (char *word = words, *next; *word; word = next) {
		next = word + strcspn(word, " ");
		if (*next)
			*next++ = '\0';
		check_param(path, text, "name: ", word, ",");
	}
	const struct view *view = route->flags & ROUTE_FILTERS
		? view_find(route->path + strlen("/v1/"))
		: NULL;

	for (int i = 0; view && i < view->filter_count; i++)
		check_param(path, text, "parameters/filter-", view->filters[i].name, "'");
}

/* Every route stands there with its method and parameters, and no path that is not served. */
static void test_routes(void **state)
{
	int count, described = 0;
	const struct route *routes = route_all(&count);

	(void)state;
	for (int i = 0; i < count; i++) {
		char path[100];

		path_of(&routes[i], path, sizeof(path));
		char *text = block(path);

		if (!text)
			fail_msg("%s is missing", path);
		assert_non_null(strstr(
			text, strcmp(routes[i].method, "GET") == 0 ? "    get:\n" : "    post:\n"));
		check_params(&routes[i], path, text);
		free(text);
	}
	for (const char *at = document; (at = strstr(at, "\n  /")); at++)
		described++;
	assert_int_equal(described, count);
}

/* The data of every operation is described, field by field. */
static void test_operations(void **state)
{
	int count;
	const struct op *ops = op_all(&count);

	(void)state;
	for (int i = 0; i < count; i++) {
		char heading[100], line[120];

		snprintf(line, sizeof(line), "            - %s\n", ops[i].name);
		snprintf(heading, sizeof(heading), "    %s", ops[i].name);
		char *text = block(heading);

		if (!text || !strstr(document, line))
			fail_msg("%s is missing", ops[i].name);
		for (int j = 0; j < ops[i].field_count; j++) {
			snprintf(line, sizeof(line), " %s:", ops[i].fields[j].name);
			if (!strstr(text, line))
				fail_msg("%s: the field %s is missing", ops[i].name,
					ops[i].fields[j].name);
		}
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes), cmocka_unit_test(test_operations)};

	return cmocka_run_group_tests(tests, read_document, free_document);
}
