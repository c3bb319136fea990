/* The disk in memory as SQLite sees it. */
#include "tests/memory_disk_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int (*disk_hook)(const char *path, enum fault_op op);

static sqlite3_vfs *under;
static sqlite3_io_methods methods;

/* ---- the VFS: files ---- */

static struct handle *handle_of(sqlite3_file *file)
{
	return (struct handle *)file;
}

static int fault(const char *path, enum fault_op op)
{
	return disk_hook ? disk_hook(path ? path : "", op) : SQLITE_OK;
}

static int do_read(sqlite3_file *base, void *bytes, int size, sqlite3_int64 at)
{
	struct handle *handle = handle_of(base);
	const struct bytes *now = &handle->file->now;
	int code = fault(handle->path, FAULT_READ);
	size_t there = now->size > (size_t)at ? now->size - (size_t)at : 0;

	if (code != SQLITE_OK)
		return code;
	if (there > (size_t)size)
		there = (size_t)size;
	if (there > 0)
		memcpy(bytes, now->at + at, there);
	memset((char *)bytes + there, 0, (size_t)size - there);
	return there == (size_t)size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int do_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 at)
{
	struct handle *handle = handle_of(base);
	int code = fault(handle->path, FAULT_WRITE);

	if (code != SQLITE_OK)
		return code;
	bytes_put(&handle->file->now, (size_t)at, bytes, (size_t)size);
	if (handle->path)
		file_note(handle->file, (struct pending){.at = (size_t)at, .length = (size_t)size},
			bytes);
	return SQLITE_OK;
}

static int do_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct handle *handle = handle_of(base);
	int code = fault(handle->path, FAULT_WRITE);

	if (code != SQLITE_OK)
		return code;
	bytes_resize(&handle->file->now, (size_t)size);
	if (handle->path)
		file_note(
			handle->file, (struct pending){.at = (size_t)size, .truncates = true}, "");
	return SQLITE_OK;
}

static int do_sync(sqlite3_file *base, int flags)
{
	struct handle *handle = handle_of(base);
	int code = fault(handle->path, FAULT_SYNC);

	(void)flags;
	if (code == SQLITE_OK)
		file_sync(handle->file);
	return code;
}

static int do_file_size(sqlite3_file *base, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)handle_of(base)->file->now.size;
	return SQLITE_OK;
}

/* Has the name that it was opened by become another file's? */
static int do_control(sqlite3_file *base, int op, void *arg)
{
	const struct handle *handle = handle_of(base);

	if (op != SQLITE_FCNTL_HAS_MOVED)
		return SQLITE_NOTFOUND;
	*(int *)arg = handle->path && file_of(handle->path) != handle->file;
	return SQLITE_OK;
}

static int do_sector_size(sqlite3_file *base)
{
	(void)base;
	return 4096;
}

static int do_character(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- the VFS: locks ---- */

static int highest_other(const struct handle *handle)
{
	int highest = SQLITE_LOCK_NONE;

	for (const struct handle *other = handle->file->handles; other; other = other->next)
		if (other != handle && other->lock > highest)
			highest = other->lock;
	return highest;
}

static int do_lock(sqlite3_file *base, int lock)
{
	struct handle *handle = handle_of(base);
	int others = highest_other(handle);

	if (handle->lock >= lock)
		return SQLITE_OK;
	if (lock == SQLITE_LOCK_SHARED ? others >= SQLITE_LOCK_PENDING
				       : others >= SQLITE_LOCK_RESERVED)
		return SQLITE_BUSY;
	if (lock == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
		handle->lock = SQLITE_LOCK_PENDING;
		return SQLITE_BUSY;
	}
	handle->lock = lock;
	return SQLITE_OK;
}

static int do_unlock(sqlite3_file *base, int lock)
{
	struct handle *handle = handle_of(base);

	if (handle->lock > lock)
		handle->lock = lock;
	return SQLITE_OK;
}

static int do_check_lock(sqlite3_file *base, int *locked)
{
	const struct handle *handle = handle_of(base);

	*locked = handle->lock >= SQLITE_LOCK_RESERVED ||
		highest_other(handle) >= SQLITE_LOCK_RESERVED;
	return SQLITE_OK;
}

static int do_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **memory)
{
	struct handle *handle = handle_of(base);
	char **at;

	*memory = NULL;
	if (region >= REGIONS_MAX)
		return SQLITE_FULL;
	at = &handle->file->regions[region];
	handle->file->mapped += !handle->maps;
	handle->maps = true;
	if (!*at && extend)
		*at = calloc(1, (size_t)size);
	*memory = *at;
	return SQLITE_OK;
}

static int do_shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
	struct handle *handle = handle_of(base);
	unsigned slots = ((1u << count) - 1) << offset;
	bool alone = flags & SQLITE_SHM_EXCLUSIVE;

	if (flags & SQLITE_SHM_UNLOCK) {
		handle->shared &= ~slots;
		handle->alone &= ~slots;
		return SQLITE_OK;
	}
	for (const struct handle *other = handle->file->handles; other; other = other->next)
		if (other != handle && ((other->alone | (alone ? other->shared : 0)) & slots))
			return SQLITE_BUSY;
	if (alone)
		handle->alone |= slots;
	else
		handle->shared |= slots;
	return SQLITE_OK;
}

static void do_shm_barrier(sqlite3_file *base)
{
	(void)base;
}

static int do_shm_unmap(sqlite3_file *base, int remove)
{
	struct handle *handle = handle_of(base);
	struct disk_file *file = handle->file;

	(void)remove;
	handle->shared = handle->alone = 0;
	if (!handle->maps)
		return SQLITE_OK;
	handle->maps = false;
	if (--file->mapped > 0)
		return SQLITE_OK;
	for (int i = 0; i < REGIONS_MAX; i++) {
		free(file->regions[i]);
		file->regions[i] = NULL;
	}
	return SQLITE_OK;
}

/* Another file may have been moved to its name. */
static bool is_gone(const struct disk_file *file)
{
	struct stat info;

	return file->gone || (fstat(file->fd, &info) == 0 && info.st_nlink == 0);
}

static int do_close(sqlite3_file *base)
{
	struct handle *handle = handle_of(base);
	struct disk_file *file = handle->file;

	do_shm_unmap(base, 0);
	for (struct handle **at = &file->handles; *at; at = &(*at)->next) {
		if (*at == handle) {
			*at = handle->next;
			break;
		}
	}
	if (!file->handles && is_gone(file))
		file_drop(file);
	return SQLITE_OK;
}

/* ---- the VFS: names ---- */

static int do_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out)
{
	struct handle *handle = handle_of(base);

	(void)vfs;
	*handle = (struct handle){.path = path};
	if (path && fault(path, FAULT_READ) != SQLITE_OK)
		return SQLITE_CANTOPEN;
	handle->file = path ? file_open(path, flags) : file_add();
	if (!handle->file)
		return SQLITE_CANTOPEN;
	handle->file->gone = handle->file->gone || !path;
	handle->next = handle->file->handles;
	handle->file->handles = handle;
	handle->base.pMethods = &methods;
	if (out)
		*out = flags;
	return SQLITE_OK;
}

static int do_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
	int code = fault(path, FAULT_WRITE);

	(void)vfs;
	(void)sync;
	if (code != SQLITE_OK)
		return SQLITE_IOERR_DELETE;
	if (access(path, F_OK) != 0)
		return SQLITE_IOERR_DELETE_NOENT;
	disk_remove(path);
	return SQLITE_OK;
}

static int do_access(sqlite3_vfs *vfs, const char *path, int flags, int *result)
{
	const struct disk_file *file = file_of(path);
	struct stat info;

	(void)vfs;
	*result = stat(path, &info) == 0;
	if (flags == SQLITE_ACCESS_EXISTS && *result)
		*result = (file ? file->now.size : (size_t)info.st_size) > 0;
	return SQLITE_OK;
}

/* Nobody can let go of a lock while another sleeps. */
static int do_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

const char *disk_vfs(void)
{
	static sqlite3_vfs vfs;

	if (under)
		return vfs.zName;
	sqlite3_initialize();
	under = sqlite3_vfs_find(NULL);
	methods = (sqlite3_io_methods){.iVersion = 2,
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
		.xShmUnmap = do_shm_unmap};
	vfs = *under;
	vfs.zName = "memory-disk";
	vfs.szOsFile = (int)sizeof(struct handle);
	vfs.xOpen = do_open;
	vfs.xDelete = do_delete;
	vfs.xAccess = do_access;
	vfs.xSleep = do_sleep;
	sqlite3_vfs_register(&vfs, 0);
	return vfs.zName;
}
