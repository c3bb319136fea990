#include "tui/arguments.h"

#include "model/i18n.h"
#include "model/nearest.h"
#include "tui/say.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct option {
	const char *name;
	size_t at;         /* of its member in struct arguments */
	const char *value; /* what it takes; NULL: it is on or off */
	const char *help;
};

#define AT(member) offsetof(struct arguments, member)

static const struct option options[] = {
	{"--home", AT(home), N_("DIR"), N_("where this console keeps its data")},
	{"--store", AT(store), N_("ID"), N_("the store to act for")},
	{"--staff", AT(staff), N_("ID"),
		N_("act or look as this member of staff; asks for the PIN, or takes COUNTERTOP_PIN")},
	{"--keys", AT(keys), N_("NAME|FILE"), N_("the keys of the screen")},
	{"--json", AT(json), NULL, N_("show, doctor: print JSON")},
	{"--wait", AT(wait), NULL, N_("do: wait for HQ's answer")},
	{"--check", AT(check), NULL, N_("import: only say what it would do")},
	{"--yes", AT(yes), NULL, N_("import: do the good rows although there are bad ones")},
	{"--again", AT(again), NULL,
		N_("import: make documents although the same ones stand already")},
	{"--force", AT(force), NULL, N_("export, report: replace a file that is there already")},
	{"--once", AT(once), NULL, N_("sync: send all, fetch all, and end")},
	{"--service", AT(service), NULL,
		N_("sync: end by itself when no screen is open and nothing waits")},
	{"--help", AT(help), NULL, N_("print this")},
	{"--version", AT(version), NULL, N_("print the version")},
};

#define OPTION_COUNT (sizeof options / sizeof *options)

static const struct option *find_option(const char *word, size_t length, FILE *err)
{
	char name[40];
	struct nearest nearest = {.wanted = name};

	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (strlen(options[i].name) == length &&
			strncmp(options[i].name, word, length) == 0)
			return &options[i];
	snprintf(name, sizeof name, "%.*s", (int)(length < 39 ? length : 39), word);
	for (size_t i = 0; i < OPTION_COUNT; i++)
		nearest_offer(&nearest, options[i].name);
	if (nearest.name)
		say_to(err, _("there is no option %s; did you mean %s?"), name, nearest.name);
	else
		say_to(err, _("there is no option %s; countertop --help lists them"), name);
	return NULL;
}

/* Takes the option at argv[*i], and its value from there or from the next word. */
static bool take_option(struct arguments *arguments, int argc, char **argv, int *i, FILE *err)
{
	const char *word = argv[*i];
	const char *equals = strchr(word, '=');
	const struct option *option = find_option(
		word, equals ? (size_t)(equals - word) : strlen(word), err);
	char *base = (char *)arguments;

	if (!option)
		return false;
	if (!option->value && !equals) {
		*(bool *)(void *)(base + option->at) = true;
		return true;
	}
	if (!option->value) {
		say_to(err, _("%s takes no value"), option->name);
		return false;
	}
	if (!equals && *i + 1 >= argc) {
		say_to(err, _("%s needs a value: %s"), option->name, _(option->value));
		return false;
	}
	*(const char **)(void *)(base + option->at) = equals ? equals + 1 : argv[++*i];
	return true;
}

bool arguments_read(struct arguments *arguments, int argc, char **argv, FILE *err)
{
	bool plain = false; /* behind -- */

	for (int i = 1; i < argc; i++) {
		if (!plain && strcmp(argv[i], "--") == 0) {
			plain = true;
		} else if (!plain && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!take_option(arguments, argc, argv, &i, err))
				return false;
		} else if (arguments->word_count < ARGUMENTS_WORDS_MAX) {
			arguments->words[arguments->word_count++] = argv[i];
		} else {
			say_to(err, _("there are too many words"));
			return false;
		}
	}
	return true;
}

void arguments_print_options(FILE *out)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		fprintf(out, "  %s%s%s\n        %s\n", options[i].name, options[i].value ? " " : "",
			options[i].value ? _(options[i].value) : "", _(options[i].help));
}

/* ---- the home ---- */

static bool make_folders(char *path, FILE *err)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST) {
			say_to(err, _("%s cannot be made: %s"), path, strerror(errno));
			return false;
		}
		*slash = '/';
	}
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return true;
	say_to(err, _("%s cannot be made: %s"), path, strerror(errno));
	return false;
}

/* Whoever can write here could put commands into the outbox. */
static bool check_folder(const char *path, bool warn, FILE *err)
{
	struct stat info;

	if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
		say_to(err, _("%s is not a folder"), path);
		return false;
	}
	if (info.st_uid != geteuid()) {
		say_to(err, _("%s belongs to another user"), path);
		return false;
	}
	if (info.st_mode & 022) {
		say_to(err, _("others can write to %s; make it private first: chmod 700 %s"), path,
			path);
		return false;
	}
	if (warn && (info.st_mode & 055))
		say_to(err, _("others can look into %s; better make it private: chmod 700 %s"),
			path, path);
	return true;
}

bool arguments_home_path(const struct arguments *arguments, char path[PATH_MAX])
{
	const char *data = getenv("XDG_DATA_HOME");
	const char *user = getenv("HOME");
	int length;

	if (arguments->home && arguments->home[0] != '\0')
		length = snprintf(path, PATH_MAX, "%s", arguments->home);
	else if (data && data[0] == '/')
		length = snprintf(path, PATH_MAX, "%s/countertop", data);
	else if (user && user[0] == '/')
		length = snprintf(path, PATH_MAX, "%s/.local/share/countertop", user);
	else
		length = 0;
	if (length <= 0 || length >= PATH_MAX - 64)
		return false;
	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	return true;
}

bool arguments_home(const struct arguments *arguments, bool warn, char path[PATH_MAX], FILE *err)
{
	if (!arguments_home_path(arguments, path)) {
		say_to(err, _("there is no home folder; say which with --home DIR"));
		return false;
	}
	return make_folders(path, err) && check_folder(path, warn, err);
}
