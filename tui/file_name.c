#include "tui/file_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/i18n.h"

/* As it was typed, up to its last slash; of the whole program, for so is the habit of a person. */
static char last_folder[FILE_NAME_BYTES];
static bool has_last_folder;

static const char *home(void)
{
	const char *home = getenv("HOME");

	return home && home[0] ? home : "/";
}

/* Up to its last slash, that included; "" if there is none. */
static void folder_of(const char *path, char out[FILE_NAME_BYTES])
{
	const char *slash = strrchr(path, '/');

	snprintf(out, FILE_NAME_BYTES, "%.*s", slash ? (int)(slash - path + 1) : 0, path);
}

void file_name_begin(const char *name, char out[FILE_NAME_BYTES])
{
	const char *folder = last_folder;
	size_t used;

	if (!has_last_folder)
		folder = access(".", W_OK) == 0 ? "" : "~/";
	used = (size_t)snprintf(out, FILE_NAME_BYTES, "%s", folder);
	if (used >= FILE_NAME_BYTES)
		return;
	snprintf(out + used, FILE_NAME_BYTES - used, "%s", name);
	for (char *at = out + used; *at; at++)
		if (strchr("/\\:*?\"<>| ", *at))
			*at = '_';
}

bool file_name_expand(const char *typed, char out[FILE_NAME_BYTES])
{
	bool is_home = typed[0] == '~' && (typed[1] == '/' || !typed[1]);
	int length = snprintf(
		out, FILE_NAME_BYTES, "%s%s", is_home ? home() : "", is_home ? typed + 1 : typed);

	return length >= 0 && length < FILE_NAME_BYTES;
}

void file_name_keep(const char *typed)
{
	folder_of(typed, last_folder);
	has_last_folder = true;
}

const char *file_name_why_not(const char *path)
{
	char folder[FILE_NAME_BYTES];
	struct stat info;

	folder_of(path, folder);
	if (!folder[0])
		snprintf(folder, sizeof(folder), ".");
	if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode))
		return _("There is no such folder: choose another.");
	if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
		return _("That is no file: type another name.");
	if (access(folder, W_OK | X_OK) != 0)
		return errno == EROFS ? _("That disk cannot be written: choose another.")
				      : _("You may not write there: choose another folder.");
	return NULL;
}

const char *file_name_why_unread(const char *path)
{
	struct stat info;

	if (stat(path, &info) != 0)
		return errno == EACCES ? _("You may not look into that folder.")
				       : _("There is no such file.");
	if (!S_ISREG(info.st_mode))
		return _("That is no file: type another name.");
	return access(path, R_OK) == 0 ? NULL : _("You may not read that file.");
}

bool file_name_is_taken(const char *path)
{
	return access(path, F_OK) == 0;
}
