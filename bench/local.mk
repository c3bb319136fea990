# Ratio benchmarks; see design limits in each file.
