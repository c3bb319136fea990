/* Texts a person sees pass through gettext. N_() marks a text that stands in a table and is
 * looked up where it is shown.
 *
 * The language is the person's choice by LANGUAGE, or else LC_ALL, LC_MESSAGES or LANG, as
 * everywhere. No locale needs to be installed for it: see i18n_start(). */
#ifndef COUNTERTOP_MODEL_I18N_H
#define COUNTERTOP_MODEL_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text)

/* Call it once, first thing in main(): it may change the environment. Afterwards multibyte
 * strings are UTF-8, texts come in the person's language where there is a catalogue, and numbers
 * and dates are written as in the C locale. The catalogue is looked for in $TEXTDOMAINDIR if that
 * is set, then in the build tree the program stands in, then where it was installed. */
void i18n_start(void);

#endif
