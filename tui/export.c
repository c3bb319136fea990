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
#include "tui/count_sheet.h"
#include "tui/dialog.h"
#include "tui/export_view.h"
#include "tui/task.h"

#define SLICE_ROWS 200
#define NAME_BYTES 128

/* ------------------------------------------------------------------ kinds of files */

/* How rows of a view become a file, slice by slice; as the functions of export_view.h. */
struct export_way {
	const char *ending; /* of the name that is offered */
	const char *text;   /* N_: about the name */
	const char *wrong;  /* N_: of a name with another ending */
	bool is_paper;      /* in the order of the SKUs, however the list is sorted */
	bool (*takes)(const char *path);
	void *(*open)(struct shop *shop, const struct view_query *query, const char *path,
		char *error, size_t size);
	bool (*rows)(void *file, struct db *db, int most);
	int64_t (*count)(const void *file);
	bool (*end)(void *file, char *error, size_t size);
	void (*abandon)(void *file);
};

static void *view_open(struct shop *shop, const struct view_query *query, const char *path,
	char *error, size_t size)
{
	struct export_view *file = export_view_open(query, shop->tz_minutes, path, error, size);

	if (file && !shop_sees_codes(shop))
		export_view_mask(file);
	return file;
}

static bool view_rows(void *file, struct db *db, int most)
{
	return export_view_rows(file, db, most);
}

static int64_t view_rows_written(const void *file)
{
	return export_view_count(file);
}

static bool view_end(void *file, char *error, size_t size)
{
	return export_view_end(file, error, size);
}

static void view_abandon(void *file)
{
	export_view_abandon(file);
}

static const struct export_way table_way = {
	.ending = ".xlsx",
	.text = N_(
		"The file's name; its ending says what it becomes: .xlsx or .csv. ~ is the home folder."),
	.wrong = N_("The name must end in .xlsx or .csv."),
	.takes = grid_is_writable,
	.open = view_open,
	.rows = view_rows,
	.count = view_rows_written,
	.end = view_end,
	.abandon = view_abandon,
};

static void *paper_open(struct shop *shop, const struct view_query *query, const char *path,
	char *error, size_t size)
{
	struct db *cache = shop_db(shop);
	const struct count_sheet_wish wish = {query, shop->tz_minutes, shop_now(shop), path};

	if (cache)
		return count_sheet_open(cache, &wish, error, size);
	snprintf(error, size, "%s", _("the copy of HQ's data cannot be read."));
	return NULL;
}

static bool paper_rows(void *file, struct db *db, int most)
{
	return count_sheet_rows(file, db, most);
}

static int64_t paper_rows_written(const void *file)
{
	return count_sheet_count(file);
}

static bool paper_end(void *file, char *error, size_t size)
{
	return count_sheet_end(file, error, size);
}

static void paper_abandon(void *file)
{
	count_sheet_abandon(file);
}

#define PAPER_WAY(about)                                                                      \
	{                                                                                     \
		.ending = ".txt", .text = (about), .wrong = N_("The name must end in .txt."), \
		.is_paper = true, .takes = count_sheet_is_writable, .open = paper_open,       \
		.rows = paper_rows, .count = paper_rows_written, .end = paper_end,            \
		.abandon = paper_abandon,                                                     \
	}

static const struct export_way paper_way = PAPER_WAY(N_(
	"A sheet to print and count with, without any figure. The name ends in .txt; ~ is the home folder."));
static const struct export_way picks_way = PAPER_WAY(N_(
	"What this store is proposed to pick, to print. The name ends in .txt; ~ is the home folder."));

/* ------------------------------------------------------------------ saying how it went */

static void say_written(struct shop *shop, int64_t rows, const char *path)
{
	/* TRANSLATORS: how many rows, the file. */
	app_say(shop->app, ROLE_OK,
		ngettext("%lld row written to %s", "%lld rows written to %s", (unsigned long)rows),
		(long long)rows, path);
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
	const struct export_way *way;
	void *file;
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
	if (!cache || !job->way->rows(job->file, cache, SLICE_ROWS))
		return false;
	rows = job->way->count(job->file);
	*permille = job->total > 0 && rows < job->total ? (int)(rows * 1000 / job->total) : 999;
	return true;
}

static void job_end(void *ctx, bool is_whole)
{
	struct job *job = ctx;
	int64_t rows = job->way->count(job->file);
	char error[300];

	if (!is_whole || job->has_lost_data)
		job->way->abandon(job->file);
	if (!is_whole)
		app_say(job->shop->app, ROLE_WARN, "%s", _("Stopped. Nothing was written."));
	else if (job->has_lost_data)
		say_failed(job->shop, _("the copy of HQ's data cannot be read."));
	else if (job->way->end(job->file, error, sizeof(error)))
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
	job->way = export->way;
	if (job->way->is_paper) {
		source_order(&job->source, NULL);
		job->source.is_reversed = false;
	}
	job->total = source_count(&job->source);
	snprintf(job->path, sizeof(job->path), "%s", export->path);
	source_query(&job->source, &query);
	job->file = job->way->open(shop, &query, job->path, error, sizeof(error));
	if (!job->file) {
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
	if (!export->way->takes(export->path))
		return gettext(export->way->wrong);
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
	snprintf(file, sizeof(file), "%s-%s%s", name, day, export->way->ending);
	file_name_begin(file, initial);
	dialog_entry(shop->app,
		&(struct dialog_entry_spec){
			.title = _("Write to a file"),
			.text = gettext(export->way->text),
			.initial = initial,
			.kind = DIALOG_PATH,
			.submit = take_name,
			.ctx = export,
		});
}

const char *export_why_not(const struct export *export)
{
	/* Ticket clerks list and redeem; what is in a file leaves the shop. */
	const char *why_not = shop_needs(export->shop, ROLE_CLERK);

	if (why_not)
		return why_not;
	if (!shop_db(export->shop))
		return _("The copy of HQ's data cannot be read now.");
	if (export->list && !list_row(export->list))
		return _("The list is empty: there is nothing to write.");
	return export->why_not ? export->why_not(export->ctx) : NULL;
}

void export_list(struct export *export, struct shop *shop, const struct source *source,
	const struct list *list)
{
	*export = (struct export){.shop = shop, .way = &table_way, .source = source, .list = list};
}

void export_count_sheet(struct export *export, struct shop *shop, const struct source *source,
	const struct list *list)
{
	*export = (struct export){.shop = shop, .way = &paper_way, .source = source, .list = list};
}

void export_pick_list(struct export *export, struct shop *shop, const struct source *source,
	const struct list *list)
{
	*export = (struct export){.shop = shop, .way = &picks_way, .source = source, .list = list};
}

void export_call(struct export *export, struct shop *shop,
	bool (*write)(void *ctx, const char *path, int64_t *rows, char *error, size_t size),
	void *ctx)
{
	*export = (struct export){.shop = shop, .way = &table_way, .write = write, .ctx = ctx};
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

static const struct action count_sheet_rows_of_keys[] = {
	{"print-sheet", N_("Count sheet"),
		N_("Write these lines as a sheet to print and count with"), 0, 0, why_not_write,
		run_write, NULL},
};
const struct action_table count_sheet_actions = {
	.context = "count-sheet",
	.title = N_("Count sheet"),
	ACTION_TABLE_ROWS(count_sheet_rows_of_keys),
};
