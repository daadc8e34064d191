"""Lengths of degrees, for points at known distances."""

METERS_A_DEGREE = 111_060
"""Of latitude, at 41 degrees north."""
