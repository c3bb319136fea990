/* The files of the disk in memory: their bytes, and what becomes of them when the power goes. */
#include "tests/memory_disk_parts.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4200
#define SECTOR 512

static struct disk_file *files;

/* ---- bytes ---- */

void bytes_resize(struct bytes *bytes, size_t size)
{
	if (size > bytes->room) {
		size_t room = size * 2 > 8192 ? size * 2 : 8192;

		bytes->at = realloc(bytes->at, room);
		if (!bytes->at)
			abort();
		bytes->room = room;
	}
	if (size > bytes->size)
		memset(bytes->at + bytes->size, 0, size - bytes->size);
	bytes->size = size;
}

void bytes_put(struct bytes *bytes, size_t at, const void *from, size_t length)
{
	if (at + length > bytes->size)
		bytes_resize(bytes, at + length);
	if (length > 0)
		memcpy(bytes->at + at, from, length);
}

static void bytes_free(struct bytes *bytes)
{
	free(bytes->at);
	*bytes = (struct bytes){0};
}

/* ---- files ---- */

static void file_free(struct disk_file *file)
{
	bytes_free(&file->now);
	bytes_free(&file->safe);
	bytes_free(&file->unsynced);
	bytes_free(&file->pending);
	if (file->fd >= 0)
		close(file->fd);
	for (int i = 0; i < REGIONS_MAX; i++)
		free(file->regions[i]);
	free(file);
}

void file_drop(struct disk_file *file)
{
	for (struct disk_file **at = &files; *at; at = &(*at)->next) {
		if (*at == file) {
			*at = file->next;
			file_free(file);
			return;
		}
	}
}

struct disk_file *file_add(void)
{
	struct disk_file *file = calloc(1, sizeof *file);

	if (!file)
		abort();
	file->fd = -1;
	file->next = files;
	files = file;
	return file;
}

struct disk_file *file_of(const char *path)
{
	struct stat info;

	if (stat(path, &info) != 0)
		return NULL;
	for (struct disk_file *file = files; file; file = file->next)
		if (!file->gone && file->ino == info.st_ino && file->dev == info.st_dev)
			return file;
	return NULL;
}

/* What another VFS wrote is read from the real file. */
static void read_real(struct disk_file *file, int fd, size_t size)
{
	bytes_resize(&file->now, size);
	for (size_t at = 0; at < size;) {
		ssize_t got = pread(fd, file->now.at + at, size - at, (off_t)at);

		if (got <= 0)
			break;
		at += (size_t)got;
	}
	bytes_put(&file->safe, 0, file->now.at, size);
}

struct disk_file *file_open(const char *path, int flags)
{
	struct stat info;
	struct disk_file *file = file_of(path);
	int fd;

	if (file)
		return file;
	fd = open(
		path, (flags & SQLITE_OPEN_CREATE ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, 0600);
	if (fd < 0)
		return NULL;
	file = file_add();
	file->fd = fd;
	if (fstat(fd, &info) == 0) {
		file->dev = info.st_dev;
		file->ino = info.st_ino;
		read_real(file, fd, (size_t)info.st_size);
	}
	return file;
}

void file_sync(struct disk_file *file)
{
	const struct pending *pending = (const struct pending *)(void *)file->pending.at;
	size_t count = file->pending.size / sizeof *pending;

	for (size_t i = 0; i < count; i++) {
		if (pending[i].truncates)
			bytes_resize(&file->safe, pending[i].at);
		else
			bytes_put(&file->safe, pending[i].at, file->unsynced.at + pending[i].from,
				pending[i].length);
	}
	file->pending.size = file->unsynced.size = 0;
}

void file_note(struct disk_file *file, struct pending pending, const void *bytes)
{
	pending.from = file->unsynced.size;
	bytes_put(&file->unsynced, pending.from, bytes, pending.length);
	bytes_put(&file->pending, file->pending.size, &pending, sizeof pending);
}

/* ---- the power ---- */

/* Keeps, drops or tears each write that was not synced, in its own way each time. */
static void file_cut(struct disk_file *file, uint32_t (*draw)(void *ctx, uint32_t below), void *ctx)
{
	struct pending *pending = (struct pending *)(void *)file->pending.at;
	size_t count = file->pending.size / sizeof *pending, kept = 0;
	uint32_t mood = draw(ctx, 4);
	size_t first = count > 0 ? draw(ctx, (uint32_t)count + 1) : 0;

	for (size_t i = 0; i < count; i++) {
		struct pending one = pending[i];
		/* All lost, all there, only the first so many, or any. */
		bool keep = mood == 1 || (mood == 2 && i < first) || (mood == 3 && draw(ctx, 2));

		if (!keep)
			continue;
		if (mood == 3 && one.length > SECTOR && draw(ctx, 3) == 0)
			one.length = SECTOR * (draw(ctx, (uint32_t)(one.length / SECTOR)) + 1);
		pending[kept++] = one;
	}
	file->pending.size = kept * sizeof *pending;
	file_sync(file);
	file->now.size = 0;
	bytes_put(&file->now, 0, file->safe.at, file->safe.size);
}

static int by_name(const struct dirent **one, const struct dirent **other)
{
	return strcmp((*one)->d_name, (*other)->d_name);
}

void disk_power_cut(const char *folder, uint32_t (*draw)(void *ctx, uint32_t below), void *ctx)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, by_name);

	for (int i = 0; i < count; i++) {
		char path[PATH_SIZE];
		struct disk_file *file;

		snprintf(path, sizeof path, "%.3900s/%.250s", folder, entries[i]->d_name);
		file = file_of(path);
		if (file)
			file_cut(file, draw, ctx);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/* ---- images ---- */

bool disk_save(const char *path, struct disk_image *image)
{
	const struct disk_file *file = file_of(path);

	*image = (struct disk_image){0};
	if (!file)
		return false;
	image->bytes = malloc(file->now.size + 1);
	if (!image->bytes)
		abort();
	image->size = file->now.size;
	memcpy(image->bytes, file->now.at ? file->now.at : "", image->size);
	return true;
}

void disk_load(const char *path, const struct disk_image *image)
{
	struct disk_file *file;

	disk_remove(path);
	file = file_open(path, SQLITE_OPEN_CREATE);
	if (!file)
		abort();
	bytes_put(&file->now, 0, image->bytes, image->size);
	bytes_put(&file->safe, 0, image->bytes, image->size);
}

void disk_image_free(struct disk_image *image)
{
	free(image->bytes);
	*image = (struct disk_image){0};
}

void disk_remove(const char *path)
{
	struct disk_file *file = file_of(path);

	unlink(path);
	if (!file)
		return;
	file->gone = true;
	if (!file->handles)
		file_drop(file);
}

void disk_forget(void)
{
	while (files)
		file_drop(files);
}
