/* What may be the matter with a line of a sheet. */
#include "tui/sheet.h"

#include "model/i18n.h"

const struct sheet_flag sheet_flags[SHEET_FLAGS] = {
	[SHEET_FLAG_UNKNOWN] = {"unknown", N_("unknown"),
		N_("In no catalogue: it stays out of the correction.")},
	[SHEET_FLAG_DISPUTED] = {"disputed", N_("disputed"),
		N_("The countings of a zone do not agree on it: count the zone once more.")},
	[SHEET_FLAG_SUGGESTED] = {"suggest", N_("recount?"),
		N_("A late posting, a stray scan or a second counter: recount suggested.")},
	[SHEET_FLAG_EXTRA] = {"extra", N_("extra"), N_("Not in the scope of this sheet.")},
	[SHEET_FLAG_MOVED] = {"moved", N_("book moved"),
		N_("The book moved between the first and the last count.")},
	[SHEET_FLAG_LATER] = {"later", N_("later"),
		N_("Another sheet counted it later: the correction leaves it out unless it is picked.")},
	[SHEET_FLAG_RECOUNT] = {"recount", N_("recount"), N_("To be counted again in this round.")},
	[SHEET_FLAG_ZEROED] = {"zeroed", N_("zeroed"),
		N_("Not counted: the rest was counted as zero.")},
};

static bool is_recount(const struct sheet_flag *flag)
{
	return flag == &sheet_flags[SHEET_FLAG_RECOUNT];
}

/* A line that was counted again in this round is not waiting any more. */
static bool is_recounted(const struct sheet_pane *self, const struct source_row *row)
{
	if (sheet_is_double_blind(self))
		return row->extras[SHEET_AGAIN_ANY] != 0;
	return source_int(&self->lines, row, "round") ==
		source_int(&self->head, &self->row, "round");
}

const char *sheet_flag_label(
	const struct sheet_pane *self, const struct source_row *row, const struct sheet_flag *flag)
{
	if (!source_int(&self->lines, row, flag->column))
		return NULL;
	return is_recount(flag) && is_recounted(self, row) ? _("recounted") : gettext(flag->label);
}

const char *sheet_flag_about(
	const struct sheet_pane *self, const struct source_row *row, const struct sheet_flag *flag)
{
	return is_recount(flag) && is_recounted(self, row) ? _("Counted again in this round.")
							   : gettext(flag->about);
}
