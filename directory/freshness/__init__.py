"""Keeping entries fresh: reminders, confirmations, invitations of departments, and how fresh the directory is."""
