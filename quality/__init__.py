"""Measures every promise of the directory: `python -m quality`, or `make quality`."""
