noinst_LIBRARIES += libhq.a
bin_PROGRAMS += countertop-hq

# Everything but main.c.
hq_sources = \
	hq/answer.c hq/answer.h \
	hq/auth.c hq/auth.h \
	hq/changes.c hq/changes.h \
	hq/commands.c hq/commands.h \
	hq/core.h \
	hq/cursor.c hq/cursor.h \
	hq/demo.c hq/demo.h \
	hq/demo_data.c hq/demo_data.h \
	hq/demo_script.c \
	hq/feed.c hq/feed.h \
	hq/group.c hq/group.h \
	hq/handle.c hq/handle.h \
	hq/hq.c hq/hq.h \
	hq/http.c hq/http.h \
	hq/http_guests.c hq/http_guests.h \
	hq/http_listen.c hq/http_listen.h \
	hq/line.c \
	hq/lists.c hq/lists.h \
	hq/metrics.c hq/metrics.h \
	hq/names.c \
	hq/orders.c hq/orders.h \
	hq/parked.c \
	hq/query.c hq/query.h \
	hq/schema.c hq/schema.h \
	hq/verdict.c \
	$(none)

libhq_a_SOURCES = $(hq_sources)

countertop_hq_SOURCES = hq/main.c
countertop_hq_LDADD = $(hq_libs)
EXTRA_DIST += doc/hq-api.yaml doc/demo.md doc/web-shop.md
