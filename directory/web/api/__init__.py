"""The API: OGC API Features, nearest, geocode, towns, and its OpenAPI document."""
