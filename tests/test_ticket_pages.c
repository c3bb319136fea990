/* Which pages are open to ticket clerks: those of tickets, whatever pages there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tui/pane.h"
#include "tui/screen_parts.h"

/* The pages about tickets, and the explanation of a number: of theirs, as no other page asks for it. */
static const char *const open_contexts[] = {"tickets", "ticket-order", "redeem", "ticket-page",
	"dossier", "dossiers", "inbox", "explained"};

static bool is_open(const char *context)
{
	for (size_t i = 0; i < sizeof open_contexts / sizeof *open_contexts; i++)
		if (strcmp(open_contexts[i], context) == 0)
			return true;
	return false;
}

static void every_page_is_closed_to_ticket_clerks(void **state)
{
	/* Of every page that has keys, those of tickets are open to a ticket clerk, all to everybody else. */
	struct screen screen = {.to_do_seen = -1};
	(void)state;
	for (size_t i = 0; i < screen_catalog.count; i++) {
		const char *context = screen_catalog.tables[i]->context;
		const struct pane_ops page = {.context = context};
		for (int role = ROLE_CLERK; role <= ROLE_HQ; role++) {
			screen.shop.role = (enum staff_role)role;
			assert_null(screen_why_hidden(&screen, &page));
		}
		screen.shop.role = ROLE_TICKETS;
		const char *why_not = screen_why_hidden(&screen, &page);
		if (is_open(context) != !why_not)
			fail_msg("%s: %s", context, why_not ? why_not : "open");
		if (why_not)
			assert_string_equal(
				why_not, "This needs the right of: Clerk. You are: Ticket clerk.");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_page_is_closed_to_ticket_clerks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
