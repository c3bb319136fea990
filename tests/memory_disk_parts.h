/* What the two files of the disk in memory share; nobody else includes this. */
#ifndef COUNTERTOP_TESTS_MEMORY_DISK_PARTS_H
#define COUNTERTOP_TESTS_MEMORY_DISK_PARTS_H

#include "tests/memory_disk.h"

#include <sqlite3.h>
#include <sys/types.h>

#define REGIONS_MAX 16

/* A buffer that grows; memory that is short ends the test. */
struct bytes {
	char *at;
	size_t size, room;
};

/* A write that is not synced, or, without bytes, a new length. */
struct pending {
	size_t at, length, from; /* from: its bytes in `unsynced` */
	bool truncates;
};

struct disk_file {
	struct disk_file *next;
	int fd; /* of the placeholder, so that its inode is no other file's; -1: it has none */
	dev_t dev;
	ino_t ino;
	bool gone; /* it has no name any more */
	struct bytes now, safe, unsynced;
	struct bytes pending; /* of struct pending */
	struct handle *handles;
	char *regions[REGIONS_MAX]; /* of shared memory */
	int mapped;                 /* handles that use it */
};

struct handle {
	sqlite3_file base;
	struct disk_file *file;
	struct handle *next; /* of the same file */
	const char *path;    /* SQLite keeps it as long as the file is open; NULL: a nameless one */
	int lock;
	bool maps;
	unsigned shared, alone; /* slots of shared memory that it locks */
};

void bytes_resize(struct bytes *bytes, size_t size);
void bytes_put(struct bytes *bytes, size_t at, const void *from, size_t length);

/* The file of this name; NULL if it was never opened here. */
struct disk_file *file_of(const char *path);
/* The same, opened or made as the flags of xOpen say; NULL if that cannot be. */
struct disk_file *file_open(const char *path, int flags);
struct disk_file *file_add(void); /* without a name */
void file_drop(struct disk_file *file);
/* Notes a write that is not synced yet. */
void file_note(struct disk_file *file, struct pending pending, const void *bytes);
void file_sync(struct disk_file *file);

#endif
