"""A department's whole zone list from its own system: tokens to push it, addresses to read it, what becomes of it."""
