#include "tui/sync_rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/i18n.h"
#include "model/json.h"
#include "model/text.h"
#include "tui/cols.h"
#include "tui/dialog.h"
#include "tui/personal.h"

/* A try that was due this long ago did not come: nobody is there to make it. */
#define OVERDUE_MS 15000
#define LABEL_COLS 14

/* ------------------------------------------------------------------ facts */

static void add_fact(struct document_rows *rows, enum role role, const char *label,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

static void add_fact(
	struct document_rows *rows, enum role role, const char *label, const char *format, ...)
{
	struct sync_fact *fact = document_rows_add(rows);
	va_list args;

	if (!fact)
		return;
	document_rows_key(fact->key, (long long)rows->count, "");
	fact->label = label;
	fact->role = role;
	va_start(args, format);
	vsnprintf(fact->value, sizeof(fact->value), format, args);
	va_end(args);
}

static void add_count(struct document_rows *rows, enum role role, const char *label, int64_t count)
{
	add_fact(rows, count > 0 ? role : ROLE_NORMAL, label, "%lld", (long long)count);
}

static void add_line(
	const struct shop *shop, const struct console_line *line, struct document_rows *rows)
{
	enum role role = line->online ? ROLE_OK : ROLE_WARN;
	struct sync_fact *first;
	char since[SHOP_WHEN_BYTES];

	shop_when(shop, line->since_ms, since);
	if (!since[0])
		add_fact(rows, role, _("Line"), "%s", line->online ? _("online") : _("offline"));
	else
		add_fact(rows, role, _("Line"),
			line->online ? _("online since %s") : _("offline since %s"), since);
	first = document_rows_at(rows, 0);
	if (first)
		first->is_line = true;
	if (line->trouble[0])
		/* The syncer may speak another language than this person. */
		add_fact(rows, ROLE_WARN, _("Trouble"), "%s", gettext(line->trouble));
}

static void add_next_try(
	const struct shop *shop, const struct console_line *line, struct document_rows *rows)
{
	int64_t wait_ms = line->next_ms - shop_now(shop);
	char when[SHOP_WHEN_BYTES];

	if (line->next_ms == 0)
		return;
	shop_when(shop, line->next_ms, when);
	if (wait_ms > 0)
		add_fact(rows, ROLE_NORMAL, _("Next try"), _("in %lld s"),
			(long long)(wait_ms + 999) / 1000);
	else if (wait_ms > -OVERDUE_MS)
		add_fact(rows, ROLE_NORMAL, _("Next try"), "%s", _("at once"));
	else
		add_fact(rows, ROLE_WARN, _("Next try"),
			_("was due at %s. Does a syncer run? countertop doctor tells."), when);
}

static void add_age(
	const struct shop *shop, const struct console_line *line, struct document_rows *rows)
{
	int64_t age_ms = shop_now(shop) - line->pulled_ms;
	char when[SHOP_WHEN_BYTES], age[32];

	if (!shop_db(shop)) {
		add_fact(rows, ROLE_WARN, _("Data"), "%s", _("no cache"));
		return;
	}
	if (line->pulled_ms == 0) {
		add_fact(rows, ROLE_WARN, _("Data"), "%s", _("none have come yet"));
		return;
	}
	shop_when(shop, line->pulled_ms, when);
	/* On the line HQ says when there is more; then what is here is what HQ has. */
	shop_age(line->online || age_ms < 0 ? 0 : age_ms, age, sizeof(age));
	/* TRANSLATORS: when the data came last, and how long ago that is: "5 min", "now". */
	add_fact(rows, ROLE_NORMAL, _("Data"), _("up to date at %s (%s)"), when, age);
}

static void add_queue(
	const struct shop *shop, const struct console_queue *queue, struct document_rows *rows)
{
	char when[SHOP_WHEN_BYTES], age[32];
	int64_t age_ms = shop_now(shop) - queue->oldest_ms;

	shop_when(shop, queue->oldest_ms, when);
	shop_age(age_ms > 0 ? age_ms : 0, age, sizeof(age));
	if (queue->waiting + queue->sent > 0)
		add_fact(rows, ROLE_PENDING, _("To send"), _("%lld, the oldest of %s (%s)"),
			(long long)queue->waiting + queue->sent, when, age);
	else
		add_fact(rows, ROLE_OK, _("To send"), "%s", _("nothing"));
	add_count(rows, ROLE_PENDING, _("Of these sent"), queue->sent);
	add_count(rows, ROLE_PENDING, _("Applied, on its way"), queue->applied);
	add_count(rows, ROLE_ERROR, _("Refused"), queue->rejected);
	add_count(rows, ROLE_WARN, _("Parked"), queue->parked);
	add_count(rows, ROLE_NORMAL, _("Made here in all"), queue->all);
}

static void add_copy(
	const struct shop *shop, const struct console_line *line, struct document_rows *rows)
{
	struct console_progress copied;
	char how_far[200];

	if (line->is_whole_copy && console_progress(shop->console, &copied)) {
		shop_copy_words(&copied, how_far, sizeof(how_far));
		add_fact(rows, ROLE_PENDING, copied.is_first ? _("First copy") : _("New copy"),
			"%s", how_far);
	} else if (line->staged > 0) {
		add_fact(rows, ROLE_PENDING, _("Being fetched"), _("%lld rows so far"),
			(long long)line->staged);
	} else if (line->is_whole_copy) {
		add_fact(rows, ROLE_PENDING, _("Being fetched"), "%s",
			_("everything; what is here stays until it has come"));
	}
}

static void add_aside(const struct console_line *line, struct document_rows *rows)
{
	if (line->aside > 0)
		add_fact(rows, ROLE_WARN, _("Kept aside"),
			_("%lld rows of a newer HQ that this program cannot read: %s"),
			(long long)line->aside, line->aside_tables);
	else
		add_fact(rows, ROLE_NORMAL, _("Kept aside"), "%s", _("nothing"));
}

/* What is rare is shown only where it happened. */
static void add_odd(const struct console_line *line, struct document_rows *rows)
{
	if (line->odd[CONSOLE_ODD_VERDICTS] > 0)
		add_fact(rows, ROLE_WARN, _("Odd verdicts"),
			_("%lld ×: this program cannot place them"),
			(long long)line->odd[CONSOLE_ODD_VERDICTS]);
	if (line->odd[CONSOLE_ODD_SLOWED] > 0)
		add_fact(rows, ROLE_WARN, _("Asked less"),
			_("%lld ×: HQ answered often and nothing came of it"),
			(long long)line->odd[CONSOLE_ODD_SLOWED]);
	if (line->odd[CONSOLE_ODD_RESTARTS] > 0)
		add_fact(rows, ROLE_WARN, _("Begun anew"),
			_("%lld ×: nothing had moved for minutes"),
			(long long)line->odd[CONSOLE_ODD_RESTARTS]);
}

/* What went wrong last, once it is over; and who is to mend it. */
static void add_past(
	const struct shop *shop, const struct console_line *line, struct document_rows *rows)
{
	char when[SHOP_WHEN_BYTES];

	shop_when(shop, line->last_trouble_ms, when);
	if (line->last_trouble[0] && !line->trouble[0])
		/* TRANSLATORS: when, and what was wrong then. */
		add_fact(rows, ROLE_NORMAL, _("Last trouble"), _("%s: %s"), when,
			gettext(line->last_trouble));
	shop_when(shop, line->syncer_since_ms, when);
	if (line->syncer > 0)
		add_fact(rows, ROLE_NORMAL, _("Syncer"), _("process %lld, since %s"),
			(long long)line->syncer, when);
	else
		add_fact(rows, ROLE_WARN, _("Syncer"), "%s",
			_("none runs here; the next screen or countertop sync starts one"));
}

void sync_read_facts(const struct shop *shop, const struct console_line *line,
	const struct console_queue *queue, struct document_rows *rows)
{
	document_rows_clear(rows);
	add_line(shop, line, rows);
	add_next_try(shop, line, rows);
	add_odd(line, rows);
	add_age(shop, line, rows);
	add_copy(shop, line, rows);
	add_queue(shop, queue, rows);
	add_past(shop, line, rows);
	add_aside(line, rows);
	add_fact(rows, ROLE_NORMAL, _("HQ"), "%s", line->url);
	add_fact(rows, ROLE_NORMAL, _("Device"), "%s", line->device);
	add_fact(rows, ROLE_DIM, _("Epoch"), "%s", line->epoch);
	add_fact(rows, ROLE_DIM, _("Cursor"), "%s", line->cursor);
}

/* ------------------------------------------------------------------ feeds */

void sync_read_feeds(const struct shop *shop, struct document_rows *rows)
{
	static struct console_feed feeds[CONSOLE_FEEDS_MAX];
	int count = console_feeds(shop->console, feeds, CONSOLE_FEEDS_MAX);

	document_rows_clear(rows);
	for (int i = 0; i < count; i++) {
		struct sync_feed *row = document_rows_add(rows);

		if (!row)
			return;
		row->feed = feeds[i];
		document_rows_key(row->key, i, feeds[i].name);
	}
}

void sync_feed_words(const struct shop *shop, const char *feed, char *out, size_t size)
{
	static const char store[] = "store:", channel[] = "channel:";

	if (strcmp(feed, "catalogue") == 0)
		snprintf(out, size, "%s", _("products and stores"));
	else if (strcmp(feed, "tickets") == 0)
		snprintf(out, size, "%s", _("tickets for any store"));
	else if (strncmp(feed, store, sizeof(store) - 1) == 0)
		shop_store_name(shop, feed + sizeof(store) - 1, out, size);
	else if (strncmp(feed, channel, sizeof(channel) - 1) == 0)
		shop_channel_name(shop, feed + sizeof(channel) - 1, out, size);
	else
		snprintf(out, size, "%s", "");
}

/* ------------------------------------------------------------------ commands */

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static enum sync_verdict verdict_of(struct db_rows *box)
{
	const char *state = db_text(box, CONSOLE_BOX_STATE),
		   *status = db_text(box, CONSOLE_BOX_STATUS);

	if (state && strcmp(state, "withdrawn") == 0)
		return SYNC_WITHDRAWN;
	if (state && strcmp(state, "queued") == 0)
		return db_int(box, CONSOLE_BOX_SENT) ? SYNC_SENT : SYNC_WAITING;
	if (status && strcmp(status, "rejected") == 0)
		return SYNC_REJECTED;
	if (status && strcmp(status, "parked") == 0)
		return SYNC_PARKED;
	return state && strcmp(state, "answered") == 0 ? SYNC_APPLIED : SYNC_DONE;
}

static void read_command(struct sync_command *row, struct db_rows *box)
{
	row->n = db_int(box, CONSOLE_BOX_N);
	/* The newest comes first. */
	snprintf(row->key, sizeof(row->key), "%015lld", 999999999999999LL - (long long)row->n);
	row->verdict = verdict_of(box);
	copy(row->id, sizeof(row->id), db_text(box, CONSOLE_BOX_ID));
	copy(row->op, sizeof(row->op), db_text(box, CONSOLE_BOX_OP));
	copy(row->code, sizeof(row->code), db_text(box, CONSOLE_BOX_CODE));
	copy(row->actor, sizeof(row->actor), db_text(box, CONSOLE_BOX_ACTOR));
	shop_told(db_text(box, CONSOLE_BOX_MESSAGE) ? db_text(box, CONSOLE_BOX_MESSAGE) : "",
		row->message, sizeof(row->message));
	row->at_ms = db_int(box, CONSOLE_BOX_AT);
}

void sync_read_commands(const struct shop *shop, enum console_box kind, struct document_rows *rows)
{
	struct db_rows *box = console_box(shop->console, kind, 0, SYNC_COMMANDS_MAX);

	document_rows_clear(rows);
	while (db_next(box)) {
		struct sync_command *row;

		/* Of what was refused only the parked are listed by themselves. */
		if (kind == CONSOLE_REFUSED && verdict_of(box) != SYNC_PARKED)
			continue;
		row = document_rows_add(rows);
		if (!row)
			break;
		read_command(row, box);
	}
	db_done(box);
}

static const struct {
	const char *words;
	enum role role;
} verdicts[] = {
	[SYNC_WAITING] = {N_("not sent yet"), ROLE_PENDING},
	[SYNC_SENT] = {N_("sent, no answer yet"), ROLE_PENDING},
	[SYNC_APPLIED] = {N_("applied, on its way back"), ROLE_PENDING},
	[SYNC_DONE] = {N_("applied"), ROLE_OK},
	[SYNC_REJECTED] = {N_("refused"), ROLE_ERROR},
	[SYNC_PARKED] = {N_("HQ waits for the document"), ROLE_WARN},
	[SYNC_WITHDRAWN] = {N_("taken back here"), ROLE_DIM},
};

const char *sync_verdict_words(const struct sync_command *command)
{
	static char words[300];

	if (command->verdict == SYNC_REJECTED && command->code[0])
		snprintf(words, sizeof(words), _("%s: %s"), _("refused"),
			refusal_what(command->code));
	else
		snprintf(words, sizeof(words), "%s", gettext(verdicts[command->verdict].words));
	return words;
}

enum role sync_verdict_role(enum sync_verdict verdict)
{
	return verdicts[verdict].role;
}

/* ------------------------------------------------------------------ one command in full */

static void add_pair(struct text *out, const char *label, const char *value)
{
	char padded[COLS_LINE_BYTES];

	if (!value[0])
		return;
	cols_pad(padded, sizeof(padded), LABEL_COLS, label);
	text_addf(out, "%s %s\n", padded, value);
}

/* Nobody needs to see what a PIN was made into. */
static void hide_pin(cJSON *json)
{
	cJSON *data = cJSON_GetObjectItemCaseSensitive(json, "data");

	for (cJSON *item = data ? data->child : NULL; item; item = item->next)
		if (item->string && strncmp(item->string, "pin", 3) == 0 && cJSON_IsString(item))
			cJSON_SetValuestring(item, "");
}

/* The bytes as they went over the line, but for what the person has no right to. Consumes them. */
static void add_raw(const struct shop *shop, struct text *out, const char *title, char *bytes)
{
	bool hides = bytes && (strstr(bytes, "\"pin") || !shop_sees_codes(shop));
	cJSON *json = hides ? json_parse(bytes, strlen(bytes), NULL, 0) : NULL;
	char *shown = bytes;

	if (hides) {
		hide_pin(json);
		if (!shop_sees_codes(shop))
			personal_mask_json(json);
		shown = json ? cJSON_PrintUnformatted(json) : NULL;
	}
	if (shown)
		text_addf(out, "\n" DIALOG_PAGE_HEADING "%s\n%s\n", title, shown);
	if (hides)
		cJSON_free(shown);
	cJSON_Delete(json);
	free(bytes);
}

void sync_tell(const struct shop *shop, const struct sync_command *command, struct text *out)
{
	char value[SHOP_NAME_BYTES], n[32];

	text_addf(out, DIALOG_PAGE_HEADING "%s\n", sync_verdict_words(command));
	if (command->message[0])
		text_addf(out, "%s\n", command->message);
	if (command->verdict == SYNC_REJECTED)
		text_addf(out, "%s\n", refusal_way_out(command->code));
	text_add(out, "\n");
	shop_when_full(shop, command->at_ms, value);
	add_pair(out, _("When"), value);
	shop_staff_name(shop, command->actor, value, sizeof(value));
	add_pair(out, _("By"), value);
	snprintf(n, sizeof(n), "%lld", (long long)command->n);
	add_pair(out, _("Place"), n);
	add_pair(out, _("Id"), command->id);
	add_raw(shop, out, _("The line as it was sent"),
		db_get_text(shop->console->outbox, "SELECT line FROM command WHERE id = $1", "t",
			command->id));
	add_raw(shop, out, _("HQ's verdict"), console_verdict_of(shop->console, command->id));
}
