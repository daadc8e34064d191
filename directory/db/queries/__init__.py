"""Queries for everything but zones, one module a subject."""
