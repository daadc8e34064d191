"""Health checks, metrics, usage counts, and the guard against a full disk."""
