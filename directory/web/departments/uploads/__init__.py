"""Spreadsheets that departments and umbrella senders send, and their corrections."""
