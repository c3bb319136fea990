#include "tui/cli_view.h"

#include "model/i18n.h"
#include "model/nearest.h"
#include "tui/personal.h"
#include "tui/say.h"

#include <stdlib.h>
#include <string.h>

#define TAIPEI_MINUTES 480

/* ---- which rows ---- */

static void say_unknown_kind(struct cli *cli, const char *kind)
{
	struct text line = TEXT_INIT(TEXT_SMALL);
	struct nearest nearest = {.wanted = kind};
	int count;
	const struct view *views = view_all(&count);

	for (int i = 0; i < count; i++)
		nearest_offer(&nearest, views[i].name);
	if (kind[0] == '\0')
		text_addf(&line, _("say what to show, one of:"));
	else if (nearest.name)
		text_addf(&line,
			_("there is nothing called %s to show; did you mean %s? There are:"), kind,
			nearest.name);
	else
		text_addf(&line, _("there is nothing called %s to show. There are:"), kind);
	for (int i = 0; i < count; i++)
		text_addf(&line, " %s", views[i].name);
	say_to(cli->err, "%s", text_get(&line));
	text_free(&line);
}

static void say_unknown_filter(struct cli *cli, const struct view *view, const char *name)
{
	struct text line = TEXT_INIT(TEXT_SMALL);

	text_addf(&line, _("%s cannot be filtered by %s, but by:"), view->name, name);
	for (int i = 0; i < view->filter_count; i++)
		text_addf(&line, " %s", view->filters[i].name);
	text_add(&line, view->order_count > 0 ? " sort limit" : " limit");
	say_to(cli->err, "%s", text_get(&line));
	text_free(&line);
}

static bool has_filter(const struct view *view, const char *name)
{
	for (int i = 0; i < view->filter_count; i++)
		if (strcmp(view->filters[i].name, name) == 0)
			return true;
	return false;
}

static bool add_limit(struct cli_view *asked, const char *value)
{
	char *end;

	asked->left = strtoll(value, &end, 10);
	if (*value != '\0' && *end == '\0' && asked->left > 0)
		return true;
	say_to(asked->cli->err, _("limit must be a whole number above 0"));
	return false;
}

static bool add_sort(struct cli_view *asked, const char *name)
{
	const struct view *view = asked->query.view;
	struct text line = TEXT_INIT(TEXT_SMALL);

	asked->query.order = view_order_find(view, name) ? name : NULL;
	if (asked->query.order)
		return true;
	text_addf(&line, _("%s cannot be sorted by %s, but by:"), view->name, name);
	for (int i = 0; i < view->order_count; i++)
		text_addf(&line, " %s", view->orders[i].name);
	say_to(asked->cli->err, "%s", text_get(&line));
	text_free(&line);
	return false;
}

static bool add_filter(struct cli_view *asked, const char *word, const char *equals)
{
	const struct view *view = asked->query.view;
	char *name;

	if (asked->query.arg_count == VIEW_ARGS_MAX) {
		say_to(asked->cli->err, _("there are too many filters"));
		return false;
	}
	name = strndup(word, (size_t)(equals - word));
	if (name && strcmp(name, "limit") == 0) {
		free(name);
		return add_limit(asked, equals + 1);
	}
	if (name && strcmp(name, "sort") == 0 && view->order_count > 0) {
		free(name);
		return add_sort(asked, equals + 1);
	}
	if (!name || !has_filter(view, name)) {
		say_unknown_filter(asked->cli, view, name ? name : "");
		free(name);
		return false;
	}
	asked->names[asked->query.arg_count] = name;
	view_where(&asked->query, name, equals + 1);
	return true;
}

/* Whoever narrows a document has its lines in mind, which have filters and orders of their own: other rows
 * than were asked for are worse than none. */
static bool takes_no_filter(const struct cli_view *asked)
{
	const struct view *view = asked->query.view;
	const char *name = asked->query.order ? "sort" : NULL;

	for (int i = VIEW_ARGS_MAX; i-- > 0;)
		if (asked->names[i])
			name = asked->names[i];
	if (!asked->one || !name)
		return true;
	say_to(asked->cli->err, _("%s= is for the list of %s, not for one of them"), name,
		view->name);
	if (view->lines)
		say_to(asked->cli->err, _("its lines are narrowed as those of the list %s: %s=%s"),
			view->lines, view->lines_by,
			view_is_named_by_code(view) ? "…" : asked->one);
	return false;
}

/* The code of a ticket may be typed in any case, or pasted as the URL that its label holds. */
static void read_codes(struct cli_view *asked)
{
	if (asked->one && view_is_named_by_code(asked->query.view) &&
		ticket_code_normal(asked->one, asked->code, sizeof asked->code))
		asked->one = asked->code;
	for (int i = 0; i < asked->query.arg_count; i++) {
		struct view_arg *arg = &asked->query.args[i];
		char code[TICKET_CODE_SIZE];

		if (strcmp(arg->name, "code") == 0 &&
			ticket_code_normal(arg->value, code, sizeof code))
			arg->value = asked->ids[i] = text_copy(code);
	}
}

/* NULL if it is no FIELD=VALUE: a URL may have that sign too, but behind its scheme. */
static const char *filter_equals(const char *word)
{
	const char *equals = strchr(word, '='), *scheme = strstr(word, "://");

	return scheme && scheme < equals ? NULL : equals;
}

static bool read_words(struct cli_view *asked, int count, char *const *words)
{
	for (int i = 0; i < count; i++) {
		const char *equals = filter_equals(words[i]);

		if (i == 0 && !equals) {
			asked->one = words[i];
		} else if (!equals) {
			say_to(asked->cli->err,
				_("a filter is FIELD=VALUE, and only one document can be named"));
			return false;
		} else if (!add_filter(asked, words[i], equals)) {
			return false;
		}
	}
	if (!takes_no_filter(asked))
		return false;
	read_codes(asked);
	if (asked->cli->store && has_filter(asked->query.view, "store") &&
		asked->query.arg_count < VIEW_ARGS_MAX)
		view_where(&asked->query, "store", asked->cli->store);
	return true;
}

/* The documents whose lines, or all else of them, a filter of that name takes by their id; NULL if none.
 * What has but one name is called by it everywhere. */
static const struct view *documents_of(const char *filter)
{
	int count;
	const struct view *views = view_all(&count);

	for (int i = 0; i < count; i++)
		if (views[i].lines_by && strcmp(views[i].lines_by, filter) == 0 &&
			strchr(views[i].named, ','))
			return &views[i];
	return NULL;
}

char *cli_view_id(struct cli *cli, const struct view *view, const char *name)
{
	char *id = view_id_of(cli->console->cache, view, name);
	char masked[PERSONAL_BYTES];

	if (id)
		return id;
	/* What goes to the error output may be kept by whoever runs this. */
	if (view_is_named_by_code(view))
		ticket_code_mask(name, masked, sizeof masked);
	say_to(cli->err, _("there is no %s in %s"), view_is_named_by_code(view) ? masked : name,
		view->name);
	return NULL;
}

/* People know a sheet by its number, and so they may name it wherever its id would do. */
static bool find_documents(struct cli_view *asked)
{
	for (int i = 0; i < asked->query.arg_count; i++) {
		struct view_arg *arg = &asked->query.args[i];
		const struct view *documents = documents_of(arg->name);

		if (!documents)
			continue;
		asked->ids[i] = cli_view_id(asked->cli, documents, arg->value);
		if (!asked->ids[i])
			return false;
		arg->value = asked->ids[i];
	}
	return true;
}

static int64_t store_minutes(const struct cli *cli)
{
	const struct console *console = cli->console;

	if (console->store_count == 0 || !console->cache)
		return TAIPEI_MINUTES;
	return db_get_int(console->cache, TAIPEI_MINUTES,
		"SELECT tz_minutes FROM store WHERE id = $1", "t",
		cli->store ? cli->store : console->stores[0]);
}

/* Ticket clerks list tickets and nothing else. */
static enum staff_role right_of(const struct view *view, enum staff_role least)
{
	static const char *const of_tickets[] = {
		"tickets", "ticket_orders", "redemptions", "refused_scans", "dossiers"};

	for (size_t i = 0; i < sizeof of_tickets / sizeof *of_tickets; i++)
		if (strcmp(of_tickets[i], view->name) == 0)
			return least;
	return ROLE_CLERK;
}

enum cli_exit cli_view_read(struct cli_view *asked, struct cli *cli, enum staff_role least,
	int count, char *const *words)
{
	enum cli_exit code;

	*asked = (struct cli_view){.cli = cli, .left = -1};
	asked->query.view = count > 0 ? view_find(words[0]) : NULL;
	if (!asked->query.view) {
		say_unknown_kind(cli, count > 0 ? words[0] : "");
		return CLI_USAGE;
	}
	asked->tz_minutes = store_minutes(cli);
	if (!read_words(asked, count - 1, words + 1))
		return CLI_USAGE;
	if (!cli_has_data(cli))
		return CLI_FAILED;
	code = cli_look(cli, right_of(asked->query.view, least));
	if (code != CLI_APPLIED)
		return code;
	return find_documents(asked) ? CLI_APPLIED : CLI_FAILED;
}

void cli_view_free(struct cli_view *asked)
{
	for (int i = 0; i < VIEW_ARGS_MAX; i++)
		free(asked->names[i]), free(asked->ids[i]);
}
