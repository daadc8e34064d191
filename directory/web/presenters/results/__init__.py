"""Lists of places: results of a search, and places of a town or state."""
