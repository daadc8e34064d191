"""Judging rows: every field parsed, then the rules that need several fields."""
