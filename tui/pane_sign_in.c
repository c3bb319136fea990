/*
 * Who is working here? It lies over everything until the answer is proved by a PIN.
 *
 *     waiting ──staff of the store arrive──> choosing ──Enter──> PIN ──right PIN──> gone
 *                                               ^                 │
 *                                               └───────Esc───────┘
 *
 * Wrong PINs are slowed down: after a few of them each one costs twice the wait of the one before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/staff.h"
#include "tui/box.h"
#include "tui/cols.h"
#include "tui/edit.h"
#include "tui/list.h"
#include "tui/panes.h"
#include "tui/screen_parts.h"
#include "tui/source.h"

#define SIGN_IN_COLS 56
#define SIGN_IN_ROWS_MAX 18
#define SIGN_IN_ROWS_SHORT 11
#define HEAD_ROWS 2 /* the field, and what is wrong */
#define SIGN_IN_FREE_TRIES 3
#define SIGN_IN_WAIT_MS INT64_C(5000)
#define SIGN_IN_WAIT_DOUBLINGS 6
#define SIGN_IN_SECOND_MS 1000

enum step { STEP_WAITING, STEP_CHOOSING, STEP_PIN };

struct sign_in {
	struct shop *shop;
	enum step step;
	struct edit name;
	struct edit pin;
	struct source source;
	struct list list;
	char staff[COMMAND_ID_MAX + 1]; /* who was chosen */
	char error[200];
	struct layout layout;
	struct rect frame;
	struct rect inner;
};

static const struct source_column source_columns[] = {
	{.column = "id"},
	{.column = "name"},
	{.column = "role", .kind = SOURCE_WORD, .group = "role"},
};

static const struct list_column list_columns[] = {
	{.title = N_("Id"), .width_cols = 12, .flex = 1, .is_key = true},
	{.title = N_("Name"), .width_cols = 18, .flex = 2},
	{.title = N_("Role"), .width_cols = 12},
};

/* ------------------------------------------------------------------ steps */

static bool has_staff(const struct sign_in *sign_in)
{
	struct source everyone = sign_in->source;

	source_where(&everyone, "q", NULL);
	return source_count(&everyone) > 0;
}

static void choose_step(struct sign_in *sign_in)
{
	if (sign_in->step != STEP_PIN)
		sign_in->step = has_staff(sign_in) ? STEP_CHOOSING : STEP_WAITING;
}

static void forget_pin(struct sign_in *sign_in)
{
	memset(&sign_in->pin, 0, sizeof(sign_in->pin));
	edit_init(&sign_in->pin, STAFF_PIN_MAX);
}

static void say_wrong(struct sign_in *sign_in, const char *text)
{
	snprintf(sign_in->error, sizeof(sign_in->error), "%s", text);
}

static void nothing(void *ctx)
{
	(void)ctx;
}

/* The seconds still to wait; paints again when the next one has passed. */
static long locked_s(const struct sign_in *sign_in)
{
	struct shop *shop = sign_in->shop;
	int64_t left_ms = shop->pins_locked_until_ms - app_now_ms();

	if (left_ms <= 0)
		return 0;
	app_timer(shop->app, app_now_ms() + SIGN_IN_SECOND_MS, nothing, &shop->wrong_pins);
	return (long)((left_ms + SIGN_IN_SECOND_MS - 1) / SIGN_IN_SECOND_MS);
}

static void note_wrong_pin(struct sign_in *sign_in)
{
	struct shop *shop = sign_in->shop;
	int over = ++shop->wrong_pins - SIGN_IN_FREE_TRIES;

	app_bell(shop->app);
	say_wrong(sign_in, _("That is not the PIN. Try again."));
	if (over < 0)
		return;
	if (over > SIGN_IN_WAIT_DOUBLINGS)
		over = SIGN_IN_WAIT_DOUBLINGS;
	shop->pins_locked_until_ms = app_now_ms() + (SIGN_IN_WAIT_MS << over);
}

/* ------------------------------------------------------------------ choosing */

static void apply_name(struct sign_in *sign_in)
{
	source_where(&sign_in->source, "q", sign_in->name.text);
	list_restart(&sign_in->list);
	sign_in->error[0] = '\0';
}

/* An id typed in full wins; otherwise the row under the cursor. */
static void choose(struct sign_in *sign_in)
{
	struct db *cache = shop_db(sign_in->shop);
	const char *typed = sign_in->name.text;
	const void *row = list_row(&sign_in->list);
	const char *staff = row ? source_text(&sign_in->source, row, "id") : "";

	if (typed[0] && cache && staff_role(cache, typed, sign_in->shop->store) != ROLE_NONE)
		staff = typed;
	if (!staff[0]) {
		say_wrong(sign_in, _("Nobody of this store is called that."));
		return;
	}
	snprintf(sign_in->staff, sizeof(sign_in->staff), "%.*s", COMMAND_ID_MAX, staff);
	sign_in->error[0] = '\0';
	forget_pin(sign_in);
	sign_in->step = STEP_PIN;
}

static void go_back(struct sign_in *sign_in)
{
	forget_pin(sign_in);
	sign_in->error[0] = '\0';
	sign_in->step = STEP_CHOOSING;
	choose_step(sign_in);
}

/* ------------------------------------------------------------------ the PIN */

/* The hash of the chosen person's PIN; "" if none was set. The caller frees it. */
static char *find_hash(const struct sign_in *sign_in)
{
	struct db *cache = shop_db(sign_in->shop);

	return cache ? db_get_text(cache, "SELECT pin_hash FROM staff WHERE id = $1", "t",
			       sign_in->staff)
		     : NULL;
}

/* False, and said, unless the PIN is right. */
static bool check_pin(struct sign_in *sign_in)
{
	char *hash = find_hash(sign_in);
	bool is_set = hash && hash[0];
	bool is_right = is_set && staff_pin_matches(hash, sign_in->pin.text);

	if (!is_set)
		say_wrong(sign_in, _("No PIN is set for this person yet. A manager sets one."));
	else if (!is_right)
		note_wrong_pin(sign_in);
	free(hash);
	return is_right;
}

static void enter(struct sign_in *sign_in, enum staff_role role)
{
	struct shop *shop = sign_in->shop;

	snprintf(shop->staff, sizeof(shop->staff), "%s", sign_in->staff);
	shop_staff_name(shop, shop->staff, shop->staff_name, sizeof(shop->staff_name));
	shop->role = role;
	shop->wrong_pins = 0;
	shop->pins_locked_until_ms = 0;
	forget_pin(sign_in);
	app_say(shop->app, ROLE_OK, _("Signed in: %s."), shop->staff_name);
	app_close(shop->app, sign_in);
	app_changed(shop->app);
}

static void try_pin(struct sign_in *sign_in)
{
	struct db *cache = shop_db(sign_in->shop);
	enum staff_role role = cache ? staff_role(cache, sign_in->staff, sign_in->shop->store)
				     : ROLE_NONE;

	if (!sign_in->pin.text[0])
		return;
	if (locked_s(sign_in) > 0) {
		app_bell(sign_in->shop->app);
	} else if (role == ROLE_NONE) {
		say_wrong(sign_in, _("This person does not work here any more. Esc goes back."));
	} else if (check_pin(sign_in)) {
		enter(sign_in, role);
		return;
	}
	forget_pin(sign_in);
}

/* ------------------------------------------------------------------ actions */

static void run_go_on(void *ctx, int arg)
{
	struct sign_in *sign_in = ctx;

	(void)arg;
	if (sign_in->step == STEP_CHOOSING)
		choose(sign_in);
	else if (sign_in->step == STEP_PIN)
		try_pin(sign_in);
}

static const char *why_not_go_on(void *ctx, int arg)
{
	const struct sign_in *sign_in = ctx;

	(void)arg;
	return sign_in->step == STEP_WAITING
		? _("It goes on by itself as soon as the data is here.")
		: NULL;
}

static void run_quit(void *ctx, int arg)
{
	const struct sign_in *sign_in = ctx;

	(void)arg;
	app_quit(sign_in->shop->app);
}

static const struct action sign_in_rows[] = {
	{"go-on", N_("Go on"), N_("Take the person, or check the PIN"), ACTION_HINT_FIRST, 0,
		why_not_go_on, run_go_on, NULL},
	{"quit", N_("Quit"), N_("Leave Countertop"), ACTION_HINT, 0, NULL, run_quit, NULL},
};
const struct action_table sign_in_actions = {
	.context = "sign-in",
	.title = N_("Signing in"),
	.is_text = true,
	ACTION_TABLE_ROWS(sign_in_rows),
};

static size_t sign_in_scopes(void *self, struct action_scope *out, size_t max)
{
	struct sign_in *sign_in = self;
	size_t count = 0;

	if (max < 3)
		return 0;
	out[count++] = (struct action_scope){&sign_in_actions, sign_in};
	if (sign_in->step == STEP_PIN)
		out[count++] = (struct action_scope){&edit_actions, &sign_in->pin};
	if (sign_in->step == STEP_CHOOSING) {
		out[count++] = (struct action_scope){&edit_actions, &sign_in->name};
		out[count++] = (struct action_scope){&list_actions, &sign_in->list};
	}
	return count;
}

/* ------------------------------------------------------------------ input */

static bool sign_in_is_typing(void *self)
{
	(void)self;
	return true;
}

static bool sign_in_on_text(void *self, const char *utf8)
{
	struct sign_in *sign_in = self;

	if (sign_in->step == STEP_WAITING)
		return false;
	sign_in->error[0] = '\0';
	edit_insert(sign_in->step == STEP_PIN ? &sign_in->pin : &sign_in->name, utf8);
	return true;
}

static enum scan_use sign_in_on_scan(void *self, const char *code)
{
	struct sign_in *sign_in = self;

	(void)code;
	app_say(sign_in->shop->app, ROLE_WARN, "%s", _("Sign in first; the scan was not used."));
	app_bell(sign_in->shop->app);
	return SCAN_REFUSED;
}

static bool sign_in_may_leave(void *self)
{
	struct sign_in *sign_in = self;

	if (sign_in->step == STEP_PIN) {
		go_back(sign_in);
	} else if (sign_in->name.text[0]) {
		edit_set(&sign_in->name, "");
	} else {
		char quit[KEY_SEQUENCE_BYTES];

		app_key_label(sign_in->shop->app, "quit", quit, sizeof(quit));
		app_say(sign_in->shop->app, ROLE_DIM, _("Sign in to go on. %s leaves Countertop."),
			quit);
	}
	return false;
}

/* ------------------------------------------------------------------ painting */

static void sign_in_recalc(void *self, const struct layout *layout)
{
	struct sign_in *sign_in = self;
	int rows = SIGN_IN_ROWS_MAX;

	choose_step(sign_in);
	if (sign_in->step != STEP_CHOOSING)
		rows = SIGN_IN_ROWS_SHORT;
	if (rows > layout->body.rows)
		rows = layout->body.rows;
	if (strcmp(source_filter(&sign_in->source, "q"), sign_in->name.text) != 0)
		apply_name(sign_in);
	sign_in->layout = *layout;
	sign_in->frame = layout_centre(&layout->body, rows, SIGN_IN_COLS);
	sign_in->inner = (struct rect){sign_in->frame.y + 2, sign_in->frame.x + 3,
		sign_in->frame.rows - 3, sign_in->frame.cols - 6};
	list_recalc(&sign_in->list, sign_in->inner.rows - HEAD_ROWS);
}

static void paint_field(
	const struct sign_in *sign_in, int y, const char *label, const struct edit *edit)
{
	const struct rect *inner = &sign_in->inner;
	int label_cols = draw_text(y, inner->x, inner->cols / 2, ROLE_BOLD, label) + 2;
	struct box_field field = {y, inner->x + label_cols, inner->cols - label_cols, true,
		sign_in->step == STEP_PIN};

	box_edit(&field, edit);
}

static void paint_choosing(struct sign_in *sign_in)
{
	const struct rect *inner = &sign_in->inner;
	struct rect rows = *inner;

	paint_field(sign_in, inner->y, _("Your name or id"), &sign_in->name);
	draw_text(inner->y + 1, inner->x, inner->cols, ROLE_ERROR, sign_in->error);
	layout_take_top(&rows, HEAD_ROWS);
	rows.x -= 2; /* the gutter of the cursor's mark */
	rows.cols += 3;
	list_repaint(&sign_in->list, &rows);
}

static void paint_pin(const struct sign_in *sign_in)
{
	const struct rect *inner = &sign_in->inner;
	char name[SHOP_NAME_BYTES];
	char text[320];
	long wait_s = locked_s(sign_in);
	struct rect error = {
		inner->y + 4, inner->x, inner->rows > 5 ? inner->rows - 5 : 1, inner->cols};

	shop_staff_name(sign_in->shop, sign_in->staff, name, sizeof(name));
	snprintf(text, sizeof(text), "%s  %s", name, sign_in->staff);
	draw_text(inner->y, inner->x, inner->cols, ROLE_NORMAL, text);
	paint_field(sign_in, inner->y + 2, _("PIN"), &sign_in->pin);
	snprintf(text, sizeof(text), "%s", sign_in->error);
	if (wait_s > 0)
		snprintf(text, sizeof(text),
			ngettext("Too many wrong PINs. Wait %ld second.",
				"Too many wrong PINs. Wait %ld seconds.", (unsigned long)wait_s),
			wait_s);
	draw_paragraph(&error, ROLE_ERROR, text, 0);
}

/* How far the first sync is, and what it waits for. */
static void paint_waiting(const struct sign_in *sign_in)
{
	struct console_counts counts;
	char text[600];
	char rows[200] = "";
	struct console_progress copied;

	console_count(sign_in->shop->console, sign_in->shop->store, &counts);
	if (counts.pulled_ms > 0) {
		snprintf(text, sizeof(text), "%s",
			_("HQ knows no staff of this store yet. Ask HQ to add someone; this page goes on by itself then."));
	} else {
		if (shop_db(sign_in->shop) && console_progress(sign_in->shop->console, &copied))
			shop_copy_words(&copied, rows, sizeof(rows));
		/* TRANSLATORS: the second is how far it is or nothing, the third an error or nothing. */
		snprintf(text, sizeof(text), _("%s\n\n%s\n%s"),
			_("This console is new: the data of the store is on its way from HQ. This page goes on by itself."),
			rows, counts.trouble[0] ? gettext(counts.trouble) : "");
	}
	draw_paragraph(&sign_in->inner, ROLE_NORMAL, text, 0);
}

static void sign_in_repaint(void *self, const struct rect *area)
{
	struct sign_in *sign_in = self;
	char store[SHOP_NAME_BYTES];
	char title[SHOP_NAME_BYTES * 2];

	/* Nobody reads over a shoulder what the last one left open. */
	draw_fill(&sign_in->layout.heading, ROLE_NORMAL);
	draw_fill(area, ROLE_NORMAL);
	shop_store_name(sign_in->shop, sign_in->shop->store, store, sizeof(store));
	snprintf(title, sizeof(title), _("Sign in: %s"), store);
	draw_frame(&sign_in->frame, ROLE_FRAME, title);
	if (sign_in->step == STEP_WAITING)
		paint_waiting(sign_in);
	else if (sign_in->step == STEP_CHOOSING)
		paint_choosing(sign_in);
	else
		paint_pin(sign_in);
}

/* ------------------------------------------------------------------ the pane */

static void sign_in_title(void *self, char *out, size_t size)
{
	(void)self;
	snprintf(out, size, "%s", _("Sign in"));
}

static const char *sign_in_help(void *self)
{
	(void)self;
	return _(
		"Type a part of your name or your id, choose yourself in the list, press Enter, and type your PIN. What is not sent yet is kept whoever signs in.");
}

static void sign_in_close(void *self)
{
	struct sign_in *sign_in = self;

	list_free(&sign_in->list);
	memset(&sign_in->pin, 0, sizeof(sign_in->pin));
	free(sign_in);
}

static void sign_in_on_change(void *self)
{
	list_changed(&((struct sign_in *)self)->list);
}

static const struct pane_ops sign_in_ops = {
	.context = "sign-in",
	.is_box = true,
	.title = sign_in_title,
	.help = sign_in_help,
	.close = sign_in_close,
	.may_leave = sign_in_may_leave,
	.scopes = sign_in_scopes,
	.recalc = sign_in_recalc,
	.repaint = sign_in_repaint,
	.is_typing = sign_in_is_typing,
	.on_text = sign_in_on_text,
	.on_scan = sign_in_on_scan,
	.on_change = sign_in_on_change,
};

struct pane pane_sign_in_new(struct shop *shop)
{
	struct sign_in *sign_in = calloc(1, sizeof(*sign_in));

	if (!sign_in)
		return (struct pane){NULL, NULL};
	sign_in->shop = shop;
	edit_init(&sign_in->name, COMMAND_ID_MAX);
	edit_init(&sign_in->pin, STAFF_PIN_MAX);
	source_init(&sign_in->source, shop, "staff", source_columns,
		sizeof(source_columns) / sizeof(source_columns[0]));
	source_where(&sign_in->source, "store", shop->store);
	source_where(&sign_in->source, "active", "yes");
	if (!list_init(&sign_in->list, &source_list, &sign_in->source, list_columns,
		    sizeof(list_columns) / sizeof(list_columns[0]))) {
		free(sign_in);
		return (struct pane){NULL, NULL};
	}
	sign_in->list.empty = _("Nobody of this store is called that.");
	return (struct pane){&sign_in_ops, sign_in};
}
