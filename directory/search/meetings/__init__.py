"""The search between two to five places."""
