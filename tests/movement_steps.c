#include "tests/movement_steps.h"

#include "model/stock.h"
#include "tests/goods_rules.h"

const char *steps_by_sender(struct fixture *fx, const char *op, const char *id)
{
	fixture_do(fx, op, "xinyi", "lin", DOC, id);
	return id;
}

const char *steps_by_receiver(struct fixture *fx, const char *op, const char *id)
{
	fixture_do(fx, op, "ximen", "huang", DOC, id);
	return id;
}

const char *steps_sent(struct fixture *fx)
{
	return fixture_do(fx, "outbound.create", "xinyi", "lin", SEND);
}

const char *steps_accepted(struct fixture *fx)
{
	return steps_by_receiver(fx, "inbound.accept", steps_sent(fx));
}

const char *steps_shipped(struct fixture *fx)
{
	return steps_by_sender(fx, "outbound.ship", steps_accepted(fx));
}

void steps_receive(struct fixture *fx, const char *id, const char *sku, int qty)
{
	fixture_do(fx, "inbound.receive", "ximen", "wang", ONE, id, sku, qty);
}

void steps_expect_status(struct fixture *fx, const char *id, const char *status)
{
	fixture_expect_text(fx, status, "SELECT status FROM movement WHERE id = '%s'", id);
}

void steps_expect_line(struct fixture *fx, const char *id, const char *sku, const char *figures)
{
	fixture_expect_text(fx, figures,
		"SELECT (ordered / 1000) || ' ' || (shipped / 1000) || ' ' || (received / 1000) || ' ' ||"
		" (damaged / 1000) || ' ' || (written_off / 1000) || ' ' || (sent_back / 1000) ||"
		" CASE extra WHEN 1 THEN ' extra' ELSE '' END ||"
		" CASE unknown WHEN 1 THEN ' unknown' ELSE '' END"
		" FROM movement_line WHERE movement = '%s' AND sku = '%s'",
		id, sku);
}

void steps_expect_on_hand(struct fixture *fx, const char *sku, int at_xinyi, int at_ximen)
{
	assert_int_equal(fixture_on_hand(fx, "xinyi", sku), at_xinyi * 1000);
	assert_int_equal(fixture_on_hand(fx, "ximen", sku), at_ximen * 1000);
}

int64_t steps_on_the_road(struct fixture *fx, const char *sku)
{
	return stock_figures_of(fx->db, "ximen", sku).in_transit_in / 1000;
}

int64_t steps_exceptions(struct fixture *fx, const char *kind)
{
	return fixture_int(fx, "SELECT COUNT(*) FROM exception WHERE kind = '%s'", kind);
}

const char *steps_broken_rule(struct fixture *fx)
{
	return goods_broken_rule(fx->db, NULL);
}
