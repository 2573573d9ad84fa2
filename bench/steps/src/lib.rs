//! Nothing but the benchmarks beside it: `make bench-steps`.
