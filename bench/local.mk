# A benchmark is one line here and one file: it measures Countertop and the bare limit in the same
# run and prints their ratio beside its budget. BENCH_FULL=1 makes it as big as the budget says.
bench_programs = \
	bench/bench_scan \
	bench/bench_seats \
	bench/bench_first_sync \
	bench/bench_delta \
	bench/bench_search \
	bench/bench_documents \
	bench/bench_replay \
	bench/bench_reports \
	bench/bench_memory \
	bench/bench_stocktake \
	bench/bench_salable \
	bench/bench_hq \
	$(none)

EXTRA_PROGRAMS = $(bench_programs)
EXTRA_LIBRARIES = libbenchkit.a
libbenchkit_a_SOURCES = bench/kit.c bench/kit.h bench/screen.c bench/screen.h

.PHONY: bench
bench: $(bench_programs) countertop
	@for program in $(bench_programs); do ./$$program || exit 1; done

bench_bench_scan_LDADD = libbenchkit.a $(model_libs)
bench_bench_seats_LDADD = libbenchkit.a $(model_libs)
bench_bench_first_sync_LDADD = libbenchkit.a $(net_libs) $(MHD_LIBS)
bench_bench_search_LDADD = libbenchkit.a $(model_libs)
bench_bench_documents_LDADD = libbenchkit.a $(model_libs)
bench_bench_reports_LDADD = libbenchkit.a $(model_libs)
bench_bench_replay_LDADD = libbenchkit.a $(model_libs)
bench_bench_delta_LDADD = libbenchkit.a libnet.a libhq.a $(model_libs) $(CURL_LIBS) $(MHD_LIBS)
bench_bench_memory_LDADD = libbenchkit.a $(model_libs)
bench_bench_stocktake_LDADD = libbenchkit.a $(model_libs)
bench_bench_salable_LDADD = libbenchkit.a $(model_libs)
bench_bench_hq_SOURCES = bench/bench_hq.c bench/bare_hq.c bench/bare_hq.h
bench_bench_hq_LDADD = libbenchkit.a libhq.a $(model_libs) $(MHD_LIBS)
