"""Zones in the database: importing, writing, loading, auditing, personal data, retention."""
