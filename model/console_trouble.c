/* Why a file of the home cannot be used, for a person: what happened and what to do now. */
#include "model/console_parts.h"
#include "model/i18n.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096

/* The way out for a damaged file: one is precious, the other comes back. */
static const char *keep_or_drop(const char *name)
{
	return strcmp(name, "outbox.db") == 0
		? _("Do not delete it: it may hold what HQ has not got. Save what it holds: countertop rescue")
		: _("Move it away: it comes back from HQ, and nothing is lost");
}

void parts_say_trouble(const struct console *console, const struct parts_trouble *trouble,
	char *error, size_t size)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof path, "%s/%s", console->home, trouble->name);
	if (trouble->failure == DB_CORRUPT)
		snprintf(error, size, _("%s is damaged. %s."), path, keep_or_drop(trouble->name));
	else if (access(console->home, W_OK | X_OK) != 0 && !console->vfs)
		snprintf(error, size,
			_("%s cannot be written: %s. Nothing can be saved here until it can."),
			console->home, strerror(errno));
	else if (trouble->failure == DB_BUSY)
		snprintf(error, size, _("%s is held by another process. Try again."), path);
	else if (trouble->failure == DB_FULL || trouble->failure == DB_DISK)
		snprintf(error, size,
			_("%s cannot be used: is the disk full? Make room; until then nothing is saved. (%s)"),
			path, trouble->technical);
	else
		snprintf(error, size, _("%s cannot be used: %s"), path, trouble->technical);
}

/* Once the cache was made the outbox has tables: an empty one lost them, and with them what waited. */
bool parts_outbox_lost(const struct console *console)
{
	char path[PATH_BYTES];
	struct stat outbox, cache;

	snprintf(path, sizeof path, "%s/outbox.db", console->home);
	if (console->vfs || stat(path, &outbox) != 0 || outbox.st_size > 0)
		return false;
	snprintf(path, sizeof path, "%s/cache.db", console->home);
	return stat(path, &cache) == 0 && cache.st_size > 0;
}
