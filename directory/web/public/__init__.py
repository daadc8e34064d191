"""Pages for visitors: search, zones, towns, maps, feeds, downloads, problem reports."""
