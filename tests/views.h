/* Lists of view.def in tests of the model. Any failure here fails the test. */
#ifndef COUNTERTOP_TESTS_VIEWS_H
#define COUNTERTOP_TESTS_VIEWS_H

#include "model/view.h"
#include "tests/model_fixture.h"

struct view_query views_query(const char *view);
/* The rows as HQ gives them, all of them or a page; the caller deletes them, and frees *next. */
cJSON *views_list(struct fixture *fx, const struct view_query *query);
cJSON *views_page(struct fixture *fx, const struct view_query *query, char **next);
/* One document by its id or number; the caller deletes it. */
cJSON *views_one(struct fixture *fx, const char *view, const char *name);
/* Expects the members of the rows, in their order and separated by spaces, and as many by view_count. */
void views_expect(struct fixture *fx, const struct view_query *query, const char *member,
	const char *expected);
/* The same of the rows under one filter. */
void views_expect_where(struct fixture *fx, const char *view, const struct view_arg *filter,
	const char *member, const char *expected);
#define EXPECT_WHERE(fx, view, name, value, member, expected) \
	views_expect_where(fx, view, &(struct view_arg){name, value}, member, expected)

double views_number(const cJSON *object, const char *name);
/* The item whose member has this value. */
const cJSON *views_item(const cJSON *items, const char *member, const char *value);

#endif
