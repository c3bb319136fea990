#include "tui/list_days.h"

#include "model/i18n.h"
#include "model/when.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

/* Days are the store's: the view is given their first and last instants. */
static void set_day(struct source *source, const char *filter, const char *day, int64_t shift_ms)
{
	char instant[WHEN_SIZE] = "";
	int64_t start_ms;

	if (when_day_start(day, source->shop->tz_minutes, &start_ms))
		when_format(start_ms + shift_ms, instant);
	source_where(source, filter, instant);
}

void list_days_where(struct source *source, const struct list_days *days)
{
	set_day(source, "since", days->since, 0);
	set_day(source, "until", days->until, DAY_MS - 1);
}

void list_days_title(const struct list_days *days, struct text *title)
{
	if (days->since[0] || days->until[0])
		text_addf(title, " | %s%s\u2026%s%s", days->since, days->since[0] ? " " : "",
			days->until[0] ? " " : "", days->until);
}

void list_days_fields(const struct list_days *days, struct form_field fields[LIST_DAYS_FIELDS])
{
	fields[0] = (struct form_field){.name = "since",
		.kind = FORM_DATE,
		.label = N_("From day"),
		.hint = N_("The day it was made, such as 2026-01-31; may be empty"),
		.initial = days->since};
	fields[1] = (struct form_field){.name = "until",
		.kind = FORM_DATE,
		.label = N_("To day"),
		.hint = N_("The last day, itself included; may be empty"),
		.initial = days->until};
}

const char *list_days_take(struct list_days *days, struct form *form)
{
	const char *since = form_value(form, "since");
	const char *until = form_value(form, "until");

	if (until[0] && strcmp(since, until) > 0)
		return _("The last day is before the first.");
	snprintf(days->since, sizeof(days->since), "%s", since);
	snprintf(days->until, sizeof(days->until), "%s", until);
	return NULL;
}
