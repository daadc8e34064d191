"""Posters for a zone: one layout, written as PDF or SVG."""
