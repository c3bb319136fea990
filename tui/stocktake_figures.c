#include "tui/stocktake_figures.h"

#include <stdio.h>
#include <string.h>

#include "model/stocktake.h"

#define REST 20 /* of the time, all but this part is left to others */

static int slot_of(const struct stocktake_figures *self, const char *id)
{
	for (int i = 0; i < self->count; i++)
		if (strcmp(self->slots[i].id, id) == 0)
			return i;
	return -1;
}

/* Only a change of its status can change what is counted on it. */
static bool is_done(const char *status)
{
	return strcmp(status, stocktake_words[STOCKTAKE_MATCHED]) == 0 ||
		strcmp(status, stocktake_words[STOCKTAKE_CORRECTED]) == 0 ||
		strcmp(status, stocktake_words[STOCKTAKE_VOID]) == 0;
}

void stocktake_figures_want(struct stocktake_figures *self, const char *id, const char *status)
{
	int at = slot_of(self, id);
	struct sheet_figures *slot;

	if (at < 0) {
		at = self->count < LIST_ROWS_MAX ? self->count++ : self->next++ % LIST_ROWS_MAX;
		self->slots[at] = (struct sheet_figures){.is_read = false};
		snprintf(self->slots[at].id, sizeof(self->slots[at].id), "%s", id);
	}
	slot = &self->slots[at];
	if (strcmp(slot->status, status) != 0)
		slot->is_stale = true;
	snprintf(slot->status, sizeof(slot->status), "%s", status);
}

const struct stocktake_progress *stocktake_figures_of(
	const struct stocktake_figures *self, const char *id)
{
	int at = slot_of(self, id);

	return at >= 0 && self->slots[at].is_read ? &self->slots[at].progress : NULL;
}

void stocktake_figures_changed(struct stocktake_figures *self)
{
	for (int i = 0; i < self->count; i++)
		if (!is_done(self->slots[i].status))
			self->slots[i].is_stale = true;
}

/* What was never read comes first. */
static int slot_due(const struct stocktake_figures *self)
{
	int stale = -1;

	for (int i = 0; i < self->count; i++) {
		if (!self->slots[i].is_read)
			return i;
		if (self->slots[i].is_stale && stale < 0)
			stale = i;
	}
	return stale;
}

int64_t stocktake_figures_due_ms(const struct stocktake_figures *self)
{
	int at = slot_due(self);
	int64_t now_ms = app_now_ms();

	if (at < 0)
		return -1;
	return self->slots[at].is_read && self->stale_from_ms > now_ms ? self->stale_from_ms
								       : now_ms;
}

void stocktake_figures_read(struct stocktake_figures *self)
{
	int at = slot_due(self);
	struct db *cache = shop_db(self->shop);
	int64_t from_ms = app_now_ms();
	struct sheet_figures *slot;

	if (at < 0)
		return;
	slot = &self->slots[at];
	slot->is_read = true;
	slot->is_stale = false;
	if (!cache || !stocktake_progress(cache, slot->id, &slot->progress))
		slot->progress = (struct stocktake_progress){.hidden = true};
	self->stale_from_ms = app_now_ms() + (app_now_ms() - from_ms) * REST;
}
