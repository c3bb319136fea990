/* Close short 短收結案: what did not come is given up, with a reason a line. Between two stores the
 * reason says where the goods went; of a third party's goods what was not counted moves nothing. */
#include "model/movement.h"

#include "model/handlers.h"
#include "model/json.h"
#include "model/stock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct movement_reason movement_reasons[MOVEMENT_REASONS] = {
	{"not_sent", true},
	{"miscounted", true},
	{"came_back", true},
	{"lost", false},
	{"destroyed", false},
};

bool movement_goes_back(const char *reason)
{
	for (size_t i = 0; i < MOVEMENT_REASONS; i++)
		if (strcmp(movement_reasons[i].word, reason) == 0)
			return movement_reasons[i].goes_back;
	return false;
}

static int64_t missing_of(const struct movement *movement, const struct movement_line *line)
{
	return *movement->from ? movement_line_road(line) : line->ordered - line->received;
}

/* Notes the reasons given for single lines; one for a line that is complete is of no use. */
static enum refusal note_reasons(struct call *call, const struct movement *movement)
{
	const cJSON *named;
	cJSON_ArrayForEach(named, call_lines(call))
	{
		const char *sku = json_text(named, "sku");
		struct movement_line line;
		if (!movement_line_find(call, movement, sku, &line))
			return call_refuse(call, REFUSED_not_on_document, "%s is not on it", sku);
		if (missing_of(movement, &line) <= 0)
			continue;
		snprintf(line.reason, sizeof(line.reason), "%s", json_text(named, "reason"));
		movement_line_save(call, movement, &line);
	}
	return REFUSAL_NONE;
}

static void give_up(struct call *call, const struct movement *movement, struct movement_line *line,
	int64_t missing)
{
	if (!movement_goes_back(line->reason)) {
		line->written_off += missing;
		return;
	}
	line->sent_back += missing;
	stock_post(call,
		&(struct stock_change){.store = movement->from,
			.sku = line->sku,
			.on_hand = missing,
			.reason = "close",
			.doc = &movement->doc,
			.fact = true});
}

static enum refusal close_line(struct call *call, const struct movement *movement,
	struct movement_line *line, struct text *figures)
{
	const char *for_all = call_text(call, "reason");
	int64_t missing = missing_of(movement, line);
	if (missing <= 0)
		return REFUSAL_NONE;
	if (!*line->reason && for_all)
		snprintf(line->reason, sizeof(line->reason), "%s", for_all);
	if (!*line->reason && *movement->from)
		return call_refuse(
			call, REFUSED_bad_data, "%s is short and has no reason", line->sku);
	if (*movement->from)
		give_up(call, movement, line, missing);
	movement_line_save(call, movement, line);
	movement_line_tell(figures, line->sku, missing, 0);
	text_addf(figures, "%s%s", *line->reason ? " " : "", line->reason);
	return REFUSAL_NONE;
}

static enum refusal close_lines(
	struct call *call, const struct movement *movement, struct text *figures)
{
	struct movement_line *lines;
	int count = movement_line_all(call, movement, &lines);
	enum refusal refusal = count < 0 ? REFUSAL_FAULT : REFUSAL_NONE;
	for (int i = 0; i < count && !refusal; i++)
		refusal = close_line(call, movement, &lines[i], figures);
	free(lines);
	return refusal;
}

/* A third party's inbound of which nothing was counted never took place. */
static enum movement_status closed_status(struct call *call, const struct movement *movement)
{
	bool counted = db_has(call->db,
		"SELECT 1 FROM movement_line WHERE movement = $1 AND received > 0", "t",
		movement->id);
	return counted ? MOVEMENT_RECEIVED : movement->next;
}

enum refusal movement_close(struct call *call)
{
	struct movement movement;
	enum refusal refusal = movement_open(call, MOVEMENT_CLOSE, &movement);
	if (!refusal)
		refusal = note_reasons(call, &movement);
	if (refusal)
		return refusal;
	struct text figures = TEXT_INIT(COMMAND_LINE_MAX);
	refusal = close_lines(call, &movement, &figures);
	if (!refusal) {
		movement_move(call, &movement, closed_status(call, &movement), NULL);
		call_log(call, &movement.doc, text_get(&figures));
	}
	text_free(&figures);
	return refusal;
}
