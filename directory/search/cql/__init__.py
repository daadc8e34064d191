"""Filters in CQL2 (OGC 21-065r2), as text or JSON: read within limits, and evaluated over columns of values."""
