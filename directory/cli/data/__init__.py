"""Commands about the directory's data: zones, domains, stations, gazetteer, maps, sources."""
