#include "tests/model_fixture.h"

#include "model/catalogue.h"
#include "model/staff.h"
#include "model/table.h"
#include "model/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* ---- looking up ---- */

static void expect_resolved(struct fixture *fx, const char *scanned, const char *expected)
{
	char sku[COMMAND_ID_MAX + 1] = "";
	bool found = catalogue_resolve(fx->db, scanned, sku, sizeof(sku));
	if (strcmp(found ? sku : "", expected) != 0)
		fail_msg("%s: expected %s, found %s", scanned, expected, found ? sku : "nothing");
}

static void barcodes_resolve(void **state)
{
	/* Any form of a GTIN, any other barcode, and the SKU whatever its case or width find the product. */
	struct fixture *fx = *state;
	fixture_do(fx, "product.put", NULL, "ho",
		"{'sku':'33-BikeFun','name':'Shirt','barcodes':['4006381333931','shelf 7','96385074']}");
	static const char *const found[] = {"4006381333931", "04006381333931", "shelf 7",
		" shelf 7 ", "96385074", "33-BikeFun", "33-bikefun", " 33-BIKEFUN",
		"３３－ＢｉｋｅＦｕｎ"};
	for (int i = 0; i < COUNT_OF(found); i++)
		expect_resolved(fx, found[i], "33-BikeFun");
	expect_resolved(fx, "4006381333932", "");
	expect_resolved(fx, "33-Bike", "");
	expect_resolved(fx, "", "");
	expect_resolved(fx, "\xff\xfe", "");
}

static void resolve_does_not_overrun(void **state)
{
	/* A SKU longer than the caller's room is not found rather than cut. */
	struct fixture *fx = *state;
	char sku[2] = "";
	assert_false(catalogue_resolve(fx->db, "A1", sku, sizeof(sku)));
	assert_string_equal(sku, "");
}

static void index_follows_the_row(void **state)
{
	/* A barcode or name taken from a product no longer finds it, nor anything of a product deleted. */
	struct fixture *fx = *state;
	fixture_do(fx, "product.put", NULL, "ho",
		"{'sku':'A1','name':'Old name','barcodes':['shelf 7']}");
	fixture_do(fx, "product.put", NULL, "ho",
		"{'sku':'A1','name':'New name','barcodes':['shelf 8']}");
	expect_resolved(fx, "shelf 7", "");
	expect_resolved(fx, "shelf 8", "A1");
	fixture_sql(fx, "DELETE FROM product WHERE sku = 'A1'");
	assert_true(catalogue_index(fx->db, "A1"));
	expect_resolved(fx, "shelf 8", "");
	expect_resolved(fx, "A1", "");
	assert_int_equal(fixture_int(fx, "SELECT COUNT(*) FROM search_text WHERE sku = 'A1'"), 0);
	fixture_sql(fx,
		"INSERT INTO product_search (product_search, rank) VALUES"
		" ('integrity-check', 1)");
}

/* ---- searching ---- */

/* The SKUs the words find, joined by spaces. */
static void found_by(
	struct fixture *fx, const char *view, const char *words, char *out, size_t size)
{
	struct view_query query = {.view = view_find(view)};
	char error[128] = "";
	view_where(&query, "q", words);
	struct db_rows *rows = view_select(fx->db, &query, error, sizeof(error));
	out[0] = '\0';
	if (!rows)
		fail_msg("%s", error);
	while (db_next(rows)) {
		size_t used = strlen(out);
		snprintf(out + used, size - used, "%s%s", used ? " " : "", db_text(rows, 0));
	}
	db_done(rows);
	if (db_failed(fx->db) != DB_OK)
		fail_msg("%s: %s", words, db_message(fx->db));
}

static const struct {
	const char *words, *skus;
} searches[] = {
	{"車", "P1 P2"},
	{"單車", "P1"},
	{"腳踏車", "P2"},
	{"公園單車", "P1"},
	{"園 車", "P1"},
	{"園　車", "P1"}, /* the full-width space */
	{"車單", ""},     /* not in this order */
	{"park", "P1"},
	{"PAR", "P1"},
	{"ｐａｒｋ", "P1"},
	{"bike pa", "P1"},
	{"33-bi", "33-BikeFun"},
	{"bikefun", "33-BikeFun"},
	{"cafe", "33-BikeFun"},
	{"CAFÉ", "33-BikeFun"},
	{"luma 腳", "P2"},
	{"471000", "P2"},
	{"OR AND NOT", ""},
	{"bike\" OR \"a", ""},
	{"nam*", ""},
	{"名", ""},
};

static void typed_words_find(void **state)
{
	/* Words are found by prefix, Chinese by any run of its characters, whatever case, width or marks. */
	struct fixture *fx = *state;
	fixture_do(fx, "product.put", NULL, "ho", "{'sku':'P1','name':'公園單車 Park bike'}");
	fixture_do(fx, "product.put", NULL, "ho",
		"{'sku':'P2','name':'腳踏車A1型','vendor':'Luma','barcodes':['4710000000001']}");
	fixture_do(fx, "product.put", NULL, "ho", "{'sku':'33-BikeFun','name':'Café shirt'}");
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < COUNT_OF(searches); i++) {
			char found[256];
			found_by(fx, "products", searches[i].words, found, sizeof(found));
			if (strcmp(found, searches[i].skus) != 0)
				fail_msg("%s: expected %s, found %s", searches[i].words,
					searches[i].skus, found);
		}
		/* The second pass reads an index built anew. */
		assert_true(catalogue_index_all(fx->db));
	}
	char hits[256];
	found_by(fx, "product_hits", "車", hits, sizeof(hits));
	assert_string_equal(hits, "P1 P2");
}

static void nothing_to_search(void **state)
{
	/* Text without a letter or digit, and text that is no UTF-8, is no query. */
	static const char *const empty[] = {"", "  ", "\"", "*", "。", "\xff", "(-)"};
	(void)state;
	for (int i = 0; i < COUNT_OF(empty); i++) {
		struct text match = TEXT_INIT(TEXT_SMALL);
		assert_false(catalogue_match(empty[i], &match));
		text_free(&match);
	}
}

static void folding(void **state)
{
	/* Folded text is lower case, narrow, without marks, with a space round every Han character. */
	static const char *const cases[][2] = {
		{"Ünïcode", "unicode"},
		{"Ｎｏ．５", "no 5"},
		{"信義A1店", "信 義 a1 店"},
		{"a-b  c", "a b c"},
		{"か゛", "か"},
	};
	(void)state;
	for (int i = 0; i < COUNT_OF(cases); i++) {
		struct text folded = TEXT_INIT(TEXT_SMALL);
		assert_true(catalogue_fold(cases[i][0], &folded));
		assert_string_equal(text_get(&folded), cases[i][1]);
		text_free(&folded);
	}
}

/* ---- the commands ---- */

static void product_keeps_what_is_left_out(void **state)
{
	/* A product put again keeps what the command leaves out. */
	struct fixture *fx = *state;
	fixture_do(fx, "product.put", NULL, "ho",
		"{'sku':'N1','name':'One','barcodes':['x1'],'category':'c','vendor':'v','price':990,"
		"'virtual':true,'threshold':-2.5,'backorders':true}");
	fixture_do(fx, "product.put", NULL, "ho", "{'sku':'N1','name':'Two'}");
	fixture_expect_text(fx, "Two|[\"x1\"]|c|v|990|1|-2500|1",
		"SELECT name || '|' || barcodes || '|' || category || '|' || vendor || '|' || price ||"
		" '|' || is_virtual || '|' || threshold || '|' || backorders FROM product"
		" WHERE sku = 'N1'");
	fixture_do(fx, "product.put", NULL, "ho",
		"{'sku':'N1','name':'Two','barcodes':[],'virtual':false,'price':0}");
	fixture_expect_text(fx, "[]|0|0",
		"SELECT barcodes || '|' || is_virtual || '|' || price FROM product WHERE sku = 'N1'");
}

static void store_keeps_what_is_left_out(void **state)
{
	/* A new store is enabled, in UTC+8, and clerks receive; a later put keeps what it leaves out. */
	struct fixture *fx = *state;
	fixture_do(fx, "store.put", NULL, "ho", "{'id':'tainan','name':'台南店','kind':'shop'}");
	fixture_expect_text(fx, "1 480 1",
		"SELECT enabled || ' ' || tz_minutes || ' ' || clerk_receives FROM store"
		" WHERE id = 'tainan'");
	fixture_do(fx, "store.put", NULL, "ho",
		"{'id':'tainan','name':'x','kind':'online','enabled':false,'clerk_receives':false,"
		"'tz_minutes':-60}");
	fixture_do(fx, "store.put", NULL, "ho", "{'id':'tainan','name':'y','kind':'online'}");
	fixture_expect_text(fx, "y online 0 -60 0",
		"SELECT name || ' ' || kind || ' ' || enabled || ' ' || tz_minutes || ' ' ||"
		" clerk_receives FROM store WHERE id = 'tainan'");
	assert_string_equal(fixture_try(fx, "store.put", NULL, "ho",
				    "{'id':'tainan','name':'y','kind':'shop','tz_minutes':0.5}"),
		"bad_data");
	assert_string_equal(
		fixture_try(fx, "store.put", "xinyi", "lin", "{'id':'t','name':'y','kind':'shop'}"),
		"no_right");
}

/* ---- staff ---- */

#define PUT "{'id':'%s','name':'N','role':'%s','stores':[%s]}"

static void staff_rights(void **state)
{
	/* hq puts anyone; a manager only clerks of the own store, before and after. */
	static const struct {
		const char *actor, *store, *id, *role, *stores, *code;
	} cases[] = {
		{"lin", "xinyi", "new1", "clerk", "'xinyi'", ""},
		{"lin", "xinyi", "new1", "ticket_clerk", "'xinyi'", ""},
		{"lin", "xinyi", "new2", "manager", "'xinyi'", "no_right"},
		{"lin", "xinyi", "new2", "hq", "'xinyi'", "no_right"},
		{"lin", "xinyi", "new2", "clerk", "'ximen'", "no_right"},
		{"lin", "xinyi", "new2", "clerk", "'xinyi','ximen'", "no_right"},
		{"lin", "xinyi", "new2", "clerk", "", "bad_data"},
		{"lin", "xinyi", "new2", "clerk", "'nowhere'", "unknown_store"},
		{"lin", "xinyi", "wang", "clerk", "'xinyi'", "no_right"},
		{"lin", "xinyi", "lin", "clerk", "'xinyi'", "no_right"},
		{"lin", "xinyi", "ho", "clerk", "'xinyi'", "no_right"},
		{"chen", "xinyi", "new3", "clerk", "'xinyi'", "no_right"},
		{"ho", "xinyi", "new4", "manager", "'xinyi','ec'", ""},
		{"ho", NULL, "new5", "hq", "", ""},
		{"ho", NULL, "new6", "clerk", "", "bad_data"},
		{"lin", NULL, "new7", "clerk", "'xinyi'", "unknown_staff"},
	};
	struct fixture *fx = *state;
	for (int i = 0; i < COUNT_OF(cases); i++) {
		const char *code = fixture_try(fx, "staff.put", cases[i].store, cases[i].actor, PUT,
			cases[i].id, cases[i].role, cases[i].stores);
		if (strcmp(code, cases[i].code) != 0)
			fail_msg("%s puts %s as %s of %s: expected %s, got %s", cases[i].actor,
				cases[i].id, cases[i].role, cases[i].stores, cases[i].code, code);
	}
}

static void staff_role_at_a_store(void **state)
{
	/* A role counts at the own stores, hq's everywhere, and a suspended person has none. */
	struct fixture *fx = *state;
	assert_int_equal(staff_role(fx->db, "lin", "xinyi"), ROLE_MANAGER);
	assert_int_equal(staff_role(fx->db, "lin", "ximen"), ROLE_NONE);
	assert_int_equal(staff_role(fx->db, "lin", NULL), ROLE_NONE);
	assert_int_equal(staff_role(fx->db, "ho", "anywhere"), ROLE_HQ);
	assert_int_equal(staff_role(fx->db, "ho", NULL), ROLE_HQ);
	assert_int_equal(staff_role(fx->db, "nobody", "xinyi"), ROLE_NONE);
	fixture_do(fx, "staff.put", "xinyi", "lin",
		"{'id':'chen','name':'陳小美','role':'clerk','stores':['xinyi'],'active':false}");
	assert_int_equal(staff_role(fx->db, "chen", "xinyi"), ROLE_NONE);
	fixture_do(fx, "staff.put", "xinyi", "lin",
		"{'id':'chen','name':'陳小美','role':'clerk','stores':['xinyi']}");
	assert_int_equal(staff_role(fx->db, "chen", "xinyi"), ROLE_NONE); /* still suspended */
}

static void pins(void **state)
{
	/* A PIN is known again by its hash only, which a put without one keeps; a bare PIN is refused. */
	struct fixture *fx = *state;
	char hash[STAFF_HASH_SIZE], again[STAFF_HASH_SIZE];
	assert_true(staff_pin_hash("4711", hash));
	assert_true(staff_pin_hash("4711", again));
	assert_string_not_equal(hash, again);
	assert_true(staff_pin_matches(hash, "4711"));
	assert_false(staff_pin_matches(hash, "4712"));
	assert_false(staff_pin_matches(hash, ""));
	assert_false(staff_pin_matches("", "4711"));
	assert_false(staff_pin_matches("4711", "4711"));
	assert_false(staff_pin_matches(NULL, "4711"));
	assert_false(staff_pin_hash("471", again));
	assert_false(staff_pin_hash("1234567890123", again));
	fixture_do(fx, "staff.put", "xinyi", "lin",
		"{'id':'chen','name':'C','role':'clerk','stores':['xinyi'],'pin_hash':'%s'}", hash);
	fixture_do(fx, "staff.put", "xinyi", "lin", PUT, "chen", "clerk", "'xinyi'");
	fixture_expect_text(fx, hash, "SELECT pin_hash FROM staff WHERE id = 'chen'");
	assert_string_equal(fixture_try(fx, "staff.put", "xinyi", "lin",
				    "{'id':'chen','name':'C','role':'clerk','stores':['xinyi'],"
				    "'pin':'4711'}"),
		"bad_data");
	assert_string_equal(fixture_try(fx, "staff.put", "xinyi", "lin",
				    "{'id':'chen','name':'C','role':'clerk','stores':['xinyi'],"
				    "'pin_hash':'4711'}"),
		"bad_data");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(barcodes_resolve),
		TEST(resolve_does_not_overrun),
		TEST(index_follows_the_row),
		TEST(typed_words_find),
		cmocka_unit_test(nothing_to_search),
		cmocka_unit_test(folding),
		TEST(product_keeps_what_is_left_out),
		TEST(store_keeps_what_is_left_out),
		TEST(staff_rights),
		TEST(staff_role_at_a_store),
		TEST(pins),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
