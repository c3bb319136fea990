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
