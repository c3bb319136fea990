noinst_LIBRARIES += libhq.a
bin_PROGRAMS += countertop-hq

# Everything but main.c.
hq_sources = \
	$(none)

libhq_a_SOURCES = $(hq_sources)

countertop_hq_SOURCES = hq/main.c
countertop_hq_LDADD = $(hq_libs)
