"""OGC API Features: collections, items, their schemas, queries and conformance."""
