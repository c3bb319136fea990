#include "tests/screen/document_steps.h"

const char *documents_order_from_ec(struct shop_fixture *f, bool is_shipped)
{
	const char *id = shop_fixture_do(f, "outbound.create", "ec", "dai",
		"{'to':'xinyi','note':'for the weekend','expected_on':'2026-03-05',"
		"'lines':[{'sku':'A1','qty':5},{'sku':'A2','qty':3}]}");

	if (is_shipped) {
		shop_fixture_do(f, "inbound.accept", "xinyi", "lin", "{'movement':'%s'}", id);
		shop_fixture_do(f, "outbound.ship", "ec", "dai", "{'movement':'%s'}", id);
	}
	shop_fixture_land(f);
	return id;
}

void documents_quit(struct screen *screen)
{
	screen_send(screen, "<f10>");
	screen_settle(screen, 100);
	if (screen_has(screen, "Leave"))
		screen_send(screen, "y");
	assert_int_equal(screen_wait_exit(screen), 0);
	assert_true(screen_is_restored(screen));
	screen_end(screen);
}

int64_t documents_sent(struct shop_fixture *f, const char *op)
{
	return db_get_int(
		f->console.outbox, -1, "SELECT count(*) FROM command WHERE op = $1", "t", op);
}

void documents_expect_sent(struct shop_fixture *f, const char *op, const char *part)
{
	if (!db_has(f->console.outbox,
		    "SELECT 1 FROM command WHERE op = $1 AND instr(line, $2) > 0", "tt", op, part))
		fail_msg("no %s has %s", op, part);
}
