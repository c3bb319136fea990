#include "model/i18n.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc has this locale built in since 2.35, and unlike "C" it lets LANGUAGE count. */
static const char BUILT_IN_LOCALE[] = "C.UTF-8";

static const char *wanted_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "C";
}

/* Boxes and terminals are UTF-8 even where nobody told the ssh session so. */
static void start_ctype(void)
{
	if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, BUILT_IN_LOCALE);
}

/* A language that is asked for by a locale that is not installed (LANG=zh_TW.UTF-8 on a small
 * box) is passed on by LANGUAGE. LC_ALL=C stays plain English: scripts ask for that. */
static void start_messages(void)
{
	const char *wanted = wanted_locale();
	const char *all = getenv("LC_ALL");
	const char *language = getenv("LANGUAGE");
	char name[64];

	if (all && (strcmp(all, "C") == 0 || strcmp(all, "POSIX") == 0)) {
		setlocale(LC_MESSAGES, "C");
		return;
	}
	if (setlocale(LC_MESSAGES, "") && strcmp(setlocale(LC_MESSAGES, NULL), "C") != 0)
		return;
	setlocale(LC_MESSAGES, BUILT_IN_LOCALE);
	if (language && *language)
		return;
	snprintf(name, sizeof name, "%.*s", (int)strcspn(wanted, ".@"), wanted);
	if (strcmp(name, "C") != 0 && strcmp(name, "POSIX") != 0)
		setenv("LANGUAGE", name, 1);
}

/* The folder po/ beside the program, which only a build tree has. */
static const char *build_tree_catalogues(void)
{
	static char path[PATH_MAX + sizeof "/po"];
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *slash;

	if (length <= 0)
		return NULL;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	memcpy(slash, "/po", sizeof "/po");
	return access(path, X_OK) == 0 ? path : NULL;
}

void i18n_start(void)
{
	const char *directory = getenv("TEXTDOMAINDIR");

	start_ctype();
	start_messages();
	if (!directory || !*directory)
		directory = build_tree_catalogues();
	bindtextdomain("countertop", directory ? directory : LOCALEDIR);
	bind_textdomain_codeset("countertop", "UTF-8");
	textdomain("countertop");
}
