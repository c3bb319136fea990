# A benchmark is one line here and one file: it measures Countertop and the bare limit in the same
# run and prints their ratio beside its budget.
bench_programs = \
	bench/bench_scan \
	$(none)

EXTRA_PROGRAMS = $(bench_programs)

.PHONY: bench
bench: $(bench_programs)
	@for program in $(bench_programs); do ./$$program || exit 1; done

bench_bench_scan_LDADD = $(model_libs)
