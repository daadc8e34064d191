"""Which submissions wait for a moderator, and the reasons."""
