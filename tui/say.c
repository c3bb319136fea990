#include "tui/say.h"

#include "tui/cols.h"

#include <stdarg.h>

#define SAY_BYTES 5000 /* a path and a sentence around it */

void say_to(FILE *err, const char *format, ...)
{
	char line[SAY_BYTES], clean[SAY_BYTES * 3];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	cols_clean(clean, sizeof clean, line);
	fprintf(err, "countertop: %s\n", clean);
}
