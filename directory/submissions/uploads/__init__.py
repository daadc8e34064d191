"""Spreadsheets sent in: read, corrected, and kept by their draft."""
