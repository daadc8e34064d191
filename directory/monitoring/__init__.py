"""Metrics for Prometheus, and a check that the database takes writes."""
