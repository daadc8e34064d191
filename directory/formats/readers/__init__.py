"""Readers of the formats: each yields the rows of a file one at a time, with bounded memory."""
