/* Facts that name a document HQ does not know yet wait in the table command, and are tried again by
 * the group that makes the document; those that do not fit into it, by the groups that follow. A
 * document's id is the id of the command that made it, so a line waits for an id that no applied
 * command has. */
#include "hq/group.h"

#include "model/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool made(struct group *group, const char *id)
{
	for (int i = 0; i < group->total; i++)
		if (group->lines[i].state == LINE_APPLIED &&
			strcmp(group->lines[i].command.id, id) == 0)
			return true;
	return db_has(group->hq->db, "SELECT 1 FROM command WHERE id = $1 AND status = 'applied'",
		"t", id);
}

void parked_note(struct group *group, struct line *line)
{
	const struct op *op = line->command.op;

	for (int i = 0; i < op->field_count; i++) {
		const char *id = json_text(line->command.data, op->fields[i].name);
		char document[UUID_SIZE];

		if (op->fields[i].type != FIELD_ID || op->fields[i].item || !id)
			continue;
		/* What a command made besides its document is called <id>.<number>. */
		snprintf(document, sizeof(document), "%s", id);
		if (!uuid_valid(document) || made(group, document))
			continue;
		snprintf(line->waits, sizeof(line->waits), "%s", document);
		return;
	}
}

/* Takes the lines that wait for the document into the group; their number. */
static int take_waiting(struct group *group, const char *document, struct names *tokens)
{
	int room = group->count + GROUP_AGAIN_MAX - group->total, taken = 0;
	struct db_rows *rows = db_query(group->hq->db,
		"SELECT line, token FROM command WHERE waits = $1 ORDER BY arrived LIMIT $2", "ti",
		document, (int64_t)room);
	/* From here on the document's name, which may stand in a line, is not used. */
	bool roomy = group_room(group, room);

	for (; roomy && db_next(rows); taken++) {
		struct line *line = &group->lines[group->total + taken];

		*line = (struct line){.owned = text_copy(db_text(rows, 0)), .again = true};
		line->bytes = line->owned;
		line->length = strlen(line->owned);
		names_add(tokens, db_text(rows, 1));
	}
	db_done(rows);
	return taken;
}

static void run_again(struct group *group, int n, const char *token)
{
	struct line *line = &group->lines[n];
	struct caller caller;

	line_read(line);
	line->caller = &caller;
	if (caller_of_token(group->hq, token, &caller))
		line_run(group, n);
	line->caller = NULL;
	caller_free(&caller);
	if (line->state == LINE_APPLIED || line->state == LINE_REJECTED)
		return;
	/* It stays parked: for another document that is missing, or else for a person. */
	line->stored = false;
	if (!group->down)
		db_run(group->hq->db, "UPDATE command SET waits = $2 WHERE id = $1", "tt",
			line->command.id, line->waits[0] ? line->waits : NULL);
}

static void retry_for(struct group *group, const char *document)
{
	struct names tokens = {0};
	int taken = take_waiting(group, document, &tokens);

	for (int i = 0; i < taken; i++)
		run_again(group, group->total++, tokens.items[i]);
	names_free(&tokens);
}

/* Lines of this group that came before the one that made their document: they are not in the table yet. */
static void run_here(struct group *group, const char *document)
{
	for (int i = 0; i < group->count && !group->down; i++) {
		struct line *line = &group->lines[i];

		if (line->state != LINE_PARKED || strcmp(line->waits, document) != 0)
			continue;
		line->waits[0] = '\0';
		line->refusal = REFUSAL_NONE;
		line_run(group, i);
	}
}

static bool some_wait_here(const struct group *group)
{
	for (int i = 0; i < group->count; i++)
		if (group->lines[i].state == LINE_PARKED && group->lines[i].waits[0])
			return true;
	return false;
}

void parked_retry(struct group *group)
{
	bool here = some_wait_here(group);

	if (group->down ||
		(!here &&
			!db_has(group->hq->db, "SELECT 1 FROM command WHERE waits IS NOT NULL",
				"")))
		return;
	/* What this group made is not in the table yet, so this is of an earlier one. */
	char *left = db_get_text(group->hq->db,
		"SELECT w.waits FROM command w JOIN command d ON d.id = w.waits AND d.status = 'applied'"
		" WHERE w.waits IS NOT NULL LIMIT 1",
		"");

	if (left)
		retry_for(group, left);
	free(left);
	/* The total grows while this runs: what is applied now may be what others wait for. */
	for (int i = 0; i < group->total && !group->down; i++) {
		if (group->lines[i].state != LINE_APPLIED)
			continue;
		if (here)
			run_here(group, group->lines[i].command.id);
		retry_for(group, group->lines[i].command.id);
	}
}
