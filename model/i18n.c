#include "model/i18n.h"

#include <locale.h>

void i18n_start(void)
{
	setlocale(LC_ALL, "");
	bindtextdomain("countertop", LOCALEDIR);
	bind_textdomain_codeset("countertop", "UTF-8");
	textdomain("countertop");
}
