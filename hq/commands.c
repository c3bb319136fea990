#include "hq/commands.h"

#include "hq/answer.h"
#include "hq/group.h"

#include <stdlib.h>

static void write_verdicts(const struct group *group, int from, int to, struct text *verdicts)
{
	for (int i = from; i < to; i++) {
		verdict_write(group, &group->lines[i], verdicts);
		text_add(verdicts, "\n");
	}
}

bool commands_run(struct hq *hq, const struct caller *caller, const struct commands_body *body,
	struct text *verdicts)
{
	struct group group = {.hq = hq, .now_ms = body->now_ms};
	bool read = group_add(&group, caller, body->bytes, body->length);

	if (read)
		group_run(&group);
	write_verdicts(&group, 0, group.count, verdicts);
	group_free(&group);
	return read;
}

/* Adds the lines of one request to the group; false, and answered, if there are too many. */
static bool take_lines(struct group *group, struct turn *turn)
{
	const struct hq_request *request = turn->request;

	if (request->body_length <= HQ_BODY_MAX &&
		group_add(group, &turn->caller, request->body ? request->body : "",
			request->body_length))
		return true;
	answer_problem(turn->answer, PROBLEM_TOO_LARGE,
		"A request holds at most %d lines and %zu bytes. Nothing was done.", HQ_LINES_MAX,
		HQ_BODY_MAX);
	return false;
}

void commands_post_together(struct turn *const *turns, int count)
{
	struct group group = {.hq = turns[0]->hq, .now_ms = turns[0]->now_ms};
	int ends[HQ_TOGETHER_MAX];
	bool taken[HQ_TOGETHER_MAX];

	for (int i = 0; i < count; i++) {
		taken[i] = take_lines(&group, turns[i]);
		ends[i] = group.count;
	}
	if (group.count > 0)
		group_run(&group);
	for (int i = 0; i < count; i++) {
		if (!taken[i])
			continue;
		write_verdicts(&group, i ? ends[i - 1] : 0, ends[i],
			answer_begin(turns[i]->answer, 200, "application/x-ndjson"));
		turns[i]->answer->no_store = true;
	}
	group_free(&group);
}

void commands_post(struct turn *turn)
{
	commands_post_together(&turn, 1);
}

void commands_get(struct turn *turn)
{
	char *verdict = db_get_text(
		turn->hq->db, "SELECT verdict FROM command WHERE id = $1", "t", turn->tail);

	if (verdict) {
		text_addf(answer_json(turn->answer, 200), "%s\n", verdict);
		turn->answer->no_store = true;
	} else {
		answer_problem(turn->answer, PROBLEM_NOT_FOUND, "No command %.64s has reached HQ.",
			turn->tail);
	}
	free(verdict);
}
