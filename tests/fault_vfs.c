#include "tests/fault_vfs.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int (*fault_hook)(const char *path, enum fault_op op);

/* The operating system's file lies behind this one, in the same piece of memory. */
struct fault_file {
	sqlite3_file base;
	const char *path; /* SQLite keeps it as long as the file is open */
};

static sqlite3_vfs *under;
static sqlite3_io_methods methods;

static sqlite3_file *behind(sqlite3_file *file)
{
	return (sqlite3_file *)((struct fault_file *)file + 1);
}

static int fault(sqlite3_file *file, enum fault_op op)
{
	const char *path = ((struct fault_file *)file)->path;
	return fault_hook ? fault_hook(path ? path : "", op) : SQLITE_OK;
}

#define CALL(method, ...) behind(file)->pMethods->method(behind(file), __VA_ARGS__)

static int do_close(sqlite3_file *file)
{
	return behind(file)->pMethods->xClose(behind(file));
}

static int do_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 at)
{
	int code = fault(file, FAULT_READ);
	return code != SQLITE_OK ? code : CALL(xRead, bytes, size, at);
}

static int do_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
	int code = fault(file, FAULT_WRITE);
	return code != SQLITE_OK ? code : CALL(xWrite, bytes, size, at);
}

static int do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return CALL(xTruncate, size);
}

static int do_sync(sqlite3_file *file, int flags)
{
	int code = fault(file, FAULT_SYNC);
	return code != SQLITE_OK ? code : CALL(xSync, flags);
}

static int do_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return CALL(xFileSize, size);
}

static int do_lock(sqlite3_file *file, int lock)
{
	return CALL(xLock, lock);
}

static int do_unlock(sqlite3_file *file, int lock)
{
	return CALL(xUnlock, lock);
}

static int do_check_lock(sqlite3_file *file, int *locked)
{
	return CALL(xCheckReservedLock, locked);
}

static int do_control(sqlite3_file *file, int op, void *arg)
{
	return CALL(xFileControl, op, arg);
}

static int do_sector_size(sqlite3_file *file)
{
	return behind(file)->pMethods->xSectorSize(behind(file));
}

static int do_character(sqlite3_file *file)
{
	return behind(file)->pMethods->xDeviceCharacteristics(behind(file));
}

static int do_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
	return CALL(xShmMap, page, size, extend, memory);
}

static int do_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return CALL(xShmLock, offset, count, flags);
}

static void do_shm_barrier(sqlite3_file *file)
{
	behind(file)->pMethods->xShmBarrier(behind(file));
}

static int do_shm_unmap(sqlite3_file *file, int remove)
{
	return CALL(xShmUnmap, remove);
}

static int do_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
	(void)vfs;
	file->pMethods = NULL;
	((struct fault_file *)file)->path = path;
	int code = under->xOpen(under, path, behind(file), flags, out);
	if (behind(file)->pMethods)
		file->pMethods = &methods;
	return code;
}

const char *fault_vfs(void)
{
	static sqlite3_vfs vfs;
	if (under)
		return vfs.zName;
	sqlite3_initialize();
	under = sqlite3_vfs_find(NULL);
	methods = (sqlite3_io_methods){
		.iVersion = 2,
		.xClose = do_close,
		.xRead = do_read,
		.xWrite = do_write,
		.xTruncate = do_truncate,
		.xSync = do_sync,
		.xFileSize = do_file_size,
		.xLock = do_lock,
		.xUnlock = do_unlock,
		.xCheckReservedLock = do_check_lock,
		.xFileControl = do_control,
		.xSectorSize = do_sector_size,
		.xDeviceCharacteristics = do_character,
		.xShmMap = do_shm_map,
		.xShmLock = do_shm_lock,
		.xShmBarrier = do_shm_barrier,
		.xShmUnmap = do_shm_unmap,
	};
	vfs = *under;
	vfs.zName = "fault";
	vfs.szOsFile = (int)sizeof(struct fault_file) + under->szOsFile;
	vfs.xOpen = do_open;
	sqlite3_vfs_register(&vfs, 0);
	return vfs.zName;
}
