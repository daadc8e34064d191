"""The questions of the directory's own: nearest zones, zones between people, geocoding, towns."""
