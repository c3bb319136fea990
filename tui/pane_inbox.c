/*
 * The inbox: what HQ refused, what it wants a person to look at, and what has not left yet. Nothing
 * goes away by itself but what was sent; a person takes the rest off, and it stays on record.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "tui/dialog.h"
#include "tui/document_new.h"
#include "tui/inbox_rows.h"
#include "tui/list.h"
#include "tui/panes.h"
#include "tui/tabs.h"

/* A rule, and the row under the cursor in words. */
#define ABOUT_ROWS 5
#define ABOUT_ROWS_LOW 4

struct inbox {
	struct document_rows rows; /* first, as document_rows.h asks */
	struct shop *shop;
	struct tabs tabs;
	struct list list;
	bool is_stale;
	enum staff_role role; /* whom the rows were read for */
	int about_rows;
	char chosen[64];   /* the id a question is about */
	char trouble[200]; /* why HQ is not on the line; "" if it is */
};

enum { COLUMN_MARK, COLUMN_WHEN, COLUMN_WHAT, COLUMN_DOCUMENT, COLUMN_WHY, COLUMN_BY };

static const struct list_column list_columns[] = {
	{.title = "", .width_cols = 1},
	{.title = N_("When"), .width_cols = 11, .is_key = true},
	{.title = N_("What"), .width_cols = 22, .flex = 2},
	{.title = N_("About"), .width_cols = 16, .flex = 2, .drop = 1},
	{.title = N_("Why"), .width_cols = 16, .flex = 2, .drop = 2},
	{.title = N_("By"), .width_cols = 8, .flex = 1, .drop = 3},
};

static const struct {
	const char *mark;
	enum role role;
	const char *state; /* N_ or NULL: what stands in the column Why instead of a reason */
} looks[] = {
	[INBOX_IS_REJECTED] = {"!", ROLE_ERROR, NULL},
	[INBOX_IS_PARKED] = {"?", ROLE_WARN, N_("HQ waits for the document")},
	[INBOX_IS_AMBER] = {"*", ROLE_PENDING, NULL},
	[INBOX_IS_EXCEPTION] = {"!", ROLE_WARN, NULL},
	[INBOX_IS_WAITING] = {"*", ROLE_PENDING, N_("not sent yet")},
	[INBOX_IS_SENT] = {"*", ROLE_PENDING, N_("sent, no answer yet")},
};

/* ------------------------------------------------------------------ rows */

static void put_about(const struct inbox *inbox, const struct inbox_row *row, struct list_cell *out)
{
	if (row->about[0])
		snprintf(out->text, sizeof(out->text), "%s", row->about);
	else if (row->subject.kind[0])
		shop_document_name(inbox->shop, row->subject.kind, row->subject.id, out->text,
			sizeof(out->text));
}

/* Why is what the reason is; an exception's reason is what it is, so its product stands there. */
static void put_why(const struct inbox *inbox, const struct inbox_row *row, struct list_cell *out)
{
	char product[SHOP_NAME_BYTES];

	if (inbox_is_dossier(row)) {
		shop_product_name(inbox->shop, row->sku, product, sizeof(product));
		/* TRANSLATORS: how many redemptions of one code, the product. */
		snprintf(out->text, sizeof(out->text),
			ngettext("%lld redemption, %s", "%lld redemptions, %s",
				(unsigned long)row->redemptions),
			(long long)row->redemptions, product);
	} else if (row->kind == INBOX_IS_EXCEPTION && row->sku[0])
		shop_product_name(inbox->shop, row->sku, out->text, sizeof(out->text));
	else if (row->kind == INBOX_IS_EXCEPTION)
		snprintf(out->text, sizeof(out->text), "%s", row->message);
	else
		snprintf(out->text, sizeof(out->text), "%s",
			looks[row->kind].state ? gettext(looks[row->kind].state)
					       : inbox_reason(row));
}

static void inbox_cell(void *ctx, const void *it, int column, struct list_cell *out)
{
	const struct inbox *inbox = ctx;
	const struct inbox_row *row = it;
	char when[SHOP_WHEN_BYTES];

	switch (column) {
	case COLUMN_MARK:
		snprintf(out->text, sizeof(out->text), "%s", looks[row->kind].mark);
		out->role = looks[row->kind].role;
		break;
	case COLUMN_WHEN:
		shop_when(inbox->shop, row->at_ms, when);
		snprintf(out->text, sizeof(out->text), "%s", when);
		break;
	case COLUMN_WHAT:
		snprintf(out->text, sizeof(out->text), "%s",
			shop_word(row->kind == INBOX_IS_EXCEPTION ? "exception" : "op", row->what));
		break;
	case COLUMN_DOCUMENT:
		put_about(inbox, row, out);
		break;
	case COLUMN_WHY:
		put_why(inbox, row, out);
		break;
	default:
		shop_staff_name(inbox->shop, row->actor, out->text, sizeof(out->text));
		break;
	}
}

static const struct list_source inbox_source = {
	.row_bytes = sizeof(struct inbox_row),
	.count = document_rows_count,
	.fetch = document_rows_fetch,
	.rank = document_rows_rank,
	.cell = inbox_cell,
};

static const char *empty_text(enum inbox_tab tab)
{
	if (tab == INBOX_REFUSED)
		return _("HQ has refused nothing.");
	return tab == INBOX_EXCEPTIONS ? _("There are no exceptions to look at.")
				       : _("Everything has been sent.");
}

static void read_again(struct inbox *inbox)
{
	struct console_counts all;
	long counts[INBOX_TABS];

	inbox->is_stale = false;
	inbox->role = inbox->shop->role;
	inbox_read(inbox->shop, (enum inbox_tab)inbox->tabs.now, &inbox->rows);
	console_count(inbox->shop->console, inbox->shop->store, &all);
	inbox_count(inbox->shop, &all, counts);
	for (int i = 0; i < INBOX_TABS; i++)
		inbox->tabs.items[i].count = counts[i];
	for (int i = 0; i < INBOX_UNSENT; i++)
		inbox->tabs.items[i].role = inbox->tabs.items[i].count > 0 ? ROLE_WARN
									   : ROLE_NORMAL;
	snprintf(inbox->trouble, sizeof(inbox->trouble), "%s", all.online ? "" : all.trouble);
	list_changed(&inbox->list);
	inbox->list.empty = empty_text((enum inbox_tab)inbox->tabs.now);
}

/* Who comes here comes for what there is: an empty tab gives way to the first that is not. */
static void inbox_open(void *self)
{
	struct inbox *inbox = self;
	int first = 0;

	read_again(inbox);
	while (first < INBOX_TABS && inbox->tabs.items[first].count == 0)
		first++;
	if (first < INBOX_TABS && inbox->tabs.items[inbox->tabs.now].count == 0)
		tabs_choose(&inbox->tabs, first);
}

static void tab_changed(void *ctx)
{
	struct inbox *inbox = ctx;

	inbox->is_stale = true;
	list_restart(&inbox->list);
}

static const struct inbox_row *now(const struct inbox *inbox)
{
	return list_row(&inbox->list);
}

/* ------------------------------------------------------------------ actions */

static const char *why_nothing(void *ctx, int arg)
{
	(void)arg;
	return now(ctx) ? NULL : _("There is nothing under the cursor.");
}

static void run_open(void *ctx, int arg)
{
	struct inbox *inbox = ctx;
	const struct inbox_row *row = now(inbox);
	struct text text = TEXT_INIT(TEXT_SMALL);

	(void)arg;
	if (inbox_is_dossier(row)) {
		shop_open_document(inbox->shop, "dossier", row->id);
		return;
	}
	inbox_tell(inbox->shop, row, &text);
	dialog_page(inbox->shop->app, inbox_reason(row)[0] ? inbox_reason(row) : _("Not sent yet"),
		text_get(&text));
	text_free(&text);
}

static const char *why_no_document(void *ctx, int arg)
{
	const struct inbox_row *row = now(ctx);

	if (!row)
		return why_nothing(ctx, arg);
	if (row->about[0])
		return _("It was refused: there is no such document.");
	return row->subject.kind[0] ? NULL : _("This is about no document.");
}

static void run_document(void *ctx, int arg)
{
	struct inbox *inbox = ctx;
	const struct inbox_row *row = now(inbox);

	(void)arg;
	shop_open_document(inbox->shop, row->subject.kind, row->subject.id);
}

static const char *why_not_again(void *ctx, int arg)
{
	static char text[SHOP_NAME_BYTES + 100];
	const struct inbox *inbox = ctx;
	const struct inbox_row *row = now(inbox);
	char store[SHOP_NAME_BYTES];

	if (!row)
		return why_nothing(ctx, arg);
	if (row->kind != INBOX_IS_REJECTED || row->makes == NEW_DOCUMENTS)
		return _("Only a new stock document that was refused can be taken up again.");
	if (strcmp(row->store, inbox->shop->store) != 0) {
		shop_store_name(inbox->shop, row->store, store, sizeof(store));
		snprintf(text, sizeof(text), _("It was keyed in for %s. Take it up there."), store);
		return text;
	}
	return shop_may(inbox->shop, row->what);
}

/* The draft of its kind gets what was refused; then it is corrected and created like any other. */
static void run_again(void *ctx, int arg)
{
	struct inbox *inbox = ctx;
	const struct inbox_row *row = now(inbox);
	enum new_document kind = row->makes;
	char *line = db_get_text(inbox->shop->console->outbox,
		"SELECT line FROM command WHERE id = $1", "t", row->id);
	cJSON *json = line ? json_parse(line, strlen(line), NULL, 0) : NULL;

	(void)arg;
	if (document_new_take_up(inbox->shop, kind, json_object(json, "data"))) {
		shop_push(inbox->shop, pane_new_document_new(inbox->shop, kind));
		app_say(inbox->shop->app, ROLE_OK, "%s",
			_("This was refused. Correct it and create it anew."));
	}
	cJSON_Delete(json);
	free(line);
}

static void run_dossiers(void *ctx, int arg)
{
	struct inbox *inbox = ctx;

	(void)arg;
	shop_push(inbox->shop, pane_dossiers_new(inbox->shop));
}

static void dismiss(void *ctx)
{
	struct inbox *inbox = ctx;

	if (console_dismiss(inbox->shop->console, inbox->chosen))
		app_say(inbox->shop->app, ROLE_OK, "%s",
			_("Taken off the inbox. It stays on record."));
	else
		app_say(inbox->shop->app, ROLE_ERROR, "%s",
			_("The disk would not take it: it is still in the inbox."));
	inbox->is_stale = true;
	shop_tell_changed(inbox->shop);
}

static void withdraw(void *ctx)
{
	struct inbox *inbox = ctx;

	if (console_withdraw(inbox->shop->console, inbox->chosen))
		app_say(inbox->shop->app, ROLE_OK, "%s", _("Taken back. HQ never gets it."));
	else
		app_say(inbox->shop->app, ROLE_WARN, "%s",
			_("It had left already. HQ answers it."));
	inbox->is_stale = true;
	shop_tell_changed(inbox->shop);
}

/* Names the thing a question is about: what, and of which document. */
static void name_row(const struct inbox *inbox, const struct inbox_row *row, char *out, size_t size)
{
	struct list_cell about = {"", ROLE_NORMAL};

	put_about(inbox, row, &about);
	snprintf(out, size, "%s%s%s",
		shop_word(row->kind == INBOX_IS_EXCEPTION ? "exception" : "op", row->what),
		about.text[0] ? ", " : "", about.text);
}

static void ask(struct inbox *inbox, const char *title, const char *format, void (*yes)(void *ctx))
{
	const struct inbox_row *row = now(inbox);
	char name[400];
	char text[800];

	name_row(inbox, row, name, sizeof(name));
	snprintf(inbox->chosen, sizeof(inbox->chosen), "%s", row->id);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, name); /* The formats are ours, from the two below. */
#pragma GCC diagnostic pop
	dialog_confirm(inbox->shop->app,
		&(struct dialog_confirm_spec){.title = title,
			.text = text,
			.yes_label = title,
			.yes = yes,
			.ctx = inbox});
}

static const char *why_not_dismiss(void *ctx, int arg)
{
	const struct inbox_row *row = now(ctx);

	if (!row)
		return why_nothing(ctx, arg);
	if (inbox_is_dossier(row))
		return _("A dossier leaves the inbox when it is settled: open it.");
	if (row->kind == INBOX_IS_AMBER)
		return _("HQ has not answered it yet.");
	return row->kind == INBOX_IS_WAITING || row->kind == INBOX_IS_SENT
		? _("It is not refused; it leaves the list when it has been sent.")
		: NULL;
}

static void run_dismiss(void *ctx, int arg)
{
	(void)arg;
	ask(ctx, _("Dismiss"),
		_("%s\n\nIt leaves the inbox of this console and stays on record. Has it been dealt with?"),
		dismiss);
}

static const char *why_not_withdraw(void *ctx, int arg)
{
	const struct inbox_row *row = now(ctx);

	if (!row)
		return why_nothing(ctx, arg);
	return row->kind == INBOX_IS_WAITING ? NULL
					     : _("Only what has not been sent can be taken back.");
}

static void run_withdraw(void *ctx, int arg)
{
	(void)arg;
	ask(ctx, _("Take back"), _("%s\n\nIt is not sent to HQ, and what it did here is undone."),
		withdraw);
}

static const struct action inbox_rows_[] = {
	{"open", N_("Details"), N_("Show the whole of it; open a dossier"), ACTION_HINT, 0,
		why_nothing, run_open, NULL},
	{"document", N_("Document"), N_("Open the document it is about"), ACTION_HINT, 0,
		why_no_document, run_document, NULL},
	{"edit-again", N_("Edit again"),
		N_("Key in anew what was refused, with all that stood there"), ACTION_HINT, 0,
		why_not_again, run_again, NULL},
	{"dismiss", N_("Dismiss"), N_("Take it off the inbox; it stays on record"), ACTION_HINT, 0,
		why_not_dismiss, run_dismiss, NULL},
	{"all-dossiers", N_("Dossiers"), N_("Every dossier, settled ones too"), 0, 0, NULL,
		run_dossiers, NULL},
	{"withdraw", N_("Take back"), N_("Take back what has not been sent"), ACTION_HINT, 0,
		why_not_withdraw, run_withdraw, NULL},
};
const struct action_table inbox_actions = {
	.context = "inbox",
	.title = N_("Inbox"),
	ACTION_TABLE_ROWS(inbox_rows_),
};

static size_t inbox_scopes(void *self, struct action_scope *out, size_t max)
{
	struct inbox *inbox = self;

	if (max < 3)
		return 0;
	out[0] = (struct action_scope){&inbox_actions, inbox};
	out[1] = (struct action_scope){&tabs_actions, &inbox->tabs};
	out[2] = (struct action_scope){&list_actions, &inbox->list};
	return 3;
}

/* ------------------------------------------------------------------ painting */

static void inbox_recalc(void *self, const struct layout *layout)
{
	struct inbox *inbox = self;

	if (inbox->is_stale || inbox->role != inbox->shop->role)
		read_again(inbox);
	inbox->about_rows = layout->rows < LAYOUT_NORMAL_ROWS ? ABOUT_ROWS_LOW : ABOUT_ROWS;
	list_recalc(&inbox->list, layout->body.rows - 2 - inbox->about_rows);
}

static void paint_about(const struct inbox *inbox, const struct rect *area)
{
	const struct inbox_row *row = now(inbox);
	struct rect text = {area->y + 1, area->x + 2, area->rows - 1, area->cols - 4};
	char why[600];

	if (!row)
		return;
	draw_rule(area->y, area->x, area->cols, ROLE_DIM);
	if (row->message[0])
		snprintf(why, sizeof(why), _("%s: %s"), inbox_reason(row), row->message);
	else
		snprintf(why, sizeof(why), "%s", inbox_reason(row));
	if (why[0])
		text.y += draw_paragraph(&(struct rect){text.y, text.x, 2, text.cols},
			looks[row->kind].role, why, 0);
	text.rows = area->y + area->rows - text.y;
	text.y += draw_paragraph(&text, ROLE_NORMAL, inbox_way_out(row), 0);
	if (row->kind == INBOX_IS_WAITING && inbox->trouble[0] && text.y < area->y + area->rows)
		draw_text(text.y, text.x, text.cols, ROLE_WARN, gettext(inbox->trouble));
}

static void inbox_repaint(void *self, const struct rect *area)
{
	struct inbox *inbox = self;
	struct rect rows = *area;
	struct rect top = layout_take_top(&rows, 2);
	struct rect about = layout_take_bottom(&rows, inbox->about_rows);

	tabs_repaint(&inbox->tabs, top.y, top.x + 1, top.cols - 2);
	list_repaint(&inbox->list, &rows);
	paint_about(inbox, &about);
}

/* ------------------------------------------------------------------ the pane */

static void inbox_title(void *self, char *out, size_t size)
{
	(void)self;
	snprintf(out, size, "%s", _("Inbox"));
}

static const char *inbox_help(void *self)
{
	(void)self;
	return _(
		"Refused: commands HQ did not carry out, with the reason and the way out; what they did here is undone. Exceptions: things HQ recorded that collided with something and want a look. Unsent: what is saved here and waits for the line. Nothing here holds up anything else.");
}

static void inbox_close(void *self)
{
	struct inbox *inbox = self;

	list_free(&inbox->list);
	document_rows_free(&inbox->rows);
	free(inbox);
}

static void inbox_on_change(void *self)
{
	((struct inbox *)self)->is_stale = true;
}

static const struct pane_ops inbox_ops = {
	.context = "inbox",
	.title = inbox_title,
	.help = inbox_help,
	.open = inbox_open,
	.close = inbox_close,
	.scopes = inbox_scopes,
	.recalc = inbox_recalc,
	.repaint = inbox_repaint,
	.on_change = inbox_on_change,
};

struct pane pane_inbox_new(struct shop *shop)
{
	struct inbox *inbox = calloc(1, sizeof(*inbox));

	if (!inbox)
		return (struct pane){NULL, NULL};
	inbox->shop = shop;
	inbox->is_stale = true;
	inbox->tabs = (struct tabs){
		.items = {{.label = N_("Refused")}, {.label = N_("Exceptions")},
			{.label = N_("Unsent")}},
		.count = INBOX_TABS,
		.changed = tab_changed,
		.ctx = inbox,
	};
	document_rows_init(&inbox->rows, sizeof(struct inbox_row));
	if (!list_init(&inbox->list, &inbox_source, inbox, list_columns,
		    sizeof(list_columns) / sizeof(list_columns[0]))) {
		free(inbox);
		return (struct pane){NULL, NULL};
	}
	return (struct pane){&inbox_ops, inbox};
}
