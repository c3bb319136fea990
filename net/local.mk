noinst_LIBRARIES += libnet.a

net_sources = \
	$(none)

libnet_a_SOURCES = $(net_sources)
