/* Who acts at the command line, for which store, and what they may look at. */
#include "model/i18n.h"
#include "model/staff.h"
#include "model/text.h"
#include "tui/cli.h"
#include "tui/personal.h"
#include "tui/say.h"
#include "tui/shop.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MAX 512

#define say(cli, ...) say_to((cli)->err, __VA_ARGS__)

/* ---- where ---- */

static void say_stores(struct cli *cli, const char *sentence)
{
	struct text list = TEXT_INIT(LIST_MAX);

	for (int i = 0; i < cli->console->store_count; i++)
		text_addf(&list, "%s%s", i ? ", " : "", cli->console->stores[i]);
	say(cli, "%s: %s", sentence, text_get(&list));
	text_free(&list);
}

bool cli_acting_store(struct cli *cli, const struct op *op, const char **store)
{
	const struct console *console = cli->console;

	*store = cli->store;
	for (int i = 0; cli->store && i < console->store_count; i++)
		if (strcmp(console->stores[i], cli->store) == 0)
			return true;
	if (cli->store) {
		say_stores(cli, _("this console is not enrolled for that store, only for"));
		return false;
	}
	if (console->store_count == 1)
		*store = console->stores[0];
	if (*store || !op || op->right == ROLE_HQ)
		return true;
	say_stores(cli, _("say with --store which store acts, one of"));
	return false;
}

/* ---- who ---- */

enum cli_exit cli_sign_in(struct cli *cli, const char *store)
{
	const char *given = getenv("COUNTERTOP_PIN");
	struct db *cache = cli->console->cache;
	char pin[64];
	char *hash;
	bool matches;

	if (!cli->staff)
		return CLI_APPLIED;
	if (!cache || staff_role(cache, cli->staff, store) == ROLE_NONE) {
		say(cli,
			_("%s does not work here, or this console has not heard of it: run countertop sync --once"),
			cli->staff);
		return CLI_REJECTED;
	}
	if (given) {
		snprintf(pin, sizeof pin, "%s", given);
	} else if (!cli->ask_pin(cli->ctx, cli->staff, pin, sizeof pin)) {
		say(cli, _("there is no terminal to ask for the PIN; set COUNTERTOP_PIN"));
		return CLI_USAGE;
	}
	hash = db_get_text(cache, "SELECT pin_hash FROM staff WHERE id = $1", "t", cli->staff);
	matches = hash && hash[0] != '\0' && staff_pin_matches(hash, pin);
	explicit_bzero(pin, sizeof pin);
	free(hash);
	if (matches)
		return CLI_APPLIED;
	say(cli, _("wrong PIN for %s"), cli->staff);
	return CLI_REJECTED;
}

const char *cli_nobody_named(const struct cli *cli, const char *code)
{
	if (cli->staff || !code || strcmp(code, refusal_code(REFUSED_unknown_staff)) != 0)
		return NULL;
	return _("nobody is named who does this: name yourself with --staff ID");
}

/* ---- what they may look at ---- */

/* --store, or the first store of this home where the person works. */
static const char *looking_store(const struct cli *cli)
{
	const struct console *console = cli->console;

	if (cli->store)
		return cli->store;
	for (int i = 0; console->cache && i < console->store_count; i++)
		if (staff_role(console->cache, cli->staff, console->stores[i]) != ROLE_NONE)
			return console->stores[i];
	return NULL;
}

enum cli_exit cli_look(struct cli *cli, enum staff_role needed)
{
	const char *store;
	enum staff_role role;
	enum cli_exit code;

	cli->sees_codes = false;
	if (!cli->staff)
		return CLI_APPLIED;
	store = looking_store(cli);
	code = cli_sign_in(cli, store);
	if (code != CLI_APPLIED)
		return code;
	role = staff_role(cli->console->cache, cli->staff, store);
	cli->sees_codes = personal_is_seen_by(role);
	if (role >= needed)
		return CLI_APPLIED;
	say(cli, _("This needs the right of: %s. You are: %s."),
		shop_word("role", role_word(needed)), shop_word("role", role_word(role)));
	return CLI_REJECTED;
}
