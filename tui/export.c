/*
 *   asked ──name typed──> written, or asked again before it replaces a file
 *                              └──yes──> written
 *
 * The questions belong to the pane and end with it. What is being written belongs to the task: it has
 * its own copy of the filters.
 */
#include "tui/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/grid_write.h"
#include "model/i18n.h"
#include "tui/dialog.h"
#include "tui/export_view.h"
#include "tui/task.h"

#define SLICE_ROWS 200
#define NAME_BYTES 128

/* ------------------------------------------------------------------ saying how it went */

static void say_written(struct shop *shop, int64_t rows, const char *path)
{
	/* TRANSLATORS: how many rows, the file. */
	app_say(shop->app, ROLE_OK, _("%lld rows written to %s"), (long long)rows, path);
}

static void say_failed(struct shop *shop, const char *error)
{
	app_say(shop->app, ROLE_ERROR, _("Nothing was written: %s"), error);
	app_bell(shop->app);
}

/* ------------------------------------------------------------------ a list, in slices */

struct job {
	struct shop *shop;
	struct source source; /* a copy: its filters are the query's */
	struct export_view *view;
	int64_t total;
	char path[FILE_NAME_BYTES];
	bool has_lost_data; /* the cache went away meanwhile */
};

static bool job_step(void *ctx, int *permille)
{
	struct job *job = ctx;
	struct db *cache = shop_db(job->shop);
	int64_t rows;

	job->has_lost_data = !cache;
	if (!cache || !export_view_rows(job->view, cache, SLICE_ROWS))
		return false;
	rows = export_view_count(job->view);
	*permille = job->total > 0 && rows < job->total ? (int)(rows * 1000 / job->total) : 999;
	return true;
}

static void job_end(void *ctx, bool is_whole)
{
	struct job *job = ctx;
	int64_t rows = export_view_count(job->view);
	char error[300];

	if (!is_whole || job->has_lost_data)
		export_view_abandon(job->view);
	if (!is_whole)
		app_say(job->shop->app, ROLE_WARN, "%s", _("Stopped. Nothing was written."));
	else if (job->has_lost_data)
		say_failed(job->shop, _("the copy of HQ's data cannot be read."));
	else if (export_view_end(job->view, error, sizeof(error)))
		say_written(job->shop, rows, job->path);
	else
		say_failed(job->shop, error);
	free(job);
}

static void write_list(struct export *export)
{
	struct shop *shop = export->shop;
	struct job *job = calloc(1, sizeof(*job));
	struct view_query query;
	char text[FILE_NAME_BYTES + 100];
	char error[300] = "";

	if (!job) {
		say_failed(shop, _("There is not enough memory."));
		return;
	}
	job->shop = shop;
	job->source = *export->source;
	job->total = source_count(&job->source);
	snprintf(job->path, sizeof(job->path), "%s", export->path);
	source_query(&job->source, &query);
	job->view = export_view_open(&query, shop->tz_minutes, job->path, error, sizeof(error));
	if (!job->view) {
		say_failed(shop, error);
		free(job);
		return;
	}
	snprintf(text, sizeof(text), _("%lld rows go to %s."), (long long)job->total, job->path);
	task_run(shop->app,
		&(struct task_spec){
			.title = _("Writing the file"),
			.text = text,
			.step = job_step,
			.end = job_end,
			.ctx = job,
		});
}

/* ------------------------------------------------------------------ asking */

static void write_now(void *ctx)
{
	struct export *export = ctx;
	char error[300] = "";
	int64_t rows = 0;

	if (!export->write)
		write_list(export);
	else if (export->write(export->ctx, export->path, &rows, error, sizeof(error)))
		say_written(export->shop, rows, export->path);
	else
		say_failed(export->shop, error);
}

static void ask_to_replace(struct export *export)
{
	char text[FILE_NAME_BYTES + 100];

	snprintf(text, sizeof(text), _("%s is there already. Writing replaces it."), export->path);
	dialog_confirm(export->shop->app,
		&(struct dialog_confirm_spec){
			.title = _("Replace the file"),
			.text = text,
			.yes_label = _("Replace"),
			.is_dangerous = true,
			.yes = write_now,
			.ctx = export,
		});
}

static const char *take_name(void *ctx, const char *typed)
{
	struct export *export = ctx;
	const char *wrong;

	if (!file_name_expand(typed, export->path))
		return _("That name is too long.");
	if (!grid_is_writable(export->path))
		return _("The name must end in .xlsx or .csv.");
	wrong = file_name_why_not(export->path);
	if (wrong)
		return wrong;
	file_name_keep(typed);
	if (file_name_is_taken(export->path))
		ask_to_replace(export);
	else
		write_now(export);
	return NULL;
}

void export_ask(struct export *export)
{
	struct shop *shop = export->shop;
	char name[NAME_BYTES] = "";
	char day[SHOP_WHEN_BYTES];
	char file[NAME_BYTES + SHOP_WHEN_BYTES + 8];
	char initial[FILE_NAME_BYTES];

	if (export->name)
		export->name(export->ctx, name, sizeof(name));
	else if (export->source)
		snprintf(name, sizeof(name), "%s", export->source->view->name);
	shop_day(shop, shop_now(shop), day);
	snprintf(file, sizeof(file), "%s-%s.xlsx", name, day);
	file_name_begin(file, initial);
	dialog_entry(shop->app,
		&(struct dialog_entry_spec){
			.title = _("Write to a file"),
			.text = _(
				"The file's name; its ending says what it becomes: .xlsx or .csv. ~ is the home folder."),
			.initial = initial,
			.kind = DIALOG_PATH,
			.submit = take_name,
			.ctx = export,
		});
}

const char *export_why_not(const struct export *export)
{
	if (!shop_db(export->shop))
		return _("The copy of HQ's data cannot be read now.");
	if (export->list && !list_row(export->list))
		return _("The list is empty: there is nothing to write.");
	return export->why_not ? export->why_not(export->ctx) : NULL;
}

void export_list(struct export *export, struct shop *shop, const struct source *source,
	const struct list *list)
{
	*export = (struct export){.shop = shop, .source = source, .list = list};
}

void export_call(struct export *export, struct shop *shop,
	bool (*write)(void *ctx, const char *path, int64_t *rows, char *error, size_t size),
	void *ctx)
{
	*export = (struct export){.shop = shop, .write = write, .ctx = ctx};
}

/* ------------------------------------------------------------------ keys */

static const char *why_not_write(void *ctx, int arg)
{
	(void)arg;
	return export_why_not(ctx);
}

static void run_write(void *ctx, int arg)
{
	(void)arg;
	export_ask(ctx);
}

static const struct action export_rows[] = {
	{"write-file", N_("To file"), N_("Write this list to a CSV or XLSX file"), 0, 0,
		why_not_write, run_write, NULL},
};
const struct action_table export_actions = {
	.context = "export",
	.title = N_("To a file"),
	ACTION_TABLE_ROWS(export_rows),
};
