/*
 * The pane of kit_demo that opens every kind of box.
 */
#include "tests/screen/kit_demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/dialog.h"
#include "tui/form.h"

static char answer[256] = "nothing was answered yet";

static void ask_yes(void *ctx)
{
	(void)ctx;
	snprintf(answer, sizeof(answer), "answered yes");
}

static void ask_no(void *ctx)
{
	(void)ctx;
	snprintf(answer, sizeof(answer), "answered no");
}

static const char *ask_submit(void *ctx, const char *value)
{
	(void)ctx;
	snprintf(answer, sizeof(answer), "answered <%.200s>", value);
	return NULL;
}

static void ask_pick(void *ctx, size_t index)
{
	(void)ctx;
	snprintf(answer, sizeof(answer), "picked %zu", index);
}

static size_t ask_search(void *ctx, const char *text, struct form_pick *out, size_t max)
{
	static const char *const names[] = {"Kettle", "Kite", "Umbrella", "烏龍茶"};
	size_t count = 0;

	(void)ctx;
	for (size_t i = 0; i < 4 && count < max; i++) {
		if (strncmp(names[i], text, strlen(text)) != 0)
			continue;
		snprintf(out[count].id, sizeof(out[count].id), "sku-%zu", i);
		snprintf(out[count++].label, sizeof(out[0].label), "%s", names[i]);
	}
	return count;
}

static const char *ask_submit_form(void *ctx, struct form *form)
{
	(void)ctx;
	if (strcmp(form_value(form, "note"), "wrong") == 0)
		return "That note is wrong.";
	snprintf(answer, sizeof(answer), "form: %.60s|%.20s|%lld|%.12s|%.20s|%.20s",
		form_value(form, "note"), form_value(form, "product"),
		(long long)form_quantity_milli(form, "quantity"), form_value(form, "date"),
		form_value(form, "kind"), form_value(form, "pin"));
	return NULL;
}

static const struct form_choice ask_kinds[] = {{"full", "Full"}, {"part", "Partial"}};
static const struct form_field ask_fields[] = {
	{.name = "note",
		.kind = FORM_TEXT,
		.label = "Note",
		.hint = "Anything",
		.is_required = true},
	{.name = "product", .kind = FORM_PICK, .label = "Product", .pick = ask_search},
	{.name = "quantity", .kind = FORM_QUANTITY, .label = "Quantity", .is_required = true},
	{.name = "date", .kind = FORM_DATE, .label = "Expected date 預計到貨日"},
	{.name = "kind",
		.kind = FORM_CHOICE,
		.label = "Kind",
		.choices = ask_kinds,
		.choice_count = 2},
	{.name = "pin", .kind = FORM_PASSWORD, .label = "PIN"},
};

enum ask_kind {
	ASK_CONFIRM,
	ASK_DANGER,
	ASK_WORD,
	ASK_QUANTITY,
	ASK_MENU,
	ASK_FORM,
	ASK_TEXT,
	ASK_CRASH
};

static void ask_open_confirm(bool is_dangerous)
{
	dialog_confirm(demo_app,
		&(struct dialog_confirm_spec){
			.title = "Accept OUT-000001",
			.text = "The goods are on their way to 信義店. Accept them?",
			.yes_label = "Accept",
			.is_dangerous = is_dangerous,
			.yes = ask_yes,
			.no = ask_no,
		});
}

static void ask_open_entry(enum dialog_entry_kind kind, const char *word)
{
	dialog_entry(demo_app,
		&(struct dialog_entry_spec){
			.title = word ? "Cannot be undone" : "Quantity",
			.text = "Type it below.",
			.initial = word ? NULL : "12",
			.word = word,
			.kind = kind,
			.submit = ask_submit,
		});
}

static void ask_open_menu(void)
{
	static const struct dialog_menu_item items[] = {
		{"First", NULL}, {"Second", "The second is sold out."}, {"第三個", NULL}};

	dialog_menu(demo_app,
		&(struct dialog_menu_spec){
			.title = "Pick one", .items = items, .count = 3, .pick = ask_pick});
}

static void ask_open_form(void)
{
	form_open(demo_app,
		&(struct form_spec){
			.title = "New thing",
			.fields = ask_fields,
			.field_count = sizeof(ask_fields) / sizeof(ask_fields[0]),
			.submit_label = "Create",
			.submit = ask_submit_form,
		});
}

static void ask_open_page(void)
{
	static char text[4096];
	size_t used = 0;

	for (int i = 1; i <= 60; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
			i % 20 == 1 ? "=Part %d\n" : "Line %d\n", i);
	dialog_page(demo_app, "A page", text);
}

static void ask_run(void *self, int kind)
{
	(void)self;
	switch ((enum ask_kind)kind) {
	case ASK_CONFIRM:
	case ASK_DANGER:
		ask_open_confirm(kind == ASK_DANGER);
		break;
	case ASK_WORD:
		ask_open_entry(DIALOG_TEXT, "ST-42");
		break;
	case ASK_QUANTITY:
		ask_open_entry(DIALOG_QUANTITY, NULL);
		break;
	case ASK_MENU:
		ask_open_menu();
		break;
	case ASK_FORM:
		ask_open_form();
		break;
	case ASK_TEXT:
		ask_open_page();
		break;
	case ASK_CRASH:
		abort();
	}
}

#define ASK_ROW(name, label, kind)                                                \
	{                                                                         \
		name, label, "Open a box", ACTION_HINT, kind, NULL, ask_run, NULL \
	}
static const struct action ask_rows[] = {
	ASK_ROW("confirm", "Confirm", ASK_CONFIRM),
	ASK_ROW("danger", "Danger", ASK_DANGER),
	ASK_ROW("word", "Word", ASK_WORD),
	ASK_ROW("quantity", "Quantity", ASK_QUANTITY),
	ASK_ROW("menu", "Menu", ASK_MENU),
	ASK_ROW("form", "Form", ASK_FORM),
	ASK_ROW("text", "Text", ASK_TEXT),
	{"crash", "", "Crash", 0, ASK_CRASH, NULL, ask_run, NULL},
};
const struct action_table ask_actions = {
	.context = "demo-ask",
	.title = "Questions",
	ACTION_TABLE_ROWS(ask_rows),
};

static size_t ask_scopes(void *self, struct action_scope *out, size_t max)
{
	(void)max;
	out[0] = (struct action_scope){&ask_actions, self};
	return 1;
}

static void ask_title(void *self, char *out, size_t size)
{
	(void)self;
	snprintf(out, size, "Questions");
}

static void ask_repaint(void *self, const struct rect *area)
{
	(void)self;
	draw_text(area->y + 1, area->x + 2, area->cols - 4, ROLE_NORMAL, answer);
}

const struct pane_ops ask_ops = {
	.context = "demo-ask",
	.title = ask_title,
	.scopes = ask_scopes,
	.repaint = ask_repaint,
};
