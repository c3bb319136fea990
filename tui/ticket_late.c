#include "tui/ticket_late.h"

#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "tui/ticket_result.h"

static void take_out(struct ticket_late *late, int index)
{
	asking_free(&late->askings[index]);
	late->count--;
	memmove(&late->askings[index], &late->askings[index + 1],
		(size_t)(late->count - index) * sizeof(late->askings[0]));
}

void ticket_late_keep(struct shop *shop, struct asking *asking)
{
	struct ticket_late *late;

	if (!shop->late)
		shop->late = calloc(1, sizeof(*shop->late));
	late = shop->late;
	if (!late || asking->state == ASKING_NOT || !asking_is_open(asking)) {
		asking_free(asking);
		return;
	}
	if (late->count == TICKET_LATE_MAX)
		take_out(late, 0);
	asking->is_left = true;
	late->askings[late->count++] = *asking;
	memset(asking, 0, sizeof(*asking));
}

void ticket_late_forget(struct shop *shop, const char *code)
{
	for (int i = shop->late ? shop->late->count - 1 : -1; i >= 0; i--)
		if (strcmp(shop->late->askings[i].code, code) == 0)
			take_out(shop->late, i);
}

static void tell_trouble(struct shop *shop, const struct asking *asking, const char *code)
{
	struct ticket_headline headline = ticket_headline(asking);

	/* TRANSLATORS: a ticket's code, masked; what is wrong with its redemption. */
	app_say(shop->app, ROLE_ERROR, _("HQ on ticket %s: %s. The inbox has it."), code,
		headline.words);
	app_signal(shop->app, APP_SIGNAL_BAD);
}

/* Another's eyes may be on the screen by now, so the code is masked. */
static void tell(struct shop *shop, const struct asking *asking)
{
	char code[TICKET_CODE_SIZE];

	ticket_code_mask(asking->code, code, sizeof(code));
	if (asking->state != ASKING_CONFIRMED || asking->exception[0]) {
		tell_trouble(shop, asking, code);
	} else if (asking->was_offline) {
		app_say(shop->app, ROLE_OK, _("HQ has confirmed the redemption of ticket %s."),
			code);
	} else {
		app_say(shop->app, ROLE_WARN,
			_("HQ has answered after all: ticket %s is redeemed, %lld units. Scan it to see it."),
			code, (long long)asking->qty);
		app_signal(shop->app, APP_SIGNAL_ODD);
	}
}

/* True if it told of trouble. */
static bool tell_if_over(struct shop *shop, int index, bool is_quiet)
{
	struct asking *asking = &shop->late->askings[index];
	bool is_trouble;

	asking_look(asking);
	if (asking_is_open(asking))
		return false;
	is_trouble = asking->state != ASKING_CONFIRMED || asking->exception[0];
	/* What went well does not cover up what did not. */
	if (is_trouble || !is_quiet)
		tell(shop, asking);
	take_out(shop->late, index);
	return is_trouble;
}

void ticket_late_look(struct shop *shop)
{
	bool has_trouble = false;

	for (int i = shop->late ? shop->late->count - 1 : -1; i >= 0; i--)
		has_trouble = tell_if_over(shop, i, has_trouble) || has_trouble;
}

void ticket_late_free(struct shop *shop)
{
	while (shop->late && shop->late->count > 0)
		take_out(shop->late, 0);
	free(shop->late);
	shop->late = NULL;
}
