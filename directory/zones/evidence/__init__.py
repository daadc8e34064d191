"""Which source says each fact, what its word is worth, and how sure the directory is."""
