noinst_LIBRARIES += libtui.a
bin_PROGRAMS += countertop

# Everything but main.c, which alone joins tui and net.
tui_sources = \
	$(none)

libtui_a_SOURCES = $(tui_sources)

countertop_SOURCES = tui/main.c
countertop_LDADD = libtui.a $(net_libs) $(CURSES_LIBS)

EXTRA_DIST += keymaps/default.keys
