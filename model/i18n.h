/* Texts a person sees pass through gettext. N_() marks a text that stands in a table. */
#ifndef COUNTERTOP_MODEL_I18N_H
#define COUNTERTOP_MODEL_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text)

/* Sets the locale and the catalogue from LANGUAGE, LC_ALL, LC_MESSAGES and LANG. Call it once,
 * first thing in main(). */
void i18n_start(void);

#endif
