/* Every stocktake status × every stocktake command × role: allowed or refused with the right code. */
#include "model_fixture.h"

#include <stdio.h>
#include <string.h>

static const char *const statuses[] = {"new", "counting", "paused", "paused again", "recounting",
	"matched", "mismatched", "corrected", "void"};
#define STATUSES (sizeof statuses / sizeof *statuses)

static void act(struct fixture *f, const char *op, const char *sheet, const char *more)
{
	fixture_do(f, op, "xinyi", "lin", "{'stocktake':'%s'%s}", sheet, more);
}

/* Brings a new sheet into the status by commands alone. */
static const char *bring(struct fixture *f, size_t status)
{
	const char *sheet = fixture_do(f, "stocktake.create", "xinyi", "lin", "{'scope':'full'}");
	fixture_set_on_hand(f, "xinyi", "A1", 100000); /* an earlier sheet may have corrected it */
	if (status == 0)
		return sheet;
	act(f, "stocktake.start", sheet, "");
	if (status == 8)
		act(f, "stocktake.void", sheet, ",'reason':'wrong store'");
	if (status == 2)
		act(f, "stocktake.pause", sheet, "");
	if (status <= 2 || status == 8)
		return sheet;
	for (int i = 1; i <= 9; i++) {
		char more[80];
		snprintf(more, sizeof more, ",'sku':'A%d','qty':%d,'mode':'set'", i,
			i == 1 && status != 5 ? 90 : 100);
		act(f, "stocktake.count", sheet, more);
	}
	act(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
	if (status == 7)
		act(f, "stocktake.correct", sheet, "");
	if (status == 3 || status == 4)
		act(f, "stocktake.recount", sheet, "");
	if (status == 3)
		act(f, "stocktake.pause", sheet, "");
	return sheet;
}

/* One letter a status, in their order: . applied, s wrong_status. */
static const struct {
	const char *op, *more, *right, *expected;
} rows[] = {
	{"stocktake.start", "", "clerk", ".ssssssss"},
	{"stocktake.pause", "", "clerk", "s.ss.ssss"},
	{"stocktake.resume", "", "clerk", "ss..sssss"},
	{"stocktake.finish", ",'uncounted':'leave'", "clerk", "s.ss.ssss"},
	{"stocktake.finish", ",'uncounted':'zero'", "clerk", "s.ss.ssss"},
	{"stocktake.recount", "", "clerk", "ssssss.ss"},
	{"stocktake.correct", "", "manager", "ssssss.ss"},
	{"stocktake.void", ",'reason':'no'", "manager", ".....s.ss"},
	/* A count is a fact: HQ takes it in every status. */
	{"stocktake.count", ",'sku':'A1','qty':1,'mode':'add'", "clerk", "........."},
};

static const struct {
	const char *actor, *store, *refused_clerk, *refused_manager;
} people[] = {
	{"lin", "xinyi", "", ""},
	{"chen", "xinyi", "", "no_right"},
	{"kiosk", "xinyi", "no_right", "no_right"},
	{"huang", "xinyi", "unknown_staff", "unknown_staff"},
	{"huang", "ximen", "wrong_store", "wrong_store"},
	{"nobody", "xinyi", "unknown_staff", "unknown_staff"},
};

static void every_status_and_command_and_role(void **state)
{
	/* Each cell of the matrix, on a sheet of its own. */
	(void)state;
	for (size_t s = 0; s < STATUSES; s++) {
		struct fixture f;
		fixture_open(&f);
		for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
			for (size_t p = 0; p < sizeof people / sizeof *people; p++) {
				const char *sheet = bring(&f, s);
				const char *refused = strcmp(rows[r].right, "clerk") == 0
					? people[p].refused_clerk
					: people[p].refused_manager;
				const char *expected = *refused      ? refused
					: rows[r].expected[s] == '.' ? ""
								     : "wrong_status";
				const char *code = fixture_try(&f, rows[r].op, people[p].store,
					people[p].actor, "{'stocktake':'%s'%s}", sheet,
					rows[r].more);
				if (strcmp(code, expected) != 0)
					fail_msg(
						"%s by %s at %s on a sheet %s: '%s', expected '%s'",
						rows[r].op, people[p].actor, people[p].store,
						statuses[s], code, expected);
			}
		}
		fixture_close(&f);
	}
}

static void an_unknown_sheet(void **state)
{
	/* Every command that names a sheet nobody knows says so. */
	struct fixture f;
	(void)state;
	fixture_open(&f);
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
		assert_string_equal(fixture_try(&f, rows[r].op, "xinyi", "lin",
					    "{'stocktake':'nope'%s}", rows[r].more),
			"unknown_document");
	assert_string_equal(fixture_try(&f, "stocktake.undo", "xinyi", "lin",
				    "{'stocktake':'nope','count':'x'}"),
		"unknown_document");
	fixture_close(&f);
}

static void create_checks_its_scope(void **state)
{
	/* A partial sheet needs categories or vendors, a full one takes none; a ticket clerk makes none. */
	struct fixture f;
	(void)state;
	fixture_open(&f);
	assert_string_equal(
		fixture_try(&f, "stocktake.create", "xinyi", "chen", "{'scope':'partial'}"),
		"bad_data");
	assert_string_equal(fixture_try(&f, "stocktake.create", "xinyi", "chen",
				    "{'scope':'full','vendors':['V']}"),
		"bad_data");
	assert_string_equal(
		fixture_try(&f, "stocktake.create", "xinyi", "chen", "{'scope':'half'}"),
		"bad_data");
	assert_string_equal(
		fixture_try(&f, "stocktake.create", "xinyi", "kiosk", "{'scope':'full'}"),
		"no_right");
	assert_string_equal(fixture_try(&f, "stocktake.create", "xinyi", "chen",
				    "{'scope':'partial','vendors':['V']}"),
		"");
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_and_command_and_role),
		cmocka_unit_test(an_unknown_sheet),
		cmocka_unit_test(create_checks_its_scope),
	};
	return cmocka_run_group_tests_name("stocktake matrix", tests, NULL, NULL);
}
