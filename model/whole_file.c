#include "model/whole_file.h"

#include "model/text.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

void whole_file_name(struct whole_file *file, const char *path)
{
	struct text beside = TEXT_INIT(TEXT_SMALL);

	text_addf(&beside, "%s.%ld.part", path, (long)getpid());
	*file = (struct whole_file){.path = text_copy(path), .beside = text_take(&beside)};
}

bool whole_file_open(struct whole_file *file, const char *path)
{
	whole_file_name(file, path);
	errno = ENOMEM;
	file->out = file->beside ? fopen(file->beside, "wbxe") : NULL;
	if (file->out)
		return true;
	/* What stands there is somebody else's. */
	free(file->beside);
	file->beside = NULL;
	return false;
}

bool whole_file_close(struct whole_file *file)
{
	FILE *out = file->out;
	bool is_good;

	file->out = NULL;
	if (!out)
		return true;
	is_good = fflush(out) == 0 && !ferror(out) && fsync(fileno(out)) == 0;
	return fclose(out) == 0 && is_good;
}

bool whole_file_end(struct whole_file *file, bool is_good)
{
	int trouble;

	is_good = file->beside && is_good && rename(file->beside, file->path) == 0;
	trouble = errno;
	if (!is_good && file->beside)
		unlink(file->beside);
	free(file->path);
	free(file->beside);
	*file = (struct whole_file){.path = NULL};
	errno = trouble;
	return is_good;
}
