/* The status line and what waits for this store. */
#include <stdio.h>
#include <string.h>

#include "model/console_report.h"
#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/document_sides.h"
#include "tui/inbox_rows.h"
#include "tui/panes.h"
#include "tui/screen_parts.h"

#define UNSENT_LONG_MS 60000

/* Where a kind of work is found; problems are in the inbox. */
static const struct {
	const char *label; /* in the status line */
	const char *title; /* on the to-do page */
	enum document_side_id side;
	const char *status; /* its tab is counted, and shown when it is chosen */
} kinds[TO_DO_KINDS] = {
	[TO_DO_CONFIRM] = {N_("confirm"), N_("Inbound orders to confirm"), INBOUND, "pending"},
	[TO_DO_TRANSFERS] = {N_("answer"), N_("Transfer orders to agree to"), TRANSFERS, "pending"},
	[TO_DO_SHIP] = {N_("ship"), N_("Outbound orders to ship"), OUTBOUND, "accepted"},
	[TO_DO_RECEIVE] = {N_("receive"), N_("Inbound orders to receive"), INBOUND, "shipped"},
	[TO_DO_COUNT] = {N_("counting"), N_("Inbound orders to count"), INBOUND, "arrived"},
	[TO_DO_REST] = {N_("partial"), N_("Inbound orders received in part"), INBOUND, "partial"},
	[TO_DO_PROBLEMS] = {NULL, N_("Refused and exceptions"), OUTBOUND, NULL},
};

static void count_to_do(struct screen *screen)
{
	long inbox[INBOX_TABS];

	for (int i = 0; i < TO_DO_KINDS; i++)
		if (kinds[i].status && shop_db(&screen->shop))
			screen->to_do[i] = document_side_waiting_count(
				&screen->shop, kinds[i].side, kinds[i].status);
	inbox_count(&screen->shop, &screen->counts, inbox);
	screen->to_do[TO_DO_PROBLEMS] = inbox[INBOX_REFUSED] + inbox[INBOX_EXCEPTIONS];
}

/* NULL, or why the person signed in is not told of that kind of work. */
static const char *why_not_told(const struct screen *screen, int kind)
{
	if (!kinds[kind].status || screen->shop.role == ROLE_NONE)
		return NULL;
	return shop_needs(&screen->shop, ROLE_CLERK);
}

static long waiting(const struct screen *screen, int kind)
{
	return why_not_told(screen, kind) ? 0 : screen->to_do[kind];
}

/* Rings once when something new comes; never for what the person at this screen just did. */
static void ring(struct screen *screen)
{
	bool is_own = screen->changes_seen != screen->shop.changes;
	bool is_same_role = screen->to_do_role == screen->shop.role;
	long sum = 0;

	for (int i = 0; i < TO_DO_KINDS; i++)
		sum += waiting(screen, i);
	if (screen->to_do_seen >= 0 && sum > screen->to_do_seen && !is_own && is_same_role &&
		screen->shop.role != ROLE_NONE)
		app_bell(screen->shop.app);
	screen->to_do_seen = sum;
	screen->to_do_role = screen->shop.role;
}

/* The same for every seat, whenever it started. */
static int64_t offline_since(const struct screen *screen)
{
	struct console_line line;

	console_read_line(screen->shop.console, &line);
	return line.since_ms > 0 ? line.since_ms : screen->counts.pulled_ms;
}

void screen_count(struct screen *screen)
{
	bool was_online = screen->counts.online;
	bool is_first = !screen->is_counted;

	console_count(screen->shop.console, screen->shop.store, &screen->counts);
	count_to_do(screen);
	ring(screen);
	screen->changes_seen = screen->shop.changes;
	screen->is_counted = true;
	if (screen->counts.online)
		screen->offline_since_ms = 0;
	else if (is_first || was_online)
		screen->offline_since_ms = offline_since(screen);
}

/* ------------------------------------------------------------------ the line */

static void put_link(const struct screen *screen, struct app_status *out)
{
	char since[SHOP_WHEN_BYTES];

	if (screen->counts.online) {
		snprintf(out->link, sizeof(out->link), "%s", _("online"));
		out->link_role = ROLE_STATUS_OK;
		return;
	}
	shop_when(&screen->shop, screen->offline_since_ms, since);
	if (since[0])
		snprintf(out->link, sizeof(out->link), _("offline since %s"), since);
	else
		snprintf(out->link, sizeof(out->link), "%s", _("offline"));
	out->link_role = ROLE_STATUS_WARN;
}

/* Before anything came: how far the first copy is. */
static void put_copy(const struct screen *screen, struct app_status *out)
{
	struct console_progress copied;
	bool is_known = console_progress(screen->shop.console, &copied) && copied.rows_expected > 0;

	if (!is_known)
		snprintf(out->cache_age, sizeof(out->cache_age), "%s", _("no data yet"));
	else if (copied.indexes_all > 0)
		snprintf(out->cache_age, sizeof(out->cache_age), "%s", _("making indexes"));
	else
		snprintf(out->cache_age, sizeof(out->cache_age), _("first copy %lld %%"),
			(long long)(copied.rows * 100 / copied.rows_expected));
}

/* While HQ is on the line it tells of every change at once: then the data are as old as the moment,
 * and later as old as the line has been down. */
static void put_age(const struct screen *screen, struct app_status *out)
{
	int64_t then_ms = screen->counts.pulled_ms > screen->offline_since_ms
		? screen->counts.pulled_ms
		: screen->offline_since_ms;
	int64_t age_ms = shop_now(&screen->shop) - then_ms;
	char age[32];

	if (!shop_db(&screen->shop)) {
		snprintf(out->cache_age, sizeof(out->cache_age), "%s", _("no cache"));
		return;
	}
	if (screen->counts.pulled_ms == 0) {
		put_copy(screen, out);
		return;
	}
	shop_age(screen->counts.online || age_ms < 0 ? 0 : age_ms, age, sizeof(age));
	/* TRANSLATORS: how old the data on the screen are: "now", "5 min". */
	snprintf(out->cache_age, sizeof(out->cache_age), _("data: %s"), age);
}

/* With the line up nothing should wait for long; with the line down it says itself since when. */
static void put_unsent(const struct screen *screen, struct app_status *out)
{
	int64_t age_ms = shop_now(&screen->shop) - screen->counts.oldest_ms;

	out->unsent = screen->counts.unsent;
	if (screen->counts.online && out->unsent > 0 && age_ms >= UNSENT_LONG_MS)
		shop_age(age_ms, out->unsent_age, sizeof(out->unsent_age));
}

static void put_to_do(const struct screen *screen, struct app_status *out)
{
	size_t used = 0;
	long sum = 0;

	for (int i = 0; i < TO_DO_KINDS; i++)
		sum += kinds[i].label ? waiting(screen, i) : 0;
	if (sum == 0)
		return;
	snprintf(out->to_do_sum, sizeof(out->to_do_sum), _("to do %ld"), sum);
	/* With the line down the rest of the status needs the room. */
	if (!screen->counts.online)
		return;
	for (int i = 0; i < TO_DO_KINDS; i++) {
		if (!kinds[i].label || waiting(screen, i) == 0 || used >= sizeof(out->to_do))
			continue;
		used += (size_t)snprintf(out->to_do + used, sizeof(out->to_do) - used, "%s%s %ld",
			used ? " \u00b7 " : "", gettext(kinds[i].label), waiting(screen, i));
	}
}

void screen_status(void *ctx, struct app_status *out)
{
	struct screen *screen = ctx;
	char now[SHOP_WHEN_BYTES];

	if (!screen->is_counted || screen->changes_seen != screen->shop.changes)
		screen_count(screen);
	shop_store_name(&screen->shop, screen->shop.store, out->store, sizeof(out->store));
	snprintf(out->staff, sizeof(out->staff), "%.63s", screen->shop.staff_name);
	put_link(screen, out);
	put_age(screen, out);
	put_unsent(screen, out);
	out->problems = screen->to_do[TO_DO_PROBLEMS];
	put_to_do(screen, out);
	shop_when_full(&screen->shop, shop_now(&screen->shop), now);
	snprintf(out->clock, sizeof(out->clock), "%.5s", now + 11);
}

/* ------------------------------------------------------------------ the page */

static void go_to(void *ctx, size_t index)
{
	struct screen *screen = ctx;
	struct app *app = screen->shop.app;

	if (index == TO_DO_PROBLEMS) {
		app_show(app, screen->inbox_index);
		return;
	}
	app_show(app, screen->documents_index);
	pane_documents_show(screen->documents, kinds[index].side, kinds[index].status);
}

void screen_show_to_do(struct screen *screen)
{
	struct dialog_menu_item items[TO_DO_KINDS];
	char labels[TO_DO_KINDS][160];
	char right[160] = ""; /* that is missing */
	char text[400] = "";
	size_t initial = 0;

	screen_count(screen);
	if (!screen->counts.online && screen->counts.trouble[0])
		snprintf(text, sizeof(text), _("HQ is not on the line: %s"),
			gettext(screen->counts.trouble));
	for (int i = TO_DO_KINDS - 1; i >= 0; i--) {
		const char *why_not = why_not_told(screen, i);

		snprintf(labels[i], sizeof(labels[i]), "%4ld  %s", waiting(screen, i),
			gettext(kinds[i].title));
		if (why_not)
			snprintf(labels[i], sizeof(labels[i]), "   –  %s", gettext(kinds[i].title));
		items[i] = (struct dialog_menu_item){labels[i], NULL};
		if (why_not) {
			snprintf(right, sizeof(right), "%s", why_not);
			items[i].why_not = right;
		} else if (screen->to_do[i] == 0) {
			items[i].why_not = _("Nothing of this kind waits.");
		} else {
			initial = (size_t)i;
		}
	}
	dialog_menu(screen->shop.app,
		&(struct dialog_menu_spec){
			.title = _("To do"),
			.text = text[0] ? text : NULL,
			.items = items,
			.count = TO_DO_KINDS,
			.initial = initial,
			.pick = go_to,
			.ctx = screen,
		});
}
