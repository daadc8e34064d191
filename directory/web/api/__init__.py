"""The directory for machines: OGC API Features, nearest, geocode, towns, and the contract that describes them."""
