/* A disk in memory, as a SQLite VFS: quick, and it does what a real one does when the power goes.
 *
 * A file stands in its folder as an empty placeholder, so that stat, access and rename see what they
 * would see; its bytes are here and are found by its inode. What was written since the file was last
 * synced is kept apart: a power cut keeps, drops or tears any part of it. Locks and shared memory are
 * kept here too, since all processes of a test are one; nobody ever waits. */
#ifndef COUNTERTOP_TESTS_MEMORY_DISK_H
#define COUNTERTOP_TESTS_MEMORY_DISK_H

#include "tests/fault_vfs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Registers it on first use; its name for db_options. */
const char *disk_vfs(void);

/* Asked before every read, write (or truncation, or removal) and sync: SQLITE_OK, or what the disk
 * answers instead. NULL: all is well. */
extern int (*disk_hook)(const char *path, enum fault_op op);

/* Removes the file and its bytes. Not to be done by unlink. */
void disk_remove(const char *path);
/* The power of the files in this folder goes. Nobody may have one of them open. */
void disk_power_cut(const char *folder, uint32_t (*draw)(void *ctx, uint32_t below), void *ctx);
/* All files at once, for a new start; nobody may have one open. */
void disk_forget(void);

/* The bytes of a closed file, to put them back later or elsewhere. */
struct disk_image {
	char *bytes;
	size_t size;
};
bool disk_save(const char *path, struct disk_image *image); /* false: there is none */
void disk_load(const char *path, const struct disk_image *image);
void disk_image_free(struct disk_image *image);

#endif
