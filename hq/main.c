/* The program `countertop-hq`: reads the command line and runs one verb. */
#include "hq/demo.h"
#include "hq/hq.h"
#include "hq/http.h"
#include "model/i18n.h"
#include "model/when.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STORES_MAX 64

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct arguments {
	const char *db, *listen, *role, *now;
	bool plain_http, json, help, version;
	const char *stores[STORES_MAX];
	int store_count;
	const char *verb;
	const char *word; /* behind the verb; NULL if none */
	int64_t now_ms;
};

static int say(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says on stderr what happened; the exit code is passed through. */
static int say(int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("countertop-hq: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return code;
}

/* ---- verbs ---- */

static struct hq *open_hq(const struct arguments *arguments, bool create, bool relaxed)
{
	struct hq_options options = {.url = arguments->db, .create = create, .relaxed = relaxed};
	char error[400] = "";
	struct hq *hq = hq_open(&options, error, sizeof(error));

	if (!hq)
		say(EXIT_FAILED, "%s", error);
	return hq;
}

static int verb_init(const struct arguments *arguments)
{
	struct hq *hq = open_hq(arguments, true, false);

	hq_close(hq);
	return hq ? EXIT_SUCCESS : EXIT_FAILED;
}

static int verb_demo(const struct arguments *arguments)
{
	struct hq *hq = open_hq(arguments, true, true);
	char error[400] = "";

	if (!hq)
		return EXIT_FAILED;
	bool made = demo_make(hq, arguments->now_ms, error, sizeof(error));

	if (made)
		demo_print_staff(stdout);
	hq_close(hq);
	return made ? EXIT_SUCCESS
		    : say(EXIT_FAILED, _("the demo data could not be made: %s"), error);
}

/* Whoever started it waits for this line: it must not stay in a buffer. */
static void print_ready(const char *url)
{
	printf("listening on %s\n", url);
	fflush(stdout);
}

static int verb_serve(const struct arguments *arguments)
{
	struct hq *hq = open_hq(arguments, false, false);
	struct http_options options = {
		.listen = arguments->listen ? arguments->listen : "127.0.0.1:8080",
		.plain_anywhere = arguments->plain_http,
		.ready = print_ready,
	};
	char error[400] = "";
	int code = EXIT_SUCCESS;

	if (!hq)
		return EXIT_FAILED;
	if (!hq_start(hq))
		code = say(EXIT_FAILED, _("the database cannot be written"));
	else if (!http_serve(hq, &options, error, sizeof(error)))
		code = say(EXIT_FAILED, "%s", error);
	hq_close(hq);
	return code;
}

/* Prints just the secret, so that it can be taken into a variable. */
static int print_secret(bool made, const char *secret, const char *error)
{
	if (!made)
		return say(EXIT_FAILED, "%s", error);
	puts(secret);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILED;
}

static int verb_token(const struct arguments *arguments)
{
	struct hq_token_wish wish = {arguments->role, arguments->stores, arguments->store_count};
	char token[HQ_SECRET_SIZE], error[400] = "";
	struct hq *hq = open_hq(arguments, false, false);

	if (!hq)
		return EXIT_FAILED;
	int code = print_secret(
		hq_make_token(hq, &wish, arguments->now_ms, token, error, sizeof(error)), token,
		error);

	hq_close(hq);
	return code;
}

static int verb_enrol_code(const struct arguments *arguments)
{
	char secret[HQ_SECRET_SIZE], error[400] = "";
	struct hq *hq = open_hq(arguments, false, false);

	if (!hq)
		return EXIT_FAILED;
	bool made = hq_make_enrol_code(hq, arguments->stores, arguments->store_count,
		arguments->now_ms, secret, error, sizeof(error));
	int code = print_secret(made, secret, error);

	hq_close(hq);
	return code;
}

static int verb_backup(const struct arguments *arguments)
{
	struct hq *hq = open_hq(arguments, false, false);
	char error[400] = "";

	if (!hq)
		return EXIT_FAILED;
	bool copied = hq_backup(hq, arguments->word, error, sizeof(error));

	hq_close(hq);
	return copied ? EXIT_SUCCESS : say(EXIT_FAILED, "%s", error);
}

static int verb_audit(const struct arguments *arguments)
{
	struct hq *hq = open_hq(arguments, false, false);
	struct text list = TEXT_INIT(TEXT_LARGE);
	struct hq_audit audit = {.as_json = arguments->json, .list = &list};
	char error[400] = "";

	if (!hq)
		return EXIT_FAILED;
	bool read = hq_audit(hq, &audit, error, sizeof(error));

	if (read)
		fputs(text_get(&list), stdout);
	text_free(&list);
	hq_close(hq);
	if (!read)
		return say(EXIT_FAILED, "%s", error);
	if (audit.found > 0)
		return say(EXIT_FAILED,
			_("%d sums of reservations are wrong; order.compensate mends an order"),
			audit.found);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILED;
}

static int verb_tokens(const struct arguments *arguments)
{
	struct hq *hq = open_hq(arguments, false, false);
	struct text list = TEXT_INIT(TEXT_LARGE);
	char error[400] = "";

	if (!hq)
		return EXIT_FAILED;
	bool listed = hq_list_tokens(hq, &list, error, sizeof(error));

	if (listed)
		fputs(text_get(&list), stdout);
	text_free(&list);
	hq_close(hq);
	if (!listed)
		return say(EXIT_FAILED, "%s", error);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILED;
}

static int verb_revoke(const struct arguments *arguments)
{
	struct hq *hq = open_hq(arguments, false, false);
	char error[400] = "";

	if (!hq)
		return EXIT_FAILED;
	bool revoked = hq_revoke(hq, arguments->word, arguments->now_ms, error, sizeof(error));

	hq_close(hq);
	return revoked ? EXIT_SUCCESS : say(EXIT_FAILED, "%s", error);
}

/* What a verb cannot do without. */
enum need { NEED_ROLE = 1, NEED_STORE = 2, NEED_FILE = 4, NEED_ID = 8 };

static const struct verb {
	const char *name;
	int (*run)(const struct arguments *arguments);
	unsigned needs;
	const char *usage;
	const char *help;
} verbs[] = {
	{"init", verb_init, 0, "", N_("make an empty database")},
	{"demo", verb_demo, 0, "",
		N_("make a database with demo data and print its staff and PINs")},
	{"serve", verb_serve, 0, "[--listen HOST:PORT]",
		N_("answer consoles until told to end by a signal")},
	{"token", verb_token, NEED_ROLE, "--role ROLE [--store ID]",
		N_("print a new token for a program")},
	{"enrol-code", verb_enrol_code, NEED_STORE, "--store ID",
		N_("print a code that enrols one console within 24 hours")},
	{"tokens", verb_tokens, 0, "", N_("list devices and tokens by their ids")},
	{"revoke", verb_revoke, NEED_ID, "ID", N_("shut out a lost console or a token at once")},
	{"audit", verb_audit, 0, "[--json]",
		N_("list what the reservations of orders lack; exit code 1 if anything")},
	{"backup", verb_backup, NEED_FILE, "FILE",
		N_("write a consistent copy, also while HQ serves")},
};

#define VERB_COUNT (sizeof(verbs) / sizeof(*verbs))

/* ---- options ---- */

static const struct option {
	const char *name;
	const char *value; /* what it takes; NULL: nothing */
	size_t at;         /* of its member in struct arguments; --store is a list */
	const char *help;
} options[] = {
	{"--db", N_("URL"), offsetof(struct arguments, db), N_("the database, sqlite:PATH")},
	{"--listen", N_("HOST:PORT"), offsetof(struct arguments, listen),
		N_("serve: where to listen, 127.0.0.1:8080 if left out; port 0 picks a free one")},
	{"--plain-http", NULL, offsetof(struct arguments, plain_http),
		N_("serve: listen on other addresses than this machine's, without TLS")},
	{"--role", N_("ROLE"), offsetof(struct arguments, role),
		N_("token: hq, manager, clerk or ticket_clerk")},
	{"--store", N_("ID"), offsetof(struct arguments, stores),
		N_("token, enrol-code: a store; may stand several times")},
	{"--now", N_("TIME"), offsetof(struct arguments, now),
		N_("demo: the time its data ends at, such as 2026-01-31T08:00:00Z")},
	{"--json", NULL, offsetof(struct arguments, json), N_("audit: as a JSON array")},
	{"--help", NULL, offsetof(struct arguments, help), N_("print this")},
	{"--version", NULL, offsetof(struct arguments, version), N_("print the version")},
};

#define OPTION_COUNT (sizeof(options) / sizeof(*options))

static int print_help(void)
{
	printf(_("usage: countertop-hq VERB --db URL [OPTION…]\n\n"));
	for (size_t i = 0; i < VERB_COUNT; i++)
		printf("  %-11s%-26s%s\n", verbs[i].name, verbs[i].usage, _(verbs[i].help));
	puts("");
	for (size_t i = 0; i < OPTION_COUNT; i++)
		printf("  %-13s%-11s%s\n", options[i].name,
			options[i].value ? _(options[i].value) : "", _(options[i].help));
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILED;
}

static const struct option *find_option(const char *word)
{
	size_t length = strcspn(word, "=");

	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (strlen(options[i].name) == length &&
			strncmp(options[i].name, word, length) == 0)
			return &options[i];
	say(EXIT_USAGE, _("there is no option %s; countertop-hq --help lists them"), word);
	return NULL;
}

static bool set_option(struct arguments *arguments, const struct option *option, const char *value)
{
	char *member = (char *)arguments + option->at;

	if (!option->value) {
		*(bool *)(void *)member = true;
	} else if (option->at != offsetof(struct arguments, stores)) {
		*(const char **)(void *)member = value;
	} else if (arguments->store_count < STORES_MAX) {
		arguments->stores[arguments->store_count++] = value;
	} else {
		say(EXIT_USAGE, _("at most %d stores"), STORES_MAX);
		return false;
	}
	return true;
}

/* Takes the option at words[*i], and its value from there or from the next word. */
static bool take_option(struct arguments *arguments, int count, char **words, int *i)
{
	const struct option *option = find_option(words[*i]);
	const char *equals = strchr(words[*i], '=');

	if (!option)
		return false;
	if (!option->value && equals) {
		say(EXIT_USAGE, _("%s takes no value"), option->name);
		return false;
	}
	if (option->value && !equals && *i + 1 >= count) {
		say(EXIT_USAGE, _("%s needs a value: %s"), option->name, _(option->value));
		return false;
	}
	return set_option(arguments, option,
		equals                  ? equals + 1
			: option->value ? words[++*i]
					: NULL);
}

static bool read_arguments(struct arguments *arguments, int count, char **words)
{
	for (int i = 1; i < count; i++) {
		if (words[i][0] == '-' && words[i][1]) {
			if (!take_option(arguments, count, words, &i))
				return false;
		} else if (!arguments->verb) {
			arguments->verb = words[i];
		} else if (!arguments->word) {
			arguments->word = words[i];
		} else {
			say(EXIT_USAGE, _("too many words: %s"), words[i]);
			return false;
		}
	}
	return true;
}

/* ---- */

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; name && i < VERB_COUNT; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	if (name)
		say(EXIT_USAGE, _("there is no verb %s; countertop-hq --help lists them"), name);
	else
		say(EXIT_USAGE, _("a verb is missing; countertop-hq --help lists them"));
	return NULL;
}

static bool check(const struct arguments *arguments, const struct verb *verb)
{
	if (!arguments->db)
		say(EXIT_USAGE, _("say which database: --db sqlite:PATH"));
	else if ((verb->needs & NEED_ROLE) && !arguments->role)
		say(EXIT_USAGE, _("say for which role: --role hq, manager, clerk or ticket_clerk"));
	else if ((verb->needs & NEED_STORE) && !arguments->store_count)
		say(EXIT_USAGE, _("say for which store: --store ID"));
	else if ((verb->needs & NEED_FILE) && !arguments->word)
		say(EXIT_USAGE, _("say into which file"));
	else if ((verb->needs & NEED_ID) && !arguments->word)
		say(EXIT_USAGE, _("say which: an id that countertop-hq tokens lists"));
	else if (!(verb->needs & (NEED_FILE | NEED_ID)) && arguments->word)
		say(EXIT_USAGE, _("%s takes no further word: %s"), verb->name, arguments->word);
	else
		return true;
	return false;
}

static bool read_time(struct arguments *arguments)
{
	struct timespec now;

	if (arguments->now && !when_parse(arguments->now, &arguments->now_ms)) {
		say(EXIT_USAGE, _("%s is not a time such as 2026-01-31T08:00:00Z"), arguments->now);
		return false;
	}
	if (!arguments->now) {
		clock_gettime(CLOCK_REALTIME, &now);
		arguments->now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {0};

	i18n_start();
	/* A file that may not grow any more is like a full disk: told, not died of. */
	signal(SIGXFSZ, SIG_IGN);
	/* The database holds the hashes of PINs and tokens: it is for this account alone. */
	umask(077);
	if (!read_arguments(&arguments, argc, argv))
		return EXIT_USAGE;
	if (arguments.help)
		return print_help();
	if (arguments.version)
		return puts("countertop-hq " VERSION) < 0;
	const struct verb *verb = find_verb(arguments.verb);

	if (!verb || !check(&arguments, verb) || !read_time(&arguments))
		return EXIT_USAGE;
	return verb->run(&arguments);
}
