#include "hq/commands.h"

#include "hq/answer.h"
#include "hq/group.h"

#include <stdlib.h>

bool commands_run(struct hq *hq, const struct caller *caller, const struct commands_body *body,
	struct text *verdicts)
{
	struct group group = {.hq = hq, .caller = caller, .now_ms = body->now_ms};
	bool read = group_read(&group, body->bytes, body->length);

	if (read)
		group_run(&group);
	for (int i = 0; i < group.count; i++) {
		verdict_write(&group, &group.lines[i], verdicts);
		text_add(verdicts, "\n");
	}
	group_free(&group);
	return read;
}

void commands_post(struct turn *turn)
{
	const struct hq_request *request = turn->request;
	struct commands_body body = {
		request->body ? request->body : "", request->body_length, turn->now_ms};
	struct text *verdicts = answer_begin(turn->answer, 200, "application/x-ndjson");

	turn->answer->no_store = true;
	if (request->body_length > HQ_BODY_MAX ||
		!commands_run(turn->hq, &turn->caller, &body, verdicts))
		answer_problem(turn->answer, PROBLEM_TOO_LARGE,
			"A request holds at most %d lines and %zu bytes. Nothing was done.",
			HQ_LINES_MAX, HQ_BODY_MAX);
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
