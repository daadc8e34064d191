"""Tables of what visitors read: zones, their datasets and programs, towns, and the counter of changes."""
