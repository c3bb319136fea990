#include "tui/import_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/far_stock.h"
#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/task.h"

#define FAR_LOOK_MS 100
#define FAR_PATIENCE_MS 4000 /* without an answer */

/* ------------------------------------------------------------------ reading */

static bool read_step(void *ctx, int *permille)
{
	struct import_read *read = ctx;

	*permille = import_run_percent(&read->run) * 10;
	return import_run_step(&read->run);
}

/* A sentence about a hostile file may be longer than the message line. */
static void say_unread(struct import_read *read)
{
	char text[FILE_NAME_BYTES + 400];

	snprintf(text, sizeof(text), _("%s\n\nNothing was imported. The file: %s"), read->run.error,
		read->path);
	dialog_page(read->shop->app, _("The file cannot be imported"), text);
	app_bell(read->shop->app);
}

/* What other stores have only HQ knows: it is asked once, and then the file is read again. */
static void ask_hq(struct import_read *read);

static void read_end(void *ctx, bool is_whole)
{
	struct import_read *read = ctx;
	bool good = import_run_end(&read->run);

	if (is_whole && good && read->run.far_asked > 0) {
		ask_hq(read);
		return;
	}
	if (is_whole && good) {
		shop_push(read->shop, pane_import_new(read));
		return;
	}
	if (is_whole)
		say_unread(read);
	else
		app_say(read->shop->app, ROLE_WARN, "%s", _("Stopped. Nothing was imported."));
	import_read_free(read);
}

static void read_file(struct import_read *read)
{
	if (!import_run_begin(&read->run, read->path)) {
		say_unread(read);
		import_read_free(read);
		return;
	}
	task_run(read->shop->app,
		&(struct task_spec){
			.title = _("Reading the file"),
			.text = read->path,
			.step = read_step,
			.end = read_end,
			.ctx = read,
		});
}

static bool ask_step(void *ctx, int *permille)
{
	struct import_read *read = ctx;
	struct db *cache = shop_db(read->shop);
	int64_t waiting = cache ? far_stock_waiting(cache) : 0;

	if (waiting < read->far_waiting)
		read->far_answered_ms = app_now_ms();
	read->far_waiting = waiting;
	if (waiting < read->run.far_asked)
		*permille = (int)(1000 - waiting * 1000 / read->run.far_asked);
	return waiting > 0 && app_now_ms() - read->far_answered_ms < FAR_PATIENCE_MS;
}

/* Whatever was answered: the review says how much only HQ can judge. */
static void ask_end(void *ctx, bool is_whole)
{
	struct import_read *read = ctx;

	if (!is_whole) {
		import_read_free(read);
		return;
	}
	import_run_free(&read->run);
	read->run.asks_far = false;
	read_file(read);
}

static void ask_hq(struct import_read *read)
{
	struct shop *shop = read->shop;

	read->far_waiting = read->run.far_asked;
	read->far_answered_ms = app_now_ms();
	if (shop->poke)
		shop->poke(shop->poke_ctx, false);
	task_run(shop->app,
		&(struct task_spec){
			.title = _("Asking HQ"),
			.text = _("HQ is asked which of these products the other stores have."),
			.pause_ms = FAR_LOOK_MS,
			.is_optional = true,
			.step = ask_step,
			.end = ask_end,
			.ctx = read,
		});
}

void import_read_free(struct import_read *read)
{
	import_run_free(&read->run);
	free(read);
}

static bool is_online(const struct shop *shop)
{
	struct console_counts counts;

	console_count(shop->console, shop->store, &counts);
	return counts.online;
}

static void start(struct shop *shop, const char *path)
{
	struct import_read *read = calloc(1, sizeof(*read));

	if (!read) {
		app_say(shop->app, ROLE_ERROR, "%s", _("There is not enough memory."));
		return;
	}
	read->shop = shop;
	snprintf(read->store, sizeof(read->store), "%s", shop->store);
	snprintf(read->staff, sizeof(read->staff), "%s", shop->staff);
	snprintf(read->path, sizeof(read->path), "%s", path);
	read->run = (struct import_run){.console = shop->console,
		.store = read->store,
		.staff = read->staff,
		.now_ms = shop_now(shop),
		.asks_far = is_online(shop)};
	read_file(read);
}

/* ------------------------------------------------------------------ asking */

static const char *take_path(void *ctx, const char *typed)
{
	struct import_ask *ask = ctx;
	char path[FILE_NAME_BYTES];
	const char *wrong;

	if (!file_name_expand(typed, path))
		return _("That name is too long.");
	wrong = file_name_why_unread(path);
	if (wrong)
		return wrong;
	file_name_keep(typed);
	start(ask->shop, path);
	return NULL;
}

static void ask_path(struct import_ask *ask)
{
	char initial[FILE_NAME_BYTES];

	file_name_begin("", initial);
	dialog_entry(ask->shop->app,
		&(struct dialog_entry_spec){
			.title = _("Import a file"),
			.text = _(
				"An XLSX or CSV file with the columns of the template. First it is only read and shown. ~ is the home folder."),
			.initial = initial,
			.keeps_initial = true,
			.kind = DIALOG_PATH,
			.submit = take_path,
			.ctx = ask,
		});
}

enum choice { CHOICE_IMPORT, CHOICE_TEMPLATE, CHOICES };

static void pick(void *ctx, size_t choice)
{
	struct import_ask *ask = ctx;

	if (choice == CHOICE_IMPORT)
		ask_path(ask);
	else
		export_ask(&ask->template);
}

static void run_import(void *ctx, int arg)
{
	struct import_ask *ask = ctx;
	const struct dialog_menu_item items[CHOICES] = {
		[CHOICE_IMPORT] = {_("Import stock documents from a file"),
			shop_may(ask->shop, "outbound.create")},
		[CHOICE_TEMPLATE] = {_("Write the template, a file with the headings"), NULL},
	};

	(void)arg;
	dialog_menu(ask->shop->app,
		&(struct dialog_menu_spec){
			.title = _("Import"),
			.items = items,
			.count = CHOICES,
			.initial = items[CHOICE_IMPORT].why_not ? CHOICE_TEMPLATE : CHOICE_IMPORT,
			.pick = pick,
			.ctx = ask,
		});
}

/* ------------------------------------------------------------------ the template */

static bool write_template(void *ctx, const char *path, int64_t *rows, char *error, size_t size)
{
	(void)ctx;
	*rows = 1;
	return import_run_write_template(path, error, size);
}

static void template_name(void *ctx, char *out, size_t size)
{
	(void)ctx;
	snprintf(out, size, "import");
}

void import_ask_init(struct import_ask *ask, struct shop *shop)
{
	ask->shop = shop;
	export_call(&ask->template, shop, write_template, ask);
	ask->template.name = template_name;
}

/* ------------------------------------------------------------------ keys */

static const char *why_not_import(void *ctx, int arg)
{
	const struct import_ask *ask = ctx;

	(void)arg;
	return shop_db(ask->shop) ? NULL : _("The copy of HQ's data cannot be read now.");
}

static const struct action import_rows[] = {
	{"import-file", N_("Import"), N_("Import documents from a file, or write its template"), 0,
		0, why_not_import, run_import, NULL},
};
const struct action_table import_ask_actions = {
	.context = "import-file",
	.title = N_("From a file"),
	ACTION_TABLE_ROWS(import_rows),
};
