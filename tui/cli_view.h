/* What `show` and `export` share: which rows a person asked for. */
#ifndef COUNTERTOP_TUI_CLI_VIEW_H
#define COUNTERTOP_TUI_CLI_VIEW_H

#include "model/text.h"
#include "model/ticket.h"
#include "model/view.h"
#include "tui/cli.h"

struct cli_view {
	struct cli *cli;
	struct view_query query;
	char *names[VIEW_ARGS_MAX]; /* of the filters; owned */
	char *ids[VIEW_ARGS_MAX];   /* of documents that filters name by their numbers; owned */
	const char *one;            /* the document named; NULL: the list */
	char code
		[TICKET_CODE_SIZE]; /* what `one` is if it was the code of a ticket, however written */
	int64_t left;               /* rows wanted; -1: all */
	int64_t tz_minutes;         /* of the store */
};

/* words: KIND [ID] FILTER=VALUE… as typed; they must outlive it. least: the lowest role that may do this with
 * rows of any kind. If not CLI_APPLIED, said on err. cli_view_free in either case. */
enum cli_exit cli_view_read(struct cli_view *asked, struct cli *cli, enum staff_role least,
	int count, char *const *words);
/* What the lines of a document of that view are found by, from its id or number; NULL, and said on err, if
 * there is none. The caller frees it. */
char *cli_view_id(struct cli *cli, const struct view *view, const char *name);
void cli_view_free(struct cli_view *asked);

#endif
