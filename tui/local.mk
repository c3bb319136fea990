noinst_LIBRARIES += libtui.a
bin_PROGRAMS += countertop

# Everything but main.c, which alone joins tui and net.
tui_sources = \
	tui/action.c tui/action.h \
	tui/app.c tui/app.h \
	tui/app_help.c \
	tui/app_input.c \
	tui/app_paint.c \
	tui/app_parts.h \
	tui/cli.c tui/cli.h \
	tui/cli_show.c \
	tui/cols.c tui/cols.h \
	tui/dialog.h \
	tui/draw.c tui/draw.h \
	tui/edit.c tui/edit.h \
	tui/field.c tui/field.h \
	tui/form.h \
	tui/key.c tui/key.h \
	tui/keymap.c tui/keymap.h \
	tui/layout.c tui/layout.h \
	tui/list.h \
	tui/nearest.c tui/nearest.h \
	tui/pane.h \
	tui/panes.h \
	tui/scan.c tui/scan.h \
	tui/screen.h \
	tui/shop.h \
	tui/source.h \
	tui/tabs.h \
	tui/term.c tui/term.h \
	$(none)

libtui_a_SOURCES = $(tui_sources)

countertop_SOURCES = tui/main.c
countertop_LDADD = libtui.a $(net_libs) $(CURSES_LIBS)

EXTRA_DIST += keymaps/default.keys
