/*
 * Looks for what does not belong on a Chinese screen, and for columns that do not stand where they
 * should.
 */
#ifndef COUNTERTOP_TESTS_E2E_WORDS_H
#define COUNTERTOP_TESTS_E2E_WORDS_H

#include "tests/e2e_kit.h"

/* Reads the texts of the home's data: names, notes, reasons. They may be in any language. */
void words_learn(const struct e2e_home *home);

/*
 * Fails, and shows the screen, if a word of two or more Latin letters is on it which is neither the
 * name of a key, nor one of the few words that stay as they are, nor part of the data.
 */
void words_expect_chinese(struct screen *screen, const char *where);

/* Fails if a double-width character lost a half or a frame is not straight. */
void words_expect_aligned(struct screen *screen, const char *where);

#endif
