#include "hq/metrics.h"

#include "hq/answer.h"

#include <inttypes.h>

/* Alive means: the database answers. */
void metrics_health(struct turn *turn)
{
	struct text *body = answer_json(turn->answer, 200);

	db_get_int(turn->hq->db, 0, "SELECT COUNT(*) FROM meta", "");
	text_add(body, "{\"status\":\"ok\"}\n");
	turn->answer->no_store = true;
}

static void add_counter(struct text *body, const char *name, const char *help, int64_t value)
{
	text_addf(body,
		"# HELP countertop_%s %s\n# TYPE countertop_%s counter\ncountertop_%s %" PRId64
		"\n",
		name, help, name, name, value);
}

void metrics_get(struct turn *turn)
{
	const struct hq_counters *counters = &turn->hq->counters;
	const struct {
		const char *status;
		int64_t count;
	} verdicts[] = {
		{"applied", counters->applied},
		{"rejected", counters->rejected},
		{"parked", counters->parked},
		{"replayed", counters->replayed},
		{"error", counters->errors},
	};
	struct text *body = answer_begin(
		turn->answer, 200, "text/plain; version=0.0.4; charset=utf-8");

	add_counter(body, "requests_total", "Requests answered or waiting.", counters->requests);
	add_counter(body, "problems_total", "Answers of 400 and above.", counters->problems);
	add_counter(body, "rows_sent_total", "Rows sent in pages of changes.", counters->rows_sent);
	text_add(body,
		"# HELP countertop_commands_total Verdicts given since HQ was started.\n"
		"# TYPE countertop_commands_total counter\n");
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++)
		text_addf(body, "countertop_commands_total{status=\"%s\"} %" PRId64 "\n",
			verdicts[i].status, verdicts[i].count);
	text_addf(body,
		"# HELP countertop_parked Commands that wait for a document or a person.\n"
		"# TYPE countertop_parked gauge\ncountertop_parked %" PRId64 "\n",
		db_get_int(turn->hq->db, 0, "SELECT COUNT(*) FROM command WHERE status = 'parked'",
			""));
	turn->answer->no_store = true;
}
