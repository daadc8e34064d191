"""Importing a file into the directory."""
