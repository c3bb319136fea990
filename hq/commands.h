/* POST /v1/commands and GET /v1/commands/{id}. */
#ifndef COUNTERTOP_HQ_COMMANDS_H
#define COUNTERTOP_HQ_COMMANDS_H

#include "hq/core.h"

struct commands_body {
	const char *bytes; /* NDJSON, one command a line */
	size_t length;
	int64_t now_ms;
};

/* Runs the lines as one group and appends one verdict a line, in their order. False if there are
 * too many lines; then nothing was done. */
bool commands_run(struct hq *hq, const struct caller *caller, const struct commands_body *body,
	struct text *verdicts);

/* Runs the commands of 1 to HQ_TOGETHER_MAX requests as one group and answers each. */
void commands_post_together(struct turn *const *turns, int count);
void commands_post(struct turn *turn);
void commands_get(struct turn *turn);

#endif
