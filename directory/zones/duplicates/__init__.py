"""Probable duplicates: the same street, town, department or zone, written otherwise."""
