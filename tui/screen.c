/*
 * The screen from start to end.
 *
 *     not enrolled, a bad key file, no terminal    said, and it never starts
 *     several stores and none given                one is chosen, then
 *     a store                                      panes are made, and the sign-in lies over them
 *     signed in                                    the panes; signing out puts the sign-in back
 *
 * What panes hold (drafts, places in lists) stays while nobody is signed in. A command carries the
 * person who was signed in when it was made.
 */
#include "tui/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/staff.h"
#include "tui/panes.h"
#include "tui/screen_parts.h"
#include "tui/ticket_late.h"

#define SCREEN_TZ_MINUTES 480 /* until the store's row is here */

/* ------------------------------------------------------------------ staff */

static void sign_out(struct screen *screen)
{
	struct shop *shop = &screen->shop;

	shop->staff[0] = '\0';
	shop->staff_name[0] = '\0';
	shop->role = ROLE_NONE;
	shop_push(shop, pane_sign_in_new(shop));
}

static void run_sign_out(void *ctx, int arg)
{
	struct screen *screen = ctx;

	(void)arg;
	sign_out(screen);
	app_say(screen->shop.app, ROLE_NORMAL, "%s",
		_("Signed out. What was open stays open, what was saved is sent."));
}

static const char *why_not_sign_out(void *ctx, int arg)
{
	const struct screen *screen = ctx;

	(void)arg;
	return screen->shop.role == ROLE_NONE ? _("Nobody is signed in.") : NULL;
}

static const char *why_not_to_do(void *ctx, int arg)
{
	const struct screen *screen = ctx;

	if (screen->shop.role != ROLE_NONE && app_has_box(screen->shop.app))
		return _("First answer the open question, or close it with Esc.");
	return why_not_sign_out(ctx, arg);
}

/* Goods and documents, and commands about them, are in it. */
static const char *why_not_clerk(void *ctx, int arg)
{
	const struct screen *screen = ctx;
	const char *why_not = why_not_to_do(ctx, arg);

	return why_not ? why_not : shop_needs(&screen->shop, ROLE_CLERK);
}

static void run_to_do(void *ctx, int arg)
{
	(void)arg;
	screen_show_to_do(ctx);
}

static void run_line(void *ctx, int arg)
{
	(void)arg;
	pane_sync_show(&((struct screen *)ctx)->shop);
}

static void run_reports(void *ctx, int arg)
{
	(void)arg;
	pane_reports_show(&((struct screen *)ctx)->shop);
}

/* While nobody is signed in these keys have no business in the help. */
static const char *help_signed_in(void *ctx, int arg)
{
	static const char *const texts[] = {
		N_("Show what waits for this store"),
		N_("Let somebody else sign in; nothing is lost"),
		N_("Show the reports"),
		N_("Show the line to HQ: what waits, what came, what HQ answered"),
	};
	const struct screen *screen = ctx;

	return screen->shop.role == ROLE_NONE ? NULL : gettext(texts[arg]);
}

static const struct action screen_rows[] = {
	{"to-do", N_("To do"), N_("Show what waits for this store"), 0, 0, why_not_to_do, run_to_do,
		help_signed_in},
	{"line", N_("Line"), N_("Show the line to HQ: what waits, what came, what HQ answered"), 0,
		3, why_not_clerk, run_line, help_signed_in},
	{"reports", N_("Reports"), N_("Show the reports"), 0, 2, why_not_clerk, run_reports,
		help_signed_in},
	{"sign-out", N_("Sign out"), N_("Let somebody else sign in; nothing is lost"), 0, 1,
		why_not_sign_out, run_sign_out, help_signed_in},
};
const struct action_table screen_actions = {
	.context = "screen",
	.title = N_("In every pane"),
	ACTION_TABLE_ROWS(screen_rows),
};

/* Somebody may have been suspended, or given another role, since they signed in. */
static void check_role(struct screen *screen)
{
	struct shop *shop = &screen->shop;
	struct db *cache = shop_db(shop);
	enum staff_role role;

	/* A cache that was deleted knows nobody until it is filled again. */
	if (shop->role == ROLE_NONE || !cache || screen->counts.pulled_ms == 0)
		return;
	role = staff_role(cache, shop->staff, shop->store);
	if (role != ROLE_NONE) {
		shop->role = role;
		return;
	}
	sign_out(screen);
	app_say(shop->app, ROLE_WARN, "%s",
		_("You were signed out: you do not work at this store any more."));
}

/* ------------------------------------------------------------------ following the data */

static void read_store(struct shop *shop)
{
	struct db *cache = shop_db(shop);

	shop->tz_minutes = SCREEN_TZ_MINUTES;
	if (cache)
		shop->tz_minutes = db_get_int(cache, SCREEN_TZ_MINUTES,
			"SELECT tz_minutes FROM store WHERE id = $1", "t", shop->store);
}

/* True if anything changed. */
static bool follow(struct screen *screen)
{
	bool changed = console_changed(screen->shop.console);

	console_catch_up(screen->shop.console, shop_now(&screen->shop));
	changed = console_changed(screen->shop.console) || changed;
	screen_count(screen);
	if (changed) {
		read_store(&screen->shop);
		check_role(screen);
		ticket_late_look(&screen->shop);
	}
	return changed;
}

static bool screen_tick(void *ctx)
{
	struct screen *screen = ctx;

	if (screen->options->each_second)
		screen->options->each_second(screen->options->ctx);
	return follow(screen);
}

static void screen_drain(void *ctx)
{
	struct screen *screen = ctx;

	if (screen->options->wake_drain)
		screen->options->wake_drain(screen->options->ctx);
	follow(screen);
}

static enum scan_use screen_on_scan(void *ctx, const char *code)
{
	struct screen *screen = ctx;

	return screen_route_scan(&screen->shop, code);
}

/* ------------------------------------------------------------------ panes */

static void add_pane(struct screen *screen, const char *name, struct pane pane)
{
	if (pane.ops)
		app_add_pane(screen->shop.app, name, pane);
}

/* The store is known: panes may ask for its rows. */
static void open_store(void *ctx, const char *store)
{
	struct screen *screen = ctx;
	struct shop *shop = &screen->shop;
	struct pane documents;

	snprintf(shop->store, sizeof(shop->store), "%s", store);
	read_store(shop);
	documents = pane_documents_new(shop);
	screen->documents = documents.self;
	screen->documents_index = 0;
	screen->inbox_index = 4;
	add_pane(screen, N_("Documents"), documents);
	add_pane(screen, N_("Stocktake"), pane_stocktakes_new(shop));
	add_pane(screen, N_("Tickets"), pane_tickets_new(shop));
	add_pane(screen, N_("Products"), pane_products_new(shop));
	add_pane(screen, N_("Inbox"), pane_inbox_new(shop));
	add_pane(screen, N_("Orders"), pane_orders_new(shop));
	sign_out(screen);
}

/* ------------------------------------------------------------------ starting */

static bool may_start(const struct screen_options *options)
{
	const struct console *console = options->console;

	if (!console_enrolled(console)) {
		fprintf(stderr, "%s\n",
			_("This console is not enrolled yet. Ask HQ for a code (countertop-hq enrol-code --store ID), then: countertop enrol URL CODE"));
		return false;
	}
	if (!options->store)
		return true;
	for (int i = 0; i < console->store_count; i++)
		if (strcmp(console->stores[i], options->store) == 0)
			return true;
	fprintf(stderr, _("This console is not enrolled for the store %s. It may act for:"),
		options->store);
	for (int i = 0; i < console->store_count; i++)
		fprintf(stderr, " %s", console->stores[i]);
	fprintf(stderr, "\n");
	return false;
}

/* The built-in keys, and over them those of the person. NULL, and said, if there is a bad line. */
static struct keymap *load_keys(const struct screen_options *options)
{
	static char errors[KEYMAP_ERRORS_BYTES];
	struct keymap *keymap = keymap_new(&screen_catalog);
	bool good = keymap && keymap_load(keymap, "default", errors);

	if (good && options->keys && strcmp(options->keys, "default") != 0)
		good = keymap_load(keymap, options->keys, errors);
	if (good)
		return keymap;
	fputs(keymap ? errors : _("There is not enough memory.\n"), stderr);
	keymap_free(keymap);
	return NULL;
}

static struct app *make_app(struct screen *screen)
{
	const struct screen_options *options = screen->options;

	return app_new(&(struct app_config){
		.catalog = &screen_catalog,
		.keymap = screen->keymap,
		.dump_path = getenv("COUNTERTOP_DUMP"),
		.wake = {options->wake_fd, screen_drain, screen},
		.own = {&screen_actions, screen},
		.ctx = screen,
		.tick = screen_tick,
		.status = screen_status,
		.on_scan = screen_on_scan,
		.why_hidden = screen_why_hidden,
	});
}

static bool run(struct screen *screen)
{
	struct app *app = screen->shop.app;
	const struct console *console = screen->options->console;
	enum app_end end;

	if (screen->options->store || console->store_count == 1)
		open_store(screen,
			screen->options->store ? screen->options->store : console->stores[0]);
	else
		shop_push(&screen->shop, screen_store_new(&screen->shop, open_store, screen));
	follow(screen);
	end = app_run(app);
	if (end == APP_END_NO_TERMINAL)
		fprintf(stderr, "%s\n", app_error(app));
	return end != APP_END_NO_TERMINAL;
}

int screen_run(const struct screen_options *options)
{
	struct screen screen = {.options = options, .to_do_seen = -1};
	bool ran = false;

	if (!may_start(options))
		return 1;
	screen.keymap = load_keys(options);
	if (!screen.keymap)
		return 1;
	screen.shop.console = options->console;
	screen.shop.poke = options->poke;
	screen.shop.poke_ctx = options->ctx;
	screen.shop.wall_ms = options->wall_ms;
	screen.shop.boot_ms = options->boot_ms;
	screen.shop.app = make_app(&screen);
	if (screen.shop.app)
		ran = run(&screen);
	else
		fprintf(stderr, "%s\n", _("There is not enough memory."));
	app_free(screen.shop.app);
	ticket_late_free(&screen.shop);
	keymap_free(screen.keymap);
	return ran ? 0 : 1;
}
