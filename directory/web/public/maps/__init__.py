"""Data and pictures of the maps."""
