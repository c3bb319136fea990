/* What must hold after any number of kills. */
#include "tests/e2e_kills.h"
#include "tests/e2e_truth.h"

static void expect_saved(const struct load *load)
{
	int count = atomic_load(&load->saved_count);

	assert_in_range(count, 1, KILLS_SAVED_MAX);
	for (int i = 0; i < count; i++)
		if (!e2e_truth_has_verdict(load->saved[i]))
			fail_msg("%s was called saved, and HQ has no verdict for it",
				load->saved[i]);
}

/* As HQ tells it to anybody. */
static void expect_told(const struct seat *seat)
{
	bool counts = seat->kind == SEAT_COUNTS;
	cJSON *document = e2e_get("/v1/%s/%s", counts ? "stocktakes" : "movements", seat->id);
	const cJSON *line;
	double sum = 0;

	cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(document, "lines"))
	{
		const cJSON *figure = cJSON_GetObjectItemCaseSensitive(
			line, counts ? "counted" : "received");

		sum += cJSON_IsNumber(figure) ? figure->valuedouble : 0;
	}
	cJSON_Delete(document);
	assert_int_equal((int)sum, seat->typed);
}

void kills_check(const struct load *load, const struct kills_home homes[KILLS_HOMES],
	const struct seat seats[KILLS_HOMES])
{
	expect_saved(load);
	for (int i = 0; i < KILLS_HOMES; i++) {
		e2e_truth_expect(&homes[i].home);
		expect_told(&seats[i]);
	}
}
