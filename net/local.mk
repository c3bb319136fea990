noinst_LIBRARIES += libnet.a

net_sources = \
	net/enrol.c net/enrol.h \
	net/ndjson.c net/ndjson.h \
	net/poke.c net/poke.h \
	net/probe.c net/probe.h \
	net/run.c net/run.h \
	net/syncer.c net/syncer.h \
	net/syncer_hello.c \
	net/syncer_lane.c \
	net/syncer_far.c \
	net/syncer_parked.c net/syncer_parts.h \
	net/syncer_pull.c \
	net/syncer_push.c \
	net/transport.h \
	net/transport_curl.c net/transport_curl.h \
	net/trouble.c net/trouble.h \
	$(none)

libnet_a_SOURCES = $(net_sources)
