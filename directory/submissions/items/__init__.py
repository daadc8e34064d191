"""Proposed changes of one zone."""
