"""Posters for a station's door: laid out once, written as PDF or SVG."""
