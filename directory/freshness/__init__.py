"""Keeping entries fresh: reminders, confirmations, invitations of departments, and how fresh the directory is.

When an entry is old or fades is decided in `zones/freshness.py`.
"""
