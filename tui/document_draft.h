/*
 * What is being counted or keyed in and was not sent yet: HOME/drafts.db.
 *
 * Every scan is an entry on the disk before the screen shows it, so a hang-up, a crash or a power
 * cut loses none. An entry holds changes, not results: the count of a SKU is the sum of its
 * entries, undoing one takes it out, and several people may count into one draft at once.
 *
 * Sending is once only (states of column `sending`):
 *
 *     0 ──document_draft_send──> last entry ──the outbox has the command──> entries gone, 0
 *                                    └──────it has not (crash before it)──> 0, all entries kept
 *
 * document_draft_open settles a sending that was cut short by looking for the command's data in the
 * outbox. Quantities are thousandths.
 */
#ifndef COUNTERTOP_TUI_DOCUMENT_DRAFT_H
#define COUNTERTOP_TUI_DOCUMENT_DRAFT_H

#include "model/command.h"
#include "model/console.h"

#define DRAFT_NAME_BYTES 200
#define DRAFT_ERROR_BYTES 256

struct document_draft {
	struct db *db;
	char name[DRAFT_NAME_BYTES];
	int64_t sending;  /* the last entry that is on its way */
	int64_t seen;     /* the file's data version at the last reading */
	bool was_damaged; /* the file could not be read and was set aside as drafts.db.damaged */
	char error[DRAFT_ERROR_BYTES];
};

struct draft_entry {
	int64_t id;
	char sku[COMMAND_ID_MAX + 1];
	int64_t qty_milli;     /* the change */
	int64_t damaged_milli; /* the change */
	char actor[COMMAND_ID_MAX + 1];
	int64_t at_ms;
	int64_t batch; /* above 0: made by document_draft_fill with others, and undone with them */
	size_t lines;  /* of the tape: how many lines of such a batch are in it; else 1 */
};

/* All functions: false if the disk would not take or give it; draft->error says why. */

/* name: what the draft is of, such as "receive:<movement>". Settles an interrupted sending. */
bool document_draft_open(struct document_draft *draft, struct console *console, const char *name);
void document_draft_close(struct document_draft *draft);

/* Adds to the SKU's count, on the disk when it returns. The count does not go below zero and the
 * damaged part not above the count: *entry says afterwards what was changed, and its id. */
bool document_draft_add(struct document_draft *draft, struct draft_entry *entry);
/* Sets count and damaged part of a SKU; the entry's quantities are the new values on the way in. */
bool document_draft_set(struct document_draft *draft, struct draft_entry *entry);
/* Counts lines up to the quantities of `entries`, all at once or none; damaged parts stay. Those that have
 * as much already are left alone. The entries say afterwards what was changed. */
bool document_draft_fill(struct document_draft *draft, struct draft_entry *entries, size_t count);
/* The last entry of a person, or of anybody ("" as the actor); its id is 0 if there is none. */
bool document_draft_last(struct document_draft *draft, const char *actor, struct draft_entry *last);
/* Takes back an entry that document_draft_last told, or all that were filled together with it; *undone has id
 * 0 if it is gone already, and else their sums. Refused where somebody counted down from it since. */
bool document_draft_undo(
	struct document_draft *draft, const struct draft_entry *entry, struct draft_entry *undone);
/* Forgets all of it, head included. */
bool document_draft_discard(struct document_draft *draft);

/* Calls take once a SKU with its sums, in the order they were first entered; entry->id is its last. */
bool document_draft_sums(struct document_draft *draft,
	void (*take)(void *ctx, const struct draft_entry *sum), void *ctx);
/* The last entries, newest first; how many. What was filled together is one of them, with the sums. */
size_t document_draft_tape(struct document_draft *draft, struct draft_entry *out, size_t max);
bool document_draft_is_empty(struct document_draft *draft);
/* How much stands in a draft that is not open; 0 if there is none. Makes no file. */
int64_t document_draft_pieces(struct console *console, const char *name);

/* What is kept in drafts of these kinds, such as "receive"; the list ends in NULL. At most `max`; how many.
 * Makes no file. */
struct draft_kept {
	char id[COMMAND_ID_MAX + 1]; /* what it is a draft of */
	int64_t milli;
};
size_t document_draft_kept(
	struct console *console, const char *const *kinds, struct draft_kept *out, size_t max);

/* What belongs to no line (destination, date, note): a text of the owner's, "" at first. The
 * caller frees it; NULL on an error. */
char *document_draft_head(struct document_draft *draft);
bool document_draft_set_head(struct document_draft *draft, const char *head);

/* True if someone else changed the file since it was last asked. */
bool document_draft_changed(struct document_draft *draft);

/* Before and after the command that takes up all entries up to `last_id`. Sending is refused if the
 * last entry is gone, a later one says less, or someone else is sending: what was asked about is no longer
 * there. */
bool document_draft_send(struct document_draft *draft, struct console *console, const char *op,
	const cJSON *data, int64_t last_id);
bool document_draft_sent(struct document_draft *draft, bool is_saved);

#endif
