/* A VFS over the operating system's whose disk can be full, fail or lie: every read, write and sync
 * asks a hook first. */
#ifndef COUNTERTOP_TESTS_FAULT_VFS_H
#define COUNTERTOP_TESTS_FAULT_VFS_H

enum fault_op { FAULT_READ, FAULT_WRITE, FAULT_SYNC };

/* SQLITE_OK, or what the disk answers instead: SQLITE_FULL, SQLITE_IOERR_WRITE … NULL: all is well. */
extern int (*fault_hook)(const char *path, enum fault_op op);

/* Registers it on first use; its name for db_options. */
const char *fault_vfs(void);

#endif
