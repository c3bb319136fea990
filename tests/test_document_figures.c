/* The figures of a document's lines add up, whatever happened to it (tui/document_data.h has the rule). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/shop_fixture.h"
#include "tui/document_data.h"

#define ROUNDS 24
#define STEPS 14
#define QTY_MAX 9

/* A small generator of its own: a failure is found again by its round. */
static unsigned next_of(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % below;
}

/* Any action with any lines: most are refused, and then nothing changes. */
static void do_something(struct shop_fixture *f, const char *id, unsigned *seed)
{
	static const struct {
		const char *op, *store, *actor, *rest;
	} acts[] = {
		{"inbound.accept", "xinyi", "lin", ""},
		{"outbound.ship", "ec", "dai", ",'lines':[{'sku':'A%u','qty':%u}]"},
		{"outbound.ship", "ec", "dai", ""},
		{"inbound.arrive", "xinyi", "lin", ""},
		{"inbound.receive", "xinyi", "lin", ",'lines':[{'sku':'A%u','qty':%u}]"},
		{"inbound.receive", "xinyi", "lin", ",'lines':[{'sku':'A%u','qty':%u}]"},
		{"inbound.receive", "xinyi", "lin", ",'lines':[{'sku':'A%u','qty':%u}]"},
		{"inbound.close", "xinyi", "lin", ",'reason':'lost'"},
		{"inbound.close", "xinyi", "lin", ",'reason':'came_back'"},
		{"outbound.cancel", "ec", "dai", ""},
	};
	/* The ending ones come seldom, so that much happens before. */
	unsigned act = next_of(seed, next_of(seed, 4) == 0 ? 10 : 7);
	char rest[100], data[200];
	struct verdict verdict;

	snprintf(rest, sizeof(rest), "%s", acts[act].rest);
	if (strstr(rest, "qty"))
		snprintf(rest, sizeof(rest), ",'lines':[{'sku':'A%u','qty':%u}]",
			1 + next_of(seed, 3), 1 + next_of(seed, QTY_MAX));
	snprintf(data, sizeof(data), "{'movement':'%s'%s}", id, rest);
	verdict = fixture_run(&f->hq, acts[act].op, acts[act].store, acts[act].actor, data);
	verdict_free(&verdict);
}

static int64_t above_0(int64_t qty)
{
	return qty > 0 ? qty : 0;
}

static bool has_ended(const struct document *document)
{
	return document->face.status == MOVEMENT_RECEIVED ||
		document->face.status == MOVEMENT_REJECTED ||
		document->face.status == MOVEMENT_CANCELLED;
}

static void check_line(const struct document *document, const struct document_line *line)
{
	bool can_ship = document->face.status == MOVEMENT_PENDING ||
		document->face.status == MOVEMENT_ACCEPTED;
	int64_t road = document_line_road(document, line);
	int64_t gone = line->received + line->written_off + line->sent_back;
	int64_t excess = above_0(gone - line->shipped);
	int64_t outstanding = document_line_outstanding(document, line);

	assert_int_equal(line->shipped, gone + road - excess);
	assert_int_equal(outstanding,
		has_ended(document) ? 0 : road + (can_ship ? line->ordered - line->shipped : 0));
	assert_true(line->shipped <= line->ordered);
	assert_true(outstanding >= 0 && road >= 0);
	assert_true(line->damaged <= line->received);
	if (has_ended(document))
		assert_int_equal(road, 0);
}

static void test_add_up(void **state)
{
	/* After any steps, allowed or refused: shipped is received, written off, sent back or in transit; nothing is outstanding at the end. */
	struct shop_fixture f;
	unsigned seed = 7, ended = 0;

	(void)state;
	shop_fixture_open(&f);
	for (int round = 0; round < ROUNDS; round++) {
		struct shop shop = {.console = &f.console, .store = "xinyi"};
		struct document document;
		char id[UUID_SIZE];

		snprintf(id, sizeof(id), "%s",
			shop_fixture_do(&f, "outbound.create", "ec", "dai",
				"{'to':'xinyi','lines':[{'sku':'A1','qty':5},{'sku':'A2','qty':3}]}"));
		document_init(&document, &shop);
		for (int step = 0; step < STEPS; step++) {
			do_something(&f, id, &seed);
			shop_fixture_land(&f);
			assert_true(document_load(&document, id));
			for (size_t i = 0; i < document.lines.count; i++)
				check_line(&document, document_line_at(&document, i));
		}
		ended += has_ended(&document);
		document_free(&document);
	}
	/* The steps lead somewhere. */
	assert_true(ended > ROUNDS / 4 && ended < ROUNDS);
	shop_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_up),
	};

	return cmocka_run_group_tests_name("figures of a document", tests, NULL, NULL);
}
