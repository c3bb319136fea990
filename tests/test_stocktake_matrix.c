/* Every stocktake status × every stocktake command × role: allowed or refused with the right code. */
#include "model_fixture.h"

#include <stdio.h>
#include <string.h>

static const char *const statuses[] = {"new", "counting", "paused", "paused again", "recounting",
	"matched", "mismatched", "corrected", "void"};
#define STATUSES (sizeof statuses / sizeof *statuses)

static const char *act(struct fixture *f, const char *op, const char *sheet, const char *more)
{
	return fixture_do(f, op, "xinyi", "lin", "{'stocktake':'%s'%s}", sheet, more);
}

/* A sheet, and the count of A1 on it that an undo can name. */
struct brought {
	char sheet[UUID_SIZE], count[UUID_SIZE];
};

/* A zone lin holds and one that lin has counted, in the present round. */
static void claim_zones(struct fixture *f, const char *sheet)
{
	act(f, "stocktake.claim", sheet, ",'zone':'held'");
	act(f, "stocktake.claim", sheet, ",'zone':'done'");
	act(f, "stocktake.release", sheet, ",'zone':'done'");
}

/* Counted in full, but for ten pieces of A1 unless all is to match. */
static void count_all(struct fixture *f, const char *sheet, bool matches)
{
	for (int i = 2; i <= 9; i++) {
		char more[80];
		snprintf(more, sizeof more, ",'sku':'A%d','qty':100,'mode':'set'", i);
		act(f, "stocktake.count", sheet, more);
	}
	if (matches)
		act(f, "stocktake.count", sheet, ",'sku':'A1','qty':10,'mode':'add'");
	act(f, "stocktake.finish", sheet, ",'uncounted':'leave'");
}

/* Brings a new sheet into the status by commands alone. */
static struct brought bring(struct fixture *f, size_t status)
{
	struct brought it = {.count = "none"};
	snprintf(it.sheet, sizeof it.sheet, "%s",
		fixture_do(f, "stocktake.create", "xinyi", "lin", "{'scope':'full'}"));
	fixture_set_on_hand(f, "xinyi", "A1", 100000); /* an earlier sheet may have corrected it */
	if (status == 0)
		return it;
	act(f, "stocktake.start", it.sheet, "");
	claim_zones(f, it.sheet);
	snprintf(it.count, sizeof it.count, "%s",
		act(f, "stocktake.count", it.sheet, ",'sku':'A1','qty':90,'mode':'set'"));
	act(f, "stocktake.count", it.sheet, ",'sku':'4719','qty':0,'mode':'set'");
	if (status == 8)
		act(f, "stocktake.void", it.sheet, ",'reason':'wrong store'");
	if (status == 2)
		act(f, "stocktake.pause", it.sheet, "");
	if (status <= 2 || status == 8)
		return it;
	count_all(f, it.sheet, status == 5);
	if (status == 7)
		act(f, "stocktake.correct", it.sheet, "");
	if (status == 3 || status == 4) {
		act(f, "stocktake.recount", it.sheet, "");
		claim_zones(f, it.sheet);
	}
	if (status == 3)
		act(f, "stocktake.pause", it.sheet, "");
	return it;
}

/* What a letter below stands for. */
static const char *code_of(char letter)
{
	switch (letter) {
	case '.':
		return "";
	case 's':
		return "wrong_status";
	case 'd':
		return "not_on_document";
	case 'n':
		return "nothing_to_do";
	case 'u':
		return "unknown_document";
	case 'c':
		return "changed_since";
	case 'z':
		return "zone_done";
	case 'p':
		return "unknown_sku";
	default:
		return "?";
	}
}

/* One letter a status, in their order. @ is a count of the sheet. by_clerk: what a clerk is told where
 * lin, the manager who holds the zone, is not refused. */
static const struct {
	const char *op, *more, *right, *expected, *by_clerk;
} rows[] = {
	{"stocktake.start", "", "clerk", ".ssssssss", ""},
	{"stocktake.pause", "", "clerk", "s.ss.ssss", ""},
	{"stocktake.resume", "", "clerk", "ss..sssss", ""},
	{"stocktake.finish", ",'uncounted':'leave'", "clerk", "s.ss.ssss", ""},
	{"stocktake.finish", ",'uncounted':'zero'", "clerk", "s.ss.ssss", ""},
	{"stocktake.recount", "", "clerk", "ssssss.ss", ""},
	{"stocktake.recount", ",'skus':['A1','A2']", "clerk", "ssssss.ss", ""},
	{"stocktake.recount", ",'skus':['A2']", "clerk", "ssssssdss", ""},
	{"stocktake.correct", "", "manager", "ssssss.ss", ""},
	{"stocktake.correct", ",'later':['A1']", "manager", "ssssss.ss", ""},
	{"stocktake.correct", ",'later':['B1']", "manager", "ssssssdss", ""},
	{"stocktake.correct", ",'gain':0,'loss':10", "manager", "ssssss.ss", ""},
	{"stocktake.correct", ",'gain':0,'loss':9", "manager", "sssssscss", ""},
	{"stocktake.reverse", "", "manager", "sssssss.s", ""},
	{"stocktake.void", ",'reason':'no'", "manager", ".....s.ss", ""},
	{"stocktake.claim", ",'zone':'free'", "clerk", "s.ss.ssss", ""},
	{"stocktake.claim", ",'zone':'held'", "clerk", "s.ss.ssss", "zone_taken"},
	{"stocktake.claim", ",'zone':'held','take':true", "clerk", "s.ss.ssss", "no_right"},
	{"stocktake.claim", ",'zone':'done'", "clerk", "szsszssss", ""},
	{"stocktake.claim", ",'zone':'done','again':true", "clerk", "s.ss.ssss", ""},
	{"stocktake.release", ",'zone':'held'", "clerk", "s....ssss", "zone_taken"},
	{"stocktake.release", ",'zone':'held','total':1", "clerk", "s....ssss", "zone_taken"},
	{"stocktake.release", ",'zone':'free'", "clerk", "snnnnssss", ""},
	{"stocktake.release", ",'zone':'done'", "clerk", "snnnnssss", ""},
	{"stocktake.rezone", ",'counts':['@'],'zone':'B'", "clerk", "s....ssss", ""},
	{"stocktake.rezone", ",'counts':['nope'],'zone':'B'", "clerk", "suuuussss", ""},
	{"stocktake.resolve", ",'code':'4719','sku':'A9'", "clerk", "s....s.ss", ""},
	{"stocktake.resolve", ",'code':'4720','sku':'A9'", "clerk", "sddddsdss", ""},
	{"stocktake.resolve", ",'code':'4719','sku':'Q9'", "clerk", "sppppspss", ""},
	/* Counts and undos are facts: HQ takes them in every status. */
	{"stocktake.count", ",'sku':'A1','qty':1,'mode':'add'", "clerk", ".........", ""},
	{"stocktake.count", ",'sku':'A1','qty':1,'mode':'set','zone':'held','pass':2", "clerk",
		".........", ""},
	{"stocktake.undo", ",'count':'@'", "clerk", "u........", ""},
};
#define ROWS (sizeof rows / sizeof *rows)

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
#define PEOPLE (sizeof people / sizeof *people)

/* The row's fields, with the count put where @ stands. */
static void fill(char *out, size_t size, const char *more, const char *count)
{
	size_t before = strcspn(more, "@");
	snprintf(out, size, "%.*s%s%s", (int)before, more, more[before] ? count : "",
		more[before] ? more + before + 1 : "");
}

static const char *expected_of(size_t row, size_t person, size_t status)
{
	const char *refused = strcmp(rows[row].right, "clerk") == 0
		? people[person].refused_clerk
		: people[person].refused_manager;
	const char *code = code_of(rows[row].expected[status]);
	if (*refused)
		return refused;
	return *code || strcmp(people[person].actor, "lin") == 0 ? code : rows[row].by_clerk;
}

/* Every command by everybody, on a new sheet after each one that was applied: what is refused changes
 * nothing. */
static void try_all(struct fixture *f, size_t status)
{
	struct brought it = bring(f, status);
	for (size_t cell = 0; cell < ROWS * PEOPLE; cell++) {
		size_t r = cell / PEOPLE, p = cell % PEOPLE;
		const char *expected = expected_of(r, p, status);
		char more[160];
		fill(more, sizeof more, rows[r].more, it.count);
		const char *code = fixture_try(f, rows[r].op, people[p].store, people[p].actor,
			"{'stocktake':'%s'%s}", it.sheet, more);
		if (strcmp(code, expected) != 0)
			fail_msg("%s%s by %s at %s on a sheet %s: '%s', expected '%s'", rows[r].op,
				more, people[p].actor, people[p].store, statuses[status], code,
				expected);
		if (*code == '\0')
			it = bring(f, status);
	}
}

static void every_status_and_command_and_role(void **state)
{
	/* Each cell of the matrix is applied, or refused with its code. */
	(void)state;
	for (size_t status = 0; status < STATUSES; status++) {
		struct fixture f;
		fixture_open(&f);
		try_all(&f, status);
		fixture_close(&f);
	}
}

#define OP(name, kind, right, handler) name,
#define FIELD(name, type, need, of)
#define ITEM(name, type, need, of)
static const char *const ops[] = {
#include "model/command.def"
};
#undef OP
#undef FIELD
#undef ITEM

static bool has_row(const char *op)
{
	for (size_t r = 0; r < ROWS; r++) {
		if (strcmp(rows[r].op, op) == 0)
			return true;
	}
	return false;
}

static void every_command_is_in_the_matrix(void **state)
{
	/* A command on a sheet that is added to the list of commands needs its row. */
	(void)state;
	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
		if (strncmp(ops[i], "stocktake.", 10) == 0 &&
			strcmp(ops[i], "stocktake.create") != 0 && !has_row(ops[i]))
			fail_msg("%s has no row", ops[i]);
	}
}

static void an_unknown_sheet(void **state)
{
	/* Every command that names a sheet nobody knows says so. */
	struct fixture f;
	(void)state;
	fixture_open(&f);
	for (size_t r = 0; r < ROWS; r++)
		assert_string_equal(fixture_try(&f, rows[r].op, "xinyi", "lin",
					    "{'stocktake':'nope'%s}", rows[r].more),
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
		cmocka_unit_test(every_command_is_in_the_matrix),
		cmocka_unit_test(an_unknown_sheet),
		cmocka_unit_test(create_checks_its_scope),
	};
	return cmocka_run_group_tests_name("stocktake matrix", tests, NULL, NULL);
}
