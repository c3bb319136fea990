/* Resident memory of a screen over a big store: the real program in a pseudo-terminal, signed in, every pane
 * looked at and products searched. The budget is 16 MB with 1,000,000 products (design, section 5). */
#include "bench/kit.h"
#include "bench/screen.h"

#include <stdio.h>

static void make_home(const char *home, int products)
{
	struct console console = {0};
	bench_console(&console, home, "http://127.0.0.1:1");
	bench_fill(&console, products);
	bench_screen_pin(&console);
	console_close(&console);
}

int main(void)
{
	static const char *const panes[] = {
		"\033OQ", "\033OR", "\033OS", "\033[15~", "\033[17~", "\033[18~", "\033[19~"};
	char home[BENCH_FOLDER_SIZE];
	struct bench_screen screen;
	int products = bench_size(1000000, 100000);
	bench_folder(home);
	make_home(home, products);
	bench_screen_open(&screen, home, 24, 80);
	for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
		bench_screen_type(&screen, panes[i]);
		bench_screen_type(&screen, "/green tea");
		bench_screen_type(&screen, "\r");
		bench_screen_type(&screen, "\033[6~\033[6~\033[6~\033[F");
		bench_screen_type(&screen, "\033");
	}
	double resident = bench_screen_mb(&screen, "VmRSS:"),
	       own = bench_screen_mb(&screen, "RssAnon:");
	printf("a screen over %d products: %.1f MB of its own, the rest are libraries and mapped files\n",
		products, own);
	bench_at_most("resident memory of a screen", resident, 16, " MB");
	bench_screen_close(&screen);
	bench_sweep(home);
	return 0;
}
