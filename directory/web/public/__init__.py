"""Pages for visitors: search, zones, towns, feeds, downloads, problem reports."""
