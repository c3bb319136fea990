#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/screen/shop_fixture.h"
#include "tui/document_draft.h"

static void open_draft(struct document_draft *draft, struct shop_fixture *f, const char *name)
{
	if (!document_draft_open(draft, &f->console, name))
		fail_msg("document_draft_open: %s", draft->error);
}

static int64_t add(struct document_draft *draft, const char *sku, int64_t qty, int64_t damaged)
{
	struct draft_entry entry = {.qty_milli = qty, .damaged_milli = damaged, .at_ms = 1};

	snprintf(entry.sku, sizeof(entry.sku), "%s", sku);
	snprintf(entry.actor, sizeof(entry.actor), "chen");
	assert_true(document_draft_add(draft, &entry));
	return entry.id;
}

static void set(struct document_draft *draft, const char *sku, int64_t qty, int64_t damaged)
{
	struct draft_entry entry = {.qty_milli = qty, .damaged_milli = damaged, .at_ms = 1};

	snprintf(entry.sku, sizeof(entry.sku), "%s", sku);
	assert_true(document_draft_set(draft, &entry));
}

static void undo(struct document_draft *draft, const char *actor, struct draft_entry *undone)
{
	struct draft_entry last;

	assert_true(document_draft_last(draft, actor, &last));
	assert_true(document_draft_undo(draft, &last, undone));
}

static void note_sum(void *ctx, const struct draft_entry *sum)
{
	char *text = ctx;
	size_t used = strlen(text);

	snprintf(text + used, 200 - used, "%s%s %lld/%lld", used ? ", " : "", sum->sku,
		(long long)sum->qty_milli / 1000, (long long)sum->damaged_milli / 1000);
}

static void expect_sums(struct document_draft *draft, const char *expected)
{
	char text[200] = "";

	assert_true(document_draft_sums(draft, note_sum, text));
	assert_string_equal(text, expected);
}

static cJSON *some_data(const char *movement)
{
	cJSON *data = cJSON_CreateObject();
	cJSON *line = cJSON_CreateObject();

	cJSON_AddStringToObject(data, "movement", movement);
	cJSON_AddStringToObject(line, "sku", "A1");
	cJSON_AddNumberToObject(line, "qty", 2);
	cJSON_AddItemToArray(cJSON_AddArrayToObject(data, "lines"), line);
	return data;
}

static void test_entries(void **state)
{
	/* A count is the sum of its entries, never below zero nor its damaged part above it; undo takes back the last. */
	struct shop_fixture f;
	struct document_draft draft;
	struct draft_entry undone;

	(void)state;
	shop_fixture_open(&f);
	open_draft(&draft, &f, "receive:one");
	assert_true(document_draft_is_empty(&draft));
	add(&draft, "A1", 1000, 0);
	add(&draft, "A2", 3000, 2000);
	add(&draft, "A1", 1000, 0);
	expect_sums(&draft, "A1 2/0, A2 3/2");
	set(&draft, "A2", 1000, 2000);
	expect_sums(&draft, "A1 2/0, A2 1/1");
	add(&draft, "A1", -5000, 0);
	expect_sums(&draft, "A1 0/0, A2 1/1");
	undo(&draft, "", &undone);
	assert_string_equal(undone.sku, "A1");
	assert_int_equal(undone.qty_milli, -2000);
	undo(&draft, "", &undone);
	expect_sums(&draft, "A1 2/0, A2 3/2");
	assert_true(document_draft_set_head(&draft, "{}"));
	assert_true(document_draft_discard(&draft));
	assert_true(document_draft_is_empty(&draft));
	undo(&draft, "", &undone);
	assert_int_equal(undone.id, 0);
	document_draft_close(&draft);
	shop_fixture_close(&f);
}

static struct draft_entry wish(const char *sku, int64_t qty)
{
	struct draft_entry entry = {.qty_milli = qty, .at_ms = 2};

	snprintf(entry.sku, sizeof(entry.sku), "%s", sku);
	snprintf(entry.actor, sizeof(entry.actor), "lin");
	return entry;
}

static void test_undo_of_ones_own(void **state)
{
	/* Of several people's entries the last of one of them is taken back, unless somebody counted down from it since. */
	struct shop_fixture f;
	struct document_draft draft;
	struct draft_entry undone, last, entry = wish("A1", 1000);

	(void)state;
	shop_fixture_open(&f);
	open_draft(&draft, &f, "receive:one");
	add(&draft, "A1", 4000, 0);
	assert_true(document_draft_add(&draft, &entry));
	assert_true(document_draft_last(&draft, "chen", &last));
	assert_int_equal(last.qty_milli, 4000);
	assert_true(document_draft_last(&draft, "dai", &last));
	assert_int_equal(last.id, 0);
	undo(&draft, "chen", &undone);
	assert_int_equal(undone.qty_milli, 4000);
	expect_sums(&draft, "A1 1/0");

	add(&draft, "A1", 4000, 0);
	entry = wish("A1", 2000);
	assert_true(document_draft_set(&draft, &entry));
	assert_true(document_draft_last(&draft, "chen", &last));
	assert_false(document_draft_undo(&draft, &last, &undone));
	assert_non_null(strstr(draft.error, "Take that back first"));
	expect_sums(&draft, "A1 2/0");
	undo(&draft, "lin", &undone);
	undo(&draft, "chen", &undone);
	expect_sums(&draft, "A1 1/0");
	assert_true(document_draft_undo(&draft, &last, &undone));
	assert_int_equal(undone.id, 0);
	document_draft_close(&draft);
	shop_fixture_close(&f);
}

static void test_fill(void **state)
{
	/* Lines are filled together up to what is asked, never lowered, and undone together. */
	struct shop_fixture f;
	struct document_draft draft;
	struct draft_entry undone, tape[5];
	struct draft_entry all[] = {wish("A1", 5000), wish("A2", 3000), wish("A3", 1000)};

	(void)state;
	shop_fixture_open(&f);
	open_draft(&draft, &f, "receive:one");
	add(&draft, "A1", 2000, 1000);
	add(&draft, "A3", 4000, 0);
	assert_true(document_draft_fill(&draft, all, 3));
	expect_sums(&draft, "A1 5/1, A3 4/0, A2 3/0");
	assert_int_equal(document_draft_tape(&draft, tape, 5), 3);
	assert_int_equal(tape[0].qty_milli, 6000);
	assert_int_equal(tape[0].lines, 2);
	assert_string_equal(tape[0].actor, "lin");
	assert_int_equal(tape[1].lines, 1);
	add(&draft, "A1", 1000, 0);
	undo(&draft, "", &undone);
	assert_int_equal(undone.qty_milli, 1000);
	undo(&draft, "", &undone);
	assert_int_equal(undone.qty_milli, 6000);
	assert_int_equal(undone.lines, 2);
	expect_sums(&draft, "A1 2/1, A3 4/0");
	all[0] = wish("A1", 1000);
	assert_true(document_draft_fill(&draft, all, 1));
	expect_sums(&draft, "A1 2/1, A3 4/0");
	assert_int_equal(document_draft_tape(&draft, tape, 5), 2);
	document_draft_close(&draft);
	shop_fixture_close(&f);
}

static void test_older_file(void **state)
{
	/* A count kept by the version before is there, and can be gone on with. */
	struct shop_fixture f;
	struct document_draft draft;
	struct draft_entry all[] = {wish("A1", 5000), wish("A2", 3000)};

	(void)state;
	shop_fixture_open(&f);
	open_draft(&draft, &f, "receive:one");
	add(&draft, "A1", 2000, 0);
	db_script(draft.db, "ALTER TABLE entry DROP COLUMN batch");
	db_set_version(draft.db, 1);
	document_draft_close(&draft);
	open_draft(&draft, &f, "receive:one");
	expect_sums(&draft, "A1 2/0");
	assert_true(document_draft_fill(&draft, all, 2));
	expect_sums(&draft, "A1 5/0, A2 3/0");
	document_draft_close(&draft);
	shop_fixture_close(&f);
}

static void test_two_seats(void **state)
{
	/* Two seats count into one draft, see each other, and leave the drafts of others alone. */
	struct shop_fixture f;
	struct document_draft one, two, other;

	(void)state;
	shop_fixture_open(&f);
	open_draft(&one, &f, "receive:one");
	open_draft(&two, &f, "receive:one");
	open_draft(&other, &f, "receive:other");
	document_draft_changed(&one);
	add(&two, "A1", 1000, 0);
	assert_true(document_draft_changed(&one));
	assert_false(document_draft_changed(&one));
	add(&one, "A1", 1000, 0);
	expect_sums(&one, "A1 2/0");
	expect_sums(&other, "");
	assert_int_equal(document_draft_pieces(&f.console, "receive:one"), 2000);
	assert_int_equal(document_draft_pieces(&f.console, "receive:none"), 0);
	document_draft_close(&one);
	document_draft_close(&two);
	document_draft_close(&other);
	shop_fixture_close(&f);
}

static void test_corrected_meanwhile(void **state)
{
	/* What another seat lowered while the question was open is not sent; what it counted on is left for the next part. */
	struct shop_fixture f;
	struct document_draft draft;
	cJSON *data = some_data("one");
	int64_t asked;

	(void)state;
	shop_fixture_open(&f);
	open_draft(&draft, &f, "receive:one");
	add(&draft, "A1", 5000, 0);
	asked = add(&draft, "A2", 1000, 0);
	set(&draft, "A1", 3000, 0);
	assert_false(document_draft_send(&draft, &f.console, "inbound.receive", data, asked));
	assert_string_not_equal(draft.error, "");
	expect_sums(&draft, "A1 3/0, A2 1/0");
	asked = add(&draft, "A2", 1000, 0);
	add(&draft, "A1", 1000, 0);
	assert_true(document_draft_send(&draft, &f.console, "inbound.receive", data, asked));
	assert_true(document_draft_sent(&draft, true));
	expect_sums(&draft, "A1 1/0");
	cJSON_Delete(data);
	document_draft_close(&draft);
	shop_fixture_close(&f);
}

static void test_cut_short_before(void **state)
{
	/* A sending cut short before the command was saved leaves everything to be sent. */
	struct shop_fixture f;
	struct document_draft draft;
	cJSON *data = some_data("m1");

	(void)state;
	shop_fixture_open(&f);
	open_draft(&draft, &f, "receive:m1");
	assert_true(document_draft_send(
		&draft, &f.console, "inbound.receive", data, add(&draft, "A1", 2000, 0)));
	db_close(draft.db); /* the power goes */
	open_draft(&draft, &f, "receive:m1");
	expect_sums(&draft, "A1 2/0");
	document_draft_close(&draft);
	cJSON_Delete(data);
	shop_fixture_close(&f);
}

static void test_cut_short_after(void **state)
{
	/* A sending cut short after the command was saved is not offered again; what came later is. */
	struct shop_fixture f;
	struct document_draft draft;
	struct console_verdict verdict;
	const char *id;
	cJSON *data;
	int64_t last;

	(void)state;
	shop_fixture_open(&f);
	id = shop_fixture_do(&f, "outbound.create", "ec", "dai",
		"{'to':'xinyi','lines':[{'sku':'A1','qty':5}]}");
	shop_fixture_land(&f);
	data = some_data(id);
	open_draft(&draft, &f, "receive:x");
	last = add(&draft, "A1", 2000, 0);
	add(&draft, "A2", 1000, 0);
	assert_true(document_draft_send(&draft, &f.console, "inbound.receive", data, last));
	console_do(&f.console, "inbound.receive", "xinyi", "lin", data, FIXTURE_START_MS, &verdict);
	assert_true(verdict.saved);
	console_verdict_free(&verdict);
	db_close(draft.db); /* the power goes */
	open_draft(&draft, &f, "receive:x");
	expect_sums(&draft, "A2 1/0");
	document_draft_close(&draft);
	open_draft(&draft, &f, "receive:x");
	expect_sums(&draft, "A2 1/0");
	document_draft_close(&draft);
	shop_fixture_close(&f);
}

static void test_damaged_file(void **state)
{
	/* A file that is no database is set aside, and counting goes on. */
	struct shop_fixture f;
	struct document_draft draft;
	char path[512], aside[600];
	FILE *file;

	(void)state;
	shop_fixture_open(&f);
	snprintf(path, sizeof(path), "%s/drafts.db", f.home);
	snprintf(aside, sizeof(aside), "%s.damaged", path);
	file = fopen(path, "w");
	assert_non_null(file);
	for (int i = 0; i < 2000; i++)
		fputs("not a database ", file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(document_draft_pieces(&f.console, "receive:one"), 0);
	open_draft(&draft, &f, "receive:one");
	assert_true(draft.was_damaged);
	assert_int_equal(access(aside, R_OK), 0);
	add(&draft, "A1", 1000, 0);
	expect_sums(&draft, "A1 1/0");
	document_draft_close(&draft);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_undo_of_ones_own),
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_older_file),
		cmocka_unit_test(test_two_seats),
		cmocka_unit_test(test_corrected_meanwhile),
		cmocka_unit_test(test_cut_short_before),
		cmocka_unit_test(test_cut_short_after),
		cmocka_unit_test(test_damaged_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
