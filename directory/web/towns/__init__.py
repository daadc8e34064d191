"""Pages for towns: profile, posters, statistics."""
