"""Checks of the machine: its clock and rule tables, folders, disk and database."""
