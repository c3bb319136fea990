noinst_LIBRARIES += libtui.a
bin_PROGRAMS += countertop

# Everything but main.c, which alone joins tui and net.
tui_sources = \
	tui/cli.c tui/cli.h \
	tui/cli_show.c \
	tui/nearest.c tui/nearest.h \
	$(none)

libtui_a_SOURCES = $(tui_sources)

countertop_SOURCES = tui/main.c
countertop_LDADD = libtui.a $(net_libs) $(CURSES_LIBS)

EXTRA_DIST += keymaps/default.keys
