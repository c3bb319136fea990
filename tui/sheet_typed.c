/*
 * What is typed on the sheet itself, without a box over it:
 *
 *     12*               the next scan counts 12
 *     4710… and Enter   a code, as if it had been scanned
 *
 * The first character is a digit: letters are keys. Behind it everything is part of the code, until
 * Enter takes it, `*` makes it a number, or Esc drops it. A number waits until a scan was counted.
 */
#include "tui/sheet.h"

#include "model/i18n.h"
#include "tui/cols.h"
#include "tui/dialog.h"

#include <stdlib.h>
#include <string.h>

#define TIMES_DIGITS_MAX 6

bool sheet_is_typing(void *ctx)
{
	const struct sheet_pane *self = ctx;

	return self->typed.text[0] != '\0';
}

bool sheet_is_much(int64_t qty_milli)
{
	return qty_milli > (int64_t)SHEET_TIMES_MAX * 1000;
}

static void say_times(struct sheet_pane *self)
{
	app_say(self->shop->app, ROLE_NORMAL, _("The next scan counts %lld. Esc drops it."),
		(long long)self->typed.times);
}

static void take_much(void *ctx)
{
	struct sheet_pane *self = ctx;

	self->typed.times = self->typed.asked;
	say_times(self);
}

static void ask_much(struct sheet_pane *self, long long times)
{
	char text[300];

	self->typed.asked = times;
	snprintf(text, sizeof text, _("%s: the next scan counts %lld pieces at once."),
		sheet_text(self, "number"), times);
	dialog_confirm(self->shop->app,
		&(struct dialog_confirm_spec){.title = _("So many?"),
			.text = text,
			.yes_label = _("Count them"),
			.is_dangerous = true,
			.yes = take_much,
			.ctx = self});
}

/* `*` behind digits. */
static void take_times(struct sheet_pane *self)
{
	size_t digits = strlen(self->typed.text);
	long long times = digits <= TIMES_DIGITS_MAX ? strtoll(self->typed.text, NULL, 10) : 0;

	self->typed.text[0] = '\0';
	self->typed.times = 0;
	if (times < 1) {
		app_say(self->shop->app, ROLE_WARN, "%s",
			_("A scan is multiplied by 1 to 9,999; more is asked about."));
		app_signal(self->shop->app, APP_SIGNAL_BAD);
	} else if (sheet_is_much(times * 1000)) {
		ask_much(self, times);
	} else {
		self->typed.times = times;
		say_times(self);
	}
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

bool sheet_on_text(void *ctx, const char *utf8)
{
	struct sheet_pane *self = ctx;
	char clean[8];
	uint32_t code_point = 0;

	cols_decode(utf8, &code_point);
	cols_encode(cols_fold_width(code_point), clean);
	if (!self->typed.text[0] && (!sheet_is_open(self) || !strchr("0123456789*", clean[0])))
		return false;
	if (clean[0] == '*' && !self->typed.text[0]) {
		app_say(self->shop->app, ROLE_WARN, "%s",
			_("Type the number first: 12* and a scan counts 12."));
	} else if (clean[0] == '*' && is_number(self->typed.text)) {
		take_times(self);
	} else if (strlen(self->typed.text) + strlen(clean) < sizeof self->typed.text) {
		strncat(self->typed.text, clean,
			sizeof self->typed.text - strlen(self->typed.text) - 1);
	} else {
		app_say(self->shop->app, ROLE_WARN, "%s", _("There is no more room here."));
	}
	return true;
}

/* Whoever has seen that a scan is missing takes note of it: the next one that is will be seen again. */
static bool take_note_of_lost(struct sheet_pane *self)
{
	struct sheet_sitting *sitting = &self->sitting;
	int64_t lost = sitting->received - sitting->stored;
	if (lost == 0)
		return false;
	sitting->received = sitting->stored;
	app_say(self->shop->app, ROLE_WARN,
		ngettext("Noted: %lld scan was not counted; it was %s.",
			"Noted: %lld scans were not counted; the last was %s.",
			(unsigned long)lost),
		(long long)lost, *sitting->lost ? sitting->lost : _("no code"));
	return true;
}

bool sheet_drop_typed(struct sheet_pane *self)
{
	if (!self->typed.text[0] && !self->typed.times)
		return take_note_of_lost(self);
	self->typed.text[0] = '\0';
	self->typed.times = 0;
	app_say(self->shop->app, ROLE_NORMAL, "%s", _("Dropped what was typed."));
	return true;
}

void sheet_typed_words(const struct sheet_pane *self, char *out, size_t size)
{
	out[0] = '\0';
	if (self->typed.text[0])
		/* TRANSLATORS: what was typed so far. Do not translate the keys. */
		snprintf(out, size, _("%s_   Enter: a code   *: times the next scan"),
			self->typed.text);
	else if (self->typed.times)
		snprintf(out, size, _("%lld × the next scan"), (long long)self->typed.times);
}

/* ---- its keys ---- */

static void take_code(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	char code[SHEET_TYPED_BYTES];

	(void)arg;
	memcpy(code, self->typed.text, sizeof code);
	self->typed.text[0] = '\0';
	if (sheet_code(self, code) == SCAN_NOT_MINE)
		app_scan(self->shop->app, code);
}

static void erase(void *ctx, int arg)
{
	struct sheet_pane *self = ctx;
	size_t length = strlen(self->typed.text);

	(void)arg;
	while (length > 0 && ((unsigned char)self->typed.text[--length] & 0xC0) == 0x80)
		;
	self->typed.text[length] = '\0';
}

static const struct action rows[] = {
	{.name = "take-typed",
		.label = N_("Take code"),
		.help = N_("Count what was typed, as if it had been scanned"),
		.flags = ACTION_HINT_FIRST,
		.run = take_code},
	{.name = "erase-typed",
		.label = N_("Erase"),
		.help = N_("Take back the last character"),
		.run = erase},
};

const struct action_table sheet_typed_actions = {
	.context = "sheet-typed", .title = N_("Typed on a sheet"), ACTION_TABLE_ROWS(rows)};
