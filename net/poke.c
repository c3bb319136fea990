#include "net/poke.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SUFFIX ".sock"

static struct sockaddr_un address_of(const struct poke *poke, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", poke->folder,
		name);
	return address;
}

static int open_folder(const char *home)
{
	int at = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int folder = -1;

	if (at < 0)
		return -1;
	if (mkdirat(at, "poke", 0700) == 0 || errno == EEXIST)
		folder = openat(at, "poke", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(at);
	return folder;
}

bool poke_open(struct poke *poke, const char *home)
{
	struct sockaddr_un address;
	unsigned drawn = 0;

	memset(poke, 0, sizeof *poke);
	poke->fd = -1;
	poke->folder = open_folder(home);
	if (poke->folder < 0)
		return false;
	if (getrandom(&drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn)
		drawn = 0;
	snprintf(poke->name, sizeof poke->name, "%ld-%08x" SUFFIX, (long)getpid(), drawn);
	poke->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	address = address_of(poke, poke->name);
	if (poke->fd >= 0 && bind(poke->fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return true;
	poke_close(poke);
	return false;
}

void poke_close(struct poke *poke)
{
	if (poke->fd >= 0) {
		close(poke->fd);
		unlinkat(poke->folder, poke->name, 0);
	}
	if (poke->folder >= 0)
		close(poke->folder);
	poke->fd = -1;
	poke->folder = -1;
}

bool poke_one(struct poke *poke, const char *name, char word, const char *text)
{
	struct sockaddr_un address;
	char bytes[POKE_TEXT_SIZE];
	int length = snprintf(bytes, sizeof bytes, "%c%s", word, text);

	if (poke->fd < 0 || strchr(name, '/'))
		return false;
	if (length >= (int)sizeof bytes)
		length = (int)sizeof bytes - 1;
	address = address_of(poke, name);
	if (sendto(poke->fd, bytes, (size_t)length, MSG_NOSIGNAL, (const struct sockaddr *)&address,
		    sizeof address) >= 0)
		return true;
	if (errno == ECONNREFUSED)
		unlinkat(poke->folder, name, 0);
	return false;
}

static bool is_socket_name(const char *name)
{
	size_t length = strlen(name);

	return length > strlen(SUFFIX) && strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0;
}

void poke_all(struct poke *poke, char word)
{
	int copy = poke->fd >= 0 ? openat(poke->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
				 : -1;
	DIR *folder = copy >= 0 ? fdopendir(copy) : NULL;
	const struct dirent *entry;

	if (!folder) {
		if (copy >= 0)
			close(copy);
		return;
	}
	while ((entry = readdir(folder)) != NULL)
		if (is_socket_name(entry->d_name) && strcmp(entry->d_name, poke->name) != 0)
			poke_one(poke, entry->d_name, word, "");
	closedir(folder);
}

/* The folder's name differs from process to process; only the last part means something. */
static void name_of(const struct sockaddr_un *address, socklen_t length, char name[POKE_NAME_SIZE])
{
	const char *slash;

	name[0] = '\0';
	if (length <= offsetof(struct sockaddr_un, sun_path))
		return;
	slash = memrchr(
		address->sun_path, '/', strnlen(address->sun_path, sizeof address->sun_path));
	if (slash)
		snprintf(name, POKE_NAME_SIZE, "%.*s", POKE_NAME_SIZE - 1, slash + 1);
}

bool poke_take(struct poke *poke, struct poke_message *message)
{
	struct sockaddr_un address = {0};
	socklen_t length = sizeof address;
	char bytes[POKE_TEXT_SIZE];
	ssize_t got;

	if (poke->fd < 0)
		return false;
	got = recvfrom(poke->fd, bytes, sizeof bytes - 1, 0, (struct sockaddr *)&address, &length);
	if (got < 0)
		return false;
	bytes[got] = '\0';
	message->word = got > 0 ? bytes[0] : POKE_CHANGED;
	snprintf(message->text, sizeof message->text, "%s", got > 0 ? bytes + 1 : "");
	address.sun_path[sizeof address.sun_path - 1] = '\0';
	name_of(&address, length, message->from);
	return true;
}

bool poke_drain(struct poke *poke)
{
	struct poke_message message;
	bool any = false;

	while (poke_take(poke, &message))
		any = true;
	return any;
}
