/*
 * What a handler or HQ told with a refusal, in the person's language. Those sentences are English,
 * for logs and programs; what a person at a till can meet is listed here and said again with the same
 * figures. A sentence that is not in the list is shown as it came.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/text.h"
#include "tui/shop.h"

#define TOLD_PARTS_MAX 4

/* The first that fits is taken, so the longer ones stand first. */
static const char *const sentences[] = {
	N_("%s: %s damaged at %s, %s wanted"),
	N_("%s: %s at %s, %s wanted"),
	N_("%s: more than is left to ship of it"),
	N_("%s: more damaged than shipped"),
	N_("%s: more damaged than arrived"),
	N_("%s: damaged units leave only to a third party"),
	N_("the movement is %s"),
	N_("the sheet is %s: start or resume it first"),
	N_("the sheet is of %s"),
	N_("the sheet is %s"),
	N_("no count %s on this sheet"),
	N_("no unknown code %s on this sheet"),
	N_("it is resolved to %s already"),
	N_("zone %s is counted by %s since %s"),
	N_("zone %s was counted by %s; `again` counts it once more"),
	N_("zone %s was counted %s times"),
	N_("nobody counts zone %s now"),
	N_("to take over a zone needs the role %s"),
	N_("none of these lines of the sheet differs"),
	N_("the sheet posted nothing"),
	N_("%s is not on the sheet"),
	N_("%s reverses it"),
	N_("no ticket of order %s"),
	N_("no movement %s"),
	N_("no stocktake %s"),
	N_("no ticket %s"),
	N_("no redemption %s"),
	N_("no product %s"),
	N_("no store %s"),
	N_("everything is shipped"),
	N_("part of it was shipped"),
	N_("nothing is left of ticket %s"),
	N_("ticket %s: %s, %s of %s units left"),
	N_("ticket %s is not of order %s"),
	N_("ticket %s is %s"),
	N_("into: ticket %s has %s units left, name a code for each"),
	N_("code %s exists already"),
	N_("every unit of order %s is redeemed or refunded"),
	N_("no dossier of ticket %s"),
	N_("store %s is not in the dossier of ticket %s"),
	N_("the dossier of ticket %s is reported: to settle it needs the role %s"),
	N_("the dossier of ticket %s is %s"),
	N_("this device does not act for store %s"),
	N_("clerks of %s may not receive"),
	N_("to is the sending store itself"),
	N_("to, or the name of a third party, is missing"),
	N_("a partial stocktake needs categories or vendors"),
	N_("the cache is busy"),
	N_("%s is not on it"),
	N_("%s is not the sender"),
	N_("%s is not the receiver"),
	N_("%s is shipped in full"),
	N_("%s is short and has no reason"),
	N_("%s is no ticket code"),
	N_("%s was voided already"),
	N_("%s was redeemed more than 15 minutes ago"),
	N_("%s was redeemed at %s"),
	N_("%s needs the role %s"),
	N_("%s does not work at %s"),
	N_("%s has no %s"),
};

struct part {
	const char *text;
	size_t length;
};

/* Reads `text` against a sentence; the parts are what stands for its %s. */
static bool fits(const char *sentence, const char *text, struct part parts[TOLD_PARTS_MAX])
{
	for (int i = 0;; i++) {
		const char *hole = strstr(sentence, "%s");
		size_t literal = hole ? (size_t)(hole - sentence) : strlen(sentence);
		const char *next, *end;

		if (strncmp(text, sentence, literal) != 0)
			return false;
		text += literal;
		if (!hole)
			return *text == '\0';
		if (i == TOLD_PARTS_MAX)
			return false;
		sentence = hole + 2;
		next = strstr(sentence, "%s");
		literal = next ? (size_t)(next - sentence) : strlen(sentence);
		end = text + strlen(text);
		for (const char *at = text; literal > 0 && at < end; at++)
			if (strncmp(at, sentence, literal) == 0)
				end = at;
		if (end == text)
			return false;
		parts[i] = (struct part){text, (size_t)(end - text)};
		text = end;
	}
}

/* Statuses, roles and operations are words too. */
static const char *say_part(const char *part)
{
	static const char *const groups[] = {
		"movement", "stocktake", "ticket", "dossier", "role", "op"};

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		const char *word = shop_word(groups[i], part);

		if (word != part)
			return word;
	}
	return part;
}

static void say_again(
	const char *sentence, const struct part parts[TOLD_PARTS_MAX], char *out, size_t size)
{
	size_t used = 0;

	for (int i = 0; *sentence && used < size; i++) {
		const char *hole = strstr(sentence, "%s");
		size_t literal = hole ? (size_t)(hole - sentence) : strlen(sentence);
		char part[128] = "";

		if (hole && i < TOLD_PARTS_MAX)
			snprintf(part, sizeof(part), "%.*s", (int)parts[i].length, parts[i].text);
		used += (size_t)snprintf(
			out + used, size - used, "%.*s%s", (int)literal, sentence, say_part(part));
		sentence += literal + (hole ? 2 : 0);
	}
}

void shop_told(const char *message, char *out, size_t size)
{
	struct part parts[TOLD_PARTS_MAX];

	snprintf(out, size, "%s", message);
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		const char *sentence = gettext(sentences[i]);

		if (!fits(sentences[i], message, parts))
			continue;
		if (sentence != sentences[i]) /* else the person reads English */
			say_again(sentence, parts, out, size);
		return;
	}
}

/* ------------------------------------------------------------------ figures of goods */

#define DAMAGED_END " damaged)"

/* One line of a document: "A1 20", "A1 20 (2 damaged)", "A1 1 lost". The parts are cut out of the text. */
struct told_line {
	char *sku, *qty;
	char *damaged; /* NULL: none is */
	char *reason;  /* NULL: none is given */
};

static bool is_quantity(const char *text)
{
	size_t length = strspn(text, "0123456789.");

	return length > 0 && !text[length];
}

/* What stands behind the last blank, cut off; NULL if there is no blank. */
static char *cut_last(char *text)
{
	char *blank = strrchr(text, ' ');

	if (!blank || blank == text)
		return NULL;
	*blank = '\0';
	return blank + 1;
}

static char *cut_damaged(char *text)
{
	size_t length = strlen(text), end = strlen(DAMAGED_END);
	char *open = strrchr(text, '(');

	if (length <= end || strcmp(text + length - end, DAMAGED_END) != 0 || !open ||
		open < text + 2 || open[-1] != ' ')
		return NULL;
	text[length - end] = '\0';
	if (!is_quantity(open + 1))
		return NULL;
	open[-1] = '\0';
	return open + 1;
}

static bool read_told(char *text, struct told_line *line)
{
	*line = (struct told_line){.damaged = cut_damaged(text)};
	line->qty = cut_last(text);
	if (line->qty && !is_quantity(line->qty)) {
		line->reason = line->qty;
		line->qty = cut_last(text);
	}
	line->sku = text;
	return line->qty && is_quantity(line->qty);
}

static void add_told(const char *told, size_t length, struct text *out)
{
	char *copy = strndup(told, length);
	struct told_line line;

	if (!copy)
		return;
	if (!read_told(copy, &line)) {
		text_add_bytes(out, told, length);
	} else {
		text_addf(out, "%s \u00d7%s", line.sku, line.qty);
		if (line.damaged)
			/* TRANSLATORS: behind a quantity, how many of it are damaged. */
			text_addf(out, _(" (%s damaged)"), line.damaged);
		if (line.reason)
			text_addf(out, " %s", shop_word("close", line.reason));
	}
	free(copy);
}

void shop_told_figures(const char *figures, struct text *out)
{
	static const char between[] = ", ";

	for (const char *at = figures; text_ok(out);) {
		const char *end = strstr(at, between);

		add_told(at, end ? (size_t)(end - at) : strlen(at), out);
		if (!end)
			return;
		/* TRANSLATORS: between two products with their quantities. */
		text_add(out, _(", "));
		at = end + strlen(between);
	}
}

bool shop_told_history(const char *op, const char *text, struct text *out)
{
	static const char *const tellers[] = {"outbound.ship", "inbound.receive", "inbound.close"};

	for (size_t i = 0; i < sizeof(tellers) / sizeof(tellers[0]); i++) {
		if (strcmp(tellers[i], op) != 0)
			continue;
		shop_told_figures(text, out);
		return true;
	}
	return false;
}
