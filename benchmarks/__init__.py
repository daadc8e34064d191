"""Ours against peers, in one run: `make bench` writes docs/benchmarks.md and docs/benchmarks.json."""
