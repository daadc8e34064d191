"""Matches a text against the offline gazetteer and the directory's own names."""
