"""Pages for signing in, and the permissions table."""
