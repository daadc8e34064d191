"""Translation of every visible text."""
