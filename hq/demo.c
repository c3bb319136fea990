#include "hq/demo.h"

bool demo_make(struct hq *hq, int64_t now_ms, char *error, size_t size)
{
	(void)hq;
	(void)now_ms;
	snprintf(error, size, "not there yet");
	return false;
}

void demo_print_staff(FILE *out)
{
	(void)out;
}
