/*
 * Two redemptions of one dossier beside each other, fact by fact, and below them what became of it. Where it is too
 * narrow or too low for that they stand one above the other, each in a few lines, on a page that scrolls.
 */
#ifndef COUNTERTOP_TUI_DOSSIER_PAGE_H
#define COUNTERTOP_TUI_DOSSIER_PAGE_H

#include "tui/dossier.h"
#include "tui/ticket_page.h"

#define DOSSIER_FACTS_MAX 12
#define DOSSIER_TEXT_BYTES 320
#define DOSSIER_SIDES 2

struct dossier_fact {
	char label[TICKET_LABEL_BYTES];
	char texts[DOSSIER_SIDES][DOSSIER_TEXT_BYTES];
	enum role roles[DOSSIER_SIDES];
	bool is_worth[DOSSIER_SIDES]; /* saying it where there is little room */
};

struct dossier_page {
	struct dossier_fact facts[DOSSIER_FACTS_MAX];
	int fact_count;
	char heads[DOSSIER_SIDES][DOSSIER_TEXT_BYTES];
	bool is_side_by_side;
	int label_cols;
	int value_cols;
	struct ticket_page text; /* what became of it; one above the other the redemptions too */
};

/* Reads names: call it in recalc. pair: indexes of uses, -1 where there is none. */
void dossier_page_fill(struct dossier_page *page, const struct shop *shop,
	const struct dossier *dossier, const int pair[DOSSIER_SIDES]);
/* Chooses how it stands in an area of this size. */
void dossier_page_fit(struct dossier_page *page, const struct shop *shop,
	const struct dossier *dossier, const struct rect *area);
void dossier_page_repaint(struct dossier_page *page, const struct rect *area);

#endif
