"""From a text to a place: positions, offline gazetteer, stored results, online providers."""
