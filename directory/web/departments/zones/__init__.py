"""Zones, closures and programs as forms of a department."""
